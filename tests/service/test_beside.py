"""What goes along with issuing, cancelling and the tax office's verdict never undoes them."""

import pytest
from django.db import IntegrityError, OperationalError, connection
from service_world import NOW, acting, make_workspace
from transmission_world import connect, make_company, open_office, transmit

from dojang.service.counterparties.models import RememberedItem
from dojang.service.invoices import issuing, transmitting
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.notices import occasions
from dojang.service.notices.models import OutgoingMail
from dojang.service.records import delivering
from dojang.service.tenancy.beside import beside
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def company(monkeypatch, tmp_path, sandbox):
    return make_company(connect(monkeypatch, tmp_path / "data", sandbox))


def broken(*_given, **_named):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def test_verdicts_stand_where_mails_and_deliveries_fail(sandbox, company, monkeypatch, caplog):
    first, _ = company.issue(2)
    sandbox.fault("code", issue_id=first.issue_id, codes=["ERR002"])
    monkeypatch.setattr(occasions, "rejected", broken)
    monkeypatch.setattr(delivering, "deliver", broken)
    transmit(sandbox)
    assert company.states() == [State.REJECTED, State.ACCEPTED]
    assert caplog.text.count("DivisionByZero") >= 2


def test_what_could_not_be_mailed_is_issued_and_goes_to_the_tax_office_at_once(company, monkeypatch):
    monkeypatch.setattr(occasions, "issued", broken)
    monkeypatch.setattr(issuing, "remember_items", broken)
    [invoice] = company.issue(1)
    with in_workspace(company.workspace.pk):
        found = Invoice.objects.get(pk=invoice.pk)
        assert (found.state, found.delivered_on, found.transmit_at) == (State.ISSUED, None, found.changed_at)
        assert not OutgoingMail.objects.exists()
        assert not RememberedItem.objects.exists()


def test_what_was_cancelled_stays_so(company, monkeypatch):
    [invoice] = company.issue(1)
    monkeypatch.setattr(occasions, "cancelled", broken)
    with in_workspace(company.workspace.pk):
        version = Invoice.objects.get(pk=invoice.pk).version
        transmitting.cancel(member=acting(company.workspace), invoice_id=invoice.pk, version=version, now=NOW)
    assert company.states() == [State.CANCELLED]


def test_what_failed_is_undone_whole_and_what_only_came_at_a_bad_moment_is_not_swallowed():
    workspace = make_workspace()

    def half():
        type(workspace).objects.update(name="half done")
        raise IntegrityError

    def too_early():
        raise OperationalError

    with in_workspace(workspace.pk):
        assert not beside(half, what="half")
        assert type(workspace).objects.get().name == workspace.name
        with pytest.raises(OperationalError):
            beside(too_early, what="too early")
        assert beside(lambda: None, what="nothing")
