"""Revocation lists: fetched by the worker, believed when an authority signed them, and every certificate judged anew."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from service_world import NOW, acting, first_business, make_workspace
from signing_world import forget_settings, issue, keeper, make_ready, register, registration, set_up

from dojang.npki.errors import NpkiError
from dojang.npki.fetch import FetchFailed, FetchRefused
from dojang.npki.testca import TestCA
from dojang.service.certificates import revocation, selectors, services, tasks
from dojang.service.certificates.files import authority_folder
from dojang.service.certificates.models import Certificate, RevocationList, SealedRandom, Verdict
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission.models import Condition

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(monkeypatch, tmp_path):
    return set_up(monkeypatch, tmp_path / "data")


@pytest.fixture
def workspace(authority):
    return make_workspace()


@pytest.fixture
def owner(authority, workspace):
    who = keeper(authority, first_business(workspace).number)
    register(workspace, first_business(workspace), who)
    return who


def _policy(monkeypatch, **values) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, **values))


def _publish(authority, *, at=NOW, name="ca.crl") -> None:
    (authority_folder() / name).write_bytes(authority.crl(at))


def _row(workspace) -> Certificate:
    with in_workspace(workspace.pk):
        return Certificate.objects.get()


def test_a_certificate_on_no_list_is_good_and_one_on_it_revoked(authority, workspace, owner):
    _publish(authority)
    assert revocation.refresh(now=NOW) == []
    assert (_row(workspace).revocation, _row(workspace).revoked_at) == ("good", None)
    later = NOW + timedelta(hours=1)
    authority.revoke(owner.identity.certificate.serial, later)
    _publish(authority, at=later)
    assert revocation.refresh(now=later) == []
    assert (_row(workspace).revocation, _row(workspace).revoked_at) == ("revoked", later)
    with in_workspace(workspace.pk):
        business = first_business(workspace).pk
        assert selectors.businesses_with_certificate([business], now=later) == set()
    result = issue(workspace, owner, make_ready(workspace), now=later)
    assert [one.why.code for one in result.refused] == ["certificate_not_usable"]


def test_without_a_list_nothing_is_known(workspace, owner):
    assert revocation.refresh(now=NOW) == []
    assert _row(workspace).revocation == "unknown"
    assert _row(workspace).revocation_checked_at == NOW


def test_once_revoked_it_stays_so_while_no_list_says_otherwise(authority, workspace, owner):
    authority.revoke(owner.identity.certificate.serial, NOW)
    _publish(authority)
    revocation.refresh(now=NOW)
    RevocationList.objects.all().delete()
    (authority_folder() / "ca.crl").unlink()
    revocation.refresh(now=NOW + timedelta(hours=1))
    assert _row(workspace).revocation == "revoked"


def test_a_list_of_a_stranger_is_not_believed_and_the_operator_is_told(authority, workspace, owner):
    stranger = TestCA.create(NOW)
    stranger.revoke(owner.identity.certificate.serial, NOW)
    (authority_folder() / "ca.crl").write_bytes(stranger.crl(NOW))
    [trouble] = revocation.refresh(now=NOW)
    assert trouble.code == "revocation_list_not_believed"
    assert _row(workspace).revocation == "unknown"
    tasks.refresh_revocation(0)
    assert not Condition.objects.get(name="revocation").is_good


def test_an_older_list_never_replaces_a_newer_one(authority, workspace, owner):
    authority.revoke(owner.identity.certificate.serial, NOW)
    _publish(authority, at=NOW)
    revocation.refresh(now=NOW)
    _publish(TestCA.load_or_create(authority_folder().parent, now=NOW), at=NOW - timedelta(days=1))
    assert revocation.refresh(now=NOW)
    assert RevocationList.objects.get().this_update == NOW
    assert _row(workspace).revocation == "revoked"


def test_bytes_that_are_no_list_do_not_hold_up_the_others(authority, workspace, owner):
    _publish(authority)
    (authority_folder() / "a.crl").write_bytes(b"no list")
    assert len(revocation.refresh(now=NOW)) == 1
    assert _row(workspace).revocation == "good"


def test_switched_off_nothing_is_read_or_judged(monkeypatch, authority, workspace, owner):
    _policy(monkeypatch, revocation="off")
    _publish(authority)
    assert revocation.refresh(now=NOW) == []
    assert not RevocationList.objects.exists()
    assert _row(workspace).revocation_checked_at is None


def test_hard_refuses_to_issue_while_nothing_is_known(monkeypatch, workspace, owner):
    ready = make_ready(workspace)
    _policy(monkeypatch, revocation="hard")
    result = issue(workspace, owner, ready)
    assert [one.why.code for one in result.refused] == ["certificate_not_usable"]


def test_in_front_of_the_nts_lists_come_from_the_addresses_in_certificates(
    monkeypatch, authority, workspace, owner
):
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        raise FetchFailed(host="test")

    with in_workspace(workspace.pk):
        expected = owner.identity.certificate.crl_urls
    _policy(monkeypatch, nts="nts")
    forget_settings()
    troubles = revocation.refresh(now=NOW, fetch=fetch)
    assert set(expected) <= set(asked)
    assert len(troubles) == len(asked)


def test_nobody_but_the_authorities_servers_is_ever_asked(owner):
    with pytest.raises(FetchRefused):
        revocation.fetch_list("http://attacker.example/list.crl")
    assert issubclass(FetchRefused, NpkiError)


def test_the_verdict_is_the_transmitters_job_and_r_is_forgotten(authority, workspace):
    who = keeper(authority, first_business(workspace).number)
    member = acting(workspace)
    with in_workspace(workspace.pk):
        row = services.register(
            member=member, business=first_business(workspace), given=registration(member, who), now=NOW
        )
    for _ in range(2):
        tasks.decide_certificate(workspace_id=workspace.pk, certificate_id=row.pk)
        assert _row(workspace).verdict == Verdict.MATCHES
    with in_workspace(workspace.pk):
        assert not SealedRandom.objects.filter(erased_at=None).exists()


def test_those_that_end_soon_are_told_unless_a_later_one_is_there(authority, workspace):
    business = first_business(workspace)
    short = keeper(authority, business.number, valid_from=NOW - timedelta(days=1), days=20)
    register(workspace, business, short)
    with in_workspace(workspace.pk):
        assert [one.fingerprint for one in selectors.expiring(30, now=NOW)] == [
            short.identity.certificate.fingerprint
        ]
        assert selectors.expiring(10, now=NOW) == []
    register(workspace, business, keeper(authority, business.number))
    with in_workspace(workspace.pk):
        assert selectors.expiring(30, now=NOW) == []
        assert selectors.businesses_with_certificate([business.pk], now=NOW) == {business.pk}


def test_signing_reads_only_the_lists_that_its_certificate_and_the_authorities_name(
    authority, workspace, owner
):
    _publish(authority)
    assert revocation.refresh(now=NOW) == []
    for number in range(3):
        RevocationList.objects.create(
            url=f"http://elsewhere.example/{number}.crl", der=b"would not be read", this_update=NOW
        )
    assert not issue(workspace, owner, make_ready(workspace)).refused
