"""Members who want more of approvals than they may: of other businesses, of other content, of their own documents."""

import pytest
from record_world import authority_of
from service_world import NOW, add_member, client_of, first_business, make_business, make_workspace
from signing_world import content
from test_approvals import approve, ask, codes, draft, policy, seen, state

from dojang.errors import DojangError
from dojang.service.accounts.models import User
from dojang.service.approvals import services
from dojang.service.approvals.models import Approval, ApprovalState
from dojang.service.invoices import drafts, orders
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _authority(monkeypatch):
    authority_of(monkeypatch)


@pytest.fixture
def workspace():
    return make_workspace()


def again(workspace, invoice):
    with in_workspace(workspace.pk):
        return Invoice.objects.get(pk=invoice.pk)


def client(member):
    return client_of(User.objects.get(pk=member.user_id))


@pytest.mark.parametrize("state_before", [State.DRAFT, State.AWAITING_APPROVAL])
@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("answer/", {"answer": "approve"}),
        ("answer/", {"answer": "back", "reason": "x"}),
        ("ask/", {}),
        ("{id}/take-back/", {}),
    ],
)
def test_who_may_not_see_a_business_learns_nothing_of_its_documents(workspace, path, values, state_before):
    writer = add_member(workspace, "writer")
    one = draft(workspace, writer)
    if state_before == State.AWAITING_APPROVAL:
        ask(workspace, writer, one)
    other = make_business(workspace, name="보이는회사")
    roles = {first_business(workspace): "none", other: "issuer"}
    stranger = add_member(workspace, "issuer", business_roles=roles)

    def answered(pk):
        sent = {"seen": f"{pk}:{again(workspace, one).content_hash}", "invoice": pk, **values}
        url = f"/w/{workspace.slug}/approvals/{path.format(id=pk)}"
        return client(stranger).post(url, sent, follow=True).content.decode().replace(str(pk), "N")

    missing = answered(999_999)
    there = answered(one.pk)
    assert again(workspace, one).buyer_name not in there
    assert ("발행할 권한이 없습니다" in there) == ("발행할 권한이 없습니다" in missing)
    assert state(workspace, one) == state_before


def test_one_issuer_does_not_get_a_document_signed_by_any_order_of_steps(workspace):
    """Under four eyes: finishing, reopening, taking back and editing lead nowhere without somebody else."""
    policy(workspace)
    issuer, colleague = add_member(workspace, "issuer"), add_member(workspace, "issuer")
    one = draft(workspace, issuer)
    ask(workspace, issuer, one)
    assert codes(approve(workspace, issuer, one)) == ["own_document"]
    approve(workspace, colleague, one)
    with in_workspace(workspace.pk):
        row = Invoice.objects.get(pk=one.pk)
        row = drafts.reopen(member=issuer, invoice_id=row.pk, version=row.version, now=NOW)
        changed = content(
            items=[{**content()["items"][0], "supply_amount": 9_000_000, "tax_amount": 900_000}]
        )
        row = drafts.save(member=issuer, invoice_id=row.pk, version=row.version, given=changed, now=NOW)
        with pytest.raises(DojangError) as refused:
            drafts.finish(member=issuer, invoice_id=row.pk, version=row.version, now=NOW)
    assert refused.value.code == "needs_approval"
    ask(workspace, issuer, one)
    assert codes(approve(workspace, issuer, one)) == ["own_document"]
    # The page that signs asks for orders by itself, whatever its address was.
    with in_workspace(workspace.pk):
        row = Invoice.objects.get(pk=one.pk)
        placed = orders.place(member=issuer, wanted=[orders.Wanted(row.pk, row.version)], now=NOW)
    assert not placed.placed
    assert len(placed.refused) == 1


def test_an_approval_that_was_looked_at_before_a_change_approves_nothing(workspace):
    policy(workspace)
    writer, issuer = add_member(workspace, "writer"), add_member(workspace, "issuer")
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    looked_at = seen(workspace, one)
    with in_workspace(workspace.pk):
        services.take_back(member=writer, invoice_ids=[one.pk], now=NOW)
        row = Invoice.objects.get(pk=one.pk)
        given = content(remarks=["나중에 바꾼 비고"])
        drafts.save(member=writer, invoice_id=row.pk, version=row.version, given=given, now=NOW)
    ask(workspace, writer, one)
    assert codes(approve(workspace, issuer, one, looked_at=looked_at)) == ["approval_of_other_content"]
    with in_workspace(workspace.pk):
        assert Approval.objects.filter(invoice=one, state=ApprovalState.APPROVED).count() == 0


def test_a_policy_that_came_meanwhile_stops_an_order_that_was_given_before(workspace):
    issuer = add_member(workspace, "issuer")
    one = draft(workspace, issuer)
    with in_workspace(workspace.pk):
        row = drafts.finish(member=issuer, invoice_id=one.pk, version=one.version, now=NOW)
    policy(workspace)
    with in_workspace(workspace.pk):
        placed = orders.place(member=issuer, wanted=[orders.Wanted(row.pk, row.version)], now=NOW)
    assert [one.why.code for one in placed.refused] == ["needs_approval"]


def test_whoever_signs_elsewhere_learns_nothing_of_what_waits_in_a_business_that_is_hidden(workspace):
    policy(workspace)
    writer = add_member(workspace, "writer")
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    other = make_business(workspace, name="보이는회사")
    roles = {first_business(workspace): "none", other: "issuer"}
    stranger = add_member(workspace, "issuer", business_roles=roles)
    with in_workspace(workspace.pk):
        wanted = [orders.Wanted(pk, 1) for pk in (one.pk, 999_999)]
        placed = orders.place(member=stranger, wanted=wanted, now=NOW)
    assert not placed.placed
    assert len({one.why.code for one in placed.refused}) == 1
