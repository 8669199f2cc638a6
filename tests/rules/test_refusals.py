from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from conference.rules import acts as a
from conference.rules import take
from conference.rules.kinds import SYSTEM, Role, Side, Standing
from conference.rules.refused import Code, Refused
from conference.rules.table import Table
from tests.rules.ballots import MAY_VOTE
from tests.rules.builders import (
    CHAIR,
    D1,
    D2,
    D3,
    D4,
    D5,
    DEBATE,
    FIRST,
    MOTION,
    REGISTRAR,
    SPEAKERS,
    STRANGER,
    TEN,
    check_in,
    do,
    person,
    refusal,
    run,
    scene,
)
from tests.rules.refusals import REFUSALS

BESIDE = ("test_amendments.py", "test_aside.py", "test_b5.py", "test_mistakes.py")
"""Tests that prove codes which need a meeting of their own."""
OF_THEIR_OWN = {Code.NO_QUORUM, Code.NO_ITEM}
"""Codes whose scene is built in a test of its own below."""


def _name(value: object) -> str | None:
    return repr(value)[:200] if isinstance(value, get_args(a.Act)) else None


@pytest.mark.parametrize(("where", "act", "by", "code"), REFUSALS, ids=_name)
def test_refused(where, act, by, code):
    meeting = scene(where)
    answer = take(meeting, act, by, TEN)
    assert isinstance(answer, Refused), answer
    assert answer.code is code


def test_every_code_is_given_by_the_rules():
    given = {row[3] for row in REFUSALS} | {row[2] for row in MAY_VOTE} | OF_THEIR_OWN
    beside = [Path(__file__).with_name(name).read_text() for name in BESIDE]
    named = {Code[name] for text in beside for name in re.findall(r"is Code\.([A-Z_]+)", text)}
    assert (given | named | {Code.BALLOT_FINAL}) - {None} == set(Code)


def test_every_act_is_refused_somewhere():
    assert {type(row[1]) for row in REFUSALS} == set(get_args(a.Act))


def test_no_row_is_written_twice():
    assert len(set(REFUSALS)) == len(REFUSALS)


def test_without_items_nothing_can_be_opened():
    nothing = replace(scene("before"), items=Table())
    assert refusal(nothing, a.OpenConference(), CHAIR).code is Code.NO_ITEM
    doors = replace(nothing, items=Table([(1, scene("before").items[1])]))
    assert refusal(doors, a.OpenConference(), CHAIR).code is Code.NO_ITEM


def test_no_vote_without_quorum_and_the_refusal_says_how_many():
    meeting = run(scene("debate"), (a.Leave(), D1), (a.CheckOut(D2), REGISTRAR))
    answer = refusal(meeting, a.AnnounceVote(MOTION), CHAIR)
    assert (answer.code, answer.facts) == (Code.NO_QUORUM, {"present": 2, "quorum": 3})


def test_a_speaker_is_not_called_twice():
    ended = run(scene("slot"), (a.EndSpeech(1), CHAIR))
    again = a.CallSpeaker(Side.SPEAKER, slot=FIRST)
    assert refusal(ended, again, CHAIR).code is Code.ALREADY_SPOKEN


def test_a_request_to_another_motion_is_not_called():
    meeting = do(scene("debate"), a.AskToSpeak(MOTION, Side.FOR), D1)
    elsewhere = replace(meeting.requests[1], motion=2)
    meeting = replace(meeting, requests=meeting.requests.put(1, elsewhere))
    answer = refusal(meeting, a.CallSpeaker(Side.FOR, request=1), CHAIR)
    assert answer.code is Code.NOT_BEFORE_CONFERENCE


def test_who_asks_early_is_not_called_before_the_debate():
    meeting = do(scene("moved"), a.AskToSpeak(MOTION, Side.FOR), D1)
    answer = refusal(meeting, a.CallSpeaker(Side.FOR, request=1), CHAIR)
    assert answer.code is Code.WRONG_STATE
    seconded = do(meeting, a.MarkSeconded(MOTION), CHAIR)
    assert do(seconded, a.CallSpeaker(Side.FOR, request=1), CHAIR).turns[1].person == D1


def test_the_seconder_who_spoke_has_spoken():
    meeting = do(scene("offered"), a.AskToSpeak(MOTION, Side.FOR), D3)
    meeting = run(meeting, (a.CallSpeaker(Side.SECONDER), CHAIR), (a.EndSpeech(1), CHAIR))
    assert meeting.turns[1].person == D3
    debate = do(meeting, a.MarkSeconded(MOTION), CHAIR)
    assert refusal(debate, a.CallSpeaker(Side.FOR, request=1), CHAIR).code is Code.NOT_ASKED
    assert refusal(debate, a.AskToSpeak(MOTION, Side.FOR), D3).code is Code.ALREADY_SPOKEN


def test_the_seconder_who_seconded_formally_may_speak_later():
    assert do(scene("debate"), a.AskToSpeak(MOTION, Side.FOR), D3).requests[1].person == D3


def test_who_left_is_not_called_and_may_ask_again_after_coming_back():
    meeting = do(scene("asked"), a.Leave(), D2)
    assert refusal(meeting, a.CallSpeaker(Side.AGAINST, request=2), CHAIR).code is Code.NOT_ASKED
    back = run(meeting, (a.CheckIn(), D2), (a.AskToSpeak(MOTION, Side.AGAINST), D2))
    assert back.requests[3].person == D2


def test_once_it_is_open_one_registrar_takes_nobody_off_the_register():
    meeting = do(scene("asked"), a.CheckOut(D2), REGISTRAR)
    answer = refusal(meeting, a.Decide(D2, Role.OBSERVER), REGISTRAR)
    assert answer.code is Code.SECOND_OFFICER
    assert refusal(meeting, a.CallSpeaker(Side.AGAINST, request=2), CHAIR).code is Code.NOT_ASKED


def test_an_office_is_given_by_the_host_only():
    add = a.AddPerson(STRANGER, frozenset({Role.CHAIR}), Standing.ACCEPTED)
    assert do(scene("before"), add, SYSTEM).people[STRANGER].roles == {Role.CHAIR}
    assert refusal(scene("before"), add, REGISTRAR).code is Code.NOT_ALLOWED


def test_an_office_does_nothing_before_its_holder_is_accepted():
    holder = person(STRANGER, Role.CHAIR, standing=Standing.WAITING)
    before = scene("before")
    meeting = replace(before, people=before.people.put(STRANGER, holder))
    assert refusal(meeting, a.OpenConference(), STRANGER).code is Code.NOT_ALLOWED


def test_a_late_second_press_ends_nobody_elses_speech():
    twice = run(scene("spoken"), (a.CallSpeaker(Side.FOR, request=1), CHAIR))
    assert refusal(twice, a.EndSpeech(1), CHAIR).code is Code.NOBODY_SPEAKS
    assert twice.conference.turn == 2


def test_an_item_is_called_once():
    meeting = scene("between")
    assert refusal(meeting, a.CallItem(DEBATE), CHAIR).code is Code.NOT_NEXT_ITEM
    assert do(meeting, a.CallItem(SPEAKERS), CHAIR).items[SPEAKERS].called_at == TEN


def test_facts_of_a_refusal_name_what_it_is_about():
    assert refusal(scene("moved"), a.MarkMoved(MOTION), CHAIR).facts == {
        "label": "M1",
        "state": "moved",
    }
    assert refusal(scene("voting"), a.CloseVote(1), CHAIR).facts == {"seconds": 5}


def test_presence_is_counted_once():
    meeting = check_in(scene("present"), D5)
    assert meeting.conference.present == 5
    assert refusal(meeting, a.CheckIn(), D5).code is Code.ALREADY_PRESENT
    assert do(meeting, a.Leave(), D4).conference.present == 4
