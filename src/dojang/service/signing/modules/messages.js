/**
 * Every refusal of the signing page by its code. `severity: "warning"` marks what one may go on with.
 *
 * The library refuses the same things with the same codes and sentences (dojang.npki.errors, dojang.npki.findings);
 * a test keeps the two equal.
 */

export const MESSAGES = /** @type {const} */ ({
  // Files

  malformed: {
    ko: "공동인증서 파일 형식이 아닙니다. 인증서 폴더의 signCert.der, signPri.key 또는 .pfx 파일인지 확인해 주세요.",
    en: "This is not a certificate or key file. Choose signCert.der, signPri.key or a .pfx file from the certificate folder.",
  },
  too_large: {
    ko: "파일이 너무 큽니다(최대 {limit:,}바이트). 공동인증서 파일이 맞는지 확인해 주세요.",
    en: "The file is too large (at most {limit:,} bytes). Check that it really is a certificate file.",
  },
  file_unreadable: {
    ko: "‘{name}’을(를) 읽을 수 없습니다. 파일 권한이나 저장 장치 연결을 확인해 주세요.",
    en: "‘{name}’ cannot be read. Check its permissions, or that the drive is still connected.",
  },
  not_a_certificate_folder: {
    ko: "‘{name}’은(는) 공동인증서 폴더가 아닙니다. signCert.der와 signPri.key가 들어 있는 폴더를 선택해 주세요.",
    en: "‘{name}’ is not a certificate folder. Choose the folder that holds signCert.der and signPri.key.",
  },

  // Keys

  unsupported_scheme: {
    ko: "지원하지 않는 암호화 방식입니다({scheme}). 인증서를 다시 내보내거나 재발급받아 주세요.",
    en: "The file uses an encryption that is not supported ({scheme}). Export the certificate again or have it reissued.",
  },
  iterations_refused: {
    ko: "암호화 반복 횟수가 허용 범위(1~{limit:,}회)를 벗어난 비정상 파일이라 열지 않았습니다. 인증서를 다시 복사하거나 재발급받아 주세요.",
    en: "The file demands an iteration count outside 1 to {limit:,} and was not opened. Copy the certificate again or have it reissued.",
  },
  wrong_passphrase_or_damaged: {
    ko: "인증서 비밀번호가 맞지 않거나 파일이 손상되었습니다. 비밀번호(대소문자, 한/영)를 확인해 주세요.",
    en: "The passphrase is wrong or the file is damaged. Check the passphrase (upper and lower case, Korean or English input).",
  },
  damaged: {
    ko: "인증서 파일이 손상되었습니다. 원본에서 다시 복사하거나 인증서를 재발급받아 주세요.",
    en: "The certificate file is damaged. Copy it again from the original or have the certificate reissued.",
  },
  key_does_not_match_certificate: {
    ko: "인증서와 개인키가 서로 짝이 아닙니다. 같은 폴더에 있던 두 파일을 함께 선택해 주세요.",
    en: "The certificate and the private key do not belong together. Choose the two files of one folder.",
  },
  no_private_key: {
    ko: "파일에 개인키가 들어 있지 않습니다. ‘개인키 포함’을 선택해 인증서를 다시 내보내 주세요.",
    en: "The file holds no private key. Export the certificate again, including its private key.",
  },
  no_random_number: {
    ko: "개인키에 본인확인 값이 없어 국세청에 전송할 수 없습니다. 인증기관에서 발급받은 원본 인증서를 사용해 주세요.",
    en: "The key carries no identification value (R), so nothing can be sent to the tax office. Use the certificate as the authority issued it.",
  },
  key_closed: {
    ko: "열어 둔 인증서를 닫았습니다. 인증서 비밀번호를 다시 입력해 주세요.",
    en: "The opened certificate has been closed. Enter its passphrase again.",
  },

  // Certificates

  expired: {
    ko: "인증서의 유효기간이 지났습니다({valid_to}까지). 갱신하거나 재발급받은 인증서를 사용해 주세요.",
    en: "The certificate has expired (valid to {valid_to}). Use the renewed or reissued one.",
  },
  not_yet_valid: {
    ko: "아직 유효기간이 시작되지 않은 인증서입니다({valid_from}부터). 컴퓨터의 날짜와 인증서를 확인해 주세요.",
    en: "The certificate is not valid yet (from {valid_from}). Check this computer's date and the certificate.",
  },
  not_for_tax_invoices: {
    ko: "전자세금계산서에 쓸 수 없는 인증서입니다({policy}). 사업자 범용 또는 전자세금용 인증서를 선택해 주세요.",
    en: "This kind of certificate cannot sign tax invoices ({policy}). Choose a business general-purpose or tax-invoice certificate.",
  },
  not_this_business_number: {
    ko: "이 사업자등록번호로 발급된 인증서가 아닙니다. 공급자의 인증서를 선택했는지 확인해 주세요.",
    en: "The certificate was not issued to this business number. Check that you chose the supplier's certificate.",
  },
  wrong_key_usage: {
    ko: "이 용도로 쓸 수 없는 인증서입니다(키 용도 {missing} 없음). 서명에는 signCert.der, 암호화에는 kmCert.der를 사용해 주세요.",
    en: "The certificate's key may not be used for this (key usage {missing} is missing). Use signCert.der to sign and kmCert.der to encrypt.",
  },
  weak_signature: {
    ko: "더 이상 안전하지 않은 방식({what})의 인증서입니다({subject}). 재발급받은 인증서를 사용해 주세요.",
    en: "The certificate rests on something no longer safe ({what}, {subject}). Use a reissued certificate.",
  },
  unknown_critical_extension: {
    ko: "해석할 수 없는 필수 확장 항목({oid})이 있는 인증서입니다({subject}). 공동인증서를 선택해 주세요.",
    en: "The certificate demands something that is not understood (critical extension {oid} of {subject}). Choose a joint certificate.",
  },
  unknown_policy: {
    severity: "warning",
    ko: "용도를 알 수 없는 인증서입니다({policy}). 전자세금계산서에 쓸 수 있는지 인증기관에 확인해 주세요.",
    en: "What the certificate was issued for is not known ({policy}). Ask the authority whether it may sign tax invoices.",
  },

  // Documents

  document_refused: {
    ko: "표준 전자세금계산서와 다른 문서라서 서명하지 않았습니다({place}). 목록에서 다시 발행해 보고, 되풀이되면 운영자에게 알려 주세요.",
    en: "The document is not what the standard says and was not signed ({place}). Try again from the list; if it happens again, tell the operator.",
  },
  order_not_asked_for: {
    ko: "요청하지 않은 문서가 와서 서명하지 않았습니다. 목록에서 다시 발행해 주세요.",
    en: "A document came that was not asked for, and was not signed. Issue it again from the list.",
  },
  order_missing: {
    ko: "서명할 문서를 받지 못했습니다. 목록에서 다시 발행해 주세요.",
    en: "The document to be signed did not come. Issue it again from the list.",
  },
  order_twice: {
    ko: "같은 승인번호의 문서가 둘이라서 서명하지 않았습니다({issue_id}). 운영자에게 알려 주세요.",
    en: "Two documents have the same number, so this one was not signed ({issue_id}). Tell the operator.",
  },
  order_of_another_business: {
    ko: "고른 사업장({expected})이 아닌 다른 사업자({found})의 문서라서 서명하지 않았습니다. 목록에서 다시 발행해 주세요.",
    en: "The document is of another business ({found}, not {expected}) and was not signed. Issue it again from the list.",
  },
  order_changed: {
    ko: "확인한 뒤에 내용이 바뀌어 서명하지 않았습니다. 목록에서 내용을 확인하고 다시 발행해 주세요.",
    en: "The document changed after you saw it, so it was not signed. Look at it in the list and issue it again.",
  },
  order_expired: {
    ko: "서명할 시간이 지나 서명하지 않았습니다. 목록에서 다시 발행해 주세요.",
    en: "The time to sign it has passed. Issue it again from the list.",
  },

  // Certificates at the server

  certificate_not_registered: {
    ko: "이 사업장에 등록하지 않은 인증서입니다. 설정의 인증서에서 먼저 등록해 주세요.",
    en: "The certificate is not registered for this business. Register it first, under certificates in the settings.",
  },
  certificate_refused: {
    ko: "등록할 수 없는 인증서입니다. 사업자 범용 또는 전자세금용 인증서인지 확인해 주세요.",
    en: "The certificate cannot be registered. Check that it is a business general-purpose or tax-invoice certificate.",
  },
  certificate_still_pending: {
    ko: "인증서 확인이 늦어지고 있습니다. 잠시 뒤 다시 시도해 주세요.",
    en: "Checking the certificate takes longer than usual. Try again in a moment.",
  },

  // The page itself

  nothing_found: {
    ko: "고른 곳에서 공동인증서를 찾지 못했습니다. signCert.der와 signPri.key가 함께 있는 폴더나 .pfx 파일을 선택해 주세요.",
    en: "No certificate was found there. Choose the folder that holds signCert.der and signPri.key, or a .pfx file.",
  },
  server_failed: {
    ko: "서버가 요청을 처리하지 못했습니다({status}). 잠시 뒤 목록에서 상태를 확인하고 다시 시도해 주세요.",
    en: "The server could not do it ({status}). Look at the list in a moment and try again.",
  },
  not_remembered: {
    ko: "이 브라우저에 인증서 사본을 저장하지 못했습니다. 비공개 창이거나 저장 공간이 부족할 수 있습니다. 발행에는 영향이 없습니다.",
    en: "The copy could not be kept in this browser: it may be a private window, or out of space. Issuing is not affected.",
  },
  page_failed: {
    ko: "페이지에서 예상하지 못한 문제가 생겼습니다({what}). 새로 고침한 뒤 목록에서 상태를 확인해 주세요.",
    en: "Something unexpected happened in the page ({what}). Reload it and look at the list.",
  },
});
