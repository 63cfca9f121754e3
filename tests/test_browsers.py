"""A browser that is not there is said to be missing, and in continuous integration that is a failure."""

import shutil

import pytest

import browsers


@pytest.fixture(autouse=True)
def without_browsers(monkeypatch):
    monkeypatch.delenv("DOJANG_FIREFOX", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)


def test_a_missing_browser_skips_the_test_and_names_its_package(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"not run: .*Debian's package firefox-esr"):
        browsers.program("firefox-esr")


def test_a_missing_browser_fails_in_continuous_integration(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"not run: .*firefox-esr"):
        browsers.program("firefox-esr")
