"""Every rule of 수정세금계산서 beyond the worked examples, one case each."""

from typing import Any

import pytest

from dojang.etax.amendments import InvalidRequest, plan, preview, request_from_data, request_from_json
from dojang.etax.facts import Facts
from etax.amendments_samples import (
    BUYERS,
    PARTY_C,
    PERSON,
    chain,
    document,
    issued,
    key_of,
    original,
    planned,
)
from etax.law_samples import LAW, codes, day


def shown(found: Any) -> list[tuple[Any, ...]]:
    """Type, date, supply, tax of every document."""
    return [
        (each.document_type.value, each.written_on.isoformat(), each.supply_amount, each.tax_amount)
        for each in (*found.documents, *found.follow_ups)
    ]


def penalties(found: Any) -> list[tuple[str, str, int, str]]:
    return [(each.who, each.code, each.amount, each.certainty) for each in found.penalties]


def effects(found: Any) -> list[tuple[str, str, str | None, int]]:
    return [
        (each.period.key, each.action.value, each.condition, each.tax_delta) for each in found.vat.supplier
    ]


def returned(on: str = "2026-05-20", amount: int = 300_000, **more: Any) -> dict[str, Any]:
    return {"reason": "03", "event_on": on, "supply_amount": amount} | more


def changed(on: str = "2026-05-20", delta: int = -100_000, **more: Any) -> dict[str, Any]:
    return {"reason": "02", "event_on": on, "supply_delta": delta} | more


def cancelled(on: str = "2026-05-20", **more: Any) -> dict[str, Any]:
    return {"reason": "04", "event_on": on, "delivered": False} | more


def credited(on: str = "2026-06-02", **more: Any) -> dict[str, Any]:
    return {"reason": "05", "evidence": "local_credit", "evidence_number": "L-1", "evidence_on": on} | more


def corrected(
    subtype: str = "mistake", also: Any = (), target: str | None = None, **content: Any
) -> dict[str, Any]:
    return {
        "reason": "01",
        "subtype": subtype,
        "target": target,
        "corrected": content,
        "also": list(also),
    }


def taken_back(subtype: str = "duplicate", **more: Any) -> dict[str, Any]:
    return {"reason": "06", "subtype": subtype} | more


# The gate -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("issued", "not_transmitted_use_cancel_issue"),
        ("submitted", "result_pending"),
        ("unknown", "result_pending"),
        ("rejected", "send_failed_reissue"),
        ("cancelled", "chain_cancelled"),
    ],
)
@pytest.mark.parametrize(
    "request_",
    [returned(), cancelled(), corrected(supply_amount=900_000), taken_back(), credited(), changed()],
)
def test_only_what_the_tax_office_accepted_is_amended(status, code, request_):
    found = planned([original(status=status)], request_, "2026-05-25")
    assert codes(found.errors) == [code]
    assert not found.documents


def test_nothing_is_issued_before_the_day_of_what_it_amends():
    found = planned([original()], corrected(supply_amount=100), "2026-05-05")
    assert codes(found.errors) == ["issued_before_written"]
    assert not planned([original()], corrected(supply_amount=100), "2026-05-06").errors


def test_after_the_deadline_an_unsent_document_is_sent_and_then_amended():
    late = planned([original(status="issued")], corrected(supply_amount=900_000), "2026-06-20").errors[0]
    in_time = planned([original(status="issued")], corrected(supply_amount=900_000), "2026-06-10").errors[0]
    assert late.code == in_time.code
    assert "전송한 뒤 수정발행" in late.ko
    assert "발행취소 후 다시 발행" in in_time.ko


@pytest.mark.parametrize("kind", ["0104", "0106", "0304"])
def test_import_documents_are_the_customs_office_s(kind):
    found = planned([original(kind=kind)], corrected(supply_amount=900_000), "2026-05-25")
    assert codes(found.errors) == ["import_kind"]


def test_paper_is_amended_without_a_number_and_with_a_warning():
    found = planned([original(status="paper")], cancelled(), "2026-05-25")
    assert shown(found) == [("0201", "2026-05-20", -1_000_000, -100_000)]
    assert found.documents[0].original_issue_id is None
    assert "paper_original" in codes(found.warnings)


def test_paper_is_reached_through_what_hangs_on_it_too():
    paper = original(status="paper")
    pair = issued(planned([paper], credited(supply_amount=400_000), "2026-06-03"), ["m1", "m2"], "2026-06-03")
    found = planned([paper, *pair], cancelled("2026-06-10", target=key_of(pair[1])), "2026-06-11")
    assert [each.original_issue_id for each in found.documents] == [None, key_of(pair[1])]
    assert "paper_original" in codes(found.warnings)


def test_a_document_issued_elsewhere_is_amended_with_a_warning():
    found = planned([original(status="external")], returned(), "2026-05-25")
    assert found.documents[0].original_issue_id == key_of(original())
    assert "external_original" in codes(found.warnings)


def test_faults_of_a_foreign_original_are_carried_over_and_told():
    found = planned([original(status="external", purpose=None)], corrected(supply_amount=5), "2026-05-25")
    assert len(found.documents) == 2
    assert "unsound_original" in codes(found.warnings)


def test_a_new_fault_refuses():
    bad = BUYERS["C"] | {"number": "9988100013"}
    found = planned([original()], corrected("non_mistake", buyer=bad), "2026-05-25")
    assert codes(found.errors) == ["business_number"]
    assert not found.documents


def test_an_unknown_target_and_a_target_that_has_to_be_chosen():
    twin = document("A2", "0101", "2026-05-06", 1_000_000, 100_000)
    assert codes(planned([original()], returned(target="x"), "2026-05-25").errors) == ["target_unknown"]
    assert codes(planned([original(), twin], returned(), "2026-05-25").errors) == ["target_needed"]


def test_no_legal_reason_says_what_to_do_instead():
    told = planned([original()], {"reason": None, "event": "unpaid"}, "2026-05-25").errors[0]
    assert told.code == "no_legal_reason"
    assert "대손세액공제" in told.ko
    plain = planned([original()], {"reason": None, "event": "weather"}, "2026-05-25").errors[0]
    assert plain.ko.startswith("수정 대상이 아닙니다")


# 01 -----------------------------------------------------------------------------------------------------------


def test_a_tax_alone_is_corrected():
    found = planned([original(tax=90_000)], corrected(tax_amount=100_000), "2026-05-25")
    assert shown(found)[1] == ("0201", "2026-05-06", 1_000_000, 100_000)


def test_a_wrong_supply_keeps_the_line_and_drops_its_quantity():
    items = [{"name": "노트", "quantity": "10", "unit": "권", "unit_price": "100000",
              "supply_amount": 1_000_000, "tax_amount": 100_000, "supplied_on": "2026-05-06"}]  # fmt: skip
    found = planned([original(items=items)], corrected(supply_amount=900_000), "2026-05-25")
    minus, plus = (each.items[0] for each in found.documents)
    assert (minus.quantity, minus.unit_price, minus.supply_amount) == (-10, 100_000, -1_000_000)
    assert (plus.name, plus.quantity, plus.unit, plus.supply_amount, plus.tax_amount) == (
        "노트", None, None, 900_000, 90_000
    )  # fmt: skip


TWO_LINES = [
    {"name": "노트", "supply_amount": 700_000, "tax_amount": 70_000},
    {"name": "연필", "supply_amount": 300_000, "tax_amount": 30_000},
]


def test_of_several_lines_the_right_ones_have_to_be_given():
    several = original(items=TWO_LINES)
    assert codes(planned([several], corrected(supply_amount=5), "2026-05-25").errors) == ["items_needed"]
    right = [{"name": "노트", "supply_amount": 600_000}, TWO_LINES[1]]
    found = planned([several], corrected(items=right), "2026-05-25")
    assert shown(found)[1] == ("0201", "2026-05-06", 900_000, 90_000)


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"supply_amount": 1_000_000},
        {"supply_amount": 1_000_000, "tax_amount": 100_000, "written_on": "2026-05-06"},
        {"document_type": "0101"},
        {"document_type": "0201"},
        {"buyer": BUYERS["B"], "remarks": [], "purpose": "claim", "payments": []},
        {"items": [{"name": "노트", "supply_amount": 1_000_000}]},
    ],
)
def test_a_correction_that_says_the_same_again_is_refused(same):
    found = planned([original()], corrected(**same), "2026-05-25")
    assert codes(found.errors) == ["nothing_corrected"]
    assert "당초 문서와 같습니다" in found.errors[0].ko
    assert not found.documents


@pytest.mark.parametrize(
    "other", [{"remarks": ["3차"]}, {"items": [{"name": "연필", "supply_amount": 1_000_000}]}]
)
def test_a_correction_of_any_entry_is_one(other):
    assert len(planned([original()], corrected(**other), "2026-05-25").documents) == 2


def test_a_part_for_another_document_is_a_correction():
    part = [{"document_type": "0301", "supply_amount": 100_000}]
    whole = planned([original()], corrected(also=part), "2026-05-25")
    assert codes(whole.errors) == ["also_mismatch"]
    assert not planned([original()], corrected(also=part, supply_amount=900_000), "2026-05-25").errors


def test_items_and_a_sum_have_to_agree():
    found = planned([original()], corrected(items=TWO_LINES[:1], supply_amount=5), "2026-05-25")
    assert codes(found.errors) == ["items_mismatch"]


def test_a_correction_to_nothing_or_below_is_none():
    assert codes(planned([original()], corrected(supply_amount=0), "2026-05-25").errors) == ["amount_zero"]
    assert codes(planned([original()], corrected(supply_amount=-5), "2026-05-25").errors) == ["sign"]
    mixed = corrected(supply_amount=5, tax_amount=-1)
    assert codes(planned([original()], mixed, "2026-05-25").errors) == ["sign"]


def test_zero_rated_items_have_no_tax():
    items = [{"name": "노트", "supply_amount": 5, "tax_amount": 1}]
    assert codes(planned([original(kind="0102")], corrected(items=items), "2026-05-25").errors) == [
        "zero_rate_tax"
    ]
    untaxed = planned(
        [original(kind="0102")], corrected(items=[items[0] | {"tax_amount": None}]), "2026-05-25"
    )
    assert shown(untaxed)[1] == ("0202", "2026-05-06", 5, 0)


def test_a_part_is_paid_by_the_same_single_means():
    one = [{"means": "credit", "amount": 1_100_000}]
    found = planned([original(payments=one)], returned(), "2026-05-25")
    assert [(each.means.value, each.amount) for each in found.documents[0].payments] == [("credit", -330_000)]


def test_more_items_carry_their_own_tax():
    items = [{"name": "추가", "supply_amount": 100_000}]
    found = planned([original()], changed(delta=100_000, items=items), "2026-05-25")
    assert shown(found) == [("0201", "2026-05-20", 100_000, 10_000)]


def test_a_return_of_nothing_is_none_and_is_spoken_of_as_a_return():
    for nothing in (
        {"supply_amount": 0},
        {"supply_amount": None, "items": [{"name": "노트", "supply_amount": 0}]},
    ):
        refused = planned([original()], returned(**nothing), "2026-05-25").errors
        assert codes(refused) == ["amount_zero"]
        assert refused[0].ko.startswith("반품된 금액이 0원입니다.")
        assert refused[0].citation.endswith("제1호")
    unchanged = planned([original()], changed(delta=0), "2026-05-25").errors
    assert codes(unchanged) == ["amount_zero"]
    assert unchanged[0].citation.endswith("제3호")


def test_a_decrease_typed_with_a_plus_is_hinted_at():
    items = [{"name": "단가 조정", "supply_amount": -500_000}]
    refused = planned([original()], changed(delta=400_000, items=items), "2026-05-25").errors
    assert codes(refused) == ["sign"]
    assert "줄어든 금액은 −로 적으세요." in refused[0].ko
    more = preview(planned([original()], changed(delta=400_000), "2026-05-25"))
    assert more.confirm[0].ko == "공급가액이 400,000원 늘어난 것이 맞습니다(줄어든 금액은 −로 적습니다)."
    less = preview(planned([original()], changed(delta=-400_000), "2026-05-25"))
    assert not any("늘어난" in each.ko for each in less.confirm)


def test_a_payment_by_one_means_follows_the_total_and_several_are_dropped():
    one = [{"means": "cash", "amount": 1_100_000}]
    two = [{"means": "cash", "amount": 100_000}, {"means": "credit", "amount": 1_000_000}]
    found = planned([original(payments=one)], corrected(supply_amount=2_000_000), "2026-05-25")
    assert [each.payments[0].amount for each in found.documents] == [-1_100_000, 2_200_000]
    assert (
        planned([original(payments=two)], corrected(supply_amount=5), "2026-05-25").documents[1].payments
        == ()
    )
    kept = planned([original(payments=two)], corrected(remarks=["x"]), "2026-05-25")
    assert [each.amount for each in kept.documents[1].payments] == [100_000, 1_000_000]
    said = planned([original()], corrected(payments=[{"means": "note", "amount": 1_100_000}]), "2026-05-25")
    assert said.documents[1].payments[0].amount == 1_100_000


def test_the_rate_goes_both_ways_with_its_tax_on_every_line():
    down = planned([original(items=TWO_LINES)], corrected("tax_rate", document_type="0202"), "2026-05-25")
    assert shown(down)[1] == ("0202", "2026-05-06", 1_000_000, 0)
    assert [item.tax_amount for item in down.documents[1].items] == [0, 0]
    same = planned([original()], corrected("tax_rate"), "2026-05-25")
    assert codes(same.errors) == ["rate_unchanged"]


@pytest.mark.parametrize(("kind", "right"), [("0101", "0102"), ("0102", "0201"), ("0103", "0102")])
def test_a_mistake_in_the_rate_is_a_wrong_rate(kind, right):
    asked = corrected(document_type=right, supply_amount=900_000)
    found = planned([original(kind=kind)], asked, "2029-05-25")
    named = planned([original(kind=kind)], asked | {"subtype": "tax_rate"}, "2029-05-25")
    assert (found.to_data(), preview(found)) == (named.to_data(), preview(named))
    assert "제70조제1항제9호" in preview(found).text()
    assert "past_one_year" in codes(found.warnings)


def test_a_mistake_in_another_kind_of_the_same_rate_stays_a_mistake():
    found = planned([original(kind="0103")], corrected(document_type="0101"), "2026-05-25")
    assert found.request.subtype == "mistake"
    crossed = planned([original()], corrected(document_type="0301"), "2026-05-25")
    assert codes(crossed.errors) == ["family_cross"]


def test_a_consigned_kind_needs_its_broker_and_loses_it_with_the_kind():
    broker = dict(PARTY_C)
    refused = planned([original()], corrected(document_type="0103"), "2026-05-25")
    assert codes(refused.errors) == ["broker_missing"]
    found = planned([original()], corrected(document_type="0103", broker=broker), "2026-05-25")
    assert found.documents[1].broker.name == "C상사"
    back = planned([original(kind="0103")], corrected(document_type="0101"), "2026-05-25")
    assert back.documents[1].broker is None


def test_the_family_does_not_change_and_imports_are_never_made():
    assert codes(planned([original()], corrected(document_type="0301"), "2026-05-25").errors) == [
        "family_cross"
    ]
    assert codes(planned([original()], corrected(document_type="0104"), "2026-05-25").errors) == [
        "import_kind"
    ]


def test_optional_entries_only():
    found = planned([original()], corrected("optional", remarks=["새 비고"], purpose="receipt"), "2026-05-25")
    assert [each.remarks for each in found.documents] == [(), ("새 비고",)]
    assert found.documents[1].purpose.value == "receipt"
    refused = planned([original()], corrected("optional", supply_amount=5), "2026-05-25")
    assert codes(refused.errors) == ["optional_only"]


def test_the_supplier_s_other_entries_may_be_corrected():
    supplier = original().invoice.supplier.model_dump(mode="json") | {"branch_number": "0001"}
    found = planned([original()], corrected(supplier=supplier), "2026-05-25")
    assert found.documents[1].supplier.branch_number == "0001"


def test_another_buyer_is_no_mistake_and_the_same_one_is_nothing_else():
    asked = planned([original()], corrected(buyer=BUYERS["C"]), "2026-05-25")
    assert "check_subtype" in codes(asked.warnings)
    typo = BUYERS["B"] | {"number": "9988100012"}
    assert "check_subtype" not in codes(planned([original()], corrected(buyer=typo), "2026-05-25").warnings)
    for nobody in (corrected("non_mistake"), corrected("non_mistake", buyer=BUYERS["B"])):
        assert codes(planned([original()], nobody, "2026-05-25").errors) == ["buyer_unchanged"]


def test_until_the_final_return_another_buyer_costs_nothing():
    found = planned([original()], corrected("non_mistake", buyer=BUYERS["C"]), "2026-07-27")
    assert penalties(found) == []
    assert "non_mistake_after_final_return" not in codes(found.warnings)


def test_the_limit_of_the_supplier_s_own_period():
    yearly = {
        "supplier_kind": "individual",
        "supplier_tax_types": [{"from": "2020-01-01", "type": "simplified"}],
    }
    found = planned([original()], corrected("non_mistake", buyer=BUYERS["C"]), "2028-01-25", **yearly)
    assert found.deadline == day("2028-01-25")


def test_supplies_before_2022_02_15_had_no_extra_year():
    found = planned([original("2021-03-02")], corrected("non_mistake", buyer=BUYERS["C"]), "2021-07-27")
    assert codes(found.errors) == ["01_nonmistake_expired"]
    assert (found.deadline, found.deadline_kind.value) == (day("2021-07-26"), "hard")


@pytest.mark.parametrize(
    ("audit", "code"),
    [
        ({"ground": "과세자료 해명안내", "received_on": "2026-05-24", "covers_this_supply": "yes"}, "error"),
        ({"ground": "세무조사 통지", "received_on": "2026-05-24", "covers_this_supply": "unsure"}, "warning"),
        ({"ground": "세무조사 통지", "received_on": "2026-05-24", "covers_this_supply": "no"}, None),
        ({"ground": "세무조사 통지", "received_on": "2026-05-26", "covers_this_supply": "yes"}, None),
    ],
)
def test_only_a_notice_about_this_supply_bars(audit, code):
    found = planned([original()], corrected(supply_amount=5), "2026-05-25", audit=audit)
    assert ("01_audit_known" in codes(found.errors)) is (code == "error")
    assert ("audit_unsure" in codes(found.warnings)) is (code == "warning")


@pytest.mark.parametrize(
    ("kind", "on", "said"),
    [
        ("0101", "2026-07-27", None),
        (
            "0101",
            "2026-07-28",
            "확정신고기한(2026-07-27)이 지나 발행하면 거래처에게 지연수취 가산세가 있을 수",
        ),
        ("0102", "2026-07-28", "영세율이라 거래처가 공제받을 매입세액이 없어 지연수취 가산세는 없습니다."),
        ("0301", "2027-01-25", None),
        ("0301", "2027-01-26", "사업연도 말의 다음 달 25일(2027-01-25)이 지나 발행하면 공급자 가산세는"),
        ("0301", "2027-01-26", "계산서에는 거래처의 지연수취 가산세가 없습니다."),
    ],
)
def test_what_a_new_buyer_risks_depends_on_the_family(kind, on, said):
    found = planned([original(kind=kind)], corrected("non_mistake", buyer=BUYERS["C"]), on)
    told = [each.ko for each in found.warnings if each.code == "non_mistake_after_final_return"]
    assert [said in each for each in told] == ([True] if said else [])


def test_the_audit_bars_neither_optional_entries_nor_other_reasons():
    audit = {"ground": "세무조사 통지", "covers_this_supply": "yes"}
    for free in (
        corrected("optional"),
        returned(),
        cancelled(),
        taken_back("not_taxable"),
        changed(),
        credited(),
    ):
        assert not planned([original()], free, "2026-06-02", audit=audit).errors


def test_mistakes_have_no_limit_but_grow_old():
    asked = corrected(supply_amount=900_000)
    assert "past_one_year" not in codes(planned([original()], asked, "2027-07-27").warnings)
    old = planned([original()], asked, "2027-07-28")
    assert "past_one_year" in codes(old.warnings)
    assert "past_five_years" not in codes(old.warnings)
    assert "past_five_years" in codes(planned([original("2019-03-04")], asked, "2026-05-25").warnings)


def test_a_date_moves_its_lines_and_can_touch_two_returns():
    items = [{"name": "노트", "supply_amount": 1_000_000, "tax_amount": 100_000, "supplied_on": "2026-04-02"}]
    found = planned(
        [original("2026-04-02", issued="2026-04-05", items=items)],
        corrected(written_on="2026-03-31"),
        "2026-05-08",
    )
    assert found.documents[1].items[0].supplied_on == day("2026-03-31")
    assert effects(found) == [
        ("2026-1-preliminary", "preliminary_up", None, 100_000),
        ("2026-1-final", "include", None, -100_000),
    ]


def test_a_date_of_tomorrow_is_refused_even_if_nobody_knows_when_it_was_issued():
    unknown = original(issued_at=None)
    late = planned([unknown], corrected(written_on="2026-05-26"), "2026-05-25")
    assert codes(late.errors) == ["event_in_future"]
    found = planned([unknown], corrected(written_on="2026-04-30"), "2026-05-25")
    assert {"issued_on_unknown", "late"} <= set(codes(found.warnings))
    assert penalties(found) == []


def test_the_part_of_another_family_is_issued_anew():
    also = [{"document_type": "0401", "supply_amount": 300_000}]
    found = planned([original(items=TWO_LINES)], corrected(items=TWO_LINES[:1], also=also), "2026-06-10")
    assert shown(found)[2] == ("0301", "2026-05-06", 300_000, 0)
    assert found.follow_ups[0].items[0].name == "노트"
    assert found.follow_up_deadlines == (day("2026-06-10"),)
    refused = planned(
        [original()], corrected(also=[{"document_type": "0304", "supply_amount": 5}]), "2026-06-10"
    )
    assert codes(refused.errors) == ["import_kind"]


def test_a_taxed_part_on_an_exempt_document():
    also = [{"document_type": "0101", "supply_amount": 400_000}]
    found = planned([original(kind="0301")], corrected(supply_amount=600_000, also=also), "2026-06-10")
    assert shown(found)[2] == ("0101", "2026-05-06", 400_000, 40_000)


@pytest.mark.parametrize(
    ("subtype", "right", "kind", "part", "code"),
    [
        ("mistake", 600_000, "0101", 400_000, "family_cross"),
        ("mistake", 600_000, "0102", 400_000, "family_cross"),
        ("mistake", 600_000, "0301", 300_000, "also_mismatch"),
        ("mistake", 600_000, "0301", 50_000_000, "also_mismatch"),
        ("mistake", None, "0301", 400_000, "also_mismatch"),
        ("optional", None, "0301", 400_000, "optional_only"),
    ],
)
def test_a_part_that_does_not_fit_is_refused(subtype, right, kind, part, code):
    also = [{"document_type": kind, "supply_amount": part}]
    found = planned([original()], corrected(subtype, also=also, supply_amount=right), "2026-06-10")
    assert codes(found.errors) == [code]
    assert not found.documents


def test_a_part_may_have_been_paid_with_the_tax_that_was_wrong():
    also = [{"document_type": "0301", "supply_amount": 440_000}]
    found = planned([original()], corrected(supply_amount=600_000, also=also), "2026-06-10")
    assert sum(each.total_amount for each in (*found.documents, *found.follow_ups)) == 0


def test_a_new_buyer_is_put_on_every_amendment_that_hangs_on_it():
    back = document("m1", "0201", "2026-05-10", -300_000, -30_000, code="03", original=key_of(original()),
                    remarks=["당초 작성일자(2026-05-06)"])  # fmt: skip
    found = planned([original(), back], corrected("non_mistake", buyer=BUYERS["C"]), "2026-05-25")
    assert [(each.supply_amount, each.buyer.name, each.original_issue_id) for each in found.documents] == [
        (-1_000_000, "B상사", key_of(original())),
        (1_000_000, "C상사", key_of(original())),
        (300_000, "B상사", key_of(back)),
        (-300_000, "C상사", key_of(back)),
    ]
    assert found.documents[3].remarks == ("당초 작성일자(2026-05-06)",)
    assert "also_correct_supplied" in codes(found.warnings)


def test_a_new_rate_is_put_on_every_amendment_of_that_rate():
    back = document("m1", "0201", "2026-05-10", -300_000, -30_000, code="03", original=key_of(original()))
    found = planned([original(), back], corrected("tax_rate", document_type="0102"), "2026-05-25")
    assert shown(found)[3] == ("0202", "2026-05-10", -300_000, 0)
    assert found.after.zero_rated == (700_000, 0)


def test_an_amount_corrected_below_what_came_back_overdraws():
    back = document("m1", "0201", "2026-05-10", -300_000, -30_000, code="03", original=key_of(original()))
    found = planned([original(), back], corrected(supply_amount=200_000), "2026-05-25")
    assert codes(found.errors) == ["balance_negative"]


def test_a_04_with_a_wrong_date_is_corrected_by_a_01_that_keeps_its_remark():
    cancel = document("m1", "0201", "2026-05-20", -1_000_000, -100_000, code="04", original=key_of(original()),
                      issued="2026-06-09", remarks=["당초 작성일자(2026-05-06)"])  # fmt: skip
    asked = corrected(written_on="2026-04-30", target=key_of(cancel))
    early = planned([original(), cancel], asked, "2026-06-12")
    assert codes(early.errors) == ["event_before_original"]
    asked = corrected(written_on="2026-05-18", target=key_of(cancel))
    found = planned([original(), cancel], asked, "2026-06-09")
    assert shown(found) == [
        ("0201", "2026-05-20", 1_000_000, 100_000),
        ("0201", "2026-05-18", -1_000_000, -100_000),
    ]
    assert {each.remarks for each in found.documents} == {("당초 작성일자(2026-05-06)",)}
    again = chain(original(), cancel, *issued(found, ["m2", "m3"], "2026-06-09"))
    assert again.cancelled_by(again.roots[0]).key.endswith("m3")


def test_a_04_dated_into_the_month_before_was_late_also_when_it_was_corrected_before():
    first = original("2026-04-06")
    cancel = document("m1", "0201", "2026-06-01", -1_000_000, -100_000, code="04", original=key_of(first),
                      issued="2026-06-30")  # fmt: skip
    asked = corrected(written_on="2026-05-31", target=key_of(cancel))
    assert penalties(planned([first, cancel], asked, "2026-07-01")) == [
        ("supplier", "late_issue", 10_000, "practice")
    ]
    once = planned([first, cancel], corrected(written_on="2026-06-02", target=key_of(cancel)), "2026-06-30")
    pair = issued(once, ["m2", "m3"], "2026-06-30")
    again = corrected(written_on="2026-05-31", target=key_of(pair[1]))
    assert penalties(planned([first, cancel, *pair], again, "2026-07-01")) == [
        ("supplier", "late_issue", 10_000, "practice")
    ]


@pytest.mark.parametrize(
    ("first_issued", "owed"),
    [
        ("2026-06-10", []),
        ("2026-06-11", [("supplier", "late_issue", 9_000, "law"), ("buyer", "late_receive", 4_500, "law")]),
    ],
)
def test_a_date_of_a_correction_is_held_against_the_day_its_original_was_issued(first_issued, owed):
    """May's was due on 10 June; that its amount was corrected in July says nothing of when it was issued."""
    first = original("2026-06-05", issued=first_issued)
    once = planned([first], corrected(supply_amount=900_000), "2026-07-08")
    pair = issued(once, ["m1", "m2"], "2026-07-08")
    again = corrected(written_on="2026-05-29", target=key_of(pair[1]))
    assert penalties(planned([first, *pair], again, "2026-07-09")) == owed


# 02, 03, 04 ---------------------------------------------------------------------------------------------------


def test_an_increase_issued_late_is_penalised_by_law():
    found = planned([original()], changed("2026-07-08", 200_000), "2026-08-11")
    assert penalties(found) == [
        ("supplier", "late_issue", 2_000, "law"),
        ("buyer", "late_receive", 1_000, "law"),
    ]
    assert "late" in codes(found.warnings)


def test_the_day_of_the_event_lies_between_the_original_and_today():
    assert codes(planned([original()], returned("2026-05-26"), "2026-05-25").errors) == ["event_in_future"]
    assert codes(planned([original()], returned("2026-05-05"), "2026-05-25").errors) == [
        "event_before_original"
    ]
    assert not planned([original()], returned("2026-05-06"), "2026-05-06").errors


def test_several_lines_become_one_named_after_the_reason():
    several = original(items=TWO_LINES)
    assert planned([several], returned(), "2026-05-25").documents[0].items[0].name == "환입"
    assert planned([several], changed(), "2026-05-25").documents[0].items[0].name == "공급가액 변동"
    assert planned([original()], changed(), "2026-05-25").documents[0].items[0].name == "노트"


def test_returned_items_are_turned_and_taxed():
    items = [{"name": "노트", "quantity": "3", "unit_price": "100000", "supply_amount": 300_000}]
    found = planned([original()], {"reason": "03", "event_on": "2026-05-20", "items": items}, "2026-05-25")
    item = found.documents[0].items[0]
    assert (item.quantity, item.unit_price, item.supply_amount, item.tax_amount) == (
        -3,
        100_000,
        -300_000,
        -30_000,
    )
    wrong = returned(items=items, amount=5)
    assert codes(planned([original()], wrong, "2026-05-25").errors) == ["items_mismatch"]


def test_the_last_items_take_the_tax_that_is_left():
    lines = [{"name": name, "supply_amount": 33_335} for name in "가나"]
    odd = original(supply=66_670, tax=6_667)
    found = planned([odd], {"reason": "03", "event_on": "2026-05-20", "items": lines}, "2026-05-25")
    assert [item.tax_amount for item in found.documents[0].items] == [-3_334, -3_333]
    assert all(part == (0, 0) for part in found.after)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"reason": "02", "event_on": "2026-05-20"}, "amount_missing"),
        ({"reason": "02", "event_on": "2026-05-20", "items": []}, "amount_missing"),
        (changed(delta=0), "amount_zero"),
        (changed(tax_delta=1), "sign"),
        (returned(amount=0), "amount_zero"),
        (returned(tax_amount=-5), "sign"),
        (returned(tax_amount=200_000), "balance_negative"),
        (returned(tax_amount=40_000), "tax_wrong"),
        (returned(amount=1_000_001), "balance_negative"),
        (returned(amount=999_999, tax_amount=100_001), "balance_negative"),
        (changed(delta=-1_000_001), "balance_negative"),
        (
            changed(
                delta=-1, items=[{"name": "가", "supply_amount": 1}, {"name": "나", "supply_amount": -2}]
            ),
            "sign",
        ),
    ],
)
def test_amounts_that_cannot_be_meant(asked, code):
    assert codes(planned([original()], asked, "2026-05-25").errors) == [code]


def test_taking_off_everything_as_a_change_of_price_is_asked_about():
    found = planned([original()], changed(delta=-1_000_000), "2026-05-25")
    assert "use_03_or_04" in codes(found.warnings)
    assert shown(found) == [("0201", "2026-05-20", -1_000_000, -100_000)]


def test_04_takes_off_what_is_left_after_earlier_changes():
    first = [original(), *issued(planned([original()], returned(), "2026-05-25"), ["m1"], "2026-05-25")]
    found = planned(first, cancelled("2026-05-27"), "2026-05-28")
    assert shown(found) == [("0201", "2026-05-27", -700_000, -70_000)]
    assert found.documents[0].original_issue_id == key_of(original())


def test_04_copies_every_line_of_an_untouched_original():
    found = planned([original(items=TWO_LINES)], cancelled(), "2026-05-25")
    assert [(item.name, item.supply_amount) for item in found.documents[0].items] == [
        ("노트", -700_000),
        ("연필", -300_000),
    ]


def test_04_after_a_05_takes_off_both_kinds_of_tax():
    pair = planned([original(supply=3_000_000)], credited(supply_amount=1_000_000), "2026-06-03")
    documents = [original(supply=3_000_000), *issued(pair, ["m1", "m2"], "2026-06-03")]
    found = planned(documents, cancelled("2026-06-20"), "2026-06-21")
    assert shown(found) == [
        ("0201", "2026-06-20", -2_000_000, -200_000),
        ("0202", "2026-06-20", -1_000_000, 0),
    ]
    assert [each.original_issue_id for each in found.documents] == [
        key_of(documents[0]),
        key_of(documents[2]),
    ]


def test_what_was_delivered_has_to_be_said():
    asked = {"reason": "04", "event_on": "2026-05-20"}
    assert codes(planned([original()], asked, "2026-05-25").errors) == ["delivered_unknown"]


def test_nothing_left_cannot_be_cancelled():
    back = issued(planned([original()], returned(amount=1_000_000), "2026-05-25"), ["m1"], "2026-05-25")
    assert codes(planned([original(), *back], cancelled(), "2026-05-25").errors) == ["chain_cancelled"]


def test_contracts_undone_before_2012_07_01_kept_the_original_date():
    found = planned([original("2012-05-07")], cancelled("2012-06-20"), "2012-06-25")
    assert shown(found) == [("0201", "2012-05-07", -1_000_000, -100_000)]
    assert found.documents[0].remarks == ("사유발생일(2012-06-20)",)


def test_a_cancelled_chain_takes_nothing_more():
    cancel = issued(planned([original()], cancelled(), "2026-05-25"), ["m1"], "2026-05-25")
    for asked in (returned(), changed(), cancelled(), corrected(supply_amount=5), taken_back(), credited()):
        found = planned([original(), *cancel], asked, "2026-06-02")
        assert codes(found.errors) == ["chain_cancelled"]
        assert "2026-05-20" in found.errors[0].ko
    on_it = changed(target=key_of(cancel[0]))
    assert codes(planned([original(), *cancel], on_it, "2026-06-02").errors) == ["chain_cancelled"]


@pytest.mark.parametrize("asked", [returned(), changed(), cancelled(), credited()])
def test_what_takes_off_has_nothing_to_come_back(asked):
    back = issued(planned([original()], returned(), "2026-05-25"), ["m1"], "2026-05-25")
    found = planned([original(), *back], asked | {"target": key_of(back[0])}, "2026-06-02")
    assert codes(found.errors) == ["sign"]


def test_a_switch_of_tax_type_swaps_the_dates():
    simplified = {
        "supplier_kind": "individual",
        "supplier_tax_types": [{"from": "2026-07-01", "type": "simplified"}],
    }
    found = planned([original()], returned("2026-08-19"), "2026-09-11", **simplified)
    assert shown(found) == [("0201", "2026-05-06", -300_000, -30_000)]
    assert found.documents[0].remarks == ("사유발생일(2026-08-19)",)
    assert "dates_swapped" in codes(found.warnings)
    assert found.deadline == day("2026-09-10")
    assert penalties(found) == [("supplier", "late_issue", 3_000, "practice")]
    assert effects(found) == [("2026-1-final", "claim_refund", None, -30_000)]


def test_other_switches_and_exempt_documents_swap_nothing():
    exempt = {"supplier_kind": "individual", "supplier_tax_types": [{"from": "2026-07-01", "type": "exempt"}]}
    assert planned([original()], returned("2026-08-19"), "2026-09-01", **exempt).documents[0].remarks == (
        "당초 작성일자(2026-05-06)",
    )
    simplified = {
        "supplier_kind": "individual",
        "supplier_tax_types": [{"from": "2026-07-01", "type": "simplified"}],
    }
    found = planned([original(kind="0301")], returned("2026-08-19"), "2026-09-01", **simplified)
    assert found.documents[0].written_on == day("2026-08-19")


def test_an_unknown_tax_type_is_told():
    found = planned([original()], returned("2026-08-19"), "2026-09-01", supplier_tax_types=None)
    assert "type_switch_unknown" in codes(found.warnings)
    quiet = planned([original(kind="0301")], returned("2026-08-19"), "2026-09-01", supplier_tax_types=None)
    assert "type_switch_unknown" not in codes(quiet.warnings)


def test_after_closing_nothing_is_amended_but_what_was_wrong_before():
    for closed in ("buyer_closed_on", "supplier_closed_on"):
        facts = {closed: "2026-05-19"}
        for asked in (returned(), changed(), cancelled()):
            assert codes(planned([original()], asked, "2026-05-25", **facts).errors) == ["party_closed"]
        assert not planned([original()], returned("2026-05-19"), "2026-05-25", **facts).errors
        assert not planned([original()], corrected(supply_amount=5), "2026-05-25", **facts).errors


def test_a_successor_takes_the_buyer_s_place_only_after_the_closing():
    facts = {"buyer_closed_on": "2026-05-19", "successors": {"buyer": dict(PARTY_C)}}
    assert planned([original()], returned(), "2026-05-25", **facts).documents[0].buyer.name == "C상사"
    before = planned([original()], returned("2026-05-19"), "2026-05-25", **facts)
    assert before.documents[0].buyer.name == "B상사"


def test_a_successor_of_the_supplier_asks_an_adviser():
    facts = {"successors": {"supplier": dict(PARTY_C)}, "supplier_closed_on": "2026-05-19"}
    assert codes(planned([original()], returned(), "2026-05-25", **facts).errors) == ["supplier_changed"]


def test_a_foreigner_s_number_stays_on_every_document():
    foreigner = {"kind": "foreigner", "name": "John", "representative": "John", "contacts": []}
    first = original(buyer=foreigner, remarks=["M12345678", "기타"])
    found = planned([first], returned(), "2026-05-25")
    assert found.documents[0].remarks == ("M12345678", "당초 작성일자(2026-05-06)")
    assert planned([first], taken_back(), "2026-05-25").documents[0].remarks == ("M12345678",)


def test_a_long_quantity_leaves_no_room_for_its_sign():
    items = [{"name": "나사", "quantity": "999999999.99", "unit": "개", "supply_amount": 1_000_000,
              "tax_amount": 100_000}]  # fmt: skip
    found = planned([original(items=items)], cancelled(), "2026-05-25")
    assert (found.documents[0].items[0].quantity, found.documents[0].items[0].unit) == (None, None)


# 05 -----------------------------------------------------------------------------------------------------------


def test_all_of_a_supply_becomes_zero_rated_line_by_line():
    found = planned([original(items=TWO_LINES)], credited(), "2026-06-03")
    assert shown(found) == [
        ("0201", "2026-05-06", -1_000_000, -100_000),
        ("0202", "2026-05-06", 1_000_000, 0),
    ]
    assert [item.tax_amount for item in found.documents[1].items] == [0, 0]


def test_the_consigned_kind_stays_consigned():
    found = planned([original(kind="0103")], credited(), "2026-06-03")
    assert [each[0] for each in shown(found)] == ["0203", "0205"]


def test_a_second_letter_covers_the_rest_to_the_won():
    first = original(supply=99_999, tax=9_999)
    one = planned([first], credited(supply_amount=33_333), "2026-06-03")
    two = planned([first, *issued(one, ["m1", "m2"], "2026-06-03")],
                  credited("2026-06-10", evidence="purchase_confirmation", evidence_number=None), "2026-06-11")  # fmt: skip
    assert shown(two) == [("0201", "2026-05-06", -66_666, -6_666), ("0202", "2026-05-06", 66_666, 0)]
    assert two.documents[0].remarks == ("구매확인서 발급일자(2026-06-10)",)
    assert two.after == ((0, 0), (99_999, 0), (0, 0))
    assert "evidence_number_missing" in codes(two.warnings)
    three = planned([first, *issued(one, ["m1", "m2"], "2026-06-03"), *issued(two, ["m3", "m4"], "2026-06-11")],
                    credited(), "2026-06-12")  # fmt: skip
    assert codes(three.errors) == ["balance_negative"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (credited("2026-06-04"), "event_in_future"),
        (credited("2026-05-05"), "event_before_original"),
        (credited(supply_amount=0), "sign"),
        (credited(supply_amount=-5), "sign"),
        (credited(supply_amount=1_000_001), "balance_negative"),
    ],
)
def test_letters_that_do_not_fit(asked, code):
    found = planned([original()], asked, "2026-06-03")
    assert codes(found.errors) == [code]
    if code == "event_before_original":
        assert "처음부터 영세율" in found.errors[0].ko


def test_the_zero_rated_part_can_come_back_too():
    pair = issued(planned([original()], credited(), "2026-06-03"), ["m1", "m2"], "2026-06-03")
    found = planned([original(), *pair], returned("2026-06-10", target=key_of(pair[1])), "2026-06-11")
    assert shown(found) == [("0202", "2026-06-10", -300_000, 0)]
    spent = planned([original(), *pair], returned("2026-06-10"), "2026-06-11")
    assert codes(spent.errors) == ["balance_negative"]


# Doubts about the documents -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("tax_delta", "is_told"), [(-3_333, True), (-3_334, False)])
def test_tax_that_is_left_without_supply_is_told(tax_delta, is_told):
    asked = changed(supply_delta=-33_333) | {"tax_delta": tax_delta}
    found = planned([original(supply=33_333, tax=3_334)], asked, "2026-06-25")
    assert not found.errors
    assert ("tax_left" in codes(found.warnings)) is is_told


ODD_LINE = {
    "name": "노트",
    "quantity": "3",
    "unit_price": "100000",
    "supply_amount": 200_000,
    "tax_amount": 20_000,
}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (corrected(tax_amount=100_001), "tax_off"),
        (returned(supply_amount=200_000) | {"tax_amount": 20_002}, "tax_off"),
        (returned(supply_amount=None) | {"items": [ODD_LINE]}, "line_product"),
    ],
)
def test_what_a_check_doubts_in_the_documents_is_told_once(asked, code):
    found = planned([original()], asked, "2026-06-25")
    assert codes(found.warnings).count(code) == 1


def test_what_was_doubtful_in_the_original_is_not_told_again():
    found = planned([original(tax=100_001)], corrected(remarks=["x"]), "2026-06-25")
    assert "tax_off" not in codes(found.warnings)


# 06 -----------------------------------------------------------------------------------------------------------


def test_a_wrong_family_is_cancelled_and_issued_anew():
    found = planned([original(kind="0301")], taken_back("not_taxable", replace_with="0101"), "2026-06-11")
    assert shown(found) == [("0401", "2026-05-06", -1_000_000, 0), ("0101", "2026-05-06", 1_000_000, 100_000)]
    assert found.documents[0].amendment_reason.value == "06"
    assert found.follow_ups[0].amendment_reason is None
    assert found.follow_ups[0].original_issue_id is None
    assert penalties(found) == [
        ("supplier", "late_issue", 10_000, "law"),
        ("buyer", "late_receive", 5_000, "law"),
    ]


def test_an_exempt_supply_gets_its_own_document_with_its_own_deadline():
    found = planned([original(items=TWO_LINES)], taken_back("not_taxable", replace_with="0301"), "2026-06-10")
    assert shown(found)[1] == ("0301", "2026-05-06", 1_000_000, 0)
    assert [item.tax_amount for item in found.follow_ups[0].items] == [None, None]
    assert found.follow_up_deadlines == (day("2026-06-10"),)
    assert penalties(found) == []


def test_what_was_issued_too_early_costs_its_issuer_and_not_its_buyer():
    early = original("2026-06-29", 4_000_000)
    asked = taken_back("too_early", replace_with="0101", replace_written_on="2026-07-02")
    found = planned([early], asked, "2026-07-05")
    assert shown(found) == [
        ("0201", "2026-06-29", -4_000_000, -400_000),
        ("0101", "2026-07-02", 4_000_000, 400_000),
    ]
    assert penalties(found) == [("supplier", "defect", 40_000, "law")]
    assert found.follow_up_deadlines == (day("2026-08-10"),)
    assert "too_early" in codes(found.warnings)


def test_not_issued_in_the_right_period_is_charged_once():
    early = original("2026-06-29", 4_000_000)
    asked = taken_back("too_early", replace_with="0101", replace_written_on="2026-07-02")
    found = planned([early], asked, "2027-02-05")
    assert [each[:3] for each in penalties(found)] == [
        ("supplier", "non_issue", 80_000),
        ("buyer", "late_receive", 20_000),
    ]


def test_too_early_without_a_date_or_a_day_of_issue_says_what_is_missing():
    asked = taken_back("too_early")
    assert "replacement_needed" in codes(planned([original()], asked, "2026-05-25").warnings)
    dated = asked | {"replace_with": "0101", "replace_written_on": "2026-05-20"}
    assert "issued_on_unknown" in codes(planned([original(issued_at=None)], dated, "2026-05-25").warnings)


@pytest.mark.parametrize(
    ("told", "supplied_on"),
    [
        ({"paid_on": "2026-05-13"}, "2026-07-02"),
        ({"contract_billing": {"billing_on": "2026-05-06", "payment_on": "2026-06-05"}}, "2026-07-02"),
        ({}, "2026-06-20"),
    ],
)
def test_what_was_lawfully_issued_ahead_need_not_be_amended(told, supplied_on):
    asked = taken_back("too_early", replace_with="0101", replace_written_on=supplied_on)
    found = planned([original()], asked, "2026-07-20", **told)
    assert "수정할 필요가 없습니다" in found.warnings[0].ko
    assert "early_is_valid" in codes(found.warnings)
    assert "too_early" not in codes(found.warnings)


@pytest.mark.parametrize("told", [{}, {"paid_on": "2026-05-14"}])
def test_what_no_fact_allows_may_have_been_too_early(told):
    asked = taken_back("too_early", replace_with="0101", replace_written_on="2026-07-02")
    found = planned([original()], asked, "2026-07-20", **told)
    assert "too_early" in codes(found.warnings)
    assert "early_is_valid" not in codes(found.warnings)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (
            taken_back("too_early", replace_with="0101", replace_written_on="2026-05-06"),
            "too_early_not_after_issue",
        ),
        (
            taken_back("too_early", replace_with="0101", replace_written_on="2026-05-02"),
            "too_early_not_after_issue",
        ),
        (taken_back("too_early", replace_with="0101"), "too_early_not_after_issue"),
        (taken_back("not_taxable", replace_with="0101"), "family_same"),
        (taken_back("not_taxable", replace_with="0102"), "family_same"),
        (taken_back("not_taxable", replace_written_on="2026-05-15"), "replacement_kind_missing"),
        (taken_back(replace_with="0101"), "replacement_unexpected"),
        (taken_back("wrong_supplier", replace_with="0101"), "replacement_unexpected"),
        (taken_back("not_taxable", replace_with="0304"), "import_kind"),
        (taken_back("too_early", replace_with="0101", replace_written_on="2026-05-26"), "event_in_future"),
        (taken_back(twin=key_of(original())), "twin_is_target"),
        (taken_back(supply_amount=999_999), "06_must_be_full"),
    ],
)
def test_a_cancellation_that_does_not_fit(asked, code):
    assert codes(planned([original()], asked, "2026-05-25").errors) == [code]


def test_the_whole_amount_may_be_said():
    assert not planned([original()], taken_back(supply_amount=1_000_000), "2026-05-25").errors


def test_one_of_two_stays():
    twin = document("A2", "0101", "2026-05-06", 1_000_000, 100_000)
    both = taken_back(target=key_of(twin), twin=key_of(original()))
    assert not planned([original(), twin], both, "2026-05-25").warnings
    gone = document("A2", "0101", "2026-05-06", 1_000_000, 100_000, status="rejected")
    lost = taken_back(target=key_of(original()), twin=key_of(gone))
    assert codes(planned([original(), gone], lost, "2026-05-25").errors) == ["twin_cancelled"]
    other = document("A2", "0101", "2026-05-06", 5, 0)
    differs = taken_back(target=key_of(other), twin=key_of(original()))
    assert "twin_differs" in codes(planned([original(), other], differs, "2026-05-25").warnings)
    elsewhere = planned([original()], taken_back(twin="2026050641999999zzzzzzzz"), "2026-05-25")
    assert codes(elsewhere.warnings) == []
    assert "twin_missing" in codes(planned([original()], taken_back(), "2026-05-25").warnings)


def test_a_supplier_that_was_wrong_sends_the_right_one():
    assert "other_supplier_issues" in codes(
        planned([original()], taken_back("wrong_supplier"), "2026-05-25").warnings
    )


def test_what_hangs_on_a_cancelled_document_is_told_of():
    more = issued(planned([original()], changed(delta=5_000), "2026-05-25"), ["m1"], "2026-05-25")
    found = planned([original(), *more], taken_back(), "2026-05-26")
    assert "children_remain" in codes(found.warnings)
    less = issued(planned([original()], changed(delta=-5_000), "2026-05-25"), ["m1"], "2026-05-25")
    refused = planned([original(), *less], taken_back(), "2026-05-26")
    assert codes(refused.errors) == ["balance_negative"]


def test_half_of_a_05_is_not_cancelled_alone_without_a_word():
    pair = issued(planned([original()], credited(), "2026-06-03"), ["m1", "m2"], "2026-06-03")
    found = planned([original(), *pair], taken_back("not_taxable", target=key_of(pair[1])), "2026-06-04")
    assert "other_of_pair" in codes(found.warnings)
    assert found.warnings[0].fact("other") == key_of(pair[0])
    assert found.warnings[0].fact("nothing") is None


def test_of_two_corrections_the_surplus_pair_is_cancelled():
    first = planned([original()], corrected(supply_amount=900_000), "2026-05-25")
    one = issued(first, ["m1", "m2"], "2026-05-25")
    two = issued(first, ["m3", "m4"], "2026-05-26")
    documents = [original(), *one, *two]
    minus = planned(documents, taken_back("duplicate", target=key_of(two[0])), "2026-05-27")
    assert shown(minus) == [("0201", "2026-05-06", 1_000_000, 100_000)]
    assert {"positive_06", "other_of_pair"} <= set(codes(minus.warnings))
    documents += issued(minus, ["m5"], "2026-05-27")
    plus = planned(documents, taken_back("duplicate", target=key_of(two[1])), "2026-05-27")
    assert shown(plus) == [("0201", "2026-05-06", -900_000, -90_000)]
    found = chain(*documents, *issued(plus, ["m6"], "2026-05-27"))
    assert found.balance(found.roots[0]).supply_amount == 900_000


def test_a_document_that_only_takes_back_is_no_target():
    pair = issued(
        planned([original()], corrected(supply_amount=900_000), "2026-05-25"), ["m1", "m2"], "2026-05-25"
    )
    for asked in (taken_back(target=key_of(pair[0])), corrected(supply_amount=5, target=key_of(pair[0]))):
        found = planned([original(), *pair], asked, "2026-05-27")
        assert codes(found.errors) == ["target_superseded"]
        assert found.errors[0].fact("newest") == key_of(pair[1])
    gone = issued(planned([original()], taken_back(), "2026-05-25"), ["m1"], "2026-05-25")
    found = planned([original(), *gone], corrected(supply_amount=5, target=key_of(gone[0])), "2026-05-27")
    assert codes(found.errors) == ["target_superseded"]


def test_a_document_that_was_taken_back_is_no_target():
    gone = issued(planned([original()], taken_back(), "2026-05-25"), ["m1"], "2026-05-25")
    assert codes(planned([original(), *gone], returned(), "2026-05-27").errors) == ["chain_cancelled"]
    change = issued(planned([original()], changed(), "2026-05-25"), ["m1"], "2026-05-25")
    undone = planned([original(), *change], taken_back("not_taxable", target=key_of(change[0])), "2026-05-26")
    documents = [original(), *change, *issued(undone, ["m2"], "2026-05-26")]
    found = planned(documents, corrected(target=key_of(change[0])), "2026-05-27")
    assert codes(found.errors) == ["target_superseded"]


def test_a_minus_document_is_not_replaced_by_a_fresh_one():
    back = issued(planned([original()], returned(), "2026-05-25"), ["m1"], "2026-05-25")
    asked = taken_back("not_taxable", target=key_of(back[0]), replace_with="0301")
    assert codes(planned([original(), *back], asked, "2026-05-26").errors) == ["sign"]


def test_pending_siblings_and_missing_originals_are_told():
    pending = document(
        "m1", "0201", "2026-05-10", -5, 0, code="03", original=key_of(original()), status="submitted"
    )
    assert "chain_result_pending" in codes(planned([original(), pending], returned(), "2026-05-25").warnings)
    alone = document("m1", "0201", "2026-05-10", 5_000, 500, code="02", original=key_of(original()))
    assert "original_missing" in codes(planned([alone], taken_back(), "2026-05-25").warnings)


def test_a_chain_that_begins_below_zero_is_corrected_and_cancelled_only():
    netted = original(supply=-1_000_000)
    assert codes(planned([netted], returned(), "2026-05-25").errors) == ["sign"]
    found = planned([netted], corrected(supply_amount=-900_000), "2026-05-25")
    assert shown(found) == [
        ("0201", "2026-05-06", 1_000_000, 100_000),
        ("0201", "2026-05-06", -900_000, -90_000),
    ]
    gone = planned([netted], taken_back(), "2026-05-25")
    assert shown(gone) == [("0201", "2026-05-06", 1_000_000, 100_000)]


# The return ---------------------------------------------------------------------------------------------------


def test_unknown_filing_tells_both_cases():
    found = planned([original()], corrected(supply_amount=900_000), "2026-09-01", returns_filed=None)
    assert effects(found) == [
        ("2026-1-final", "claim_refund", "filed", -10_000),
        ("2026-1-final", "include", "not_filed", -10_000),
    ]
    early = planned(
        [original("2026-02-06")], corrected(supply_amount=900_000), "2026-05-01", returns_filed=None
    )
    assert effects(early) == [
        ("2026-1-preliminary", "preliminary_down", "filed", -10_000),
        ("2026-1-preliminary", "include", "not_filed", -10_000),
    ]
    late = planned(
        [original("2026-02-06")], corrected(supply_amount=900_000), "2026-09-01", returns_filed=None
    )
    assert {each[:3] for each in effects(late)} == {
        ("2026-1-final", "claim_refund", "filed"),
        ("2026-1-final", "include", "not_filed"),
    }


def test_unknown_preliminary_returns_tell_both_cases():
    asked = corrected(supply_amount=900_000)
    found = planned([original("2026-02-06")], asked, "2026-05-01", files_preliminary=None)
    assert effects(found) == [
        ("2026-1-preliminary", "preliminary_down", "filed", -10_000),
        ("2026-1-final", "include", "not_filed", -10_000),
    ]
    early = planned([original("2026-02-06")], asked, "2026-03-01", files_preliminary=None)
    assert effects(early) == [("2026-1-preliminary", "include", None, -10_000)]
    later = planned([original("2026-02-06")], asked, "2026-09-01", files_preliminary=None)
    assert effects(later) == [("2026-1-final", "claim_refund", None, -10_000)]
    never = planned([original("2026-02-06")], asked, "2026-05-01", files_preliminary=False)
    assert effects(never) == [("2026-1-final", "include", None, -10_000)]


def test_a_return_filed_late_is_not_filed_yet():
    filed = [{"period": "2026-1-final", "filed_on": "2026-09-02"}]
    asked = corrected(supply_amount=900_000)
    assert effects(planned([original()], asked, "2026-09-01", returns_filed=filed))[0][1] == "include"
    assert effects(planned([original()], asked, "2026-09-02", returns_filed=filed))[0][1] == "claim_refund"


def test_an_early_refund_is_a_return_too():
    filed = [{"period": "2026-05", "filed_on": "2026-06-24"}]
    found = planned([original()], corrected(supply_amount=2_000_000), "2026-07-01", returns_filed=filed)
    assert effects(found) == [("2026-05", "preliminary_up", None, 100_000)]


def test_zero_rated_supplies_stand_in_the_supplier_s_return_only():
    found = planned([original(kind="0102")], corrected(supply_amount=2_000_000), "2026-09-01")
    assert effects(found) == [("2026-1-final", "amend_return", None, 0)]
    assert [each.action.value for each in found.vat.buyer] == ["none"]


@pytest.mark.parametrize("tax_type", ["simplified", "exempt", "public", "individual", "foreign"])
def test_a_buyer_that_does_not_deduct_has_nothing_to_do(tax_type):
    found = planned([original()], returned(), "2026-05-25", buyer_tax_type=tax_type)
    assert [(each.action.value, each.tax_delta) for each in found.vat.buyer] == [("none", 0)]


@pytest.mark.parametrize("tax_type", [None, "unknown"])
def test_a_buyer_of_unknown_type_is_taken_to_deduct(tax_type):
    found = planned([original()], returned(), "2026-05-25", buyer_tax_type=tax_type)
    assert found.vat.buyer[0].tax_delta == 30_000
    assert "buyer_tax_type_unknown" in codes(found.warnings)


def test_a_private_buyer_has_nothing_to_do():
    found = planned([original(buyer=PERSON)], returned(), "2026-05-25")
    assert [each.action.value for each in found.vat.buyer] == ["none"]


def test_what_lies_outside_the_known_law_is_told():
    asked = corrected(supply_amount=900_000)
    assert "outside_known_law" in codes(planned([original("2031-05-06")], asked, "2031-05-20").warnings)
    assert "outside_known_law" in codes(
        planned([original("2031-05-06")], returned("2031-05-07"), "2031-05-20").warnings
    )
    assert codes(planned([original()], asked, "2026-05-20").warnings) == []
    assert "tax_type_unknown" in codes(
        planned([original()], asked, "2026-05-20", supplier_tax_types=None).warnings
    )


# JSON ---------------------------------------------------------------------------------------------------------


def test_the_json_of_a_plan_has_exactly_the_parts_it_promises():
    data = planned([original()], changed("2026-07-08", 200_000), "2026-08-11").to_data()
    assert list(data) == [
        "documents", "follow_ups", "follow_up_deadlines", "deadline", "deadline_kind",
        "penalties", "vat", "warnings", "errors",
    ]  # fmt: skip
    assert data["deadline"] == "2026-08-10"
    assert data["deadline_kind"] == "soft"
    assert data["penalties"][0] | {"citation": "", "ko": "", "en": ""} == {
        "who": "supplier", "code": "late_issue", "rate": "0.01", "base": 200_000, "amount": 2_000,
        "certainty": "law", "citation": "", "ko": "", "en": "",
    }  # fmt: skip
    assert data["vat"]["buyer"] == [
        {"period": "2026-2-preliminary", "action": "event", "if": None, "tax_delta": -20_000}
    ]


def test_an_error_s_json_carries_its_facts():
    error = planned([original()], returned(amount=2_000_000), "2026-05-25").to_data()["errors"][0]
    assert (error["code"], error["max"]) == ("balance_negative", 1_000_000)
    late = planned([original()], credited("2026-07-28"), "2026-07-28").to_data()["errors"][0]
    assert (late["code"], late["limit"]) == ("05_lc_too_late", "2026-07-27")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"reason": "07"}',
        b'{"reason": "03"}',
        b'{"reason": "03", "event_on": "2026-13-01"}',
        b'{"reason": "03", "event_on": 20260501}',
        b'{"reason": "03", "event_on": "2026-05-01", "supply_amount": 1.5}',
        b'{"reason": "03", "event_on": "2026-05-01", "colour": "red"}',
        b'{"reason": "05", "evidence": "loan", "evidence_on": "2026-05-01"}',
        b'{"reason": "05", "evidence": "local_credit", "evidence_on": "2026-05-01", "supply_amount": "some"}',
        b'{"reason": "01", "subtype": "mistake", "also": [{"document_type": "0301", "supply_amount": 0}]}',
        b'{"reason": null, "colour": "red"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_request_is_refused(data):
    with pytest.raises(InvalidRequest) as caught:
        request_from_json(data)
    assert caught.value.findings


def test_the_function_is_what_the_helper_calls():
    found = plan(chain(original()), request_from_data(returned()), Facts(), law=LAW, on=day("2026-05-25"))
    assert found.is_possible
    assert not planned([original()], returned(amount=2_000_000), "2026-05-25").is_possible


# A resident number that stands in a text -----------------------------------------------------------------------


NOBODY = "000101-5000011"
"""A foreigner who was born in 1900, before there were such numbers."""
WITH_NUMBER = [
    {
        "name": f"수강료 {NOBODY}",
        "specification": "A4",
        "supply_amount": 1_000_000,
        "tax_amount": 100_000,
        "remark": NOBODY,
    }
]


def test_an_original_that_carries_a_resident_number_is_amended_all_the_same():
    wrong = original(items=WITH_NUMBER, remarks=["", NOBODY])
    found = planned([wrong], corrected(remarks=["x"]), "2026-05-25")
    assert found.errors == ()
    assert [each.items[0].remark for each in found.documents] == [NOBODY, NOBODY]
    assert "resident_number_carried" in codes(found.warnings)


def test_a_fresh_document_beside_an_amendment_carries_no_resident_number_over():
    """An ordinary document with one would not be issued."""
    wrong = original(kind="0301", items=WITH_NUMBER, remarks=["", f"전화 02-0000-0001 {NOBODY}"])
    found = planned([wrong], taken_back("not_taxable", replace_with="0101"), "2026-06-11")
    assert found.errors == ()
    [fresh] = found.follow_ups
    assert (fresh.items[0].name, fresh.items[0].specification) == ("수강료 000101-5******", "A4")
    assert fresh.remarks == ("", "전화 02-0000-0001 000101-5******")
    assert found.documents[0].items[0].remark == NOBODY


def test_the_number_of_a_foreign_buyer_stays_in_the_first_remark_of_a_fresh_document():
    buyer = {"kind": "foreigner", "number": "9999999999999", "name": "없음", "representative": "없음"}
    wrong = original(kind="0301", buyer=buyer, remarks=[NOBODY, NOBODY])
    found = planned([wrong], taken_back("not_taxable", replace_with="0101"), "2026-06-11")
    assert found.follow_ups[0].remarks == (NOBODY, "000101-5******")
