"""Everything the 공동인증서 part refuses, one class and one stable code for each reason.

CBC padding is all the integrity a `signPri.key` has, so a wrong passphrase and a damaged file look the same
until the padding is good: `WrongPassphraseOrDamaged` and `Damaged` keep that difference.
No error carries a passphrase, a key or R; `facts` named in the sentences are the only data.
"""

from typing import ClassVar

from dojang.errors import DojangError


class NpkiError(DojangError):
    """Base of all refusals about certificates and their keys."""

    code: ClassVar[str] = "npki_error"
    ko: ClassVar[str] = "공동인증서를 처리하지 못했습니다."
    en: ClassVar[str] = "The certificate could not be handled."


# Files


class MalformedFile(NpkiError):
    """The bytes are not the DER, PEM or base64 form of what was asked for."""

    code = "malformed"
    ko = "공동인증서 파일 형식이 아닙니다. 인증서 폴더의 signCert.der, signPri.key 또는 .pfx 파일인지 확인해 주세요."
    en = "This is not a certificate or key file. Choose signCert.der, signPri.key or a .pfx file from the certificate folder."


class FileTooLarge(NpkiError):
    """A file is longer than a file of its kind can be. Facts: `limit` (bytes)."""

    code = "too_large"
    ko = "파일이 너무 큽니다(최대 {limit:,}바이트). 공동인증서 파일이 맞는지 확인해 주세요."
    en = "The file is too large (at most {limit:,} bytes). Check that it really is a certificate file."


class FileMissing(NpkiError):
    """A file or folder is not there. Facts: `name`."""

    code = "file_not_found"
    ko = "‘{name}’을(를) 찾을 수 없습니다. 경로를 확인해 주세요."
    en = "‘{name}’ is not there. Check the path."


class FileUnreadable(NpkiError):
    """A file or folder is there but the system does not let us read it. Facts: `name`."""

    code = "file_unreadable"
    ko = "‘{name}’을(를) 읽을 수 없습니다. 파일 권한이나 저장 장치 연결을 확인해 주세요."
    en = "‘{name}’ cannot be read. Check its permissions, or that the drive is still connected."


class NotACertificateFolder(NpkiError):
    """A folder lacks `signCert.der` or `signPri.key`. Facts: `name`."""

    code = "not_a_certificate_folder"
    ko = "‘{name}’은(는) 공동인증서 폴더가 아닙니다. signCert.der와 signPri.key가 들어 있는 폴더를 선택해 주세요."
    en = "‘{name}’ is not a certificate folder. Choose the folder that holds signCert.der and signPri.key."


# Keys


class UnsupportedScheme(NpkiError):
    """The file asks for an encryption or key type that is not supported. Facts: `scheme` (name or OID)."""

    code = "unsupported_scheme"
    ko = "지원하지 않는 암호화 방식입니다({scheme}). 인증서를 다시 내보내거나 재발급받아 주세요."
    en = "The file uses an encryption that is not supported ({scheme}). Export the certificate again or have it reissued."


class IterationsRefused(NpkiError):
    """The file asks for an iteration count no honest file has; refused before any work. Facts: `limit`."""

    code = "iterations_refused"
    ko = "암호화 반복 횟수가 허용 범위(1~{limit:,}회)를 벗어난 비정상 파일이라 열지 않았습니다. 인증서를 다시 복사하거나 재발급받아 주세요."
    en = "The file demands an iteration count outside 1 to {limit:,} and was not opened. Copy the certificate again or have it reissued."


class WrongPassphraseOrDamaged(NpkiError):
    """Decryption gave no well-formed content; a wrong passphrase and a damaged file cannot be told apart."""

    code = "wrong_passphrase_or_damaged"
    ko = "인증서 비밀번호가 맞지 않거나 파일이 손상되었습니다. 비밀번호(대소문자, 한/영)를 확인해 주세요."
    en = "The passphrase is wrong or the file is damaged. Check the passphrase (upper and lower case, Korean or English input)."


class PassphraseUnusable(NpkiError):
    """A passphrase to encrypt with holds characters that have no encoding (unpaired surrogates)."""

    code = "passphrase_unusable"
    ko = "비밀번호에 저장할 수 없는 문자가 들어 있습니다. 비밀번호를 다시 입력해 주세요."
    en = "The passphrase holds characters that cannot be stored. Type it again."


class Damaged(NpkiError):
    """The passphrase was right, but what it opened is not a sound key."""

    code = "damaged"
    ko = "인증서 파일이 손상되었습니다. 원본에서 다시 복사하거나 인증서를 재발급받아 주세요."
    en = "The certificate file is damaged. Copy it again from the original or have the certificate reissued."


class KeyDoesNotMatchCertificate(NpkiError):
    """The private key opened well but belongs to another certificate."""

    code = "key_does_not_match_certificate"
    ko = "인증서와 개인키가 서로 짝이 아닙니다. 같은 폴더에 있던 두 파일을 함께 선택해 주세요."
    en = "The certificate and the private key do not belong together. Choose the two files of one folder."


class NoPrivateKey(NpkiError):
    """A `.pfx` holds certificates only."""

    code = "no_private_key"
    ko = "파일에 개인키가 들어 있지 않습니다. ‘개인키 포함’을 선택해 인증서를 다시 내보내 주세요."
    en = "The file holds no private key. Export the certificate again, including its private key."


class NoRandomNumber(NpkiError):
    """The key carries no R (randomNum), which 본인확인 and transmission to the 국세청 need."""

    code = "no_random_number"
    ko = "개인키에 본인확인 값이 없어 국세청에 전송할 수 없습니다. 인증기관에서 발급받은 원본 인증서를 사용해 주세요."
    en = "The key carries no identification value (R), so nothing can be sent to the tax office. Use the certificate as the authority issued it."


class DecryptionFailed(NpkiError):
    """A ciphertext was not made for this key."""

    code = "decryption_failed"
    ko = "이 인증서의 키로는 열 수 없는 암호문입니다. 받는 사람의 인증서가 맞는지 확인해 주세요."
    en = "This ciphertext does not open with this key. Check that it was made for this certificate."


# Certificates


class Expired(NpkiError):
    """The certificate's validity is over. Facts: `valid_to`."""

    code = "expired"
    ko = "인증서의 유효기간이 지났습니다({valid_to}까지). 갱신하거나 재발급받은 인증서를 사용해 주세요."
    en = "The certificate has expired (valid to {valid_to}). Use the renewed or reissued one."


class NotYetValid(NpkiError):
    """The certificate's validity has not begun. Facts: `valid_from`."""

    code = "not_yet_valid"
    ko = "아직 유효기간이 시작되지 않은 인증서입니다({valid_from}부터). 컴퓨터의 날짜와 인증서를 확인해 주세요."
    en = "The certificate is not valid yet (from {valid_from}). Check this computer's date and the certificate."


class CertificateRevoked(NpkiError):
    """The authority revoked the certificate. Facts: `revoked_at`."""

    code = "revoked"
    ko = "폐지된 인증서입니다({revoked_at}). 인증기관에서 새 인증서를 발급받아 주세요."
    en = "The certificate was revoked ({revoked_at}). Have a new one issued by the authority."


class RevocationUnknown(NpkiError):
    """No usable revocation list says whether the certificate is revoked."""

    code = "revocation_unknown"
    ko = "인증서의 폐지 여부를 확인할 수 없습니다. 최신 폐지목록(CRL)을 받은 뒤 다시 시도해 주세요."
    en = "Whether the certificate is revoked is not known. Fetch the current revocation list (CRL) and try again."


class NotForTaxInvoices(NpkiError):
    """The certificate's kind may not sign tax invoices. Facts: `policy` (label or OID)."""

    code = "not_for_tax_invoices"
    ko = "전자세금계산서에 쓸 수 없는 인증서입니다({policy}). 사업자 범용 또는 전자세금용 인증서를 선택해 주세요."
    en = "This kind of certificate cannot sign tax invoices ({policy}). Choose a business general-purpose or tax-invoice certificate."


class NotThisBusinessNumber(NpkiError):
    """VID, R and the business number do not agree: the certificate was issued to someone else."""

    code = "not_this_business_number"
    ko = "이 사업자등록번호로 발급된 인증서가 아닙니다. 공급자의 인증서를 선택했는지 확인해 주세요."
    en = "The certificate was not issued to this business number. Check that you chose the supplier's certificate."


class UntrustedIssuer(NpkiError):
    """No chain leads from the certificate to a configured trust anchor. Facts: `issuer`."""

    code = "untrusted_issuer"
    ko = "신뢰할 수 있는 인증기관이 발급한 인증서가 아닙니다(발급자: {issuer}). 공동인증서를 선택해 주세요."
    en = "The certificate was not issued by a trusted authority (issuer: {issuer}). Choose a joint certificate."
