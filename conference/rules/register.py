"""The register: decisions taken back, late admissions, the lock with its hash, exports, hidden names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from conference.rules import acts as a
from conference.rules import change, officers, people
from conference.rules.kinds import (
    SYSTEM,
    OfficeStepId,
    OfficeStepKind,
    OfficeStepState,
    PersonId,
    Phase,
    Role,
    Standing,
)
from conference.rules.people import OPEN_ROLES, is_locked
from conference.rules.refused import Code, Refused
from conference.rules.roles import forbidden_pair
from conference.rules.state import (
    HiddenName,
    Meeting,
    OfficeStep,
    Person,
    RegisterLine,
    RegisterLock,
)
from conference.rules.table import Table

LOCK = 1
"""The id of the one lock."""


def reconsider(meeting: Meeting, act: a.Reconsider) -> Meeting | Refused:
    """Let somebody wait for a decision again.

    Refuses people in an office, who is present or may be voting, and to take a delegate off the
    register of an open conference or of a locked register: that takes two officers.
    """
    person = meeting.people.get(act.person)
    if person is None:
        return Refused(Code.UNKNOWN)
    if person.roles - OPEN_ROLES:
        return Refused(Code.NOT_ALLOWED)
    if person.present:
        return Refused(Code.IS_PRESENT)
    if people.may_be_voting(meeting, person.id):
        return Refused(Code.VOTE_RUNNING)
    if people.takes_two(meeting, person) or person.standing is Standing.REMOVED:
        return Refused(Code.SECOND_OFFICER)
    if person.standing is Standing.WAITING:
        return Refused(Code.ALREADY_DONE)
    return change.person(
        meeting, replace(person, standing=Standing.WAITING, roles=frozenset[Role]())
    )


def withdraw(meeting: Meeting, act: a.Withdraw, now: int) -> Meeting | Refused:
    """Take somebody off the register for good, with every role; who has gone already stays gone.

    Refuses whoever is in the chair or presides, and while they stand on the roll of an open vote.
    """
    person = meeting.people.get(act.person)
    if person is None:
        return Refused(Code.UNKNOWN)
    head = meeting.conference
    if person.id in {head.chair, head.presiding}:
        return Refused(Code.NOT_ALLOWED)
    if people.may_be_voting(meeting, person.id):
        return Refused(Code.VOTE_RUNNING)
    if head.chair_next == person.id:
        meeting = change.conference(meeting, chair_next=None, chair_next_at=None)
    standing = Standing.REMOVED if person.standing is Standing.REMOVED else Standing.DECLINED
    gone = replace(person, standing=standing, roles=frozenset[Role](), present=False)
    return change.person(officers.silenced(meeting, person.id, now), gone)


def check_in_person(meeting: Meeting, act: a.CheckInPerson, now: int) -> Meeting | Refused:
    """Mark a delegate as present, as *I am here* would. Refuses who is none."""
    person = meeting.people.get(act.person)
    if person is None:
        return Refused(Code.UNKNOWN)
    if not change.counts_as_delegate(person):
        return Refused(Code.NOT_A_DELEGATE)
    return people.check_in(meeting, person.id, now)


# --- the lock ------------------------------------------------------------------------------------


def lock(meeting: Meeting, act: a.LockRegister, by: PersonId, now: int) -> Meeting | Refused:
    """Lock the register and publish its hash; the minutes say so.

    Refuses a second time, after the close, and lines that are not exactly the delegates on it.
    """
    if meeting.conference.phase is Phase.CLOSED:
        return Refused(Code.CONFERENCE_CLOSED)
    if is_locked(meeting):
        return Refused(Code.REGISTER_LOCKED)
    delegates = {p.id for p in meeting.people.values() if change.counts_as_delegate(p)}
    if len(act.lines) != len(delegates) or {who for who, _leaf in act.lines} != delegates:
        return Refused(Code.BAD_LINES)
    root = register_hash(leaf for _who, leaf in act.lines)
    locked = replace(
        meeting,
        register_locks=meeting.register_locks.put(
            LOCK, RegisterLock(LOCK, now, None if by == SYSTEM else by, root, len(delegates))
        ),
        register_lines=Table((who, RegisterLine(who, leaf)) for who, leaf in act.lines),
    )
    return change.note(locked, now, "register_locked", delegates=len(delegates), hash=root)


def register_hash(leaves: Iterable[str]) -> str:
    """Return the hash of the whole register: of its lines' hashes in ascending order, one a line."""
    text = "register\n" + "".join(f"{leaf}\n" for leaf in sorted(leaves))
    return hashlib.sha256(text.encode()).hexdigest()


def line_hash(salt: str, name: str) -> str:
    """Return the hash of one delegate's line: nobody can guess the name from it without the salt."""
    return hashlib.sha256(f"delegate\n{salt}\n{name}\n".encode()).hexdigest()


# --- steps that take two officers ------------------------------------------------------------------


def propose_step(
    meeting: Meeting, act: a.ProposeOfficeStep, by: PersonId, now: int
) -> Meeting | Refused:
    """Propose to admit somebody late, or to take an export; another officer confirms it.

    Refuses an admission that one officer can do, and a second proposal of the same.
    """
    if act.kind is OfficeStepKind.ADMIT:
        if refusal := _may_admit(meeting, act.person):
            return refusal
    elif act.person is not None:
        return Refused(Code.UNKNOWN)
    for row in meeting.office_steps.values():
        same = (row.kind, row.person) == (act.kind, act.person)
        if same and row.state is OfficeStepState.PROPOSED:
            return Refused(Code.ALREADY_PROPOSED)
    number = OfficeStepId(len(meeting.office_steps) + 1)
    return _put_step(meeting, OfficeStep(number, act.kind, by, now, act.person))


def _put_step(meeting: Meeting, row: OfficeStep) -> Meeting:
    return replace(meeting, office_steps=meeting.office_steps.put(row.id, row))


def _may_admit(meeting: Meeting, who: PersonId | None) -> Refused | None:
    person = meeting.people.get(who) if who is not None else None
    if person is None:
        return Refused(Code.UNKNOWN)
    if change.counts_as_delegate(person):
        return Refused(Code.ALREADY_DECIDED)
    if person.standing is Standing.REMOVED:
        return Refused(Code.NOT_ALLOWED)
    if forbidden_pair(_as_delegate(person)):
        return Refused(Code.NOT_ALLOWED)
    return None if is_locked(meeting) else Refused(Code.REGISTER_OPEN)


def _as_delegate(person: Person) -> frozenset[Role]:
    return (person.roles - {Role.OBSERVER}) | {Role.DELEGATE}


def confirm_step(
    meeting: Meeting, act: a.ConfirmOfficeStep, by: PersonId, now: int
) -> Meeting | Refused:
    """Confirm what another officer proposed. A late delegate is admitted; an export may be taken."""
    row = _step(meeting, act.step, OfficeStepState.PROPOSED)
    if isinstance(row, Refused):
        return row
    if by in {row.by, row.person}:
        return Refused(Code.SECOND_OFFICER)
    meeting = _put_step(meeting, replace(row, state=OfficeStepState.CONFIRMED, second=by))
    if row.kind is not OfficeStepKind.ADMIT or row.person is None:
        return meeting
    if refusal := _may_admit(meeting, row.person):
        return refusal
    person = meeting.people[row.person]
    if person.present:
        return Refused(Code.IS_PRESENT)
    late = replace(person, standing=Standing.ACCEPTED, roles=_as_delegate(person))
    return change.note(change.person(meeting, late), now, "admitted_late")


def _step(meeting: Meeting, number: OfficeStepId, state: OfficeStepState) -> OfficeStep | Refused:
    row = meeting.office_steps.get(number)
    if row is None:
        return Refused(Code.UNKNOWN)
    return row if row.state is state else Refused(Code.ALREADY_DONE)


def drop_step(meeting: Meeting, act: a.DropOfficeStep, by: PersonId) -> Meeting | Refused:
    """Leave undone what was proposed."""
    row = _step(meeting, act.step, OfficeStepState.PROPOSED)
    if isinstance(row, Refused):
        return row
    return _put_step(meeting, replace(row, state=OfficeStepState.DROPPED, second=by))


def take_export(meeting: Meeting, act: a.TakeExport, by: PersonId) -> Meeting | Refused:
    """Note that the file was taken, and with how many lines; only by who proposed it, once."""
    row = _step(meeting, act.step, OfficeStepState.CONFIRMED)
    if isinstance(row, Refused):
        return row
    if row.kind is OfficeStepKind.ADMIT:
        return Refused(Code.UNKNOWN)
    if row.by != by:
        return Refused(Code.NOT_YOURS)
    return _put_step(meeting, replace(row, state=OfficeStepState.TAKEN, lines=act.lines))


# --- names ---------------------------------------------------------------------------------------


def hide_name(meeting: Meeting, act: a.HideName, by: PersonId, now: int) -> Meeting | Refused:
    """Show this name nowhere. The person, their vote and their turn are not touched."""
    if act.person not in meeting.people:
        return Refused(Code.UNKNOWN)
    if act.person in meeting.hidden_names:
        return Refused(Code.ALREADY_DONE)
    row = HiddenName(act.person, by, now)
    return replace(meeting, hidden_names=meeting.hidden_names.put(act.person, row))


def show_name(meeting: Meeting, act: a.ShowName) -> Meeting | Refused:
    """Show this name again."""
    if act.person not in meeting.hidden_names:
        return Refused(Code.ALREADY_DONE)
    return replace(meeting, hidden_names=meeting.hidden_names.drop(act.person))
