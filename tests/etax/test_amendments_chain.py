"""What a heap of documents means: places, states, balances, targets."""

import json
import pickle

import pytest

from dojang.errors import DojangError
from dojang.etax.amendments import Chain, InvalidChain, NodeState, Role, Status
from dojang.etax.amounts import Totals
from dojang.etax.codes import Taxation
from etax.amendments_samples import chain, document, issue_id, key_of, original

A = original("2026-03-05", 100_000)
ID_A = key_of(A)


def amended(name: str, on: str, supply: int, code: str, target: str = ID_A, **changes):
    return document(name, "0201", on, supply, supply // 10, code=code, original=target, **changes)


MINUS = amended("m1", "2026-03-05", -100_000, "01", issued="2026-03-20")
PLUS = amended("m2", "2026-03-05", 200_000, "01", issued="2026-03-20")


def states(found: Chain) -> dict[str, tuple[str, str]]:
    return {node.key[-2:].lstrip("0"): (node.state.value, node.role.value) for node in found.nodes}


def test_an_original_alone_is_live_and_its_own_default():
    found = chain(A)
    assert states(found) == {"a": ("live", "base")}
    assert found.default_target is found.nodes[0]
    assert found.balance(found.nodes[0]).taxable == Totals(100_000, 10_000)


def test_a_01_supersedes_its_target_and_its_plus_takes_the_place():
    found = chain(PLUS, A, MINUS)
    assert states(found) == {"a": ("superseded", "base"), "m1": ("live", "reversal"), "m2": ("live", "base")}
    assert found.default_target.key == key_of(PLUS)
    assert found.newest(found.find(ID_A)).key == key_of(PLUS)
    assert found.balance(found.find(ID_A)).supply_amount == 200_000
    assert found.taken_back_by(found.find(ID_A)).key == key_of(MINUS)


def test_a_corrected_correction_is_newest():
    minus = amended("m3", "2026-03-05", -200_000, "01", key_of(PLUS), issued="2026-04-01")
    plus = amended("m4", "2026-03-05", 250_000, "01", key_of(PLUS), issued="2026-04-01")
    found = chain(A, MINUS, PLUS, minus, plus)
    assert found.default_target.key == key_of(plus)
    assert found.balance(found.default_target).supply_amount == 250_000


def test_children_of_02_03_05_are_live_but_never_the_default():
    change = amended("m3", "2026-03-10", -20_000, "02", issued="2026-04-09")
    found = chain(A, change)
    assert states(found)["m3"] == ("live", "change")
    assert found.default_target.key == ID_A


def test_a_03_keeps_the_date_of_the_supply_and_so_does_its_correction():
    back = amended("m3", "2026-04-10", -20_000, "03")
    minus = amended("m4", "2026-04-10", 20_000, "01", key_of(back))
    plus = amended("m5", "2026-04-12", -20_000, "01", key_of(back))
    found = chain(A, back, minus, plus)
    assert found.find(key_of(plus)).role is Role.CHANGE
    assert found.find(key_of(plus)).first_written_on.isoformat() == "2026-03-05"
    assert found.find(key_of(minus)).role is Role.REVERSAL
    assert found.find(key_of(back)).state is NodeState.SUPERSEDED


def test_a_04_cancels_and_its_reversal_brings_the_chain_back():
    cancel = amended("m3", "2026-03-20", -100_000, "04")
    found = chain(A, cancel)
    assert found.cancelled_by(found.roots[0]).key == key_of(cancel)
    assert found.balance(found.roots[0]).supply_amount == 0
    reversal = amended("m4", "2026-03-20", 100_000, "06", key_of(cancel))
    found = chain(A, cancel, reversal)
    assert found.cancelled_by(found.roots[0]) is None
    assert states(found)["m3"] == ("reversed", "cancel")
    assert found.balance(found.roots[0]).supply_amount == 100_000


def test_a_06_taken_back_lets_its_target_live_again():
    first = amended("m3", "2026-03-05", -100_000, "06")
    second = amended("m4", "2026-03-05", 100_000, "06", key_of(first))
    assert states(chain(A, first))["a"] == ("reversed", "base")
    assert states(chain(A, first, second))["a"] == ("live", "base")


def test_a_06_counts_more_than_a_01_on_the_same_document():
    reversal = amended("m3", "2026-03-05", -100_000, "06")
    for order in ([A, MINUS, PLUS, reversal], [reversal, PLUS, MINUS, A]):
        assert states(chain(*order))["a"][0] == "reversed"


def test_what_was_rejected_or_cancelled_does_not_count():
    for status in ("rejected", "cancelled"):
        change = amended("m3", "2026-03-10", -20_000, "02", status=status)
        found = chain(A, change)
        assert states(found)["m3"][0] == "void"
        assert found.balance(found.roots[0]).supply_amount == 100_000


def test_what_is_pending_counts():
    change = amended("m3", "2026-03-10", -20_000, "02", status="submitted")
    assert chain(A, change).balance(chain(A, change).roots[0]).supply_amount == 80_000
    assert Status.UNKNOWN.is_pending
    assert not Status.ISSUED.is_pending


def test_taxed_and_zero_rated_are_counted_apart():
    minus = amended("m3", "2026-03-05", -40_000, "05")
    plus = document("m4", "0202", "2026-03-05", 40_000, 0, code="05", original=ID_A)
    found = chain(A, minus, plus)
    balance = found.balance(found.roots[0])
    assert (balance.taxable, balance.zero_rated) == ((60_000, 6_000), (40_000, 0))
    assert balance.of(Taxation.EXEMPT) == (0, 0)
    assert (balance.supply_amount, balance.tax_amount) == (100_000, 6_000)
    assert states(found)["m4"] == ("live", "credit")


def test_two_01_on_one_document_are_seen_as_surplus():
    minus = amended("m3", "2026-03-05", -100_000, "01", issued="2026-03-21")
    found = chain(A, MINUS, PLUS, minus)
    assert found.is_surplus(found.find(key_of(minus)))
    assert found.is_surplus(found.find(key_of(MINUS)))
    assert not found.is_surplus(found.find(key_of(PLUS)))
    assert not chain(A, MINUS, PLUS).is_surplus(chain(A, MINUS, PLUS).find(key_of(MINUS)))


def test_two_originals_stand_side_by_side_and_none_is_the_default():
    twin = document("a2", "0101", "2026-03-05", 100_000, 10_000)
    found = chain(A, twin)
    assert found.default_target is None
    assert len(found.roots) == 2
    assert found.balance(found.roots[0]).supply_amount == 100_000
    assert found.tree(found.roots[0]) == (found.roots[0],)


def test_an_original_that_never_came_to_be_leaves_the_other_as_default():
    void = document("a2", "0101", "2026-03-05", 100_000, 10_000, status="rejected")
    assert chain(A, void).default_target.key == ID_A
    assert chain(void).default_target.key == key_of(void)


def test_amendments_of_paper_have_no_number_to_name():
    paper = original("2026-03-05", 100_000, status="paper")
    back = document("m1", "0201", "2026-03-10", -20_000, -2_000, code="03")
    found = chain(back, paper)
    assert found.find(key_of(back)).target is found.default_target
    assert found.default_target.document.reference is None
    assert found.balance(found.default_target).supply_amount == 80_000


def test_an_amendment_without_its_original_stands_alone():
    alone = amended("m1", "2026-03-10", -20_000, "02", issue_id("zz", "2026-03-05"))
    found = chain(alone)
    assert found.default_target.role is Role.BASE
    assert found.default_target.first_written_on.isoformat() == "2026-03-10"


def test_the_same_number_twice_is_refused():
    with pytest.raises(InvalidChain) as caught:
        chain(A, A)
    assert caught.value.findings[0].code == "document_twice"
    assert "두 번" in caught.value.text("ko")


def test_documents_in_a_circle_are_refused():
    one = amended("m1", "2026-03-10", 1, "02", issue_id("m2", "2026-03-10"))
    two = amended("m2", "2026-03-10", 1, "02", key_of(one))
    with pytest.raises(InvalidChain) as caught:
        chain(one, two)
    assert caught.value.findings[0].code == "documents_in_circle"


def test_a_document_that_names_itself_is_one_without_an_original():
    one = amended("m1", "2026-03-10", 1, "02", issue_id("m1", "2026-03-10"))
    assert chain(one).default_target.target is None


def test_a_very_long_chain_needs_no_deep_stack():
    documents = [A]
    for step in range(3_000):
        name = f"x{step}"
        documents.append(amended(name, "2026-03-05", 1, "02", key_of(documents[-1])))
    found = Chain(tuple(documents))
    assert len(found.tree(found.roots[0])) == 3_001


def test_json_goes_in_and_out():
    found = chain(A, MINUS, PLUS)
    assert Chain.from_data(found.to_data()) == found
    assert Chain.from_json(json.dumps(found.to_data())).nodes[0].key == found.nodes[0].key


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"documents": []}',
        b'{"documents": [{"invoice": {}, "status": "accepted"}]}',
        b'{"documents": [{"invoice": null, "status": "lost"}]}',
    ],
)
def test_what_is_no_chain_is_refused(data):
    with pytest.raises(InvalidChain) as caught:
        Chain.from_json(data)
    assert caught.value.findings
    assert isinstance(caught.value, DojangError)


def test_an_error_survives_a_process():
    with pytest.raises(InvalidChain) as caught:
        Chain.from_json(b"{}")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.findings == caught.value.findings


def test_a_repr_names_nobody():
    assert "구매" not in repr(chain(A))
    assert "B상사" not in repr(chain(A).nodes)


def test_a_document_is_found_by_its_number_with_or_without_hyphens():
    one = original()
    found = chain(one)
    hyphenated = "20260506-41999999-0000000a"
    assert found.find(hyphenated) is found.find(key_of(one)) is found.nodes[0]
    assert found.find("20260506-41999999-0000000b") is None
