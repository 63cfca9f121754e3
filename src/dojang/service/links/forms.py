"""The forms of requests that are answered behind links."""

from django import forms

from dojang.service.web.say import say_lazy


class SendAgainForm(forms.Form):
    """To whom it is mailed once more."""

    to = forms.EmailField(
        label=say_lazy("받는 사람", "To"),
        max_length=100,
        help_text=say_lazy(
            "다른 주소로 바꾸면 새 링크를 보내고 전에 보낸 링크는 끊습니다.",
            "To another address it goes with a new link, and the one sent before ends.",
        ),
    )
