"""The switches of mails."""

from collections.abc import Iterable

from django import forms

from dojang.service.notices.kinds import KINDS
from dojang.service.notices.models import Kind


class SwitchesForm(forms.Form):
    """One tick for each kind: what is not ticked is off."""

    def __init__(self, kinds: Iterable[Kind], off: Iterable[str], **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type] # Django's own keywords, handed on
        self.kinds, hidden = tuple(kinds), frozenset(off)
        for kind in self.kinds:
            found = KINDS[kind]
            self.fields[kind.value] = forms.BooleanField(
                required=False, label=found.title, help_text=found.hint, initial=kind not in hidden
            )

    @property
    def on(self) -> list[Kind]:
        """The kinds that were ticked."""
        return [kind for kind in self.kinds if self.cleaned_data.get(kind.value)]
