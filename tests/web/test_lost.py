"""*Lost the connection* for standing order 18: who is counted, and who is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.room import Seat
from conference.rules import change
from conference.rules.kinds import PersonId, VoteState
from conference.web.regions import Audience
from conference.web.views import lost


def with_vote(meeting, state, people):
    """A meeting whose latest vote is in this state, with these people on its roll."""
    from conference.rules.state import Roll, Vote

    names = Vote.__dataclass_fields__
    filled = {"id": 1, "state": state, "roll": len(people)}
    row = object.__new__(Vote)
    for name in names:
        object.__setattr__(row, name, filled.get(name))
    meeting = replace(
        meeting,
        votes=meeting.votes.put(1, row),
        rolls=meeting.rolls.put(1, Roll(1, frozenset(people))),
    )
    return change.conference(meeting, vote=1)


@pytest.fixture
def hall(house):
    site = house.site
    people = sorted(site.meeting.people)[:5]
    seats = {p: Seat(Audience("floor"), p, p) for p in people[:4]}  # the fifth has no page
    for seat in seats.values():
        site.room.join(seat)
    site.hall.meeting = with_vote(site.meeting, VoteState.OPEN, people)
    lost.follow(site, site.meeting)
    return site, people, seats


def close(site, people):
    site.hall.meeting = with_vote(site.meeting, VoteState.CLOSED, people)
    lost.follow(site, site.meeting)


async def test_who_dropped_without_a_ballot_and_stays_away_is_counted(hall):
    site, people, seats = hall
    assert lost.lost_view(site).count == 0
    for person in people[:3]:
        site.room.leave(seats[person])
    site.hall.voted[PersonId(people[0])] = "receipt"
    assert lost.lost_view(site) == lost.LostView(2, 5, many=True)
    site.room.join(seats[people[1]])
    assert lost.lost_view(site) == lost.LostView(1, 5, many=True)
    close(site, people)
    site.room.join(seats[people[2]])  # back, but after the close
    assert lost.lost_view(site).count == 1
    site.hall.voted.clear()


async def test_who_comes_and_goes_after_the_opening_does_not_count(hall):
    site, people, _seats = hall
    late = Seat(Audience("floor"), people[4], "late")
    site.room.join(late)
    site.room.leave(late)
    assert lost.lost_view(site) == lost.LostView(0, 5, many=False)
