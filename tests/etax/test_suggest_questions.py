"""What the wizard asks, does not ask, and comes to: event by event."""

import pytest

from dojang.etax.amendments.plan import plan
from dojang.etax.amendments.suggest import Question, Ready, Setting, Stop
from dojang.etax.amendments.vat import VatAction
from etax.amendments_samples import BUYERS, PARTY_C, PERSON, chain, document, key_of, original
from etax.law_samples import LAW, day
from etax.suggest_samples import Wizard, told, wizard

A = original()
RETURNED = {"returned_what": "part", "returned_exchanged": "no", "returned_on": "2026-09-02"}
ALL_RETURNED = RETURNED | {"returned_what": "all"}
CHANGED = {"price_when_issued": "yes", "price_why": "settlement", "price_on": "2026-09-02"}
UNDONE = {
    "undone_performed": "nothing",
    "undone_on": "2026-09-02",
    "undone_agreed": "yes",
    "undone_damages": "no",
}
KNOWS_NO_AUDIT = {"cross_audit": "no"}


def ready(found) -> Ready:
    assert isinstance(found, Ready), found
    return found


def asks(found) -> str:
    assert isinstance(found, Question), found
    assert found.problem is None
    return found.key


def stops(found) -> str:
    assert isinstance(found, Stop), found
    return found.key


def notes(found) -> list[str]:
    return [note.key for note in found.notes]


# 1 반품


def test_a_part_that_came_back_is_a_return():
    found = ready(wizard().at("goods_returned", **RETURNED, returned_items=300_000))
    assert (found.request.reason, found.request.supply_amount) == ("03", 300_000)
    assert found.request.event_on == day("2026-09-02")
    assert [question.key for question in found.asked] == [*RETURNED, "returned_items"]
    assert [question.answer for question in found.asked] == [*RETURNED.values(), 300_000]


def test_items_that_came_back_are_handed_on():
    items = [{"name": "노트", "quantity": "3", "supply_amount": 300_000, "tax_amount": 30_000}]
    found = ready(wizard().at("goods_returned", **RETURNED, returned_items=items))
    assert found.request.items[0].quantity == 3


def test_all_that_came_back_is_not_counted_again():
    assert asks(wizard().at("goods_returned", **ALL_RETURNED)) == "returned_contract"
    found = ready(wizard().at("goods_returned", **ALL_RETURNED, returned_contract="no"))
    assert found.request.supply_amount == 1_000_000


def test_with_the_contract_rescinded_a_return_is_usual_and_04_a_choice():
    found = wizard().at("goods_returned", **ALL_RETURNED, returned_contract="yes")
    assert asks(found) == "returned_as"
    assert found.default == "return"
    assert notes(found) == ["N-RETURN-USUAL"]
    rescinded = {
        "returned_contract": "yes",
        "returned_as": "rescission",
        "returned_rescinded_on": "2026-08-03",
    }
    request = ready(wizard().at("goods_returned", **ALL_RETURNED, **rescinded)).request
    assert (request.reason, request.event_on, request.delivered) == ("04", day("2026-08-03"), True)


def test_what_came_back_before_the_date_written_was_a_wrong_amount():
    before = RETURNED | {"returned_on": "2026-05-01"}
    found = ready(wizard().at("goods_returned", **before, returned_items=300_000, **KNOWS_NO_AUDIT))
    assert (found.request.reason, found.request.corrected.supply_amount) == ("01", 700_000)
    assert notes(found) == ["N-BEFORE", "N-BEFORE-AMOUNT"]
    assert "금액 700,000원으로 정정합니다." in found.notes[1].words.ko


def test_what_came_back_wholly_before_the_date_written_should_not_have_been_invoiced():
    before = ALL_RETURNED | {"returned_on": "2026-05-01"}
    found = ready(wizard().at("goods_returned", **before))
    assert (found.request.reason, found.request.subtype) == ("06", "not_taxable")
    assert notes(found) == ["N-BEFORE-ALL"]


def test_an_exchange_is_nothing_and_its_button_goes_on():
    found = wizard().at("goods_returned", returned_what="part", returned_exchanged="yes")
    assert stops(found) == "S-EXCHANGE"
    [button] = found.buttons
    assert button.answers == {"returned_exchanged": "no"}
    assert asks(wizard().at(button.event, returned_what="part", **button.answers)) == "returned_on"


def test_only_a_lower_price_is_a_change_of_price():
    found = wizard().at("goods_returned", returned_what="price_only")
    assert (asks(found), found.event) == ("price_when_issued", "price_changed")


# 2 계약 취소, 3 일부 해지


def test_a_contract_undone_before_anything_was_supplied_is_04():
    request = ready(wizard().at("contract_undone", **UNDONE)).request
    assert (request.reason, request.event_on, request.delivered) == ("04", day("2026-09-02"), False)


def test_whether_anything_was_performed_has_no_default():
    found = wizard().at("contract_undone")
    assert (asks(found), found.default) == ("undone_performed", None)


@pytest.mark.parametrize("answer", ["goods_kept", "finished"])
def test_what_was_performed_cannot_be_cancelled(answer):
    assert stops(wizard().at("contract_undone", undone_performed=answer)) == "S-PERFORMED"


def test_goods_that_came_back_after_delivery_are_a_return_and_the_contract_is_known_to_be_undone():
    found = wizard().at("contract_undone", undone_performed="goods_back")
    assert (asks(found), found.event) == ("returned_on", "goods_returned")
    answers = {"undone_performed": "goods_back", "returned_on": "2026-09-02", "returned_items": 1_000_000}
    assert asks(wizard().at("contract_undone", **answers)) == "returned_as"


def test_a_disputed_rescission_is_warned_of():
    found = ready(
        wizard().at("contract_undone", **UNDONE | {"undone_agreed": "disputed", "undone_damages": "yes"})
    )
    assert notes(found) == ["W-DISPUTE", "N-DAMAGES"]


def test_other_invoices_of_the_contract_are_cancelled_with_it():
    here = original(reference_id="K-1")
    there = document("X", "0101", "2026-06-01", 500_000, 50_000, reference_id="K-1")
    elsewhere = document("Y", "0101", "2026-06-01", 500_000, 50_000, reference_id="K-2")
    sample = Wizard(chain(here), setting=Setting(others=(there.invoice, elsewhere.invoice)))
    found = sample.at("contract_undone", **UNDONE)
    assert asks(found) == "undone_others"
    assert "다른 세금계산서 1건도" in found.words.ko
    assert [choice.key for choice in found.choices] == [key_of(there)]
    done = ready(sample.at("contract_undone", **UNDONE, undone_others=[key_of(there)]))
    [further] = done.further
    assert (further.target, further.reason, further.event_on) == (key_of(there), "04", day("2026-09-02"))


def test_what_is_amended_is_no_other_invoice_of_its_own_contract():
    here = original(reference_id="K-1")
    of = {"code": "05", "original": key_of(here), "reference_id": "K-1"}
    minus = document("M", "0201", "2026-05-06", -400_000, -40_000, **of)
    zero_rated = document("Z", "0202", "2026-05-06", 400_000, 0, **of)
    sample = Wizard(
        chain(here, minus, zero_rated), target=key_of(zero_rated), setting=Setting(others=(here.invoice,))
    )
    done = ready(sample.at("contract_undone", **UNDONE))
    assert done.further == ()


@pytest.mark.parametrize("answer", [600_000, {"final": 600_000}, {"reduction": 400_000}])
def test_a_contract_ended_in_part_takes_off_the_rest(answer):
    request = ready(wizard().at("contract_partly_ended", ended_amount=answer, ended_on="2026-09-02")).request
    assert (request.reason, request.supply_delta) == ("02", -400_000)


# 4 금액 변경, 6 금액 오기


@pytest.mark.parametrize("answer", [1_200_000, {"final": 1_200_000}, {"delta": 200_000}])
def test_a_price_agreed_upon_later_is_02(answer):
    request = ready(wizard().at("price_changed", **CHANGED, price_to=answer)).request
    assert (request.reason, request.supply_delta) == ("02", 200_000)


@pytest.mark.parametrize(("why", "stop"), [("incentive", "S-REBATE"), ("unpaid", "S-UNPAID"), ("fx", "S-FX")])
def test_what_is_no_change_of_price_is_said_to_be_none(why, stop):
    assert stops(wizard().at("price_changed", price_when_issued="yes", price_why=why)) == stop


def test_a_price_that_was_wrong_already_then_is_a_mistake():
    answers = {"price_when_issued": "no", "amount_correct": 900_000, **KNOWS_NO_AUDIT}
    found = ready(wizard().at("price_changed", **answers))
    assert (found.event, found.request.reason, found.request.subtype) == ("wrong_amount", "01", "mistake")
    assert "amount_why" not in [question.key for question in found.asked]


def test_a_wrong_amount_that_was_agreed_upon_later_is_no_mistake_and_is_not_asked_for_twice():
    answers = {"amount_correct": 900_000, "amount_why": "agreed_later", "price_why": "discount"}
    found = ready(wizard().at("wrong_amount", **answers, price_on="2026-09-02"))
    assert (found.event, found.request.reason, found.request.supply_delta) == (
        "price_changed",
        "02",
        -100_000,
    )


def test_a_price_changed_before_the_date_written_was_wrong_from_the_start():
    before = CHANGED | {"price_on": "2026-05-01"}
    assert notes(wizard().at("price_changed", **before)) == ["N-BEFORE"]
    found = ready(wizard().at("price_changed", **before, before_amount=900_000, **KNOWS_NO_AUDIT))
    assert (found.request.reason, found.request.corrected.supply_amount) == ("01", 900_000)
    gone = ready(wizard().at("price_changed", **before, before_amount=0))
    assert gone.request.reason == "06"


def test_a_price_of_nothing_is_asked_about():
    assert asks(wizard().at("price_changed", **CHANGED, price_to=0)) == "price_whole"
    found = wizard().at("price_changed", **CHANGED, price_to=0, price_whole="change")
    assert stops(found) == "S-WHOLE"
    assert [button.event for button in found.buttons] == ["goods_returned", "contract_undone"]
    kept = ready(wizard().at("price_changed", **CHANGED, price_to=0, price_whole="keep"))
    assert kept.request.supply_delta == -1_000_000


def test_what_is_left_counts_and_not_the_original():
    returned = document("M1", "0201", "2026-06-08", -300_000, -30_000, code="03", original=key_of(A))
    sample = Wizard(chain(A, returned))
    assert sample.at("goods_returned", **RETURNED).most == 700_000
    request = ready(sample.at("price_changed", **CHANGED, price_to=600_000)).request
    assert request.supply_delta == -100_000


@pytest.mark.parametrize(("answer", "event"), [("cancelled", "contract_undone"), ("twice", "issued_twice")])
def test_an_amount_of_nothing_is_another_event(answer, event):
    found = wizard().at("wrong_amount", amount_correct=0, amount_zero=answer)
    assert found.event == event


def test_the_right_tax_may_be_told_apart():
    answers = {"amount_correct": {"supply_amount": 1_000_000, "tax_amount": 99_999}, "amount_why": "mistake"}
    request = ready(wizard().at("wrong_amount", **answers, **KNOWS_NO_AUDIT)).request
    assert (request.corrected.supply_amount, request.corrected.tax_amount) == (1_000_000, 99_999)


# 5 내국신용장

CREDIT = {"lc_kind": "purchase_confirmation", "lc_number": "P-1", "lc_on": "2026-07-20"}


def test_a_credit_after_the_supply_is_05():
    assert wizard().at("lc_opened", **CREDIT).default == 1_000_000
    request = ready(wizard().at("lc_opened", **CREDIT, lc_amount=400_000)).request
    assert (request.reason, request.evidence, request.evidence_number) == (
        "05",
        "purchase_confirmation",
        "P-1",
    )
    assert request.supply_amount == 400_000
    assert ready(wizard().at("lc_opened", **CREDIT, lc_amount=1_000_000)).request.supply_amount == "all"


def test_a_credit_before_the_supply_means_a_wrong_rate():
    found = ready(wizard().at("lc_opened", **CREDIT | {"lc_on": "2026-05-01"}, **KNOWS_NO_AUDIT))
    assert (found.request.reason, found.request.subtype) == ("01", "tax_rate")
    assert found.request.corrected.document_type == "0102"
    assert notes(found) == ["N-LC-BEFORE"]


def test_a_credit_after_the_limit_changes_nothing():
    found = wizard().at("lc_opened", **CREDIT | {"lc_on": "2026-07-28"})
    assert stops(found) == "S-LCLATE"
    assert found.words.ko.startswith("구매확인서 2026-07-28(화)은 기한(2026-07-27(월))이 지나")
    assert found.code == "05_lc_too_late"


@pytest.mark.parametrize("kind", ["0102", "0301"])
def test_a_credit_for_what_is_not_taxed_is_not_asked_about(kind):
    assert stops(Wizard(chain(original(kind=kind))).at("lc_opened")) == "S-LC-NOT-TAXABLE"


# 7 거래처


def test_another_buyer_is_no_mistake_in_writing():
    answers = {"buyer_who": "other", "buyer_right": dict(BUYERS["C"]), "buyer_why": "mistake"}
    request = ready(wizard().at("wrong_buyer", **answers, **KNOWS_NO_AUDIT)).request
    assert (request.reason, request.subtype, request.corrected.buyer.number) == (
        "01",
        "non_mistake",
        BUYERS["C"]["number"],
    )
    assert stops(wizard().at("wrong_buyer", **answers | {"buyer_why": "request"})) == "S-ASSIGN"


def test_another_buyer_can_be_put_right_until_the_limit():
    answers = {"buyer_who": "other", "buyer_right": dict(BUYERS["C"]), "buyer_why": "mistake"}
    assert ready(wizard(on="2027-07-27").at("wrong_buyer", **answers, **KNOWS_NO_AUDIT))
    late = wizard(on="2027-07-28").at("wrong_buyer", **answers)
    assert stops(late) == "S-EXPIRED"
    assert "2027-07-27(화)이 지났습니다" in late.words.ko


def test_the_same_buyer_under_a_wrong_number_is_a_mistake():
    found = wizard().at("wrong_buyer", buyer_who="same")
    assert found.default["number"] == BUYERS["B"]["number"]
    right = found.default | {"branch_number": "0001"}
    request = ready(wizard().at("wrong_buyer", buyer_who="same", buyer_same=right, **KNOWS_NO_AUDIT)).request
    assert (request.subtype, request.corrected.buyer.branch_number) == ("mistake", "0001")


def test_the_same_buyer_under_its_own_number_need_not_be_corrected():
    same = wizard().at("wrong_buyer", buyer_who="same").default | {"address": "가상시 새길 2"}
    found = wizard().at("wrong_buyer", buyer_who="same", buyer_same=same)
    assert (found.event, found.key, found.default) == ("other_fields", "fields_party_wanted", "no")
    assert "필요적 기재사항이 아니므로" in found.notes[-1].words.ko
    wanted = {"buyer_who": "same", "buyer_same": same, "fields_party_wanted": "yes"}
    request = ready(wizard().at("wrong_buyer", **wanted)).request
    assert (request.subtype, request.corrected.buyer.address) == ("optional", "가상시 새길 2")
    assert stops(wizard().at("wrong_buyer", **wanted | {"fields_party_wanted": "no"})) == "S-LEAVE"


def test_the_name_on_an_exempt_invoice_is_a_mistake_under_whatever_question_it_was_given():
    exempt = Wizard(chain(original(kind="0301")))
    same = exempt.at("wrong_buyer", buyer_who="same").default | {"name": "나머지상사"}
    request = ready(exempt.at("wrong_buyer", buyer_who="same", buyer_same=same, **KNOWS_NO_AUDIT)).request
    assert (request.subtype, request.corrected.buyer.name) == ("mistake", "나머지상사")


def test_a_buyer_whose_data_stay_as_they_are_is_asked_again():
    wanted = {"fields_which": "party", "fields_party_wanted": "yes"}
    stated = wizard().at("other_fields", **wanted).default
    assert wizard().at("other_fields", **wanted, fields_buyer=stated).problem.code == "no_change"


def test_a_buyer_closed_before_the_supply_becomes_its_representative():
    answers = {"buyer_who": "closed", "closed_on": "2026-04-01", "closed_person": PERSON["number"]}
    request = ready(wizard().at("wrong_buyer", **answers, **KNOWS_NO_AUDIT)).request
    buyer = request.corrected.buyer
    assert (request.subtype, buyer.kind, buyer.name) == ("non_mistake", "individual", "대표B")


def test_a_known_closing_is_not_asked_for():
    closed = wizard(facts=told(buyer_closed_on="2026-04-01"))
    assert asks(closed.at("wrong_buyer", buyer_who="closed")) == "closed_person"
    assert asks(closed.at("buyer_closed")) == "closed_person"
    assert stops(wizard(facts=told(buyer_closed_on="2026-05-06")).at("wrong_buyer", buyer_who="closed")) == (
        "S-WAS-IN-BUSINESS"
    )


def test_a_buyer_in_business_when_supplied_stays():
    answers = {"buyer_who": "closed", "closed_on": "2026-05-06"}
    assert stops(wizard().at("wrong_buyer", **answers)) == "S-WAS-IN-BUSINESS"


def test_too_late_for_a_closed_buyer():
    assert stops(wizard(on="2027-07-28").at("wrong_buyer", buyer_who="closed")) == "S-EXPIRED"


def test_a_person_who_was_registered_is_put_right_as_the_same_one():
    answers = {"buyer_who": "resident", "buyer_registered": "yes", "buyer_business": dict(BUYERS["C"])}
    sample = Wizard(chain(original(buyer=PERSON)))
    assert ready(sample.at("wrong_buyer", **answers, **KNOWS_NO_AUDIT)).request.subtype == "mistake"
    assert stops(sample.at("wrong_buyer", **answers | {"buyer_registered": "no"})) == "S-RESIDENT"


# 8 작성일자


def test_an_earlier_date_is_put_right():
    request = ready(wizard().at("wrong_date", date_right="2026-04-30", **KNOWS_NO_AUDIT)).request
    assert (request.reason, request.corrected.written_on) == ("01", day("2026-04-30"))


def test_a_later_date_in_the_same_tax_period_needs_nothing():
    assert stops(wizard().at("wrong_date", date_right="2026-06-30")) == "S-VALID-EARLY"


@pytest.mark.parametrize(
    "facts",
    [
        {"paid_on": "2026-05-13"},
        {"contract_billing": {"billing_on": "2026-05-06", "payment_on": "2026-06-05"}},
    ],
)
def test_what_the_facts_prove_about_early_issue_is_not_asked(facts):
    sample = wizard(facts=told(**facts))
    assert stops(sample.at("wrong_date", date_right="2026-09-02")) == "S-VALID-EARLY"


def test_a_later_date_in_another_period_asks_what_makes_it_lawful():
    found = wizard().at("wrong_date", date_right="2026-09-02")
    assert asks(found) == "date_early"
    assert "same_period" not in [choice.key for choice in found.choices]
    assert (
        stops(wizard().at("wrong_date", date_right="2026-09-02", date_early=["continuous"]))
        == "S-VALID-EARLY"
    )
    done = ready(wizard().at("wrong_date", date_right="2026-09-02", date_early=[]))
    assert (done.request.subtype, done.request.replace_with) == ("too_early", "0101")
    assert done.request.replace_written_on == day("2026-09-02")
    assert "발급기한 2026-10-12(월)" in done.notes[-1].words.ko


def test_whoever_does_not_know_the_tax_period_is_asked():
    sample = wizard(facts=told(supplier_kind="individual", supplier_tax_types=None))
    found = sample.at("wrong_date", date_right="2026-06-30")
    assert "same_period" in [choice.key for choice in found.choices]


# 9 과세구분


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        ("0101", ["zero_rated", "exempt", "mixed"]),
        ("0102", ["taxable", "exempt"]),
        ("0301", ["zero_rated_now", "taxable_now", "mixed_now"]),
    ],
)
def test_only_other_kinds_of_tax_are_offered(kind, offered):
    found = Wizard(chain(original(kind=kind))).at("wrong_tax_kind")
    assert [choice.key for choice in found.choices] == offered


@pytest.mark.parametrize(
    ("kind", "answers", "expected"),
    [
        ("0101", {"kind_right": "zero_rated", "kind_zero_why": "before"}, ("01", "tax_rate", "0102")),
        ("0103", {"kind_right": "zero_rated", "kind_zero_why": "before"}, ("01", "tax_rate", "0105")),
        ("0102", {"kind_right": "taxable"}, ("01", "tax_rate", "0101")),
    ],
)
def test_a_wrong_rate_is_put_right(kind, answers, expected):
    request = ready(
        Wizard(chain(original(kind=kind))).at("wrong_tax_kind", **answers, **KNOWS_NO_AUDIT)
    ).request
    assert (request.reason, request.subtype, request.corrected.document_type) == expected


@pytest.mark.parametrize(
    ("kind", "right", "replaced"),
    [
        ("0101", "exempt", "0301"),
        ("0103", "exempt", "0303"),
        ("0301", "taxable_now", "0101"),
        ("0303", "taxable_now", "0103"),
        ("0301", "zero_rated_now", "0102"),
    ],
)
def test_another_family_is_cancelled_and_issued_anew(kind, right, replaced):
    found = ready(Wizard(chain(original(kind=kind))).at("wrong_tax_kind", kind_right=right))
    assert (found.request.reason, found.request.replace_with) == ("06", replaced)
    assert found.notes[-1].code == "family_cross"


@pytest.mark.parametrize(
    ("kind", "answers", "stays", "other"),
    [
        ("0101", {"kind_right": "mixed", "kind_taxable_part": 600_000}, 600_000, ("0301", 400_000)),
        ("0301", {"kind_right": "mixed_now", "kind_exempt_part": 600_000}, 600_000, ("0101", 400_000)),
    ],
)
def test_a_mixed_deal_is_divided(kind, answers, stays, other):
    request = ready(
        Wizard(chain(original(kind=kind))).at("wrong_tax_kind", **answers, **KNOWS_NO_AUDIT)
    ).request
    assert request.corrected.supply_amount == stays
    assert [(also.document_type, also.supply_amount) for also in request.also] == [other]


def test_a_direct_export_is_cancelled_by_its_button():
    found = wizard().at("wrong_tax_kind", kind_right="zero_rated", kind_zero_why="export")
    assert stops(found) == "S-EXPORT"
    [button] = found.buttons
    assert ready(wizard().at(button.event, **button.answers)).request.subtype == "not_taxable"


# 10 이중발행, 11 발행 대상 아님


def test_likely_twins_are_proposed_nearest_first():
    near = document("N", "0101", "2026-05-20", 1_000_001, 100_000)
    far = document("F", "0101", "2026-06-20", 1_000_000, 100_000)
    others = (
        far,
        near,
        document("L", "0101", "2026-06-21", 1_000_000, 100_000),
        document("M", "0101", "2026-05-20", 1_000_002, 100_000),
        document("O", "0101", "2026-05-20", 1_000_000, 100_000, buyer=BUYERS["C"]),
        A,
    )
    sample = wizard(setting=Setting(others=tuple(each.invoice for each in others)))
    found = sample.at("issued_twice")
    assert [choice.key for choice in found.choices] == [key_of(near), key_of(far), "paper", "card"]
    answers = {"twice_kept": key_of(near), "twice_same": "yes"}
    request = ready(sample.at("issued_twice", **answers)).request
    assert (request.subtype, request.twin, request.target) == ("duplicate", key_of(near), key_of(A))


def test_another_original_of_the_chain_may_be_the_twin():
    twin = document("T", "0101", "2026-05-06", 1_000_000, 100_000)
    found = Wizard(chain(A, twin), target=key_of(A)).at("issued_twice")
    assert found.choices[0].key == key_of(twin)


@pytest.mark.parametrize(("kept", "note"), [("paper", "N-KEEP-ELECTRONIC"), ("card", "N-CARD")])
def test_the_other_proof_may_have_no_number(kept, note):
    found = ready(wizard().at("issued_twice", twice_kept=kept, twice_same="yes"))
    assert (found.request.twin, notes(found)) == (None, [note])


def test_a_card_slip_leads_to_cancelling_the_invoice():
    found = wizard().at("paid_by_card")
    assert stops(found) == "S-CARD"
    [button] = found.buttons
    assert asks(wizard().at(button.event, **button.answers)) == "twice_same"


def test_a_deal_that_fell_through_is_undone_and_not_cancelled_as_a_mistake():
    answers = {"none_what": "no_deal", "none_why": "fell_through"}
    found = wizard().at("should_not_issue", **answers)
    assert (asks(found), found.event) == ("undone_on", "contract_undone")
    undone = {"undone_on": "2026-09-02", "undone_agreed": "yes", "undone_damages": "no"}
    assert ready(wizard().at("should_not_issue", **answers, **undone)).request.reason == "04"


def test_an_invoice_without_a_deal_is_not_dealt_with():
    found = wizard().at("should_not_issue", none_what="no_deal", none_why="fake")
    assert stops(found) == "S-FAKE"
    assert "4%" in found.words.ko


def test_a_document_sent_by_mistake_is_never_said_to_cost_nothing():
    found = ready(wizard().at("should_not_issue", none_what="no_deal", none_why="wrong_document"))
    assert (found.request.reason, notes(found)) == ("06", ["W-NOSUPPLY"])


def test_an_exempt_deal_is_not_asked_about_twice():
    found = ready(wizard().at("should_not_issue", none_what="exempt"))
    assert (found.event, found.request.replace_with) == ("wrong_tax_kind", "0301")
    exempt = Wizard(chain(original(kind="0301"))).at("should_not_issue")
    assert "exempt" not in [choice.key for choice in exempt.choices]


# 12 공급자, 13 나머지


def test_a_branch_is_put_right_and_another_supplier_cancelled():
    answers = {"supplier_whose": "branch", "supplier_branch": "0002"}
    request = ready(wizard().at("wrong_supplier", **answers, **KNOWS_NO_AUDIT)).request
    assert request.corrected.supplier.branch_number == "0002"
    assert plan(wizard().chain, request, told(), law=LAW, on=day("2026-09-10")).documents
    other = ready(wizard().at("wrong_supplier", supplier_whose="other_company"))
    assert (other.request.subtype, other.notes[0].code) == ("wrong_supplier", "supplier_changed")


@pytest.mark.parametrize("which", ["items", "party", "remarks"])
def test_what_need_not_be_stated_need_not_be_corrected(which):
    found = wizard().at("other_fields", fields_which=which)
    assert found.default == "no"
    assert notes(found) == ["N-OPTIONAL"]
    assert stops(wizard().at("other_fields", fields_which=which, **{found.key: "no"})) == "S-LEAVE"


def test_what_need_not_be_stated_can_still_be_corrected():
    answers = {"fields_which": "remarks", "fields_remarks_wanted": "yes", "fields_remarks": "계약 7호"}
    request = ready(wizard().at("other_fields", **answers)).request
    assert (request.subtype, request.corrected.remarks) == ("optional", ("계약 7호",))


def test_the_buyers_name_is_required_on_an_exempt_invoice():
    sample = Wizard(chain(original(kind="0301")))
    found = sample.at("other_fields", fields_which="party")
    assert asks(found) == "fields_buyer_required"
    right = found.default | {"name": "바른 이름"}
    answers = {"fields_which": "party", "fields_buyer_required": right}
    request = ready(sample.at("other_fields", **answers, **KNOWS_NO_AUDIT)).request
    assert (request.subtype, request.corrected.buyer.name) == ("mistake", "바른 이름")


# C


@pytest.mark.parametrize(
    ("event", "stop"),
    [
        ("unpaid", "S-UNPAID"),
        ("rebate", "S-REBATE"),
        ("fx", "S-FX"),
        ("interest_damages", "S-INTEREST"),
        ("mail_not_received", "S-MAIL"),
        ("purpose_wrong", "S-PURPOSE"),
        ("payment_wrong", "S-PURPOSE"),
    ],
)
def test_what_is_no_reason_stops_at_once(event, stop):
    found = wizard().at(event)
    assert (stops(found), found.code) == (stop, "no_legal_reason")
    assert found.asked == ()


def test_a_buyer_that_closed_later_is_settled_in_the_return():
    found = wizard(facts=told(buyer_closed_on="2026-06-30")).at("buyer_closed")
    assert stops(found) == "S-CLOSED"
    assert found.words.ko.startswith("B상사는 2026-06-30(화) 폐업했습니다.")
    unknown = wizard().at("buyer_closed", closed_before="no")
    assert unknown.words.ko.startswith("B상사는 폐업했습니다.")
    assert "closed its business." in unknown.words.en


def test_a_new_name_is_no_reason_and_a_successor_follows():
    assert stops(wizard().at("buyer_changed", changed_what="name")) == "S-RENAME"
    answers = {"changed_what": "number", "changed_succession": "yes", "changed_successor": dict(BUYERS["C"])}
    found = wizard().at("buyer_changed", **answers)
    assert stops(found) == "S-SUCCESSION"
    assert found.words.ko.startswith("C상사가 승계했으므로")
    known = wizard(facts=told(successors={"buyer": dict(PARTY_C)}))
    assert stops(known.at("buyer_changed", changed_what="number")) == "S-SUCCESSION"


# D

RETURN = document("M1", "0201", "2026-06-08", -300_000, -30_000, code="03", original=key_of(A))
OF_RETURN = Wizard(chain(A, RETURN), target=key_of(RETURN))


def test_an_amendment_that_was_not_needed_is_taken_back():
    found = ready(OF_RETURN.at("amendment_unneeded", unneeded_stands="yes"))
    assert (found.request.reason, found.request.target) == ("06", key_of(RETURN))
    assert notes(found) == ["W-POSITIVE06"]
    planned = plan(OF_RETURN.chain, found.request, found.facts, law=LAW, on=day("2026-09-10"))
    assert [each.supply_amount for each in planned.documents] == [300_000]


def test_where_something_else_happened_the_original_is_amended():
    answers = {"unneeded_stands": "no", "unneeded_what": "price_changed"}
    found = ready(OF_RETURN.at("amendment_unneeded", **answers, **CHANGED, price_to=600_000))
    assert (found.request.target, found.event) == (key_of(A), "price_changed")
    assert notes(found) == ["N-UNDO-TOO"]


def test_a_cancellation_is_taken_back_before_anything_else():
    undone = document("M1", "0201", "2026-06-08", -1_000_000, -100_000, code="04", original=key_of(A))
    found = ready(
        Wizard(chain(A, undone), target=key_of(undone)).at("amendment_unneeded", unneeded_stands="no")
    )
    assert (found.request.reason, notes(found)) == ("06", ["N-UNDO-FIRST", "W-POSITIVE06"])


def test_an_amendments_date_and_size_are_put_right():
    answers = {"amended_what": "date", "amended_on": "2026-06-01"}
    request = ready(OF_RETURN.at("amendment_wrong", **answers, **KNOWS_NO_AUDIT)).request
    assert (request.reason, request.target, request.corrected.written_on) == (
        "01",
        key_of(RETURN),
        day("2026-06-01"),
    )
    items = [{"name": "노트", "quantity": "2", "supply_amount": 200_000, "tax_amount": 20_000}]
    for answer in (200_000, {"supply_amount": 200_000, "tax_amount": 20_000}, items):
        answers = {"amended_what": "amount", "amended_amount": answer}
        found = ready(OF_RETURN.at("amendment_wrong", **answers, **KNOWS_NO_AUDIT))
        planned = plan(OF_RETURN.chain, found.request, found.facts, law=LAW, on=day("2026-09-10"))
        assert [each.supply_amount for each in planned.documents] == [300_000, -200_000]


def test_an_increase_is_put_right_with_its_own_sign():
    raised = document("M1", "0201", "2026-06-08", 300_000, 30_000, code="02", original=key_of(A))
    sample = Wizard(chain(A, raised), target=key_of(raised))
    answers = {"amended_what": "amount", "amended_amount": 5_000_000}
    request = ready(sample.at("amendment_wrong", **answers, **KNOWS_NO_AUDIT)).request
    assert request.corrected.supply_amount == 5_000_000


# Cross questions


def test_an_audit_is_asked_about_once_the_period_is_over():
    answers = {"amount_correct": 900_000, "amount_why": "mistake"}
    assert ready(wizard(on="2026-07-27").at("wrong_amount", **answers))
    found = wizard(on="2026-07-28").at("wrong_amount", **answers)
    assert asks(found) == "cross_audit"
    assert stops(wizard().at("wrong_amount", **answers, cross_audit="yes")) == "E-AUDIT"
    assert ready(wizard().at("wrong_amount", **answers, cross_audit="unrelated"))
    known = wizard(facts=told(audit={"covers_this_supply": "unsure"}))
    assert ready(known.at("wrong_amount", **answers)).facts.audit.covers_this_supply == "unsure"


def test_what_happened_later_is_not_barred_by_an_audit():
    assert ready(wizard().at("price_changed", **CHANGED, price_to=900_000))


@pytest.mark.parametrize(
    ("answers", "filed"),
    [
        ({"cross_filed": "not_yet"}, False),
        ({"cross_filed": "filed", "cross_filed_on": "2026-07-27"}, True),
        ({"cross_filed": "unknown"}, None),
    ],
)
def test_an_unknown_filing_is_asked_for_where_the_old_period_is_touched(answers, filed):
    sample = wizard(facts=told(returns_filed=None))
    assert asks(sample.at("should_not_issue", none_what="transfer")) == "cross_filed"
    found = ready(sample.at("should_not_issue", none_what="transfer", **answers))
    period = found.facts.return_of(day("2026-05-06"), law=LAW)
    assert found.facts.filed(period, on=day("2026-09-10")) is filed


def test_filing_is_asked_for_with_its_period_and_due_date():
    sample = wizard(facts=told(returns_filed=None))
    found = sample.at("should_not_issue", none_what="transfer")
    assert found.words.ko == "2026년 1기 확정 부가가치세를 이미 신고했나요?"
    dated = sample.at("should_not_issue", none_what="transfer", cross_filed="filed")
    assert (asks(dated), dated.default) == ("cross_filed_on", "2026-07-27")


@pytest.mark.parametrize(
    ("on", "asked"), [("2026-07-27", "2026년 1기 예정"), ("2026-07-28", "2026년 1기 확정")]
)
def test_long_after_the_preliminary_return_the_final_one_is_asked_about(on, asked):
    sample = Wizard(chain(original("2026-02-03")), on, facts=told(returns_filed=None))
    found = sample.at("should_not_issue", none_what="transfer")
    if asks(found) == "cross_audit":
        found = sample.at("should_not_issue", none_what="transfer", cross_audit="no")
    assert found.words.ko == f"{asked} 부가가치세를 이미 신고했나요?"


def test_who_filed_the_final_return_claims_a_refund_of_it():
    sample = Wizard(chain(original("2026-02-03")), "2026-09-10", facts=told(returns_filed=None))
    filed = {"cross_filed": "filed", "cross_filed_on": "2026-07-20"}
    found = ready(sample.at("should_not_issue", none_what="transfer", **filed))
    planned = plan(sample.chain, found.request, found.facts, law=LAW, on=day("2026-09-10"))
    assert [(each.action, each.period.key) for each in planned.vat.supplier] == [
        (VatAction.CLAIM_REFUND, "2026-1-final")
    ]


def test_filing_is_not_asked_for_where_it_does_not_matter():
    unknown = told(returns_filed=None)
    assert ready(wizard(facts=unknown).at("price_changed", **CHANGED, price_to=900_000))
    assert ready(wizard(facts=unknown, on="2026-06-20").at("should_not_issue", none_what="transfer"))
    exempt = Wizard(chain(original(kind="0301")), facts=unknown)
    assert ready(exempt.at("should_not_issue", none_what="transfer"))
    answers = {"fields_which": "remarks", "fields_remarks_wanted": "yes", "fields_remarks": "계약 7호"}
    assert ready(wizard(facts=unknown).at("other_fields", **answers))


def test_a_closed_buyer_is_asked_about_as_soon_as_the_day_is_known():
    closed = wizard(facts=told(buyer_closed_on="2026-06-30"))
    found = closed.at("goods_returned", **RETURNED)
    assert asks(found) == "cross_succession"
    assert stops(closed.at("goods_returned", **RETURNED, cross_succession="no")) == "S-CLOSED"
    answers = {"cross_succession": "yes", "cross_successor": dict(BUYERS["C"]), "returned_items": 300_000}
    done = ready(closed.at("goods_returned", **RETURNED, **answers))
    planned = plan(closed.chain, done.request, done.facts, law=LAW, on=day("2026-09-10"))
    assert [each.buyer.name for each in planned.documents] == ["C상사"]


def test_a_known_successor_or_an_earlier_event_is_not_asked_about():
    known = wizard(facts=told(buyer_closed_on="2026-06-30", successors={"buyer": dict(BUYERS["C"])}))
    assert asks(known.at("goods_returned", **RETURNED)) == "returned_items"
    earlier = RETURNED | {"returned_on": "2026-06-30"}
    assert asks(wizard(facts=told(buyer_closed_on="2026-06-30")).at("goods_returned", **earlier)) == (
        "returned_items"
    )


def test_a_closed_supplier_issues_nothing_for_what_happened_later():
    closed = wizard(facts=told(supplier_closed_on="2026-06-30"))
    assert stops(closed.at("goods_returned", **RETURNED)) == "S-SUPPLIER-CLOSED"


def test_the_duty_to_issue_electronically_is_asked_for_where_sending_may_cost():
    unknown = told(supplier_kind="individual", e_obligated=None)
    sample = wizard(facts=unknown)
    assert asks(sample.at("should_not_issue", none_what="transfer")) == "cross_duty"
    found = ready(sample.at("should_not_issue", none_what="transfer", cross_duty="no"))
    assert found.facts.is_obliged is False
    assert ready(wizard(facts=unknown, on="2026-06-20").at("should_not_issue", none_what="transfer"))
    late = Wizard(chain(original(sent="2026-05-11")), facts=unknown, on="2026-06-20")
    assert asks(late.at("should_not_issue", none_what="transfer")) == "cross_duty"


def test_a_switch_of_tax_type_is_told_and_not_asked():
    types = [{"from": "2020-01-01", "type": "simplified"}, {"from": "2026-07-01", "type": "general"}]
    sample = wizard(facts=told(supplier_kind="individual", supplier_tax_types=types))
    found = ready(sample.at("goods_returned", **RETURNED, returned_items=300_000))
    assert notes(found) == ["N-SWITCH"]
    assert "과세유형이 2026-07-01(수)에 바뀌어" in found.notes[0].words.ko
    exempt = Wizard(chain(original(kind="0301")), facts=sample.facts)
    assert notes(ready(exempt.at("goods_returned", **RETURNED, returned_items=300_000))) == []


def test_after_five_years_a_refund_is_in_doubt():
    found = ready(wizard(on="2031-07-28").at("should_not_issue", none_what="transfer"))
    assert notes(found) == ["N-TRANSFER", "W-5YEARS"]


# What was added to a deal later, and what is left of it -------------------------------------------------------

SUPPLIED = original(supply=2_200_000)
ADDED = document(
    "m1",
    "0201",
    "2026-06-20",
    300_000,
    30_000,
    code="02",
    original=key_of(SUPPLIED),
    remarks=["당초 작성일자(2026-05-06)"],
)


def of(target, **changes) -> Wizard:
    return Wizard(chain(SUPPLIED, ADDED), target=key_of(target), **changes)


def test_of_an_amount_added_later_no_more_than_that_comes_back():
    asked = of(ADDED).at("goods_returned", **RETURNED)
    assert asked.most == 300_000
    everything = ready(of(ADDED).at("goods_returned", **ALL_RETURNED, returned_contract="no"))
    made = plan(of(ADDED).chain, everything.request, everything.facts, law=LAW, on=day("2026-09-10"))
    assert [each.supply_amount for each in made.documents] == [-300_000]
    assert of(SUPPLIED).at("goods_returned", **RETURNED).most == 2_500_000


def test_a_price_changes_from_what_the_document_brought_in():
    found = ready(of(ADDED).at("price_changed", **CHANGED, price_to={"final": 100_000}))
    assert found.request.supply_delta == -200_000


def test_an_amendment_dated_too_early_is_taken_back_and_issued_again():
    found = of(ADDED).at("amendment_wrong", amended_what="date", amended_on="2026-06-21")
    assert found.problem.code == "01_new_date_after_original_issue"
    assert "발급일(2026-06-20(토))보다 늦은 날짜로는 고칠 수 없습니다" in found.problem.words.ko
    assert "취소(06)한 뒤" in found.problem.words.ko


LETTER = {"lc_kind": "local_credit", "lc_number": "L-1", "lc_on": "2026-07-20"}


@pytest.mark.parametrize(("target", "most"), [(SUPPLIED, 2_200_000), (ADDED, 300_000)])
def test_a_letter_of_credit_covers_no_more_than_its_documents_will_say(target, most):
    sample = of(target, on="2026-07-20", facts=told(returns_filed=[]))
    asked = sample.at("lc_opened", **LETTER)
    assert (asked.default, asked.most) == (most, most)
    found = ready(sample.at("lc_opened", **LETTER, lc_amount=most))
    made = plan(sample.chain, found.request, found.facts, law=LAW, on=day("2026-07-20"))
    assert [each.supply_amount for each in made.documents] == [-most, most]


# What was filed before a return that is not filed yet ---------------------------------------------------------


@pytest.mark.parametrize(
    ("files_preliminary", "actions"),
    [
        (True, [VatAction.AMEND_RETURN, VatAction.INCLUDE]),
        (None, [VatAction.AMEND_RETURN, VatAction.INCLUDE]),
    ],
)
def test_a_return_that_is_not_filed_yet_says_nothing_against_those_before_it(files_preliminary, actions):
    facts = told(returns_filed=None, files_preliminary=files_preliminary)
    sample = Wizard(chain(original("2026-08-20")), on="2026-11-02", facts=facts)
    found = ready(sample.at("wrong_date", date_right="2026-05-30", cross_filed="not_yet", cross_audit="no"))
    made = plan(sample.chain, found.request, found.facts, law=LAW, on=day("2026-11-02"))
    assert [effect.action for effect in made.vat.supplier] == actions


def test_where_preliminary_returns_are_filed_the_one_before_the_final_was():
    facts = told(returns_filed=None)
    sample = Wizard(chain(original("2026-05-06")), on="2026-07-10", facts=facts)
    found = ready(sample.at("wrong_date", date_right="2026-03-30", cross_filed="not_yet"))
    assert [entry.period for entry in found.facts.returns_filed] == ["2026-1-preliminary"]
    doubtful = Wizard(sample.chain, on="2026-07-10", facts=told(returns_filed=None, files_preliminary=None))
    found = ready(doubtful.at("wrong_date", date_right="2026-03-30", cross_filed="not_yet"))
    assert [entry.period for entry in found.facts.returns_filed] == ["2025-2-final"]


def test_documents_to_keep_are_offered_by_their_numbers_as_people_read_them():
    twin = document("b", "0101", "2026-05-06", 1_000_000, 100_000)
    sample = Wizard(chain(original()), setting=Setting(others=(twin.invoice,)))
    first = sample.at("issued_twice").choices[0]
    assert first.key == key_of(twin)
    assert "승인번호 20260506-41999999-0000000b" in first.label.ko


def test_what_became_zero_rated_came_back_on_a_document_of_its_own():
    off = document("m1", "0201", "2026-05-06", -400_000, -40_000, code="05", original=key_of(A))
    on = document("m2", "0202", "2026-05-06", 400_000, 0, code="05", original=key_of(A))
    sample = Wizard(chain(A, off, on), target=key_of(A))
    found = ready(sample.at("goods_returned", **ALL_RETURNED, returned_contract="no"))
    assert found.request.supply_amount == 600_000
    assert notes(found) == ["N-OTHER-KIND"]
    assert "영세율 400,000원이 따로 남아 있습니다" in found.notes[0].words.ko
    assert notes(ready(sample.at("goods_returned", **RETURNED, returned_items=100_000))) == []
    assert notes(ready(wizard().at("goods_returned", **ALL_RETURNED, returned_contract="no"))) == []
