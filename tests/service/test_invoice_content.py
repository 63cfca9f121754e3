"""What a draft may hold: anything that PostgreSQL can keep, and nothing that would end in a fault."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from service_world import NOW, acting, first_business, make_workspace, member_client
from signing_world import content

from dojang.etax.identifiers import FOREIGNER_NUMBER
from dojang.service.invoices import drafts
from dojang.service.invoices.content import NoJson, personal_number, whole
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


@pytest.mark.parametrize("kind", ["business", "", None, "individual"])
@pytest.mark.parametrize("typed", ["900101-1234567", " 9001011234567 "])
def test_a_resident_number_is_kept_apart_whatever_the_buyer_is_said_to_be(kind, typed):
    workspace = make_workspace()
    made = create(workspace, buyer={"kind": kind, "number": typed, "name": "김개인"})
    with in_workspace(workspace.pk), connection.cursor() as cursor:
        cursor.execute("SELECT i::text FROM invoices_invoice i WHERE id = %s", [made.pk])
        [(row,)] = cursor.fetchall()
        kept = Invoice.objects.get(pk=made.pk)
        assert "900101" not in row
        assert personal_number(kept) == "9001011234567"
        assert whole(kept)["buyer"]["number"] == "9001011234567"


def test_the_number_that_stands_for_every_foreigner_is_nobodys():
    workspace = make_workspace()
    made = create(
        workspace, buyer={"kind": "foreigner", "number": FOREIGNER_NUMBER, "name": "Jo"}, remarks=["M1"]
    )
    assert made.content["buyer"]["number"] == FOREIGNER_NUMBER
    assert personal_number(made) == "M1"


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
