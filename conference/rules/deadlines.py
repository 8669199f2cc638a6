"""What the clerk does by itself when its time has come: the deadlines are fields of the state."""

from __future__ import annotations

from collections.abc import Iterator

from conference.rules import acts as a
from conference.rules import agenda
from conference.rules.guillotine import guillotine_at
from conference.rules.kinds import LeaveState, Pause, VoteState
from conference.rules.state import Meeting
from conference.rules.voting import needs_key


def deadline(meeting: Meeting) -> tuple[int, a.Act] | None:
    """Return when the clerk must act by itself next, and how; None when nothing is due."""
    return min(_deadlines(meeting), key=lambda due: due[0], default=None)


def _deadlines(meeting: Meeting) -> Iterator[tuple[int, a.Act]]:
    head = meeting.conference
    if head.chair_next is not None and head.chair_next_at is not None:
        yield head.chair_next_at, a.PassChair()
    if head.pause is Pause.TECHNICAL:
        return  # votes and windows stand still with everything else
    if head.leave is not None:
        leave = meeting.leaves[head.leave]
        if leave.state is LeaveState.OPEN:
            yield leave.closes_at, a.GiveLeave(leave.id)
    yield from _of_the_vote(meeting)
    at = guillotine_at(meeting)
    # Nobody is interrupted: the guillotine waits for the end of the speech or the vote.
    if at is not None and head.item is not None and agenda.quiet(meeting) is None:
        yield at, a.FallGuillotine(head.item)


def _of_the_vote(meeting: Meeting) -> Iterator[tuple[int, a.Act]]:
    vote = meeting.votes.get(meeting.conference.vote) if meeting.conference.vote else None
    if vote is None:
        return
    if vote.state is VoteState.ANNOUNCED and not needs_key(vote):
        yield vote.opens_at, a.OpenVote(vote.id)
    if vote.state is not VoteState.OPEN or vote.closes_at is None or vote.minimum_at is None:
        return
    if not vote.closable and vote.minimum_at <= vote.closes_at:
        yield vote.minimum_at, a.PassMinimum(vote.id)
    else:
        yield vote.closes_at, a.EndVote(vote.id)
