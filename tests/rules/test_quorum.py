"""A conference that loses its quorum decides nothing more, and can still go on and close."""

from __future__ import annotations

import pytest

from conference.rules import Refused, take
from conference.rules import acts as a
from conference.rules.kinds import MotionState
from conference.rules.refused import Code
from conference.rules.steps import steps
from tests.rules.builders import CHAIR, MOTION, QUESTION, TEN, scene


def without_quorum(name):
    """The scene after everybody but one has left."""
    meeting = scene(name)
    here = [p.id for p in meeting.people.values() if p.present]
    for person in here[1:]:
        left = take(meeting, a.Leave(), person, TEN + 1)
        assert not isinstance(left, Refused)
        meeting = left
    return meeting


@pytest.mark.parametrize(
    ("name", "motion"),
    [("called", MOTION), ("moved", MOTION), ("debate", MOTION), ("question", QUESTION)],
)
def test_a_question_is_left_undecided(name, motion):
    meeting = without_quorum(name)
    assert a.LeaveUndecided(motion) in steps(meeting, CHAIR, TEN + 2).offered
    left = take(meeting, a.LeaveUndecided(motion), CHAIR, TEN + 2)
    assert not isinstance(left, Refused)
    assert left.motions[motion].state is MotionState.FELL
    assert left.motions[motion].outcome is None
    assert left.minutes[len(left.minutes)].code == "left_undecided"


@pytest.mark.parametrize("name", ["debate", "question"])
def test_while_it_lasts_no_vote_is_suggested(name):
    possible = steps(without_quorum(name), CHAIR, TEN + 2)
    offered = [act for act in possible.offered if isinstance(act, a.AnnounceVote)]
    assert [act.below_quorum for act in offered] == [True]  # a second confirmation
    assert not isinstance(possible.suggested, a.AnnounceVote)
    assert {why.code for act, why in possible.refused if isinstance(act, a.AnnounceVote)} == {
        Code.NO_QUORUM
    }


def test_an_announced_vote_is_called_off_and_announced_again():
    off = take(scene("announced"), a.CallOffVote(1), CHAIR, TEN + 1)
    assert not isinstance(off, Refused)
    again = take(off, a.AnnounceVote(MOTION), CHAIR, TEN + 2)
    assert not isinstance(again, Refused)
    assert again.conference.vote == 2
