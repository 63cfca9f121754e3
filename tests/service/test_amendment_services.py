"""Amending as a member does it: asked, answered, prepared, signed, given up, and what is refused on the way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from amendment_world import NOW, THEN, Seller, item, seller
from record_world import accept
from service_world import add_member
from signing_world import content as content_of
from signing_world import make_ready, order

from dojang.etax.amendments.suggest import EventNotOffered, UnknownChoice, WrongAnswer
from dojang.service.amendments import keeping, services
from dojang.service.amendments.chains import deal_of
from dojang.service.amendments.errors import (
    AlreadyIssued,
    AmendmentWithdrawn,
    BelongsToAmendment,
    ChainChanged,
    ChainRefused,
    NeverIssued,
    NotAsking,
    NotConfirmed,
    NothingToMend,
    NotOnTheWay,
    NotPlanned,
    NotTheRest,
    OneDealAtATime,
    ShownMeanwhileChanged,
    WithoutAmendment,
)
from dojang.service.amendments.guard import AmendmentGuard
from dojang.service.amendments.halves import half_of, halves, needs_mending
from dojang.service.amendments.models import Amendment, AmendmentDocument, AmendmentState
from dojang.service.amendments.steps import step_of
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices import drafts, lateness, transmitting
from dojang.service.invoices.content import NoJson, TooLarge
from dojang.service.invoices.errors import TogetherOrNotAtAll
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.notices import stuck
from dojang.service.reverse.models import IncomingReverse
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db

RETURN = {
    "returned_what": "part",
    "returned_exchanged": "no",
    "returned_on": "2026-11-10",
    "returned_items": 300_000,
}
AMOUNT = {"amount_correct": 900_000, "amount_why": "mistake", "cross_filed": "not_yet"}
UNDONE = {
    "undone_performed": "nothing",
    "undone_on": "2026-11-12",
    "undone_agreed": "yes",
    "undone_damages": "no",
}
UNNEEDED = {"unneeded_stands": "yes", "cross_filed": "not_yet"}
TWICE = {"twice_kept": "card", "twice_same": "yes", "cross_filed": "not_yet"}
PERSON = "9002301234563"


@pytest.fixture
def company(monkeypatch) -> Seller:
    return seller(monkeypatch)


def inside(company: Seller):
    return in_workspace(company.workspace.pk)


# Asking ----------------------------------------------------------------------------------------------------------


def test_starting_twice_on_one_document_is_one_amendment(company):
    sold = company.sold()
    first, second = company.begin(sold), company.begin(sold)
    assert first.pk == second.pk
    assert first.chain == sold.issue_id


def test_each_member_has_an_amendment_of_their_own(company):
    sold = company.sold()
    other = add_member(company.workspace, Role.ISSUER)
    assert company.begin(sold).pk != company.begin(sold, member=other).pk


def test_a_draft_is_edited_and_not_amended(company):
    draft = make_ready(company.workspace)
    with pytest.raises(NeverIssued):
        company.begin(draft)


def test_what_is_no_answer_of_the_kind_is_refused_and_nothing_is_kept(company):
    amendment = company.begin(company.sold())
    company.walk(amendment, "goods_returned", {})
    member = company.member
    with inside(company):
        for value, error in (("some", UnknownChoice), (17, WrongAnswer)):
            with pytest.raises(error):
                services.answer(
                    member=member, amendment_id=amendment.pk, question="returned_what", value=value, now=NOW
                )
        with pytest.raises(NotOnTheWay):
            services.answer(
                member=member, amendment_id=amendment.pk, question="returned_on", value="2026-11-10", now=NOW
            )
        with pytest.raises(EventNotOffered):
            services.choose(member=member, amendment_id=amendment.pk, event="amendment_unneeded", now=NOW)
        assert Amendment.objects.get().answers == {}


def test_an_answer_that_cannot_stand_is_asked_again_with_what_is_wrong(company):
    amendment = company.begin(company.sold())
    step = company.walk(amendment, "goods_returned", RETURN | {"returned_items": 1_000_001})
    assert step.question.key == "returned_items"
    assert step.question.problem.code == "balance_negative"
    assert "1,000,000원" in step.question.problem.words.ko


def test_a_changed_answer_recomputes_and_later_answers_stay(company):
    amendment = company.begin(company.sold())
    before = company.walk(amendment, "goods_returned", RETURN)
    with inside(company):
        row = services.answer(
            member=company.member,
            amendment_id=amendment.pk,
            question="returned_on",
            value="2026-11-09",
            now=NOW,
        )
        after = step_of(row, now=NOW)
    assert after.ready.plan.documents[0].written_on.isoformat() == "2026-11-09"
    assert after.ready.plan.documents[0].supply_amount == -300_000
    assert after.seen != before.seen


def test_going_back_to_a_question_forgets_its_answer_alone(company):
    amendment = company.begin(company.sold())
    company.walk(amendment, "goods_returned", RETURN)
    with inside(company):
        row = services.forget(
            member=company.member, amendment_id=amendment.pk, question="returned_on", now=NOW
        )
        assert step_of(row, now=NOW).question.key == "returned_on"
        assert row.answers["returned_items"] == 300_000
        row = services.forget(member=company.member, amendment_id=amendment.pk, question=None, now=NOW)
        assert step_of(row, now=NOW).events is not None


def test_what_the_law_gives_no_reason_for_ends_with_what_to_do_instead(company):
    step = company.walk(company.begin(company.sold()), "unpaid", {})
    assert step.stop.key == "S-UNPAID"
    with inside(company), pytest.raises(NotPlanned):
        services.prepare(
            member=company.member, amendment_id=step.amendment.pk, confirmed=[], seen=step.seen, now=NOW
        )


def test_whoever_knows_of_an_audit_cannot_correct_a_mistake_but_can_take_goods_back(company):
    sold = company.sold(now=THEN - timedelta(days=100), written_on="2026-06-29", items=[item(1_000_000)])
    step = company.walk(company.begin(sold), "wrong_amount", AMOUNT | {"cross_audit": "yes"})
    assert (step.stop.key, step.stop.code) == ("E-AUDIT", "01_audit_known")
    step = company.walk(company.begin(sold), "goods_returned", RETURN)
    assert step.ready.is_possible


def test_before_the_period_of_the_return_is_over_nobody_is_asked_about_audits(company):
    step = company.walk(company.begin(company.sold()), "wrong_amount", AMOUNT)
    assert "cross_audit" not in {one.key for one in step.asked}
    assert step.ready.is_possible


def test_a_buyer_that_closed_before_the_return_gets_no_amendment(company):
    sold = company.sold()
    with inside(company):
        Counterparty.objects.create(
            workspace=company.workspace,
            number="9998100015",
            name="(주)새봄",
            tax_status="03",
            closed_on="2026-11-01",
        )
    step = company.walk(company.begin(sold), "goods_returned", RETURN)
    assert step.question.key == "cross_succession"
    with inside(company):
        row = services.answer(
            member=company.member,
            amendment_id=step.amendment.pk,
            question="cross_succession",
            value="no",
            now=NOW,
        )
        assert step_of(row, now=NOW).stop.key == "S-CLOSED"


# Preparing -------------------------------------------------------------------------------------------------------


def test_what_is_pressed_twice_is_made_once(company):
    step = company.walk(company.begin(company.sold()), "wrong_amount", AMOUNT)
    first = company.prepare(step)
    second = company.prepare(step)
    assert [one.pk for one in first.invoices] == [one.pk for one in second.invoices]
    assert len(first.invoices) == 2
    with inside(company):
        assert Invoice.objects.filter(amendment_reason="01").count() == 2


def test_what_changed_meanwhile_is_shown_again_instead_of_made(company):
    sold = company.sold()
    step = company.walk(company.begin(sold), "goods_returned", RETURN)
    company.issued(sold, "price_changed", {
        "price_when_issued": "yes", "price_why": "discount", "price_on": "2026-11-11", "price_to": {"delta": -100_000},
    }, member=add_member(company.workspace, Role.ISSUER))  # fmt: skip
    with pytest.raises(ShownMeanwhileChanged):
        company.prepare(step)
    anew = company.step(step.amendment)
    assert anew.ready.before.supply_amount == 900_000
    assert company.prepare(anew).invoices[0].supply_amount == -300_000


def test_boxes_have_to_be_ticked(company):
    step = company.walk(company.begin(company.sold()), "goods_returned", RETURN)
    with inside(company), pytest.raises(NotConfirmed, match="really came back"):
        services.prepare(
            member=company.member, amendment_id=step.amendment.pk, confirmed=[], seen=step.seen, now=NOW
        )


def test_what_was_shown_and_confirmed_is_kept_in_both_languages(company):
    step = company.walk(company.begin(company.sold()), "goods_returned", RETURN)
    prepared = company.prepare(step)
    with inside(company):
        shown = Amendment.objects.get().shown
    assert shown["preview"] == step.ready.preview.to_data()
    assert [one["ko"] for one in shown["confirmed"]] == ["2026-11-10에 물건이 실제로 돌아왔습니다."]
    assert "제70조" in shown["citation"]
    assert prepared.amendments[0].state == AmendmentState.PREPARED


def test_documents_of_an_amendment_are_changed_by_their_amendment_alone(company):
    prepared = company.amend(company.sold(), "goods_returned", RETURN)
    [minus] = prepared.invoices
    member = company.member
    with inside(company):
        with pytest.raises(BelongsToAmendment):
            drafts.reopen(member=member, invoice_id=minus.pk, version=minus.version, now=NOW)
        with pytest.raises(BelongsToAmendment):
            drafts.delete(member=member, invoice_id=minus.pk, version=minus.version, now=NOW)
        row = services.reopen(member=member, amendment_id=prepared.amendments[0].pk, now=NOW)
        assert row.state == AmendmentState.ASKING
        assert Invoice.objects.get(pk=minus.pk).deleted_at is not None
    again = company.prepare(company.step(row))
    assert again.invoices[0].pk != minus.pk


def test_giving_up_throws_away_what_was_made_and_twice_is_once(company):
    prepared = company.amend(company.sold(), "wrong_amount", AMOUNT)
    [row] = prepared.amendments
    with inside(company):
        for _ in range(2):
            assert (
                services.withdraw(member=company.member, amendment_id=row.pk, now=NOW).state
                == AmendmentState.WITHDRAWN
            )
        assert not Invoice.objects.filter(amendment_reason="01", deleted_at=None).exists()
        with pytest.raises(AmendmentWithdrawn):
            services.reopen(member=company.member, amendment_id=row.pk, now=NOW)
        with pytest.raises(NotAsking):
            services.choose(member=company.member, amendment_id=row.pk, event="unpaid", now=NOW)


def test_a_kind_that_was_wrong_is_taken_back_and_issued_anew_beside_it(company):
    prepared = company.amend(
        company.sold(), "wrong_tax_kind", {"kind_right": "exempt", "cross_filed": "not_yet"}
    )
    [minus], [fresh] = prepared.invoices, prepared.follow_ups
    assert (minus.document_type, minus.amendment_reason, minus.issue_by) == ("0201", "06", None)
    assert (fresh.document_type, fresh.amendment_reason, str(fresh.issue_by)) == ("0301", "", "2026-11-10")
    assert fresh.state == State.READY
    with inside(company):
        # It is a document of its own: edited, and issued when it is ready.
        drafts.reopen(member=company.member, invoice_id=fresh.pk, version=fresh.version, now=NOW)
    assert not company.sign([minus]).refused


def test_other_documents_of_a_contract_are_cancelled_with_amendments_of_their_own(company):
    first, second = (
        company.sold(reference_id="K-2026-7", items=[item(amount)]) for amount in (500_000, 700_000)
    )
    amendment = company.begin(first)
    step = company.walk(amendment, "contract_undone", UNDONE | {"undone_others": [second.issue_id]})
    assert [one.plan.documents[0].original_issue_id for one in step.planned] == [
        first.issue_id,
        second.issue_id,
    ]
    prepared = company.prepare(step)
    assert [one.supply_amount for one in prepared.invoices] == [-500_000, -700_000]
    assert [one.chain for one in prepared.amendments] == [first.issue_id, second.issue_id]
    assert [one.pk for one in company.prepare(step).invoices] == [one.pk for one in prepared.invoices]
    # Each is lawful on its own.
    assert not company.sign(prepared.invoices[1:]).refused
    with inside(company):
        services.withdraw(member=company.member, amendment_id=amendment.pk, now=NOW)
        assert Amendment.objects.get(pk=prepared.amendments[1].pk).state == AmendmentState.ISSUED


def test_the_amendment_of_another_document_of_the_contract_is_worked_out_again_by_itself(company):
    first, second = (
        company.sold(reference_id="K-2026-8", items=[item(amount)]) for amount in (500_000, 700_000)
    )
    step = company.walk(
        company.begin(first), "contract_undone", UNDONE | {"undone_others": [second.issue_id]}
    )
    prepared = company.prepare(step)
    company.sign(prepared.invoices)
    with inside(company):
        row = Invoice.objects.get(pk=prepared.invoices[1].pk)
        transmitting.cancel(member=company.member, invoice_id=row.pk, version=row.version, now=NOW)
    again = company.step(prepared.amendments[1])
    assert [one.deal.key for one in again.planned] == [second.issue_id]
    assert again.ready.is_possible


def test_what_waits_beside_a_cancelled_amendment_is_not_prepared_twice(company):
    first, second = (
        company.sold(reference_id="K-2026-8", items=[item(amount)]) for amount in (500_000, 700_000)
    )
    step = company.walk(
        company.begin(first), "contract_undone", UNDONE | {"undone_others": [second.issue_id]}
    )
    prepared = company.prepare(step)
    company.sign(prepared.invoices[:1])
    with inside(company):
        row = Invoice.objects.get(pk=prepared.invoices[0].pk)
        transmitting.cancel(member=company.member, invoice_id=row.pk, version=row.version, now=NOW)
    again = company.prepare(company.step(prepared.amendments[0]))
    with inside(company):
        left = Invoice.objects.filter(original_issue_id=second.issue_id, deleted_at=None)
        assert [one.pk for one in left] == [again.invoices[1].pk]
    twice = company.prepare(company.step(prepared.amendments[0]))
    assert [one.pk for one in twice.invoices] == [one.pk for one in again.invoices]


def test_what_was_issued_anew_beside_a_cancelled_amendment_is_not_made_twice(company):
    prepared = company.amend(
        company.sold(), "wrong_tax_kind", {"kind_right": "exempt", "cross_filed": "not_yet"}
    )
    company.sign([*prepared.invoices, *prepared.follow_ups])
    with inside(company):
        row = Invoice.objects.get(pk=prepared.invoices[0].pk)
        transmitting.cancel(member=company.member, invoice_id=row.pk, version=row.version, now=NOW)
    again = company.prepare(company.step(prepared.amendments[0]))
    assert (len(again.invoices), again.follow_ups) == (1, ())


def test_an_answer_that_the_deal_no_longer_knows_is_asked_again(company):
    first, second = (
        company.sold(reference_id="K-2026-9", items=[item(amount)]) for amount in (500_000, 700_000)
    )
    step = company.walk(
        company.begin(first), "contract_undone", UNDONE | {"undone_others": [second.issue_id]}
    )
    assert len(step.planned) == 2
    with inside(company):
        Invoice.objects.filter(pk=second.pk).update(state=State.REJECTED)
    assert company.step(step.amendment).ready.deal.key == first.issue_id


@pytest.mark.parametrize("value", ["가" * 100_000, "LC\0"])
def test_an_answer_that_no_column_keeps_is_refused(company, value):
    amendment = company.begin(company.sold())
    company.walk(amendment, "lc_opened", {"lc_kind": "local_credit"})
    with inside(company), pytest.raises((TooLarge, NoJson)):
        services.answer(
            member=company.member, amendment_id=amendment.pk, question="lc_number", value=value, now=NOW
        )


# Persons ---------------------------------------------------------------------------------------------------------


def test_a_persons_number_stands_encrypted_and_nowhere_else(company):
    with inside(company):
        Counterparty.objects.create(
            workspace=company.workspace,
            number="9998100015",
            name="(주)새봄",
            tax_status="03",
            closed_on="2026-09-01",
        )
    sold = company.sold()
    answers = {"buyer_who": "closed", "closed_person": PERSON, "cross_filed": "not_yet"}
    step = company.walk(company.begin(sold), "wrong_buyer", answers)
    prepared = company.prepare(step)
    with inside(company):
        row = Amendment.objects.get()
        assert "closed_person" not in row.answers
        assert keeping.answers_of(row)["closed_person"] == PERSON
        assert PERSON not in str(row.answers) + str(row.shown) + repr(bytes(row.secret))
        for one in prepared.invoices:
            events = [event.data for event in one.events.all()]
            assert PERSON not in str(one.content) + str(events) + one.search
        assert bytes(row.secret) != bytes(prepared.invoices[1].secret)
    assert not company.sign(prepared.invoices).refused


def test_an_answer_about_a_person_is_kept_apart_whole(company):
    sold = company.sold()
    person = {"kind": "individual", "number": PERSON, "name": "김가상", "representative": "김가상"}
    answers = {"buyer_who": "other", "buyer_right": person, "buyer_why": "mistake", "cross_filed": "not_yet"}
    step = company.walk(company.begin(sold), "wrong_buyer", answers)
    with inside(company):
        row = Amendment.objects.get()
        assert set(row.answers) == {"buyer_who", "buyer_why"}
    assert step.ready.documents[1].buyer.number == PERSON
    assert PERSON not in step.ready.preview.text("ko") + step.ready.preview.text("en")


# Signing ---------------------------------------------------------------------------------------------------------


def test_a_pair_is_ordered_issued_and_cancelled_together_or_not_at_all(company):
    prepared = company.amend(company.sold(), "wrong_amount", AMOUNT)
    minus, plus = prepared.invoices
    alone = order(company.workspace, plus, now=NOW)
    assert not alone.placed
    assert isinstance(alone.refused[0].why, TogetherOrNotAtAll)
    assert not company.sign(prepared.invoices).refused
    with inside(company):
        row = Amendment.objects.get()
        assert (row.state, row.issued_at) == (AmendmentState.ISSUED, NOW)
        one = Invoice.objects.get(pk=plus.pk)
        transmitting.cancel(member=company.member, invoice_id=one.pk, version=one.version, now=NOW)
        states = Invoice.objects.filter(pk__in=[minus.pk, plus.pk]).values_list("state", flat=True)
        assert set(states) == {State.CANCELLED}
        assert Amendment.objects.get().state == AmendmentState.ASKING
    # Open to be done again, with the same answers; what was cancelled is nobody's companion.
    again = company.prepare(company.step(row))
    assert not company.sign(again.invoices).refused


def test_a_pair_goes_to_the_tax_office_at_one_time_though_one_buyer_has_no_inbox(company):
    answers = {
        "buyer_who": "other",
        "buyer_right": {
            "kind": "business",
            "number": "9998600010",
            "name": "(주)새가람",
            "representative": "박가람",
        },
        "buyer_why": "mistake",
        "cross_filed": "not_yet",
    }
    minus, plus = company.amend(company.sold(), "wrong_buyer", answers).invoices
    company.sign([minus, plus])
    minus, plus = company.row(minus), company.row(plus)
    assert (bool(minus.buyer_email), bool(plus.buyer_email)) == (True, False)
    assert minus.transmit_at == plus.transmit_at == NOW


def test_where_the_mail_of_one_of_a_pair_comes_back_both_are_sent_at_once(company):
    minus, plus = company.amend(company.sold(), "wrong_amount", AMOUNT).invoices
    company.sign([minus, plus])
    later = NOW + timedelta(minutes=1)
    assert company.row(minus).transmit_at > later
    with inside(company):
        assert transmitting.mail_bounced(invoice_id=plus.pk, now=later)
    assert {company.row(one).transmit_at for one in (minus, plus)} == {later}
    assert company.row(minus).delivered_on is not None


def test_of_a_document_that_the_buyer_wrote_it_is_said_that_the_supplier_amends_it(company):
    sold = company.sold()
    with inside(company):
        IncomingReverse.objects.create(
            workspace=company.workspace,
            business=sold.business,
            origin_workspace=1,
            origin_request=1,
            requester_number=sold.buyer_number,
            requester_name=sold.buyer_name,
            document_type="0101",
            written_on=sold.written_on,
            arrived_at=NOW,
            invoice=sold,
        )
    step = company.step(company.begin(sold))
    assert "N-REVERSE" in [note.key for note in step.events.notes]


def test_what_somebody_else_amended_first_is_not_issued_and_told_by_whom(company):
    sold = company.sold()
    slow = company.amend(sold, "goods_returned", RETURN)
    other = add_member(company.workspace, Role.ISSUER)
    company.issued(sold, "contract_undone", UNDONE, member=other)
    [refused] = company.sign(slow.invoices).refused
    assert isinstance(refused.why, ChainChanged)
    assert refused.why.text("ko").startswith("방금 김하나 님이 이 거래를 수정했습니다.")
    # What was made for another balance is thrown away, and the step says what is so now.
    with inside(company):
        row = services.reopen(member=company.member, amendment_id=slow.amendments[0].pk, now=NOW)
        assert step_of(row, now=NOW).stop.key == "G-CANCELLED"


def test_a_document_that_the_tax_office_did_not_take_changes_the_deal_too(company):
    sold = company.sold()
    cut = company.amend(sold, "price_changed", {
        "price_when_issued": "yes", "price_why": "discount", "price_on": "2026-11-09", "price_to": {"final": 800_000},
    }, member=add_member(company.workspace, Role.ISSUER))  # fmt: skip
    company.sign(cut.invoices)
    slow = company.amend(sold, "contract_undone", UNDONE)
    assert slow.invoices[0].supply_amount == -800_000
    company.answered(cut.invoices[0], Action.REJECT, code="ERR007")
    [refused] = company.sign(slow.invoices).refused
    assert isinstance(refused.why, ChainRefused)


def test_two_amendments_of_one_deal_in_one_signing_go_one_after_the_other(company):
    sold = company.sold()
    first = company.amend(sold, "goods_returned", RETURN)
    other = add_member(company.workspace, Role.ISSUER)
    second = company.amend(sold, "goods_returned", RETURN, member=other)
    done = company.sign([*first.invoices, *second.invoices])
    assert len(done.issued) == 1
    assert [type(one.why) for one in done.refused] == [OneDealAtATime]
    [refused] = company.sign(second.invoices).refused
    assert isinstance(refused.why, ChainChanged)


def test_an_amending_document_that_no_amendment_made_is_not_issued(company):
    sold = company.sold()
    forged = content_of(
        document_type="0201",
        amendment_reason="02",
        original_issue_id=sold.issue_id,
        items=[item(-5_000_000)],
    )
    ready = make_ready(company.workspace, **forged)
    placed = order(company.workspace, ready, now=NOW)
    assert isinstance(placed.refused[0].why, WithoutAmendment)


def test_a_copy_of_an_amendment_takes_nothing_off_and_says_nothing_of_an_original(company):
    back = company.issued(company.sold(), "goods_returned", RETURN)[0]
    with in_workspace(company.workspace.pk):
        made = drafts.copy(member=company.member, source=back, written_on=NOW.date(), now=NOW)
    assert (made.document_type, made.supply_amount, made.tax_amount) == ("0101", 300_000, 30_000)
    assert made.amendment_reason == ""
    assert made.content["remarks"] == []


def test_what_was_issued_is_neither_reopened_nor_withdrawn(company):
    prepared = company.amend(company.sold(), "goods_returned", RETURN)
    company.sign(prepared.invoices)
    with inside(company):
        for step in (services.reopen, services.withdraw):
            with pytest.raises(AlreadyIssued):
                step(member=company.member, amendment_id=prepared.amendments[0].pk, now=NOW)


def test_whoever_may_not_issue_asks_for_approval_and_the_pair_waits_together(company):
    writer = add_member(company.workspace, Role.WRITER)
    prepared = company.amend(company.sold(), "wrong_amount", AMOUNT, member=writer)
    assert prepared.awaits_approval
    assert {one.state for one in prepared.invoices} == {State.AWAITING_APPROVAL}
    with inside(company):
        services.withdraw(member=writer, amendment_id=prepared.amendments[0].pk, now=NOW)
        assert not Invoice.objects.filter(amendment_reason="01", deleted_at=None).exists()


def test_on_a_later_day_the_law_is_asked_again(company):
    """The limit for another buyer is a hard one: what was prepared before it is not issued after it."""
    sold = company.sold()
    answers = {
        "buyer_who": "other",
        "buyer_right": {
            "kind": "business",
            "number": "9998600010",
            "name": "(주)새가람",
            "representative": "박가람",
        },
        "buyer_why": "mistake",
        "cross_filed": "not_yet",
    }
    prepared = company.amend(sold, "wrong_buyer", answers)
    with inside(company):
        late = NOW.replace(year=2028, month=2)
        why = AmendmentGuard().refusals(
            Action.ISSUE, list(prepared.invoices), member=company.member, now=late
        )
        assert {one.code for one in why.values()} == {"amendment_outdated"}
        again = AmendmentGuard().refusals(
            Action.ISSUE, list(prepared.invoices), member=company.member, now=NOW + timedelta(days=1)
        )
        assert again == {}


# Chains of several -----------------------------------------------------------------------------------------------


def test_an_undone_contract_after_a_change_of_price_takes_off_what_is_left(company):
    sold = company.sold()
    company.issued(sold, "price_changed", {
        "price_when_issued": "yes", "price_why": "discount", "price_on": "2026-11-09", "price_to": {"final": 800_000},
    })  # fmt: skip
    [undone] = company.issued(sold, "contract_undone", UNDONE)
    assert (undone.amendment_reason, undone.supply_amount) == ("04", -800_000)
    with inside(company):
        assert deal_of(invoice=sold).balance.supply_amount == 0
    step = company.step(company.begin(sold))
    assert step.stop.key == "G-CANCELLED"


def test_a_return_with_a_wrong_amount_is_corrected_by_a_pair_on_the_return(company):
    sold = company.sold()
    [minus] = company.issued(sold, "goods_returned", RETURN)
    pair = company.issued(
        minus,
        "amendment_wrong",
        {"amended_what": "amount", "amended_amount": 200_000, "cross_filed": "not_yet"},
    )
    assert [(one.amendment_reason, one.supply_amount) for one in pair] == [("01", 300_000), ("01", -200_000)]
    assert {one.original_issue_id for one in pair} == {minus.issue_id}
    with inside(company):
        deal = deal_of(invoice=pair[1])
        assert deal.key == sold.issue_id
        assert deal.balance.supply_amount == 800_000
        assert [left.supply_amount for _, left in deal.steps] == [1_000_000, 700_000, 1_000_000, 800_000]


def test_a_wrong_amendment_is_taken_back_and_that_can_be_taken_back_too(company):
    sold = company.sold()
    [gone] = company.issued(sold, "issued_twice", TWICE)
    [back] = company.issued(gone, "amendment_unneeded", UNNEEDED)
    assert (back.amendment_reason, back.supply_amount) == ("06", 1_000_000)
    with inside(company):
        deal = deal_of(invoice=sold)
        assert deal.balance.supply_amount == 1_000_000
        assert deal.target.is_live


def test_the_newest_document_stands_for_the_deal_after_a_correction(company):
    sold = company.sold()
    _, plus = company.issued(sold, "wrong_amount", AMOUNT)
    assert company.step(company.begin(sold)).stop.key == "G-SUPERSEDED"
    with inside(company):
        assert deal_of(invoice=sold).newest_key == plus.issue_id
    [minus] = company.issued(plus, "goods_returned", RETURN)
    assert minus.original_issue_id == plus.issue_id


# After the answer ------------------------------------------------------------------------------------------------


def test_where_one_of_a_pair_was_refused_the_other_half_is_issued_again(company):
    sold = company.sold()
    prepared = company.amend(sold, "wrong_amount", AMOUNT)
    minus, plus = prepared.invoices
    company.sign(prepared.invoices)
    [broken] = prepared.amendments
    with inside(company):
        broken = Amendment.objects.get(pk=broken.pk)
        assert needs_mending(broken) is None
        with pytest.raises(NothingToMend):
            services.reissue(member=company.member, amendment_id=broken.pk, now=NOW)
    company.answered(minus, Action.ACCEPT, code="SUC001")
    company.answered(plus, Action.REJECT, code="ERR002")
    with inside(company):
        [half] = halves([broken.business_id])
        assert (half.standing, half.refused) == ((company.row(minus),), (company.row(plus),))
        assert half.words.ko.startswith("2건 중 1건이 접수되지 않았습니다(ERR002")
        assert half_of(company.row(minus)) is not None
        mending = services.reissue(member=company.member, amendment_id=broken.pk, now=NOW)
        assert services.reissue(member=company.member, amendment_id=broken.pk, now=NOW).pk == mending.pk
    step = company.step(mending)
    assert [one.supply_amount for one in step.ready.documents] == [900_000]
    again = company.prepare(step)
    [anew] = again.invoices
    assert not company.sign([anew]).refused
    accept(company.workspace, anew, at=NOW)
    with inside(company):
        assert halves([broken.business_id]) == ()
        deal = deal_of(invoice=sold)
        assert deal.balance.supply_amount == 900_000
        assert deal.newest_key == company.row(anew).issue_id


def test_the_half_that_is_issued_again_may_differ_but_not_the_one_that_stands(company):
    sold = company.sold()
    prepared = company.amend(sold, "wrong_amount", AMOUNT)
    company.sign(prepared.invoices)
    company.answered(prepared.invoices[0], Action.ACCEPT, code="SUC001")
    company.answered(prepared.invoices[1], Action.REJECT, code="ERR007")
    with inside(company):
        mending = services.reissue(member=company.member, amendment_id=prepared.amendments[0].pk, now=NOW)
        row = services.answer(
            member=company.member, amendment_id=mending.pk, question="amount_correct", value=950_000, now=NOW
        )
        step = step_of(row, now=NOW)
    assert [one.supply_amount for one in step.ready.documents] == [950_000]
    step = company.walk(mending, "goods_returned", RETURN)
    assert step.ready.documents == ()
    with pytest.raises(NotTheRest):
        company.prepare(step)


# Lists and deadlines ---------------------------------------------------------------------------------------------


def test_a_prepared_return_is_due_by_the_day_of_its_own_event(company):
    [minus] = company.amend(company.sold(), "goods_returned", RETURN).invoices
    with inside(company):
        row = AmendmentDocument.objects.get(invoice=minus)
        assert (row.kind, row.position, str(row.invoice.issue_by)) == ("amendment", 0, "2026-12-10")


def test_a_prepared_return_is_reminded_of_before_its_own_term_and_is_late_after_it(company):
    [minus] = company.amend(company.sold(), "goods_returned", RETURN).invoices
    days = [NOW.replace(month=12, day=day) for day in range(1, 11)]
    with inside(company):
        told = [one for day in days for one in stuck.unissued([minus.business_id], now=day)]
        assert [(one.step, one.count, str(one.on)) for one in told] == [
            (3, 1, "2026-12-10"), (1, 1, "2026-12-10"),
        ]  # fmt: skip
        for day, late in (("2026-12-10", False), ("2026-12-11", True)):
            on = date.fromisoformat(day)
            assert lateness.is_issued_late(minus, on) is late
            assert Invoice.objects.filter(lateness.issued_late(on), pk=minus.pk).exists() is late


def test_a_correction_has_no_term_that_it_could_miss(company):
    pair = company.amend(company.sold(), "wrong_amount", AMOUNT).invoices
    with inside(company):
        for one in pair:
            assert one.issue_by is None
            assert not lateness.is_issued_late(one, date(2030, 1, 1))


def test_the_facts_of_the_business_are_those_of_its_settings(company):
    sold = company.sold()
    with inside(company):
        Business.objects.update(facts={"returns_filed": "by_due_date"})
    step = company.walk(
        company.begin(sold), "wrong_amount", {"amount_correct": 900_000, "amount_why": "mistake"}
    )
    assert "cross_filed" not in {one.key for one in step.asked}
    assert step.ready.is_possible


def test_half_of_a_zero_rated_pair_is_issued_again_too(company):
    credit = {"lc_kind": "local_credit", "lc_number": "LC-1", "lc_on": "2026-11-10", "lc_amount": 400_000}
    prepared = company.amend(company.sold(), "lc_opened", credit | {"cross_filed": "not_yet"})
    company.sign(prepared.invoices)
    taken, given = prepared.invoices
    company.answered(given, Action.ACCEPT, code="SUC001")
    company.answered(taken, Action.REJECT, code="ERR007")
    with inside(company):
        mending = services.reissue(member=company.member, amendment_id=prepared.amendments[0].pk, now=NOW)
    [anew] = company.prepare(company.step(mending)).invoices
    assert (anew.document_type, anew.supply_amount) == (taken.document_type, taken.supply_amount)
    assert not company.sign([anew]).refused


def test_what_nothing_is_left_of_is_not_offered_to_be_kept(company):
    sold, twin = company.sold(), company.sold()
    begun = company.begin(sold)
    assert _offers(company.walk(begun, "issued_twice", {}), twin)
    [undo] = company.issued(twin, "issued_twice", TWICE)
    assert not _offers(company.walk(company.begin(sold), "issued_twice", {}), twin)
    company.issued(undo, "amendment_unneeded", UNNEEDED)
    assert _offers(company.walk(company.begin(sold), "issued_twice", {}), twin)


def test_a_contract_s_document_that_is_cancelled_already_is_not_cancelled_again(company):
    first, second, third = (
        company.sold(reference_id="K-2026-7", items=[item(amount)]) for amount in (500_000, 700_000, 900_000)
    )
    company.issued(second, "contract_undone", UNDONE | {"undone_others": []})
    asked = company.walk(company.begin(first), "contract_undone", UNDONE)
    assert [choice.key for choice in asked.question.choices] == [third.issue_id]


def _offers(step, invoice: Invoice) -> bool:
    return invoice.issue_id in [choice.key for choice in step.question.choices]


MARKED = [{"period": "2026-1-final", "filed_on": "2026-07-20"}]


@pytest.mark.parametrize(
    ("marks", "returned_on", "words"),
    [
        (MARKED, "2026-09-30", "2026년 2기 예정(7~9월)을 신고하기 전이면 그대로 반영, 신고한 뒤면"),
        (
            [*MARKED, {"period": "2026-2-preliminary", "filed_on": "2026-10-20"}],
            "2026-09-30",
            "2026년 2기 예정(7~9월)을 이미 신고했습니다.",
        ),
        (MARKED, "2026-11-10", "이미 신고한 2026년 1기는 수정신고하지 않습니다."),
    ],
)
def test_of_a_later_event_s_return_nothing_is_claimed_that_nobody_marked(company, marks, returned_on, words):
    with inside(company):
        Business.objects.update(facts={"returns_filed": marks})
    sold = company.sold(written_on="2026-05-06", now=datetime(2026, 5, 6, 1, 0, tzinfo=UTC))
    step = company.walk(company.begin(sold), "goods_returned", RETURN | {"returned_on": returned_on})
    told = " ".join(one.ko for one in step.ready.preview.supplier)
    assert words in told
    assert "아직 신고하지 않았습니다" not in told
