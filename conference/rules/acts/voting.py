"""What the chair does with votes."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import AmendmentId, Choice, MotionId, ProceduralId, VoteId


@dataclass(frozen=True, slots=True)
class AnnounceVote:
    """Announce a vote; it opens by itself after the announced seconds.

    On the amendment when one is named, on the procedural motion when one is named, else on the
    motion itself.
    """

    motion: MotionId | None = None
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None
    below_quorum: bool = False
    """The chair has confirmed a second time that there is no quorum."""


@dataclass(frozen=True, slots=True)
class CallOffVote:
    """Take the announcement of a vote back before it opens."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class LeaveUndecided:
    """Go on without deciding the question: possible only while the quorum is lost."""

    motion: MotionId | None = None
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None


@dataclass(frozen=True, slots=True)
class ExtendVote:
    """Give the open vote one extension more."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class CloseVote:
    """Start the closing countdown of the open vote, once the minimum has passed."""

    vote: VoteId
    anyway: bool = False
    """Although somebody has asked for more time: pressed a second time."""


@dataclass(frozen=True, slots=True)
class StopVote:
    """Stop the open vote before any figure exists: nothing is counted or kept."""

    vote: VoteId
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CastingVote:
    """Decide a tie from the chair, where the standing orders give the chair a casting vote."""

    vote: VoteId
    choice: Choice


@dataclass(frozen=True, slots=True)
class DeclareResult:
    """Declare the counted result: from here everybody sees it."""

    vote: VoteId


@dataclass(frozen=True, slots=True)
class RecountVote:
    """Have the ballots of the declared vote counted again, before the next business."""

    vote: VoteId
