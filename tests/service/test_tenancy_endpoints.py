"""Endpoint by endpoint: every address of a workspace, asked by those it is none of the business of."""

import uuid
from http import HTTPStatus

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from service_world import add_member, client_of, make_user, make_workspace, member_client
from tenant_rows import make_row

from dojang.service.tenancy.models import tenant_models
from dojang.service.tenancy.row_security import protected_tables
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

FOREIGN_ID = 987_654_321
FOREIGN_UUID = uuid.UUID(int=FOREIGN_ID)
METHODS = ["get", "post"]
NOT_THERE = {404, 409, 410}
"""What an address says of a row that isn't there, or isn't there any more."""


def endpoints():
    """Every address under a workspace, with the kinds of its arguments."""
    found = []

    def walk(patterns, before, kinds):
        for each in patterns:
            route, here = before + str(each.pattern), kinds | dict(each.pattern.converters)
            if isinstance(each, URLResolver):
                walk(each.url_patterns, route, here)
            elif isinstance(each, URLPattern) and "workspace" in here:
                found.append((route, here))

    walk(get_resolver().url_patterns, "", {})
    return found


ENDPOINTS = endpoints()
WITH_IDS = [(route, kinds) for route, kinds in ENDPOINTS if len(kinds) > 1]
every_endpoint = pytest.mark.parametrize(("route", "kinds"), ENDPOINTS, ids=lambda each: str(each)[:60])
every_endpoint_with_ids = pytest.mark.parametrize(
    ("route", "kinds"), WITH_IDS, ids=lambda each: str(each)[:60]
)
every_method = pytest.mark.parametrize("method", METHODS)


def address(route, kinds, slug):
    """The address in a workspace, naming a row of another one wherever it names one."""
    for name, kind in kinds.items():
        value = {
            "IntConverter": FOREIGN_ID, "UUIDConverter": FOREIGN_UUID,
        }.get(type(kind).__name__, "nothing-of-ours")  # fmt: skip
        value = slug if name == "workspace" else value
        for written in (
            f"<{name}>",
            *(f"<{each}:{name}>" for each in ("int", "uuid", "slug", "str", "path")),
        ):
            route = route.replace(written, str(value))
    assert "<" not in route
    return f"/{route}"


def fill(workspace):
    """A row of every model, each with the id that the addresses name."""
    with in_workspace(workspace.pk):
        for model in tenant_models():
            key = model._meta.pk
            make_row(
                model, **{key.name: FOREIGN_UUID if key.get_internal_type() == "UUIDField" else FOREIGN_ID}
            )


def test_every_app_has_addresses():
    text = " ".join(route for route, _ in ENDPOINTS)
    assert all(
        part in text for part in ("settings/", "counterparties/", "certificates/", "invoices/", "sign/")
    )
    assert len(ENDPOINTS) >= 40
    assert len(WITH_IDS) >= 20


@every_method
@every_endpoint
def test_who_is_no_member_finds_no_such_address(route, kinds, method):
    theirs = make_workspace()
    stranger = client_of(make_workspace_owner())
    response = getattr(stranger, method)(address(route, kinds, theirs.slug))
    assert response.status_code == 404


@every_method
@every_endpoint
def test_who_is_not_logged_in_has_to_log_in(client, route, kinds, method):
    theirs = make_workspace()
    url = address(route, kinds, theirs.slug)
    response = getattr(client, method)(url)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/account/login/?next=")
    assert getattr(client, method)(url, headers={"accept": "application/json"}).status_code == 401


#: What the pages' scripts send; some addresses read it strictly before they look for the row.
BODIES = ({}, {"version": 1}, {"version": 1, "content": {}, "save": str(uuid.UUID(int=1))})


def asked(browser, url):
    """The statuses of every way to ask: reading, an empty form, and JSON."""
    posts = [browser.post(url, body, content_type="application/json") for body in BODIES]
    return [each.status_code for each in (browser.get(url), browser.post(url), *posts)]


@every_endpoint_with_ids
def test_a_row_of_another_workspace_is_as_one_that_exists_nowhere(route, kinds):
    ours, theirs = make_workspace(), make_workspace()
    owner = member_client(ours)
    url = address(route, kinds, ours.slug)
    nowhere = asked(owner, url)
    fill(theirs)
    assert asked(owner, url) == nowhere
    # An address may refuse what was sent to it before it looks for the row; it never answers, nor breaks.
    assert all(HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR for status in nowhere)
    assert set(nowhere) & NOT_THERE


NAMES = (
    "invoice",
    "invoices",
    "business",
    "counterparty",
    "certificate",
    "template",
    "order",
    "heir",
    "successor",
    "record",
)


def rows_of(workspace):
    """Every row of a workspace, as it stands in the database."""
    found = {}
    with in_workspace(workspace.pk), connection.cursor() as cursor:
        for table in protected_tables():
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def test_nothing_that_is_sent_changes_a_row_of_another_workspace():
    ours, theirs = make_workspace(), make_workspace()
    fill(theirs)
    owner, before = member_client(ours), rows_of(theirs)
    assert all(before.values())
    named = dict.fromkeys(NAMES, FOREIGN_ID)
    for route, kinds in ENDPOINTS:
        url = address(route, kinds, ours.slug)
        for answer in (
            owner.post(url, named),
            owner.post(url, named, content_type="application/json"),
            owner.post(url, {"invoices": [FOREIGN_ID]}, content_type="application/json"),
        ):
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert rows_of(theirs) == before


def test_who_has_left_is_a_stranger():
    theirs = make_workspace()
    person = make_user()
    member = add_member(theirs, "admin", person)
    browser = client_of(person)
    assert browser.get(f"/w/{theirs.slug}/settings/members/").status_code == 200
    with in_workspace(theirs.pk):
        from dojang.service.workspaces.models import Membership

        Membership.objects.filter(pk=member.membership_id).update(left_at="2026-11-20T00:00Z")
    assert browser.get(f"/w/{theirs.slug}/settings/members/").status_code == 404


def make_workspace_owner():
    """Somebody with a workspace of their own."""
    person = make_user()
    make_workspace(person)
    return person
