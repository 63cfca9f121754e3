"""Counterparties out to Excel and in from it: looked at first, applied once, and hostile files refused."""

import io
import json
import struct
import zipfile
from datetime import timedelta

import pytest
import xlsxwriter
from counterparty_world import NUMBER, OTHER_NUMBER, make_world, person, said
from django.core.exceptions import PermissionDenied
from python_calamine import CalamineWorkbook
from service_world import NOW, add_member, business_number
from spreadsheet_files import xls, xlsx

from dojang.service import workbooks
from dojang.service.counterparties.errors import (
    SheetEmpty,
    SheetGone,
    SheetOvertaken,
    SheetTooLarge,
    SheetUnreadable,
    SheetWithoutName,
)
from dojang.service.counterparties.models import Counterparty, SheetUpload
from dojang.service.counterparties.selectors import listed
from dojang.service.counterparties.services import editing, sheets
from dojang.service.counterparties.sheets import reading, writing
from dojang.service.counterparties.sheets.columns import Column, column_of
from dojang.service.counterparties.sheets.planning import Verdict

pytestmark = pytest.mark.django_db
HEAD = ["상호", "사업자번호", "대표자", "담당자", "이메일", "전화", "메모"]


@pytest.fixture
def world():
    return make_world()


def csv(*rows, encoding="utf-8", delimiter=","):
    return "\r\n".join(delimiter.join(map(str, row)) for row in rows).encode(encoding)


def uploaded(world, content, *, member=None, now=NOW):
    with world.open():
        return sheets.upload(member=member or world.member, content=content, file_name="a.xlsx", now=now).pk


def plan(world, content):
    upload_id = uploaded(world, content)
    with world.open():
        return sheets.preview(member=world.member, upload_id=upload_id, now=NOW)[1]


def applied(world, content):
    upload_id = uploaded(world, content)
    with world.open():
        return sheets.apply(member=world.member, upload_id=upload_id, now=NOW)


def one_row(world, *cells, head=HEAD):
    [row] = plan(world, csv(head, cells)).rows
    return row


def skipped_codes(row):
    assert row.verdict is Verdict.SKIPPED, row
    return [(finding.column and finding.column.field, finding.problem.code) for finding in row.findings]


def exported(world):
    rows = listed(workspace_id=world.workspace.pk).iterator(chunk_size=100)
    with world.open(), writing.write(rows, contacts=3) as file:
        return file.read()


# Reading


@pytest.mark.parametrize(
    "content",
    [
        xlsx(HEAD, ["한빛", 9988100012]),
        xls(HEAD, ["한빛", 9988100012]),
        csv(HEAD, ["한빛", NUMBER]),
        csv(HEAD, ["한빛", NUMBER], encoding="utf-8-sig"),
        csv(HEAD, ["한빛", NUMBER], encoding="cp949"),
        csv(HEAD, ["한빛", NUMBER], encoding="utf-16"),
        csv(HEAD, ["한빛", NUMBER], delimiter="\t"),
        csv(HEAD, ["한빛", NUMBER], delimiter=";"),
    ],
    ids=["xlsx", "xls", "utf-8", "with its mark", "cp949", "utf-16", "tabs", "semicolons"],
)
def test_each_kind_of_file_is_read(content):
    assert reading.read(content) == [HEAD, ["한빛", NUMBER]]


def test_rows_keep_the_numbers_that_people_see(world):
    content = xlsx([], ["거래처 목록"], [], HEAD, [], ["한빛", NUMBER])
    [row] = plan(world, content).rows
    assert (row.number, row.verdict, row.name) == (6, Verdict.NEW, "한빛")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", SheetWithoutName),
        (b"PK\x03\x04broken", SheetUnreadable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken", SheetUnreadable),
        (b"\x00\x01\x02", SheetUnreadable),
        (b"\xff\xfe\x00", SheetUnreadable),
        (bytes(range(128, 256)) * 3, SheetUnreadable),
        (b"%PDF-1.7 nothing", SheetWithoutName),
        (csv(["이름", "값"], ["a", "b"]), SheetWithoutName),
        (csv(HEAD), SheetEmpty),
        (xlsx(HEAD, [], [""]), SheetEmpty),
        (b"x" * (reading.MOST_BYTES + 1), SheetTooLarge),
        (csv(HEAD, *[["한", NUMBER]] * 20_001), SheetTooLarge),
        (csv(HEAD, ["x"] * 101), SheetTooLarge),
        (b'"' + b"x" * 200_000, SheetUnreadable),
    ],
)
def test_what_is_no_list_of_counterparties_is_refused(world, content, refusal):
    with pytest.raises(refusal):
        uploaded(world, content)
    with world.open():
        assert not SheetUpload.objects.exists()


def test_a_bomb_is_refused_by_the_sizes_it_declares():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b" " * (40 << 20))
    assert len(file.getvalue()) < reading.MOST_BYTES
    with pytest.raises(workbooks.TooLarge):
        reading.read(file.getvalue())


def test_a_bomb_that_lies_about_its_size_dies_in_its_own_process():
    honest = xlsx(HEAD, ["한빛", NUMBER])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(honest)) as source, zipfile.ZipFile(file, "w") as archive:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(b"<sheetData>", b"<sheetData>" + b" " * (300 << 20))
            archive.writestr(part.filename, content, zipfile.ZIP_DEFLATED, 9)
    lying = bytearray(file.getvalue())
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        big = next(part for part in archive.infolist() if part.file_size > 100 << 20)
    size = struct.pack("<I", big.file_size)
    while (place := lying.find(size)) >= 0:
        lying[place : place + 4] = struct.pack("<I", 1000)
    with pytest.raises((workbooks.TooLarge, workbooks.Unreadable)):
        reading.read(bytes(lying))


def test_a_cell_in_the_last_corner_takes_no_memory_of_ours():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "상호")
        sheet.write_string(1_048_575, 16_383, "x")
    with pytest.raises(workbooks.TooLarge):
        reading.read(file.getvalue())


def test_too_many_parts_are_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(1001):
            archive.writestr(str(number), b"")
    with pytest.raises(workbooks.TooLarge):
        reading.read(file.getvalue())


# Headings


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("상 호", Column("name")),
        ("거래처명", Column("name")),
        ("상호(법인명)*", Column("name")),
        ("사업자번호", Column("number")),
        ("등록번호", Column("number")),
        ("사업자등록번호(필수)", Column("number")),
        ("성명(대표자)", Column("representative")),
        ("업 태", Column("business_type")),
        ("종목", Column("business_item")),
        ("사업장 주소", Column("address")),
        ("종사업장번호", Column("branch_number")),
        ("거래처코드", Column("code")),
        ("비고", Column("memo")),
        ("담당자", Column("name", 0)),
        ("담당자2", Column("name", 1)),
        ("담당자 이메일 2", Column("email", 1)),
        ("E-Mail", Column("email", 0)),
        ("휴대폰", Column("phone", 0)),
        ("담당자99", None),
        ("담당자0", None),
        ("법인등록번호", None),
        ("2", None),
        ("", None),
    ],
)
def test_a_heading_is_known_by_its_other_names(heading, column):
    assert column_of(heading) == column


def test_what_a_heading_does_not_say_is_told_and_left_out(world):
    head = ["상호", "사업자번호", "신용등급", "상호명"]
    assert plan(world, csv(head, ["한빛", NUMBER, "AAA", "다른"])).ignored == ("신용등급", "상호명")


# Looking


def test_a_row_is_new_changed_unchanged_or_skipped(world):
    world.add(name="한빛", representative="이구매")
    world.add(name="그대로", number=OTHER_NUMBER, representative="")
    found = plan(
        world,
        csv(
            ["상호", "사업자번호", "대표자"],
            ["새 회사", business_number(5), ""],
            ["한빛", "998-81-00012", "김바뀜"],
            ["그대로", OTHER_NUMBER, ""],
            ["틀림", "1234567890", ""],
        ),
    )
    assert [row.verdict for row in found.rows] == list(Verdict)
    assert found.rows[1].changes == {"representative": ("이구매", "김바뀜")}
    assert (found.rows[3].number, skipped_codes(found.rows[3])) == (5, [("number", "business_number")])
    assert found.rows[3].findings[0].text("ko").startswith("사업자등록번호: ")
    assert found.rows[3].findings[0].text("en").startswith("Business number: ")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["", NUMBER], ("name", "name_missing")),
        (["한빛", ""], ("number", "business_number")),
        (["한빛", NUMBER, "", "", "nobody"], ("email", "email")),
        (["한빛", NUMBER, "가" * 31], ("representative", "too_long")),
        (["한빛", NUMBER, "", "", "", "전화없음!"], ("phone", "phone")),
        (["한빛", "900101-9999999"], ("number", "personal_number_in_sheet")),
        (["한빛", "9001019999999"], ("number", "personal_number_in_sheet")),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(world, cells, code):
    assert skipped_codes(one_row(world, *cells)) == [code]


def test_an_unknown_kind_is_told(world):
    row = one_row(world, "한빛", "", "외계인", head=["상호", "사업자번호", "구분"])
    assert ("kind", "kind") in skipped_codes(row)


def test_a_sole_trader_called_a_person_is_a_business(world):
    row = one_row(world, "한빛", NUMBER, "개인", head=["상호", "사업자번호", "구분"])
    assert row.details.kind == "business"


def test_a_person_is_found_by_kind_and_name(world):
    world.add(given=person(name="박개인"))
    row = one_row(world, "박개인", "개인", "새 주소", head=["상호", "구분", "주소"])
    assert row.changes == {"address": ("", "새 주소")}


def test_the_same_one_twice_in_a_file_is_told(world):
    found = plan(world, csv(["상호", "번호", "사업자번호"], ["가", "", NUMBER], ["나", "", NUMBER]))
    assert skipped_codes(found.rows[1]) == [(None, "row_twice")]
    assert "2행" in found.rows[1].findings[0].text("ko")


def test_one_in_the_archive_is_told(world):
    added = world.add()
    with world.open():
        editing.archive(member=world.member, counterparty_id=added.pk, now=NOW)
    assert skipped_codes(one_row(world, "한빛", NUMBER)) == [(None, "row_archived")]


def test_what_a_number_cell_lost_is_given_back(world):
    content = xlsx(
        ["상호", "사업자번호", "종사업장번호", "전화"],
        ["한빛", 9988100012, 1, 1012345678],
        ["둘", 9988100012.0, 12, 15881234],
    )
    one, two = plan(world, content).rows
    assert (one.details.branch_number, one.details.contacts[0].phone) == ("0001", "01012345678")
    assert (two.details.branch_number, two.details.contacts[0].phone) == ("0012", "15881234")


def test_an_empty_cell_takes_nothing_away(world):
    world.add(address="주소", memo="메모", contacts=[{"name": "하나", "email": "a@example.com"}])
    row = one_row(world, "(주)구매상사", NUMBER, "", "", "", "", "")
    assert row.verdict is Verdict.UNCHANGED


def test_a_contact_is_known_by_mail_or_name_and_nobody_is_lost(world):
    added = world.add(contacts=[{"name": "하나", "email": "a@example.com", "phone": "02-1"}, {"name": "둘"}])
    head = ["상호", "사업자번호", "담당자", "이메일", "담당자2", "이메일2", "담당자3"]
    applied(world, csv(head, ["(주)구매상사", NUMBER, "한나", "A@example.com", "둘", "b@example.com", "셋"]))
    assert [(one.name, one.email, one.phone) for one in world.details(added).contacts] == [
        ("한나", "A@example.com", "02-1"),
        ("둘", "b@example.com", ""),
        ("셋", "", ""),
    ]


def test_numbers_of_persons_are_not_kept(world):
    content = csv(
        HEAD,
        ["한빛", "9001019999999"],
        ["둘", NUMBER, "", "", "", "", "대표 900101-9999999 계좌 1234567890123"],
    )
    upload_id = uploaded(world, content)
    with world.open():
        kept = json.dumps(SheetUpload.objects.get(pk=upload_id).rows)
    assert "9001019999999" not in kept
    assert "900101-9999999" not in kept
    assert "1234567890123" in kept


# Applying


def test_what_was_looked_at_is_done_once(world):
    added = world.add(name="한빛", representative="이구매")
    content = csv(
        HEAD,
        ["한빛", NUMBER, "김바뀜", "하나", "a@example.com"],
        ["새 회사", OTHER_NUMBER, "", "둘", "", "02-1", "=1+1"],
        ["틀림", "1"],
    )
    upload_id = uploaded(world, content)
    with world.open():
        done = sheets.apply(member=world.member, upload_id=upload_id, now=NOW)
        assert (done.new, done.changed, done.unchanged, done.skipped) == (1, 1, 0, 1)
        with pytest.raises(SheetGone):
            sheets.apply(member=world.member, upload_id=upload_id, now=NOW)
        new = Counterparty.objects.get(number=OTHER_NUMBER)
    assert (new.memo, new.search.split("\n")[0], new.name_key) == ("=1+1", "새 회사", "새회사")
    assert world.details(new).contacts[0].phone == "02-1"
    assert world.row(added).version == 2
    assert world.actions(added)[-1][0] == "import"
    assert world.actions(added)[-1][1]["representative"] == ["이구매", "김바뀜"]
    assert [action for action, _ in world.actions(new)] == ["import"]


def test_the_same_file_twice_changes_nothing(world):
    content = xlsx(
        HEAD, *(["회사" + str(n), business_number(n), "김", "담당", f"a{n}@example.com"] for n in range(30))
    )
    assert applied(world, content).new == 30
    again = applied(world, content)
    assert (again.new, again.changed, again.unchanged, again.skipped) == (0, 0, 30, 0)


def test_what_was_written_out_comes_back_unchanged(world):
    world.add(
        name="=cmd|' /C calc'!A0", branch_number="0001", code="001", memo="첫 줄\n둘째 줄", address="+주소",
        business_type="도매업", business_item="문구", status=said(),
        contacts=[{"name": "하나", "email": "a@example.com", "phone": "01012345678"}, {"name": "둘"}, {"name": "셋"}],
    )  # fmt: skip
    world.add(number=OTHER_NUMBER, name="@SUM(1)")
    world.add(given=person(personal_number="9001019999999"))
    content = exported(world)
    found = plan(world, content)
    assert [row.verdict for row in found.rows] == [Verdict.UNCHANGED] * 3, found.rows
    assert found.ignored == ("휴폐업", "확인 시각")


def test_applying_looks_again_at_what_is_there_by_then(world):
    upload_id = uploaded(world, csv(HEAD, ["한빛", NUMBER, "김바뀜"]))
    world.add(name="한빛", representative="이구매")
    with world.open():
        done = sheets.apply(member=world.member, upload_id=upload_id, now=NOW)
    assert (done.new, done.changed) == (0, 1)


def test_two_at_once_end_with_one_and_a_clear_refusal(world, monkeypatch):
    upload_id = uploaded(world, csv(HEAD, ["한빛", NUMBER], ["둘", OTHER_NUMBER]))
    world.add()
    monkeypatch.setattr(sheets, "_existing", Counterparty.objects.none)
    with world.open(), pytest.raises(SheetOvertaken):
        sheets.apply(member=world.member, upload_id=upload_id, now=NOW)
    with world.open():
        assert not Counterparty.objects.filter(number=OTHER_NUMBER).exists()
        assert SheetUpload.objects.filter(pk=upload_id).exists()


def test_an_upload_is_its_persons_and_lasts_a_day(world):
    colleague = add_member(world.workspace, "writer")
    upload_id = uploaded(world, csv(HEAD, ["한빛", NUMBER]))
    with world.open():
        with pytest.raises(SheetGone):
            sheets.preview(member=colleague, upload_id=upload_id, now=NOW)
        later = NOW + timedelta(days=1, seconds=1)
        with pytest.raises(SheetGone):
            sheets.apply(member=world.member, upload_id=upload_id, now=later)
    uploaded(world, csv(HEAD, ["둘", OTHER_NUMBER]), now=NOW + timedelta(days=2))
    with world.open():
        assert SheetUpload.objects.count() == 1


def test_a_viewer_uploads_nothing(world):
    with pytest.raises(PermissionDenied):
        uploaded(world, csv(HEAD, ["한빛", NUMBER]), member=add_member(world.workspace, "viewer"))


def test_thousands_of_rows_are_applied_at_once(world):
    rows = ([f"회사{n}", business_number(n)] for n in range(2_000))
    assert applied(world, csv(HEAD, *rows)).new == 2_000


# Writing


def test_every_cell_is_text_and_none_a_formula(world):
    world.add(name="=1+1", memo="-2+3", code="007", contacts=[{"phone": "+82-10"}])
    content = exported(world)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>" not in sheet
    [head, row] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    cells = dict(zip(head, row, strict=True))
    assert (cells["상호"], cells["메모"], cells["거래처코드"]) == ("=1+1", "-2+3", "007")
    assert cells["사업자등록번호"] == NUMBER


def test_a_number_of_a_person_is_not_written(world):
    world.add(given=person(personal_number="9001019999999"))
    assert b"9001019999999" not in b"".join(
        zipfile.ZipFile(io.BytesIO(exported(world))).read(name) for name in ["xl/worksheets/sheet1.xml"]
    )


def test_the_template_can_be_filled_in(world):
    with writing.template() as file:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    assert book.sheet_names == ["거래처", "안내"]
    [head] = book.get_sheet_by_index(0).to_python()
    assert all(column_of(heading) for heading in head)
    row = [""] * len(head)
    row[head.index("상호")], row[head.index("사업자등록번호")] = "한빛", NUMBER
    assert applied(world, xlsx(head, row)).new == 1
