"""Speakers' slots: the answer, the sound check, being ready, who may enter the speaking room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, plan, queue, timing
from conference.rules.kinds import (
    ItemKind,
    ItemState,
    Mode,
    PersonId,
    Phase,
    Ready,
    Reply,
    Role,
    SlotId,
    Standing,
)
from conference.rules.refused import Code, Refused
from conference.rules.state import Appearance, Meeting, Slot
from conference.rules.timing import MINUTE, SlotState, SlotView

CHECK_MINUTES = 5
"""How long one sound check takes."""
CHECK_WINDOW = 30
"""So many minutes before the first item checks are made where the agenda has no doors."""
EARLY_CHECK = 5 * MINUTE
LATE_CHECK = 15 * MINUTE
"""The speaking room is open to a booked check from so long before to so long after it."""
SOON = 15 * MINUTE
"""So long before the expected start a speaker is to be here and to have seen the news."""
MOVED = 5 * MINUTE
"""An expected start that moves by this much is news."""
PASSED = 0
"""Stands in `Slot.seen` for having seen that the item has passed."""

STAFF = frozenset({Role.STEWARD, Role.ORGANISER})
"""Who may do for a speaker what the speaker may do."""


def appearance(meeting: Meeting, slot: SlotId) -> Appearance:
    """Return how this slot stands with its speaker; before anything was said, a blank."""
    return meeting.appearances.get(slot) or Appearance(slot)


def put(meeting: Meeting, row: Appearance) -> Meeting:
    """Return the meeting with this appearance in place of the one of its slot."""
    return replace(meeting, appearances=meeting.appearances.put(row.id, row))


def tidy(before: Meeting, after: Meeting) -> Meeting:
    """Return `after` without appearances whose slot is gone, or is another speaker's since `before`."""
    appearances = after.appearances
    for number in appearances:
        old, new = before.slots.get(number), after.slots.get(number)
        if new is None or (old is not None and _speaker(old) != _speaker(new)):
            appearances = appearances.drop(number)
    return after if appearances is after.appearances else replace(after, appearances=appearances)


def _speaker(slot: Slot) -> str:
    """Return who speaks: the person or, while the slot only names somebody, the name."""
    return slot.person if slot.person is not None else f"name {slot.name}"


def is_public(meeting: Meeting, slot: Slot) -> bool:
    """Say whether the programme may name this speaker: in a real conference only who has confirmed.

    Whoever has been called stands in the minutes, whatever they had answered.
    """
    if meeting.conference.mode is not Mode.REAL:
        return True
    return appearance(meeting, slot.id).reply is Reply.COMING or queue.has_spoken(meeting, slot)


def _mine(meeting: Meeting, number: SlotId, by: PersonId, *, staff: bool = False) -> Slot | Refused:
    """Return the slot when it is this person's, or anybody's for whoever runs the stage."""
    slot = meeting.slots.get(number)
    if slot is None:
        return Refused(Code.UNKNOWN)
    if slot.person == by or (staff and meeting.people[by].roles & STAFF):
        return slot
    return Refused(Code.NOT_YOUR_SLOT)


def over(meeting: Meeting, slot: Slot) -> Refused | None:
    """Say that nothing can be said about this slot any more, or None."""
    if meeting.conference.phase is Phase.CLOSED:
        return Refused(Code.CONFERENCE_CLOSED)
    if queue.has_spoken(meeting, slot):
        return Refused(Code.ALREADY_SPOKEN)
    return Refused(Code.SLOT_OVER) if meeting.items[slot.item].state is ItemState.DONE else None


def answer(meeting: Meeting, act: a.AnswerSlot, by: PersonId, now: int) -> Meeting | Refused:
    """Confirm or decline; an answer may be changed until the speaker is called.

    Who declines is not here any more, and their sound check is free for somebody else.
    """
    slot = _mine(meeting, act.slot, by)
    if isinstance(slot, Refused):
        return slot
    if refusal := over(meeting, slot):
        return refusal
    row = appearance(meeting, slot.id)
    reply = Reply.COMING if act.coming else Reply.DECLINED
    if row.reply is reply:
        return Refused(Code.ALREADY_DONE)
    row = replace(row, reply=reply, replied_at=now)
    if reply is Reply.DECLINED:
        row = replace(row, check_at=None, checked=False, ready=Ready.AWAY, ready_at=None)
    return put(meeting, row)


def check_times(meeting: Meeting) -> list[int]:
    """Return when a sound check may begin: every five minutes while the doors are open."""
    items = agenda.in_order(meeting)
    doors = next((i for i in items if i.kind is ItemKind.DOORS), None)
    if doors is not None:
        span = timing.planned(doors)
        start, end = span.start, span.end
    elif items:
        end = items[0].starts_at
        start = end - CHECK_WINDOW * MINUTE
    else:
        return []
    return list(range(start, end - CHECK_MINUTES * MINUTE + 1, CHECK_MINUTES * MINUTE))


def free_checks(meeting: Meeting, slot: SlotId) -> list[int]:
    """Return the times that nobody else has booked."""
    taken = {r.check_at for r in meeting.appearances.values() if r.id != slot}
    return [at for at in check_times(meeting) if at not in taken]


def book_check(meeting: Meeting, act: a.BookCheck, by: PersonId) -> Meeting | Refused:
    """Book a sound check, in place of one booked before. Refuses a time that is taken or is none."""
    slot = _mine(meeting, act.slot, by, staff=True)
    if isinstance(slot, Refused):
        return slot
    if refusal := over(meeting, slot):
        return refusal
    if act.at is not None and act.at not in check_times(meeting):
        return Refused(Code.BAD_TIME)
    if act.at is not None and act.at not in free_checks(meeting, slot.id):
        return Refused(Code.CHECK_TAKEN)
    row = appearance(meeting, slot.id)
    if row.check_at == act.at:
        return Refused(Code.ALREADY_DONE)
    return put(meeting, replace(row, check_at=act.at))


def mark_checked(meeting: Meeting, act: a.MarkChecked) -> Meeting | Refused:
    """Note that a speaker's sound and picture have been checked, or take that back."""
    if act.slot not in meeting.slots:
        return Refused(Code.UNKNOWN)
    row = appearance(meeting, act.slot)
    if row.checked is act.checked:
        return Refused(Code.ALREADY_DONE)
    return put(meeting, replace(row, checked=act.checked))


def say_ready(meeting: Meeting, act: a.SayReady, by: PersonId, now: int) -> Meeting | Refused:
    """Be here, stand by, or be away again. Who had declined and comes all the same has confirmed."""
    slot = _mine(meeting, act.slot, by, staff=True)
    if isinstance(slot, Refused):
        return slot
    if refusal := over(meeting, slot):
        return refusal
    row = appearance(meeting, slot.id)
    if row.ready is act.ready:
        return Refused(Code.ALREADY_DONE)
    row = replace(row, ready=act.ready, ready_at=now)
    if act.ready is not Ready.AWAY and row.reply is not Reply.COMING:
        row = replace(row, reply=Reply.COMING, replied_at=now)
    return put(meeting, row)


def give(meeting: Meeting, act: a.GiveSlot) -> Meeting | Refused:
    """Give the slot to somebody else, who is a speaker from then on and has to answer anew.

    The programme prints their name, and a draft of it, too. Refuses whoever has not been accepted, and a slot in which
    somebody has spoken or speaks.
    """
    slot = meeting.slots.get(act.slot)
    person = meeting.people.get(act.person)
    if slot is None or person is None:
        return Refused(Code.UNKNOWN)
    if refusal := over(meeting, slot):
        return refusal
    if person.standing is not Standing.ACCEPTED:
        return Refused(Code.NOT_ACCEPTED)
    if slot.person == person.id or not act.name.strip():
        return Refused(Code.ALREADY_DONE)
    given = replace(slot, person=person.id, name=act.name.strip(), seen=None)
    speaker = replace(person, roles=person.roles | {Role.SPEAKER})
    changed = change.person(meeting, speaker)
    changed = replace(changed, slots=changed.slots.put(slot.id, given))
    return plan.renamed(changed, slot.id, slot.name, given.name)


def bring_forward(meeting: Meeting, act: a.BringForward) -> Meeting | Refused:
    """Let this speaker come next in their item, before all who have not spoken."""
    slot = meeting.slots.get(act.slot)
    if slot is None:
        return Refused(Code.UNKNOWN)
    if refusal := over(meeting, slot):
        return refusal
    ordered = queue.slots_of(meeting, slot.item)
    waiting = [s for s in ordered if not queue.has_spoken(meeting, s)]
    if waiting[0].id == slot.id:
        return Refused(Code.ALREADY_DONE)
    rest = [s for s in waiting if s.id != slot.id]
    slots = meeting.slots
    places = [s.position for s in waiting]
    for place, row in zip(places, [slot, *rest], strict=True):
        slots = slots.put(row.id, replace(row, position=place))
    return replace(meeting, slots=slots)


def confirm_seen(meeting: Meeting, act: a.ConfirmSeen, by: PersonId, now: int) -> Meeting | Refused:
    """Remember which expected start this speaker has seen, or that they saw it pass."""
    slot = _mine(meeting, act.slot, by)
    if isinstance(slot, Refused):
        return slot
    view = timing.slot_views(meeting, now)[slot.id]
    seen = PASSED if view.state is SlotState.PASSED else view.expected_at
    return replace(meeting, slots=meeting.slots.put(slot.id, replace(slot, seen=seen)))


# --- what is to be shown now -------------------------------------------------------------------------


def stands_by(meeting: Meeting, view: SlotView) -> bool:
    """Say whether this speaker is the next of the item that is before conference."""
    return view.state is SlotState.NEXT and meeting.items[view.slot.item].state is ItemState.CALLED


def may_enter(meeting: Meeting, view: SlotView, now: int) -> bool:
    """Say whether the speaking room is open to this speaker now.

    It is while they speak, once they are the next of the item that is called, when they stand by
    shortly before their time, and around their booked sound check. Nobody who has declined enters.
    """
    row = appearance(meeting, view.slot.id)
    if view.state in {SlotState.DONE, SlotState.PASSED} or row.reply is Reply.DECLINED:
        return False
    if view.state is SlotState.ON or stands_by(meeting, view):
        return True
    if row.check_at is not None and row.check_at - EARLY_CHECK <= now <= row.check_at + LATE_CHECK:
        return True
    return row.ready is Ready.STANDING_BY and view.expected_at - now <= SOON


def has_news(view: SlotView) -> bool:
    """Say whether the speaker has something to confirm as *seen*: a slot, a move, an item passed."""
    if view.state in {SlotState.ON, SlotState.DONE}:
        return False
    if view.state is SlotState.PASSED:
        return view.slot.seen != PASSED
    return view.slot.seen is None or abs(view.expected_at - view.slot.seen) >= MOVED


def is_soon(meeting: Meeting, view: SlotView, now: int) -> bool:
    """Say whether this speaker is expected within a quarter of an hour, or should have begun."""
    if view.state not in {SlotState.WAITING, SlotState.NEXT}:
        return False
    if meeting.conference.phase is Phase.OPEN:
        return view.expected_at - now <= SOON
    # Before the opening a printed time may lie years back: of a demonstration, or a rehearsal.
    return abs(view.expected_at - now) <= SOON


def unseen(meeting: Meeting, view: SlotView, now: int) -> bool:
    """Say whether somebody should ring this speaker: soon on, and the news is not confirmed."""
    return has_news(view) and is_soon(meeting, view, now)


def is_late(meeting: Meeting, view: SlotView, now: int) -> bool:
    """Say whether this speaker should be here by now and is not."""
    away = appearance(meeting, view.slot.id).ready is Ready.AWAY
    return away and is_soon(meeting, view, now)


def of_person(meeting: Meeting, person: PersonId) -> Iterator[Slot]:
    """Return this person's slots."""
    return (slot for slot in meeting.slots.values() if slot.person == person)


def is_over(meeting: Meeting, person: PersonId) -> bool:
    """Say whether nothing is left of this person's slots, so that their invitation ends."""
    if meeting.conference.phase is Phase.CLOSED:
        return True
    turns = {t.slot: t for t in meeting.turns.values() if t.slot is not None and not t.undone}
    for slot in of_person(meeting, person):
        turn = turns.get(slot.id)
        done = meeting.items[slot.item].state is ItemState.DONE
        if (turn is not None and turn.ended_at is None) or (turn is None and not done):
            return False
    return True
