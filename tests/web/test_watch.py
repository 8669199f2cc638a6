"""The chair's connection is watched: lost after the set time, back with the next page."""

from __future__ import annotations

from conference.rules import acts as a
from conference.web.watch import Watch

CHAIR, VICE = "Chair (morning)", "Vice-chair"


async def lost(visitors, watch, seconds: float) -> bool:
    await visitors.pass_time(seconds)
    await watch.look()
    return visitors.house.site.meeting.conference.chair_lost_at is not None


async def test_a_chair_without_a_connection_is_lost_and_replaced(visitors):
    site = visitors.house.site
    await visitors.act(a.OpenConference(), CHAIR)
    watch = Watch(site)
    await watch.look()
    assert not await lost(visitors, watch, 29)
    assert await lost(visitors, watch, 2)
    vice = await visitors.enter(VICE)
    step = {"step": str(site.meeting.conference.step)}
    assert (await vice.post("/chair/taking", data=step)).status_code == 303
    assert site.meeting.conference.chair == visitors.person(CHAIR)  # warned for twenty seconds
    await visitors.pass_time(21)
    assert site.meeting.conference.chair == visitors.person(VICE)
    chair = await visitors.enter(CHAIR)
    step = {"step": str(site.meeting.conference.step), "kind": "technical"}
    answer = await chair.post("/chair/break", data=step, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_in_the_chair")


async def test_who_comes_back_in_time_keeps_the_chair(visitors):
    site = visitors.house.site
    await visitors.act(a.OpenConference(), CHAIR)
    watch = Watch(site)
    await watch.look()
    assert await lost(visitors, watch, 31)
    await visitors.act(a.TakeChair(), VICE)
    chair = await visitors.enter(CHAIR)
    assert (await chair.get("/chair")).status_code == 200
    assert not await lost(visitors, watch, 1)
    await visitors.pass_time(30)
    assert site.meeting.conference.chair == visitors.person(CHAIR)
    assert site.meeting.conference.chair_next is None
