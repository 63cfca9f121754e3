"""Mails of 역발행: to the supplier that is asked, and to the member who asked."""

from datetime import datetime

from dojang.etax.codes import DocumentType
from dojang.service.links.services import address
from dojang.service.links.terms import last_day
from dojang.service.notices.letters import Compose, Letter
from dojang.service.notices.letters.words import amount, is_sandbox, page
from dojang.service.notices.models import OutgoingMail
from dojang.service.reverse.models import ReverseRequest, State
from dojang.service.web.say import say, say_items
from dojang.service.web.templatetags.dojang import business_number, day

_TYPES = {one.value: one for one in DocumentType}
#: By state: what it means to whoever asked. The first pair is the subject, the second what to do.
_ANSWERS = {
    State.SIGNED: (
        ("{supplier}에서 요청한 {noun}를 발행했습니다", "{supplier} has signed and issued what you asked for"),
        (
            "공급자가 서명해 발행했습니다. 국세청에 전송되면 매입 목록에 들어옵니다.",
            "It is signed and issued. It comes into your purchases once the tax office has it.",
        ),
    ),
    State.REFUSED: (
        ("{supplier}에서 역발행 요청을 거부했습니다", "{supplier} has refused your request"),
        (
            "사유를 보고 고쳐서 다시 요청할 수 있습니다.",
            "See why; you can mend it and ask again.",
        ),
    ),
    State.EXPIRED: (
        ("{supplier}에 보낸 역발행 요청의 기한이 지났습니다", "Your request to {supplier} has run out"),
        (
            "공급자가 기한까지 답하지 않았습니다. 연락해 보고, 필요하면 복사해서 다시 요청하세요.",
            "The supplier has not answered in time. Get in touch, and ask again from a copy if need be.",
        ),
    ),
    State.CANCELLED: (
        ("{supplier}에서 발행을 취소했습니다", "{supplier} has cancelled what it had issued"),
        (
            "국세청에 전송하기 전에 공급자가 취소했습니다. 효력이 없으니 신고에 쓰지 말고, 필요하면 다시 요청하세요.",
            "It was cancelled before it was sent to the tax office and is void. Ask again if you need it.",
        ),
    ),
    State.FAILED: (
        ("{supplier}에서 발행한 {noun}를 국세청이 접수하지 않았습니다", "The tax office did not take what {supplier} issued"),
        (
            "국세청에 접수되지 않아 효력이 없습니다. 공급자와 원인을 확인하고 다시 요청하세요.",
            "The tax office did not take it. Find out why with the supplier, and ask again.",
        ),
    ),
}  # fmt: skip


def requested(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To the supplier: what is asked, by whom and until when; the link is made here and stands nowhere else."""
    row = _open(mail, now)
    if row is None or row.link is None or row.link.made_for.lower() != mail.to.lower():
        return None
    return _asking(row, address(row.link), is_reminder=False)


def reminder(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To the supplier, a day before the end."""
    row = _open(mail, now)
    if row is None or row.link is None or row.link.made_for.lower() != mail.to.lower():
        return None
    return _asking(row, address(row.link), is_reminder=True)


def withdrawn(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To the supplier that was written to: nothing is asked of it any more."""
    found = _row(mail)
    if found is None or found.state != State.WITHDRAWN:
        return None
    row, buyer = found, found.business

    def compose() -> Letter:
        return Letter(
            subject=say(
                f"{buyer.name}에서 역발행 요청을 취소했습니다 ({day(row.written_on)})",
                f"{buyer.name} has withdrawn its request ({day(row.written_on)})",
            ),
            paragraphs=(
                say(
                    f"{buyer.name}에서 보낸 아래 역발행 요청이 취소되었습니다. 서명하지 않아도 됩니다.",
                    f"{buyer.name} has withdrawn the following request. There is nothing to sign any more.",
                ),
            ),
            facts=_facts(row),
            closing=(_ask(row),),
            sandbox=is_sandbox(),
            reply_to=buyer.contact_email,
        )

    return compose


def answered(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To the member who asked: how it ended."""
    found = _row(mail)
    if found is None:
        return None
    row, link = found, page("reverse_request", found.pk)
    subject, told = _ANSWERS[State(mail.facts["state"])]

    def compose() -> Letter:
        names = {"supplier": row.supplier_name, "noun": _noun(row)}
        reason = ((say("사유", "Reason"), row.reason),) if row.reason else ()
        return Letter(
            subject=f"{say(*subject).format(**names)} ({day(row.written_on)})",
            paragraphs=(say(*told),),
            facts=(*_facts(row), *reason),
            button=(say("역발행 요청 보기", "See the request"), link),
            sandbox=is_sandbox(),
        )

    return compose


def _asking(row: ReverseRequest, link: str, *, is_reminder: bool) -> Compose:
    buyer = row.business
    assert row.expires_at is not None  # noqa: S101 (it was sent)
    last = last_day(row.expires_at)

    def compose() -> Letter:
        noun = _noun(row)
        return Letter(
            subject=say(
                f"{buyer.name}에서 {noun} 역발행을 요청합니다 ({day(last)}까지)",
                f"{buyer.name} asks you to issue a tax invoice that it wrote (until {day(last)})",
            )
            if not is_reminder
            else say(
                f"{buyer.name}의 역발행 요청이 {day(last)}에 끝납니다",
                f"The request of {buyer.name} ends on {day(last)}",
            ),
            paragraphs=(
                say(
                    f"{buyer.name}에서 {row.supplier_name}(공급자)이 발행할 {noun}를 미리 작성해 보냈습니다. "
                    "내용을 확인한 뒤 공동인증서로 서명하면 바로 발행됩니다. 가입하지 않아도 됩니다.",
                    f"{buyer.name} has written a tax invoice for {row.supplier_name} to issue. Look at it and sign it "
                    "with your certificate; no account is needed.",
                ),
                say(
                    "내용이 다르면 사유를 적어 거부해 주세요.",
                    "If something is wrong, refuse it and say why.",
                ),
            ),
            facts=(
                *_facts(row),
                (say("응답 기한", "Answer until"), day(last)),
                *(((say("전하는 말", "Message"), row.message),) if row.message else ()),
            ),
            button=(say("확인하고 서명하기", "Look at it and sign"), link),
            closing=(
                say(
                    "받는 분만 쓰도록 만든 링크입니다. 다른 사람에게 전달하지 마세요.",
                    "The link was made for you alone; please do not pass it on.",
                ),
                _ask(row),
            ),
            sandbox=is_sandbox(),
            reply_to=buyer.contact_email,
        )

    return compose


def _row(mail: OutgoingMail) -> ReverseRequest | None:
    rows = ReverseRequest.objects.select_related("business", "link")
    return rows.filter(pk=mail.facts["request"], deleted_at=None).first()


def _open(mail: OutgoingMail, now: datetime) -> ReverseRequest | None:
    row = _row(mail)
    if row is None or row.state != State.REQUESTED or row.expires_at is None or row.expires_at <= now:
        return None
    return row


def _noun(row: ReverseRequest) -> str:
    kind = _TYPES[row.document_type]
    return say(kind.electronic, f"electronic {kind.en}")


def _facts(row: ReverseRequest) -> tuple[tuple[str, str], ...]:
    items = say_items(row.item_name, row.item_count)
    found = (
        (say("공급자", "Supplier"), f"{row.supplier_name} ({business_number(row.supplier_number)})"),
        (say("공급받는자", "Buyer"), f"{row.business.name} ({business_number(row.business.number)})"),
        (say("작성일자", "Date written"), day(row.written_on)),
        (say("품목", "Items"), items),
        (say("합계금액", "Total"), amount(row.total_amount)),
        (say("발급기한", "Issue deadline"), day(row.issue_by) if row.issue_by else ""),
    )
    return tuple((name, value) for name, value in found if value)


def _ask(row: ReverseRequest) -> str:
    asked = f"{row.business.name} {row.business.contact_name} {row.business.contact_email}"
    asked = " ".join(asked.split())
    return say(f"문의: {asked}", f"Contact: {asked}")
