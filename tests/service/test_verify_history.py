"""`dojang verify-history` finds what was changed, cut or taken out behind the application's back."""

import pytest
from service_world import NOW, make_workspace
from signing_world import make_ready, set_up

from dojang.service.audit import chain, tasks
from dojang.service.audit.models import Event, Seal
from dojang.service.audit.verifying import missing_seals, verify_all
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    set_up(monkeypatch, tmp_path / "data")
    return make_workspace()


def _found(workspace):
    return next(one for one in verify_all() if one.workspace_id == workspace.pk)


def test_untouched_histories_hold(workspace):
    make_ready(workspace)
    found = _found(workspace)
    assert (found.events, found.breaks) == (2, ())
    assert "2" in found.text()


def test_each_workspace_is_sealed_by_the_worker_and_once(workspace):
    make_ready(workspace)
    tasks.seal_histories(0)
    tasks.seal_histories(0)
    with in_workspace(workspace.pk):
        assert Seal.objects.count() == 1
        assert list(chain.verify()) == []
    make_ready(workspace)
    tasks.seal_histories(0)
    with in_workspace(workspace.pk):
        assert Seal.objects.count() == 2
        assert list(chain.verify()) == []


def test_a_seal_that_names_a_document_that_is_gone_is_told(workspace):
    with in_workspace(workspace.pk):
        Seal.objects.create(
            workspace=workspace,
            sequence=1,
            at=NOW,
            last_event=1,
            heads=[[99, 1, "0" * 64]],
            previous_hash=chain.FIRST,
            hash="1" * 64,
        )
    found = _found(workspace)
    assert {one.invoice_id for one in found.breaks} == {None, 99}
    assert found.text().count("\n") == len(found.breaks)


def test_an_event_that_was_committed_late_is_in_the_next_seal(workspace):
    late = make_ready(workspace)
    with in_workspace(workspace.pk):
        # As a seal that was made while those events were not committed yet: it covers their ids and names none.
        newest = Event.objects.latest("id").pk
        row = Seal(
            workspace=workspace, sequence=1, at=NOW, last_event=newest, heads=[], previous_hash=chain.FIRST
        )
        row.hash = chain.digest(chain._seal_fields(row))
        row.save()
    other = make_ready(workspace)
    tasks.seal_histories(0)
    with in_workspace(workspace.pk):
        assert {head[0] for head in Seal.objects.latest("sequence").heads} == {late.pk, other.pk}
        assert list(chain.verify()) == []


def test_a_seal_names_only_what_changed_since(workspace, monkeypatch):
    make_ready(workspace)
    tasks.seal_histories(0)
    changed = make_ready(workspace)
    monkeypatch.setattr(chain, "_LATE", 0)
    tasks.seal_histories(0)
    with in_workspace(workspace.pk):
        assert [head[0] for head in Seal.objects.latest("sequence").heads] == [changed.pk]
        assert list(chain.verify()) == []


def test_what_a_backup_remembers_of_the_seals_has_to_be_there(workspace):
    make_ready(workspace)
    tasks.seal_histories(0)
    with in_workspace(workspace.pk):
        seal = Seal.objects.get()
    now = (workspace.pk, seal.sequence, seal.hash)
    assert list(missing_seals([now])) == []
    # Cut off, changed, and gone with its workspace.
    assert list(missing_seals([(workspace.pk, 2, seal.hash)])) == [(workspace.pk, 2)]
    assert list(missing_seals([(workspace.pk, 1, "0" * 64)])) == [(workspace.pk, 1)]
    assert list(missing_seals([(987_654_321, 1, seal.hash), now])) == [(987_654_321, 1)]
