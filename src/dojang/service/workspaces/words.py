"""What people read of roles, settings and the history, in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number
from dojang.service.workspaces.models import Rounding, TransmitPolicy, WorkspaceEvent
from dojang.service.workspaces.roles import Role

Pair = tuple[str, str]

ROLES: Mapping[str, Pair] = {
    Role.OWNER: ("소유자", "Owner"),
    Role.ADMIN: ("관리자", "Admin"),
    Role.ISSUER: ("발행 담당", "Issuer"),
    Role.WRITER: ("작성 담당", "Writer"),
    Role.VIEWER: ("열람", "Viewer"),
    Role.NONE: ("권한 없음", "No access"),
}
ROLE_MEANINGS: Mapping[str, Pair] = {
    Role.OWNER: (
        "모든 일을 하고, 소유권을 넘길 수 있습니다.",
        "Does everything, and can hand the workspace over.",
    ),
    Role.ADMIN: (
        "사업장·인증서·구성원을 관리하고 발행합니다.",
        "Manages businesses, certificates and members, and issues.",
    ),
    Role.ISSUER: ("작성하고, 서명해서 발행합니다.", "Writes, signs and issues."),
    Role.WRITER: ("작성만 합니다. 발행은 발행 담당이 합니다.", "Writes; somebody else issues."),
    Role.VIEWER: ("보기만 합니다.", "Only looks."),
    Role.NONE: ("볼 수 없습니다.", "Sees nothing."),
}
POLICIES: Mapping[str, Pair] = {
    TransmitPolicy.AT_ONCE: ("발행하면 바로", "At once"),
    TransmitPolicy.AFTER_MINUTES: ("발행하고 정한 시간 뒤", "Some minutes after issuing"),
    TransmitPolicy.NEXT_BUSINESS_DAY: ("발행한 다음 영업일", "On the next business day"),
}
ROUNDINGS: Mapping[str, Pair] = {
    Rounding.DOWN: ("버림", "Down"),
    Rounding.HALF_UP: ("반올림", "Half up"),
    Rounding.UP: ("올림", "Up"),
}
_SUBJECTS: Mapping[str, Pair] = {
    WorkspaceEvent.Subject.WORKSPACE: ("작업공간", "Workspace"),
    WorkspaceEvent.Subject.BUSINESS: ("사업장", "Business"),
    WorkspaceEvent.Subject.BRANCH: ("종사업장", "Branch"),
    WorkspaceEvent.Subject.MEMBER: ("구성원", "Member"),
    WorkspaceEvent.Subject.INVITATION: ("초대", "Invitation"),
}
_ACTIONS: Mapping[str, Pair] = {
    "create": ("추가", "Added"),
    "edit": ("변경", "Changed"),
    "archive": ("보관", "Archived"),
    "restore": ("다시 꺼냄", "Brought back"),
    "remove": ("삭제", "Removed"),
    "leave": ("나감", "Left"),
    "close": ("닫음", "Closed"),
    "reopen": ("다시 엶", "Opened again"),
    "export": ("전체 내보내기", "Exported whole"),
    "hand_over": ("소유권 이전", "Ownership handed over"),
    "invite": ("메일 보냄", "Mail sent"),
    "resend": ("메일 다시 보냄", "Mail sent again"),
    "revoke": ("취소", "Revoked"),
    "accept": ("수락", "Accepted"),
    "mark_filed": ("신고 완료 표시", "Return marked as filed"),
    "unmark_filed": ("신고 완료 표시 취소", "Return no longer marked as filed"),
}
_FIELDS: Mapping[str, Pair] = {
    "number": ("등록번호", "Number"),
    "name": ("상호·이름", "Name"),
    "representative": ("대표자", "Representative"),
    "address": ("주소", "Address"),
    "business_type": ("업태", "Business type"),
    "business_item": ("종목", "Business item"),
    "contact_name": ("담당자", "Contact"),
    "contact_email": ("담당자 이메일", "Contact's e-mail"),
    "contact_phone": ("담당자 전화", "Contact's phone"),
    "seal_image": ("도장 이미지", "Seal image"),
    "default_purpose": ("영수·청구", "Receipt or claim"),
    "rounding": ("원 미만", "Parts of a won"),
    "facts": ("과세유형·신고", "Tax facts"),
    "transmit_policy": ("국세청 전송", "Transmission"),
    "transmit_minutes": ("전송까지(분)", "Minutes to transmission"),
    "role": ("권한", "Role"),
    "business": ("사업장", "Business"),
    "assigned_to": ("문서를 이어받은 사람", "Who took over"),
    "documents": ("이어받은 문서", "Documents taken over"),
    "period": ("신고기간", "Return"),
    "filed_on": ("신고일", "Filed on"),
    "approval_from": ("발행 승인이 필요한 합계금액", "Approval from a total of"),
    "approval_four_eyes": ("작성자와 승인자를 다르게", "Writer and approver differ"),
    "mail_invoice_issued": ("메일: 세금계산서 발행", "Mail: invoice issued"),
    "mail_invoice_cancelled": ("메일: 발행취소", "Mail: invoice cancelled"),
    "mail_correction_asked": ("메일: 공급자에게 수정 요청", "Mail: amendment asked for"),
    "mail_invitation": ("메일: 구성원 초대", "Mail: invitation"),
}
_VALUES: Mapping[str, Mapping[str, Pair]] = {
    "role": ROLES,
    "transmit_policy": POLICIES,
    "rounding": ROUNDINGS,
    "default_purpose": {"receipt": ("영수", "Receipt"), "claim": ("청구", "Claim")},
}
_RETURNS: Mapping[str, Pair] = {
    "preliminary": ("예정", "preliminary"),
    "final": ("확정", "final"),
}
_ON_OFF = {"on": ("켬", "on"), "off": ("끔", "off")}
_SWITCHES = ("mail_", "approval_four_eyes")
_WITHOUT_VALUES = frozenset({"seal_image", "facts"})


def choices(words: Mapping[str, Pair], keys: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """For a field of a form, in the language of the request."""
    return [(str(key), say(*words[key])) for key in (words if keys is None else keys)]


def role_text(role: str) -> str:
    """A role's name."""
    return say(*ROLES[role])


def role_meaning(role: str) -> str:
    """What a role may do."""
    return say(*ROLE_MEANINGS[role])


def return_text(key: str) -> str:
    """A VAT return by its key, `2026-1-final`."""
    year, _, rest = key.partition("-")
    half, _, kind = rest.partition("-")
    if not kind:
        return say(f"{year}년 {int(rest)}월" if rest.isdecimal() else key, key)
    name = say(*_RETURNS.get(kind, (kind, kind)))
    return say(f"{year}년 {half}기 {name}", f"{name} return of {year}, half {half}")


def event_title(event: WorkspaceEvent) -> str:
    """What was done: 구성원 변경."""
    return f"{say(*_SUBJECTS[event.subject])} {say(*_ACTIONS[event.action])}"


def event_changes(event: WorkspaceEvent) -> list[tuple[str, str, str]]:
    """Each changed field with both values; single businesses stand under their own name, as roles."""
    order = {field: place for place, field in enumerate(_FIELDS)}
    return [
        (say(*_FIELDS.get(field, (field, field))), _value(field, before), _value(field, after))
        for field, (before, after) in sorted(event.changes.items(), key=lambda item: order.get(item[0], 0))
    ]


def _value(field: str, value: Any) -> str:
    if field in _WITHOUT_VALUES or value is None:
        return ""
    if field == "number":
        return business_number(value)
    if field == "period":
        return return_text(value)
    if isinstance(value, list):
        return say(f"{len(value)}건", str(len(value))) if value else ""
    if field.startswith(_SWITCHES):
        return say(*_ON_OFF[value])
    words = _VALUES.get(field, ROLES if field not in _FIELDS else {})
    return say(*words[value]) if value in words else str(value)
