"""The mail of an invitation: its token exists here alone, for as long as it takes to send it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from dojang.service.notices.letters import Compose, Letter
from dojang.service.notices.models import OutgoingMail
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import instant
from dojang.service.workspaces import invitation_tokens
from dojang.service.workspaces.models import Workspace
from dojang.service.workspaces.words import role_text


def invitation(mail: OutgoingMail, now: datetime) -> Compose | None:
    """To whom is invited, with a link that no other mail has."""
    found = invitation_tokens.renew(mail.facts["invitation"], mails=mail.facts["mails"], now=now)
    if found is None:
        return None
    row, token = found
    link = settings.ENVIRONMENT.origin + reverse("invitation_open", args=[token])
    workspace = Workspace.objects.get()

    def compose() -> Letter:
        business = ((say("사업장", "Business"), row.business.name),) if row.business else ()
        return Letter(
            subject=say(
                f"[도장] {workspace.name} 작업공간에 초대합니다",
                f"[Dojang] You are invited to {workspace.name}",
            ),
            paragraphs=(
                say("안녕하세요.", "Hello,"),
                say(
                    f"{row.invited_by} 님이 도장(전자세금계산서)의 작업공간에 초대했습니다.",
                    f"{row.invited_by} invites you to a workspace of Dojang, electronic tax invoices.",
                ),
            ),
            facts=(
                (say("작업공간", "Workspace"), workspace.name),
                *business,
                (say("권한", "Role"), role_text(row.role)),
                (
                    say("기한", "Until"),
                    say(f"{instant(row.expires_at)} (한국 시간)", f"{instant(row.expires_at)} (Korean time)"),
                ),
            ),
            button=(say("초대 수락하기", "Accept the invitation"), link),
            closing=(
                say(
                    "이 링크는 이 이메일의 주인만, 한 번, 위 기한까지 쓸 수 있습니다.",
                    "The link works once, only for the owner of this address, until the time above.",
                ),
                say(
                    "모르는 초대라면 이 메일을 지우면 됩니다. 아무 일도 일어나지 않습니다.",
                    "If you don't know what this is about, delete this mail and nothing happens.",
                ),
            ),
        )

    return compose
