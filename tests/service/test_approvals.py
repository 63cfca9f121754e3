"""발행 승인: asked for, given, sent back; what was approved is what is signed."""

import pytest
from django.core.exceptions import PermissionDenied
from service_world import NOW, acting, add_member, first_business, make_workspace
from signing_world import content, issue, keeper, make_ready, order, register, set_up

from dojang.service.approvals import policies, services
from dojang.service.approvals.errors import (
    ApprovedTogether,
    NeedsApproval,
    NotAsked,
    OwnDocument,
    ReasonMissing,
    SeenOther,
    TooLong,
)
from dojang.service.approvals.models import Approval, ApprovalState
from dojang.service.audit.models import Event
from dojang.service.invoices import drafts, guards
from dojang.service.invoices.errors import NotFinished, NotPossible
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.orders import NoRightToIssue
from dojang.service.invoices.states import State
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import WorkspaceEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def writer(workspace):
    return add_member(workspace, "writer")


@pytest.fixture
def issuer(workspace):
    return add_member(workspace, "issuer")


def policy(workspace, *, from_amount=0, four_eyes=True):
    with in_workspace(workspace.pk):
        return policies.set_policy(
            member=acting(workspace),
            business=first_business(workspace),
            from_amount=from_amount,
            four_eyes=four_eyes,
            now=NOW,
        )


def draft(workspace, member, **values):
    with in_workspace(workspace.pk):
        return drafts.create(
            member=member, business=first_business(workspace), given=content(**values), now=NOW
        )


def ask(workspace, member, *invoices, note=""):
    with in_workspace(workspace.pk):
        ids = [one.pk for one in invoices]
        return services.ask(member=member, invoice_ids=ids, note=note, now=NOW)


def seen(workspace, *invoices):
    with in_workspace(workspace.pk):
        rows = Invoice.objects.in_bulk([one.pk for one in invoices])
        return [services.Seen(pk, row.content_hash) for pk, row in rows.items()]


def approve(workspace, member, *invoices, looked_at=None):
    looked_at = seen(workspace, *invoices) if looked_at is None else looked_at
    with in_workspace(workspace.pk):
        return services.approve(member=member, seen=looked_at, now=NOW)


def state(workspace, invoice):
    with in_workspace(workspace.pk):
        return Invoice.objects.get(pk=invoice.pk).state


def codes(outcome):
    return [one.why.code for one in outcome.refused]


def test_what_was_asked_for_waits_and_what_is_approved_can_be_signed(
    workspace, writer, issuer, monkeypatch, tmp_path
):
    who = keeper(set_up(monkeypatch, tmp_path), first_business(workspace).number)
    register(workspace, first_business(workspace), who)
    policy(workspace)
    one = draft(workspace, writer)
    assert codes(ask(workspace, writer, one)) == []
    assert state(workspace, one) == State.AWAITING_APPROVAL
    [approved] = approve(workspace, issuer, one).done
    assert state(workspace, one) == State.READY
    assert [row.state for row in issue(workspace, who, approved).issued[0][1:]] == [State.ISSUED]


def test_each_step_stands_in_the_history_with_what_was_seen(workspace, writer, issuer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    approve(workspace, issuer, one)
    with in_workspace(workspace.pk):
        events = list(Event.objects.filter(invoice=one).values_list("action", "data", "actor_id"))
    assert [(action, who) for action, _, who in events[1:]] == [
        ("ask_approval", writer.user_id),
        ("approve", issuer.user_id),
    ]
    assert events[1][1]["content_hash"] == events[2][1]["content_hash"] != ""


def test_a_writer_neither_approves_nor_sends_back(workspace, writer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    assert codes(approve(workspace, writer, one)) == [NoRightToIssue.code]
    with in_workspace(workspace.pk):
        outcome = services.send_back(member=writer, invoice_ids=[one.pk], reason="금액", now=NOW)
    assert codes(outcome) == [NoRightToIssue.code]
    assert state(workspace, one) == State.AWAITING_APPROVAL


def test_a_viewer_asks_for_nothing(workspace, writer):
    one = draft(workspace, writer)
    assert codes(ask(workspace, add_member(workspace, "viewer"), one)) == [NoRightToIssue.code]


def test_what_is_sent_back_is_a_draft_with_a_reason_and_can_be_asked_for_again(workspace, writer, issuer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    with in_workspace(workspace.pk):
        services.send_back(member=issuer, invoice_ids=[one.pk], reason=" 단가가  달라요 ", now=NOW)
        approval = Approval.objects.get()
        assert (approval.state, approval.reason) == (ApprovalState.SENT_BACK, "단가가 달라요")
        row = Invoice.objects.get()
        assert (row.state, row.content_hash) == (State.DRAFT, "")
        drafts.save(
            member=writer,
            invoice_id=row.pk,
            version=row.version,
            given=content(written_on="2026-11-19"),
            now=NOW,
        )
    assert codes(ask(workspace, writer, one)) == []
    with in_workspace(workspace.pk):
        hashes = list(Approval.objects.values_list("content_hash", flat=True))
    assert len(set(hashes)) == 2


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_sending_back_needs_a_reason(workspace, writer, issuer, reason):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    with in_workspace(workspace.pk), pytest.raises(ReasonMissing):
        services.send_back(member=issuer, invoice_ids=[one.pk], reason=reason, now=NOW)


def test_a_note_has_an_end(workspace, writer):
    with in_workspace(workspace.pk), pytest.raises(TooLong):
        services.ask(member=writer, invoice_ids=[], note="가" * 501, now=NOW)


def test_taken_back_it_is_a_draft_and_nobody_approves_it(workspace, writer, issuer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    looked_at = seen(workspace, one)
    with in_workspace(workspace.pk):
        services.take_back(member=writer, invoice_ids=[one.pk], now=NOW)
    assert codes(approve(workspace, issuer, looked_at=looked_at)) == [NotAsked.code]
    assert state(workspace, one) == State.DRAFT


def test_of_two_answers_the_second_is_refused(workspace, writer, issuer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    looked_at = seen(workspace, one)
    approve(workspace, issuer, looked_at=looked_at)
    assert codes(approve(workspace, issuer, looked_at=looked_at)) == [NotAsked.code]
    with in_workspace(workspace.pk):
        outcome = services.send_back(member=acting(workspace), invoice_ids=[one.pk], reason="늦게", now=NOW)
    assert codes(outcome) == [NotAsked.code]


def test_only_what_was_looked_at_is_approved(workspace, writer, issuer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    before = seen(workspace, one)
    with in_workspace(workspace.pk):
        services.take_back(member=writer, invoice_ids=[one.pk], now=NOW)
        row = Invoice.objects.get()
        changed = content(written_on="2026-11-19")
        drafts.save(member=writer, invoice_id=row.pk, version=row.version, given=changed, now=NOW)
    ask(workspace, writer, one)
    assert codes(approve(workspace, issuer, looked_at=before)) == [SeenOther.code]
    assert state(workspace, one) == State.AWAITING_APPROVAL


def test_four_eyes_nobody_approves_their_own(workspace, issuer):
    policy(workspace)
    one = draft(workspace, issuer)
    ask(workspace, issuer, one)
    assert codes(approve(workspace, issuer, one)) == [OwnDocument.code]
    assert codes(approve(workspace, acting(workspace), one)) == []


def test_four_eyes_asking_for_a_document_of_another_makes_one_no_approver(workspace, writer, issuer):
    policy(workspace)
    one = draft(workspace, writer)
    ask(workspace, issuer, one)
    assert codes(approve(workspace, issuer, one)) == [OwnDocument.code]


def test_four_eyes_who_changed_it_last_is_no_approver_whoever_asked(workspace, writer, issuer):
    policy(workspace)
    one = draft(workspace, writer)
    with in_workspace(workspace.pk):
        one = drafts.save(
            member=issuer, invoice_id=one.pk, version=one.version, given=content(purpose="receipt"), now=NOW
        )
    ask(workspace, writer, one)
    assert codes(approve(workspace, issuer, one)) == [OwnDocument.code]
    assert codes(approve(workspace, acting(workspace), one)) == []


def test_four_eyes_sending_back_is_no_change_of_what_is_asked_for_again(workspace, writer, issuer):
    policy(workspace)
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    with in_workspace(workspace.pk):
        services.send_back(member=issuer, invoice_ids=[one.pk], reason="확인 필요", now=NOW)
    ask(workspace, writer, one)
    assert codes(approve(workspace, issuer, one)) == []


def test_without_four_eyes_whoever_may_issue_needs_nobody_and_a_writer_does(workspace, writer, issuer):
    policy(workspace, four_eyes=False)
    own, others = draft(workspace, issuer), draft(workspace, writer)
    with in_workspace(workspace.pk):
        drafts.finish(member=issuer, invoice_id=own.pk, version=own.version, now=NOW)
        with pytest.raises(NeedsApproval):
            drafts.finish(member=writer, invoice_id=others.pk, version=others.version, now=NOW)
    assert state(workspace, own) == State.READY


@pytest.mark.parametrize(("from_amount", "is_needed"), [(1_100_000, True), (1_100_001, False)])
def test_the_amount_is_the_total_and_counts_from_itself_on(workspace, issuer, from_amount, is_needed):
    policy(workspace, from_amount=from_amount)
    one = draft(workspace, issuer)
    with in_workspace(workspace.pk):
        if is_needed:
            with pytest.raises(NeedsApproval):
                drafts.finish(member=issuer, invoice_id=one.pk, version=one.version, now=NOW)
        else:
            drafts.finish(member=issuer, invoice_id=one.pk, version=one.version, now=NOW)


def test_what_was_ready_before_the_policy_is_not_signed_unseen(workspace, monkeypatch, tmp_path):
    who = keeper(set_up(monkeypatch, tmp_path), first_business(workspace).number)
    register(workspace, first_business(workspace), who)
    one = make_ready(workspace)
    policy(workspace)
    placed = order(workspace, one)
    assert [each.why.code for each in placed.refused] == [NeedsApproval.code]


def test_an_approval_of_other_content_signs_nothing(workspace, writer, issuer, monkeypatch, tmp_path):
    set_up(monkeypatch, tmp_path)
    policy(workspace)
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    [row] = approve(workspace, issuer, one).done
    with in_workspace(workspace.pk):
        again = drafts.reopen(member=writer, invoice_id=row.pk, version=row.version, now=NOW)
        drafts.save(
            member=writer,
            invoice_id=row.pk,
            version=again.version,
            given=content(written_on="2026-11-19"),
            now=NOW,
        )
        # Whatever brings it to be ready again: its content is not the approved one.
        Invoice.objects.filter(pk=row.pk).update(state=State.READY, content_hash="0" * 64)
        fresh = Invoice.objects.get(pk=row.pk)
    assert [each.why.code for each in order(workspace, fresh).refused] == [NeedsApproval.code]


def test_a_half_written_draft_is_not_asked_for(workspace, writer):
    one = draft(workspace, writer, items=[])
    assert codes(ask(workspace, writer, one)) == [NotFinished.code]
    assert state(workspace, one) == State.DRAFT


def test_asking_twice_asks_once(workspace, writer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    assert codes(ask(workspace, writer, one)) == [NotPossible.code]
    with in_workspace(workspace.pk):
        assert Approval.objects.count() == 1


def test_of_many_each_stands_for_itself(workspace, writer, issuer):
    good, bad = draft(workspace, writer), draft(workspace, writer, items=[])
    outcome = ask(workspace, writer, good, bad)
    assert ([one.pk for one in outcome.done], codes(outcome)) == ([good.pk], [NotFinished.code])
    assert [one.pk for one in approve(workspace, issuer, good).done] == [good.pk]


def test_companions_are_asked_for_and_approved_together_or_not_at_all(workspace, writer, issuer, monkeypatch):
    good, bad = draft(workspace, writer), draft(workspace, writer, items=[])

    class Pair(guards.Guard):
        def companions(self, invoice_ids):
            pair = frozenset({good.pk, bad.pk})
            return {one: pair - {one} for one in invoice_ids if one in pair}

    monkeypatch.setattr(guards, "_GUARDS", [*guards._GUARDS, Pair()])
    outcome = ask(workspace, writer, good)
    assert sorted(codes(outcome)) == sorted([ApprovedTogether.code, NotFinished.code])
    assert state(workspace, good) == State.DRAFT
    with in_workspace(workspace.pk):
        row = Invoice.objects.get(pk=bad.pk)
        drafts.save(member=writer, invoice_id=row.pk, version=row.version, given=content(), now=NOW)
    assert {one.pk for one in ask(workspace, writer, good).done} == {good.pk, bad.pk}
    assert {one.pk for one in approve(workspace, issuer, good, bad).done} == {good.pk, bad.pk}


def test_whoever_may_approve_is_mailed_once_for_all_and_the_asker_gets_the_answer(workspace, writer, issuer):
    policy(workspace)
    one, two = draft(workspace, writer), draft(workspace, writer)
    ask(workspace, writer, one, two, note="오늘 부탁드려요")
    with in_workspace(workspace.pk):
        mails = OutgoingMail.objects.filter(kind=Kind.APPROVAL_ASKED)
        assert set(mails.values_list("person_id", flat=True)) == {issuer.user_id, acting(workspace).user_id}
        services.send_back(member=issuer, invoice_ids=[one.pk, two.pk], reason="비고", now=NOW)
        [answer] = OutgoingMail.objects.filter(kind=Kind.APPROVAL_ANSWERED)
        assert answer.person_id == writer.user_id
        assert len(answer.facts["approvals"]) == 2


def test_only_who_manages_sets_what_needs_an_approval_and_it_stands_in_the_history(workspace, issuer):
    with in_workspace(workspace.pk):
        business = first_business(workspace)
        with pytest.raises(PermissionDenied):
            policies.set_policy(member=issuer, business=business, from_amount=0, four_eyes=True, now=NOW)
    policy(workspace, from_amount=5_000_000)
    with in_workspace(workspace.pk):
        policies.drop_policy(member=acting(workspace), business=business, now=NOW)
        events = WorkspaceEvent.objects.filter(action="edit", subject="business").order_by("id")
        assert [one.changes["approval_from"] for one in events] == [[None, "5,000,000"], ["5,000,000", None]]


@pytest.mark.parametrize("amount", [-1, 10**15 + 1])
def test_an_amount_that_no_invoice_has_is_refused(workspace, amount):
    with in_workspace(workspace.pk), pytest.raises(policies.AmountOutOfRange):
        policies.set_policy(
            member=acting(workspace),
            business=first_business(workspace),
            from_amount=amount,
            four_eyes=True,
            now=NOW,
        )
