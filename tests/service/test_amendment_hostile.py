"""Crafted requests of those who want an amendment that the questions would not lead to."""

import pytest
from amendment_world import Seller, item, seller
from service_world import NOW, add_member, client_of, first_business, make_business
from test_amendment_services import UNDONE

from dojang.etax.amendments.suggest import SuggestError
from dojang.service.accounts.models import User
from dojang.service.amendments import keeping, services
from dojang.service.amendments.models import Amendment, AmendmentState
from dojang.service.invoices.models import Invoice
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(monkeypatch) -> Seller:
    return seller(monkeypatch)


def page(company, *parts):
    return "/".join(["", "w", company.workspace.slug, "amendments", *map(str, parts), ""])


def test_others_of_a_contract_are_those_of_the_same_buyer_and_contract_each_once(company):
    first, second = (
        company.sold(reference_id="K-2026-7", items=[item(amount)]) for amount in (500_000, 700_000)
    )
    stranger = company.sold(reference_id="K-2026-9", items=[item(900_000)])
    amendment = company.begin(first)
    for given in ([stranger.issue_id], [first.issue_id], [second.issue_id, stranger.issue_id], ["0" * 24]):
        try:
            step = company.walk(amendment, "contract_undone", UNDONE | {"undone_others": given})
        except SuggestError:
            continue
        assert {one.deal.key for one in step.planned} <= {first.issue_id, second.issue_id}, given
        assert len(step.planned) <= 2
    step = None
    try:
        step = company.walk(
            amendment, "contract_undone", UNDONE | {"undone_others": [second.issue_id, second.issue_id]}
        )
    except SuggestError:
        return
    keys = [one.deal.key for one in step.planned]
    assert len(keys) == len(set(keys))


def test_crafted_answers_with_an_event_change_no_more_than_answering_does(company):
    sold = company.sold()
    browser = client_of(User.objects.get(pk=company.member.user_id))
    amendment = company.begin(sold)
    for name, value in (
        ("with-__class__", "x"),
        ("with-undone_others", sold.issue_id),
        ("with-undone_on", "9999-12-31"),
        ("with-nothing_of_the_kind", "\x00"),
        ("with-cross_filed", "x" * 10_000),
    ):
        answer = browser.post(page(company, amendment.pk), {"event": "contract_undone", name: value})
        assert answer.status_code < 500, name
    assert browser.get(page(company, amendment.pk)).status_code == 200
    for event in ("", "no_event", "../../x", "close"):
        assert browser.post(page(company, amendment.pk), {"event": event}).status_code < 500
    with in_workspace(company.workspace.pk):
        assert Amendment.objects.get(pk=amendment.pk).state == AmendmentState.ASKING
        assert Invoice.objects.count() == 1


@pytest.mark.parametrize("seen", ["", "0" * 64, "\ud83d", "x" * 5000])
def test_nothing_is_made_of_what_was_not_shown(company, seen):
    sold = company.sold()
    step = company.walk(company.begin(sold), "contract_undone", UNDONE)
    browser = client_of(User.objects.get(pk=company.member.user_id))
    sent = {"confirmed": [str(one) for one in range(10)], "seen": seen.encode("utf-8", "replace").decode()}
    answer = browser.post(page(company, step.amendment.pk, "prepare"), sent)
    assert answer.status_code == 409
    with in_workspace(company.workspace.pk):
        assert Invoice.objects.count() == 1


def test_who_may_not_see_the_business_does_nothing_with_its_amendment(company):
    sold = company.sold()
    step = company.walk(company.begin(sold), "contract_undone", UNDONE)
    other = make_business(company.workspace, name="보이는회사")
    roles = {first_business(company.workspace): "none", other: "admin"}
    stranger = add_member(company.workspace, "admin", business_roles=roles)
    browser = client_of(User.objects.get(pk=stranger.user_id))
    sent = {"event": "goods_returned", "seen": step.seen, "confirmed": ["0", "1", "2", "3"]}
    for path in ((), ("prepare",), ("withdraw",), ("reopen",), ("reissue",)):
        assert browser.post(page(company, step.amendment.pk, *path), sent).status_code in {403, 404}, path
    assert browser.post(page(company, "of", "invoice", sold.pk), sent).status_code in {403, 404}
    with in_workspace(company.workspace.pk):
        row = Amendment.objects.get()
        assert (row.event, row.state) == ("contract_undone", AmendmentState.ASKING)
        for call in (services.withdraw, services.reopen, services.reissue):
            with pytest.raises(Exception) as refused:
                call(member=stranger, amendment_id=row.pk, now=NOW)
            assert type(refused.value).__name__ in {"PermissionDenied", "DoesNotExist"}


@pytest.mark.parametrize(
    "text",
    [
        "900101-1234567",
        "900101 1234567",
        "구매자 900101-1234567",
        "(9001011234567)",
        "주민번호: 900101 - 1234567.",
    ],
)
def test_a_number_of_a_person_within_a_text_is_kept_apart_too(text):
    assert keeping.names_a_person({"remark": ["", text]})


@pytest.mark.parametrize(
    "text", ["2026-11-20", "1234567890", "99980-00015 1", "2026112041000000abcdef12", "K-2026-7"]
)
def test_other_numbers_are_none_of_persons(text):
    assert not keeping.names_a_person(text)
