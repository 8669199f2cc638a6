"""Everything that can be done in a hall, as frozen values with imperative names.

An act says what is wanted, not what it changes: the journal keeps it exactly as it was handed in,
and replaying the journal through `rules.take` gives the same rows again.
"""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import (
    CandidateId,
    Choice,
    ItemId,
    Mode,
    MotionId,
    PersonId,
    RequestId,
    Role,
    Side,
    SlotId,
    Standing,
    TurnId,
    VoteId,
)

# --- the chair -----------------------------------------------------------------------------


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
class MarkMoved:
    """Say that the motion has been moved."""

    motion: MotionId


@dataclass(frozen=True, slots=True)
class MarkSeconded:
    """Say that the motion has been seconded: it is before conference."""

    motion: MotionId


@dataclass(frozen=True, slots=True)
class LetFall:
    """Say that nobody moved or seconded: the motion falls (procedure B3)."""

    motion: MotionId


@dataclass(frozen=True, slots=True)
class CallSpeaker:
    """Call the next speaker: a request, a slot, or the mover or seconder of the motion."""

    side: Side
    request: RequestId | None = None
    slot: SlotId | None = None


@dataclass(frozen=True, slots=True)
class EndSpeech:
    """End that speech."""

    turn: TurnId


@dataclass(frozen=True, slots=True)
class AnnounceVote:
    """Announce a vote on the motion; it opens by itself after the announced seconds."""

    motion: MotionId


@dataclass(frozen=True, slots=True)
class CallOffVote:
    """Take the announcement of a vote back before it opens."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class LeaveUndecided:
    """Go on without deciding the question: possible only while the quorum is lost."""

    motion: MotionId


@dataclass(frozen=True, slots=True)
class ExtendVote:
    """Give the open vote one extension more."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class CloseVote:
    """Start the closing countdown of the open vote, once the minimum has passed."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class DeclareResult:
    """Declare the counted result: from here everybody sees it."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class SetMode:
    """Move from demonstration to rehearsal to real, confirmed by typing the conference's name."""

    mode: Mode
    typed_name: str


# --- delegates and speakers ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Be present: *I am here*."""


@dataclass(frozen=True, slots=True)
class Leave:
    """No longer be present. On the roll of an open vote the person stays."""


@dataclass(frozen=True, slots=True)
class AskToSpeak:
    """Ask for the floor, for or against the motion before conference."""

    motion: MotionId
    side: Side


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """Take one's own request back."""

    motion: MotionId


@dataclass(frozen=True, slots=True)
class OfferSecond:
    """Second the motion: *I second*."""

    motion: MotionId


@dataclass(frozen=True, slots=True)
class ConfirmSeen:
    """Confirm, as a speaker, that the news about one's slot has been seen."""

    slot: SlotId


# --- the registrar, the tellers ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddPerson:
    """Put a pseudonym on the register, with what it may do."""

    person: PersonId
    roles: frozenset[Role]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Decide:
    """Accept somebody who waits, as delegate or observer, or decline."""

    person: PersonId
    role: Role | None
    """`None` declines."""


@dataclass(frozen=True, slots=True)
class RenewLink:
    """Make a person's personal link anew: the old one, and what was signed in by it, is dead."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class CheckOut:
    """Mark somebody as having left."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class EnterCount:
    """Enter the count sheet of an election that was counted outside this system."""

    election: ItemId
    received: int
    invalid: int
    first_preferences: tuple[tuple[CandidateId, int], ...]
    elected: tuple[CandidateId, ...]


@dataclass(frozen=True, slots=True)
class ConfirmCount:
    """Confirm, as a second scrutineer, the count sheet that another has entered."""

    election: ItemId
    received: int
    invalid: int
    """Both figures as the second scrutineer reads them off the paper: they must agree."""


# --- the clerk itself --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenVote:
    """Open the announced vote: the delegates present now are its roll."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class PassMinimum:
    """The minimum has passed: the chair may close the vote."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class EndVote:
    """The closing time has come: no further ballot is accepted."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class CountVote:
    """Record what the ballots of the closed vote add up to."""

    vote: VoteId
    votes_for: int
    votes_against: int
    abstentions: int


@dataclass(frozen=True, slots=True)
class VoidVote:
    """Declare a vote void: it never counted and may be taken again."""

    vote: VoteId
    reason: str


Act = (
    OpenConference
    | CloseConference
    | CallItem
    | NextItem
    | PutNextQuestion
    | MarkMoved
    | MarkSeconded
    | LetFall
    | CallSpeaker
    | EndSpeech
    | AnnounceVote
    | CallOffVote
    | LeaveUndecided
    | ExtendVote
    | CloseVote
    | DeclareResult
    | SetMode
    | CheckIn
    | Leave
    | AskToSpeak
    | WithdrawRequest
    | OfferSecond
    | ConfirmSeen
    | AddPerson
    | Decide
    | RenewLink
    | CheckOut
    | EnterCount
    | ConfirmCount
    | OpenVote
    | PassMinimum
    | EndVote
    | CountVote
    | VoidVote
)

__all__ = ["Act", "Choice"]
