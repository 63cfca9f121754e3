"""The description of the form is whole: every box is described, stands somewhere, and can be filled."""

import re
from itertools import product

import pytest
from pydantic import ValidationError

from dojang.render import Copy, stylesheet
from dojang.render.layout import Role, SectionSpec, layout
from dojang.render.values import WAYS, reach
from render.render_samples import taxed

LAYOUT = layout()
NAMES = {place.name for section in LAYOUT.section for place in section.places if place.role is not Role.GROUP}
NAMES |= {name for section in LAYOUT.section for name in section.line}


def grid(**changes):
    whole = {"key": "k", "ko": "가", "en": "a", "columns": (40, 60), "rows": (("#a", "a"),)}
    return SectionSpec.model_validate(whole | changes)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_box_is_described_and_can_be_shown(name):
    assert LAYOUT.spec(name).shown in WAYS


def test_nothing_is_described_that_stands_nowhere():
    used = {id(LAYOUT.spec(name)) for name in NAMES}
    assert [key for key, spec in LAYOUT.value.items() if id(spec) not in used] == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_box_reaches_a_field_that_exists(name):
    spec = LAYOUT.spec(name)
    record = taxed().items[0] if name.startswith("item.") else taxed()
    reach(record, name.removeprefix("item.") if spec.field is None else spec.field)


def test_every_group_has_a_heading():
    groups = {
        place.name for section in LAYOUT.section for place in section.places if place.role is Role.GROUP
    }
    assert groups == set(LAYOUT.group)


@pytest.mark.parametrize(
    "conditions",
    list(product(("taxed", "exempt"), ("original", "amendment"), (None, "consigned"), (None, "import"))),
)
def test_each_kind_of_document_has_each_section_once(conditions):
    keys = [section.key for section in LAYOUT.sections(frozenset(filter(None, conditions)))]
    assert len(keys) == len(set(keys))
    assert {"identity", "parties", "amounts", "items", "totals"} <= set(keys)
    assert ("broker" in keys) is ("consigned" in conditions)


def test_every_width_has_its_class_in_the_stylesheet():
    widths = {width for section in LAYOUT.section for width in section.columns}
    told = {
        int(name): int(value) for name, value in re.findall(r"\.dojang-w(\d+) \{ width: (\d+)%", stylesheet())
    }
    assert told == {width: width for width in widths}


def test_screen_and_paper_have_the_same_colours():
    assert set(LAYOUT.ink) == {copy.value for copy in Copy}
    for ink in LAYOUT.ink.values():
        assert f"--ink: {ink.line};\n  --tint: {ink.tint};" in stylesheet()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"columns": (40, 50)}, "not 100 wide"),
        ({"rows": (("#a", "a"), ("b",))}, "has not 2 columns"),
        ({"line": ("a",)}, "has not 2 columns"),
        ({"rows": (("a", "b"), ("b", "a"))}, "no rectangle"),
        ({"rows": (("a", "a"), ("a", "b"))}, "no rectangle"),
        ({"rows": (("a", "b"), ("a", "a"))}, "no rectangle"),
        ({"rows": (("a", "b"), ("b", "b"), ("b", "a"))}, "no rectangle"),
    ],
)
def test_a_grid_that_is_none_is_refused(changes, why):
    with pytest.raises(ValidationError, match=why):
        grid(**changes)
