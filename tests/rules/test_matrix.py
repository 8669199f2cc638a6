"""Every act in every scene by every role: a new meeting or a refusal with a sentence, never an error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import Refused, take
from conference.rules import acts as a
from conference.rules.kinds import (
    SYSTEM,
    DoubleKind,
    LeaveKind,
    Pause,
    PersonId,
    PointAbout,
    PointKind,
    Procedure,
    Role,
    Side,
)
from conference.rules.roles import when
from conference.rules.state import Meeting
from conference.web.sentences import say
from tests.rules.builders import (
    A1,
    D1,
    D2,
    D4,
    EMERGENCY,
    MOTION,
    P1,
    POINT,
    PUT,
    SAMPLES,
    SCENES,
    TEN,
    V1,
    VOTED,
    person,
    scene,
)

MOVED = a.MoveProcedural(
    Procedure.CLOSURE, MOTION, numbers=(1,), minutes=10, seconds=60, target=EMERGENCY, point=POINT,
    refused=P1, vote=V1, remark="r",
)  # fmt: skip
VARIANTS: tuple[a.Act, ...] = (
    *(replace(MOVED, kind=kind) for kind in Procedure),
    *(a.RaisePoint(kind, about) for kind in PointKind for about in PointAbout),
    *(a.CallSpeaker(side, request=1) for side in Side),
    *(a.TakeBreak(kind) for kind in Pause),
    a.AskLeave(LeaveKind.ACCEPT, MOTION, A1),
    a.AnnounceVote(MOTION, A1, below_quorum=True),
    a.AnnounceVote(MOTION, None, P1),
    a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=V1),
    a.LeaveUndecided(procedural=P1),
    a.LetFall(MOTION, A1),
    a.Resume(early=True),
)
"""What an act of one kind may be besides the sample."""

SCENE_NAMES = ("before", "present", "named", "confirmed once", *SCENES, *VOTED, *PUT)


def with_everybody(name: str) -> tuple[Meeting, list[PersonId]]:
    """The scene with one person more for each role, and who is to try everything."""
    meeting = scene(name)
    people = meeting.people
    extra = [PersonId(f"one-{role}") for role in Role]
    for who, role in zip(extra, Role, strict=True):
        people = people.put(who, person(who, role))
    chair = meeting.conference.chair
    known = [PersonId("chair"), PersonId("vice"), PersonId("secretary"), D1, D2, D4, SYSTEM]
    able = [who for who in known if who == SYSTEM or who in people]
    everybody = [*able, *extra, *([chair] if chair else [])]
    return replace(meeting, people=people), list(dict.fromkeys(everybody))


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_an_answer_for_everything(name):
    meeting, everybody = with_everybody(name)
    taken = 0
    for act in (*SAMPLES.values(), *VARIANTS):
        for by in everybody:
            answer = take(meeting, act, by, TEN + 5)
            if isinstance(answer, Refused):
                sentence = say(answer)
                assert sentence.endswith("."), (act, by, answer)
                assert "%(" not in sentence, (act, by, answer)
            else:
                assert isinstance(answer, Meeting)
                assert meeting.conference.phase in when(type(act)), (act, "see rules.roles.WHEN")
                taken += 1
            assert take(meeting, act, by, TEN + 5) == answer
    assert taken
