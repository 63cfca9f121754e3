"""What can be refused about workspaces, businesses and members."""

from dojang.service.errors import Conflict, ServiceError


class TooManyWorkspaces(ServiceError):
    """One person owns more workspaces than anybody needs."""

    code = "too_many_workspaces"
    ko = "한 사람이 만들 수 있는 작업공간은 {limit}개까지입니다. 쓰지 않는 작업공간의 소유권을 먼저 넘겨 주세요."
    en = "One person can own up to {limit} workspaces. Hand over one that you don't use first."
    status = 429


class NoBusinessNumber(ServiceError):
    """Not ten digits with the right check digit."""

    code = "no_business_number"
    ko = "사업자등록번호가 맞지 않습니다. 사업자등록증의 10자리 번호를 확인해 주세요."
    en = "This is no business registration number. Compare the ten digits with the registration certificate."


class BusinessThereAlready(Conflict):
    """The number is in this workspace already."""

    code = "business_there_already"
    ko = "{number}은(는) 이 작업공간에 이미 등록된 사업자등록번호입니다. 보관한 사업장이면 다시 꺼내 쓰세요."
    en = "{number} is in this workspace already. If that business is archived, bring it back."


class DetailMissing(ServiceError):
    """A field without which no invoice can be issued."""

    code = "detail_missing"
    ko = "‘{label_ko}’을(를) 입력해 주세요."
    en = "Enter the {label_en}."


class DetailTooLong(ServiceError):
    """Longer than the standard, and so the form, has room for."""

    code = "detail_too_long"
    ko = "‘{label_ko}’은(는) {most}자까지 쓸 수 있습니다. 줄여 주세요."
    en = "The {label_en} has room for {most} characters. Make it shorter."


class BusinessArchived(Conflict):
    """An archived business is only looked at."""

    code = "business_archived"
    ko = "보관한 사업장은 고칠 수 없습니다. 먼저 다시 꺼내 주세요."
    en = "An archived business can't be changed. Bring it back first."


class LastBusiness(Conflict):
    """A workspace has at least one business that isn't archived."""

    code = "last_business"
    ko = "하나 남은 사업장은 보관할 수 없습니다. 다른 사업장을 먼저 등록해 주세요."
    en = "The only business left can't be archived. Add another one first."


class BusinessInUse(Conflict):
    """Open invoices stand in the way of archiving."""

    code = "business_in_use"
    ko = "아직 끝나지 않은 문서가 {count}건 있어 보관할 수 없습니다. 발행하거나 지운 뒤, 전송 결과까지 확인하고 보관해 주세요."
    en = (
        "{count} document(s) of this business are not finished. Issue or delete them and wait until everything is "
        "transmitted, then archive it."
    )


class NumberIsFixed(Conflict):
    """A business that has issued keeps its number."""

    code = "number_is_fixed"
    ko = "이미 작성한 문서나 등록한 인증서가 있어 사업자등록번호를 바꿀 수 없습니다. 새 번호는 새 사업장으로 등록해 주세요."
    en = "Documents or certificates exist under this number, so it can't change. Add a new business for a new number."


class NoBranchNumber(ServiceError):
    """A branch number has four digits."""

    code = "no_branch_number"
    ko = "종사업장번호는 숫자 4자리입니다. 사업자단위과세 적용 종된 사업장 명세서를 확인해 주세요."
    en = "A branch number has four digits. See the list of branches on the unit taxation certificate."


class BranchThereAlready(Conflict):
    """The branch number is taken."""

    code = "branch_there_already"
    ko = "종사업장번호 {number}은(는) 이미 등록되어 있습니다."
    en = "The branch number {number} is registered already."


class NotAnImage(ServiceError):
    """The seal is no PNG or JPEG that can be shown safely."""

    code = "not_a_seal_image"
    ko = "도장 이미지로 쓸 수 없는 파일입니다: {why_ko}"
    en = "This file can't be used as a seal image: {why_en}"


class NoSuchMember(ServiceError):
    """Nobody of that kind is in this workspace now."""

    code = "no_such_member"
    ko = "이 작업공간의 구성원이 아닙니다. 목록을 새로 고쳐 확인해 주세요."
    en = "That person is not a member of this workspace. Reload the list."
    status = 404


class NotAllowed(ServiceError):
    """The one who asks doesn't have the right any more."""

    code = "not_allowed"
    ko = "이 일을 할 권한이 없습니다. 작업공간의 소유자나 관리자에게 요청해 주세요."
    en = "You are not allowed to do this. Ask the owner or an admin of the workspace."
    status = 403


class OwnRole(ServiceError):
    """Nobody changes their own role."""

    code = "own_role"
    ko = "자신의 권한은 바꿀 수 없습니다. 다른 관리자나 소유자에게 요청해 주세요."
    en = "You can't change your own role. Ask another admin or the owner."
    status = 403


class OwnerIsFixed(ServiceError):
    """An owner becomes and stops being one by handing over only."""

    code = "owner_is_fixed"
    ko = "소유자는 소유권을 넘겨야만 바뀝니다. 소유자의 권한은 바꾸거나 뺄 수 없습니다."
    en = "The owner changes only by handing over ownership; an owner's role can't be changed or taken away."
    status = 403


class OwnerCannotLeave(Conflict):
    """Somebody has to own a workspace."""

    code = "owner_cannot_leave"
    ko = "소유자는 나갈 수 없습니다. 먼저 다른 구성원에게 소유권을 넘겨 주세요."
    en = "The owner can't leave. Hand the ownership to another member first."


class NoSuccessor(ServiceError):
    """Open drafts have to be looked after by somebody who may write."""

    code = "no_successor"
    ko = "작성 중인 문서를 이어받을 사람을 골라 주세요. 그 사업장들의 문서를 작성할 수 있는 구성원이어야 합니다."
    en = "Choose who takes over the open documents: a member who may write in the businesses they belong to."


class RoleNotGiven(ServiceError):
    """A role that can't be given that way."""

    code = "role_not_given"
    ko = "이 권한은 여기서 줄 수 없습니다. 목록에 있는 권한 가운데 골라 주세요."
    en = "This role can't be given here. Choose one of the list."


class MemberAlready(Conflict):
    """Who is a member needs no invitation."""

    code = "member_already"
    ko = "{email} 님은 이미 이 작업공간의 구성원입니다."
    en = "{email} is a member of this workspace already."


class InvitedAlready(Conflict):
    """One open invitation per address."""

    code = "invited_already"
    ko = "{email} 님에게 보낸 초대가 아직 유효합니다. 초대 목록에서 메일을 다시 보내거나 취소해 주세요."
    en = "An invitation to {email} is still open. Send its mail again or revoke it in the list."


class TooManyInvitations(ServiceError):
    """A limit against mails nobody asked for."""

    code = "too_many_invitations"
    ko = "초대 메일을 너무 많이 보냈습니다. {when_ko} 다시 시도해 주세요."
    en = "Too many invitations were sent. Try again {when_en}."
    status = 429


class InvitationsOff(ServiceError):
    """The workspace has switched the mails of invitations off."""

    code = "invitations_off"
    ko = "초대 메일이 꺼져 있어 초대할 수 없습니다. 설정의 알림에서 켠 뒤 다시 해 주세요."
    en = "Mails of invitations are switched off. Switch them on under Settings, Notifications, and invite again."


class InvitationNotOpen(ServiceError):
    """Used, revoked, expired, or never one."""

    code = "invitation_not_open"
    ko = "이 초대 링크는 쓸 수 없습니다. 이미 수락했거나, 취소되었거나, 기한(7일)이 지났습니다. 보낸 사람에게 다시 초대해 달라고 하세요."
    en = "This invitation can't be used: it was accepted, revoked, or is older than 7 days. Ask to be invited again."
    status = 410


class InvitationForAnother(ServiceError):
    """Only who owns the address it was sent to may accept."""

    code = "invitation_for_another"
    ko = "이 초대는 {email} 앞으로 온 것입니다. 그 이메일로 로그인한 뒤 링크를 다시 열어 주세요."
    en = "This invitation was sent to {email}. Log in with that address and open the link again."
    status = 403


class NoSuchBusiness(ServiceError):
    """No business of this workspace."""

    code = "no_such_business"
    ko = "이 작업공간에 없는 사업장입니다. 목록을 새로 고쳐 확인해 주세요."
    en = "There is no such business in this workspace. Reload the list."
    status = 404


class NoSuchBranch(ServiceError):
    """No branch of this business."""

    code = "no_such_branch"
    ko = "이 사업장에 없는 종사업장입니다. 목록을 새로 고쳐 확인해 주세요."
    en = "This business has no such branch. Reload the list."
    status = 404


class NoSuchInvitation(ServiceError):
    """No open invitation of this workspace."""

    code = "no_such_invitation"
    ko = "유효한 초대가 아닙니다. 이미 수락했거나 취소된 초대입니다. 목록을 새로 고쳐 확인해 주세요."
    en = "This invitation is not open: it was accepted or revoked. Reload the list."
    status = 404


class NoEmail(ServiceError):
    """Not an e-mail address."""

    code = "no_email"
    ko = "이메일 주소가 맞지 않습니다. 다시 확인해 주세요."
    en = "This is no e-mail address. Please check it."


class ChoiceUnknown(ServiceError):
    """A setting has another value than those there are."""

    code = "choice_unknown"
    ko = "‘{label_ko}’ 값이 맞지 않습니다. 목록에 있는 값 가운데 골라 주세요."
    en = "The {label_en} has no such value. Choose one of the list."
