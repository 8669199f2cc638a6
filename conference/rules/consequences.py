"""What follows from a carried amendment or motion: a new text, and what falls (procedure B4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from conference.rules import change, question, sequence, texts
from conference.rules.debate import settle
from conference.rules.kinds import (
    AmendmentId,
    ItemState,
    MotionState,
    Outcome,
    ProceduralState,
    Reason,
    TextId,
)
from conference.rules.procedures import PARTS, WAITING
from conference.rules.question import DISPOSED, SETTLED
from conference.rules.refused import Code
from conference.rules.state import Amendment, Meeting, Motion, TextVersion


def amended(meeting: Meeting, row: Amendment, now: int) -> Meeting:
    """Return the meeting in which this amendment is part of the text, and its consequences are drawn.

    The motion gets its next version; the versions before stay. An amendment to an amendment changes
    that one's text.
    """
    if row.amends is not None:
        parent = meeting.amendments[row.amends]
        changed = texts.apply_to_amendment(parent, row)
        if not isinstance(changed, Code):
            meeting = change.amendment(meeting, replace(parent, as_amended=changed))
        return meeting
    current = question.text_of(meeting, row.motion)
    made = sequence.applied(meeting, row)
    if not isinstance(made, Code):
        meeting = add_version(meeting, current, made[0], made[1], now, row)
    for other in question.amendments_of(meeting, row.motion):
        if row.id in other.falls_if and other.state not in SETTLED:
            meeting = settle(meeting, other, MotionState.FELL, Reason.CONSEQUENTIAL)
            meeting = change.note(
                meeting, now, "consequential", motion=row.motion, amendment=other.id, because=row.id
            )
    return meeting


def add_version(
    meeting: Meeting,
    current: TextVersion,
    text: str,
    origins: tuple[int, ...],
    now: int,
    by: Amendment | None,
) -> Meeting:
    """Return the meeting in which the motion has one version more, with the next number."""
    number = TextId(len(meeting.texts) + 1)
    version = TextVersion(
        number, current.motion, current.number + 1, text, origins, now, by.id if by else None
    )
    meeting = replace(meeting, texts=meeting.texts.put(number, version))
    return _renumbered(meeting, current, version)


def _renumbered(meeting: Meeting, before: TextVersion, after: TextVersion) -> Meeting:
    """Return the meeting in which paragraphs that are named by number are the same ones as before.

    Those that conference sent back; and those that a procedural motion names which still waits.
    """
    motion = meeting.motions[before.motion]
    referred = texts.moved(motion.referred, before, after)
    meeting = change.motion(meeting, replace(motion, referred=referred))
    for row in meeting.procedurals.values():
        if row.motion == motion.id and row.kind in PARTS and row.state in WAITING and row.numbers:
            numbers = texts.moved(row.numbers, before, after)
            state = row.state if len(numbers) == len(row.numbers) else ProceduralState.LAPSED
            renumbered = replace(row, numbers=numbers or row.numbers, state=state)
            meeting = change.procedural(meeting, renumbered)
    return meeting


def carried(meeting: Meeting, motion: Motion, now: int) -> Meeting:
    """Return the meeting in which every motion has fallen that falls when this one is carried."""
    for other in meeting.motions.values():
        # An adjourned debate, or what lies on the table, may come back: it falls as well.
        if motion.id in other.falls_if and other.state not in DISPOSED:
            meeting = settle(meeting, other, MotionState.FELL, Reason.CONSEQUENTIAL)
            meeting = change.note(
                meeting, now, "consequential_motion", motion=other.id, because=motion.id
            )
    return meeting


def taken_back(meeting: Meeting, row: Motion | Amendment, now: int, version: int | None) -> Meeting:
    """Return the meeting in which nothing follows any longer from this having been carried.

    The text of `version` becomes the next version; what fell because of it stands again.
    """
    if row.outcome is not Outcome.CARRIED:
        return meeting
    if isinstance(row, Motion):
        for other in meeting.motions.values():
            if _fell_by(row, other, meeting.motions.values()):
                meeting = stands_again(meeting, other)
        return meeting
    if row.amends is not None:
        return _without(meeting, row, row.amends)
    versions = {x.number: x for x in question.texts_of(meeting, row.motion)}
    before = versions.get(version or 1)
    current = question.text_of(meeting, row.motion)
    if before is not None and before.number != current.number:
        meeting = add_version(meeting, current, before.text, before.origins, now, None)
    for sibling in question.amendments_of(meeting, row.motion):
        if _fell_by(row, sibling, meeting.amendments.values()):
            stands = replace(sibling, state=MotionState.PUBLISHED, reason=None)
            meeting = change.amendment(meeting, stands)
    return meeting


def _fell_by(
    row: Motion | Amendment, other: Motion | Amendment, every: Iterable[Motion | Amendment]
) -> bool:
    """Say whether the other fell because this was carried, and because of nothing else."""
    if row.id not in other.falls_if or other.reason is not Reason.CONSEQUENTIAL:
        return False
    others = (x for x in every if x.id in other.falls_if and x.id != row.id)
    return not any(x.outcome is Outcome.CARRIED or x.state is MotionState.ACCEPTED for x in others)


def _without(meeting: Meeting, row: Amendment, amends: AmendmentId) -> Meeting:
    """Return the meeting in which the other amendment has every change but this one."""
    parent = replace(meeting.amendments[amends], as_amended="")
    for other in question.amendments_of(meeting, row.motion):
        stands = other.outcome is Outcome.CARRIED or other.state is MotionState.ACCEPTED
        if other.amends == amends and other.id != row.id and stands:
            changed = texts.apply_to_amendment(parent, other)
            if not isinstance(changed, Code):
                parent = replace(parent, as_amended=changed)
    return change.amendment(meeting, parent)


def stands_again(meeting: Meeting, motion: Motion) -> Meeting:
    """Return the meeting in which this motion has not fallen, nor its amendments with it.

    Its item may be done: then it waits like a motion whose debate was adjourned.
    """
    left = meeting.items[motion.item].state is ItemState.DONE
    state = MotionState.ADJOURNED if left else MotionState.PUBLISHED
    back = replace(motion, state=state, reason=None)
    meeting = change.motion(meeting, back)
    for row in question.amendments_of(meeting, motion.id):
        parent = meeting.amendments.get(row.amends) if row.amends is not None else None
        if row.reason is Reason.MOTION_GONE and (parent is None or parent.state not in SETTLED):
            stands = replace(row, state=MotionState.PUBLISHED, reason=None)
            meeting = change.amendment(meeting, stands)
    return meeting
