"""The decision table says what the engine does, for every reason and sub-type that there is."""

from dojang.etax.amendments import options
from dojang.etax.amendments.decision_table import bars, rows
from dojang.etax.codes import AmendmentReason
from dojang.etax.facts import Facts
from etax.amendments_samples import chain, original
from etax.law_samples import LAW, day


def row(case: str):
    return next(each for each in rows() if each.case.ko.endswith(case) or each.case.ko.startswith(case))


def test_every_way_that_is_offered_has_a_row():
    offered = options(chain(original()), Facts(), law=LAW, on=day("2026-07-10"))
    named = {(each.reason, each.case.ko.partition(":")[0]) for each in rows()}
    assert {(each.reason, each.subtype.ko) for each in offered} == named


def test_rows_say_what_the_decree_says():
    returned, switched = (each for each in rows() if each.reason is AmendmentReason.RETURN)
    assert (returned.documents.ko, returned.written_on.ko, returned.remark) == (
        "1건(−)",
        "사유가 생긴 날",
        "당초 작성일자",
    )
    assert (switched.written_on.ko, switched.remark) == ("당초 작성일자", "사유발생일")
    assert row("공급받는자가 다른 사업자").deadline.ko == "확정신고기한 다음 날부터 1년 (이후 불가)"
    assert row("내국신용장").documents.ko == "2건(−, +)"
    assert row("작성일자").written_on.ko == "(−) 당초, (+) 바른 날짜"
    assert row("같은 거래를 두 번 발행").deadline.ko == "없음"
    assert row("면세를 세금계산서로 발행").follow_up.ko == "계산서 새로 발행(기한 따로)"


def test_bars_name_the_refusal_of_each_reason():
    codes = {code for bar in bars() for code in bar.refused.values()}
    assert {
        "01_audit_known",
        "01_nonmistake_expired",
        "05_lc_too_late",
        "05_original_not_taxable",
        "06_must_be_full",
        "balance_negative",
        "chain_cancelled",
        "event_before_original",
        "event_in_future",
        "family_cross",
        "not_transmitted_use_cancel_issue",
        "party_closed",
        "result_pending",
        "send_failed_reissue",
        "supplier_changed",
    } == codes
    assert all(bar.refused for bar in bars())


def test_everything_is_said_in_both_languages():
    for each in rows():
        for words in (each.case, each.documents, each.written_on, each.deadline, each.returns):
            assert words.text("ko")
            assert words.text("en")
    assert all(bar.situation.text("en") != bar.situation.text("ko") for bar in bars())
