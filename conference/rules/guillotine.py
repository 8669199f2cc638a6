"""The guillotine: a debate that ends when its item's time is up (procedure B5)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, question
from conference.rules.debate import closing, current_motion, facts, settle
from conference.rules.kinds import Guillotine, ItemState, MotionKind, MotionState, Reason
from conference.rules.question import SETTLED
from conference.rules.refused import Code, Refused
from conference.rules.state import Amendment, Meeting, Motion

NOT_REACHED = frozenset(
    {MotionState.PROPOSED, MotionState.PUBLISHED, MotionState.CALLED, MotionState.MOVED}
)
"""Where an amendment stands that conference has not begun to debate."""


def guillotine_at(meeting: Meeting) -> int | None:
    """Return when the item's debate is cut off by the adopted timetable; None: it is not.

    Breaks and stops within the item do not count towards its time.
    """
    number = meeting.conference.item
    item = meeting.items[number] if number is not None else None
    if item is None or item.state is not ItemState.CALLED or item.called_at is None:
        return None
    if not item.guillotine or item.guillotined:
        return None
    return item.called_at + (item.minutes + item.extended) * 60_000 + item.stood_ms


def fall_guillotine(meeting: Meeting, act: a.FallGuillotine, now: int) -> Meeting | Refused:
    """Cut the item's debate off: nobody is interrupted, nothing further is taken.

    To the vote: the open question is put if it has been seconded. To the committee: it is remitted.
    Amendments and motions that have not been reached fall as *not reached* either way, and so does
    the question whether one of them is admitted.
    """
    if refusal := agenda.quiet(meeting):
        return refusal
    item = meeting.items.get(act.item)
    if item is None or act.item != meeting.conference.item:
        return Refused(Code.UNKNOWN)
    at = guillotine_at(meeting)
    if at is None or now < at:
        return Refused(Code.NOT_POSSIBLE_NOW)
    cut = change.item(meeting, replace(item, guillotined=True))
    cut = change.note(cut, now, "guillotine", item=item.id)
    for admits in agenda.motions_of(cut, item.id):
        if admits.state not in SETTLED and _admits(cut, admits):
            cut = _not_reached(cut, admits, now)
    motion = current_motion(cut)
    if (
        motion is not None
        and motion.state not in SETTLED
        and motion.kind is not MotionKind.QUESTION
    ):
        cut = _cut_motion(cut, motion, now)
    for other in agenda.motions_of(cut, item.id):
        if other.state is MotionState.PUBLISHED and other.kind is not MotionKind.QUESTION:
            cut = _not_reached(cut, other, now)
    while (waiting := agenda.awaited(cut, item.id)) is not None:
        cut = _not_reached(cut, waiting, now)
    return cut


def _admits(meeting: Meeting, row: Motion) -> bool:
    """Say whether this question admits a motion of its item: without time for one, none for both."""
    waiting = agenda.motions_of(meeting, row.item)
    return row.kind is MotionKind.QUESTION and any(x.requires == row.id for x in waiting)


def _not_reached(meeting: Meeting, row: Motion | Amendment, now: int) -> Meeting:
    fallen = settle(meeting, row, MotionState.FELL, Reason.NOT_REACHED)
    return change.note(fallen, now, Reason.NOT_REACHED, **facts(row))


def _cut_motion(meeting: Meeting, motion: Motion, now: int) -> Meeting:
    if meeting.settings.guillotine_effect is Guillotine.TO_COMMITTEE:
        gone = settle(meeting, motion, MotionState.REMITTED, Reason.NOT_REACHED)
        return change.note(gone, now, MotionState.REMITTED, motion=motion.id)
    for other in question.amendments_of(meeting, motion.id):
        if other.state in NOT_REACHED:
            meeting = _not_reached(meeting, other, now)
    asked = question.substantive(meeting)
    row = question.row_of(meeting, asked) if asked is not None else motion
    if not isinstance(row, Motion | Amendment):
        return meeting
    if row.state is MotionState.DEBATE:
        return closing(meeting, row)
    if row.state in {MotionState.CALLED, MotionState.MOVED}:
        return _not_reached(meeting, row, now)
    return meeting
