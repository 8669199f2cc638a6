"""Opening, the order of items, closing."""

from __future__ import annotations

import json
from dataclasses import replace

from conference.rules import acts as a
from conference.rules import change
from conference.rules.kinds import (
    Governs,
    ItemId,
    ItemKind,
    ItemState,
    MotionId,
    MotionKind,
    MotionState,
    Outcome,
    PersonId,
    Phase,
    PointState,
    ProceduralState,
    Procedure,
    Reason,
    RequestState,
    VoteState,
)
from conference.rules.question import DISPOSED, SET_ASIDE, SETTLED, Question, is_suspended, of
from conference.rules.refused import Code, Refused
from conference.rules.state import Item, Meeting, Motion, Person
from conference.rules.table import Table

ABOUT_THE_CHAIR = frozenset({Procedure.CHALLENGE, Procedure.NO_CONFIDENCE})


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


def coming(meeting: Meeting) -> list[Item]:
    """Return what is before conference and what is still to be called, in the order of its coming.

    The item that waits to be called comes first even where another stands before it. Doors happen
    before the opening.
    """
    ahead = [
        item
        for item in in_order(meeting)
        if item.state is ItemState.CALLED
        or (item.state is ItemState.PLANNED and item.kind is not ItemKind.DOORS)
    ]
    return sorted(ahead, key=lambda item: item.id != meeting.conference.item)


def is_skipped(item: Item) -> bool:
    """Say whether the item was left out: done without ever having been called."""
    return item.state is ItemState.DONE and item.called_at is None


def is_open(meeting: Meeting) -> Refused | None:
    """Say that the conference has not begun or is over, or None; a break is part of it."""
    phase = meeting.conference.phase
    if phase is Phase.BEFORE:
        return Refused(Code.NOT_OPEN_YET)
    return Refused(Code.CONFERENCE_CLOSED) if phase is Phase.CLOSED else None


def business(meeting: Meeting) -> Refused | None:
    """Say why no business can be done now, or None."""
    if refusal := is_open(meeting):
        return refusal
    return None if meeting.conference.pause is None else Refused(Code.PAUSED)


def idle(meeting: Meeting) -> Refused | None:
    """Say what is under way at this moment, or None: a speech, a point, a question of leave, a vote."""
    if refusal := business(meeting):
        return refusal
    head = meeting.conference
    if head.leave is not None:
        return Refused(Code.LEAVE_OPEN)
    if head.point is not None:
        return Refused(Code.POINT_OPEN)
    if head.turn is not None:
        return Refused(Code.SOMEBODY_SPEAKS)
    return Refused(Code.VOTE_RUNNING) if vote_runs(meeting) else None


def quiet(meeting: Meeting) -> Refused | None:
    """Say why the chair cannot move on with the agenda: something is under way, or pending."""
    if refusal := idle(meeting):
        return refusal
    head = meeting.conference
    if head.challenge is not None:
        return Refused(Code.CHALLENGE_PENDING)
    return None if head.procedural is None else Refused(Code.PROCEDURAL_PENDING)


def vote_runs(meeting: Meeting) -> bool:
    """Say whether a vote has been announced and neither declared nor declared void."""
    vote = meeting.votes.get(meeting.conference.vote) if meeting.conference.vote else None
    return vote is not None and vote.state not in {VoteState.DECLARED, VoteState.VOID}


def open_conference(meeting: Meeting, by: PersonId, now: int) -> Meeting | Refused:
    """Open the conference: its first item waits to be called, and whoever opens is in the chair.

    Refuses a second opening.
    """
    phase = meeting.conference.phase
    if phase is Phase.CLOSED:
        return Refused(Code.CONFERENCE_CLOSED)
    if phase is Phase.OPEN:
        return Refused(Code.ALREADY_OPEN)
    first = next_item(meeting)
    if first is None:
        return Refused(Code.NO_ITEM)
    opened = change.conference(meeting, phase=Phase.OPEN, opened_at=now, item=first.id, chair=by)
    return change.note(opened, now, "opened", present=meeting.conference.present)


def close_conference(meeting: Meeting, now: int) -> Meeting | Refused:
    """End the conference and with it everybody's presence. Refuses while items are left.

    What was adjourned or laid on the table and never taken up again was not reached.
    """
    if refusal := quiet(meeting):
        return refusal
    if meeting.conference.item is not None:
        return Refused(Code.ITEMS_LEFT)
    if open_points(meeting):
        return Refused(Code.POINT_OPEN)
    for motion in meeting.motions.values():
        if motion.state in SET_ASIDE:
            gone = replace(motion, state=MotionState.FELL, reason=Reason.NOT_REACHED)
            meeting = change.motion(meeting, gone)
            meeting = change.note(meeting, now, Reason.NOT_REACHED, motion=motion.id)
    people: Table[PersonId, Person] = meeting.people
    for person in meeting.people.values():
        if person.present:
            people = people.put(person.id, replace(person, present=False))
    closed = change.conference(
        replace(meeting, people=people), phase=Phase.CLOSED, closed_at=now, present=0
    )
    return change.note(closed, now, "closed")


def open_points(meeting: Meeting) -> bool:
    """Say whether a point has been raised and not dealt with: none is ever lost."""
    states = {PointState.RAISED, PointState.HEARD}
    return any(point.state in states for point in meeting.points.values())


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
    called = change.conference(called, motion=None, amendment=None, vote=None)
    called = change.note(called, now, "item", item=item.id)
    called = drop_barred(called, item.id, now)
    question = next_question(called, item.id)
    return put_question(called, question) if question else called


def put_question(meeting: Meeting, motion: Motion) -> Meeting:
    """Return the meeting with this motion before conference."""
    called = change.motion(meeting, replace(motion, state=MotionState.CALLED))
    return change.conference(called, motion=motion.id, amendment=None, vote=None)


def _at_a_free_item(meeting: Meeting) -> ItemId | Refused:
    """Return the called item when no question of it is open; say why not otherwise."""
    if refusal := quiet(meeting):
        return refusal
    item = meeting.conference.item
    if item is None or meeting.items[item].state is not ItemState.CALLED:
        return Refused(Code.ITEM_NOT_CALLED)
    current = meeting.motions.get(meeting.conference.motion or MotionId(0))
    if current is not None and current.state not in SETTLED:
        return Refused(Code.QUESTION_UNDECIDED, {"label": current.label})
    return item


def put_next_question(meeting: Meeting, act: a.PutNextQuestion, now: int) -> Meeting | Refused:
    """Put the item's next question. Refuses while one is undecided, and any but the next."""
    item = _at_a_free_item(meeting)
    if isinstance(item, Refused):
        return item
    question = next_question(meeting, item)
    if question is None or question.id != act.motion:
        return Refused(Code.NO_NEXT_QUESTION)
    return put_question(drop_barred(meeting, item, now), question)


def take_up(meeting: Meeting, act: a.TakeUp, now: int) -> Meeting | Refused:
    """Go on with an adjourned debate; who has spoken in it has spoken (procedure B5, B6).

    Refuses it before the item to which conference adjourned it, and what lies on the table: that
    needs a decision of conference.
    """
    item = _at_a_free_item(meeting)
    if isinstance(item, Refused):
        return item
    motion = meeting.motions.get(act.motion)
    if motion is None:
        return Refused(Code.UNKNOWN)
    if motion.state is not MotionState.ADJOURNED:
        return Refused(Code.NOT_ADJOURNED, {"label": motion.label})
    if motion.resumes_item is not None:
        until = meeting.items[motion.resumes_item]
        if until.state is ItemState.PLANNED:
            return Refused(Code.ADJOURNED_UNTIL, {"label": motion.label, "item": until.title})
    return bring_back(meeting, motion, now)


def bring_back(meeting: Meeting, motion: Motion, now: int) -> Meeting:
    """Return the meeting with this motion before conference again, as far on as it was."""
    back = replace(motion, state=reached(meeting, motion), resumes_item=None, list_closed=False)
    again = change.conference(
        change.motion(meeting, back), motion=motion.id, amendment=None, vote=None
    )
    return change.note(again, now, "taken_up", motion=motion.id)


def reached(meeting: Meeting, motion: Motion) -> MotionState:
    """Return how far the motion itself has come, as the minutes tell: called, moved, in debate."""
    told = {}
    for minute in meeting.minutes.values():
        if minute.code in {"moved", "seconded"}:
            facts = json.loads(minute.facts)
            if facts["motion"] == motion.id and "amendment" not in facts:
                told[minute.code] = minute.at
    if not told:
        return MotionState.CALLED
    needs_seconder = meeting.settings.seconder_motions and motion.kind is not MotionKind.REPORT
    if not needs_seconder or is_suspended(meeting, Governs.SECONDER, told["moved"]):
        return MotionState.DEBATE
    return MotionState.DEBATE if "seconded" in told else MotionState.MOVED


def awaited(meeting: Meeting, item: ItemId) -> Motion | None:
    """Return a motion whose debate conference adjourned to this item, and which still waits."""
    rows = meeting.motions.values()
    return next(
        (m for m in rows if m.state is MotionState.ADJOURNED and m.resumes_item == item), None
    )


def leave_item(meeting: Meeting, act: a.NextItem, now: int) -> Meeting | Refused:
    """Leave the item before conference. Refuses while it still has a question or a point open.

    A debate that conference adjourned to this item is such a question.
    """
    item = _due_item(meeting, act.item, Code.NOT_BEFORE_CONFERENCE)
    if isinstance(item, Refused):
        return item
    if item.state is not ItemState.CALLED:
        return Refused(Code.ITEM_NOT_CALLED)
    current = meeting.motions.get(meeting.conference.motion or MotionId(0))
    undecided = next_question(meeting, item.id) or awaited(meeting, item.id)
    if current is not None and current.state not in SETTLED:
        undecided = current  # an adjourned debate of another item, taken up here
    if undecided is not None:
        return Refused(Code.QUESTION_UNDECIDED, {"label": undecided.label})
    if open_points(meeting):
        return Refused(Code.POINT_OPEN)
    left = lapse_procedurals(drop_barred(meeting, item.id, now), None)
    left = change.item(left, replace(item, state=ItemState.DONE, done_at=now))
    following = next_item(left)
    return change.conference(
        left, item=following.id if following else None, motion=None, amendment=None, vote=None
    )


def cannot_be_put(meeting: Meeting, motion: Motion) -> bool:
    """Say whether the question that this one depends on is settled without being carried."""
    if motion.requires is None:
        return False
    settled = meeting.motions[motion.requires].state in DISPOSED
    return settled and not is_admitted(meeting, motion)


def drop_barred(meeting: Meeting, item: ItemId, now: int) -> Meeting:
    """Return the meeting in which every question of the item that cannot be put has fallen."""
    for motion in motions_of(meeting, item):
        if motion.state not in SETTLED and cannot_be_put(meeting, motion):
            fallen = replace(motion, state=MotionState.FELL, reason=Reason.NOT_ADMITTED)
            meeting = change.motion(meeting, fallen)
            meeting = change.note(meeting, now, "not_admitted", motion=motion.id)
    return meeting


def lapse_requests(meeting: Meeting, question: Question) -> Meeting:
    """Return the meeting in which nobody waits any longer to speak to exactly this question."""
    for row in meeting.requests.values():
        if row.state is RequestState.WAITING and of(row) == question:
            meeting = change.request(meeting, replace(row, state=RequestState.LAPSED))
    return meeting


def lapse_procedurals(meeting: Meeting, question: Question | None) -> Meeting:
    """Return the meeting in which nothing waits any longer that was moved in this debate.

    None: whatever waits, because the item is left. A question about the chair outlives its debate.
    """
    waiting = {ProceduralState.ASKED, ProceduralState.SECONDED}
    for row in meeting.procedurals.values():
        same = (row.motion, row.amendment) == question[:2] if question is not None else True
        if row.state in waiting and same and row.kind not in ABOUT_THE_CHAIR:
            lapsed = replace(row, state=ProceduralState.LAPSED)
            meeting = change.procedural(meeting, lapsed)
    return meeting
