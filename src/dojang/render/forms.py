"""An invoice as a filled form: every box with its place and its text, ready for HTML or for a page of paper.

`form` fills the boxes that `layout.toml` describes; a renderer only has to draw tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from dojang.etax.codes import LabelledCode, Taxation
from dojang.etax.invoice import Invoice, Label
from dojang.render.layout import Align, Area, Condition, Layout, Place, Role, SectionSpec, ValueSpec, layout
from dojang.render.values import Showing, show, width

LINES = 4
"""Item lines of the printed form; a document with fewer items leaves them empty, one with more goes on."""

SCALES = (100, 90, 80, 70, 60, 50)
"""Sizes of text in a box, in percent: a long amount is set smaller, never cut."""

SANDBOX_MARK = Label("모의", "SANDBOX")
SANDBOX_LINE = Label(
    "모의 문서입니다. 국세청에 신고되지 않으며 세금계산서의 효력이 없습니다.",
    "A sandbox document: it is not filed with 국세청 and is no tax invoice.",
)

CANCELLED_MARK = Label("취소", "CANCELLED")
CANCELLED_LINE = Label(
    "발행을 취소한 문서입니다. 국세청에 신고되지 않으며 세금계산서의 효력이 없습니다.",
    "Its issue was cancelled: it is not filed with 국세청 and is no tax invoice.",
)

_DRAFT_LINE = Label(
    "발행 전 미리보기입니다. 승인번호가 없는 문서는 전자세금계산서가 아닙니다.",
    "A preview before issuing: without an issue id it is no electronic tax invoice.",
)
_MASKED_LINE = Label(
    "개인정보 보호를 위해 주민(외국인)등록번호 뒷자리를 가렸습니다. 발행한 문서에는 전부 적혀 있습니다.",
    "The last digits of resident numbers are hidden here; the issued document holds them in full.",
)
_PAPER_LINE = Label(
    "종이 문서의 내용을 옮겨 적은 것입니다. 원본은 종이 문서입니다.",
    "What stands on a paper document, typed in; the original is the paper.",
)
_SOURCES = {
    True: Label("부가가치세법 시행규칙 별지 제14호서식에 따름", "after 부가가치세법 시행규칙 form 14"),
    False: Label("소득세법 시행규칙 별지 제28호서식에 따름", "after 소득세법 시행규칙 form 28"),
}


class Copy(LabelledCode):
    """Whose copy it is; the supplier's is red, the buyer's blue."""

    SUPPLIER = "supplier", "공급자 보관용", "supplier's copy"
    BUYER = "buyer", "공급받는자 보관용", "buyer's copy"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled box.

    Attributes:
        key: its name, once in a form.
        role: heading of a group, label or value.
        area: where it stands in its section.
        text: what stands in it. Line breaks are meant; anything may stand in it, so escape it.
        align: where the text stands.
        scale: its size in percent, one of `SCALES`.
        labels: the keys of the boxes that say what it is.
        strong: whether it is set bold.
        negative: whether it is an amount or quantity below nothing, which is red (시행규칙's form: 붉은 글씨 or a minus).
        changed: whether another text stands in it than on the document that it is compared with (`compared`).
    """

    key: str
    role: Role
    area: Area
    text: Label
    align: Align = Align.CENTER
    scale: int = 100
    labels: tuple[str, ...] = ()
    strong: bool = False
    negative: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the form.

    Attributes:
        key: its name.
        label: what it holds.
        columns: widths, in hundredths of the form's.
        boxes: row by row, from left to right.
        head_rows: how many rows say what the columns are, and are repeated on every sheet.
    """

    key: str
    label: Label
    columns: tuple[int, ...]
    boxes: tuple[Box, ...]
    head_rows: int = 0

    @property
    def rows(self) -> tuple[tuple[Box, ...], ...]:
        """The boxes by the row in which they begin."""
        grid = groupby(self.boxes, key=lambda box: box.area.row)
        return tuple(tuple(row) for _, row in grid)


@dataclass(frozen=True, slots=True)
class Form:
    """A filled form.

    Attributes:
        copy: whose copy.
        title: name of the document, 전자 included; of paper, that it is paper.
        sections: its tables, from top to bottom; the first, `identity`, stands beside the title.
        running_head: to be repeated on every sheet of a document that has more items than the form has lines.
        notes: lines under the form.
        is_draft: whether there is no issue id yet; paper never has one.
        mark: written across it.
        is_masked: whether a resident number is hidden on it, which the document has in full.
    """

    copy: Copy
    title: Label
    sections: tuple[Section, ...]
    running_head: Label | None
    notes: tuple[Label, ...]
    is_draft: bool
    mark: Label | None = None
    is_masked: bool = False

    def section(self, key: str) -> Section:
        """The section of this name. Raises `KeyError` where the form has none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def text(self, key: str) -> str:
        """What stands in a box, in Korean. Raises `KeyError` where the form has no such box."""
        for section in self.sections:
            for box in section.boxes:
                if box.key == key:
                    return box.text.ko
        raise KeyError(key)


def form(invoice: Invoice, *, copy: Copy, reveal: bool = False, paper: bool = False) -> Form:
    """Fill the form of a document of any type, drafts included.

    Args:
        invoice: what stands on it; it is not checked.
        copy: whose copy.
        reveal: show resident numbers in full. Without it their last six digits are hidden, in every text.
        paper: it was not issued electronically; what is shown was copied from paper.
    """
    description, showing = layout(), Showing(invoice, reveal=reveal)
    sections = tuple(
        _section(spec, description, showing) for spec in description.sections(_conditions(invoice))
    )
    return Form(
        copy=copy,
        title=_title(invoice, paper=paper),
        sections=sections,
        running_head=_running_head(invoice, sections),
        notes=tuple(_notes(invoice, showing, paper=paper)),
        is_draft=invoice.issue_id is None and not paper,
        is_masked=showing.masked,
    )


def cancelled(filled: Form) -> Form:
    """The form of a document whose issue was cancelled: 취소 is written across it, and told in its first note."""
    return replace(filled, mark=CANCELLED_MARK, notes=(CANCELLED_LINE, *filled.notes))


def compared(filled: Form, before: Form) -> Form:
    """The form with every box marked in which something else stands than on another one: an amendment and its original.

    Numbers and reason of an amendment (the head of the form, 수정사유) are its own and not marked.
    """
    stood = {box.key: box.text for section in before.sections for box in section.boxes}
    sections = (
        section
        if section.key == _HEAD
        else replace(section, boxes=tuple(_compared(box, stood.get(box.key)) for box in section.boxes))
        for section in filled.sections
    )
    return replace(filled, sections=tuple(sections))


_HEAD = "identity"
_OWN = frozenset({"amendment_reason"})


def _compared(box: Box, before: Label | None) -> Box:
    is_other = box.text.ko != (before.ko if before else "")
    return replace(box, changed=box.role is Role.VALUE and box.key not in _OWN and is_other)


def _has_tax(invoice: Invoice) -> bool:
    """Whether there is a place for tax: not on a 계산서, unless one states tax. What is signed has to be seen."""
    stated = (invoice.tax_amount, *(item.tax_amount for item in invoice.items))
    return invoice.taxation is not Taxation.EXEMPT or any(stated)


def _conditions(invoice: Invoice) -> frozenset[Condition]:
    amends = (invoice.document_type.is_amendment, invoice.original_issue_id, invoice.amendment_reason)
    found: list[Condition] = [
        "taxed" if _has_tax(invoice) else "exempt",
        "amendment" if any(amends) else "original",
    ]
    if invoice.document_type.is_consigned or invoice.broker is not None:
        found.append("consigned")
    if invoice.document_type.is_import or invoice.import_document is not None:
        found.append("import")
    return frozenset(found)


def _title(invoice: Invoice, *, paper: bool) -> Label:
    kind = invoice.document_type
    if paper:
        return Label(f"{kind.ko} (종이)", f"{kind.en} on paper")
    return Label(kind.electronic, f"electronic {kind.en}")


def _running_head(invoice: Invoice, sections: Sequence[Section]) -> Label | None:
    count = len(invoice.items)
    if count <= LINES:
        return None
    issue_id = next(box for box in sections[0].boxes if box.key == "issue_id").text
    return Label(f"승인번호 {issue_id.ko} · 품목 {count}줄", f"issue id {issue_id.en} · {count} items")


def _notes(invoice: Invoice, showing: Showing, *, paper: bool) -> Iterator[Label]:
    if paper:
        yield _PAPER_LINE
    elif invoice.issue_id is None:
        yield _DRAFT_LINE
    if invoice.issued_at is not None:
        issued = f"{invoice.issued_at:%Y-%m-%d %H:%M:%S}"
        yield Label(f"발급일시 {issued}", f"issued {issued} (KST)")
    if showing.masked:
        yield _MASKED_LINE
    yield _SOURCES[invoice.taxation is not Taxation.EXEMPT]


# Boxes


def _section(spec: SectionSpec, description: Layout, showing: Showing) -> Section:
    boxes = [_box(place, spec, description, showing) for place in spec.places]
    if spec.line:
        boxes += _lines(spec, description, showing)
    return Section(
        spec.key,
        spec.names,
        spec.columns,
        tuple(sorted(boxes, key=lambda box: box.area)),
        head_rows=len(spec.rows) if spec.line else 0,
    )


def _box(place: Place, spec: SectionSpec, description: Layout, showing: Showing) -> Box:
    match place.role:
        case Role.GROUP:
            label = description.group_label(place.name)
            return Box(f"@{place.name}", place.role, place.area, label)
        case Role.LABEL:
            return Box(f"#{place.name}", place.role, place.area, description.spec(place.name).names)
        case Role.VALUE:
            value = description.spec(place.name)
            path = _path(place.name, value)
            return _value(place.area, place.name, showing.invoice, _labels(place, spec), value, path, showing)


def _value(
    area: Area,
    key: str,
    record: object,
    labels: tuple[str, ...],
    spec: ValueSpec,
    path: str,
    showing: Showing,
) -> Box:
    text = show(record, path, spec.shown, showing)
    scale = SCALES[0] if spec.room is None or not text.ko else _scale(text.ko, spec.room)
    negative = spec.align is Align.RIGHT and text.ko.startswith("-")
    return Box(key, Role.VALUE, area, text, spec.align, scale, labels, spec.strong, negative)


def _path(name: str, spec: ValueSpec) -> str:
    return name.removeprefix("item.") if spec.field is None else spec.field


def _labels(place: Place, spec: SectionSpec) -> tuple[str, ...]:
    """The heading of the group that a box belongs to, and its label."""
    groups = [f"@{other.name}" for other in spec.places if _is_heading(other, place)]
    labels = [f"#{other.name}" for other in spec.places if other[:2] == (Role.LABEL, place.name)]
    return (*groups, *labels)


def _is_heading(other: Place, place: Place) -> bool:
    return other.role is Role.GROUP and place.name.startswith(f"{other.name}.")


def _lines(spec: SectionSpec, description: Layout, showing: Showing) -> Iterator[Box]:
    """A row for every item, and empty ones up to the lines of the form."""
    first = len(spec.rows)
    values = [(name, description.spec(name)) for name in spec.line]
    columns = [(name, (f"#{name}",), value, _path(name, value)) for name, value in values]
    for number, item in zip_longest(range(max(LINES, len(showing.invoice.items))), showing.invoice.items):
        for column, (name, labels, value, path) in enumerate(columns):
            area = Area(first + number, column, 1, 1)
            yield _value(area, f"{name}.{number + 1}", item, labels, value, path, showing)


def _scale(text: str, room: int) -> int:
    """The largest size at which text stands on one line, or the smallest there is."""
    needed = width(text)
    return next((scale for scale in SCALES if needed * scale <= room * 100), SCALES[-1])
