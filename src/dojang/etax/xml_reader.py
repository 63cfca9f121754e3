"""Any producer's TaxInvoice XML back into an `Invoice`, or findings that name the element.

Follows the table of `schema`: white space between elements, self-closing tags and elements that the standard
does not know are no obstacle (the unknown ones are listed, not lost silently); a known element at the wrong
place, too often, missing, or with a value of another type is a finding.
"""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from dojang.etax import schema
from dojang.etax.canonical import MAX_BYTES, Element, local_name, parse
from dojang.etax.errors import InvalidInvoice, XmlRefused
from dojang.etax.findings import Finding, Severity
from dojang.etax.invoice import Invoice
from dojang.etax.schema import Group, Leaf, Need
from dojang.etax.xmldsig import DS

_ROOT = Group(
    schema.ROOT,
    (
        schema.EXCHANGED_DOCUMENT,
        schema.DOCUMENT,
        schema.SETTLEMENT,
        schema.LINE_ITEM,
    ),
)
_SIGNATURE = f"{{{DS}}}Signature"


@dataclass(frozen=True, slots=True)
class ReadInvoice:
    """What was read.

    Attributes:
        invoice: the document.
        unknown: paths of elements and attributes that the standard does not know; kept aside.
        findings: warnings about the form of the XML.
        is_signed: whether it holds a signature; `signature.verify` says if it is good.
    """

    invoice: Invoice
    unknown: tuple[str, ...]
    findings: tuple[Finding, ...]
    is_signed: bool


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> ReadInvoice:
    """Read one tax invoice, signed or not. Checks no signature and no rule of law.

    Raises:
        XmlRefused: the bytes are no XML we read, or not a TaxInvoice.
        InvalidInvoice: it is one, but elements are wrong; a finding for each.
    """
    return read_root(parse(data, max_bytes=max_bytes))


def read_root(root: Element) -> ReadInvoice:
    """Like `read`, from the root that `canonical.parse` gives."""
    if root.tag != f"{{{schema.NAMESPACE}}}{schema.ROOT}" or root.prefix is not None:
        raise XmlRefused(why_ko="전자세금계산서(TaxInvoice)가 아닙니다", why_en="it is not a TaxInvoice")
    reading = _Reading()
    data: dict[str, Any] = {}
    reading.children(root, _ROOT, data, schema.ROOT)
    reading.take_sequences(data)
    if any(finding.severity is Severity.ERROR for finding in reading.findings):
        raise InvalidInvoice(reading.findings)
    return ReadInvoice(
        Invoice.from_data(data),
        tuple(reading.unknown),
        tuple(reading.findings),
        root.find(_SIGNATURE) is not None,
    )


@dataclass(slots=True)
class _Reading:
    """What is noticed on the way through one document."""

    findings: list[Finding] = field(default_factory=list[Finding])
    unknown: list[str] = field(default_factory=list[str])

    def children(self, element: Element, group: Group, record: dict[str, Any], path: str) -> None:
        """Fill a record from the children of an element, in the order of the table."""
        places = {child.name: place for place, child in enumerate(group.children)}
        counts = [0] * len(group.children)
        reached = 0
        self._no_text(element, path)
        for child in element:
            here = f"{path}/{self._name(child)}"
            if not self._is_standard(child, here):
                continue
            place = places.get(local_name(child))
            if place is None:
                self.unknown.append(here)
                continue
            spec = group.children[place]
            counts[place] += 1
            if spec.most > 1:
                here += f"[{counts[place]}]"
            if place < reached:
                self._error(
                    "element_out_of_order", here, "순서가 표준과 다릅니다", "is out of the standard's order"
                )
            elif counts[place] > spec.most:
                self._error(
                    "element_too_often",
                    here,
                    f"{spec.most}번까지만 올 수 있습니다",
                    f"may stand {spec.most} time(s)",
                )
            else:
                self._take(child, spec, record, here)
            reached = max(reached, place)
        for spec, count in zip(group.children, counts, strict=True):
            if count == 0 and spec.need is Need.REQUIRED:
                self._error("element_missing", f"{path}/{spec.name}", "요소가 없습니다", "is missing")

    def _name(self, child: Element) -> str:
        return local_name(child) if child.prefix is None else f"{child.prefix}:{local_name(child)}"

    def _is_standard(self, child: Element, path: str) -> bool:
        """Of the standard's namespace and without a prefix; the signature is known, anything else kept aside."""
        if child.tag == _SIGNATURE and path == f"{schema.ROOT}/ds:Signature":
            return False
        if etree.QName(child).namespace != schema.NAMESPACE:
            self.unknown.append(path)
            return False
        if child.prefix is not None:
            # The signature's XPath tests names with their prefix: a prefixed element is not what it seems.
            self._error("element_prefixed", path, "접두어가 없어야 합니다", "must have no prefix")
            return False
        return True

    def _take(self, element: Element, spec: Leaf | Group, record: dict[str, Any], path: str) -> None:
        if isinstance(spec, Leaf):
            self._leaf(element, spec, record, path)
        elif spec.field is None:
            self.children(element, spec, record, path)
        else:
            inner: dict[str, Any] = {}
            self.children(element, spec, inner, path)
            _put(record, spec, inner)

    def _leaf(self, element: Element, spec: Leaf, record: dict[str, Any], path: str) -> None:
        if len(element):
            self._error("element_not_a_value", path, "안에 다른 요소가 있습니다", "has elements in it")
            return
        known = spec.attribute[0] if spec.attribute else None
        self.unknown.extend(f"{path}/@{name}" for name in element.attrib if name != known)
        try:
            value = spec.kind.read(element.text or "")
        except ValueError:
            self._error("element_value", path, f"{spec.kind.ko}여야 합니다", f"must be {spec.kind.en}")
            return
        if spec.most > 1:
            record.setdefault(spec.field, []).append(value)
        else:
            record[spec.field] = value
        if spec.attribute is not None:
            record[spec.attribute[1]] = element.get(spec.attribute[0])

    def _no_text(self, element: Element, path: str) -> None:
        """Text between elements belongs to no field, and would be signed unseen."""
        texts = (element.text, *(child.tail for child in element))
        if any(text and text.strip() for text in texts):
            self._error("stray_text", path, "요소 사이에 글자가 있습니다", "has text between its elements")

    def take_sequences(self, data: dict[str, Any]) -> None:
        """Take the line numbers out of the items: their place says the same, or there is something to say."""
        numbers = [item.pop("sequence", None) for item in data.get("items", [])]
        if numbers == list(range(1, len(numbers) + 1)) or None in numbers:
            return
        path = f"{schema.ROOT}/{schema.LINE_ITEM.name}/{schema.SEQUENCE}"
        if len(set(numbers)) < len(numbers) or not all(0 < number <= schema.MAX_ITEMS for number in numbers):
            self._error(
                "sequence", path, "1부터 99까지 겹치지 않아야 합니다", "must be 1 to 99 without repeats"
            )
        else:
            self.findings.append(
                Finding(
                    "sequence_gap",
                    Severity.WARNING,
                    path,
                    "순번이 1부터 차례대로가 아닙니다.",
                    "The line numbers do not run from 1 without gaps.",
                    _SCHEMA_CITATION,
                )
            )

    def _error(self, code: str, path: str, ko: str, en: str) -> None:
        self.findings.append(
            Finding(
                code,
                Severity.ERROR,
                path,
                f"{ko}. 발급한 곳에 표준에 맞는 XML을 요청하세요.",
                f"{en}. Ask its issuer for XML that follows the standard.",
                _SCHEMA_CITATION,
            )
        )


_SCHEMA_CITATION = "KEC 표준전자세금계산서 v3.0, TaxInvoice"


def _put(record: dict[str, Any], spec: Group, inner: dict[str, Any]) -> None:
    if spec.place is not None:
        places: list[dict[str, Any]] = record.setdefault(_field(spec), [])
        places.extend({} for _ in range(spec.place - len(places)))
        places.append(inner)
    elif spec.most > 1:
        record.setdefault(_field(spec), []).append(inner)
    else:
        record[_field(spec)] = inner


def _field(spec: Group) -> str:
    return spec.field or ""
