"""A driver of random steps: a class says what can be done and how often, a seed decides, and a failure is made short.

Hypothesis's own machine draws few long stories whose later steps need many earlier ones; here steps are drawn by weight
among those that can be done, and what a story failed by is played again with steps left out for as long as it still fails.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import Any, Protocol, TypeVar

_Method = TypeVar("_Method", bound=Callable[..., None])
_KEPT = "_sometimes"


@dataclass(frozen=True)
class Kind:
    """A kind of step: how often it is done, when it can be, and what each of its arguments is chosen from."""

    weight: int
    when: Callable[[Any], object]
    choices: Mapping[str, Callable[[Random], object] | Sequence[object]]


@dataclass(frozen=True)
class Step:
    """A step that was done."""

    name: str
    given: Mapping[str, object]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.given.items())})"


class World(Protocol):
    """What steps are done in."""

    def check(self) -> None:
        """What holds after every step."""

    def end(self) -> None:
        """What holds at the end."""

    def close(self) -> None:
        """Leave nothing behind."""


def sometimes(
    weight: int,
    *,
    when: Callable[[Any], object] = lambda _: True,
    **choices: Callable[[Random], object] | Sequence[object],
) -> Callable[[_Method], _Method]:
    """Mark a method as a kind of step."""

    def mark(method: _Method) -> _Method:
        setattr(method, _KEPT, Kind(weight, when, choices))
        return method

    return mark


def kinds_of(world: object) -> dict[str, Kind]:
    """The kinds of steps of a class, by name."""
    found = {name: getattr(getattr(type(world), name), _KEPT, None) for name in dir(type(world))}
    return {name: kind for name, kind in found.items() if kind is not None}


def play(make: Callable[[], World], *, seed: int, length: int) -> None:
    """Do so many random steps.

    Raises:
        AssertionError: with the shortest story found that fails, and the failure that it ends in.
    """
    story: list[Step] = []
    try:
        _tell(make, _drawn(Random(seed), length), story)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
        shortest, failure = _shortened(make, story, error)
        told = "\n".join(f"  {step}" for step in shortest)
        raise AssertionError(f"seed {seed}, {len(story)} steps; as short as it gets:\n{told}") from failure


def _drawn(random: Random, length: int) -> Callable[[World], Step | None]:
    left = iter(range(length))

    def draw(world: World) -> Step | None:
        if next(left, None) is None:
            return None
        can = {name: kind for name, kind in kinds_of(world).items() if kind.when(world)}
        [name] = random.choices(list(can), [kind.weight for kind in can.values()])
        given = {
            key: choice(random) if callable(choice) else random.choice(choice)
            for key, choice in can[name].choices.items()
        }
        return Step(name, given)

    return draw


def _again(story: Sequence[Step]) -> Callable[[World], Step | None]:
    steps = iter(story)

    def draw(world: World) -> Step | None:
        kinds = kinds_of(world)
        return next((step for step in steps if kinds[step.name].when(world)), None)

    return draw


def _tell(make: Callable[[], World], draw: Callable[[World], Step | None], story: list[Step]) -> None:
    world = make()
    try:
        while (step := draw(world)) is not None:
            story.append(step)
            getattr(world, step.name)(**step.given)
            world.check()
        world.end()
    finally:
        world.close()


def _shortened(
    make: Callable[[], World], story: list[Step], error: Exception, *, seconds: float = 120
) -> tuple[list[Step], Exception]:
    """Leave out parts of a story, large ones first, while it fails in the same place."""
    until, part = monotonic() + seconds, max(len(story) // 2, 1)
    while part:
        start = len(story)
        while start > 0 and monotonic() < until:
            start -= part
            shorter = story[: max(start, 0)] + story[start + part :]
            told: list[Step] = []
            try:
                _tell(make, _again(shorter), told)
            except Exception as found:  # noqa: BLE001 (whatever it is, it is compared)
                if _place(found) == _place(error):
                    story, error = told, found
        part //= 2
    return story, error


def _place(error: Exception) -> tuple[type, int]:
    """Where it failed: the innermost line."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return type(error), traceback.tb_lineno if traceback else 0
