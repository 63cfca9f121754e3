"""A list of Hometax is looked at before anything changes, taken over once, and never overwrites what is here."""

import json
import secrets as random
import struct
import threading
import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from hometax_world import (
    HEADINGS,
    OTHER,
    OURS,
    THIRD,
    a_list,
    again,
    issue_id,
    looked,
    plain_id,
    records,
    row,
    rows_of,
    taken,
    upload,
    workspace_of_list,
)
from list_world import add_invoice
from service_world import NOW, acting, add_member, first_business, make_business
from spreadsheet_files import xls, xlsx

from dojang.etax import Invoice as Document
from dojang.service import workbooks
from dojang.service.counterparties.models import Counterparty
from dojang.service.hometax import chunks, importing, looking, reading, taking
from dojang.service.hometax.errors import ListTooLarge, ListUnreadable, NoSuchList, NotNow, RowsGone
from dojang.service.hometax.models import ListChunk, ListImport, ListRow, ListState, Verdict
from dojang.service.invoices.states import State
from dojang.service.records import content
from dojang.service.records import taking as records_taking
from dojang.service.records.models import Record, RecordEvent, Side, Source
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return workspace_of_list()


def test_looking_counts_and_changes_nothing(ours):
    found = looked(ours, row(1), row(2), row(3, 합계금액="1"), row(4, 공급자사업자등록번호=THIRD))
    assert found.state == ListState.LOOKED
    assert found.counts == {"new": 2, "wrong": 1, "other": 1}
    assert (found.first_day, found.last_day) == (date(2026, 11, 10), date(2026, 11, 10))
    assert found.file is None
    assert records(ours) == []
    wrong = next(one for one in rows_of(ours, found) if one.verdict == Verdict.WRONG)
    assert [(one["place"], one["code"], one["suggestion"]) for one in wrong.findings] == [
        ("O9", "totals_disagree", "1,100,000")
    ]


def test_what_is_taken_over_is_a_document_issued_elsewhere(ours):
    with in_workspace(ours.pk):
        known = Counterparty.objects.create(workspace=ours, name="(주)큰솔상사", number=OTHER)
    found = taken(ours, row(1, 품목공급가액="400,000", 품목세액="40,000"))
    assert (found.state, found.taken) == (ListState.DONE, 1)
    [record] = records(ours)
    assert (record.side, record.source, record.way_out, record.sha256) == (
        Side.SALES,
        Source.HOMETAX,
        "nts",
        "",
    )
    assert (record.issue_id, record.party_number, record.party_name) == (plain_id(), OTHER, "(주)큰솔상사")
    assert (record.issued_on, record.sent_on) == (date(2026, 11, 10), date(2026, 11, 11))
    assert (record.total_amount, record.item_count, record.counterparty_id) == (1_100_000, 2, known.pk)
    with in_workspace(ours.pk):
        assert records_taking.document_of(record).derived_totals.total_amount == 1_100_000
        assert list(record.events.values_list("action", flat=True)) == ["listed"]
    [shown] = rows_of(ours, found)
    assert shown.record == record


def test_a_list_of_purchases_brings_purchases(ours):
    mine = {"공급자사업자등록번호": OTHER, "공급받는자사업자등록번호": OURS}
    taken(ours, row(1, **mine), title="매입 전자세금계산서 목록조회")
    [record] = records(ours)
    assert (record.side, record.party_number, record.check_state) == (Side.PURCHASE, OTHER, "to_check")


def test_between_two_of_ours_it_is_a_sale_and_a_purchase(ours):
    make_business(ours, OTHER)
    taken(ours, row(1), title="")
    assert sorted(one.side for one in records(ours)) == ["purchase", "sales"]


def test_the_same_file_twice_brings_nothing_more(ours):
    taken(ours, row(1), row(2))
    found = taken(ours, row(1), row(2), row(3))
    assert found.counts == {"same": 2, "new": 1}
    assert found.taken == 1
    assert [one.issue_id for one in records(ours)] == [plain_id(1), plain_id(2), plain_id(3)]


def test_the_same_document_twice_in_one_file_is_taken_once(ours):
    sheet = a_list(row(1), row(2))
    found = taken(ours, content=xlsx(*sheet, sheets={"둘째": sheet}))
    assert (found.counts, found.taken) == ({"new": 4}, 2)


def test_what_is_here_otherwise_is_shown_and_left_as_it_is(ours):
    taken(ours, row(1))
    found = taken(
        ours, row(1, 공급가액="2,000,000", 세액="200,000", 합계금액="2,200,000", 작성일자="2026-11-11")
    )
    [shown] = rows_of(ours, found)
    assert shown.verdict == Verdict.DIFFERENT
    assert shown.differences == [
        ["written_on", "2026-11-10", "2026-11-11"],
        ["supply_amount", 1_000_000, 2_000_000],
        ["tax_amount", 100_000, 200_000],
        ["total_amount", 1_100_000, 2_200_000],
    ]
    [record] = records(ours)
    assert (shown.record, record.total_amount) == (record, 1_100_000)


def test_our_own_invoices_are_compared_and_those_that_the_list_lacks_are_told(ours):
    business = first_business(ours)
    day = date(2026, 11, 10)
    given = {"number": OTHER, "supply": 1_000_000, "tax": 100_000, "written_on": day, "way_out": "nts"}
    add_invoice(ours, business, state=State.ACCEPTED, issue_id=plain_id(1), **given)
    add_invoice(ours, business, state=State.REJECTED, issue_id=plain_id(2), **given)
    lost = add_invoice(ours, business, state=State.ACCEPTED, issue_id=plain_id(3), **given)
    add_invoice(ours, business, state=State.ACCEPTED, issue_id=plain_id(4), kind="0301", **given | {"tax": 0})
    add_invoice(ours, business, state=State.ACCEPTED, issue_id=plain_id(5), **given | {"way_out": "sandbox"})
    # Issued for another as its broker: it stands in the other's list.
    add_invoice(ours, business, state=State.ACCEPTED, issue_id=plain_id(7), kind="0103", **given)
    late = given | {"written_on": date(2026, 11, 12)}
    add_invoice(ours, business, state=State.ACCEPTED, issue_id=plain_id(6), **late)
    found = taken(ours, row(1), row(2), row(9))
    assert found.counts == {"same": 1, "different": 1, "new": 1, "missing": 1}
    shown = {one.verdict: one for one in rows_of(ours, found)}
    assert shown[Verdict.DIFFERENT].differences == [["state", "rejected", "accepted"]]
    assert shown[Verdict.MISSING].invoice_id == lost.pk
    assert [one.issue_id for one in records(ours)] == [plain_id(9)]


def test_a_signed_document_that_comes_later_completes_the_entry(ours, monkeypatch):
    from record_world import authority_of, document, signed
    from record_world import upload as upload_xml

    authority_of(monkeypatch)
    buyer = workspace_of_list(OTHER)
    one = document(supplier={"business_number": OURS, "name": "한빛상사", "representative": "김하나"},
                   buyer={"kind": "business", "number": OTHER, "name": "(주)큰솔상사", "representative": "박큰솔"},
                   issue_id=plain_id(1))  # fmt: skip
    taken(buyer, row(1), title="매입 목록")
    upload_xml(buyer, signed(one, by=OURS))
    [record] = records(buyer)
    assert record.sha256
    with in_workspace(buyer.pk):
        assert list(record.events.values_list("action", flat=True)) == ["listed", "completed"]
    again_listed = taken(buyer, row(1), title="매입 목록")
    assert again_listed.counts == {"same": 1}


def test_numbers_of_persons_are_encrypted_everywhere(ours):
    person, foreigner = "9001011234567", "M98765432"
    found = taken(
        ours,
        row(1, 공급받는자사업자등록번호="900101-1234567"),
        row(2, 공급받는자사업자등록번호="9999999999999", 비고=foreigner),
        row(3, 공급받는자사업자등록번호="900101-1******"),
        row(4, 공급받는자사업자등록번호="900101-1234567", 세액="만원"),
    )
    assert found.counts == {"new": 3, "wrong": 1}
    with in_workspace(ours.pk):
        whole, foreign, hidden = Record.objects.order_by("pk")
        assert content.whole(whole).buyer.number == person
        assert content.whole(foreign).remarks[0] == foreigner
        assert (hidden.secret, hidden.party_hmac, hidden.party_kind) == (None, "", "individual")
        kept = [
            json.dumps(list(model.objects.values()), default=repr)
            for model in (Record, ListImport, ListRow, ListChunk, RecordEvent)
        ]
    for text in kept:
        assert not any(one in text for one in (person, "900101-1234567", "1234567", foreigner))


def test_an_xls_and_sheets_that_begin_further_in_are_read_alike(ours):
    sheet = a_list(row(1), row(2))
    assert looked(ours, content=xls(*sheet)).counts == {"new": 2}
    moved = looked(ours, content=xlsx(*[*sheet, row(3, 합계금액="1")], at=(3, 2)))
    assert moved.counts == {"new": 2, "wrong": 1}
    [wrong] = [one for one in rows_of(ours, moved) if one.verdict == Verdict.WRONG]
    assert wrong.findings[0]["place"] == "Q12"


def test_further_sheets_that_are_no_lists_are_passed_over(ours):
    items = [["승인번호", "품목순번", "일자", "품목명"], [issue_id(), 1, "2026-11-10", "복사용지"]]
    found = looked(ours, content=xlsx(*a_list(row(1)), sheets={"품목": items}))
    assert (found.state, found.counts) == (ListState.LOOKED, {"new": 1})


def test_a_list_without_documents_is_read(ours):
    found = looked(ours)
    assert (found.state, found.counts, found.first_day) == (ListState.LOOKED, {}, None)


@pytest.mark.parametrize("rows", [[["이름", "값"], [1, 2]], [[]], [list(HEADINGS[4:])]])
def test_a_workbook_that_is_no_list_is_refused_with_a_reason(ours, rows):
    found = looked(ours, content=xlsx(*rows))
    assert (found.state, found.refusal, found.file) == (
        ListState.REFUSED,
        "hometax_list_without_headings",
        None,
    )


def bomb():
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<a/>")
    data = bytearray(file.getvalue())
    place = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 24, 0xF0000000)
    return bytes(data)


def test_hostile_files_are_refused_before_or_while_they_are_read(ours, monkeypatch):
    for data in (b"", b"PK\x03\x04 no zip", b"<html><table></table></html>", b"\x00" * 100):
        with pytest.raises(ListUnreadable):
            upload(ours, content=data)
    with pytest.raises(ListTooLarge):
        upload(ours, content=bomb())
    monkeypatch.setattr(reading, "MOST_BYTES", 1000)
    with pytest.raises(ListTooLarge):
        upload(ours, content=xlsx(*a_list(row(1))))
    monkeypatch.undo()
    torn = looked(ours, content=xls(*a_list(row(1)))[:600])
    assert (torn.state, torn.refusal) == (ListState.REFUSED, "hometax_list_unreadable")
    noise = looked(ours, content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.token_bytes(4000))
    assert (noise.state, noise.refusal) == (ListState.REFUSED, "hometax_list_unreadable")


def test_a_cell_in_the_last_corner_takes_no_memory_of_ours(ours):
    import xlsxwriter

    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "승인번호")
        sheet.write_string(1_048_575, 16_383, "!")
    found = looked(ours, content=file.getvalue())
    assert (found.state, found.refusal) == (ListState.REFUSED, "hometax_list_too_large")


def test_nothing_but_rows_of_businesses_that_one_may_write_for_is_seen(ours):
    second = make_business(ours, OTHER)
    clerk = add_member(ours, Role.VIEWER, business_roles={second: Role.WRITER})
    with pytest.raises(PermissionDenied):
        upload(ours, row(1), member=add_member(ours, Role.VIEWER))
    found = looked(ours, row(1), row(2, 공급받는자사업자등록번호=THIRD), member=clerk, title="")
    assert found.counts == {"new": 1, "other": 1}
    assert found.business_ids == [second.pk]
    with in_workspace(ours.pk):
        importing.list_for(acting(ours), found.pk)
        others = importing.upload(
            member=acting(ours), content=xlsx(*a_list(row(1))), file_name="\x00a\nb", now=NOW
        )
        assert others.file_name == "a b"
        with pytest.raises(NoSuchList):
            importing.list_for(clerk, others.pk)
        with pytest.raises(NoSuchList):
            importing.start(member=clerk, list_id=others.pk, now=NOW)


def test_only_what_was_looked_at_is_taken_over_and_pressing_twice_is_once(ours):
    found = upload(ours, row(1))
    member = acting(ours)
    with in_workspace(ours.pk), pytest.raises(NotNow):
        importing.start(member=member, list_id=found.pk, now=NOW)
    looking.read_list(ours.pk, found.pk, clock=lambda: NOW)
    with in_workspace(ours.pk):
        importing.start(member=member, list_id=found.pk, now=NOW)
        importing.start(member=member, list_id=found.pk, now=NOW)
        with pytest.raises(NotNow):
            importing.drop(member=member, list_id=found.pk, now=NOW)
    taking.take_list(ours.pk, found.pk, clock=lambda: NOW)
    taking.take_list(ours.pk, found.pk, clock=lambda: NOW)
    assert (again(ours, found).taken, len(records(ours))) == (1, 1)


def test_a_worker_killed_while_reading_begins_anew_and_one_that_was_overtaken_writes_nothing(
    ours, monkeypatch
):
    monkeypatch.setattr(looking, "PORTION", 2)
    found = upload(ours, *(row(serial) for serial in range(1, 8)))
    real = looking.Comparison
    calls = []

    class Killed(Exception):
        pass

    def die(*values):
        calls.append(1)
        if len(calls) == 3:
            raise Killed
        return real(*values)

    monkeypatch.setattr(looking, "Comparison", die)
    with pytest.raises(Killed):
        looking.read_list(ours.pk, found.pk, clock=lambda: NOW)
    half = again(ours, found)
    assert (half.state, half.counts) == (ListState.READING, {"new": 4})
    looking.read_list(ours.pk, found.pk, clock=lambda: NOW)
    whole = again(ours, found)
    assert (whole.state, whole.counts, whole.run) == (ListState.LOOKED, {"new": 7}, 2)
    with in_workspace(ours.pk):
        assert found.chunks.count() == 4
        begun = ListImport.objects.get(pk=found.pk)
        begun.run = 1
    late = looking._Reader(begun, lambda: NOW)
    late._portion = [chunks.Kept(7, 0, [])]
    with pytest.raises(looking._Overtaken):
        late._store()


def test_a_worker_killed_while_taking_over_goes_on_where_it_stopped(ours, monkeypatch):
    monkeypatch.setattr(looking, "PORTION", 2)
    found = looked(ours, *(row(serial) for serial in range(1, 8)))
    with in_workspace(ours.pk):
        importing.start(member=acting(ours), list_id=found.pk, now=NOW)
    real = taking._link
    calls = []

    def die(*values):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(*values)

    monkeypatch.setattr(taking, "_link", die)
    with pytest.raises(KeyboardInterrupt):
        taking.take_list(ours.pk, found.pk, clock=lambda: NOW)
    assert (again(ours, found).taken, len(records(ours))) == (4, 4)
    taking.take_list(ours.pk, found.pk, clock=lambda: NOW)
    done = again(ours, found)
    assert (done.state, done.taken, len(records(ours))) == (ListState.DONE, 7, 7)


def test_a_document_that_comes_in_the_same_moment_is_taken_once(ours, monkeypatch):
    found = looked(ours, row(1), row(2))
    with in_workspace(ours.pk):
        importing.start(member=acting(ours), list_id=found.pk, now=NOW)
    real = taking._make
    calls = []

    def late(*values):
        calls.append(1)
        if len(calls) == 1:
            raise IntegrityError
        return real(*values)

    monkeypatch.setattr(taking, "_make", late)
    taking.take_list(ours.pk, found.pk, clock=lambda: NOW)
    assert (len(calls), len(records(ours))) == (2, 2)


def test_lists_that_nobody_works_on_are_asked_for_again_and_rows_are_forgotten_in_time(ours, monkeypatch):
    asked = []
    monkeypatch.setattr(importing.deferring, "read_list", lambda *ids: asked.append(("read", *ids)))
    monkeypatch.setattr(importing.deferring, "take_list", lambda *ids: asked.append(("take", *ids)))
    waiting = upload(ours, row(1))
    done = looked(ours, row(2))
    asked.clear()
    later = NOW + timedelta(minutes=3)
    assert crossing.hometax_workspaces(later - importing.STALE, later) == [ours.pk]
    assert crossing.hometax_workspaces(NOW - importing.STALE, NOW) == []
    importing.waiting(ours.pk, now=later)
    assert asked == [("read", ours.pk, waiting.pk)]
    with in_workspace(ours.pk):
        importing.drop(member=acting(ours), list_id=waiting.pk, now=later)
    assert again(ours, waiting).file is None
    after = NOW + importing.KEPT + timedelta(minutes=1)
    assert crossing.hometax_workspaces(after - importing.STALE, after) == [ours.pk]
    importing.forget_old(ours.pk, now=after)
    assert crossing.hometax_workspaces(after - importing.STALE, after) == []
    with in_workspace(ours.pk):
        assert ListChunk.objects.count() == 0
        with pytest.raises(RowsGone):
            importing.start(member=acting(ours), list_id=done.pk, now=after)
    assert again(ours, done).counts == {"new": 1}


def test_nothing_is_written_in_a_closed_workspace(ours):
    found = upload(ours, row(1))
    with in_workspace(ours.pk):
        Workspace.objects.update(closed_at=NOW)
    looking.read_list(ours.pk, found.pk, clock=lambda: NOW)
    assert again(ours, found).state == ListState.WAITING


def test_what_is_kept_of_a_list_says_exactly_what_was_read(ours):
    looked(ours, row(1))
    with in_workspace(ours.pk):
        [kept] = chunks.unpack(ListChunk.objects.get().rows, workspace_id=ours.pk)
    assert kept.cells == [cell or None for cell in row(1)][: len(kept.cells)]
    assert isinstance(kept.whole(), Document)
    assert "큰솔" not in repr(kept)


def test_a_file_that_ends_every_worker_is_given_up(ours, monkeypatch):
    found = upload(ours, row(1))

    def die(_content):
        raise KeyboardInterrupt

    monkeypatch.setattr(looking.reading, "rows", die)
    for _ in range(5):
        with pytest.raises(KeyboardInterrupt):
            looking.read_list(ours.pk, found.pk, clock=lambda: NOW)
    looking.read_list(ours.pk, found.pk, clock=lambda: NOW)
    given_up = again(ours, found)
    assert (given_up.state, given_up.refusal, given_up.file) == (
        ListState.REFUSED,
        "hometax_list_unreadable",
        None,
    )


def test_whoever_reads_slowly_is_waited_for(monkeypatch):
    cancelled = []

    class Timer(threading.Timer):
        def cancel(self):
            cancelled.append(self.interval)
            super().cancel()

    monkeypatch.setattr(workbooks.threading, "Timer", Timer)
    lines = reading.rows(xlsx(*a_list(row(1))))
    assert next(lines) == (0, ["매출 전자세금계산서 목록조회"])
    assert cancelled == [reading._BOUNDS.seconds]
    assert len(list(lines)) == 6
