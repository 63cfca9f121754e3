"""What the buttons of questions, notes and stops do here: one table from an action's key to the page that does it.

The tree of questions names actions only; a test proves that each of them stands here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from dojang.etax.amendments.suggest import Button
from dojang.service.amendments.chains import Deal
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices.models import Invoice
from dojang.service.records.models import Record


@dataclass(frozen=True, slots=True)
class Place:
    """Where a button is pressed.

    Attributes:
        slug: of the workspace.
        row: the document to amend.
        deal: which it belongs to; None where it could not be read.
        counterparty: its buyer in the address book; None where nobody there is.
    """

    slug: str
    row: Invoice | Record
    deal: Deal | None = field(default=None, repr=False)
    counterparty: Counterparty | None = None

    def page(self, name: str, *arguments: object, query: str = "", at: str = "") -> str:
        """The address of a page of the workspace."""
        path = reverse(name, args=[self.slug, *arguments])
        return path + (f"?{query}" if query else "") + (f"#{at}" if at else "")

    def document(self, row: Invoice | Record | None = None, *, at: str = "") -> str:
        """The page of a document."""
        one = row or self.row
        return self.page("invoice" if isinstance(one, Invoice) else "record", one.pk, at=at)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a button leads: a link, or a form with what it sends."""

    url: str
    sends: tuple[tuple[str, str], ...] | None = None

    @property
    def is_form(self) -> bool:
        """Whether it changes something."""
        return self.sends is not None


Step = Callable[[Place], Way | None]
"""None where there is nothing of the kind for this document."""


def _of_invoice(name: str, *, sends: tuple[tuple[str, str], ...] = ()) -> Step:
    """A button of the invoice's own page."""

    def step(place: Place) -> Way | None:
        return Way(place.page(name, place.row.pk), sends) if isinstance(place.row, Invoice) else None

    return step


def _transmit(place: Place) -> Way | None:
    if not isinstance(place.row, Invoice):
        return None
    return Way(place.page("invoices_transmit"), (("invoice", str(place.row.pk)), ("from", "invoice")))


def _at_document(at: str = "") -> Step:
    return lambda place: Way(place.document(at=at))


def _latest(place: Place) -> Way | None:
    if place.deal is None:
        return None
    node = place.deal.target
    # What only takes another document back leads to what stands instead of that one.
    base = place.deal.chain.base(node)
    return _amending(place, base.key)


def _cancellation(place: Place) -> Way | None:
    if place.deal is None:
        return None
    chain, node = place.deal.chain, place.deal.target
    found = chain.taken_back_by(node) or chain.cancelled_by(node)
    return _amending(place, found.key) if found is not None else None


def _amending(place: Place, key: str) -> Way | None:
    """The page on which another document of the deal is amended."""
    assert place.deal is not None  # noqa: S101 (the callers looked)
    row = place.deal.row(key)
    return Way(amending_page(place.slug, row))


def amending_page(slug: str, row: Invoice | Record) -> str:
    """Where a document's amendment begins."""
    name = "amendment_of_invoice" if isinstance(row, Invoice) else "amendment_of_record"
    return reverse(name, args=[slug, row.pk])


def _counterparty(place: Place) -> Way:
    if place.counterparty is not None:
        return Way(place.page("counterparty_edit", place.counterparty.pk))
    return Way(place.page("counterparty_list", query=urlencode({"q": _buyer(place)})))


def _receivable(place: Place) -> Way:
    """What the buyer has been invoiced, and room for a memo."""
    if place.counterparty is not None:
        return Way(place.page("counterparty", place.counterparty.pk))
    return _counterparty(place)


def _others_of_buyer(place: Place) -> Way:
    query = urlencode({"q": _buyer(place), "tab": "accepted"})
    return Way(place.page("invoice_list", query=query))


def _buyer(place: Place) -> str:
    return place.row.buyer_name if isinstance(place.row, Invoice) else place.row.party_name


def _elsewhere(at: str) -> Step:
    return lambda place: Way(place.page("amendment_elsewhere", at=at))


ACTIONS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "cancel_issue": _at_document("cancel"),
        "transmit": _transmit,
        "transmit_then_amend": _transmit,
        "ask_result": _of_invoice("invoice_ask_again"),
        "reissue": _of_invoice("invoice_copy"),
        "open_latest": _latest,
        "open_cancellation": _cancellation,
        "ask_supplier": _at_document("ask"),
        "close": _at_document(),
        "continue": lambda _place: Way("#step"),
        "add_certificate": lambda place: Way(place.page("sign_register_page")),
        "track_receivable": _receivable,
        "resend_mail": _at_document("mails"),
        "edit_counterparty": _counterparty,
        "write_memo": _counterparty,
        "upload_xml": _elsewhere("upload"),
        "type_in": _elsewhere("typed"),
        "add_original": _others_of_buyer,
    }
)
"""Every action that the tree of questions names."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A button as a page has it: a way, or another event with some answers ready."""

    button: Button
    way: Way | None

    @property
    def ko(self) -> str:
        """In Korean."""
        return self.button.label.ko

    @property
    def en(self) -> str:
        """In English."""
        return self.button.label.en


def shown(buttons: tuple[Button, ...], place: Place) -> list[Shown]:
    """The buttons that lead somewhere from here."""
    found = []
    for button in buttons:
        way = ACTIONS[button.action](place) if button.action else None
        if way is not None or button.event:
            found.append(Shown(button, way))
    return found
