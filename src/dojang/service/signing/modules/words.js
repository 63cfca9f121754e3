/** What the pages say, Korean first. `{name}` is filled in; refusals have their sentences in messages.js. */

/** @typedef {"ko" | "en"} Language */
/** @typedef {keyof typeof WORDS} Word */
/** @typedef {(word: Word, facts?: Record<string, string | number>) => string} Say */

/**
 * A speaker of one language.
 * @param {Language} language
 * @returns {Say}
 */
export function speaker(language) {
  return (word, facts = {}) =>
    WORDS[word][language].replace(/\{(\w+)\}/g, (_, /** @type {string} */ name) => {
      const fact = facts[name];
      return typeof fact === "number" ? fact.toLocaleString("en") : String(fact);
    });
}

export const WORDS = /** @type {const} */ ({
  product: { ko: "도장", en: "Dojang" },
  back: { ko: "돌아가기", en: "Back" },
  look_at_it: { ko: "발행한 문서 보기", en: "Look at the invoice" },
  write_one: { ko: "세금계산서 작성하기", en: "Write an invoice" },
  back_to_list: { ko: "목록으로 돌아가기", en: "Back to the list" },

  // Which way out is on
  mode_sandbox: { ko: "모의", en: "Sandbox" },
  mode_sandbox_note: {
    ko: "모의 발행입니다. 국세청에 신고되지 않으며 세금계산서로서 효력이 없습니다.",
    en: "This is a rehearsal: nothing is filed with the tax office, and the documents have no legal effect.",
  },
  mode_nts: { ko: "실제 발행", en: "Real" },
  mode_nts_note: {
    ko: "실제 발행입니다. 서명한 세금계산서는 국세청에 전송됩니다.",
    en: "This is real: the invoices you sign are sent to the tax office.",
  },

  // The documents
  title: { ko: "세금계산서 {n}건 발행하기", en: "Issue {n} invoice(s)" },
  title_loading: { ko: "세금계산서 발행하기", en: "Issue invoices" },
  documents: { ko: "서명할 문서", en: "What you will sign" },
  loading: { ko: "문서를 준비하는 중… {ready}/{total}", en: "Preparing the documents… {ready}/{total}" },
  read_from_bytes: {
    ko: "서명할 원문을 이 페이지가 직접 읽어 보여 드립니다.",
    en: "This page reads what it shows from the very text that will be signed.",
  },
  nothing_to_sign: { ko: "서명할 문서가 없습니다.", en: "There is nothing to sign." },
  not_issuable: { ko: "발행할 수 없는 {n}건", en: "{n} that cannot be issued" },
  supplier: { ko: "공급자", en: "Supplier" },
  buyer: { ko: "공급받는자", en: "Buyer" },
  broker: { ko: "수탁자", en: "Broker" },
  kind: { ko: "종류", en: "Kind" },
  written_on: { ko: "작성일자", en: "Written on" },
  issued_at: { ko: "발급일시", en: "Issued at" },
  issue_id: { ko: "국세청 승인번호", en: "Issue number" },
  original_issue_id: { ko: "당초 승인번호", en: "Original number" },
  amendment_reason: { ko: "수정사유", en: "Reason" },
  supply_amount: { ko: "공급가액", en: "Supply amount" },
  tax_amount: { ko: "세액", en: "Tax" },
  total_amount: { ko: "합계금액", en: "Total" },
  purpose: { ko: "영수·청구", en: "Purpose" },
  payments: { ko: "결제", en: "Payment" },
  remark: { ko: "비고", en: "Remark" },
  import_document: { ko: "수입신고", en: "Import" },
  number: { ko: "등록번호", en: "Number" },
  branch_number: { ko: "종사업장번호", en: "Branch" },
  name: { ko: "상호", en: "Name" },
  representative: { ko: "성명", en: "Representative" },
  address: { ko: "주소", en: "Address" },
  business: { ko: "업태·종목", en: "Business" },
  email: { ko: "이메일", en: "E-mail" },
  items: { ko: "품목 {n}개", en: "{n} item(s)" },
  item: { ko: "품목", en: "Item" },
  day: { ko: "월/일", en: "Day" },
  specification: { ko: "규격", en: "Spec." },
  quantity: { ko: "수량", en: "Qty" },
  unit_price: { ko: "단가", en: "Unit price" },
  sum_of: { ko: "합계 {n}건", en: "Sum of {n}" },
  show_details: { ko: "{name} 자세히", en: "Details of {name}" },
  won: { ko: "{amount}원", en: "KRW {amount}" },
  exempt: { ko: "면세", en: "exempt" },
  without_tax: { ko: "–", en: "–" },

  // The certificate
  certificate: { ko: "공동인증서", en: "Certificate" },
  choose_folder: { ko: "인증서 폴더 선택", en: "Choose the folder" },
  choose_files: { ko: "파일 선택", en: "Choose files" },
  choose_files_note: {
    ko: ".pfx 파일, 또는 signCert.der와 signPri.key",
    en: "A .pfx file, or signCert.der and signPri.key",
  },
  drop_here: { ko: "여기에 폴더나 파일을 끌어다 놓아도 됩니다.", en: "Or drop a folder or files here." },
  never_leaves: {
    ko: "개인키와 비밀번호는 이 페이지 밖으로 나가지 않습니다. 브라우저가 ‘업로드’라고 물어도 파일을 보내지 않습니다.",
    en: "The key and its passphrase never leave this page. Your browser may call it an upload: nothing is uploaded.",
  },
  remembered: { ko: "이 브라우저에 저장한 인증서", en: "Kept in this browser" },
  found: { ko: "찾은 인증서", en: "Found" },
  found_n: { ko: "인증서 {n}개를 찾았습니다.", en: "{n} certificate(s) found." },
  reading_files: { ko: "파일을 읽는 중…", en: "Reading…" },
  other_certificate: { ko: "다른 인증서 찾기", en: "Find another one" },
  forget: { ko: "지우기", en: "Forget" },
  forget_this: { ko: "{name} 저장한 인증서 지우기", en: "Forget {name}" },
  pfx_unknown: { ko: "비밀번호를 입력하면 내용을 확인합니다.", en: "Its content shows once it is opened." },
  use: { ko: "용도", en: "Use" },
  authority: { ko: "발급기관", en: "Authority" },
  valid_to: { ko: "만료일", en: "Expires" },
  days_left: { ko: "{n}일 남음", en: "{n} days left" },
  not_usable: { ko: "사용할 수 없음", en: "Cannot be used" },
  caution: { ko: "주의", en: "Note" },
  help: { ko: "인증서 폴더를 찾을 수 없나요?", en: "Can't find the folder?" },
  help_windows: {
    ko: "폴더 선택 창의 주소 표시줄에 아래 경로를 붙여 넣고 Enter를 누르세요. AppData는 숨은 폴더라서 목록에 보이지 않습니다.",
    en: "Paste this path into the address bar of the folder window and press Enter. AppData is hidden, so it is not listed.",
  },
  help_mac: {
    ko: "폴더 선택 창에서 ⌘⇧G를 누르고 아래 경로를 붙여 넣으세요. ⌘⇧.(마침표)를 누르면 숨은 폴더가 보입니다.",
    en: "Press ⌘⇧G in the folder window and paste this path. ⌘⇧. (full stop) shows hidden folders.",
  },
  help_linux: {
    ko: "홈 폴더의 NPKI 폴더를 선택하세요. 폴더 선택 창에서 Ctrl+L을 누르면 경로를 직접 입력할 수 있습니다.",
    en: "Choose the folder NPKI in your home. Ctrl+L in the folder window lets you type a path.",
  },
  help_mobile: {
    ko: "PC의 인증서 프로그램이나 은행 앱에서 인증서를 .pfx 파일로 내보내 휴대전화에 저장한 뒤 ‘파일 선택’으로 고르세요.",
    en: "Export the certificate as a .pfx file on a computer or in a bank's app, store it on the phone and choose it as a file.",
  },
  help_usb: {
    ko: "USB에 있으면 그 드라이브의 NPKI 폴더를 선택하세요. 보안토큰과 휴대폰 인증서는 .pfx로 내보내야 쓸 수 있습니다.",
    en: "On a USB stick choose its folder NPKI. Tokens and certificates in phones have to be exported as .pfx first.",
  },
  copy_path: { ko: "경로 복사", en: "Copy" },
  copied: { ko: "복사했습니다", en: "Copied" },
  windows: { ko: "Windows", en: "Windows" },
  mac: { ko: "macOS", en: "macOS" },
  linux: { ko: "Linux", en: "Linux" },
  mobile: { ko: "휴대전화", en: "Phone" },

  // The passphrase
  passphrase: { ko: "인증서 비밀번호", en: "Passphrase" },
  show_passphrase: { ko: "비밀번호 보기", en: "Show" },
  remember: { ko: "이 브라우저에 인증서 저장", en: "Keep the certificate in this browser" },
  remember_note: {
    ko: "암호화된 상태 그대로 저장하며 비밀번호는 저장하지 않습니다. 함께 쓰는 컴퓨터에서는 저장하지 마세요.",
    en: "It stays encrypted and the passphrase is not kept. Do not do this on a shared computer.",
  },
  issue_n: { ko: "{n}건 발행하기", en: "Issue {n}" },
  opening: { ko: "인증서를 여는 중…", en: "Opening the certificate…" },
  registering: {
    ko: "사업자등록번호와 인증서를 확인하는 중…",
    en: "Checking the certificate against the business number…",
  },
  passphrase_missing: {
    ko: "인증서 비밀번호를 입력해 주세요.",
    en: "Enter the passphrase of the certificate.",
  },

  // Signing
  signing: { ko: "서명하고 발행하는 중", en: "Signing and issuing" },
  progress: {
    ko: "서명 {signed} · 발행 {issued} / {total}건",
    en: "{signed} signed · {issued} of {total} issued",
  },
  progress_refused: { ko: "거절 {n}건", en: "{n} refused" },
  keep_open: { ko: "끝날 때까지 이 창을 닫지 마세요.", en: "Keep this window open until it is done." },
  cancel: { ko: "취소", en: "Cancel" },
  cancelling: {
    ko: "취소하는 중… 이미 보낸 문서의 결과를 기다립니다.",
    en: "Cancelling… waiting for what was already sent.",
  },
  waiting: {
    ko: "서버에 연결할 수 없습니다. 연결되면 저절로 이어서 발행합니다. 같은 문서가 두 번 발행되지 않습니다.",
    en: "No connection. It goes on by itself once there is one; nothing is issued twice.",
  },
  session_lost: {
    ko: "로그인이 풀렸습니다. 새 탭에서 다시 로그인하면 저절로 이어서 발행합니다.",
    en: "You were logged out. Log in again in another tab and it goes on by itself.",
  },
  log_in: { ko: "새 탭에서 로그인", en: "Log in in a new tab" },
  go_on: { ko: "이어서 하기", en: "Go on" },
  connected: { ko: "다시 연결되었습니다.", en: "Connected again." },

  // The end
  issued_n: { ko: "{n}건을 발행했습니다", en: "{n} issued" },
  issued_none: { ko: "발행한 문서가 없습니다", en: "Nothing was issued" },
  issued: { ko: "발행완료", en: "Issued" },
  refused_n: { ko: "발행하지 못한 {n}건", en: "{n} not issued" },
  unsent_n: { ko: "취소하여 발행하지 않은 {n}건", en: "{n} not issued, as you cancelled" },
  unknown_n: { ko: "결과를 확인하지 못한 {n}건", en: "{n} whose result is not known" },
  unknown_note: {
    ko: "발행되었을 수 있습니다. 목록에서 상태를 확인해 주세요.",
    en: "They may have been issued: look at the list.",
  },
  others_n: { ko: "다른 사업장의 인증서가 필요한 {n}건", en: "{n} that need another business's certificate" },
  others_go_on: { ko: "다른 인증서로 이어서 발행", en: "Go on with another certificate" },
  transmit_at: { ko: "{at} 국세청 전송 예정", en: "goes to the tax office at {at}" },
  transmit_at_sandbox: { ko: "{at} 모의 전송 예정", en: "rehearsed sending at {at}" },
  state: { ko: "상태", en: "State" },
  reason: { ko: "사유", en: "Why" },
  how_to_undo: {
    ko: "이미 발행한 문서는 그대로입니다. 전송 전이면 목록에서 발행취소할 수 있습니다.",
    en: "What was issued stays issued. Until it is sent you can cancel it in the list.",
  },

  // Registering a certificate
  register_title: { ko: "인증서 등록", en: "Register a certificate" },
  register_lead: {
    ko: "발행에 쓸 공동인증서를 한 번 등록합니다. 인증서가 사업자등록번호의 것인지 확인하고 그 결과만 보관합니다.",
    en: "Register the certificate you issue with, once. It is checked against the business number and only the verdict is kept.",
  },
  test_certificate: { ko: "시험용 인증서 내려받기", en: "Download a test certificate" },
  test_certificate_note: {
    ko: "데모에서는 실제 인증서 대신 이 사업장의 시험용 인증서로 등록하세요. 내려받은 .pfx 파일을 아래 [파일 선택]에서 고르세요. 인증서 비밀번호: {passphrase}",
    en: "In the demo, register a test certificate of this business instead of a real one. Choose the downloaded .pfx below with [Choose files]; its passphrase is {passphrase}",
  },
  register_business: { ko: "사업장", en: "Business" },
  register: { ko: "인증서 등록", en: "Register" },
  registered: { ko: "인증서를 등록했습니다", en: "The certificate is registered" },
  registered_note: {
    ko: "{name}의 세금계산서를 이 인증서로 발행할 수 있습니다.",
    en: "You can issue for {name} with it.",
  },

  version: { ko: "서명 모듈", en: "Signing modules" },
});
