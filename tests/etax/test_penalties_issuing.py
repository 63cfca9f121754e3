"""Ordinary issuing and transmitting: the worked examples, then each clause of 법60② at its borders."""

import json
from datetime import timedelta

import pytest

from dojang.etax.codes import AmendmentReason, DocumentType
from dojang.etax.penalties import Falsity
from etax.etax_samples import DATA
from etax.penalties_samples import (
    PERSON,
    codes,
    day,
    document,
    exempt,
    facts,
    judged,
    owed,
)

ROWS = {row["id"]: row for row in json.loads((DATA / "tax-rules" / "issuing.json").read_text())["cases"]}

NOTHING = ()
LATE_ISSUE = (("late_issue", 100_000, "law"),)
NON_ISSUE = (("non_issue", 200_000, "law"),)
LATE_RECEIVE = (("late_receive", 50_000, "law"),)

# What the prose of the rows says, as figures: supplier, buyer, the buyer's deduction.
EXPECTED = {
    "N01": (NOTHING, NOTHING, "yes"),
    "N02": (LATE_ISSUE, LATE_RECEIVE, "late"),
    "N03": (NOTHING, NOTHING, "yes"),
    "N04": (NOTHING, NOTHING, "yes"),
    "N05": (NOTHING, NOTHING, "yes"),
    "N06": (NOTHING, NOTHING, "yes"),
    "N07": (LATE_ISSUE, LATE_RECEIVE, "late"),
    "N09": (NON_ISSUE, NOTHING, "no"),
    "N10": ((("paper", 100_000, "law"),), NOTHING, "yes"),
    "N11": (NOTHING, NOTHING, "yes"),
    "N12": ((("late_send", 30_000, "law"),), NOTHING, "yes"),
    "N14": (NOTHING, NOTHING, "yes"),
    "N15": ((("non_send", 50_000, "law"),), NOTHING, "yes"),
    "N16": (NOTHING, NOTHING, "yes"),
    "N17": (LATE_ISSUE, LATE_RECEIVE, "late"),
}


def test_every_worked_example_has_its_figures():
    assert EXPECTED.keys() == ROWS.keys()


@pytest.mark.parametrize("row", ROWS.values(), ids=[f"{row['id']} {row['case']}" for row in ROWS.values()])
def test_worked_example(row):
    sent_on = None if row["send_date"] == "-" else row["send_date"]
    made = document(
        row["write_date"],
        row["issue_date"],
        sent_on,
        supply_amount=int(row["supply"].replace(",", "")),
        paper=sent_on is None,
    )
    assessment = judged(made)
    supplier, buyer, deduction = EXPECTED[row["id"]]
    assert owed(assessment, "supplier") == list(supplier)
    assert owed(assessment, "buyer") == list(buyer)
    assert assessment.deduction == deduction
    # The figures above against the prose of the row.
    for who, column in (("supplier", "supplier_penalty"), ("buyer", "buyer_penalty")):
        for each in assessment.of(who):
            assert f"{each.rate * 100:f}".rstrip("0").rstrip(".") + "%" in row[column]
            assert f"{each.amount:,}" in row[column]


def test_n24_an_invoice_before_the_supply_costs_1_percent_and_the_buyer_half_vat_act_60_2_5_decree_75_8():
    early = document("2026-06-01", "2026-06-01", supplied_on=day("2026-10-10"))
    assessment = judged(early, today=day("2026-10-20"))
    assert owed(assessment, "supplier") == [("defect", 100_000, "law")]
    assert owed(assessment, "buyer") == [("late_receive", 50_000, "law")]
    assert assessment.deduction == "late"
    assert "공급시기(2026-10-10)" in assessment.penalties[0].ko
    assert "6개월" in assessment.penalties[1].ko


def test_x9_an_early_invoice_is_non_issue_when_no_right_one_follows_in_its_period_ruling_2016_5066():
    early = document("2026-06-01", "2026-06-01", supplied_on=day("2026-10-10"))
    assert owed(judged(early, today=day("2027-01-25")), "supplier") == [("defect", 100_000, "law")]
    assert owed(judged(early, today=day("2027-01-26")), "supplier") == [("non_issue", 200_000, "law")]


@pytest.mark.parametrize(
    ("reissued_on", "code"), [("2027-01-25", "defect"), ("2027-01-26", "non_issue"), (None, "non_issue")]
)
def test_x9_the_right_invoice_has_to_come_by_the_final_return_date(reissued_on, code):
    early = document(
        "2026-06-01",
        "2026-06-01",
        supplied_on=day("2026-10-10"),
        reissued_on=day(reissued_on) if reissued_on else None,
    )
    assert [each[0] for each in owed(judged(early), "supplier")] == [code]


@pytest.mark.parametrize(("supplied_on", "deduction"), [("2026-12-01", "late"), ("2026-12-02", "no")])
def test_an_early_invoice_is_deductible_if_the_supply_follows_in_6_months_decree_75_8(supplied_on, deduction):
    early = document("2026-06-01", "2026-06-01", supplied_on=day(supplied_on))
    assessment = judged(early, today=day("2026-12-03"))
    assert assessment.deduction == deduction
    assert assessment.lost_tax == (1_000_000 if deduction == "no" else 0)
    assert len(owed(assessment, "buyer")) == (deduction == "late")


def test_x16_an_early_invoice_was_deductible_within_30_days_before_2022_02_15_decree_75_8():
    def early(supplied_on):
        return judged(
            document("2021-12-10", "2021-12-10", supplied_on=day(supplied_on)), today=day("2022-01-20")
        )

    assert early("2022-01-09").deduction == "late"
    assert "30일" in early("2022-01-09").penalties[1].ko
    assert early("2022-01-10").deduction == "no"


@pytest.mark.parametrize(
    ("told", "supplied_on"),
    [
        ({"paid_on": "2026-06-05"}, "2026-09-10"),
        ({"contract_billing": {"billing_on": "2026-06-01", "payment_on": "2026-06-30"}}, "2026-10-01"),
        ({}, "2026-06-28"),
    ],
    ids=["N22 paid within 7 days", "N25 billing and payment 30 days apart", "N23 same period"],
)
def test_an_early_invoice_that_vat_act_17_allows_costs_nothing(told, supplied_on):
    early = document("2026-06-01", "2026-06-01", supplied_on=day(supplied_on))
    assessment = judged(early, facts(**told))
    assert assessment.penalties == ()
    assert assessment.deduction == "yes"


def test_an_early_invoice_may_be_told_to_be_valid_but_not_a_late_one():
    early = document("2026-06-01", "2026-06-01", supplied_on=day("2027-03-10"), early_is_valid=True)
    assert judged(early).penalties == ()
    late = document("2026-06-01", "2026-07-13", early_is_valid=True)
    assert owed(judged(late), "supplier") == list(LATE_ISSUE)


def test_a_lawful_early_invoice_is_counted_from_its_issue():
    early = document("2026-06-01", "2026-06-01", "2026-07-28", supplied_on=day("2026-09-10"))
    assert owed(judged(early, facts(paid_on=day("2026-06-05"))), "supplier") == [("non_send", 50_000, "law")]


def test_an_invoice_before_the_supply_that_is_not_issued_yet_owes_nothing():
    planned = document("2026-06-01", supplied_on=day("2026-10-10"))
    assert judged(planned, today=day("2026-06-01")).penalties == ()


def test_a_true_supply_before_written_on_decides_lateness_e01_09():
    wrong_date = document("2026-09-11", "2026-09-11", supplied_on=day("2026-08-31"), supply_amount=5_000_000)
    assessment = judged(wrong_date)
    assert owed(assessment, "supplier") == [("late_issue", 50_000, "law")]
    assert owed(assessment, "buyer") == [("late_receive", 25_000, "law")]


@pytest.mark.parametrize(
    ("issued_on", "expected"),
    [
        ("2026-06-10", []),
        ("2026-06-11", "late_issue"),
        ("2026-07-27", "late_issue"),
        ("2026-07-28", "non_issue"),
    ],
)
def test_issuing_at_each_border_vat_act_60_2_1_2(issued_on, expected):
    assessment = judged(document("2026-05-08", issued_on))
    assert [each[0] for each in owed(assessment, "supplier")] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("sent_on", "expected"),
    [
        ("2026-05-11", None),
        ("2026-05-12", "late_send"),
        ("2026-07-27", "late_send"),
        ("2026-07-28", "non_send"),
        (None, "non_send"),
    ],
)
def test_transmitting_at_each_border_vat_act_60_2_3_4(sent_on, expected):
    assessment = judged(document("2026-05-08", "2026-05-08", sent_on))
    assert [each[0] for each in owed(assessment, "supplier")] == ([expected] if expected else [])
    assert assessment.deduction == "yes"


def test_x2_a_simplified_supplier_has_the_whole_year_vat_act_5_1():
    simplified = facts(
        supplier_kind="individual", supplier_tax_types=({"from": day("2021-07-01"), "type": "simplified"},)
    )
    late = document("2026-03-10", "2026-09-01")
    assert owed(judged(late, simplified), "supplier") == list(LATE_ISSUE)
    assert owed(judged(late), "supplier") == list(NON_ISSUE)
    last, next_one = document("2026-03-10", "2027-01-25"), document("2026-03-10", "2027-01-26")
    assert owed(judged(last, simplified), "supplier") == list(LATE_ISSUE)
    assert owed(judged(next_one, simplified), "supplier") == list(NON_ISSUE)


@pytest.mark.parametrize(("issued_on", "expected"), [("2026-04-27", LATE_ISSUE), ("2026-05-20", NON_ISSUE)])
def test_x2_closing_the_business_brings_the_final_return_forward_vat_act_5_3(issued_on, expected):
    closed = facts(supplier_closed_on=day("2026-03-31"))
    assert owed(judged(document("2026-02-10", issued_on), closed), "supplier") == list(expected)


def test_x4_only_who_must_issue_electronically_is_charged_for_transmission_vat_act_32_3():
    unsent = document("2026-05-08", "2026-05-08", None)
    assert owed(judged(unsent, PERSON), "supplier") == []
    assert owed(judged(unsent, facts(supplier_kind="individual")), "supplier") == [
        ("non_send", 50_000, "law")
    ]
    assert owed(judged(exempt("2026-05-08", "2026-05-08", None), PERSON), "supplier") == []


def test_x4_a_voluntary_issuer_who_does_not_send_by_the_11th_is_told_what_it_loses_vat_act_54_2():
    def told(sent_on, **more):
        return "voluntary_unsent" in codes(
            judged(document("2026-05-08", "2026-05-08", sent_on, **more), PERSON)
        )

    assert not told("2026-07-13")  # the 11th is a Saturday
    assert told("2026-07-14")
    assert told(None)
    assert not told(None, paper=True)
    assert not told(None, document_type=DocumentType.EXEMPT)
    assert "voluntary_unsent" not in codes(judged(document("2026-05-08"), PERSON))


def test_paper_is_charged_only_to_who_must_issue_electronically_vat_act_60_2_2_proviso():
    paper = document("2026-03-05", "2026-04-03", None, paper=True)
    assert owed(judged(paper), "supplier") == [("paper", 100_000, "law")]
    assert owed(judged(paper, PERSON), "supplier") == []


@pytest.mark.parametrize(
    ("issued_on", "expected"),
    [
        ("2026-04-10", ("paper", 100_000, "law")),
        ("2026-04-13", ("late_issue", 100_000, "law")),
        ("2026-07-28", ("non_issue", 200_000, "law")),
    ],
)
def test_h11_late_paper_is_late_issue_until_the_final_return_then_non_issue(issued_on, expected):
    assert owed(judged(document("2026-03-05", issued_on, None, paper=True)), "supplier") == [expected]


def test_late_paper_of_an_obliged_supplier_leaves_the_buyers_half_percent_open_decree_75_5():
    late = document("2026-03-05", "2026-04-13", None, paper=True)
    assert owed(judged(late), "buyer") == [("late_receive", 50_000, "practice")]
    assert owed(judged(late, PERSON), "buyer") == [("late_receive", 50_000, "law")]


def test_another_place_of_business_in_time_costs_1_percent_vat_act_60_2_2_proviso():
    made = document("2026-03-05", "2026-04-03", other_place=True)
    assert owed(judged(made), "supplier") == [("other_place", 100_000, "law")]
    assert owed(judged(exempt("2026-03-05", "2026-04-03", other_place=True)), "supplier") == []


def test_vat_act_60_2_charges_one_document_once_issue_before_entries_before_transmission():
    everything = {"sent_on": None, "defective": True, "other_place": True}
    assert owed(judged(document("2026-05-08", "2026-06-11", **everything)), "supplier") == list(LATE_ISSUE)
    assert owed(judged(document("2026-05-08", "2026-06-10", **everything)), "supplier") == [
        ("other_place", 100_000, "law")
    ]
    everything["other_place"] = False
    assert owed(judged(document("2026-05-08", "2026-06-10", **everything)), "supplier") == [
        ("defect", 100_000, "law")
    ]


def test_x16_who_pays_for_a_cash_receipt_does_not_pay_for_non_issue_vat_act_60_10():
    never = document("2026-05-08", "2026-07-28", cash_receipt_charged=True)
    assert owed(judged(never), "supplier") == []
    late = document("2026-05-08", "2026-06-11", cash_receipt_charged=True)
    assert owed(judged(late), "supplier") == list(LATE_ISSUE)


def test_x7_without_an_inbox_issuing_is_transmitting_decree_68_11_12():
    signed = {"issued_on": "2026-06-10", "no_inbox": True}
    assert owed(judged(document("2026-05-08", sent_on="2026-06-10", **signed)), "supplier") == []
    assert owed(judged(document("2026-05-08", sent_on="2026-06-11", **signed)), "supplier") == list(
        LATE_ISSUE
    )
    assert owed(judged(document("2026-05-08", sent_on=None, **signed)), "supplier") == list(NON_ISSUE)


def test_x7_what_was_issued_in_time_is_to_be_sent_and_amended_not_cancelled_ruling_2016_5560():
    unsent = document("2026-05-08", "2026-05-08", None)
    assert "send_then_amend" not in codes(judged(unsent, today=day("2026-06-10")))
    assert "send_then_amend" in codes(judged(unsent, today=day("2026-06-11")))
    late = document("2026-05-08", "2026-06-11", None)
    assert "send_then_amend" not in codes(judged(late, today=day("2026-06-12")))
    corrected = {"document_type": DocumentType.AMENDED_TAX, "reason": AmendmentReason.MISTAKE}
    free_to_issue_anew = document("2026-05-08", "2026-05-08", None, **corrected)
    assert "send_then_amend" not in codes(judged(free_to_issue_anew, today=day("2026-06-11")))


def test_x15_sending_on_the_day_after_labour_day_substitute_is_disputed_basic_act_5():
    def sent(on):
        return owed(judged(document("2027-04-30", "2027-04-30", on)), "supplier")

    assert sent("2027-05-03") == []
    assert sent("2027-05-04") == [("late_send", 30_000, "practice")]
    assert sent("2027-05-06") == [("late_send", 30_000, "law")]


def test_x10_an_announced_extension_moves_both_deadlines_of_its_documents_basic_act_6():
    assert judged(document("2025-09-30", "2025-10-15", "2025-10-16")).penalties == ()
    assert owed(judged(document("2025-09-30", "2025-10-16", "2025-10-17")), "supplier") == list(LATE_ISSUE)


def test_x15_an_amendment_of_a_closed_period_sent_late_is_half_a_percent_at_once_vat_act_60_2_4():
    corrected = {"document_type": DocumentType.AMENDED_TAX, "reason": AmendmentReason.MISTAKE}
    issued = document("2026-05-08", "2026-09-10", "2026-09-11", **corrected)
    assert judged(issued).penalties == ()
    late = document("2026-05-08", "2026-09-10", "2026-09-14", **corrected)
    assert owed(judged(late), "supplier") == [("non_send", 50_000, "law")]


@pytest.mark.parametrize("reason", ["01", "05", "06"])
def test_amendments_that_keep_the_original_date_have_no_issue_penalty_decree_70(reason):
    for amount in (-10_000_000, 10_000_000):
        made = document(
            "2026-03-10",
            "2026-09-10",
            document_type=DocumentType.AMENDED_TAX,
            reason=AmendmentReason(reason),
            supply_amount=amount,
        )
        assert judged(made).penalties == ()


@pytest.mark.parametrize(
    ("event_on", "issued_on", "amount", "expected"),
    [
        ("2026-09-30", "2026-11-10", -300_000, [("late_issue", 3_000, "practice")]),
        ("2026-05-20", "2026-08-03", -400_000, [("non_issue", 8_000, "practice")]),
        ("2026-07-31", "2026-08-11", -8_000_000, [("late_issue", 80_000, "practice")]),
        ("2026-07-31", "2026-08-10", -8_000_000, []),
        ("2026-09-30", "2026-11-10", 300_000, [("late_issue", 3_000, "law")]),
    ],
    ids=["E02-04", "E03-08", "E04-03", "in time", "an increase is law"],
)
def test_h1_a_late_decrease_is_disputed_and_an_increase_is_not(event_on, issued_on, amount, expected):
    made = document(
        event_on,
        issued_on,
        document_type=DocumentType.AMENDED_TAX,
        reason=AmendmentReason.PRICE_CHANGE,
        supply_amount=amount,
    )
    assessment = judged(made)
    assert owed(assessment, "supplier") == expected
    for each in assessment.of("supplier"):
        assert ("최대" in each.ko) is (amount < 0)
        assert ("at most" in each.en) is (amount < 0)
    # X5: on a minus document the buyer deducts nothing.
    assert owed(assessment, "buyer") == ([("late_receive", 1_500, "law")] if amount > 0 else [])


def test_d7_after_a_switch_of_tax_type_lateness_counts_from_the_cause_decree_70_2_3():
    swapped = document(
        "2026-03-10",
        "2026-08-10",
        document_type=DocumentType.AMENDED_TAX,
        reason=AmendmentReason.PRICE_CHANGE,
        supplied_on=day("2026-07-08"),
    )
    assert judged(swapped).penalties == ()


@pytest.mark.parametrize(("issued_on", "rate"), [("2025-12-30", 3_000_000), ("2026-01-02", 4_000_000)])
def test_n35_fabricating_costs_both_3_then_4_percent_by_the_day_of_the_act_vat_act_60_3(issued_on, rate):
    fake = document("2025-12-30", issued_on, falsity=Falsity.FAKE, supply_amount=100_000_000)
    assessment = judged(fake)
    assert owed(assessment, "supplier") == [("fake", rate, "law")]
    assert owed(assessment, "buyer") == [("fake", rate, "law")]
    assert assessment.deduction == "no"
    assert assessment.lost_tax == 10_000_000


def test_nothing_else_is_charged_on_a_fabricated_document_vat_act_60_9():
    worst = document("2025-01-10", "2026-03-02", None, falsity=Falsity.FAKE, defective=True, other_place=True)
    assert [each.code for each in judged(worst).penalties] == ["fake", "fake"]


def test_another_name_costs_2_percent_on_each_side_vat_act_60_3_3_4():
    made = document("2026-05-08", "2026-07-28", falsity=Falsity.NAME)
    assessment = judged(made)
    assert owed(assessment, "supplier") == [("name", 200_000, "law")]
    assert owed(assessment, "buyer") == [("name", 200_000, "law")]
    assert assessment.deduction == "no"


def test_an_overstated_amount_costs_2_percent_of_what_is_too_much_and_lateness_only_of_the_rest_vat_act_60_3_5():
    made = document("2026-05-08", "2026-06-11", falsity=Falsity.OVER, overstated_amount=4_000_000)
    assessment = judged(made)
    assert owed(assessment, "supplier") == [("over", 80_000, "law"), ("late_issue", 60_000, "law")]
    assert owed(assessment, "buyer") == [("over", 80_000, "law"), ("late_receive", 30_000, "law")]
    assert (assessment.deduction, assessment.lost_tax) == ("late", 400_000)
    lost = judged(document("2026-05-08", "2027-07-28", falsity=Falsity.OVER, overstated_amount=4_000_000))
    assert (lost.deduction, lost.lost_tax) == ("no", 1_000_000)


def test_the_customs_office_owes_nothing_vat_act_35():
    assessment = judged(document("2026-05-08", "2026-07-28", document_type=DocumentType.TAX_IMPORT))
    assert owed(assessment, "supplier") == []
    assert codes(assessment) == {"import_kind"}


def test_a_negative_document_of_no_amendment_is_a_decrease():
    netting = document("2026-05-31", "2026-06-11", supply_amount=-1_000_000)
    assert owed(judged(netting), "supplier") == [("late_issue", 10_000, "practice")]
    unsent = document("2026-05-31", "2026-06-10", None, supply_amount=-1_000_000)
    assert owed(judged(unsent), "supplier") == [("non_send", 5_000, "practice")]


def test_a_document_over_nothing_owes_nothing():
    assert judged(document("2026-05-31", "2026-07-28", supply_amount=0)).penalties == ()


def test_below_a_won_is_dropped():
    assessment = judged(document("2026-05-08", "2026-06-11", supply_amount=199))
    assert owed(assessment, "supplier") == [("late_issue", 1, "law")]
    assert owed(assessment, "buyer") == [("late_receive", 0, "law")]


def test_what_is_not_issued_yet_is_judged_as_issued_today():
    planned = document("2026-05-08")
    for offset in range(0, 500, 7):
        today = day("2026-05-08") + timedelta(days=offset)
        done = document("2026-05-08", str(today))
        assert judged(planned, today=today) == judged(done, today=today)


def test_a_day_before_the_known_law_gives_the_nearest_rate_and_says_so():
    assessment = judged(document("2016-05-08", "2016-07-01"))
    assert owed(assessment, "supplier") == list(LATE_ISSUE)
    assert "outside_known_law" in codes(assessment)
    assert "outside_known_law" not in codes(judged(document("2026-05-08", "2026-07-01")))
