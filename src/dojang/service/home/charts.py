"""Charts that the server draws: numbers become rectangles, colours come from classes. No script, no style attribute."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 240
_TOP, _BOTTOM, _LEFT = 12, 28, 88
_FILL = 0.72
_TICKS = 4
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle; `kind` is its class, `title` what pointing at it says."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across, with its amount."""

    y: float
    amount: int


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a group of bars, below it."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of bar: its class, its name and a value for each group."""

    kind: str
    name: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart, ready to be drawn in a box of `width` by `height`."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    labels: Sequence[Label]
    zero: float
    left: int = _LEFT
    width: int = WIDTH
    height: int = HEIGHT


def bars(groups: Sequence[str], series: Sequence[Series]) -> Chart:
    """Bars side by side in groups; what is below zero hangs from the line."""
    values = [value for one in series for value in one.values]
    step = _step(max((abs(value) for value in values), default=0))
    high = -(-max([0, *values]) // step) * step
    low = min([0, *values]) // step * step
    span = (high - low) or step
    room = HEIGHT - _TOP - _BOTTOM

    def place(value: int) -> float:
        return round(_TOP + room * (max(high, low + step) - value) / span, 1)

    across = (WIDTH - _LEFT) / max(1, len(groups))
    thick = across * _FILL / max(1, len(series))
    found = [
        Bar(
            x=round(_LEFT + across * (group + (1 - _FILL) / 2) + thick * number, 1),
            y=min(place(value), place(0)),
            width=round(thick * 0.92, 1),
            height=round(abs(place(value) - place(0)), 1),
            kind=one.kind,
            title=f"{groups[group]} {one.name} {value:,}",
        )
        for number, one in enumerate(series)
        for group, value in enumerate(one.values)
    ]
    return Chart(
        bars=found,
        ticks=[Tick(place(amount), amount) for amount in range(low, max(high, low + step) + 1, step)],
        labels=[Label(round(_LEFT + across * (group + 0.5), 1), text) for group, text in enumerate(groups)],
        zero=place(0),
    )


def _step(largest: int) -> int:
    """A round distance between lines, so that there are about `_TICKS` of them."""
    rough = max(1, largest / _TICKS)
    power = 10 ** (len(str(int(rough))) - 1)
    return int(next(step * power for step in _STEPS if step * power >= rough)) or 1
