"""Whoever has been told everything has what a page that is loaded now would show."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace

from conference.room import AT_ONCE, CALM, VOTING, Seat
from conference.rules import acts as a
from conference.rules import change
from conference.rules.kinds import ItemState, Side
from conference.rules.steps import steps
from conference.rules.table import Table
from conference.web import regions
from conference.web.press import ANSWERED, BEAT
from tests.web.test_panel import CHAIR, about, ballots, hall, often, to  # noqa: F401  (fixtures)


class Page:
    """A page as its pushes make it."""

    def __init__(self, house, view: str, person: str) -> None:
        self.site, self.view, self.person = house.site, view, person
        self.seat = Seat(regions.audience_of(self.site, view, person), person, "session")
        self.site.room.join(self.seat)
        self.shown = regions.page_regions(self.site, view, person)

    def _counted(self, html: str, told: dict) -> str:
        """The region with the turnout filled in, as live.js does it."""

        def fill(found: re.Match[str]) -> str:
            return found[1] + found[2].format(cast=told["cast"], roll=told["roll"])

        place = rf'( data-turnout="{told["vote"]}" data-text="([^"]*)"[^>]*>)[^<]*'
        return re.sub(place, fill, html)

    def differs(self) -> list[str]:
        """The regions in which it is not what a fresh page would be."""
        while self.seat._queue:
            message = json.loads(self.seat._queue.popleft())
            if message["t"] == "region":
                self.shown[message["id"]] = message["html"]
            elif message["t"] == "turnout":
                self.shown = {
                    name: self._counted(html, message) for name, html in self.shown.items()
                }
        fresh = regions.page_regions(self.site, self.view, self.person)
        return [n for n, html in fresh.items() if timeless(self.shown.get(n, "")) != timeless(html)]


def timeless(html: str) -> str:
    """The region but for the seconds that a page counts by itself."""
    return re.sub(r'(<time [^>]* data-countdown-to="\d+"[^>]*>)[^<]*', r"\1", html)


async def test_through_two_votes_every_page_is_what_a_fresh_one_would_be(house, visitors, hall):  # noqa: F811
    await to(visitors, about("1.1", a.AnnounceVote))
    people = ["Delegate 001", "Delegate 002"]
    pages = [Page(house, regions.FLOOR, visitors.person(name)) for name in people]
    pages += [Page(house, regions.CHAIR, visitors.person(CHAIR))]
    pages += [Page(house, regions.SCREEN, "")]
    told = 0

    def all_true() -> None:
        nonlocal told
        for page in pages:
            assert page.differs() == [], (page.view, page.person)
        told += 1

    def voters_are_not_told_the_vote_anew() -> None:
        for page in pages[: len(people)]:
            found = [json.loads(text) for text in page.seat._queue]
            assert "turnout" in {message["t"] for message in found}
            assert "vote" not in {m["id"] for m in found if m["t"] == "region"}

    for _vote in range(2):
        await visitors.act(a.AnnounceVote(1, 1 + _vote), CHAIR)
        all_true()
        await visitors.pass_time(hall.meeting.settings.vote_announcement + 1)
        all_true()
        # Not present: in another audience than those on the roll, and there later than they are.
        pages.append(Page(house, regions.FLOOR, visitors.person(f"Delegate 00{8 + _vote}")))
        await ballots(visitors, "for against")
        await asyncio.sleep(BEAT * 2)
        await visitors.pass_time(hall.meeting.settings.vote_minimum)
        voters_are_not_told_the_vote_anew()
        all_true()
        number = hall.meeting.conference.vote
        for _step in range(12):
            act = steps(hall.meeting, visitors.person(CHAIR), visitors.clock()).suggested
            if isinstance(act, a.AnnounceVote):
                break
            if act is None:
                await visitors.pass_time(20)
            else:
                await visitors.act(act, CHAIR)
            all_true()
        assert hall.meeting.votes[number].outcome is not None
    assert told > 12


async def test_who_seconded_is_told_so_while_it_is_before_conference_and_no_longer(
    house, visitors, hall  # noqa: F811
):  # fmt: skip
    page = Page(house, regions.FLOOR, visitors.person("Delegate 003"))
    absent = Page(house, regions.FLOOR, visitors.person("Delegate 020"))
    await to(visitors, about("1.1", a.MarkSeconded))
    assert page.differs() == absent.differs() == []
    await visitors.act(a.OfferSecond(1, 1), "Delegate 003")
    assert page.differs() == []
    assert 'data-hush="second move' in page.shown["me"]
    for _step in range(12):
        if hall.meeting.conference.amendment != 1:
            break
        await visitors.act(await to(visitors, lambda _meeting, _act: True), CHAIR)
        assert page.differs() == absent.differs() == []
    assert hall.meeting.conference.amendment != 1
    assert "data-hush" in page.shown["me"]
    assert "second move" not in page.shown["me"]


async def test_who_was_sent_out_has_the_buttons_again_when_the_time_is_over(house, visitors, hall):  # noqa: F811
    out = visitors.person("Delegate 003")
    page = Page(house, regions.FLOOR, out)
    await to(visitors, about("1.1", a.AnnounceVote))
    await visitors.act(a.SendToLobby(out, "r"), CHAIR)
    assert page.differs() == []
    assert 'data-hush="ask second move"' in page.shown["me"]
    house.press.tell_times()
    await visitors.pass_time(hall.meeting.settings.lobby_time)
    house.press.tell_times()
    assert page.differs() == []
    assert 'data-hush="ask second move"' not in page.shown["me"]


async def test_who_was_not_called_before_the_close_is_told_so_until_the_vote(house, visitors, hall):  # noqa: F811
    page = Page(house, regions.FLOOR, visitors.person("Delegate 003"))
    await to(visitors, about("1.1", a.AnnounceVote))
    await visitors.act(a.AskToSpeak(1, Side.FOR, 1), "Delegate 003")
    assert page.differs() == []
    await visitors.act(a.CloseDebate(1, 1), CHAIR)
    assert page.differs() == []
    assert "closed before your turn" in page.shown["me"]
    await visitors.act(a.AnnounceVote(1, 1), CHAIR)
    assert page.differs() == []
    assert "closed before your turn" not in page.shown["me"]


async def test_after_the_close_nobody_has_buttons_not_even_who_never_came(house, visitors, hall):  # noqa: F811
    absent = Page(house, regions.FLOOR, visitors.person("Delegate 020"))
    assert "I am here" in absent.shown["me"]
    meeting = hall.meeting
    over = [(row.id, replace(row, state=ItemState.DONE)) for row in meeting.items.values()]
    hall.meeting = replace(meeting, items=Table(over))
    hall.meeting = change.conference(hall.meeting, item=None)
    await visitors.act(a.CloseConference(), CHAIR)
    assert absent.differs() == []
    assert "I am here" not in absent.shown["me"]


async def test_after_a_start_the_first_event_is_only_what_is_new(house, visitors, hall):  # noqa: F811
    """A page that was rendered a while ago and is current gets what drifted, and nothing twice."""
    await to(visitors, about("1.1", a.CallSpeaker))
    views = (regions.FLOOR, regions.AGENDA)
    pages = [Page(house, view, visitors.person("Delegate 003")) for view in views]
    house.press._last.clear()
    visitors.clock.at += 10 * 60_000
    sent: set[str] = set()
    for page in pages:
        assert house.press.greeting(page.seat, current=True)
    await visitors.act(a.Announce("There is tea in the foyer."), CHAIR)
    for page in pages:
        sent |= {json.loads(text).get("id") for text in page.seat._queue}
        assert page.differs() == [], page.view
    assert "banner" in sent
    assert sent <= regions.DRIFTING


async def test_two_hands_tell_a_hall_only_while_nobody_votes(house, visitors, hall):  # noqa: F811
    """They would keep the interpreter from the thread that stores the ballots."""
    assert house.press._pace()() is CALM
    await to(visitors, about("1.1", a.AnnounceVote))
    await visitors.act(a.AnnounceVote(1, 1), CHAIR)
    await visitors.pass_time(hall.meeting.settings.vote_announcement + 1)
    assert house.press._pace()() is VOTING
    assert VOTING.hands == 1


async def test_whom_a_hall_has_begun_to_answer_is_told_at_once(house, visitors, hall):  # noqa: F811
    """Ballots from before this telling say nothing; those that come while it goes on do."""
    await to(visitors, about("1.1", a.AnnounceVote))
    await visitors.act(a.AnnounceVote(1, 1), CHAIR)
    await visitors.pass_time(hall.meeting.settings.vote_announcement + 1)
    hall.meters.ballots += 10 * ANSWERED
    pace = house.press._pace()
    assert pace() is VOTING
    hall.meters.ballots += ANSWERED
    assert pace() is VOTING
    hall.meters.ballots += 1
    assert pace() is AT_ONCE
    assert house.press._pace()() is VOTING
