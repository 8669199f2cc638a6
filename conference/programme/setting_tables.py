"""What may stand under `[settings]` of a conference file (procedure B9).

What is left out is taken from the profile; `profiles` says which value that is.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from conference.programme.values import Delegates, Speech, Table, Word
from conference.rules.kinds import (
    AmendmentOrder,
    ChairVote,
    Friendly,
    Guillotine,
    Majority,
    Profile,
    QuorumOf,
    ReplyWhen,
    WithdrawBy,
)


class QuorumTable(Table, frozen=True, kw_only=True):
    """`quorum`, where one number is not enough."""

    number: Delegates | None = None
    percent: Annotated[int, Meta(ge=0, le=100)] | None = None
    of: QuorumOf | None = None
    blocks: bool | None = None


class SpeechTable(Table, frozen=True, kw_only=True):
    """Seconds for each kind of speech, and how often one may speak."""

    mover: Speech | None = None
    seconder: Speech | None = None
    amendment: Speech | None = None
    other: Speech | None = None
    reply: Speech | None = None
    reply_amendment: Speech | None = None
    procedural: Speech | None = None
    point: Speech | None = None
    extension: Speech | None = None
    grace: Annotated[int, Meta(ge=5, le=600)] | None = None
    once: bool | None = None


class SeconderTable(Table, frozen=True, kw_only=True):
    """What needs a seconder."""

    formal: bool | None = None
    motions: bool | None = None
    amendments: bool | None = None


class AmendTable(Table, frozen=True, kw_only=True):
    """How amendments are taken."""

    order: AmendmentOrder | None = None
    from_floor: bool | None = None
    second_level: bool | None = None
    friendly: Friendly | None = None


class ReplyTable(Table, frozen=True, kw_only=True):
    """The reply of a motion's mover."""

    when: ReplyWhen | None = None
    on_amendments: bool | None = None


class ClosureTable(Table, frozen=True, kw_only=True):
    """That the question be now put."""

    majority: Majority | None = None
    min_speeches: Annotated[int, Meta(ge=0, le=20)] | None = None
    only_unspoken: bool | None = None
    may_interrupt: bool | None = None


class ProceduralTable(Table, frozen=True, kw_only=True):
    """When a procedural motion that was lost may return."""

    cooldown: Annotated[int, Meta(ge=0, le=7200)] | None = None
    speeches: Annotated[int, Meta(ge=1, le=100)] | None = None


class SuspendTable(Table, frozen=True, kw_only=True):
    """The suspension of standing orders."""

    majority: Majority | None = None
    longest: Annotated[int, Meta(ge=60, le=28_800)] | None = None


class ChallengeTable(Table, frozen=True, kw_only=True):
    """The challenge to a ruling of the chair."""

    allowed: bool | None = None
    supporters: Annotated[int, Meta(ge=1, le=100)] | None = None
    majority: Majority | None = None
    window: Annotated[int, Meta(ge=10, le=3600)] | None = None


class ConfidenceTable(Table, frozen=True, kw_only=True):
    """No confidence in the chair."""

    majority: Majority | None = None


class WithdrawTable(Table, frozen=True, kw_only=True):
    """Whose leave a withdrawal needs."""

    by: WithdrawBy | None = None


class LeaveTable(Table, frozen=True, kw_only=True):
    """The question *any objection?*."""

    window: Annotated[int, Meta(ge=5, le=300)] | None = None


class ChairTable(Table, frozen=True, kw_only=True):
    """The chair's vote, and what happens when the chair is lost."""

    vote: ChairVote | None = None
    lost: Annotated[int, Meta(ge=10, le=600)] | None = None
    warning: Annotated[int, Meta(ge=5, le=300)] | None = None


class LobbyTable(Table, frozen=True, kw_only=True):
    """For how long the chair may send somebody to the lobby."""

    time: Annotated[int, Meta(ge=60, le=3600)] | None = None


class RemitTable(Table, frozen=True, kw_only=True):
    """Whether parts of a motion can be remitted."""

    parts: bool | None = None


class GuillotineTable(Table, frozen=True, kw_only=True):
    """What becomes of the open question when an item's time is up."""

    effect: Guillotine | None = None


class TimingTable(Table, frozen=True, kw_only=True):
    """What gives way when the conference is late."""

    slack: bool | None = None
    breaks_protected: bool | None = None
    end_protected: bool | None = None


class VoteTable(Table, frozen=True, kw_only=True):
    """Seconds of a vote, from its announcement to its close, and how votes are taken."""

    announcement: Annotated[int, Meta(ge=1, le=600)] | None = None
    duration: Annotated[int, Meta(ge=5, le=3600)] | None = None
    minimum: Annotated[int, Meta(ge=1, le=3600)] | None = None
    countdown: Annotated[int, Meta(ge=1, le=120)] | None = None
    extension: Annotated[int, Meta(ge=5, le=600)] | None = None
    change: bool | None = None
    fewest: Annotated[int, Meta(ge=1, le=100)] | None = None
    small_side: bool | None = None
    confirm: bool | None = None
    secrecy: Word | None = None
    running_tally: Word | None = None
    weighting: Word | None = None


class SettingsTable(Table, frozen=True, kw_only=True):
    """The settings of the standing orders (procedure B9)."""

    profile: Profile | None = None
    quorum: Delegates | QuorumTable | None = None
    speech: SpeechTable = field(default_factory=SpeechTable)
    seconder: SeconderTable = field(default_factory=SeconderTable)
    amend: AmendTable = field(default_factory=AmendTable)
    reply: ReplyTable = field(default_factory=ReplyTable)
    closure: ClosureTable = field(default_factory=ClosureTable)
    procedural: ProceduralTable = field(default_factory=ProceduralTable)
    suspend: SuspendTable = field(default_factory=SuspendTable)
    challenge: ChallengeTable = field(default_factory=ChallengeTable)
    confidence: ConfidenceTable = field(default_factory=ConfidenceTable)
    withdraw: WithdrawTable = field(default_factory=WithdrawTable)
    leave: LeaveTable = field(default_factory=LeaveTable)
    chair: ChairTable = field(default_factory=ChairTable)
    lobby: LobbyTable = field(default_factory=LobbyTable)
    remit: RemitTable = field(default_factory=RemitTable)
    guillotine: GuillotineTable = field(default_factory=GuillotineTable)
    timing: TimingTable = field(default_factory=TimingTable)
    vote: VoteTable = field(default_factory=VoteTable)
    late_motions: Word | None = None
    names_in_minutes: Word | None = None
