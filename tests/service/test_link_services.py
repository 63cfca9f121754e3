"""Making, opening and ending links."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from link_world import READER, make_company
from service_world import NOW, acting, add_member, make_workspace
from signing_world import make_ready

from dojang.service.links import services, tokens
from dojang.service.links.errors import LinkExpired, LinkRevoked, NoSuchLink, NotSignedYet
from dojang.service.links.models import Link, Purpose
from dojang.service.links.selectors import Standing, links_of
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db
VIEW = Purpose.VIEW_INVOICE


@pytest.fixture
def company(monkeypatch, tmp_path):
    return make_company(monkeypatch, tmp_path)


@pytest.fixture
def invoice(company):
    return company.issued()


def opens(token, now=NOW):
    with services.resolve(token, VIEW, now) as link:
        return link


def test_a_link_is_an_address_on_this_server_that_opens_its_invoice(company, invoice):
    link = company.link(invoice, now=NOW)
    address = services.address(link)
    assert address == f"{settings.ENVIRONMENT.origin}/v/{tokens.make(link)}/"
    assert opens(tokens.make(link)).invoice == invoice
    assert link.expires_at == NOW + timedelta(days=settings.ENVIRONMENT.link_days)


def test_the_same_reader_gets_the_same_link_and_another_one_their_own(company, invoice):
    first = company.link(invoice, now=NOW)
    assert company.link(invoice, f" {READER.upper()} ", now=NOW + timedelta(days=90)) == first
    assert company.link(invoice, "other@saebom.example", now=NOW) != first
    assert company.link(company.issued(), now=NOW) != first


def test_a_link_with_less_than_half_of_its_life_left_is_not_sent_again(company, invoice):
    first = company.link(invoice, now=NOW)
    later = NOW + timedelta(days=settings.ENVIRONMENT.link_days / 2 + 1)
    assert company.link(invoice, now=later) != first


def test_a_link_that_was_ended_is_not_used_again(company, invoice):
    first = company.link(invoice, now=NOW)
    with in_workspace(company.workspace.pk):
        services.revoke(member=acting(company.workspace), link_id=first.pk, now=NOW)
    assert company.link(invoice, now=NOW) != first


def test_a_draft_has_no_link(company):
    draft = make_ready(company.workspace)
    with in_workspace(company.workspace.pk), pytest.raises(NotSignedYet):
        services.for_invoice(draft, made_for=READER, now=NOW)


def test_a_link_opens_until_its_time_is_over(company, invoice):
    link = company.link(invoice, now=NOW)
    token = tokens.make(link)
    assert opens(token, link.expires_at - timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        opens(token, link.expires_at)


def test_an_ended_link_says_so_to_who_has_it_and_stays_ended(company, invoice):
    link = company.link(invoice, now=NOW)
    member = acting(company.workspace)
    with in_workspace(company.workspace.pk):
        services.revoke(member=member, link_id=link.pk, now=NOW)
        again = services.revoke(member=member, link_id=link.pk, now=NOW + timedelta(days=1))
    assert again.revoked_at == NOW
    assert again.revoked_by_id == member.user_id
    with pytest.raises(LinkRevoked):
        opens(tokens.make(link))


def test_an_id_without_its_token_and_a_token_without_its_row_open_nothing(company, invoice):
    link = company.link(invoice, now=NOW)
    gone = tokens.make(Link(purpose=VIEW))
    for token in (str(link.pk), link.pk.hex, gone, tokens.make(link)[:-1]):
        with pytest.raises(NoSuchLink):
            opens(token)


def test_nothing_of_a_workspace_is_open_after_a_link_was(company, invoice):
    opens(tokens.make(company.link(invoice, now=NOW)))
    with pytest.raises(DatabaseError, match="invalid input syntax"):
        Link.objects.count()


def test_only_who_may_write_for_the_business_ends_a_link(company, invoice):
    link = company.link(invoice, now=NOW)
    viewer = add_member(company.workspace, Role.VIEWER)
    with in_workspace(company.workspace.pk), pytest.raises(PermissionDenied):
        services.revoke(member=viewer, link_id=link.pk, now=NOW)


def test_a_member_of_another_workspace_finds_no_such_link(company, invoice):
    link = company.link(invoice, now=NOW)
    other = make_workspace()
    with in_workspace(other.pk), pytest.raises(Link.DoesNotExist):
        services.revoke(member=acting(other), link_id=link.pk, now=NOW)


def test_members_see_what_each_link_is_good_for_and_only_writers_its_address(company, invoice):
    old = company.link(invoice, "old@saebom.example", now=NOW - timedelta(days=600))
    ended, living = company.link(invoice, "ended@saebom.example", now=NOW), company.link(invoice, now=NOW)
    with in_workspace(company.workspace.pk):
        services.revoke(member=acting(company.workspace), link_id=ended.pk, now=NOW)
        writers = links_of(invoice, now=NOW, with_address=True)
        viewers = links_of(invoice, now=NOW, with_address=False)
    assert {one.link.pk: one.standing for one in writers} == {
        old.pk: Standing.EXPIRED,
        ended.pk: Standing.REVOKED,
        living.pk: Standing.LIVING,
    }
    assert [one.address for one in writers if one.address] == [services.address(living)]
    assert not any(one.address for one in viewers)
    assert services.address(living) not in repr(writers)
