"""Mails of 발행정보 요청: to the customer that is asked, and to the member who asked."""

from datetime import datetime

from dojang.service.billing.answers import kept_until
from dojang.service.billing.models import BillingRequest, State
from dojang.service.links.services import address
from dojang.service.links.terms import last_day
from dojang.service.notices.letters import Compose, Letter
from dojang.service.notices.letters.words import page
from dojang.service.notices.models import OutgoingMail
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number, day


def asked(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To the customer: who asks and until when; the link is made here and stands nowhere else."""
    return _asking(mail, now, is_reminder=False)


def reminder(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To the customer, a day before the end."""
    return _asking(mail, now, is_reminder=True)


def answered(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To the member who asked: there is something to look at. What was filled in stays on the page."""
    row = _row(mail)
    if row is None or row.state != State.ANSWERED:
        return None
    link, name, until = page("billing_request", row.pk), row.name, kept_until(row)

    def compose() -> Letter:
        return Letter(
            subject=say(f"{name}의 발행정보가 도착했습니다", f"{name} has filled in its billing data"),
            paragraphs=(
                say(
                    "거래처가 발행정보를 작성했습니다. 알고 있던 내용과 견주어 보고 거래처에 반영해 주세요. "
                    "반영하기 전에는 거래처 정보가 바뀌지 않고, 기한까지 반영하지 않으면 작성된 내용을 지웁니다.",
                    "The customer has filled in its billing data. Compare it with what you know and take it over; "
                    "nothing changes before you do, and after the day below what was filled in is erased.",
                ),
            ),
            facts=((say("거래처", "Customer"), name), (say("반영할 수 있는 날", "Until"), day(until))),
            button=(say("확인하기", "Look at it"), link),
        )

    return compose


def _asking(mail: OutgoingMail, now: datetime, *, is_reminder: bool) -> Compose | None:
    row = _row(mail)
    if row is None or row.state != State.ASKED or row.expires_at <= now or row.link is None:
        return None
    if row.link.made_for.lower() != mail.to.lower():
        return None
    asker, link, last = row.business, address(row.link), last_day(row.expires_at)
    reason, message = row.reason, row.message

    def compose() -> Letter:
        facts = (
            (say("요청한 곳", "Asked by"), f"{asker.name} ({business_number(asker.number)})"),
            (say("작성 기한", "Until"), day(last)),
            (say("고쳐야 할 것", "To be mended"), reason),
            (say("전하는 말", "Message"), message),
        )
        asking = " ".join(f"{asker.name} {asker.contact_name} {asker.contact_email}".split())
        return Letter(
            subject=_subject(asker.name, day(last), is_reminder=is_reminder, is_back=bool(reason)),
            paragraphs=(
                say(
                    f"{asker.name}에서 세금계산서를 발행하는 데 필요한 정보(사업자등록번호, 상호, 담당자 이메일 등)를 "
                    "요청합니다. 아래 단추를 눌러 작성해 주세요. 가입하지 않아도 됩니다.",
                    f"{asker.name} needs your billing data (business number, name, e-mail of a contact …) to issue tax "
                    "invoices to you. Please fill it in; no account is needed.",
                ),
            ),
            facts=tuple((name, value) for name, value in facts if value),
            button=(say("발행정보 작성하기", "Fill it in"), link),
            closing=(
                say(
                    "받는 분만 쓰도록 만든 링크입니다. 다른 사람에게 전달하지 마세요.",
                    "The link was made for you alone; please do not pass it on.",
                ),
                say(f"문의: {asking}", f"Contact: {asking}"),
            ),
            reply_to=asker.contact_email,
        )

    return compose


def _subject(asker: str, last: str, *, is_reminder: bool, is_back: bool) -> str:
    if is_reminder:
        return say(
            f"{asker}의 발행정보 요청이 {last}에 끝납니다",
            f"The request of {asker} for billing data ends on {last}",
        )
    if is_back:
        return say(
            f"{asker}에서 발행정보를 고쳐 달라고 합니다 ({last}까지)",
            f"{asker} asks you to mend your billing data (until {last})",
        )
    return say(
        f"{asker}에서 세금계산서 발행정보를 요청합니다 ({last}까지)",
        f"{asker} asks for your billing data (until {last})",
    )


def _row(mail: OutgoingMail) -> BillingRequest | None:
    rows = BillingRequest.objects.select_related("business", "link")
    return rows.filter(pk=mail.facts["request"]).first()
