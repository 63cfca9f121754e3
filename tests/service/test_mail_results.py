"""From issuing to the tax office's answer and the mails of it, over the real wire, by what the worker does."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from mail_world import mail_server, mails, point_to, send
from procrastinate.contrib.django.models import ProcrastinateJob
from service_world import NOW, add_member, make_business, make_user
from transmission_world import connect, make_company, open_office, same_books, transmit

from dojang.service.invoices.states import State
from dojang.service.notices import tasks
from dojang.service.notices.models import Kind, MailState
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def company(monkeypatch, tmp_path, sandbox):
    return make_company(connect(monkeypatch, tmp_path / "data", sandbox))


def test_the_workers_job_mails_the_buyer_whatever_becomes_of_transmission(sandbox, company, monkeypatch):
    company.issue(2)
    [job] = ProcrastinateJob.objects.filter(task_name="dojang.send_mails")
    assert job.args == {"workspace_id": company.workspace.pk}
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW)
    tasks.send_mails(**job.args)
    assert [one.to for one in outbox.outbox] == [["sara@saebom.example"]] * 2
    transmit(sandbox)
    assert company.states() == [State.ACCEPTED] * 2
    assert [one.state for one in mails(company.workspace)] == [MailState.SENT] * 2
    same_books(sandbox, company)


def test_who_issues_is_told_once_in_their_language_what_was_not_taken_and_why(sandbox, company):
    add_member(company.workspace, "issuer", make_user("issuer@hanbit.example", language="en"))
    add_member(company.workspace, "writer", make_user("writer@hanbit.example"))
    other = make_business(company.workspace)
    elsewhere = make_user("elsewhere@hanbit.example")
    add_member(company.workspace, "none", elsewhere, business_roles={other: "issuer"})
    first, second = company.issue(2)
    send(company.workspace)
    outbox.outbox.clear()
    for one in (first, second):
        sandbox.fault("code", issue_id=one.issue_id, codes=["ERR002"])
    transmit(sandbox)
    assert company.states() == [State.REJECTED] * 2
    send(company.workspace, now=sandbox.clock.now)
    told = {one.to[0]: one for one in outbox.outbox}
    assert len(outbox.outbox) == len(told) == 2
    assert "issuer@hanbit.example" in told
    assert "[모의]" in told["issuer@hanbit.example"].subject
    assert "did not take 2 invoice(s)" in told["issuer@hanbit.example"].subject
    assert {"writer@hanbit.example", "elsewhere@hanbit.example"}.isdisjoint(told)
    korean = next(one for to, one in told.items() if to != "issuer@hanbit.example")
    assert "국세청 전송실패 2건" in korean.subject
    assert f"/w/{company.workspace.slug}/invoices/{first.pk}/" in korean.body


def test_one_that_was_not_taken_is_told_with_its_cause(sandbox, company):
    [invoice] = company.issue()
    send(company.workspace)
    sandbox.fault("code", issue_id=invoice.issue_id, codes=["ERR002"])
    transmit(sandbox)
    send(company.workspace, now=sandbox.clock.now)
    assert "원인:" in outbox.outbox[-1].body
    assert "다시 발행하세요" in outbox.outbox[-1].body


def test_what_was_not_taken_is_not_mailed_to_a_buyer_any_more(sandbox, company, settings):
    [invoice] = company.issue()
    sandbox.fault("code", issue_id=invoice.issue_id, codes=["ERR002"])
    transmit(sandbox)
    send(company.workspace, now=sandbox.clock.now)
    assert [one.state for one in mails(company.workspace, kind=Kind.INVOICE_ISSUED)] == ["dropped"]


def test_a_buyer_whose_mail_came_back_counts_from_the_day_the_tax_office_has_it(sandbox, company, settings):
    with mail_server() as server:
        server.recipients["sara@saebom.example"] = "550 no such user"
        point_to(settings, server.port)
        [invoice] = company.issue()
        send(company.workspace)
    transmit(sandbox, at=NOW + timedelta(seconds=30))
    row = company.row(invoice)
    assert (row.state, row.delivered_on) == (State.ACCEPTED, (NOW + timedelta(hours=9)).date())
    assert company.actions(invoice)[-3:] == ["send_now", "submit", "accept"]
    same_books(sandbox, company)


def test_a_mail_server_that_is_down_holds_up_no_transmission(sandbox, company, settings):
    point_to(settings, 1)
    [invoice] = company.issue()
    send(company.workspace)
    transmit(sandbox)
    assert company.row(invoice).state == State.ACCEPTED
    with in_workspace(company.workspace.pk):
        assert invoice.mails.get().state == MailState.WAITING
