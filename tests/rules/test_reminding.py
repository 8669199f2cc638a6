"""Who is reminded of their slot: a day before, an hour before, when it moves; and who never is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules.kinds import ItemState, Phase, Reply, Side, SlotId, Standing
from conference.rules.reminding import DAY, HOUR, QUIET, SOON, Kind, reminders
from conference.rules.state import Appearance
from conference.rules.timing import MINUTE, slot_views
from tests.rules.builders import CHAIR, D1, SPEAKERS, do, scene

MOVED = 15 * MINUTE
ONE = SlotId(1)


def before():
    """The conference before its day, with a person in the first slot."""
    meeting = scene("before")
    slot = replace(meeting.slots[ONE], person=D1, seen=None)
    return replace(meeting, slots=meeting.slots.put(ONE, slot))


def starts(meeting):
    return slot_views(meeting, 0)[ONE].planned_at


def shifted(meeting, minutes):
    item = meeting.items[SPEAKERS]
    later = replace(item, starts_at=item.starts_at + minutes * MINUTE)
    return replace(meeting, items=meeting.items.put(SPEAKERS, later))


class Post:
    """What has gone to the first slot's speaker, and what they have been told."""

    def __init__(self):
        self.told, self.kinds = {}, []

    def look(self, meeting, now):
        known, found = reminders(meeting, self.told, now, MOVED)
        rows = [*known, *(r.told for r in found)]
        self.told |= {row.slot: row for row in rows}
        mine = [r.kind for r in found if r.told.slot == ONE]
        self.kinds += mine
        return mine


@pytest.fixture
def post():
    """A speaker whose slot has been known for two days."""
    made, meeting = Post(), before()
    assert made.look(meeting, starts(meeting) - 2 * DAY) == []
    return made


def test_the_day_before_and_an_hour_before_and_each_once(post):
    meeting = before()
    at = starts(meeting)
    for now in range(at - 2 * DAY, at + HOUR, 5 * MINUTE):
        post.look(meeting, now)
    assert post.kinds == [Kind.DAY, Kind.HOUR]


@pytest.mark.parametrize(
    ("left", "kinds"),
    [
        (DAY + 1, []),
        (DAY, [Kind.DAY]),
        (HOUR + 1, [Kind.DAY]),
        (HOUR, [Kind.HOUR]),  # the later one wins over one that was missed
        (SOON, [Kind.HOUR]),
        (SOON - 1, []),
        (-1, []),
    ],
)
def test_the_edges(post, left, kinds):
    assert post.look(before(), starts(before()) - left) == kinds


def test_whoever_is_entered_late_is_not_told_what_the_invitation_said():
    post, meeting = Post(), before()
    assert post.look(meeting, starts(meeting) - DAY + 1) == []
    assert post.look(meeting, starts(meeting) - DAY + QUIET) == []
    assert post.look(meeting, starts(meeting) - HOUR) == [Kind.HOUR]


@pytest.mark.parametrize(("minutes", "kinds"), [(14, []), (15, [Kind.MOVED]), (-15, [Kind.MOVED])])
def test_a_move_is_told_from_the_set_minutes_on_and_once(post, minutes, kinds):
    meeting = shifted(before(), minutes)
    now = starts(before()) - 3 * HOUR - DAY
    assert post.look(meeting, now) == kinds
    assert post.look(meeting, now + QUIET) == []


def test_small_moves_add_up_and_a_slipping_day_floods_nobody(post):
    now = starts(before()) - DAY - 10 * HOUR
    assert [post.look(shifted(before(), n), now + n * MINUTE) for n in range(0, 60, 5)] == [
        [], [], [], [Kind.MOVED], [], [], [Kind.MOVED], [], [], [Kind.MOVED], [], [],
    ]  # fmt: skip
    jumped = [post.look(shifted(before(), 60 + 30 * n), now + 61 * MINUTE) for n in range(5)]
    assert jumped == [[Kind.MOVED], [], [], [], []]


def test_moved_by_hours_the_hour_before_is_told_anew(post):
    meeting, later = before(), shifted(before(), 180)
    at = starts(meeting)
    assert post.look(meeting, at - HOUR) == [Kind.HOUR]
    assert post.look(later, at - 30 * MINUTE) == [Kind.MOVED]
    assert post.look(later, starts(later) - HOUR) == [Kind.HOUR]


def test_another_speaker_begins_anew(post):
    meeting = before()
    other = replace(meeting.slots[ONE], person=CHAIR)
    meeting = replace(meeting, slots=meeting.slots.put(ONE, other))
    assert post.look(meeting, starts(meeting) - 2 * HOUR) == []
    assert post.look(meeting, starts(meeting) - HOUR) == [Kind.HOUR]


def declined(meeting):
    row = Appearance(ONE, reply=Reply.DECLINED)
    return replace(meeting, appearances=meeting.appearances.put(ONE, row))


def removed(meeting):
    row = replace(meeting.people[D1], standing=Standing.REMOVED)
    return replace(meeting, people=meeting.people.put(D1, row))


def left_out(meeting):
    row = replace(meeting.items[SPEAKERS], state=ItemState.DONE)
    return replace(meeting, items=meeting.items.put(SPEAKERS, row))


def unnamed(meeting):
    return replace(meeting, slots=meeting.slots.put(ONE, replace(meeting.slots[ONE], person=None)))


def gone(meeting):
    return replace(meeting, slots=meeting.slots.drop(ONE))


def closed(meeting):
    return replace(meeting, conference=replace(meeting.conference, phase=Phase.CLOSED))


@pytest.mark.parametrize("never", [declined, removed, left_out, unnamed, gone, closed])
def test_nobody_is_written_to_who_does_not_come(post, never):
    meeting = never(shifted(before(), 30))
    at = starts(before())
    for now in (at - DAY, at - 2 * HOUR, at - HOUR, at - 15 * MINUTE):
        assert post.look(meeting, now) == []


def test_on_the_day_it_is_the_expected_time_until_they_are_called(post):
    meeting = scene("speakers")
    slot = replace(meeting.slots[ONE], person=D1)
    meeting = replace(meeting, slots=meeting.slots.put(ONE, slot))
    now = starts(before()) + 40 * MINUTE  # nobody has been called, and it comes at any moment
    assert post.look(meeting, now) == []
    called = do(meeting, a.CallSpeaker(Side.SPEAKER, slot=ONE), CHAIR, now)
    assert post.look(called, now + MINUTE) == []


def test_a_trial_run_on_another_day_writes_to_nobody(post):
    early = starts(before()) - 30 * DAY
    meeting = do(before(), a.OpenConference(), CHAIR, early)
    assert slot_views(meeting, early)[ONE].expected_at < early + DAY
    assert post.look(meeting, early + HOUR) == []
