from datetime import date
from decimal import Decimal

import pytest
from hometax_lists import EXEMPT_HEADINGS, HEADINGS, OTHER, OURS, THIRD, a_list, issue_id, row
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax import Invoice, check
from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType, Purpose
from dojang.etax.findings import errors
from dojang.hometax.columns import table
from dojang.hometax.findings import Finding
from dojang.hometax.lists import OTHER_ITEMS, Row, Side, read


def rows_of(sheet, ours=(OURS,)):
    return [one for one in read(sheet, ours=ours) if isinstance(one, Row)]


def findings_of(sheet, ours=(OURS,)):
    return [one for one in read(sheet, ours=ours) if isinstance(one, Finding)]


def only(sheet, ours=(OURS,)) -> Row:
    [found] = read(sheet, ours=ours)
    assert isinstance(found, Row)
    return found


def test_a_row_becomes_the_document_that_it_lists():
    found = only(a_list(row()))
    assert (found.number, found.sides) == (7, (Side.SALES,))
    document = found.document()
    assert document.document_type is DocumentType.TAX
    assert document.issue_id == issue_id().replace("-", "")
    assert (document.written_on, found.issued_on, found.sent_on) == (
        date(2026, 11, 10), date(2026, 11, 10), date(2026, 11, 11)
    )  # fmt: skip
    assert (document.supplier.business_number, document.supplier.name) == (OURS, "한빛상사")
    assert (document.buyer.number, document.buyer.name, document.buyer.representative) == (
        OTHER, "(주)큰솔상사", "박큰솔"
    )  # fmt: skip
    assert document.buyer.address == "부산광역시 가상구 없는길 2"
    assert (document.supply_amount, document.tax_amount, document.total_amount) == (
        1_000_000,
        100_000,
        1_100_000,
    )
    assert document.purpose is Purpose.CLAIM
    [item] = document.items
    assert (item.name, item.quantity, item.unit_price, item.supply_amount) == (
        "복사용지",
        10,
        100_000,
        1_000_000,
    )
    assert errors(check(document, on=date(2026, 11, 20))) == ()
    assert Invoice.from_json(document.to_json()) == document


def test_what_the_first_item_leaves_of_the_totals_stands_in_a_second_one():
    document = only(a_list(row(품목공급가액="400,000", 품목세액="40,000"))).document()
    assert [(item.name, item.supply_amount, item.tax_amount) for item in document.items] == [
        ("복사용지", 400_000, 40_000),
        (OTHER_ITEMS, 600_000, 60_000),
    ]
    assert document.derived_totals.supply_amount == document.supply_amount


def test_the_second_party_of_columns_that_name_none_is_the_buyer_wherever_they_stand():
    turned = (*HEADINGS[9:14], *HEADINGS[4:9], *HEADINGS[:4], *HEADINGS[14:])
    cells = row()
    shuffled = [*cells[9:14], *cells[4:9], *cells[:4], *cells[14:]]
    found = only(a_list(shuffled, headings=turned))
    assert (found.supplier.name, found.buyer.name) == ("한빛상사", "(주)큰솔상사")


def test_an_older_list_without_addresses_items_and_kinds_is_read():
    headings = tuple(
        one for one in HEADINGS
        if not one.startswith("품목") and one not in {"주소", "발급유형", "전자세금계산서분류", "전자세금계산서종류"}
    )  # fmt: skip
    document = only(a_list(row(headings=headings), headings=headings)).document()
    assert document.document_type is DocumentType.TAX
    [item] = document.items
    assert (item.name, item.supply_amount) == (None, 1_000_000)


def test_headings_are_known_by_blanks_signs_and_lines_in_them():
    headings = tuple(one.replace("공급자", "공급자 \n").replace("금액", " 금액") for one in HEADINGS)
    assert only(a_list(row(), headings=headings)).total_amount == 1_100_000


def test_a_list_of_exempt_documents_has_no_tax():
    values = {"합계금액": "300,000", "공급가액": "300,000", "품목공급가액": "300,000"}
    sheet = a_list(
        row(headings=EXEMPT_HEADINGS, **values), title="매출 전자계산서 목록조회", headings=EXEMPT_HEADINGS
    )
    found = only(sheet)
    assert (found.document_type, found.tax_amount) == (DocumentType.EXEMPT, 0)


@pytest.mark.parametrize(
    ("classed", "kind", "tax", "found"),
    [
        ("세금계산서", "일반", 100, "0101"),
        ("세금계산서", "영세율", 0, "0102"),
        ("세금계산서", "위수탁", 100, "0103"),
        ("세금계산서", "수입", 100, "0104"),
        ("세금계산서", "영세율위수탁", 0, "0105"),
        ("세금계산서", "수입납부유예", 100, "0106"),
        ("수정세금계산서", "일반", 100, "0201"),
        ("수정세금계산서", "영세율", 0, "0202"),
        ("수정계산서", "일반", 0, "0401"),
        ("계산서", "위수탁", 0, "0303"),
        ("수정", "일반", 100, "0201"),
    ],
)
def test_class_and_kind_make_the_type(classed, kind, tax, found):
    values = {
        "전자세금계산서분류": classed,
        "전자세금계산서종류": kind,
        "세액": tax,
        "공급가액": 1000,
        "합계금액": 1000 + tax,
    }
    assert only(a_list(row(**values))).document_type.value == found


def test_amendments_have_amounts_below_zero_and_their_reason_where_the_list_has_it():
    headings = (*HEADINGS, "수정사유", "당초승인번호")
    values = {
        "공급가액": "-1,000,000",
        "세액": "-100,000",
        "합계금액": "-1,100,000",
        "전자세금계산서분류": "수정세금계산서",
    }
    values |= {
        "수정사유": "04 계약의 해제",
        "당초승인번호": issue_id(9),
        "품목공급가액": -1_000_000,
        "품목세액": -100_000,
    }
    found = only(a_list(row(headings=headings, **values), headings=headings))
    assert found.total_amount == -1_100_000
    assert found.amendment_reason is AmendmentReason.CANCELLED_CONTRACT
    assert found.original_issue_id == issue_id(9).replace("-", "")


def test_the_numbers_tell_sales_from_purchases_and_the_title_between_two_of_ours():
    assert only(a_list(row(), title="")).sides == (Side.SALES,)
    assert only(a_list(row(), title=""), ours=(OTHER,)).sides == (Side.PURCHASE,)
    assert only(a_list(row(), title=""), ours=(OURS, OTHER)).sides == (Side.SALES, Side.PURCHASE)
    assert only(a_list(row(), title="매입 목록"), ours=(OURS, OTHER)).sides == (Side.PURCHASE,)
    assert only(a_list(row()), ours=(THIRD,)).sides == ()


def test_a_title_that_is_wrong_is_told_once():
    sheet = a_list(row(1), row(2), title="매입 전자세금계산서 목록조회")
    assert [one.code for one in findings_of(sheet)] == ["other_side"]
    assert [one.sides for one in rows_of(sheet)] == [(Side.SALES,)] * 2


def test_a_buyer_may_be_a_person_whose_number_is_whole_hidden_or_a_foreigners():
    whole = only(a_list(row(공급받는자사업자등록번호="900101-1234567")))
    assert (whole.buyer_kind, whole.document().buyer.number) == (BuyerKind.INDIVIDUAL, "9001011234567")
    hidden = only(a_list(row(공급받는자사업자등록번호="900101-1******")))
    assert (hidden.buyer_kind, hidden.document().buyer.number) == (BuyerKind.INDIVIDUAL, "")
    foreign = only(a_list(row(공급받는자사업자등록번호="9999999999999", 비고="M12345678")))
    assert (foreign.buyer_kind, foreign.document().remarks) == (BuyerKind.FOREIGNER, ("M12345678",))
    for one in (whole, hidden, foreign):
        assert "9001011" not in repr(one)
        assert "M1234" not in repr(one)


def test_numbers_that_excel_made_of_texts_are_read():
    values = {
        "작성일자": 20261110.0, "발급일자": 46336.0, "공급자사업자등록번호": 9998600010.0, "종사업장번호": 1.0, "합계금액": 1_100_000.0,
        "공급가액": 1_000_000, "세액": 100_000.0,
    }  # fmt: skip
    found = only(a_list(row(**values)))
    assert (found.supplier.number, found.supplier.branch_number, found.issued_on) == (
        OURS,
        "0001",
        date(2026, 11, 10),
    )


def test_sums_blanks_headings_of_a_next_page_and_further_items_are_no_documents():
    again = row(1, 품목명="토너")
    rest = row(1, 공급가액="", 세액="", 합계금액="", 작성일자="", 품목명="드럼", 공급자사업자등록번호="")
    sums = ["합계", *[""] * 13, "2,200,000", "2,000,000", "200,000"]
    sheet = a_list(row(1), again, rest, [], list(HEADINGS), row(2), sums, [None] * 33)
    assert [one.number for one in read(sheet, ours=(OURS,)) if isinstance(one, Row)] == [7, 12]
    assert findings_of(sheet) == []


def test_every_row_is_read_whatever_is_wrong_in_others():
    sheet = a_list(
        row(1, 작성일자="2026-13-10"),
        row(2, 합계금액="1,100,001"),
        row(3, 공급가액="백만원"),
        row(4, 승인번호="20261110"),
        row(5, 승인번호=""),
        row(6, 공급자사업자등록번호="123-45-67890"),
        row(7, 전자세금계산서종류="이상한것"),
        row(8, 전자세금계산서종류="영세율"),
        row(9),
        row(9, 합계금액="2,200", 공급가액="2,000", 세액="200"),
        row(10, 품목수량="여러 개"),
        row(11, 공급받는자사업자등록번호=""),
    )
    assert [one.number for one in rows_of(sheet)] == [15, 17]
    assert [(one.place, one.code) for one in findings_of(sheet)] == [
        ("A7", "wrong_day"),
        ("O8", "totals_disagree"),
        ("P9", "wrong_won"),
        ("B10", "wrong_issue_id"),
        ("B11", "no_value"),
        ("E12", "wrong_number"),
        ("S13", "unknown_kind"),
        ("Q14", "tax_on_exempt"),
        ("B16", "other_below"),
        ("AC17", "item_unread"),
        ("J18", "no_value"),
    ]
    assert findings_of(sheet)[1].suggestion == "1,100,000"
    assert [one.code for one in findings_of(sheet) if not one.is_error] == ["item_unread"]


def test_no_finding_repeats_a_number_of_a_person():
    sheet = a_list(
        row(1, 공급받는자사업자등록번호="900101-123456"),
        row(2, 공급받는자사업자등록번호="900101-1234567", 세액="x"),
    )
    for one in findings_of(sheet):
        assert "900101" not in f"{one!r}{one.text('ko')}{one.text('en')}"


def test_columns_that_are_unknown_twice_or_missing_are_told():
    sheet = a_list(row(headings=(*HEADINGS, "메모", "비고")), headings=(*HEADINGS, "메모", "비고"))
    assert [(one.place, one.code) for one in findings_of(sheet)] == [
        ("AH6", "unknown_column"),
        ("AI6", "column_again"),
    ]
    without = tuple(one for one in HEADINGS if one != "공급가액")
    [found] = read(a_list(row(headings=without), headings=without), ours=(OURS,))
    assert (found.code, found.is_error) == ("missing_column", True)
    assert "공급가액" in found.ko


@pytest.mark.parametrize(
    "sheet", [[], [[]] * 40, [["가", "나"], [1, 2]], [["승인번호", "품목명"], ["1", "2"]]]
)
def test_a_sheet_that_is_no_list_is_refused_with_one_sentence(sheet):
    [found] = read(sheet, ours=(OURS,))
    assert (found.code, found.is_error) == ("no_headings", True)


def test_rows_are_taken_one_by_one():
    taken = 0

    def endless():
        nonlocal taken
        yield from a_list()
        while True:
            taken += 1
            yield row(taken)

    found = read(endless(), ours=(OURS,))
    for _ in range(50):
        next(found)
    assert taken < 100


def test_every_heading_means_one_thing_and_every_finding_has_its_words():
    known = table()
    assert not set(known.named) & set(known.bare)
    assert set(known.named.values()) <= set(known.columns)
    assert all({"ko", "en", "severity"} <= set(one) for one in known.findings.values())


CELLS = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(),
    st.sampled_from(row()),
)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=40), max_size=6))
def test_nothing_that_stands_in_cells_stops_the_reading(rows):
    good = row(1)
    found = list(read(a_list(*rows, good), ours=(OURS,)))
    for one in found:
        if isinstance(one, Row):
            one.document()
    last = len(rows) + 7
    assert any(isinstance(one, Row) and one.number == last for one in found) or any(
        isinstance(one, Row) and one.issue_id == issue_id().replace("-", "") for one in found
    )


def test_decimals_of_items_are_exact():
    document = only(a_list(row(품목수량=0.1, 품목단가="1,234.5"))).document()
    assert (document.items[0].quantity, document.items[0].unit_price) == (Decimal("0.1"), Decimal("1234.5"))


def test_a_finding_is_a_sentence_that_a_person_would_write():
    found = findings_of(a_list(row(1, 세액="x"), row(2, 작성일자="x"), row(3, 공급자사업자등록번호="1")))
    assert [one.text("ko").split(".")[0] for one in found] == [
        "세액을 금액으로 읽을 수 없습니다",
        "작성일자를 날짜로 읽을 수 없습니다",
        "공급자 등록번호가 사업자등록번호도 주민등록번호도 아닙니다",
    ]
