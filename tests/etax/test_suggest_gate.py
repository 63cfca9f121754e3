"""Before any question: what the state of the chosen document allows."""

import pytest

from dojang.etax.amendments.suggest import (
    EventNotOffered,
    Events,
    Setting,
    Stop,
    UnknownEvent,
    UnknownQuestion,
    UnknownTarget,
)
from etax.amendments_samples import chain, document, key_of, original
from etax.suggest_samples import Wizard, wizard

A = original()
MINUS = document("M1", "0201", "2026-05-06", -1_000_000, -100_000, code="01", original=key_of(A))
PLUS = document("M2", "0201", "2026-05-06", 900_000, 90_000, code="01", original=key_of(A))
UNDONE = document("M1", "0201", "2026-06-08", -1_000_000, -100_000, code="04", original=key_of(A))
TAKEN_BACK = document("M1", "0201", "2026-05-06", -1_000_000, -100_000, code="06", original=key_of(A))
RETURNED = document("M1", "0201", "2026-06-08", -300_000, -30_000, code="03", original=key_of(A))
RETURN_UNDONE = document("M2", "0201", "2026-06-08", 300_000, 30_000, code="06", original=key_of(RETURNED))


def stopped(sample: Wizard) -> Stop:
    found = sample.at(None)
    assert isinstance(found, Stop)
    assert sample.at("goods_returned") == found
    return found


@pytest.mark.parametrize(
    ("status", "on", "key", "code"),
    [
        ("issued", "2026-06-10", "G-UNSENT", "not_transmitted_use_cancel_issue"),
        ("issued", "2026-06-11", "G-SEND-FIRST", "not_transmitted_use_cancel_issue"),
        ("submitted", "2026-06-11", "G-PENDING", "result_pending"),
        ("unknown", "2026-06-11", "G-PENDING", "result_pending"),
        ("rejected", "2026-05-07", "G-REJECTED", "send_failed_reissue"),
        ("cancelled", "2026-05-07", "G-WITHDRAWN", "chain_cancelled"),
    ],
)
def test_a_document_that_was_not_accepted_is_not_amended(status, on, key, code):
    found = stopped(Wizard(chain(original(status=status)), on=on))
    assert (found.key, found.code) == (key, code)
    assert found.buttons


def test_cancelling_late_is_told_with_what_it_costs():
    found = stopped(Wizard(chain(original(status="issued")), on="2026-06-11"))
    assert "지연발급 가산세 10,000원이 생깁니다" in found.words.ko
    assert [button.action for button in found.buttons] == ["transmit_then_amend", "cancel_issue"]


def test_a_refusal_is_told_with_its_cause_where_that_is_known():
    refused = Wizard(chain(original(status="rejected")), on="2026-05-07")
    assert "접수하지 않은 문서입니다. 수정" in stopped(refused).words.ko
    known = Wizard(
        refused.chain, refused.on, setting=Setting(rejection=("ERR002 없는 번호", "ERR002 no such number"))
    )
    assert "접수하지 않은 문서입니다(ERR002 없는 번호)" in stopped(known).words.ko
    assert "발급기한 2026-06-10(수)" in stopped(known).words.ko


@pytest.mark.parametrize(
    ("sample", "key", "said"),
    [
        (Wizard(chain(A, MINUS, PLUS), target=key_of(A)), "G-SUPERSEDED", "2026-05-06(수)에 이미 정정"),
        (Wizard(chain(A, MINUS, PLUS), target=key_of(MINUS)), "G-TAKES-BACK", "최신 문서를 수정"),
        (Wizard(chain(A, UNDONE)), "G-CANCELLED", "2026-06-08(월) 전액 취소"),
        (Wizard(chain(A, TAKEN_BACK)), "G-CANCELLED", "2026-05-06(수) 전액 취소"),
        (
            Wizard(chain(A, RETURNED, RETURN_UNDONE), target=key_of(RETURNED)),
            "G-REVERSED",
            "2026-06-08(월)에 이미 전부 취소",
        ),
        (Wizard(chain(original(kind="0104"))), "G-IMPORT", "세관장"),
        (wizard(setting=Setting(user="buyer")), "G-BUYER", "공급자만"),
        (
            Wizard(chain(original(kind="0103")), setting=Setting(user="principal")),
            "G-PRINCIPAL",
            "수탁자 수탁(주)가 발행한 위수탁 문서입니다.",
        ),
        (wizard(setting=Setting(has_certificate=False)), "G-CERTIFICATE", "인증서가 필요합니다"),
    ],
)
def test_each_dead_end_says_where_to_go(sample, key, said):
    found = stopped(sample)
    assert found.key == key
    assert said in found.words.ko
    assert found.event is None
    assert found.buttons


@pytest.mark.parametrize(
    ("sample", "key"),
    [
        (wizard(setting=Setting(drafted_by_buyer=True)), "N-REVERSE"),
        (Wizard(chain(original(kind="0103"))), "N-CONSIGNED"),
        (Wizard(chain(original(status="paper"))), "N-PAPER"),
        (Wizard(chain(original(status="external"))), "N-EXTERNAL"),
    ],
)
def test_what_only_has_to_be_known_leaves_the_way_open(sample, key):
    found = sample.at(None)
    assert isinstance(found, Events)
    assert [note.key for note in found.notes] == [key]
    assert sample.at("goods_returned").notes == found.notes


def groups(sample: Wizard) -> list[str]:
    return [group.key for group in sample.at(None).groups]


def test_twenty_three_events_can_happen_to_an_invoice():
    found = wizard().at(None)
    assert [len(group.events) for group in found.groups] == [5, 8, 10]
    assert found.words.ko == "무슨 일이 있었나요?"


def test_an_amendment_can_be_wrong_itself():
    assert groups(Wizard(chain(A, MINUS, PLUS))) == ["later", "wrong", "unclear", "amended"]


def test_a_document_that_takes_off_cannot_be_returned_or_cancelled_later():
    assert groups(Wizard(chain(A, RETURNED), target=key_of(RETURNED))) == ["wrong", "unclear", "amended"]


def test_a_document_that_took_another_back_can_only_be_taken_back():
    sample = Wizard(chain(A, TAKEN_BACK), target=key_of(TAKEN_BACK))
    [group] = sample.at(None).groups
    assert [event.key for event in group.events] == ["amendment_unneeded"]
    with pytest.raises(EventNotOffered):
        sample.at("amendment_wrong")


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda: wizard().at("unheard"), UnknownEvent),
        (lambda: wizard().at("amendment_wrong"), EventNotOffered),
        (lambda: wizard().at(None, unheard="yes"), UnknownQuestion),
        (lambda: wizard(target="20260506410000000000000z").at(None), UnknownTarget),
        (lambda: Wizard(chain(A, document("B", "0101", "2026-05-07", 1, 0))).at(None), UnknownTarget),
    ],
)
def test_what_the_tree_does_not_know_is_refused_in_both_languages(ask, error):
    with pytest.raises(error) as refused:
        ask()
    assert refused.value.text("ko") != refused.value.text("en")
