"""A full export holds everything once, byte for byte, verifiable from itself, and says when it was broken off."""

import hashlib
import io
import json
import subprocess
import zipfile
from datetime import timedelta

import pytest
import python_calamine
from counterparty_world import RESIDENT
from django.core.exceptions import PermissionDenied
from service_world import (
    NOW,
    PASSWORD,
    acting,
    first_business,
    make_business,
    make_user,
    make_workspace,
    member_client,
)
from signing_world import content, issue, keeper, make_ready, register, set_up

from dojang.service.audit import chain
from dojang.service.audit.models import Event, Seal
from dojang.service.exports import making, services, tables
from dojang.service.exports.errors import ExportRunning
from dojang.service.exports.making import Plan
from dojang.service.exports.models import Export
from dojang.service.invoices import documents, drafts
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.tenancy.models import tenant_models
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import WorkspaceEvent
from dojang.service.workspaces.services import closing

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def issued(workspace, monkeypatch, tmp_path):
    """Two issued invoices, one of them to a person, and a draft."""
    business = first_business(workspace)
    who = keeper(set_up(monkeypatch, tmp_path / "data"), business.number)
    register(workspace, business, who)
    person = {"kind": "individual", "number": RESIDENT, "name": "나개인", "representative": "나개인"}
    rows = [make_ready(workspace), make_ready(workspace, buyer=person)]
    issue(workspace, who, *rows)
    with in_workspace(workspace.pk):
        drafts.create(member=acting(workspace), business=business, given=content(remarks=["초안"]), now=NOW)
        chain.seal(at=NOW)
        return list(Invoice.objects.filter(pk__in=[one.pk for one in rows]).order_by("pk"))


def begin(workspace, now=NOW):
    with in_workspace(workspace.pk):
        return services.begin(member=acting(workspace), parts={}, now=now)


def stream(workspace, plan=None, clock=lambda: NOW):
    return making.stream(workspace.pk, begin(workspace), plan or Plan(), clock=clock)


def taken(workspace, **plan):
    return zipfile.ZipFile(io.BytesIO(b"".join(stream(workspace, Plan(**plan)))))


def lines(file, name):
    return [json.loads(line) for line in file.read(f"JSON/{name}.jsonl").splitlines()]


def row_of(workspace):
    with in_workspace(workspace.pk):
        return Export.objects.first()


def test_the_originals_are_there_byte_for_byte(workspace, issued):
    file = taken(workspace)
    with in_workspace(workspace.pk):
        for signed in SignedDocument.objects.select_related("invoice"):
            data = file.read(f"XML/2026-11/{signed.invoice.issue_id}.xml")
            assert data == documents.unpack(bytes(signed.document), workspace_id=workspace.pk)
            assert hashlib.sha256(data).hexdigest() == signed.sha256
    assert sum(name.startswith("XML/") for name in file.namelist()) == 2


def test_other_programs_open_it(workspace, issued, tmp_path):
    path = tmp_path / "export.zip"
    path.write_bytes(b"".join(stream(workspace)))
    done = subprocess.run(["unzip", "-tq", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_spreadsheet_has_a_row_for_each_document(workspace, issued):
    data = taken(workspace).read("세금계산서.xlsx")
    heading, *rows = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    )
    told = [dict(zip(heading, row, strict=False)) for row in rows]
    assert len(told) == 3
    assert told[0]["승인번호"] == issued[0].issue_id
    assert (told[0]["공급가액"], told[0]["세액"], told[0]["합계금액"]) == (1_000_000, 100_000, 1_100_000)
    assert told[0]["공급받는자 상호"] == "(주)새봄"
    assert told[0]["상태"] == "발행완료 · 전송 전"
    assert told[0]["종류"] == "세금계산서"
    assert {row["상태"] for row in told} == {"발행완료 · 전송 전", "임시저장"}


def test_a_resident_number_is_in_the_original_alone(workspace, issued):
    file = taken(workspace)
    inside = [name for name in file.namelist() if RESIDENT.encode() in file.read(name)]
    assert inside == [f"XML/2026-11/{issued[1].issue_id}.xml"]
    masked = next(row for row in lines(file, "invoices") if row["id"] == issued[1].pk)
    assert masked["personal_number"] == f"{RESIDENT[:6]}-*******"
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read("세금계산서.xlsx"))) as book:
        assert RESIDENT not in str(book.get_sheet_by_index(0).to_python())
    assert row_of(workspace).contents["counts"]["resident_numbers"] == 1


def test_the_histories_can_be_verified_from_the_file_alone(workspace, issued):
    """As README.txt says how."""
    file = taken(workspace)
    heads = {}
    for event in sorted(lines(file, "events"), key=lambda one: (one["invoice_id"], one["sequence"])):
        from datetime import datetime

        fields = {
            "workspace": event["workspace_id"], "invoice": event["invoice_id"], "sequence": event["sequence"],
            "at": f"{datetime.fromisoformat(event['at']).timestamp():.6f}", "actor_kind": event["actor_kind"],
            "actor": event["actor_id"], "address": event["address"], "action": event["action"],
            "from": event["from_state"], "to": event["to_state"], "data": event["data"],
            "previous": event["previous_hash"],
        }  # fmt: skip
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == event["hash"]
        assert event["previous_hash"] == heads.get(event["invoice_id"], (0, "0" * 64))[1]
        heads[event["invoice_id"]] = (event["sequence"], event["hash"])
    [seal] = lines(file, "seals")
    assert {(one[0], (one[1], one[2])) for one in seal["heads"]} == set(heads.items())
    with in_workspace(workspace.pk):
        assert (Event.objects.count(), Seal.objects.count()) == (len(lines(file, "events")), 1)


def test_every_table_of_a_workspace_goes_out_or_is_left_out_for_a_reason():
    there = {table.model for table in tables.TABLES}
    every = set(tenant_models())
    assert {one.__name__ for one in every - there} == set(tables.LEFT_OUT)
    names = [table.name for table in tables.TABLES]
    assert len(names) == len(set(names))


def test_nothing_secret_goes_out():
    secret = ("secret", "hmac", "token", "password", "sealed", "random")
    for table in tables.TABLES:
        told = {one.name for one in table.fields()}
        assert not [name for name in told if any(word in name for word in secret)], table.name


def test_the_shape_tells_of_every_field(workspace, issued):
    file = taken(workspace)
    shape = json.loads(file.read("JSON/shape.json"))
    for table in tables.TABLES:
        for row in lines(file, table.name):
            assert set(row) == set(shape[f"{table.name}.jsonl"]["fields"])
    assert len(lines(file, "members")) == 1
    assert lines(file, "members")[0]["person"]["name"] == "김하나"
    assert [row["name"] for row in lines(file, "businesses")] == ["한빛상사"]
    assert lines(file, "invoices")[2]["content"]["remarks"] == ["초안"]


def test_nothing_of_another_workspace_goes_out(workspace, issued):
    other = make_workspace(make_user(name="남"), "남의회사")
    make_business(other, name="남의사업장")
    file = taken(workspace)
    for name in file.namelist():
        assert "남의".encode() not in file.read(name)
    assert len(lines(file, "workspace")) == 1


def test_the_readme_opens_in_a_korean_editor(workspace):
    text = taken(workspace).read("README.txt")
    assert text.startswith(b"\xef\xbb\xbf")
    assert "이력: JSON/events.jsonl".encode() in text
    assert b"\r\n" in text
    assert "{" not in text.decode()


def test_originals_can_be_left_out(workspace, issued):
    assert not [name for name in taken(workspace, xml=False).namelist() if name.startswith("XML/")]


def test_its_beginning_and_its_end_are_written_down(workspace, issued):
    reading = stream(workspace)
    first = row_of(workspace)
    assert (first.ended_at, first.is_whole) == (None, False)
    b"".join(reading)
    last = row_of(workspace)
    assert (last.ended_at, last.is_whole) == (NOW, True)
    assert (last.contents["counts"]["세금계산서"], last.contents["counts"]["XML"]) == (3, 2)
    with in_workspace(workspace.pk):
        assert WorkspaceEvent.objects.filter(action="export").count() == 1


def test_one_that_is_broken_off_is_no_zip_and_its_row_says_so(workspace, issued):
    reading = stream(workspace)
    beginning = next(reading)
    reading.close()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(beginning))
    row = row_of(workspace)
    assert (row.ended_at, row.is_whole) == (NOW, False)
    assert b"".join(stream(workspace))  # and the next one may begin


def test_a_failure_in_the_middle_ends_it_as_broken(workspace, issued, monkeypatch):
    def fail(*_):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(making, "_put", fail)
    with pytest.raises(RuntimeError):
        b"".join(stream(workspace))
    assert row_of(workspace).is_whole is False
    assert row_of(workspace).ended_at is not None


def test_a_second_one_at_the_same_time_is_refused(workspace):
    begin(workspace)
    with pytest.raises(ExportRunning):
        begin(workspace, NOW + timedelta(minutes=4))
    assert begin(make_workspace())  # of another workspace


def test_one_whose_process_died_blocks_for_five_minutes(workspace):
    dead = begin(workspace)
    again = begin(workspace, NOW + timedelta(minutes=5, seconds=1))
    with in_workspace(workspace.pk):
        dead.refresh_from_db()
        assert dead.ended_at is not None
        assert not dead.is_whole
        assert again.ended_at is None


def test_a_long_one_says_that_it_lives(workspace, issued):
    now = [NOW]

    def clock():
        now[0] += timedelta(minutes=1)
        return now[0]

    reading = stream(workspace, clock=clock)
    next(reading)
    next(reading)
    with in_workspace(workspace.pk):
        assert Export.objects.get().alive_at > NOW
    with pytest.raises(ExportRunning):
        begin(workspace, now[0] + timedelta(minutes=4))
    reading.close()


def test_only_the_owner_takes_it(workspace):
    for role in ("admin", "issuer", "writer", "viewer"):
        browser = member_client(workspace, role)
        assert browser.get(f"/w/{workspace.slug}/export/").status_code == 403
        assert browser.post(f"/w/{workspace.slug}/export/", {"xml": "on"}).status_code == 403
    with in_workspace(workspace.pk):
        from service_world import add_member

        with pytest.raises(PermissionDenied):
            services.begin(member=add_member(workspace, "admin"), parts={}, now=NOW)
        assert not Export.objects.exists()


def test_it_asks_who_it_is_once_more():
    workspace = make_workspace(make_user(password=PASSWORD))
    for call in ("get", "post"):
        answer = getattr(member_client(workspace), call)(f"/w/{workspace.slug}/export/")
        assert answer.headers["Location"].startswith("/account/reauthenticate/")


def test_the_page_gives_the_file_and_lists_it_afterwards(workspace, issued):
    browser, here = member_client(workspace), f"/w/{workspace.slug}/export/"
    page = browser.get(here).content.decode()
    assert "주민등록번호" in page
    assert '<option value="2026">2026</option>' in page
    answer = browser.post(here, {"xml": "on", "pdf_year": ""})
    assert answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    file = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert file.testzip() is None
    assert "다 받음" in browser.get(here).content.decode()


def test_a_year_that_is_not_there_is_refused(workspace, issued):
    answer = member_client(workspace).post(f"/w/{workspace.slug}/export/", {"pdf_year": "1999"})
    assert answer.status_code == 200
    assert row_of(workspace) is None


def test_a_closed_workspace_is_taken_out_too(workspace):
    with in_workspace(workspace.pk):
        closing.close(member=acting(workspace), name="한빛상사", now=NOW)
    answer = member_client(workspace).post(f"/w/{workspace.slug}/export/", {"xml": "on"})
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None


def test_the_same_language_holds_to_the_end(workspace):
    from dojang.service.accounts.models import User

    User.objects.update(language="en")
    answer = member_client(workspace).post(f"/w/{workspace.slug}/export/", {"xml": "on"})
    file = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    data = file.read("세금계산서.xlsx")
    heading = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[0]
    )
    assert heading[0] == "Date written"


def test_the_forms_of_one_year_can_be_added(workspace, issued):
    file = taken(workspace, pdf_year=2026)
    papers = [name for name in file.namelist() if name.startswith("PDF/2026-11/")]
    assert len(papers) == 2
    assert all(file.read(name).startswith(b"%PDF-") for name in papers)
    assert not [name for name in taken(workspace, pdf_year=2025).namelist() if name.startswith("PDF/")]
