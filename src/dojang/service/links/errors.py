"""What can be refused about links."""

from typing import Final

from dojang.service.errors import Conflict, ServiceError

_OPENS_NOTHING: Final = ("열 수 없는 링크입니다", "This link does not open")


class NoSuchLink(ServiceError):
    """No token of ours, or none for this page: what it is not cannot be told, nor would it help anybody."""

    code = "no_such_link"
    ko = "이 링크로 볼 수 있는 문서가 없습니다. 주소가 잘리지 않았는지 확인하고, 그래도 열리지 않으면 보낸 사람에게 문의해 주세요."
    en = "This link opens nothing. See that the address was not cut off; if it was not, ask whoever sent it."
    status = 404
    title = _OPENS_NOTHING


class LinkExpired(ServiceError):
    """Its time is over."""

    code = "link_expired"
    ko = "이 링크는 기한이 지났습니다. 보낸 사람에게 다시 보내 달라고 요청해 주세요."
    en = "This link has expired. Ask whoever sent it to send a new one."
    status = 410
    title = _OPENS_NOTHING


class LinkRevoked(ServiceError):
    """The supplier ended it."""

    code = "link_revoked"
    ko = "보낸 사람이 이 링크를 끊었습니다. 문서가 필요하면 보낸 사람에게 다시 요청해 주세요."
    en = "Whoever sent this link has ended it. Ask them if you need the document."
    status = 410
    title = _OPENS_NOTHING


class NotSignedYet(Conflict):
    """A draft has no link: a buyer is shown what was signed."""

    code = "not_signed_yet"
    ko = "아직 발행하지 않은 문서에는 링크를 만들 수 없습니다. 먼저 발행해 주세요."
    en = "A document that was not issued has no link. Issue it first."


class NamesAPerson(ServiceError):
    """A file with a person's number in it is not handed to whoever has an address."""

    code = "names_a_person"
    ko = (
        "주민등록번호나 외국인등록번호·여권번호가 적힌 문서라 링크로는 내려받을 수 없습니다. "
        "홈택스의 ‘주민번호 수취분’ 조회에서 받거나 공급자에게 요청해 주세요."
    )
    en = (
        "A person's number stands in this file, so a link does not give it. Take it from Hometax, where you log in, "
        "or ask the supplier."
    )
    status = 403


class Cancelled(ServiceError):
    """Taken along, it would look as good as any other."""

    code = "document_cancelled"
    ko = "공급자가 전송하기 전에 취소한 문서라 내려받을 수 없습니다. 필요하면 공급자에게 문의해 주세요."
    en = "The supplier cancelled this document before it was sent, so it is not handed out. Ask the supplier."
    status = 410
