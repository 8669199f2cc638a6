"""A teller helps a delegate to vote: told first, one path for all ballots, and nobody named."""

from __future__ import annotations

import json

import pytest

from conference.room import Seat
from conference.rules import acts as a
from conference.rules.kinds import VoteState
from conference.sealing.words import words as four_words
from conference.store import journal
from conference.web import regions

JSON = {"Accept": "application/json"}
CHAIR = "Chair (morning)"
TOLD = {"paper": "against", "told": "yes"}


@pytest.fixture
async def voting(visitors, house):
    """The first vote of the day, open, with three delegates on its roll."""
    for number in (1, 2, 3):
        await visitors.act(a.CheckIn(), f"Delegate 00{number}")
    await visitors.act(a.OpenConference(), CHAIR)
    await visitors.act(a.CallItem(1), CHAIR)
    await visitors.act(a.NextItem(1), CHAIR)
    await visitors.act(a.CallItem(2), CHAIR)
    await visitors.act(a.AnnounceVote(6), CHAIR)
    for _second in range(40):
        await visitors.pass_time(1)
        if house.site.meeting.votes[1].state is VoteState.OPEN:
            return
    raise AssertionError(house.site.meeting.votes[1])


def take_seat(house, person, session, view=regions.FLOOR):
    seat = Seat(regions.audience_of(house.site, view, person), person, session)
    house.site.room.join(seat)
    return seat


def told(seat) -> str:
    return " ".join(m.get("html", "") for m in map(json.loads, seat._queue))


async def test_a_teller_casts_a_ballot_and_every_device_hears_of_it(visitors, house, voting):
    teller, person = await visitors.enter("Teller"), visitors.person("Delegate 002")
    page = (await teller.get("/tellers/assistance?q=delegate 002")).text
    assert "You tell me how you vote, so I learn it" in page
    assert "Delegate 002" in page
    assert "Delegate 001" not in page
    phone, desk = take_seat(house, person, "one"), take_seat(house, person, "two")
    other = take_seat(house, visitors.person("Delegate 001"), "three")
    answer = await teller.post("/tellers/assistance/1", data={**TOLD, "person": person})
    assert answer.headers["location"] == "/tellers/assistance?done=yes"
    for seat in (phone, desk):
        assert "A vote was cast in your name" in told(seat)
    assert "cast in your name" not in told(other)
    assert person in house.site.hall.voted
    minutes = (await visitors.nobody().get("/minutes")).text
    assert "A teller helped a delegate to cast a ballot in vote 1." in minutes
    assert "Delegate 002" not in minutes


async def test_whatever_page_is_open_it_says_that_a_vote_was_cast(visitors, house, voting):
    teller, person = await visitors.enter("Teller"), visitors.person("Delegate 002")
    views = sorted(set(regions.VIEWS) - {regions.SCREEN})
    devices = {view: take_seat(house, person, view, view) for view in views}
    others = [take_seat(house, visitors.person("Delegate 001"), "x", view) for view in views]
    others.append(take_seat(house, person, "screen", regions.SCREEN))
    await teller.post("/tellers/assistance/1", data={**TOLD, "person": person})
    receipt = four_words(bytes.fromhex(house.site.hall.voted[person]))
    for view, device in devices.items():
        assert "A vote was cast in your name" in told(device), view
        assert receipt in told(device), view
        first = " ".join(regions.page_regions(house.site, view, person).values())
        assert "A vote was cast in your name" in first, view
    assert not [seat for seat in others if "cast in your name" in told(seat)]
    await visitors.pass_time(6)
    await visitors.act(a.CloseVote(1), CHAIR)
    await visitors.pass_time(30)
    for view in set(views) - {regions.FLOOR}:  # over: the sentence goes from the page
        frames = [json.loads(text) for text in devices[view]._queue]
        last = [frame["html"] for frame in frames if frame.get("id") == "cast"][-1]
        assert "cast in your name" not in last, view


async def test_the_log_says_only_that_there_was_assistance(visitors, house, voting):
    teller, person = await visitors.enter("Teller"), visitors.person("Delegate 002")
    await teller.post("/tellers/assistance/1", data={**TOLD, "person": person})
    async with house.site.store.reading() as reader:
        line = (await journal.lines(reader))[-1]
    assert json.loads(line.body) == {"t": "NoteAssistance", "vote": 1}
    assert person not in line.body


async def test_not_without_having_told_them(visitors, house, voting):
    teller, person = await visitors.enter("Teller"), visitors.person("Delegate 002")
    answer = await teller.post(
        "/tellers/assistance/1", data={"paper": "for", "person": person}, headers=JSON
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["told"])
    assert not house.site.hall.voted


async def test_only_for_who_is_on_the_roll_and_never_for_oneself(visitors, voting):
    teller = await visitors.enter("Teller")
    for name, code in (("Delegate 009", "not_on_roll"), ("Teller", "not_allowed")):
        form = {**TOLD, "person": visitors.person(name)}
        answer = await teller.post("/tellers/assistance/1", data=form, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    chair = await visitors.enter(CHAIR)
    form = {**TOLD, "person": visitors.person("Delegate 002")}
    assert (await chair.post("/tellers/assistance/1", data=form)).status_code == 403
