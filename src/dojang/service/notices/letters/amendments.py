"""To the buyer: what was amended, why, and what it means for their return. One mail for documents issued together."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dojang.service.amendments.models import Amendment, AmendmentDocument, Kind
from dojang.service.invoices.models import Invoice
from dojang.service.links.services import address, for_invoice
from dojang.service.lists.kinds import reason_text
from dojang.service.notices.letters import Compose, Letter
from dojang.service.notices.letters.words import amount, document_name, is_sandbox, one_line
from dojang.service.notices.models import OutgoingMail
from dojang.service.records.models import Record
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import day, issue_id
from dojang.service.workspaces.models import Business

_EXEMPT = "04"
_MISTAKE = "01"
BEFORE_ISSUING = (" 발행 전에 알려 주세요.", " Tell it before issuing.")
"""How a sentence about the buyer ends that is meant for the supplier."""
_AFTER_VOWEL = {"이": "가", "은": "는"}
_BUYER = re.compile("^거래처([가이]|[는은]|의)(?= )")


def issued(mail: OutgoingMail, invoice: Invoice, now: datetime) -> Compose | None:
    """Of a document that an amendment made; None of any other."""
    bound = (
        AmendmentDocument.objects.select_related("amendment", "amendment__target", "amendment__record")
        .filter(invoice=invoice, kind=Kind.AMENDMENT)
        .first()
    )
    if bound is None:
        return None
    amendment = bound.amendment
    rows = Invoice.objects.select_related("business").filter(pk__in=mail.invoice_ids, deleted_at=None)
    documents = list(rows.order_by("pk"))
    everything = amendment.documents.filter(kind=Kind.AMENDMENT)
    # Somebody else's part, as where the buyer was wrong, is not this reader's to know.
    is_all = set(everything.values_list("invoice_id", flat=True)) == {one.pk for one in documents}
    links = [address(for_invoice(one, made_for=mail.to, now=now, made_by=mail.asked_by)) for one in documents]
    target = amendment.target or amendment.record
    written_on, number = (target.written_on, issue_id(target.issue_id or "")) if target else (None, "")

    def compose() -> Letter:
        count, supplier = len(documents), invoice.business
        noun = _noun(invoice)
        reason = reason_text(invoice.amendment_reason)
        summary = _changed(amendment, documents) if is_all else _sums(documents)
        effects = _effects(amendment, invoice, is_all=is_all)
        told = [
            say(
                f"{day(written_on)} {_amended(target, noun)}{_number(number)}에 대해 ‘{reason}’ 사유로 "
                f"{noun}를 발행했습니다.",
                f"Of the invoice written on {day(written_on)}{_number(number)} {count} amendment(s) were issued: "
                f"{reason}.",
            ),
            say(f"변경: {summary}", f"What changes: {summary}"),
            *(say(f"신고 안내: {text}", f"For your return: {text}") for text in effects[:1]),
            *effects[1:],
        ]
        return Letter(
            subject=say(
                f"[{supplier.name}] {noun} {count}건 발행 안내 ({reason})",
                f"[{supplier.name}] {count} amended invoice(s) issued ({reason})",
            ),
            paragraphs=tuple(told),
            lines=tuple(
                (f"{document_name(one)} · {one_line(one)}", link)
                for one, link in zip(documents, links, strict=True)
            )
            if count > 1
            else (),
            button=(say("문서 보기", "See the document"), links[0]) if count == 1 else None,
            closing=(
                say(
                    "받는 분만 볼 수 있도록 만든 링크입니다. 다른 사람에게 전달하지 마세요.",
                    "The links were made for you alone; please do not pass them on.",
                ),
                say(f"문의: {_contact(supplier)}", f"Questions: {_contact(supplier)}"),
            ),
            sandbox=is_sandbox(invoice),
            reply_to=supplier.contact_email,
        )

    return compose


def _amended(target: Invoice | Record | None, noun: str) -> str:
    """What was amended: an original as a rule, and at times an amendment."""
    is_amendment = target is not None and bool(target.amendment_reason)
    return noun if is_amendment else noun.removeprefix("수정")


def _number(number: str) -> str:
    return say(f"(승인번호 {number})", f" (issue id {number})") if number else ""


def _noun(invoice: Invoice) -> str:
    return "수정계산서" if invoice.document_type.startswith(_EXEMPT) else "수정세금계산서"


def _changed(amendment: Amendment, documents: Sequence[Invoice]) -> str:
    """What changes: of a correction as it was shown before it was signed, else what is added or taken off."""
    if documents[0].amendment_reason != _MISTAKE:
        return _sums(documents)
    follow_ups = amendment.documents.filter(kind=Kind.FOLLOW_UP).count()
    shown = _texts(amendment.shown, "conclusion")
    return " ".join(shown[1 : len(shown) - follow_ups]) or _sums(documents)


def _sums(documents: Sequence[Invoice]) -> str:
    supply = sum(one.supply_amount for one in documents)
    tax = sum(one.tax_amount for one in documents)
    told = say(f"공급가액 {amount(supply)}", f"supply {amount(supply)}")
    return told if not tax else f"{told}, {say('세액', 'tax')} {amount(tax)}"


def _texts(shown: Mapping[str, Any], part: str) -> list[str]:
    kept = (shown.get("preview") or {}).get(part) or []
    return [say(str(one.get("ko", "")), str(one.get("en", ""))) for one in kept]


def _effects(amendment: Amendment, invoice: Invoice, *, is_all: bool) -> list[str]:
    """What it means for the reader's return; of two buyers each learns its own. A person files none."""
    if not invoice.buyer_number:
        return []
    told = _texts(amendment.shown, "buyer")
    if is_all:
        return [_to_reader(text) for text in told]
    named = re.compile(rf"([Tt]he buyer|거래처) {re.escape(invoice.buyer_name)}(?=[은는이가 ])")
    own = [text for text in told if named.search(text)]
    return [_to_reader(named.sub(r"\1", text)) for text in own]


def _to_reader(text: str) -> str:
    """What the supplier was told of its buyer, said to the buyer: nothing is left to be told before issuing."""
    for told_before in BEFORE_ISSUING:
        text = text.removesuffix(told_before)
    return _BUYER.sub(lambda found: "귀사" + _AFTER_VOWEL.get(found[1], found[1]), text)


def _contact(business: Business) -> str:
    return " ".join(text for text in (business.name, business.contact_name, business.contact_email) if text)
