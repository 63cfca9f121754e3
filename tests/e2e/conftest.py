"""The whole service, running, and people in front of it. All of these tests share one, so one process runs them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from demo_server import PASSPHRASE, Demo, running
from desk import Clerk, Desk, business_number
from playwright.sync_api import Browser

from browsers import chromium, program
from page_faults import NARROW, WIDE

#: Where people sit: what their browsers are told.
SEATS = {
    "desk": {"viewport": WIDE, "color_scheme": "light"},
    "telephone": {"viewport": NARROW, "color_scheme": "dark"},
}


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


@pytest.fixture(params=SEATS)
def seat(request: pytest.FixtureRequest) -> str:
    """A story is told twice: at a desk, and on a telephone in the dark."""
    return request.param


@pytest.fixture
def desk_of(demo: Demo, clerk: Clerk, browser: Browser, seat: str) -> Iterator[Callable[[], Desk]]:
    """A browser for each person of a story; at its end none may have complained or asked anybody outside."""
    with ExitStack() as stack:
        there: list[Desk] = []

        def sit_down() -> Desk:
            values = SEATS[seat] | {"reduced_motion": "reduce"}
            there.append(stack.enter_context(Desk.of(demo, clerk, browser, **values)))
            return there[-1]

        yield sit_down
    assert [one.complaints + one.strangers for one in there] == [[]] * len(there)


@pytest.fixture
def person(desk_of: Callable[[], Desk]) -> Desk:
    """Whom the story is about."""
    return desk_of()


@pytest.fixture
def stranger(desk_of: Callable[[], Desk]) -> Desk:
    """Somebody without an account."""
    return desk_of()


@pytest.fixture(scope="session")
def open_office(demo: Demo, clerk: Clerk, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict]:
    """Opens companies, each with its certificate on its owner's disk, not yet registered unless that is asked for."""

    def open_one(name: str, *, registered: bool = False, **values: Any) -> dict:
        number = business_number()
        kept = demo.certificate(number, tmp_path_factory.mktemp("certificate"), name)
        office = clerk("office", number=number, name=name, **values) | {"kept": kept}
        if registered:
            clerk("register", workspace=office["workspace"], archive=str(kept.archive), passphrase=PASSPHRASE)
        return office

    return open_one


@pytest.fixture(scope="session")
def sell(clerk: Clerk) -> Callable[..., list[int]]:
    """Has an office sell something today; the NTS has accepted it, unless nobody waits for that."""

    def sell(office: dict, *documents: dict, **values: Any) -> list[int]:
        holder = {"archive": str(office["kept"].archive), "passphrase": PASSPHRASE}
        return clerk("sold", workspace=office["workspace"], documents=documents, **holder, **values)

    return sell
