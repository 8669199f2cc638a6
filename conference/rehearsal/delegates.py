"""The process of the pretend delegates: `python -m conference.rehearsal.delegates`.

Apart from the server's, so that a thousand browsers do not slow down what is being rehearsed. One line
of JSON comes in (`Orders`); lines of figures go out, one a second. It ends when its input ends, so it
cannot outlive the rehearsal.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import msgspec

from conference.crowd import Minds, Plan
from conference.rehearsal import screens
from conference.rehearsal.browser import Browser, Place
from conference.rehearsal.hall import Outside
from conference.rehearsed import Figures
from conference.rules import acts as a
from conference.rules.kinds import PersonId, Phase
from conference.rules.roles import in_the_chair
from conference.rules.state import Meeting
from conference.store import Store
from conference.store import load as load_meeting

LOOK = 0.3
"""Seconds between two looks at the conference."""
AT_ONCE = 24
"""Forms under way at the same time: a person presses one button after the other, a hall many."""
ARRIVALS = 40.0
"""Delegates a second who come through the door at first."""
STEADY = 300.0
"""Each of them loses the line about once in so many seconds, now and then for long."""
AWAY = (1.0, 25.0)
PATIENCE_MS = 20_000
"""So long a vote stays open before a rehearsal without a chair closes it."""
CHAIR_WAITS = (0.5, 2.0)
"""What a chair needs to see what to press, in a rehearsal without one."""


class Orders(msgspec.Struct):
    """What the pretend delegates are told: where, who, and whether they chair by themselves."""

    data: str
    host: str
    port: int
    address: str
    epoch: str
    delegates: list[tuple[str, str]]
    """Pseudonym and path of the personal link."""
    chairs: list[tuple[str, str]]
    """The same of the chairs, when the conference is to run by itself; otherwise empty."""
    seed: int
    steady: float = STEADY
    arrivals: float = ARRIVALS


class Hall(Minds):
    """Delegates of a rehearsal: of the same mind as a demonstration's, each with a browser."""

    hall: Outside

    def __init__(self, hall: Outside, chance: Random) -> None:
        """Be nobody yet."""
        super().__init__(hall, chance)
        self._pressing: set[asyncio.Task[None]] = set()

    def arrives(self, person: PersonId) -> None:
        """This delegate has signed in, and presses *I am here* in a moment."""
        self.people |= {person}
        if not self.hall.meeting.people[person].present:
            self._plan(self.hall.now(), (0.2, 4.0), person, a.CheckIn())

    async def _carry_out(self, due: list[Plan]) -> None:
        """Let everybody press, and look on meanwhile: one slow answer holds up nobody else."""
        for plan in due:
            task = asyncio.create_task(self._do(plan))
            self._pressing.add(task)
            task.add_done_callback(self._pressing.discard)


class Delegates:
    """Everybody of one rehearsal."""

    def __init__(self, orders: Orders, meeting: Meeting) -> None:
        """Stand before the door."""
        self.figures = Figures(delegates=len(orders.delegates))
        self._orders = orders
        self._chance = Random(orders.seed)  # noqa: S311  (human whims, no secret)
        self._threads = ThreadPoolExecutor(AT_ONCE, "browser")
        self._place = Place(orders.host, orders.port, orders.address, self._threads)
        self._hall = Outside(Path(orders.data), orders.epoch, meeting)
        self._minds = Hall(self._hall, self._chance)
        self._connected_at: dict[PersonId, float] = {}
        self._still = 0.0
        self._state: tuple[object, ...] = ()
        self._unchecked: set[PersonId] = set()

    async def run(self) -> None:
        """Come in, take part, drop out and come back, until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._arrive(group))
                group.create_task(self._take_part())
                group.create_task(self._lose_lines(group))
                group.create_task(self._tell())
                if self._orders.chairs:
                    group.create_task(self._chair())
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _browser(self, person: str, link: str) -> Browser:
        chance = Random(self._chance.getrandbits(64))  # noqa: S311
        return Browser(self._place, person, link, self.figures, chance)

    async def _arrive(self, group: asyncio.TaskGroup) -> None:
        for person, link in self._orders.delegates:
            group.create_task(self._come_in(group, PersonId(person), link))
            await asyncio.sleep(self._chance.expovariate(self._orders.arrivals))

    async def _come_in(self, group: asyncio.TaskGroup, person: PersonId, link: str) -> None:
        browser = self._browser(person, link)
        while True:
            try:
                await browser.sign_in()
                break
            except OSError as error:
                self.figures.press("SignIn", str(error)[:80])
                await asyncio.sleep(1 + self._chance.random() * 4)
        self.figures.signed_in += 1
        self._hall.browsers[person] = browser
        group.create_task(browser.live())
        self._minds.arrives(person)

    async def _take_part(self) -> None:
        while True:
            await self._hall.look()
            self.figures.votes = len(self._hall.meeting.votes)
            self.figures.finished = self._hall.meeting.conference.phase is Phase.CLOSED
            await self._minds.look()
            self._check()
            await asyncio.sleep(LOOK)

    async def _lose_lines(self, group: asyncio.TaskGroup) -> None:
        """About once in `steady` seconds each; most come back soon, as phones do."""
        while True:
            await asyncio.sleep(0.5)
            for browser in tuple(self._hall.browsers.values()):
                unlucky = self._chance.random() < 0.5 / self._orders.steady
                if unlucky and browser.is_connected and not browser.away:
                    group.create_task(self._lose(browser))

    async def _lose(self, browser: Browser) -> None:
        self.figures.dropped += 1
        await browser.drop_out(self._chance.uniform(*AWAY) ** 2 / AWAY[1] + 0.5)
        self.figures.back += 1

    # --- screens --------------------------------------------------------------------------------

    def _check(self) -> None:
        """Compare every screen, once for each state of the conference that stands still."""
        now = time.monotonic()
        for person, browser in self._hall.browsers.items():
            if not browser.is_connected:
                self._connected_at.pop(person, None)
            else:
                self._connected_at.setdefault(person, now)
        state = screens.state_of(self._hall.meeting)
        if state != self._state:
            self._state, self._still = state, now
            self._unchecked = set(self._hall.browsers)
        if now - self._still < screens.STILL:
            return
        for person in tuple(self._unchecked & self._connected_at.keys()):
            found = screens.wrong(self._hall.meeting, self._hall.browsers[person], now)
            since = max(self._still, self._connected_at[person])
            if found and now - since < screens.SETTLED:
                continue  # it may be on its way: looked at again
            self._unchecked.discard(person)
            self.figures.checked += 1
            if found:
                self.figures.problem(found)

    async def _tell(self) -> None:
        while True:
            here = self._hall.browsers.values()
            self.figures.connected = sum(browser.is_connected for browser in here)
            sys.stdout.buffer.write(self.figures.line())
            sys.stdout.buffer.flush()
            await asyncio.sleep(1)

    # --- a chair by itself ----------------------------------------------------------------------

    async def _chair(self) -> None:
        """Press what the panel suggests, as a chair who always agrees with it."""
        browsers = {who: self._browser(who, link) for who, link in self._orders.chairs}
        for browser in browsers.values():
            await browser.sign_in()
        first = next(iter(browsers))
        while True:
            await asyncio.sleep(self._chance.uniform(*CHAIR_WAITS))
            browser = browsers.get(in_the_chair(self._hall.meeting) or first, browsers[first])
            _status, page = await browser.fetch("GET", "/chair")
            found = suggested(page) or self._the_end(page)
            if found is not None and not self._is_too_early(found[0]):
                path, fields = found
                answered = await browser.post(path, **fields)
                self.figures.press("Chair", answered.code)

    def _the_end(self, page: str) -> tuple[str, dict[str, str]] | None:
        """Return what closes the conference once its last item is over: a chair types the word."""
        head = self._hall.meeting.conference
        step = re.search(r'name="step" value="(\d+)"', page)
        if head.phase is not Phase.OPEN or head.item is not None or step is None:
            return None
        return "/chair/end", {"line": "close", "step": step[1]}

    def _is_too_early(self, path: str) -> bool:
        """A chair who sees ballots coming in does not close the vote yet."""
        meeting = self._hall.meeting
        vote = meeting.votes.get(meeting.conference.vote) if meeting.conference.vote else None
        begun = vote.opened_at if vote is not None else None
        early = begun is not None and self._hall.now() - begun < PATIENCE_MS
        return path.endswith("/closure") and early


def suggested(page: str) -> tuple[str, dict[str, str]] | None:
    """Return the form that the panel suggests: its address and its fields; None without one."""
    form = re.search(r'<form([^>]*class="step suggested"[^>]*)>(.*?)</form>', page, re.DOTALL)
    step = re.search(r'name="step" value="(\d+)"', page)
    action = re.search(r'action="([^"]+)"', form[1]) if form else None
    if form is None or step is None or action is None:
        return None
    fields = {k: html.unescape(v) for k, v in re.findall(r'name="(\w+)" value="([^"]*)"', form[2])}
    return action[1].removesuffix("/new"), {**fields, "step": step[1]}


async def main() -> None:
    """Do as ordered until the input ends."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=16 * 1024 * 1024)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    orders = msgspec.json.decode(await reader.readline(), type=Orders)
    async with Store.looking(Path(orders.data)) as looking:
        meeting = await load_meeting(looking)
    if meeting is None:
        return
    work = asyncio.create_task(Delegates(orders, meeting).run())
    ends = asyncio.create_task(reader.read())
    await asyncio.wait({work, ends}, return_when=asyncio.FIRST_COMPLETED)
    if work.done():
        work.result()
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    sys.stdout.flush()
    os._exit(0)  # whatever browsers are still asking for is of no interest any more


if __name__ == "__main__":
    asyncio.run(main())
