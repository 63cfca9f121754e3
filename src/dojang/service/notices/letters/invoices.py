"""Mails about one or more invoices: to the buyer, and to those who issue."""

from datetime import datetime

from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.invoices.transmitting import why_rejected
from dojang.service.links.services import address, for_invoice
from dojang.service.notices.letters import Compose, Letter, amendments
from dojang.service.notices.letters.words import (
    document_name,
    invoice_facts,
    is_sandbox,
    one_line,
    page,
    supplier_name,
)
from dojang.service.notices.models import OutgoingMail
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import day

#: A document in one of these states is none that a buyer could use.
VOID = frozenset({State.CANCELLED, State.REJECTED})
_LINES = 20


def issued(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To the buyer, once it is issued; the link is made here and stands nowhere else."""
    invoice = _invoice(mail)
    if invoice is None or invoice.state in VOID:
        return None
    amending = amendments.issued(mail, invoice, now)
    if amending is not None:
        return amending
    link = address(for_invoice(invoice, made_for=mail.to, now=now, made_by=mail.asked_by))
    issuer, supplier = invoice.business, supplier_name(invoice)

    def compose() -> Letter:
        name = document_name(invoice)
        return Letter(
            subject=say(
                f"{supplier}에서 {name}를 발행했습니다 ({day(invoice.written_on)})",
                f"An {name} from {supplier} ({day(invoice.written_on)})",
            ),
            paragraphs=(
                say(
                    f"{supplier}에서 {invoice.buyer_name} 앞으로 {name}를 발행했습니다.",
                    f"{supplier} has issued the following {name} to {invoice.buyer_name}.",
                ),
            ),
            facts=invoice_facts(invoice),
            button=(say("문서 보기", "See the document"), link),
            closing=(
                say(
                    "받는 분만 볼 수 있도록 만든 링크입니다. 다른 사람에게 전달하지 마세요.",
                    "The link was made for you alone; please do not pass it on.",
                ),
                _ask(invoice),
            ),
            sandbox=is_sandbox(invoice),
            reply_to=issuer.contact_email,
        )

    return compose


def cancelled(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To the buyer who was mailed: 발행취소 before transmission."""
    invoice = _invoice(mail)
    if invoice is None or invoice.state != State.CANCELLED:
        return None
    issuer, supplier = invoice.business, supplier_name(invoice)
    others = list(
        Invoice.objects.filter(pk__in=mail.facts.get("also", ()), state=State.CANCELLED).order_by("pk")
    )

    def compose() -> Letter:
        name = document_name(invoice)
        return Letter(
            subject=say(
                f"{supplier}에서 발행한 {name}가 취소되었습니다 ({day(invoice.written_on)})",
                f"{supplier} cancelled its {name} ({day(invoice.written_on)})",
            ),
            paragraphs=(
                say(
                    f"{supplier}에서 아래 {name}를 국세청에 전송하기 전에 취소했습니다. "
                    "이 문서는 효력이 없으니 신고에 쓰지 마세요.",
                    f"{supplier} has cancelled the following {name} before it was sent to the National Tax "
                    "Service. It is void; please do not use it in a return.",
                ),
            ),
            facts=invoice_facts(invoice),
            lines=tuple((one_line(one), "") for one in others),
            closing=(_ask(invoice),),
            sandbox=is_sandbox(invoice),
            reply_to=issuer.contact_email,
        )

    return compose


def failed(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To those who issue: the NTS did not take these, why, and what to do."""
    rows = Invoice.objects.filter(pk__in=mail.facts.get("invoices", []), state=State.REJECTED)
    invoices = list(rows.select_related("business").order_by("pk"))
    if not invoices:
        return None
    first = invoices[0]
    why = why_rejected(first, now=now)
    one = page("invoice", first.pk) if len(invoices) == 1 else page("invoice_list", query="tab=rejected")
    links = [page("invoice", invoice.pk) for invoice in invoices[:_LINES]]

    def compose() -> Letter:
        reasons = why.codes if why is not None and len(invoices) == 1 else ()
        told = [
            say(f"원인: {code.ko}. {code.action_ko}.", f"{code.en}. {code.action_en}.") for code in reasons
        ]
        advice = [say(why.advice.ko, why.advice.en)] if why is not None and len(invoices) == 1 else []
        return Letter(
            subject=say(
                f"국세청 전송실패 {len(invoices)}건: {first.buyer_name}",
                f"The tax office did not take {len(invoices)} invoice(s): {first.buyer_name}",
            ),
            paragraphs=(
                say(
                    "발행한 문서를 국세청이 접수하지 않았습니다. 원인을 보고 고쳐서 다시 발행해야 합니다.",
                    "The National Tax Service did not take what was issued. See why, mend it and issue it anew.",
                ),
                *told,
                *advice,
            ),
            lines=tuple(zip([one_line(invoice) for invoice in invoices], links, strict=False)),
            button=(say("원인 보기", "See why"), one),
            sandbox=is_sandbox(first),
        )

    return compose


def _invoice(mail: OutgoingMail) -> Invoice | None:
    if mail.invoice_id is None:
        return None
    return Invoice.objects.select_related("business").filter(pk=mail.invoice_id, deleted_at=None).first()


def _ask(invoice: Invoice) -> str:
    contact = invoice.business.contact_email
    asked = f"{invoice.business.name} {contact}".strip()
    if invoice.supplier_name:
        return say(
            f"내용에 관한 문의는 발행한 수탁자에게 해 주세요: {asked}",
            f"Please ask the broker who issued it about anything in it: {asked}",
        )
    return say(
        f"내용에 관한 문의는 공급자에게 해 주세요: {asked}",
        f"Please ask the supplier about anything in it: {asked}",
    )
