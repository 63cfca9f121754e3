"""What has to be approved, as a form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from dojang.service.approvals import policies
from dojang.service.approvals.models import ApprovalPolicy
from dojang.service.web.say import say, say_lazy
from dojang.service.workspaces.forms import ServiceForm
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business


class PolicyForm(ServiceForm):
    """Whether, from which amount, and by how many people."""

    at: ClassVar = {"approval_amount_out_of_range": "from_amount"}

    is_on = forms.BooleanField(
        label=say_lazy("발행하기 전에 승인을 받습니다", "Documents are approved before they are issued"),
        required=False,
    )
    from_amount = forms.CharField(
        label=say_lazy("승인이 필요한 합계금액 (원 이상)", "From a total amount of (won)"),
        required=False,
        max_length=30,
        help_text=say_lazy(
            "0이면 모든 문서입니다. 마이너스 수정 문서는 금액의 크기로 봅니다.",
            "0 is every document. A minus counts by its size.",
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num"}),
    )
    four_eyes = forms.BooleanField(
        label=say_lazy(
            "작성한 사람과 승인하는 사람이 달라야 합니다", "Writer and approver have to be two people"
        ),
        required=False,
        help_text=say_lazy(
            "켜면 발행 권한이 있어도 자기가 작성한 문서는 다른 사람의 승인을 받아야 합니다.",
            "Then even who may issue has their own documents approved by somebody else.",
        ),
    )

    def __init__(self, policy: ApprovalPolicy | None, data: Mapping[str, Any] | None = None) -> None:
        begin = {
            "is_on": policy is not None,
            "from_amount": f"{policy.from_amount:,}" if policy else "0",
            "four_eyes": policy.four_eyes if policy else True,
        }
        super().__init__(data, initial=begin)

    def clean_from_amount(self) -> int:
        """A whole number of won, with or without separators."""
        text = str(self.cleaned_data["from_amount"]).replace(",", "").replace("원", "").strip() or "0"
        if not (text.isascii() and text.isdigit()):
            raise forms.ValidationError(say("원 단위 숫자로 적어 주세요.", "Enter a whole number of won."))
        return int(text)

    def save(self, member: Member, business: Business, now: datetime) -> bool:
        """Keep it; whether it was taken."""
        if not self.is_valid():
            return False
        if not self.cleaned_data["is_on"]:
            policies.drop_policy(member=member, business=business, now=now)
            return True
        kept = self.run(
            lambda: policies.set_policy(
                member=member,
                business=business,
                from_amount=self.cleaned_data["from_amount"],
                four_eyes=self.cleaned_data["four_eyes"],
                now=now,
            )
        )
        return kept is not None
