"""Several people at one invoice at the same moment, each with a connection of their own."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from service_world import NOW, acting, add_member, first_business, make_workspace, member_client
from signing_world import content, keeper, make_ready, order, register, set_up, signed
from test_workspace_races import at_once, inside

from dojang.service.audit import chain
from dojang.service.certificates import services
from dojang.service.certificates.models import Certificate
from dojang.service.errors import ServiceError
from dojang.service.invoices import drafts, issuing, orders, transmitting
from dojang.service.invoices.changes import lock
from dojang.service.invoices.errors import ChangedMeanwhile
from dojang.service.invoices.models import Invoice, Order, SignedDocument
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role
from dojang.service.workspaces.services import membership

pytestmark = pytest.mark.django_db(transaction=True)

AFTER = NOW + timedelta(minutes=1)


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    authority = set_up(monkeypatch, tmp_path / "data")
    made = make_workspace()
    business = first_business(made)
    made.signer = keeper(authority, business.number)
    register(made, business, made.signer)
    return made


def issuing_of(workspace, placed):
    done, signer = signed(placed, workspace.signer), workspace.signer.signer()
    member = acting(workspace)
    return inside(workspace, lambda: issuing.issue(member=member, signer=signer, signed=done, now=AFTER))


def placing_of(workspace, invoices):
    member = acting(workspace)
    wanted = [orders.Wanted(one.pk, one.version) for one in invoices]
    return inside(workspace, lambda: orders.place(member=member, wanted=wanted, now=AFTER))


def refusals(answers):
    """Those who were refused; any other exception is a fault."""
    raised = [one for one in answers if isinstance(one, Exception)]
    assert all(isinstance(one, ServiceError) for one in raised), raised
    return raised


def require_whole_histories(workspace):
    with in_workspace(workspace.pk):
        assert list(chain.verify()) == []


def test_signing_ordering_and_reopening_the_same_invoices_waits_for_nobody_for_ever(workspace):
    member = acting(workspace)
    for _ in range(4):
        invoices = [make_ready(workspace) for _ in range(6)]
        placed = order(workspace, *invoices)
        last = invoices[-1]
        answers = at_once(
            issuing_of(workspace, placed),
            placing_of(workspace, invoices),
            placing_of(workspace, invoices[::-1]),
            inside(
                workspace,
                lambda last=last: drafts.reopen(
                    member=member, invoice_id=last.pk, version=last.version, now=AFTER
                ),
            ),
            inside(workspace, lambda: orders.sweep(now=NOW + timedelta(hours=1))),
        )
        refusals(answers)
    require_whole_histories(workspace)


def test_one_invoice_on_two_signing_pages_is_issued_once(workspace):
    invoice = make_ready(workspace)
    first = issuing_of(workspace, order(workspace, invoice))
    second = issuing_of(workspace, order(workspace, invoice))
    answers = at_once(first, second, second)
    assert refusals(answers) == []
    with in_workspace(workspace.pk):
        document = SignedDocument.objects.get(invoice=invoice)
        row = Invoice.objects.get(pk=invoice.pk)
        assert row.state == State.ISSUED
        assert row.version == invoice.version + 1
        assert document.sha256 == row.events.get(action="issue").data["sha256"]
        assert not Order.objects.filter(invoice=invoice).exists()
    told = [[order_id for order_id, _ in answer.issued] for answer in answers]
    assert told[0] == []
    assert len(told[1]) == len(told[2]) == 1


def test_an_order_that_comes_twice_in_one_request_is_issued_once(workspace):
    invoice = make_ready(workspace)
    placed = order(workspace, invoice)
    done = signed(placed, workspace.signer)
    with in_workspace(workspace.pk):
        result = issuing.issue(
            member=acting(workspace), signer=workspace.signer.signer(), signed=done + done, now=AFTER
        )
    assert [row.pk for _, row in result.issued] == [invoice.pk]
    assert not result.refused


def test_of_cancelling_and_hurrying_at_once_both_have_their_turn_or_a_clear_no(workspace):
    invoice = make_ready(workspace)
    issuing_of(workspace, order(workspace, invoice))()
    member = acting(workspace)
    version = invoice.version + 1
    answers = at_once(
        inside(
            workspace,
            lambda: transmitting.cancel(member=member, invoice_id=invoice.pk, version=version, now=AFTER),
        ),
        inside(
            workspace,
            lambda: transmitting.transmit_now(member=member, invoice_ids=[invoice.pk], now=AFTER),
        ),
    )
    refused = refusals(answers)
    with in_workspace(workspace.pk):
        state = Invoice.objects.get(pk=invoice.pk).state
    assert state == (State.ISSUED if refused else State.CANCELLED)
    require_whole_histories(workspace)


def test_of_two_who_save_the_same_version_the_second_is_told(workspace):
    owner, writer = acting(workspace), add_member(workspace, Role.WRITER)
    with in_workspace(workspace.pk):
        draft = drafts.create(member=owner, business=first_business(workspace), given=content(), now=NOW)

    def save(member, note):
        given = content(remarks=[note])
        return inside(
            workspace,
            lambda: drafts.save(
                member=member, invoice_id=draft.pk, version=draft.version, given=given, now=AFTER
            ),
        )

    answers = at_once(save(owner, "하나"), save(writer, "둘"))
    assert [type(one) for one in refusals(answers)] == [ChangedMeanwhile]
    won = next(one for one in answers if isinstance(one, Invoice))
    with in_workspace(workspace.pk):
        assert Invoice.objects.get(pk=draft.pk).content == won.content
    require_whole_histories(workspace)


def test_a_first_save_that_arrives_three_times_at_once_makes_one_draft(workspace):
    member, business = acting(workspace), first_business(workspace)
    save = str(uuid4())
    typed = drafts.Typed(kept={"save": save}, draft_key=uuid4(), lost=frozenset([save]))

    def create():
        return drafts.create(member=member, business=business, given=content(), now=NOW, typed=typed)

    answers = at_once(*(inside(workspace, create) for _ in range(3)))
    assert refusals(answers) == []
    assert len({one.pk for one in answers}) == 1
    require_whole_histories(workspace)


def test_a_draft_that_is_deleted_in_three_tabs_is_missing_in_two(workspace):
    invoice = make_ready(workspace)
    browsers = [member_client(workspace) for _ in range(3)]
    address = f"/w/{workspace.slug}/invoices/{invoice.pk}/delete/"
    answers = at_once(
        *(
            lambda browser=browser: browser.post(address, {"version": invoice.version}).status_code
            for browser in browsers
        )
    )
    assert sorted(answers) == [302, 404, 404]


def test_who_hands_documents_over_and_who_saves_one_do_not_wait_for_each_other(workspace):
    """Whoever locks the workspace lets others add rows to it: a foreign key asks for no more."""
    heir, leaver = acting(workspace), add_member(workspace, Role.WRITER)
    with in_workspace(workspace.pk):
        draft = drafts.create(member=leaver, business=first_business(workspace), given=content(), now=NOW)
    held = threading.Event()

    def save():
        lock([draft.pk])
        held.set()
        time.sleep(0.5)  # by now the other has locked the workspace and waits for the draft
        return drafts.save(
            member=heir, invoice_id=draft.pk, version=draft.version, given=content(), now=AFTER
        )

    def leave():
        held.wait(30)
        membership.leave(member=leaver, successor_id=heir.membership_id, now=AFTER)

    answers = at_once(inside(workspace, save), inside(workspace, leave))
    assert refusals(answers) == []
    with in_workspace(workspace.pk):
        assert Invoice.objects.get(pk=draft.pk).assigned_to_id == heir.user_id


def test_a_verdict_on_a_certificate_does_not_hold_up_who_signs_with_it(workspace):
    """Signing adds rows that point at the certificate."""
    invoice = make_ready(workspace)
    placed = order(workspace, invoice)
    issue_it = issuing_of(workspace, placed)
    with in_workspace(workspace.pk):
        certificate = Certificate.objects.get()
    locked, done = threading.Event(), threading.Event()

    def decide():
        services.decide(certificate.pk, now=AFTER)
        locked.set()
        assert done.wait(20), "who signs waits for the verdict's transaction"

    def sign():
        locked.wait(30)
        answer = issue_it()
        done.set()
        return answer

    answers = at_once(inside(workspace, decide), sign)
    assert refusals(answers) == []
    assert len(answers[1].issued) == 1
