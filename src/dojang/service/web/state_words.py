"""What people read of states and of steps: two tables, in both languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.template import Library

from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class StateWords:
    """The words of one kind of thing.

    Attributes:
        states: the badge in Korean and English, and the state of invoices that has its colour.
        actions: what happened, for a time line.
    """

    states: Mapping[str, tuple[str, str, str]]
    actions: Mapping[str, tuple[str, str]]

    def both(self, state: str) -> tuple[str, str]:
        """A state's badge in Korean and English."""
        ko, en, _ = self.states[state]
        return ko, en

    def state_text(self, state: str) -> str:
        """A state's badge."""
        return say(*self.both(state))

    def colour(self, state: str) -> str:
        """The state of invoices that has the badge's colour."""
        return self.states[state][2]

    def action_text(self, action: str) -> str:
        """What happened."""
        return say(*self.actions[action])

    def add_filters(self, register: Library, prefix: str) -> None:
        """Have templates say them: `…_state`, `…_colour`."""
        texts = {"state": self.state_text, "colour": self.colour}
        for name, text in texts.items():
            register.filter(f"{prefix}_{name}", _function(text))


def _function(method: Callable[[str], str]) -> Callable[[str], str]:
    """Django writes a filter's name on it, which a method does not take."""

    def text(value: str) -> str:
        return method(value)

    return text
