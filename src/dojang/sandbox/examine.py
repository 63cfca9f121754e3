"""The verdict on one invoice, as far as the invoice itself and the registers tell it: a pipeline of steps.

Each step looks at one thing and names the result codes it found; several may come together. Whether the issue id
is already registered and whether the original exists is the book's to say (`settle`).

Source: KEC 표준전자세금계산서 v3.0, ResultStatusCode; 부가가치세법 제32조·제36조·시행령 제70조.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from dojang.etax import check
from dojang.etax.canonical import Element, parse
from dojang.etax.codes import BuyerKind, Taxation
from dojang.etax.errors import InvalidInvoice, SignatureRefused, XmlRefused
from dojang.etax.findings import Finding
from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import KST, Invoice
from dojang.etax.schema import NAMESPACE
from dojang.etax.signature import SignedInvoice, verify
from dojang.etax.xml_reader import read_root
from dojang.npki.certificates import Certificate
from dojang.npki.errors import NpkiError
from dojang.npki.random_number import LENGTH, RandomNumber
from dojang.npki.vid import vid_matches
from dojang.nts.codes import ResultCode
from dojang.nts.package import PackagedInvoice
from dojang.sandbox.mapping import result_of_element, results_of_rules
from dojang.sandbox.register import Register
from dojang.sandbox.trust import Trust

NO_ISSUE_ID = "0" * 24
"""Stands in results for the issue id of a document that has none."""

SKEW = timedelta(minutes=5)
"""By how much the sender's clock may be ahead of ours."""

_MAX_ISSUE_ID = 64


@dataclass(frozen=True, slots=True)
class Context:
    """What an invoice is judged by.

    Attributes:
        registration: of the system that submitted it.
        customs: whether that is 관세청.
        now: the sandbox's clock.
        register: of businesses.
        trust: whose certificates to believe.
        paper_originals: issue ids of originals that were never filed, and of amendments whose original, being
            of paper, has none.
    """

    registration: str
    customs: bool
    now: datetime
    register: Register
    trust: Trust
    paper_originals: Collection[str]


@dataclass(frozen=True, slots=True)
class Examined:
    """One document of a package, examined.

    Attributes:
        issue_id: as it stands in the XML.
        codes: what is wrong with it; empty when nothing is.
        invoice: None when it cannot be read.
    """

    issue_id: str
    codes: frozenset[str]
    invoice: Invoice | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything that the steps look at."""

    context: Context
    random_number: bytes = field(repr=False)
    root: Element | None
    form: tuple[Finding, ...]
    unknown: tuple[str, ...]
    invoice: Invoice | None
    signed: SignedInvoice | None


Codes = Iterator[ResultCode]


def examine(packaged: PackagedInvoice, context: Context) -> Examined:
    """Judge one invoice by itself."""
    case = _open(packaged, context)
    codes = frozenset(code.value for step in STEPS for code in step(case))
    return Examined(issue_id_in(case.root), codes, case.invoice)


def issue_id_of(xml: bytes) -> str:
    """The issue id as it stands in the XML, whatever else is wrong with it."""
    try:
        return issue_id_in(parse(xml))
    except XmlRefused:
        return NO_ISSUE_ID


def issue_id_in(root: Element | None) -> str:
    """Like `issue_id_of`, from the root."""
    found = [] if root is None else _texts(root, "TaxInvoiceDocument/IssueID")
    return (found[0][:_MAX_ISSUE_ID] if found else "") or NO_ISSUE_ID


def _texts(root: Element, path: str) -> list[str]:
    """The text of each element at a path below the root, without the blanks around."""
    qualified = "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))
    return [(element.text or "").strip() for element in root.findall(qualified)]


def _open(packaged: PackagedInvoice, context: Context) -> _Case:
    root, form, unknown, invoice = None, (), (), None
    try:
        root = parse(packaged.xml)
        read = read_root(root)
        invoice, unknown = read.invoice, read.unknown
    except InvalidInvoice as error:
        form = error.findings
    except XmlRefused:
        root = None
    return _Case(context, packaged.random_number, root, form, unknown, invoice, _verified(packaged.xml))


def _verified(xml: bytes) -> SignedInvoice | None:
    try:
        return verify(xml)
    except (XmlRefused, SignatureRefused):
        return None


# SYN002: 전자서명, 인증서, 본인확인


def _signature(case: _Case) -> Codes:
    """The signature holds, in the standard's one profile."""
    if case.root is not None and case.signed is None:
        yield ResultCode.SYN002


def _certificate(case: _Case) -> Codes:
    """The signer's certificate comes from an authority we trust, was in force, and is for tax invoices."""
    if case.signed is None:
        return
    certificate = _load(case.signed.certificate)
    at = (case.invoice and case.invoice.issued_at) or case.context.now
    if certificate is None or not case.context.trust.believes(certificate, at):
        yield ResultCode.SYN002


def _owner(case: _Case) -> Codes:
    """It is the supplier's, or the broker's in 위수탁: R and the business number make the certificate's VID."""
    if case.signed is None or case.invoice is None:
        return
    certificate = _load(case.signed.certificate)
    number = case.invoice.signer.business_number
    if certificate is None or not _is_owner(certificate, case.random_number, number):
        yield ResultCode.SYN002


def _is_owner(certificate: Certificate, random_number: bytes, number: str) -> bool:
    return len(random_number) == LENGTH and vid_matches(certificate, RandomNumber(random_number), number)


@lru_cache(maxsize=256)
def _load(der: bytes) -> Certificate | None:
    try:
        return Certificate.load(der)
    except NpkiError:
        return None


# SYN004 and what else the form tells


def _form(case: _Case) -> Codes:
    """It is XML of the standard's schema: every element known, in its place, of its type."""
    if case.root is None or case.unknown:
        yield ResultCode.SYN004
    yield from map(result_of_element, case.form)


_ISSUE_ID = re.compile(r"[0-9]{16}[0-9a-z]{8}")
_PARTY_NUMBER = re.compile(r"[0-9]{10,13}")
_BRANCH_NUMBER = re.compile(r"[0-9]{1,4}")
_SETTLEMENT = "TaxInvoiceTradeSettlement"
_PARTIES = ("InvoicerParty", "InvoiceeParty", "BrokerParty")

_LEXICAL: tuple[tuple[str, re.Pattern[str], ResultCode], ...] = (
    ("TaxInvoiceDocument/IssueID", _ISSUE_ID, ResultCode.SYN003),
    ("TaxInvoiceDocument/OriginalIssueID", _ISSUE_ID, ResultCode.ERR011),
    *((f"{_SETTLEMENT}/{party}/ID", _PARTY_NUMBER, ResultCode.SYN004) for party in _PARTIES),
    *(
        (f"{_SETTLEMENT}/{party}/SpecifiedOrganization/TaxRegistrationID", _BRANCH_NUMBER, ResultCode.SYN004)
        for party in _PARTIES
    ),
)
"""Numbers exactly as they have to stand in the XML; our reader also takes the hyphens that people write."""


def _lexical(case: _Case) -> Codes:
    """Numbers are written as the schema's patterns say."""
    if case.root is None:
        return
    for path, pattern, code in _LEXICAL:
        if not all(map(pattern.fullmatch, _texts(case.root, path))):
            yield code


def _issue_id(case: _Case) -> Codes:
    """The issue id begins with a day of the calendar."""
    if case.root is not None and IssueId.parse(issue_id_in(case.root)) is None:
        yield ResultCode.SYN003


# What the document says


def _rules(case: _Case) -> Codes:
    """The rules on dates, codes, amounts and parties that `etax` checks before signing as well."""
    if case.invoice is None:
        return
    today = (case.context.now + SKEW).astimezone(KST).date()
    for finding, code in results_of_rules(check(case.invoice, on=today)):
        if not _excepted(finding, case):
            yield code


def _excepted(finding: Finding, case: _Case) -> bool:
    """What 관세청 may and nobody else, and an amendment whose original is of paper."""
    if finding.code == "import_document":
        return case.context.customs
    issue_id = case.invoice and case.invoice.issue_id
    return finding.code == "original_issue_id_missing" and issue_id in case.context.paper_originals


_TAX_TOTAL = f"{_SETTLEMENT}/SpecifiedMonetarySummation/TaxTotalAmount"


def _tax_total(case: _Case) -> Codes:
    """A 세금계산서 states its tax, though the schema would let it be left out."""
    if case.invoice is None or case.root is None or case.invoice.taxation is Taxation.EXEMPT:
        return
    if not _texts(case.root, _TAX_TOTAL):
        yield ResultCode.ERR007


def _issued_at(case: _Case) -> Codes:
    """It was not issued later than it arrived."""
    issued_at = case.invoice and case.invoice.issued_at
    if issued_at and issued_at > case.context.now + SKEW:
        yield ResultCode.ERR005


def _registration(case: _Case) -> Codes:
    """The issue id was given by the system that submits it."""
    issue_id = IssueId.parse(issue_id_in(case.root))
    if issue_id is not None and issue_id.registration != case.context.registration:
        yield ResultCode.ERR010


# The register


def _registered(case: _Case) -> Codes:
    """Supplier, buyer and broker are on the register; wrong check digits were told before."""
    if case.invoice is None:
        return
    register, invoice = case.context.register, case.invoice
    if not register.knows(invoice.supplier.business_number):
        yield ResultCode.ERR001
    if not _knows_buyer(register, invoice):
        yield ResultCode.ERR002
    if invoice.broker is not None and not register.knows(invoice.broker.business_number):
        yield ResultCode.ERR003


def _knows_buyer(register: Register, invoice: Invoice) -> bool:
    number = invoice.buyer.number
    if invoice.buyer.kind is BuyerKind.BUSINESS:
        return register.knows(number)
    return register.knows_person(number)


def _entitled(case: _Case) -> Codes:
    """The supplier may issue such a document: a 면세 or 간이 business issues no 세금계산서.

    No code is published for it; as an issuer of this kind the supplier is not registered, hence ERR001.
    """
    invoice = case.invoice
    if invoice and not case.context.register.may_issue(
        invoice.supplier.business_number, invoice.document_type
    ):
        yield ResultCode.ERR001


def _closed(case: _Case) -> Codes:
    """Neither supplier nor broker had closed before 작성일자."""
    if case.invoice is None:
        return
    parties = (case.invoice.supplier, case.invoice.broker)
    if any(
        party and case.context.register.had_closed(party.business_number, case.invoice.written_on)
        for party in parties
    ):
        yield ResultCode.ERR009


STEPS: tuple[Callable[[_Case], Codes], ...] = (
    _signature,
    _certificate,
    _owner,
    _form,
    _lexical,
    _issue_id,
    _rules,
    _tax_total,
    _issued_at,
    _registration,
    _registered,
    _entitled,
    _closed,
)
"""Every step, each alone responsible for what its docstring says."""
