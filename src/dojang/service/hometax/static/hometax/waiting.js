/** A page of a list that the worker is at: asks how far it is, says so, and shows the page anew when it has changed. */

const EVERY = 1500;
const status = document.querySelector("[data-waiting]");

/** @param {HTMLElement} element */
async function ask(element) {
  const { waiting = "", state = "" } = element.dataset;
  try {
    const answer = await fetch(waiting, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.ok) {
      const found = await answer.json();
      if (found.state !== state) {
        location.reload();
        return;
      }
      const rows = document.querySelector("[data-rows]");
      if (rows) {
        const count = found.state === "taking" ? found.taken : found.rows;
        rows.textContent = Number(count).toLocaleString("ko-KR");
      }
    }
  } catch {
    // The connection is gone for a moment: the next question may reach somebody.
  }
  setTimeout(ask, EVERY, element);
}

if (status instanceof HTMLElement) {
  setTimeout(ask, EVERY, status);
}
