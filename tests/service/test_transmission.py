"""From issued to accepted against a real sandbox: each once, and both books say the same."""

import pytest
from transmission_world import LATER, connect, make_company, open_office, same_books, transmit

from dojang.service.certificates.models import SealedRandom
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission.models import Submission, SubmissionItem, SubmissionState

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def authority(monkeypatch, tmp_path, sandbox):
    return connect(monkeypatch, tmp_path / "data", sandbox)


@pytest.fixture
def company(authority):
    return make_company(authority)


def test_what_is_due_is_sent_and_accepted(sandbox, company):
    invoices = company.issue(3)
    assert not transmit(sandbox)
    assert company.states() == [State.ACCEPTED] * 3
    row = company.row(invoices[0])
    assert (row.result_code, row.sent_at, row.delivered_on) == ("SUC001", LATER, row.written_on)
    assert company.actions(invoices[0]) == ["create", "finish", "issue", "submit", "accept"]
    same_books(sandbox, company)


def test_what_is_not_due_waits(sandbox, company):
    company.issue()
    transmit(sandbox, at=sandbox.clock.now)
    assert company.states() == [State.ISSUED]


def test_a_settled_submission_keeps_neither_message_nor_r(sandbox, company):
    company.issue(2)
    transmit(sandbox)
    submission = Submission.objects.get()
    assert (submission.state, submission.message, submission.next_look_at) == (
        SubmissionState.SETTLED, None, None,
    )  # fmt: skip
    with in_workspace(company.workspace.pk):
        assert not SealedRandom.objects.filter(erased_at=None).exists()
        assert list(SubmissionItem.objects.values_list("result_codes", flat=True)) == [["SUC001"]] * 2
