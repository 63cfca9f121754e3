"""Quarters of invented companies, worked out by hand from the law and entered here as figures."""

from datetime import date

from dojang.etax.codes import AmendmentReason, DocumentType
from dojang.etax.facts import Facts
from dojang.etax.parameters import Law
from dojang.etax.returns import (
    Family,
    Late,
    Party,
    Row,
    Side,
    Told,
    cells,
    charged,
    earlier,
    filing,
    filings,
    parties,
    summary,
    vat_return,
)

LAW = Law.load()
CORPORATION = Facts()
BILLED = Facts.from_json('{"supplier_kind": "individual", "e_obligated": true, "files_preliminary": false}')
SIMPLIFIED = Facts.from_json(
    '{"supplier_kind": "individual", "e_obligated": true,'
    ' "supplier_tax_types": [{"from": "2020-01-01", "type": "simplified"}]}'
)
FIRST, SECOND = date(2026, 1, 5), date(2026, 5, 5)
A, B, C = "9998600010", "9998100015", "9988100012"


def sale(day, supply, *, issued="", sent: str | None = "", who=A, **values):
    return document(Side.SALES, day, supply, issued, sent, who, values)


def purchase(day, supply, *, issued="", sent: str | None = "", who=B, **values):
    return document(Side.PURCHASE, day, supply, issued, sent, who, values)


def document(side, day, supply, issued, sent, who, values):
    issued = issued or day
    given = {"document_type": DocumentType.TAX, "party": Party.BUSINESS} | values
    taxed = given["document_type"].taxation.value == "taxable"
    return Row(
        side=side,
        party_key=who,
        written_on=date.fromisoformat(day),
        issued_on=date.fromisoformat(issued),
        sent_on=None if sent is None else date.fromisoformat(sent or issued),
        supply_amount=supply,
        tax_amount=supply // 10 if taxed else 0,
        **given,
    )


def form(rows, day, *, facts=CORPORATION, side=Side.SALES, family=Family.TAX):
    chosen = filing(day, facts, law=LAW)
    found = summary(cells(rows, chosen), parties(rows, chosen), side=side, family=family, filing=chosen)
    return {
        line.key: (line.parties, line.sums.count, line.sums.supply_amount, line.sums.tax_amount)
        for line in found.lines
    }


def lines(rows, day, *, facts=CORPORATION, late=()):
    chosen = filing(day, facts, law=LAW)
    found = vat_return(
        cells(rows, chosen), charged=charged(late, facts, law=LAW, today=date(2026, 7, 1)), credit=None
    )
    return {line.number: (line.sums.supply_amount, line.sums.tax_amount) for line in found.lines}


QUARTER = [
    # Sales of 1기 예정, all in with 국세청 by 2026-04-13: the 11th is a Saturday.
    sale("2026-01-31", 10_000_000),
    sale("2026-02-28", 5_000_000, who=B),
    # 기재사항 착오: a pair dated as the original.
    sale("2026-01-31", -10_000_000, issued="2026-03-02", document_type=DocumentType.AMENDED_TAX),
    sale("2026-01-31", 9_000_000, issued="2026-03-02", document_type=DocumentType.AMENDED_TAX),
    # 계약의 해제 of what B bought: it is left with nothing, and counts as a party all the same.
    sale("2026-03-20", -5_000_000, who=B, document_type=DocumentType.AMENDED_TAX),
    sale("2026-03-10", 3_000_000, who=C, document_type=DocumentType.TAX_ZERO_RATED),
    sale("2026-03-15", 700_000, who="person", party=Party.PERSON),
    sale("2026-03-31", 2_000_000, who=C, issued="2026-04-10", sent="2026-04-13"),
    # Sent a day too late for the total, and on paper: both listed by party.
    sale("2026-03-31", 400_000, who=C, issued="2026-04-13", sent="2026-04-14"),
    sale("2026-03-05", 600_000, who=B, sent=None),
    # 계산서.
    sale("2026-02-10", 1_500_000, who=C, document_type=DocumentType.EXEMPT),
    # Purchases.
    purchase("2026-01-20", 4_000_000),
    purchase("2026-02-20", 20_000_000, fixed_asset=True),
    purchase("2026-03-03", 500_000, not_deductible="4"),
    purchase("2026-03-04", 300_000, sent=None, who=C),
    purchase("2026-03-05", 250_000, document_type=DocumentType.EXEMPT),
]


def test_the_forms_of_a_quarter_worked_out_by_hand():
    found = form(QUARTER, FIRST)
    # A: 10,000,000 - 10,000,000 + 9,000,000; B: 5,000,000 - 5,000,000; C: 3,000,000 (0 %) + 2,000,000.
    assert found["collected_business"] == (3, 7, 14_000_000, 1_100_000)
    assert found["collected_person"] == (1, 1, 700_000, 70_000)
    assert found["collected"] == (4, 8, 14_700_000, 1_170_000)
    assert found["listed"] == found["listed_business"] == (2, 2, 1_000_000, 100_000)
    assert found["total"] == (6, 10, 15_700_000, 1_270_000)
    assert form(QUARTER, FIRST, family=Family.EXEMPT)["total"] == (1, 1, 1_500_000, 0)
    bought = form(QUARTER, FIRST, side=Side.PURCHASE)
    assert bought["collected"] == (1, 3, 24_500_000, 2_450_000)
    assert bought["listed"] == (1, 1, 300_000, 30_000)


def test_the_return_of_that_quarter_worked_out_by_hand():
    found = lines(QUARTER, FIRST)
    assert found["(1)"] == (12_700_000, 1_270_000)
    assert found["(5)"] == (3_000_000, 0)
    assert found["(9)"] == (15_700_000, 1_270_000)
    assert found["(10)"] == (4_800_000, 480_000)
    assert found["(12)"] == (20_000_000, 2_000_000)
    assert found["(16)"] == (24_800_000, 2_480_000)
    assert found["(17)"] == (500_000, 50_000)
    assert found["(18)"] == (24_300_000, 2_430_000)
    assert found["㉰"][1] == 1_270_000 - 2_430_000
    assert (found["(88)"][0], found["(89)"][0]) == (1_500_000, 250_000)


MISSED = [
    sale("2026-03-31", 1_000_000, issued="2026-05-06", sent="2026-05-07"),
    sale("2026-03-31", 800_000, issued="2026-05-06", sent=None, who=B),
    sale("2026-05-31", 2_000_000),
    purchase("2026-03-31", 600_000, issued="2026-05-06", sent="2026-05-07"),
    sale("2026-03-31", 50_000, issued="2026-08-03", sent="2026-08-03", who=C),
]


def test_what_the_preliminary_return_missed_is_told_and_listed_in_the_final_one():
    """제49조 제1항, 제54조 제3항: the form adds up to (1) + (5) + (7) and to (10) + (12) + (13) of its return."""
    assert form(MISSED, FIRST)["total"] == (0, 0, 0, 0)
    found = form(MISSED, SECOND)
    # Sent by 13 July, the 11th of the month after the 과세기간 moved over a weekend.
    assert found["collected"] == (1, 2, 3_000_000, 300_000)
    # On paper, and what was issued after 27 July, whose form is submitted with 수정신고.
    assert found["listed"] == (2, 2, 850_000, 85_000)
    told = lines(MISSED, SECOND)
    assert (told["(1)"], told["(7)"]) == ((2_000_000, 200_000), (1_800_000, 180_000))
    assert told["(36)"] == told["(40)"] == told["(7)"]
    assert told["(13)"] == told["(41)"] == (600_000, 60_000)
    assert form(MISSED, SECOND, side=Side.PURCHASE)["total"] == (1, 1, 600_000, 60_000)


def test_a_sole_proprietor_who_is_billed_tells_the_whole_half_at_once():
    """제48조 제3항: one return, one form, and the 11th is July's for what was written in January too."""
    rows = [
        sale("2026-01-31", 1_000_000, issued="2026-02-10", sent="2026-07-13"),
        sale("2026-06-30", 500_000, issued="2026-07-10", sent="2026-07-14"),
    ]
    chosen = filing(FIRST, BILLED, law=LAW)
    assert (chosen.key, str(chosen.due), str(chosen.cutoff.on)) == (
        "2026-1-final",
        "2026-07-27",
        "2026-07-13",
    )
    found = form(rows, FIRST, facts=BILLED)
    assert found["collected"] == (1, 1, 1_000_000, 100_000)
    assert found["listed"] == (1, 1, 500_000, 50_000)
    assert lines(rows, FIRST, facts=BILLED)["(1)"] == (1_500_000, 150_000)


def test_a_simplified_taxpayers_first_half_is_one_of_its_returns():
    """제66조 제3항, 제67조: filed by 25 July where a tax invoice was issued, and told again in the year's."""
    keys = [one.key for one in filings(date(2026, 11, 22), SIMPLIFIED, law=LAW, count=3)]
    assert keys == ["2026-2-final", "2026-1-preliminary", "2025-2-final"]
    rows = [sale("2026-03-10", 1_000_000), sale("2026-03-11", 70_000, issued="2026-09-01")]
    assert form(rows, FIRST, facts=SIMPLIFIED)["total"] == (1, 1, 1_000_000, 100_000)
    assert form(rows, date(2026, 11, 1), facts=SIMPLIFIED)["total"] == (1, 2, 1_070_000, 107_000)


def test_the_return_before_that_of_an_ordinary_taxpayer_is_the_one_that_ends_the_day_before():
    final = filing(SECOND, CORPORATION, law=LAW)
    preliminary = earlier(final, CORPORATION, law=LAW)
    assert (preliminary.key, str(preliminary.due)) == ("2026-1-preliminary", "2026-04-27")
    assert final.told(date(2026, 3, 31), date(2026, 4, 27)) is None
    assert final.told(date(2026, 3, 31), date(2026, 4, 28)) is Told.MISSED


def late(**values):
    given = {
        "side": Side.SALES,
        "document_type": DocumentType.TAX,
        "reason": None,
        "party": Party.BUSINESS,
        "written_on": date(2026, 3, 5),
        "issued_on": date(2026, 3, 5),
        "sent_on": date(2026, 3, 6),
        "supply_amount": 1_000_000,
        "tax_amount": 100_000,
    } | values
    return Late(count=1, **given)


def test_paper_of_one_who_has_to_issue_electronically_stands_with_what_was_not_issued():
    """제60조 제2항 제2호 단서 가목: a hundredth, on the line of 제2호."""
    found = lines([], SECOND, late=[late(paper=True, sent_on=None)])
    assert found["(65)"] == (0, 0)
    assert found["(67)"] == (1_000_000, 10_000)


def test_penalties_of_exempt_invoices_are_no_vat():
    """법인세법 제75조의8: they are paid with corporate tax."""
    of_exempt = late(document_type=DocumentType.EXEMPT, issued_on=date(2026, 5, 6), tax_amount=0)
    [owed] = charged([of_exempt], CORPORATION, law=LAW, today=date(2026, 7, 1))
    assert (owed.code, owed.exempt, owed.amount) == ("late_issue", True, 10_000)
    assert "법인세법" in owed.citation
    assert lines([], SECOND, late=[of_exempt])["(65)"] == (0, 0)


def test_a_tax_invoice_and_an_exempt_one_issued_late_are_told_apart():
    both = [
        late(issued_on=date(2026, 5, 6), sent_on=date(2026, 5, 7)),
        late(
            issued_on=date(2026, 5, 6),
            sent_on=date(2026, 5, 7),
            document_type=DocumentType.EXEMPT,
            tax_amount=0,
        ),
    ]
    owed = charged(both, CORPORATION, law=LAW, today=date(2026, 7, 1))
    assert [(one.exempt, one.amount) for one in owed] == [(False, 10_000), (True, 10_000)]


def test_a_correction_of_a_mistake_costs_nothing_however_late_and_a_higher_price_a_hundredth():
    found = [
        late(
            document_type=DocumentType.AMENDED_TAX,
            reason=reason,
            issued_on=date(2026, 6, 1),
            sent_on=date(2026, 6, 2),
        )
        for reason in (AmendmentReason.MISTAKE, AmendmentReason.PRICE_CHANGE)
    ]
    [owed] = charged(found, CORPORATION, law=LAW, today=date(2026, 7, 1))
    assert (owed.code, owed.count, owed.amount, owed.certainty) == ("late_issue", 1, 10_000, "law")


def test_a_purchase_is_judged_by_what_the_buyer_was_on_the_day():
    """간이 until June, 일반 since July: what it bought in March it never deducted (제63조)."""
    facts = Facts.from_json(
        '{"supplier_kind": "individual", "supplier_tax_types": ['
        '{"from": "2020-01-01", "type": "simplified"}, {"from": "2026-07-01", "type": "general"}]}'
    )
    bought = late(side=Side.PURCHASE, issued_on=date(2026, 5, 6))
    assert charged([bought], facts, law=LAW, today=date(2026, 12, 1)) == ()
    since = late(side=Side.PURCHASE, written_on=date(2026, 8, 5), issued_on=date(2026, 10, 6))
    [owed] = charged([since], facts, law=LAW, today=date(2026, 12, 1))
    assert (owed.code, owed.amount) == ("late_receive", 5_000)
