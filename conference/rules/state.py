"""The picture of a meeting: frozen, complete, and the same rows that the database holds.

One dataclass is one table; a collection is a `Table` by id. Times are whole milliseconds since
1970 (UTC), durations are whole seconds, ids are handed in or counted up. Nobody's name, address,
words or choice stands here: a person is a pseudonym with roles, free text is a remark's id, a vote
knows its turnout only when it is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from conference.rules.kinds import (
    Action,
    AgendaSessionId,
    AgendaVersionId,
    AmendmentId,
    AmendmentOrder,
    Base,
    CandidateId,
    ChairVote,
    Choice,
    DoubleId,
    DoubleKind,
    DoubleState,
    DrawId,
    Friendly,
    Governs,
    Guillotine,
    HeadId,
    ItemId,
    ItemKind,
    ItemState,
    LeaveId,
    LeaveKind,
    LeaveState,
    Majority,
    MinuteId,
    Mode,
    MotionId,
    MotionKind,
    MotionState,
    OfficeStepId,
    OfficeStepKind,
    OfficeStepState,
    Outcome,
    Pause,
    PersonId,
    Phase,
    PointAbout,
    PointId,
    PointKind,
    PointState,
    ProceduralId,
    ProceduralState,
    Procedure,
    Profile,
    QuorumOf,
    Ready,
    Reason,
    Reply,
    ReplyWhen,
    RequestId,
    RequestState,
    Role,
    Rule,
    Shows,
    Side,
    Signal,
    SlotId,
    Standing,
    SuspensionId,
    TextId,
    TurnId,
    VoteId,
    VoteState,
    WithdrawBy,
)
from conference.rules.planned import AgendaSession, ItemPaper, Plan
from conference.rules.table import Table


@dataclass(frozen=True, slots=True)
class Conference:
    """The one row about the conference as a whole.

    `version` rises with each act that changes something everybody sees; `step` only when what is
    before conference changes. `item` is the item before conference or, while it is still
    *planned*, the next to be called. `vote` is the latest vote, whatever its state, until the
    next item is called.

    What is before conference is a stack, the innermost first: `challenge` (a question about the
    chair), `procedural`, `amendment`, `motion`. There is at most one of each.
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
    attended: int = 0
    """Accepted delegates who have ever pressed *I am here*."""
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None
    challenge: ProceduralId | None = None
    leave: LeaveId | None = None
    """The objection window that is open, or None."""
    point: PointId | None = None
    """The point of order, explanation or information that is being heard, or None."""
    chair: PersonId | None = None
    """Who is in the chair; None before the opening, when any chair may open."""
    presiding: PersonId | None = None
    """Another officer who presides over a question about the chair."""
    chair_lost_at: int | None = None
    """Since when whoever is in the chair, or presides, has had no connection."""
    chair_next: PersonId | None = None
    """Who is offered the chair or, with `chair_next_at`, takes it."""
    chair_next_at: int | None = None
    pause: Pause | None = None
    paused_at: int | None = None
    resumes_at: int | None = None
    announcement: str = ""
    """The id of the remark that stands on every screen; empty for none."""
    speech_cap: int | None = None
    """Seconds that no speech may exceed, by a decision of conference."""
    draft: AgendaVersionId | None = None
    """The version of the agenda that is being prepared; None when what is released is all."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The standing orders' settings (procedure B9). Durations are seconds.

    The part of a name before the first underscore is the table of the file: `speech_mover` stands
    there as `speech.mover`.
    """

    id: int
    profile: Profile = Profile.UK_LABOUR
    quorum: int = 20
    """The quorum as a number of delegates; with a percentage, the least it can be."""
    quorum_percent: int = 0
    quorum_of: QuorumOf = QuorumOf.REGISTER
    quorum_blocks: bool = False
    """Whether no vote can open below the quorum, even when the chair confirms it twice."""
    speech_mover: int = 300
    speech_seconder: int = 180
    speech_amendment: int = 180
    """The mover of an amendment."""
    speech_other: int = 120
    speech_reply: int = 180
    speech_reply_amendment: int = 120
    speech_procedural: int = 60
    speech_point: int = 60
    speech_extension: int = 30
    speech_once: bool = True
    """One speech per person and question."""
    seconder_formal: bool = True
    """Whether somebody may second without speaking."""
    seconder_motions: bool = True
    seconder_amendments: bool = True
    amend_order: AmendmentOrder = AmendmentOrder.CAC_ORDER
    amend_from_floor: bool = False
    amend_second_level: bool = False
    amend_friendly: Friendly = Friendly.UNANIMOUS_LEAVE
    reply_when: ReplyWhen = ReplyWhen.END_OF_DEBATE
    reply_on_amendments: bool = True
    """Whether the mover of the motion replies to the debate on a contested amendment, too."""
    closure_majority: Majority = Majority.SIMPLE
    closure_min_speeches: int = 1
    """Speeches for, and as many against, before a closure."""
    closure_only_unspoken: bool = True
    closure_may_interrupt: bool = False
    procedural_cooldown: int = 600
    procedural_speeches: int = 3
    """A lost procedural motion may return after the cooldown or after so many speeches."""
    suspend_majority: Majority = Majority.TWO_THIRDS_CAST
    suspend_longest: int = 1800
    challenge_allowed: bool = True
    challenge_supporters: int = 4
    """How many challenge a ruling together, the first of them included."""
    challenge_majority: Majority = Majority.TWO_THIRDS_CAST
    """How many must be against the ruling."""
    challenge_window: int = 120
    confidence_majority: Majority = Majority.TWO_THIRDS_CAST
    withdraw_by: WithdrawBy = WithdrawBy.UNANIMOUS
    leave_window: int = 20
    chair_vote: ChairVote = ChairVote.NONE_TIE_FALLS
    chair_lost: int = 30
    """Without a connection for so long the chair counts as lost."""
    chair_warning: int = 20
    lobby_time: int = 600
    remit_parts: bool = False
    guillotine_effect: Guillotine = Guillotine.TO_VOTE
    vote_announcement: int = 15
    vote_duration: int = 90
    vote_minimum: int = 45
    vote_countdown: int = 10
    vote_extension: int = 30
    vote_change: bool = True
    """Whether a ballot may be changed until the close."""
    timing_slack: bool = True
    """Whether an item's slack is used up first when the conference is late."""
    timing_breaks_protected: bool = True
    """Whether a break keeps its whole length however late it is; otherwise it gives up to half."""
    timing_end_protected: bool = True
    """Whether the end of the day stands: then what is late has to be saved elsewhere."""
    vote_fewest: int = 5
    """With fewer ballots than this a secret vote's result is given without figures."""
    vote_small_side: bool = False
    """Whether a secret vote's figures are withheld, all of them, when any of them is small."""
    vote_confirm: bool = False
    """Whether two tellers confirm each result before it can be declared."""
    speech_grace: int = 30
    """For so long conference waits for a speaker who has lost the connection."""


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """One numbered standing order."""

    id: int
    title: str
    text: str
    governs: frozenset[Governs] = frozenset()
    """The rules that are suspended with this number."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """Numbered standing orders that conference has suspended, for a purpose and a time."""

    id: SuspensionId
    procedural: ProceduralId
    numbers: frozenset[int]
    starts_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class Person:
    """A pseudonym on the register. Name and address stand in erasable tables of the store."""

    id: PersonId
    roles: frozenset[Role]
    standing: Standing
    present: bool = False
    present_at: int | None = None
    """When this person last pressed *I am here*."""
    lobby_until: int | None = None
    """Sent out by the chair until then: no speaking; the vote stays."""


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
    """None in an item that is done: it was skipped and never called."""
    done_at: int | None = None
    guillotine: bool = False
    """Whether the debate ends when the item's minutes are up, as the adopted timetable says."""
    extended: int = 0
    """Minutes that conference has added to it."""
    guillotined: bool = False
    stood_ms: int = 0
    """Milliseconds of breaks and stops since it was called: they do not count towards its time."""
    slack: int = 0
    """Minutes of `minutes` that nothing is planned for."""
    room: str = ""
    people: tuple[str, ...] = ()
    """Published names of those who have a part in it without a slot, such as who is in the chair."""
    papers: tuple[ItemPaper, ...] = ()


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
    """The expected start that this speaker last confirmed with *seen*; 0: that it has passed."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """How a slot stands with its speaker. There is none before anything has been said or done."""

    id: SlotId
    reply: Reply = Reply.OPEN
    replied_at: int | None = None
    check_at: int | None = None
    """When the sound check is booked for."""
    checked: bool = False
    """Whether sound and picture have been checked by a steward."""
    ready: Ready = Ready.AWAY
    ready_at: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """The one row of what the stage manager sets."""

    id: int
    shows: Shows = Shows.AUTOMATIC
    delay: int = 0
    """By how many seconds the stream is behind the hall; a vote stays open for so much longer."""
    said_at: int | None = None
    """When somebody said *now* to measure that; None when nothing is being measured."""
    signal: Signal | None = None
    signal_turn: TurnId | None = None
    """The speech that the signal is meant for: in the next it is gone."""


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
    falls_if: tuple[MotionId, ...] = ()
    """Motions that, when one of them is carried, make this one fall."""
    speech: int | None = None
    """Seconds that no speech on this motion may exceed."""
    state: MotionState = MotionState.PUBLISHED
    mover: PersonId | None = None
    """Whoever pressed *I move*; the printed mover may have no account here."""
    seconder: PersonId | None = None
    outcome: Outcome | None = None
    reason: Reason | None = None
    list_closed: bool = False
    reply_waived: bool = False
    referred: tuple[int, ...] = ()
    """Paragraphs of a report that conference referred back, or of a motion that it remitted."""
    resumes_item: ItemId | None = None
    """The item at which an adjourned debate goes on."""


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One immutable version of a motion's text.

    Version 1 is as printed; each amendment that is carried or accepted makes the next.
    """

    id: TextId
    motion: MotionId
    number: int
    text: str
    """Paragraphs are parted by empty lines."""
    origins: tuple[int, ...]
    """For each paragraph its printed number, 0 for one that an amendment brought in."""
    at: int
    amendment: AmendmentId | None = None
    """The amendment that made it; None when a decision was taken back."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amendment: what it does to which place of its motion's printed text."""

    id: AmendmentId
    motion: MotionId
    position: int
    label: str
    instruction: str
    text: str
    """The words that come in; empty when it only deletes."""
    note: str = ""
    action: Action = Action.ADD
    paragraph: int = 0
    """The printed number of the paragraph it is about; 0: the beginning, or the whole text."""
    words: str = ""
    """ADD: the words after which it inserts. DELETE, REPLACE: the words that go. Empty: ADD makes
    new paragraphs after `paragraph`, DELETE and REPLACE are about the whole paragraph."""
    received: int = 0
    """Its place in the order of arrival; 0 when that was not noted."""
    falls_if: tuple[AmendmentId, ...] = ()
    """Amendments that, when one of them is carried, make this one fall."""
    accepted: bool = False
    """Whether the mover of the motion accepts it; conference still has to agree."""
    amends: AmendmentId | None = None
    """The amendment that this one would amend; None for one to the motion itself."""
    proposed_by: PersonId | None = None
    """The delegate who handed it in from the floor."""
    mover_name: str = ""
    seconder_name: str = ""
    state: MotionState = MotionState.PUBLISHED
    mover: PersonId | None = None
    seconder: PersonId | None = None
    outcome: Outcome | None = None
    reason: Reason | None = None
    list_closed: bool = False
    reply_waived: bool = False
    as_amended: str = ""
    """Its text after an amendment to it was carried; empty while it stands as printed."""


@dataclass(frozen=True, slots=True)
class Procedural:
    """One procedural motion, from the delegate who moves it to its result (procedure B5)."""

    id: ProceduralId
    kind: Procedure
    by: PersonId
    asked_at: int
    item: ItemId | None = None
    motion: MotionId | None = None
    amendment: AmendmentId | None = None
    """With `motion`, the question in whose debate it was moved."""
    state: ProceduralState = ProceduralState.ASKED
    seconder: PersonId | None = None
    supporters: frozenset[PersonId] = frozenset()
    """Who challenges a ruling together, the first of them included."""
    numbers: tuple[int, ...] = ()
    """SUSPEND: standing orders. REMIT, REFERENCE_BACK: paragraphs; none: the whole."""
    minutes: int = 0
    """SUSPEND, ADJOURN_MEETING, RECESS, EXTEND_TIME: how long."""
    seconds: int = 0
    """SPEECH_TIME: the longest speech from then on."""
    target: ItemId | None = None
    """VARY_ORDER: the item to be taken next. ADJOURN_DEBATE: the item at which it goes on."""
    point: PointId | None = None
    """CHALLENGE: the point whose ruling is challenged."""
    refused: ProceduralId | None = None
    """CHALLENGE: the procedural motion whose refusal by the chair is challenged."""
    vote: VoteId | None = None
    """RETAKE: the vote."""
    purpose: str = ""
    """The id of the remark that says what it is for; empty for none."""
    answer: str = ""
    """The id of the remark with which the chair refused it."""
    refused_by: PersonId | None = None
    about: PersonId | None = None
    """CHALLENGE: who made the ruling. NO_CONFIDENCE: who was in the chair. Never presides over it."""
    outcome: Outcome | None = None
    decided_at: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A point of order, explanation or information: raised, heard, ruled on with one line."""

    id: PointId
    kind: PointKind
    about: PointAbout
    by: PersonId
    raised_at: int
    number: int | None = None
    """The standing order it names."""
    motion: MotionId | None = None
    turn: TurnId | None = None
    """The speech whose clock it stopped."""
    state: PointState = PointState.RAISED
    ruled_at: int | None = None
    ruled_by: PersonId | None = None
    ruling: str = ""
    """The id of the remark with the ruling."""
    overturned: bool = False
    """Whether conference reversed the ruling."""


@dataclass(frozen=True, slots=True)
class Leave:
    """*Any objection?*: given when the window closes without one."""

    id: LeaveId
    kind: LeaveKind
    motion: MotionId
    opened_at: int
    closes_at: int
    amendment: AmendmentId | None = None
    state: LeaveState = LeaveState.OPEN


@dataclass(frozen=True, slots=True)
class Double:
    """A step that takes two officers: one proposes, another confirms."""

    id: DoubleId
    kind: DoubleKind
    by: PersonId
    at: int
    reason: str
    """The id of the remark that says why."""
    vote: VoteId | None = None
    person: PersonId | None = None
    state: DoubleState = DoubleState.PROPOSED
    second: PersonId | None = None


@dataclass(frozen=True, slots=True)
class FloorRequest:
    """Somebody's request to speak to a question: a motion, an amendment, a procedural motion."""

    id: RequestId
    motion: MotionId | None
    person: PersonId
    side: Side
    asked_at: int
    state: RequestState = RequestState.WAITING
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None
    heard: bool = False
    """Conference decided that this delegate be heard: called next."""


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
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None
    added: int = 0
    """Seconds that the chair has given on top."""
    paused_at: int | None = None
    """Since when the clock stands still."""
    paused_ms: int = 0
    """Milliseconds that it has stood still before that."""
    undone: bool = False
    """Called by mistake and taken back, or put off: it does not count as a speech."""
    closed: bool = False
    """A reply whose call ended the debate: taken back, the debate goes on."""
    lapsed: tuple[RequestId, ...] = ()
    """The requests that lapsed with that."""
    waits_until: int | None = None
    """Until when conference waits for whoever speaks, who has lost the connection."""
    seconds_left: int | None = None
    """The seconds that whoever was put off still has when they are called again."""
    read_out: bool = False
    """Whether the secretary reads out the rest."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote on one motion's text, from its announcement to its declared result."""

    id: VoteId
    motion: MotionId | None
    question: str
    text_hash: str
    """SHA-256 of the exact text that is put."""
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
    """A code, or the id of the remark with which the vote was stopped or made void."""
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None
    text_version: int | None = None
    """The number of the motion's text version that it is about."""
    below_quorum: bool = False
    """Opened below the quorum, which the chair confirmed twice."""
    more_time: bool = False
    """Somebody on the roll has asked for more time and has no answer yet."""
    closed_by_chair: bool = False
    casting: Choice | None = None
    """The chair's casting vote on a tie."""
    recount: bool = False
    """The ballots are to be counted again: the chair has ordered it, or a delegate asked for it."""
    recounted: bool | None = None
    """Whether the latest second count gave the same figures; None before there is one."""
    supersedes: VoteId | None = None
    """The vote that this one repeats."""
    returns_to: MotionState | None = None
    """Where its question stood before it was put: a void vote leads back there."""
    by_name: bool = False
    """Conference decided that it be taken by name: not sealed, and a roll-call is given out."""
    key: str = ""
    """The public key to which its ballots are sealed; empty before there is one, and by name."""
    fewest: int = 1
    """With fewer ballots than this its result is given without figures (`figures.py`)."""
    small_side: bool = False
    envelopes: int | None = None
    """How many envelopes were in the box at the close; None by name."""
    root: str = ""
    """The hash over all of them (`sealing/merkle.py`), fixed before one of them is opened."""
    invalid: int = 0
    """Envelopes that were opened and count for nothing."""
    confirmed: frozenset[PersonId] = frozenset()
    """The tellers who have confirmed the result."""


@dataclass(frozen=True, slots=True)
class Roll:
    """Who may vote in one vote: the delegates present when it opened."""

    vote: VoteId
    people: frozenset[PersonId]


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head: what was so, chained to the head before (`sealing/heads.py`)."""

    id: HeadId
    vote: VoteId
    line: str
    signature: str
    """Base64url."""
    signer: str
    """The public key of the signature, base64url: another key begins another chain."""


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
class Correction:
    """The secretary's correction of an entry of the minutes; the entry itself stays as it is."""

    id: MinuteId
    remark: str
    """The id of the remark with the corrected text."""
    by: PersonId
    at: int


@dataclass(frozen=True, slots=True)
class AgendaVersion:
    """One version of the agenda, a draft or released. None of them ever changes but by its release."""

    id: AgendaVersionId
    at: int
    plan: Plan
    follows: AgendaVersionId | None = None
    """The version to which undoing this one leads."""
    released_at: int | None = None
    anyway: bool = False
    """Whether it was saved although something in it does not fit together."""


@dataclass(frozen=True, slots=True)
class RegisterLock:
    """The register as it was locked: at most one row."""

    id: int
    at: int
    by: PersonId | None
    """None when its time had come."""
    root: str
    """The published hash of all lines."""
    delegates: int
    """How many stood on it."""


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One delegate's line of the locked register, as a salted hash; the salt is erasable."""

    person: PersonId
    leaf: str


@dataclass(frozen=True, slots=True)
class OfficeStep:
    """A step of the register that takes two officers."""

    id: OfficeStepId
    kind: OfficeStepKind
    by: PersonId
    at: int
    person: PersonId | None = None
    """Who is to be admitted late; None for an export."""
    state: OfficeStepState = OfficeStepState.PROPOSED
    second: PersonId | None = None
    lines: int = 0
    """How many the exported file had."""


@dataclass(frozen=True, slots=True)
class HiddenName:
    """A display name that the chair has had shown nowhere."""

    person: PersonId
    by: PersonId
    at: int


@dataclass(frozen=True, slots=True)
class Draw:
    """People drawn from the locked register by two tellers, and what calling them showed."""

    id: DrawId
    by: PersonId
    at: int
    first: int
    """The number of whoever began it; shown to nobody before the second number is there."""
    second_by: PersonId | None = None
    second: int | None = None
    people: tuple[PersonId, ...] = ()
    real: frozenset[PersonId] = frozenset()
    not_reached: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class Meeting:
    """Everything the rules know. Equal rows make equal meetings."""

    conference: Conference
    settings: Settings
    standing_orders: Table[int, StandingOrder] = field(default_factory=Table)
    people: Table[PersonId, Person] = field(default_factory=Table)
    items: Table[ItemId, Item] = field(default_factory=Table)
    slots: Table[SlotId, Slot] = field(default_factory=Table)
    appearances: Table[SlotId, Appearance] = field(default_factory=Table)
    stage: Stage = Stage(1)
    motions: Table[MotionId, Motion] = field(default_factory=Table)
    texts: Table[TextId, TextVersion] = field(default_factory=Table)
    amendments: Table[AmendmentId, Amendment] = field(default_factory=Table)
    procedurals: Table[ProceduralId, Procedural] = field(default_factory=Table)
    points: Table[PointId, Point] = field(default_factory=Table)
    leaves: Table[LeaveId, Leave] = field(default_factory=Table)
    suspensions: Table[SuspensionId, Suspension] = field(default_factory=Table)
    doubles: Table[DoubleId, Double] = field(default_factory=Table)
    requests: Table[RequestId, FloorRequest] = field(default_factory=Table)
    turns: Table[TurnId, Turn] = field(default_factory=Table)
    votes: Table[VoteId, Vote] = field(default_factory=Table)
    rolls: Table[VoteId, Roll] = field(default_factory=Table)
    heads: Table[HeadId, Head] = field(default_factory=Table)
    elections: Table[ItemId, Election] = field(default_factory=Table)
    candidates: Table[CandidateId, Candidate] = field(default_factory=Table)
    minutes: Table[MinuteId, Minute] = field(default_factory=Table)
    corrections: Table[MinuteId, Correction] = field(default_factory=Table)
    sessions: Table[AgendaSessionId, AgendaSession] = field(default_factory=Table)
    versions: Table[AgendaVersionId, AgendaVersion] = field(default_factory=Table)
    register_locks: Table[int, RegisterLock] = field(default_factory=Table)
    register_lines: Table[PersonId, RegisterLine] = field(default_factory=Table)
    office_steps: Table[OfficeStepId, OfficeStep] = field(default_factory=Table)
    hidden_names: Table[PersonId, HiddenName] = field(default_factory=Table)
    draws: Table[DrawId, Draw] = field(default_factory=Table)
