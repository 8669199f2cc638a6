"""The outcome words of procedure B8: every end that a motion, amendment or report can come to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules.kinds import MotionKind, MotionState, Outcome, Reason
from conference.rules.question import DISPOSED, SET_ASIDE
from conference.web.views import fates
from tests.rules.builders import A1, MOTION, scene

DECIDED, FELL = MotionState.DECIDED, MotionState.FELL
MOTIONS = [
    (DECIDED, None, Outcome.LOST, "Lost"),
    (DECIDED, None, Outcome.NOT_CARRIED, "Not carried"),
    (DECIDED, None, Outcome.CARRIED, "Carried"),
    (MotionState.REMITTED, None, None, "remitted"),
    (MotionState.REMITTED, Reason.NOT_REACHED, None, "remitted: not reached"),
    (MotionState.REFERRED_BACK, None, None, "referred back"),
    (MotionState.WITHDRAWN, None, None, "withdrawn"),
    (MotionState.TABLED, None, None, "lies on the table"),
    (MotionState.ADJOURNED, None, None, "debate adjourned"),
    (FELL, Reason.NOT_MOVED, None, "fell: not moved"),
    (FELL, Reason.NOT_SECONDED, None, "fell: not seconded"),
    (FELL, Reason.NOT_ADMITTED, None, "not admitted"),
    (FELL, Reason.CONSEQUENTIAL, None, "fell: another was carried"),
    (FELL, Reason.NEXT_BUSINESS, None, "fell: next business"),
    (FELL, Reason.OUT_OF_ORDER, None, "ruled out of order"),
    (FELL, Reason.NOT_REACHED, None, "not reached"),
    (FELL, Reason.UNDECIDED, None, "left undecided: no quorum"),
]
AMENDMENTS = [
    (MotionState.ACCEPTED, None, None, "accepted"),
    (DECIDED, None, Outcome.CARRIED, "Carried"),
    (DECIDED, None, Outcome.LOST, "Lost"),
    (DECIDED, None, Outcome.NOT_CARRIED, "Not carried"),
    (MotionState.WITHDRAWN, None, None, "withdrawn"),
    (FELL, Reason.MOTION_GONE, None, "fell with its motion"),
    (FELL, Reason.PLACE_GONE, None, "fell: its words are no longer in the text"),
    (FELL, Reason.EARLIER_PART, None, "fell: a later part had been put"),
]


@pytest.mark.parametrize(("state", "reason", "outcome", "word"), MOTIONS)
def test_a_motion(state, reason, outcome, word):
    meeting = scene("called")
    row = replace(meeting.motions[MOTION], state=state, reason=reason, outcome=outcome)
    assert fates.fate(meeting, row) == word


@pytest.mark.parametrize(("state", "reason", "outcome", "word"), AMENDMENTS)
def test_an_amendment(state, reason, outcome, word):
    meeting = scene("called")
    row = replace(meeting.amendments[A1], state=state, reason=reason, outcome=outcome)
    assert fates.fate(meeting, row) == word


def test_every_end_and_every_reason_has_its_word():
    rows = [*MOTIONS, *AMENDMENTS]
    assert {row[0] for row in rows} == DISPOSED | SET_ASIDE
    assert {row[1] for row in rows} - {None} == set(Reason)
    assert {row[2] for row in rows} - {None} == set(Outcome)


@pytest.mark.parametrize(
    ("outcome", "referred", "word"),
    [
        (Outcome.CARRIED, (), "Adopted"),
        (Outcome.CARRIED, (2, 3), "Adopted with reference back of paragraph 2, 3"),
        (Outcome.LOST, (), "Not adopted"),
        (Outcome.NOT_CARRIED, (), "Not adopted"),
    ],
)
def test_a_report(outcome, referred, word):
    meeting = scene("called")
    row = replace(
        meeting.motions[MOTION], kind=MotionKind.REPORT, state=DECIDED, outcome=outcome,
        referred=referred,
    )  # fmt: skip
    assert fates.fate(meeting, row) == word


@pytest.mark.parametrize(
    ("figures", "word"), [((3, 0, 1), "Carried unopposed"), ((3, 1, 0), "Carried")]
)
def test_unopposed_is_when_nobody_is_against(figures, word):
    meeting = scene("declared")
    votes_for, against, abstained = figures
    vote = replace(
        meeting.votes[1], votes_for=votes_for, votes_against=against, abstentions=abstained
    )
    meeting = replace(meeting, votes=meeting.votes.put(1, vote))
    assert fates.fate(meeting, meeting.motions[MOTION]) == word
