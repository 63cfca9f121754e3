"""Proof that the tree's data fit together, made once when they are first read.

Every name is defined in code, every way leads somewhere, every step can be reached, every way ends, and no way leads
back to where it came from: each step is asked at most once.
"""

from collections.abc import Iterator, Mapping
from string import Formatter

from dojang.etax.amendments.suggest.conditions import CONDITIONS
from dojang.etax.amendments.suggest.errors import BrokenTree
from dojang.etax.amendments.suggest.known import KNOWN, OFFERED
from dojang.etax.amendments.suggest.requests import COMPUTED, DEFAULTS
from dojang.etax.amendments.suggest.shape import Ask, Branch, Button, Make, Said, Step, Tree, Way, place
from dojang.etax.amendments.suggest.values import PROBLEM_VALUES, VALUES


def prove(tree: Tree) -> Tree:
    """The tree itself, if it is sound.

    Raises:
        BrokenTree: with the first fault found.
    """
    for fault in faults(tree):
        raise BrokenTree(why=fault)
    return tree


def faults(tree: Tree) -> Iterator[str]:
    """Everything that does not fit."""
    yield from _undefined(tree)
    yield from _nowhere(tree)
    yield from _texts(tree)
    reached = set(_reached(tree))
    yield from (f"{key}: no way leads there" for key in {**tree.steps, **tree.stops} if key not in reached)
    yield from _circles(tree)


# Ways ---------------------------------------------------------------------------------------------------------


def ways(step: Step) -> Iterator[str | None]:
    """Where a step may lead; None for an answer that leads nowhere."""
    match step:
        case Branch():
            yield from (way.to for way in step.branch)
        case Ask():
            if not step.choices or step.to or step.when or step.offered:
                yield step.to
            yield from (choice.to or step.to for choice in step.choices)
        case Make():
            pass


def _nowhere(tree: Tree) -> Iterator[str]:
    for key, step in tree.steps.items():
        yield from (_fault_of_way(key, to) for to in ways(step) if not _leads_somewhere(tree, to))
        if isinstance(step, Branch) and step.branch[-1].when is not None:
            yield f"{key}: there may be no way on"
    for event in tree.events.values():
        if not _leads_somewhere(tree, event.start):
            yield _fault_of_way(event.key, event.start)
    for key, step in tree.cross.items():
        yield from (
            f"{key}: a cross question leads on, or to a stop"
            for to in ways(step)
            if to is not None and to not in tree.stops
        )
    yield from (f"{bar.stop}: no such stop" for bar in tree.barriers if bar.stop not in tree.stops)


def _fault_of_way(key: str, to: str | None) -> str:
    return f"{key}: an answer leads nowhere" if to is None else f"{key}: {to} is no step, stop or event"


def _leads_somewhere(tree: Tree, to: str | None) -> bool:
    if to is None:
        return False
    try:
        found = place(tree, to)
    except KeyError:
        return False
    known_event = found.event is None or found.event in tree.events
    return known_event and (found.key in tree.steps or found.key in tree.stops)


def _reached(tree: Tree) -> Iterator[str]:
    waiting = [event.start for event in tree.events.values()] + [barrier.stop for barrier in tree.barriers]
    waiting += [to for step in tree.cross.values() for to in ways(step) if to]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        yield key
        waiting += _after(tree, key)


def _after(tree: Tree, key: str) -> list[str]:
    step = tree.steps.get(key)
    found = [to for to in ways(step) if to] if step else []
    return [place(tree, to).key for to in found if _leads_somewhere(tree, to)]


def _circles(tree: Tree) -> Iterator[str]:
    """Steps from which a way leads back."""
    done: set[str] = set()

    def visit(key: str, above: frozenset[str]) -> Iterator[str]:
        if key in above:
            yield f"{key}: a way leads back here"
            return
        if key in done:
            return
        for after in _after(tree, key):
            yield from visit(after, above | {key})
        done.add(key)

    for key in tree.steps:
        yield from visit(key, frozenset())


# Names --------------------------------------------------------------------------------------------------------


def _undefined(tree: Tree) -> Iterator[str]:
    for place_of_use, name, defined in _names(tree):
        if name is not None and name not in defined:
            yield f"{place_of_use}: {name} is not defined"


_Use = tuple[str, str | None, Mapping[str, object]]


def _names(tree: Tree) -> Iterator[_Use]:
    for group in tree.groups:
        yield group.key, group.when, CONDITIONS
        yield from ((event.key, event.when, CONDITIONS) for event in group.events)
    for barrier in tree.barriers:
        yield barrier.stop, barrier.when, CONDITIONS
    for remark in (*tree.gate_notes, *tree.last_notes):
        yield remark.note, remark.when, CONDITIONS
        yield remark.note, remark.note, tree.notes
    for key, step in {**tree.steps, **tree.cross}.items():
        match step:
            case Branch():
                for way in step.branch:
                    yield from _names_of_way(key, way, tree)
            case Ask():
                yield from _names_of_ask(key, step, tree)
            case Make():
                yield from _names_of_make(key, step, tree)
    for key, button in _all_buttons(tree):
        yield key, button.event, tree.events
        yield from ((key, question, tree.questions) for question in button.answers)


def _names_of_way(key: str, way: Way, tree: Tree) -> Iterator[_Use]:
    yield key, way.when, CONDITIONS
    yield key, way.note, tree.notes


def _names_of_ask(key: str, ask: Ask, tree: Tree) -> Iterator[_Use]:
    yield key, ask.when, CONDITIONS
    yield key, ask.known, KNOWN
    yield key, ask.offered, OFFERED
    yield from ((key, name, VALUES) for name in _limits(ask))
    yield from ((key, name, tree.problems) for name in (ask.too_much, ask.too_little))
    if isinstance(ask.default, str) and ask.default.startswith("="):
        yield key, ask.default.removeprefix("="), DEFAULTS
    for choice in ask.choices:
        yield key, choice.when, CONDITIONS
        yield key, choice.note, tree.notes


def _limits(ask: Ask) -> tuple[str | None, ...]:
    return (ask.least, ask.most, ask.differs_from, ask.sums_to, ask.tax_sums_to)


def _names_of_make(key: str, make: Make, tree: Tree) -> Iterator[_Use]:
    yield key, make.note, tree.notes
    yield key, make.also_targets, tree.questions
    for template in make.request.values():
        if isinstance(template, str) and template.startswith("$"):
            yield key, template.removeprefix("$"), tree.questions
        elif isinstance(template, str) and template.startswith("="):
            yield key, template.removeprefix("="), COMPUTED


# Texts --------------------------------------------------------------------------------------------------------


def _texts(tree: Tree) -> Iterator[str]:
    for key, said in _all_said(tree):
        for text in (said.ko, said.en):
            if not text:
                yield f"{key}: there is no text"
            for _, name, _, _ in Formatter().parse(text):
                if name is not None and name not in VALUES and name not in PROBLEM_VALUES:
                    yield f"{key}: the text names {name}, which is not defined"


def _all_said(tree: Tree) -> Iterator[tuple[str, Said]]:
    for table in (tree.questions, tree.stops, tree.notes, tree.problems, tree.events):
        yield from table.items()
    for key, ask in tree.questions.items():
        yield from ((f"{key}.{choice.key}", choice) for choice in ask.choices)
        if ask.help_ko or ask.help_en:
            yield f"{key}.help", Said(ko=ask.help_ko, en=ask.help_en)
    yield from _all_buttons(tree)


def _all_buttons(tree: Tree) -> Iterator[tuple[str, Button]]:
    for table in (tree.questions, tree.stops, tree.notes):
        for key, holder in table.items():
            yield from ((key, button) for button in holder.buttons)
