"""Officers: the chair itself, breaks, announcements, steps that take two."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import DoubleId, DoubleKind, MinuteId, Mode, Pause, PersonId, VoteId


@dataclass(frozen=True, slots=True)
class SetMode:
    """Move from demonstration to rehearsal to real, confirmed by typing the conference's name."""

    mode: Mode
    typed_name: str


@dataclass(frozen=True, slots=True)
class TakeBreak:
    """Do no business for a while: a break, a technical stop, an adjournment, disorder."""

    kind: Pause
    minutes: int = 0
    """0: until the chair resumes."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a break, a technical stop or an adjournment."""

    early: bool = False
    """Before the announced time: pressed a second time."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Put a sentence on every screen."""

    remark: str


@dataclass(frozen=True, slots=True)
class TakeBackAnnouncement:
    """Take the sentence off the screens."""


@dataclass(frozen=True, slots=True)
class OfferChair:
    """Offer the chair to another officer, who must accept."""

    to: PersonId


@dataclass(frozen=True, slots=True)
class AcceptChair:
    """Accept the chair that one was offered."""


@dataclass(frozen=True, slots=True)
class TakeChair:
    """Take the chair from somebody whose connection is lost; after a warning it passes."""


@dataclass(frozen=True, slots=True)
class KeepChair:
    """Say, as the chair, that one is here: an offer or a taking of the chair is over."""


@dataclass(frozen=True, slots=True)
class Preside:
    """Preside over the question about the chair, until it is decided."""


@dataclass(frozen=True, slots=True)
class SendToLobby:
    """Send somebody out for ten minutes: no speaking. The vote stays."""

    person: PersonId
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ProposeDouble:
    """Propose a step that takes two officers: voiding a counted vote, removing a person."""

    kind: DoubleKind
    remark: str
    vote: VoteId | None = None
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class ConfirmDouble:
    """Confirm, as another officer, what was proposed: it is done."""

    double: DoubleId


@dataclass(frozen=True, slots=True)
class DropDouble:
    """Do not do what was proposed."""

    double: DoubleId


@dataclass(frozen=True, slots=True)
class CorrectMinute:
    """Correct an entry of the minutes; the original stays beside it."""

    entry: MinuteId
    remark: str
