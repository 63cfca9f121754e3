"""합계표: which group a document stands in, and that nothing is lost or counted twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax.codes import DocumentType, Taxation
from dojang.etax.facts import Facts
from dojang.etax.parameters import Law
from dojang.etax.returns import (
    Family,
    Party,
    Row,
    Side,
    Sums,
    Told,
    cells,
    filing,
    filings,
    form_of,
    parties,
    summary,
)

LAW = Law.load()
FACTS = Facts()
SECOND_QUARTER_OF_2H = date(2026, 11, 20)


def row(
    day: str = "2026-08-10", *, sent: str | None = "", issued: str = "", supply: int = 100_000, **values
) -> Row:
    """A document; issued on its 작성일자 and sent the day after, unless told otherwise."""
    written_on = date.fromisoformat(day)
    issued_on = date.fromisoformat(issued) if issued else written_on
    sent_on = None if sent is None else date.fromisoformat(sent) if sent else issued_on + timedelta(days=1)
    given = {
        "side": Side.SALES,
        "document_type": DocumentType.TAX,
        "party": Party.BUSINESS,
        "party_key": "9998600010",
        "tax_amount": supply // 10,
    } | values
    return Row(written_on=written_on, issued_on=issued_on, sent_on=sent_on, supply_amount=supply, **given)


def of(rows, *, day: date = date(2026, 8, 1), facts: Facts = FACTS, side=Side.SALES, family=Family.TAX):
    chosen = filing(day, facts, law=LAW)
    return summary(cells(rows, chosen), parties(rows, chosen), side=side, family=family, filing=chosen)


def figures(found, key):
    line = found.line(key)
    return (line.parties, line.sums.count, line.sums.supply_amount, line.sums.tax_amount)


# --- the 11th ---


@pytest.mark.parametrize(
    ("sent", "group"),
    [
        ("2026-10-12", "collected"),  # the 11th is a Sunday
        ("2026-10-13", "listed"),
        (None, "listed"),  # paper
    ],
)
def test_what_the_tax_office_has_by_the_eleventh_stands_in_the_total_alone(sent, group):
    found = of([row("2026-09-30", sent=sent)])
    assert figures(found, group) == (1, 1, 100_000, 10_000)
    assert figures(found, "total") == (1, 1, 100_000, 10_000)
    assert found.need_not_be_submitted is (group == "collected")


def test_without_a_preliminary_return_the_eleventh_is_that_after_the_half_year():
    late = row("2026-09-30", sent="2026-12-01")
    assert figures(of([late]), "listed")[1] == 1
    assert figures(of([late], facts=Facts(files_preliminary=False)), "collected")[1] == 1


def test_a_worked_example_of_the_form():
    rows = [
        row(supply=1_000_000),
        row(supply=-300_000, document_type=DocumentType.AMENDED_TAX),
        row(supply=500_000, tax_amount=0, document_type=DocumentType.TAX_ZERO_RATED, party_key="9998100015"),
        row(supply=40_000, party=Party.PERSON, party_key="a"),
        row(supply=60_000, party=Party.PERSON, party_key="b"),
        row(supply=200_000, sent=None),
        row(supply=70_000, tax_amount=0, document_type=DocumentType.EXEMPT),
    ]
    found = of(rows)
    assert figures(found, "collected_business") == (2, 3, 1_200_000, 70_000)
    assert figures(found, "collected_person") == (2, 2, 100_000, 10_000)
    assert figures(found, "collected") == (4, 5, 1_300_000, 80_000)
    assert figures(found, "listed_business") == (1, 1, 200_000, 20_000)
    assert figures(found, "listed_person") == (0, 0, 0, 0)
    assert figures(found, "total") == (5, 6, 1_500_000, 100_000)
    assert figures(of(rows, family=Family.EXEMPT), "total") == (1, 1, 70_000, 0)


def test_both_documents_of_a_correction_count_and_a_party_left_with_nothing_stays():
    pair = [
        row(supply=-100_000, document_type=DocumentType.AMENDED_TAX),
        row(supply=100_000, document_type=DocumentType.AMENDED_TAX),
    ]
    assert figures(of(pair), "total") == (1, 2, 0, 0)


def test_purchases_and_sales_stand_on_forms_of_their_own():
    found = of([row(side=Side.PURCHASE)], side=Side.PURCHASE)
    assert figures(found, "total") == (1, 1, 100_000, 10_000)
    assert figures(of([row(side=Side.PURCHASE)]), "total") == (0, 0, 0, 0)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("family", Family)
def test_every_form_names_its_law(side, family):
    assert "법" in form_of(side, family).citation


# --- periods ---


def test_the_buttons_of_a_filer_of_preliminary_returns():
    found = filings(SECOND_QUARTER_OF_2H, FACTS, law=LAW, count=4)
    assert [each.ko for each in found] == [
        "2026년 2기 확정(10~12월)",
        "2026년 2기 예정(7~9월)",
        "2026년 1기 확정(4~6월)",
        "2026년 1기 예정(1~3월)",
    ]
    assert [str(each.due) for each in found] == ["2027-01-25", "2026-10-26", "2026-07-27", "2026-04-27"]


def test_who_is_only_billed_files_the_half_year_whole():
    found = filing(SECOND_QUARTER_OF_2H, Facts(files_preliminary=False), law=LAW)
    assert (found.ko, found.missed) == ("2026년 2기 확정(7~12월)", None)


def test_a_simplified_taxpayer_misses_nothing_of_the_first_half():
    facts = Facts.from_json(
        '{"supplier_kind": "individual", "supplier_tax_types": [{"from": "2020-01-01", "type": "simplified"}]}'
    )
    found = filing(SECOND_QUARTER_OF_2H, facts, law=LAW)
    assert (str(found.start), str(found.end), found.missed) == ("2026-01-01", "2026-12-31", None)


def test_an_exempt_business_tells_its_year_by_the_tenth_of_february():
    facts = Facts.from_json(
        '{"supplier_kind": "individual", "supplier_tax_types": [{"from": "1977-07-01", "type": "exempt"}]}'
    )
    found = filing(SECOND_QUARTER_OF_2H, facts, law=LAW)
    assert (found.key, str(found.due), found.is_yearly_list) == ("2026", "2027-02-10", True)
    assert [each.key for each in filings(SECOND_QUARTER_OF_2H, facts, law=LAW, count=2)] == ["2026", "2025"]


# --- what was issued after the return ---


def test_what_is_issued_after_the_preliminary_return_is_made_up_for_in_the_final_one():
    late = date(2026, 9, 30), date(2026, 11, 2)
    assert filing(date(2026, 9, 30), FACTS, law=LAW).told(*late) is Told.AFTER
    assert filing(SECOND_QUARTER_OF_2H, FACTS, law=LAW).told(*late) is Told.MISSED


def test_what_is_issued_after_the_final_return_takes_an_amended_one():
    late = date(2026, 9, 30), date(2027, 2, 1)
    assert filing(SECOND_QUARTER_OF_2H, FACTS, law=LAW).told(*late) is Told.AFTER
    assert filing(date(2026, 9, 30), FACTS, law=LAW).told(*late) is Told.AFTER


def test_a_return_filed_late_has_what_was_issued_until_then():
    facts = Facts.from_json('{"returns_filed": [{"period": "2026-2-preliminary", "filed_on": "2026-11-05"}]}')
    assert (
        filing(date(2026, 9, 30), facts, law=LAW).told(date(2026, 9, 30), date(2026, 11, 2)) is Told.IN_RETURN
    )


@pytest.mark.parametrize(("issued", "told"), [("2026-10-20", Told.IN_RETURN), ("2026-10-21", Told.AFTER)])
def test_a_return_filed_early_has_nothing_that_was_issued_afterwards(issued, told):
    """Due on the 26th, filed on the 20th: what was issued between stands in the final return, or is filed anew."""
    facts = Facts.from_json('{"returns_filed": [{"period": "2026-2-preliminary", "filed_on": "2026-10-20"}]}')
    days = date(2026, 9, 30), date.fromisoformat(issued)
    assert filing(date(2026, 9, 30), facts, law=LAW).told(*days) is told
    final = filing(SECOND_QUARTER_OF_2H, facts, law=LAW).told(*days)
    assert final is (Told.MISSED if told is Told.AFTER else None)


# --- whatever the documents ---

TYPES = st.sampled_from([one for one in DocumentType if not one.is_import])
DAYS = st.dates(date(2026, 7, 1), date(2026, 12, 31))


@st.composite
def rows_of_a_half(draw):
    written_on = draw(DAYS)
    issued_on = written_on + timedelta(days=draw(st.integers(0, 200)))
    sent_on = draw(st.none() | st.integers(0, 100).map(lambda days: issued_on + timedelta(days=days)))
    document_type = draw(TYPES)
    taxable = document_type.taxation is Taxation.TAXABLE
    supply = draw(st.integers(-(10**9), 10**9))
    return Row(
        side=draw(st.sampled_from(Side)),
        document_type=document_type,
        party=draw(st.sampled_from(Party)),
        party_key=draw(st.sampled_from("abc")),
        written_on=written_on,
        issued_on=issued_on,
        sent_on=sent_on,
        supply_amount=supply,
        tax_amount=supply // 10 if taxable else 0,
        not_deductible=draw(st.sampled_from(["", "3", "9", "10"])),
        fixed_asset=draw(st.booleans()),
    )


@given(st.lists(rows_of_a_half(), max_size=30), st.booleans())
def test_the_forms_of_a_half_year_add_up_to_its_documents(rows, files_preliminary):
    facts = Facts(files_preliminary=files_preliminary)
    days = (date(2026, 8, 1), date(2026, 11, 1)) if files_preliminary else (date(2026, 8, 1),)
    found = [
        of(rows, day=day, facts=facts, side=side, family=family)
        for day in days
        for side in Side
        for family in Family
    ]
    assert Sums.of(each.line("total").sums for each in found) == Sums.of(
        Sums(1, each.supply_amount, each.tax_amount) for each in rows
    )
    for each in found:
        assert each.line("total").sums == each.line("collected").sums + each.line("listed").sums
        assert each.line("total").parties == each.line("collected").parties + each.line("listed").parties
        for group in ("collected", "listed"):
            parts = (each.line(f"{group}_business"), each.line(f"{group}_person"))
            assert each.line(group).sums == parts[0].sums + parts[1].sums
