"""The process of the pretend delegates: `python -m conference.rehearsal.delegates`.

Apart from the server's, so that a thousand browsers do not slow down what is being rehearsed. One line
of JSON comes in (`Orders`); lines of figures go out, one a second. It ends when its input ends, so it
cannot outlive the rehearsal.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import msgspec

from conference.crowd import Minds, Plan
from conference.rehearsal import fresh, screens
from conference.rehearsal.browser import Browser, Place
from conference.rehearsal.chair import Chair
from conference.rehearsal.hall import Outside
from conference.rehearsed import Figures
from conference.rules import acts as a
from conference.rules.kinds import PersonId, Phase
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
LOADS = (0.2, 0.8)
"""Seconds between two screens that are held against the page loaded anew."""
AT_THE_END = 12
"""So many at a time, when every screen is."""
LAST_TRIES = 10
"""How often somebody who is away at the end is waited for, some seconds each time."""


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
                group.create_task(self._load_anew())
                if self._orders.chairs:
                    group.create_task(self._chair().run())
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _chair(self) -> Chair:
        browsers = {PersonId(p): self._browser(p, link) for p, link in self._orders.chairs}
        return Chair(self._hall, browsers, self.figures, self._chance)

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
            await self._minds.look()
            await self._check()
            self._recount()
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

    async def _check(self) -> None:
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
            if found:
                found = await self._still_wrong(person)
                if screens.state_of(self._hall.meeting) != state:
                    return  # the others are compared with what stands now, in its time
            self.figures.checked += 1
            if found:
                self.figures.problem(found)

    async def _still_wrong(self, person: PersonId) -> str:
        """Look again once the server has answered: a machine that stood still has told nobody.

        Empty when the screen has come right, or the state to compare it with has gone.
        """
        browser = self._hall.browsers[person]
        page = await browser.load()
        await self._hall.look()
        if page is None or screens.state_of(self._hall.meeting) != self._state:
            return ""
        return screens.wrong(self._hall.meeting, browser, time.monotonic())

    async def _load_anew(self) -> None:
        """Hold screens against the page loaded anew: any, at any moment; every one at the end."""
        while self._hall.meeting.conference.phase is not Phase.CLOSED:
            await asyncio.sleep(self._chance.uniform(*LOADS))
            here = [browser for browser in self._hall.browsers.values() if browser.is_connected]
            if here:
                self._loaded(await fresh.differs(self._chance.choice(here)))
        few = asyncio.Semaphore(AT_THE_END)
        everybody = self._hall.browsers.values()
        await asyncio.gather(*(self._at_the_end(browser, few) for browser in everybody))
        self.figures.finished = True

    async def _at_the_end(self, browser: Browser, few: asyncio.Semaphore) -> None:
        for _try in range(LAST_TRIES):
            async with few:
                found = await fresh.differs(browser)
            if found is not None:
                self.figures.at_the_end += 1
                return self._loaded(found)
            await asyncio.sleep(screens.SETTLED)
        return self._loaded("nobody came back to this screen")

    def _loaded(self, found: str | None) -> None:
        if found is not None:
            self.figures.checked += 1
            self.figures.loaded += 1
            if found:
                self.figures.problem(found)

    def _recount(self) -> None:
        """Hold each vote, once it is counted, against what people were told was recorded."""
        tally = self._hall.tally
        for _vote, found in tally.compare(self._hall.meeting, self._hall.browsers.keys()):
            self.figures.recounted += 1
            if found:
                self.figures.miscounted += 1
                self.figures.problems.append(found)

    async def _tell(self) -> None:
        while True:
            here = self._hall.browsers.values()
            self.figures.connected = sum(browser.is_connected for browser in here)
            sys.stdout.buffer.write(self.figures.line())
            sys.stdout.buffer.flush()
            await asyncio.sleep(1)


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
