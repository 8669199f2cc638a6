"""Opening, the order of items, closing."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import change
from conference.rules.kinds import (
    ItemId,
    ItemKind,
    ItemState,
    MotionId,
    MotionState,
    Outcome,
    PersonId,
    Phase,
    RequestState,
    VoteState,
)
from conference.rules.refused import Code, Refused
from conference.rules.state import Item, Meeting, Motion, Person
from conference.rules.table import Table

SETTLED = frozenset({MotionState.DECIDED, MotionState.FELL})


def in_order(meeting: Meeting) -> list[Item]:
    """Return the items in the order of the agenda."""
    return sorted(meeting.items.values(), key=lambda item: item.position)


def motions_of(meeting: Meeting, item: ItemId) -> list[Motion]:
    """Return an item's motions and questions in the order in which they are put."""
    return sorted((m for m in meeting.motions.values() if m.item == item), key=lambda m: m.position)


def next_question(meeting: Meeting, item: ItemId) -> Motion | None:
    """Return the item's first motion that is not settled and, where it must be, admitted; or None."""
    open_ones = (m for m in motions_of(meeting, item) if m.state not in SETTLED)
    return next((m for m in open_ones if is_admitted(meeting, m)), None)


def is_admitted(meeting: Meeting, motion: Motion) -> bool:
    """Say whether the question that this one depends on, if any, is carried (standing order 10)."""
    return motion.requires is None or meeting.motions[motion.requires].outcome is Outcome.CARRIED


def next_item(meeting: Meeting) -> Item | None:
    """Return the first item that has not been called; doors happen before the opening."""
    planned = (i for i in in_order(meeting) if i.state is ItemState.PLANNED)
    return next((i for i in planned if i.kind is not ItemKind.DOORS), None)


def business(meeting: Meeting) -> Refused | None:
    """Say why no business can be done now, or None."""
    phase = meeting.conference.phase
    if phase is Phase.BEFORE:
        return Refused(Code.NOT_OPEN_YET)
    return Refused(Code.CONFERENCE_CLOSED) if phase is Phase.CLOSED else None


def quiet(meeting: Meeting) -> Refused | None:
    """Say why the chair cannot move on: somebody speaks, or a vote is not declared."""
    if refusal := business(meeting):
        return refusal
    if meeting.conference.turn is not None:
        return Refused(Code.SOMEBODY_SPEAKS)
    return Refused(Code.VOTE_RUNNING) if vote_runs(meeting) else None


def vote_runs(meeting: Meeting) -> bool:
    """Say whether a vote has been announced and neither declared nor declared void."""
    vote = meeting.votes.get(meeting.conference.vote) if meeting.conference.vote else None
    return vote is not None and vote.state not in {VoteState.DECLARED, VoteState.VOID}


def open_conference(meeting: Meeting, now: int) -> Meeting | Refused:
    """Open the conference; its first item waits to be called. Refuses a second opening."""
    phase = meeting.conference.phase
    if phase is Phase.CLOSED:
        return Refused(Code.CONFERENCE_CLOSED)
    if phase is Phase.OPEN:
        return Refused(Code.ALREADY_OPEN)
    first = next_item(meeting)
    if first is None:
        return Refused(Code.NO_ITEM)
    opened = change.conference(meeting, phase=Phase.OPEN, opened_at=now, item=first.id)
    return change.note(opened, now, "opened", present=meeting.conference.present)


def close_conference(meeting: Meeting, now: int) -> Meeting | Refused:
    """End the conference and with it everybody's presence. Refuses while items are left."""
    if refusal := quiet(meeting):
        return refusal
    if meeting.conference.item is not None:
        return Refused(Code.ITEMS_LEFT)
    gone: Table[PersonId, Person] = meeting.people
    for person in meeting.people.values():
        if person.present:
            gone = gone.put(person.id, replace(person, present=False))
    closed = change.conference(
        replace(meeting, people=gone), phase=Phase.CLOSED, closed_at=now, present=0
    )
    return change.note(closed, now, "closed")


def _due_item(meeting: Meeting, number: ItemId, otherwise: Code) -> Item | Refused:
    """Return the item at which conference stands, when it is this one and nothing is under way."""
    if refusal := quiet(meeting):
        return refusal
    item = meeting.items.get(number)
    if item is None:
        return Refused(Code.UNKNOWN)
    return item if item.id == meeting.conference.item else Refused(otherwise)


def call_item(meeting: Meeting, act: a.CallItem, now: int) -> Meeting | Refused:
    """Put the item before conference, with its first open question. Refuses any but the next."""
    item = _due_item(meeting, act.item, Code.NOT_NEXT_ITEM)
    if isinstance(item, Refused):
        return item
    if item.state is not ItemState.PLANNED:
        return Refused(Code.ITEM_BEFORE_CONFERENCE)
    called = change.item(meeting, replace(item, state=ItemState.CALLED, called_at=now))
    called = change.conference(called, motion=None, vote=None)
    called = change.note(called, now, "item", item=item.id)
    called = drop_barred(called, item.id, now)
    question = next_question(called, item.id)
    return put_question(called, question) if question else called


def put_question(meeting: Meeting, motion: Motion) -> Meeting:
    """Return the meeting with this motion before conference."""
    called = change.motion(meeting, replace(motion, state=MotionState.CALLED))
    return change.conference(called, motion=motion.id, vote=None)


def put_next_question(meeting: Meeting, act: a.PutNextQuestion, now: int) -> Meeting | Refused:
    """Put the item's next question. Refuses while one is undecided, and any but the next."""
    if refusal := quiet(meeting):
        return refusal
    item = meeting.conference.item
    if item is None or meeting.items[item].state is not ItemState.CALLED:
        return Refused(Code.ITEM_NOT_CALLED)
    current = meeting.motions.get(meeting.conference.motion or MotionId(0))
    if current is not None and current.state not in SETTLED:
        return Refused(Code.QUESTION_UNDECIDED, {"label": current.label})
    question = next_question(meeting, item)
    if question is None or question.id != act.motion:
        return Refused(Code.NO_NEXT_QUESTION)
    return put_question(drop_barred(meeting, item, now), question)


def leave_item(meeting: Meeting, act: a.NextItem, now: int) -> Meeting | Refused:
    """Leave the item before conference. Refuses while it still has a question to decide."""
    item = _due_item(meeting, act.item, Code.NOT_BEFORE_CONFERENCE)
    if isinstance(item, Refused):
        return item
    if item.state is not ItemState.CALLED:
        return Refused(Code.ITEM_NOT_CALLED)
    undecided = next_question(meeting, item.id)
    if undecided is not None:
        return Refused(Code.QUESTION_UNDECIDED, {"label": undecided.label})
    left = drop_barred(meeting, item.id, now)
    left = change.item(left, replace(item, state=ItemState.DONE, done_at=now))
    following = next_item(left)
    return change.conference(left, item=following.id if following else None, motion=None, vote=None)


def cannot_be_put(meeting: Meeting, motion: Motion) -> bool:
    """Say whether the question that this one depends on is settled without being carried."""
    if motion.requires is None:
        return False
    settled = meeting.motions[motion.requires].state in SETTLED
    return settled and not is_admitted(meeting, motion)


def drop_barred(meeting: Meeting, item: ItemId, now: int) -> Meeting:
    """Return the meeting in which every question of the item that cannot be put has fallen."""
    for motion in motions_of(meeting, item):
        if motion.state not in SETTLED and cannot_be_put(meeting, motion):
            meeting = change.motion(meeting, replace(motion, state=MotionState.FELL))
            meeting = change.note(meeting, now, "not_admitted", motion=motion.id)
    return meeting


def lapse_requests(meeting: Meeting, motion: MotionId) -> Meeting:
    """Return the meeting in which nobody waits any longer to speak to this motion."""
    requests = meeting.requests
    for row in meeting.requests.values():
        if row.motion == motion and row.state is RequestState.WAITING:
            requests = requests.put(row.id, replace(row, state=RequestState.LAPSED))
    return replace(meeting, requests=requests)
