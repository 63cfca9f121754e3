"""What the editor and the server say to each other: saves that lose nothing, conflicts, findings, people's numbers."""

import json
import re
from uuid import uuid4

import pytest
from editor_world import Desk
from service_world import add_member, client_of, make_workspace, member_client
from signing_world import content

from dojang.service.accounts.models import User
from dojang.service.invoices import drafts
from dojang.service.invoices.models import Invoice, Template
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

RESIDENT = "9001019999999"
PASSPORT = "M12345678"


@pytest.fixture
def desk(monkeypatch):
    return Desk.at(monkeypatch)


def state_of(response):
    found = re.search(r'<script id="state" type="application/json">(.*?)</script>', response.content.decode())
    return json.loads(found[1])


def count(desk):
    with in_workspace(desk.workspace.pk):
        return Invoice.objects.count()


# Saving


def test_the_first_save_makes_the_draft_and_says_where_it_is(desk):
    told = desk.begin().json()
    row = desk.row(told)
    assert (row.state, row.supply_amount, row.buyer_name) == ("draft", 1_000_000, "(주)새봄")
    assert told["urls"]["edit"] == desk.url(f"{row.pk}/edit/")
    assert told["version"] == row.version
    assert re.fullmatch(r"\d\d:\d\d", told["saved_at"])


def test_a_first_save_that_is_sent_twice_makes_one_draft(desk):
    first = desk.first()
    told = desk.post("drafts/", first).json()
    again = first | {"save": str(uuid4()), "lost": [first["save"]], "content": content(purpose="receipt")}
    second = desk.post("drafts/", again).json()
    assert second["id"] == told["id"]
    assert count(desk) == 1
    assert desk.row(told).content["purpose"] == "receipt"


def test_a_first_save_sent_again_does_not_overwrite_what_another_saved_since(desk):
    first = desk.first()
    told = desk.post("drafts/", first).json()
    other = Desk(desk.workspace, "writer")
    assert other.save(told, content=content(purpose="receipt")).status_code == 200
    refused = desk.post("drafts/", first | {"save": str(uuid4()), "lost": [first["save"]]})
    assert refused.status_code == 409
    assert desk.row(told).content["purpose"] == "receipt"


def test_a_second_editor_is_told_who_saved_and_when_and_overwrites_nothing(desk):
    told = desk.begin().json()
    person = User.objects.get(pk=add_member(desk.workspace, "writer").user_id)
    other = Desk(desk.workspace)
    other.client = client_of(person)
    assert other.save(told, content=content(purpose="receipt")).status_code == 200
    refused = desk.save(told)
    assert refused.status_code == 409
    assert refused.json()["code"] == "changed_meanwhile"
    assert str(person) in refused.json()["ko"]
    assert desk.row(told).content["purpose"] == "receipt"


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(desk):
    told = desk.begin().json()
    lost = desk.body(version=told["version"])
    assert desk.post(f"{told['id']}/draft/", lost).status_code == 200
    again = desk.save(told, lost=[lost["save"]])
    assert again.status_code == 200
    assert again.json()["version"] == told["version"] + 2


def test_somebody_elses_save_is_never_taken_for_ones_own(desk):
    told = desk.begin().json()
    other = Desk(desk.workspace, "writer")
    theirs = other.body(version=told["version"])
    other.post(f"{told['id']}/draft/", theirs)
    assert desk.save(told, lost=[theirs["save"]]).status_code == 409


def test_half_written_and_wrong_text_is_kept_as_it_was_typed(desk):
    typed = content(written_on="2026-11-", items=[{"name": "종이", "supply_amount": "십만원"}])
    told = desk.begin(content=typed).json()
    kept = desk.row(told).content
    assert (kept["written_on"], kept["items"]) == ("2026-11-", typed["items"])
    paths = {finding["path"] for finding in told["findings"]}
    assert {"written_on", "items[0].supply_amount"} <= paths
    assert state_of(desk.get(f"{told['id']}/edit/"))["content"]["written_on"] == "2026-11-"


@pytest.mark.parametrize(
    "hostile",
    [
        {"buyer": "x"},
        {"buyer": [], "items": {}},
        {"items": [1, None, "x", {"supply_amount": 10**40, "name": "가" * 500}]},
        {"buyer": {"kind": "business", "number": "1" * 200, "name": "가" * 500, "representative": ""}},
        {"items": [{}] * 40_000},
        {"remarks": "x", "buyer": {"kind": "foreigner"}},
        {"written_on": "0001-01-01"},
        {"written_on": "9999-12-31"},
        {"supplier": {"branch_number": {"a": 1}}},
        {"document_type": ["0101"]},
        {"buyer": {"kind": "business", "name": "a\x00b"}},
        {"items": [{"name": "x", "supply_amount": 10**18, "tax_amount": 10**18}] * 99},
    ],
)
def test_a_draft_may_hold_anything_and_stays_a_draft(desk, hostile):
    response = desk.begin(content=content(**hostile))
    assert response.status_code == 200
    told = response.json()
    assert desk.get(f"{told['id']}/edit/").status_code == 200
    assert desk.client.get(desk.url(f"{told['id']}/")).status_code == 200
    assert desk.client.get(desk.url()).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'{"a":NaN}', b"\xff\xfe", b"[" * 100_000, b'{"content":{"a":"\\ud800"}}',
    ],
)  # fmt: skip
def test_what_no_editor_sends_is_refused_as_unreadable(desk, body):
    refused = desk.post("drafts/", body)
    assert (refused.status_code, refused.json()["code"]) == (400, "unreadable_request")


def test_unknown_fields_and_endless_lists_are_refused(desk):
    assert desk.begin(more=1).status_code == 400
    assert desk.begin(kept={"confirmed": ["x"] * 51}).status_code == 400
    assert desk.begin(lost=[str(uuid4()) for _ in range(201)]).status_code == 400


def test_more_than_any_invoice_needs_is_refused(desk):
    assert desk.begin(content=content(remarks=["가" * 100_000])).status_code == 413


@pytest.mark.parametrize(("vat", "told_off"), [("included", False), ("excluded", True)])
def test_a_total_with_tax_may_lose_a_won_to_its_parts(desk, vat, told_off):
    items = [{"name": "x", "supply_amount": 9_090, "tax_amount": 910}]
    told = desk.begin(content=content(items=items), kept={"vat": vat}).json()
    assert ("tax_off" in {finding["code"] for finding in told["findings"]}) == told_off


def test_a_draft_that_is_finished_is_not_saved_over(desk):
    told = desk.begin().json()
    desk.post(f"{told['id']}/finish/", {"version": told["version"]})
    refused = desk.save(told | {"version": told["version"] + 1})
    assert refused.status_code == 409


# Who may


def test_a_viewer_writes_nothing(desk):
    told = desk.begin().json()
    viewer = Desk(desk.workspace, "viewer")
    assert viewer.get("new/").status_code == 403
    assert viewer.get(f"{told['id']}/edit/").status_code == 403
    assert viewer.begin().status_code == 403
    assert viewer.save(told).status_code == 403
    assert viewer.post(f"{told['id']}/finish/", {"version": 1}).status_code == 403
    assert viewer.post("templates/save/", {"invoice": told["id"], "name": "x"}).status_code == 403
    assert viewer.post("buyers/", {"kind": "business", "name": "x"}).status_code == 403


def test_another_workspace_is_not_there(desk):
    told = desk.begin().json()
    buyer = desk.add_buyer()
    other = Desk(make_workspace())
    assert other.get(f"{told['id']}/edit/").status_code == 404
    assert other.save(told).status_code == 404
    assert other.post(f"{told['id']}/finish/", {"version": 1}).status_code == 404
    assert other.begin(business=desk.business.pk).status_code == 404
    assert other.begin(copied_from=told["id"]).status_code == 404
    assert other.get("new/", copy=told["id"]).status_code == 404
    assert other.get("new/", business=desk.business.pk).status_code == 404
    mine = other.begin(counterparty=buyer.pk).json()
    assert other.row(mine).counterparty is None


# Finishing


def test_who_may_issue_is_sent_to_the_signing_page(desk):
    told = desk.begin().json()
    answer = desk.post(f"{told['id']}/finish/", {"version": told["version"]}).json()
    assert answer["next"] == f"/w/{desk.workspace.slug}/sign/?invoices={told['id']}"
    assert desk.row(told).state == "ready"


def test_a_writer_is_led_to_asking_for_the_approval(desk):
    writer = Desk(desk.workspace, "writer")
    told = writer.begin().json()
    answer = writer.post(f"{told['id']}/finish/", {"version": told["version"]}).json()
    approvals = f"/w/{desk.workspace.slug}/approvals/new/"
    assert answer["next"] == f"{approvals}?invoices={told['id']}"
    assert desk.row(told).state == "draft"


def test_a_writer_does_not_ask_for_what_somebody_else_changed_meanwhile(desk):
    writer = Desk(desk.workspace, "writer")
    told = writer.begin().json()
    assert desk.save(told).status_code == 200
    refused = writer.post(f"{told['id']}/finish/", {"version": told["version"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")


def test_finishing_twice_is_finishing_once(desk):
    told = desk.begin().json()
    first = desk.post(f"{told['id']}/finish/", {"version": told["version"]})
    second = desk.post(f"{told['id']}/finish/", {"version": told["version"]})
    assert (second.status_code, second.json()) == (200, first.json())


def test_what_forbids_issuing_comes_back_with_its_fields(desk):
    told = desk.begin(content=content(purpose=None)).json()
    refused = desk.post(f"{told['id']}/finish/", {"version": told["version"]})
    assert refused.status_code == 400
    assert refused.json()["code"] == "not_finished"
    assert [one["path"] for one in refused.json()["findings"]] == ["purpose"]
    assert desk.row(told).state == "draft"


def test_a_resident_number_in_a_text_is_told_at_its_field_and_keeps_the_draft_from_being_finished(desk):
    """A foreigner's who was born in 1900, before there were such numbers; the buyer's own field takes it."""
    number = "000101-5000011"
    item = {"name": f"수강료 {number}", "supply_amount": 1_000, "tax_amount": 100}
    told = desk.begin(content=content(items=[item], remarks=["", number])).json()
    told_of = {one["path"]: one for one in told["findings"] if one["code"] == "resident_number_elsewhere"}
    assert set(told_of) == {"items[0].name", "remarks[1]"}
    assert {one["severity"] for one in told_of.values()} == {"error"}
    assert all("공급받는자의 등록번호 칸" in one["ko"] and number not in str(one) for one in told_of.values())
    refused = desk.post(f"{told['id']}/finish/", {"version": told["version"]})
    assert (refused.status_code, desk.row(told).state) == (400, "draft")
    told = desk.save(told, content=content(items=[item | {"name": "수강료"}])).json()
    assert desk.post(f"{told['id']}/finish/", {"version": told["version"]}).status_code == 200


def test_what_only_looks_like_a_resident_number_is_asked_about_and_issued(desk):
    told = desk.begin(content=content(remarks=["법인 110111-3000001"])).json()
    found = [one for one in told["findings"] if one["path"] == "remarks[0]"]
    assert [(one["code"], one["severity"]) for one in found] == [("resident_number_likely", "warning")]
    assert desk.post(f"{told['id']}/finish/", {"version": told["version"]}).status_code == 200


def test_a_question_has_to_be_answered_first(desk):
    desk.begin()
    told = desk.begin().json()
    refused = desk.post(f"{told['id']}/finish/", {"version": told["version"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "questions")
    keys = [one["key"] for one in refused.json()["questions"]]
    told = desk.save(told, kept={"confirmed": keys}).json()
    assert told["questions"] == []
    assert desk.post(f"{told['id']}/finish/", {"version": told["version"]}).status_code == 200


def test_an_older_version_is_not_finished(desk):
    told = desk.begin().json()
    desk.save(told)
    refused = desk.post(f"{told['id']}/finish/", {"version": told["version"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")


# The number of a person


def individual():
    return content(buyer={"kind": "individual", "number": "", "name": "박개인", "representative": "박개인"})


def foreigner():
    buyer = {"kind": "foreigner", "number": "", "name": "Jane Roe", "representative": "Jane Roe"}
    return content(buyer=buyer, remarks=["", "둘째 줄"])


@pytest.mark.parametrize(
    ("given", "number", "masked"),
    [(individual, RESIDENT, "900101-*******"), (foreigner, PASSPORT, "M1*******")],
)
def test_a_persons_number_is_typed_once_and_then_only_masked(desk, given, number, masked):
    typed = {"source": "typed", "value": number}
    told = desk.begin(content=given(), number=typed).json()
    assert told["number"] == masked
    row = desk.row(told)
    assert number not in json.dumps(row.content)
    page = desk.get(f"{told['id']}/edit/")
    assert number not in page.content.decode()
    assert state_of(page)["number"] == {"masked": masked, "source": "saved"}
    told = desk.save(told, content=given(), number={"source": "saved"}).json()
    assert told["number"] == masked
    with in_workspace(desk.workspace.pk):
        document = drafts.content.parse(desk.row(told)).document
    assert number in {document.buyer.number, *document.remarks[:1]}
    answer = desk.post(f"{told['id']}/finish/", {"version": told["version"]})
    assert answer.status_code == 200, answer.json()


def test_a_person_in_the_address_book_lends_the_number(desk):
    buyer = desk.add_buyer(kind="individual", number="", name="박개인", personal_number=RESIDENT, contacts=())
    told = desk.begin(content=individual(), counterparty=buyer.pk, number={"source": "counterparty"}).json()
    assert told["number"] == "900101-*******"
    copy = state_of(desk.get("new/", copy=told["id"]))
    assert copy["number"] == {"masked": "900101-*******", "source": "copy"}
    again = desk.begin(content=individual(), copied_from=told["id"], number={"source": "copy"}).json()
    assert again["number"] == "900101-*******"


def test_another_kind_of_buyer_forgets_the_number(desk):
    told = desk.begin(content=individual(), number={"source": "typed", "value": RESIDENT}).json()
    told = desk.save(told).json()
    assert told["number"] == ""
    assert desk.row(told).secret is None


# Beginnings


def test_an_empty_editor_has_the_days_date_and_the_businesss_purpose(desk):
    with in_workspace(desk.workspace.pk):
        type(desk.business).objects.filter(pk=desk.business.pk).update(default_purpose="receipt")
    state = state_of(desk.get("new/", kind="0301"))
    assert state["content"]["document_type"] == "0301"
    assert state["content"]["purpose"] == "receipt"
    assert state["content"]["written_on"] == state["today"]
    assert count(desk) == 0


def test_a_counterparty_that_was_chosen_before_is_filled_in(desk):
    buyer = desk.add_buyer()
    state = state_of(desk.get("new/", counterparty=buyer.pk))
    assert state["content"]["buyer"]["number"] == "9998100015"
    assert state["content"]["buyer"]["contacts"][0]["email"] == "sara@saebom.example"
    assert state["counterparty"]["id"] == buyer.pk


def test_a_copy_is_dated_today_and_saved_only_when_something_is(desk):
    told = desk.begin().json()
    state = state_of(desk.get("new/", copy=told["id"]))
    assert state["content"]["written_on"] == state["today"]
    assert state["content"]["items"][0]["supplied_on"] == state["today"]
    assert state["copied_from"] == told["id"]
    assert count(desk) == 1


def test_won_come_to_the_page_as_text(desk):
    items = [{"name": "땅", "supply_amount": 99_999_999_999_999_999, "tax_amount": 0}]
    told = desk.begin(content=content(items=items)).json()
    state = state_of(desk.get(f"{told['id']}/edit/"))
    assert state["content"]["items"][0]["supply_amount"] == "99999999999999999"


def test_an_invoice_that_is_no_draft_is_only_shown(desk):
    told = desk.begin().json()
    desk.post(f"{told['id']}/finish/", {"version": told["version"]})
    response = desk.get(f"{told['id']}/edit/")
    assert (response.status_code, response.url) == (302, desk.url(f"{told['id']}/"))


@pytest.mark.parametrize(
    "query", [{"copy": "x"}, {"template": "1" * 30}, {"business": "-1"}, {"counterparty": "९"}]
)
def test_numbers_in_addresses_are_numbers(desk, query):
    assert desk.get("new/", **query).status_code == 404


# Past invoices, templates, new buyers


def test_past_invoices_of_a_buyer_lend_their_items(desk):
    buyer = desk.add_buyer()
    desk.begin(counterparty=buyer.pk)
    found = desk.get("past/", counterparty=buyer.pk).json()["invoices"]
    assert [one["items"][0]["supply_amount"] for one in found] == ["1000000"]
    assert desk.get("past/", number="9998100015").json()["invoices"] == found
    assert desk.get("past/").json() == {"invoices": []}


def test_a_template_is_kept_used_replaced_and_deleted(desk):
    told = desk.begin().json()
    made = desk.post("templates/save/", {"invoice": told["id"], "name": "  월  임대료 "})
    assert made.status_code == 201
    [listed] = desk.get("templates/").json()["templates"]
    assert listed["name"] == "월 임대료"
    state = state_of(desk.client.get(listed["use"]))
    assert state["content"]["items"][0]["name"] == "복사용지"
    assert state["content"]["written_on"] == state["today"]
    there = desk.post("templates/save/", {"invoice": told["id"], "name": "월 임대료"})
    assert (there.status_code, there.json()["code"]) == (409, "template_there_already")
    replaced = desk.post("templates/save/", {"invoice": told["id"], "name": "월 임대료", "replace": True})
    assert replaced.json()["id"] == listed["id"]
    path = listed["delete"].removeprefix(desk.url())
    assert Desk(desk.workspace, "viewer").post(path, {}).status_code == 403
    assert desk.post(path, {}).status_code == 200
    assert desk.post(path, {}).status_code == 404


@pytest.mark.parametrize("name", ["", "   ", "가" * 61])
def test_a_template_has_a_name(desk, name):
    told = desk.begin().json()
    refused = desk.post("templates/save/", {"invoice": told["id"], "name": name})
    assert refused.json()["code"] == "template_name_missing"


def test_a_template_holds_no_number_of_a_person(desk):
    told = desk.begin(content=foreigner(), number={"source": "typed", "value": PASSPORT}).json()
    desk.post("templates/save/", {"invoice": told["id"], "name": "외국인"})
    with in_workspace(desk.workspace.pk):
        assert PASSPORT not in json.dumps(Template.objects.get().content)


def test_a_buyer_that_was_typed_in_is_kept_as_a_counterparty(desk):
    body = {"kind": "business", "number": "9998100015", "name": "(주)새봄", "representative": "박세리"}
    contacts = [{"name": "정사라", "email": "sara@saebom.example"}]
    made = desk.post("buyers/", body | {"contacts": contacts})
    assert made.status_code == 201
    assert made.json()["contacts"][0]["email"] == "sara@saebom.example"
    again = desk.post("buyers/", body)
    assert again.status_code == 409
    assert again.json()["counterparty"] == made.json()["id"]


def test_what_keeps_a_buyer_from_being_kept_is_said_by_field(desk):
    refused = desk.post("buyers/", {"kind": "business", "number": "123", "name": ""})
    assert refused.status_code == 400
    assert {one["path"] for one in refused.json()["problems"]} == {"number", "name"}


def test_the_editor_may_frame_the_form_and_nobody_else_may_frame_the_editor(desk):
    policy = desk.get("new/").headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_who_has_no_role_in_the_workspace_writes_nothing(desk):
    desk.client = member_client(desk.workspace, "none")
    assert desk.get("new/").status_code == 403
