"""The forms of people's accounts, where allauth's are not enough."""

from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthEditWebAuthnForm
from django import forms

from dojang.service.web.say import say_lazy

_KEY_NAME = say_lazy("패스키 이름", "Name of the passkey")
_KEY_NAME_LENGTH = 40


class SignupForm(AllauthSignupForm):
    """Sign-up with the name that colleagues see."""

    name = forms.CharField(
        label=say_lazy("이름", "Name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("name", "email", "password1")


class AddPasskeyForm(AllauthAddWebAuthnForm):
    """A passkey by default: one that logs in without a password."""

    name = forms.CharField(label=_KEY_NAME, max_length=_KEY_NAME_LENGTH, required=False)
    passwordless = forms.BooleanField(
        label=say_lazy("비밀번호 없이 이 패스키만으로 로그인", "Sign in with this passkey alone"),
        help_text=say_lazy(
            "지문·얼굴 인식이나 PIN으로 본인을 확인하는 기기에서 됩니다. "
            "끄면 비밀번호를 넣은 뒤의 2단계 인증에만 씁니다.",
            "For devices that check a fingerprint, a face or a PIN. Otherwise it only serves as a second factor.",
        ),
        required=False,
        initial=True,
    )


class EditPasskeyForm(AllauthEditWebAuthnForm):
    """A passkey's name."""

    name = forms.CharField(label=_KEY_NAME, max_length=_KEY_NAME_LENGTH)
