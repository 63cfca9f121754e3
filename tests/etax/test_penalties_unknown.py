"""Facts that nobody knows: one case is judged, the other one told."""

from datetime import timedelta

import pytest

from dojang.etax.codes import AmendmentReason, DocumentType
from dojang.etax.penalties import DocumentFacts
from dojang.etax.penalties.clauses import Family, capped_duty, parameter_names
from dojang.etax.penalties.records import Assessment
from dojang.etax.penalties.sentences import CAUSES, NAMES
from etax.etax_samples import numbered
from etax.penalties_samples import LAW, codes, day, document, facts, judged, owed

UNKNOWN_DUTY = facts(supplier_kind="individual", e_obligated=None)


def notice(assessment: Assessment, code: str):
    (found,) = (each for each in assessment.notices if each.code == code)
    return found


def test_an_unknown_duty_tells_both_cases_and_charges_none():
    assessment = judged(document("2026-05-08", "2026-05-08", "2026-05-12"), UNKNOWN_DUTY)
    assert owed(assessment, "supplier") == []
    told = notice(assessment, "e_duty_unknown")
    assert "아닌 것으로 계산했습니다. 의무자라면: 지연전송 가산세 0.3% = 30,000원" in told.ko
    assert "If it must: Late transmission penalty 0.3% = 30,000 won" in told.en


def test_an_unknown_duty_is_not_mentioned_where_it_changes_nothing():
    assert "e_duty_unknown" not in codes(judged(document("2026-05-08", "2026-05-08"), UNKNOWN_DUTY))


def test_paper_of_unknown_duty_tells_both_cases():
    assessment = judged(document("2026-03-05", "2026-04-03", None, paper=True), UNKNOWN_DUTY)
    assert owed(assessment, "supplier") == []
    assert "종이 발급 가산세 1% = 100,000원" in notice(assessment, "e_duty_unknown").ko


@pytest.mark.parametrize("tax_type", ["unknown", None])
def test_an_unknown_buyer_is_taken_as_a_general_taxpayer_and_the_other_case_told(tax_type):
    assessment = judged(document("2026-05-08", "2026-06-11"), facts(buyer_tax_type=tax_type))
    assert owed(assessment, "buyer") == [("late_receive", 50_000, "law")]
    told = notice(assessment, "buyer_tax_type_unknown")
    assert "매입세액을 공제받지 않는 거래처라면: 지연발급 가산세" in told.ko
    assert "지연수취" not in told.ko
    in_time = judged(document("2026-05-08", "2026-06-10"), facts(buyer_tax_type=tax_type))
    assert "buyer_tax_type_unknown" not in codes(in_time)


def test_x2_an_unknown_supplier_is_taken_as_a_general_taxpayer_and_the_other_case_told():
    unknown = facts(supplier_tax_types=None, supplier_kind="individual")
    assessment = judged(document("2026-03-10", "2026-09-01"), unknown)
    assert owed(assessment, "supplier") == [("non_issue", 200_000, "law")]
    told = notice(assessment, "supplier_tax_type_unknown")
    assert "간이과세자라면: 지연발급 가산세 1% = 100,000원" in told.ko
    same = judged(document("2026-09-10", "2026-10-20"), unknown)
    assert "supplier_tax_type_unknown" not in codes(same)


def test_the_other_case_may_be_free():
    cancelled = facts(buyer_tax_type="unknown")
    made = document(
        "2026-03-10",
        "2026-09-01",
        document_type=DocumentType.AMENDED_TAX,
        reason=AmendmentReason.MISTAKE,
        new_buyer=True,
    )
    told = notice(judged(made, cancelled), "buyer_tax_type_unknown")
    assert told.ko.endswith("라면: 가산세가 없습니다.")
    assert told.en.endswith("there is no penalty.")


def test_every_rate_limit_and_cap_is_in_the_law_with_its_citation():
    names = list(parameter_names())
    assert len(set(names)) == len(names)
    for name in names:
        assert LAW.parameter(name, day("2026-05-08")).citation


def test_every_penalty_has_a_name_and_every_capped_one_is_a_penalty():
    penalty_codes = {each.code for each in _every_penalty()}
    assert penalty_codes <= NAMES.keys()
    assert CAUSES.keys() >= NAMES.keys()
    for family in Family:
        assert capped_duty(family, "late_issue") == "issue"
        assert capped_duty(family, "no such penalty") is None


def _every_penalty():
    for issued_on in ("2026-06-11", "2026-07-28"):
        yield from judged(document("2026-05-08", issued_on)).penalties


def test_an_invoice_gives_its_own_facts_with_the_day_of_issue_in_korea():
    made = numbered(written_on="2026-05-08", issued_at="2026-05-08T15:30:00Z")
    read = DocumentFacts.of(made, sent_on=day("2026-05-11"), paper=True, new_buyer=True)
    assert read.issued_on == day("2026-05-09")
    assert (read.written_on, read.supply_amount, read.tax_amount) == (
        made.written_on,
        made.supply_amount,
        made.tax_amount,
    )
    assert (read.document_type, read.reason, read.buyer_kind) == (
        made.document_type,
        made.amendment_reason,
        made.buyer.kind,
    )
    assert (read.sent_on, read.paper, read.new_buyer) == (day("2026-05-11"), True, True)
    assert DocumentFacts.of(made, issued_on=day("2026-05-08")).issued_on == day("2026-05-08")
    assert DocumentFacts.of(numbered(issued_at=None)).issued_on is None
    moved = day("2026-04-30")
    assert DocumentFacts.of(made, supplied_on=moved).counted_from == moved


def test_sums_of_an_assessment():
    assessment = judged(document("2026-05-08", "2027-07-28"))
    assert assessment.penalties_total == 200_000
    assert assessment.cost == 1_200_000
    late = judged(document("2026-05-08", "2026-06-11"))
    assert late.penalties_total == late.cost == 150_000
    assert late.penalties[0].text() == late.penalties[0].ko
    assert late.penalties[0].text("en") == late.penalties[0].en
    assert timedelta(0) < late.penalties[0].cap.end - late.penalties[0].cap.start
