"""휴폐업: asked for, kept with its time, asked again when it is old; another office's trouble is a value."""

import logging
import socket
import threading
import time
from datetime import date, timedelta

import pytest
from counterparty_world import NUMBER, OTHER_NUMBER, TaxOffice, make_world, person, said
from django.conf import settings
from django.core.exceptions import PermissionDenied
from service_world import NOW, add_member

from dojang.sandbox import running
from dojang.service.counterparties import taxstatus
from dojang.service.counterparties.models import BusinessState, Counterparty
from dojang.service.counterparties.services import editing
from dojang.service.counterparties.services.statuses import FRESH, check, refresh_statuses
from dojang.service.counterparties.taxstatus import NobodyToAsk, PublicTaxStatus, Unavailable

KEY = "sekret+/key=="
CLOSED = said(state=BusinessState.CLOSED, closed_on=date(2026, 10, 31))


@pytest.fixture
def world(db):
    return make_world()


def checked(world, counterparty, office, *, now=NOW, member=None):
    with world.open():
        return check(member=member or world.member, counterparty_id=counterparty.pk, service=office, now=now)


# Kept


def test_the_answer_is_kept_with_its_time(world):
    added = world.add()
    assert checked(world, added, TaxOffice({NUMBER: CLOSED})) == CLOSED
    saved = world.row(added)
    assert (saved.tax_status, saved.tax_type, saved.closed_on) == ("03", "01", date(2026, 10, 31))
    assert saved.tax_status_checked_at == NOW
    assert saved.version == 1


def test_only_news_stands_in_the_history(world):
    added = world.add(status=said())
    checked(world, added, TaxOffice())
    checked(world, added, TaxOffice({NUMBER: CLOSED}))
    assert world.actions(added)[1:] == [
        (
            "tax_status",
            {
                "tax_status": [
                    "계속사업자 · 부가가치세 일반과세자",
                    "폐업자 2026-10-31 · 부가가치세 일반과세자",
                ]
            },
        )
    ]


def test_a_refusal_leaves_what_was_known(world):
    added = world.add(status=CLOSED)
    office = TaxOffice(down=Unavailable.FAILED)
    assert checked(world, added, office, now=NOW + timedelta(days=1)) is Unavailable.FAILED
    assert (world.row(added).tax_status, world.row(added).tax_status_checked_at) == ("03", NOW)


def test_a_person_is_not_asked_about(world):
    office = TaxOffice()
    assert checked(world, world.add(given=person()), office) is None
    assert office.asked == []


def test_a_number_of_which_nothing_was_said_stays_unknown(world):
    added = world.add()
    assert checked(world, added, TaxOffice(silent_about={NUMBER})) is None
    assert world.row(added).tax_status_checked_at is None


def test_a_viewer_may_not_ask(world):
    added = world.add()
    with pytest.raises(PermissionDenied):
        checked(world, added, TaxOffice(), member=add_member(world.workspace, "viewer"))


# The worker


def crowd(world, count, **columns):
    with world.open():
        Counterparty.objects.bulk_create(
            Counterparty(workspace=world.workspace, name=f"n{n}", number=f"{n:010d}", **columns)
            for n in range(count)
        )


def test_the_worker_asks_for_the_old_ones_a_hundred_at_a_time(world):
    crowd(world, 250)
    office = TaxOffice()
    done = refresh_statuses(world.workspace.pk, NOW, service=office)
    assert [len(asked) for asked in office.asked] == [100, 100, 50]
    assert (done.asked, done.changed, done.stopped_by) == (250, 250, None)
    again = refresh_statuses(world.workspace.pk, NOW + FRESH, service=office)
    assert again.asked == 0
    assert refresh_statuses(world.workspace.pk, NOW + FRESH * 2, service=office).asked == 250


def test_the_archive_and_persons_are_left_out(world):
    added = world.add()
    world.add(given=person())
    with world.open():
        editing.archive(member=world.member, counterparty_id=added.pk, now=NOW)
    office = TaxOffice()
    refresh_statuses(world.workspace.pk, NOW, service=office)
    assert office.asked == []


def test_branches_of_one_number_are_asked_for_once_and_all_told(world):
    branches = [world.add(branch_number=f"000{n}") for n in (1, 2)]
    office = TaxOffice({NUMBER: CLOSED})
    done = refresh_statuses(world.workspace.pk, NOW, service=office)
    assert office.asked == [[NUMBER]]
    assert done.changed == 2
    assert {world.row(one).tax_status for one in branches} == {"03"}


def test_a_refusal_in_the_middle_keeps_what_was_done_and_the_rest_comes_next_time(world):
    crowd(world, 150)
    office = TaxOffice(down=Unavailable.TOO_MANY, down_after=1)
    done = refresh_statuses(world.workspace.pk, NOW, service=office)
    assert (done.asked, done.stopped_by) == (100, Unavailable.TOO_MANY)
    assert refresh_statuses(world.workspace.pk, NOW, service=TaxOffice()).asked == 50


def test_nobody_elses_counterparties_are_touched(world):
    other = make_world()
    theirs = other.add()
    world.add()
    refresh_statuses(world.workspace.pk, NOW, service=TaxOffice({NUMBER: CLOSED}))
    assert other.row(theirs).tax_status == ""


# Over the wire


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with running(tmp_path_factory.mktemp("status") / "nts") as served:
        yield served


@pytest.fixture
def service(sandbox):
    yield PublicTaxStatus(sandbox.address, KEY, seconds=5)
    with sandbox.sandbox.office.store.transaction() as ledger:
        ledger.remove_faults()


def fault(sandbox, kind, **facts):
    from dojang.sandbox.faults import Action, Fault, FaultKind

    with sandbox.sandbox.office.store.transaction() as ledger:
        ledger.add_fault(Fault(kind=FaultKind(kind), action=Action.TAX_STATUS, **facts))


def test_the_sandbox_is_asked_as_the_public_service_is(sandbox, service):
    from dojang.sandbox.register import Business, State

    listed = {OTHER_NUMBER: Business(state=State.CLOSED, closed_on=date(2026, 10, 31))}
    sandbox.sandbox.office.change(lambda old: old.model_copy(update={"businesses": listed}))
    answer = service.ask([NUMBER, OTHER_NUMBER, "1234567890", NUMBER])
    assert answer[NUMBER] == said()
    assert (answer[OTHER_NUMBER].state, answer[OTHER_NUMBER].closed_on) == ("03", date(2026, 10, 31))
    assert answer["1234567890"].state is BusinessState.UNREGISTERED
    assert len(answer) == 3


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("http_429", Unavailable.TOO_MANY),
        ("http_500", Unavailable.FAILED),
        ("garbage", Unavailable.UNREADABLE),
        ("lost_before", Unavailable.NO_ANSWER),
    ],
)
def test_every_trouble_is_a_value(sandbox, service, kind, reason):
    fault(sandbox, kind)
    assert service.ask([NUMBER]) is reason
    assert NUMBER in service.ask([NUMBER])


def test_a_page_does_not_wait_for_ever(sandbox):
    fault(sandbox, "slow", seconds=3)
    begun = time.monotonic()
    assert PublicTaxStatus(sandbox.address, KEY, seconds=0.3).ask([NUMBER]) is Unavailable.NO_ANSWER
    assert time.monotonic() - begun < 2


def test_an_answer_that_drips_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        stop = threading.Event()

        def drip():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            begun = time.monotonic()
            assert PublicTaxStatus(url, KEY, seconds=0.5).ask([NUMBER]) is Unavailable.NO_ANSWER
            assert time.monotonic() - begun < 3
        finally:
            stop.set()
            thread.join()


def test_nobody_listening_is_a_value():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert PublicTaxStatus(f"http://127.0.0.1:{port}", KEY).ask([NUMBER]) is Unavailable.NO_ANSWER


def test_the_key_is_in_no_log_and_no_repr(sandbox, service, caplog):
    with caplog.at_level(logging.DEBUG):
        service.ask([NUMBER])
        fault(sandbox, "lost_before")
        service.ask([NUMBER])
    assert "sekret" not in caplog.text
    assert "sekret" not in repr(service)


@pytest.mark.parametrize("key", ["a+b/c==", "a%2Bb%2Fc%3D%3D"])
def test_the_key_is_sent_right_in_either_of_the_two_ways_it_is_handed_out(key):
    seen = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                seen.append(connection.recv(4096).split(b" ")[1])
                connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        service = PublicTaxStatus(f"http://127.0.0.1:{listener.getsockname()[1]}", key)
        assert service.ask([NUMBER]) is Unavailable.KEY_REFUSED
        thread.join()
    assert b"serviceKey=a%2Bb%2Fc%3D%3D" in seen[0]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Unavailable.UNREADABLE),
        (b"[]", Unavailable.UNREADABLE),
        (b'{"data": 1}', Unavailable.UNREADABLE),
        (b"[" * 100_000, Unavailable.UNREADABLE),
        (b"\xff", Unavailable.UNREADABLE),
    ],
)
def test_an_answer_without_sense_is_a_value(body, reason):
    assert taxstatus._read(body, frozenset({NUMBER})) is reason


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"b_no": NUMBER},
        {"b_no": NUMBER, "b_stt_cd": "09", "tax_type": "새 상태"},
        {"b_no": NUMBER, "b_stt_cd": 1},
        {"b_no": None, "b_stt_cd": "01"},
        {"b_no": OTHER_NUMBER, "b_stt_cd": "01"},
        "text",
    ],
)
def test_of_a_row_that_says_nothing_known_nothing_is_claimed(row):
    import json

    assert taxstatus._read(json.dumps({"data": [row]}).encode(), frozenset({NUMBER})) == {}


def test_an_odd_closing_day_is_none():
    row = {"b_no": NUMBER, "b_stt_cd": "03", "end_dt": "20261399"}
    assert taxstatus._status(row).closed_on is None


@pytest.mark.parametrize("numbers", [[], [NUMBER] * 101])
def test_how_many_may_be_asked_for_is_bounded(numbers):
    with pytest.raises(ValueError, match="100"):
        PublicTaxStatus("http://127.0.0.1:1", KEY).ask(numbers)


def test_without_a_service_nobody_is_asked(monkeypatch):
    import dataclasses

    quiet = dataclasses.replace(settings.ENVIRONMENT, tax_status_url="", tax_status_key="")
    monkeypatch.setattr(settings, "ENVIRONMENT", quiet)
    assert isinstance(taxstatus.configured(), NobodyToAsk)
    assert taxstatus.configured().ask([NUMBER]) is Unavailable.NOT_SET_UP
    there = dataclasses.replace(quiet, tax_status_url="https://status.example.com", tax_status_key=KEY)
    monkeypatch.setattr(settings, "ENVIRONMENT", there)
    assert taxstatus.configured() == PublicTaxStatus("https://status.example.com", KEY)
