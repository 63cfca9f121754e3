"""What can be refused when a certificate is registered."""

from dojang.service.errors import Conflict, ServiceError


class NoProof(ServiceError):
    """The challenge was not signed with the certificate's key."""

    code = "no_proof_of_key"
    ko = "인증서의 개인키로 서명했는지 확인하지 못했습니다. 화면을 새로 고쳐 다시 등록해 주세요."
    en = "It could not be confirmed that the certificate's key signed. Reload the page and register again."


class ChallengeUsed(Conflict):
    """A challenge is good for one registration."""

    code = "challenge_used"
    ko = "화면을 연 지 오래되었거나 이미 쓴 요청입니다. 화면을 새로 고쳐 다시 등록해 주세요."
    en = "The page is old or was used already. Reload it and register again."


class Unusable(ServiceError):
    """The certificate cannot sign tax invoices."""

    code = "certificate_unusable"
    ko = "이 인증서는 등록할 수 없습니다: {why_ko}"
    en = "This certificate cannot be registered: {why_en}"


class OtherTransmitter(Conflict):
    """R was sealed to a key that is no longer the transmitter's."""

    code = "other_transmitter_key"
    ko = "전송 서버의 키가 바뀌었습니다. 화면을 새로 고쳐 다시 시도해 주세요."
    en = "The transmitter's key has changed. Reload the page and try again."


class NotRegisteredHere(ServiceError):
    """The verdict: the certificate was issued to somebody else's number."""

    code = "not_this_business"
    ko = "이 사업자(등록번호 {number})의 인증서가 아닙니다. 이 사업자등록번호로 발급받은 인증서를 선택해 주세요."
    en = "The certificate does not belong to this business (number {number}). Choose one issued to that number."


class ListNotBelieved(ServiceError):
    """A revocation list that no known authority signed, or older than the one at hand."""

    code = "revocation_list_not_believed"
    ko = "폐지목록을 믿을 수 없습니다({issuer}): 아는 인증기관이 서명하지 않았거나, 가지고 있는 것보다 오래되었습니다."
    en = "A revocation list is not believed ({issuer}): no known authority signed it, or it is older than the one at hand."
