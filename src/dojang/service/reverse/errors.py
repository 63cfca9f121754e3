"""What can be refused around requests of 역발행."""

from collections.abc import Mapping

from dojang.service.errors import Conflict, ServiceError
from dojang.service.records.refusals import Problem


class NoSuchRequest(ServiceError):
    """None of this workspace, or of a business that this member may not see."""

    code = "no_such_reverse_request"
    ko = "찾는 역발행 요청이 없습니다."
    en = "There is no such request."
    status = 404


class RequestChanged(Conflict):
    """Somebody else changed it first; nothing was overwritten."""

    code = "reverse_request_changed"
    ko = "다른 사람이 먼저 바꿨습니다. 새로 고쳐 확인한 뒤 다시 해 주세요."
    en = "Somebody else changed it first. Reload, look, and do it again."


class RequestOver(Conflict):
    """It was signed, refused, withdrawn or has run out: which, is said."""

    code = "reverse_request_over"
    ko = "이 역발행 요청은 지금 ‘{state_ko}’ 상태라 할 수 없습니다. 새로 고쳐 확인해 주세요."
    en = "This request is “{state_en}” now, so that is not possible. Reload to see it."


class OtherContent(Conflict):
    """What is about to be signed is not what was asked for."""

    code = "reverse_other_content"
    ko = "요청받은 내용과 달라 발행할 수 없습니다. 요청한 거래처에 다시 요청해 달라고 해 주세요."
    en = "It is not what was asked for, so it cannot be issued. Have the buyer ask again."


class WrittenByBuyer(Conflict):
    """A document of 역발행 is issued as it was asked for, or not at all."""

    code = "written_by_buyer"
    ko = "거래처가 역발행으로 요청한 문서라 고칠 수 없습니다. 내용이 다르면 사유를 적어 거부하고, 거래처가 고쳐 다시 요청하게 해 주세요."
    en = "The buyer wrote this document, so it cannot be changed. Refuse it and say why; the buyer can mend it and ask again."


class AnsweredHere(Conflict):
    """Issued on Hometax, it would still be asked for here, and issued once more."""

    code = "reverse_answered_here"
    ko = "거래처가 역발행으로 요청한 문서라 홈택스 파일에 담을 수 없습니다. 여기서 서명해 발행하거나, 사유를 적어 거부해 주세요."
    en = "The buyer asked for this document, so it goes into no file for Hometax. Sign it here, or refuse it and say why."


class OwnSupplier(ServiceError):
    """Nobody asks themselves."""

    code = "reverse_own_number"
    ko = "공급자가 우리 사업장과 같은 사업자등록번호입니다. 공급자를 다시 선택해 주세요."
    en = "The supplier has the number of our own business. Choose the supplier again."


class NoSupplierMail(ServiceError):
    """The link has to go somewhere."""

    code = "reverse_no_mail"
    ko = "공급자의 이메일을 적어 주세요. 서명할 링크를 그 주소로 보냅니다."
    en = "Enter the supplier's e-mail address: the link for signing goes there."


class AnswerDayOver(ServiceError):
    """Until yesterday nobody can answer."""

    code = "reverse_answer_day_over"
    ko = "응답 기한은 오늘부터 {most}일 안이어야 합니다. 응답 기한을 고쳐 주세요."
    en = "The day until which the supplier may answer lies from today to {most} days ahead. Change it."


class NoReason(ServiceError):
    """The buyer has to know what to mend."""

    code = "reverse_no_reason"
    ko = "거부하는 사유를 적어 주세요. 요청한 거래처가 그대로 봅니다."
    en = "Say why you refuse. The buyer reads it as it stands."


class TooManyMails(Conflict):
    """One supplier is not written to without end."""

    code = "reverse_too_many_mails"
    ko = "이 요청으로는 메일을 {most}번까지 보낼 수 있습니다. 전화 등 다른 방법으로 연락해 주세요."
    en = "{most} mails of one request are the most. Please get in touch in another way."


class OnlyWhoSigned(ServiceError):
    """A link alone takes nothing back."""

    code = "reverse_only_who_signed"
    ko = "서명한 브라우저에서만 발행을 취소할 수 있습니다. 서명한 컴퓨터의 같은 브라우저에서 이 링크를 열어 주세요."
    en = "Only the browser that signed can cancel it. Open this link there."
    status = 403


class RequestRefused(ServiceError):
    """What was typed is no document yet; `problems` by the names of fields."""

    code = "reverse_request_incomplete"
    ko = "고칠 곳이 있습니다."
    en = "There is something to mend."
    status = 422

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        self.problems = dict(problems)
        super().__init__()

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.problems,))
