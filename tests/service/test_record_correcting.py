"""[공급자에게 수정 요청]: what is asked for is worked out, sent once, and ends when the amendment comes."""

from datetime import date

import pytest
from django.utils import translation
from record_world import (
    BUYER,
    SUPPLIER,
    amendment_of,
    authority_of,
    document,
    records,
    signed,
    upload,
    workspace_of,
)
from service_world import NOW, acting, add_member, member_client

from dojang.etax.amendments import Status
from dojang.service.law import law
from dojang.service.notices import asking
from dojang.service.notices.errors import MailsOfTheDay
from dojang.service.notices.letters.corrections import asked
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.records import correcting
from dojang.service.records.errors import AskedTooOften, ChangedMeanwhile, NoOpenCorrection, NoPurchase
from dojang.service.records.expected import REASONS, Told, expected
from dojang.service.records.models import Check, Correction
from dojang.service.tenancy.scope import in_workspace

Why = Correction.Why
TO = "sales@keunsol.example"
OURS = {"kind": "business", "number": BUYER, "name": "한빛상사(주)", "representative": "김하나"}


@pytest.fixture(autouse=True)
def authority(monkeypatch):
    return authority_of(monkeypatch)


@pytest.fixture
def buyer(db, authority):
    return workspace_of(BUYER, proved=False)


def ask(workspace, record, *, told=None, to=TO, text="", version=None):
    with in_workspace(workspace.pk):
        return correcting.ask(
            member=acting(workspace),
            record_id=record.pk,
            version=version or records_of(record).version,
            told=told or Told(Why.OTHER),
            text=text,
            to=to,
            now=NOW,
        )[0]


def records_of(record):
    record.refresh_from_db(fields=["version", "check_state"])
    return record


def sentence(told, *documents, on=date(2026, 11, 20)):
    given = documents or (document(),)
    return expected(
        told,
        [(one, Status.EXTERNAL) for one in given],
        target=given[0].issue_id,
        our_business=OURS,
        law=law(),
        on=on,
    )


# What is asked for


def test_a_wrong_amount_asks_for_both_documents_of_the_correction():
    found = sentence(Told(Why.AMOUNT, supply_amount=900_000))
    assert "(01) 2건" in found.ko
    assert "공급가액 -1,000,000원·세액 -100,000원" in found.ko
    assert "공급가액 900,000원·세액 90,000원" in found.ko
    assert found.ko.endswith("수정발급을 요청합니다.")
    assert found.problem is None


def test_a_wrong_date_asks_for_the_right_one():
    found = sentence(Told(Why.DATE, written_on=date(2026, 11, 3)))
    assert "작성일자 2026-11-03 공급가액 1,000,000원" in found.ko


def test_a_wrong_name_asks_for_ours():
    found = sentence(Told(Why.PARTY))
    assert "(01) 2건" in found.ko


def test_returned_goods_ask_for_a_minus_on_the_day_of_the_return():
    found = sentence(Told(Why.RETURNED, supply_amount=300_000, happened_on=date(2026, 11, 15)))
    assert "(03) 1건(작성일자 2026-11-15 공급가액 -300,000원·세액 -30,000원)" in found.ko


def test_an_undone_contract_asks_for_all_of_it_back():
    found = sentence(Told(Why.UNDONE, happened_on=date(2026, 11, 16)))
    assert "(04) 1건(작성일자 2026-11-16 공급가액 -1,000,000원·세액 -100,000원)" in found.ko


def test_a_second_document_of_the_same_deal_asks_to_be_taken_back():
    found = sentence(Told(Why.TWICE))
    assert "(06) 1건" in found.ko


@pytest.mark.parametrize("why", [Why.AMOUNT, Why.DATE, Why.RETURNED, Why.UNDONE])
def test_where_too_little_is_told_only_the_reason_is_named(why):
    found = sentence(Told(why))
    assert f"({REASONS[why].value})" in found.ko
    assert "건(" not in found.ko
    assert found.problem is None


def test_something_else_promises_no_document():
    assert sentence(Told(Why.OTHER)).ko == "내용을 확인하고 필요하면 수정발급해 주시기를 요청합니다."


def test_what_the_law_does_not_allow_is_not_asked_for_and_said():
    """More came back than was sold."""
    found = sentence(Told(Why.RETURNED, supply_amount=9_000_000, happened_on=date(2026, 11, 15)))
    assert "건(" not in found.ko
    assert found.problem is not None


def test_what_was_taken_back_already_counts():
    one = document()
    found = sentence(
        Told(Why.RETURNED, supply_amount=300_000, happened_on=date(2026, 11, 15)), one, amendment_of(one)
    )
    assert found.problem is not None


# Asked, asked again, withdrawn, answered


def test_asking_marks_the_record_and_sends_one_mail(buyer):
    record = upload(buyer, signed()).record
    made = ask(buyer, record, told=Told(Why.AMOUNT, supply_amount=900_000), text="단가가 다릅니다.")
    [row] = records(buyer)
    assert row.check_state == Check.CORRECTION_ASKED
    with in_workspace(buyer.pk):
        mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to, mail.key) == (Kind.CORRECTION_ASKED, TO, f"correction-{made.pk}")
    assert mail.facts["record"] == record.pk
    assert mail.facts["reason"] == "금액이 다름 · 단가가 다릅니다."
    assert "900,000원" in mail.facts["expected_ko"]


def test_the_mail_says_which_document_what_is_wrong_and_what_is_expected(buyer):
    record = upload(buyer, signed()).record
    number = f"{record.issue_id[:8]}-{record.issue_id[8:16]}-{record.issue_id[16:]}"
    ask(buyer, record, told=Told(Why.AMOUNT, supply_amount=900_000))
    with in_workspace(buyer.pk):
        compose = asked(OutgoingMail.objects.get(), NOW)
        assert compose is not None
        for language, why in (("ko", "금액이 다름"), ("en", "The amount is wrong")):
            with translation.override(language):
                letter = compose()
            values = [value for _, value in letter.facts]
            assert {why, number} <= set(values)
            assert any("900,000" in value for value in values)


def test_without_an_address_nothing_is_sent(buyer):
    record = upload(buyer, signed()).record
    ask(buyer, record, to="")
    with in_workspace(buyer.pk):
        assert not OutgoingMail.objects.exists()
    assert records(buyer)[0].check_state == Check.CORRECTION_ASKED


def test_asked_again_the_first_request_is_replaced(buyer):
    record = upload(buyer, signed()).record
    first, second = ask(buyer, record), ask(buyer, record)
    with in_workspace(buyer.pk):
        first.refresh_from_db()
        assert (first.state, second.state) == ("replaced", "asked")
        assert OutgoingMail.objects.count() == 2


def test_strangers_are_not_mailed_without_end_about_a_document_that_anybody_can_type(buyer, monkeypatch):
    record = upload(buyer, signed()).record
    for serial in range(correcting.MOST_MAILS):
        ask(buyer, record, to=f"stranger{serial}@saebom.example")
    with pytest.raises(AskedTooOften):
        ask(buyer, record, to="stranger@saebom.example")
    ask(buyer, record, to="")
    monkeypatch.setattr(asking, "A_DAY", correcting.MOST_MAILS)
    with pytest.raises(MailsOfTheDay):
        ask(buyer, upload(buyer, signed()).record, to="stranger@saebom.example")
    with in_workspace(buyer.pk):
        assert OutgoingMail.objects.count() == correcting.MOST_MAILS


def test_two_who_ask_at_once_ask_once(buyer):
    record = upload(buyer, signed()).record
    ask(buyer, record, version=1)
    with pytest.raises(ChangedMeanwhile):
        ask(buyer, record, version=1)


def test_a_request_can_be_withdrawn_and_not_twice(buyer):
    record = upload(buyer, signed()).record
    ask(buyer, record)
    for expected_error in (None, NoOpenCorrection):
        with in_workspace(buyer.pk):
            version = records_of(record).version
            if expected_error is None:
                correcting.withdraw(member=acting(buyer), record_id=record.pk, version=version, now=NOW)
            else:
                with pytest.raises(expected_error):
                    correcting.withdraw(member=acting(buyer), record_id=record.pk, version=version, now=NOW)
    assert records(buyer)[0].check_state == Check.TO_CHECK


def test_the_mail_of_a_withdrawn_request_does_not_go_out(buyer):
    record = upload(buyer, signed()).record
    ask(buyer, record)
    with in_workspace(buyer.pk):
        mail = OutgoingMail.objects.get()
        assert asked(mail, NOW) is not None
        version = records_of(record).version
        correcting.withdraw(member=acting(buyer), record_id=record.pk, version=version, now=NOW)
        assert asked(mail, NOW) is None


def test_the_amendment_that_comes_answers_the_request(buyer):
    one = document()
    record = upload(buyer, signed(one)).record
    made = ask(buyer, record)
    answer = upload(buyer, signed(amendment_of(one))).record
    with in_workspace(buyer.pk):
        made.refresh_from_db()
        assert (made.state, made.answer_id) == ("answered", answer.pk)
        assert records_of(record).check_state == Check.TO_CHECK
        assert list(record.events.values_list("action", flat=True)) == [
            "uploaded", "correction_asked", "correction_answered",
        ]  # fmt: skip


def test_another_document_answers_nothing(buyer):
    record = upload(buyer, signed()).record
    ask(buyer, record)
    upload(buyer, signed(amendment_of(document())))
    with in_workspace(buyer.pk):
        assert records_of(record).check_state == Check.CORRECTION_ASKED


def test_of_a_sale_nobody_is_asked(db, authority):
    seller = workspace_of(SUPPLIER, proved=False)
    record = upload(seller, signed()).record
    with pytest.raises(NoPurchase):
        ask(seller, record)


def test_the_page_asks_shows_and_withdraws(buyer):
    record = upload(buyer, signed()).record
    owner, here = member_client(buyer), f"/w/{buyer.slug}/records/{record.pk}/"
    page = owner.get(here).content.decode()
    assert TO in page
    assert "수정 요청하기" in page
    given = {"version": 1, "why": "amount", "supply_amount": "900,000", "to": TO}
    assert owner.post(f"{here}ask/", given).status_code == 302
    page = owner.get(here).content.decode()
    assert "수정 요청함" in page
    assert "900,000원·세액 90,000원" in page
    assert owner.post(f"{here}ask/", given).status_code == 409
    assert owner.post(f"{here}withdraw/", {"version": 2}).status_code == 302
    assert "요청 취소" in owner.get(here).content.decode()


def test_what_is_no_address_is_told_at_its_field(buyer):
    record = upload(buyer, signed()).record
    answer = member_client(buyer).post(
        f"/w/{buyer.slug}/records/{record.pk}/ask/", {"version": 1, "why": "other", "to": "no address"}
    )
    assert answer.status_code == 422
    with in_workspace(buyer.pk):
        assert not Correction.objects.exists()


def test_who_may_only_look_is_offered_nothing(buyer):
    record = upload(buyer, signed()).record
    add_member(buyer, "viewer")
    viewer = member_client(buyer, "viewer")
    page = viewer.get(f"/w/{buyer.slug}/records/{record.pk}/").content.decode()
    assert "수정 요청하기" not in page
    assert "저장하고 확인완료로" not in page
    for action in ("ask", "withdraw", "delete"):
        answer = viewer.post(f"/w/{buyer.slug}/records/{record.pk}/{action}/", {"version": 1, "why": "other"})
        assert answer.status_code == 403
