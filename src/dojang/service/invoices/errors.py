"""What can be refused in the life of an invoice."""

from collections.abc import Sequence

from dojang.etax.findings import Finding
from dojang.service.errors import Conflict, ServiceError


class NotPossible(Conflict):
    """The state does not allow it."""

    code = "not_possible_now"
    ko = "지금은 할 수 없습니다. 이 문서는 ‘{state}’ 상태입니다."
    en = "That is not possible now: the document is “{state}”."


class ChangedMeanwhile(Conflict):
    """Somebody else saved it first; nothing was overwritten."""

    code = "changed_meanwhile"
    ko = "{who} 님이 {at}에 먼저 저장했습니다. 새로 고쳐 확인한 뒤 다시 입력해 주세요. 저장된 내용은 그대로입니다."
    en = "{who} saved it first, at {at}. Reload, look, and enter yours again; what was saved is untouched."


class NotFinished(ServiceError):
    """The draft has errors; `findings` names each field."""

    code = "not_finished"
    ko = "발행하기 전에 고칠 곳이 {count}군데 있습니다: {first_ko}"
    en = "{count} thing(s) to mend before it can be issued: {first_en}"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(count=len(self.findings), first_ko=first.located("ko"), first_en=first.located("en"))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.findings,))


class AnotherSupplier(ServiceError):
    """The document names a supplier that is not the business it is issued for."""

    code = "another_supplier"
    ko = "공급자가 이 사업장이 아닙니다. 사업장을 다시 선택해 주세요."
    en = "The supplier is not this business. Choose the business again."


class ArchivedBusiness(ServiceError):
    """A business that was put away writes nothing new."""

    code = "archived_business"
    ko = "보관 처리한 사업장({name})으로는 작성할 수 없습니다. 설정의 사업장에서 되살린 뒤 작성해 주세요."
    en = "{name} was archived. Restore it among the businesses before writing for it."


class TogetherOrNotAtAll(Conflict):
    """One of several documents that are issued together."""

    code = "together_or_not_at_all"
    ko = "함께 발행해야 하는 문서 가운데 발행할 수 없는 것이 있어 모두 발행하지 않았습니다. 함께 다시 서명해 주세요."
    en = "It is issued together with others, and not all of them can be. None was issued: sign them together again."


class OrderExpired(Conflict):
    """Not signed in time: 발급일시 stands inside the bytes."""

    code = "order_expired"
    ko = "서명할 시간이 지났습니다. 다시 서명해 주세요."
    en = "The time to sign is over. Please sign again."


class NoSuchOrder(Conflict):
    """The order was replaced by a newer one, or never was."""

    code = "no_such_order"
    ko = "서명 요청이 더 이상 유효하지 않습니다. 다시 서명해 주세요."
    en = "This request to sign is no longer valid. Please sign again."


class OtherBytes(ServiceError):
    """What was signed is not what was ordered."""

    code = "other_bytes"
    ko = "서명한 내용이 요청한 문서와 다릅니다. 발행하지 않았습니다."
    en = "What was signed is not the document that was asked for. It was not issued."


class CertificateNotUsable(ServiceError):
    """The certificate can't sign for this business now."""

    code = "certificate_not_usable"
    ko = "이 인증서로는 발행할 수 없습니다: {why_ko}"
    en = "This certificate cannot issue: {why_en}"


class NoRandomNumber(ServiceError):
    """The NTS wants R with every document."""

    code = "no_random_number"
    ko = "인증서의 본인확인 값이 함께 오지 않았습니다. 서명 화면을 새로 고쳐 다시 서명해 주세요."
    en = "The certificate's proof of identity did not come with it. Reload the signing page and sign again."
