"""조사 follow the sound of the word before them."""

import pytest

from dojang.etax.amendments.particles import fill, particle


@pytest.mark.parametrize(
    ("word", "pair", "form"),
    [
        ("거래처", "은/는", "는"),
        ("도장상사", "이/가", "가"),
        ("계약", "을/를", "을"),
        ("서울", "으로/로", "로"),
        ("부산", "으로/로", "으로"),
        ("대구", "으로/로", "로"),
        ("1,500,000원", "을/를", "을"),
        ("구매(주)", "은/는", "는"),
        ("도장㈜", "은/는", "는"),
        ("2026-08-10(월)", "이/가", "이"),
        ("2026-06-10(수)", "이/가", "이"),
        ("2026-08-12(일)", "이/가", "가"),
        ("2026-08-17", "으로/로", "로"),
        ("2026-08-10", "으로/로", "으로"),
        ("ABL", "은/는", "은"),
        ("abr", "으로/로", "로"),
        ("ABC", "이/가", "가"),
        ("漢", "은/는", "는"),
        ("", "은/는", "는"),
        ("!?", "과/와", "와"),
        ("개인", "이라/라", "이라"),
    ],
)
def test_the_particle_follows_the_last_sound(word, pair, form):
    assert particle(word, pair) == form


def test_a_text_names_facts_with_and_without_particles():
    text = fill(
        "{buyer:은/는} {amount:,}원을 {when}에 받았습니다.",
        {"buyer": "구매상사", "amount": 1000, "when": "오늘"},
    )
    assert text == "구매상사는 1,000원을 오늘에 받았습니다."


def test_an_unknown_pair_is_refused():
    with pytest.raises(KeyError):
        particle("가", "께서")
