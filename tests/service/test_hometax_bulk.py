"""Drafts given out for Hometax are held: nothing is issued twice."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from hometax_world import (
    OTHER,
    OURS,
    THIRD,
    again,
    looked,
    plain_id,
    records,
    row,
    rows_of,
    taken,
    workspace_of_list,
)
from list_world import add_invoice
from python_calamine import CalamineWorkbook
from service_world import NOW, acting, add_member, first_business, make_business
from signing_world import content

from dojang.service.audit.models import Event
from dojang.service.hometax import bulk
from dojang.service.hometax.bulk import Options
from dojang.service.hometax.errors import InHometaxFile, NothingChosen, NothingToWrite
from dojang.service.hometax.models import BulkInvoice, Verdict
from dojang.service.invoices import drafts, guards
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.reverse.models import IncomingReverse
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return workspace_of_list()


def draft(workspace, *, business=None, finished=False, **values) -> Invoice:
    member = acting(workspace)
    buyer = {"kind": "business", "number": OTHER, "name": "(주)큰솔상사", "representative": "박큰솔"}
    given = content(written_on="2026-11-10", buyer=buyer, **values)
    given["items"] = [item | {"supplied_on": "2026-11-10"} for item in given["items"]]
    with in_workspace(workspace.pk):
        made = drafts.create(
            member=member, business=business or first_business(workspace), given=given, now=NOW
        )
        if finished:
            made = drafts.finish(member=member, invoice_id=made.pk, version=made.version, now=NOW)
    return made


def made(workspace, *invoices, member=None, now=NOW, **options):
    with in_workspace(workspace.pk):
        return bulk.make(
            member=member or acting(workspace),
            invoice_ids=[one.pk for one in invoices],
            options=Options(**options),
            now=now,
        )


def look(workspace, *invoices, **options):
    with in_workspace(workspace.pk):
        return bulk.look(
            member=acting(workspace),
            invoice_ids=[one.pk for one in invoices],
            options=Options(**options),
            now=NOW,
        )


def refusals(workspace, *invoices, action=Action.ISSUE):
    with in_workspace(workspace.pk):
        return guards.refusals(action, invoices, member=acting(workspace), now=NOW)


def sheet(data):
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_drafts_become_a_file_that_hometax_can_read(ours):
    found = made(ours, draft(ours), draft(ours, finished=True))
    assert (found.count, found.name) == (2, f"홈택스일괄발급_{OURS}_20261120.xlsx")
    rows = sheet(found.content)
    assert len(rows) == 8
    assert rows[5][0].startswith("전자(세금)계산서 종류")
    assert len(rows[5]) == 59
    assert rows[6][:3] == ["01", "20261110", OURS]
    assert rows[6][19:21] == [1_000_000, 100_000]
    assert rows[6][58] == "02"


def test_a_document_in_a_file_is_not_issued_here_until_somebody_says_that_it_was_not_issued_there(ours):
    one, other = draft(ours, finished=True), draft(ours, finished=True)
    made(ours, one)
    assert {key: type(error) for key, error in refusals(ours, one, other).items()} == {one.pk: InHometaxFile}
    assert "2026-11-20" in refusals(ours, one)[one.pk].text("ko")
    assert refusals(ours, one, action=Action.EDIT) == {}
    with in_workspace(ours.pk):
        assert [row.invoice_id for row in bulk.waiting(acting(ours))] == [one.pk]
        assert bulk.release(member=acting(ours), invoice_ids=[one.pk], now=NOW) == 1
        with pytest.raises(NothingChosen):
            bulk.release(member=acting(ours), invoice_ids=[one.pk], now=NOW)
    assert refusals(ours, one) == {}


def test_it_is_not_put_into_a_second_file_unless_asked_for(ours):
    one = draft(ours)
    made(ours, one)
    [looked_at] = look(ours, one)
    assert (looked_at.fits, looked_at.held.invoice_id) == (False, one.pk)
    with pytest.raises(NothingToWrite):
        made(ours, one)
    made(ours, one, again=True, now=NOW + timedelta(hours=1))
    with in_workspace(ours.pk):
        assert BulkInvoice.objects.filter(released_at=None).count() == 1


def test_the_history_says_that_it_was_put_into_a_file(ours):
    one = draft(ours)
    made(ours, one)
    with in_workspace(ours.pk):
        assert list(
            Event.objects.filter(invoice=one).order_by("sequence").values_list("action", flat=True)
        ) == [
            "create",
            "hometax_file",
        ]


def test_what_the_form_cannot_hold_is_told_for_each_and_the_others_are_written(ours):
    good = draft(ours)
    exempt = draft(ours, document_type="0301", items=[{"name": "쌀", "supply_amount": 1000}])
    half = draft(ours, items=[])
    many = draft(
        ours, items=[{"name": f"품목{at}", "supply_amount": 1000, "tax_amount": 100} for at in range(6)]
    )
    issued = add_invoice(ours, first_business(ours), state=State.ACCEPTED)
    found = {one.invoice.pk: one for one in look(ours, good, exempt, half, many, issued)}
    assert found[good.pk].fits
    assert [one.code for one in found[exempt.pk].findings] == ["kind_not_in_bulk"]
    assert not found[half.pk].fits
    assert [one.code for one in found[many.pk].findings] == ["too_many_items"]
    assert found[issued.pk].refusal.code == "only_drafts_for_hometax"
    assert made(ours, good, exempt, half, many, issued).count == 1
    assert made(ours, many, combine=True).count == 1


def test_more_than_a_hundred_and_several_businesses_are_several_files_in_one_zip(ours, monkeypatch):
    second = make_business(ours, THIRD)
    some = [draft(ours) for _ in range(3)]
    theirs = draft(ours, business=second)
    monkeypatch.setattr(
        bulk.form, "parts", lambda rows: iter([rows[:2], rows[2:]] if len(rows) > 2 else [rows])
    )
    found = made(ours, *some, theirs)
    with ZipFile(BytesIO(found.content)) as archive:
        assert archive.namelist() == [
            f"홈택스일괄발급_{OURS}_20261120_1.xlsx",
            f"홈택스일괄발급_{OURS}_20261120_2.xlsx",
            f"홈택스일괄발급_{THIRD}_20261120.xlsx",
        ]
        assert len(sheet(archive.read(archive.namelist()[0]))) == 8


def test_only_who_may_issue_makes_releases_and_closes(ours):
    one = draft(ours)
    writer = add_member(ours, Role.WRITER)
    with pytest.raises(PermissionDenied):
        made(ours, one, member=writer)
    made(ours, one)
    with in_workspace(ours.pk), pytest.raises(PermissionDenied):
        bulk.release(member=writer, invoice_ids=[one.pk], now=NOW)
    found = taken(ours, row(1))
    with in_workspace(ours.pk), pytest.raises(PermissionDenied):
        bulk.close(member=writer, row_ids=[one.pk for one in rows_of(ours, found)], now=NOW)
    with in_workspace(ours.pk), pytest.raises(NothingChosen):
        bulk.look(member=acting(ours), invoice_ids=[], options=Options(), now=NOW)


def test_a_draft_that_the_list_shows_is_offered_to_be_closed_and_its_history_says_why(ours):
    one, twin = draft(ours), draft(ours)
    made(ours, one)
    seen = looked(ours, row(1), row(2), row(3))
    assert seen.counts == {"draft": 2, "new": 1}
    shown = [each for each in rows_of(ours, seen) if each.verdict == Verdict.DRAFT]
    assert {each.invoice_id for each in shown} == {one.pk, twin.pk}
    with in_workspace(ours.pk):
        assert bulk.close(member=acting(ours), row_ids=[each.pk for each in shown], now=NOW) == 0

    found = taken(ours, row(1), row(2), row(3))
    assert len(records(ours)) == 3
    shown = [each for each in rows_of(ours, found) if each.verdict == Verdict.DRAFT]
    with in_workspace(ours.pk):
        assert bulk.close(member=acting(ours), row_ids=[each.pk for each in shown], now=NOW) == 2
        assert bulk.close(member=acting(ours), row_ids=[each.pk for each in shown], now=NOW) == 0
        closed = Invoice.objects.get(pk=one.pk)
        assert closed.deleted_at == NOW
        last = Event.objects.filter(invoice=one).order_by("-sequence")[0]
        assert (last.action, last.data) == ("hometax_issued", {"issue_id": plain_id(1)})
        assert BulkInvoice.objects.get(invoice=one).issue_id == plain_id(1)
        assert bulk.waiting(acting(ours)) == []
    assert again(ours, found).taken == 3


def test_what_a_buyer_asked_for_is_refused_and_not_closed(ours):
    """Closed, its request would still be open, and be signed here as well."""
    one, twin = draft(ours), draft(ours)
    with in_workspace(ours.pk):
        IncomingReverse.objects.create(
            workspace=ours,
            business=first_business(ours),
            document_type=one.document_type,
            written_on=one.written_on,
            origin_workspace=0,
            origin_request=0,
            requester_number=OTHER,
            requester_name="(주)큰솔상사",
            arrived_at=NOW,
            invoice=one,
        )
    shown = rows_of(ours, taken(ours, row(1), row(2)))
    with in_workspace(ours.pk):
        assert bulk.close(member=acting(ours), row_ids=[each.pk for each in shown], now=NOW) == 1
        assert Invoice.objects.get(pk=one.pk).deleted_at is None
        assert Invoice.objects.get(pk=twin.pk).deleted_at == NOW


def test_a_draft_that_was_changed_since_is_left(ours):
    one = draft(ours)
    found = taken(ours, row(1))
    [shown] = rows_of(ours, found)
    with in_workspace(ours.pk):
        Invoice.objects.filter(pk=one.pk).update(total_amount=5)
        assert bulk.close(member=acting(ours), row_ids=[shown.pk], now=NOW) == 0
        assert Invoice.objects.get(pk=one.pk).deleted_at is None
