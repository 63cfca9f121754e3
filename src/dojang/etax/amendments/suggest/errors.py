"""What `suggest` refuses: an event, question or answer that its tree does not know."""

from dojang.etax.errors import EtaxError


class SuggestError(EtaxError):
    """Base of what `suggest` refuses."""


class UnknownTarget(SuggestError):
    code = "unknown_target"
    ko = "수정할 문서를 찾을 수 없습니다: {target}. 이 거래에 있는 승인번호를 고르세요."
    en = "There is no such document to amend: {target}. Choose an issue id of this chain."


class UnknownEvent(SuggestError):
    code = "unknown_event"
    ko = "모르는 사건입니다: {event}. 목록에 있는 것을 고르세요."
    en = "That event is not known: {event}. Choose one of the list."


class EventNotOffered(SuggestError):
    code = "event_not_offered"
    ko = "이 문서에는 고를 수 없는 사건입니다: {event}. 목록에 있는 것을 고르세요."
    en = "That event cannot happen to this document: {event}. Choose one of the list."


class UnknownQuestion(SuggestError):
    code = "unknown_question"
    ko = "모르는 질문에 답했습니다: {question}. 질문의 key를 확인하세요."
    en = "An answer was given to a question that is not known: {question}. Check the question's key."


class UnknownChoice(SuggestError):
    code = "unknown_choice"
    ko = "질문 {question}에 없는 답입니다. 가능한 답: {choices}."
    en = "That is none of the answers to {question}. They are: {choices}."


class WrongAnswer(SuggestError):
    """An answer of another kind than the question asks for."""

    code = "wrong_answer"
    ko = "질문 {question}의 답을 읽을 수 없습니다. {wanted_ko}."
    en = "The answer to {question} cannot be read. {wanted_en}."


class BrokenTree(SuggestError):
    """The tree's own data do not fit together."""

    code = "broken_tree"
    ko = "수정 도우미의 자료가 서로 맞지 않습니다: {why}. 패키지를 다시 설치하세요."
    en = "The data of the amendment wizard do not fit together: {why}. Install the package again."
