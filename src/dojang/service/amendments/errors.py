"""What can be refused on the way from what happened to the documents that put it right."""

from dojang.service.errors import Conflict, ServiceError


class NotASale(ServiceError):
    """Only what the business itself supplied is amended by it."""

    code = "not_a_sale"
    ko = "수정세금계산서는 공급자만 발행할 수 있습니다. 공급자에게 수정을 요청해 주세요."
    en = "Only the supplier amends a document. Ask the supplier to."


class NeverIssued(Conflict):
    """A draft is edited, not amended."""

    code = "amendment_of_draft"
    ko = "아직 발행하지 않은 문서입니다. 수정발행이 아니라 작성 화면에서 바로 고치세요."
    en = "It has not been issued. Edit it instead of amending it."


class IncompleteRecord(Conflict):
    """Of a sale issued elsewhere too little is known to make an amendment of it."""

    code = "record_incomplete"
    ko = (
        "이 문서를 수정하려면 빠진 내용이 필요합니다: {missing_ko}. XML을 올리거나 내용을 직접 입력해 주세요."
    )
    en = "To amend it more of it has to be known: {missing_en}. Upload its XML or type its content."


class DealTooLarge(Conflict):
    """More documents on one original than anybody issues."""

    code = "deal_too_large"
    ko = "한 거래에 딸린 수정 문서가 너무 많습니다({most}건 초과). 운영자에게 문의해 주세요."
    en = "Too many documents amend one original (more than {most}). Ask the operator."


class NotAsking(Conflict):
    """Its documents are made already, or it was given up."""

    code = "amendment_not_open"
    ko = "이 수정발행은 ‘{state}’ 상태라 답을 바꿀 수 없습니다. {remedy_ko}"
    en = "This amendment is past its questions ({state_en}). {remedy_en}"


class NoEventYet(Conflict):
    """An answer before it is known what happened."""

    code = "amendment_without_event"
    ko = "무슨 일이 있었는지 먼저 골라 주세요."
    en = "Choose first what happened."


class NotOnTheWay(ServiceError):
    """An answer to a question that is not asked now."""

    code = "amendment_question_unknown"
    ko = "지금 묻는 질문이 아닙니다. 화면을 새로 고쳐 주세요."
    en = "That is not asked now. Reload the page."


class NotPlanned(Conflict):
    """There are questions left, or the law gives no document."""

    code = "amendment_not_planned"
    ko = "아직 발행할 문서가 정해지지 않았습니다. {why_ko}"
    en = "It is not settled what to issue. {why_en}"


class ShownMeanwhileChanged(Conflict):
    """What was looked at is not what would be made now."""

    code = "amendment_seen_changed"
    ko = "그사이 내용이 바뀌어 최신 내용으로 다시 계산했습니다. 아래를 확인하고 다시 눌러 주세요."
    en = "Something changed meanwhile, so it was worked out anew. Look at it and press again."


class NotConfirmed(ServiceError):
    """A box that has to be ticked is not."""

    code = "amendment_not_confirmed"
    ko = "확인란에 표시해 주세요: {first_ko}"
    en = "Please confirm: {first_en}"


class NeedsHometax(Conflict):
    """An original on paper has no 승인번호 that an amendment could name."""

    code = "amendment_of_paper"
    ko = "종이로 발급한 세금계산서는 승인번호가 없어 여기에서 전자로 수정발행할 수 없습니다. 계산된 내용으로 홈택스에서 수정발급해 주세요."
    en = "A paper original has no issue id, so it cannot be amended electronically here. Issue what was worked out in Hometax."


class ChainChanged(Conflict):
    """Somebody else amended the same deal first."""

    code = "amendment_chain_changed"
    ko = "방금 {who} 님이 이 거래를 수정했습니다. 최신 내용으로 다시 계산한 뒤 발행해 주세요."
    en = "{who} has just amended this deal. Have it worked out anew before issuing."


class ChainRefused(Conflict):
    """The tax office did not take a document of the deal that was counted with."""

    code = "amendment_chain_refused"
    ko = "그사이 이 거래의 문서 1건을 국세청이 접수하지 않아 내용이 달라졌습니다. 최신 내용으로 다시 계산한 뒤 발행해 주세요."
    en = "Meanwhile the tax office did not take a document of this deal. Have it worked out anew before issuing."


class Outdated(Conflict):
    """What was prepared on another day would be another document, or none, today."""

    code = "amendment_outdated"
    ko = "준비한 날과 오늘의 내용이 다릅니다. 수정발행 화면에서 다시 확인해 주세요. {why_ko}"
    en = "Today it would not be the same. Look at the amendment again. {why_en}"


class OneDealAtATime(Conflict):
    """Two amendments of one deal in one signing: the second rests on what the first changes."""

    code = "amendments_of_one_deal"
    ko = "같은 거래의 다른 수정발행을 먼저 발행해야 합니다. 그다음 이 수정은 다시 계산됩니다."
    en = "Another amendment of the same deal goes first; this one is worked out anew after it."


class BelongsToAmendment(Conflict):
    """What follows from law and answers is not typed."""

    code = "belongs_to_amendment"
    ko = "수정발행에서 만든 문서라 따로 고치거나 지울 수 없습니다. 수정발행 화면을 열어 답을 바꾸거나 그만두세요."
    en = "It was made by an amendment and cannot be edited or deleted alone. Open the amendment, and change its answers or give it up."


class WithoutAmendment(Conflict):
    """A document of an amending type that no amendment made."""

    code = "without_amendment"
    ko = "수정세금계산서는 수정발행에서만 만들 수 있습니다. 당초 문서에서 ‘수정발행’을 눌러 주세요."
    en = "Amended documents are made by amending. Open the original and choose to amend it."


class AmendmentWithdrawn(Conflict):
    """It was given up."""

    code = "amendment_withdrawn"
    ko = "그만둔 수정발행의 문서라 발행할 수 없습니다."
    en = "The amendment was given up; its documents are not issued."


class AlreadyIssued(Conflict):
    """Nothing can be changed about what was issued but by another amendment."""

    code = "amendment_issued"
    ko = "이미 발행한 수정발행입니다. 다시 고치려면 발행한 문서에서 수정발행을 시작하세요."
    en = "It was issued already. To change it, amend what was issued."


class NotTheRest(Conflict):
    """The half that stands does not fit what would be issued beside it now."""

    code = "amendment_half_differs"
    ko = "이미 접수된 다른 1건과 맞지 않습니다. 접수된 문서와 같은 사유·내용이 되도록 답을 고쳐 주세요."
    en = "It does not fit the half that was accepted. Answer so that it stays what it is."


class NothingToMend(Conflict):
    """Nothing of it was refused while the rest stands."""

    code = "amendment_whole"
    ko = "다시 발행할 것이 없습니다. 함께 발행한 문서가 모두 접수되었거나 모두 접수되지 않았습니다."
    en = "There is nothing to issue again: all of it was accepted, or none."
