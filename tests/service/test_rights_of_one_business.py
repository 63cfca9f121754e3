"""Whoever may see nothing of a business sees nothing of it: on no page, in no file, in no figure."""

from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from report_world import sold, taken
from service_world import NOW, add_member, client_of, first_business, make_business, make_workspace

from dojang.service.accounts.models import User
from dojang.service.audit import chain
from dojang.service.audit.actor import Actor
from dojang.service.notices.models import OutgoingMail
from dojang.service.records.models import RecordEvent
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db
HIDDEN, AMOUNT, DAY = "숨은회사", 7_654_321, "2026-11-02"
_ELSEWHERE = "sign_"
"""Pages that sign need keys; `test_signing_page` has them."""


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def hidden(workspace):
    """A business with a sale, a purchase, their mails and histories, all of which have a word in them."""
    with in_workspace(workspace.pk):
        business, owner = first_business(workspace), User.objects.get()
        invoice = sold(business, DAY, AMOUNT, buyer_name=HIDDEN, search=HIDDEN)
        record = taken(business, DAY, AMOUNT, party_name=HIDDEN, search=HIDDEN)
        for kind, about in (("invoice_issued", {"invoice": invoice}), ("correction_asked", {})):
            OutgoingMail.objects.create(
                workspace=workspace, kind=kind, key="1", to="a@b.example", subject=HIDDEN, state="bounced",
                attempts=1, created_at=timezone.now(), facts={"record": record.pk}, **about,
            )  # fmt: skip
        RecordEvent.objects.create(
            workspace=workspace, record=record, action="decided", data={"note": ["", HIDDEN]}, at=NOW
        )
        event = chain.NewEvent(invoice.pk, "mail", "accepted", "accepted", {"to": HIDDEN})
        chain.record([event], actor=Actor("user", owner.pk, "192.0.2.7"), at=NOW)
    return business, {"business_id": business.pk, "invoice_id": invoice.pk, "record_id": record.pk}


def pages(patterns=None, before=""):
    """Every address under a workspace."""
    for one in patterns or get_resolver().url_patterns:
        written = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from pages(one.url_patterns, written)
        elif written.startswith("w/<") and not one.name.startswith(_ELSEWHERE):
            yield one


def address(one, workspace, ids) -> str:
    usual = {"IntConverter": 1, "UUIDConverter": "00000000-0000-4000-8000-000000000000"}
    parts = {
        name: ids.get(name, usual.get(type(converter).__name__, "sales"))
        for name, converter in one.pattern.converters.items()
    }
    return reverse(one.name, kwargs={"workspace": workspace.slug, **parts})


def text_of(answer) -> str:
    """What an answer says, unpacked where it is a workbook."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if is_zipfile(BytesIO(data)):
        with ZipFile(BytesIO(data)) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
    return data.decode("utf-8", "replace")


def shown(browser, workspace, business, ids) -> list[str]:
    """The names of addresses whose answers have to do with the hidden business."""
    found = []
    for one in pages():
        answer = browser.get(address(one, workspace, ids), {"business": business.pk})
        text = text_of(answer)
        if any(word in text for word in (HIDDEN, str(AMOUNT), f"{AMOUNT:,}")):
            found.append(one.name)
    return found


@pytest.mark.parametrize(("role", "elsewhere"), [("none", "issuer"), ("admin", "admin")])
def test_nothing_of_a_business_is_shown_to_who_may_not_see_it(workspace, hidden, role, elsewhere):
    business, ids = hidden
    other = make_business(workspace, name="보이는회사")
    member = add_member(workspace, role, business_roles={business: "none", other: elsewhere})
    browser = client_of(User.objects.get(pk=member.user_id))
    assert shown(browser, workspace, business, ids) == []
    answer = browser.post(f"/w/{workspace.slug}/invoices/pdf/", {"invoice": [ids["invoice_id"]]})
    assert "nothing_on_paper" in answer.content.decode()


def test_its_owner_is_shown_it_on_many_pages(workspace, hidden):
    owner = client_of(User.objects.get(email=workspace_owner(workspace)))
    assert len(shown(owner, workspace, *hidden)) > 10


def workspace_owner(workspace) -> str:
    with in_workspace(workspace.pk):
        return User.objects.order_by("pk")[0].email
