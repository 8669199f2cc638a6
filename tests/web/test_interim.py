"""Nobody learns anything of a vote before it is declared: every page and every push, at every stage."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from conference.counter import messages as m
from conference.counter.client import CounterLost
from conference.live import messages
from conference.rules import acts as a
from conference.rules.kinds import SYSTEM, Role
from conference.rules.state import Person
from conference.store.ballots import BallotPaper
from conference.web import regions
from conference.web.regions import VIEWS
from conference.web.routes import ROUTES
from tests.web.test_boxes import PAPERS, ready, vote  # noqa: F401  (a fixture)
from tests.web.test_panel import CHAIR, VOTERS

TALLY = re.compile(
    r"[Ff]or \d+, against|<dt>For</dt>|votes_for|\d+ for, \d+ against|&#34;figures&#34;|"
    r"<strong>(Carried|Lost|Not carried)"
)
"""What a figure or an outcome looks like, wherever one is shown."""


def everything(site) -> dict[str, str]:
    """Whatever is pushed to any seat of anybody: regions by view and person."""
    found = {}
    people = [None, *(person.id for person in of_each_role(site).values())]
    for view in VIEWS:
        for person in people:
            audience = regions.audience_of(site, view, person)
            if audience not in found:
                found[f"{audience}"] = " ".join(regions.render_shared(site, audience).values())
        for person in people[1:]:
            found[f"{view} {person}"] = " ".join(
                regions.render_personal(site, view, person).values()
            )
    return found


def of_each_role(site) -> dict[Role, Person]:
    """One person for each role; whoever has to be given one has no other."""
    found: dict[Role, Person] = {}
    spare = [p for p in site.meeting.people.values() if p.roles == {Role.DELEGATE}]
    for role in Role:
        held = next((p for p in site.meeting.people.values() if role in p.roles), None)
        if held is None:
            held = replace(spare.pop(), roles=frozenset({role}))
            people = site.meeting.people.put(held.id, held)
            site.hall.meeting = replace(site.hall.meeting, people=people)
        found[role] = held
    return found


SHUT = re.compile(r"/votes/.*\.(pdf|zip|json)$")
"""Files of one vote: none of them is there before its declaration."""


async def browsers(visitors):
    """A browser for the first person of each role, for somebody who has voted, and for nobody."""
    site = visitors.house.site
    roles = of_each_role(site)
    assert set(roles) == set(Role)
    names = [site.names[person.id] for person in roles.values()]
    for who in dict.fromkeys([None, *names, VOTERS[0]]):
        yield who, visitors.nobody() if who is None else await visitors.enter(who)


def paths(method: str, number: int) -> list[str]:
    """The address of every route for this method: about this vote, and the first of all else."""
    found = []
    for route in ROUTES:
        if method in route.methods and "{token}" not in route.path:
            path = re.sub(r"\{vote:int\}", str(number), route.path)
            found.append(re.sub(r"\{\w+(:\w+)?\}", "1", path))
    return found


async def answers(visitors, number: int) -> dict[str, str]:
    """What comes back to everybody from every form, sent with little more than a choice in it."""
    found, sent = {}, {"paper": "for", "id": "press-of-a-form"}
    async for who, browser in browsers(visitors):
        for path in paths("POST", number):
            if path.startswith("/sign-out"):
                continue  # whoever is gone is told nothing any more
            answer = await browser.post(path, data=sent, headers={"Accept": "application/json"})
            found[f"{who} sends {path}"] = f"{answer.text} {dict(answer.headers)}"
    return found


async def pages(visitors, number: int) -> dict[str, str]:
    """Every page, as the first person of each role gets it, and as nobody does."""
    found = {}
    async for who, browser in browsers(visitors):
        for path in paths("GET", number):
            if SHUT.search(path):
                there = (await browser.get(path)).status_code == 200
                found[f"{who} {path}"] = "votes_for" if there else ""
                continue
            if path.endswith(".pdf"):
                continue  # made from the same views
            found[f"{who} {path}"] = (await browser.get(path)).text
    return found


def officers(site) -> list[str]:
    """Whoever signs the count sheet before the result is declared."""
    signs = {Role.CHAIR, Role.VICE_CHAIR, Role.SECRETARY, Role.TELLER}
    return [site.names[p.id] for p in site.meeting.people.values() if p.roles & signs]


async def by_name(visitors) -> int:
    """An open vote by name, whose choices the server can read: it could give away how it stands."""
    hall = visitors.house.site.hall
    await visitors.act(a.AnnounceVote(hall.meeting.conference.motion), CHAIR)
    number = hall.meeting.conference.vote
    row = replace(hall.meeting.votes[number], by_name=True)
    hall.meeting = replace(hall.meeting, votes=hall.meeting.votes.put(number, row))
    await visitors.pass_time(30)
    for name, choice in zip(VOTERS, PAPERS.split(), strict=False):
        paper = BallotPaper(number, visitors.person(name), f"press-of-{name[-3:]}", choice)
        assert await hall.ballot(paper) is None
    return number


STAGES = ["announced", "open", "closed", "fixed", "counted", "by_name"]
STATE = {"fixed": "closed", "by_name": "open"}
IN_HAND = {"counted", "by_name"}
"""Where the server has the choices themselves; at the other stages they are sealed."""


async def reach(visitors, stage: str) -> int:
    """Bring a vote to this stage, by name or sealed; the number of the vote."""
    site = visitors.house.site
    counter, hall = site.scrutiny._counter, site.hall
    ask = counter.ask

    async def stops(request: m.Request) -> m.Answer:
        if isinstance(request, {"closed": m.SignBox, "fixed": m.OpenBox}.get(stage, ())):
            raise CounterLost
        return await ask(request)

    counter.ask = stops
    if stage == "announced":
        await visitors.act(a.AnnounceVote(hall.meeting.conference.motion), CHAIR)
        number = hall.meeting.conference.vote
    elif stage == "by_name":
        number = await by_name(visitors)
    elif stage == "open":
        number = await vote(visitors, close=False)
    else:
        number = await vote(visitors)
    assert hall.meeting.votes[number].state == STATE.get(stage, stage)
    assert bool(hall.meeting.votes[number].root) == (stage in {"fixed", "counted"})
    return number


@pytest.mark.parametrize("stage", STAGES)
async def test_no_page_and_no_push_shows_anything_before_the_declaration(ready, stage):  # noqa: F811
    site = ready.house.site
    number = await reach(ready, stage)
    hall = site.hall
    shown = {**await pages(ready, number), **everything(site)}
    assert len(shown) > 200
    telling = sorted(
        f"{where}: {TALLY.search(text)[0]}" for where, text in shown.items() if TALLY.search(text)
    )
    # Once it is counted the chair reads the figures, and tellers confirm them: nobody else.
    allowed = ("CHAIR", "chair", "/chair", "/teller", "teller", "Audience(view='teller'")
    allowed += tuple(f"{who} /votes/{number}/count-sheet.pdf" for who in officers(site))
    if stage == "counted":
        telling = [where for where in telling if not any(word in where for word in allowed)]
    assert telling == []
    turnout = messages.encode(messages.Turnout(number, *hall.turnout()))
    assert set(re.findall(r'"(\w+)":', turnout)) == {"t", "vote", "cast", "roll"}
    refused = await hall.act(a.DeclareResult(number), SYSTEM)
    assert refused is not None
    if stage in IN_HAND:
        told = await answers(ready, number)
        assert len(told) > 1500
        assert sum("signed_out" in text for text in told.values()) < len(told) / 5
        assert hall.meeting.votes[number].state == STATE.get(stage, stage)
        assert [where for where, text in told.items() if TALLY.search(text)] == []
