"""Two tellers draw people from the locked register and look whether they are real."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change
from conference.rules.kinds import DrawId, PersonId, VoteState
from conference.rules.people import is_locked
from conference.rules.refused import Code, Refused
from conference.rules.register import LOCK
from conference.rules.state import Draw, Meeting, RegisterLine

DRAWN = 20
"""How many people two tellers draw from the register."""
MOST = 10**9
"""A teller's number is below this: nine digits, thrown with dice or thought of."""


def start_draw(meeting: Meeting, act: a.StartDraw, by: PersonId, now: int) -> Meeting | Refused:
    """Begin a draw. Refuses before the register is locked, and while another waits for a second."""
    if not is_locked(meeting):
        return Refused(Code.REGISTER_OPEN)
    if not 0 <= act.number < MOST:
        return Refused(Code.BAD_NUMBERS)
    if any(row.second_by is None for row in meeting.draws.values()):
        return Refused(Code.ALREADY_PROPOSED)
    row = Draw(DrawId(len(meeting.draws) + 1), by, now, act.number)
    return replace(meeting, draws=meeting.draws.put(row.id, row))


def join_draw(meeting: Meeting, act: a.JoinDraw, by: PersonId, now: int) -> Meeting | Refused:
    """Draw the people: neither teller alone decides whom. Refuses whoever began it."""
    row = meeting.draws.get(act.draw)
    if row is None:
        return Refused(Code.UNKNOWN)
    if row.second_by is not None:
        return Refused(Code.ALREADY_DONE)
    if row.by == by:
        return Refused(Code.SECOND_OFFICER)
    if not 0 <= act.number < MOST:
        return Refused(Code.BAD_NUMBERS)
    chosen = drawn(meeting, row.first, act.number)
    row = replace(row, second_by=by, second=act.number, people=chosen)
    made = replace(meeting, draws=meeting.draws.put(row.id, row))
    return change.note(made, now, "drawn", people=len(chosen))


def drawn(meeting: Meeting, first: int, second: int) -> tuple[PersonId, ...]:
    """Return who is drawn: the lines whose hash with both numbers and the register's comes first.

    Anybody who has the numbers and the published hashes can do it again.
    """
    root = meeting.register_locks[LOCK].root

    def order(line: RegisterLine) -> str:
        return hashlib.sha256(f"{root} {first} {second} {line.leaf}".encode()).hexdigest()

    return tuple(line.person for line in sorted(meeting.register_lines.values(), key=order))[:DRAWN]


def record_draw(meeting: Meeting, act: a.RecordDraw) -> Meeting | Refused:
    """Record *real* or *not reached* for somebody who was drawn; the latest counts."""
    row = meeting.draws.get(act.draw)
    if row is None or act.person not in row.people:
        return Refused(Code.UNKNOWN)
    one = frozenset({act.person})
    real = row.real | one if act.real else row.real - one
    missed = row.not_reached - one if act.real else row.not_reached | one
    row = replace(row, real=real, not_reached=missed)
    return replace(meeting, draws=meeting.draws.put(row.id, row))


def note_assistance(meeting: Meeting, act: a.NoteAssistance, now: int) -> Meeting | Refused:
    """Let the minutes say that a delegate was helped to vote; not whom. Only while it is open."""
    vote = meeting.votes.get(act.vote)
    if vote is None:
        return Refused(Code.UNKNOWN)
    if refusal := agenda.business(meeting):
        return refusal
    if vote.state is not VoteState.OPEN:
        return Refused(Code.VOTE_NOT_OPEN if vote.opened_at is None else Code.VOTE_CLOSED)
    return change.note(meeting, now, "assisted", vote=vote.id)
