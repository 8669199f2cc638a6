"""What the clerk does by itself, when a deadline passes or a count is due."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import ItemId, LeaveId, VoteId


@dataclass(frozen=True, slots=True)
class GiveKey:
    """The counting process has made the announced vote's key, and it is on disk."""

    vote: VoteId
    key: str
    """The public key, base64url."""


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
class SignedHead:
    """A head as the counting process signed it (`sealing/heads.py`)."""

    line: str
    signature: str
    signer: str


@dataclass(frozen=True, slots=True)
class FixBox:
    """Fix the envelopes of the closed vote, before one of them is opened."""

    vote: VoteId
    envelopes: int
    root: str
    head: SignedHead


@dataclass(frozen=True, slots=True)
class CountVote:
    """Record what the ballots of the closed vote add up to."""

    vote: VoteId
    votes_for: int
    votes_against: int
    abstentions: int
    invalid: int = 0
    """Envelopes that were opened and count for nothing."""
    root: str = ""
    """By name: the last hash of the roll-call."""
    head: SignedHead | None = None
    """What the counting process says of the envelopes; None by name."""


@dataclass(frozen=True, slots=True)
class ReportRecount:
    """Record what counting the ballots again has given."""

    vote: VoteId
    votes_for: int
    votes_against: int
    abstentions: int


@dataclass(frozen=True, slots=True)
class VoidVote:
    """Declare a vote void: it never counted and may be taken again."""

    vote: VoteId
    reason: str


@dataclass(frozen=True, slots=True)
class GiveLeave:
    """Nobody objected in time: leave is given."""

    leave: LeaveId


@dataclass(frozen=True, slots=True)
class FallGuillotine:
    """The item's time is up: its debate is closed, as the adopted timetable says."""

    item: ItemId


@dataclass(frozen=True, slots=True)
class ReportChairLost:
    """The chair has had no connection for the set time, or has one again."""

    lost: bool


@dataclass(frozen=True, slots=True)
class PassChair:
    """The warning is over: the chair passes to whoever takes it."""
