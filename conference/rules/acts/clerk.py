"""What the clerk does by itself, when a deadline passes or a count is due."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import ItemId, LeaveId, VoteId


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
