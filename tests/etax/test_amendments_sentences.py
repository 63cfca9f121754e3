"""The preview says what a plan means, in the words of the forms and in both languages."""

import json
import re
from typing import Any

import pytest

from dojang.etax.amendments import preview
from dojang.etax.amendments.messages import _texts, codes, message
from dojang.etax.amendments.particles import shown_number
from dojang.etax.amendments.plan import RULES
from dojang.etax.amendments.returns import correction, refund_until
from dojang.etax.amendments.suggest.shape import read
from dojang.etax.calendar.periods import return_period
from etax.amendments_samples import (
    BUYERS,
    PERSON,
    chain,
    document,
    documents_of,
    issued,
    key_of,
    original,
    planned,
)
from etax.law_samples import LAW, day
from etax.test_amendments_rows import FACTS, ROWS, request_of

BY_ID = {row["id"]: row for row in ROWS}


def of_row(name: str) -> Any:
    row = BY_ID[name]
    documents = documents_of(row)
    found = planned(documents.values(), request_of(row, documents), row["issue_date"], **FACTS.get(name, {}))
    return preview(found)


def said(*documents: Any, on: str, asked: dict[str, Any], **facts: Any) -> str:
    return preview(planned(documents, asked, on, **facts)).text("ko")


def test_a_return_in_the_next_period():
    text = of_row("E03-03").text("ko")
    for part in (
        "반품된 700,000원(세액 70,000원)을 빼는 마이너스 세금계산서 1건을 발행합니다.",
        "작성일자는 반품일 2026-08-19입니다.",
        "비고에 ‘당초 작성일자(2026-05-06)’가 적힙니다.",
        "공급가액 2,200,000원 → 1,500,000원",
        "2026-09-10(목)",
        "2026년 2기 예정(7~9월) 신고에 매출 감소 700,000원",
        "이미 신고한 2026년 1기는 수정신고하지 않습니다.",
    ):
        assert part in text


def test_an_amount_that_was_too_high():
    text = of_row("E01-02").text("ko")
    for part in (
        "같은 날짜로 취소(−)하고 올바른 내용으로 다시(+) 발행합니다. 수정세금계산서 2건이 함께 발행됩니다.",
        "공급가액 3,000,000원 → 2,700,000원",
        "2026년 1기를 경정청구하여 30,000원을 돌려받을 수 있습니다(2031-07-25까지).",
        "거래처는 이미 공제받았다면 수정신고로 30,000원을 납부해야 합니다.",
    ):
        assert part in text


def test_another_buyer_after_the_final_return():
    text = of_row("E01-05").text("ko")
    assert "기한 2027-07-27(화)." in text
    assert (
        "확정신고기한(2026-07-27(월))이 지나 발행하면 거래처 B상사에게 지연수취 가산세(0.5%, 5,000원)" in text
    )
    assert "실제 거래 상대방은 B상사입니다." in text
    before = said(
        original(),
        on="2026-07-27",
        asked={"reason": "01", "subtype": "non_mistake", "corrected": {"buyer": BUYERS["C"]}},
    )
    assert "지연수취" not in before


def test_a_late_cancellation_is_disputed_and_never_stated_as_a_fact():
    text = of_row("E04-03").text("ko")
    assert "해석이 나뉩니다(최대 1% = 80,000원, 2027-01-25(월) 이후 2% = 160,000원)" in text
    assert "거래처에는 이 가산세가 없습니다." in text
    assert "‘실무’" in text


def test_a_return_issued_after_the_final_return():
    text = of_row("E03-08").text("ko")
    assert "최대 2% = 8,000원" in text


def test_a_late_increase_is_a_fact():
    asked = {"reason": "02", "event_on": "2026-07-08", "supply_delta": 200_000}
    text = said(original(), on="2026-08-11", asked=asked)
    assert "지연발급 가산세 1% = 2,000원(거래처 0.5% = 1,000원). 2027-01-25(월)가 지나면 2% = 4,000원" in text
    later = said(original(), on="2027-02-01", asked=asked)
    assert "미발급 가산세 2% = 4,000원" in later


def test_days_that_are_left_and_the_last_day():
    asked = {"reason": "03", "event_on": "2026-05-20", "supply_amount": 5}
    assert "발급기한 2026-06-10(수)까지 9일 남았습니다." in said(original(), on="2026-06-01", asked=asked)
    assert "발급기한이 오늘(2026-06-10(수))입니다." in said(original(), on="2026-06-10", asked=asked)


def test_late_without_a_penalty():
    asked = {"reason": "03", "event_on": "2026-05-20", "supply_amount": 5}
    facts = {"supplier_kind": "individual", "small_business": True}
    assert "발급기한 2026-06-10(수)이 지났습니다." in said(
        original(kind="0301"), on="2026-06-11", asked=asked, **facts
    )


def test_a_date_that_was_wrong():
    assert "발급기한(2026-02-10(화)) 안이므로 가산세가 없습니다." in of_row("E01-07").text()
    late = of_row("E01-09").text()
    assert "발급기한(2026-09-10(목))을 지났습니다" in late
    assert "50,000원" in late
    assert "25,000원" in late
    assert "작성일자 2026-09-11 → 2026-08-31" in late


def test_a_letter_of_credit():
    text = of_row("E05-01").text()
    assert "1,000,000원을 10% 과세에서 영세율로 바꿉니다." in text
    assert "과세 2,000,000원, 영세율 1,000,000원" in text
    assert "확정신고 반영 또는 경정청구로 100,000원을 조정합니다." in text
    assert "내국신용장 L-1을 확인했습니다." in text
    assert "권장 발급기한 2026-07-27(월)" in of_row("E05-04").text()


def test_a_duplicate_and_what_stays():
    kept = key_of(documents_of(BY_ID["E06-01"])["A1"])
    assert f"남는 문서: {shown_number(kept)}." in of_row("E06-01").text()
    assert f"{shown_number(kept)}이 같은 거래입니다." in of_row("E06-01").text()
    assert "남는 문서: 없음." in of_row("E06-04").text()
    assert "발행 대상이 아닌 거래입니다." in of_row("E06-04").text()
    assert "이 거래의 잔액이 되살아납니다." in of_row("E09-01").text()


def test_no_cancellation_is_said_to_be_free_of_penalties():
    for name in ("E06-01", "E06-02", "E06-04", "E09-01"):
        assert "가산세가 없습니다" not in of_row(name).text()


def test_a_follow_up_and_its_deadline():
    text = of_row("E01-17").text()
    assert (
        "이어서 계산서 500,000원을 2026-05-30자로 새로 발행합니다. 이 문서의 발급기한은 2026-06-10(수)입니다."
        in text
    )
    assert "5,000원" in text


def test_a_correction_of_the_return_says_what_it_costs():
    text = of_row("E01-03").text()
    assert "2026년 1기를 수정신고해야 합니다. 추가 세액 50,000원." in text
    assert "오늘 기준 약 1,250원" in text
    assert "0.022%" in text
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 1_500_000}}
    up = said(original("2026-02-06"), on="2026-06-10", asked=asked)
    assert "2026년 1기 예정(1~3월)을 이미 신고했습니다. 확정신고(2026-07-27(월)) 때 예정신고 누락분으로" in up
    assert "감면 후 약 1,250원" in up
    assert "거래처가 2026년 1기 예정(1~3월)을 이미 신고했다면" in up


def test_unknown_filing_tells_both_ways():
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 900_000}}
    text = said(original(), on="2026-09-01", asked=asked, returns_filed=None)
    assert "신고하기 전이면 그대로 반영, 신고한 뒤면 경정청구 대상입니다." in text


def test_a_refund_that_can_no_longer_be_claimed():
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 900_000}}
    assert "환급 청구가 되지 않을 수 있습니다" in said(original("2019-03-04"), on="2026-05-25", asked=asked)


def test_zero_rated_and_exempt_documents():
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 900_000}}
    assert "영세율 과세표준을 100,000원 감소하여" in said(original(kind="0102"), on="2026-09-01", asked=asked)
    assert "부가세는 없고" in of_row("E07-01").text()


def test_a_rate_put_right():
    assert "영세율 → 과세" in of_row("E01-12").text()


def test_a_simplified_supplier_s_year():
    facts = {
        "supplier_kind": "individual",
        "supplier_tax_types": [{"from": "2020-01-01", "type": "simplified"}],
    }
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 900_000}}
    assert "2026년을 경정청구하여" in said(original(), on="2027-02-01", asked=asked, **facts)


SIMPLIFIED = {
    "supplier_kind": "individual",
    "supplier_tax_types": [{"from": "2020-01-01", "type": "simplified"}],
}


@pytest.mark.parametrize(
    ("delta", "on", "words"),
    [
        (-100_000, "2026-07-01", "아직 신고 전인 2026년 예정부과기간(1~6월) 신고에 반영합니다."),
        (-100_000, "2026-09-01", "확정신고(2027-01-25(월))에서 조정하거나 먼저 경정청구합니다."),
        (
            100_000,
            "2026-09-01",
            "2026년 예정부과기간(1~6월)을 이미 신고했습니다. 1년 전체를 신고하는 확정신고",
        ),
        (100_000, "2026-09-01", "먼저 수정신고합니다."),
        (100_000, "2027-02-01", "2026년을 수정신고해야 합니다."),
    ],
)
def test_a_simplified_supplier_files_in_july_and_for_the_year(delta, on, words):
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 1_000_000 + delta}}
    assert words in said(original(), on=on, asked=asked, **SIMPLIFIED)


def test_a_simplified_supplier_whose_final_return_is_overdue_too():
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 1_100_000}}
    filed = [{"period": "2026-1-preliminary", "filed_on": "2026-07-20"}]
    text = said(original(), on="2027-02-01", asked=asked, returns_filed=filed, **SIMPLIFIED)
    assert "1년 전체의 확정신고기한(2027-01-25(월))이 지났습니다. 확정신고의 기한후신고에서" in text
    unknown = said(original(), on="2026-09-01", asked=asked, returns_filed=None, **SIMPLIFIED)
    assert (
        "예정부과기간(1~6월)을 신고하기 전이면 그대로 반영, 신고한 뒤면 확정신고 반영(또는 수정신고)"
        in unknown
    )


@pytest.mark.parametrize(
    ("kind", "facts", "is_told"),
    [("0101", SIMPLIFIED, True), ("0301", SIMPLIFIED, False), ("0101", {}, False)],
)
def test_what_a_simplified_supplier_pays_is_not_the_tax_of_its_documents(kind, facts, is_told):
    back = {"reason": "03", "event_on": "2026-05-20", "supply_amount": 300_000}
    found = planned([original(kind=kind)], back, "2026-05-25", **facts)
    assert ("simplified_supplier_tax" in {each.code for each in found.warnings}) is is_told


@pytest.mark.parametrize(
    ("tax_type", "words"),
    [
        ("exempt", "거래처가 면세사업자라 매입세액에 영향이 없습니다."),
        ("individual", "거래처가 개인이라 매입세액에 영향이 없습니다."),
        ("foreign", "거래처가 외국인이라"),
        ("public", "거래처가 국가·지방자치단체 등이라"),
        ("simplified", "거래처는 간이과세자라 공제액(공급대가의 0.5%)만 달라집니다."),
    ],
)
def test_buyers_that_do_not_deduct(tax_type, words):
    asked = {"reason": "03", "event_on": "2026-05-20", "supply_amount": 300_000}
    assert words in said(original(), on="2026-05-25", asked=asked, buyer_tax_type=tax_type)


def test_private_buyers():
    asked = {"reason": "03", "event_on": "2026-05-20", "supply_amount": 300_000}
    assert "거래처가 개인이라" in said(original(buyer=PERSON), on="2026-05-25", asked=asked)


def test_dates_that_change_places():
    asked = {"reason": "03", "event_on": "2026-08-19", "supply_amount": 300_000}
    facts = {
        "supplier_kind": "individual",
        "supplier_tax_types": [{"from": "2026-07-01", "type": "simplified"}],
    }
    text = said(original(), on="2026-09-01", asked=asked, **facts)
    assert "작성일자는 당초 작성일자 2026-05-06입니다. 비고에 ‘사유발생일(2026-08-19)’이 적힙니다." in text
    assert "과세유형이 바뀌어" in text


def test_the_same_period_s_earlier_return_is_named():
    assert "이미 신고한 2025년 2기 예정은 수정신고하지 않습니다." in of_row("E03-02").text()


def test_04_of_two_kinds_of_tax_is_two_documents():
    pair = planned(
        [original()],
        {"reason": "05", "evidence": "local_credit", "evidence_on": "2026-06-02", "supply_amount": 400_000},
        "2026-06-03",
    )
    documents = [original(), *issued(pair, ["m1", "m2"], "2026-06-03")]
    text = said(
        *documents, on="2026-06-21", asked={"reason": "04", "event_on": "2026-06-20", "delivered": False}
    )
    assert "남은 금액 전액 1,000,000원(세액 60,000원)을 빼는 마이너스 세금계산서 2건" in text
    assert chain(*documents).default_target is not None


def test_what_is_not_possible_says_why_and_nothing_else():
    found = of_row("E03-04")
    assert found.text() == "남은 금액보다 많이 뺄 수 없습니다. 최대 1,500,000원입니다."
    assert found.conclusion == ()
    nothing = preview(planned([original()], {"reason": None, "event": "unpaid"}, "2026-05-25"))
    assert "대손세액공제" in nothing.text()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']}: {row['title']}")
def test_every_row_is_told_in_both_languages(row):
    found = of_row(row["id"])
    korean, english = found.text("ko"), found.text("en")
    assert "{" not in korean + english
    assert not re.search(r"\([월화수목금토일]\)", english)
    assert len(json.dumps(found.to_data())) > 100
    # Names and citations stay Korean; nothing else does.
    plain = re.sub(
        r"(부가가치세법|시행령|시행규칙|제\d+\S*|당초 작성일자|내국신용장 개설일자|\S+상사|대표B)",
        "",
        english,
    )
    assert len(re.findall("[가-힣]", plain)) < len(re.findall("[가-힣]", korean)) / 3


def test_a_pair_that_only_puts_the_buyer_right_says_so():
    text = of_row("E01-16").text()
    assert "금액은 바뀌지 않습니다. 공급받는자 B상사 → 대표B" in text


# What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "owed"),
    [
        ("2026-08-27", 500),
        ("2026-08-28", 1_250),
        ("2026-10-27", 1_250),
        ("2027-01-27", 2_500),
        ("2027-07-27", 3_500),
        ("2028-01-27", 4_000),
        ("2028-07-27", 4_500),
        ("2028-07-28", 5_000),
    ],
)
def test_the_relief_shrinks_with_time(on, owed):
    period = return_period(day("2026-05-20"), law=LAW)
    assert correction(50_000, period, on=day(on)).under_reporting == owed


def test_old_returns_take_the_oldest_figures():
    period = return_period(day("2014-05-20"), law=LAW)
    assert correction(50_000, period, on=day("2014-08-01")).under_reporting == 500
    assert str(correction(50_000, period, on=day("2020-08-01")).daily_rate) == "0.00025"
    assert refund_until(period, law=LAW) == day("2019-07-25")


# Texts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", codes())
def test_every_text_speaks_both_languages(code):
    text = _texts()[code]
    assert re.search("[가-힣]", text.ko)
    assert not re.search("[가-힣]", text.en)
    assert text.ko.rstrip().endswith(("다.", "요.", "다).", "{finding}"))


def test_every_reason_cites_its_ground():
    for rule in RULES.values():
        for subtype in rule.subtypes:
            assert subtype.citation.startswith("부가가치세법")
            assert subtype.text("ko") != subtype.text("en")


def test_an_unknown_text_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        message("no_such_text")


def test_a_document_without_items_is_told_as_well():
    bare = original(
        items=[], supply_amount=1_000_000, tax_amount=100_000, total_amount=1_100_000, status="external"
    )
    found = planned(
        [bare], {"reason": "03", "event_on": "2026-05-20", "supply_amount": 300_000}, "2026-05-25"
    )
    assert found.documents[0].items[0].name == "환입"
    fixed = planned(
        [bare], {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 5}}, "2026-05-25"
    )
    assert "unsound_original" in [each.code for each in fixed.warnings]
    assert document("a", "0101", "2026-05-06", 5, 0).sent_on is None
    assert document("a", "0101", "2026-05-06", 5, 0, sent="2026-05-07").sent_on == day("2026-05-07")


# 계산서 -------------------------------------------------------------------------------------------------------

BACK = {"reason": "03", "event_on": "2026-05-20", "supply_amount": 200_000}
MORE = {"reason": "02", "event_on": "2026-05-20", "supply_delta": 200_000}


def test_an_exempt_invoice_has_its_own_name_law_and_last_day():
    text = said(original(kind="0301"), on="2026-06-11", asked=BACK)
    assert "반품된 200,000원을 빼는 마이너스 계산서 1건" in text
    assert "이 거래의 잔액: 공급가액 1,000,000원 → 800,000원" in text
    assert "세액" not in text
    assert "(최대 1% = 2,000원, 2027-01-25(월) 이후 2% = 4,000원)" in text
    assert "소득세법 시행령 제212조제2항·법인세법 시행령 제164조" in text
    assert "거래처" not in text
    more = said(original(kind="0301"), on="2026-06-11", asked=MORE)
    assert "변경된 차액 +200,000원만 1건" in more
    lowered = said(original(kind="0301"), on="2026-06-11", asked=LOWERED)
    assert "공급가액 1,000,000원 → 950,000원" in lowered
    undone = {"reason": "04", "event_on": "2026-06-01", "delivered": False}
    cancelled = said(original(kind="0301"), on="2026-06-11", asked=undone)
    assert "남은 금액 전액 1,000,000원을 빼는 마이너스 계산서 1건" in cancelled
    assert "세액" not in more + lowered + cancelled
    assert "당초 계산서는 그대로 둡니다." in more
    assert "공급자 지연발급 가산세 1% = 2,000원. 2027-01-25(월)가 지나면 2% = 4,000원이 됩니다." in more


def test_an_exempt_invoice_is_late_until_the_month_after_the_fiscal_year():
    asked = BACK | {"event_on": "2026-03-20"}
    text = said(original("2026-03-02", kind="0301"), on="2026-04-28", asked=asked, fiscal_year_end="03-31")
    assert "사업연도 말의 다음 달 25일 2026-04-27(월)이 모두 지났습니다" in text.replace("(월)가", "(월)이")


# Returns that are due -----------------------------------------------------------------------------------------

RAISED = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 1_050_000}}
LOWERED = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 950_000}}
PRELIMINARY = [{"period": "2026-1-preliminary", "filed_on": "2026-04-27"}]


def test_a_return_that_is_overdue_is_filed_late():
    text = said(original("2026-02-10"), on="2026-09-10", asked=RAISED, returns_filed=[])
    assert "2026년 1기 예정(1~3월) 신고기한(2026-04-27(월))이 지났는데 아직 신고하지 않았습니다." in text
    assert "따로 할 일은 없습니다" not in text
    event = said(original(), on="2026-09-10", asked=MORE, returns_filed=[])
    assert "매출 증가 200,000원" in event
    assert "기한후신고에 반영하세요." in event


@pytest.mark.parametrize("asked", [RAISED, LOWERED, MORE])
def test_an_overdue_preliminary_return_can_be_caught_up_by_the_final_one(asked):
    first = original("2026-02-10")
    asked = asked | ({"event_on": "2026-02-20"} if asked is MORE else {})
    in_time = said(first, on="2026-07-27", asked=asked, returns_filed=[])
    assert "늦어도 확정신고(2026-07-27(월)) 때 예정신고 누락분으로 함께 넣으세요." in in_time
    assert "무신고 가산세(20%)는 확정신고기한까지 기한후신고하면 50% 줄어들고" in in_time
    assert "1일 0.022%" in in_time
    assert "기한후신고에 반영하세요." in said(first, on="2026-07-28", asked=asked, returns_filed=[])


def test_an_overdue_return_of_july_can_be_caught_up_by_that_of_the_year():
    text = said(original("2026-02-10"), on="2026-09-10", asked=RAISED, returns_filed=[], **SIMPLIFIED)
    assert "1년 전체를 신고하는 확정신고(2027-01-25(월))에 넣으세요." in text


@pytest.mark.parametrize("asked", [RAISED, LOWERED])
def test_a_final_return_that_is_overdue_cannot_take_it_in_time(asked):
    text = said(original("2026-02-10"), on="2026-09-10", asked=asked, returns_filed=PRELIMINARY)
    assert "이미 신고했으나 확정신고기한(2026-07-27(월))이 지났습니다." in text


def test_an_early_refund_names_its_month_once():
    filed = [{"period": "2026-02", "filed_on": "2026-03-25"}]
    text = said(original("2026-02-10"), on="2026-04-10", asked=RAISED, returns_filed=filed)
    assert "2026년 2월 조기환급을 이미 신고했습니다." in text


def test_both_cases_are_told_where_nobody_knows_whether_preliminary_returns_are_filed():
    text = said(original("2026-02-10"), on="2026-06-10", asked=LOWERED, files_preliminary=None)
    assert "2026년 1기 예정(1~3월)을 신고했다면 확정신고 반영(또는 경정청구) 대상" in text
    assert "2026년 1기 확정(1~6월) 신고에 반영합니다." in text


# Who and what -------------------------------------------------------------------------------------------------


def test_two_buyers_are_named():
    asked = {"reason": "01", "subtype": "non_mistake", "corrected": {"buyer": BUYERS["C"]}}
    text = said(original(), on="2026-08-05", asked=asked)
    assert "거래처 B상사는 이미 공제받았다면" in text
    assert "거래처 C상사는 2026년 1기를 경정청구하여" in text
    assert "거래처 B상사에 알렸습니다." in text


def test_buyers_of_one_name_are_told_apart_by_number():
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"buyer": BUYERS["C"] | {"name": "B상사"}}}
    text = said(original(), on="2026-06-05", asked=asked)
    assert "공급받는자 B상사(9998600010) → B상사(9988100012)" in text
    assert "거래처 B상사(9988100012)는" in text
    asked["corrected"] = {"buyer": BUYERS["B"] | {"representative": "대표N"}}
    asked["subtype"] = "optional"
    assert "공급받는자 B상사의 그 밖의 기재사항을 고칩니다." in said(original(), on="2026-06-05", asked=asked)


def test_penalties_say_whose_they_are_and_a_corrected_date_names_both():
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"written_on": "2026-06-29"}}
    text = said(original("2026-07-02", issued="2026-07-13"), on="2026-08-05", asked=asked)
    assert "당초 작성일자 2026-07-02, 다시(+) 발행하는 문서가 올바른 작성일자 2026-06-29입니다." in text
    assert "공급자 지연발급 가산세 1%" in text
    assert "거래처 지연수취 가산세 0.5%" in text


@pytest.mark.parametrize(
    ("asked", "kind", "words"),
    [
        ({"subtype": "not_taxable", "replace_with": "0101"}, "0301", "계산서로 발행할 거래가 아닙니다."),
        ({"subtype": "not_taxable"}, "0101", "발행 대상이 아닌 거래입니다."),
        ({"subtype": "too_early"}, "0101", "공급시기보다 먼저 발행한 문서입니다."),
        ({"subtype": "wrong_supplier"}, "0101", "문서에 적힌 공급자가 실제 공급자가 아닙니다."),
    ],
)
def test_what_is_confirmed_of_a_document_that_was_not_to_be(asked, kind, words):
    found = preview(planned([original(kind=kind)], {"reason": "06"} | asked, "2026-06-11"))
    assert [each.ko for each in found.confirm] == [words]


def test_no_sentence_of_a_plan_sends_to_what_only_a_page_shows():
    """The same sentences stand on a page with buttons, in a terminal, and in an answer for a program."""
    tree = read()
    labels = {label for event in tree.events.values() for label in (event.ko, event.en)}
    said = [(stop.ko, stop.en) for stop in tree.stops.values()]
    said += [(text.ko, text.en) for text in _texts().values()]
    for ko, en in said:
        assert "버튼" not in ko
        assert "button" not in en
        assert not any(f"‘{label}’" in each for label in labels for each in (ko, en))


@pytest.mark.parametrize(
    ("filed", "told"),
    [
        ("by_due_date", "이미 신고한 2026년 1기는 수정신고하지 않습니다."),
        (None, "2026년 1기를 이미 신고했더라도 수정신고하지 않습니다."),
    ],
)
def test_what_came_later_leaves_the_old_return_alone_whether_or_not_it_is_known_to_be_filed(filed, told):
    asked = {"reason": "03", "event_on": "2026-08-19", "supply_amount": 300_000}
    assert told in said(original(), on="2026-08-20", asked=asked, returns_filed=filed)


# Amendments of amendments -------------------------------------------------------------------------------------

ROOT = original(supply=2_200_000)
CHANGED = {"original": key_of(ROOT), "remarks": ["당초 작성일자(2026-05-06)"]}
TAKEN_OFF = document("m1", "0201", "2026-05-20", -200_000, -20_000, code="03", **CHANGED)
ADDED = document("m1", "0201", "2026-06-20", 300_000, 30_000, code="02", **CHANGED)


def asked_of(target: Any, **asked: Any) -> dict[str, Any]:
    return asked | {"target": key_of(target)}


def test_a_minus_that_was_wrong_is_taken_back_by_a_plus_and_issued_again_as_a_minus():
    asked = asked_of(TAKEN_OFF, reason="01", subtype="mistake", corrected={"supply_amount": -300_000})
    text = said(ROOT, TAKEN_OFF, on="2026-06-02", asked=asked)
    assert "이 수정세금계산서를 같은 날짜로 취소(+)하고 올바른 내용으로 다시(−) 발행합니다." in text
    assert "작성일자는 이 수정세금계산서의 작성일자 2026-05-20입니다." in text
    assert "비고에 ‘당초 작성일자(2026-05-06)’가 적힙니다." in text


def test_the_date_of_an_amendment_put_right():
    asked = asked_of(TAKEN_OFF, reason="01", subtype="mistake", corrected={"written_on": "2026-05-15"})
    text = said(ROOT, TAKEN_OFF, on="2026-06-02", asked=asked)
    assert "취소(+)하는 문서가 이 수정세금계산서의 작성일자 2026-05-20, 다시(−) 발행하는 문서가" in text


def test_an_amendment_that_was_not_needed_leaves_the_deal():
    plan = planned(
        [ROOT, ADDED], asked_of(ADDED, reason="06", subtype="not_taxable"), "2026-06-25", returns_filed=[]
    )
    text = preview(plan).text()
    assert f"남는 문서: {shown_number(key_of(ROOT))}." in text
    assert "발행할 사유가 없던 수정세금계산서입니다." in text
    assert "발행 대상이 아닌 거래" not in text
    assert "no_supply_not_settled" not in [each.code for each in plan.warnings]


def test_a_cancellation_taken_back_says_nothing_against_the_deal():
    cancelled = document("m1", "0201", "2026-05-20", -2_200_000, -220_000, code="04", **CHANGED)
    asked = asked_of(cancelled, reason="06", subtype="not_taxable")
    text = said(ROOT, cancelled, on="2026-06-02", asked=asked)
    assert "이 거래의 잔액이 되살아납니다." in text
    assert "작성일자는 이 수정세금계산서의 작성일자 2026-05-20입니다." in text
    assert "발행할 사유가 없던 수정세금계산서입니다." in text


def test_of_a_paper_original_an_amendment_that_was_not_needed_leaves_the_paper():
    paper = original(supply=2_200_000, status="paper")
    added = document("m1", "0201", "2026-06-20", 300_000, 30_000, code="02")
    asked = asked_of(added, reason="06", subtype="not_taxable")
    assert "남는 문서: 종이 세금계산서." in said(paper, added, on="2026-06-25", asked=asked)


def test_documents_corrected_along_are_counted():
    asked = asked_of(ROOT, reason="01", subtype="non_mistake", corrected={"buyer": BUYERS["C"]})
    plan = planned([ROOT, TAKEN_OFF], asked, "2026-06-02")
    assert "수정세금계산서 4건이 함께 발행됩니다." in preview(plan).text()
    [unchanged] = [each for each in plan.warnings if each.code == "amounts_unchanged"]
    assert "4건(−, +)이 함께" in unchanged.ko


def test_a_person_s_business_of_another_name_is_not_taken_for_somebody_else():
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"buyer": BUYERS["B"]}}
    plan = planned([original(buyer=PERSON)], asked, "2026-05-25")
    assert "check_subtype" not in [each.code for each in plan.warnings]
    asked["corrected"] = {"buyer": BUYERS["C"]}
    plan = planned([original(buyer=PERSON)], asked, "2026-05-25")
    assert "check_subtype" in [each.code for each in plan.warnings]


# What is left unsaid of returns -------------------------------------------------------------------------------


def test_at_the_end_of_a_quarter_too_the_original_s_return_is_said_to_stay():
    asked = {"reason": "03", "event_on": "2026-09-30", "supply_amount": 400_000}
    text = said(original(), on="2026-10-08", asked=asked, returns_filed=None)
    assert "2026년 2기 예정(7~9월)을 신고하기 전이면 그대로 반영" in text
    assert "2026년 1기를 이미 신고했더라도 수정신고하지 않습니다." in text


def test_an_event_of_a_filed_period_puts_that_one_right_and_not_the_original_s():
    asked = {"reason": "03", "event_on": "2026-12-31", "supply_amount": 400_000}
    text = said(original("2026-02-20"), on="2027-02-05", asked=asked)
    assert "2026년 2기를 경정청구하여 40,000원을" in text
    assert "이미 신고한 2026년 1기는 수정신고하지 않습니다." in text
    asked |= {"event_on": "2026-06-20"}
    same = said(original("2026-02-20"), on="2026-09-05", asked=asked)
    assert "수정신고하지 않습니다" not in same


CREDIT = {"reason": "05", "evidence": "local_credit", "evidence_number": "L-1", "evidence_on": "2026-06-03"}


def test_what_becomes_zero_rated_takes_evidence_with_its_return():
    text = said(original(), on="2026-06-05", asked=CREDIT | {"supply_amount": "all"})
    assert "영세율로 신고할 때 첨부서류(내국신용장·구매확인서 전자발급명세서 등)를" in text
    assert "따로 할 일은 없습니다" not in text
    assert "그 가운데 과세 0원, 영세율 1,000,000원" in text
    taxed = {"reason": "01", "subtype": "tax_rate", "corrected": {"document_type": "0101"}}
    assert "첨부서류" not in said(original(kind="0102"), on="2026-06-05", asked=taxed)


def test_documents_that_only_follow_a_correction_take_no_evidence():
    pair = planned([original()], CREDIT | {"supply_amount": 400_000}, "2026-06-05")
    documents = [original(), *issued(pair, ["m1", "m2"], "2026-06-05")]
    asked = {"reason": "01", "subtype": "non_mistake", "corrected": {"buyer": BUYERS["C"]}}
    text = said(*documents, on="2026-06-08", asked=asked)
    assert "수정세금계산서 6건" in text
    assert "첨부서류" not in text


def test_no_tax_is_nothing_and_not_plus_nothing():
    asked = {"reason": "02", "event_on": "2026-05-20", "supply_delta": -100_000}
    text = said(original(kind="0102"), on="2026-05-25", asked=asked)
    assert "변경된 차액 -100,000원(세액 0원)만" in text
    assert "매출 감소 100,000원, 세액 0원을 반영합니다." in text


def test_a_taxed_amount_below_any_tax_is_not_called_zero_rated():
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": 3}}
    text = said(original(supply=5, tax=0), on="2026-09-10", asked=asked)
    assert "2026년 1기 신고의 과세표준을 2원 감소하여 고쳐 신고합니다." in text


def test_what_stays_without_a_number_is_not_said_to_be_nothing():
    text = said(original(), on="2026-05-25", asked={"reason": "06", "subtype": "duplicate"})
    assert "남는 문서: 승인번호가 없는 문서(종이 세금계산서, 카드전표·현금영수증 등)." in text
    assert "남는 문서(종이 세금계산서, 카드전표·현금영수증 등)가 같은 거래입니다." in text


@pytest.mark.parametrize(
    ("subtype", "corrected", "words"),
    [
        ("optional", {"remarks": ["계약 7호"]}, "품목·비고 등 그 밖의 기재사항을 고칩니다."),
        ("optional", {"remarks": ["계약 7호"]}, "정해진 기한은 없습니다. 오늘 발행하면"),
        ("mistake", {"written_on": "2026-05-04"}, "작성일자 2026-05-06 → 2026-05-04"),
        ("mistake", {"supplier": {"branch_number": "0001"}}, "공급자 (주)도장상사의 그 밖의 기재사항을"),
    ],
)
def test_a_pair_that_leaves_the_amounts_says_what_it_puts_right(subtype, corrected, words):
    one = original()
    if "supplier" in corrected:
        corrected = {"supplier": one.invoice.supplier.model_dump(mode="json") | corrected["supplier"]}
    text = said(one, on="2026-05-25", asked={"reason": "01", "subtype": subtype, "corrected": corrected})
    assert "금액은 바뀌지 않습니다." in text
    assert words in text
    assert ("그 밖의 기재사항" in text) is (subtype == "optional" or "supplier" in corrected)


@pytest.mark.parametrize(
    ("right", "on", "is_told"),
    [
        ("2026-03-30", "2026-09-02", True),
        ("2026-05-04", "2026-09-02", False),
        ("2025-12-30", "2026-09-02", False),
        # Before the final return the difference is told by what is done in it.
        ("2026-03-30", "2026-07-02", False),
    ],
)
def test_a_preliminary_return_that_was_too_low_is_not_passed_over(right, on, is_told):
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"written_on": right}}
    found = planned([original()], asked, on)
    assert ("preliminary_left_out" in {each.code for each in found.warnings}) is is_told
    levied = planned([original()], asked, on, files_preliminary=False)
    assert "preliminary_left_out" not in {each.code for each in levied.warnings}


@pytest.mark.parametrize(
    ("supply", "on", "penalty"),
    [(1_500_000, "2026-08-20", "250원"), (1_500_000, "2026-09-02", "625원"), (500_000, "2026-09-02", "")],
)
def test_zero_rated_supplies_that_a_return_left_out_cost_a_penalty(supply, on, penalty):
    asked = {"reason": "01", "subtype": "mistake", "corrected": {"supply_amount": supply}}
    text = said(original(kind="0102"), on=on, asked=asked)
    assert "세액은 바뀌지 않습니다." in text
    assert ("영세율 과세표준에는 신고불성실 가산세" in text) is bool(penalty)
    assert f"감면 후 약 {penalty}" in text or not penalty
