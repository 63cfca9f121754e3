"""이렇게 발행됩니다: what is shown of a plan before it is signed. What is said comes from the law engine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.conf import settings

from dojang.errors import Language
from dojang.etax import Invoice as Document
from dojang.etax.amendments.case import DeadlineKind
from dojang.etax.amendments.chain import sign_of
from dojang.etax.facts import Facts
from dojang.etax.parameters.law import DateOutOfReach
from dojang.etax.penalties import Rung, ladder
from dojang.etax.penalties.sentences import percent
from dojang.render import Copy, Form, compared, form, render
from dojang.service.amendments.steps import Confirmation, Planned
from dojang.service.invoices import papers
from dojang.service.invoices.models import Invoice
from dojang.service.law import law
from dojang.service.records.models import Record
from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document as its legal form, and what it is here; `caption` is the id of the words that say so."""

    title: str
    caption: str
    html: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Chip:
    """From a day on, what it costs the supplier; `certain` is false where the law is read in two ways."""

    when: str
    rate: str
    amount: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A box of 확인란 with the name under which it is sent."""

    place: int
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class PreviewShown:
    """One deal's part of the page.

    Attributes:
        planned: what would be issued.
        original: the document that is amended.
        documents: what is made of it, what is not as there marked.
        follow_ups: fresh documents beside them.
        chips: what waiting costs; empty where nothing does.
        boxes: what is confirmed; only of the first deal.
        is_ours: whether the sale is in our returns; of a consigned one it is in the principal's.
    """

    planned: Planned
    original: Drawn
    documents: tuple[Drawn, ...]
    follow_ups: tuple[Drawn, ...]
    chips: tuple[Chip, ...]
    boxes: tuple[Box, ...]
    is_ours: bool


def preview_shown(
    planned: Planned, *, number: int, facts: Facts, today: date, language: Language
) -> PreviewShown:
    """What the page shows of a plan.

    Args:
        planned: possible.
        number: tells the forms of one page apart; boxes are asked for the first, 0.
        facts: of both parties.
        today: in Korea.
        language: of the labels on the forms.
    """
    target = planned.deal.target.invoice
    is_sandbox = settings.ENVIRONMENT.nts == "sandbox"
    before = form(target, copy=Copy.SUPPLIER)
    row = planned.deal.row(planned.deal.target_key)

    def draw(document: Document, title: str, name: str, *, marks: bool) -> Drawn:
        filled = form(document, copy=Copy.SUPPLIER)
        filled = compared(filled, before) if marks else filled
        return _drawn(title, filled, f"{name}-{number}", language, sandbox=is_sandbox)

    return PreviewShown(
        planned,
        _drawn(say("당초", "Original"), before, f"original-{number}", language, sandbox=_is_sandbox(row)),
        tuple(
            draw(document, _title(document, planned, place), f"made-{place}", marks=True)
            for place, document in enumerate(planned.documents)
        ),
        tuple(
            draw(document, say("새로 발행", "Issued anew"), f"fresh-{place}", marks=False)
            for place, document in enumerate(planned.plan.follow_ups)
        ),
        tuple(_chips(planned, facts, today)),
        tuple(Box(place, one) for place, one in enumerate(planned.confirmations)) if number == 0 else (),
        is_ours=target.supplier.business_number == row.business.number,
    )


def _drawn(title: str, filled: Form, name: str, language: Language, *, sandbox: bool) -> Drawn:
    caption = f"{name}-caption"
    return Drawn(
        title, caption, render(filled, sandbox=sandbox, language=language, name=name, caption=caption)
    )


def _is_sandbox(row: Invoice | Record) -> bool:
    return papers.is_sandbox(row) if isinstance(row, Invoice) else row.way_out == "sandbox"


def _title(document: Document, planned: Planned, place: int) -> str:
    """What a document is; of several also what it does to the one that it amends, which may itself take off."""
    kind, count = say(document.document_type.ko, document.document_type.en), len(planned.documents)
    if count == 1:
        return kind
    amended = planned.deal.chain.find(document.original_issue_id)
    sign = "+" if sign_of(document) > 0 else "−"
    is_anew = amended is not None and sign_of(amended.invoice) == sign_of(document)
    what = say("다시", "anew") if is_anew else say("취소", "taken back")
    return f"{kind} {place + 1}/{count} · {what}({sign})"


def _chips(planned: Planned, facts: Facts, today: date) -> Iterator[Chip]:
    """What issuing costs today, and from which days more; nothing where no deadline makes it dear."""
    if planned.plan.deadline_kind is not DeadlineKind.SOFT or len(planned.plan.judged) != 1:
        return
    try:
        rungs = ladder(planned.plan.judged[0], facts, law=law(), today=today)
    except DateOutOfReach:
        return
    found = [_chip(rung, today) for rung in rungs]
    if any(chip.amount for chip in found):
        yield from found


def _chip(rung: Rung, today: date) -> Chip:
    ours = [each for each in rung.penalties if each.who == "supplier" and each.amount]
    rate = sum((each.rate for each in ours), Decimal(0))
    return Chip(
        say("오늘", "today") if rung.from_on <= today else rung.from_on.isoformat(),
        percent(rate) if ours else "",
        sum(each.amount for each in ours),
        certain=all(each.certainty != "practice" for each in ours),
    )
