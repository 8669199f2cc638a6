"""Who belongs, and who is here."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import change
from conference.rules.kinds import (
    SYSTEM,
    Mode,
    PersonId,
    Phase,
    RequestState,
    Role,
    Standing,
    VoteState,
)
from conference.rules.refused import Code, Refused
from conference.rules.roles import PROVED, forbidden_pair
from conference.rules.state import Meeting, Person

HELPED = frozenset({Role.DELEGATE, Role.OBSERVER, Role.SPEAKER})
"""Whom the help desk lets in by a code: never somebody who could act for the conference."""
OPEN_ROLES = frozenset({Role.DELEGATE, Role.OBSERVER})
"""What a registrar may make of somebody; offices are given by the host's commands."""


def in_lobby(person: Person, now: int) -> bool:
    """Say whether the chair has sent this person out for the moment."""
    return person.lobby_until is not None and now < person.lobby_until


def may_speak(meeting: Meeting, by: PersonId, now: int) -> Refused | None:
    """Say why this delegate cannot take part in the debate at all now, or None."""
    person = meeting.people[by]
    if not person.present:
        return Refused(Code.NOT_PRESENT)
    return Refused(Code.IN_LOBBY) if in_lobby(person, now) else None


def add_person(meeting: Meeting, act: a.AddPerson, by: PersonId) -> Meeting | Refused:
    """Put a pseudonym on the register. Refuses one that is there, and offices from a registrar."""
    if by != SYSTEM and act.roles - OPEN_ROLES:
        return Refused(Code.NOT_ALLOWED)
    if pair := forbidden_pair(act.roles):
        return Refused(Code.ROLES_FORBIDDEN, {"one": pair[0], "other": pair[1]})
    if act.person in meeting.people or act.person == SYSTEM:
        return Refused(Code.EXISTS)
    admitted = act.standing is Standing.ACCEPTED and Role.DELEGATE in act.roles
    if admitted and by != SYSTEM and is_locked(meeting):
        return Refused(Code.SECOND_OFFICER)
    return change.person(meeting, Person(act.person, act.roles, act.standing))


def decide(meeting: Meeting, act: a.Decide) -> Meeting | Refused:
    """Accept as delegate or observer, or decline; a decision may be changed while they are away.

    Refuses what is decided already, people in an office, and whoever is present: a change of the
    register must never silently take somebody off the floor.
    """
    person = meeting.people.get(act.person)
    if person is None:
        return Refused(Code.UNKNOWN)
    if person.roles - OPEN_ROLES or act.role not in {None, *OPEN_ROLES}:
        return Refused(Code.NOT_ALLOWED)
    if person.present:
        return Refused(Code.IS_PRESENT)
    if may_be_voting(meeting, person.id):
        return Refused(Code.VOTE_RUNNING)
    if takes_two(meeting, person) or person.standing is Standing.REMOVED:
        return Refused(Code.SECOND_OFFICER)
    if act.role is Role.DELEGATE and is_locked(meeting):
        return Refused(Code.SECOND_OFFICER)
    standing = Standing.DECLINED if act.role is None else Standing.ACCEPTED
    roles = frozenset[Role]() if act.role is None else frozenset({act.role})
    if (person.standing, person.roles) == (standing, roles):
        return Refused(Code.ALREADY_DECIDED)
    return change.person(meeting, replace(person, standing=standing, roles=roles))


def is_locked(meeting: Meeting) -> bool:
    """Say whether the register is locked: from then on two officers admit a delegate."""
    return bool(meeting.register_locks)


def takes_two(meeting: Meeting, person: Person) -> bool:
    """Say whether taking this person off the register takes two officers.

    It does in an open conference, and once the register is locked.
    """
    settled = meeting.conference.phase is Phase.OPEN or is_locked(meeting)
    return settled and change.counts_as_delegate(person)


def may_be_voting(meeting: Meeting, person: PersonId) -> bool:
    """Say whether this person stands on the roll of an open vote: it is frozen, so is the person."""
    number = meeting.conference.vote
    if number is None or meeting.votes[number].state is not VoteState.OPEN:
        return False
    return person in meeting.rolls[number].people


def renew_link(meeting: Meeting, act: a.RenewLink, by: PersonId) -> Meeting | Refused:
    """Let the journal say that somebody's link was made anew; the meeting itself is the same."""
    person = meeting.people.get(act.person)
    if person is None:
        return Refused(Code.UNKNOWN)
    if by != SYSTEM and person.roles - {Role.DELEGATE, Role.OBSERVER}:
        return Refused(Code.NOT_ALLOWED)  # a registrar must not be able to sign in as the chair
    return meeting


def give_code(meeting: Meeting, act: a.GiveCode) -> Meeting | Refused:
    """Let the journal say that a code was read out. Refuses people in an office, as a new link."""
    person = meeting.people.get(act.person)
    if person is None:
        return Refused(Code.UNKNOWN)
    if person.roles - HELPED:
        return Refused(Code.NOT_ALLOWED)
    return meeting


def let_in(meeting: Meeting, act: a.LetIn, by: PersonId) -> Meeting | Refused:
    """Let the journal say that two officers let a third in; the meeting itself is the same.

    Refuses unless all three are different people who hold an office.
    """
    three = (act.person, act.first, by)
    if len(set(three)) != len(three):
        return Refused(Code.SECOND_OFFICER)
    for number in three:
        person = meeting.people.get(number)
        if person is None:
            return Refused(Code.UNKNOWN)
        if person.standing is not Standing.ACCEPTED or not person.roles & PROVED:
            return Refused(Code.NOT_ALLOWED)
    return meeting


def waive_encryption(meeting: Meeting, act: a.WaiveEncryption) -> Meeting | Refused:
    """Let the journal say who answers for a real conference without HTTPS. Refuses without a name."""
    return meeting if act.remark else Refused(Code.NEEDS_REASON)


def check_in(meeting: Meeting, by: PersonId, now: int) -> Meeting | Refused:
    """Be present from now on: on the roll of every vote that opens while one is."""
    if meeting.conference.phase is Phase.CLOSED:
        return Refused(Code.CONFERENCE_CLOSED)
    person = meeting.people[by]
    if person.present:
        return Refused(Code.ALREADY_PRESENT)
    return change.person(meeting, replace(person, present=True, present_at=now))


def leave(meeting: Meeting, who: PersonId) -> Meeting | Refused:
    """No longer be present, nor wait to speak. Who is on the roll of an open vote stays on it."""
    person = meeting.people.get(who)
    if person is None:
        return Refused(Code.UNKNOWN)
    if not person.present:
        return Refused(Code.NOT_PRESENT)
    for row in meeting.requests.values():
        if row.person == who and row.state is RequestState.WAITING:
            meeting = change.request(meeting, replace(row, state=RequestState.LAPSED))
    return change.person(meeting, replace(person, present=False))


MODES = (Mode.DEMONSTRATION, Mode.REHEARSAL, Mode.REAL)


def set_mode(meeting: Meeting, act: a.SetMode, now: int) -> Meeting | Refused:
    """Move forward from demonstration to rehearsal to real; never back.

    Refuses another name than the conference's, and while a vote runs.
    """
    head = meeting.conference
    if MODES.index(act.mode) <= MODES.index(head.mode):
        return Refused(Code.WRONG_MODE)
    if act.typed_name.strip() != head.name:
        return Refused(Code.WRONG_NAME)
    vote = meeting.votes.get(head.vote) if head.vote else None
    if vote and vote.state not in {VoteState.DECLARED, VoteState.VOID}:
        return Refused(Code.VOTE_RUNNING)
    changed = change.conference(meeting, mode=act.mode)
    return change.note(changed, now, "mode", mode=act.mode)
