"""[n건 발행하기]: questions about what looks like a slip are asked once for all of them, never one by one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from dojang.service.invoices import slips
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.slips import Question
from dojang.service.invoices.states import State

#: A draft's questions are asked in its editor, too; what waits for its signature may have waited for long.
ASKED_IN = (State.DRAFT, State.READY)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen.

    Attributes:
        plain: ids about which there is nothing to ask.
        questions: the others, each with what is asked.
    """

    plain: tuple[int, ...]
    questions: tuple[tuple[Invoice, tuple[Question, ...]], ...]


def asked(invoices: Iterable[Invoice], *, answered: Collection[str], today: date) -> Asked:
    """Sort what was chosen by whether there is something to ask.

    Args:
        invoices: with their counterparties.
        answered: `<id>/<key>` of the questions that the page has shown already: an answer to one that has changed
            since is no answer.
        today: in Korea.
    """
    plain, questions = [], []
    for invoice in invoices:
        if invoice.state not in ASKED_IN:
            continue
        open_ones = tuple(
            one for one in slips.unanswered(invoice, today=today) if f"{invoice.pk}/{one.key}" not in answered
        )
        if open_ones:
            questions.append((invoice, open_ones))
        else:
            plain.append(invoice.pk)
    return Asked(tuple(plain), tuple(questions))
