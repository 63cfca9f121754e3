"""Hypothesis strategies for invoices: everything that XML can hold, whether or not a law would allow it.

`invoices()` gives documents that can be written and read back unchanged. What the standard has no room for is
left out: a unit without a quantity, and tax of 0 on exempt documents, whose tax elements are absent.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from dojang.etax import (
    KST,
    AmendmentReason,
    Buyer,
    BuyerKind,
    Contact,
    DocumentType,
    ImportDocument,
    Invoice,
    IssueId,
    LineItem,
    Party,
    Payment,
    PaymentMeans,
    Purpose,
    Taxation,
)
from dojang.etax.identifiers import SERIALS
from dojang.etax.xml_values import FORBIDDEN

MOST_WON = 10**18 - 1
"""Eighteen digits; a minus sign takes the place of one."""

_AWKWARD = st.sampled_from(
    [
        "&",
        "<",
        ">",
        '"',
        "'",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "]]>",
        "<!--",
        "&amp;",
        "&#13;",
        "\x85",
        "\u2028",
        "\ufeff",
        "㈜도장",
        "韓國",
        "𠀀𪛖",
        "\U0010ffff",
        "</NameText>",
    ]
)
_CONTROLS = [chr(code) for code in (*range(0x20), 0xFFFE, 0xFFFF) if FORBIDDEN.search(chr(code))]
_CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters=_CONTROLS)


def texts(limit: int, *, least: int = 0) -> st.SearchStrategy[str]:
    """Text of at most so many characters, with everything in it that XML has to escape."""
    plain = st.text(_CHARACTERS, min_size=least, max_size=min(limit, 12))
    awkward = st.lists(_AWKWARD, min_size=1, max_size=6).map(lambda pieces: "".join(pieces)[:limit])
    return st.sampled_from(["홍길동", "a b"]) | plain | awkward


def optional_texts(limit: int) -> st.SearchStrategy[str | None]:
    """None, or text that is not empty (empty is None to an invoice)."""
    return st.none() | texts(limit, least=1)


def won() -> st.SearchStrategy[int]:
    """Amounts of up to eighteen characters, small ones more often."""
    return st.integers(-100_000, 1_000_000) | st.integers(-(MOST_WON // 10), MOST_WON)


def exact(digits: int) -> st.SearchStrategy[Decimal]:
    """Numbers of up to so many digits, two of them decimal places, written in any number of places up to two."""
    size = 10**digits - 1
    return st.builds(
        lambda number, places: Decimal(number).scaleb(-places),
        st.integers(-(size // 10), size),
        st.integers(0, 2),
    )


def days() -> st.SearchStrategy[date]:
    return st.dates(date(1, 1, 2), date(9999, 12, 30))


def instants() -> st.SearchStrategy[datetime]:
    # Hypothesis wants its bounds naive.
    return st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(  # noqa: DTZ001
        lambda moment: moment.replace(microsecond=0, tzinfo=KST)
    )


def contacts() -> st.SearchStrategy[Contact]:
    """From nothing at all to every field."""
    return st.builds(
        Contact,
        department=optional_texts(40),
        name=optional_texts(30),
        email=optional_texts(40),
        phone=optional_texts(20),
    )


_BUSINESS_NUMBERS = st.sampled_from(["9998100015", "9998600010", "9988100012"])
_BRANCHES = st.none() | st.from_regex(r"[0-9]{4}", fullmatch=True)
_NAMES = {
    "branch_number": _BRANCHES,
    "name": texts(70),
    "representative": texts(30),
    "business_type": optional_texts(40),
    "business_item": optional_texts(40),
    "address": optional_texts(150),
}


def parties() -> st.SearchStrategy[Party]:
    return st.builds(Party, business_number=_BUSINESS_NUMBERS, contact=st.none() | contacts(), **_NAMES)


def buyers() -> st.SearchStrategy[Buyer]:
    numbers = {
        BuyerKind.BUSINESS: _BUSINESS_NUMBERS,
        BuyerKind.INDIVIDUAL: st.just("9002301234563"),  # 30 February
        BuyerKind.FOREIGNER: st.just("9999999999999"),
    }
    return st.sampled_from(BuyerKind).flatmap(
        lambda kind: st.builds(
            Buyer,
            kind=st.just(kind),
            number=numbers[kind],
            contacts=st.lists(contacts(), max_size=2).map(tuple),
            **_NAMES,
        )
    )


@st.composite
def line_items(draw: st.DrawFn, taxation: Taxation = Taxation.TAXABLE) -> LineItem:
    quantity = draw(st.none() | exact(11))
    tax = st.none() if taxation is Taxation.EXEMPT else st.none() | won()
    return LineItem(
        supplied_on=draw(st.none() | days()),
        name=draw(optional_texts(100)),
        specification=draw(optional_texts(60)),
        quantity=quantity,
        unit=None if quantity is None else draw(optional_texts(10)),
        unit_price=draw(st.none() | exact(17)),
        supply_amount=draw(st.none() | won()),
        tax_amount=draw(tax),
        remark=draw(optional_texts(100)),
    )


def payments() -> st.SearchStrategy[Payment]:
    return st.builds(Payment, means=st.sampled_from(PaymentMeans), amount=won())


def import_documents() -> st.SearchStrategy[ImportDocument]:
    return st.builds(
        ImportDocument,
        declaration_number=optional_texts(15),
        item_count=st.none() | st.integers(0, 999_999),
        accepted_from=st.none() | days(),
        accepted_to=st.none() | days(),
    )


def issue_ids(written_on: date) -> st.SearchStrategy[str]:
    return st.integers(0, SERIALS - 1).map(lambda number: str(IssueId.make(written_on, "41999999", number)))


@st.composite
def _items(draw: st.DrawFn, taxation: Taxation) -> tuple[LineItem, ...]:
    items = draw(st.lists(line_items(taxation), max_size=4))
    # The full 99 now and then, from a few different ones.
    if items and draw(st.integers(0, 19)) == 0:
        items = (items * 99)[:99]
    return tuple(items)


@st.composite
def invoices(
    draw: st.DrawFn, document_types: st.SearchStrategy[DocumentType] | None = None, *, numbered: bool = True
) -> Invoice:
    """Documents of every type.

    Args:
        draw: given by hypothesis.
        document_types: which types; all of them when it is left out.
        numbered: with an issue id and a time of issue, so that they can be written as XML.
    """
    types = st.sampled_from(DocumentType) if document_types is None else document_types
    document_type = draw(types)
    written_on = draw(days())
    issued_at = draw(instants())
    items = draw(_items(document_type.taxation))
    stated = {}
    if document_type.taxation is not Taxation.EXEMPT and draw(st.booleans()):
        stated = {name: draw(won()) for name in ("supply_amount", "tax_amount", "total_amount")}
    amends = document_type.is_amendment
    return Invoice(
        document_type=document_type,
        written_on=written_on,
        purpose=draw(st.none() | st.sampled_from(Purpose)),
        remarks=tuple(draw(st.lists(texts(150), max_size=3))),
        supplier=draw(parties()),
        buyer=draw(buyers()),
        broker=draw(parties()) if document_type.is_consigned else None,
        items=items,
        payments=tuple(draw(st.lists(payments(), max_size=4))),
        issue_id=draw(issue_ids(written_on)) if numbered else None,
        original_issue_id=draw(issue_ids(written_on - timedelta(days=1))) if amends else None,
        amendment_reason=draw(st.sampled_from(AmendmentReason)) if amends else None,
        issued_at=issued_at if numbered else None,
        exchange_id=draw(optional_texts(24)),
        reference_id=draw(optional_texts(24)),
        import_document=draw(st.none() | import_documents()) if document_type.is_import else None,
        **stated,
    )
