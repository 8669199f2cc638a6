"""One pretend delegate's browser: signs in, keeps a page up to date, presses, drops out, comes back.

It knows what a person's browser knows and no more: the address, a personal link, and what the server
has sent. What it was told and what it was answered is kept, so that it can be compared.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from random import Random
from typing import Any
from urllib.parse import urlencode

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from conference.rehearsal import pages
from conference.rehearsed import Figures

ANSWER_SECONDS = 4.0
"""How long an answer on the socket is waited for before the form is sent instead."""
REQUEST_SECONDS = 30
OK = 200
TRIES = 8
"""How often a ballot without an answer is sent again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server is, and what it calls itself."""

    host: str
    port: int
    address: str
    threads: ThreadPoolExecutor


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request came to: `code` is empty when it was done."""

    code: str


OFFLINE = Answered("offline")


@dataclass(slots=True)
class Browser:
    """A browser in which one person has signed in."""

    place: Place
    person: str
    link: str
    figures: Figures
    chance: Random
    screen: dict[str, str] = field(default_factory=dict)
    """What stands on the page: every region as it came last."""
    turnouts: dict[str, dict[str, int]] = field(default_factory=dict)
    """The turnout of each vote as it was told last."""
    epoch: str = ""
    version: int = -1
    """Everything up to this version has arrived, as the page's script counts it."""
    connections: int = 0
    """How often it has connected."""
    away: bool = False
    told_at: float = 0.0
    """When this page was told something last; monotonic seconds."""
    recorded: dict[int, float] = field(default_factory=dict)
    """The votes in which a ballot was acknowledged, and when."""
    voted_at: dict[int, float] = field(default_factory=dict)
    _cookies: dict[str, str] = field(default_factory=dict)
    _socket: ClientConnection | None = None
    _waiting: dict[int, asyncio.Future[Answered]] = field(default_factory=dict)
    _number: int = 0
    _begun: int = -1
    """The version of which regions have arrived, perhaps not all."""
    _voting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _retry: float | None = None
    _ended: bool = False

    @property
    def is_connected(self) -> bool:
        """Whether the page is live."""
        return self._socket is not None

    # --- forms ----------------------------------------------------------------------------------

    async def sign_in(self) -> None:
        """Press the button behind the personal link, and load the floor as a person would.

        Raises OSError when the server cannot be reached or refuses.
        """
        await self.fetch("GET", self.link)
        answered = await self.post(self.link)
        if answered.code:
            raise OSError(f"the sign-in was refused: {answered.code}")
        page = await self.load()
        if page is None:
            raise OSError("the floor was refused")
        self.screen = dict(page.regions)
        self.epoch, self.version, self._begun = page.epoch, page.version, page.version

    async def load(self) -> pages.Loaded | None:
        """Load the floor anew, as in another tab; None when it did not come."""
        status, text = await self.fetch("GET", "/floor")
        return pages.read(text) if status == OK else None

    async def post(self, path: str, **fields: object) -> Answered:
        """Send a form; what it came to."""
        status, text = await self.fetch("POST", path, fields)
        if status < 400:  # noqa: PLR2004
            return Answered("")
        with contextlib.suppress(msgspec.DecodeError, TypeError, KeyError):
            return Answered(str(msgspec.json.decode(text)["code"]))
        return Answered(f"http_{status}")

    async def fetch(
        self, method: str, path: str, fields: Mapping[str, object] | None = None
    ) -> tuple[int, str]:
        """Ask for this page, or send this form; its status and text. 0 when nothing came back."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self.place.threads, self._request, method, path, fields or {}
        )

    def _request(self, method: str, path: str, fields: Mapping[str, object]) -> tuple[int, str]:
        line = http.client.HTTPConnection(self.place.host, self.place.port, timeout=REQUEST_SECONDS)
        headers = {
            "Host": self.place.address.split("//", 1)[1],
            "Origin": self.place.address,
            "Accept": "text/html" if method == "GET" else "application/json",
            "Cookie": self._cookie(),
        }
        body = None
        if method == "POST":
            body = urlencode({k: v for k, v in fields.items() if v is not None})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            for given in answer.headers.get_all("Set-Cookie") or ():
                self._cookies |= {
                    name: morsel.value for name, morsel in SimpleCookie(given).items()
                }
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    # --- the socket -----------------------------------------------------------------------------

    async def live(self) -> None:
        """Keep the page live until it is closed: come back whenever the line breaks."""
        tries = 0
        while not self._ended:
            if self.away:
                await asyncio.sleep(0.1)
                continue
            begun = time.monotonic()
            try:
                await self._listen()
            except (OSError, WebSocketException, TimeoutError):
                self.figures.broken += not (self.away or self._ended)
            tries = 0 if time.monotonic() - begun > 5 else tries + 1  # noqa: PLR2004
            wait, self._retry = self._retry, None
            if wait is None:
                wait = 0.3 + self.chance.random() * min(5.0, 0.3 * 2**tries)
            if not self._ended and not self.away:
                await asyncio.sleep(wait)

    async def _listen(self) -> None:
        asked = urlencode({"view": "floor", "e": self.epoch, "v": self.version})
        async with connect(
            f"ws://{self.place.host}:{self.place.port}/live?{asked}",
            origin=self.place.address,  # type: ignore[arg-type]
            additional_headers={"Cookie": self._cookie()},
            compression=None, max_size=None, ping_interval=None, proxy=None,
            open_timeout=REQUEST_SECONDS, close_timeout=1,
        ) as socket:  # fmt: skip
            self._socket = socket
            self.connections += 1
            try:
                async for text in socket:
                    self._told(msgspec.json.decode(text))
            finally:
                self._socket = None
                self.turnouts.clear()
                waiting, self._waiting = self._waiting, {}
                for answer in waiting.values():
                    if not answer.done():
                        answer.set_result(OFFLINE)

    def _told(self, message: dict[str, Any]) -> None:
        self.told_at = time.monotonic()
        kind = message["t"]
        if kind == "region":
            if message["v"] > self._begun:
                self.version, self._begun = self._begun, message["v"]
            self.screen[message["id"]] = message["html"]
        elif kind == "hello":
            if message["epoch"] != self.epoch:
                self.version = 0
            self.epoch, self._begun = message["epoch"], message["version"]
        elif kind == "clock":
            self.version = self._begun
        elif kind == "turnout":
            self.turnouts[str(message["vote"])] = message
        elif kind in {"ack", "refused"}:
            answer = self._waiting.pop(message["n"], None)
            if answer is not None and not answer.done():
                answer.set_result(Answered(message.get("code", "")))
        elif kind == "bye":
            self._retry = message["retry_ms"] / 1000 * (1 + self.chance.random() / 5)
            if message["code"] == "session_ended":
                self._ended = True

    async def ask(self, kind: str, **fields: object) -> Answered:
        """Send this on the socket; OFFLINE without one, or without an answer in time."""
        if self._socket is None:
            return OFFLINE
        self._number += 1
        answer: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = answer
        text = msgspec.json.encode({"t": kind, "n": self._number, **fields}).decode()
        with contextlib.suppress(WebSocketException, OSError, TimeoutError):
            await self._socket.send(text)
            return await asyncio.wait_for(answer, ANSWER_SECONDS)
        return OFFLINE

    async def vote(self, vote: int, ballot: str, paper: str) -> Answered:
        """Hand in this ballot, over the socket or by the form, until there is a definite answer.

        One after the other: who has pressed waits for *Recorded* before a change of mind.
        """
        async with self._voting:
            return await self._vote(vote, ballot, paper)

    async def _vote(self, vote: int, ballot: str, paper: str) -> Answered:
        begun = time.monotonic()
        self.voted_at.setdefault(vote, begun)
        answered = OFFLINE
        for again in range(TRIES):
            answered = await self.ask("ballot", vote=vote, id=ballot, paper=paper)
            if answered is OFFLINE:
                answered = await self.post(f"/votes/{vote}/ballots", paper=paper, id=ballot)
            if answered.code not in {"offline", "http_0", "not_recorded", "busy", "too_often"}:
                break
            self.figures.resent += 1
            await asyncio.sleep(0.5 + again / 2)
        if not answered.code:
            self.recorded[vote] = time.monotonic()
        self.figures.answer(answered.code, time.monotonic() - begun)
        return answered

    async def drop_out(self, seconds: float) -> None:
        """Lose the line without a word, be away for so long, and come back."""
        self.away = True
        if self._socket is not None:
            self._socket.transport.abort()
        await asyncio.sleep(seconds)
        self.away = False

    async def close(self) -> None:
        """Leave for good."""
        self._ended = True
        if self._socket is not None:
            self._socket.transport.abort()
