"""What the signing page asks of the server, over HTTP: orders, issue, register, and who may."""

import base64
import json

import pytest
from service_world import acting, first_business, make_workspace, member_client
from signing_world import issue as issue_in_python
from signing_world import keeper, make_ready, register, set_up

from dojang.etax.signature import sign
from dojang.etax.xml_reader import read
from dojang.service.certificates import services
from dojang.service.certificates.models import Certificate
from dojang.service.invoices.models import Invoice
from dojang.service.signing import release
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    authority = set_up(monkeypatch, tmp_path / "data")
    made = make_workspace()
    made.authority = authority
    return made


def _owner(workspace):
    who = keeper(workspace.authority, first_business(workspace).number)
    register(workspace, first_business(workspace), who)
    return who


def _post(client, workspace, what, body):
    address = f"/w/{workspace.slug}/sign/{what}/"
    return client.post(address, body, content_type="application/json", headers={"accept": "application/json"})


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _wanted(*invoices):
    return {"invoices": [{"id": one.pk, "version": one.version} for one in invoices]}


def _issue_body(who, orders):
    signer = who.signer()
    return {
        "certificate": _text(who.der),
        "chain": [],
        "random": {"key_id": signer.key_id, "sealed": _text(signer.sealed_random)},
        "signed": [
            {
                "order": one["order"],
                "xml": sign(read(one["xml"].encode()).invoice, who.der, who.sign).decode(),
            }
            for one in orders
        ],
    }


def test_from_ready_to_issued_over_http(workspace):
    who, client = _owner(workspace), member_client(workspace)
    placed = _post(client, workspace, "orders", _wanted(make_ready(workspace))).json()
    body = _issue_body(who, placed["orders"])
    for _ in range(2):  # a lost answer is asked for again
        answer = _post(client, workspace, "issue", body)
        assert answer.status_code == 200
        assert [one["state"] for one in answer.json()["issued"]] == ["issued"]


def test_registering_over_http_and_waiting_for_the_verdict(workspace):
    client, member = member_client(workspace), acting(workspace)
    business = first_business(workspace)
    who = keeper(workspace.authority, business.number)
    page = client.get(f"/w/{workspace.slug}/sign/register/").content.decode()
    context = json.loads(page.split('<script id="context" type="application/json">')[1].split("</script>")[0])
    challenge = context["challenge"]
    signer = who.signer()
    body = {
        "business": business.pk,
        "certificate": _text(who.der),
        "chain": [],
        "challenge": challenge,
        "signature": _text(who.sign(b"dojang-register:" + challenge.encode())),
        "random": {"key_id": signer.key_id, "sealed": _text(signer.sealed_random)},
    }
    first = _post(client, workspace, "certificate", body)
    assert (first.status_code, first.json()["state"]) == (201, "pending")
    assert first.json()["challenge"] != challenge  # for another certificate, without loading the page anew
    again = _post(client, workspace, "certificate", body)
    assert (again.status_code, again.json()["code"]) == (409, "challenge_used")
    with in_workspace(workspace.pk):
        services.decide(Certificate.objects.get().pk, now=member.workspace.created_at)
    state = client.get(f"/w/{workspace.slug}/sign/certificate/{first.json()['id']}/").json()
    assert state["state"] == "matches"


def test_the_page_carries_its_own_policy_and_no_order_yet(workspace):
    invoice = make_ready(workspace)
    answer = member_client(workspace).get(f"/w/{workspace.slug}/sign/?invoices={invoice.pk}")
    assert answer.headers["Content-Security-Policy"] == release.current().content_security_policy
    assert "<TaxInvoice" not in answer.content.decode()


@pytest.mark.parametrize("role", ["writer", "viewer"])
def test_who_may_not_issue_gets_neither_page_nor_order(workspace, role):
    invoice = make_ready(workspace)
    client = member_client(workspace, role)
    assert client.get(f"/w/{workspace.slug}/sign/?invoices={invoice.pk}").status_code == 403
    refused = _post(client, workspace, "orders", _wanted(invoice)).json()
    assert [refused["orders"], refused["refused"][0]["code"]] == [[], "no_right_to_issue"]


def test_a_writer_cannot_hand_in_what_an_issuer_was_given(workspace):
    who = _owner(workspace)
    placed = _post(member_client(workspace), workspace, "orders", _wanted(make_ready(workspace))).json()
    answer = _post(member_client(workspace, "writer"), workspace, "issue", _issue_body(who, placed["orders"]))
    assert answer.json()["refused"][0]["code"] == "no_right_to_issue"
    with in_workspace(workspace.pk):
        assert Invoice.objects.get().state == "ready"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"invoices": []}',
        '{"invoices": [{"id": "1", "version": 1, "more": 1}]}',
        json.dumps({"invoices": [{"id": 1, "version": 1}] * 101}),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(workspace, body):
    answer = _post(member_client(workspace), workspace, "orders", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_request")


def test_who_is_logged_out_is_told_so_in_json(client, workspace):
    answer = _post(client, workspace, "orders", _wanted(make_ready(workspace)))
    assert (answer.status_code, answer.json()["code"]) == (401, "session_lost")


def test_one_of_another_workspace_is_not_there(workspace):
    other = make_workspace()
    invoice = make_ready(other)
    answer = _post(member_client(workspace), workspace, "orders", _wanted(invoice)).json()
    assert [answer["orders"], answer["refused"][0]["code"]] == [[], "no_such_order"]
    assert member_client(workspace).get(f"/w/{workspace.slug}/sign/?invoices={invoice.pk}").status_code == 404


def test_modules_are_served_as_they_are_written_and_only_under_their_version(client):
    modules = release.current()
    for name, data in modules.files.items():
        answer = client.get(modules.asset(name).url)
        assert (answer.status_code, answer.content) == (200, data)
    assert client.get(f"/sign/0000000000000000/{name}").status_code == 404
    assert client.get(f"/sign/{modules.version}/../settings.py").status_code == 404


def test_what_was_issued_is_not_offered_again(workspace):
    who, invoice = _owner(workspace), make_ready(workspace)
    issue_in_python(workspace, who, invoice)
    assert member_client(workspace).get(f"/w/{workspace.slug}/sign/?invoices={invoice.pk}").status_code == 404
