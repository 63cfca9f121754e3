"""The tree's data fit together, and data that do not are found out."""

import re
from dataclasses import replace
from importlib import resources

import pytest

from dojang.etax.amendments import messages
from dojang.etax.amendments.suggest import tree
from dojang.etax.amendments.suggest.case import Case, Setting
from dojang.etax.amendments.suggest.conditions import CONDITIONS
from dojang.etax.amendments.suggest.errors import BrokenTree
from dojang.etax.amendments.suggest.known import KNOWN, OFFERED
from dojang.etax.amendments.suggest.requests import COMPUTED, DEFAULTS
from dojang.etax.amendments.suggest.shape import Ask, Barrier, Branch, Choice, Make, Note, Stop, Way
from dojang.etax.amendments.suggest.soundness import faults, prove
from dojang.etax.amendments.suggest.values import VALUES
from etax.law_samples import LAW, day
from etax.suggest_samples import told, wizard

TREE = tree()


def said(**more):
    return {"ko": "문장", "en": "sentence"} | more


def with_step(key, step):
    return replace(TREE, steps={**TREE.steps, key: step})


def with_choice(**fields):
    choice = Choice.model_validate(said(key="new") | fields)
    step = TREE.steps["returned_what"]
    return with_step("returned_what", step.model_copy(update={"choices": (*step.choices, choice)}))


def with_ask(**fields):
    return with_step("returned_on", TREE.steps["returned_on"].model_copy(update=fields))


def test_the_tree_is_sound():
    assert prove(TREE) is TREE


def test_there_are_twenty_five_events():
    assert len(TREE.events) == 25


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (with_choice(), "an answer leads nowhere"),
        (with_choice(to="unheard"), "unheard is no step, stop or event"),
        (with_choice(to="@unheard"), "@unheard is no step, stop or event"),
        (with_choice(to="returned_on", when="unheard"), "unheard is not defined"),
        (with_choice(to="returned_on", note="unheard"), "unheard is not defined"),
        (with_choice(to="returned_what"), "a way leads back here"),
        (with_ask(most="unheard"), "unheard is not defined"),
        (with_ask(known="unheard"), "unheard is not defined"),
        (with_ask(when="unheard"), "unheard is not defined"),
        (with_ask(offered="unheard"), "unheard is not defined"),
        (with_ask(too_much="unheard"), "unheard is not defined"),
        (with_ask(default="=unheard"), "unheard is not defined"),
        (with_ask(ko="{unheard}"), "the text names unheard"),
        (with_ask(en=""), "there is no text"),
        (with_ask(help_ko="{unheard}", help_en="x"), "the text names unheard"),
        (with_step("stray", Make(request={})), "no way leads there"),
        (
            with_step("returned_on", Branch(branch=(Way(to="returned_items", when="target_is_paper"),))),
            "no way on",
        ),
        (with_step("make_return", Make(request={"reason": "$unheard"})), "unheard is not defined"),
        (with_step("make_return", Make(request={"reason": "=unheard"})), "unheard is not defined"),
        (with_step("make_return", Make(request={}, note="unheard")), "unheard is not defined"),
        (with_step("make_return", Make(request={}, also_targets="unheard")), "unheard is not defined"),
        (
            replace(TREE, barriers=(*TREE.barriers, Barrier(when="target_is_paper", stop="unheard"))),
            "no such stop",
        ),
        (replace(TREE, stops={**TREE.stops, "S-STRAY": Stop.model_validate(said())}), "no way leads there"),
        (
            replace(TREE, cross={"cross": Ask.model_validate(said(ask="date", to="returned_on"))}),
            "a cross question leads on, or to a stop",
        ),
        (
            replace(
                TREE, notes={**TREE.notes, "N-X": Note.model_validate(said(buttons=[said(event="unheard")]))}
            ),
            "unheard is not defined",
        ),
        (
            replace(
                TREE,
                groups=(
                    *TREE.groups[:-1],
                    TREE.groups[-1].model_copy(
                        update={
                            "events": (
                                *TREE.groups[-1].events,
                                TREE.events["rebate"].model_copy(update={"key": "x", "start": "S-NONE"}),
                            )
                        }
                    ),
                ),
            ),
            "S-NONE is no step, stop or event",
        ),
    ],
)
def test_data_that_do_not_fit_are_found_out(broken, fault):
    assert any(fault in found for found in faults(broken))
    with pytest.raises(BrokenTree):
        prove(broken)


def test_nothing_is_defined_that_the_data_do_not_use():
    folder = resources.files("dojang.etax.amendments.suggest").joinpath("tree")
    text = "\n".join(file.read_text(encoding="utf-8") for file in folder.iterdir())
    words = set(re.findall(r"[a-z_0-9]+", text))
    for table in (CONDITIONS, VALUES, KNOWN, OFFERED, COMPUTED, DEFAULTS):
        assert set(table) - words == set()


def test_every_note_and_problem_is_used():
    used = set()
    for step in [*TREE.steps.values(), *TREE.cross.values()]:
        ways = getattr(step, "branch", ()) + getattr(step, "choices", ())
        used |= {way.note for way in ways} | {getattr(step, "note", None)}
    used |= {remark.note for remark in (*TREE.gate_notes, *TREE.last_notes)}
    assert set(TREE.notes) - used == set()


def test_codes_are_those_of_the_engine():
    engine = set(messages.codes()) | set(messages.CODE_OF.values())
    own = {"event_before_original", "five_years"}
    given = {each.code for each in (*TREE.stops.values(), *TREE.notes.values()) if each.code}
    assert given - engine - own == set()


def test_every_value_can_be_told_of_a_bare_case():
    sample = wizard()
    case = Case(
        tree=TREE,
        chain=sample.chain,
        facts=told(),
        law=LAW,
        on=day("2026-09-10"),
        setting=Setting(),
        node=sample.chain.default_target,
    )
    for value in VALUES.values():
        value(case)
    for condition in CONDITIONS.values():
        assert condition(case) in {True, False}


def test_texts_are_in_both_languages():
    korean = re.compile("[가-힣]")
    for key, stop in TREE.stops.items():
        assert korean.search(stop.ko), key
        plain = stop.en.replace("국세청", "").replace("대리납부", "").replace("주민번호 수취분 전환", "")
        assert not korean.search(plain), key
