"""Taking a declared decision back, before the next business: a retake, or a void vote."""

from __future__ import annotations

import json
from dataclasses import replace

from conference.rules import change, consequences, debate, question
from conference.rules.kinds import MotionState, Reason, VoteState
from conference.rules.state import Amendment, Meeting, Motion, Procedural, Vote


def is_latest(meeting: Meeting, vote: Vote) -> bool:
    """Say whether conference has done nothing since this vote was declared that would build on it."""
    head = meeting.conference
    if vote.state is not VoteState.DECLARED or head.motion != vote.motion or head.motion is None:
        return False
    binding = [v for v in meeting.votes.values() if v.procedural is None]
    amendment = meeting.amendments[vote.amendment] if vote.amendment is not None else None
    nothing_open = head.amendment == (amendment.amends if amendment is not None else None)
    if vote.procedural is not None or not binding or binding[-1].id != vote.id:
        return False
    if amendment is not None and meeting.motions[head.motion].state in question.SETTLED:
        return False  # remitted, adjourned, laid on the table: it is not before conference any more
    return nothing_open and not _gone_on(meeting, vote)


def latest_result(meeting: Meeting) -> Vote | None:
    """Return the declared vote that can still be taken back or counted again, or None.

    A procedural motion decided since does not change that, so it is not simply the latest vote.
    """
    binding = [v for v in meeting.votes.values() if v.procedural is None]
    return binding[-1] if binding and is_latest(meeting, binding[-1]) else None


GOING_ON = frozenset(
    {
        "amendment", "moved", "seconded", "accepted", "withdrawn", "debate_closed",
        "reply_waived", "left_undecided", "guillotine", "taken_up", MotionState.REMITTED,
        MotionState.REFERRED_BACK,
        *(reason for reason in Reason if reason is not Reason.CONSEQUENTIAL),
    }
)  # fmt: skip
"""The entries of the minutes that say that conference has gone on to the next business."""


def _gone_on(meeting: Meeting, vote: Vote) -> bool:
    """Say whether the minutes tell of next business after the declaration of this vote."""
    for minute in reversed(list(meeting.minutes.values())):
        if minute.code == "declared" and json.loads(minute.facts)["vote"] == vote.id:
            return False
        if minute.code in GOING_ON:
            return True
    return False


def take_back(meeting: Meeting, vote: Vote, now: int, reason: str) -> Meeting:
    """Return the meeting in which this declared vote is void and its question is put again.

    The text before it is the text again, as a version of its own; what fell because of it stands
    again. There is no further debate: the question waits for its vote.
    """
    row = question.row_of(meeting, question.of(vote))
    if isinstance(row, Procedural):
        return meeting
    meeting = consequences.taken_back(meeting, row, now, vote.text_version)
    again = replace(row, state=_waiting(row), outcome=None, reply_waived=True)
    meeting = question.put(meeting, again)
    meeting = change.vote(
        meeting, replace(vote, state=VoteState.VOID, void_reason=reason, recount=False)
    )
    amendment = row.id if isinstance(row, Amendment) else None
    meeting = change.conference(meeting, amendment=amendment)
    return change.note(meeting, now, "vote_void", vote=vote.id, reason=reason)


def _waiting(row: Motion | Amendment) -> MotionState:
    return MotionState.CALLED if debate.is_question(row) else MotionState.CLOSING
