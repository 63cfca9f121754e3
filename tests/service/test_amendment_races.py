"""Two people at one deal at the same moment, each with a connection of their own."""

import pytest
from amendment_world import NOW, Seller, seller
from service_world import acting, add_member
from signing_world import order, signed
from test_amendment_services import AMOUNT, RETURN, UNDONE
from test_workspace_races import at_once, inside

from dojang.service.accounts.models import User
from dojang.service.amendments import services
from dojang.service.amendments.chains import deal_of
from dojang.service.amendments.errors import ChainChanged
from dojang.service.amendments.making import Prepared
from dojang.service.amendments.models import Amendment, AmendmentState
from dojang.service.audit import chain
from dojang.service.invoices import issuing
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(monkeypatch) -> Seller:
    return seller(monkeypatch)


def test_of_two_who_sign_amendments_of_one_deal_one_wins_and_the_other_learns_of_whom(company):
    for _ in range(3):
        sold = company.sold()
        people = [add_member(company.workspace, Role.ISSUER) for _ in range(2)]
        prepared = [
            company.amend(sold, "goods_returned", RETURN, member=people[0]),
            company.amend(sold, "contract_undone", UNDONE, member=people[1]),
        ]
        answers = at_once(
            *(_issuing(company, one, member) for one, member in zip(prepared, people, strict=True))
        )
        assert all(isinstance(one, issuing.Issued) for one in answers), answers
        [won], [lost] = [one for one in answers if one.issued], [one for one in answers if one.refused]
        [refused] = lost.refused
        assert isinstance(refused.why, ChainChanged)
        winner = people[answers.index(won)]
        assert str(User.objects.get(pk=winner.user_id)) in refused.why.text("ko")
        with in_workspace(company.workspace.pk):
            assert deal_of(invoice=sold).balance.supply_amount in {0, 700_000}
            assert list(chain.verify()) == []


def test_one_who_prepares_while_another_signs_makes_nothing_of_what_is_no_longer_so(company):
    sold = company.sold()
    people = [add_member(company.workspace, Role.ISSUER) for _ in range(2)]
    prepared = company.amend(sold, "contract_undone", UNDONE, member=people[0])
    step = company.walk(company.begin(sold, member=people[1]), "goods_returned", RETURN, member=people[1])
    issued, made = at_once(
        _issuing(company, prepared, people[0]), lambda: company.prepare(step, member=people[1])
    )
    assert issued.issued
    with in_workspace(company.workspace.pk):
        if isinstance(made, Prepared):
            # It came first; what it made can no longer be signed.
            [refused] = company.sign(made.invoices).refused
            assert isinstance(refused.why, ChainChanged)
        else:
            assert made.code in {"amendment_seen_changed", "amendment_not_planned"}
        assert deal_of(invoice=sold).balance.supply_amount == 0


def test_a_button_that_is_pressed_twice_at_once_makes_one_pair(company):
    sold = company.sold()
    first, second = at_once(*(lambda: company.begin(sold) for _ in range(2)))
    assert first.pk == second.pk
    step = company.walk(first, "wrong_amount", AMOUNT)
    one, other = at_once(*(lambda: company.prepare(step) for _ in range(2)))
    assert [row.pk for row in one.invoices] == [row.pk for row in other.invoices]
    with in_workspace(company.workspace.pk):
        assert Invoice.objects.filter(amendment_reason="01").count() == 2


def test_signing_and_giving_up_at_once_is_one_of_both(company):
    for _ in range(3):
        sold = company.sold()
        prepared = company.amend(sold, "wrong_amount", AMOUNT)
        [amendment] = prepared.amendments
        member = company.member
        issued, withdrawn = at_once(
            _issuing(company, prepared, member),
            inside(
                company.workspace,
                lambda pk=amendment.pk, who=member: services.withdraw(member=who, amendment_id=pk, now=NOW),
            ),
        )
        with in_workspace(company.workspace.pk):
            state = Amendment.objects.get(pk=amendment.pk).state
            rows = Invoice.objects.filter(pk__in=[one.pk for one in prepared.invoices])
            states = {(one.state, one.deleted_at is None) for one in rows}
        if state == AmendmentState.ISSUED:
            assert (len(issued.issued), states) == (2, {(State.ISSUED, True)})
            assert withdrawn.code == "amendment_issued"
        else:
            assert (state, states) == (AmendmentState.WITHDRAWN, {(State.READY, False)})
            assert not getattr(issued, "issued", ())


def test_an_amendment_prepared_beside_another_is_signed_or_given_up_with_it_never_both(company):
    for _ in range(3):
        first, second = (company.sold(reference_id="K-2026-7") for _ in range(2))
        amendment = company.begin(first)
        step = company.walk(amendment, "contract_undone", UNDONE | {"undone_others": [second.issue_id]})
        prepared = company.prepare(step)
        beside = prepared.amendments[1]
        issued, _ = at_once(
            _issuing(
                company, Prepared((beside,), prepared.invoices[1:], (), awaits_approval=False), company.member
            ),
            inside(
                company.workspace,
                lambda pk=amendment.pk: services.withdraw(member=company.member, amendment_id=pk, now=NOW),
            ),
        )
        with in_workspace(company.workspace.pk):
            state = Amendment.objects.get(pk=beside.pk).state
        assert state == (AmendmentState.ISSUED if getattr(issued, "issued", ()) else AmendmentState.WITHDRAWN)


def _issuing(company: Seller, prepared: Prepared, member):
    placed = order(company.workspace, *map(company.row, prepared.invoices), member=member, now=NOW)
    assert not placed.refused, placed.refused[0].why
    done, signer = signed(placed, company.owner), company.owner.signer()
    who = acting(company.workspace, User.objects.get(pk=member.user_id))
    return inside(company.workspace, lambda: issuing.issue(member=who, signer=signer, signed=done, now=NOW))
