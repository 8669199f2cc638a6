"""The few ways in which every rule makes a new meeting out of an old one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from conference.rules.kinds import MinuteId, PersonId, Role, Standing
from conference.rules.state import (
    Amendment,
    Double,
    FloorRequest,
    Item,
    Leave,
    Meeting,
    Minute,
    Motion,
    Person,
    Point,
    Procedural,
    Turn,
    Vote,
)


def conference(meeting: Meeting, **fields: Any) -> Meeting:
    """Return the meeting with these fields of its conference changed."""
    return replace(meeting, conference=replace(meeting.conference, **fields))


def item(meeting: Meeting, row: Item) -> Meeting:
    """Return the meeting with this item in place of the one with its id."""
    return replace(meeting, items=meeting.items.put(row.id, row))


def motion(meeting: Meeting, row: Motion) -> Meeting:
    """Return the meeting with this motion in place of the one with its id."""
    return replace(meeting, motions=meeting.motions.put(row.id, row))


def vote(meeting: Meeting, row: Vote) -> Meeting:
    """Return the meeting with this vote in place of the one with its id."""
    return replace(meeting, votes=meeting.votes.put(row.id, row))


def amendment(meeting: Meeting, row: Amendment) -> Meeting:
    """Return the meeting with this amendment in place of the one with its id."""
    return replace(meeting, amendments=meeting.amendments.put(row.id, row))


def procedural(meeting: Meeting, row: Procedural) -> Meeting:
    """Return the meeting with this procedural motion in place of the one with its id."""
    return replace(meeting, procedurals=meeting.procedurals.put(row.id, row))


def point(meeting: Meeting, row: Point) -> Meeting:
    """Return the meeting with this point in place of the one with its id."""
    return replace(meeting, points=meeting.points.put(row.id, row))


def leave(meeting: Meeting, row: Leave) -> Meeting:
    """Return the meeting with this objection window in place of the one with its id."""
    return replace(meeting, leaves=meeting.leaves.put(row.id, row))


def double(meeting: Meeting, row: Double) -> Meeting:
    """Return the meeting with this step of two officers in place of the one with its id."""
    return replace(meeting, doubles=meeting.doubles.put(row.id, row))


def turn(meeting: Meeting, row: Turn) -> Meeting:
    """Return the meeting with this turn in place of the one with its id."""
    return replace(meeting, turns=meeting.turns.put(row.id, row))


def request(meeting: Meeting, row: FloorRequest) -> Meeting:
    """Return the meeting with this request for the floor in place of the one with its id."""
    return replace(meeting, requests=meeting.requests.put(row.id, row))


def counts_as_delegate(row: Person | None) -> bool:
    """Say whether this person stands on the register of delegates."""
    return row is not None and row.standing is Standing.ACCEPTED and Role.DELEGATE in row.roles


def person(meeting: Meeting, row: Person) -> Meeting:
    """Return the meeting with this person, the conference's three head counts kept in step.

    The counts are kept rather than taken, so that no act costs more in a larger conference.
    """
    old = meeting.people.get(row.id)
    before, after = counts_as_delegate(old), counts_as_delegate(row)
    was_present = before and old is not None and old.present
    had_come = before and old is not None and old.present_at is not None
    head = meeting.conference
    changed = replace(meeting, people=meeting.people.put(row.id, row))
    register = head.register + after - before
    present = head.present + (after and row.present) - was_present
    attended = head.attended + (after and row.present_at is not None) - had_come
    if (register, present, attended) == (head.register, head.present, head.attended):
        return changed
    return conference(changed, register=register, present=present, attended=attended)


def chair(meeting: Meeting, to: PersonId, now: int, why: str) -> Meeting:
    """Return the meeting with somebody else in the chair; every offer of it and taking is over."""
    passed = conference(meeting, chair=to, chair_next=None, chair_next_at=None, chair_lost_at=None)
    return note(passed, now, "chair_changed", kind=why)


def note(meeting: Meeting, now: int, code: str, **facts: str | int | None) -> Meeting:
    """Return the meeting with one entry more in its minutes; facts that are None are left out."""
    number = MinuteId(len(meeting.minutes) + 1)
    told = {name: fact for name, fact in facts.items() if fact is not None}
    row = Minute(number, now, code, json.dumps(told, sort_keys=True, ensure_ascii=False))
    return replace(meeting, minutes=meeting.minutes.put(number, row))
