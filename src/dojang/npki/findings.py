"""What a check of a certificate finds wrong: each finding is a refusal that was not raised.

The sentences live in the error classes, so that a list of findings and a raised error say the same.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from dojang.npki.errors import NpkiError, UntrustedIssuer

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class CertificateFinding:
    """One thing that is wrong (`error`) or worth knowing (`warning`) about a certificate."""

    error: NpkiError
    severity: Severity = "error"

    @property
    def code(self) -> str:
        return self.error.code

    @property
    def ko(self) -> str:
        return self.error.text("ko")

    @property
    def en(self) -> str:
        return self.error.text("en")


class ForgedIssuer(UntrustedIssuer):
    """The issuer's name is known but its key did not sign this: a look-alike, or a damaged certificate. Facts: `issuer`."""

    ko: ClassVar[str] = (
        "이름만 같은 다른 발급자가 만들었거나 손상된 인증서입니다(발급자: {issuer}). 인증기관에서 발급받은 원본 인증서를 사용해 주세요."
    )
    en: ClassVar[str] = (
        "The certificate was made by a look-alike of the authority or is damaged (issuer: {issuer}). "
        "Use the certificate as the authority issued it."
    )


class IssuerNotAuthority(UntrustedIssuer):
    """A certificate in the chain signed another without being allowed to. Facts: `issuer`."""

    ko: ClassVar[str] = (
        "인증서를 발급할 권한이 없는 자가 발급한 인증서입니다(발급자: {issuer}). 공동인증서를 선택해 주세요."
    )
    en: ClassVar[str] = (
        "The issuer was not allowed to issue certificates (issuer: {issuer}). Choose a joint certificate."
    )


class IssuerNotValid(UntrustedIssuer):
    """An authority's certificate was not valid at that time. Facts: `issuer`, `valid_from`, `valid_to`."""

    ko: ClassVar[str] = (
        "인증기관 인증서의 유효기간({valid_from}~{valid_to})을 벗어났습니다(발급자: {issuer}). 재발급받은 인증서를 사용해 주세요."
    )
    en: ClassVar[str] = (
        "The authority's certificate is not valid at this time ({valid_from} to {valid_to}, issuer: {issuer}). "
        "Use a reissued certificate."
    )


class IssuerRevoked(UntrustedIssuer):
    """An authority's certificate was revoked. Facts: `issuer`, `revoked_at`."""

    ko: ClassVar[str] = (
        "발급한 인증기관의 인증서가 폐지되었습니다({revoked_at}, {issuer}). 다른 인증서를 사용해 주세요."
    )
    en: ClassVar[str] = (
        "The issuing authority's own certificate was revoked ({revoked_at}, {issuer}). Use another certificate."
    )


class IssuerRevocationUnknown(NpkiError):
    """No list says whether an authority's own certificate is revoked; only ever a warning. Facts: `issuer`."""

    code: ClassVar[str] = "issuer_revocation_unknown"
    ko: ClassVar[str] = (
        "인증기관 인증서의 폐지 여부는 확인하지 못했습니다({issuer}). 필요하면 최상위 인증기관의 폐지목록(ARL)을 함께 지정해 주세요."
    )
    en: ClassVar[str] = (
        "Whether the authority's own certificate is revoked was not checked ({issuer}). "
        "If that matters, give the root authority's revocation list (ARL) too."
    )


class PolicyNotAllowed(UntrustedIssuer):
    """The authorities above do not allow the certificate's policy, or it has none where one is required. Facts: `issuer`."""

    ko: ClassVar[str] = (
        "인증기관이 허용한 인증서 정책에 맞지 않는 인증서입니다(발급자: {issuer}). 인증기관에 문의해 주세요."
    )
    en: ClassVar[str] = (
        "The certificate's policy is not one its authorities allow (issuer: {issuer}). Ask the authority."
    )


class UnknownCriticalExtension(NpkiError):
    """A critical extension that is not understood: RFC 5280, 4.2 says refuse. Facts: `oid`, `subject`."""

    code: ClassVar[str] = "unknown_critical_extension"
    ko: ClassVar[str] = (
        "해석할 수 없는 필수 확장 항목({oid})이 있는 인증서입니다({subject}). 공동인증서를 선택해 주세요."
    )
    en: ClassVar[str] = (
        "The certificate demands something that is not understood (critical extension {oid} of {subject}). "
        "Choose a joint certificate."
    )


class WeakSignature(NpkiError):
    """SHA-1 or a short RSA key in the chain, which NPKI gave up in 2012. Facts: `what`, `subject`."""

    code: ClassVar[str] = "weak_signature"
    ko: ClassVar[str] = (
        "더 이상 안전하지 않은 방식({what})의 인증서입니다({subject}). 재발급받은 인증서를 사용해 주세요."
    )
    en: ClassVar[str] = (
        "The certificate rests on something no longer safe ({what}, {subject}). Use a reissued certificate."
    )


class WrongKeyUsage(NpkiError):
    """The certificate's keyUsage does not allow what it is to be used for. Facts: `missing`."""

    code: ClassVar[str] = "wrong_key_usage"
    ko: ClassVar[str] = (
        "이 용도로 쓸 수 없는 인증서입니다(키 용도 {missing} 없음). 서명에는 signCert.der, 암호화에는 kmCert.der를 사용해 주세요."
    )
    en: ClassVar[str] = (
        "The certificate's key may not be used for this (key usage {missing} is missing). "
        "Use signCert.der to sign and kmCert.der to encrypt."
    )


class PolicyUnknown(NpkiError):
    """The kind of certificate is not in the table; only ever a warning. Facts: `policy` (OIDs)."""

    code: ClassVar[str] = "unknown_policy"
    ko: ClassVar[str] = (
        "용도를 알 수 없는 인증서입니다({policy}). 전자세금계산서에 쓸 수 있는지 인증기관에 확인해 주세요."
    )
    en: ClassVar[str] = (
        "What the certificate was issued for is not known ({policy}). Ask the authority whether it may sign tax invoices."
    )


class RevokedLater(NpkiError):
    """Revoked, but after the instant asked about; only ever a warning. Facts: `revoked_at`."""

    code: ClassVar[str] = "revoked_later"
    ko: ClassVar[str] = (
        "그 시점에는 유효했으나 나중에 폐지된 인증서입니다({revoked_at}). 지금은 이 인증서로 서명하지 마세요."
    )
    en: ClassVar[str] = (
        "The certificate was good then and was revoked afterwards ({revoked_at}). Do not sign with it now."
    )


class AnchorsUnusable(NpkiError):
    """The folder or package data of trust anchors cannot be relied on. Facts: `name`."""

    code: ClassVar[str] = "anchors_unusable"
    ko: ClassVar[str] = (
        "신뢰할 인증기관 인증서를 읽을 수 없습니다({name}). 최상위 인증기관(루트) 인증서 파일이 온전히 들어 있는지 확인해 주세요."
    )
    en: ClassVar[str] = (
        "The certificates of trusted authorities cannot be used ({name}). "
        "Check that the root certificate's file is there and complete."
    )
