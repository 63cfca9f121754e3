"""열람: told once, whoever comes first."""

import pytest
from link_world import make_company
from service_world import NOW
from test_workspace_races import at_once, inside

from dojang.service.audit import chain
from dojang.service.audit.contradictions import contradictions
from dojang.service.audit.models import Event
from dojang.service.invoices.states import Action
from dojang.service.links.models import Link
from dojang.service.links.opening import opened
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(monkeypatch, tmp_path):
    return make_company(monkeypatch, tmp_path)


def events(company):
    with in_workspace(company.workspace.pk):
        found = list(Event.objects.filter(action=Action.OPEN).order_by("sequence"))
        assert [*chain.verify(), *contradictions()] == []
    return found


def test_the_first_look_is_an_event_that_changes_nothing(company):
    invoice = company.issued()
    link = company.link(invoice)
    with in_workspace(company.workspace.pk):
        assert opened(link, address="192.0.2.7", now=NOW)
        assert Link.objects.get(pk=link.pk).opened_at == NOW
    [event] = events(company)
    assert (event.actor_kind, event.actor_id, event.address) == ("buyer", None, "192.0.2.7")
    assert event.from_state == event.to_state == invoice.state
    assert event.data == {"link": str(link.pk)}


def test_a_second_look_says_nothing(company):
    link = company.link(company.issued())
    for _ in range(2):
        with in_workspace(company.workspace.pk):
            opened(Link.objects.get(pk=link.pk), address="192.0.2.7", now=NOW)
    assert len(events(company)) == 1


def test_a_closed_workspace_can_be_read_and_nothing_is_written_of_it(company):
    link = company.link(company.issued())
    with in_workspace(company.workspace.pk):
        Workspace.objects.update(closed_at=NOW)
        assert not opened(link, address="192.0.2.7", now=NOW)
    assert events(company) == []


def test_five_readers_at_the_same_moment_make_one_event(company):
    link = company.link(company.issued())
    look = inside(company.workspace, lambda: opened(link, address="192.0.2.7", now=NOW))
    assert sorted(at_once(look, look, look, look, look)) == [False, False, False, False, True]
    assert len(events(company)) == 1


def test_each_readers_own_link_is_told_of(company):
    invoice = company.issued()
    for reader in ("one@saebom.example", "two@saebom.example"):
        link = company.link(invoice, reader)
        with in_workspace(company.workspace.pk):
            opened(link, address="192.0.2.7", now=NOW)
    assert len(events(company)) == 2
