"""Mails to members: certificates that end, deadlines, and the digest of what is stuck."""

from datetime import datetime

from dojang.service.certificates.models import Certificate
from dojang.service.invoices.timing import today
from dojang.service.notices import people, stuck
from dojang.service.notices.letters import Compose, Letter
from dojang.service.notices.letters.words import amount, is_sandbox, one_line, page
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number, day, instant
from dojang.service.workspaces.models import Workspace
from dojang.service.workspaces.roles import Right

#: Whose businesses each of these mails is about.
RIGHTS = {Kind.DEADLINE: Right.WRITE, Kind.DIGEST: Right.ISSUE}
_LINES = 10


def certificate(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To owners and administrators: this one ends."""
    found = Certificate.objects.select_related("business").filter(
        pk=mail.facts["certificate"], removed_at=None
    )
    row = found.first()
    if row is None or row.not_after <= now:
        return None
    left, link = (today(row.not_after) - today(now)).days, page("certificate_list")

    def compose() -> Letter:
        return Letter(
            subject=say(
                f"[도장] {row.business.name}의 공동인증서가 {_in_days(left)} 만료됩니다",
                f"[Dojang] The certificate of {row.business.name} ends in {left} day(s)",
            ),
            paragraphs=(
                say(
                    f"{row.business.name} ({business_number(row.business.number)})의 공동인증서가 곧 만료됩니다.",
                    f"{row.business.name} ({business_number(row.business.number)}): the registered certificate ends "
                    "soon.",
                ),
                say(
                    "만료되면 세금계산서를 발행할 수 없습니다. 발급기관에서 갱신한 뒤 새 인증서를 등록해 주세요.",
                    "Nothing can be issued once it has ended. Renew it with its authority, then register the new one.",
                ),
            ),
            facts=(
                (say("소유자", "Owner"), row.owner),
                (say("발급기관", "Authority"), row.authority),
                (
                    say("만료", "Valid until"),
                    say(
                        f"{instant(row.not_after)} (한국 시간{f', {left}일 남음' if left else ''})",
                        f"{instant(row.not_after)} (Korean time, {left} day(s) left)",
                    ),
                ),
            ),
            button=(say("인증서 보기", "See the certificates"), link),
        )

    return compose


def _in_days(left: int) -> str:
    return f"{left}일 뒤" if left else "오늘"


def deadline(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To those who write or issue: 발급기한 comes, 전송기한 is today."""
    ids = _businesses(mail)
    drafts, unsent = stuck.unissued(ids, now=now), stuck.due_today(ids, now=now)
    if not drafts and not unsent:
        return None
    name, drafts_page = Workspace.objects.get().name, page("invoice_list", query="tab=draft")
    links = [page("invoice", one.pk) for one in unsent[:_LINES]]

    def compose() -> Letter:
        told = [
            say(
                f"발급기한 {day(one.on)} ({one.step}영업일 남음): 아직 발행하지 않은 문서 {one.count}건, "
                f"합계 {amount(one.total)}. 기한이 지나면 지연발급 가산세가 붙을 수 있습니다.",
                f"Issue by {day(one.on)} ({one.step} business day(s) left): {one.count} document(s) not issued yet, "
                f"{amount(one.total)} in all. Issuing later may cost the penalty for late issuing.",
            )
            for one in drafts
        ]
        if unsent:
            told.append(
                say(
                    f"오늘이 전송기한인데 전송되지 않고 있는 문서 {len(unsent)}건. 열어서 이유를 보고 [지금 전송]을 눌러 주세요.",
                    f"{len(unsent)} document(s) have to reach the tax office today and are not being sent. Open them "
                    "to see why, and send them now.",
                )
            )
        subjects = []
        if unsent:
            subjects.append(say(f"오늘 전송기한 {len(unsent)}건", f"{len(unsent)} to be sent today"))
        subjects += [
            say(f"발급기한 {day(one.on)} {one.count}건", f"{one.count} to be issued by {day(one.on)}")
            for one in drafts
        ]
        return Letter(
            subject=say(f"[도장] {name}: {', '.join(subjects)}", f"[Dojang] {name}: {', '.join(subjects)}"),
            paragraphs=tuple(told),
            lines=tuple(zip([one_line(one) for one in unsent], links, strict=False)),
            button=(say("발행하지 않은 문서 보기", "See what is not issued"), drafts_page)
            if drafts
            else None,
            sandbox=is_sandbox(),
        )

    return compose


def digest(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To those who issue: what is stuck this morning."""
    things = stuck.everything(_businesses(mail), now=now)
    if not things:
        return None
    name, count = Workspace.objects.get().name, sum(one.count for one in things)
    links = [page(one.page, query=one.query) for one in things]

    def compose() -> Letter:
        return Letter(
            subject=say(
                f"[도장] {name}: 확인할 일 {count}건", f"[Dojang] {name}: {count} thing(s) to look at"
            ),
            paragraphs=(
                say(
                    "직접 처리해야 할 일이 남아 있습니다. 눌러서 확인해 주세요.",
                    "These do not settle by themselves. Please look at each.",
                ),
            ),
            lines=tuple(
                (say(f"{one.ko}: {one.count}건", f"{one.en}: {one.count}"), link)
                for one, link in zip(things, links, strict=True)
            ),
            sandbox=is_sandbox(),
        )

    return compose


def _businesses(mail: OutgoingMail) -> frozenset[int]:
    """Those in which the reader has the right that the mail is about, now."""
    found = people.with_right(RIGHTS[Kind(mail.kind)])
    return next((one.business_ids for one in found if one.user.pk == mail.person_id), frozenset())
