"""What the templates of amendments ask for besides: texts in both languages, and where buttons lead."""

from typing import Any, Final, Protocol

from django import template

from dojang.etax.amendments.suggest import Button
from dojang.service.amendments import actions, finding
from dojang.service.amendments.halves import half_of
from dojang.service.amendments.models import AmendmentDocument, Kind
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.records.models import Record, Side
from dojang.service.web.say import say
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

register = template.Library()


class Bilingual(Protocol):
    """A text of the law engine."""

    @property
    def ko(self) -> str:
        """In Korean."""

    @property
    def en(self) -> str:
        """In English."""


class WithButtons(Protocol):
    """A question, a note or a stop."""

    @property
    def buttons(self) -> tuple[Button, ...]:
        """What may be done next."""


@register.filter
def both(words: Bilingual) -> str:
    """A text of the law engine in the person's language."""
    return say(words.ko, words.en)


@register.filter
def ways(of: WithButtons, place: actions.Place) -> list[actions.Shown]:
    """The buttons of a question, a note or a stop, with where they lead."""
    return actions.shown(of.buttons, place)


@register.filter
def kept(told: dict[str, Any]) -> str:
    """A text that was kept as JSON, in the person's language."""
    return say(str(told.get("ko", "")), str(told.get("en", "")))


#: Where the gate has something to say: what was issued is amended, sent first, or issued anew.
_AMENDED_FROM: Final = frozenset(
    {State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.ACCEPTED, State.REJECTED}
)


@register.inclusion_tag("amendments/parts/amend_button.html", takes_context=True)
def amend_button(context: dict[str, Any], row: Invoice | Record) -> dict[str, Any]:
    """[수정발행] on the page of a document that can be amended, or where it is told what to do instead."""
    member: Member = context["member"]
    is_sale = row.state in _AMENDED_FROM if isinstance(row, Invoice) else row.side == Side.SALES
    shows = is_sale and member.offers(Right.WRITE, row.business_id)
    is_first = not isinstance(row, Invoice) or row.state == State.ACCEPTED
    url = actions.amending_page(member.workspace.slug, row) if shows else ""
    return {"url": url, "is_first": is_first}


@register.inclusion_tag("amendments/parts/of_document.html", takes_context=True)
def amendments_of_document(context: dict[str, Any], row: Invoice | Record) -> dict[str, Any]:
    """What amends a document and what it amends, and what is to be done where only half of it was accepted."""
    member: Member = context["member"]
    if isinstance(row, Invoice):
        return _around(context, member, row, finding.amendment_of(row))
    return _around(context, member, row, None) if row.side == Side.SALES else {}


def _around(
    context: dict[str, Any], member: Member, row: Invoice | Record, made: AmendmentDocument | None
) -> dict[str, Any]:
    around = finding.around(member, row)
    return {
        "csrf_token": context["csrf_token"],
        "member": member,
        "row": row,
        "made": made.amendment if made else None,
        "is_follow_up": made is not None and made.kind == Kind.FOLLOW_UP,
        "what": finding.event_text(made.amendment.event) if made else "",
        "half": half_of(row) if isinstance(row, Invoice) else None,
        "original": around.original,
        "amended_by": around.amended_by,
        "chain": around.chain,
        "may_write": member.offers(Right.WRITE, row.business_id),
    }
