"""What the stage manager sets: hand signals, the stream's delay, the hall screen."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting

LONGEST_DELAY = 120
"""Seconds; whoever has not heard it by then has missed it."""


def signal(meeting: Meeting, act: a.SendSignal) -> Meeting | Refused:
    """Show a hand signal to whoever speaks. Refuses one for a speech that is over."""
    if act.turn not in meeting.turns:
        return Refused(Code.UNKNOWN)
    if meeting.conference.turn != act.turn:
        return Refused(Code.NOBODY_SPEAKS)
    stage = replace(meeting.stage, signal=act.signal, signal_turn=act.turn)
    if stage == meeting.stage:
        return Refused(Code.ALREADY_DONE)
    return replace(meeting, stage=stage)


def say_now(meeting: Meeting, now: int) -> Meeting | Refused:
    """Begin to measure the stream's delay; begun again, it counts from here."""
    return replace(meeting, stage=replace(meeting.stage, said_at=now))


def hear_now(meeting: Meeting, now: int) -> Meeting | Refused:
    """Set the delay to the whole seconds since *now* was said, rounded up.

    Refuses when nothing was said, and after two minutes: that measures nothing.
    """
    said_at = meeting.stage.said_at
    if said_at is None:
        return Refused(Code.NOTHING_SAID)
    delay = max(-(-(now - said_at) // 1000), 0)
    if delay > LONGEST_DELAY:
        return Refused(Code.TOO_LATE)
    return replace(meeting, stage=replace(meeting.stage, delay=delay, said_at=None))


def set_delay(meeting: Meeting, act: a.SetDelay) -> Meeting | Refused:
    """Set the delay by hand, 0 to 120 seconds; a measurement under way is over."""
    if not 0 <= act.seconds <= LONGEST_DELAY:
        return Refused(Code.BAD_TIME)
    stage = replace(meeting.stage, delay=act.seconds, said_at=None)
    if stage == meeting.stage:
        return Refused(Code.ALREADY_DONE)
    return replace(meeting, stage=stage)


def show(meeting: Meeting, act: a.ShowOnScreen) -> Meeting | Refused:
    """Choose what the hall screen shows."""
    if meeting.stage.shows is act.shows:
        return Refused(Code.ALREADY_DONE)
    return replace(meeting, stage=replace(meeting.stage, shows=act.shows))
