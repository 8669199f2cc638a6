"""What the registrar and the tellers do."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import CandidateId, ItemId, PersonId, Role, Standing, VoteId


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
class GiveCode:
    """Read a one-time code out to a person whom the help desk has just checked."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class LetIn:
    """Let an officer in without a second factor, as the second of two other officers."""

    person: PersonId
    first: PersonId


@dataclass(frozen=True, slots=True)
class WaiveEncryption:
    """Serve a real conference without HTTPS. `remark` says who answers for that, and why."""

    remark: str


@dataclass(frozen=True, slots=True)
class CheckOut:
    """Mark somebody as having left."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class ConfirmResult:
    """Confirm the counted result of a vote, as one of its tellers."""

    vote: VoteId


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
