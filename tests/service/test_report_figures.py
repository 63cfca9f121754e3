"""What reports add up in the database is what the law's own code adds up, document by document."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from django.conf import settings
from report_world import CUSTOMERS, sold, taken
from service_world import first_business, make_workspace

from dojang.etax.codes import AmendmentReason, DocumentType
from dojang.etax.facts import Facts
from dojang.etax.returns import Family, Party, Row, Side, Sums, Told, charged, filing, parties, summary
from dojang.etax.returns import cells as folded
from dojang.service.invoices.states import State
from dojang.service.law import law
from dojang.service.reports import figures, lateness, selecting
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

FINAL = filing(date(2026, 11, 1), Facts(), law=law())
PRELIMINARY = filing(date(2026, 8, 1), Facts(), law=law())
WHOLE = filing(date(2026, 8, 1), Facts(files_preliminary=False), law=law())


@pytest.fixture
def business():
    workspace = make_workspace()
    with in_workspace(workspace.pk):
        yield first_business(workspace)


@pytest.fixture
def real(monkeypatch):
    """A server that transmits to 국세청 itself."""
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, nts="nts"))


def total(business, chosen=FINAL, side=Side.SALES, family=Family.TAX):
    found = summary(
        selecting.cells(business.pk, chosen),
        selecting.parties(business.pk, chosen),
        side=side,
        family=family,
        filing=chosen,
    )
    return {line.key: (line.parties, line.sums.count, line.sums.supply_amount) for line in found.lines}


# --- what counts ---


def test_only_what_the_tax_office_accepted_counts(business):
    for state in State:
        sold(business, "2026-11-02", state=state)
    assert total(business)["total"] == (1, 1, 100_000)
    assert {one.state: one.sums.count for one in selecting.left_out(business.pk, FINAL)} == {
        State.ISSUED: 1,
        State.SUBMITTED: 1,
        State.UNKNOWN: 1,
        State.REJECTED: 1,
    }


def test_what_was_issued_elsewhere_counts_once(business):
    ours = sold(business, "2026-11-02")
    taken(business, "2026-11-02", side="sales", issue_id=ours.issue_id)
    taken(business, "2026-11-03", side="sales", party_number=CUSTOMERS[0])
    taken(business, "2026-11-03", side="sales", deleted_at=ours.issued_at)
    taken(business, "2026-11-04", side="purchase")
    assert total(business)["total"] == (1, 2, 200_000)
    assert total(business, side=Side.PURCHASE)["total"] == (1, 1, 100_000)


def test_paper_stands_among_the_others_and_its_party_counts_there_too(business):
    sold(business, "2026-11-02")
    taken(business, "2026-11-03", side="sales", source="paper", party_number=CUSTOMERS[0])
    found = total(business)
    assert (found["collected"], found["listed"], found["total"]) == (
        (1, 1, 100_000),
        (1, 1, 100_000),
        (2, 2, 200_000),
    )
    [listed] = figures.listed(business.pk, FINAL, Side.SALES, exempt=False)
    assert (listed.number, listed.sums.count) == (CUSTOMERS[0], 1)


def test_people_are_counted_by_the_number_that_nobody_reads(business):
    for number in ("9002301234567", "9002301234567", "9002307654321"):
        sold(business, "2026-11-02", person=number)
    assert total(business)["collected_person"] == (2, 3, 300_000)
    assert figures.listed(business.pk, FINAL, Side.SALES, exempt=False) == []


def test_sandbox_documents_do_not_count_where_documents_are_really_filed(business, real):
    sold(business, "2026-11-02")
    sold(business, "2026-11-03", way_out="nts", supply=70_000)
    taken(business, "2026-11-04", way_out="sandbox")
    taken(business, "2026-11-04", source="paper", supply=30_000)
    assert total(business)["total"] == (1, 1, 70_000)
    assert total(business, side=Side.PURCHASE)["total"] == (1, 1, 30_000)


def test_an_unknown_day_of_transmission_is_told(business):
    taken(business, "2026-11-02", sent_on=None)
    assert selecting.presumed_sent(business.pk, FINAL) == {Side.SALES: 0, Side.PURCHASE: 1}
    assert total(business, side=Side.PURCHASE)["collected"] == (1, 1, 100_000)


def test_a_document_of_the_preliminary_period_issued_after_its_return_stands_in_the_final_one(business):
    sold(business, "2026-09-30", issued="2026-11-02")
    assert [cell.key.told for cell in selecting.cells(business.pk, FINAL)] == [Told.MISSED]
    assert [cell.key.told for cell in selecting.cells(business.pk, PRELIMINARY)] == [Told.AFTER]
    assert total(business)["total"] == (1, 1, 100_000)
    assert total(business, PRELIMINARY)["total"] == (0, 0, 0)


# --- the database and the law's code agree ---

_KINDS = ["0101", "0102", "0103", "0201", "0202", "0301", "0401"]


def scatter(business, random: Random, number: int) -> None:
    """Documents of any kind around both returns of a half-year."""
    for _ in range(number):
        day = date(2026, 6, 15) + timedelta(days=random.randrange(230))
        issued = day + timedelta(days=random.choice([0, 0, 1, 9, 40, 130]))
        supply = random.choice([-1, 1]) * random.randrange(1, 10**7)
        common = {"kind": random.choice(_KINDS), "issued": issued}
        if random.random() < 0.5:
            person = random.choice(["", "", "9002301234567", "9002307654321"])
            sent = issued + timedelta(days=random.choice([0, 1, 30, 120]))
            who = {} if person else {"buyer_number": random.choice(CUSTOMERS)}
            sold(business, day, supply, sent=sent, person=person, **common, **who)
        else:
            taken(
                business,
                day,
                supply,
                side=random.choice(["sales", "purchase"]),
                source=random.choice(["xml", "paper", "delivered"]),
                party_number=random.choice(CUSTOMERS),
                not_deductible=random.choice(["", "", "3", "9"]),
                fixed_asset=random.random() < 0.2,
                **common,
            )


def rows(business):
    """Every document that counts, one by one."""
    for side in Side:
        for found in selecting.documents([business.pk], side):
            for one in found:
                is_person = one.party == Party.PERSON
                yield Row(
                    side=side,
                    document_type=DocumentType(one.document_type),
                    party=Party(one.party),
                    party_key=selecting._fingerprint(one) if is_person else one.number,
                    written_on=one.written_on,
                    issued_on=one.issued,
                    sent_on=one.sent,
                    supply_amount=one.supply_amount,
                    tax_amount=one.tax_amount,
                    not_deductible=one.refused,
                    fixed_asset=one.asset,
                )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("chosen", [FINAL, PRELIMINARY, WHOLE], ids=["final", "preliminary", "whole"])
def test_sums_of_the_database_are_sums_of_the_documents(business, seed, chosen):
    scatter(business, Random(seed), 60)
    every = list(rows(business))
    assert {cell.key: cell.sums for cell in selecting.cells(business.pk, chosen)} == {
        cell.key: cell.sums for cell in folded(every, chosen)
    }
    assert {key: n for key, n in selecting.parties(business.pk, chosen).items() if n} == dict(
        parties(every, chosen)
    )


@pytest.mark.parametrize("seed", range(3))
def test_months_parties_and_summaries_tell_the_same_year(business, seed):
    scatter(business, Random(seed), 80)
    for side in Side:
        by_month = figures.months([business.pk], side, date(2026, 7, 1), date(2026, 12, 31))
        expected = Sums.of(
            Sums(1, row.supply_amount, row.tax_amount)
            for row in rows(business)
            if row.side is side and date(2026, 7, 1) <= row.written_on <= date(2026, 12, 31)
        )
        forms = [
            summary(
                selecting.cells(business.pk, each),
                selecting.parties(business.pk, each),
                side=side,
                family=family,
                filing=each,
            )
            .line("total")
            .sums
            for each in (PRELIMINARY, FINAL)
            for family in Family
        ]
        assert Sums.of(month.total for month in by_month.values()) == expected == Sums.of(forms)
        customers = figures.customers(business.pk, side, 2026)
        assert sum(sum(one.months[6:]) for one in customers) == expected.supply_amount


# --- lateness ---


def test_late_documents_of_one_kind_and_dates_come_together(business):
    for _ in range(3):
        sold(business, "2026-10-05", issued="2026-11-11", sent="2026-11-12")
    sold(business, "2026-10-05", issued="2026-11-06", sent="2026-11-09")  # Friday, Monday: in time
    sold(business, "2026-10-05", issued="2026-11-06", sent="2026-11-10")
    found = lateness.late(business.pk, date(2026, 7, 1), date(2026, 12, 31))
    assert sorted((one.count, one.supply_amount, str(one.sent_on)) for one in found) == [
        (1, 100_000, "2026-11-10"),
        (3, 300_000, "2026-11-12"),
    ]


def test_a_purchase_received_late_is_the_buyers(business):
    taken(business, "2026-10-05", issued="2026-11-11")
    taken(business, "2026-10-05", issued="2026-11-10")
    taken(business, "2026-10-05", issued="2026-11-11", not_deductible="4")
    found = lateness.late(business.pk, date(2026, 7, 1), date(2026, 12, 31))
    assert sorted((one.side, one.count, one.deducts) for one in found) == [
        (Side.PURCHASE, 1, False),
        (Side.PURCHASE, 1, True),
    ]


def test_a_correction_of_the_original_date_is_not_late(business):
    """01, 05 and 06 bear the date of the original and have no term of their own (시행령 제70조 제1항)."""
    taken(business, "2026-08-05", -100_000, kind="0201", amendment_reason="06", issued="2026-11-10")
    for reason in ("01", "02", "05", "06"):
        sold(business, "2026-08-05", -100_000, kind="0201", amendment_reason=reason, issued="2026-11-10")
    found = lateness.late(business.pk, date(2026, 7, 1), date(2026, 12, 31))
    assert [one.reason for one in found] == [AmendmentReason.PRICE_CHANGE]


def test_corrections_that_name_each_other_or_nothing_are_not_held_against_anything(business):
    """Anybody can write an 승인번호 into a document of theirs."""
    one, other = (f"2026101341000098{serial}" for serial in ("aaaaaaaa", "bbbbbbbb"))
    amended = {"kind": "0201", "amendment_reason": "01"}
    taken(business, "2026-10-13", issue_id=one, original_issue_id=other, **amended)
    taken(business, "2026-09-30", issued="2026-10-13", issue_id=other, original_issue_id=one, **amended)
    taken(business, "2026-09-29", issued="2026-10-13", original_issue_id=f"{one[:-1]}c", **amended)
    assert lateness.late(business.pk, date(2026, 7, 1), date(2026, 12, 31)) == []


def test_what_happened_after_a_switch_of_tax_type_has_its_own_term(business):
    """령§70③: dated 10 March as its original, for goods that came back in August: 1 % in September, not 2 %."""
    swapped = {"kind": "0201", "amendment_reason": "03", "issue_by": date(2026, 9, 10)}
    sold(business, "2026-03-10", -1_000_000, issued="2026-09-11", **swapped)
    sold(business, "2026-03-10", -1_000_000, issued="2026-09-10", **swapped)
    found = lateness.late(business.pk, date(2026, 1, 1), date(2026, 6, 30))
    [owed] = charged(found, Facts(), law=law(), today=date(2026, 11, 20))
    assert (owed.code, owed.amount, owed.certainty) == ("late_issue", 10_000, "practice")
    [rows, _] = lateness.late_rows(business.pk, Side.SALES, date(2026, 1, 1), date(2026, 6, 30))
    assert lateness.issue_by(rows.get()) == date(2026, 9, 10)


def test_our_sale_that_another_program_or_a_broker_sent_late_is_ours(business):
    """제32조 제3항: the duty is the supplier's. Friday 11-06 is due on Monday; of an unknown day nothing is said."""
    given = {"side": "sales", "issued": "2026-11-06"}
    for sent in ("2026-11-07", "2026-11-09", None):
        taken(business, "2026-11-05", sent_on=sent, **given)
    taken(business, "2026-11-05", 30_000, sent_on="2026-11-10", **given)
    taken(business, "2026-11-05", 5_000, kind="0103", sent_on="2026-11-11", **given)
    taken(business, "2026-11-05", 700, side="purchase", issued="2026-11-06", sent_on="2026-11-11")
    found = lateness.late(business.pk, date(2026, 7, 1), date(2026, 12, 31))
    assert sorted((one.supply_amount, str(one.sent_on)) for one in found) == [
        (5_000, "2026-11-11"),
        (30_000, "2026-11-10"),
    ]


def test_the_credit_counts_what_was_transmitted_in_time(business):
    sold(business, "2026-10-05")
    sold(business, "2026-10-05", kind="0301")
    sold(business, "2026-10-05", sent="2026-10-13")
    taken(business, "2026-10-05", side="sales")
    assert lateness.sent_in_time(business.pk, FINAL.start, FINAL.end) == 1


# --- late, and on paper ---


def test_paper_sales_are_looked_at_even_in_time(business):
    """제60조 제2항 제2호 단서 가목: who has to issue electronically owes a hundredth of what was on paper."""
    taken(business, "2026-11-03", 1_000_000, side="sales", source="paper")
    taken(business, "2026-11-03", 1_000_000, side="purchase", source="paper")
    start, end = FINAL.period.start, FINAL.period.end
    assert [(one.side, one.paper, one.supply_amount) for one in lateness.late(business.pk, start, end)] == [
        (Side.SALES, True, 1_000_000)
    ]
