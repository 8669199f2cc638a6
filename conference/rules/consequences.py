"""What follows from a carried amendment or motion: a new text, and what falls (procedure B4)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import change, question, sequence, texts
from conference.rules.debate import settle
from conference.rules.kinds import AmendmentId, MotionState, Outcome, Reason, TextId
from conference.rules.question import SETTLED
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
    made = texts.apply(current, sequence.as_it_stands(row))
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
    return replace(meeting, texts=meeting.texts.put(number, version))


def carried(meeting: Meeting, motion: Motion, now: int) -> Meeting:
    """Return the meeting in which every motion has fallen that falls when this one is carried."""
    for other in meeting.motions.values():
        if motion.id in other.falls_if and other.state not in SETTLED:
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
            if row.id in other.falls_if and other.reason is Reason.CONSEQUENTIAL:
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
        if row.id in sibling.falls_if and sibling.reason is Reason.CONSEQUENTIAL:
            stands = replace(sibling, state=MotionState.PUBLISHED, reason=None)
            meeting = change.amendment(meeting, stands)
    return meeting


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
    """Return the meeting in which this motion has not fallen, nor its amendments with it."""
    back = replace(motion, state=MotionState.PUBLISHED, reason=None)
    meeting = change.motion(meeting, back)
    for row in question.amendments_of(meeting, motion.id):
        parent = meeting.amendments.get(row.amends) if row.amends is not None else None
        if row.reason is Reason.MOTION_GONE and (parent is None or parent.state not in SETTLED):
            stands = replace(row, state=MotionState.PUBLISHED, reason=None)
            meeting = change.amendment(meeting, stands)
    return meeting
