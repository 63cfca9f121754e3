"""위수탁: written in the name of another, signed by us as the broker; every kind from draft to accepted."""

from datetime import date, timedelta

import pytest
from amendment_world import Seller
from editor_world import Desk
from hometax_world import row as hometax_row
from hometax_world import taken as hometax_taken
from record_world import BUYER, STRANGER, SUPPLIER, accept, authority_of, keeper_of, records, workspace_of
from service_world import NOW, acting, first_business, make_business, member_client
from signing_world import content, issue, make_ready, order, register
from transmission_world import LATER, connect, make_company, open_office, same_books, transmit

from dojang.etax.facts import Facts
from dojang.etax.returns import Side as LawSide
from dojang.etax.xml_reader import read
from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.selectors import sales_to
from dojang.service.invoices import consigned, costs, drafts
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.notices.rendering import render
from dojang.service.records import delivering
from dojang.service.records.models import Side
from dojang.service.reports import figures, selecting
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db
PRINCIPAL = {
    "business_number": SUPPLIER,
    "name": "(주)큰솔상사",
    "representative": "최큰솔",
    "contact": {"name": "영업부", "email": "sales@keunsol.example"},
}
PARTY = {
    "kind": "business",
    "number": BUYER,
    "name": "한빛상사",
    "representative": "김하나",
    "contacts": [{"name": "정사라", "email": "sara@hanbit.example"}],
}
AMENDED = {"0103": "0203", "0105": "0205", "0303": "0403"}
TAX = {"0103": 100_000, "0105": 0, "0303": None}


def written(kind="0103", **values):
    """A draft's content as the editor sends it."""
    line = {"supplied_on": "2026-11-20", "name": "복사용지", "supply_amount": 1_000_000}
    tax = {} if TAX[kind] is None else {"tax_amount": TAX[kind]}
    given = {"document_type": kind, "supplier": PRINCIPAL, "buyer": PARTY, "items": [line | tax]}
    return content(**(given | values))


# --- through the tax office ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def company(db, monkeypatch, tmp_path, sandbox):
    return make_company(connect(monkeypatch, tmp_path / "data", sandbox))


@pytest.mark.parametrize("kind", AMENDED)
def test_every_kind_and_its_amendment_goes_from_draft_to_accepted(sandbox, company, kind):
    [sold] = company.issue(**written(kind))
    assert not transmit(sandbox)
    sold = company.row(sold)
    assert (sold.state, sold.document_type, sold.supplier_number) == (State.ACCEPTED, kind, SUPPLIER)
    broker = Seller(company.workspace, company.owner)
    answers = {
        "returned_what": "part",
        "returned_exchanged": "no",
        "returned_on": "2026-11-20",
        "returned_items": 300_000,
    }
    at = LATER + timedelta(minutes=5)
    prepared = broker.amend(sold, "goods_returned", answers, now=at)
    done = broker.sign(prepared.invoices, now=at)
    assert not done.refused, done.refused[0].why
    transmit(sandbox, at=at + timedelta(hours=1))
    [amendment] = [broker.row(one) for one in prepared.invoices]
    assert (amendment.state, amendment.document_type) == (State.ACCEPTED, AMENDED[kind])
    assert (amendment.supplier_number, amendment.supply_amount) == (SUPPLIER, -300_000)
    same_books(sandbox, company)


# --- written ------------------------------------------------------------------------------------------------------


@pytest.fixture
def authority(monkeypatch):
    return authority_of(monkeypatch)


@pytest.fixture
def broker(db, authority):
    return workspace_of(STRANGER)


def sell(broker, **values):
    """A consigned document that the tax office has."""
    ready = make_ready(broker, **written(**values))
    done = issue(broker, keeper_of(STRANGER), ready)
    assert not done.refused, done.refused[0].why
    accept(broker, ready)
    with in_workspace(broker.pk):
        return Invoice.objects.select_related("business").get(pk=ready.pk)


def test_we_are_the_broker_and_the_other_is_the_supplier(broker):
    ready = make_ready(broker, **written())
    [placed] = order(broker, ready).placed
    document = read(placed.xml).invoice
    assert document.supplier.business_number == SUPPLIER
    assert document.supplier.contact.email == "sales@keunsol.example"
    assert document.broker.business_number == STRANGER
    assert document.signer.business_number == STRANGER
    assert (ready.supplier_name, ready.supplier_number) == ("(주)큰솔상사", SUPPLIER)


def test_nobody_signs_in_the_name_of_another_without_being_the_broker(broker):
    desk = Desk(broker)
    told = desk.begin(
        content=written(broker={"business_number": SUPPLIER, "name": "남", "representative": "남"})
    )
    with in_workspace(broker.pk):
        row = Invoice.objects.get(pk=told.json()["id"])
        assert row.content["broker"]["business_number"] == STRANGER
    ordinary = desk.begin(content=written(document_type="0101"))
    with in_workspace(broker.pk):
        row = Invoice.objects.get(pk=ordinary.json()["id"])
        assert row.content["supplier"]["business_number"] == STRANGER
        assert "broker" not in row.content
        assert (row.supplier_number, row.supplier_name) == ("", "")


def test_switched_back_it_is_our_own_document_again(broker):
    desk = Desk(broker)
    told = desk.begin(content=written()).json()
    told = desk.save(told, content=written(document_type="0102", items=written("0105")["items"])).json()
    assert [one for one in told["findings"] if one["severity"] == "error"] == []
    with in_workspace(broker.pk):
        row = Invoice.objects.get(pk=told["id"])
        assert row.content["supplier"]["business_number"] == STRANGER
        assert row.supplier_name == ""


@pytest.mark.parametrize(
    ("supplier", "path"),
    [
        ({"branch_number": None}, "supplier.business_number"),
        (PRINCIPAL | {"business_number": "9998100016"}, "supplier.business_number"),
        (PRINCIPAL | {"name": ""}, "supplier.name"),
        (PRINCIPAL | {"representative": ""}, "supplier.representative"),
        (None, "supplier.business_number"),
        ("nonsense", "supplier.business_number"),
    ],
)
def test_what_is_missing_of_the_supplier_is_said_at_its_field(broker, supplier, path):
    told = Desk(broker).begin(content=written(supplier=supplier)).json()
    assert path in {one["path"] for one in told["findings"] if one["severity"] == "error"}


def test_the_number_of_a_person_is_not_kept_as_the_suppliers(broker):
    told = (
        Desk(broker).begin(content=written(supplier=PRINCIPAL | {"business_number": "900101-1234567"})).json()
    )
    with in_workspace(broker.pk):
        row = Invoice.objects.get(pk=told["id"])
        assert "9001011234567" not in str(row.content)
        assert "900101-1234567" not in str(row.content)


def test_a_place_of_business_chosen_is_the_brokers_own(broker):
    told = Desk(broker).begin(content=written(broker={"branch_number": "0099"})).json()
    with in_workspace(broker.pk):
        row = Invoice.objects.get(pk=told["id"])
        assert row.content["broker"].get("branch_number") is None
    with in_workspace(broker.pk):
        first_business(broker).branches.create(workspace=broker, number="0002", name="창고")
    told = Desk(broker).begin(content=written(broker={"branch_number": "0002"})).json()
    with in_workspace(broker.pk):
        assert Invoice.objects.get(pk=told["id"]).content["broker"]["branch_number"] == "0002"


def test_what_is_issued_changes_no_more_and_a_copy_is_for_the_same_supplier(broker):
    sold = sell(broker)
    with in_workspace(broker.pk):
        made = drafts.copy(member=acting(broker), source=sold, written_on=date(2026, 11, 21), now=NOW)
        assert (made.document_type, made.supplier_number) == ("0103", SUPPLIER)
        assert made.content["broker"]["business_number"] == STRANGER


def test_a_brokers_facts_say_nothing_of_whose_sale_it_is(broker):
    with in_workspace(broker.pk):
        business = first_business(broker)
        business.facts = {"buyer_tax_type": "general", **business.facts}
        row = Invoice(business=business, document_type="0103", content=written())
        assert costs.facts_of(row).model_copy(update={"buyer_tax_type": None}) == Facts().model_copy(
            update={"buyer_tax_type": None}
        )


# --- no sale of ours ----------------------------------------------------------------------------------------------


def test_it_is_in_no_figure_of_the_brokers_and_that_is_said(broker):
    own = issue(broker, keeper_of(STRANGER), make_ready(broker, **content(buyer=PARTY)))
    accept(broker, own.issued[0][1])
    sell(broker)
    business = first_business(broker)
    with in_workspace(broker.pk):
        [rows, _] = selecting.documents([business.pk], LawSide.SALES)
        assert selecting.sums_of(rows).count == 1
        months = figures.months([business.pk], LawSide.SALES, date(2026, 1, 1), date(2026, 12, 31))
        assert months[date(2026, 11, 1)].total.supply_amount == 1_000_000
        assert selecting.sums_of(selecting.consigned([business.pk])).count == 1
    browser = member_client(broker)
    for page in ("months", "parties", "summary", "vat", "late"):
        text = browser.get(f"/w/{broker.slug}/reports/{page}/").content.decode()
        assert "위수탁으로 발행한 문서 1건" in text, page
        assert f"/w/{broker.slug}/invoices/?tab=accepted&amp;consigned=yes" in text, page
    assert "늦었더라도 그 가산세는 공급자인 위탁자의 것입니다." in text
    bought = browser.get(f"/w/{broker.slug}/reports/parties/", {"side": "purchase"}).content.decode()
    assert "위수탁으로 발행한 문서" not in bought


def test_home_says_that_the_return_leaves_it_out_and_leads_to_it(broker):
    issue(broker, keeper_of(STRANGER), make_ready(broker, **written()))
    sell(broker)
    browser = member_client(broker)
    page = browser.get(f"/w/{broker.slug}/")
    [(one, missing, told)] = page.context["returns"]
    assert (one.sales.count, one.consigned.count, missing) == (0, 1, [])
    assert "위수탁으로 발행한 문서 1건(공급가액 1,000,000원)은" in page.content.decode()
    behind = browser.get(told.url).content.decode().partition("<tbody")[2]
    assert behind.count("<tr data-row") == 1


def test_what_is_missing_from_our_return_leads_to_our_own_documents_alone(broker):
    issue(broker, keeper_of(STRANGER), make_ready(broker, **written()))
    issue(broker, keeper_of(STRANGER), make_ready(broker, **content(buyer=PARTY | {"name": "따로상사"})))
    browser = member_client(broker)
    [(_, [(gap, count, url)], _)] = browser.get(f"/w/{broker.slug}/").context["returns"]
    listed = browser.get(url).content.decode().partition("<tbody")[2]
    assert (gap.name, count) == ("unsent", 1)
    assert "따로상사" in listed
    assert "한빛상사" not in listed


def test_what_waits_to_be_sent_for_others_is_not_missing_from_our_return(broker):
    issue(broker, keeper_of(STRANGER), make_ready(broker, **written()))
    with in_workspace(broker.pk):
        assert not selecting.unfinished([first_business(broker).pk]).exists()


def test_the_list_says_so_and_can_leave_it_out(broker):
    sell(broker)
    browser = member_client(broker)

    def shown(**asked):
        return browser.get(f"/w/{broker.slug}/invoices/", asked).content.decode()

    table = shown().partition("<tbody")[2]
    assert "위수탁" in table
    assert "한빛상사" in shown(consigned="yes").partition("<tbody")[2]
    assert "한빛상사" not in shown(consigned="no").partition("<tbody")[2]
    assert "한빛상사" in shown(q="큰솔").partition("<tbody")[2]


def test_what_was_sold_to_a_counterparty_is_only_our_own(broker):
    sold = sell(broker)
    with in_workspace(broker.pk):
        known = Counterparty.objects.create(workspace=broker, name="한빛상사", number=BUYER)
        Invoice.objects.filter(pk=sold.pk).update(counterparty=known)
        assert sales_to(known, member=acting(broker)).count == 0


# --- told and brought ---------------------------------------------------------------------------------------------


def test_the_buyers_mail_names_supplier_and_broker(broker):
    sell(broker)
    with in_workspace(broker.pk):
        mail = OutgoingMail.objects.get(kind=Kind.INVOICE_ISSUED)
        found = render(mail, now=NOW)
    text = f"{found.subject} {found.message.body}"
    assert found.subject.startswith("[모의] (주)큰솔상사에서 위수탁전자세금계산서를 발행했습니다")
    assert f"공급자: (주)큰솔상사 ({SUPPLIER[:3]}-{SUPPLIER[3:5]}-{SUPPLIER[5:]})" in text
    assert "수탁자: 남의상사(주)" in text


def test_it_reaches_its_buyer_and_whose_sale_it_is(broker, authority):
    buyer, principal = workspace_of(BUYER), workspace_of(SUPPLIER)
    unproved = workspace_of(SUPPLIER, proved=False)
    sold = sell(broker)
    delivering.take_all(now=NOW)
    [bought] = records(buyer)
    [theirs] = records(principal)
    assert (bought.side, bought.party_number) == (Side.PURCHASE, SUPPLIER)
    assert (theirs.side, theirs.party_number, theirs.issue_id) == (Side.SALES, BUYER, sold.issue_id)
    assert records(unproved) == []
    with in_workspace(principal.pk):
        found = selecting.documents([first_business(principal).pk], LawSide.SALES)
        assert sum(selecting.sums_of(rows).count for rows in found) == 1
    register(unproved, first_business(unproved), keeper_of(SUPPLIER))
    delivering.take_all(now=NOW)
    assert [one.issue_id for one in records(unproved)] == [sold.issue_id]


def test_between_two_businesses_of_one_workspace_it_is_the_sale_of_one(broker):
    other = make_business(broker, SUPPLIER, name="(주)큰솔상사")
    sell(broker)
    delivering.take_all(now=NOW)
    [record] = records(broker)
    assert (record.business_id, record.side) == (other.pk, Side.SALES)
    with in_workspace(broker.pk):
        for business, count in ((first_business(broker), 0), (other, 1)):
            found = selecting.documents([business.pk], LawSide.SALES)
            assert sum(selecting.sums_of(rows).count for rows in found) == count


def test_a_list_of_hometax_brings_the_sale_of_a_business_whose_broker_is_another_of_ours(broker):
    sold = sell(broker)
    other = make_business(broker, SUPPLIER, name="(주)큰솔상사")
    number = sold.issue_id
    listed = hometax_row(
        승인번호=f"{number[:8]}-{number[8:16]}-{number[16:]}",
        공급자사업자등록번호=SUPPLIER,
        공급받는자사업자등록번호=BUYER,
        전자세금계산서종류="위수탁",
        작성일자="2026-11-20",
        발급일자="2026-11-20",
    )
    hometax_taken(broker, listed)
    [record] = records(broker)
    assert (record.business_id, record.side, record.document_type) == (other.pk, Side.SALES, "0103")


def test_an_ordinary_sale_goes_to_nobody_but_its_buyer(broker):
    principal = workspace_of(SUPPLIER)
    ready = make_ready(broker, **content(buyer=PARTY))
    issue(broker, keeper_of(STRANGER), ready)
    accept(broker, ready)
    delivering.take_all(now=NOW)
    assert records(principal) == []


def test_every_kind_of_a_broker_is_known():
    assert {"0103", "0105", "0303", "0203", "0205", "0403"} == consigned.TYPES
    assert {one.value for one in consigned.OF_KIND.values()} == set(AMENDED)
