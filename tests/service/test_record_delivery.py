"""An accepted invoice reaches the buyer's workspace on this server: only who proved the number, once, told to nobody."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from own_database import own_database
from record_world import (
    BUYER,
    STRANGER,
    SUPPLIER,
    accept,
    authority_of,
    business_of,
    document,
    keeper_of,
    records,
    signed,
    upload,
    workspace_of,
)
from service_world import NOW, make_business, member_client
from signing_world import content, issue, make_ready, register
from transmission_world import connect, make_company, open_office, transmit

from dojang.service.certificates.models import Certificate, Verdict
from dojang.service.invoices.models import Invoice
from dojang.service.records import delivering
from dojang.service.records.models import Delivery, Record, RecordEvent, Side, Source
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.web.templatetags.dojang import issue_id
from dojang.service.workspaces.models import Workspace

PARTY = {"kind": "business", "number": BUYER, "name": "한빛상사", "representative": "김하나"}


@pytest.fixture(autouse=True)
def authority(monkeypatch):
    return authority_of(monkeypatch)


@pytest.fixture
def supplier(db, authority):
    return workspace_of(SUPPLIER)


def sell(supplier, *, now=NOW, **values) -> Invoice:
    """An accepted invoice to BUYER."""
    invoice = issued(supplier, now=now, **values)
    accept(supplier, invoice, at=now)
    return invoice


def issued(supplier, *, now=NOW, **values) -> Invoice:
    ready = make_ready(supplier, now=now, **content(**({"buyer": PARTY} | values)))
    result = issue(supplier, keeper_of(SUPPLIER), ready, now=now)
    assert not result.refused
    return result.issued[0][1]


def laid(workspace) -> list[str]:
    with in_workspace(workspace.pk):
        return list(Delivery.objects.values_list("issue_id", flat=True))


def test_an_accepted_invoice_becomes_a_purchase_of_its_buyer(supplier):
    buyer = workspace_of(BUYER)
    invoice = sell(supplier)
    assert laid(buyer) == [invoice.issue_id]
    assert delivering.take_all(now=NOW) == 1
    [record] = records(buyer)
    assert (record.side, record.source, record.way_out) == (Side.PURCHASE, Source.DELIVERED, "sandbox")
    assert (record.issue_id, record.party_number) == (invoice.issue_id, SUPPLIER)
    assert (record.sent_on, record.issued_on) == (NOW.date(), NOW.date())
    assert record.created_by_id is None
    assert laid(buyer) == []
    with in_workspace(supplier.pk):
        assert not Record.objects.exists()


def test_who_only_typed_the_number_gets_nothing(supplier):
    """Anybody can add a business with a stranger's number."""
    thief = workspace_of(BUYER, proved=False)
    sell(supplier)
    assert laid(thief) == []
    with in_workspace(supplier.pk):
        assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": Verdict.PENDING},
        {"verdict": Verdict.MISMATCH},
        {"verdict": Verdict.REFUSED},
        {"removed_at": NOW},
        {"revocation": "revoked"},
        {"not_after": NOW},
        {"not_before": NOW + timedelta(days=1)},
    ],
)
def test_a_certificate_that_proves_nothing_now_opens_nothing(supplier, change):
    thief = workspace_of(BUYER)
    with in_workspace(thief.pk):
        Certificate.objects.update(**change)
    sell(supplier)
    assert laid(thief) == []


def test_a_certificate_of_another_number_opens_only_that_ones(supplier):
    """The thief's own certificate is proven, on the thief's own business; the claimed one has none."""
    thief = workspace_of(STRANGER)
    make_business(thief, BUYER)
    sell(supplier)
    assert laid(thief) == []


def test_a_stolen_looking_certificate_does_not_prove_another_number(supplier):
    """A certificate registered for a business whose number it is not gets the verdict mismatch."""
    thief = workspace_of(BUYER, proved=False)
    assert register(thief, business_of(thief), keeper_of(STRANGER)).verdict == Verdict.MISMATCH
    sell(supplier)
    assert laid(thief) == []


def test_everybody_who_proved_the_number_gets_it(supplier):
    """A company's own workspace and its tax accountant's."""
    company, accountant = workspace_of(BUYER), workspace_of(BUYER)
    sell(supplier)
    assert delivering.take_all(now=NOW) == 2
    assert len(records(company)) == len(records(accountant)) == 1


def test_within_one_workspace_no_proof_is_needed(supplier):
    make_business(supplier, BUYER)
    sell(supplier)
    assert delivering.take_all(now=NOW) == 1
    [record] = records(supplier)
    assert (record.side, record.business.number) == (Side.PURCHASE, BUYER)


def test_a_place_of_business_of_the_buyer_changes_nothing(supplier):
    buyer = workspace_of(BUYER)
    sell(supplier, buyer=PARTY | {"branch_number": "0003"})
    assert len(laid(buyer)) == 1


@pytest.mark.parametrize("put_away", ["archived", "closed"])
def test_what_was_put_away_gets_nothing(supplier, put_away):
    buyer = workspace_of(BUYER)
    with in_workspace(buyer.pk):
        if put_away == "archived":
            business = business_of(buyer)
            business.archived_at = NOW
            business.save(update_fields=["archived_at"])
        else:
            Workspace.objects.update(closed_at=NOW)
    sell(supplier)
    assert laid(buyer) == []


def test_in_a_workspace_that_was_closed_meanwhile_it_waits(supplier):
    buyer = workspace_of(BUYER)
    sell(supplier)
    for closed_at, taken in ((NOW, 0), (None, 1)):
        with in_workspace(buyer.pk):
            Workspace.objects.update(closed_at=closed_at)
        assert delivering.take_all(now=NOW) == taken
        assert len(records(buyer)) == taken


def test_what_was_not_accepted_is_never_delivered(supplier):
    buyer = workspace_of(BUYER)
    invoice = issued(supplier)
    with in_workspace(supplier.pk):
        crossing.deliver([invoice.pk], NOW)
        with in_workspace(supplier.pk):
            Invoice.objects.filter(pk=invoice.pk).update(state="cancelled")
        crossing.deliver([invoice.pk], NOW)
    assert laid(buyer) == []


def test_nobody_delivers_for_another_workspace(supplier):
    buyer = workspace_of(BUYER)
    invoice = sell(supplier)
    with in_workspace(buyer.pk):
        Delivery.objects.all().delete()
        crossing.deliver([invoice.pk], NOW)
    assert laid(buyer) == []


def test_nobody_asks_for_what_was_issued_to_a_business_of_another_workspace(supplier):
    buyer = workspace_of(BUYER)
    sell(supplier)
    with in_workspace(buyer.pk):
        Delivery.objects.all().delete()
    theirs = business_of(buyer).pk
    with in_workspace(supplier.pk):
        crossing.deliver_to(theirs, NOW.date() - timedelta(days=9), NOW)
    assert laid(buyer) == []


def test_delivered_twice_is_once(supplier):
    buyer = workspace_of(BUYER)
    invoice = sell(supplier)
    for _ in range(2):
        with in_workspace(supplier.pk):
            delivering.deliver([invoice.pk], now=NOW)
        delivering.take_all(now=NOW)
    assert len(records(buyer)) == 1


def test_the_sender_learns_nothing(supplier):
    """Whether anybody was found: the call gives the same, and asks for the same job."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    def told():
        invoice = sell(supplier)
        with in_workspace(supplier.pk), connection.cursor() as cursor:
            cursor.execute("SELECT dojang_deliver(%s::bigint[], %s)", [[invoice.pk], NOW])
            answer = cursor.fetchall()
            jobs = ProcrastinateJob.objects.filter(task_name="dojang.take_deliveries").count()
            return answer, jobs, Delivery.objects.count(), Record.objects.count()

    before = told()
    workspace_of(BUYER)
    assert told() == before


def test_a_proof_brings_what_was_issued_in_the_last_year(supplier):
    buyer = workspace_of(BUYER, proved=False)
    invoice = sell(supplier)
    assert laid(buyer) == []
    register(buyer, business_of(buyer), keeper_of(BUYER))
    assert laid(buyer) == [invoice.issue_id]
    delivering.take_all(now=NOW)
    assert len(records(buyer)) == 1
    register(buyer, business_of(buyer), keeper_of(BUYER))
    assert laid(buyer) == []


def test_a_proof_brings_nothing_older(supplier):
    sell(supplier)
    buyer = workspace_of(BUYER, proved=False)
    with in_workspace(buyer.pk):
        crossing.deliver_to(business_of(buyer).pk, NOW.date() + timedelta(days=1), NOW)
    assert laid(buyer) == []


def test_an_upload_before_the_delivery_is_the_same_record_and_learns_when_it_was_sent(supplier):
    buyer = workspace_of(BUYER)
    invoice = issued(supplier)
    with in_workspace(supplier.pk):
        from dojang.service.invoices import documents

        data = documents.unpack(bytes(invoice.signed.document), workspace_id=supplier.pk)
    upload(buyer, data)
    accept(supplier, invoice)
    delivering.take_all(now=NOW)
    [record] = records(buyer)
    assert (record.source, record.sent_on) == (Source.XML, NOW.date())


def test_who_dies_between_delivery_and_record_loses_nothing(supplier, monkeypatch):
    buyer = workspace_of(BUYER)
    sell(supplier)

    def killed(*_args, **_values):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "take", killed)
        with pytest.raises(SystemExit):
            delivering.take_all(now=NOW)
    assert len(laid(buyer)) == 1
    assert records(buyer) == []
    assert delivering.take_all(now=NOW) == 1


def test_one_that_breaks_holds_up_none_of_the_others(supplier, monkeypatch):
    buyer = workspace_of(BUYER)
    first, second = sell(supplier), sell(supplier)
    take = delivering.take

    def breaks(arrival, examined, **values):
        if examined.document.issue_id == first.issue_id:
            raise RuntimeError
        return take(arrival, examined, **values)

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "take", breaks)
        delivering.take_all(now=NOW)
    assert [record.issue_id for record in records(buyer)] == [second.issue_id]
    delivering.take_all(now=NOW)
    assert len(records(buyer)) == 2


def test_one_that_contradicts_what_is_here_waits_for_somebody_and_is_not_tried_for_ever(supplier):
    buyer = workspace_of(BUYER)
    invoice = issued(supplier)
    upload(buyer, signed(document(issue_id=invoice.issue_id)))
    accept(supplier, invoice)
    delivering.take_all(now=NOW)
    with in_workspace(buyer.pk):
        assert Delivery.objects.get().refused == "other_document_with_this_issue_id"
    assert crossing.delivered_workspaces() == []
    page = member_client(buyer).get(f"/w/{buyer.slug}/records/upload/")
    assert issue_id(invoice.issue_id) in page.content.decode()


def test_an_event_tells_that_nobody_brought_it(supplier):
    buyer = workspace_of(BUYER)
    sell(supplier)
    delivering.take_all(now=NOW)
    with in_workspace(buyer.pk):
        event = RecordEvent.objects.get()
    assert (event.action, event.by_id) == ("delivered", None)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


def test_over_the_real_wire_acceptance_delivers(db, sandbox, monkeypatch, tmp_path):
    authority = connect(monkeypatch, tmp_path / "data", sandbox)
    seller = make_company(authority, "(주)큰솔상사", serial=7)
    buyer = make_company(authority, "한빛상사", serial=8)
    party = PARTY | {"number": business_of(buyer.workspace).number}
    [invoice] = seller.issue(buyer=party)
    transmit(sandbox)
    assert laid(buyer.workspace) == [invoice.issue_id]
    delivering.take_all(now=sandbox.clock.now)
    [record] = records(buyer.workspace)
    assert record.issue_id == invoice.issue_id


@pytest.fixture
def committed(monkeypatch, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), own_database("records"):
        authority_of(monkeypatch)
        yield workspace_of(SUPPLIER), workspace_of(BUYER)
        connections.close_all()


def at_once(*works):
    """Each in a thread of its own, all let go in one moment; what any of them raised."""
    gate, raised = Barrier(len(works)), []

    def run(work):
        gate.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 (told to the test)
            raised.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_workers_make_one_record_of_one_delivery(committed):
    supplier, buyer = committed
    for _ in range(3):
        sell(supplier)
    taken = []
    assert at_once(*[lambda: taken.append(delivering.take_all(now=NOW))] * 3) == []
    assert sum(taken) == 3
    assert len(records(buyer)) == 3
    assert laid(buyer) == []


def test_a_delivery_and_uploads_of_the_same_document_at_once_make_one_record(committed):
    supplier, buyer = committed
    invoice = sell(supplier)
    with in_workspace(supplier.pk):
        from dojang.service.invoices import documents

        data = documents.unpack(bytes(invoice.signed.document), workspace_id=supplier.pk)
    works = [lambda: upload(buyer, data)] * 3 + [lambda: delivering.take_all(now=NOW)]
    assert at_once(*works) == []
    [record] = records(buyer)
    with in_workspace(buyer.pk):
        assert record.events.count() == 1
