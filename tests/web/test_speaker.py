from __future__ import annotations

from dataclasses import replace

import pytest

from conference.live.messages import parse
from conference.room import Seat
from conference.rules import acts as a
from conference.rules import drafting, steps
from conference.rules.kinds import ItemId, Side, SlotId
from conference.rules.plan import with_item
from conference.rules.planned import ItemPaper
from conference.rules.timing import MINUTE
from conference.web import drift, regions
from conference.web.live import LiveDesk
from conference.web.regions import Audience
from conference.web.views.slots import slots_view

PAPER = ItemPaper("Notes for speakers", "https://papers.example/notes")
CHAIR = "Chair (morning)"
FIRST, SECOND, FIFTH, LAST = (
    "Tosh McDonald",
    "Graham Bash",
    "Leah Levane",
    "Roger Silverman",
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}  # also of a form without a field


def line(visitors, name):
    (only,) = slots_view(visitors.house.site, visitors.person(name)).slots
    return only


async def to_item(visitors, number):
    """Open, and go to this item without any business in those before."""
    meeting = visitors.house.site.hall.meeting
    if meeting.conference.phase == "before":
        await visitors.act(a.OpenConference(), CHAIR)
    for _ in range(40):
        head = visitors.house.site.meeting.conference
        item = visitors.house.site.meeting.items[head.item]
        if item.state == "planned":
            await visitors.act(a.CallItem(item.id), CHAIR)
        if item.number == number:
            return
        await skip_questions(visitors)
        await visitors.act(a.NextItem(item.id), CHAIR)
    raise AssertionError(number)


async def skip_questions(visitors):
    """Decide whatever the item asks without anybody voting."""
    for name in ("Delegate 001", "Delegate 002", "Delegate 003"):
        if not visitors.house.site.meeting.people[visitors.person(name)].present:
            await visitors.act(a.CheckIn(), name)
    for _ in range(60):
        meeting = visitors.house.site.meeting
        possible = steps.steps(meeting, visitors.person(CHAIR), visitors.clock())
        act = possible.suggested
        if isinstance(act, a.NextItem):
            return
        if isinstance(act, a.CallSpeaker) and act.side is Side.SPEAKER:
            return
        if act is None:
            await visitors.pass_time(100)
        else:
            await visitors.act(act, CHAIR)
    raise AssertionError


async def test_before_the_opening(visitors):
    page = await (await visitors.enter(FIRST)).get("/speaker")
    assert page.status_code == 200
    assert "The conference starts when the chair opens it." in page.text
    assert page.text.count('datetime="2021-02-27T10:25:00+00:00" data-zone="Europe/London"') == 2
    assert 'data-seen="1"' in page.text
    assert line(visitors, FIFTH).planned_at == line(visitors, FIFTH).expected_at


async def test_day_room_and_zone_stand_there_and_checks_are_booked_before_the_day(house, visitors):
    plan = drafting.shown(house.site.meeting)
    row = next(r for r in plan.items if r.id == 3)
    edited = a.EditAgenda(with_item(plan, replace(row, room="Main hall", papers=(PAPER,))))
    await visitors.act(edited, "Registrar")
    await visitors.act(a.ReleaseAgenda(house.site.meeting.conference.draft), "Registrar")
    browser = await visitors.enter(FIRST)
    await browser.post("/speaker/slots/1/answer", data={"coming": "yes"})
    page = (await browser.get("/speaker")).text
    assert "Saturday 27 February 2021, times in London (Europe/London)." in page
    assert "The crisis and the opportunities · Main hall" in page
    assert PAPER.link in page
    assert 'name="at"' in page
    await visitors.act(a.OpenConference(), CHAIR)
    page = (await browser.get("/speaker")).text
    assert 'name="at"' not in page, "a time that is over cannot be booked"
    assert "Ask your steward" in page


async def test_who_speaks_by_telephone_is_told_the_number_when_it_is_time(house, visitors):
    steward = await visitors.enter("Steward")
    form = {"kind": "none", "dial_in": "01632 960 777"}
    await steward.post("/sound/items/0", data=form)
    browser = await visitors.enter(FIRST)
    assert "960 777" not in (await browser.get("/speaker")).text
    await to_item(visitors, 3)
    page = (await browser.get("/speaker")).text
    assert "Ring now to speak: <strong>01632 960 777" in page
    assert "960 777" not in (await (await visitors.enter(LAST)).get("/speaker")).text


async def test_the_places_in_the_order(visitors):
    await visitors.act(a.OpenConference(), CHAIR)
    assert line(visitors, LAST).sentence == "5 before you."
    assert line(visitors, "Chris Knight").sentence == "Two before you."
    assert line(visitors, SECOND).sentence == "One before you."
    assert line(visitors, FIRST).sentence == "You are next."
    assert line(visitors, FIRST).detail == "Your item has not been called yet."


async def test_on_and_over_and_thanked(visitors):
    await to_item(visitors, 3)
    browser = await visitors.enter(FIRST)
    assert "Please be ready" in line(visitors, FIRST).detail
    await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=SlotId(1)), CHAIR)
    page = (await browser.get("/speaker")).text
    ends = visitors.clock() + 8 * MINUTE
    assert f'data-countdown-to="{ends}" data-overrun-from="{ends}"' in page
    assert "You are on." in page
    assert 'data-seen="1"' not in page
    assert line(visitors, SECOND).sentence == "You are next."
    assert line(visitors, SECOND).detail == "Please be ready: Tosh McDonald is speaking."
    await visitors.pass_time(8 * 60)
    assert "Your time is up. Please close." in (await browser.get("/speaker")).text
    await visitors.act(a.EndSpeech(visitors.house.site.meeting.conference.turn), CHAIR)
    assert line(visitors, FIRST).sentence == "Thank you."
    assert line(visitors, FIRST).expected_at is None


async def test_expected_moves_with_what_happens(visitors):
    await to_item(visitors, 3)
    before = line(visitors, SECOND)
    assert before.expected_at == visitors.clock() + 8 * MINUTE
    await visitors.pass_time(10 * 60)
    after = line(visitors, SECOND)
    assert after.expected_at == before.expected_at + 10 * MINUTE
    assert after.planned_at == before.planned_at
    assert after.announce != before.announce


async def test_debates_before_it_may_bring_a_slot_forward(visitors):
    await visitors.act(a.OpenConference(), CHAIR)
    assert line(visitors, FIRST).earliest_at == 0
    later = line(visitors, FIFTH)
    assert later.earliest_at < later.expected_at - 5 * MINUTE
    assert "Expected between" in later.announce
    page = (await (await visitors.enter(FIFTH)).get("/speaker")).text
    assert "At the earliest" in page
    assert "that conference may close early" in page


async def test_a_telephone_number_is_on_the_checklist(visitors):
    browser = await visitors.enter(FIRST)
    asked = next(c for c in line(visitors, FIRST).checklist if "telephone" in c.text)
    assert not asked.done
    await browser.post("/speaker/about", data={"phone": "01632 960 001"})
    assert next(c for c in line(visitors, FIRST).checklist if c.text == asked.text).done


async def test_who_only_speaks_holds_no_office(visitors):
    page = (await (await visitors.enter(FIRST)).get("/me")).text
    assert "You hold an office" not in page
    assert 'href="/speaker">To my slot' in page
    assert "You hold an office" in (await (await visitors.enter("Steward")).get("/me")).text


async def test_an_item_that_passes_without_the_speaker(visitors):
    await to_item(visitors, 3)
    await visitors.act(a.NextItem(ItemId(3)), CHAIR)
    passed = line(visitors, FIRST)
    assert passed.sentence == "Your item has passed and you were not called."
    assert "on their board" in passed.detail
    assert passed.news == "Your item has passed."
    assert passed.expected_at is None


async def test_seen_by_the_button(visitors):
    browser = await visitors.enter(FIRST)
    answer = await browser.post("/speaker/slots/1/seen", headers=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/speaker")
    page = (await browser.get("/speaker")).text
    assert 'data-seen="1"' not in page
    await visitors.act(a.OpenConference(), CHAIR)
    page = (await browser.get("/speaker")).text  # the opening is years late
    assert 'data-seen="1"' in page


@pytest.mark.parametrize(
    ("path", "data", "status", "code"),
    [
        ("/speaker/slots/2/seen", {}, 403, "not_your_slot"),
        ("/speaker/slots/99/seen", {}, 404, "unknown"),
        ("/speaker/slots/1/seen", {"x": "y"}, 422, "bad_field"),
    ],
)
async def test_seen_is_refused(visitors, path, data, status, code):
    browser = await visitors.enter(FIRST)
    headers = {**FORM, "Accept": "application/json"}
    answer = await browser.post(path, data=data, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_only_speakers(visitors, client):
    answer = await client.get("/speaker")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/speaker")
    delegate = await visitors.enter("Delegate 001")
    assert (await delegate.get("/speaker")).status_code == 403


def seated(house, visitors, name):
    seat = Seat(Audience(regions.SPEAKER), visitors.person(name), "session")
    house.site.room.join(seat)
    return seat


def drained(seat):
    frames = list(seat._queue)
    seat._queue.clear()
    seat._size = 0
    return frames


async def test_each_act_is_pushed_with_one_sentence(house, visitors):
    seat = seated(house, visitors, SECOND)
    await visitors.act(a.OpenConference(), CHAIR)
    (slots,) = [f for f in drained(seat) if '"id":"slots"' in f]
    assert "One before you. Expected about" in slots
    await visitors.act(a.CheckIn(), "Delegate 001")
    assert [f for f in drained(seat) if '"id":"slots"' in f]


async def test_times_drift_without_an_act(house, visitors):
    seat = seated(house, visitors, FIFTH)
    house.press.tell_times()
    assert drained(seat) == []
    await visitors.act(a.OpenConference(), CHAIR)
    drained(seat)
    visitors.clock.at += 20 * MINUTE
    house.press.tell_times()
    frames = drained(seat)
    assert any('"id":"slots"' in f for f in frames)
    assert any('"id":"now"' in f and "20 minutes behind" in f for f in frames)


async def test_a_speech_that_runs_out_is_told_when_it_does(house, visitors):
    await to_item(visitors, 3)
    assert drift.seconds(house.site) == 30
    await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=SlotId(1)), CHAIR)
    assert drift.seconds(house.site) == pytest.approx(5.1)  # until then it can be taken back
    visitors.clock.at += 6_000
    assert drift.seconds(house.site) == 30
    turn = house.site.meeting.conference.turn
    await visitors.act(a.WaitForSpeaker(turn), CHAIR)
    visitors.clock.at += 20_000
    assert drift.seconds(house.site) == pytest.approx(10.1)
    await visitors.act(a.ResumeClock(turn), CHAIR)
    visitors.clock.at -= 26_000
    visitors.clock.at += 7 * MINUTE + 50_000
    assert drift.seconds(house.site) == pytest.approx(10.1)
    visitors.clock.at += MINUTE
    assert drift.seconds(house.site) == 30


async def test_what_a_call_begins_is_told_before_the_next_drift(house, visitors):
    await to_item(visitors, 3)
    house.press.start()
    before = house.press._drift.when()
    await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=SlotId(1)), CHAIR)
    assert house.press._drift.when() < before - 20  # from half a minute to five seconds
    soon = house.press._drift.when()
    await visitors.act(a.AddTime(house.site.meeting.conference.turn), CHAIR)
    assert house.press._drift.when() == soon  # and nothing is put off by what is done meanwhile


async def test_seen_over_the_wire(house, visitors):
    desk = LiveDesk(house.site, house.press)
    message = parse('{"t":"seen","n":1,"slot":1}')
    assert await desk.answer(message, visitors.person(FIRST)) is None
    assert line(visitors, FIRST).news == ""
    refused = await desk.answer(message, visitors.person(SECOND))
    assert refused.code == "not_your_slot"
