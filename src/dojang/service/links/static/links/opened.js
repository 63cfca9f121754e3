/**
 * Tells that somebody sees the page: when it has really been in front for a moment. What scans mails fetches pages
 * and shows them to nobody.
 */

const MOMENT_MS = 1500;

/** @param {string} address */
function tell(address) {
  // Nothing is shown either way: whether it was told is not the reader's business.
  void fetch(address, { method: "POST", credentials: "omit", keepalive: true }).catch(() => undefined);
}

const address = document.querySelector("[data-opened]")?.getAttribute("data-opened");
/** @type {number | undefined} */
let waiting;

function look() {
  window.clearTimeout(waiting);
  if (address && document.visibilityState === "visible") {
    waiting = window.setTimeout(() => {
      document.removeEventListener("visibilitychange", look);
      tell(address);
    }, MOMENT_MS);
  }
}

document.addEventListener("visibilitychange", look);
look();
