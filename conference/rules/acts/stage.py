"""What speakers say about their slots, and what the stage manager does."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import PersonId, Ready, Shows, Signal, SlotId, TurnId


@dataclass(frozen=True, slots=True)
class AnswerSlot:
    """Say whether one can make it."""

    slot: SlotId
    coming: bool


@dataclass(frozen=True, slots=True)
class BookCheck:
    """Book a time for the sound check, or give it back."""

    slot: SlotId
    at: int | None
    """Milliseconds since 1970; None gives it back."""


@dataclass(frozen=True, slots=True)
class SayReady:
    """Say where the speaker is: here, standing by, or away again."""

    slot: SlotId
    ready: Ready


@dataclass(frozen=True, slots=True)
class MarkChecked:
    """Note that sound and picture of a speaker have been checked, or that they have not."""

    slot: SlotId
    checked: bool


@dataclass(frozen=True, slots=True)
class GiveSlot:
    """Give a slot that nobody has spoken in to another speaker, such as the reserve."""

    slot: SlotId
    person: PersonId
    name: str
    """As the programme is to print it: published, like every name in a plan of the agenda."""


@dataclass(frozen=True, slots=True)
class BringForward:
    """Let this speaker be the next of their item."""

    slot: SlotId


@dataclass(frozen=True, slots=True)
class SendSignal:
    """Give whoever speaks a hand signal."""

    turn: TurnId
    signal: Signal


@dataclass(frozen=True, slots=True)
class SayNow:
    """Begin to measure by how much the stream is behind: *now* is being said."""


@dataclass(frozen=True, slots=True)
class HearNow:
    """End that: *now* has been heard in the stream."""


@dataclass(frozen=True, slots=True)
class SetDelay:
    """Set by how many seconds the stream is behind."""

    seconds: int


@dataclass(frozen=True, slots=True)
class ShowOnScreen:
    """Choose what the hall screen shows."""

    shows: Shows
