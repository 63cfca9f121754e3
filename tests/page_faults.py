"""What is wrong with a page as it stands in a browser: for people who cannot use it, for narrow windows, for who reads on.

`watch` before a page is opened, `moved` when it has come, `faults` in every width and brightness.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

AXE = Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
THEMES = ("light", "dark")

_WATCH = """
globalThis.moves = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (!shift.hadRecentInput) {
      const what = shift.sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 80));
      globalThis.moves.push(`moved by ${shift.value.toFixed(4)}: ${what}`);
    }
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# What sticks to the window covers now this and now that; it is looked at where it stands in the page.
_UNSTICK = """
for (const one of document.querySelectorAll("*")) {
  if (getComputedStyle(one).position === "sticky") one.style.position = "static";
}
"""
# WCAG 2.2 asks 24 px of what is pressed; axe leaves that to who wants it.
# WCAG 1.4.3 asks no contrast of what only decorates; the sandbox mark is said in words above each document.
_AXE = """
axe.run({ exclude: ".dojang-watermark" }, { rules: { "target-size": { enabled: true } } })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)))
"""
_TOO_WIDE = """() => {
  const beyond = (part) => part.scrollWidth - part.clientWidth;
  const page = beyond(document.documentElement);
  const tables = [...document.querySelectorAll(".table-wrap:not(.scrolls)")].filter((one) => beyond(one) > 1);
  return [
    ...(page > 0 ? [`the page is ${page} px too wide`] : []),
    ...tables.map((one) => `a table is ${beyond(one)} px too wide: ${one.getAttribute("aria-label")}`),
  ];
}"""


def axe_script() -> str:
    """The script that looks for what keeps people out."""
    if not AXE.exists():
        not_run = "not run: what keeps people out of pages. Install axe-core (make setup-node does)."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(not_run)
    return AXE.read_text("utf-8")


def watch(context: BrowserContext) -> None:
    """See what moves in its pages while they come."""
    context.add_init_script(_WATCH)


def moved(page: Page) -> list[str]:
    """What has moved that somebody may have been looking at."""
    return page.evaluate("globalThis.moves")


def faults(page: Page) -> list[str]:
    """What keeps people out, and what is wider than the window; `axe_script` has run in the page."""
    page.evaluate(_UNSTICK)
    return [*page.evaluate(_AXE), *page.evaluate(_TOO_WIDE)]
