"""`dojang verify-history` and `dojang operator`: what they say and the status they end with."""

from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from service_world import NOW, make_user, make_workspace
from signing_world import make_ready, set_up

from dojang.service.accounts.models import User
from dojang.service.audit import chain
from dojang.service.audit import commands as audit_commands
from dojang.service.audit.models import Seal
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import commands as transmission_commands

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _running(monkeypatch):
    """Django is set up here already, on the test's database."""

    @contextmanager
    def service():
        yield

    monkeypatch.setattr(audit_commands, "service", service)
    monkeypatch.setattr(transmission_commands, "service", service)
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")


def _run(command, *arguments):
    return CliRunner().invoke(command, arguments, standalone_mode=False)


def test_histories_that_hold_end_with_0_and_a_broken_one_with_1(monkeypatch, tmp_path):
    set_up(monkeypatch, tmp_path / "data")
    workspace = make_workspace(name="새벽상사")
    make_ready(workspace)
    good = _run(audit_commands.verify_history)
    assert (good.return_value, "새벽상사" in good.output, "이상 없음" in good.output) == (0, True, True)
    with in_workspace(workspace.pk):
        Seal.objects.create(
            workspace=workspace, sequence=1, at=NOW, last_event=1, heads=[[99, 1, "0" * 64]],
            previous_hash=chain.FIRST, hash="1" * 64,
        )  # fmt: skip
    broken = _run(audit_commands.verify_history)
    assert broken.return_value == 1
    assert "봉인된 기록이 없어졌습니다" in broken.output


def test_an_account_becomes_the_operators_and_stops_being_it():
    user = make_user("one@example.com")
    assert _run(transmission_commands.operator, "One@example.com").return_value == 0
    assert User.objects.get(pk=user.pk).is_staff
    assert _run(transmission_commands.operator, "one@example.com", "--remove").return_value == 0
    assert not User.objects.get(pk=user.pk).is_staff


def test_an_unknown_account_is_refused():
    done = _run(transmission_commands.operator, "nobody@example.com")
    assert done.return_value == 1
    assert "nobody@example.com" in done.output
