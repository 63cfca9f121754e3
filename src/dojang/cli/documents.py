"""Documents as they come from files: an invoice's JSON, or somebody's TaxInvoice XML."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from dojang.cli.errors import SameIssueId
from dojang.cli.files import Source
from dojang.cli.options import day_of
from dojang.etax import Finding, Invoice, check, read
from dojang.etax.findings import errors
from dojang.etax.identifiers import SERIALS, allocate

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice, and the XML it came from if it was not JSON."""

    invoice: Invoice
    xml: bytes | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return errors(self.findings)


def load(source: Source, at: datetime) -> Document:
    """Read a document and check it as if it were issued at that time.

    Raises:
        InvalidInvoice, XmlRefused: it cannot be read at all.
    """
    if source.data.removeprefix(_BOM).lstrip().startswith(b"<"):
        found = read(source.data)
        return Document(found.invoice, source.data, (*found.findings, *check(found.invoice, on=day_of(at))))
    invoice = Invoice.from_json(source.data.removeprefix(_BOM))
    return Document(invoice, None, check(invoice, on=day_of(at)))


class Issuing:
    """Gives issue ids and the time of issue to invoices that have none, and refuses one that comes twice."""

    def __init__(self, registration: str, at: datetime) -> None:
        self._registration = registration
        self._at = at
        # Of 36^8 serials a day, counting from a random one: two runs that know nothing of each other
        # practically never meet, and one run of any length needs to remember nothing.
        self._serials = (
            (start + step) % SERIALS for start in (secrets.randbelow(SERIALS),) for step in count()
        )
        self._given: set[str] = set()

    def complete(self, invoice: Invoice) -> Invoice:
        """The invoice with an issue id and a time of issue.

        Raises:
            SameIssueId: another document of this run came with the same issue id.
        """
        if invoice.issue_id is None:
            issue_id = str(
                next(allocate(invoice.written_on, self._registration, self._serials, taken=self._given))
            )
        else:
            issue_id = self.claim(invoice.issue_id)
        return invoice.replace(issue_id=issue_id, issued_at=invoice.issued_at or self._at)

    def claim(self, issue_id: str) -> str:
        """An issue id that a document came with. Raises like `complete`."""
        if issue_id in self._given:
            raise SameIssueId(issue_id=issue_id)
        self._given.add(issue_id)
        return issue_id
