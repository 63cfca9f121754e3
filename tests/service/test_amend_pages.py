"""The pages of amending, as somebody presses through them: from what happened to what is signed, and the deal's page."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from amendment_world import Seller, item, seller
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook
from record_world import STRANGER
from service_world import add_member, client_of, make_workspace, member_client

from dojang.etax.amendments.suggest import Question, Ready, Stop, tree
from dojang.service.accounts.models import User
from dojang.service.amendments import answer_fields, answer_words, reading
from dojang.service.amendments.actions import ACTIONS, Place
from dojang.service.amendments.chains import deal_of
from dojang.service.amendments.facts import facts_of, setting_of
from dojang.service.amendments.models import Amendment, AmendmentState
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Role
from etax.suggest_samples import Wizard, ways

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def company(monkeypatch) -> Seller:
    found = seller(monkeypatch)
    with in_workspace(found.workspace.pk):
        Business.objects.update(facts={"returns_filed": "by_due_date", "audit": {}})
    return found


class Desk:
    """A browser at the pages of amending."""

    def __init__(self, company: Seller, client: Client | None = None) -> None:
        self.company = company
        self.client = client or member_client(company.workspace)
        self.home = f"/w/{company.workspace.slug}/amendments/"

    def get(self, path: str, **query: str) -> str:
        answer = self.client.get(path, query)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def begin(self, invoice: Invoice, event: str) -> str:
        """Choose what happened; the address of the amendment."""
        answer = self.client.post(f"{self.home}of/invoice/{invoice.pk}/", {"event": event})
        assert answer.status_code == 302, answer.content.decode()[:500]
        return answer.headers["Location"].partition("#")[0]

    def answer(self, page: str, question: str, **fields: Any) -> str:
        sent = self.client.post(page, {"question": question, "do": "answer", **fields})
        assert sent.status_code == 302, (question, _error(sent.content.decode()))
        return self.get(page)

    def walk(self, invoice: Invoice, event: str, answers: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
        """Where the answers lead: the address and the page."""
        page = self.begin(invoice, event)
        text = self.get(page)
        while (key := asked(text)) is not None and key in answers:
            text = self.answer(page, key, **answers[key])
        return page, text

    def amendments(self) -> list[Amendment]:
        with in_workspace(self.company.workspace.pk):
            return list(Amendment.objects.order_by("pk"))


def asked(text: str) -> str | None:
    """The question that a page asks now."""
    step = text.partition('id="step"')[2]
    found = re.search(r'name="question" value="(\w+)"', step)
    return found[1] if found else None


def _error(text: str) -> str:
    found = re.search(r'class="notice error"[^>]*>(.*?)</', text, re.DOTALL)
    return unescape(found[1]) if found else re.sub(r"<[^>]+>", " ", text)[:800]


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


RETURNED = {
    "returned_what": {"answer": "part"},
    "returned_exchanged": {"answer": "no"},
    "returned_on": {"answer": "2026-11-19"},
    "returned_items": {"supply_amount": "300,000"},
}


def test_a_return_goes_from_the_button_to_the_signature(company):
    sold = company.sold()
    desk = Desk(company)
    page = desk.get(f"/w/{company.workspace.slug}/invoices/{sold.pk}/")
    assert f"/amendments/of/invoice/{sold.pk}/" in page
    first = desk.get(f"{desk.home}of/invoice/{sold.pk}/")
    assert "남은 금액" in first
    assert "물건이 반품되었어요" in first
    assert desk.amendments() == []
    at, text = desk.walk(sold, "goods_returned", RETURNED)
    said = words(text)
    assert "반품된 300,000원(세액 30,000원)을 빼는 마이너스 세금계산서 1건을 발행합니다." in said
    assert "당초 작성일자(2026-10-05)" in said
    assert "수정사유 환입(03)" in said
    assert "1,000,000원 → 700,000원" in said
    assert "발급기한" in said
    seen = re.search(r'name="seen" value="(\w+)"', text)[1]
    sent = desk.client.post(f"{at}prepare/", {"seen": seen, "confirmed": ["0", "1"]})
    assert sent.status_code == 302
    assert "/sign/?invoices=" in sent.headers["Location"] or "/sign?invoices=" in sent.headers["Location"]
    assert desk.client.get(sent.headers["Location"]).status_code == 200
    [row] = desk.amendments()
    assert row.state == AmendmentState.PREPARED
    assert "서명하고 발행" in desk.get(at)


# The tree of questions and what is shown of it --------------------------------------------------------------------


def test_every_action_of_the_tree_leads_somewhere():
    buttons = [
        button
        for part in (tree().stops, tree().notes, tree().questions)
        for one in part.values()
        for button in one.buttons
    ]
    named = {button.action for button in buttons if button.action}
    assert named == set(ACTIONS)
    assert all(button.action or button.event in tree().events for button in buttons)


def test_every_button_of_an_accepted_document_is_an_address_of_the_site(company):
    sold = company.sold()
    with in_workspace(company.workspace.pk):
        place = Place(company.workspace.slug, sold, deal_of(invoice=sold))
        found = {key: step(place) for key, step in ACTIONS.items()}
    assert [key for key, way in found.items() if way is None] == ["open_cancellation"]
    client = member_client(company.workspace)
    for key, way in found.items():
        if way is not None and not way.is_form and way.url != "#step":
            assert client.get(way.url.partition("#")[0]).status_code == 200, key


def test_every_kind_of_question_is_read_and_shown():
    kinds = {question.ask for question in tree().questions.values()}
    assert kinds <= set(reading._READERS)
    assert kinds <= set(answer_fields._VALUES)
    assert kinds <= set(answer_words._TEXTS)


def wizard_of(company: Seller, sold: Invoice) -> Wizard:
    """The law engine alone, told what the service knows."""
    with in_workspace(company.workspace.pk):
        deal = deal_of(invoice=sold)
        facts = facts_of(sold.business, None, deal.target.invoice, on=timezone.localdate())
        setting = setting_of(sold.business, deal, now=timezone.now())
    return Wizard(deal.chain, timezone.localdate().isoformat(), facts, deal.target_key, setting)


def fields_of(answer: Any) -> dict[str, Any]:
    """An answer as somebody fills it in."""
    if isinstance(answer, Mapping):
        return _of_mapping(answer)
    if isinstance(answer, list | tuple):
        is_lines = bool(answer) and all(isinstance(one, Mapping) for one in answer)
        return _of_lines(answer) if is_lines else {"answer": list(answer)}
    if isinstance(answer, int):
        return {"won": f"{answer:,}", "supply_amount": f"{answer:,}", "form": "final"}
    if re.fullmatch(r"\d{8}\w{16}", answer):
        return {"answer": reading.OTHER, "issue_id": answer}
    return {"answer": answer}


def _of_lines(lines: Any) -> dict[str, Any]:
    return {
        f"item-{number}-{name}": value
        for number, line in enumerate(lines)
        for name, value in line.items()
        if value is not None
    }


def _of_mapping(answer: Mapping[str, Any]) -> dict[str, Any]:
    if "kind" in answer:
        number = "personal_number" if answer["kind"] == "individual" else "number"
        texts = {name: value for name, value in answer.items() if isinstance(value, str) and name != "number"}
        return {"party_kind": answer["kind"], number: answer.get("number") or "", **texts}
    if "supply_amount" in answer:
        return {name: str(value) for name, value in answer.items() if value is not None}
    [(form, won)] = answer.items()
    return {"form": form, "won": str(won)}


def one_way_each(sample: Wizard, event: str) -> Iterator[tuple[Mapping[str, Any], Ready | Stop]]:
    """For each end that an event can come to, one way."""
    seen = set()
    for answers, end in ways(sample, event):
        if isinstance(end, Question):
            continue
        key = end.key if isinstance(end, Stop) else (end.event, end.request.reason)
        if key not in seen:
            seen.add(key)
            yield answers, end


@pytest.mark.parametrize("event", sorted(set(tree().events) - {"amendment_unneeded", "amendment_wrong"}))
def test_each_event_leads_on_pages_where_the_law_engine_leads(company, event):
    sold = company.sold(items=[item(600_000, name="가"), item(400_000, name="나")])
    desk, sample = Desk(company), wizard_of(company, sold)
    found = 0
    for answers, end in one_way_each(sample, event):
        at = desk.begin(sold, event)
        text = desk.get(at)
        while (key := asked(text)) is not None and key in answers:
            text = desk.answer(at, key, **fields_of(answers[key]))
        said = words(text)
        if isinstance(end, Stop):
            assert end.words.ko in said, (answers, said)
        else:
            assert "이렇게 발행됩니다" in said or "이대로는 발행할 수 없습니다" in said, (answers, said)
        for question in end.asked:
            assert question.words.ko in said
        found += 1
        with in_workspace(company.workspace.pk):
            Amendment.objects.all().delete()
    assert found


# One page for each amendment --------------------------------------------------------------------------------------


def test_an_answer_is_changed_and_what_follows_is_worked_out_anew(company):
    desk = Desk(company)
    at, text = desk.walk(company.sold(), "goods_returned", RETURNED)
    assert "1,000,000원 → 700,000원" in words(text)
    assert "1,000,000원 → 800,000원" in words(desk.answer(at, "returned_items", supply_amount="200000"))
    text = desk.answer(at, "returned_what", answer="price_only")
    assert asked(text) == "price_when_issued"


def test_what_is_no_answer_is_said_beside_its_field_and_stays_typed(company):
    desk = Desk(company)
    at, _ = desk.walk(
        company.sold(),
        "goods_returned",
        {name: given for name, given in RETURNED.items() if name != "returned_items"},
    )
    for fields, expected in (
        ({"supply_amount": "삼십만"}, "원 단위 숫자로"),
        ({}, "금액이나 품목을"),
        ({"item-0-quantity": "1,5"}, "공급가액을 적어 주세요"),
        ({"item-0-quantity": "1.234"}, "소수점 둘째 자리까지"),
        ({"supply_amount": "5", "item-0-supply_amount": "4"}, "합계 4원과 다릅니다"),
    ):
        answer = desk.client.post(at, {"question": "returned_items", **fields})
        assert answer.status_code == 422
        text = answer.content.decode()
        assert expected in words(text)
        assert all(f'value="{value}"' in text for value in fields.values())
    too_much = desk.answer(at, "returned_items", supply_amount="1,000,001")
    assert "남은 금액" in words(too_much)
    assert asked(too_much) == "returned_items"


def test_a_day_to_come_is_refused_by_the_question_itself(company):
    desk = Desk(company)
    at, text = desk.walk(
        company.sold(),
        "goods_returned",
        {"returned_what": {"answer": "part"}, "returned_exchanged": {"answer": "no"}},
    )
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    text = desk.answer(at, "returned_on", answer=tomorrow)
    assert "아직 오지 않은 날짜입니다" in words(text)
    assert f'value="{tomorrow}"' in text


def test_a_persons_number_is_kept_and_never_shown_again(company):
    number = "9002301234563"
    desk = Desk(company)
    party = {
        "party_kind": "individual",
        "personal_number": number,
        "name": "김가상",
        "representative": "김가상",
    }
    at, text = desk.walk(
        company.sold(), "wrong_buyer", {"buyer_who": {"answer": "other"}, "buyer_right": party}
    )
    assert asked(text) == "buyer_why"
    assert number not in text
    assert number[7:] not in text
    assert "김가상 (개인)" in words(text)
    text = desk.answer(at, "buyer_right", **(party | {"personal_number": "", "representative": "김다름"}))
    assert number not in text
    wrong = desk.client.post(at, {"question": "buyer_right", **(party | {"name": ""})})
    assert wrong.status_code == 422
    assert number not in wrong.content.decode()
    [row] = desk.amendments()
    assert number not in str(row.answers)


def test_a_buyer_is_taken_from_the_address_book(company):
    with in_workspace(company.workspace.pk):
        one = Counterparty.objects.create(
            workspace=company.workspace,
            number="9998600010",
            name="(주)늘봄",
            representative="봄",
            search="(주)늘봄",
        )
    desk = Desk(company)
    at, _ = desk.walk(company.sold(), "wrong_buyer", {"buyer_who": {"answer": "other"}})
    looked = desk.client.post(at, {"question": "buyer_right", "find": "늘봄", "look_up": "1"})
    assert f'name="use" value="{one.pk}"' in looked.content.decode()
    used = desk.client.post(at, {"question": "buyer_right", "use": one.pk}).content.decode()
    assert 'value="999-86-00010"' in used
    assert desk.amendments()[0].answers == {"buyer_who": "other"}


def test_a_pair_is_said_to_go_together_and_both_documents_are_shown(company):
    desk = Desk(company)
    sold = company.sold()
    answers = {"amount_correct": {"supply_amount": "900,000"}, "amount_why": {"answer": "mistake"}}
    at, text = desk.walk(sold, "wrong_amount", answers)
    said = words(text)
    assert "서명하고 2건 함께 발행" in said
    assert "한 건만 따로 발행되지는 않습니다" in said
    assert text.count('class="dojang-box"') == 3
    assert "바뀐 칸: 900,000" in said
    made = desk.client.post(f"{at}prepare/", {"seen": re.search(r'name="seen" value="(\w+)"', text)[1]})
    ids = re.search(r"invoices=(\d+),(\d+)&", made.headers["Location"])
    assert ids
    page = desk.get(f"/w/{company.workspace.slug}/invoices/{ids[1]}/")
    assert "수정발행에서 만든 문서입니다" in page
    again = desk.client.post(f"{at}prepare/", {"seen": "?"})
    assert again.headers["Location"] == made.headers["Location"]
    assert desk.client.post(f"{at}reopen/").status_code == 302
    assert "이렇게 발행됩니다" in words(desk.get(at))
    assert "서명 대기" not in desk.get(at)


PRINCIPAL = {
    "business_number": STRANGER,
    "name": "(주)가온",
    "representative": "온가",
    "contact": {"name": "영업부", "email": "sales@gaon.example"},
}


def test_of_a_consigned_sale_the_returns_are_the_principals(company):
    desk = Desk(company)
    told = words(desk.walk(company.sold(), "goods_returned", RETURNED)[1])
    assert "신고 영향: 우리 회사" in told
    sold = company.sold(document_type="0103", supplier=PRINCIPAL)
    consigned = words(desk.walk(sold, "goods_returned", RETURNED)[1])
    assert "신고 영향: 위탁자" in consigned
    assert "우리 회사" not in consigned


def test_nothing_is_told_twice_on_one_page(company):
    desk = Desk(company)
    right = {"party_kind": "business", "number": "999-86-00010", "name": "(주)늘봄", "representative": "봄"}
    answers = {"buyer_who": {"answer": "other"}, "buyer_right": right, "buyer_why": {"answer": "mistake"}}
    said = words(desk.walk(company.sold(), "wrong_buyer", answers)[1])
    assert "금액은 바뀌지 않습니다." in said
    assert "공급가액이 동일합니다." not in said
    late = RETURNED | {"returned_on": {"answer": "2026-10-06"}}
    said = words(desk.walk(company.sold(), "goods_returned", late)[1])
    assert said.count("지금 발행하는 것이 가장 안전합니다.") == 1


CAME_BACK = {
    "returned_what": "part",
    "returned_exchanged": "no",
    "returned_on": "2026-11-10",
    "returned_items": 300_000,
}


def test_each_document_is_titled_by_what_it_does_and_with_its_own_sign(company):
    sold = company.sold()
    [returned] = company.issued(sold, "goods_returned", CAME_BACK)
    desk = Desk(company)
    wrong = {"amended_what": {"answer": "amount"}, "amended_amount": {"supply_amount": "200,000"}}
    said = words(desk.walk(returned, "amendment_wrong", wrong)[1])
    assert "수정세금계산서 1/2 · 취소(+)" in said
    assert "수정세금계산서 2/2 · 다시(−)" in said
    assert "취소(+)하고 올바른 내용으로 다시(−) 발행합니다" in said


def test_documents_corrected_along_are_titled_and_counted(company):
    sold = company.sold()
    company.issued(sold, "goods_returned", CAME_BACK)
    desk = Desk(company)
    right = {"party_kind": "business", "number": "999-86-00010", "name": "(주)늘봄", "representative": "봄"}
    answers = {
        "buyer_who": {"answer": "other"},
        "buyer_right": right,
        "buyer_why": {"answer": "mistake"},
    }
    said = words(desk.walk(sold, "wrong_buyer", answers)[1])
    for title in ("1/4 · 취소(−)", "2/4 · 다시(+)", "3/4 · 취소(+)", "4/4 · 다시(−)"):
        assert f"수정세금계산서 {title}" in said
    assert "서명하고 4건 함께 발행" in said
    assert "4건은 함께 서명·전송되며 일부만 따로 발행되지는 않습니다." in said


def test_what_was_not_confirmed_is_said_and_nothing_is_made(company):
    desk = Desk(company)
    at, text = desk.walk(company.sold(), "goods_returned", RETURNED)
    seen = re.search(r'name="seen" value="(\w+)"', text)[1]
    answer = desk.client.post(f"{at}prepare/", {"seen": seen})
    assert answer.status_code == 400
    assert "확인란에 표시해 주세요" in words(answer.content.decode())
    stale = desk.client.post(f"{at}prepare/", {"seen": "0" * 64, "confirmed": ["0", "x", "99999"]})
    assert stale.status_code == 409
    assert "다시 계산했습니다" in words(stale.content.decode())
    assert desk.amendments()[0].state == AmendmentState.ASKING


def test_who_may_not_issue_asks_for_approval(company):
    writer = add_member(company.workspace, Role.WRITER)
    desk = Desk(company, client_of(User.objects.get(pk=writer.user_id)))
    at, text = desk.walk(company.sold(), "goods_returned", RETURNED)
    assert "발행 승인 요청" in words(text)
    seen = re.search(r'name="seen" value="(\w+)"', text)[1]
    sent = desk.client.post(f"{at}prepare/", {"seen": seen, "confirmed": ["0"], "note": "확인 부탁드립니다."})
    assert sent.headers["Location"].endswith(at)
    assert "승인대기" in words(desk.get(at))


def test_who_may_only_look_starts_nothing_and_sees_the_deal(company):
    sold = company.sold()
    viewer = add_member(company.workspace, Role.VIEWER)
    client = client_of(User.objects.get(pk=viewer.user_id))
    home = f"/w/{company.workspace.slug}/amendments/"
    assert client.get(f"{home}of/invoice/{sold.pk}/").status_code == 403
    assert client.post(f"{home}of/invoice/{sold.pk}/", {"event": "unpaid"}).status_code == 403
    assert client.get(f"{home}chain/{sold.issue_id}/").status_code == 200
    assert (
        "수정발행</a>"
        not in client.get(f"/w/{company.workspace.slug}/invoices/{sold.pk}/")
        .content.decode()
        .partition("<main")[2]
    )


def test_another_workspace_sees_nothing_of_it(company):
    sold = company.sold()
    desk = Desk(company)
    at = desk.begin(sold, "goods_returned")
    other = make_workspace(name="남의상사")
    client = member_client(other)
    here = at.replace(company.workspace.slug, other.slug)
    assert client.get(here).status_code == 404
    assert client.get(f"/w/{other.slug}/amendments/chain/{sold.issue_id}/").status_code == 404
    assert client.get(f"/w/{other.slug}/amendments/of/invoice/{sold.pk}/").status_code == 404
    assert client.post(f"{here}withdraw/").status_code == 404


def test_the_gate_tells_what_to_do_of_documents_that_are_not_amended(company):
    desk = Desk(company)
    unsent = company.sold(accepted=False)
    text = desk.get(f"{desk.home}of/invoice/{unsent.pk}/")
    assert "지금은 수정할 수 없습니다" in text
    assert f'name="invoice" value="{unsent.pk}"' in text
    assert "발행취소" in text
    rejected = company.sold(accepted=False)
    company.answered(rejected, Action.REJECT, code="ERR001")
    assert "고쳐서 새로 발행" in desk.get(f"{desk.home}of/invoice/{rejected.pk}/")


def test_a_stop_leads_to_the_event_that_it_names(company):
    desk = Desk(company)
    at, text = desk.walk(company.sold(), "paid_by_card", {})
    assert "카드전표·현금영수증을 발행했다면" in words(text)
    assert 'name="with-twice_kept" value="card"' in text
    sent = desk.client.post(at, {"event": "issued_twice", "with-twice_kept": "card"})
    assert sent.status_code == 302
    assert asked(desk.get(at)) == "twice_same"


def test_unfinished_amendments_are_listed_and_can_be_given_up(company):
    desk = Desk(company)
    sold = company.sold()
    at = desk.begin(sold, "goods_returned")
    assert "물건이 반품되었어요" in desk.get(desk.home)
    assert f'href="{at}"' in desk.get(f"{desk.home}of/invoice/{sold.pk}/")
    assert desk.client.post(f"{at}withdraw/").status_code == 302
    assert "아직 수정발행이 없습니다" in desk.get(desk.home)
    assert desk.client.get(at).status_code == 302


# The deal ---------------------------------------------------------------------------------------------------------


def test_the_deal_shows_each_document_with_what_is_left_after_it(company):
    sold = company.sold(3_000_000)
    answers = {
        "returned_what": "part",
        "returned_exchanged": "no",
        "returned_on": "2026-11-19",
        "returned_items": {"supply_amount": 500_000, "tax_amount": None},
    }
    [returned] = company.issued(sold, "goods_returned", answers)
    desk = Desk(company)
    text = desk.get(f"{desk.home}chain/{sold.issue_id}/")
    said = words(text)
    assert said.index("이 문서까지의 잔액 3,000,000원") < said.index("이 문서까지의 잔액 2,500,000원")
    assert "환입(03)" in said
    assert "2026-11-19에 물건이 실제로 돌아왔습니다." in said
    assert "물건이 반품되었어요 · 김하나" in said
    assert desk.get(f"{desk.home}chain/{returned.issue_id}/").count("timeline") == text.count("timeline")
    assert "거래 내역 모두 보기" in desk.get(f"/w/{company.workspace.slug}/invoices/{returned.pk}/")
    sheet = desk.client.get(f"{desk.home}chain/{sold.issue_id}/excel/")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(sheet.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[9] for row in rows[1:]] == [3_000_000, 2_500_000]
    assert rows[2][1].endswith("환입(03)")


def test_half_of_a_pair_that_was_refused_is_issued_again_from_its_page(company):
    sold = company.sold()
    answers = {"amount_correct": {"supply_amount": 900_000, "tax_amount": None}, "amount_why": "mistake"}
    prepared = company.amend(sold, "wrong_amount", answers)
    assert not company.sign(prepared.invoices).refused
    minus, plus = prepared.invoices
    company.answered(minus, Action.ACCEPT)
    company.answered(plus, Action.REJECT, code="ERR001")
    desk = Desk(company)
    page = desk.get(f"/w/{company.workspace.slug}/invoices/{plus.pk}/")
    assert "2건 중 1건이 접수되지 않았습니다" in page
    assert "다시 발행" in desk.get(desk.home)
    [row] = desk.amendments()
    again = desk.client.post(f"{desk.home}{row.pk}/reissue/")
    text = desk.get(again.headers["Location"].partition("#")[0])
    assert "서명하고 발행" in words(text)
    assert "2건 중 1건이" in words(text)


# What was issued elsewhere ----------------------------------------------------------------------------------------

TYPED = {
    "issue_id": "20261005-41000000-0a1b2c3d",
    "taxation": "taxable",
    "written_on": "2026-10-05",
    "party_kind": "business",
    "number": "999-86-00010",
    "name": "(주)늘봄",
    "representative": "봄",
    "item_1": "복사용지",
    "supply_1": "1,000,000",
}


def test_an_original_of_elsewhere_is_typed_in_and_amended(company):
    desk = Desk(company)
    business = company.member.workspace
    with in_workspace(business.pk):
        own = Business.objects.get().pk
    assert "다른 곳에서 발행한 문서 수정" in desk.get(desk.home)
    sent = desk.client.post(f"{desk.home}elsewhere/typed/", TYPED | {"business": own})
    assert sent.status_code == 302, _error(sent.content.decode())
    text = desk.get(sent.headers["Location"])
    assert "20261005-41000000-0a1b2c3d" in text
    assert "다른 곳에서 발행한 문서입니다" in words(text)
    begun = desk.client.post(sent.headers["Location"], {"event": "goods_returned"})
    at = begun.headers["Location"].partition("#")[0]
    text = desk.get(at)
    while (key := asked(text)) is not None:
        text = desk.answer(at, key, **RETURNED[key])
    assert "당초 작성일자(2026-10-05)" in words(text)
    twice = desk.client.post(f"{desk.home}elsewhere/typed/", TYPED | {"business": own})
    assert twice.status_code == 422
    assert "이미 등록한 문서입니다" in words(twice.content.decode())
    wrong = desk.client.post(f"{desk.home}elsewhere/typed/", TYPED | {"business": own, "issue_id": "123"})
    assert "승인번호 24자리가 맞지 않습니다" in words(wrong.content.decode())


def test_what_a_buyer_says_has_happened_is_chosen_beforehand_by_number(company):
    sold = company.sold()
    desk = Desk(company)
    found = desk.client.get(f"{desk.home}of/{sold.issue_id}/", {"event": "wrong_amount"})
    assert found.status_code == 302
    text = desk.get(found.headers["Location"].partition("?")[0], event="wrong_amount")
    assert "거래처가 알려 온 일: 금액(공급가액·세액)을 잘못 적었어요" in words(text)
    assert "data-preset" in text
    other = desk.client.get(f"{desk.home}of/{sold.issue_id}/", {"event": "<script>"})
    assert "event" not in other.headers["Location"]
