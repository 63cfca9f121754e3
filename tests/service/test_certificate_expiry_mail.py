"""The end of a certificate is told by mail 30, 7 and 1 days before, once each, to those who can renew it."""

from datetime import timedelta

import mail_world
import pytest
from django.core import mail
from service_world import NOW, add_member, first_business, make_user, make_workspace
from signing_world import keeper, register, set_up

from dojang.service.certificates import expiry_mail
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    authority = set_up(monkeypatch, tmp_path / "data")
    made = make_workspace(make_user("owner@hanbit.example"))
    add_member(made, "writer")
    add_member(made, "admin", make_user("admin@hanbit.example", language="en"))
    business = first_business(made)
    made.end = NOW + timedelta(days=40)
    register(made, business, keeper(authority, business.number, valid_to=made.end))
    made.authority = authority
    return made


def _tell(workspace, now) -> list[int]:
    with in_workspace(workspace.pk):
        waiting = expiry_mail.untold(now=now)
        for row, days in waiting:
            expiry_mail.tell(row.pk, days, now=now)
    mail_world.send(workspace, now=now)
    return [days for _, days in waiting]


def test_it_is_told_at_each_step_and_only_once(workspace):
    told = [
        step
        for left in (31, 30, 29, 8, 7, 6, 2, 1)
        for step in _tell(workspace, workspace.end - timedelta(days=left))
    ]
    assert told == [30, 7, 1]
    assert len(mail.outbox) == 6


def test_who_slept_is_told_of_the_nearest_step_alone(workspace):
    assert _tell(workspace, workspace.end - timedelta(hours=30)) == [1]


def test_owner_and_administrator_are_told_in_their_language_and_nobody_else(workspace):
    _tell(workspace, workspace.end - timedelta(days=7))
    told = {message.to[0]: message for message in mail.outbox}
    assert sorted(told) == ["admin@hanbit.example", "owner@hanbit.example"]
    assert "공동인증서가 7일 뒤 만료됩니다" in told["owner@hanbit.example"].subject
    assert "ends in 7 day(s)" in told["admin@hanbit.example"].subject
    assert f"/w/{workspace.slug}/certificates/" in told["owner@hanbit.example"].body


def test_a_certificate_that_was_renewed_is_not_spoken_of(workspace):
    business = first_business(workspace)
    register(
        workspace, business, keeper(workspace.authority, business.number, valid_to=NOW + timedelta(days=400))
    )
    assert _tell(workspace, workspace.end - timedelta(days=7)) == []


def test_what_the_mail_server_does_not_take_is_tried_again_and_not_told_anew(workspace, settings):
    now = workspace.end - timedelta(days=7)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert _tell(workspace, now) == [7]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert _tell(workspace, now + timedelta(hours=1)) == []
    assert len(mail.outbox) == 2


def test_on_its_last_day_it_ends_today(workspace):
    _tell(workspace, workspace.end - timedelta(minutes=1))
    subject = next(one.subject for one in mail.outbox if one.to == ["owner@hanbit.example"])
    assert "공동인증서가 오늘 만료됩니다" in subject
