"""The filled form as HTML: one fragment for a page of anybody's, or a whole page to be printed.

Everything is escaped and kept from turning what stands beside it (bdi). No script, no style attribute and no link,
so that a strict Content-Security-Policy may stand; `stylesheet` is all the fragment needs.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import count

from dojang.errors import Language
from dojang.etax.invoice import Label
from dojang.render.forms import SANDBOX_LINE, SANDBOX_MARK, Box, Form, Role, Section
from dojang.render.markup import NOTHING, Html, attributes, h

_SHORT_MARKS = 12
"""Watermarks on a form of one half sheet; each item line beyond that adds one."""


@cache
def stylesheet() -> str:
    """The CSS of the form. All of its selectors begin with `.dojang-`."""
    return files("dojang.render").joinpath("form.css").read_text(encoding="utf-8")


def render(
    form: Form, *, sandbox: bool, language: Language = "ko", name: str = "form", caption: str = ""
) -> str:
    """The form as an HTML fragment: a region that scrolls in itself where the page is narrower than paper.

    Args:
        form: what `forms.form` gives.
        sandbox: whether it is for practice: then 모의 is written all over it.
        language: "en" adds English to every label; the form itself stays Korean, as the law has it.
        name: begins every id in the fragment; has to differ between the forms of one page.
        caption: the id of what tells it from the page's other forms of the same kind, read with its title.
    """
    return _form(form, sandbox=sandbox, language=language, name=name, caption=caption).text


def page(*forms: Form, sandbox: bool, language: Language = "ko", title: str | None = None) -> str:
    """A whole page that can be stored, shown without a network, and printed on A4, two short forms to a sheet.

    Args:
        forms: in the order of the page, at least one.
        sandbox: as in `render`.
        language: as in `render`.
        title: of the page; left out, the name of the first form.
    """
    named = title or forms[0].title.text(language)
    numbered = zip(count(1), forms, strict=False)
    marked = f"[{SANDBOX_MARK.text(language)}] {named}" if sandbox else named
    whole = h(
        '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{}</title>\n<style>\n{}</style>\n</head>\n"
        '<body class="dojang-page">\n<main>\n<h1 class="dojang-hidden">{}</h1>\n{}</main>\n</body>\n</html>\n',
        language,
        marked,
        Html(stylesheet()),
        marked,
        [_form(form, sandbox=sandbox, language=language, name=f"form{number}") for number, form in numbered],
    )
    return whole.text


def _form(form: Form, *, sandbox: bool, language: Language, name: str, caption: str = "") -> Html:
    classes = ["dojang-form", f"dojang-{form.copy.value}", *(["dojang-long"] if form.running_head else [])]
    return h(
        '<div class="dojang-box">\n{}<div class="dojang-scroll" role="region" tabindex="0" aria-labelledby="{}">\n'
        '<article class="{}" lang="ko">\n{}{}{}{}</article>\n</div>\n</div>\n',
        _line(SANDBOX_LINE, language, "dojang-sandbox") if sandbox else NOTHING,
        f"{caption} {name}-title".strip(),
        " ".join(classes),
        _watermark(form, form.mark or SANDBOX_MARK, language) if sandbox or form.mark else NOTHING,
        _head(form, language, name, sandbox=sandbox),
        [
            _table(section, form, language, name, sandbox=sandbox)
            for section in form.sections
            if section.key != "identity"
        ],
        h(
            '<footer class="dojang-notes">\n{}</footer>\n',
            [_line(note, language, "dojang-note") for note in form.notes],
        ),
    )


def _head(form: Form, language: Language, name: str, *, sandbox: bool) -> Html:
    mark = h('<span class="dojang-mark">{}</span> ', _both(SANDBOX_MARK, language)) if sandbox else NOTHING
    return h(
        '<header class="dojang-head">\n<h2{}>{}{} <small>({})</small></h2>\n{}</header>\n',
        attributes(id=f"{name}-title"),
        mark,
        _both(form.title, language),
        _both(Label(form.copy.ko, form.copy.en), language),
        _table(form.section("identity"), form, language, name, sandbox=sandbox),
    )


def _watermark(form: Form, label: Label, language: Language) -> Html:
    """Real text, not a background: browsers leave backgrounds away when they print."""
    lines = len(form.section("items").rows)
    mark = h("<span{}>{}</span>", attributes(lang=language), label.text(language))
    return h('<div class="dojang-watermark" aria-hidden="true">{}</div>\n', [mark] * (_SHORT_MARKS + lines))


def _line(label: Label, language: Language, kind: str) -> Html:
    return h("<p{}>{}</p>\n", attributes(class_=kind, lang="ko"), _both(label, language))


def _both(label: Label, language: Language) -> Html:
    """Korean, and English after it where that is the reader's language."""
    if language == "ko" or label.en == label.ko:
        return h("{}", label.ko)
    return h('{} <span class="dojang-gloss" lang="en">{}</span>', label.ko, label.en)


# Tables


def _table(section: Section, form: Form, language: Language, name: str, *, sandbox: bool) -> Html:
    rows = section.rows
    head, body = rows[: section.head_rows], rows[section.head_rows :]
    running = _running(section, form, language, sandbox=sandbox) if head else NOTHING
    return h(
        '<table class="dojang-{}">\n<caption class="dojang-hidden">{}</caption>\n<colgroup>{}</colgroup>\n{}'
        "<tbody>\n{}</tbody>\n</table>\n",
        section.key,
        section.label.text(language),
        [h('<col class="dojang-w{}">', column) for column in section.columns],
        h("<thead>\n{}{}</thead>\n", running, _rows(head, section, language, name)) if head else NOTHING,
        _rows(body, section, language, name),
    )


def _running(section: Section, form: Form, language: Language, *, sandbox: bool) -> Html:
    """What is repeated on every sheet, so that no sheet can be taken for another document's."""
    if form.running_head is None:
        return NOTHING
    mark = h('<span class="dojang-mark">{}</span> ', _both(SANDBOX_MARK, language)) if sandbox else NOTHING
    return h(
        '<tr><td class="dojang-running" colspan="{}">{}{}</td></tr>\n',
        len(section.columns),
        mark,
        _both(form.running_head, language),
    )


def _rows(rows: tuple[tuple[Box, ...], ...], section: Section, language: Language, name: str) -> list[Html]:
    return [h("<tr>{}</tr>\n", [_cell(box, section, language, name) for box in row]) for row in rows]


def _cell(box: Box, section: Section, language: Language, name: str) -> Html:
    is_value = box.role is Role.VALUE
    classes = [f"dojang-{box.role.value}", f"dojang-{box.align.value}"] if is_value else []
    if box.scale < 100:  # noqa: PLR2004 (percent)
        classes.append(f"dojang-s{box.scale}")
    classes += ["dojang-strong"] * box.strong + ["dojang-negative"] * box.negative
    classes += ["dojang-changed"] * box.changed
    return h(
        "<{}{}>{}</{}>",
        tag := "td" if is_value else "th",
        attributes(
            class_=" ".join(classes) if is_value else f"dojang-{box.role.value}",
            id=None if is_value else _id(name, box.key),
            scope=None if is_value else _scope(box, section),
            headers=" ".join(_id(name, label) for label in box.labels),
            colspan=_span(box.area.column_span),
            rowspan=_span(box.area.row_span),
        ),
        [_CHANGED[language], _written(box, language)] if box.changed else _written(box, language),
        tag,
    )


_CHANGED: Mapping[Language, Html] = {
    "ko": h('<span class="dojang-hidden">{}</span>', "바뀐 칸: "),
    "en": h('<span class="dojang-hidden" lang="en">{}</span>', "changed: "),
}
"""Says to who cannot see the frame what the frame says."""


def _written(box: Box, language: Language) -> Html:
    if not box.text.ko:
        return NOTHING
    if box.role is not Role.VALUE:
        return _both(box.text, language)
    lines = [h("<bdi>{}</bdi>", line) for line in box.text.ko.split("\n")]
    broken = [lines[0], *(h("<br>{}", line) for line in lines[1:])]
    if language == "ko" or box.text.en == box.text.ko:
        return h("{}", broken)
    return h('{} <span class="dojang-gloss" lang="en">{}</span>', broken, box.text.en)


def _scope(box: Box, section: Section) -> str:
    """Of a label: for what stands under it, or beside it."""
    if box.role is Role.GROUP:
        return "rowgroup"
    if section.head_rows:
        return "col"
    value = next(other for other in section.boxes if box.key in other.labels)
    return "row" if value.area.row == box.area.row else "col"


def _id(name: str, key: str) -> str:
    """An id without characters that CSS and `headers` give a meaning."""
    return f"{name}-{key.replace('@', 'group-').replace('#', 'label-').replace('.', '-')}"


def _span(count: int) -> int | None:
    return count if count > 1 else None
