"""How high the rows of a table are, where that is known before anything is set.

The typesetter sets a box twice in a row whose height it has to find: to measure, and to draw. Most rows hold single
lines that surely fit, and need no finding.
"""

from collections.abc import Sequence

from dojang.render.layout import Area

LINE = (1949 + 494) / 2048
"""Height of a line in all fonts of the package, as a share of its size: ascender and descender."""
LEADING = 0.08
"""Between lines, as a share of their size; the template has it from here."""


def lines_height(count: int, size: float) -> float:
    """How high so many lines of this size are; both in points."""
    return size * (count * LINE + max(count - 1, 0) * LEADING)


def row_heights(
    boxes: Sequence[tuple[Area, float | None]], *, empty: float, inset: float
) -> list[float | None]:
    """The height of every row in points, None where only setting it tells.

    Args:
        boxes: where each stands, and how high what stands in it is; None: not known.
        empty: height of a row in which nothing stands.
        inset: space above what stands in a box, and as much below it.
    """
    highest: list[float | None] = [0.0] * max(area.row + area.row_span for area, _ in boxes)
    for area, height in boxes:
        before = highest[area.row]
        if area.row_span == 1 and before is not None:
            highest[area.row] = None if height is None else max(before, height)
    heights = [None if height is None else (height or empty) + 2 * inset for height in highest]
    for area, height in boxes:
        if area.row_span > 1 and not _has_room(height, heights[area.row : area.row + area.row_span], inset):
            heights[area.row + area.row_span - 1] = None
    return heights


def _has_room(height: float | None, rows: Sequence[float | None], inset: float) -> bool:
    """Whether a box over these rows needs none to be higher; one whose height is found makes room by itself."""
    known = [row for row in rows if row is not None]
    return len(known) < len(rows) or (height is not None and height + 2 * inset <= sum(known))
