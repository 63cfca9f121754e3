"""What can be refused about approvals."""

from dojang.service.errors import Conflict, ServiceError
from dojang.service.invoices.guards import DoneElsewhere


class NeedsApproval(DoneElsewhere):
    """The business wants it looked at before it is signed."""

    url_name = "approval_new"

    code = "needs_approval"
    ko = "이 문서는 발행하기 전에 승인을 받아야 합니다. [발행 승인 요청]을 눌러 주세요."
    en = "This document has to be approved before it is issued. Ask for the approval."


class OwnDocument(Conflict):
    """Four eyes: whoever wrote it, asked for it or changed it last does not approve it."""

    code = "own_document"
    ko = "직접 작성하거나 요청한 문서는 승인할 수 없습니다. 발행 권한이 있는 다른 구성원이 승인해야 합니다."
    en = "You wrote or asked for this document. Somebody else with the right to issue has to approve it."


class SeenOther(Conflict):
    """What was looked at is not what is there now."""

    code = "approval_of_other_content"
    ko = "보신 뒤에 내용이 바뀌었습니다. 승인하지 않았습니다. 다시 확인해 주세요."
    en = "It was changed after you looked at it and is not approved. Please look again."


class NotAsked(Conflict):
    """There is no open request: it was answered or taken back meanwhile."""

    code = "approval_not_asked"
    ko = "승인을 기다리는 문서가 아닙니다. 다른 사람이 먼저 처리했거나 요청이 취소되었습니다."
    en = "It does not wait for an approval: somebody answered it first, or the request was taken back."


class ReasonMissing(ServiceError):
    """Sent back without a word, nobody knows what to change."""

    code = "reason_missing"
    ko = "반려하는 사유를 적어 주세요. 작성한 사람이 보고 고칩니다."
    en = "Say why it is sent back: whoever wrote it mends it by that."


class TooLong(ServiceError):
    """More than anybody reads."""

    code = "approval_text_too_long"
    ko = "{most}자까지 적을 수 있습니다."
    en = "Up to {most} characters."


class ApprovedTogether(Conflict):
    """Documents that are issued together are approved together."""

    code = "approved_together"
    ko = "함께 발행하는 문서 가운데 처리할 수 없는 것이 있어 모두 그대로 두었습니다: {why_ko}"
    en = "It is issued together with others, of which one cannot be handled, so all are left as they were: {why_en}"
