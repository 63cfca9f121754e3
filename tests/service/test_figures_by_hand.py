"""Figures of whole deals, worked out by hand from the law and written down here as sums.

Documents are made as a company makes them: written, signed, accepted, and amended by answering what happened. Nothing
below is computed by the code it looks at: each sum is spelled out beside the figure.

The company is a corporation and files preliminary returns: 2기 예정 covers 7~9월 and is due on 2026-10-26 (the 25th is a
Sunday), 2기 확정 covers 10~12월 and is due on 2027-01-25. An e-invoice stands in the total of its 합계표 alone if it was
sent by the 11th after the period: 2026-10-12 (the 11th is a Sunday) and 2027-01-11 (제54조 제2항).
"""

import pytest
from amendment_world import Seller, item, seller
from figures_by_hand import EXEMPT_SALES, PURCHASES, Q2, Q3, Q4, Books, Company, at, look
from hometax_world import row as hometax_row
from hometax_world import taken as hometax_taken
from record_world import BUYER, STRANGER, SUPPLIER, accept, document, keeper_of, signed, upload, workspace_of
from report_world import sold, taken
from reverse_world import ask, buyer_of, inbox
from service_world import first_business

from dojang.service.invoices.states import State
from dojang.service.records import delivering
from dojang.service.reports import by_month, late_documents, summaries, vat_figures
from dojang.service.reverse import answering
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

A, B = "9998100015", "9988100012"
PRINCIPAL = {
    "business_number": SUPPLIER,
    "name": "(주)큰솔상사",
    "representative": "최큰솔",
    "contact": {"name": "영업부", "email": "sales@keunsol.example"},
}
TODAY = "2026-11-20"


@pytest.fixture
def company(monkeypatch) -> Company:
    look(monkeypatch, TODAY)
    found = seller(monkeypatch)
    return Company(found, Books(found.workspace))


def buyer(number=A, name="(주)새봄"):
    return {
        "kind": "business",
        "number": number,
        "name": name,
        "representative": "박세리",
        "contacts": [{"email": "sara@saebom.example"}],
    }


def right_amount(amount):
    return {"amount_correct": amount, "amount_why": "mistake", "cross_audit": "no", "cross_filed": "not_yet"}


def price(day, change):
    return {
        "price_when_issued": "yes",
        "price_why": "extra_work",
        "price_on": day,
        "price_to": {"delta": change},
    }


def returned(day, amount):
    return {
        "returned_what": "part",
        "returned_exchanged": "no",
        "returned_on": day,
        "returned_items": amount,
    }


def undone(day):
    return {
        "undone_performed": "nothing",
        "undone_on": day,
        "undone_agreed": "yes",
        "undone_damages": "no",
    }


def test_a_slip_put_right_before_the_return(company):
    """(a) 01, 령§70①5: both documents bear the day of the original and stand in its return."""
    first = company.sold("2026-08-10", 1_000_000)
    company.amend(first, "wrong_amount", right_amount(900_000), on="2026-09-03")
    assert company.documents() == [
        ("0101", "", "2026-08-10", 1_000_000, 100_000),
        ("0201", "01", "2026-08-10", -1_000_000, -100_000),
        ("0201", "01", "2026-08-10", 900_000, 90_000),
    ]
    books = company.books
    # 3매; 1,000,000 - 1,000,000 + 900,000 = 900,000; 100,000 - 100,000 + 90,000 = 90,000; one customer.
    total = (1, 3, 900_000, 90_000)
    assert books.form(Q3) == {"합계": total, "전자 사업자": total, "전자": total}
    assert books.listed(Q3) == []
    assert books.lines(Q3) == {"(1)": (3, 900_000, 90_000), "(9)": (3, 900_000, 90_000), "㉰": (0, 0, 90_000)}
    assert books.form(Q4) == books.lines(Q4) == books.penalties(Q3) == {}
    # August: 3 documents, of them amendments -1,000,000 + 900,000 = -100,000.
    assert books.months() == {8: (3, 900_000, 90_000, 0, -100_000)}
    assert books.parties() == {A: (3, 900_000, 90_000)}


def test_a_slip_put_right_after_the_preliminary_return_was_filed(company):
    """(b) 제49조 제1항: filed on the 20th, corrected on the 22nd: it stands in the final return, as 예정신고 누락분."""
    first = company.sold("2026-08-10", 1_000_000)
    company.mark_filed(Q3, "2026-10-20")
    company.amend(first, "wrong_amount", right_amount(1_300_000), on="2026-10-22")
    books = company.books
    # The preliminary return stays what it was on the 20th.
    filed = (1, 1, 1_000_000, 100_000)
    assert books.form(Q3) == {"합계": filed, "전자 사업자": filed, "전자": filed}
    assert books.lines(Q3) == {"(1)": filed[1:], "(9)": filed[1:], "㉰": (0, 0, 100_000)}
    # -1,000,000 + 1,300,000 = 300,000; -100,000 + 130,000 = 30,000. Sent in October: by 2027-01-11.
    left_out = (1, 2, 300_000, 30_000)
    assert books.form(Q4) == {"합계": left_out, "전자 사업자": left_out, "전자": left_out}
    assert books.lines(Q4) == {
        "(7)": left_out[1:],
        "(9)": left_out[1:],
        "㉰": (0, 0, 30_000),
        "(36)": left_out[1:],
        "(40)": left_out[1:],
    }
    # No document of 제60조 was late: a correction has no 발급기한 of its own.
    assert books.penalties(Q4) == {}


def test_a_slip_put_right_after_the_final_return_was_filed(company, monkeypatch):
    """(b) 국세기본법 제45조의2: the return stays, its 합계표 is filed anew with the claim."""
    first = company.sold("2026-10-05", 2_000_000)
    company.mark_filed(Q4, "2027-01-20")
    company.amend(first, "wrong_amount", right_amount(1_700_000), on="2027-02-10")
    look(monkeypatch, "2027-02-15")
    books = company.books
    assert books.lines(Q4) == {
        "(1)": (1, 2_000_000, 200_000),
        "(9)": (1, 2_000_000, 200_000),
        "㉰": (0, 0, 200_000),
    }
    # Outside the return: -2,000,000 + 1,700,000 = -300,000; -200,000 + 170,000 = -30,000.
    told = books.notices(vat_figures.vat_lines, period=Q4)
    assert "신고 후 변동: 2027-01-20 뒤에 발급된 매출 문서 2건, 공급가액 -300,000원, 세액 -30,000원" in told
    # The pair was sent after 2027-01-11: listed. The customer stands in both groups, so twice in 처수.
    assert books.form(Q4) == {
        "합계": (2, 3, 1_700_000, 170_000),
        "전자 사업자": (1, 1, 2_000_000, 200_000),
        "전자": (1, 1, 2_000_000, 200_000),
        "외 사업자": (1, 2, -300_000, -30_000),
        "외": (1, 2, -300_000, -30_000),
    }
    assert books.listed(Q4) == [(A, 2, -300_000, -30_000)]
    assert books.penalties(Q4) == {}


@pytest.mark.parametrize(("issued", "penalty"), [("2026-08-10", 0), ("2026-08-11", 2_000)])
def test_a_higher_price_agreed_on_in_a_later_period(company, issued, penalty):
    """(c) 02, 령§70①3: dated the day it was agreed on, so the first half-year stays; due by 10 August."""
    first = company.sold("2026-05-11", 1_000_000)
    company.amend(first, "price_changed", price("2026-07-08", 200_000), on=issued)
    books = company.books
    assert books.form(Q2)["합계"] == (1, 1, 1_000_000, 100_000)
    assert books.lines(Q2)["(1)"] == (1, 1_000_000, 100_000)
    assert books.form(Q3)["전자"] == books.form(Q3)["합계"] == (1, 1, 200_000, 20_000)
    assert books.lines(Q3) == {"(1)": (1, 200_000, 20_000), "(9)": (1, 200_000, 20_000), "㉰": (0, 0, 20_000)}
    # 지연발급: 200,000 x 1 % = 2,000 (제60조 제2항 제1호), in the final return of the half-year (령§90①).
    owed = {("지연발급 가산세", "공급자로서", ""): (1, 200_000, penalty)} if penalty else {}
    assert books.penalties(Q3) == books.penalties(Q4) == owed
    assert books.lines(Q4) == ({"(65)": (1, 200_000, penalty)} if penalty else {})
    assert books.penalties(Q2) == {}


def test_a_part_came_back_and_the_rest_was_cancelled_in_the_next_quarter(company):
    """(d) 03 and 04, 령§70①1·2: each stands in the return of its own day."""
    first = company.sold("2026-08-05", 2_200_000)
    company.amend(first, "goods_returned", returned("2026-09-15", 700_000), on="2026-09-16")
    company.amend(first, "contract_undone", undone("2026-11-12"), on="2026-11-13")
    assert company.documents() == [
        ("0101", "", "2026-08-05", 2_200_000, 220_000),
        ("0201", "03", "2026-09-15", -700_000, -70_000),
        # What is left: 2,200,000 - 700,000 = 1,500,000.
        ("0201", "04", "2026-11-12", -1_500_000, -150_000),
    ]
    books = company.books
    assert books.form(Q3)["합계"] == (1, 2, 1_500_000, 150_000)
    assert books.lines(Q3)["(1)"] == (2, 1_500_000, 150_000)
    assert books.form(Q4)["합계"] == (1, 1, -1_500_000, -150_000)
    assert books.lines(Q4) == {
        "(1)": (1, -1_500_000, -150_000),
        "(9)": (1, -1_500_000, -150_000),
        "㉰": (0, 0, -150_000),
    }
    assert books.months() == {
        8: (1, 2_200_000, 220_000, 0, 0),
        9: (1, -700_000, -70_000, 0, -700_000),
        11: (1, -1_500_000, -150_000, 0, -1_500_000),
    }
    # 2,200,000 - 700,000 - 1,500,000 = 0: still a customer, with 3 documents.
    assert books.parties() == {A: (3, 0, 0)}
    assert books.penalties(Q4) == {}


def test_a_purchase_confirmation_that_came_afterwards(company):
    """(e) 05, 령§70①4: a part of the taxed supply becomes zero-rated, on the day of the original."""
    first = company.sold("2026-07-15", 3_000_000)
    credit = {
        "lc_kind": "purchase_confirmation",
        "lc_number": "PC-7",
        "lc_on": "2026-08-20",
        "lc_amount": 1_000_000,
    }
    company.amend(first, "lc_opened", credit, on="2026-09-04")
    assert company.documents()[1:] == [
        ("0201", "05", "2026-07-15", -1_000_000, -100_000),
        ("0202", "05", "2026-07-15", 1_000_000, 0),
    ]
    books = company.books
    # (1) 3,000,000 - 1,000,000; (5) 1,000,000 at 0 %. The form takes both: 3매, 3,000,000, 300,000 - 100,000.
    assert books.lines(Q3) == {
        "(1)": (2, 2_000_000, 200_000),
        "(5)": (1, 1_000_000, 0),
        "(9)": (3, 3_000_000, 200_000),
        "㉰": (0, 0, 200_000),
    }
    assert books.form(Q3)["합계"] == (1, 3, 3_000_000, 200_000)
    assert books.months() == {7: (3, 2_000_000, 200_000, 1_000_000, 0)}
    assert books.penalties(Q3) == {}


def test_the_same_deal_twice_found_after_the_preliminary_return_was_due(company):
    """(f) 06, 령§70①7: dated like the second one, issued on 10 November: of the final return, as 누락분."""
    first = company.sold("2026-08-03", 800_000)
    second = company.sold("2026-08-03", 800_000)
    answers = {"twice_kept": first.issue_id, "twice_same": "yes", "cross_filed": "unknown"}
    company.amend(second, "issued_twice", answers, on="2026-11-10")
    assert company.documents()[2] == ("0201", "06", "2026-08-03", -800_000, -80_000)
    books = company.books
    # Filed with both: 1,600,000; made up for with -800,000.
    assert books.lines(Q3)["(1)"] == (2, 1_600_000, 160_000)
    assert books.lines(Q4) == {
        "(7)": (1, -800_000, -80_000),
        "(9)": (1, -800_000, -80_000),
        "㉰": (0, 0, -80_000),
        "(36)": (1, -800_000, -80_000),
        "(40)": (1, -800_000, -80_000),
    }
    assert (books.form(Q3)["합계"], books.form(Q4)["합계"]) == (
        (1, 2, 1_600_000, 160_000),
        (1, 1, -800_000, -80_000),
    )
    assert books.months() == {8: (3, 800_000, 80_000, 0, -800_000)}
    assert books.penalties(Q4) == {}
    assert books.late(Q4, "늦거나 종이로 발급한 매출 문서") == []


def test_cancelled_after_its_price_had_gone_up(company):
    """(g) 04 after 02: what is left goes, 1,000,000 + 200,000 = 1,200,000."""
    first = company.sold("2026-10-05", 1_000_000)
    company.amend(first, "price_changed", price("2026-10-20", 200_000), on="2026-10-21")
    company.amend(first, "contract_undone", undone("2026-11-12"), on="2026-11-13")
    assert company.documents()[1:] == [
        ("0201", "02", "2026-10-20", 200_000, 20_000),
        ("0201", "04", "2026-11-12", -1_200_000, -120_000),
    ]
    books = company.books
    assert books.form(Q4) == dict.fromkeys(["합계", "전자 사업자", "전자"], (1, 3, 0, 0))
    assert books.lines(Q4) == {"(1)": (3, 0, 0), "(9)": (3, 0, 0)}
    # 수정: October +200,000; November -1,200,000.
    assert books.months() == {
        10: (2, 1_200_000, 120_000, 0, 200_000),
        11: (1, -1_200_000, -120_000, 0, -1_200_000),
    }


def test_a_buyer_that_had_closed_becomes_a_person(company):
    """령§70①6: 사업자등록번호분 2매 that add up to nothing, and one 주민등록번호분."""
    first = company.sold("2026-10-12", 2_000_000)
    answers = {"buyer_who": "closed", "closed_on": "2026-10-01", "closed_person": "9002301234563"}
    company.amend(first, "wrong_buyer", answers, on="2026-11-03")
    books = company.books
    # 처수: the closed business and the person. 2,000,000 - 2,000,000 + 2,000,000.
    assert books.form(Q4) == {
        "합계": (2, 3, 2_000_000, 200_000),
        "전자 사업자": (1, 2, 0, 0),
        "전자 주민": (1, 1, 2_000_000, 200_000),
        "전자": (2, 3, 2_000_000, 200_000),
    }
    assert books.lines(Q4)["(1)"] == (3, 2_000_000, 200_000)
    assert books.parties() == {A: (2, 0, 0), "": (1, 2_000_000, 200_000)}


def test_a_date_put_right_into_the_quarter_before(company):
    """01: the minus stands where the original does, the plus where it belongs (issued on 5 October, due on the 12th)."""
    first = company.sold("2026-10-02", 5_000_000)
    company.amend(
        first, "wrong_date", {"date_right": "2026-09-30", "cross_filed": "not_yet"}, on="2026-10-05"
    )
    assert company.documents()[1:] == [
        ("0201", "01", "2026-10-02", -5_000_000, -500_000),
        ("0201", "01", "2026-09-30", 5_000_000, 500_000),
    ]
    books = company.books
    assert books.form(Q3)["전자"] == books.form(Q3)["합계"] == (1, 1, 5_000_000, 500_000)
    assert books.lines(Q3)["(1)"] == (1, 5_000_000, 500_000)
    assert books.lines(Q4) == {"(1)": (2, 0, 0), "(9)": (2, 0, 0)}
    assert books.penalties(Q4) == {}


def test_an_exempt_document_and_its_correction(company):
    """소득령§212②: 계산서 stand in a form of their own and on (88); they change no tax."""
    line = item(400_000) | {"tax_amount": None}
    first = company.sold("2026-10-14", 400_000, document_type="0301", items=[line])
    company.amend(first, "wrong_amount", right_amount(450_000), on="2026-11-04")
    books = company.books
    assert company.documents()[1:] == [
        ("0401", "01", "2026-10-14", -400_000, 0),
        ("0401", "01", "2026-10-14", 450_000, 0),
    ]
    # 400,000 - 400,000 + 450,000.
    assert books.form(Q4, EXEMPT_SALES) == dict.fromkeys(["합계", "전자 사업자", "전자"], (1, 3, 450_000, 0))
    assert books.form(Q4) == {}
    assert books.lines(Q4) == {"(88)": (3, 450_000, 0)}


# --- whose figures: brokers, reverse requests, purchases of every way ---


def test_what_a_broker_issues_and_amends_is_in_the_principals_books_alone(company):
    """령§69①: the 위탁자 is the supplier. 1,000,000 on 5 November, 300,000 of it back on the 10th."""
    agent = Seller(workspace_of(STRANGER), keeper_of(STRANGER))
    broker = Company(agent, Books(agent.workspace))
    sold = broker.sold("2026-11-05", 1_000_000, document_type="0103", supplier=PRINCIPAL)
    broker.amend(sold, "goods_returned", returned("2026-11-10", 300_000), on="2026-11-11")
    delivering.take_all(now=at(TODAY))
    assert [row[:2] for row in broker.documents()] == [("0103", ""), ("0203", "03")]
    assert (
        broker.books.form(Q4)
        == broker.books.lines(Q4)
        == broker.books.months()
        == broker.books.parties()
        == {}
    )
    for build in (
        summaries.tax_summary,
        vat_figures.vat_lines,
        late_documents.penalties,
        by_month.by_month,
    ):
        # 1,000,000 - 300,000 = 700,000.
        assert "위수탁으로 발행한 문서 2건(공급가액 700,000원)" in broker.books.notices(build)
    theirs = company.books
    total = (1, 2, 700_000, 70_000)
    assert theirs.form(Q4) == dict.fromkeys(["합계", "전자 사업자", "전자"], total)
    assert theirs.lines(Q4) == {"(1)": total[1:], "(9)": total[1:], "㉰": (0, 0, 70_000)}
    assert theirs.parties() == {A: total[1:]}


def test_what_a_broker_issued_late_costs_the_principal(company):
    """제60조 제2항 제1호: October's goods, issued on 12 November (due on the 10th): 500,000 x 1 % = 5,000."""
    agent = Seller(workspace_of(STRANGER), keeper_of(STRANGER))
    broker = Company(agent, Books(agent.workspace))
    broker.sold("2026-10-30", 500_000, issued="2026-11-12", document_type="0103", supplier=PRINCIPAL)
    delivering.take_all(now=at(TODAY))
    assert broker.books.penalties(Q4) == {}
    assert company.books.penalties(Q4) == {("지연발급 가산세", "공급자로서", ""): (1, 500_000, 5_000)}
    assert company.books.late(Q4, "늦거나 종이로 발급한 매출 문서") == [("2026-10-30", 500_000, 5_000)]


def test_what_a_buyer_asked_for_is_its_purchase_and_the_suppliers_sale(company):
    """역발행: 1,000,000 and its tax on 20 November."""
    asker = buyer_of()
    ask(asker, now=at(TODAY))
    [received] = inbox(company.seller.workspace)
    with in_workspace(company.seller.workspace.pk):
        made = answering.prepare(member=company.seller.member, incoming_id=received.pk, now=at(TODAY))
    assert not company.seller.sign([made], now=at(TODAY)).refused
    theirs, one = Books(asker), (1, 1, 1_000_000, 100_000)
    # Signed, and not with the tax office: in nobody's figures.
    assert company.books.form(Q4) == theirs.form(Q4, PURCHASES) == {}
    accept(company.seller.workspace, made, at=at(TODAY))
    delivering.take_all(now=at(TODAY))
    assert company.books.form(Q4)["합계"] == theirs.form(Q4, PURCHASES)["합계"] == one
    assert company.books.form(Q4, PURCHASES) == theirs.form(Q4) == {}
    assert company.books.lines(Q4)["(1)"] == theirs.lines(Q4)["(10)"] == one[1:]
    assert theirs.lines(Q4)["㉰"] == (0, 0, -100_000)


def test_purchases_count_once_by_whatever_ways_they_came(company):
    """법§54: the XML and the row of Hometax's list are one; paper is listed; 불공제 is taken off again on (17)."""
    workspace = company.seller.workspace
    known = document(
        supplier={"business_number": BUYER, "name": "한빛상사", "representative": "김하나"},
        buyer=buyer(SUPPLIER, "(주)큰솔상사"),
    )
    upload(workspace, signed(known, by=BUYER), now=at(TODAY))
    ours = {"공급받는자사업자등록번호": SUPPLIER, "공급자사업자등록번호": BUYER}
    number = f"{known.issue_id[:8]}-{known.issue_id[8:16]}-{known.issue_id[16:]}"
    rows = [hometax_row(1, **ours, 승인번호=number), hometax_row(2, **ours)]
    hometax_taken(workspace, *rows, now=at(TODAY), title="매입 전자세금계산서 목록조회")
    hometax_taken(workspace, *rows, now=at(TODAY), title="매입 전자세금계산서 목록조회")
    business = first_business(workspace)
    with in_workspace(workspace.pk):
        taken(business, "2026-11-03", 300_000, source="paper", party_number=B)
        taken(business, "2026-11-03", 50_000, source="paper", party_number=B)
        # Entertainment, and a part of it given back: -40,000 of tax that was never deducted.
        taken(business, "2026-11-04", 900_000, not_deductible="4", party_number=A)
        taken(
            business,
            "2026-11-09",
            -400_000,
            kind="0201",
            amendment_reason="03",
            not_deductible="4",
            party_number=A,
        )
        taken(business, "2026-11-05", 4_000_000, fixed_asset=True, party_number=A)
        taken(business, "2026-11-06", 200_000, kind="0102", party_number=A)
        # Dated in September, issued on 2 November, after the 26 October on which 예정신고 was due.
        taken(business, "2026-09-30", 600_000, issued="2026-11-02", party_number=A)
    books = company.books
    # BUYER 2 x 1,000,000; A 900,000 - 400,000 + 4,000,000 + 200,000 + 600,000 = 5,300,000 in 5 documents, of whose tax
    # 90,000 - 40,000 + 400,000 + 0 + 60,000 = 510,000; B on paper 300,000 + 50,000.
    assert books.form(Q4, PURCHASES) == {
        "합계": (3, 9, 7_650_000, 745_000),
        "전자 사업자": (2, 7, 7_300_000, 710_000),
        "전자": (2, 7, 7_300_000, 710_000),
        "외 사업자": (1, 2, 350_000, 35_000),
        "외": (1, 2, 350_000, 35_000),
    }
    assert books.listed(Q4, PURCHASES) == [(B, 2, 350_000, 35_000)]
    assert books.form(Q3, PURCHASES) == {}
    # (10) 2,000,000 + 350,000 + 900,000 - 400,000 + 200,000 = 3,050,000; (13) 600,000; (17) 900,000 - 400,000.
    # (16) 3,050,000 + 4,000,000 + 600,000; tax 285,000 + 400,000 + 60,000. 지연수취: 600,000 x 0.5 % = 3,000.
    assert books.lines(Q4) == {
        "(10)": (7, 3_050_000, 285_000),
        "(12)": (1, 4_000_000, 400_000),
        "(13)": (1, 600_000, 60_000),
        "(16)": (9, 7_650_000, 745_000),
        "(17)": (2, 500_000, 50_000),
        "(18)": (7, 7_150_000, 695_000),
        "㉰": (0, 0, -695_000),
        "(41)": (1, 600_000, 60_000),
        "(43)": (1, 600_000, 60_000),
        "(53)": (2, 500_000, 50_000),
        "(56)": (2, 500_000, 50_000),
        "(66)": (1, 600_000, 3_000),
    }
    assert books.penalties(Q4) == {("지연수취 가산세", "공급받는 자로서", ""): (1, 600_000, 3_000)}


# --- what does not count, and what comes late ---


def test_what_the_tax_office_does_not_have_is_told_and_not_counted(company):
    """Refused, cancelled and unsent ones; what was issued in time and accepted after the 11th is listed by party."""
    workspace = company.seller.workspace
    business = first_business(workspace)
    with in_workspace(workspace.pk):
        sold(business, "2026-09-01", 100_000)
        sold(business, "2026-09-02", 20_000, state=State.REJECTED)
        sold(business, "2026-09-03", 3_000, state=State.CANCELLED)
        sold(business, "2026-09-04", 400, state=State.ISSUED)
        sold(business, "2026-09-30", 50_000, issued="2026-10-12", sent="2026-10-13", buyer_number=B)
        # On paper, which one who has to issue electronically may not: 10,000 x 1 % = 100 (제60조 제2항 제2호 가목).
        taken(business, "2026-09-05", 10_000, side="sales", source="paper", party_number=B)
    books = company.books
    assert books.form(Q3) == {
        "합계": (2, 3, 160_000, 16_000),
        "전자 사업자": (1, 1, 100_000, 10_000),
        "전자": (1, 1, 100_000, 10_000),
        "외 사업자": (1, 2, 60_000, 6_000),
        "외": (1, 2, 60_000, 6_000),
    }
    assert books.listed(Q3) == [(B, 2, 60_000, 6_000)]
    assert books.lines(Q3)["(1)"] == (3, 160_000, 16_000)
    told = books.notices(vat_figures.vat_lines, period=Q3)
    assert "발행완료 · 전송 전 1건, 공급가액 400원" in told
    assert "전송실패 1건, 공급가액 20,000원" in told
    assert books.penalties(Q3) == {("종이 발급 가산세", "공급자로서", ""): (1, 10_000, 100)}
    assert books.lines(Q4)["(67)"] == (1, 10_000, 100)


def test_penalties_of_a_half_year(company, monkeypatch):
    """제60조 제2항: 1 % late, 2 % never; 0.3 % sent late, 0.5 % never; each document owes one of them."""
    look(monkeypatch, "2027-02-15")
    workspace = company.seller.workspace
    business = first_business(workspace)
    with in_workspace(workspace.pk):
        # August's are due on Thursday 10 September; the 11th is a Friday, so it is sent in time on Monday.
        sold(business, "2026-08-05", 10_000_000, issued="2026-09-11", sent="2026-09-14")
        sold(business, "2026-08-31", 10_000_000, issued="2026-09-10", sent="2026-09-11")
        # Sent on Monday instead of Friday; on Friday it would have been in time.
        sold(business, "2026-08-06", 2_000_000, issued="2026-08-06", sent="2026-08-10")
        sold(business, "2026-08-06", 2_000_000, issued="2026-08-06", sent="2026-08-07")
        # A day after the final return was due, 2027-01-25.
        sold(business, "2026-12-31", 3_000_000, issued="2027-01-26", sent="2027-01-27")
        sold(business, "2026-12-29", 4_000_000, issued="2026-12-29", sent="2027-01-26")
        # Less was agreed on on 30 September; due on 12 October, for the 10th is a Saturday. Disputed.
        fell = {"kind": "0201", "amendment_reason": "02"}
        sold(business, "2026-09-30", -500_000, issued="2026-10-13", sent="2026-10-14", **fell)
        sold(business, "2026-09-29", -500_000, issued="2026-10-12", sent="2026-10-13", **fell)
        # Another program sent it on Tuesday instead of Monday.
        elsewhere = {"side": "sales", "issued": "2026-11-06", "party_number": A}
        taken(business, "2026-11-05", 6_000_000, sent_on="2026-11-10", **elsewhere)
        taken(business, "2026-11-05", 6_000_000, sent_on="2026-11-09", **elsewhere)
        # Received a day late; what was taken back late had no tax to deduct.
        taken(business, "2026-10-31", 1_000_000, issued="2026-11-11")
        taken(business, "2026-10-31", 1_000_000, issued="2026-11-10")
        taken(business, "2026-10-31", -800_000, kind="0201", amendment_reason="02", issued="2026-11-11")
    books = company.books
    supplier, receiver = "공급자로서", "공급받는 자로서"
    assert books.penalties(Q4) == {
        # 10,000,000 x 1 %; and, as its own line, at most 500,000 x 1 %.
        ("지연발급 가산세", supplier, ""): (1, 10_000_000, 100_000),
        ("지연발급 가산세", supplier, "최대"): (1, 500_000, 5_000),
        # 3,000,000 x 2 %.
        ("미발급 가산세", supplier, ""): (1, 3_000_000, 60_000),
        # (2,000,000 + 6,000,000) x 0.3 %.
        ("지연전송 가산세", supplier, ""): (2, 8_000_000, 24_000),
        # 4,000,000 x 0.5 %.
        ("미전송 가산세", supplier, ""): (1, 4_000_000, 20_000),
        # 1,000,000 x 0.5 %.
        ("지연수취 가산세", receiver, ""): (1, 1_000_000, 5_000),
    }
    lines = books.lines(Q4)
    assert {number: lines[number] for number in ("(65)", "(66)", "(67)", "(68)", "(69)")} == {
        "(65)": (2, 10_500_000, 105_000),
        "(66)": (1, 1_000_000, 5_000),
        "(67)": (1, 3_000_000, 60_000),
        "(68)": (2, 8_000_000, 24_000),
        "(69)": (1, 4_000_000, 20_000),
    }


def test_a_date_put_right_does_not_heal_an_invoice_that_was_too_late_for_it(company):
    """제60조 제2항 제1호: supplied on 30 September (due on 12 October), written and issued on the 13th."""
    first = company.sold("2026-10-13", 5_000_000)
    again = company.sold("2026-10-12", 3_000_000)
    assert company.books.penalties(Q4) == {}
    answers = {"date_right": "2026-09-30", "cross_filed": "not_yet"}
    for one in (first, again):
        company.amend(one, "wrong_date", answers, on="2026-10-14")
    books = company.books
    # 5,000,000 x 1 % = 50,000; what was issued on the 12th was in time. In the form nothing is lost:
    # 5,000,000 + 3,000,000 in September; October 8,000,000 - 8,000,000.
    assert books.penalties(Q4) == {("지연발급 가산세", "공급자로서", ""): (1, 5_000_000, 50_000)}
    assert books.late(Q4, "늦거나 종이로 발급한 매출 문서") == [("2026-09-30", 5_000_000, 50_000)]
    assert books.form(Q3)["합계"] == (1, 2, 8_000_000, 800_000)
    assert books.form(Q4)["합계"] == (1, 4, 0, 0)


def test_a_correction_of_a_correction_is_held_against_the_first_document(company):
    """Issued on 12 October, in time for September; its amount and then its date were put right in November."""
    first = company.sold("2026-10-12", 5_000_000)
    [_, plus] = company.amend(first, "wrong_amount", right_amount(4_000_000), on="2026-11-05")
    company.amend(plus, "wrong_date", {"date_right": "2026-09-30", "cross_filed": "unknown"}, on="2026-11-06")
    # Of the final return: +4,000,000, dated in September and issued in November.
    assert company.books.lines(Q4)["(7)"] == (1, 4_000_000, 400_000)
    assert company.books.penalties(Q4) == {}


def test_a_buyer_received_late_what_its_supplier_dated_right_afterwards(company):
    """제60조 제7항 제1호, 령§108⑤: 1,000,000 x 0.5 % = 5,000."""
    business = first_business(company.seller.workspace)
    with in_workspace(company.seller.workspace.pk):
        late = taken(business, "2026-10-13", 1_000_000)
        amended = {"kind": "0201", "amendment_reason": "01", "original_issue_id": late.issue_id}
        taken(business, "2026-10-13", -1_000_000, issued="2026-10-20", **amended)
        taken(business, "2026-09-30", 1_000_000, issued="2026-10-20", **amended)
    assert company.books.penalties(Q4) == {("지연수취 가산세", "공급받는 자로서", ""): (1, 1_000_000, 5_000)}
