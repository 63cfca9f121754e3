"""Registering a certificate: proven once, by its holder, for its business; of R nothing is left behind."""

from datetime import timedelta

import pytest
from service_world import NOW, acting, add_member, first_business, make_workspace
from signing_world import issue, keeper, make_ready, register, registration, set_up

from dojang.npki.random_number import RandomNumber
from dojang.service.certificates import services
from dojang.service.certificates.errors import ChallengeUsed, NoProof
from dojang.service.certificates.models import Certificate, SealedRandom, Verdict
from dojang.service.invoices.models import SignedDocument
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def authority(monkeypatch, tmp_path):
    return set_up(monkeypatch, tmp_path / "data")


@pytest.fixture
def workspace(authority):
    return make_workspace()


@pytest.fixture
def who(authority, workspace):
    return keeper(authority, first_business(workspace).number)


def ask(workspace, who, *, given=None, member=None):
    someone = member or acting(workspace)
    business = first_business(workspace)
    with in_workspace(workspace.pk):
        return services.register(
            member=someone, business=business, given=given or registration(someone, who), now=NOW
        )


def decide(workspace, row):
    with in_workspace(workspace.pk):
        return services.decide(row.pk, now=LATER)


def sealings(workspace):
    with in_workspace(workspace.pk):
        return list(SealedRandom.objects.filter(erased_at=None).order_by("pk"))


def test_of_two_registrations_before_the_verdict_no_sealing_is_left(workspace, who):
    row = ask(workspace, who)
    assert ask(workspace, who).pk == row.pk
    assert len(sealings(workspace)) == 2
    assert decide(workspace, row) == Verdict.MATCHES
    assert sealings(workspace) == []
    with in_workspace(workspace.pk):
        assert not SealedRandom.objects.exclude(sealed=None).exists()


def test_a_verdict_that_was_given_already_forgets_what_came_after(workspace, who):
    row = ask(workspace, who)
    decide(workspace, row)
    with in_workspace(workspace.pk):
        SealedRandom.objects.create(
            workspace=workspace, certificate=row, key_id="0" * 64, sealed=b"late", created_at=NOW
        )
    assert decide(workspace, row) == Verdict.MATCHES
    assert sealings(workspace) == []


def test_registering_again_leaves_what_waiting_documents_need(workspace, who):
    register(workspace, first_business(workspace), who)
    issue(workspace, who, make_ready(workspace))
    [needed] = sealings(workspace)
    row = ask(workspace, who)
    with in_workspace(workspace.pk):
        # As if it had been signed a moment after the registration.
        newest = SealedRandom.objects.create(
            workspace=workspace, certificate=row, key_id=needed.key_id, sealed=needed.sealed, created_at=NOW
        )
        waiting = SignedDocument.objects.get()
    assert waiting.random_id == needed.pk
    assert decide(workspace, row) == Verdict.MATCHES
    assert [one.pk for one in sealings(workspace)] == [needed.pk]
    assert newest.pk > needed.pk


def test_a_sealing_of_another_random_number_is_somebody_elses(workspace, who):
    member = acting(workspace)
    other = registration(member, who, sealed_random=who.sealed(RandomNumber(b"\1" * 20)))
    assert decide(workspace, ask(workspace, who, given=other)) == Verdict.MISMATCH
    assert sealings(workspace) == []


def test_a_challenge_is_used_once_and_by_its_own_person(workspace, who):
    owner, admin = acting(workspace), add_member(workspace, Role.ADMIN)
    given = registration(owner, who)
    with pytest.raises(ChallengeUsed):
        ask(workspace, who, given=given, member=admin)
    ask(workspace, who, given=given)
    with pytest.raises(ChallengeUsed):
        ask(workspace, who, given=given)


def test_whoever_does_not_hold_the_key_registers_nothing(workspace, who):
    member = acting(workspace)
    with pytest.raises(NoProof):
        ask(workspace, who, given=registration(member, who, signature=who.sign(b"something else")))
    with in_workspace(workspace.pk):
        assert not Certificate.objects.exists()


def test_registering_again_keeps_a_verdict_that_was_found(workspace, who):
    business = first_business(workspace)
    first = register(workspace, business, who)
    with in_workspace(workspace.pk):
        again = services.register(
            member=acting(workspace), business=business, given=registration(acting(workspace), who), now=NOW
        )
        assert (again.pk, again.verdict) == (first.pk, "matches")
