"""Expected times: slack, protected breaks and end, early closures, pauses, the clocks, midnight."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.rules import acts as a
from conference.rules.kinds import (
    AgendaSessionId,
    ItemId,
    ItemKind,
    ItemState,
    MotionState,
    Pause,
    Phase,
    Side,
)
from conference.rules.planned import AgendaSession
from conference.rules.timing import (
    MINUTE,
    behind,
    expected,
    expected_end,
    over,
    planned_end,
    slot_views,
)
from conference.web.templates import clock_time
from tests.rules.builders import (
    CHAIR,
    CLOSING,
    DEBATE,
    EMERGENCY,
    FIRST,
    MOTION,
    SECOND,
    SPEAKERS,
    TEN,
    do,
    item,
    run,
    scene,
    small_meeting,
    table,
)

SPRING = int(datetime(2021, 3, 28, tzinfo=UTC).timestamp() * 1000)
"""Midnight in London; an hour later the clocks there go from 01:00 to 02:00."""


def changed(meeting, number, **fields):
    return replace(
        meeting, items=meeting.items.put(number, replace(meeting.items[number], **fields))
    )


def with_settings(meeting, **fields):
    return replace(meeting, settings=replace(meeting.settings, **fields))


def opened(late=0, **settings):
    meeting = with_settings(scene("present"), **settings)
    return do(meeting, a.OpenConference(), CHAIR, TEN + late * MINUTE)


def starts(meeting, now, **how):
    return {n: (s.start - TEN) / MINUTE for n, s in expected(meeting, now, **how).items()}


def test_slack_gives_way_only_to_what_is_late():
    slack = changed(opened(), DEBATE, slack=10)
    assert starts(slack, TEN)[SPEAKERS] == 50
    assert starts(slack, TEN + 4 * MINUTE)[SPEAKERS] == 50
    assert starts(slack, TEN + 10 * MINUTE)[SPEAKERS] == 50
    assert starts(slack, TEN + 13 * MINUTE)[SPEAKERS] == 53
    kept = with_settings(slack, timing_slack=False)
    assert starts(kept, TEN + 4 * MINUTE)[SPEAKERS] == 54
    running = do(slack, a.CallItem(DEBATE), CHAIR, TEN + 4 * MINUTE)
    assert behind(running, TEN + 5 * MINUTE) == 0
    assert behind(with_settings(running, timing_slack=False), TEN + 5 * MINUTE) == 4


def test_a_break_gives_half_of_itself_when_it_is_not_protected():
    meeting = changed(opened(12), EMERGENCY, kind=ItemKind.BREAK, minutes=15)
    now = TEN + 12 * MINUTE
    assert starts(meeting, now)[CLOSING] == 12 + 95
    meeting = with_settings(meeting, timing_breaks_protected=False)
    assert starts(meeting, now)[CLOSING] == 12 + 95 - 7.5
    on_time = changed(opened(), EMERGENCY, kind=ItemKind.BREAK, minutes=15)
    assert starts(with_settings(on_time, timing_breaks_protected=False), TEN)[CLOSING] == 95


def test_the_end_is_that_of_the_last_session():
    meeting = opened(12)
    now = TEN + 12 * MINUTE
    assert (planned_end(meeting), over(meeting, now)) == (TEN + 100 * MINUTE, 12)
    morning = AgendaSession(AgendaSessionId(1), "Morning", TEN, TEN + 110 * MINUTE)
    longer = replace(meeting, sessions=table(morning))
    assert (planned_end(longer), over(longer, now)) == (TEN + 110 * MINUTE, 2)
    assert over(longer, now - 1) == 2
    assert over(longer, now + 1) == 3
    assert expected_end(longer, now) == TEN + 112 * MINUTE
    assert over(scene("before"), now) == 0


def test_a_debate_may_be_closed_early_and_then_all_after_it_comes_earlier():
    meeting = do(opened(), a.CallItem(DEBATE), CHAIR)
    # M1: mover 300, one each side 240, reply 180, vote 3 + 20 + 60; two amendments 180 and a vote
    # each; then a question with a vote.
    least = (300 + 240 + 180 + 83) + 2 * (180 + 83) + 83
    early = expected(meeting, TEN, closures=True)
    assert early[SPEAKERS].start == TEN + least * 1000
    assert expected(meeting, TEN)[SPEAKERS].start == TEN + 50 * MINUTE
    in_debate = do(scene("debate"), a.AskToSpeak(MOTION, Side.FOR), "d1")
    assert in_debate.motions[MOTION].state is MotionState.DEBATE
    soon = expected(in_debate, TEN, closures=True)[SPEAKERS].start
    assert soon == TEN + (180 + 83 + 83) * 1000
    views = slot_views(in_debate, TEN)
    assert (views[FIRST].earliest_at, views[FIRST].expected_at) == (soon, TEN + 50 * MINUTE)
    assert views[SECOND].earliest_at == soon + 8 * MINUTE


def test_without_a_debate_before_it_there_is_no_range():
    meeting = scene("speakers")
    assert starts(meeting, TEN, closures=True)[EMERGENCY] == starts(meeting, TEN)[EMERGENCY]
    views = slot_views(meeting, TEN)
    assert all(v.earliest_at == v.expected_at for v in views.values())


def test_a_break_that_runs_is_counted_to_its_announced_end():
    meeting = do(scene("debate"), a.TakeBreak(Pause.BREAK, 10), CHAIR, TEN + 20 * MINUTE)
    for minutes in (20, 24, 30):
        assert starts(meeting, TEN + minutes * MINUTE)[SPEAKERS] == 60, minutes
    assert starts(meeting, TEN + 31 * MINUTE)[SPEAKERS] == 61
    again = do(meeting, a.Resume(), CHAIR, TEN + 33 * MINUTE)
    assert starts(again, TEN + 33 * MINUTE)[SPEAKERS] == 63
    assert behind(again, TEN + 33 * MINUTE) == 13


def test_conferences_own_extension_counts():
    meeting = changed(scene("debate"), DEBATE, extended=10)
    assert starts(meeting, TEN)[SPEAKERS] == 60


def test_speakers_who_have_not_spoken_are_still_counted_when_the_time_is_up():
    meeting = scene("speakers")
    late = TEN + 25 * MINUTE
    assert starts(meeting, late)[EMERGENCY] == 25 + 8 + 6
    meeting = do(meeting, a.CallSpeaker(Side.SPEAKER, slot=FIRST), CHAIR, late)
    assert starts(meeting, late + 3 * MINUTE)[EMERGENCY] == 25 + 8 + 6
    assert starts(meeting, late + 9 * MINUTE)[EMERGENCY] == 25 + 9 + 6


def test_the_item_that_waits_comes_first_wherever_it_stands():
    meeting = scene("between")
    waits = replace(meeting, conference=replace(meeting.conference, item=CLOSING))
    assert starts(waits, TEN)[CLOSING] == 0
    assert starts(waits, TEN)[SPEAKERS] == 5


def test_opened_on_another_day_the_plan_counts_from_the_opening():
    another = TEN + 40 * 24 * 60 * MINUTE + 5 * MINUTE
    meeting = do(scene("present"), a.OpenConference(), CHAIR, another)
    assert behind(meeting, another) == 0
    assert behind(meeting, another + 292 * MINUTE) == 292
    same_day = do(scene("present"), a.OpenConference(), CHAIR, TEN + 292 * MINUTE)
    assert behind(same_day, TEN + 292 * MINUTE) == 292


KINDS = st.sampled_from([ItemKind.CHAIR, ItemKind.BREAK, ItemKind.SPEAKERS])


@st.composite
def days(draw):
    """A day of any length that begins at any minute, an item of it called or waiting."""
    first = SPRING + draw(st.integers(-26 * 60, 26 * 60)) * MINUTE
    at, rows = first, []
    for number in range(1, draw(st.integers(2, 8)) + 1):
        minutes = draw(st.integers(1, 600))
        row = replace(item(number, draw(KINDS), 0, minutes), starts_at=at)
        rows.append(replace(row, slack=draw(st.integers(0, minutes))))
        at += minutes * MINUTE
    late = draw(st.integers(-700, 700)) * MINUTE
    now, done = first + late, draw(st.integers(0, len(rows) - 1))
    opened_at = now
    for n in range(done):
        ends = now + draw(st.integers(0, 200)) * MINUTE
        rows[n] = replace(rows[n], state=ItemState.DONE, called_at=now, done_at=ends)
        now = ends
    if draw(st.booleans()):
        rows[done] = replace(rows[done], state=ItemState.CALLED, called_at=now)
        now += draw(st.integers(0, 700 * 60)) * 1000
    meeting = small_meeting(
        timing_slack=draw(st.booleans()), timing_breaks_protected=draw(st.booleans())
    )
    head = replace(
        meeting.conference, phase=Phase.OPEN, opened_at=opened_at, item=rows[done].id, chair=CHAIR
    )
    empty = small_meeting().slots.drop(FIRST).drop(SECOND)
    return replace(meeting, conference=head, items=table(*rows), slots=empty), now


def truth(meeting, now):
    """Expected times, reckoned in minutes by hand and by another way than the product's."""
    rows = sorted(meeting.items.values(), key=lambda row: row.position)
    first = rows[0].starts_at
    opened_at = meeting.conference.opened_at
    moved = opened_at - first
    if -1_800_000 <= moved <= 12 * 3_600_000:
        moved = 0
    found, clock = {}, now
    for row in rows:
        if row.state is ItemState.DONE:
            found[row.id] = (row.called_at, row.done_at)
            continue
        begins = row.called_at if row.state is ItemState.CALLED else clock
        late = max(0, begins - moved - row.starts_at)
        if row.kind is ItemKind.BREAK and not meeting.settings.timing_breaks_protected:
            gives = row.minutes * 30_000
        elif meeting.settings.timing_slack:
            gives = row.slack * 60_000
        else:
            gives = 0
        clock = max(now, begins + row.minutes * 60_000 - (min(gives, late)))
        found[row.id] = (begins, clock)
    return found


@settings(deadline=None)
@given(days())
def test_expected_times_are_the_truth_reckoned_by_hand(day):
    meeting, now = day
    spans = expected(meeting, now)
    assert {n: (s.start, s.end) for n, s in spans.items()} == truth(meeting, now)


@settings(deadline=None)
@given(days(), st.integers(0, 10**7))
def test_order_and_waiting(day, later):
    meeting, now = day
    spans, early = expected(meeting, now), expected(meeting, now, closures=True)
    ends = [spans[ItemId(n)] for n in range(1, len(meeting.items) + 1)]
    assert all(one.start <= one.end <= two.start for one, two in pairwise(ends))
    assert all(early[n].start <= spans[n].start for n in spans)
    after = expected(meeting, now + later)
    assert all(after[n].end >= spans[n].end for n in spans)


SPRING_FORWARD = {
    # What the clocks show a minute before, and at, 28 March 2021 01:00 UTC.
    "Europe/London": ("00:59", "02:00"),
    "Europe/Berlin": ("01:59", "03:00"),
    "Africa/Lagos": ("01:59", "02:00"),
    "Asia/Kolkata": ("06:29", "06:30"),
    "Asia/Kathmandu": ("06:44", "06:45"),
    "Asia/Tokyo": ("09:59", "10:00"),
    "Pacific/Auckland": ("13:59", "14:00"),
    "America/Sao_Paulo": ("21:59", "22:00"),
    "America/New_York": ("20:59", "21:00"),
    "America/Los_Angeles": ("17:59", "18:00"),
}


@pytest.mark.parametrize("zone", SPRING_FORWARD)
def test_the_hour_that_is_left_out_is_no_hour_of_the_conference(zone):
    before, after = SPRING + 59 * MINUTE, SPRING + 60 * MINUTE
    assert (clock_time(before, zone), clock_time(after, zone)) == SPRING_FORWARD[zone]
    meeting = small_meeting()
    rows = [
        replace(item(2, ItemKind.CHAIR, 0, 59), starts_at=SPRING),
        replace(item(3, ItemKind.CHAIR, 0, 1), starts_at=before),
        replace(item(4, ItemKind.CHAIR, 0, 30), starts_at=after),
    ]
    head = replace(meeting.conference, phase=Phase.OPEN, opened_at=SPRING, item=rows[0].id)
    meeting = replace(meeting, conference=head, items=table(*rows), slots=table())
    spans = expected(meeting, SPRING)
    assert [clock_time(spans[row.id].start, zone) for row in rows[1:]] == list(SPRING_FORWARD[zone])
    assert expected_end(meeting, SPRING) - SPRING == 90 * MINUTE


@settings(deadline=None)
@given(st.sampled_from(sorted(SPRING_FORWARD)), st.integers(-4000, 4000))
def test_a_time_of_day_is_that_of_its_zone(zone, minutes):
    at = SPRING + minutes * MINUTE
    there = datetime.fromtimestamp(at / 1000, UTC) + ZoneInfo(zone).utcoffset(
        datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
    )
    assert clock_time(at, zone) == f"{there.hour:02}:{there.minute:02}"


def test_over_midnight():
    late = TEN + 13 * 60 * MINUTE  # 23:00
    meeting = run(scene("between"), (a.CallItem(SPEAKERS), CHAIR, late))
    spans = expected(meeting, late)
    shown = [clock_time(spans[n].start, "Europe/London") for n in (SPEAKERS, EMERGENCY, CLOSING)]
    assert shown == ["23:00", "23:20", "23:45"]
    assert clock_time(expected_end(meeting, late + 30 * MINUTE), "Europe/London") == "00:14"
    assert behind(meeting, late) == 13 * 60 - 50
