"""Who holds an office: roles given and taken, and what a list of officers cannot do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from conference.rules import acts as a
from conference.rules import change, people
from conference.rules.kinds import PersonId, Role, Standing
from conference.rules.people import is_locked
from conference.rules.refused import Code, Refused
from conference.rules.roles import GRANTED, OFFICERS, SECONDS, forbidden_pair
from conference.rules.state import Meeting, Person


def grant_role(meeting: Meeting, act: a.GrantRole, by: PersonId) -> Meeting | Refused:
    """Give one role more. Refuses to oneself, a pair that the table forbids, and late delegates.

    Only somebody who has been accepted can have a role; the register of an open conference, or a
    locked one, takes two officers for a delegate.
    """
    person = _to_change(meeting, act.person, act.role, by)
    if isinstance(person, Refused):
        return person
    if act.role in person.roles:
        return Refused(Code.ALREADY_DONE)
    kept = person.roles - ({Role.OBSERVER} if act.role is Role.DELEGATE else set())
    changed = replace(person, roles=kept | {act.role})
    if pair := forbidden_pair(changed.roles):
        return Refused(Code.ROLES_FORBIDDEN, {"one": pair[0], "other": pair[1]})
    if act.role is Role.DELEGATE and is_locked(meeting):
        return Refused(Code.SECOND_OFFICER)
    return change.person(meeting, changed)


def revoke_role(meeting: Meeting, act: a.RevokeRole, by: PersonId) -> Meeting | Refused:
    """Take one role away; who has none left is still accepted, as an observer.

    Refuses for oneself, whoever is in the chair or presides, who may be voting, and to take a
    delegate off the register where that takes two officers.
    """
    person = _to_change(meeting, act.person, act.role, by)
    if isinstance(person, Refused):
        return person
    head = meeting.conference
    if act.role not in person.roles:
        return Refused(Code.ALREADY_DONE)
    if person.id in {head.chair, head.presiding}:
        return Refused(Code.NOT_ALLOWED)
    if act.role is Role.DELEGATE:
        if people.may_be_voting(meeting, person.id):
            return Refused(Code.VOTE_RUNNING)
        if people.takes_two(meeting, person):
            return Refused(Code.SECOND_OFFICER)
        if person.present:
            return Refused(Code.IS_PRESENT)
    if head.chair_next == person.id:
        meeting = change.conference(meeting, chair_next=None, chair_next_at=None)
    left = (person.roles - {act.role}) or frozenset({Role.OBSERVER})
    return change.person(meeting, replace(person, roles=left))


def _to_change(meeting: Meeting, who: PersonId, role: Role, by: PersonId) -> Person | Refused:
    person = meeting.people.get(who)
    if person is None:
        return Refused(Code.UNKNOWN)
    if role not in GRANTED or who == by:
        return Refused(Code.NOT_ALLOWED)
    return person if person.standing is Standing.ACCEPTED else Refused(Code.NOT_ACCEPTED)


def gaps(holders: Iterable[frozenset[Role]]) -> tuple[str, ...]:
    """Return what this list of people cannot do, one entry for each person's roles.

    `registrar`: nobody decides who takes part. `organiser`: nobody changes mode and roles.
    `chair`: nobody opens. `second`: no two officers for what takes two. `preside`: nobody could
    preside over a question about the chair. `tellers`: no two tellers.
    """
    people_ = list(holders)

    def count(roles: frozenset[Role]) -> int:
        return sum(bool(own & roles) for own in people_)

    wanted = {
        "chair": count(frozenset({Role.CHAIR, Role.VICE_CHAIR})) >= 1,
        "registrar": count(frozenset({Role.REGISTRAR})) >= 1,
        "organiser": count(frozenset({Role.ORGANISER})) >= 1,
        "second": count(SECONDS) >= 2,  # noqa: PLR2004  (two officers)
        "preside": count(OFFICERS) >= 2,  # noqa: PLR2004  (the chair, and another)
        "tellers": count(frozenset({Role.TELLER})) >= 2,  # noqa: PLR2004  (they work in pairs)
    }
    return tuple(name for name, there in wanted.items() if not there)
