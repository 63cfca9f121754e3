"""Every way through the wizard ends, in a few questions, in a stop or in a request that `plan` understands."""

from collections.abc import Mapping

import pytest

from dojang.etax.amendments import messages
from dojang.etax.amendments.plan import plan
from dojang.etax.amendments.suggest import Question, Ready, Setting, Stop, tree
from etax.amendments_samples import chain, document, key_of, original
from etax.law_samples import LAW, day
from etax.suggest_samples import Wizard, told, ways, wizard

MOST_QUESTIONS = 4

_PLAIN = original()
_ITEMS = [
    {"name": "가", "supply_amount": 600_000, "tax_amount": 60_000},
    {"name": "나", "supply_amount": 400_000, "tax_amount": 40_000},
]
_RETURNED = document("M1", "0201", "2026-06-08", -300_000, -30_000, code="03", original=key_of(_PLAIN))
_UNDONE = document("M1", "0201", "2026-06-08", -1_000_000, -100_000, code="04", original=key_of(_PLAIN))
_RAISED = document("M1", "0201", "2026-06-08", 200_000, 20_000, code="02", original=key_of(_PLAIN))
_TAKEN_BACK = document("M1", "0201", "2026-05-06", -1_000_000, -100_000, code="06", original=key_of(_PLAIN))

NO_AUDIT = told(audit={})
"""Whether there is an audit is asked of the first alone: it trebles the ways."""

WIZARDS: Mapping[str, Wizard] = {
    "taxable": wizard(),
    "nothing known": wizard(
        facts=told(
            supplier_kind="individual",
            e_obligated=None,
            returns_filed=None,
            files_preliminary=None,
            supplier_tax_types=None,
            buyer_tax_type=None,
            audit={},
        )
    ),
    "several items": Wizard(chain(original(items=_ITEMS)), facts=NO_AUDIT),
    "zero-rated": Wizard(chain(original(kind="0102")), facts=NO_AUDIT),
    "exempt": Wizard(chain(original(kind="0301")), facts=NO_AUDIT),
    "consigned": Wizard(chain(original(kind="0103")), facts=NO_AUDIT),
    "soon after": wizard(on="2026-05-20"),
    "paper": Wizard(chain(original(status="paper")), facts=NO_AUDIT),
    "buyer closed": wizard(facts=told(buyer_closed_on="2026-06-30", audit={})),
    "partly returned": Wizard(chain(_PLAIN, _RETURNED), facts=NO_AUDIT),
    "of the return": Wizard(chain(_PLAIN, _RETURNED), target=key_of(_RETURNED), facts=NO_AUDIT),
    "of the cancellation": Wizard(chain(_PLAIN, _UNDONE), target=key_of(_UNDONE), facts=NO_AUDIT),
    "of the increase": Wizard(chain(_PLAIN, _RAISED), target=key_of(_RAISED), facts=NO_AUDIT),
    "supplier closed": wizard(facts=told(supplier_closed_on="2026-06-30", audit={})),
    "years later": wizard(on="2032-09-10", facts=NO_AUDIT),
    "of a contract": Wizard(
        chain(original(reference_id="K-1")),
        setting=Setting(others=(document("X", "0101", "2026-06-01", 5, 0, reference_id="K-1").invoice,)),
    ),
    "of the reversal": Wizard(chain(_PLAIN, _TAKEN_BACK), target=key_of(_TAKEN_BACK), facts=NO_AUDIT),
}

_CODES = set(messages.codes()) | set(messages.CODE_OF.values())


def offered(sample: Wizard) -> list[str]:
    return [event.key for group in sample.at(None).groups for event in group.events]


def required(asked: tuple[Question, ...]) -> Mapping[str, int]:
    """How many questions each event asks which have no default and do not cut across."""
    counted: dict[str, int] = {}
    for question in asked:
        if question.default is None and not question.optional and not question.key.startswith("cross_"):
            counted[question.event] = counted.get(question.event, 0) + 1
    return counted


@pytest.mark.parametrize("name", WIZARDS)
def test_every_way_ends_in_a_stop_or_in_a_request_for_documents(name):
    sample = WIZARDS[name]
    for event in offered(sample):
        ends = list(ways(sample, event))
        assert ends, event
        for answers, end in ends:
            assert max(required(end.asked).values(), default=0) <= MOST_QUESTIONS, answers
            if isinstance(end, Ready):
                planned = plan(sample.chain, end.request, end.facts, law=LAW, on=day(sample.on))
                assert planned.documents or {error.code for error in planned.errors} <= _CODES, answers
                assert bool(planned.documents) == (not planned.errors), answers


def test_a_plain_invoice_comes_to_documents_on_every_way():
    sample = WIZARDS["taxable"]
    refused = {
        error.code: answers
        for event in offered(sample)
        for answers, end in ways(sample, event, thorough=True)
        if isinstance(end, Ready)
        for error in plan(sample.chain, end.request, end.facts, law=LAW, on=day(sample.on)).errors
    }
    assert refused == {}


_ENOUGH = (
    "taxable",
    "several items",
    "nothing known",
    "exempt",
    "buyer closed",
    "supplier closed",
    "years later",
    "of a contract",
    "of the return",
)
"""Between them these meet everything."""


def test_every_question_and_every_stop_is_met_on_some_way():
    met: set[str] = set()
    for sample in map(WIZARDS.__getitem__, _ENOUGH):
        for event in offered(sample):
            for _, end in ways(sample, event, thorough=event == "lc_opened"):
                met |= {question.key for question in (*end.asked, end) if isinstance(question, Question)}
                met |= {end.key} if isinstance(end, Stop) else set()
    assert set(tree().questions) - met == set()
    assert {key for key in tree().stops if key.startswith(("S-", "E-"))} - met == set()
