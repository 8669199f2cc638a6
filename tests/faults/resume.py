"""Pages whose line is cut at moments of chance: afterwards each shows what a page loaded now would.

A page here does what `static/js/connection.js` does with versions: it has a version only when something
later has come, and says at the next connection where it stands.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from tests.faults.history import LOST
from tests.live.serving import CHAIR, Person, Prepared, delegate

PAGES = {"floor": "/floor", "chair": "/chair"}
ACTS = 5
"""Acts between two comparisons."""


@dataclass
class Cutter:
    """Hands everything on to the server, and cuts each line after some bytes of it, in a frame or not."""

    to: int
    chance: random.Random
    port: int = 0
    cutting: bool = True
    cuts: int = 0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Cutter]:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        asking = asyncio.create_task(_carry(reader, back))
        try:
            left = int(self.chance.expovariate(1 / 12_000))
            while piece := await there.read(65_536):
                if self.cutting and len(piece) > left:
                    writer.write(piece[:left])
                    with suppress(ConnectionError):
                        await writer.drain()
                    self.cuts += 1
                    return
                left -= len(piece)
                writer.write(piece)
        except OSError:
            pass
        finally:
            asking.cancel()
            # What was let through still arrives; then the line is gone, at both ends.
            writer.close()
            back.transport.abort()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(65_536):
            writer.write(piece)


def regions_of(page: str) -> dict[str, str]:
    """Every region of a page, by name, as it stands there."""
    found = {}
    for begin in re.finditer(r'<(\w+)[^>]*\bdata-region="([^"]+)"[^>]*>', page):
        depth = 0
        for tag in re.compile(rf"<(/?){begin[1]}\b[^>]*>").finditer(page, begin.start()):
            depth += -1 if tag[1] else 1
            if depth == 0:
                found[begin[2]] = page[begin.start() : tag.end()]
                break
    return found


@dataclass
class Screen:
    """A page: loaded once, then kept by what comes over the line."""

    person: Person
    view: str
    regions: dict[str, str] = field(default_factory=dict)
    epoch: str = ""
    version: int = 0
    begun: int = 0
    whole: bool = False
    """Whether the greeting of the present line has come to its end."""

    async def load(self) -> tuple[str, int, dict[str, str]]:
        """What a fresh page says: its epoch, its version, its regions."""
        page = await self.person.http.get(PAGES[self.view], headers={"Accept": "text/html"})
        assert page.status_code == 200, page.text
        body = re.findall(r"<body[^>]*>", page.text)[0]
        (epoch,) = re.findall(r'data-epoch="([^"]*)"', body)
        (version,) = re.findall(r'data-version="(\d+)"', body)
        return epoch, int(version), regions_of(page.text)

    async def begin(self) -> None:
        self.epoch, self.version, self.regions = await self.load()
        self.begun = self.version

    async def keep(self, port: int) -> None:
        """Connect and come back, for ever."""
        while True:
            self.whole = False
            try:
                query = {"e": self.epoch, "v": self.version}
                seat = await self.person.seat(self.view, query, port=port)
                while True:
                    self.hear(json.loads(await seat.ws.recv()))
            except ConnectionClosed as end:
                if end.rcvd is not None and end.rcvd.code == 4408:
                    self.version = 0
            except LOST:
                pass
            await asyncio.sleep(0.01)

    def hear(self, message: dict) -> None:
        if message["t"] == "hello":
            if message["epoch"] != self.epoch:
                self.version = 0
            self.epoch, self.begun = message["epoch"], message["version"]
        elif message["t"] == "region":
            if message["v"] > self.begun:
                self.version, self.begun = self.begun, message["v"]
            if message["id"] in self.regions:
                self.regions[message["id"]] = message["html"]
        elif message["t"] == "clock":
            self.version, self.whole = self.begun, True

    async def differs(self, within: float = 60) -> list[str]:
        """The regions that are not as on a fresh page, once the line has been quiet for long enough."""
        wrong = ["no greeting"]
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while wrong:
                    await asyncio.sleep(0.05)
                    if self.whole:
                        _epoch, _version, fresh = await self.load()
                        wrong = [name for name, html in fresh.items() if not self.has(name, html)]
        return wrong

    def has(self, name: str, html: str) -> bool:
        return _without_clocks(self.regions.get(name, "")) == _without_clocks(html)


def _without_clocks(html: str) -> str:
    """Without what the page's script paints anew by itself: clocks, and the turnout as it is told."""
    moving = r'( data-(?:turnout|countdown-to|elapsed-from|overrun-from)="\d+"[^>]*>)[^<]*'
    return re.sub(moving, r"\1", html).strip()


@dataclass
class Report:
    """What came of it."""

    cuts: int = 0
    compared: int = 0
    findings: list[str] = field(default_factory=list)


async def cut_at_random(prepared: Prepared, folder: Path, seed: object, cuts: int) -> Report:
    """The meeting goes on while lines are cut, until there were so many; compared every few acts."""
    chance, report = random.Random(f"{seed} resume"), Report()
    server = prepared.copy(folder / "data")
    try:
        await asyncio.to_thread(server.start)
        async with server.person(CHAIR) as chair, Cutter(server.port, chance).listening() as line:
            names = [delegate(n) for n in (1, 2, 3, 160)]
            screens = [Screen(await server.enter(name), "floor") for name in names]
            screens.append(Screen(await server.enter(CHAIR), "chair"))
            for screen in screens:
                await screen.begin()
            keeping = [asyncio.create_task(screen.keep(line.port)) for screen in screens]
            try:
                while line.cuts < cuts and not report.findings:
                    for number in range(ACTS):
                        await _something(chair, screens[0].person, chance, number)
                    line.cutting = False
                    for screen in screens:
                        wrong = await screen.differs()
                        report.findings += [
                            f"after {line.cuts} cuts, {screen.person.name}: {name}"
                            for name in wrong
                        ]
                        report.compared += 1
                    line.cutting = True
            finally:
                for task in keeping:
                    task.cancel()
                await asyncio.gather(*keeping, return_exceptions=True)
            report.cuts = line.cuts
    finally:
        await server.goodbye()
        server.stop()
    return report


async def _something(chair: Person, voter: Person, chance: random.Random, number: int) -> None:
    """The next step, or an announcement of a length of chance, so that lines go on being cut."""
    if chance.random() < 0.6:
        await chair.suggested()
    else:
        text = f"Announcement {number} " + "x" * chance.randint(1, 120)
        done = await chair.press("announcement", line=text)
        assert done.status_code in {303, 409, 422}, done.text
    if chance.random() < 0.5:
        await voter.post("/presence", here=chance.choice(("yes", "no")))
    await asyncio.sleep(chance.uniform(0, 0.2))
