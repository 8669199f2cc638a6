"""What the chair does with the agenda, the questions and the speakers."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import (
    AmendmentId,
    ItemId,
    LeaveId,
    LeaveKind,
    MotionId,
    PointId,
    PointState,
    ProceduralId,
    RequestId,
    Side,
    SlotId,
    TurnId,
)


@dataclass(frozen=True, slots=True)
class OpenConference:
    """Open the conference; the first numbered item is next."""


@dataclass(frozen=True, slots=True)
class CloseConference:
    """End the conference; everybody is marked as having left."""


@dataclass(frozen=True, slots=True)
class CallItem:
    """Put an item before conference, and with it its first open question."""

    item: ItemId


@dataclass(frozen=True, slots=True)
class NextItem:
    """Leave `item`, the one before conference; the next one waits to be called."""

    item: ItemId


@dataclass(frozen=True, slots=True)
class PutNextQuestion:
    """Within the item, put its next open question before conference."""

    motion: MotionId


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Put a motion before conference again whose debate was adjourned to now."""

    motion: MotionId


@dataclass(frozen=True, slots=True)
class MarkMoved:
    """Say that the motion has been moved."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class MarkSeconded:
    """Say that the motion has been seconded: it is before conference."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class LetFall:
    """Say that nobody moved or seconded it, or that it cannot be put any more: it falls."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class RuleOutOfOrder:
    """Rule that a motion or amendment is out of order: it is not put. It can be challenged."""

    motion: MotionId
    amendment: AmendmentId | None = None
    remark: str = ""
    """The id of the remark that says why."""


@dataclass(frozen=True, slots=True)
class TakeAmendment:
    """Take the next amendment: a debate of its own, then a vote on it alone."""

    amendment: AmendmentId


@dataclass(frozen=True, slots=True)
class AdmitAmendment:
    """Admit an amendment that a delegate handed in from the floor, or decline it."""

    amendment: AmendmentId
    admit: bool = True


@dataclass(frozen=True, slots=True)
class AskLeave:
    """Ask conference *any objection?* to an accepted amendment or to a withdrawal."""

    kind: LeaveKind
    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class CallOffLeave:
    """Take the question *any objection?* back before its time is up."""

    leave: LeaveId


@dataclass(frozen=True, slots=True)
class CloseDebate:
    """End the debate on the question: the mover may reply, then comes the vote."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class WaiveReply:
    """Say that the mover does not reply to the debate on this question."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class CloseList:
    """Take no new requests to speak to this question."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class ReopenList:
    """Take requests to speak to this question again."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class CallSpeaker:
    """Call the next speaker to the innermost question, or to a slot.

    With REPLY, `request` names a delegate in the queue who replies for the mover; without one it is
    the mover.
    """

    side: Side
    request: RequestId | None = None
    slot: SlotId | None = None


@dataclass(frozen=True, slots=True)
class EndSpeech:
    """End that speech."""

    turn: TurnId


@dataclass(frozen=True, slots=True)
class UndoCall:
    """Take the call of a speaker back, within five seconds: it was a mistake."""

    turn: TurnId


@dataclass(frozen=True, slots=True)
class PauseClock:
    """Stop the clock of the speech."""

    turn: TurnId


@dataclass(frozen=True, slots=True)
class ResumeClock:
    """Let the clock of the speech go on."""

    turn: TurnId


@dataclass(frozen=True, slots=True)
class AddTime:
    """Give the speech half a minute more (`speech.extension`)."""

    turn: TurnId


@dataclass(frozen=True, slots=True)
class WaitForSpeaker:
    """Wait for a speaker who has lost the connection: the clock stands still (`speech.grace`)."""

    turn: TurnId


@dataclass(frozen=True, slots=True)
class PutSpeechOff:
    """Put the speech off: whoever lost the connection is called again, with the time they have left."""

    turn: TurnId


@dataclass(frozen=True, slots=True)
class HaveReadOut:
    """Have the secretary read out the rest of the speech; its clock goes on."""

    turn: TurnId


@dataclass(frozen=True, slots=True)
class TakeProcedural:
    """Put a seconded procedural motion before conference."""

    procedural: ProceduralId


@dataclass(frozen=True, slots=True)
class RefuseProcedural:
    """Refuse a procedural motion, with a reason; the refusal is a ruling."""

    procedural: ProceduralId
    remark: str = ""


@dataclass(frozen=True, slots=True)
class HearPoint:
    """Hear a point of order, explanation or information; a running clock stops for it."""

    point: PointId


@dataclass(frozen=True, slots=True)
class RulePoint:
    """Rule on a point with one line, or answer it."""

    point: PointId
    state: PointState
    """WELL_TAKEN, NOT_WELL_TAKEN or ANSWERED."""
    remark: str = ""
