"""TaxInvoicePackage: up to 100 signed invoices, each with the R of the certificate that signed it.

    TaxInvoicePackage ::= SEQUENCE { count INTEGER, taxInvoiceSet SET SIZE (1..100) OF TaxInvoiceData }
    TaxInvoiceData    ::= SEQUENCE { signerRvalue OCTET STRING, taxInvoice OCTET STRING }

R proves to 국세청 that the certificate belongs to the signer's business number, and with the certificate it
gives away a resident number to anyone who tries them all: it is personal data and shows in no repr.

Source: KEC 표준전자세금계산서 v3.0, 전자세금계산서 패키지.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dojang.npki import der
from dojang.nts import ber
from dojang.nts.errors import Malformed, PackageRefused

MAX_INVOICES = 100
RANDOM_NUMBER_BYTES = 20
"""R as it stands in the key file, without the BIT STRING's first byte."""


@dataclass(frozen=True, slots=True)
class PackagedInvoice:
    """A signed invoice exactly as it was signed, and R of its signer (공급자, or 수탁자 in 위수탁)."""

    xml: bytes = field(repr=False)
    random_number: bytes = field(repr=False)


def encode(invoices: Sequence[PackagedInvoice]) -> bytes:
    """The package in DER; a SET OF has no order of its own, so DER sorts it.

    Raises:
        PackageRefused: no invoice or more than 100, an empty one, an R that is not 20 bytes.
    """
    if not 1 <= len(invoices) <= MAX_INVOICES:
        raise PackageRefused(
            why_ko=f"1건에서 {MAX_INVOICES}건까지 담을 수 있는데 {len(invoices)}건입니다",
            why_en=f"it holds 1 to {MAX_INVOICES} invoices, not {len(invoices)}",
        )
    for number, invoice in enumerate(invoices, 1):
        if not invoice.xml:
            raise PackageRefused(
                why_ko=f"{number}번째 세금계산서가 비어 있습니다", why_en=f"invoice {number} is empty"
            )
        if len(invoice.random_number) != RANDOM_NUMBER_BYTES:
            raise PackageRefused(
                why_ko=f"{number}번째 세금계산서의 R값이 {RANDOM_NUMBER_BYTES}바이트가 아닙니다",
                why_en=f"the random number of invoice {number} is not {RANDOM_NUMBER_BYTES} bytes",
            )
    package = der.sequence(der.integer(len(invoices)), der.set_of(*map(_data, invoices)))
    if len(package) > ber.MAX_BYTES:
        raise PackageRefused(why_ko="너무 큽니다", why_en="it is too large")
    return package


def _data(invoice: PackagedInvoice) -> bytes:
    return der.sequence(der.octet_string(invoice.random_number), der.octet_string(invoice.xml))


def decode(data: bytes) -> tuple[PackagedInvoice, ...]:
    """The invoices of a package in the order in which they stand, which means nothing.

    An R of another length than 20 is given back as it is: it is that invoice's fault, not the package's.

    Raises:
        PackageRefused: not a package, or its count is not the number of invoices in it.
    """
    try:
        count, invoices = ber.members(ber.parse(data), der.SEQUENCE, 2, 2)
        stated = ber.small_integer(count)
        packaged = tuple(map(_invoice, ber.members(invoices, der.SET, 1, MAX_INVOICES)))
    except Malformed as error:
        raise PackageRefused(**error.facts) from None
    if stated != len(packaged):
        raise PackageRefused(
            why_ko=f"건수가 {stated}인데 {len(packaged)}건이 들어 있습니다",
            why_en=f"it says {stated} invoices and holds {len(packaged)}",
        )
    return packaged


def _invoice(element: der.Element) -> PackagedInvoice:
    random_number, xml = ber.members(element, der.SEQUENCE, 2, 2)
    return PackagedInvoice(xml=ber.octets(xml), random_number=ber.octets(random_number))
