import pytest

from dojang.nts.codes import FailReason, Next, ProcessStatus, ResultCode, describe


@pytest.mark.parametrize("code", [*ResultCode, *FailReason])
def test_every_code_says_in_both_languages_what_it_means_why_it_came_and_what_to_do(code):
    info = describe(code)
    assert info.known
    assert info.code == code
    for korean in (info.ko, info.cause_ko, info.action_ko):
        assert any("가" <= letter <= "힣" for letter in korean)
    for english in (info.en, info.cause_en, info.action_en):
        assert english
        assert not any("가" <= letter <= "힣" for letter in english)


def test_the_standards_codes_are_all_there_and_no_other():
    assert {*ResultCode} == {"SUC001", "ERR999"} | {f"SYN00{n}" for n in (2, 3, 4)} | {
        f"ERR0{n:02}" for n in range(1, 12)
    }
    assert {*FailReason} == {"SYS001", "SYS002", "SYS003", "SYN001"}
    assert [*ProcessStatus] == ["01", "02", "03"]


def test_an_unknown_code_is_kept_and_shown_as_it_is():
    info = describe("TIM009")
    assert not info.known
    assert info.code == "TIM009"
    assert info.text("ko").startswith("TIM009 ")
    assert info.text("en").startswith("TIM009 unknown code. ")
    assert info.next is Next.BY_HAND


def test_a_number_that_is_already_filed_is_asked_about_before_anything_else():
    assert describe("SYN003").next is Next.ASK_FIRST
    assert describe("SYS002").next is Next.ASK_FIRST
    assert describe("SUC001").next is Next.DONE


def test_the_text_is_one_paragraph_of_sentences():
    assert describe("SUC001").text("ko") == "SUC001 성공. 모든 검사를 통과했습니다. 할 일이 없습니다."
