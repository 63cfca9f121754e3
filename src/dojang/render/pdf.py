"""The filled form on paper: PDF/A-3b with the signed XML inside, the same bytes from the same documents.

Typst sets the page (`form.typ`). It is given boxes and their text as JSON and never as markup, fonts that come with
the package and no others, and no clock: whoever asks says when the file was made.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from dojang.errors import Language
from dojang.etax.invoice import Label
from dojang.render.attached import PdfNotInstalled, PdfRefused, attached_xml
from dojang.render.forms import SANDBOX_LINE, SANDBOX_MARK, Box, Form, Role, Section
from dojang.render.glyphs import MISSING, drawable, missing
from dojang.render.heights import LEADING, lines_height, row_heights
from dojang.render.layout import layout
from dojang.render.typesetting import typeset
from dojang.render.wrapping import Piece, fits, pieces

__all__ = ["Attachment", "PdfNotInstalled", "PdfRefused", "attached_xml", "pdf"]

_A4_MM = 210
_DIGIT_EM = 0.66
_POINT_MM = 25.4 / 72
_GLOSS = 0.74
"""Size of English beside Korean; the template has it from here."""
_BESIDE_TITLE_MM = 1.5
"""Space beside the title and the first section; the template has it from here, too."""
_MOST_CODES = 8
_MOST_HERE = 600
"""Lines of items that are set in this process: sixty short documents, or three of 99 items, in both copies."""

_ANYTHING = 1000.0

# Spaces that glue words together would keep a line from being broken.
_PLAIN_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f]")

# What all fonts have. Most lines are nothing else, and need not be looked at letter by letter.
_ORDINARY = re.compile("[ -~가-힣]*")

Line = str | list[Piece]
"""A line, or the pieces between which it may be broken."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF.

    Attributes:
        name: of the file; each name once.
        data: its bytes, which are inside as they are.
        description: what it is, for the list of attachments.
        mime: its type.
        relationship: what it is to the pages: their source, or data that belongs to them (PDF/A-3, ISO 19005-3 6.8).
    """

    name: str
    data: bytes
    description: str
    mime: str = "application/xml"
    relationship: Literal["source", "data"] = "source"


def pdf(
    forms: Sequence[Form],
    *,
    sandbox: bool,
    dated: datetime,
    language: Language = "ko",
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """A PDF/A-3b of these forms, with a bookmark for each document.

    Two copies of a document that has no more items than the form has lines share a sheet; any other form begins a
    new one.

    Args:
        forms: in the order of the file, at least one.
        sandbox: whether they are for practice: then 모의 is written all over every page.
        dated: when the file was made (an aware time). The same arguments give the same bytes.
        language: "en" adds English to every label; the form itself stays Korean, as the law has it.
        attachments: the signed XML of each.

    Raises:
        PdfNotInstalled: the extra `dojang[pdf]` is not there.
        ValueError: no form, or a time without a zone.
    """
    if not forms or dated.tzinfo is None:
        raise ValueError("at least one form, and an aware time")
    data = _data(forms, sandbox=sandbox, language=language, attachments=attachments)
    made_at = int(dated.astimezone(UTC).timestamp())
    return typeset(data, made_at, apart=_lines(forms) > _MOST_HERE)


def _lines(forms: Sequence[Form]) -> int:
    return sum(len(form.section("items").rows) for form in forms)


# What the template is given


def _data(
    forms: Sequence[Form], *, sandbox: bool, language: Language, attachments: Sequence[Attachment]
) -> dict[str, Any]:
    mark = SANDBOX_MARK.text(language) if sandbox else None
    title = forms[0].title.text(language)
    return {
        "title": f"[{mark}] {title}" if mark else title,
        "paper": layout().paper.model_dump(),
        "gloss": _GLOSS,
        "leading": LEADING,
        "beside_title": _BESIDE_TITLE_MM,
        "mark": mark,
        "warning": _both(SANDBOX_LINE, language) if sandbox else None,
        "documents": [_document(copies, mark, language) for copies in _documents(forms)],
        "attachments": [_attached(one) for one in attachments],
    }


def _attached(one: Attachment) -> dict[str, Any]:
    """Bytes that are UTF-8 go as text, which is quick; Typst makes the same bytes of it."""
    try:
        data: str | list[int] = one.data.decode()
    except UnicodeDecodeError:
        data = list(one.data)
    return {
        "name": one.name,
        "data": data,
        "description": one.description,
        "mime": one.mime,
        "relationship": one.relationship,
    }


def _documents(forms: Sequence[Form]) -> Iterator[tuple[Form, ...]]:
    """Forms by document: two copies that follow each other are of one."""
    waiting = deque(forms)
    while waiting:
        first = waiting.popleft()
        yield (first, waiting.popleft()) if waiting and _same(first, waiting[0]) else (first,)


def _same(one: Form, other: Form) -> bool:
    """Whether both are copies of one document."""
    return one.copy is not other.copy and replace(one, copy=other.copy) == other


def _document(copies: Sequence[Form], mark: str | None, language: Language) -> dict[str, Any]:
    """What stands on all copies, and what differs between them."""
    form = copies[0]
    unknown = dict.fromkeys(
        character
        for section in form.sections
        for box in section.boxes
        for line in box.text.ko.split("\n")
        if not _ORDINARY.fullmatch(line)
        for character in missing(line)
    )
    notes = (*form.notes, *([_missing_note(list(unknown))] if unknown else []))
    is_long = form.running_head is not None
    return {
        "title": form.title.ko,
        "sections": [_section(section, form, language) for section in form.sections],
        "notes": [_both(note, language) for note in notes],
        "long": is_long,
        "mark": form.mark.text(language) if form.mark else mark,
        "foot": _both(form.running_head, language),
        "copies": [
            _copy(one, language) | {"level": 1 if one is form else 2, "listed": one is form or is_long}
            for one in copies
        ],
    }


def _copy(form: Form, language: Language) -> dict[str, Any]:
    return {
        "name": _name(form),
        "gloss": f"{form.title.en}, {form.copy.en}" if language == "en" else None,
        "copy": f"({form.copy.ko})",
        "ink": layout().ink[form.copy.value].model_dump(),
    }


def _name(form: Form) -> str:
    """How a document is called in the list of bookmarks."""
    parties = f"{form.text('supplier.name')} → {form.text('buyer.name')}"
    facts = (form.text("written_on"), parties, f"{form.text('total_amount')}원", form.copy.ko)
    return " · ".join(facts)


def _missing_note(characters: list[str]) -> Label:
    codes = ", ".join(f"U+{ord(character):04X}" for character in characters[:_MOST_CODES])
    more = ", …" if len(characters) > _MOST_CODES else ""
    return Label(
        f"{MISSING}: 글꼴에 없는 글자({codes}{more}). XML에는 그대로 있습니다.",
        f"{MISSING}: a character that no font has ({codes}{more}); the XML has it",
    )


def _section(section: Section, form: Form, language: Language) -> dict[str, Any]:
    paper = layout().paper
    running = _both(form.running_head, language) if section.head_rows else None
    inset = paper.inset_y if running is None else paper.inset_y_many
    above = 0 if running is None else 1
    drawn = [(box, *_box(box, section, language, above)) for box in section.boxes if not _goes_unsaid(box)]
    heights = row_heights(
        [(box.area, height) for box, _, height in drawn],
        empty=lines_height(1, paper.text),
        inset=inset / _POINT_MM,
    )
    return {
        "columns": section.columns,
        "rows": [None] * above + heights,
        "inset": inset,
        "head": sum(len(row) for row in section.rows[: section.head_rows]),
        "running": running,
        "boxes": [shown for _, shown, _ in drawn],
    }


def _goes_unsaid(box: Box) -> bool:
    """Whether the typesetter draws a box without being told of it: an empty one of one place, but for a row's first."""
    _, column, row_span, column_span = box.area
    return column > 0 and row_span == column_span == 1 and not box.text.ko


def _box(box: Box, section: Section, language: Language, above: int) -> tuple[dict[str, Any], float | None]:
    """What is drawn, and how high it is in points where that is known before."""
    row, column, row_span, column_span = box.area
    size = layout().paper.text * box.scale / 100 if box.role is Role.VALUE else layout().paper.caption
    room = _room(sum(section.columns[column : column + column_span]), section.key, size)
    words = list(box.text.ko) if box.role is Role.GROUP else box.text.ko.split("\n") if box.text.ko else []
    glossed = language == "en" and box.role is not Role.GROUP and box.text.en != box.text.ko
    is_sure = not glossed and all(_ORDINARY.fullmatch(line) and fits(line, room) for line in words)
    drawn = {
        "place": {"x": column, "y": above + row, "colspan": column_span, "rowspan": row_span},
        "role": box.role.value,
        "align": box.align.value,
        "scale": box.scale,
        "strong": box.strong,
        "negative": box.negative,
        "lines": words if is_sure else [_line(line, room) for line in words],
        "gloss": _line(box.text.en, room / _GLOSS) if glossed else None,
    }
    return drawn, lines_height(len(words), size) if is_sure else None


def _room(hundredths: int, section: str, size: float) -> float:
    """How many digits of this size stand beside each other in a box of this width."""
    paper = layout().paper
    whole = _A4_MM - 2 * paper.margin_x
    if section == "identity":
        whole = (whole - 2 * _BESIDE_TITLE_MM) * paper.identity / 100
    return (whole * hundredths / 100 - 2 * paper.inset_x) / (size * _DIGIT_EM * _POINT_MM)


def _line(text: str, room: float = _ANYTHING) -> Line:
    """A line as it is or, where it has words that are too long or characters to be drawn, in pieces."""
    if _ORDINARY.fullmatch(text) and fits(text, room):
        return text
    found = pieces(drawable(_PLAIN_SPACES.sub(" ", text)), room)
    return found[0].text if len(found) == 1 and found[0].is_text else found


def _both(label: Label | None, language: Language) -> Line | None:
    """Korean, and English after it where that is the reader's language."""
    if label is None:
        return None
    return _line(label.ko if language == "ko" or label.en == label.ko else f"{label.ko} {label.en}")
