"""What `nts` refuses."""

from dojang.errors import DojangError


class NtsError(DojangError):
    """Base of everything that `dojang.nts` raises."""

    code = "nts_error"


class InvalidSettings(NtsError):
    """A setting without which nothing can be sent."""

    code = "nts_settings_invalid"
    ko = "국세청 전송 설정이 잘못되었습니다: {why_ko}. 설정을 고친 뒤 다시 하세요."
    en = "The NTS settings are wrong: {why_en}. Mend the settings and try again."


class SettingsFileRefused(InvalidSettings):
    """A client.json that cannot be read or lacks something."""

    code = "nts_settings_file_refused"
    ko = "국세청 연결 설정 파일이 올바르지 않습니다: {name}. {why_ko}"
    en = "The settings file for 국세청 is not right: {name}. {why_en}"


class InvalidIdentifier(NtsError):
    """A SubmitID, MessageID, ResultID or ReceiptID of another shape than the standard's."""

    code = "identifier_invalid"
    ko = "{name} 값이 표준 형식이 아닙니다. {shape} 형식인지 확인하세요."
    en = "The {name} is not of the standard's form. It has to be {shape}."


class CannotWriteText(NtsError):
    """Text that has no XML form."""

    code = "text_has_no_xml_form"
    ko = "메시지에 XML로 쓸 수 없는 문자({character})가 있습니다. 설정한 이름과 주소에서 지우고 다시 하세요."
    en = (
        "The message holds the character {character}, which XML has no form for. Delete it from names and"
        " addresses."
    )


class Malformed(NtsError):
    """Bytes that are no BER, or larger or deeper than anything the standard sends."""

    code = "ber_malformed"
    ko = "이진 자료(ASN.1)를 읽을 수 없습니다: {why_ko}. 손상되지 않은 원본인지 확인하세요."
    en = "The binary data (ASN.1) cannot be read: {why_en}. Check that it is the undamaged original."


class PackageRefused(NtsError):
    """A TaxInvoicePackage that cannot be made or read."""

    code = "package_refused"
    ko = "전송 묶음(TaxInvoicePackage)을 처리할 수 없습니다: {why_ko}. 세금계산서와 건수를 확인하세요."
    en = (
        "The package of invoices (TaxInvoicePackage) is not accepted: {why_en}. Check the invoices and"
        " their number."
    )


class RecipientRefused(NtsError):
    """A certificate for which nothing can be encrypted."""

    code = "recipient_refused"
    ko = "이 인증서로는 암호화할 수 없습니다: {why_ko}. 국세청의 암호화용(km) 인증서를 받아 설정하세요."
    en = "Nothing can be encrypted to this certificate: {why_en}. Use the NTS's certificate for encryption (km)."


class EnvelopeRefused(NtsError):
    """Bytes that are no CMS EnvelopedData of the standard's shape."""

    code = "envelope_refused"
    ko = "암호화된 전송 자료(CMS)를 읽을 수 없습니다: {why_ko}. 보낸 프로그램의 암호화 설정을 확인하세요."
    en = "The encrypted data (CMS) cannot be read: {why_en}. Check how the sender encrypts."


class UnsupportedCipher(EnvelopeRefused):
    """An algorithm that the standard does not name."""

    code = "cipher_unsupported"
    ko = "표준에 없는 암호 방식({oid})입니다. 3DES-CBC와 RSA(PKCS#1 v1.5)로 암호화해야 합니다."
    en = "The algorithm {oid} is not in the standard. Encrypt with 3DES-CBC and RSA (PKCS#1 v1.5)."


class NotForThisCertificate(EnvelopeRefused):
    """No recipient of the envelope is the certificate at hand."""

    code = "not_for_this_certificate"
    ko = "다른 인증서로 암호화된 자료입니다. 받는 쪽의 현재 암호화용(km) 인증서로 다시 암호화하세요."
    en = "It was encrypted to another certificate. Encrypt it again to the receiver's current km certificate."


class DecryptionFailed(EnvelopeRefused):
    """The content key or the content did not come out right; on purpose nothing tells which."""

    code = "decryption_failed"
    ko = "복호화하지 못했습니다. 개인키가 인증서와 짝이 맞는지, 자료가 손상되지 않았는지 확인하세요."
    en = "It could not be decrypted. Check that the key belongs to the certificate and the data is undamaged."


class MimeRefused(NtsError):
    """A message whose MIME structure cannot be read."""

    code = "mime_refused"
    ko = "받은 메시지(MIME)를 읽을 수 없습니다: {why_ko}. 메시지가 끝까지 왔는지 확인하세요."
    en = "The message (MIME) cannot be read: {why_en}. Check that it arrived whole."


class MessageRefused(NtsError):
    """A SOAP envelope that is none of the standard's messages."""

    code = "message_refused"
    ko = "받은 메시지(SOAP)를 읽을 수 없습니다: {why_ko}. 보낸 쪽이 표준(KEC v3.0)을 따르는지 확인하세요."
    en = "The message (SOAP) cannot be read: {why_en}. Check that the sender follows the standard (KEC v3.0)."


class MessageSignatureRefused(NtsError):
    """A WS-Security signature that does not hold or is not made as the standard says."""

    code = "message_signature_refused"
    ko = "메시지의 전자서명(WS-Security)을 인정할 수 없습니다: {why_ko}. 이 메시지의 내용을 믿지 말고 다시 조회하세요."
    en = "The message's signature (WS-Security) is not accepted: {why_en}. Do not rely on its content; ask again."


class UnknownSigner(NtsError):
    """A signature that holds but is not by a certificate we were told to trust."""

    code = "signer_unknown"
    ko = "등록해 둔 국세청 인증서로 서명되지 않았습니다. 국세청 인증서가 바뀌었는지 확인하고 설정을 고치세요."
    en = "It is not signed with a pinned NTS certificate. Check whether the NTS changed its certificate."


class ResponseRefused(NtsError):
    """A TaxInvoiceResponse that cannot be read or whose signature does not hold."""

    code = "response_refused"
    ko = "국세청 응답 문서를 인정할 수 없습니다: {why_ko}. 처리 결과를 다시 조회하세요."
    en = "The response document is not accepted: {why_en}. Ask for the results again."


class ArchiveRefused(NtsError):
    """An archive of certificates that cannot be read."""

    code = "archive_refused"
    ko = "인증서 묶음(zip)을 읽을 수 없습니다: {why_ko}. 인증서를 다시 요청하세요."
    en = "The archive of certificates (zip) cannot be read: {why_en}. Request the certificates again."


class NoCertificateFor(NtsError):
    """The archive has no usable certificate of that registration number."""

    code = "no_certificate_for"
    ko = "등록번호 {registration}의 사용할 수 있는 암호화용 인증서가 묶음에 없습니다. 등록번호를 확인하고 다시 요청하세요."
    en = (
        "The archive has no usable encryption certificate of registration {registration}. Check the number and"
        " request it again."
    )


class SubmissionDamaged(NtsError):
    """Stored bytes that are no longer the submission they were."""

    code = "submission_damaged"
    ko = "저장된 전송 자료가 손상되었습니다: {why_ko}. 백업에서 되살리거나, 먼저 국세청에 처리 결과를 조회하세요."
    en = "The stored submission is damaged: {why_en}. Restore it from a backup, or ask the NTS for its result first."


class NotReached(NtsError):
    """No connection came about: it is certain that nothing was sent."""

    code = "nts_not_reached"
    ko = "국세청 서버({address})에 연결하지 못했습니다. 아무것도 전송되지 않았으니 주소와 통신망을 확인하고 다시 전송하세요."
    en = "No connection to {address}. Nothing was sent: check the address and the network, then send again."


class NoAnswer(NtsError):
    """The connection failed or timed out after it was made: what arrived is not known."""

    code = "nts_no_answer"
    ko = "국세청의 응답을 끝까지 받지 못했습니다({why_ko}). 다시 보내지 말고 처리 결과를 먼저 조회하세요."
    en = "The NTS's answer did not arrive ({why_en}). Do not send again; ask for the result first."


class HttpRefused(NtsError):
    """An HTTP status other than 200: what was done is not known."""

    code = "nts_http_status"
    ko = "국세청 서버가 오류(HTTP {status})로 답했습니다. 다시 보내지 말고 처리 결과를 먼저 조회하세요."
    en = "The NTS's server answered HTTP {status}. Do not send again; ask for the result first."


class SoapFault(NtsError):
    """A SOAP fault, which nobody signs: what was done is not known."""

    code = "nts_soap_fault"
    ko = "국세청 서버가 SOAP 오류로 답했습니다({fault_code}: {reason}). 다시 보내지 말고 처리 결과를 먼저 조회하세요."
    en = (
        "The NTS's server answered with a SOAP fault ({fault_code}: {reason}). Do not send again; ask for the"
        " result first."
    )


class AnotherMessage(NtsError):
    """A good message, but not the answer to ours."""

    code = "nts_another_message"
    ko = "우리 요청에 대한 응답이 아닙니다({what}: {got}). 이 응답을 쓰지 말고 처리 결과를 다시 조회하세요."
    en = "It is not the answer to our request ({what}: {got}). Do not use it; ask for the result again."
