/** Says what went wrong with a passkey. The scripts beside this one only tell the console. */

const KOREAN = document.documentElement.lang !== "en";

/** What each failure of the browser means: [Korean, English]. @type {Record<string, [string, string]>} */
const SENTENCES = {
  NotAllowedError: [
    "패스키 확인을 취소했거나 시간이 지났습니다. 다시 시도해 주세요.",
    "The passkey was cancelled or took too long. Please try again.",
  ],
  InvalidStateError: [
    "이 기기의 패스키는 이미 등록되어 있습니다.",
    "This device's passkey is registered already.",
  ],
  SecurityError: [
    "이 주소에서는 패스키를 쓸 수 없습니다. https 주소나 localhost로 접속해 주세요.",
    "Passkeys do not work at this address. Use https, or localhost.",
  ],
  NotSupportedError: [
    "이 기기는 필요한 방식의 패스키를 지원하지 않습니다. 다른 기기나 보안키를 써 주세요.",
    "This device has no passkey of the kind needed. Use another device or a security key.",
  ],
};

/** @type {[string, string]} */
const ABSENT = [
  "이 브라우저는 패스키를 지원하지 않습니다. 다른 브라우저를 쓰거나 비밀번호로 로그인해 주세요.",
  "This browser has no passkeys. Use another browser, or your password.",
];

/** @type {[string, string]} */
const UNKNOWN = [
  "패스키를 쓰지 못했습니다. 페이지를 새로 고친 뒤 다시 시도해 주세요.",
  "The passkey did not work. Reload the page and try again.",
];

/** @param {unknown} exception @returns {[string, string]} */
function sentencesFor(exception) {
  if (!("PublicKeyCredential" in window)) return ABSENT;
  const name = exception instanceof Error || exception instanceof DOMException ? exception.name : "";
  return SENTENCES[name] ?? UNKNOWN;
}

/** @param {[string, string]} sentences */
function show([korean, english]) {
  const notice = document.getElementById("passkey-problem") ?? document.createElement("div");
  notice.id = "passkey-problem";
  notice.className = "notice error";
  notice.setAttribute("role", "alert");
  notice.textContent = KOREAN ? korean : english;
  document.querySelector("main h1")?.after(notice);
  notice.scrollIntoView({ block: "nearest" });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  show(sentencesFor(event instanceof CustomEvent ? event.detail?.exception : undefined));
});
