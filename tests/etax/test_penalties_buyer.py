"""The buyer's side: who can owe at all, and until when a late invoice is still deductible."""

import pytest

from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType
from dojang.etax.penalties import Falsity
from etax.penalties_samples import codes, day, document, facts, judged, owed

LATE = document("2026-05-08", "2026-06-11")


@pytest.mark.parametrize("tax_type", ["simplified", "exempt", "public", "individual", "foreign"])
def test_x5_a_buyer_who_deducts_nothing_owes_nothing_vat_act_60_7_1(tax_type):
    parties = facts(buyer_tax_type=tax_type)
    for made in (LATE, document("2026-05-08", "2026-07-28"), document("2026-05-08", "2027-07-28")):
        assessment = judged(made, parties)
        assert owed(assessment, "buyer") == []
        assert (assessment.deduction, assessment.lost_tax) == ("none", 0)
        assert len(owed(assessment, "supplier")) == 1


@pytest.mark.parametrize("kind", [BuyerKind.INDIVIDUAL, BuyerKind.FOREIGNER])
def test_x5_a_document_to_no_business_costs_the_buyer_nothing(kind):
    assessment = judged(document("2026-05-08", "2026-06-11", buyer_kind=kind))
    assert owed(assessment, "buyer") == []
    assert assessment.deduction == "none"


@pytest.mark.parametrize(
    "more",
    [
        {"document_type": DocumentType.TAX_ZERO_RATED},
        {"document_type": DocumentType.EXEMPT},
        {"supply_amount": -1_000_000},
        {"tax_amount": 0},
    ],
    ids=["zero-rated", "exempt", "X5 negative", "no tax on it"],
)
def test_nothing_to_deduct_nothing_to_owe(more):
    assessment = judged(document("2026-05-08", "2026-06-11", **more))
    assert owed(assessment, "buyer") == []
    assert assessment.deduction == "none"


@pytest.mark.parametrize(
    ("issued_on", "deduction", "penalty", "lost"),
    [
        ("2026-06-10", "yes", [], 0),
        ("2026-06-11", "late", [("late_receive", 50_000, "law")], 0),
        ("2026-07-27", "late", [("late_receive", 50_000, "law")], 0),
        ("2026-07-28", "late", [("late_receive", 50_000, "law")], 0),
        ("2027-07-27", "late", [("late_receive", 50_000, "law")], 0),
        ("2027-07-28", "no", [], 1_000_000),
    ],
)
def test_the_buyers_windows_decree_75_3_and_7(issued_on, deduction, penalty, lost):
    assessment = judged(document("2026-05-08", issued_on))
    assert (assessment.deduction, assessment.lost_tax) == (deduction, lost)
    assert owed(assessment, "buyer") == penalty


def test_after_the_final_return_the_buyer_has_to_amend_its_own():
    assert "deduction_needs_amended_return" not in codes(judged(document("2026-05-08", "2026-07-27")))
    assessment = judged(document("2026-05-08", "2026-07-28"))
    assert "deduction_needs_amended_return" in codes(assessment)
    assert "2027-07-27" in assessment.of("buyer")[0].ko
    assert "deduction_lost" in codes(judged(document("2026-05-08", "2027-07-28")))


@pytest.mark.parametrize(
    ("written_on", "issued_on", "deduction"),
    [
        ("2022-02-14", "2023-01-25", "late"),
        ("2022-02-14", "2023-01-26", "no"),
        ("2022-02-15", "2023-07-25", "late"),
        ("2022-02-15", "2023-07-26", "no"),
    ],
)
def test_x16_the_limit_was_6_months_for_supplies_before_2022_02_15_decree_32419(
    written_on, issued_on, deduction
):
    assert judged(document(written_on, issued_on)).deduction == deduction


def test_x2_a_buyer_counts_by_its_own_periods():
    closed = facts(buyer_closed_on=day("2026-05-31"))
    # The supplier is late (to 2026-07-27); the buyer's last return was due on 2026-06-25.
    assessment = judged(document("2026-05-08", "2026-06-26"), closed)
    assert owed(assessment, "supplier") == [("late_issue", 100_000, "law")]
    assert "2026-06-25" in assessment.of("buyer")[0].ko
    assert "deduction_needs_amended_return" in codes(assessment)


@pytest.mark.parametrize(
    ("issued_on", "deduction", "penalty"),
    [
        ("2026-07-27", "yes", []),
        ("2026-07-28", "late", [("late_receive", 5_000, "practice")]),
        ("2027-07-27", "late", [("late_receive", 5_000, "practice")]),
        ("2027-07-28", "no", []),
    ],
)
def test_x8_a_new_buyer_may_owe_after_the_final_return_date_decree_75_7(issued_on, deduction, penalty):
    made = document(
        "2026-03-10",
        issued_on,
        document_type=DocumentType.AMENDED_TAX,
        reason=AmendmentReason.MISTAKE,
        supply_amount=1_000_000,
        new_buyer=True,
    )
    assessment = judged(made)
    assert assessment.deduction == deduction
    assert owed(assessment, "buyer") == penalty
    assert owed(assessment, "supplier") == []


def test_e01_16_a_new_buyer_without_a_business_owes_nothing():
    made = document(
        "2026-04-15",
        "2026-10-01",
        document_type=DocumentType.AMENDED_TAX,
        reason=AmendmentReason.MISTAKE,
        buyer_kind=BuyerKind.INDIVIDUAL,
        new_buyer=True,
    )
    assert judged(made).penalties == ()


def test_a_simplified_buyer_of_an_untrue_invoice_is_spared_vat_act_68_2_1():
    simplified = facts(buyer_tax_type="simplified")
    for falsity in Falsity:
        made = document("2026-05-08", "2026-05-08", falsity=falsity, overstated_amount=1_000_000)
        assert owed(judged(made, simplified), "buyer") == []
        assert len(owed(judged(made), "buyer")) == 1


def test_what_a_fabricated_invoice_says_of_deduction():
    made = document("2026-05-08", "2026-05-08", falsity=Falsity.FAKE)
    assert "deduction_lost" in codes(judged(made))
    assessment = judged(made, facts(buyer_tax_type="exempt"))
    assert "deduction_lost" not in codes(assessment)
    assert assessment.deduction == "none"
    assert owed(assessment, "buyer") == [("fake", 400_000, "law")]


def test_a_simplified_buyer_who_never_takes_the_invoice_is_told_vat_act_68_2_2_1():
    simplified = facts(buyer_tax_type="simplified")

    def told(made, today):
        return [
            notice.ko
            for notice in judged(made, simplified, day(today)).notices
            if notice.code == "simplified_buyer_without_invoice"
        ]

    unissued = document("2026-05-08")
    assert told(unissued, "2027-01-25") == []
    (sentence,) = told(unissued, "2027-01-26")
    assert "0.5% = 55,000원" in sentence
    assert told(document("2026-05-08", "2027-01-26"), "2027-01-26") == []
    assert told(document("2026-05-08", supply_amount=-100), "2027-01-26") == []
    assert told(document("2026-05-08", reason=AmendmentReason.PRICE_CHANGE), "2027-01-26") == []


def test_the_tax_on_the_document_is_what_is_lost():
    made = document("2026-05-08", "2027-07-28", tax_amount=999_999)
    assert judged(made).lost_tax == 999_999
