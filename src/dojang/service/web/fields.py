"""Fields of forms for what stands in every document: amounts, quantities, days."""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms

from dojang.service.web.say import say_lazy

#: Attributes of a field for what no dictionary and no address book knows: numbers, codes.
QUIET: Final[dict[str, Any]] = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class WonField(forms.IntegerField):
    """Whole won, with or without separators."""

    def __init__(self, **values: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "num", **QUIET})
        super().__init__(widget=widget, **values)

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace(",", "").strip() if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """With separators, as amounts stand everywhere; what was typed stays as it was typed."""
        return f"{value:,}" if isinstance(value, int) else value


class NumberField(forms.CharField):
    """A quantity or price with at most two decimals, with or without separators."""

    def __init__(self, **values: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", **QUIET})
        super().__init__(widget=widget, max_length=24, **values)

    def clean(self, value: Any) -> Decimal | None:
        """The number; None where nothing was typed."""
        typed = str(super().clean(value)).replace(",", "").strip()
        if not typed:
            return None
        try:
            number = Decimal(typed) if typed.isascii() and "e" not in typed.lower() else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or number != round(number, 2):
            raise forms.ValidationError(
                say_lazy("소수점 아래 두 자리까지의 수를 적어 주세요.", "A number with at most two decimals.")
            )
        return number


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **values: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **values)
