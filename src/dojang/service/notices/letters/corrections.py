"""To a supplier: a buyer asks for an amendment of what was issued to them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from dojang.etax.codes import Taxation
from dojang.service.notices.letters import Compose, Letter
from dojang.service.notices.letters.words import amount
from dojang.service.notices.models import OutgoingMail
from dojang.service.records.content import KINDS
from dojang.service.records.models import Correction, Record, Source
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number, day, issue_id

_EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Correction.Why.AMOUNT.value: "wrong_amount",
        Correction.Why.PARTY.value: "wrong_buyer",
        Correction.Why.DATE.value: "wrong_date",
        Correction.Why.TWICE.value: "issued_twice",
        Correction.Why.RETURNED.value: "goods_returned",
        Correction.Why.UNDONE.value: "contract_undone",
    }
)
"""What the supplier is asked to have happened, by what the buyer says; the rest is theirs to choose."""


def asked(mail: OutgoingMail, now: datetime) -> Compose | None:
    """What the document is, and what the buyer says is wrong with it; nothing once it was withdrawn or answered."""
    if not Correction.objects.filter(pk=mail.facts["correction"], state=Correction.State.ASKED).exists():
        return None
    found = Record.objects.select_related("business").filter(pk=mail.facts["record"], deleted_at=None).first()
    if found is None:
        return None
    record, buyer = found, found.business
    kind = KINDS.get(record.document_type)
    # What came by itself was issued on this server: whoever issued it amends it here.
    here = _amend(record, str(mail.facts.get("why", ""))) if record.source == Source.DELIVERED else ""
    noun = "계산서" if kind is not None and kind.taxation is Taxation.EXEMPT else "세금계산서"

    def compose() -> Letter:
        reason = str(mail.facts.get(say("reason", "reason_en"), ""))
        expected = str(mail.facts.get(say("expected_ko", "expected_en"), ""))
        facts = (
            (say("공급자", "Supplier"), record.party_name),
            (say("공급받는자", "Buyer"), f"{buyer.name} ({business_number(buyer.number)})"),
            (say("작성일자", "Date written"), day(record.written_on)),
            (say("품목", "Items"), record.item_name),
            (say("합계금액", "Total"), amount(record.total_amount)),
            (say("승인번호", "Issue id"), issue_id(record.issue_id)),
            (say("요청 사유", "Reason"), reason),
            (say("요청하는 수정", "Expected"), expected),
        )
        return Letter(
            subject=say(
                f"{buyer.name}에서 {noun} 수정을 요청합니다 ({day(record.written_on)})",
                f"{buyer.name} asks you to amend a tax invoice ({day(record.written_on)})",
            ),
            paragraphs=(
                say(
                    f"{buyer.name}에서 받은 아래 문서의 수정발급을 요청합니다. 내용을 확인하고 수정{noun}를 발급해 주세요.",
                    f"{buyer.name} has received the following document and asks you to amend it. Please check it and "
                    "issue an amended tax invoice.",
                ),
            ),
            facts=tuple((name, value) for name, value in facts if value),
            button=(say("확인하고 수정발행", "Look at it and amend it"), here) if here else None,
            closing=(
                say(
                    f"문의: {buyer.name} {buyer.contact_name} {buyer.contact_email}".strip(),
                    f"Contact: {buyer.name} {buyer.contact_name} {buyer.contact_email}".strip(),
                ),
            ),
            sandbox=record.way_out == "sandbox",
            reply_to=buyer.contact_email,
        )

    return compose


def _amend(record: Record, why: str) -> str:
    """Where the supplier amends it; which workspace of theirs it is, only they are told."""
    path = reverse("amendment_here", args=[record.issue_id])
    event = _EVENTS.get(why)
    return settings.ENVIRONMENT.origin + path + (f"?{urlencode({'event': event})}" if event else "")
