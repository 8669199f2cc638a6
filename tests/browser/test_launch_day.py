"""The whole launch conference through the real panel, with the figures of its demonstration.

A hundred and forty-three delegates vote over HTTP; whoever chairs presses buttons in Chromium. At
the end the minutes must be those that were read and kept in `launch_minutes.md`. After a change that
is meant to change them: read the difference, then `LAUNCH_MINUTES=write` writes them anew.
"""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pytest
from playwright.async_api import Page, expect

from tests.browser.served import People, Served, press, shown, suggested

GOLDEN = Path(__file__).with_name("launch_minutes.md")
PRESENT = 143
FIGURES = {
    # What is voted on, in the words of the panel: for, against, abstentions.
    "V1": (138, 2, 3),
    "V2": (129, 9, 5),
    "V3": (141, 0, 2),
    "Amendment 1.1": (68, 41, 12),
    "Amendment 1.2": (49, 58, 15),
    "Motion 1": (97, 14, 9),
    "Suspend standing orders": (60, 40, 8),
    "Amendment 2.1": (71, 39, 8),
    "Motion 2": (88, 20, 11),
    "That the question be now put": (79, 21, 4),
    "Motion 3": (104, 6, 7),
    "E1 admission": (98, 12, 6),
    "Remit to the committee": (66, 30, 9),
    "Amendment T1": (61, 52, 10),
    "Motion 4": (84, 31, 6),
    "Remission": (101, 3, 4),
}
DEBATED = {"Amendment 1.1": 4, "Amendment 1.2": 2, "Motion 1": 2, "Amendment 2.1": 2, "Motion 3": 4}
"""How many are called to speak on what, against and for in turn."""
FIRSTS = (20, 18, 16, 14, 12, 11, 10, 9, 8, 5, 3)


@dataclass
class Delegates:
    """Everybody's sign-in, and what they send."""

    url: str
    clients: list[httpx2.AsyncClient] = field(default_factory=list)
    spoke: int = 0

    async def enter(self, link: str) -> httpx2.AsyncClient:
        headers = {"Origin": self.url, "Accept": "application/json"}
        # A new connection each time: between two votes the server closes those that are idle.
        limits = httpx2.Limits(max_keepalive_connections=0)
        client = httpx2.AsyncClient(base_url=self.url, headers=headers, timeout=30, limits=limits)
        answer = await client.post(link)
        assert answer.status_code == 303, answer.text
        self.clients.append(client)
        return client

    async def send(self, number: int, path: str, **fields: str | int) -> None:
        """Let this delegate send a form; it must be taken."""
        # An empty form is a form, too: a browser says so in its header.
        header = {"Content-Type": "application/x-www-form-urlencoded"}
        content = urlencode({name: str(value) for name, value in fields.items()})
        answer = await self.clients[number].post(path, content=content, headers=header)
        assert answer.status_code == 303, (path, fields, answer.text)

    async def vote(self, vote: str, figures: tuple[int, int, int]) -> None:
        papers = [p for p, n in zip(("for", "against", "abstain"), figures, strict=True)
                  for _ in range(n)]  # fmt: skip
        for start in range(0, len(papers), 20):
            part = enumerate(papers[start : start + 20], start)
            await asyncio.gather(
                *(self.send(n, f"/votes/{vote}/ballots", paper=paper) for n, paper in part)
            )

    async def close(self) -> None:
        await asyncio.gather(*(client.aclose() for client in self.clients))


@dataclass
class Day:
    """The chair's page and everybody else."""

    chair: Page
    delegates: Delegates
    taken: list[str] = field(default_factory=list)

    async def subject(self) -> str:
        """What *Open the vote* would put, in the panel's words."""
        step = self.chair.locator(
            ".step", has=self.chair.get_by_role("button", name="Open the vote")
        )
        return (await step.first.locator(".muted").first.inner_text()).strip()

    async def vote(self) -> None:
        """Open the suggested vote, let everybody vote, close it and declare."""
        about = await self.subject()
        assert await suggested(self.chair) == "Open the vote"
        card = self.chair.locator('[data-vote-state="open"]')
        await card.wait_for()
        number = await card.get_attribute("data-vote")
        await self.delegates.vote(str(number), FIGURES[about])
        assert await suggested(self.chair) == "Close the vote"
        assert await suggested(self.chair) == "Declare the result"
        self.taken.append(about)

    async def debate(self, speeches: int, **named: int) -> None:
        """Let some ask, against first, and call them in the suggested order."""
        for _ in range(speeches):
            side = "against" if self.delegates.spoke % 2 == 0 else "for"
            await self.delegates.send(100 + self.delegates.spoke, "/queue", wish=side, **named)
            self.delegates.spoke += 1
        for _ in range(speeches):
            await self.press("Call next speaker")
            await self.press("End speech")

    async def press(self, name: str) -> None:
        """Press the suggested button, which must be this one."""
        button = self.chair.locator(".step.suggested").get_by_role("button", name=name, exact=True)
        await button.wait_for()
        await suggested(self.chair)

    async def procedure(self, kind: str, **fields: str | int) -> None:
        """Let one delegate move it and another second it; take it and vote on it."""
        await self.delegates.send(70, f"/procedure/{kind}", **fields)
        await shown(self.chair, "needs a seconder").wait_for()
        number = await self.chair.locator("[id^=procedural-]").last.get_attribute("id")
        await self.delegates.send(71, f"/procedure/{(number or '').split('-')[1]}/seconds")
        await self.chair.locator("#region-inbox").get_by_role("button", name="Take it").click()
        await self.chair.locator("#region-inbox .waiting").wait_for(state="detached")
        first = self.chair.locator(".step.suggested")
        while "Open the vote" not in await first.inner_text():
            await suggested(self.chair)  # where the table lets its mover explain it
        await self.vote()

    async def amendment(self, number: int, motion: int, about: str, *, replies: bool) -> None:
        """Take the next amendment, debate it, let the mover reply or not, and vote."""
        await self.press("Take the amendment")
        for name in ("Call the mover", "End speech", "Moved", "Seconded"):
            await self.press(name)
        speeches = DEBATED.get(about, 0)
        await self.debate(speeches, motion=motion, amendment=number)
        if speeches and replies:
            await self.press("Call the reply")
            await self.press("End speech")
        elif speeches:
            await press(self.chair, "No reply")
        await self.chair.locator(".step.suggested", has_text="Open the vote").wait_for()
        await self.vote()

    async def move(self) -> None:
        """Call the item's motion: mover, seconder."""
        for name in ("Call the mover", "End speech", "Moved", "Seconded"):
            await self.press(name)

    async def item(self, title: str) -> None:
        """Leave what is before conference, and everything until this item; call it."""
        for _ in range(60):
            line = self.chair.locator(".step.suggested")
            await line.wait_for()
            text = await line.inner_text()
            if "Open the vote" in text:
                await self.vote()
                continue
            name = await suggested(self.chair)
            if name == "Call this item" and title in text:
                return
        raise AssertionError(title)


async def the_election(day: Day, people: People) -> None:
    """One scrutineer enters the count sheet, a second confirms it."""
    teller = await day.delegates.enter(people.links["Teller"])
    second = await day.delegates.enter(people.links["Secretary"])
    sheet = {f"first_{n}": str(first) for n, first in enumerate(FIRSTS, 1)}
    elected = {f"elected_{n}": "yes" for n in range(1, 8)}
    totals = {"received": "128", "invalid": "2"}
    answer = await teller.post("/count/10/sheet", data={**totals, **sheet, **elected})
    assert answer.status_code == 303, answer.text
    answer = await second.post("/count/10/confirmation", data=totals)
    assert answer.status_code == 303, answer.text


async def play(day: Day, people: People) -> None:
    await day.item("Motion 1: Democratise")
    await day.move()
    await day.amendment(1, 1, "Amendment 1.1", replies=True)
    await day.amendment(2, 1, "Amendment 1.2", replies=False)
    await day.debate(2, motion=1)
    for name in ("Call the reply", "End speech"):
        await day.press(name)
    await day.vote()
    await day.item("Motion 2: For free speech")
    await day.move()
    await day.procedure("suspend", numbers=7, minutes=10, purpose="longer speeches on this motion")
    await day.amendment(3, 2, "Amendment 2.1", replies=True)
    await day.item("Motion 3: Stop the witch-hunt")
    await day.move()
    await day.press("Take the amendment")
    await day.press("Accepted: any objection?")
    await day.chair.locator(".stack-lines", has_text="3.1").wait_for(
        state="detached", timeout=20_000
    )
    await day.debate(4, motion=3)
    await day.procedure("closure")
    for name in ("Call the reply", "End speech"):
        await day.press(name)
    await day.vote()
    await day.item("Emergency motion E1")
    await day.vote()
    await day.press("Put the next question")
    await day.move()
    await day.procedure("remit")
    await day.item("Motion 4: Terms of reference")
    await day.move()
    await day.amendment(6, 4, "Amendment T1", replies=True)
    await day.vote()
    await the_election(day, people)
    for _ in range(40):
        if await shown(day.chair, "The conference is closed.").count():
            return
        text = await day.chair.locator(".step.suggested").inner_text()
        await (day.vote() if "Open the vote" in text else suggested(day.chair))
    raise AssertionError


def without_times(text: str) -> str:
    """The minutes without what differs from day to day."""
    text = re.sub(r"\b\d{2}:\d{2}\b", "hh:mm", text)
    text = re.sub(r"(?m)^.*\b(Version|version) \d+.*$", "(version and date)", text)
    return re.sub(r"\b\w+day,? \d{1,2} \w+ \d{4}\b", "(the day)", text)


@pytest.mark.timeout(900)
async def test_the_launch_conference_from_opening_to_close(
    own_served: Served, own_people: People
) -> None:
    delegates = Delegates(own_served.url)
    try:
        names = [f"Delegate {n:03}" for n in range(1, PRESENT + 1)]
        for start in range(0, PRESENT, 20):
            part = names[start : start + 20]
            await asyncio.gather(*(delegates.enter(own_people.links[name]) for name in part))
        await asyncio.gather(*(delegates.send(n, "/presence", here="yes") for n in range(PRESENT)))
        chair = await own_people.enter("Chair (morning)")
        day = Day(chair, delegates)
        await expect(chair.locator("#region-hall")).to_contain_text("143")
        await play(day, own_people)
        assert day.taken == list(FIGURES)
        minutes = (await delegates.clients[0].get("/minutes.md")).text
    finally:
        await delegates.close()
    verified = own_served.run("verify")
    assert verified.returncode == 0, verified.stdout
    if os.environ.get("LAUNCH_MINUTES") == "write":
        GOLDEN.write_text(without_times(minutes))
    assert without_times(minutes) == GOLDEN.read_text()
