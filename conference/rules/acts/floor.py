"""What delegates and speakers do."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import (
    Action,
    AmendmentId,
    ItemId,
    LeaveId,
    MotionId,
    PersonId,
    PointAbout,
    PointId,
    PointKind,
    ProceduralId,
    Procedure,
    RequestId,
    Side,
    SlotId,
    VoteId,
)


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Be present: *I am here*."""


@dataclass(frozen=True, slots=True)
class Leave:
    """No longer be present. On the roll of an open vote the person stays."""


@dataclass(frozen=True, slots=True)
class AskToSpeak:
    """Ask for the floor, for or against the question before conference."""

    motion: MotionId | None
    side: Side
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """Take one's own request back."""

    motion: MotionId | None
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None


@dataclass(frozen=True, slots=True)
class EnterRequest:
    """Put a delegate on the list who asks by hand, on paper or by telephone."""

    person: PersonId
    motion: MotionId | None
    side: Side
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None


@dataclass(frozen=True, slots=True)
class StrikeRequest:
    """Take a waiting request off the list, as the delegate has asked."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class OfferMove:
    """Move the motion or amendment: *I move*."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class OfferSecond:
    """Second the motion or amendment: *I second*."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class ForgoReply:
    """Say, as the mover of the motion, that one does not reply to the debate on this question."""

    motion: MotionId
    amendment: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class ProposeAmendment:
    """Hand in an amendment from the floor, where the standing orders allow it."""

    motion: MotionId
    action: Action
    paragraph: int
    words: str
    text: str
    amends: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class MoveProcedural:
    """Move a procedural motion; see `Procedural` for the fields that each kind uses."""

    kind: Procedure
    motion: MotionId | None = None
    amendment: AmendmentId | None = None
    numbers: tuple[int, ...] = ()
    minutes: int = 0
    seconds: int = 0
    target: ItemId | None = None
    point: PointId | None = None
    refused: ProceduralId | None = None
    vote: VoteId | None = None
    remark: str = ""
    """The id of the remark that says what it is for."""


@dataclass(frozen=True, slots=True)
class SecondProcedural:
    """Second a procedural motion or, for a challenge, support it."""

    procedural: ProceduralId


@dataclass(frozen=True, slots=True)
class WithdrawProcedural:
    """Take one's own procedural motion back before it is before conference."""

    procedural: ProceduralId


@dataclass(frozen=True, slots=True)
class RaisePoint:
    """Raise a point of order, explanation or information."""

    kind: PointKind
    about: PointAbout
    number: int | None = None


@dataclass(frozen=True, slots=True)
class WithdrawPoint:
    """Take one's own point back before it is ruled on."""

    point: PointId


@dataclass(frozen=True, slots=True)
class Object:
    """Object: what leave was asked for is not agreed to."""

    leave: LeaveId


@dataclass(frozen=True, slots=True)
class AskMoreTime:
    """Ask, while the vote is open, for more time to vote."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class AskRecount:
    """Ask, a moment after the declaration, that the ballots be counted again: it is done."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class ConfirmSeen:
    """Confirm, as a speaker, that the news about one's slot has been seen."""

    slot: SlotId
