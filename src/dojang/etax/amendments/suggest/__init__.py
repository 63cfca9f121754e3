"""수정발행 도우미: from what happened, in the user's words, to the request for `plan`.

The tree of questions is data (`tree/*.toml`): 25 events in four groups, their questions, the cross questions that
are asked only when they matter, the stops that say what to do instead, and the notes told on the way. `suggest` walks
it. Nothing is asked that the chain or the facts already say, and it is asked first whether the invoice was right when
it was issued, because an undone contract (04) is not a document that should never have been (06).

Source: 부가가치세법 제32조제7항, 시행령 제70조.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache

from dojang.etax.amendments.chain import Chain
from dojang.etax.amendments.suggest.case import Case, Setting
from dojang.etax.amendments.suggest.errors import (
    EventNotOffered,
    SuggestError,
    UnknownChoice,
    UnknownEvent,
    UnknownQuestion,
    UnknownTarget,
    WrongAnswer,
)
from dojang.etax.amendments.suggest.outcome import (
    Button,
    Events,
    Option,
    Question,
    Ready,
    Stop,
    Suggestion,
    Told,
    Words,
)
from dojang.etax.amendments.suggest.shape import Tree, read
from dojang.etax.amendments.suggest.soundness import prove
from dojang.etax.amendments.suggest.walk import walk
from dojang.etax.facts import Facts
from dojang.etax.parameters import Law

__all__ = [
    "Button",
    "EventNotOffered",
    "Events",
    "Option",
    "Question",
    "Ready",
    "Setting",
    "Stop",
    "SuggestError",
    "Suggestion",
    "Told",
    "UnknownChoice",
    "UnknownEvent",
    "UnknownQuestion",
    "UnknownTarget",
    "Words",
    "WrongAnswer",
    "suggest",
    "tree",
]

_NOWHERE = Setting()


@cache
def tree() -> Tree:
    """The tree of questions, proven sound."""
    return prove(read())


def suggest(
    chain: Chain,
    facts: Facts,
    *,
    law: Law,
    on: date,
    event: str | None,
    answers: Mapping[str, object],
    target: str | None = None,
    setting: Setting = _NOWHERE,
) -> Suggestion:
    """What comes next: the events to choose from, a question, a stop, or the request for `plan`.

    Pure: the same input gives the same answer, so that a changed answer is simply asked again with.

    Args:
        chain: the documents of the deal.
        facts: about the parties.
        law: the figures and the calendar.
        on: today.
        event: what happened; None for the list of events.
        answers: by question, as JSON has them; those of questions that are not on the way are ignored.
        target: 승인번호 of the document to amend; without it the chain's default target.
        setting: what the program around knows besides.

    Raises:
        SuggestError: an event, question or answer that the tree does not know, or no such document.
    """
    node = chain.find(target)
    if node is None:
        raise UnknownTarget(target=target or "-")
    case = Case(tree=tree(), chain=chain, facts=facts, law=law, on=on, setting=setting, node=node)
    return walk(case, event, answers)
