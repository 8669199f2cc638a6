"""The words of the picture: ids, and the closed lists of states, roles, rules and reasons."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", str)
ItemId = NewType("ItemId", int)
SlotId = NewType("SlotId", int)
MotionId = NewType("MotionId", int)
AmendmentId = NewType("AmendmentId", int)
RequestId = NewType("RequestId", int)
TurnId = NewType("TurnId", int)
VoteId = NewType("VoteId", int)
CandidateId = NewType("CandidateId", int)
MinuteId = NewType("MinuteId", int)

SYSTEM = PersonId("system")
"""Who acts when a deadline passes or the host's own commands change something."""


class Mode(StrEnum):
    """How much of this conference is real; it only ever moves forward."""

    DEMONSTRATION = "demonstration"
    REHEARSAL = "rehearsal"
    REAL = "real"


class Phase(StrEnum):
    """Where the conference as a whole stands."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


class Role(StrEnum):
    """What a person may be; one person may be several."""

    ORGANISER = "organiser"
    REGISTRAR = "registrar"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARY = "secretary"
    ARRANGEMENTS = "arrangements"
    QUEUE_KEEPER = "queue_keeper"
    TELLER = "teller"
    STEWARD = "steward"
    DELEGATE = "delegate"
    SPEAKER = "speaker"
    OBSERVER = "observer"
    SCREEN = "screen"


class Standing(StrEnum):
    """What the registrar has decided about a person."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ItemKind(StrEnum):
    """What happens in an item of the agenda."""

    DOORS = "doors"
    CHAIR = "chair"
    VOTES = "votes"
    SPEAKERS = "speakers"
    DEBATE = "debate"
    ELECTION = "election"
    PROCEDURE = "procedure"
    BREAK = "break"


class ItemState(StrEnum):
    """Where an item stands."""

    PLANNED = "planned"
    CALLED = "called"
    DONE = "done"


class MotionKind(StrEnum):
    """A motion, an emergency motion, or a question that the chair puts without a mover."""

    MOTION = "motion"
    EMERGENCY = "emergency"
    QUESTION = "question"


class MotionState(StrEnum):
    """Where a motion stands (procedure B10, without the amendments)."""

    PUBLISHED = "published"
    CALLED = "called"
    MOVED = "moved"
    DEBATE = "debate"
    VOTING = "voting"
    DECIDED = "decided"
    FELL = "fell"


class Outcome(StrEnum):
    """What conference decided; a tie is *not carried*, which is not *lost* (procedure B7)."""

    CARRIED = "carried"
    LOST = "lost"
    NOT_CARRIED = "not_carried"


class Rule(StrEnum):
    """How much of the base must be for it (procedure B7)."""

    SIMPLE = "simple"
    TWO_THIRDS = "two_thirds"
    ABSOLUTE = "absolute"
    UPHOLD = "uphold"


class Base(StrEnum):
    """What the majority is counted of: three different numbers, named on the ballot."""

    CAST = "cast"
    PRESENT = "present"
    REGISTER = "register"


class Side(StrEnum):
    """Why somebody speaks."""

    MOVER = "mover"
    SECONDER = "seconder"
    FOR = "for"
    AGAINST = "against"
    SPEAKER = "speaker"


class RequestState(StrEnum):
    """Where a request for the floor stands."""

    WAITING = "waiting"
    CALLED = "called"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class VoteState(StrEnum):
    """Where a vote stands."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    DECLARED = "declared"
    VOID = "void"


class Choice(StrEnum):
    """What a delegate may put on a ballot."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
