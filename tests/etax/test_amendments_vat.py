"""What a plan means for the returns of both parties."""

from etax.amendments_samples import original, planned


def test_a_buyer_gains_nothing_from_a_document_that_comes_too_late_to_deduct():
    late = {"reason": "02", "event_on": "2026-05-20", "supply_delta": 200_000}
    in_time, too_late = (planned([original()], late, day) for day in ("2027-07-27", "2027-07-28"))
    assert [(each.action.value, each.tax_delta) for each in in_time.vat.buyer] == [("claim_refund", -20_000)]
    assert [(each.action.value, each.tax_delta) for each in too_late.vat.buyer] == [("none", 0)]
    assert "deduction_lost" in [each.code for each in too_late.warnings]


def test_what_was_deducted_wrongly_is_given_back_though_the_right_document_comes_too_late():
    dated = {"reason": "01", "subtype": "mistake", "corrected": {"written_on": "2024-12-31"}}
    found = planned([original("2026-07-02")], dated, "2026-08-05")
    assert [(each.period.key, each.tax_delta) for each in found.vat.buyer] == [
        ("2026-2-preliminary", 100_000)
    ]


def test_one_return_is_told_once_though_its_months_are_unknown():
    late = {"reason": "02", "event_on": "2026-05-20", "supply_delta": 200_000}
    found = planned([original()], late, "2026-09-11", returns_filed=None, files_preliminary=None)
    assert [(each.period.key, each.condition) for each in found.vat.supplier] == [
        ("2026-1-final", "filed"),
        ("2026-1-final", "not_filed"),
    ]


def test_a_buyer_of_unknown_type_is_what_the_notices_speak_of():
    late = {"reason": "02", "event_on": "2026-05-20", "supply_delta": 200_000}
    found = planned([original()], late, "2026-06-11", buyer_tax_type="unknown")
    unknown = [each.ko for each in found.warnings if each.code.endswith("tax_type_unknown")]
    assert unknown
    assert all(text.startswith("거래처의 과세유형을 몰라") for text in unknown)
    assert len({each.code for each in found.warnings}) == len(found.warnings)
