"""The organiser's button: who may press it, when it is refused, and what the page then shows."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from conference.rehearsal.browser import Browser
from conference.rehearsal.screens import wrong
from conference.rules import change
from conference.rules.kinds import Mode, MotionId, Phase
from tests.live.serving import free_port

JSON = {"Accept": "application/json"}


async def until(holds, seconds=30):
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)


async def test_the_button_starts_one_and_stops_it(house, visitors, monkeypatch):
    monkeypatch.setenv("CONFERENCE_REHEARSE_PORT", str(free_port()))
    site = house.site
    organiser = await visitors.enter("Registrar")
    assert "Rehearse" in (await organiser.get("/rehearsal")).text
    done = await organiser.post("/rehearsal", data={"wish": "start", "delegates": "3"})
    assert done.status_code == 303, done.text
    try:
        again = await organiser.post("/rehearsal", data={"wish": "start"}, headers=JSON)
        assert again.json()["code"] == "rehearsal_runs"
        await until(lambda: site.rehearsing.figures and site.rehearsing.figures.signed_in == 3)
        page = (await organiser.get("/rehearsal")).text
        assert "3 / 3" in page
        assert "Sign in as Chair" in page
    finally:
        done = await organiser.post("/rehearsal", data={"wish": "stop"})
    assert done.status_code == 303
    assert not site.rehearsing.runs
    assert not (site.settings.data / "rehearsal").exists()
    page = (await organiser.get("/rehearsal")).text
    assert "Its copy is wiped" in page
    assert "Sign in as Chair" not in page


async def test_it_is_the_organisers_and_not_beside_an_open_conference(house, visitors):
    delegate = await visitors.enter("Delegate 001")
    assert (await delegate.post("/rehearsal", data={"wish": "start"})).status_code == 403
    organiser = await visitors.enter("Registrar")
    hall = house.site.hall
    hall.meeting = change.conference(hall.meeting, mode=Mode.REHEARSAL, phase=Phase.CLOSED)
    refused = await organiser.post("/rehearsal", data={"wish": "start"}, headers=JSON)
    assert refused.json()["code"] == "conference_closed"


@pytest.fixture
def page(house):
    browser = Browser(None, "p1", "/l/x", None, None)
    browser.screen = {"now": "Motion 1: On bread", "vote": "", "ballot": "", "result": ""}
    return browser


def test_a_wrong_screen_is_noticed(house, page):
    """What the comparison must notice, one thing at a time; the right screen passes."""
    meeting = house.site.meeting
    label = meeting.motions[MotionId(1)].label
    page.screen["now"] = label
    meeting = change.conference(meeting, motion=MotionId(1))
    assert wrong(meeting, page, 0) == ""
    spoilt = {
        "now": ({"now": "something else"}, "does not name"),
        "empty": ({"now": None}, "nothing"),
        "vote": ({"vote": '<div data-vote="1" data-vote-state="open">'}, "still shows vote 1"),
    }
    for change_of, says in spoilt.values():
        screen = {k: v for k, v in (page.screen | change_of).items() if v is not None}
        assert says in wrong(meeting, dataclasses.replace(page, screen=screen), 0)
