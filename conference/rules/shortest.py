"""How short an item can become when its debates are closed as early as the standing orders allow.

A lower bound for expected times, not a forecast: whether conference closes a debate is conference's.
"""

from __future__ import annotations

from conference.rules import agenda, question
from conference.rules.kinds import MotionKind, MotionState, ReplyWhen
from conference.rules.question import SETTLED
from conference.rules.state import Amendment, Item, Meeting, Motion, Settings

SECOND = 1000
MINUTE = 60 * SECOND
DECLARING = 60
"""Seconds from the close of a vote to its declared result (launch conference, G2)."""

_UNMOVED = frozenset({MotionState.PUBLISHED, MotionState.CALLED, MotionState.ADJOURNED})


def shortest(meeting: Meeting, item: Item) -> int:
    """Return the milliseconds that the item takes at least from now on.

    An item without a debate takes its planned minutes. Of a debate remain, for each question that
    is still to be put, what must be heard before a closure, the reply and the vote.
    """
    motions = agenda.motions_of(meeting, item.id)
    whole = (item.minutes + item.extended) * MINUTE
    if not any(motion.kind is not MotionKind.QUESTION for motion in motions):
        return whole
    seconds = 0
    for motion in motions:
        if motion.state in SETTLED or not agenda.is_admitted(meeting, motion):
            continue
        seconds += _motion(meeting.settings, motion)
        if motion.kind is not MotionKind.QUESTION:
            seconds += sum(
                _amendment(meeting.settings, row)
                for row in question.amendments_of(meeting, motion.id)
                if row.state not in SETTLED and row.state is not MotionState.PROPOSED
            )
    return min(seconds * SECOND, whole)


def _vote(settings: Settings) -> int:
    return settings.vote_announcement + settings.vote_duration + DECLARING


def _motion(settings: Settings, motion: Motion) -> int:
    if motion.kind is MotionKind.QUESTION:
        return _vote(settings)
    seconds = _vote(settings)
    if settings.reply_when is not ReplyWhen.NEVER and not motion.reply_waived:
        seconds += settings.speech_reply
    if motion.state in _UNMOVED:
        seconds += settings.speech_mover
        seconds += settings.closure_min_speeches * 2 * settings.speech_other
    return seconds


def _amendment(settings: Settings, row: Amendment) -> int:
    moving = settings.speech_amendment if row.state in _UNMOVED else 0
    return moving + _vote(settings)
