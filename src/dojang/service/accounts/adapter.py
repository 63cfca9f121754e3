"""How allauth and our people meet."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import translation
from django.utils.encoding import force_str

from dojang.service import secrets
from dojang.service.web.language import language_of
from dojang.service.web.say import say

_PURPOSE = "accounts.second_factor"
# A second factor is the person's, not a workspace's; no workspace has this number.
_NO_WORKSPACE = 0


class AccountAdapter(DefaultAccountAdapter):
    """Keeps the language in which someone signed up, and writes to people in theirs."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.language = language_of(request)
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit=commit)

    def format_email_subject(self, subject: str) -> str:
        return f"[{say('도장', 'Dojang')}] {force_str(subject)}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # Who forgot a password isn't logged in: their own language, not the browser's.
        language = getattr(context.get("user"), "language", None) or translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, context)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted, and names things as people do."""

    def encrypt(self, text: str) -> str:
        sealed = secrets.encrypt(text.encode(), purpose=_PURPOSE, workspace_id=_NO_WORKSPACE)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return secrets.decrypt(sealed, purpose=_PURPOSE, workspace_id=_NO_WORKSPACE).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return say(f"패스키 {number}", f"Passkey {number}")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": say("도장", "Dojang")}
