"""A whole conference, walked by the first offered step alone."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conference.rules import acts as a
from conference.rules import deadline, take
from conference.rules.kinds import (
    SYSTEM,
    Base,
    ItemKind,
    ItemState,
    MotionId,
    MotionKind,
    MotionState,
    Outcome,
    Phase,
    Rule,
    Side,
    VoteState,
)
from conference.rules.refused import Code
from conference.rules.state import Meeting
from conference.rules.steps import steps
from tests.rules.builders import (
    CHAIR,
    DELEGATES,
    EMERGENCY,
    MOTION,
    SPEAKER,
    SPEAKER_2,
    TEN,
    check_in,
    counting,
    item,
    motion,
    run,
    scene,
    slot,
    small_meeting,
    table,
)

KIND = ItemKind
AGENDA = (
    # kind, planned start after ten, minutes: the launch conference's timetable
    (KIND.DOORS, -30, 30),
    (KIND.CHAIR, 0, 10),
    (KIND.VOTES, 10, 15),
    (KIND.SPEAKERS, 25, 30),
    (KIND.BREAK, 55, 5),
    (KIND.DEBATE, 60, 50),
    (KIND.BREAK, 110, 10),
    (KIND.SPEAKERS, 120, 10),
    (KIND.DEBATE, 130, 45),
    (KIND.BREAK, 175, 45),
    (KIND.SPEAKERS, 220, 20),
    (KIND.DEBATE, 240, 40),
    (KIND.DEBATE, 280, 15),
    (KIND.BREAK, 295, 15),
    (KIND.ELECTION, 310, 10),
    (KIND.DEBATE, 320, 30),
    (KIND.PROCEDURE, 350, 10),
    (KIND.ELECTION, 360, 15),
    (KIND.CHAIR, 375, 10),
    (KIND.CHAIR, 385, 5),
)
QUESTION, PLAIN, URGENT = MotionKind.QUESTION, MotionKind.MOTION, MotionKind.EMERGENCY


def launch() -> Meeting:
    items = [item(n, *row) for n, row in enumerate(AGENDA, 1)]
    slots = [(4, SPEAKER), (4, SPEAKER_2), (4, None), (8, SPEAKER), (11, None), (11, SPEAKER)]
    return replace(
        small_meeting(),
        items=table(*items),
        slots=table(*(slot(n, where, 8, who) for n, (where, who) in enumerate(slots, 1))),
        motions=table(
            motion(1, 3, QUESTION),
            motion(2, 3, QUESTION),
            motion(3, 3, QUESTION),
            motion(4, 6, PLAIN),
            motion(5, 9, PLAIN, base=Base.PRESENT),
            motion(6, 12, PLAIN),
            motion(7, 13, QUESTION),
            motion(8, 13, URGENT, requires=7),
            motion(9, 16, PLAIN, rule=Rule.TWO_THIRDS),
            motion(10, 17, QUESTION, rule=Rule.ABSOLUTE, base=Base.REGISTER),
        ),
        amendments=table(
            *(replace(row, motion=MotionId(4)) for row in small_meeting().amendments.values())
        ),
    )


def look(meeting: Meeting, now: int) -> tuple[a.Act, ...]:
    """Return what is offered; prove that offers are taken and the others refused as said."""
    view = steps(meeting, CHAIR, now)
    for act in view.offered:
        assert isinstance(take(meeting, act, CHAIR, now), Meeting)
    for act, refused in view.refused:
        assert take(meeting, act, CHAIR, now) == refused
    assert len(set(view.offered)) == len(view.offered)
    return view.offered


def walk(meeting: Meeting, figures, *, hurry: bool) -> tuple[Meeting, list[a.Act], int]:
    """Follow the suggested step until there is none; the clerk does its own. `hurry`: the chair closes."""
    now, taken = TEN, []
    for _ in range(400):
        due = deadline(meeting)
        offered = look(meeting, now)
        if (counted := counting(meeting, figures(meeting.conference.vote))) is not None:
            act, by = counted, SYSTEM
        elif due is not None and not (hurry and offered and isinstance(offered[0], a.CloseVote)):
            (now, act), by = due, SYSTEM
        elif (suggested := steps(meeting, CHAIR, now).suggested) is not None:
            act, by = suggested, CHAIR
        else:
            return meeting, taken, now
        meeting = run(meeting, (act, by, now))
        taken.append(act)
        now += 1000
    raise AssertionError(f"the steps lead round in a circle: {taken[-10:]}")


@pytest.mark.parametrize("hurry", [True, False])
@pytest.mark.parametrize(
    "figures",
    [lambda _: (3, 1, 0), lambda _: (1, 3, 0), lambda _: (2, 2, 0), lambda _: (0, 0, 0)],
    ids=["carried", "lost", "tie", "nobody"],
)
def test_the_first_step_leads_to_the_end(figures, hurry):
    start = check_in(launch(), *DELEGATES[:4])
    end, taken, _ = walk(start, figures, hurry=hurry)
    assert end.conference.phase is Phase.CLOSED
    assert {i.state for i in end.items.values() if i.kind is not KIND.DOORS} == {ItemState.DONE}
    assert end.items[1].state is ItemState.PLANNED
    assert {m.state for m in end.motions.values()} <= {MotionState.DECIDED, MotionState.FELL}
    assert {v.state for v in end.votes.values()} == {VoteState.DECLARED}
    assert sorted(t.slot for t in end.turns.values() if t.slot) == [1, 2, 3, 4, 5, 6]
    admitted = end.motions[7].outcome is Outcome.CARRIED
    assert end.motions[8].state is (MotionState.DECIDED if admitted else MotionState.FELL)
    # Motion 4 has two amendments; the second falls when the first is carried.
    carried = end.amendments[1].outcome is Outcome.CARRIED
    assert end.amendments[2].state is (MotionState.FELL if carried else MotionState.DECIDED)
    assert len(end.votes) == 9 + admitted + 1 + (not carried)
    assert sum(isinstance(act, a.NextItem) for act in taken) == 19
    # Left to itself a vote is never closed by hand, hurried it always is.
    by_hand = sum(isinstance(act, a.CloseVote) for act in taken)
    assert by_hand == (len(end.votes) if hurry else 0)


def test_replaying_the_walk_gives_the_same_meeting():
    first, _, _ = walk(check_in(launch(), *DELEGATES[:4]), lambda _: (3, 1, 0), hurry=True)
    again, _, _ = walk(check_in(launch(), *DELEGATES[:4]), lambda _: (3, 1, 0), hurry=True)
    assert first == again
    assert first is not again


def test_another_process_with_another_hash_seed_gets_the_same_meeting(tmp_path):
    script = (
        "import pickle, sys; from tests.rules.test_story import *;"
        "end = walk(check_in(launch(), *DELEGATES[:4]), lambda _: (3, 1, 0), hurry=True)[0];"
        "open(sys.argv[1], 'wb').write(pickle.dumps(end))"
    )
    meetings = []
    for seed in ("1", "2"):
        target = tmp_path / seed
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(
            [sys.executable, "-c", script, str(target)],
            check=True,
            env=environment,
            cwd=Path(__file__).parents[2],
        )
        meetings.append(pickle.loads(target.read_bytes()))  # noqa: S301  (written by this test)
    assert meetings[0] == meetings[1]
    assert [list(m.people) for m in meetings] == [list(meetings[0].people)] * 2
    assert meetings[0].conference.phase is Phase.CLOSED


def test_without_quorum_the_panel_offers_no_vote_and_says_why():
    alone = check_in(launch(), DELEGATES[0])
    end, taken, now = walk(alone, lambda _: (0, 0, 0), hurry=True)
    assert end.conference.phase is Phase.OPEN
    assert not any(isinstance(act, a.AnnounceVote) for act in taken)
    reasons = {type(act): refused.code for act, refused in steps(end, CHAIR, now).refused}
    assert reasons[a.AnnounceVote] is Code.NO_QUORUM
    assert reasons[a.NextItem] is Code.QUESTION_UNDECIDED


def test_who_is_not_the_chair_is_offered_nothing():
    view = steps(scene("debate"), DELEGATES[0], TEN)
    assert view.offered == ()
    assert {refused.code for _, refused in view.refused} == {Code.NOT_ALLOWED}


@pytest.mark.parametrize(
    ("where", "first"),
    [
        ("before", a.OpenConference()),
        ("opened", a.CallItem(2)),
        ("called", a.CallSpeaker(Side.MOVER)),
        ("mover spoke", a.MarkMoved(MOTION)),
        ("seconded", a.TakeAmendment(1)),
        ("taken", a.CallSpeaker(Side.MOVER)),
        ("amendment", a.AnnounceVote(MOTION, 1)),
        ("replied", a.AnnounceVote(MOTION)),
        ("closure", a.TakeProcedural(1)),
        ("closure pending", a.AnnounceVote(MOTION, procedural=1)),
        ("point", a.HearPoint(1)),
        ("mover speaks", a.EndSpeech(1)),
        ("moved", a.MarkSeconded(MOTION)),
        ("debate", a.AnnounceVote(MOTION)),
        ("asked", a.CallSpeaker(Side.AGAINST, request=2)),
        ("speaking", a.EndSpeech(1)),
        ("spoken", a.CallSpeaker(Side.FOR, request=1)),
        ("closable", a.CloseVote(1)),
        ("counted", a.DeclareResult(1)),
        ("declared", a.PutNextQuestion(2)),
        ("fallen", a.PutNextQuestion(2)),
        ("void", a.AnnounceVote(MOTION)),
        ("question", a.AnnounceVote(2)),
        ("between", a.CallItem(3)),
        ("speakers", a.CallSpeaker(Side.SPEAKER, slot=1)),
        ("slot", a.EndSpeech(1)),
        ("not admitted", a.NextItem(EMERGENCY)),
        ("admitted", a.PutNextQuestion(4)),
        ("all done", a.CloseConference()),
    ],
)
def test_the_first_step(where, first):
    assert look(scene(where), TEN)[0] == first
    assert steps(scene(where), CHAIR, TEN).suggested == first


def test_while_a_vote_runs_the_panel_does_not_speak_of_another():
    for where in ("announced", "voting", "closed", "counted"):
        view = steps(scene(where), CHAIR, TEN)
        kinds = {type(act) for act in (*view.offered, *(act for act, _ in view.refused))}
        assert not kinds & {a.AnnounceVote, a.MarkMoved, a.LetFall}


@pytest.mark.parametrize("where", ["closed", "ended"])
def test_while_only_the_clerk_can_act_nothing_is_offered(where):
    assert look(scene(where), TEN) == ()


@pytest.mark.parametrize(
    ("where", "offered"), [("announced", a.CallOffVote(1)), ("voting", a.ExtendVote(1))]
)
def test_while_the_sensible_thing_is_to_wait_nothing_is_suggested(where, offered):
    possible = steps(scene(where), CHAIR, TEN)
    assert possible.suggested is None
    assert possible.offered[0] == offered
