from datetime import date

import pytest

from dojang.etax import Invoice
from dojang.etax.findings import errors
from dojang.hometax import bulk


def invoice(**values) -> Invoice:
    data = {
        "document_type": "0101",
        "written_on": "2026-11-10",
        "purpose": "claim",
        "supplier": {
            "business_number": "9998600010", "name": "한빛상사", "representative": "김하나", "business_type": "도매업",
            "business_item": "사무용품", "address": "서울특별시 가상구 없는로 1", "contact": {"email": "tax@hanbit.example"},
        },
        "buyer": {
            "kind": "business", "number": "9988100012", "name": "(주)큰솔상사", "representative": "박큰솔",
            "contacts": [{"email": "buy@keunsol.example"}],
        },
        "items": [item()],
    }  # fmt: skip
    return Invoice.from_data(data | values)


def item(name="복사용지", day="2026-11-09", **values):
    given = {
        "supplied_on": day,
        "name": name,
        "quantity": "10",
        "unit_price": "1000",
        "supply_amount": 10_000,
    }
    return given | {"tax_amount": 1000} | values


def codes(one, **options):
    return [(found.code, found.path) for found in bulk.check(one, **options)]


def cells(one, **options):
    return dict(zip(bulk.layout().headings, bulk.row(one, **options), strict=True))


def test_the_form_has_59_columns_below_five_rows():
    sheet = bulk.sheet([bulk.row(invoice())])
    assert len(bulk.layout().headings) == len(set(bulk.layout().headings)) == 59
    assert [len(row) for row in sheet[5:]] == [59, 59]
    assert len(sheet) == 7
    assert sheet[5][0].startswith("전자(세금)계산서 종류")
    assert sheet[5][-1] == "영수(01),\n청구(02)"


def test_a_document_is_written_as_the_form_wants_it():
    found = cells(invoice(payments=[{"means": "cash", "amount": 1000}], remarks=["월세", "11월"]))
    assert found["전자(세금)계산서 종류\n(01:일반, 02:영세율)"] == "01"
    assert found["작성일자"] == "20261110"
    assert found['공급자 등록번호\n("-" 없이 입력)'] == "9998600010"
    assert found['공급받는자 등록번호\n("-" 없이 입력)'] == "9988100012"
    assert found["공급자 업태"] == "도매업"
    assert found["공급자 종목"] == "사무용품"
    assert found["공급받는자 이메일1"] == "buy@keunsol.example"
    assert found["공급받는자 이메일2"] == ""
    assert (found["공급가액\n합계"], found["세액\n합계"]) == (10_000, 1000)
    assert found["비고"] == "월세 11월"
    assert (found["일자1\n(2자리, 작성년월 제외)"], found["품목1"], found["수량1"]) == (
        "09",
        "복사용지",
        "10",
    )
    assert found["품목2"] == ""
    assert (found["현금"], found["수표"]) == (1000, "")
    assert found["영수(01),\n청구(02)"] == "02"
    assert cells(invoice(document_type="0102", items=[item(tax_amount=0)]))[bulk.layout().headings[0]] == "02"


@pytest.mark.parametrize("kind", ["0103", "0105", "0201", "0301", "0401"])
def test_only_ordinary_and_zero_rated_invoices_are_in_the_form(kind):
    assert codes(invoice(document_type=kind))[0] == ("kind_not_in_bulk", "document_type")


def test_the_number_of_a_person_is_never_written_into_a_file():
    person = {"kind": "individual", "number": "9001011234567", "name": "박개인", "representative": ""}
    assert codes(invoice(buyer=person)) == [("buyer_is_a_person", "buyer.kind")]
    with pytest.raises(ValueError, match="can't hold"):
        bulk.row(invoice(buyer=person))


def test_nothing_is_cut_but_told():
    long = invoice(
        supplier=invoice().supplier.model_dump(mode="json") | {"name": "가" * 71, "representative": "나" * 31},
        remarks=["다" * 151],
        items=[item("라" * 101, specification="마" * 61)],
    )  # fmt: skip
    assert codes(long) == [
        ("too_long", "supplier.name"),
        ("too_long", "supplier.representative"),
        ("too_long", "remarks"),
        ("too_long", "items[0].name"),
        ("too_long", "items[0].specification"),
    ]
    assert "70자까지인데 71자" in bulk.check(long)[0].ko


def test_more_than_four_items_are_refused_unless_they_may_be_put_together():
    many = invoice(items=[item(f"품목{number}") for number in range(6)])
    assert codes(many) == [("too_many_items", "items")]
    assert codes(many, combine=True) == []
    found = cells(many, combine=True)
    assert (found["품목4"], found["공급가액4"], found["세액4"], found["수량4"]) == (
        "품목3 외 2건",
        30_000,
        3000,
        "",
    )
    assert found["공급가액\n합계"] == 60_000
    four = invoice(items=[item(f"품목{number}") for number in range(4)])
    assert bulk.combined(four) is four


def test_an_item_of_another_month_has_no_place_in_two_digits():
    assert codes(invoice(items=[item(day="2026-10-31")])) == [("item_of_other_month", "items[0].supplied_on")]


def test_receipt_or_claim_has_to_be_said_and_the_rest_is_a_warning():
    assert codes(invoice(purpose=None)) == [("no_purpose", "purpose")]
    twice = invoice(
        remarks=["가", "나"], payments=[{"means": "cash", "amount": 1}, {"means": "cash", "amount": 2}]
    )
    assert codes(twice) == [("several_remarks", "remarks"), ("means_of_payment", "payments")]
    assert errors(bulk.check(twice)) == ()
    assert cells(twice)["현금"] == 3


def test_a_file_has_a_hundred_documents_at_most():
    rows = [bulk.row(invoice())] * 250
    assert [len(part) for part in bulk.parts(rows)] == [100, 100, 50]
    assert list(bulk.parts([])) == []


def test_the_form_is_told_by_its_data_alone():
    written_on = invoice(written_on="2026-11-01", items=[item(day=None)])
    assert written_on.written_on == date(2026, 11, 1)
    assert cells(written_on)["일자1\n(2자리, 작성년월 제외)"] == "01"
