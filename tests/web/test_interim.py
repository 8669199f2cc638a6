"""Nobody learns anything of a vote before it is declared: every page and every push, at every stage."""

from __future__ import annotations

import re

import pytest

from conference.counter import messages as m
from conference.counter.client import CounterLost
from conference.live import messages
from conference.rules import acts as a
from conference.rules.kinds import SYSTEM, Role
from conference.web import regions
from conference.web.regions import VIEWS
from conference.web.routes import ROUTES
from tests.web.test_boxes import ready, vote  # noqa: F401  (a fixture)
from tests.web.test_panel import VOTERS

TALLY = re.compile(
    r"[Ff]or \d+, against|<dt>For</dt>|votes_for|\d+ for, \d+ against|&#34;figures&#34;|"
    r"<strong>(Carried|Lost|Not carried)"
)
"""What a figure or an outcome looks like, wherever one is shown."""


def everything(site) -> dict[str, str]:
    """Whatever is pushed to any seat of anybody: regions by view and person."""
    found = {}
    people = [None, *site.meeting.people]
    for view in VIEWS:
        for person in people[:5]:
            audience = regions.audience_of(site, view, person)
            if audience not in found:
                found[f"{audience}"] = " ".join(regions.render_shared(site, audience).values())
        for person in people[1:5]:
            found[f"{view} {person}"] = " ".join(
                regions.render_personal(site, view, person).values()
            )
    return found


async def pages(visitors, number: int) -> dict[str, str]:
    """Every page, as the first person of each role gets it, and as nobody does."""
    site, found = visitors.house.site, {}
    names = {
        role: next(
            (site.names[p.id] for p in site.meeting.people.values() if role in p.roles), None
        )
        for role in Role
    }
    for who in dict.fromkeys([None, *(name for name in names.values() if name), VOTERS[0]]):
        browser = visitors.nobody() if who is None else await visitors.enter(who)
        for route in ROUTES:
            if "GET" not in route.methods or "{token}" in route.path:
                continue
            path = re.sub(r"\{vote:int\}", str(number), route.path)
            path = re.sub(r"\{\w+(:\w+)?\}", "1", path)
            if path.endswith((".pdf", ".zip", ".xlsx")):
                continue  # made from the same views
            found[f"{who} {path}"] = (await browser.get(path)).text
    return found


STAGES = ["open", "fixed", "counted"]


@pytest.mark.parametrize("stage", STAGES)
async def test_no_page_and_no_push_shows_anything_before_the_declaration(ready, stage):  # noqa: F811
    site = ready.house.site
    counter, hall = site.scrutiny._counter, site.hall
    ask = counter.ask

    async def stops(request: m.Request) -> m.Answer:
        if stage == "fixed" and isinstance(request, m.OpenBox):
            raise CounterLost
        return await ask(request)

    counter.ask = stops
    if stage == "open":
        number = await vote(ready, close=False)
    else:
        number = await vote(ready)
    state = {"fixed": "closed"}.get(stage, stage)
    assert hall.meeting.votes[number].state == state
    assert bool(hall.meeting.votes[number].root) == (stage in {"fixed", "counted"})
    shown = {**await pages(ready, number), **everything(site)}
    assert len(shown) > 200
    telling = sorted(
        f"{where}: {TALLY.search(text)[0]}" for where, text in shown.items() if TALLY.search(text)
    )
    # Once it is counted the chair reads the figures, and tellers confirm them: nobody else.
    allowed = ("CHAIR", "chair", "/chair", "/teller", "teller", "Audience(view='teller'")
    if stage == "counted":
        telling = [where for where in telling if not any(word in where for word in allowed)]
    assert telling == []
    turnout = messages.encode(messages.Turnout(number, *hall.turnout()))
    assert set(re.findall(r'"(\w+)":', turnout)) == {"t", "vote", "cast", "roll"}
    refused = await hall.act(a.DeclareResult(number), SYSTEM)
    assert refused is not None
