"""The menu: which page of it one is on."""

import re

import pytest
from service_world import make_workspace, member_client

pytestmark = pytest.mark.django_db
CURRENT = re.compile(r'<a href="([^"]+)" aria-current="page">')


@pytest.mark.parametrize(
    ("page", "entry"),
    [
        ("", ""),
        ("invoices/", "invoices/"),
        ("counterparties/add/", "counterparties/"),
        ("export/", "settings/workspace/"),
    ],
)
def test_the_menu_marks_where_one_is(page, entry):
    workspace = make_workspace()
    answer = member_client(workspace, "owner").get(f"/w/{workspace.slug}/{page}")
    assert answer.status_code == 200
    assert set(CURRENT.findall(answer.content.decode())) == {f"/w/{workspace.slug}/{entry}"}


def test_a_page_that_belongs_to_none_is_not_the_home_page():
    workspace = make_workspace()
    answer = member_client(workspace, "owner").get(f"/w/{workspace.slug}/nothing-of-that-name/")
    assert answer.status_code == 404
    assert CURRENT.findall(answer.content.decode()) == []
