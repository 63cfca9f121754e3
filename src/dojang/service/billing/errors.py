"""What can be refused around requests for billing data."""

from dojang.service.errors import Conflict, ServiceError


class NoSuchRequest(ServiceError):
    """None of this workspace, or of a business that this member may not see."""

    code = "no_such_billing_request"
    ko = "찾는 발행정보 요청이 없습니다."
    en = "There is no such request."
    status = 404


class RequestOver(Conflict):
    """It is not in the state that the step begins in: which it is in, is said."""

    code = "billing_request_over"
    ko = "이 발행정보 요청은 지금 ‘{state_ko}’ 상태라 할 수 없습니다. 새로 고쳐 확인해 주세요."
    en = "This request is “{state_en}” now, so that is not possible. Reload to see it."


class AnswerChanged(Conflict):
    """The customer corrected its answer while somebody looked at the one before."""

    code = "billing_answer_changed"
    ko = "그사이 내용이 바뀌었습니다. 바뀐 내용을 다시 확인해 주세요."
    en = "It was changed meanwhile. Look at it again."


class NoMail(ServiceError):
    """The link has to go somewhere."""

    code = "billing_no_mail"
    ko = "받는 사람의 이메일을 적어 주세요. 작성할 링크를 그 주소로 보냅니다."
    en = "Enter an e-mail address: the link goes there."


class NoName(ServiceError):
    """Nobody would know the request again."""

    code = "billing_no_name"
    ko = "거래처의 이름을 적어 주세요. 우리만 봅니다."
    en = "Enter the customer's name. Only you see it."


class AnswerDayOver(ServiceError):
    """Until yesterday nobody can answer."""

    code = "billing_answer_day_over"
    ko = "작성 기한은 오늘부터 {most}일 안이어야 합니다. 작성 기한을 고쳐 주세요."
    en = "The day until which it may be filled in lies from today to {most} days ahead. Change it."


class NoReason(ServiceError):
    """The customer has to know what to mend."""

    code = "billing_no_reason"
    ko = "돌려보내는 사유를 적어 주세요. 거래처가 그대로 봅니다."
    en = "Say why you send it back. The customer reads it as it stands."


class TooManyMails(Conflict):
    """One customer is not written to without end."""

    code = "billing_too_many_mails"
    ko = "같은 주소로 하루에 {most}번까지 요청할 수 있습니다. 전화 등 다른 방법으로 연락해 주세요."
    en = "{most} mails a day to one address are the most. Please get in touch in another way."


class NoIndividuals(ServiceError):
    """The asker wants a business."""

    code = "billing_no_individuals"
    ko = "사업자의 정보를 요청받았습니다. 사업자등록번호로 작성해 주세요."
    en = "A business was asked for. Fill it in with a business number."


class ChooseWhere(Conflict):
    """Which counterparty it goes to has changed since the page was made."""

    code = "billing_choose_where"
    ko = "반영할 거래처를 다시 선택해 주세요. 그사이 거래처가 바뀌었습니다."
    en = "Choose again where it goes: the counterparties have changed meanwhile."
