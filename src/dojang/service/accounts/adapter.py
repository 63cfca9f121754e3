"""How allauth and our people meet."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from dojang.service.web.language import language_of


class AccountAdapter(DefaultAccountAdapter):
    """Keeps the language in which someone signed up, so that their mails come in it."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.language = language_of(request)
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit=commit)
