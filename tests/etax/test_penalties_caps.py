"""가산세 한도: 국세기본법 제49조, which clauses it reaches and how penalties add up to it."""

import pytest

from dojang.etax.penalties import Falsity, capped
from etax.penalties_samples import document, exempt, facts, judged, owed

HUGE = 6_000_000_000
LARGE_COMPANY = facts(sme=False)


def big(*dates, **more):
    return document(*dates, supply_amount=HUGE, **more)


def big_exempt(*dates, **more):
    return exempt(*dates, supply_amount=HUGE, **more)


def test_n33_late_issue_of_a_small_company_stops_at_50_million_basic_act_49_1_3():
    assessment = judged(big("2026-05-08", "2026-06-11"))
    (late,) = assessment.of("supplier")
    assert (late.base, late.amount) == (HUGE, 50_000_000)
    assert late.ko.startswith("지연발급 가산세 1% = 60,000,000원")
    assert late.ko.endswith("가산세 한도(50,000,000원)에 걸려 50,000,000원만 냅니다.")
    assert late.en.endswith("The cap (50,000,000 won) leaves 50,000,000 won.")


def test_the_cap_of_others_is_100_million():
    assert owed(judged(big("2026-05-08", "2026-06-11"), LARGE_COMPANY), "supplier") == [
        ("late_issue", 60_000_000, "law")
    ]
    twice = document("2026-05-08", "2026-06-11", supply_amount=2 * HUGE)
    assert owed(judged(twice, LARGE_COMPANY), "supplier") == [("late_issue", 100_000_000, "law")]


def test_n34_non_issue_has_no_cap_basic_act_49_1_3():
    assert owed(judged(big("2026-05-08", "2026-07-28")), "supplier") == [("non_issue", 120_000_000, "law")]


@pytest.mark.parametrize(
    ("more", "code", "amount"),
    [
        ({"paper": True}, "paper", 60_000_000),
        ({"other_place": True}, "other_place", 60_000_000),
        ({"falsity": Falsity.FAKE}, "fake", 240_000_000),
        ({"falsity": Falsity.NAME}, "name", 120_000_000),
        ({"falsity": Falsity.OVER, "overstated_amount": HUGE}, "over", 120_000_000),
        ({"defective": True}, "defect", 50_000_000),
    ],
)
def test_x11_paper_other_place_and_untruth_have_no_cap_but_defects_do(more, code, amount):
    made = big("2026-05-08", "2026-05-08", **more)
    assert owed(judged(made), "supplier") == [(code, amount, "law")]


def test_sending_is_capped_and_so_is_receiving():
    unsent = document("2026-05-08", "2026-05-08", None, supply_amount=5 * HUGE)
    assert owed(judged(unsent), "supplier") == [("non_send", 50_000_000, "law")]
    late = document("2026-05-08", "2026-06-11", supply_amount=5 * HUGE)
    # Of the buyer's size nothing is known: the larger cap is the upper bound.
    assert owed(judged(late), "buyer") == [("late_receive", 100_000_000, "law")]


def test_what_was_done_on_purpose_has_no_cap():
    assert owed(judged(big("2026-05-08", "2026-06-11", deliberate=True)), "supplier") == [
        ("late_issue", 60_000_000, "law")
    ]


@pytest.mark.parametrize(
    ("made", "corporate", "individual"),
    [
        (big_exempt("2026-06-30", "2027-01-25"), 50_000_000, 50_000_000),
        (big_exempt("2026-06-30", "2027-01-26"), 120_000_000, 50_000_000),
        (big_exempt("2026-06-30", "2026-07-01", None, paper=True), 60_000_000, 50_000_000),
        (big_exempt("2026-06-30", "2026-07-01", defective=True), 50_000_000, 50_000_000),
        (big_exempt("2026-06-30", "2026-07-01", falsity=Falsity.FAKE), 120_000_000, 50_000_000),
    ],
    ids=["late", "none", "paper", "defect", "fake"],
)
def test_x11_of_a_companys_exempt_invoices_only_lateness_is_capped_of_a_persons_everything(
    made, corporate, individual
):
    assert judged(made).of("supplier")[0].amount == corporate
    assert judged(made, facts(supplier_kind="individual")).of("supplier")[0].amount == individual


def test_documents_of_one_period_share_the_cap():
    first, second = (
        judged(document(written, "2026-06-11", supply_amount=3_000_000_000)).penalties
        for written in ("2026-05-08", "2026-05-09")
    )
    counted = capped((*first, *second))
    assert [each.amount for each in counted if each.who == "supplier"] == [30_000_000, 20_000_000]
    assert [each.amount for each in counted if each.who == "buyer"] == [15_000_000, 15_000_000]
    assert counted[2].ko.endswith("가산세 한도(50,000,000원)에 걸려 20,000,000원만 냅니다.")


def test_a_second_cut_replaces_the_sentence_of_the_first():
    (late, *_) = judged(big("2026-05-08", "2026-06-11")).penalties
    first, second = capped((late, late))
    assert first == late
    assert second.amount == 0
    assert second.ko.count("한도") == 1
    assert second.en.count("The cap") == 1


def test_other_periods_other_duties_and_other_years_have_caps_of_their_own():
    late = judged(big("2026-05-08", "2026-06-11")).of("supplier")
    next_half = judged(big("2026-07-08", "2026-08-11")).of("supplier")
    unsent = judged(document("2026-05-08", "2026-05-08", None, supply_amount=5 * HUGE)).of("supplier")
    counted = capped((*late, *next_half, *unsent))
    assert [each.amount for each in counted] == [50_000_000] * 3
    of_2026 = judged(big_exempt("2026-07-08", "2026-08-11")).penalties
    of_same_year = judged(big_exempt("2026-01-08", "2026-02-11")).penalties
    assert [each.amount for each in capped((*of_2026, *of_same_year))] == [50_000_000, 0]


def test_sending_late_and_not_sending_are_one_duty_basic_decree_29_2_1():
    late = judged(document("2026-05-08", "2026-05-08", "2026-05-12", supply_amount=10_000_000_000)).penalties
    never = judged(document("2026-05-08", "2026-05-08", None, supply_amount=10_000_000_000)).penalties
    assert [each.amount for each in capped((*late, *never))] == [30_000_000, 20_000_000]


def test_what_has_no_cap_is_left_alone():
    never = judged(big("2026-05-08", "2026-07-28")).of("supplier")
    assert capped((*never, *never)) == (*never, *never)
    assert capped(()) == ()
