"""매입 in a list: its own conditions, and that the index of the list holds what every condition asks for."""

from datetime import date

import pytest
from django.db.models import F, Q
from record_world import amendment_of, document
from service_world import first_business, make_workspace, member_client

from dojang.service.lists.described import ListOf
from dojang.service.records import content
from dojang.service.records.listing import ISSUED_ELSEWHERE, PURCHASES
from dojang.service.records.models import LISTED, Record, Side, Source
from dojang.service.tenancy.scope import in_workspace

DAY = date(2026, 11, 20)
#: What the index is ordered by, and what is the same of all rows in it.
KEY = {"workspace", "side", "written_on", "id", "deleted_at"}


def fields_of(condition: Q) -> set[str]:
    """The columns that a condition names, on either side."""
    found: set[str] = set()
    for child in condition.children:
        if isinstance(child, Q):
            found |= fields_of(child)
        else:
            name, value = child
            found |= {name.split("__")[0].removesuffix("_id")} | (
                {value.name} if isinstance(value, F) else set()
            )
    return found


def asked_of(of: ListOf) -> set[str]:
    conditions = [of.base, of.person(1), *(tab.condition for tab in of.tabs)]
    conditions += [choice.condition for one in of.one_of for choice in one.choices(DAY)]
    return {*of.grouped, *(one.field for one in of.dates)}.union(*map(fields_of, conditions))


@pytest.mark.parametrize("of", [PURCHASES, ISSUED_ELSEWHERE], ids=lambda of: of.name)
def test_whatever_is_asked_for_stands_in_the_index_of_the_list(of):
    assert asked_of(of) <= KEY | set(LISTED)
    assert {"business", "counterparty", "total_amount", "supply_amount", "tax_amount"} <= set(LISTED)


@pytest.fixture
def workspace():
    return make_workspace()


def take(workspace, one, *, issued_on=DAY):
    with in_workspace(workspace.pk):
        row = Record(
            workspace=workspace,
            business=first_business(workspace),
            side=Side.PURCHASE,
            source=Source.XML,
            issued_on=issued_on,
        )
        content.fill(row, one)
        row.save()
    return row.pk


def listed(workspace, query):
    page = member_client(workspace).get(f"/w/{workspace.slug}/records/?{query}")
    return {row.row_id for row in page.context["rows"]}


@pytest.mark.django_db
def test_claims_and_receipts_are_told_apart(workspace):
    claim, receipt = (take(workspace, document(purpose=purpose)) for purpose in ("claim", "receipt"))
    neither = take(workspace, document(purpose=None))
    assert listed(workspace, "purpose=claim") == {claim}
    assert listed(workspace, "purpose=receipt") == {receipt}
    assert listed(workspace, "tab=all") == {claim, receipt, neither}


@pytest.mark.django_db
def test_late_is_what_was_issued_after_the_tenth_of_the_next_month(workspace):
    """부가가치세법 제34조 제3항; 2026-10-10 was a Saturday. Of an amendment its reason decides."""
    late = take(workspace, document(written_on="2026-09-30"), issued_on=date(2026, 10, 13))
    take(workspace, document(written_on="2026-09-30"), issued_on=date(2026, 10, 12))
    take(workspace, document(written_on="2026-10-01"), issued_on=date(2026, 10, 13))
    take(workspace, document(written_on="2026-10-01"), issued_on=None)
    take(workspace, amendment_of(document(), written_on="2026-09-30"), issued_on=date(2026, 10, 13))
    assert listed(workspace, "late=issued") == {late}
