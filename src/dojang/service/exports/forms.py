"""What an export is to hold."""

from typing import Any

from django import forms

from dojang.service.exports.making import Plan
from dojang.service.web.say import say, say_lazy


class ExportForm(forms.Form):
    """The parts that can be left out or added."""

    xml = forms.BooleanField(
        label=say_lazy("서명된 원본 XML", "The signed originals (XML)"), required=False, initial=True
    )
    pdf_year = forms.TypedChoiceField(
        label=say_lazy("PDF 서식", "Forms as PDF"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=say_lazy(
            "만드는 데 시간이 걸려 한 해씩 고릅니다. 1만 건에 3~4분쯤입니다.",
            "They take time to make, so one year at a time: three or four minutes for 10,000.",
        ),
    )

    def __init__(self, *arguments: Any, years: list[int], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["pdf_year"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", say("넣지 않음", "None")), *((str(one), str(one)) for one in years)]

    def plan(self) -> Plan:
        """What was chosen."""
        return Plan(xml=self.cleaned_data["xml"], pdf_year=self.cleaned_data["pdf_year"])
