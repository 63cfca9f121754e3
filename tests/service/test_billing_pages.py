"""Pages of 발행정보 요청: those of members, and the one behind the link that anybody may have."""

import pytest
from billing_world import CUSTOMER, Asking, posted
from counterparty_world import NUMBER, OTHER_NUMBER, RESIDENT, TaxOffice, said
from django.core.cache import cache
from django.test import Client
from service_world import first_business, member_client

from dojang.service.billing import answers, tasks
from dojang.service.billing.models import BillingRequest, State
from dojang.service.counterparties import taxstatus
from dojang.service.counterparties.models import BusinessState, Counterparty
from dojang.service.counterparties.taxstatus import Unavailable
from dojang.service.links.terms import end_of
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture(autouse=True)
def office(monkeypatch):
    found = TaxOffice()
    monkeypatch.setattr(taxstatus, "configured", lambda: found)
    return found


@pytest.fixture
def us():
    return Asking()


@pytest.fixture
def browser(us):
    return member_client(us.world.workspace)


def base(us):
    return f"/w/{us.world.workspace.slug}/billing/"


def text_of(response):
    return response.content.decode()


# --- behind the link ----------------------------------------------------------------------------------------------


def test_the_page_says_who_asks_and_until_when_and_nothing_of_what_is_known(us):
    known = us.world.add(number=OTHER_NUMBER, name="비밀거래처", memo="외상 많음", address="모르는 길 9")
    row = us.ask(counterparty=known, name="우리가 부르는 이름", message="확인 부탁드립니다")
    response = Client().get(us.path(row))
    text = text_of(response)
    assert response.status_code == 200
    assert "한빛상사" in text
    assert "확인 부탁드립니다" in text
    for secret in ("비밀거래처", "외상 많음", "모르는 길", OTHER_NUMBER, "우리가 부르는 이름", CUSTOMER):
        assert secret not in text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "sessionid" not in response.cookies


def test_looking_changes_nothing_and_being_seen_is_told_once(us):
    row = us.ask()
    for _ in range(2):
        Client().get(us.path(row))
    assert us.steps(row) == ["asked"]
    for _ in range(2):
        assert Client().post(f"{us.path(row)}opened/").status_code == 204
    assert us.steps(row) == ["asked", "opened"]


def test_a_customer_without_an_account_fills_it_in_and_corrects_it(us, office):
    row = us.ask()
    response = us.send(row)
    assert (response.status_code, response.headers["Location"]) == (302, us.path(row))
    text = text_of(Client().get(us.path(row)))
    assert "보냈습니다" in text
    assert "tax@saebom.example" in text
    assert "계속사업자" in text
    assert office.asked == [[NUMBER]]
    assert us.send(row, name="(주)새봄상사").status_code == 302
    assert us.row(row).answer["name"] == "(주)새봄상사"


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(us):
    row = us.ask()
    response = us.send(row, number="9988100013", representative="", **{"contact-0-email": ""})
    text = text_of(response)
    assert response.status_code == 422
    assert "사업자등록번호가 올바르지 않습니다" in text
    assert "대표자를 적어 주세요" in text
    assert "이메일을 적어 주세요" in text
    assert "(주)새봄" in text
    assert us.row(row).state == State.ASKED


def test_no_answer_at_all_asks_for_everything(us):
    row = us.ask()
    assert Client().post(f"{us.path(row)}answer/", {}).status_code == 422
    assert Client().post(f"{us.path(row)}answer/", {"kind": "business", "name": "이름만"}).status_code == 422
    assert Client().post(f"{us.path(row)}answer/", {"kind": "ruler", "name": "이름만"}).status_code == 422
    assert us.row(row).state == State.ASKED


def test_a_persons_number_is_never_shown_again(us):
    row = us.ask(allow_individual=True)
    person = {"kind": "individual", "number": "", "personal_number": RESIDENT, "name": "박개인"}
    wrong = us.send(row, **(person | {"contact-0-email": "nobody"}))
    assert wrong.status_code == 422
    assert RESIDENT not in text_of(wrong)
    assert us.send(row, **person).status_code == 302
    text = text_of(Client().get(us.path(row)))
    assert RESIDENT not in text
    assert RESIDENT[:6] not in text
    assert "보낸 번호가 있습니다" in text
    # Corrected without typing it again.
    assert us.send(row, **(person | {"personal_number": "", "address": "새 주소"})).status_code == 302
    assert us.row(row).personal_number is not None


def test_a_persons_number_is_not_asked_for_where_a_business_is_wanted(us):
    row = us.ask()
    assert "personal_number" not in text_of(Client().get(us.path(row)))
    response = us.send(row, kind="individual", number="", personal_number=RESIDENT)
    assert response.status_code == 400
    assert us.row(row).personal_number is None


def test_a_number_is_checked_while_it_is_typed(us, office):
    office.told[NUMBER] = said(NUMBER, BusinessState.CLOSED)
    row = us.ask()

    def check(number):
        return Client().post(f"{us.path(row)}check/", {"number": number})

    answer = check("998-81-00012").json()
    assert answer["state"] == "bad"
    assert "폐업" in answer["ko"]
    assert check("9988100013").json() == {"state": "", "ko": "", "en": ""}
    assert check("x" * 10_000).json() == {"state": "", "ko": "", "en": ""}
    assert office.asked == [[NUMBER]]
    office.down = Unavailable.KEY_REFUSED
    assert "인증키" not in check(NUMBER).json()["ko"]


def test_numbers_are_checked_without_a_script_too(us, office):
    office.told[NUMBER] = said(NUMBER, BusinessState.SUSPENDED)
    row = us.ask(allow_individual=True)
    response = us.send(row, check="1", personal_number=RESIDENT)
    text = text_of(response)
    assert response.status_code == 200
    assert "휴업" in text
    assert "(주)새봄" in text
    assert RESIDENT not in text
    assert us.row(row).state == State.ASKED


def test_the_tax_office_is_not_asked_for_a_register(us, office):
    row = us.ask()
    answers = [Client().post(f"{us.path(row)}check/", {"number": NUMBER}).status_code for _ in range(12)]
    assert answers[:10] == [200] * 10
    assert answers[-1] == 429
    # Whoever asked too often can still answer; it is looked up later.
    assert us.send(row).status_code == 302
    assert us.row(row).status == {}
    assert len(office.asked) == 10


def test_an_office_that_is_down_stops_no_answer(us, office):
    office.down = Unavailable.NO_ANSWER
    row = us.ask()
    assert us.send(row).status_code == 302
    assert us.row(row).state == State.ANSWERED


def test_once_it_is_over_the_link_says_so_and_nothing_of_what_was_filled_in(us, browser):
    row = us.ask()
    us.send(row)
    fresh = us.row(row)
    answer = browser.post(f"{base(us)}{row.pk}/confirm/", {"version": fresh.version, "target": "new:0"})
    assert answer.status_code == 302
    text = text_of(Client().get(us.path(row)))
    assert "확인되었습니다" in text
    assert "tax@saebom.example" not in text
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]
    assert us.send(row, name="나중에").status_code == 302
    assert us.row(row).answer["name"] == "(주)새봄"
    assert Client().post(f"{us.path(row)}check/", {"number": NUMBER}).json()["ko"] == ""


@pytest.mark.parametrize(
    "spoiled", [lambda one: one[:-1], lambda one: one[:-2] + "xx", lambda _one: "x" * 43]
)
def test_a_token_that_is_none_opens_nothing(us, spoiled):
    row = us.ask()
    token = spoiled(us.token(row))
    assert Client().get(f"/i/{token}/").status_code == 404
    assert Client().post(f"/i/{token}/answer/", posted()).status_code == 404
    assert Client().get(f"/v/{us.token(row)}/").status_code == 404
    assert Client().get(f"/r/{us.token(row)}/").status_code == 404


def test_what_a_stranger_writes_is_shown_as_text(us, browser):
    row = us.ask()
    us.send(row, name="<b>굵게</b>", address='"><script>alert(1)</script>')
    for response in (Client().get(us.path(row)), browser.get(f"{base(us)}{row.pk}/")):
        text = text_of(response)
        assert "<b>굵게" not in text
        assert "<script>alert" not in text


# --- of members ---------------------------------------------------------------------------------------------------


def test_a_counterparty_is_asked_from_its_page(us, browser):
    known = us.world.add(
        number=OTHER_NUMBER, name="딴곳", contacts=[{"name": "담당"}, {"email": "hello@ddan.example"}]
    )
    page = text_of(browser.get(us.world.url(f"{known.pk}/")))
    assert f"{base(us)}new/?counterparty={known.pk}" in page
    form = text_of(browser.get(f"{base(us)}new/?counterparty={known.pk}"))
    assert "hello@ddan.example" in form
    sent = browser.post(
        f"{base(us)}new/",
        {
            "business": first_business(us.world.workspace).pk,
            "counterparty": known.pk,
            "name": "딴곳",
            "email": "hello@ddan.example",
            "last_day": browser.get(f"{base(us)}new/").context["form"].initial["last_day"].isoformat(),
        },
    )
    assert sent.status_code == 302
    with us.open():
        assert BillingRequest.objects.get().counterparty_id == known.pk
    assert "작성 대기" in text_of(browser.get(us.world.url(f"{known.pk}/")))


def test_what_came_back_stands_beside_what_is_known_with_words(us, browser):
    known = us.world.add(number=NUMBER, name="새봄", business_type="도매업")
    row = us.ask(counterparty=known)
    us.send(row)
    text = text_of(browser.get(f"{base(us)}{row.pk}/"))
    for word in ("다름", "같음", "적지 않음", "새로 적음", "거래처에 반영", "계속사업자"):
        assert word in text
    fresh = us.row(row)
    answer = browser.post(
        f"{base(us)}{row.pk}/confirm/",
        {"version": fresh.version, "target": f"{known.pk}:{us.world.row(known).version}"},
    )
    assert answer.headers["Location"] == us.world.url(f"{known.pk}/")
    assert us.world.row(known).name == "(주)새봄"


def test_what_is_over_meanwhile_is_said(us, browser):
    row = us.ask()
    us.send(row)
    seen = us.row(row).version
    us.send(row, name="고침")
    answer = browser.post(f"{base(us)}{row.pk}/confirm/", {"version": seen, "target": "new:0"})
    assert answer.status_code == 409
    assert "그사이 내용이 바뀌었습니다" in text_of(answer)
    assert browser.post(f"{base(us)}{row.pk}/withdraw/").status_code == 302
    assert browser.post(f"{base(us)}{row.pk}/withdraw/").status_code == 409
    assert "취소된 요청입니다" in text_of(Client().get(us.path(row)))


def test_an_answer_goes_back_with_a_reason(us, browser):
    row = us.ask()
    us.send(row)
    version = us.row(row).version
    without = browser.post(f"{base(us)}{row.pk}/back/", {"version": version, "reason": " "})
    assert without.status_code == 400
    assert "사유를 적어 주세요" in text_of(without)
    given = {"version": version, "reason": "이메일을 확인해 주세요"}
    assert browser.post(f"{base(us)}{row.pk}/back/", given).status_code == 302
    text = text_of(Client().get(us.path(row)))
    assert "이메일을 확인해 주세요" in text
    assert "tax@saebom.example" in text


def test_the_list_has_a_tab_for_what_is_to_be_looked_at(us, browser):
    us.ask(name="대기중")
    us.send(us.ask(name="도착함", email="b@saebom.example"))
    text = text_of(browser.get(base(us)))
    assert "대기중" in text
    assert "도착함" in text
    text = text_of(browser.get(f"{base(us)}?tab=answered"))
    assert "대기중" not in text
    assert "도착함" in text
    assert browser.get(f"{base(us)}?tab=nothing&page=x").status_code == 200


def test_a_viewer_looks_and_does_nothing(us):
    row = us.ask()
    us.send(row)
    viewer = member_client(us.world.workspace, Role.VIEWER)
    text = text_of(viewer.get(f"{base(us)}{row.pk}/"))
    assert "거래처에 반영</button>" not in text
    assert viewer.get(f"{base(us)}new/").status_code == 403
    fresh = us.row(row)
    for path, given in (
        ("confirm/", {"version": fresh.version, "target": "new:0"}),
        ("back/", {"version": fresh.version, "reason": "사유"}),
        ("withdraw/", {}),
    ):
        assert viewer.post(f"{base(us)}{row.pk}/{path}", given).status_code == 403
    with us.open():
        assert not Counterparty.objects.exists()
    assert us.row(row).state == State.ANSWERED


def test_both_sides_are_told_until_when_an_answer_is_kept_and_that_it_was_erased(us, browser):
    row = us.ask()
    stranger = Client()
    assert "30일 뒤" in text_of(stranger.get(us.path(row)))
    us.send(row)
    last = answers.kept_until(us.row(row))
    assert f"{last}까지 요청한 곳에서 확인하지 않으면" in text_of(stranger.get(us.path(row)))
    address = f"{base(us)}{row.pk}/"
    assert f"{last}까지 반영하지 않으면" in text_of(browser.get(address))
    tasks.see_to_all(end_of(last))
    assert "확인되지 않아 지웠습니다" in text_of(stranger.get(us.path(row)))
    seen = text_of(browser.get(address))
    assert "반영하지 않아 지웠습니다" in seen
    assert "박세리" not in seen
