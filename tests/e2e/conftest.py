"""The whole service, running, and people in front of it. All of these tests share one, so one process runs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_server import Demo, running
from desk import Clerk, Desk
from playwright.sync_api import Browser

from browsers import chromium, program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    program("chromium")  # before a minute is spent on what nobody would look at
    with running() as demo:
        yield demo


@pytest.fixture(scope="session")
def clerk(demo: Demo) -> Iterator[Clerk]:
    with Clerk.at_work(demo) as clerk:
        yield clerk


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def desk(demo: Demo, clerk: Clerk, browser: Browser) -> Iterator[Desk]:
    """Somebody's desk: at its end, no page may have complained or asked anybody outside this machine."""
    with Desk.of(demo, clerk, browser) as desk:
        yield desk
    assert desk.complaints == []
    assert desk.strangers == []
