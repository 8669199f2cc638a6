"""A speaker who loses the connection: conference waits, then the chair decides (screens H3).

The chair hears whether somebody is gone. The machine only sees that a page has lost its line, which
also happens while a phone shows the speaking room instead: so it tells the chair and does nothing.
"""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, people, question, speech
from conference.rules.kinds import RequestState, TurnId
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting, Turn


def wait(meeting: Meeting, act: a.WaitForSpeaker, now: int) -> Meeting | Refused:
    """Wait for whoever speaks, for the set time; the clock stands still until it is let go on.

    Refuses while that time runs. When it is over, the chair may wait once more.
    """
    turn = _free(meeting, act.turn)
    if isinstance(turn, Refused):
        return turn
    if is_waiting(turn, now):
        return Refused(Code.ALREADY_DONE)
    stopped = turn if turn.paused_at is not None else replace(turn, paused_at=now)
    until = now + meeting.settings.speech_grace * 1000
    waits = change.turn(meeting, replace(stopped, waits_until=until))
    return change.note(waits, now, "speaker_lost", turn=turn.id)


def is_waiting(turn: Turn, now: int) -> bool:
    """Say whether the time for which conference waits for this speaker still runs."""
    return turn.waits_until is not None and now < turn.waits_until


def put_off(meeting: Meeting, act: a.PutSpeechOff, now: int) -> Meeting | Refused:
    """End the speech without its counting as one; whoever is called again has the time left.

    That is never less than an extension, for they begin a sentence anew. Whoever came from the queue
    waits at its end, as far as they may; a debate that a reply has closed stays closed.
    """
    turn = _waited(meeting, act.turn, now)
    if isinstance(turn, Refused):
        return turn
    whole = turn.seconds + turn.added
    left = max((speech.ends_at(turn, now) - now) // 1000, meeting.settings.speech_extension)
    ended = speech.ended(meeting, turn, now)
    over = replace(ended.turns[turn.id], undone=True, seconds_left=min(left, whole))
    back = change.turn(ended, over)
    if turn.request is not None:
        request = back.requests[turn.request]
        able = people.may_speak(back, request.person, now) is None
        state = RequestState.WAITING if able else RequestState.LAPSED
        back = change.request(back, replace(request, state=state, asked_at=now, heard=False))
    return change.note(back, now, "speech_put_off", turn=turn.id)


def have_read_out(meeting: Meeting, act: a.HaveReadOut, now: int) -> Meeting | Refused:
    """Let the secretary read out the rest, within the time that is left: it counts as the speech."""
    turn = _waited(meeting, act.turn, now)
    if isinstance(turn, Refused):
        return turn
    read = change.turn(meeting, replace(speech.resumed(turn, now), read_out=True))
    return change.note(read, now, "speech_read_out", turn=turn.id)


def _free(meeting: Meeting, number: TurnId) -> Turn | Refused:
    """Return the speech that runs, unless something else is going on."""
    if refusal := agenda.business(meeting):
        return refusal
    if meeting.conference.point is not None:
        return Refused(Code.POINT_OPEN)
    return speech.running(meeting, number)


def _waited(meeting: Meeting, number: TurnId, now: int) -> Turn | Refused:
    """Return the speech for whose speaker conference has waited long enough."""
    turn = _free(meeting, number)
    if isinstance(turn, Refused):
        return turn
    waited = turn.waits_until is not None and now >= turn.waits_until
    return turn if waited else Refused(Code.NOT_WAITED)


def with_time_left(meeting: Meeting, turn: Turn) -> Turn:
    """Return the turn with no more seconds than its speaker had left when they were put off."""
    before = [
        t for t in meeting.turns.values() if _same(t, turn) and (t.seconds_left or not t.undone)
    ]
    left = before[-1].seconds_left if before else None
    return turn if left is None else replace(turn, seconds=min(left, turn.seconds))


def _same(one: Turn, other: Turn) -> bool:
    """Say whether these are calls of the same speaker in the same part of the same question."""
    key = question.of(one), one.side, one.slot, one.person, one.name
    return key == (question.of(other), other.side, other.slot, other.person, other.name)
