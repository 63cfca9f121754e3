"""What holds for every chain and every request: nothing overdrawn, nothing lost, nothing changed behind one's back."""

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dojang.etax import Invoice, check
from dojang.etax.amendments import Chain, ChainDocument, NodeState, Status, plan, request_from_data
from dojang.etax.amendments.plan import RULES
from dojang.etax.amounts import tax_of
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.facts import Facts
from etax.amendments_samples import BUYERS, PERSON, document, issue_id
from etax.law_samples import LAW

# Four times what others try: 10,000 histories in `make test-slow`.
MORE = settings(max_examples=settings.default.max_examples * 4)
FACTS = Facts()
KINDS = ["0101", "0102", "0103", "0105", "0301", "0303"]
FIRST = date(2025, 1, 1)
LAST = date(2026, 12, 31)


@st.composite
def originals(draw: st.DrawFn) -> ChainDocument:
    """An original that begins positive, with one line or a few."""
    kind = draw(st.sampled_from(KINDS))
    written_on = draw(st.dates(FIRST, date(2026, 6, 30)))
    status = draw(st.sampled_from(["accepted", "accepted", "accepted", "external", "paper"]))
    taxable = kind in {"0101", "0103"}
    lines = [
        {
            "name": f"품목{place}",
            "supply_amount": supply,
            "tax_amount": tax_of(supply) if taxable else (None if kind[1] == "3" else 0),
            "quantity": draw(st.sampled_from([None, "1", "2.50"])),
        }
        for place, supply in enumerate(draw(st.lists(st.integers(1, 3_000_000), min_size=1, max_size=3)))
    ]
    return document(
        "a",
        kind,
        written_on.isoformat(),
        0,
        0,
        status=status,
        items=lines,
        payments=[],
        remarks=draw(st.sampled_from([[], ["3차 납품"]])),
    )


def _days(draw: st.DrawFn, chain: Chain, on: date) -> str:
    """A day of the chain's life; now and then one before it."""
    first = min(node.invoice.written_on for node in chain.nodes)
    return draw(st.dates(first, on) | st.dates(first, on) | st.dates(FIRST, on)).isoformat()


@st.composite
def requests(draw: st.DrawFn, chain: Chain, on: date) -> dict[str, Any]:
    """Any request on any document of a chain; many of them are not possible."""
    target = draw(st.sampled_from([None, *(node.key for node in chain.nodes if node.key[0] != "#")]))
    amount = draw(st.integers(1, 4_000_000))
    node = chain.find(target) or chain.nodes[0]
    left = chain.balance(node).of(node.invoice.taxation).supply_amount
    some = draw(st.sampled_from([amount, left, max(left - 1, 1), 7]))
    reason = draw(st.sampled_from(sorted(reason.value for reason in AmendmentReason)))
    shapes: dict[str, dict[str, Any]] = {
        "01": {
            "subtype": draw(st.sampled_from(["mistake", "non_mistake", "tax_rate", "optional"])),
            "corrected": draw(
                st.sampled_from(
                    [
                        {},
                        {"supply_amount": amount},
                        {"items": [{"name": "고친 품목", "supply_amount": amount}]},
                        {"written_on": _days(draw, chain, on)},
                        {"buyer": BUYERS["C"]},
                        {"buyer": PERSON},
                        {"document_type": draw(st.sampled_from(["0101", "0102", "0301"]))},
                        {"remarks": ["고친 비고"]},
                    ]
                )
            ),
        },
        "02": {"event_on": _days(draw, chain, on), "supply_delta": draw(st.sampled_from([some, -some]))},
        "03": {"event_on": _days(draw, chain, on), "supply_amount": some},
        "04": {"event_on": _days(draw, chain, on), "delivered": draw(st.booleans())},
        "05": {
            "evidence": "purchase_confirmation",
            "evidence_on": _days(draw, chain, on),
            "supply_amount": draw(st.sampled_from(["all", some])),
        },
        "06": {
            "subtype": draw(st.sampled_from(["duplicate", "not_taxable", "wrong_supplier", "too_early"])),
            "replace_with": draw(st.sampled_from([None, None, "0301", "0101"])),
        },
    }
    return {"reason": reason, "target": target} | shapes[reason]


class History:
    """A chain, the last day, and for each step the chain before, the request, its plan and its day."""

    def __init__(self, chain: Chain, on: date, steps: list[Any]) -> None:
        self.chain, self.on, self.steps = chain, on, steps

    def __repr__(self) -> str:
        said = [
            (request.model_dump_json(exclude_none=True), [error.code for error in found.errors], str(on))
            for _, request, found, on in self.steps
        ]
        return f"{self.steps[0][0].to_data()} {said}"


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A chain grown by requests, each on a later day, with the plan of each step."""
    first = draw(originals())
    chain = Chain((first,))
    on = first.invoice.written_on
    plans: list[Any] = []
    for step in range(draw(st.integers(1, 6))):
        on = min(on + timedelta(days=draw(st.integers(0, 90))), LAST)
        request = request_from_data(draw(requests(chain, on)))
        found = plan(chain, request, FACTS, law=LAW, on=on)
        plans.append((chain, request, found, on))
        chain = Chain((*chain.documents, *_issued(found.documents, step, on)))
    return History(chain, on, plans)


def _issued(documents: tuple[Invoice, ...], step: int, on: date) -> list[ChainDocument]:
    return [
        ChainDocument(
            invoice=Invoice.from_data(
                each.to_data()
                | {
                    "issue_id": issue_id(f"s{step}n{place}", each.written_on.isoformat()),
                    "issued_at": f"{on.isoformat()}T{10 + step // 60}:{step % 60:02d}:00+09:00",
                }
            ),
            status=Status.ACCEPTED,
        )
        for place, each in enumerate(documents)
    ]


def no_balance_that_began_positive_falls_below_zero(history: History) -> None:
    chain = history.chain
    balance = chain.balance(chain.roots[0])
    for part in balance:
        assert part.supply_amount >= 0
        assert part.tax_amount >= 0


def a_cancelled_chain_sums_to_zero_to_the_won(history: History) -> None:
    for chain, request, found, _ in history.steps:
        if found.documents and request.reason == "04":
            assert all(part == (0, 0) for part in found.after)
            grown = Chain((*chain.documents, *_issued(found.documents, 99, LAST)))
            assert grown.cancelled_by(grown.roots[0]) is not None


def pairs_sum_as_they_must(history: History) -> None:
    for _, request, found, _ in history.steps:
        if not found.documents or request.reason not in {"01", "05"}:
            continue
        assert len(found.documents) % 2 == 0
        for minus, plus in zip(found.documents[::2], found.documents[1::2], strict=True):
            if request.reason == "05":
                assert minus.supply_amount + plus.supply_amount == 0
                assert plus.tax_amount == 0
                assert plus.taxation is Taxation.ZERO_RATED
            assert minus.original_issue_id == plus.original_issue_id
        if request.reason == "01":
            minus, target = found.documents[0], found.case.target.invoice
            assert (minus.supply_amount, minus.tax_amount) == (-target.supply_amount, -target.tax_amount)
            assert minus.written_on == target.written_on


def every_document_passes_every_check(history: History) -> None:
    for chain, _, found, on in history.steps:
        on_paper = chain.documents[0].status is Status.PAPER
        allowed = {"original_issue_id_missing"} if on_paper else set()
        for each in (*found.documents, *found.follow_ups):
            wrong = {finding.code for finding in check(each, on=on) if finding.severity.value == "error"}
            assert wrong <= allowed


def only_live_documents_are_amended_and_refusals_issue_nothing(history: History) -> None:
    for _, _, found, _ in history.steps:
        if found.documents:
            assert found.case.target.state is NodeState.LIVE
            assert not found.errors
        else:
            assert found.errors
            assert not found.follow_ups
            assert not found.penalties


def planning_changes_nothing_and_always_says_the_same(history: History) -> None:
    for chain, request, found, on in history.steps:
        before = chain.to_data()
        asked = request.model_dump()
        again = plan(Chain.from_data(before), request, FACTS, law=LAW, on=on)
        assert again.to_data() == found.to_data()
        assert chain.to_data() == before
        assert request.model_dump() == asked


RULES_OF_HISTORIES = (
    no_balance_that_began_positive_falls_below_zero,
    a_cancelled_chain_sums_to_zero_to_the_won,
    pairs_sum_as_they_must,
    every_document_passes_every_check,
    only_live_documents_are_amended_and_refusals_issue_nothing,
    planning_changes_nothing_and_always_says_the_same,
)


@MORE
@given(histories())
def test_every_rule_holds_for_every_history(history):
    """One history, all rules: making one is what takes the time."""
    for rule in RULES_OF_HISTORIES:
        rule(history)


@MORE
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(history, random: Random):
    chain = history.chain
    shuffled = list(chain.documents)
    random.shuffle(shuffled)
    other = Chain(tuple(shuffled))
    assert [(node.key, node.role, node.state, node.root_key) for node in other.nodes] == [
        (node.key, node.role, node.state, node.root_key) for node in chain.nodes
    ]
    assert _key(other.default_target) == _key(chain.default_target)


def _key(node: Any) -> str | None:
    return node and node.key


@MORE
@given(originals(), st.lists(st.integers(1, 400_000), max_size=5), st.booleans())
def test_the_last_return_takes_exactly_the_tax_that_is_left(first, amounts, by_items):
    chain = Chain((first,))
    on = date(2026, 12, 31)
    assume(first.status is not Status.PAPER)
    for step, amount in enumerate([*amounts, None]):
        left = chain.balance(chain.roots[0]).of(first.invoice.taxation).supply_amount
        back = left if amount is None else min(amount, left - 1)
        if back <= 0:
            continue
        asked = {"items": [{"name": "반품", "supply_amount": back}]} if by_items else {"supply_amount": back}
        request = {"reason": "03", "event_on": first.invoice.written_on.isoformat()} | asked
        found = plan(chain, request_from_data(request), FACTS, law=LAW, on=on)
        assert not found.errors
        chain = Chain((*chain.documents, *_issued(found.documents, step, on)))
    assert all(part == (0, 0) for part in chain.balance(chain.roots[0]))


@MORE
@given(histories())
def test_taking_back_a_document_undoes_it(history):
    """06 on the newest live document, and 06 on that: each brings back the balance before."""
    chain, on = history.chain, history.on
    node = max(chain.nodes, key=lambda each: each.age)
    found = plan(
        chain,
        request_from_data({"reason": "06", "target": node.key, "subtype": "not_taxable"}),
        FACTS,
        law=LAW,
        on=on,
    )
    assume(found.documents and node.key[0] != "#")
    before = chain.balance(node)
    undone = Chain((*chain.documents, *_issued(found.documents, 98, on)))
    assert undone.balance(node) == before.plus(found.documents)
    # Where that lets a 04 stand again, it is the 04 that has to be taken back.
    assume(undone.cancelled_by(node) is None)
    back = undone.nodes[-1] if undone.nodes[-1].target is node else next(
        each for each in undone.nodes if each.target and each.target.key == node.key
    )  # fmt: skip
    again = plan(
        undone,
        request_from_data({"reason": "06", "target": back.key, "subtype": "not_taxable"}),
        FACTS,
        law=LAW,
        on=on,
    )
    assert not again.errors
    restored = Chain((*undone.documents, *_issued(again.documents, 97, on)))
    assert restored.balance(node) == before
    assert restored.find(node.key).state is NodeState.LIVE


def test_every_reason_has_a_rule():
    assert list(RULES) == list(AmendmentReason)
