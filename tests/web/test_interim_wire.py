"""Nobody learns anything of a vote over the socket either: whatever anybody says there, at every stage.

Somebody of each role, and a hall screen, says everything that may be said on the wire; whatever comes
back, and whatever is pushed to anybody meanwhile, is searched for figures. Where the server has the
choices in its hands (by name, and once the envelopes are opened) others then vote, and everything is
said again: every answer and every push must be the same to the letter, whatever was voted.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from conference.live import messages
from conference.live.socket import Talk
from conference.room import Seat
from conference.rules.kinds import Choice
from conference.store.ballots import BallotPaper
from conference.web import regions
from conference.web.live import LiveDesk
from conference.web.regions import VIEWS
from tests.web.test_boxes import ready  # noqa: F401  (a fixture)
from tests.web.test_interim import IN_HAND, STAGES, TALLY, of_each_role, reach
from tests.web.test_panel import VOTERS

COUNTERS = frozenset({regions.CHAIR, regions.TELLER})
"""Pages that show the figures of a counted vote before the chair declares them, and to nobody else."""
FIELDS = {
    "turnout": {"t", "vote", "cast", "roll"},
    "ack": {"t", "n", "vote"},
    "refused": {"t", "n", "code", "say"},
    "hello": {"t", "epoch", "version", "now"},
    "clock": {"t", "now"},
    "bye": {"t", "code", "say", "retry_ms"},
}
"""What each message has, and nothing beside it; of a region's HTML all is read."""
Heard = dict[tuple[str, str], list[str]]
"""What was heard: by who had spoken, and where it arrived."""


@dataclass
class Ear:
    """One seat of somebody, and the socket behind it."""

    name: str
    seat: Seat
    talk: Talk

    def heard(self) -> list[dict[str, object]]:
        """Whatever has been sent to it since."""
        sent = [json.loads(text) for text in self.seat._queue]
        self.seat._queue.clear()
        self.seat._size = 0
        assert self.seat.close_code in {None, messages.MALFORMED}
        return sent


class Crawl:
    """Everybody's seats, and what they say."""

    def __init__(self, visitors, number: int) -> None:
        self.house, self.number, self.times = visitors.house, number, 0
        site = self.house.site
        self.desk = LiveDesk(site, self.house.press)
        people = {str(role): row.id for role, row in of_each_role(site).items()}
        people |= {"has voted": visitors.person(VOTERS[0])}
        people |= {"has not voted": visitors.person(VOTERS[5])}
        people |= {"is not here": visitors.person("Delegate 020"), "nobody": ""}
        self.people = people
        self.envelopes = {
            (who, choice): site.hall.paper(number, person, choice)
            for who, person in people.items()
            for choice in Choice
        }

    def ears(self) -> dict[str, list[Ear]]:
        """New seats: of each person one for every kind of page they may have."""
        site, found = self.house.site, {}
        for seat in site.room.seats():
            site.room.leave(seat)
        for who, person in self.people.items():
            views = {regions.view_of(site, view, person or None) for view in VIEWS} - {None}
            if not person:
                views = {regions.SCREEN}  # as the socket has it for whoever is not signed in
            found[who] = []
            for view in sorted(views):
                seat = Seat(regions.audience_of(site, view, person or None), person, f"of {who}")
                site.room.join(seat)
                found[who].append(Ear(f"{who} at {view}", seat, Talk(seat, self.desk)))
        return found

    def said(self, who: str) -> list[str]:
        """Everything that may be said, well and badly."""
        self.times += 1
        own = f"press-{self.times:06}-{who.replace(' ', '-')}"
        papers = [
            *((self.number, choice.value) for choice in Choice),
            *((self.number, self.envelopes[who, choice]) for choice in Choice),
            (self.number, self.envelopes["has voted", Choice.FOR]),  # somebody else's, or again
            (self.number, "A" * 66),
            (self.number + 1, self.envelopes[who, Choice.FOR]),
            (max(self.number - 1, 1), Choice.FOR.value),
        ]
        ballots: list[dict[str, object]] = [
            {"t": "ballot", "vote": vote, "id": f"{own}-{n}", "paper": paper}
            for n, (vote, paper) in enumerate(papers)
        ]
        motion = self.house.site.meeting.conference.motion
        sides = [{"t": "ask", "motion": motion, "side": side} for side in ("for", "against")]
        numbered = [
            {"t": kind, ("slot" if kind == "seen" else "motion"): n}
            for kind in ("withdraw", "seen")
            for n in (1, motion, 9_999)
        ]
        broken = [{"t": kind, "vote": "?"} for kind in sorted(messages.KINDS)]
        asked = [*ballots, ballots[5], ballots[3], *sides, *numbered, *broken]
        assert {one["t"] for one in asked} == messages.KINDS
        return [json.dumps({"n": n, **content}) for n, content in enumerate(asked, 1)]

    async def settle(self) -> None:
        """Wait until everything that was said has been answered."""

        async def nothing(_desk) -> None:
            return None

        await self.house.site.hall.work(nothing)
        while self.desk._answering:
            await next(iter(self.desk._answering))
            await self.house.site.hall.work(nothing)

    async def everything(self) -> Heard:
        """Let everybody say everything; what everybody was sent."""
        heard: Heard = defaultdict(list)
        ears = self.ears()
        everybody = [ear for some in ears.values() for ear in some]
        self.house.press.tell_all()
        for ear in everybody:
            ear.heard()  # from here on only what somebody's words bring about
        for who, own in ears.items():
            for text in self.said(who):
                own[0].talk.heard(text)
            await self.settle()
            own[0].talk.heard('{"t": "tally", "n": 1}')  # no message of ours: it ends the seat
            for ear in everybody:
                heard[who, ear.name] += self.told(ear)
            self.house.site.room.leave(own[0].seat)  # its last words were its goodbye
            everybody.remove(own[0])
        self.greet(heard)
        return heard

    def greet(self, heard: Heard) -> None:
        """Connect everybody anew: with an old page and with the latest."""
        site = self.house.site
        for own in self.ears().values():
            for ear in own:
                for version in (0, site.meeting.conference.version):
                    ear.seat.send(self.desk.greet(ear.seat, site.store.epoch, version))
                    heard["", ear.name] += self.told(ear)

    def told(self, ear: Ear) -> list[str]:
        """What has been sent to it since, without what comes by the clock: turnout and time."""
        told = []
        for message in ear.heard():
            if message["t"] == "region":
                told.append(f"{message['id']}: {message['html']}")
                continue
            assert set(message) == FIELDS[message["t"]]
            if message["t"] == "turnout":
                assert message["roll"] == len(VOTERS)
                assert message["cast"] in {5, 6}  # before and after the sixth says something
            elif message["t"] != "clock":
                told.append(json.dumps(message | {"version": 0}))
        return told


def for_counters(where: str) -> bool:
    """Whether this page may show the figures once there are any."""
    return where.rpartition(" at ")[2] in COUNTERS


async def others_vote(visitors, crawl: Crawl, stage: str) -> None:
    """Whatever was voted by those who say nothing: now it is something else."""
    hall = visitors.house.site.hall
    if stage == "counted":
        row = hall.meeting.votes[crawl.number]
        turned = replace(row, votes_for=row.votes_against, votes_against=row.votes_for)
        hall.meeting = replace(hall.meeting, votes=hall.meeting.votes.put(row.id, turned))
        return
    for name, choice in zip(VOTERS[1:5], ["against", "for", "abstain", "against"], strict=True):
        person = visitors.person(name)
        paper = hall.paper(crawl.number, person, Choice(choice))
        ballot = BallotPaper(crawl.number, person, f"anew-of-{name[-3:]}", paper)
        assert await hall.ballot(ballot) is None


def test_everything_that_can_be_said_is_said():
    assert {kind.__struct_config__.tag for kind in get_args(messages.Message)} == messages.KINDS
    assert set(messages.PERMISSIONS) == set(get_args(messages.Message))


@pytest.mark.parametrize("stage", STAGES)
async def test_nothing_that_is_said_on_the_wire_brings_back_how_a_vote_stands(ready, stage):  # noqa: F811
    number = await reach(ready, stage)
    crawl = Crawl(ready, number)
    heard = await crawl.everything()
    texts = {where: "\n".join(told) for where, told in heard.items()}
    for who in crawl.people:
        answers = [
            text for (by, ear), text in texts.items() if by == who == ear.partition(" at ")[0]
        ]
        assert set(range(1, 25)) <= set(map(int, re.findall(r'"n": (\d+)', "\n".join(answers))))
    telling = [where for where, text in texts.items() if TALLY.search(text)]
    if stage == "counted":
        telling = [where for where in telling if not for_counters(where[1])]
    assert telling == []
    if stage in IN_HAND | {"open"}:
        before = await crawl.everything()
        await others_vote(ready, crawl, stage)
        await crawl.settle()
        after = await crawl.everything()
        assert before.keys() == after.keys()
        differs = [w for w in before if before[w] != after[w] and not for_counters(w[1])]
        assert differs == [], (before[differs[0]], after[differs[0]])
    assert ready.house.site.meeting.votes[number].outcome is None or stage == "counted"
