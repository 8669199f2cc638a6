"""The procedural motions as one table: every row of procedure B5, every cell in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from conference.rules.kinds import (
    Base,
    Majority,
    Outcome,
    ProceduralState,
    Procedure,
    Profile,
    Rule,
    Side,
)
from conference.rules.question import Question
from conference.rules.state import Meeting, Procedural


class Scope(StrEnum):
    """When a procedural motion is possible."""

    QUESTION = "question"
    """While a motion or an amendment is in debate; it is about that question."""
    PUT = "put"
    """The same, and also when the debate is closed and the question waits to be put."""
    MOTION = "motion"
    """While a motion is in debate, on the whole of it with its amendments."""
    MAIN = "main"
    """While the motion itself is in debate and no amendment is open."""
    REPORT = "report"
    """While a report is before conference."""
    UNPUT = "unput"
    """From the moment a motion or an amendment is seconded until it is put."""
    SET_ASIDE = "set_aside"
    """Between questions, for a motion that was set aside."""
    ANY = "any"
    """At any time while conference is open."""
    RULING = "ruling"
    """At once after a ruling of the chair."""
    RESULT = "result"
    """After the declaration, before the next business."""
    ITEMS = "items"
    """Between items, or when the item has nothing open."""
    QUEUE = "queue"
    """While somebody waits to speak."""
    DECIDED = "decided"
    """Between questions, for a motion that was decided."""


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """One row of the table."""

    precedence: int
    """Lower goes first when several are pending (B5)."""
    scope: Scope
    unspoken: bool = False
    """Whether only somebody who has not spoken on the question may move it."""
    seconder: bool = True
    speeches_for: int = 0
    speeches_against: int = 0
    explained: bool = False
    """Whether its mover explains it before the vote."""
    answered: bool = False
    """Whether somebody answers before the vote: whom it is about, or the mover of the motion."""
    cooldown: bool = True
    about_chair: bool = False

    @property
    def debate(self) -> bool:
        """Whether anybody speaks on it before the vote."""
        return self.explained or self.speeches_for > 0 or self.speeches_against > 0


ROWS: Mapping[Procedure, ProcedureRow] = {
    Procedure.CHALLENGE: ProcedureRow(
        1,
        Scope.RULING,
        seconder=False,
        explained=True,
        answered=True,
        cooldown=False,
        about_chair=True,
    ),
    Procedure.NO_CONFIDENCE: ProcedureRow(
        1, Scope.ANY, explained=True, answered=True, about_chair=True
    ),
    Procedure.SUSPEND: ProcedureRow(2, Scope.ANY, explained=True, speeches_against=1),
    Procedure.ADJOURN_MEETING: ProcedureRow(3, Scope.ANY, unspoken=True),
    Procedure.ADJOURN_DEBATE: ProcedureRow(
        4, Scope.MOTION, unspoken=True, explained=True, answered=True
    ),
    Procedure.NEXT_BUSINESS: ProcedureRow(5, Scope.MOTION, unspoken=True),
    Procedure.CLOSURE: ProcedureRow(6, Scope.QUESTION, unspoken=True),
    Procedure.TABLE: ProcedureRow(7, Scope.MAIN),
    Procedure.REMIT: ProcedureRow(8, Scope.MOTION, explained=True, speeches_against=1),
    Procedure.REFERENCE_BACK: ProcedureRow(8, Scope.REPORT, explained=True, answered=True),
    Procedure.WITHDRAWAL: ProcedureRow(8, Scope.UNPUT),
    Procedure.TAKE_UP: ProcedureRow(9, Scope.SET_ASIDE),
    Procedure.BE_HEARD: ProcedureRow(9, Scope.QUEUE),
    Procedure.RETAKE: ProcedureRow(9, Scope.RESULT),
    Procedure.BY_NAME: ProcedureRow(9, Scope.PUT, explained=True, speeches_against=1),
    Procedure.EXTEND_TIME: ProcedureRow(9, Scope.QUESTION),
    Procedure.SPEECH_TIME: ProcedureRow(9, Scope.ANY),
    Procedure.VARY_ORDER: ProcedureRow(9, Scope.ITEMS, explained=True, speeches_against=1),
    Procedure.RECESS: ProcedureRow(9, Scope.ANY),
    Procedure.RECONSIDER: ProcedureRow(9, Scope.DECIDED, explained=True, speeches_against=1),
}
"""What each needs. How many supporters a challenge needs, and every majority, is a setting."""

USES: Mapping[Procedure, tuple[str, ...]] = {
    Procedure.SUSPEND: ("numbers", "minutes"),
    Procedure.REMIT: ("numbers",),
    Procedure.REFERENCE_BACK: ("numbers",),
    Procedure.ADJOURN_MEETING: ("minutes",),
    Procedure.RECESS: ("minutes",),
    Procedure.EXTEND_TIME: ("minutes",),
    Procedure.SPEECH_TIME: ("seconds",),
    Procedure.ADJOURN_DEBATE: ("target",),
    Procedure.VARY_ORDER: ("target",),
    Procedure.CHALLENGE: ("point", "refused"),
    Procedure.RETAKE: ("vote",),
}
"""The particulars that are checked for a kind. Others are not kept: they may name what there is not."""

ROBERTS = frozenset({Procedure.RECESS, Procedure.RECONSIDER})
"""What there is under Robert's Rules only (procedure C)."""

PARTS = frozenset({Procedure.REMIT, Procedure.REFERENCE_BACK})
"""What may be about paragraphs of a text."""

WAITING = frozenset({ProceduralState.ASKED, ProceduralState.SECONDED})
"""Moved, and not yet before conference."""

_MAJORITIES = {
    Majority.SIMPLE: (Rule.SIMPLE, Base.CAST),
    Majority.TWO_THIRDS_CAST: (Rule.TWO_THIRDS, Base.CAST),
    Majority.TWO_THIRDS_PRESENT: (Rule.TWO_THIRDS, Base.PRESENT),
}


LADDER = (
    Procedure.ADJOURN_MEETING,
    Procedure.RECESS,
    Procedure.TABLE,
    Procedure.CLOSURE,
    Procedure.EXTEND_TIME,
    Procedure.SPEECH_TIME,
    Procedure.ADJOURN_DEBATE,
    Procedure.REMIT,
    Procedure.REFERENCE_BACK,
    Procedure.NEXT_BUSINESS,
)
"""Robert's Rules, highest first: adjourn, recess, lay on the table, previous question as there, limit
or extend debate, postpone to a time, commit, postpone indefinitely (procedure C). When to meet again
is said with *adjourn*; a question of privilege and the orders of the day are points."""


def precedence(meeting: Meeting, kind: Procedure) -> int:
    """Return the rank of this kind when several wait: lower goes first (B5; C for Robert's Rules)."""
    rank = ROWS[kind].precedence
    first = ROWS[LADDER[0]].precedence
    if meeting.settings.profile is not Profile.RONR or rank < first:
        return rank
    return first + (LADDER.index(kind) if kind in LADDER else len(LADDER))


def majority_of(meeting: Meeting, kind: Procedure) -> tuple[Rule, Base]:
    """Return the majority that this kind needs here, and of what it is counted.

    A ruling stands unless the set share is against it (B5, B7); under Robert's Rules an appeal is
    decided by a simple majority, and a tie sustains the chair. There debate is limited or extended
    by two thirds.
    """
    settings = meeting.settings
    limits = kind in {Procedure.EXTEND_TIME, Procedure.SPEECH_TIME}
    if limits and settings.profile is Profile.RONR:
        return Rule.TWO_THIRDS, Base.CAST
    if kind is Procedure.CHALLENGE:
        if settings.challenge_majority is Majority.SIMPLE:
            return Rule.SUSTAIN, Base.CAST
        present = settings.challenge_majority is Majority.TWO_THIRDS_PRESENT
        return Rule.UPHOLD, Base.PRESENT if present else Base.CAST
    named = {
        Procedure.CLOSURE: settings.closure_majority,
        Procedure.SUSPEND: settings.suspend_majority,
        Procedure.NO_CONFIDENCE: settings.confidence_majority,
    }
    return _MAJORITIES[named.get(kind, Majority.SIMPLE)]


def majority(meeting: Meeting, row: Procedural) -> tuple[Rule, Base]:
    """Return the majority that this procedural motion needs."""
    return majority_of(meeting, row.kind)


def by_name(meeting: Meeting, asked: Question) -> bool:
    """Say whether conference has decided that the vote on this question be taken by name.

    Never a vote on a procedural motion, least of all on the one that asks for it.
    """
    return asked.procedural is None and any(
        row.kind is Procedure.BY_NAME
        and row.outcome is Outcome.CARRIED
        and (row.motion, row.amendment) == (asked.motion, asked.amendment)
        for row in meeting.procedurals.values()
    )


def supporters(meeting: Meeting, kind: Procedure) -> int:
    """Return how many must stand behind it before it is put, its mover included."""
    if kind is Procedure.CHALLENGE:
        return max(meeting.settings.challenge_supporters, 1)
    return 2 if ROWS[kind].seconder else 1


def speeches(kind: Procedure, side: Side) -> int:
    """Return how many may speak on this side before the vote."""
    row = ROWS[kind]
    return row.speeches_for if side is Side.FOR else row.speeches_against
