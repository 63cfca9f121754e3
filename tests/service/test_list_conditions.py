"""Each condition of the list of sales, alone and together, against the same said in Python; and what can't be read."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from list_world import add_invoice
from service_world import NOW, acting, add_member, first_business, make_business, make_workspace

from dojang.etax.calendar.deadlines import issue_deadline
from dojang.service.invoices.listing import SALES
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.lists.asked import Asked, understood
from dojang.service.lists.querying import Listing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business, Membership

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
DAYS = (
    date(2026, 11, 1),
    date(2026, 11, 20),
    date(2026, 10, 31),
    date(2026, 7, 1),
    date(2026, 6, 30),
    date(2025, 12, 31),
)
STATES = (State.DRAFT, State.READY, State.ISSUED, State.ACCEPTED, State.REJECTED, State.CANCELLED)
KINDS = (("0101", ""), ("0102", ""), ("0301", ""), ("0201", "02"))


def asked(workspace, query: str) -> Asked:
    with in_workspace(workspace.pk):
        return understood(
            QueryDict(query),
            SALES,
            today=TODAY,
            businesses=dict(Business.objects.values_list("id", "name")),
            people=dict.fromkeys(Membership.objects.values_list("user_id", flat=True), "누구"),
            workspace_id=workspace.pk,
        )


def ids(workspace, query: str) -> list[int]:
    """The whole list in its order, page by page."""
    found, place = [], ""
    while True:
        one = asked(workspace, f"{query}{place}")
        with in_workspace(workspace.pk):
            page = Listing(one).page()
        found += [row.pk for row in page.rows]
        if not page.after:
            return found
        place = f"&after={page.after}".replace("+", "%2B")


@pytest.fixture
def workspace():
    """A few dozen invoices of every sort."""
    made = make_workspace()
    first, second = first_business(made), make_business(made)
    for serial in range(40):
        kind, reason = KINDS[serial % 4]
        add_invoice(
            made,
            (first, second)[serial % 3 == 0],
            buyer=("(주)새봄", "삼성전자(주)", "LG 유플러스", "㈜한빛상사")[serial % 4],
            items=(("복사용지", "토너")[serial % 2], "운송료")[: 1 + serial % 2],
            remark=("", "11월분", "발급 요청")[serial % 3],
            written_on=DAYS[serial % len(DAYS)],
            supply=(serial - 5) * 1000,
            tax=(serial - 5) * 100,
            kind=kind,
            reason=reason,
            purpose=("claim", "receipt")[serial % 2],
            state=STATES[serial % len(STATES)],
            issued_after=(0, 45)[serial % 5 == 0],
            sent_after=(1, 6)[serial % 7 == 0],
        )
    return made


def rows(workspace) -> list[Invoice]:
    with in_workspace(workspace.pk):
        return list(Invoice.objects.all())


def fits(workspace, query, rule) -> None:
    expected = {row.pk for row in rows(workspace) if rule(row)}
    assert expected
    found = ids(workspace, query)
    assert len(found) == len(set(found))
    assert set(found) == expected


def within(first, last):
    return lambda day: day is not None and first <= day <= last


def day_of(moment):
    return today(moment) if moment else None


def issued_late(row) -> bool:
    issued_on = row.delivered_on or day_of(row.sent_at) or TODAY
    return (
        row.state != State.CANCELLED
        and row.amendment_reason in {"", "02", "03", "04"}
        and issued_on > issue_deadline(row.written_on, law=law()).on
    )


def sent_late(row) -> bool:
    return (
        row.state != State.CANCELLED
        and row.transmit_by is not None
        and (day_of(row.sent_at) or TODAY) > row.transmit_by
    )


RULES = {
    "period=this-month": lambda row: within(date(2026, 11, 1), date(2026, 11, 30))(row.written_on),
    "period=last-month": lambda row: within(date(2026, 10, 1), date(2026, 10, 31))(row.written_on),
    "period=this-quarter": lambda row: within(date(2026, 10, 1), date(2026, 12, 31))(row.written_on),
    "period=last-quarter&date=written": lambda row: within(date(2026, 7, 1), date(2026, 9, 30))(row.written_on),
    "period=tax-period": lambda row: within(date(2026, 7, 1), date(2026, 12, 31))(row.written_on),
    "period=last-tax-period": lambda row: within(date(2026, 1, 1), date(2026, 6, 30))(row.written_on),
    "date=issued&period=last-quarter": lambda row: within(date(2026, 7, 1), date(2026, 9, 30))(day_of(row.issued_at)),
    "date=sent&from=2026-07-01&to=20261105": lambda row: within(date(2026, 7, 1), date(2026, 11, 5))(day_of(row.sent_at)),
    "from=2026.10.31": lambda row: row.written_on >= date(2026, 10, 31),
    "to=2026-06-30": lambda row: row.written_on <= date(2026, 6, 30),
    "from=2026-11-20&to=2026-11-01": lambda row: within(date(2026, 11, 1), date(2026, 11, 20))(row.written_on),
    "kind=taxable": lambda row: row.document_type in {"0101", "0201"},
    "kind=zero": lambda row: row.document_type == "0102",
    "kind=exempt": lambda row: row.document_type == "0301",
    "amended=yes": lambda row: row.document_type == "0201",
    "amended=no": lambda row: row.document_type != "0201",
    "purpose=claim": lambda row: row.purpose == "claim",
    "purpose=receipt": lambda row: row.purpose == "receipt",
    "min=11000": lambda row: row.total_amount >= 11000,
    "max=11,000": lambda row: row.total_amount <= 11000,
    "min=-1,100&max=₩1100": lambda row: -1100 <= row.total_amount <= 1100,
    "min=5000&max=-5000": lambda row: -5000 <= row.total_amount <= 5000,
    "late=issued": issued_late,
    "late=sent": sent_late,
    "tab=draft": lambda row: row.state == State.DRAFT,
    "tab=accepted": lambda row: row.state == State.ACCEPTED,
    "tab=amended": lambda row: row.amendment_reason != "",
    "q=삼성": lambda row: "삼성" in row.buyer_name,
    "q=ㅅㅅㅈㅈ": lambda row: "삼성" in row.buyer_name,
    "q=발행": lambda row: "발급 요청" in row.content["remarks"],
    "q=운송료 토너": lambda row: row.item_count == 2,
    "q=lg": lambda row: row.buyer_name.startswith("LG"),
}  # fmt: skip


@pytest.mark.parametrize("query", RULES)
def test_a_condition_shows_exactly_the_rows_it_means(workspace, query):
    fits(workspace, query, RULES[query])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chosen=st.lists(st.sampled_from(sorted(RULES)), min_size=2, max_size=4, unique=True))
def test_conditions_together_hold_together(workspace, chosen):
    names = [name.partition("=")[0] for query in chosen for name in query.split("&")]
    if len(names) != len(set(names)) or len({name for name in names if name in {"period", "from", "to"}}) > 1:
        chosen = chosen[:1]
    expected = {row.pk for row in rows(workspace) if all(RULES[one](row) for one in chosen)}
    query = "&".join(chosen)
    assert set(ids(workspace, query)) == expected
    with in_workspace(workspace.pk):
        sums = Listing(asked(workspace, query)).totals().sums
    found = [row for row in rows(workspace) if row.pk in expected]
    assert (sums.count, sums.supply_amount, sums.tax_amount, sums.total_amount) == (
        len(found),
        sum(row.supply_amount for row in found),
        sum(row.tax_amount for row in found),
        sum(row.total_amount for row in found),
    )


def test_counts_of_tabs_are_what_each_tab_shows(workspace):
    with in_workspace(workspace.pk):
        counts = Listing(asked(workspace, "kind=taxable&tab=draft")).totals().counts
    assert counts == {tab.name: len(ids(workspace, f"kind=taxable&tab={tab.name}")) for tab in SALES.tabs}
    assert counts["all"] > counts["draft"] > 0


def test_one_business_and_one_person(workspace):
    with in_workspace(workspace.pk):
        second = Business.objects.order_by("id")[1].pk
        other = add_member(workspace, "writer").user_id
        mine = acting(workspace).user_id
        handed_over = Invoice.objects.order_by("id")[0]
        Invoice.objects.filter(pk=handed_over.pk).update(assigned_to_id=other)
    fits(workspace, f"business={second}", lambda row: row.business_id == second)
    assert ids(workspace, f"person={other}") == [handed_over.pk]
    assert handed_over.pk not in ids(workspace, f"person={mine}")


@pytest.mark.parametrize(
    "query",
    [
        "tab=nothing", "date=never", "period=yesterday", "from=2026-13-45", "to=soon", "from=99999999", "business=0", "business=x",
        "business=99999999999999999999999", "person=1e3", "counterparty=-1", "counterparty=9223372036854775808", "kind=free",
        "late=maybe", "min=much", "max=1e9", "min=99999999999999999999", "sort=secret", "sort=-", "after=1", "after=x~2026-01-01",
        "after=1~never", "before=99999999999999999999~2026-01-01", "q=%25_", "sort=total_amount&after=1~99999999999999999999",
        "sort=issued_at&after=1~2026-01-01T00:00:00",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out_and_said(workspace, query):
    one = asked(workspace, query)
    assert one.hints
    assert (
        len(ids(workspace, query.partition("&after")[0] if "after" in query or "before" in query else query))
        == 40
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["tab", "q", "date", "period", "from", "to", "min", "max", "business", "person", "party",
                             "counterparty", "kind", "late", "sort", "after", "before"]),
            st.text(max_size=30) | st.sampled_from(["1~", "0~2026-01-01", "-1", "٣", "²", "\x00", "\ud800"[:0], "9" * 40]),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_no_address_breaks_the_list(workspace, pairs):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    one = asked(workspace, query.urlencode())
    with in_workspace(workspace.pk):
        listing = Listing(one)
        listing.page()
        listing.totals()


def test_an_address_says_all_that_was_understood(workspace):
    query = "tab=draft&q=삼성&date=issued&period=this-month&kind=taxable&min=100&sort=total_amount"
    one = asked(workspace, query)
    again = asked(workspace, one.address().removeprefix("?"))
    assert (again.values, again.text, again.tab, again.sort) == (one.values, one.text, one.tab, one.sort)
    assert again.condition == one.condition
    assert not again.hints


def test_presets_end_where_the_next_begins():
    from dojang.service.lists.periods import BY_NAME

    for day in (date(2026, 1, 1), date(2026, 12, 31), date(2028, 2, 29), date(2026, 7, 1)):
        for name in ("month", "quarter", "tax-period"):
            this = BY_NAME["this-month" if name == "month" else "this-quarter" if name == "quarter" else name]
            last = BY_NAME[f"last-{name}"]
            first, end = this.days(day)
            assert first <= day <= end
            assert last.days(day) == this.days(first - timedelta(days=1))
            assert last.days(day)[1] == first - timedelta(days=1)


def test_the_clock_of_these_tests_is_korean():
    assert today(NOW) == TODAY
