"""Questions as pages have them: one set of parts, told apart by the kind of a question and by nothing else.

A question that the law engine learns tomorrow is shown by these without a change. Nobody's number is in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from dojang.etax import Invoice as Document
from dojang.etax.amendments.suggest import Question, Words
from dojang.service.amendments.answer_fields import CONTACT, fields_of, fields_of_counterparty, is_of_person
from dojang.service.amendments.answer_words import answer_text
from dojang.service.amendments.item_grid import Line, lines_of, wants_items
from dojang.service.amendments.reading import OTHER, kept_number
from dojang.service.counterparties.models import Counterparty
from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class ContactField:
    """A field of a buyer's 담당자 that goes along; `label` where it is shown."""

    name: str
    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with what stands in its fields.

    Attributes:
        question: as the engine asks it.
        part: the template of its kind.
        values: what stands in its fields, by name.
        lines: of a grid of items.
        amounts: whether an amount alone is an answer.
        error: why what was typed is not taken.
        matches: counterparties that were looked for; None where nobody looked.
        hides: whether a person's number is kept that is not shown.
    """

    question: Question
    values: Mapping[str, Any] = field(repr=False)
    lines: tuple[Line, ...] = field(default=(), repr=False)
    amounts: bool = True
    error: Words | None = None
    matches: tuple[Counterparty, ...] | None = field(default=None, repr=False)
    hides: bool = False
    opened: bool = False

    @property
    def part(self) -> str:
        """The template that draws its fields."""
        return f"amendments/parts/kinds/{self.question.kind}.html"

    @property
    def text(self) -> str:
        """The answer in words, where there is one."""
        return answer_text(self.question)

    @property
    def other(self) -> str:
        """What a choice of any 승인번호 sends."""
        return OTHER

    @property
    def has_lines(self) -> bool:
        """Whether items were given."""
        return any(line.values.get("supply_amount") or line.values.get("quantity") for line in self.lines)

    @property
    def contacts(self) -> list[ContactField]:
        """담당자 of a buyer, but for the first address, which has its own place."""
        labels = {"contact-0-name": say("담당자", "Contact"), "contact-0-phone": say("전화", "Phone")}
        names = (f"contact-{place}-{name}" for place in range(2) for name in CONTACT)
        return [
            ContactField(name, str(self.values.get(name, "")), labels.get(name, ""))
            for name in names
            if name != "contact-0-email"
        ]

    @property
    def email(self) -> str:
        """The first address of a buyer."""
        return str(self.values.get("contact-0-email", ""))

    @property
    def is_secret(self) -> bool:
        """Whether the number asked for is a person's."""
        return is_of_person(self.question)


def shown(
    question: Question,
    document: Document,
    *,
    posted: QueryDict | None = None,
    error: Words | None = None,
    matches: tuple[Counterparty, ...] | None = None,
    used: Counterparty | None = None,
) -> Shown:
    """A question as a page has it.

    Args:
        question: asked now, or answered before.
        document: the one to amend.
        posted: what was typed, where that could not be taken.
        error: why not; without it the engine's problem with the answer.
        matches: counterparties that were looked for.
        used: the counterparty whose data are to stand in the fields.
    """
    problem = question.problem.words if question.problem is not None else None
    values = fields_of(question)
    if used is not None:
        values |= fields_of_counterparty(used)
    elif posted is not None:
        values |= _typed(posted)
    rows = lines_of(question, document, posted) if question.kind == "items" else ()
    return Shown(
        question,
        values,
        rows,
        amounts=not wants_items(question, document),
        error=error or problem,
        matches=matches,
        hides=bool(kept_number(question)) or (is_of_person(question) and bool(question.answer)),
        opened=error is not None or matches is not None or used is not None,
    )


#: Typed into a form, and never sent back.
_SECRET_FIELDS: Final = frozenset({"personal_number", "csrfmiddlewaretoken"})


def _typed(posted: QueryDict) -> dict[str, Any]:
    return {name: value for name, value in posted.items() if name not in _SECRET_FIELDS}
