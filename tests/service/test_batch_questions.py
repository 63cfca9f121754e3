"""[n건 발행하기]: likely slips are asked about on one page for all of them, and only where there are any."""

import re

import pytest
from editor_world import Desk
from signing_world import content, make_ready

from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(monkeypatch):
    return Desk.at(monkeypatch)


def of(amount, day="2026-11-19"):
    item = {"name": "복사용지", "supply_amount": amount, "tax_amount": amount // 10}
    return content(items=[item], written_on=day)


def usual(desk):
    """Five invoices of about a million won to the same buyer, long ago."""
    for place in range(5):
        told = desk.begin(content=of(1_000_000, f"2026-0{1 + place}-15")).json()
        with in_workspace(desk.workspace.pk):
            Invoice.objects.filter(pk=told["id"]).update(state=State.ACCEPTED)


def ready(desk, amount, day="2026-11-19"):
    return make_ready(desk.workspace, **of(amount, day))


def press(desk, *invoices, **more):
    return desk.client.post(desk.url("sign/"), {"invoice": [one.pk for one in invoices], **more})


def fields(page):
    """The page's form, as a browser sends it: every field, and the boxes that are ticked."""
    found = re.findall(r'<input type="(?:hidden|checkbox)" name="(invoice|answered)" value="([^"]*)"', page)
    return {name: [value for known, value in found if known == name] for name in ("invoice", "answered")}


def test_with_nothing_to_ask_it_goes_straight_on(desk):
    rows = [ready(desk, 1_000_000), ready(desk, 2_000_000, "2026-11-18")]
    answer = press(desk, *rows)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"?invoices={rows[0].pk},{rows[1].pk}")


def test_all_of_them_are_asked_about_on_one_page(desk):
    usual(desk)
    large, plain, larger = (
        ready(desk, 9_000_000),
        ready(desk, 1_000_000, "2026-11-17"),
        ready(desk, 95_000_000, "2026-11-18"),
    )
    page = press(desk, large, plain, larger).content.decode()
    assert page.count("0을 하나 더 적지 않았나요?") == 2
    assert "3</strong>건 가운데" in page
    assert sorted(map(int, fields(page)["invoice"])) == sorted(one.pk for one in (large, plain, larger))
    answer = desk.client.post(desk.url("sign/"), fields(page))
    assert answer.headers["Location"].endswith(f"?invoices={large.pk},{plain.pk},{larger.pk}")


def test_what_is_left_out_is_not_issued(desk):
    usual(desk)
    large, plain = ready(desk, 9_000_000), ready(desk, 1_000_000, "2026-11-17")
    sent = fields(press(desk, large, plain).content.decode())
    sent["invoice"].remove(str(large.pk))
    assert desk.client.post(desk.url("sign/"), sent).headers["Location"].endswith(f"?invoices={plain.pk}")


def test_two_alike_in_one_batch_are_asked_about(desk):
    rows = [ready(desk, 1_000_000), ready(desk, 1_000_000)]
    page = press(desk, *rows).content.decode()
    assert "발행 전 확인" in page
    assert fields(page)["answered"]


def test_a_draft_with_a_question_is_not_finished_before_it_is_answered(desk):
    usual(desk)
    told = desk.begin(content=of(9_000_000)).json()
    page = press(desk, desk.row(told)).content.decode()
    assert desk.row(told).state == State.DRAFT
    answer = desk.client.post(desk.url("sign/"), fields(page))
    assert answer.headers["Location"].endswith(f"?invoices={told['id']}")
    assert desk.row(told).state == State.READY


def test_an_answer_in_the_editor_is_an_answer_here(desk):
    usual(desk)
    told = desk.begin(content=of(9_000_000)).json()
    [question] = told["questions"]
    desk.save(told, content=of(9_000_000), kept={"confirmed": [question["key"]]})
    assert press(desk, desk.row(told)).status_code == 302


def test_an_answer_to_another_question_is_none(desk):
    usual(desk)
    large = ready(desk, 9_000_000)
    page = press(desk, large, answered=[f"{large.pk}/large:1"])
    assert page.status_code == 200


def test_documents_that_a_member_may_not_see_are_not_asked_about(desk):
    usual(desk)
    large = ready(desk, 9_000_000)
    stranger = Desk(desk.workspace, Role.NONE)
    answer = press(stranger, large)
    assert "복사용지" not in answer.content.decode()
    assert "새봄" not in answer.content.decode()
