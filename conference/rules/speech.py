"""A speech that runs, and its clock (procedure B5, B6)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, people, question
from conference.rules.kinds import MotionState, RequestState, TurnId
from conference.rules.refused import Code, Refused
from conference.rules.state import Amendment, Meeting, Motion, Turn

UNDO_MS = 5000
"""For how long the call of a speaker can be taken back (screens H1.1)."""


def running(meeting: Meeting, number: TurnId) -> Turn | Refused:
    """Return the speech that runs. Refuses any other turn."""
    turn = meeting.turns.get(number)
    if turn is None:
        return Refused(Code.UNKNOWN)
    return turn if meeting.conference.turn == turn.id else Refused(Code.NOBODY_SPEAKS)


def ends_at(turn: Turn, now: int) -> int:
    """Return when the speaker's time is up, as the clock stands now."""
    standing = now - turn.paused_at if turn.paused_at is not None else 0
    return turn.started_at + (turn.seconds + turn.added) * 1000 + turn.paused_ms + standing


def end_speech(meeting: Meeting, act: a.EndSpeech, now: int) -> Meeting | Refused:
    """End the speech that runs. Refuses any other turn, so that a late second press ends nobody's."""
    if refusal := agenda.business(meeting):
        return refusal
    turn = running(meeting, act.turn)
    if isinstance(turn, Refused):
        return turn
    if meeting.conference.point is not None:
        return Refused(Code.POINT_OPEN)
    return ended(meeting, turn, now)


def ended(meeting: Meeting, turn: Turn, now: int) -> Meeting:
    """Return the meeting in which this speech is over."""
    over = change.turn(meeting, replace(resumed(turn, now), ended_at=now))
    return change.conference(over, turn=None) if meeting.conference.turn == turn.id else over


def undo_call(meeting: Meeting, act: a.UndoCall, now: int) -> Meeting | Refused:
    """Take the call back: it never was a speech, and who was called waits again, if they are here.

    What ended with the call of a reply goes on; a debate that was closed before stays closed.
    Refuses five seconds after the call.
    """
    if refusal := agenda.business(meeting):
        return refusal
    turn = running(meeting, act.turn)
    if isinstance(turn, Refused):
        return turn
    if now - turn.started_at > UNDO_MS:
        return Refused(Code.TOO_LATE)
    back = change.turn(meeting, replace(turn, ended_at=now, undone=True))
    back = change.conference(back, turn=None)
    back = _waiting_again(back, turn, now)
    if turn.closed:
        row = question.row_of(back, question.of(turn))
        if isinstance(row, Motion | Amendment) and row.state is MotionState.CLOSING:
            back = question.put(back, replace(row, state=MotionState.DEBATE))
    return change.note(back, now, "call_undone", turn=turn.id)


def _waiting_again(meeting: Meeting, turn: Turn, now: int) -> Meeting:
    """Return the meeting in which those wait again who did before this call, as far as they may."""
    called = () if turn.request is None else (turn.request,)
    for number in (*called, *turn.lapsed):
        request = meeting.requests[number]
        person = meeting.people[request.person]
        able = person.present and not people.in_lobby(person, now)
        state = RequestState.WAITING if able else RequestState.LAPSED
        meeting = change.request(meeting, replace(request, state=state))
    return meeting


def resumed(turn: Turn, now: int) -> Turn:
    """Return the turn with its clock going on, the time it stood still given back."""
    if turn.paused_at is None:
        return turn
    stood = max(now - turn.paused_at, 0)
    return replace(turn, paused_at=None, paused_ms=turn.paused_ms + stood, waits_until=None)


def stood(meeting: Meeting, now: int) -> Meeting:
    """Return the meeting in which the clock of the speech that runs, if any, stands still."""
    number = meeting.conference.turn
    if number is None or meeting.turns[number].paused_at is not None:
        return meeting
    return change.turn(meeting, replace(meeting.turns[number], paused_at=now))


def going_on(meeting: Meeting, now: int) -> Meeting:
    """Return the meeting in which the clock of the speech that runs, if any, goes on."""
    number = meeting.conference.turn
    return meeting if number is None else change.turn(meeting, resumed(meeting.turns[number], now))


def pause_clock(meeting: Meeting, act: a.PauseClock, now: int) -> Meeting | Refused:
    """Stop the clock of the speech that runs."""
    if refusal := agenda.business(meeting):
        return refusal
    turn = running(meeting, act.turn)
    if isinstance(turn, Refused):
        return turn
    if turn.paused_at is not None:
        return Refused(Code.CLOCK_STOPPED)
    return change.turn(meeting, replace(turn, paused_at=now))


def resume_clock(meeting: Meeting, act: a.ResumeClock, now: int) -> Meeting | Refused:
    """Let the clock go on with what was left. Refuses while a point is heard: it stops for that."""
    if refusal := agenda.business(meeting):
        return refusal
    turn = running(meeting, act.turn)
    if isinstance(turn, Refused):
        return turn
    if turn.paused_at is None:
        return Refused(Code.CLOCK_RUNS)
    if meeting.conference.point is not None:
        return Refused(Code.POINT_OPEN)
    return change.turn(meeting, resumed(turn, now))


def add_time(meeting: Meeting, act: a.AddTime) -> Meeting | Refused:
    """Give the speech that runs an extension more."""
    if refusal := agenda.business(meeting):
        return refusal
    turn = running(meeting, act.turn)
    if isinstance(turn, Refused):
        return turn
    added = turn.added + meeting.settings.speech_extension
    return change.turn(meeting, replace(turn, added=added))
