"""The picture of a meeting: frozen, complete, and the same rows that the database holds.

One dataclass is one table; a collection is a `Table` by id. Times are whole milliseconds since
1970 (UTC), durations are whole seconds, ids are handed in or counted up. Nobody's name, address
or choice stands here: a person is a pseudonym with roles, a vote knows its turnout only when it
is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from conference.rules.kinds import (
    AmendmentId,
    Base,
    CandidateId,
    ItemId,
    ItemKind,
    ItemState,
    MinuteId,
    Mode,
    MotionId,
    MotionKind,
    MotionState,
    Outcome,
    PersonId,
    Phase,
    RequestId,
    RequestState,
    Role,
    Rule,
    Side,
    SlotId,
    Standing,
    TurnId,
    VoteId,
    VoteState,
)
from conference.rules.table import Table


@dataclass(frozen=True, slots=True)
class Conference:
    """The one row about the conference as a whole.

    `version` rises with each act that changes something everybody sees; `step` only when what is
    before conference changes. `item` is the item before conference or, while it is still
    *planned*, the next to be called. `vote` is the latest vote, whatever its state, until the
    next item is called.
    """

    id: int
    name: str
    day: str
    """ISO date of the planned day, in `zone`."""
    zone: str
    mode: Mode
    phase: Phase = Phase.BEFORE
    opened_at: int | None = None
    closed_at: int | None = None
    item: ItemId | None = None
    motion: MotionId | None = None
    vote: VoteId | None = None
    turn: TurnId | None = None
    version: int = 1
    step: int = 1
    register: int = 0
    """Accepted delegates."""
    present: int = 0
    """Accepted delegates who have pressed *I am here* and not left."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The standing orders' numbers (procedure B9); seconds, except `quorum`, a number of people."""

    id: int
    quorum: int = 20
    speech_mover: int = 300
    speech_seconder: int = 180
    speech_other: int = 120
    vote_announcement: int = 15
    vote_duration: int = 90
    vote_minimum: int = 45
    vote_countdown: int = 10
    vote_extension: int = 30


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """One numbered standing order."""

    id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """A pseudonym on the register. Name and address stand in erasable tables of the store."""

    id: PersonId
    roles: frozenset[Role]
    standing: Standing
    present: bool = False
    present_at: int | None = None
    """When this person last pressed *I am here*."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the agenda; breaks and doors have no number."""

    id: ItemId
    position: int
    number: int | None
    title: str
    kind: ItemKind
    starts_at: int
    minutes: int
    text: str = ""
    state: ItemState = ItemState.PLANNED
    called_at: int | None = None
    done_at: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One speaker's place in an item. `name` is published in the programme."""

    id: SlotId
    item: ItemId
    position: int
    name: str
    title: str
    minutes: int
    person: PersonId | None = None
    seen: int | None = None
    """The conference's `step` whose news this speaker last confirmed with *seen*."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion, an emergency motion, or a question put from the chair."""

    id: MotionId
    item: ItemId
    position: int
    label: str
    title: str
    kind: MotionKind
    text: str
    rule: Rule = Rule.SIMPLE
    base: Base = Base.CAST
    mover_name: str = ""
    seconder_name: str = ""
    requires: MotionId | None = None
    """The question that must be carried before this one may be put (standing order 10)."""
    state: MotionState = MotionState.PUBLISHED
    seconder: PersonId | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A published amendment; it is shown with its text and not yet taken."""

    id: AmendmentId
    motion: MotionId
    position: int
    label: str
    instruction: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FloorRequest:
    """Somebody's request to speak to a motion."""

    id: RequestId
    motion: MotionId
    person: PersonId
    side: Side
    asked_at: int
    state: RequestState = RequestState.WAITING


@dataclass(frozen=True, slots=True)
class Turn:
    """One speech: who, in what part, since when, how long it may last."""

    id: TurnId
    item: ItemId
    side: Side
    seconds: int
    started_at: int
    motion: MotionId | None = None
    request: RequestId | None = None
    slot: SlotId | None = None
    person: PersonId | None = None
    name: str = ""
    """The published name of a speaker or printed mover; empty for a delegate from the queue."""
    ended_at: int | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote on one motion's text, from its announcement to its declared result."""

    id: VoteId
    motion: MotionId
    question: str
    text_hash: str
    rule: Rule
    base: Base
    state: VoteState
    announced_at: int
    opens_at: int
    register: int = 0
    """Accepted delegates at the opening."""
    roll: int = 0
    """Delegates present at the opening: who may vote, frozen."""
    opened_at: int | None = None
    minimum_at: int | None = None
    closes_at: int | None = None
    closable: bool = False
    """Whether the minimum has passed, so that the chair may close it."""
    last_call: bool = False
    extended: int = 0
    closed_at: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None
    outcome: Outcome | None = None
    declared_at: int | None = None
    void_reason: str = ""


@dataclass(frozen=True, slots=True)
class Roll:
    """Who may vote in one vote: the delegates present when it opened."""

    vote: VoteId
    people: frozenset[PersonId]


@dataclass(frozen=True, slots=True)
class Election:
    """An election whose ballot is held outside this system; only its count sheet is entered here."""

    id: ItemId
    """The item that explains it."""
    closing_item: ItemId | None
    result_item: ItemId | None
    post: str
    places: int
    method: str
    link: str
    opens_at: int
    closes_at: int
    received: int | None = None
    invalid: int | None = None
    entered_by: PersonId | None = None
    confirmed_by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate, and what the confirmed count sheet says of them."""

    id: CandidateId
    election: ItemId
    position: int
    name: str
    woman: bool = False
    """Counts towards the reserved places, by the candidate's own declaration."""
    first_preferences: int | None = None
    elected: bool = False


@dataclass(frozen=True, slots=True)
class Minute:
    """One entry of the minutes: a code with facts, written by the act that made it."""

    id: MinuteId
    at: int
    code: str
    facts: str
    """A JSON object, keys sorted. People appear as pseudonyms."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Everything the rules know. Equal rows make equal meetings."""

    conference: Conference
    settings: Settings
    standing_orders: Table[int, StandingOrder] = field(default_factory=Table)
    people: Table[PersonId, Person] = field(default_factory=Table)
    items: Table[ItemId, Item] = field(default_factory=Table)
    slots: Table[SlotId, Slot] = field(default_factory=Table)
    motions: Table[MotionId, Motion] = field(default_factory=Table)
    amendments: Table[AmendmentId, Amendment] = field(default_factory=Table)
    requests: Table[RequestId, FloorRequest] = field(default_factory=Table)
    turns: Table[TurnId, Turn] = field(default_factory=Table)
    votes: Table[VoteId, Vote] = field(default_factory=Table)
    rolls: Table[VoteId, Roll] = field(default_factory=Table)
    elections: Table[ItemId, Election] = field(default_factory=Table)
    candidates: Table[CandidateId, Candidate] = field(default_factory=Table)
    minutes: Table[MinuteId, Minute] = field(default_factory=Table)
