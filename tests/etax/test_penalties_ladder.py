"""The days from which doing it costs more."""

from datetime import timedelta

from dojang.etax.codes import AmendmentReason, DocumentType
from dojang.etax.penalties import ladder
from etax.penalties_samples import COMPANY, LAW, PERSON, day, document, exempt, facts


def rungs(made, today, parties=COMPANY):
    return [
        (str(rung.from_on), rung.penalties_total, rung.cost)
        for rung in ladder(made, parties, law=LAW, today=day(today))
    ]


def test_the_ladder_of_an_invoice_not_issued_yet():
    assert rungs(document("2026-05-08"), "2026-05-20") == [
        ("2026-05-20", 0, 0),
        ("2026-06-11", 150_000, 150_000),
        ("2026-07-28", 250_000, 250_000),
        ("2027-07-28", 200_000, 1_200_000),
    ]


def test_the_ladder_begins_today_wherever_today_is():
    assert rungs(document("2026-05-08"), "2026-06-10")[0] == ("2026-06-10", 0, 0)
    assert rungs(document("2026-05-08"), "2026-06-11")[0] == ("2026-06-11", 150_000, 150_000)
    assert rungs(document("2026-05-08"), "2026-07-28")[0] == ("2026-07-28", 250_000, 250_000)
    assert rungs(document("2026-05-08"), "2028-01-01") == [("2028-01-01", 200_000, 1_200_000)]


def test_what_is_supplied_later_begins_at_its_supply():
    assert rungs(document("2026-05-08"), "2026-04-01")[0] == ("2026-05-08", 0, 0)
    moved = document("2026-05-08", supplied_on=day("2026-06-01"))
    assert rungs(moved, "2026-05-20")[:2] == [("2026-06-01", 0, 0), ("2026-07-11", 150_000, 150_000)]


def test_a_buyer_who_deducts_nothing_leaves_the_suppliers_steps():
    exempt_buyer = facts(buyer_tax_type="exempt")
    assert rungs(document("2026-05-08"), "2026-05-20", exempt_buyer) == [
        ("2026-05-20", 0, 0),
        ("2026-06-11", 100_000, 100_000),
        ("2026-07-28", 200_000, 200_000),
    ]


def test_an_exempt_invoice_has_the_steps_of_its_own_law():
    assert rungs(exempt("2026-05-08"), "2026-05-20") == [
        ("2026-05-20", 0, 0),
        ("2026-06-11", 100_000, 100_000),
        ("2027-01-26", 200_000, 200_000),
    ]


def test_what_is_issued_and_not_sent_has_the_steps_of_sending():
    assert rungs(document("2026-05-08", "2026-05-08", None), "2026-05-08") == [
        ("2026-05-08", 0, 0),
        ("2026-05-12", 30_000, 30_000),
        ("2026-07-28", 50_000, 50_000),
    ]
    assert rungs(document("2026-05-08", "2026-05-08", None), "2026-05-08", PERSON) == [("2026-05-08", 0, 0)]


def test_what_is_done_has_one_rung():
    assert rungs(document("2026-05-08", "2026-06-11"), "2026-06-12") == [("2026-06-12", 150_000, 150_000)]
    paper = document("2026-05-08", "2026-06-01", None, paper=True)
    assert rungs(paper, "2026-06-12") == [("2026-06-12", 100_000, 100_000)]


def test_an_unlawfully_early_invoice_gets_dearer_when_no_right_one_comes():
    early = document("2026-06-01", "2026-06-01", supplied_on=day("2026-10-10"))
    assert rungs(early, "2026-06-02") == [("2026-06-02", 150_000, 150_000), ("2027-01-26", 250_000, 250_000)]


def test_without_an_inbox_the_steps_are_those_of_issuing():
    assert rungs(document("2026-05-08", "2026-05-08", None, no_inbox=True), "2026-06-10")[:2] == [
        ("2026-06-10", 0, 0),
        ("2026-06-11", 150_000, 150_000),
    ]


def test_a_rung_in_words():
    first, late, none, lost = ladder(document("2026-05-08"), COMPANY, law=LAW, today=day("2026-05-20"))
    assert first.text() == "2026-05-20부터 0원"
    assert (
        late.text()
        == "2026-06-11부터 150,000원 (지연발급 가산세 1% 100,000원, 거래처 지연수취 가산세 0.5% 50,000원)"
    )
    assert "미발급 가산세 2% 200,000원" in none.text()
    assert lost.text().endswith("거래처 매입세액 1,000,000원 불공제)")
    assert (
        late.text("en")
        == "from 2026-06-11 150,000 won (Late issue penalty 1% 100,000 won, buyer: Late receipt penalty 0.5% 50,000 won)"
    )
    assert lost.text("en").endswith("buyer loses input tax of 1,000,000 won)")


def test_a_disputed_rung_says_at_most():
    decrease = document(
        "2026-09-30",
        document_type=DocumentType.AMENDED_TAX,
        reason=AmendmentReason.RETURN,
        supply_amount=-300_000,
    )
    steps = ladder(decrease, COMPANY, law=LAW, today=day("2026-10-01"))
    assert [rung.text() for rung in steps] == [
        "2026-10-01부터 0원",
        "2026-10-13부터 3,000원 (지연발급 가산세 최대 1% 3,000원)",
        "2027-01-26부터 6,000원 (미발급 가산세 최대 2% 6,000원)",
    ]
    assert "at most 1% 3,000 won" in steps[1].text("en")


def test_every_rung_is_what_that_day_costs_and_the_day_before_costs_less():
    made = document("2026-05-08")
    for before, after in zip(*[iter_rungs(made)[offset:] for offset in (0, 1)], strict=False):
        (eve, *_) = ladder(made, COMPANY, law=LAW, today=after.from_on - timedelta(days=1))
        assert eve.cost == before.cost < after.cost


def iter_rungs(made):
    return ladder(made, COMPANY, law=LAW, today=day("2026-05-08"))
