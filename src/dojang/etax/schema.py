"""The TaxInvoice document of the standard as one table: elements, order, need, types, lengths, and our fields.

The writer, the reader, the length checks and the reference page of the documentation are all made from it.

Source: KEC 표준전자세금계산서 v3.0, TaxInvoice schema modules (2013 set, with OriginalIssueID).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from dojang.etax import codes
from dojang.etax.xml_values import COUNT, DAY, EXACT, INSTANT, NUMBER, TEXT, WON, Kind, code

NAMESPACE = "urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0"
SCHEMA_LOCATION = f"{NAMESPACE} http://www.kec.or.kr/standard/Tax/TaxInvoiceSchemaModule_1.0.xsd"

ROOT = "TaxInvoice"
MAX_ITEMS = 99


class Need(Enum):
    """Whether an element has to be there."""

    REQUIRED = "required"
    OPTIONAL = "optional"


REQUIRED, OPTIONAL = Need.REQUIRED, Need.OPTIONAL


@dataclass(frozen=True, slots=True)
class Leaf:
    """An element with a value.

    Attributes:
        name: the element.
        field: the field of the record that its group stands for.
        kind: its data type.
        need: whether the schema asks for it.
        limit: longest value, in characters; numbers count sign and point, quantities and prices two places.
        most: how often it may stand; more than once means the field is a tuple.
        attribute: an attribute of it and the field that this holds.
        tax: a tax amount, which exempt documents leave out.
    """

    name: str
    field: str
    kind: Kind
    need: Need = OPTIONAL
    limit: int | None = None
    most: int = 1
    attribute: tuple[str, str] | None = None
    tax: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """An element with elements in it.

    Attributes:
        name: the element.
        children: what is in it, in order.
        need: whether the schema asks for it.
        field: the field that holds its record; None when it only wraps fields of the record around it.
        place: for a field that is a tuple of fixed places (the buyer's two contacts), which one.
        most: how often it may stand; more than once means the field is a tuple.
    """

    name: str
    children: "tuple[Leaf | Group, ...]"
    need: Need = OPTIONAL
    field: str | None = None
    place: int | None = None
    most: int = 1


_TYPE_CODE = code(codes.DocumentType, "문서 종류 코드", "a document type code")
_PURPOSE = code(codes.PURPOSE_CODES, "영수·청구 코드", "a purpose code")
_REASON = code(codes.AmendmentReason, "수정사유 코드", "an amendment reason code")
_BUYER_KIND = code(codes.BUYER_KIND_CODES, "공급받는자 구분 코드", "a kind of buyer code")
_MEANS = code(codes.PAYMENT_MEANS_CODES, "결제방법 코드", "a means of payment code")

_CONTACT = (
    Leaf("DepartmentNameText", "department", TEXT, limit=40),
    Leaf("PersonNameText", "name", TEXT, limit=30),
    Leaf("TelephoneCommunication", "phone", TEXT, limit=20),
    Leaf("URICommunication", "email", TEXT, limit=40),
)
_BRANCH = Leaf("TaxRegistrationID", "branch_number", NUMBER, limit=4)
_REPRESENTATIVE = Group(
    "SpecifiedPerson", (Leaf("NameText", "representative", TEXT, REQUIRED, 30),), REQUIRED
)
_ADDRESS = Group("SpecifiedAddress", (Leaf("LineOneText", "address", TEXT, REQUIRED, 150),))


def _identity(number: str) -> tuple[Leaf, ...]:
    return (
        Leaf("ID", number, NUMBER, REQUIRED, 13),
        Leaf("TypeCode", "business_type", TEXT, limit=40),
        Leaf("NameText", "name", TEXT, REQUIRED, 70),
        Leaf("ClassificationCode", "business_item", TEXT, limit=40),
    )


_PARTY = (
    *_identity("business_number"),
    Group("SpecifiedOrganization", (_BRANCH,)),
    _REPRESENTATIVE,
    Group("DefinedContact", _CONTACT, field="contact"),
    _ADDRESS,
)
_BUYER = (
    *_identity("number"),
    Group(
        "SpecifiedOrganization", (_BRANCH, Leaf("BusinessTypeCode", "kind", _BUYER_KIND, REQUIRED)), REQUIRED
    ),
    _REPRESENTATIVE,
    Group("PrimaryDefinedContact", _CONTACT, field="contacts", place=0),
    Group("SecondaryDefinedContact", _CONTACT, field="contacts", place=1),
    _ADDRESS,
)

EXCHANGED_DOCUMENT = Group(
    "ExchangedDocument",
    (
        Leaf("ID", "exchange_id", TEXT, limit=24),
        Leaf("IssueDateTime", "issued_at", INSTANT, REQUIRED),
        Group("ReferencedDocument", (Leaf("ID", "reference_id", TEXT, limit=24),)),
    ),
    REQUIRED,
)
"""관리정보. Stands outside the signature."""

DOCUMENT = Group(
    "TaxInvoiceDocument",
    (
        Leaf("IssueID", "issue_id", NUMBER, REQUIRED, 24),
        Leaf("TypeCode", "document_type", _TYPE_CODE, REQUIRED),
        Leaf("DescriptionText", "remarks", TEXT, limit=150, most=3),
        Leaf("IssueDateTime", "written_on", DAY, REQUIRED),
        Leaf("AmendmentStatusCode", "amendment_reason", _REASON),
        Leaf("PurposeCode", "purpose", _PURPOSE),
        Leaf("OriginalIssueID", "original_issue_id", NUMBER, limit=24),
        Group(
            "ReferencedImportDocument",
            (
                Leaf("ID", "declaration_number", TEXT, limit=15),
                Leaf("ItemQuantity", "item_count", COUNT, limit=6),
                Group(
                    "AcceptablePeriod",
                    (Leaf("StartDateTime", "accepted_from", DAY), Leaf("EndDateTime", "accepted_to", DAY)),
                ),
            ),
            field="import_document",
        ),
    ),
    REQUIRED,
)
"""기본정보."""

SETTLEMENT = Group(
    "TaxInvoiceTradeSettlement",
    (
        Group("InvoicerParty", _PARTY, REQUIRED, "supplier"),
        Group("InvoiceeParty", _BUYER, REQUIRED, "buyer"),
        Group("BrokerParty", _PARTY, field="broker"),
        Group(
            "SpecifiedPaymentMeans",
            (Leaf("TypeCode", "means", _MEANS, REQUIRED), Leaf("PaidAmount", "amount", WON, REQUIRED, 18)),
            field="payments",
            most=4,
        ),
        Group(
            "SpecifiedMonetarySummation",
            (
                Leaf("ChargeTotalAmount", "supply_amount", WON, REQUIRED, 18),
                Leaf("TaxTotalAmount", "tax_amount", WON, limit=18, tax=True),
                Leaf("GrandTotalAmount", "total_amount", WON, REQUIRED, 18),
            ),
            REQUIRED,
        ),
    ),
    REQUIRED,
)
"""공급자, 공급받는자, 수탁자, 결제, 합계."""

SEQUENCE = "SequenceNumeric"

LINE_ITEM = Group(
    "TaxInvoiceTradeLineItem",
    (
        Leaf(SEQUENCE, "sequence", COUNT, REQUIRED),
        Leaf("DescriptionText", "remark", TEXT, limit=100),
        Leaf("InvoiceAmount", "supply_amount", WON, limit=18),
        Leaf("ChargeableUnitQuantity", "quantity", EXACT, limit=12, attribute=("unitCode", "unit")),
        Leaf("InformationText", "specification", TEXT, limit=60),
        Leaf("NameText", "name", TEXT, limit=100),
        Leaf("PurchaseExpiryDateTime", "supplied_on", DAY),
        Group("TotalTax", (Leaf("CalculatedAmount", "tax_amount", WON, limit=18, tax=True),)),
        Group("UnitPrice", (Leaf("UnitAmount", "unit_price", EXACT, limit=18),)),
    ),
    field="items",
    most=MAX_ITEMS,
)
"""품목."""


def limits() -> dict[str, int]:
    """The longest value of each field, by its path without indices, such as `items.remark`."""
    groups = (EXCHANGED_DOCUMENT, DOCUMENT, SETTLEMENT, LINE_ITEM)
    return {path: limit for group in groups for path, limit in _limits(group, "")}


def _limits(group: Group, path: str) -> Iterator[tuple[str, int]]:
    path = f"{path}{group.field}." if group.field else path
    for child in group.children:
        if isinstance(child, Group):
            yield from _limits(child, path)
        elif child.limit is not None:
            yield f"{path}{child.field}", child.limit
