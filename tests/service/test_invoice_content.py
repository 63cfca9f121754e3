"""What a draft may hold: anything that PostgreSQL can keep, and nothing that would end in a fault."""

import json
from uuid import uuid4

import pytest
from service_world import NOW, acting, first_business, make_workspace, member_client
from signing_world import content

from dojang.service.invoices import drafts
from dojang.service.invoices.content import NoJson
from dojang.service.invoices.models import Invoice
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


def create(workspace, **values):
    with in_workspace(workspace.pk):
        return drafts.create(
            member=acting(workspace), business=first_business(workspace), given=content(**values), now=NOW
        )


@pytest.mark.parametrize(
    "remark", [float("nan"), float("inf"), "a\0b", "\\\0", "\ud800", {"key\0": 1}, {1, 2}]
)
def test_what_postgresql_cannot_keep_is_refused(remark):
    workspace = make_workspace()
    with pytest.raises(NoJson):
        create(workspace, remarks=[remark])
    with in_workspace(workspace.pk):
        assert not Invoice.objects.exists()


def test_a_text_that_only_looks_like_an_escaped_nul_is_kept():
    workspace = make_workspace()
    made = create(workspace, remarks=["\\u0000", "\\\\u0000"])
    with in_workspace(workspace.pk):
        assert Invoice.objects.get(pk=made.pk).content["remarks"] == ["\\u0000", "\\\\u0000"]


def test_a_number_too_large_for_a_float_is_a_bad_request():
    workspace = make_workspace()
    names = {"business": first_business(workspace).pk, "key": str(uuid4()), "save": str(uuid4())}
    body = json.dumps(names | {"content": "HERE"}).replace('"HERE"', '{"items": [{"supply_amount": 1e400}]}')
    response = member_client(workspace).post(
        f"/w/{workspace.slug}/invoices/drafts/",
        body,
        "application/json",
        headers={"accept": "application/json"},
    )
    assert (response.status_code, response.json()["code"]) == (400, "content_not_storable")
