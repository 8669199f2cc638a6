"""Breaks, technical stops, adjournments, and the sentence that stands on every screen."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, speech
from conference.rules.kinds import ItemState, Pause, VoteState
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting, Vote

LONGEST = 600
"""Minutes."""


def take_break(meeting: Meeting, act: a.TakeBreak, now: int) -> Meeting | Refused:
    """Do no business for a while.

    A technical stop is possible at any moment: the clocks of the speech and of the vote stand still
    (screens H1.26, standing order 18). The others wait for the end of a speech or a vote.
    """
    if refusal := agenda.business(meeting):
        return refusal
    if not 0 <= act.minutes <= LONGEST or (act.kind is Pause.BREAK and not act.minutes):
        return Refused(Code.BAD_TIME)
    if act.kind is not Pause.TECHNICAL and (refusal := agenda.idle(meeting)):
        return refusal
    turn = meeting.conference.turn
    if turn is not None and meeting.turns[turn].paused_at is None:
        meeting = change.turn(meeting, replace(meeting.turns[turn], paused_at=now))
    resumes_at = now + act.minutes * 60_000 if act.minutes else None
    paused = change.conference(meeting, pause=act.kind, paused_at=now, resumes_at=resumes_at)
    return change.note(paused, now, "break_taken", kind=act.kind, minutes=act.minutes)


def resume(meeting: Meeting, act: a.Resume, now: int) -> Meeting | Refused:
    """Go on. Before the announced time only when the chair presses once more.

    Everything that stood still has as much time left as when it was stopped.
    """
    head = meeting.conference
    if head.pause is None or head.paused_at is None:
        return Refused(Code.NOT_PAUSED)
    if head.resumes_at is not None and now < head.resumes_at and not act.early:
        return Refused(Code.BREAK_RUNNING)
    stood = now - head.paused_at
    if head.pause is Pause.TECHNICAL:
        meeting = _shift(meeting, stood)
    turn = meeting.turns[head.turn] if head.turn is not None else None
    if (
        turn is not None and turn.paused_at == head.paused_at
    ):  # else the chair had stopped it before
        meeting = change.turn(meeting, speech.resumed(turn, now))
    if head.item is not None and meeting.items[head.item].state is ItemState.CALLED:
        item = meeting.items[head.item]
        meeting = change.item(meeting, replace(item, stood_ms=item.stood_ms + stood))
    resumed = change.conference(meeting, pause=None, paused_at=None, resumes_at=None)
    return change.note(resumed, now, "resumed")


def _shift(meeting: Meeting, stood: int) -> Meeting:
    """Move the times of a running vote and of an open question of leave by the length of the stop."""
    head = meeting.conference
    vote = meeting.votes.get(head.vote) if head.vote is not None else None
    if vote is not None and vote.state in {VoteState.ANNOUNCED, VoteState.OPEN}:
        meeting = change.vote(meeting, _later(vote, stood))
    if head.leave is not None:
        leave = meeting.leaves[head.leave]
        meeting = change.leave(meeting, replace(leave, closes_at=leave.closes_at + stood))
    return meeting


def _later(vote: Vote, stood: int) -> Vote:
    def moved(at: int | None) -> int | None:
        return None if at is None else at + stood

    if vote.state is VoteState.ANNOUNCED:
        return replace(vote, opens_at=vote.opens_at + stood)
    # An extension counts from the opening: it moves along, so that the next one is right, too.
    return replace(
        vote,
        opened_at=moved(vote.opened_at),
        minimum_at=moved(vote.minimum_at),
        closes_at=moved(vote.closes_at),
    )


def announce(meeting: Meeting, act: a.Announce, now: int) -> Meeting | Refused:
    """Put a sentence on every screen, in place of the one that stands there."""
    if not act.remark:
        return Refused(Code.NEEDS_REASON)
    told = change.conference(meeting, announcement=act.remark)
    return change.note(told, now, "announcement", remark=act.remark)


def take_back(meeting: Meeting) -> Meeting | Refused:
    """Take the sentence off the screens."""
    if not meeting.conference.announcement:
        return Refused(Code.NO_ANNOUNCEMENT)
    return change.conference(meeting, announcement="")
