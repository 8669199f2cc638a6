"""What changes the register and what is about it: admission, roles, the lock, the draw."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import DrawId, OfficeStepId, OfficeStepKind, PersonId, Role, VoteId


@dataclass(frozen=True, slots=True)
class Reconsider:
    """Take a decision back: this person waits for one again."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Leave the conference for good: a person who goes, or whose second registration is merged."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class CheckInPerson:
    """Say, at the check-in desk, that somebody is here."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Give somebody one role more."""

    person: PersonId
    role: Role


@dataclass(frozen=True, slots=True)
class RevokeRole:
    """Take one role from somebody."""

    person: PersonId
    role: Role


@dataclass(frozen=True, slots=True)
class LockRegister:
    """Lock the register: from here on it takes two officers to admit a delegate."""

    lines: tuple[tuple[PersonId, str], ...]
    """Each delegate on it with the salted hash of their line, 64 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class ProposeOfficeStep:
    """Propose a step of the register that takes two officers: a late admission, an export."""

    kind: OfficeStepKind
    person: PersonId | None = None
    """Who is to be admitted; None for an export."""


@dataclass(frozen=True, slots=True)
class ConfirmOfficeStep:
    """Confirm, as another officer, such a step."""

    step: OfficeStepId


@dataclass(frozen=True, slots=True)
class DropOfficeStep:
    """Do not do what was proposed."""

    step: OfficeStepId


@dataclass(frozen=True, slots=True)
class TakeExport:
    """Take the exported file away: once."""

    step: OfficeStepId
    lines: int
    """How many stand in it."""


@dataclass(frozen=True, slots=True)
class HideName:
    """Show this person's display name nowhere, from now on."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class ShowName:
    """Show this person's display name again."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class StartDraw:
    """Begin a draw from the locked register with a number that no other teller can see yet."""

    number: int


@dataclass(frozen=True, slots=True)
class JoinDraw:
    """Add a second teller's number: the two and the published hash decide who is drawn."""

    draw: DrawId
    number: int


@dataclass(frozen=True, slots=True)
class RecordDraw:
    """Record what a call to somebody who was drawn has shown, and nothing else."""

    draw: DrawId
    person: PersonId
    real: bool
    """True: a real person who registered. False: not reached."""


@dataclass(frozen=True, slots=True)
class NoteAssistance:
    """Note that a teller helped a delegate to vote; not whom, and not what was chosen."""

    vote: VoteId
