"""A speaker without a connection, as chair, hall and speaker read it: plain forms only."""

from __future__ import annotations

import pytest

from conference.room import Seat
from conference.rules import acts as a
from conference.rules.kinds import Side
from conference.web import regions
from conference.web.regions import Audience
from conference.web.watch import Watch
from tests.web.test_panel import (  # noqa: F401  (fixtures)
    CHAIR,
    VOTERS,
    about,
    hall,
    named,
    often,
    seen,
    to,
)

GONE = "The speaker’s page has no connection."


@pytest.fixture
async def speech(house, visitors, hall):  # noqa: F811  (fixture)
    """The first delegate speaks against amendment 1.1."""
    await to(visitors, about("1.1", a.AnnounceVote))
    head = house.site.meeting.conference
    await visitors.act(a.AskToSpeak(head.motion, Side.AGAINST, head.amendment), VOTERS[0])
    request = max(house.site.meeting.requests)
    await visitors.act(a.CallSpeaker(Side.AGAINST, request=request), CHAIR)
    return house.site.meeting.conference.turn


async def press(browser, command: str) -> None:
    form = named(await seen(browser), command)
    assert (await browser.post(form.action, data=form.fields)).status_code == 303


async def test_the_panel_tells_of_a_page_that_was_there_and_is_gone(house, visitors, speech):
    chair, watch = await visitors.enter(CHAIR), Watch(house.site)
    await visitors.pass_time(20)
    await watch.look()
    assert GONE not in (await chair.get("/chair")).text  # never there: nothing can be lost
    seat = Seat(Audience(regions.FLOOR), visitors.person(VOTERS[0]), "session")
    house.site.room.join(seat)
    await watch.look()
    assert GONE not in (await chair.get("/chair")).text
    house.site.room.leave(seat)
    text = (await chair.get("/chair")).text
    assert GONE in text
    assert house.site.meeting.turns[speech].paused_at is None  # the chair hears, and decides
    await visitors.act(a.EndSpeech(speech), CHAIR)
    assert GONE not in (await chair.get("/chair")).text


async def test_the_chair_waits_and_then_puts_the_speech_off(house, visitors, speech):
    chair, speaker = await visitors.enter(CHAIR), await visitors.enter(VOTERS[0])
    await visitors.pass_time(40)
    await press(chair, "Wait for the speaker")
    text = (await chair.get("/chair")).text
    assert "We wait for the speaker; the clock is stopped." in text
    assert [f for f in (await seen(chair)).forms if f.command == "Put the speech off"] == []
    floor = (await speaker.get("/floor")).text
    assert "We wait for you, and your clock is stopped." in floor
    assert "The connection is lost." in floor  # what everybody reads
    await visitors.pass_time(house.site.meeting.settings.speech_grace)
    text = (await chair.get("/chair")).text
    assert "The time to wait is over." in text
    assert "We come back to this speech later." in text
    assert "The chair decides how to go on." in (await speaker.get("/floor")).text
    await press(chair, "Put the speech off")
    assert house.site.meeting.conference.turn is None
    left = house.site.meeting.turns[speech].seconds_left
    floor = (await speaker.get("/floor")).text
    assert f"You are next: be ready to speak. You have {left} seconds left." in floor
    minutes = (await speaker.get("/minutes")).text
    assert "The speech was put off: the speaker had not come back." in minutes


async def test_a_speaker_who_is_back_goes_on(house, visitors, speech):
    chair = await visitors.enter(CHAIR)
    await visitors.pass_time(6)
    await press(chair, "Wait for the speaker")
    await press(chair, "Let the clock go on")
    turn = house.site.meeting.turns[speech]
    assert (turn.waits_until, turn.paused_at) == (None, None)
    assert "The connection is lost" not in (await chair.get("/chair")).text


async def test_the_secretary_reads_the_rest_out(house, visitors, speech):
    chair = await visitors.enter(CHAIR)
    await visitors.pass_time(6)
    await press(chair, "Wait for the speaker")
    await visitors.pass_time(house.site.meeting.settings.speech_grace)
    await press(chair, "The secretary reads it out")
    assert house.site.meeting.turns[speech].read_out
    assert (
        "The connection is lost. The secretary reads it out."
        in (await (await visitors.enter(VOTERS[1])).get("/floor")).text
    )
