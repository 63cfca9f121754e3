"""The tax invoice: its data, its rules, its XML and its signature. No key, no network, no clock."""

from dojang.etax.amounts import Rounding, Split, Totals, line_supply, split_total, tax_of, totals_of
from dojang.etax.checks import check
from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType, PaymentMeans, Purpose, Taxation
from dojang.etax.errors import CannotWrite, EtaxError, InvalidInvoice, SignatureRefused, XmlRefused
from dojang.etax.findings import Finding, Severity
from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import (
    KST,
    Buyer,
    Contact,
    ImportDocument,
    Invoice,
    LineItem,
    Party,
    Payment,
    json_schema,
)
from dojang.etax.signature import SignedInvoice, sign, verify
from dojang.etax.xml_reader import ReadInvoice, read
from dojang.etax.xml_writer import write

__all__ = [
    "KST",
    "AmendmentReason",
    "Buyer",
    "BuyerKind",
    "CannotWrite",
    "Contact",
    "DocumentType",
    "EtaxError",
    "Finding",
    "ImportDocument",
    "InvalidInvoice",
    "Invoice",
    "IssueId",
    "LineItem",
    "Party",
    "Payment",
    "PaymentMeans",
    "Purpose",
    "ReadInvoice",
    "Rounding",
    "Severity",
    "SignatureRefused",
    "SignedInvoice",
    "Split",
    "Taxation",
    "Totals",
    "XmlRefused",
    "check",
    "json_schema",
    "line_supply",
    "read",
    "sign",
    "split_total",
    "tax_of",
    "totals_of",
    "verify",
    "write",
]
