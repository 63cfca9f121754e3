"""What the amendment engine cannot read. What cannot be amended is no exception: a plan says it."""

from collections.abc import Sequence

from dojang.etax.errors import EtaxError
from dojang.etax.findings import Finding


class _Unreadable(EtaxError):
    """Input that is not of the shape asked for; `findings` names every field that is wrong."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(first_ko=first.located("ko"), first_en=first.located("en"), count=len(self.findings))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.findings,))


class InvalidChain(_Unreadable):
    """Documents that cannot be read, or that do not form a chain."""

    code = "invalid_chain"
    ko = "거래의 문서들을 읽을 수 없습니다: {first_ko} 표시된 항목 {count}개를 고치세요."
    en = "The chain of documents cannot be read: {first_en} Mend the {count} field(s) named."


class InvalidRequest(_Unreadable):
    """A request for an amendment that cannot be read."""

    code = "invalid_request"
    ko = "수정 요청을 읽을 수 없습니다: {first_ko} 표시된 항목 {count}개를 고치세요."
    en = "The request for an amendment cannot be read: {first_en} Mend the {count} field(s) named."
