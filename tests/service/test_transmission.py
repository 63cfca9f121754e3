"""From issued to accepted against a real sandbox: each once, and both books say the same."""

from threading import Thread

import pytest
from django.db import connections
from own_database import own_database
from service_world import NOW, acting, member_client
from signing_world import make_ready, order, signed
from transmission_world import LATER, connect, make_company, open_office, same_books, transmit

from dojang.service.certificates.models import SealedRandom
from dojang.service.invoices import issuing, transmitting
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import claiming
from dojang.service.transmission.models import HeldInvoice, Submission, SubmissionItem, SubmissionState
from dojang.service.transmission.way_out import WayOut


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def authority(db, monkeypatch, tmp_path, sandbox):
    return connect(monkeypatch, tmp_path / "data", sandbox)


@pytest.fixture
def company(authority):
    return make_company(authority)


def test_what_is_due_is_sent_and_accepted(sandbox, company):
    invoices = company.issue(3)
    assert not transmit(sandbox)
    assert company.states() == [State.ACCEPTED] * 3
    row = company.row(invoices[0])
    assert (row.result_code, row.sent_at, row.delivered_on) == ("SUC001", LATER, row.written_on)
    assert company.actions(invoices[0]) == ["create", "finish", "issue", "submit", "accept"]
    same_books(sandbox, company)


def test_what_is_not_due_waits(sandbox, company):
    company.issue()
    transmit(sandbox, at=sandbox.clock.now)
    assert company.states() == [State.ISSUED]


def test_a_settled_submission_keeps_neither_message_nor_r(sandbox, company):
    company.issue(2)
    transmit(sandbox)
    submission = Submission.objects.get()
    assert (submission.state, submission.message, submission.next_look_at) == (
        SubmissionState.SETTLED, None, None,
    )  # fmt: skip
    with in_workspace(company.workspace.pk):
        assert not SealedRandom.objects.filter(erased_at=None).exists()
        assert list(SubmissionItem.objects.values_list("result_codes", flat=True)) == [["SUC001"]] * 2


def test_one_message_carries_invoices_of_several_workspaces_and_each_sees_its_own(
    sandbox, authority, company
):
    other = make_company(authority, "새벽상사", serial=8)
    company.issue(2)
    other.issue(2)
    transmit(sandbox)
    [submission] = Submission.objects.all()
    assert submission.count == 4
    assert company.states() == other.states() == [State.ACCEPTED] * 2
    for one in (company, other):
        with in_workspace(one.workspace.pk):
            assert SubmissionItem.objects.count() == 2
    same_books(sandbox, company, other)


def test_more_than_a_package_holds_goes_in_several(sandbox, company, monkeypatch):
    monkeypatch.setattr(claiming, "MAX_INVOICES", 2)
    company.issue(5)
    transmit(sandbox)
    assert sorted(Submission.objects.values_list("count", flat=True)) == [1, 2, 2]
    assert company.states() == [State.ACCEPTED] * 5
    same_books(sandbox, company)


def test_a_package_is_bounded_in_size_too(sandbox, company, monkeypatch):
    monkeypatch.setattr(claiming, "MOST_BYTES", 1)
    company.issue(2)
    transmit(sandbox)
    assert list(Submission.objects.values_list("count", flat=True)) == [1, 1]
    same_books(sandbox, company)


def test_issued_under_another_registration_it_is_held_and_told(sandbox, company, monkeypatch):
    [invoice] = company.issue()
    monkeypatch.setattr(claiming, "way_out", lambda: WayOut("sandbox", "42000001"))
    transmit(sandbox)
    held = HeldInvoice.objects.get()
    assert (held.code, held.issue_id) == ("another_registration", invoice.issue_id)
    assert "등록번호" in held.ko
    assert company.states() == [State.ISSUED]


def test_one_that_is_held_says_so_on_its_own_page(sandbox, company, monkeypatch):
    held, other = company.issue(2)
    monkeypatch.setattr(claiming, "way_out", lambda: WayOut("sandbox", "42000001"))
    transmit(sandbox)
    HeldInvoice.objects.filter(invoice_number=other.pk).delete()
    browser = member_client(company.workspace)
    page = browser.get(f"/w/{company.workspace.slug}/invoices/{held.pk}/").content.decode()
    assert "국세청에 보내지 못하고 보류 중입니다." in page
    assert "승인번호의 등록번호가 지금의 전송 설정과 달라" in page
    assert "[발행취소]로 취소하고 다시 발행해 주세요" in page
    page = browser.get(f"/w/{company.workspace.slug}/invoices/{other.pk}/").content.decode()
    assert "보류 중" not in page


def test_one_that_was_held_goes_once_the_operator_has_mended_it(sandbox, company):
    [invoice] = company.issue()
    with in_workspace(company.workspace.pk):
        row = SealedRandom.objects.get(erased_at=None)
        sealed = bytes(row.sealed)
        SealedRandom.objects.filter(pk=row.pk).update(sealed=b"damaged")
    transmit(sandbox)
    assert HeldInvoice.objects.count() == 1
    with in_workspace(company.workspace.pk):
        SealedRandom.objects.filter(pk=row.pk).update(sealed=sealed)
    transmit(sandbox, at=sandbox.clock.later(minutes=11))
    assert company.row(invoice).state == State.ACCEPTED
    assert not HeldInvoice.objects.exists()


def test_what_was_issued_for_the_other_way_out_is_never_sent_on_this_one(sandbox, company, monkeypatch):
    monkeypatch.setattr(issuing, "way_out", lambda: WayOut("nts", "41000000"))
    company.issue()
    transmit(sandbox)
    assert company.states() == [State.ISSUED]
    assert sandbox.store.submission_count() == 0


# R, while somebody signs with the same sealing at the same time.


@pytest.fixture
def committed(monkeypatch, tmp_path, sandbox, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), own_database("seals"):
        yield make_company(connect(monkeypatch, tmp_path / "data", sandbox))
        connections.close_all()


def test_r_that_somebody_is_just_signing_with_is_not_forgotten(sandbox, committed):
    signer = committed.owner.signer()
    first, second = make_ready(committed.workspace), make_ready(committed.workspace)
    placed = [signed(order(committed.workspace, one), committed.owner) for one in (first, second)]
    member = acting(committed.workspace)
    with in_workspace(committed.workspace.pk):
        issuing.issue(member=member, signer=signer, signed=placed[0], now=NOW)
    sandbox.clock.now = LATER
    with in_workspace(committed.workspace.pk):
        issuing.issue(member=member, signer=signer, signed=placed[1], now=NOW)
        thread = Thread(target=_cancel_first, args=(committed, first))
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()  # it waits until the second issue is committed
    thread.join(20)
    transmit(sandbox)
    assert committed.states() == [State.CANCELLED, State.ACCEPTED]
    same_books(sandbox, committed)


def _cancel_first(company, invoice) -> None:
    try:
        with in_workspace(company.workspace.pk):
            row = Invoice.objects.get(pk=invoice.pk)
            transmitting.cancel(
                member=acting(company.workspace), invoice_id=row.pk, version=row.version, now=LATER
            )
    finally:
        connections.close_all()


def test_r_that_was_just_forgotten_is_sealed_anew_by_who_signs_with_it(sandbox, committed):
    signer = committed.owner.signer()
    first, second = make_ready(committed.workspace), make_ready(committed.workspace)
    placed = [signed(order(committed.workspace, one), committed.owner) for one in (first, second)]
    member = acting(committed.workspace)
    with in_workspace(committed.workspace.pk):
        issuing.issue(member=member, signer=signer, signed=placed[0], now=NOW)
    transmit(sandbox)
    with in_workspace(committed.workspace.pk):
        issuing.issue(member=member, signer=signer, signed=placed[1], now=NOW)
    transmit(sandbox)
    assert committed.states() == [State.ACCEPTED] * 2
    same_books(sandbox, committed)
