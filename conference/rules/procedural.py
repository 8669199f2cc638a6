"""Moving, seconding, supporting, taking and refusing procedural motions (procedure B5)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, eligible, people, question, roles, rulings, speech
from conference.rules.eligible import OPEN_STATES
from conference.rules.kinds import (
    PersonId,
    ProceduralId,
    ProceduralState,
    Procedure,
)
from conference.rules.procedures import ROWS, USES, WAITING, precedence, supporters
from conference.rules.question import Question
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting, Procedural


def waiting(meeting: Meeting) -> list[Procedural]:
    """Return what has been moved and not dealt with, in the order of precedence, then of time."""
    rows = (row for row in meeting.procedurals.values() if row.state in WAITING)
    return sorted(rows, key=lambda row: (precedence(meeting, row.kind), row.asked_at, row.id))


def may_move(meeting: Meeting, kind: Procedure, by: PersonId, now: int) -> Refused | None:
    """Say why this person cannot move it now, whatever its particulars, or None.

    The guided form shows this before anything is sent.
    """
    if refusal := agenda.business(meeting) or people.may_speak(meeting, by, now):
        return refusal
    if by == roles.in_the_chair(meeting):
        return Refused(Code.NOT_ALLOWED)
    if refusal := eligible.scope(meeting, kind) or eligible.in_force(meeting, kind, by, now):
        return refusal
    asked = eligible.question_for(meeting, kind)
    if refusal := eligible.unspoken(meeting, kind, asked, by):
        return refusal
    if refusal := eligible.movers_own(meeting, kind, asked, by):
        return refusal
    if refusal := eligible.debated_enough(meeting, kind, asked):
        return refusal
    if any(_is_same(meeting, row, kind, asked) for row in meeting.procedurals.values()):
        return Refused(Code.ALREADY_PROPOSED)
    return eligible.cooled_down(meeting, kind, asked, now)


def _is_same(meeting: Meeting, row: Procedural, kind: Procedure, asked: Question) -> bool:
    """Say whether this has been moved already and waits; a challenge to an earlier ruling has not."""
    if row.kind is not kind or row.state not in OPEN_STATES:
        return False
    if kind is Procedure.CHALLENGE:
        return rulings.is_about_latest(meeting, row)
    return eligible.key(row) == asked[:2]


def move(meeting: Meeting, act: a.MoveProcedural, by: PersonId, now: int) -> Meeting | Refused:
    """Move it. It waits for its seconder or supporters, and then for the chair.

    Refuses what `may_move` refuses, and particulars that make no sense.
    """
    if refusal := may_move(meeting, act.kind, by, now):
        return refusal
    if refusal := eligible.particulars(meeting, act, by, now):
        return refusal
    asked = eligible.question_for(meeting, act.kind)
    names_one = act.kind in {Procedure.TAKE_UP, Procedure.RECONSIDER}
    motion = act.motion if names_one else asked.motion
    ruled_out = act.kind is Procedure.CHALLENGE and act.motion is not None
    row = Procedural(
        ProceduralId(len(meeting.procedurals) + 1), act.kind, by, now,
        item=meeting.conference.item, motion=act.motion if ruled_out else motion,
        amendment=act.amendment if ruled_out else asked.amendment,
        supporters=frozenset({by}), purpose=act.remark, about=rulings.about(meeting, act.kind),
        **{field: getattr(act, field) for field in USES.get(act.kind, ())},
    )  # fmt: skip
    row = replace(row, numbers=tuple(sorted(set(row.numbers))))
    if act.kind is Procedure.CHALLENGE:
        meeting = _overtaken(meeting)
    moved = change.procedural(meeting, row)
    return _backed(moved, row, now)


def _overtaken(meeting: Meeting) -> Meeting:
    """Return the meeting in which no challenge waits for supporters that is to an earlier ruling."""
    for row in meeting.procedurals.values():
        waits = row.kind is Procedure.CHALLENGE and row.state is ProceduralState.ASKED
        if waits and not rulings.is_about_latest(meeting, row):
            lapsed = replace(row, state=ProceduralState.LAPSED)
            meeting = change.procedural(meeting, lapsed)
    return meeting


def second(meeting: Meeting, act: a.SecondProcedural, by: PersonId, now: int) -> Meeting | Refused:
    """Second it, or support a challenge. With the last supporter a challenge is put at once."""
    if refusal := agenda.business(meeting) or people.may_speak(meeting, by, now):
        return refusal
    row = meeting.procedurals.get(act.procedural)
    if row is None:
        return Refused(Code.UNKNOWN)
    if row.state is not ProceduralState.ASKED:
        return Refused(Code.ALREADY_SECONDED, {"label": ""})
    if row.by == by:
        return Refused(Code.OWN_PROPOSAL)
    if by == roles.in_the_chair(meeting):
        return Refused(Code.NOT_ALLOWED)
    if by in row.supporters:
        return Refused(Code.ALREADY_SUPPORTED)
    if row.kind is Procedure.CHALLENGE and not rulings.is_about_latest(meeting, row):
        return Refused(Code.NO_RULING)
    backed = replace(row, supporters=row.supporters | {by}, seconder=row.seconder or by)
    return _backed(change.procedural(meeting, backed), backed, now)


def _backed(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    """Return the meeting in which it waits for the chair, once enough stand behind it."""
    if len(row.supporters) < supporters(meeting, row.kind):
        return meeting
    seconded = replace(row, state=ProceduralState.SECONDED)
    backed = change.procedural(meeting, seconded)
    return change.note(backed, now, "procedural_moved", procedural=row.id)


def promote(meeting: Meeting, now: int) -> Meeting:
    """Return the meeting in which a question about the chair that waits is before conference.

    It needs no act of the chair, whom it is about: `take` asks after every act. It waits only while
    a vote, a point or a question of leave is dealt with, in a break, and for another such question.
    A speech is not interrupted, but its clock stands until somebody presides: till then nobody could
    give time or end it.
    """
    head = meeting.conference
    busy = head.challenge is not None or head.leave is not None or head.point is not None
    if busy or agenda.business(meeting) or agenda.vote_runs(meeting):
        return meeting
    for row in waiting(meeting):
        if ROWS[row.kind].about_chair and row.state is ProceduralState.SECONDED:
            pending = replace(row, state=ProceduralState.PENDING)
            meeting = speech.stood(change.procedural(meeting, pending), now)
            return change.conference(meeting, challenge=row.id, presiding=None)
    return meeting


def withdraw(meeting: Meeting, act: a.WithdrawProcedural, by: PersonId) -> Meeting | Refused:
    """Take one's own back before it is before conference."""
    row = meeting.procedurals.get(act.procedural)
    if row is None:
        return Refused(Code.UNKNOWN)
    if row.by != by:
        return Refused(Code.NOT_YOURS)
    if row.state not in WAITING:
        return Refused(Code.TOO_LATE)
    return change.procedural(meeting, replace(row, state=ProceduralState.WITHDRAWN))


def take(meeting: Meeting, act: a.TakeProcedural, now: int) -> Meeting | Refused:
    """Put it before conference: only one can be, and what goes before it must be dealt with first.

    No speech is interrupted, unless the standing orders let a closure do that (B5).
    """
    row = meeting.procedurals.get(act.procedural)
    if row is None:
        return Refused(Code.UNKNOWN)
    closure = row.kind is Procedure.CLOSURE and meeting.settings.closure_may_interrupt
    turn = meeting.conference.turn
    if closure and turn is not None and row.state is ProceduralState.SECONDED:
        meeting = speech.ended(meeting, meeting.turns[turn], now)
    if refusal := agenda.quiet(meeting):
        return refusal
    if row.state is ProceduralState.ASKED:
        return Refused(Code.NEEDS_SECONDER)
    if row.state is not ProceduralState.SECONDED:
        return Refused(Code.ALREADY_DONE)
    if refusal := eligible.still(meeting, row, now):
        return refusal
    seconded = [x for x in waiting(meeting) if x.state is ProceduralState.SECONDED]
    rank = precedence(meeting, row.kind)
    before = [x for x in seconded if precedence(meeting, x.kind) < rank]
    if any(eligible.still(meeting, x, now) is None for x in before):
        return Refused(Code.NOT_POSSIBLE_NOW)
    taken = change.procedural(meeting, replace(row, state=ProceduralState.PENDING))
    taken = change.conference(taken, procedural=row.id)
    return change.note(taken, now, "procedural_taken", procedural=row.id)


def refuse(meeting: Meeting, act: a.RefuseProcedural, by: PersonId, now: int) -> Meeting | Refused:
    """Refuse it with one line: a ruling, which can be challenged.

    A question about the chair cannot be refused by the chair.
    """
    if refusal := agenda.business(meeting):
        return refusal
    row = meeting.procedurals.get(act.procedural)
    if row is None:
        return Refused(Code.UNKNOWN)
    if ROWS[row.kind].about_chair:
        return Refused(Code.CHAIR_BARRED)
    if row.state not in WAITING:
        return Refused(Code.ALREADY_DONE)
    if not act.remark:
        return Refused(Code.NEEDS_REASON)
    refused = replace(
        row, state=ProceduralState.REFUSED, answer=act.remark, decided_at=now, refused_by=by
    )
    return change.note(
        change.procedural(meeting, refused), now, "procedural_refused", procedural=row.id
    )


def leave_undecided(meeting: Meeting, act: a.LeaveUndecided, now: int) -> Meeting | Refused:
    """Go on without a decision on what is pending, as `debate.leave_undecided` does with a motion.

    It lapses; a ruling that was challenged stands. Refuses while there is a quorum.
    """
    if refusal := agenda.idle(meeting):
        return refusal
    asked = question.innermost(meeting)
    if asked is None or asked.procedural is None or asked.procedural != act.procedural:
        return Refused(Code.NOT_POSSIBLE_NOW)
    if question.is_quorate(meeting, now):
        return Refused(Code.QUORATE)
    row = meeting.procedurals[asked.procedural]
    left = change.procedural(meeting, replace(row, state=ProceduralState.LAPSED))
    left = agenda.lapse_requests(left, asked)
    if meeting.conference.challenge == row.id:
        left = change.conference(left, challenge=None, presiding=None, chair_lost_at=None)
    else:
        left = change.conference(left, procedural=None)
    return change.note(left, now, "procedural_undecided", procedural=row.id)


__all__ = [
    "leave_undecided",
    "may_move",
    "move",
    "promote",
    "refuse",
    "second",
    "take",
    "waiting",
    "withdraw",
]
