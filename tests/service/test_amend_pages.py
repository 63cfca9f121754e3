"""The pages of amending, as somebody presses through them: from what happened to what is signed, and the deal's page."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from amendment_world import Seller, seller
from django.test import Client
from service_world import member_client

from dojang.service.amendments.models import Amendment, AmendmentState
from dojang.service.invoices.models import Invoice
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business

pytestmark = pytest.mark.django_db


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
