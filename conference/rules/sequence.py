"""Which amendment comes next, and which can no longer be put (procedure B4, standing order 6)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import question, texts
from conference.rules.kinds import Action, AmendmentOrder, MotionState, Reason, VoteState
from conference.rules.refused import Code
from conference.rules.state import Amendment, Meeting, Motion


def as_it_stands(row: Amendment) -> Amendment:
    """Return the amendment with its text as an amendment to it may have changed it."""
    return replace(row, text=row.as_amended) if row.as_amended else row


def applied(meeting: Meeting, row: Amendment) -> tuple[str, tuple[int, ...]] | Code:
    """Return text and origins of the motion with this amendment in it; or that its place is gone.

    What conference has sent back is not before it any more, so its words cannot be amended.
    """
    current = question.text_of(meeting, row.motion)
    closed = frozenset(meeting.motions[row.motion].referred)
    return texts.apply(current, as_it_stands(row), closed)


def in_turn(meeting: Meeting, motion: Motion) -> list[Amendment]:
    """Return the motion's own amendments in the order in which they are taken."""
    rows = [x for x in question.amendments_of(meeting, motion.id) if x.amends is None]
    order = meeting.settings.amend_order
    if order is AmendmentOrder.TEXT_POSITION:
        rows.sort(key=lambda x: (texts.place(x, motion.text), x.position))
    elif order is AmendmentOrder.RECEIVED:
        rows.sort(key=lambda x: (x.received or x.position, x.position))
    return rows


def next_amendment(meeting: Meeting, motion: Motion) -> Amendment | None:
    """Return the first amendment that has been neither taken nor let fall, or None.

    While an amendment is open, that is the first of those to the amendment itself.
    """
    head = meeting.conference
    if head.amendment is None:
        rows = in_turn(meeting, motion)
    else:
        every = question.amendments_of(meeting, motion.id)
        rows = [x for x in every if x.amends == head.amendment]
    return next((x for x in rows if x.state is MotionState.PUBLISHED), None)


def why_not(meeting: Meeting, row: Amendment) -> Reason | None:
    """Say why this amendment can no longer be put, or None.

    Its words are gone; or a later part has been put, after which earlier parts are closed (B4).
    Where they are taken as they were received, no order of the text is kept.
    """
    if row.amends is not None:
        changed = texts.apply_to_amendment(meeting.amendments[row.amends], row)
        gone = isinstance(changed, Code)  # a Code is a text, too
        return Reason.PLACE_GONE if gone else None
    if isinstance(applied(meeting, row), Code):
        return Reason.PLACE_GONE
    if meeting.settings.amend_order is AmendmentOrder.RECEIVED:
        return None
    printed = meeting.motions[row.motion].text
    if any(texts.is_earlier(row, other, printed) for other in _put(meeting, row)):
        return Reason.EARLIER_PART
    return None


def _put(meeting: Meeting, row: Amendment) -> list[Amendment]:
    """Return the motion's amendments that have been put to conference already."""
    voted = {
        vote.amendment
        for vote in meeting.votes.values()
        if vote.amendment is not None and vote.state is not VoteState.VOID
    }
    rows = question.amendments_of(meeting, row.motion)
    return [
        x
        for x in rows
        if x.amends is None
        and x.action is not Action.REPLACE_ALL
        and (x.id in voted or x.state is MotionState.ACCEPTED)
    ]
