"""The real server as a process, its command line, people who sign in, and seats on its wire.

Nothing here imports the application.
"""

from __future__ import annotations

import asyncio
import base64
import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx2
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 10
"""How long anything here is waited for: long, for machines that are busy."""
STARTS = 120
"""How long a start may take: with twenty others at work it has taken more than a minute."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """One data folder and the process that serves it, which may be killed and started again."""

    data: Path
    port: int = field(default_factory=free_port)
    tree: Path = ROOT
    process: subprocess.Popen[bytes] | None = None
    known: dict[str, str] = field(default_factory=dict)
    """Paths of personal links by name, where they are known already."""
    people: list[Person] = field(default_factory=list)
    """Whoever came; `goodbye` closes what they left open."""
    keys: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The key and the mark of each vote, as its ballot has them."""
    said: dict[str, str] = field(default_factory=dict)
    """What is in each envelope that was sealed here: nobody else can know."""
    around: dict[str, str] = field(default_factory=dict)
    """What else stands in the environment of its process."""
    before: tuple[str, ...] = ()
    """Words before the command: a program that starts it with other limits."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def stderr(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def launch(self, *words: str) -> None:
        """Start the process; `start` also waits until it serves."""
        command = ("serve", "--data", str(self.data), "--port", str(self.port), *words)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.before, sys.executable, "-m", "conference", *command],
                cwd=self.tree,
                env=environment() | self.around,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def start(self, *words: str) -> None:
        self.launch(*words)
        until = time.monotonic() + STARTS
        while not self.healthy():
            assert self.process is not None
            assert self.process.poll() is None, self.stderr()
            assert time.monotonic() < until, self.stderr()
            time.sleep(0.02)

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it by SIGTERM, by SIGKILL after five seconds; its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5 if os.environ.get("CI") is None else 15)
            except subprocess.TimeoutExpired:
                self.kill()
        return int(self.process.returncode)

    def run(self, *words: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
        """One command of the command line, on this folder."""
        return subprocess.run(
            [sys.executable, "-m", "conference", *words, "--data", str(data or self.data)],
            cwd=self.tree,
            env=environment(),
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )

    async def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The same, while this test's sockets go on being read."""
        return await asyncio.to_thread(self.run, *words)

    def links(self) -> dict[str, str]:
        """The path of everybody's personal link, by name."""
        done = self.run("people", "links", "--port", str(self.port))
        assert done.returncode == 0, done.stderr
        rows = csv.DictReader(io.StringIO(done.stdout))
        self.known = {row["name"]: row["address"].removeprefix(self.url) for row in rows}
        return self.known

    def choice_in(self, envelope: object) -> str:
        """What was sealed here into an envelope as it is stored; nothing for none."""
        text = base64.urlsafe_b64encode(envelope) if isinstance(envelope, bytes) else b""
        return self.said.get(text.decode().rstrip("="), "")

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says, read beside the server."""
        uri = f"file:{self.data / 'conference.db'}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    @asynccontextmanager
    async def person(self, name: str):
        """Somebody who has signed in by their link."""
        person = await self.enter(name)
        try:
            yield person
        finally:
            await person.leave()

    async def enter(self, name: str) -> Person:
        link = (self.known or self.links())[name]
        person = Person(self, name)
        self.people.append(person)
        page = await person.http.get(link)
        assert page.status_code == 200, page.text
        done = await person.http.post(link)
        assert done.status_code == 303, done.text
        person.cookie = f"conference={done.cookies['conference']}"
        return person

    def nobody(self) -> Person:
        """Somebody who has not signed in."""
        self.people.append(Person(self, ""))
        return self.people[-1]

    async def goodbye(self) -> None:
        await asyncio.gather(*(person.leave() for person in self.people))
        self.people.clear()


def environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("CONFERENCE_")}


class Person:
    """A browser without a window: one session, its forms and its seats."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self.cookie = ""
        self.number = ""
        """The pseudonym, as every page has it."""
        self.sealed: dict[tuple[int, str, str], str] = {}
        self.seats: list[Seat] = []
        self.http = httpx2.AsyncClient(
            base_url=server.url,
            headers={"Origin": server.url, "Accept": "application/json"},
            verify=False,  # plain HTTP: saves reading certificates
            trust_env=False,
            timeout=SECONDS,
        )

    async def post(self, path: str, headers: dict[str, str] | None = None, **fields: object):
        return await self.http.post(path, data=fields, headers=headers)

    async def seat(
        self,
        view: str = "floor",
        query: dict[str, object] | None = None,
        *,
        port: int | None = None,
        **options: object,
    ) -> Seat:
        """A seat; its greeting is unread. `port` is where another line to the server begins."""
        asked = {"view": view, **(query or {})}
        headers = {"Cookie": self.cookie} if self.cookie else {}
        given = {"origin": self.server.url, "max_size": None, **options}
        websocket = await connect(
            f"ws://127.0.0.1:{port or self.server.port}/live?{urlencode(asked)}",
            additional_headers=headers,
            proxy=None,
            compression=None,
            open_timeout=SECONDS,
            close_timeout=2,
            ping_interval=None,
            **given,
        )
        seat = Seat(websocket, self)
        self.seats.append(seat)
        return seat

    async def envelope(self, vote: int, id_: str, choice: str) -> str:
        """What a browser sends for this press: the same envelope each time."""
        press = (vote, id_, choice)
        if press not in self.sealed:
            if not self.number or vote not in self.server.keys:
                page = (await self.http.get("/floor", headers={"Accept": "text/html"})).text
                self.number = "".join(re.findall(r'data-person="([^"]+)"', page))
                found = re.findall(
                    r'data-ballot="(\d+)".*data-key="([^"]+)" data-mark="([^"]+)"', page
                )
                self.server.keys |= {int(number): (key, mark) for number, key, mark in found}
            if vote not in self.server.keys:
                return "A" * 66  # no ballot on this page: an envelope that nobody can open
            self.sealed[press] = seal(*self.server.keys[vote], vote, self.number, choice)
            self.server.said[self.sealed[press]] = choice
        return self.sealed[press]

    async def leave(self) -> None:
        await asyncio.gather(*(seat.ws.close() for seat in self.seats))
        await self.http.aclose()

    # --- the chair's words ---

    async def panel(self) -> str:
        page = await self.http.get("/chair")
        assert page.status_code == 200, page.text
        return str(page.text)

    async def step(self) -> int:
        return int(re.findall(r'name="step" value="(\d+)"', await self.panel())[0])

    async def press(self, path: str, **fields: object):
        """A button of the chair, with the step that the panel shows."""
        return await self.post(f"/chair/{path}", step=await self.step(), **fields)

    async def suggested(self) -> str:
        """Press what the panel suggests; the path pressed, empty when it suggests nothing."""
        text = await self.panel()
        found = re.search(r'<form([^>]*class="step suggested"[^>]*)>(.*?)</form>', text, re.DOTALL)
        if found is None:
            return ""
        action = re.findall(r'action="([^"]+)"', found[1])[0].removesuffix("/new")
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', found[2]))
        fields["step"] = re.findall(r'name="step" value="(\d+)"', text)[0]
        done = await self.post(action, **fields)
        assert done.status_code == 303, done.text
        return str(action)


class Seat:
    """One connection: what it was told and has not been asked for yet stands in `unread`."""

    def __init__(self, websocket: ClientConnection, person: Person) -> None:
        self.ws = websocket
        self.person = person
        self.unread: list[dict[str, object]] = []
        self.number = 0

    async def next(self, kind: str, within: float = SECONDS, **wanted: object) -> dict:
        """The next message of this kind in which these fields have these values."""

        def fits(message: dict[str, object]) -> bool:
            return message["t"] == kind and wanted.items() <= message.items()

        return await self.until(fits, within)

    async def region(self, name: str, text: str = "", within: float = SECONDS) -> str:
        """The next region of this name in which this text stands."""
        message = await self.until(
            lambda m: m["t"] == "region" and m["id"] == name and text in str(m["html"]), within
        )
        return str(message["html"])

    async def until(self, fits, within: float = SECONDS) -> dict:
        for place, message in enumerate(self.unread):
            if fits(message):
                return self.unread.pop(place)
        async with asyncio.timeout(within):
            while True:
                message = json.loads(await self.ws.recv())
                if fits(message):
                    return message
                self.unread.append(message)

    async def greeting(self) -> list[dict]:
        """Everything up to the clock, with which a greeting ends."""
        found = [json.loads(await self.ws.recv())]
        while found[-1]["t"] != "clock":
            found.append(json.loads(await self.ws.recv()))
        return found

    async def quiet(self, seconds: float = 0.3) -> list[dict]:
        """Whatever comes within this time, with what is unread."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    self.unread.append(json.loads(await self.ws.recv()))
        except TimeoutError:
            pass
        found, self.unread = self.unread, []
        return found

    async def ask(self, kind: str, **fields: object) -> dict:
        """Send a request; its answer."""
        self.number += 1
        number = fields.setdefault("n", self.number)
        await self.ws.send(json.dumps({"t": kind, **fields}))
        return await self.until(lambda m: m["t"] in {"ack", "refused"} and m["n"] == number)

    async def vote(self, vote: int, id_: str, choice: str = "for", **fields: object) -> dict:
        paper = await self.person.envelope(vote, id_, choice)
        return await self.ask("ballot", vote=vote, id=id_, paper=paper, **fields)

    async def closed(self, within: float = SECONDS) -> int:
        """Read until the server closes; its code. What came before is unread."""
        async with asyncio.timeout(within):
            try:
                while True:
                    self.unread.append(json.loads(await self.ws.recv()))
            except ConnectionClosed as end:
                return end.rcvd.code if end.rcvd is not None else 1006


SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
INSIDE = {"for": b"\x01", "against": b"\x02", "abstain": b"\x03"}


def seal(key: str, mark: str, vote: int, person: str, choice: str) -> str:
    """An envelope as docs/protocol.md describes it."""
    parts = [b"conference ballot 1", mark.encode(), str(vote).encode(), person.encode()]
    info = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    public = X25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key + "="))
    envelope = SUITE.encrypt(INSIDE[choice], public, info=info)
    return base64.urlsafe_b64encode(envelope).decode().rstrip("=")


@dataclass(frozen=True)
class Prepared:
    """A data folder that is ready for Motion 1 to be voted on; tests work on copies."""

    data: Path
    links: dict[str, str]
    motion: int
    votes: int
    """How many votes have been taken before."""

    def copy(self, target: Path) -> Server:
        shutil.copytree(self.data, target)
        return Server(target, known=dict(self.links))


PRESENT = 40
"""How many delegates are present in a prepared conference: Delegate 001 and so on."""


def delegate(number: int) -> str:
    return f"Delegate {number:03}"


CHAIR = "Chair (morning)"


def quick_file(target: Path, **settings: int) -> Path:
    """The launch conference with short times for votes."""
    text = (ROOT / "conference" / "data" / "launch.toml").read_text()
    for name, seconds in {"announcement": 1, "minimum": 1, "countdown": 1, **settings}.items():
        text, changed = re.subn(rf"(?m)^vote\.{name} = \d+$", f"vote.{name} = {seconds}", text)
        assert changed == 1
    target.write_text(text)
    return target


async def prepare(folder: Path, **settings: int) -> Prepared:
    """Make such a folder: the way there is walked once, by the panel's suggestions.

    `settings` are seconds of votes, such as `duration`, in place of those of the quick file.
    """
    server = Server(folder / "data")
    file = quick_file(folder / "quick.toml", **settings)
    done = server.run("load", str(file), "--mode", "demonstration")
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.run("link", "observer").returncode == 0
    server.start()
    try:
        server.links()
        async with server.person(CHAIR) as chair:
            await _seat_delegates(server)
            motion = await to_motion_1(chair)
        votes = int(server.rows("SELECT count(*) FROM vote")[0][0])
    finally:
        assert server.stop() == 0, server.stderr()
    return Prepared(server.data, server.known, motion, votes)


async def _seat_delegates(server: Server) -> None:
    async def here(name: str) -> None:
        async with server.person(name) as person:
            done = await person.post("/presence", here="yes")
            assert done.status_code == 303, done.text

    await asyncio.gather(*(here(delegate(n)) for n in range(1, PRESENT + 1)))


async def to_motion_1(chair: Person, tries: int = 200) -> int:
    """Walk by the suggested step until a motion has been seconded."""
    for _ in range(tries):
        pressed = await chair.suggested()
        if pressed.endswith("/seconded"):
            for amendment in (1, 2):
                done = await chair.press(f"amendments/{amendment}/fall")
                assert done.status_code == 303, done.text
            return int(pressed.split("/")[-2])
        if not pressed:
            await asyncio.sleep(0.1)
    raise AssertionError(await chair.panel())


async def open_vote(chair: Person, motion: int) -> int:
    """Announce the vote on this motion and wait until it is open; its number."""
    done = await chair.press("votes", motion=motion)
    assert done.status_code == 303, done.text
    return await opened(chair.server)


async def opened(server: Server, within: float = SECONDS) -> int:
    number, state = await wait_for_vote(server, {"open"}, within)
    assert state == "open"
    return number


async def wait_for_vote(
    server: Server, states: set[str], within: float = SECONDS
) -> tuple[int, str]:
    """Wait until the latest vote is in one of these states; its number and state."""
    found: list[tuple[object, ...]] = []
    for _ in range(int(within / 0.02)):
        found = server.rows("SELECT id, state FROM vote ORDER BY id DESC LIMIT 1")
        if found and found[0][1] in states:
            return int(str(found[0][0])), str(found[0][1])
        await asyncio.sleep(0.02)
    raise AssertionError(found)


async def close_vote(chair: Person, vote: int) -> None:
    """Close the vote as soon as the minimum is over, and wait until it is counted."""
    for _ in range(100):
        done = await chair.press(f"votes/{vote}/closure")
        if done.status_code == 303 or done.json()["code"] == "closing":
            break
        assert done.json()["code"] == "too_early", done.text
        await asyncio.sleep(0.1)
    await wait_for_vote(chair.server, {"counted"})


async def declare(chair: Person, vote: int) -> None:
    done = await chair.press(f"votes/{vote}/declaration")
    assert done.status_code == 303, done.text
