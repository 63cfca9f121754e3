"""What a person says of themselves: the name that colleagues see, and the language of pages and mails."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from dojang.service.accounts.models import User
from dojang.service.web.say import say, say_lazy


class ProfileForm(forms.Form):
    """Name and language."""

    name = forms.CharField(
        label=say_lazy("이름", "Name"),
        max_length=40,
        help_text=say_lazy(
            "구성원과 이력에 이 이름으로 보입니다. 지난 이력에도 새 이름이 보입니다.",
            "Members and histories show it; earlier entries show the new name, too.",
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=say_lazy("언어", "Language"),
        help_text=say_lazy("화면과 메일에 씁니다.", "Of pages and mails."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["language"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(settings.LANGUAGES)

    def clean_name(self) -> str:
        """One line, with something in it."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():
            raise forms.ValidationError(
                say("이름에 쓸 수 없는 글자가 있습니다.", "The name has characters that can't be used.")
            )
        return name


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Look at it and change it."""
    person = User.objects.get(pk=int(request.user.pk or 0))
    form = ProfileForm(request.POST or None, initial={"name": person.name, "language": person.language})
    if request.method == "POST" and form.is_valid():
        person.name, person.language = form.cleaned_data["name"], form.cleaned_data["language"]
        person.save(update_fields=["name", "language"])
        with translation.override(person.language):
            messages.success(request, say("저장했습니다.", "Saved."))
        return redirect("account_profile")
    return render(request, "account/profile.html", {"form": form})
