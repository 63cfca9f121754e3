"""The browsers that tests drive: Debian's chromium through Playwright, Debian's firefox-esr through Marionette.

Neither is downloaded by Playwright: tests judge with what a distribution ships, and ask nobody outside this machine.
"""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

import marionette

# Debian's chromium looks for updates, variations and a search engine's news where nobody stops it.
_QUIET = (
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-quic",
    "--disable-sync",
    "--metrics-recording-only",
)
_OF_ROOT = ("--no-sandbox",)


def program(name: str) -> str:
    """Where a browser is. Without it the test is skipped, and fails in continuous integration."""
    path = os.environ.get(f"DOJANG_{name.partition('-')[0].upper()}") or shutil.which(name)
    if path is None:
        not_run = (
            f"not run: what people see in {name}. Install Debian's package {name} (tests/judges.sh does)."
        )
        if os.environ.get("CI") == "true":
            pytest.fail(not_run)
        pytest.skip(not_run)
    return path


@contextmanager
def chromium() -> Generator[Browser]:
    """A chromium without a window."""
    path = program("chromium")
    sandbox = _OF_ROOT if os.getuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_QUIET, *sandbox])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def firefox() -> Generator[marionette.Firefox]:
    """A firefox without a window, with a profile of its own."""
    with marionette.started(program("firefox-esr")) as browser:
        yield browser
