"""What stands on the form: one text in every box, for each kind of document."""

import pytest
from hypothesis import given

from dojang.etax import DocumentType
from dojang.etax.codes import AmendmentReason
from dojang.render import Copy, Role, compared, form
from etax.etax_strategies import invoices
from render.render_samples import (
    ORIGINAL,
    amended,
    consigned,
    empty,
    exempt,
    imported,
    long,
    taxed,
    to_a_person,
)

SUPPLIERS = {"copy": Copy.SUPPLIER}


def keys(filled):
    return [section.key for section in filled.sections]


def notes(filled):
    return " ".join(note.ko for note in filled.notes)


def test_the_parties_stand_beside_each_other():
    filled = form(taxed(), **SUPPLIERS)
    assert filled.text("supplier.business_number") == "999-81-00015"
    assert filled.text("supplier.name") == "(주)도장상사"
    assert filled.text("supplier.business_type") == "도매"
    assert filled.text("supplier.business_item") == "문구"
    assert filled.text("buyer.number") == "999-86-00010"
    assert filled.text("buyer.contacts.0.email") == "b@example.com"
    assert filled.text("buyer.contacts.1.email") == ""


def test_amounts_have_separators_and_dates_hyphens():
    item = {"supplied_on": "2026-11-05", "name": "가", "supply_amount": 1_234_567, "tax_amount": 123_456}
    filled = form(taxed(items=[item], payments=[]), **SUPPLIERS)
    assert filled.text("written_on") == "2026-11-20"
    assert filled.text("supply_amount") == "1,234,567"
    assert filled.text("tax_amount") == "123,456"
    assert filled.text("total_amount") == "1,358,023"
    assert (filled.text("item.month.1"), filled.text("item.day.1")) == ("11", "05")


def test_minus_stands_before_the_amount():
    filled = form(amended(), **SUPPLIERS)
    assert filled.text("supply_amount") == "-4,000"
    assert filled.text("item.quantity.1") == "-4"
    assert filled.text("item.unit_price.1") == "1,000"


def test_a_zero_is_written_and_nothing_is_left_empty():
    filled = form(consigned(), **SUPPLIERS)
    assert filled.text("tax_amount") == "0"
    assert filled.text("item.quantity.1") == ""
    assert filled.text("cash") == ""


def test_payments_stand_under_their_means():
    paid = [{"means": means, "amount": 1000} for means in ("cash", "credit", "cash")]
    filled = form(taxed(payments=paid), **SUPPLIERS)
    assert filled.text("cash") == "2,000"
    assert filled.text("check") == ""
    assert filled.text("credit") == "1,000"


@pytest.mark.parametrize(
    ("purpose", "sentence"),
    [("claim", "이 금액을 (청구) 함"), ("receipt", "이 금액을 (영수) 함"), (None, "이 금액을 (　　) 함")],
)
def test_the_form_says_receipt_or_claim(purpose, sentence):
    assert form(taxed(purpose=purpose), **SUPPLIERS).text("purpose") == sentence


def test_the_issue_id_is_shown_in_three_parts():
    filled = form(taxed(), **SUPPLIERS)
    assert filled.text("issue_id") == "20261120-41999999-00000001"
    assert not filled.is_draft


def test_an_issue_id_of_another_shape_is_shown_as_it_is():
    assert form(taxed(issue_id="2026112041"), **SUPPLIERS).text("issue_id") == "2026112041"


def test_a_draft_says_that_it_is_none_yet():
    filled = form(taxed(issue_id=None, issued_at=None), **SUPPLIERS)
    assert filled.is_draft
    assert filled.text("issue_id") == "발행 전"
    assert "발행 전 미리보기" in notes(filled)
    assert "발급일시" not in notes(filled)


def test_a_draft_with_nothing_in_it_has_a_form():
    filled = form(empty(), **SUPPLIERS)
    assert filled.text("supplier.business_number") == ""
    assert filled.text("supply_amount") == "0"


@pytest.mark.parametrize(
    ("document_type", "title"),
    [
        ("0101", "전자세금계산서"),
        ("0102", "영세율전자세금계산서"),
        ("0103", "위수탁전자세금계산서"),
        ("0201", "수정전자세금계산서"),
        ("0205", "수정영세율위수탁전자세금계산서"),
        ("0301", "전자계산서"),
        ("0401", "수정전자계산서"),
        ("0304", "수입전자계산서"),
    ],
)
def test_electronic_stands_before_the_noun_of_the_title(document_type, title):
    assert form(taxed(document_type=document_type), **SUPPLIERS).title.ko == title


def test_an_amendment_names_its_reason_and_what_it_amends():
    filled = form(amended(), **SUPPLIERS)
    assert filled.text("original_issue_id") == ORIGINAL
    assert filled.text("amendment_reason") == "03 환입"
    assert filled.text("remarks") == "당초 작성일자(2026-11-01)"


@pytest.mark.parametrize("reason", AmendmentReason)
def test_every_reason_is_told_in_words(reason):
    assert form(amended(amendment_reason=reason.value), **SUPPLIERS).text("amendment_reason") == (
        f"{reason.value} {reason.ko}"
    )


def test_an_original_on_paper_has_no_issue_id():
    assert form(amended(original_issue_id=None), **SUPPLIERS).text("original_issue_id") == ""


def test_what_is_no_amendment_says_so():
    filled = form(taxed(), **SUPPLIERS)
    assert filled.text("amendment_reason") == "해당 없음"
    with pytest.raises(KeyError):
        filled.text("original_issue_id")


def test_an_amendment_without_a_reason_yet_does_not_say_that_there_is_none():
    assert form(amended(amendment_reason=None), **SUPPLIERS).text("amendment_reason") == ""


def test_an_exempt_invoice_has_no_place_for_tax():
    filled = form(exempt(), **SUPPLIERS)
    for key in ("tax_amount", "item.tax_amount.1"):
        with pytest.raises(KeyError):
            filled.text(key)
    assert filled.text("item.quantity.1") == "12.5 포"
    assert "소득세법 시행규칙 별지 제28호서식" in notes(filled)


def test_tax_that_an_exempt_invoice_states_all_the_same_is_seen():
    assert form(exempt(tax_amount=7), **SUPPLIERS).text("tax_amount") == "7"


def test_a_consigned_invoice_names_the_broker():
    filled = form(consigned(), **SUPPLIERS)
    assert filled.text("broker.business_number") == "998-81-00012"
    assert filled.text("broker.name") == "수탁판매(주)"
    assert "broker" in keys(form(consigned(broker=None), **SUPPLIERS))
    assert "broker" not in keys(form(taxed(), **SUPPLIERS))


def test_a_document_of_the_customs_office_names_its_declaration():
    filled = form(imported(), **SUPPLIERS)
    assert filled.text("import_document.declaration_number") == "00000-26-000000U"
    assert filled.text("import_document.item_count") == "1,200"
    assert filled.text("import_document.period") == "2026-11-01 ~ 2026-11-15"
    without = form(imported(import_document=None), **SUPPLIERS)
    assert without.text("import_document.period") == ""


def test_a_period_without_days_is_empty():
    filled = form(imported(import_document={"item_count": 1}), **SUPPLIERS)
    assert filled.text("import_document.period") == ""


# Items


@pytest.mark.parametrize(("count", "lines"), [(0, 4), (1, 4), (4, 4), (5, 5), (99, 99)])
def test_four_lines_at_least_and_as_many_as_items(count, lines):
    filled = form(long(count), **SUPPLIERS)
    assert len(filled.section("items").rows) - filled.section("items").head_rows == lines
    if count:
        assert filled.text(f"item.name.{count}") == f"품목 {count}"
    with pytest.raises(KeyError):
        filled.text(f"item.name.{lines + 1}")


def test_every_sheet_of_a_long_document_says_whose_it_is():
    assert form(long(4), **SUPPLIERS).running_head is None
    running = form(long(5), **SUPPLIERS).running_head
    assert running.ko == "승인번호 20261120-41999999-00000001 · 품목 5줄"


def test_an_item_of_another_year_names_the_year():
    item = {"supplied_on": "2025-12-31", "name": "가"}
    assert form(taxed(items=[item]), **SUPPLIERS).text("item.month.1") == "25.12"


def test_a_unit_without_a_quantity_is_shown():
    assert form(taxed(items=[{"unit": "EA"}]), **SUPPLIERS).text("item.quantity.1") == "EA"


@pytest.mark.parametrize(
    ("price", "text"),
    [("1000.00", "1,000"), ("0.50", "0.5"), ("-1234.56", "-1,234.56"), ("100", "100"), ("0.00", "0")],
)
def test_unit_prices_have_no_more_places_than_they_need(price, text):
    assert form(taxed(items=[{"unit_price": price}]), **SUPPLIERS).text("item.unit_price.1") == text


@pytest.mark.parametrize(("amount", "smaller"), [(1_000_000_000, False), (-123_456_789_012_345, True)])
def test_long_amounts_are_set_smaller_and_never_cut(amount, smaller):
    filled = form(taxed(items=[{"supply_amount": amount}], payments=[]), **SUPPLIERS)
    [box] = [box for box in filled.section("items").boxes if box.key == "item.supply_amount.1"]
    assert box.text.ko == f"{amount:,}"
    assert (box.scale < 100) is smaller


# People


def test_a_resident_number_is_hidden_and_the_form_says_so():
    filled = form(to_a_person(), **SUPPLIERS)
    assert filled.text("buyer.number") == "900230-1******"
    assert "뒷자리를 가렸습니다" in notes(filled)


def test_a_resident_number_is_shown_where_it_is_asked_for():
    filled = form(to_a_person(), reveal=True, **SUPPLIERS)
    assert filled.text("buyer.number") == "900230-1234563"
    assert "가렸습니다" not in notes(filled)


def test_a_resident_number_in_a_remark_is_hidden_too():
    filled = form(taxed(remarks=["외국인등록번호 900230-5234567"]), **SUPPLIERS)
    assert filled.text("remarks") == "외국인등록번호 900230-5******"
    assert "가렸습니다" in notes(filled)


def test_a_persons_number_is_hidden_whatever_its_digits():
    buyer = {"kind": "individual", "number": "9002300234563", "name": "홍길순", "representative": "홍길순"}
    assert form(taxed(buyer=buyer), **SUPPLIERS).text("buyer.number") == "900230-0******"


@pytest.mark.parametrize("text", ["법인등록번호 999999-0123456", "관리번호 20261120123456", "9999999999999"])
def test_numbers_that_are_no_persons_are_left_alone(text):
    filled = form(taxed(remarks=[text]), **SUPPLIERS)
    assert filled.text("remarks") == text
    assert "가렸습니다" not in notes(filled)


def test_the_number_of_a_foreigner_in_the_first_remark_is_hidden_where_it_is_not_asked_for():
    buyer = {"kind": "foreigner", "name": "J. Doe", "representative": "J. Doe"}
    document = taxed(buyer=buyer, remarks=["M12345678", "second"])
    assert form(document, copy=Copy.BUYER).text("remarks") == "M1*******\nsecond"
    assert form(document, copy=Copy.BUYER, reveal=True).text("remarks") == "M12345678\nsecond"
    business = taxed(remarks=["M12345678"])
    assert form(business, copy=Copy.BUYER).text("remarks") == "M12345678"


def test_the_number_that_stands_for_foreigners_is_no_secret():
    buyer = {"kind": "foreigner", "name": "J. Doe", "representative": "J. Doe"}
    filled = form(taxed(buyer=buyer), **SUPPLIERS)
    assert filled.text("buyer.number") == "9999999999999 (외국인)"
    assert "가렸습니다" not in notes(filled)


@pytest.mark.parametrize("number", ["12345", "99981000159", "99A8100015"])
def test_a_number_that_is_none_yet_is_shown_as_typed(number):
    buyer = {"kind": "business", "number": number, "name": "", "representative": ""}
    assert form(taxed(buyer=buyer), **SUPPLIERS).text("buyer.number") == number


# Text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u202eb", "a[U+202E]b"),
        ("\u2066a\u2069", "[U+2066]a[U+2069]"),
        ("a\u200bb", "a[U+200B]b"),
        ("a\u200db", "a\u200db"),
        ("a\tb", "a b"),
        ("a\r\nb\u2028c\x85d", "a\nb\nc\nd"),
        ("a\x00b", "a[U+0000]b"),
        ("㈜도장 韓國 𠀀", "㈜도장 韓國 𠀀"),
    ],
)
def test_nothing_unseen_hides_in_text(text, seen):
    assert form(taxed(remarks=[text]), **SUPPLIERS).text("remarks") == seen


def test_three_remarks_stand_under_each_other():
    assert form(taxed(remarks=["가", "나", "다"]), **SUPPLIERS).text("remarks") == "가\n나\n다"


# Every document


@given(invoices())
def test_every_document_has_a_form_without_holes(invoice):
    filled = form(invoice, copy=Copy.BUYER)
    names = [box.key for section in filled.sections for box in section.boxes]
    assert len(names) == len(set(names))
    for section in filled.sections:
        assert sum(section.columns) == 100
        area = sum(box.area.row_span * box.area.column_span for box in section.boxes)
        assert area == len(section.columns) * len(section.rows)
        assert {label for box in section.boxes for label in box.labels} <= set(names)


@given(invoices())
def test_every_won_that_is_signed_stands_on_the_form(invoice):
    filled = form(invoice, copy=Copy.SUPPLIER)
    texts = {box.text.ko for section in filled.sections for box in section.boxes if box.role is Role.VALUE}
    won = [invoice.supply_amount, invoice.total_amount]
    won += [item.supply_amount for item in invoice.items if item.supply_amount is not None]
    won += [item.tax_amount for item in invoice.items if item.tax_amount]
    assert {f"{amount:,}" for amount in won} <= texts


@pytest.mark.parametrize("document_type", DocumentType)
@pytest.mark.parametrize("copy", Copy)
def test_every_type_has_both_copies(document_type, copy):
    filled = form(taxed(document_type=document_type), copy=copy)
    assert filled.copy is copy
    assert filled.title.ko.endswith("계산서")


def test_what_is_not_as_on_the_original_is_marked_and_nothing_else():
    before = form(taxed(), **SUPPLIERS)
    after = form(taxed(written_on="2026-11-01", remarks=["정정"]), **SUPPLIERS)
    marked = {box.key for section in compared(after, before).sections for box in section.boxes if box.changed}
    assert marked >= {"written_on", "remarks"}
    assert not marked & {
        "issue_id",
        "original_issue_id",
        "buyer.name",
        "supplier.business_number",
        "item.name.1",
    }
    assert compared(before, before) == before
