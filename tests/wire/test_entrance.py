"""How many connections there may be, and what becomes of those who take their time."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
import uvicorn
from uvicorn.server import ServerState

from conference.wire import entrance, patience
from conference.wire.arrival import Arrival
from conference.wire.entrance import Entrance, entrance_of
from conference.wire.protocol import LeanProtocol

ASK = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
UPGRADE = b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Door:
    """Our HTTP protocol on a port of its own, before an application that answers when it is told to."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.body = b"well"
        self.peers: list[Peer] = []
        self.port = 0

    async def app(self, scope, _receive, send) -> None:
        assert scope["type"] == "http"
        await self.open.wait()
        size = str(len(self.body)).encode()
        head = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", size)],
        }
        await send(head)
        for at in range(0, len(self.body), 65536):
            part = self.body[at : at + 65536]
            more = at + 65536 < len(self.body)
            await send({"type": "http.response.body", "body": part, "more_body": more})

    async def come(self, says: bytes) -> Peer:
        peer = await asyncio.open_connection("127.0.0.1", self.port)
        self.peers.append(peer)
        peer[1].write(says)
        return peer


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door, state = Door(), ServerState()
    config = uvicorn.Config(
        door.app, interface="asgi3", lifespan="off", http=Arrival, ws=LeanProtocol
    )
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Arrival(config, state, {}), "127.0.0.1", 0)
    door.port = server.sockets[0].getsockname()[1]
    yield door
    for _reader, writer in door.peers:
        writer.transport.abort()
    server.close()
    door.open.set()
    await asyncio.gather(*state.tasks, return_exceptions=True)
    entrance._ENTRANCES.pop(loop)  # the next test begins with the ordinary limits


async def rest(peer: Peer) -> bytes:
    """What comes until the server closes."""
    async with asyncio.timeout(20):
        with contextlib.suppress(ConnectionError):
            return await peer[0].read()
    return b""


async def test_a_connection_too_many_is_told_to_come_later(door: Door):
    entrance_of(asyncio.get_running_loop()).most = 3
    let_in = [await door.come(ASK) for _ in range(3)]
    for says in (ASK, UPGRADE + b"\r\n"):
        answer = await rest(await door.come(says))
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nretry-after: " in answer
    door.open.set()
    for reader, _writer in let_in:
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")


async def test_far_too_many_are_dropped(door: Door, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(patience, "SPARE", 1)
    entrance_of(asyncio.get_running_loop()).most = 1
    await door.come(ASK)
    told = await door.come(b"")
    dropped = await door.come(b"")
    assert await rest(dropped) == b""
    told[1].write(ASK)
    assert (await rest(told)).startswith(b"HTTP/1.1 503 ")


async def test_of_those_who_say_nothing_the_oldest_goes_and_whoever_asks_is_served(door: Door):
    hall = entrance_of(asyncio.get_running_loop())
    hall.dawdling = 5
    silent = [await door.come(begin) for begin in (b"", b"GET ", b"GET / HTTP/1.1\r\n") * 5]
    door.open.set()
    asks = await door.come(ASK)
    assert (await asks[0].readline()).startswith(b"HTTP/1.1 200 ")
    assert hall.waiting <= 5
    for peer in silent[:9]:
        assert await rest(peer) == b""


async def test_an_answer_that_is_not_taken_is_given_up(door: Door, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)
    door.body = bytes(32 * 1024 * 1024)
    peer = await door.come(ASK)
    door.open.set()
    await asyncio.sleep(1)
    assert len(await rest(peer)) < len(door.body)


async def test_a_handshake_with_too_many_headers_is_refused(
    door: Door, caplog: pytest.LogCaptureFixture
):
    many = b"".join(b"X-%d: y\r\n" % n for n in range(65))
    answer = await rest(await door.come(UPGRADE + many + b"\r\n"))
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert "Traceback" not in caplog.text


def test_files_are_kept_for_the_database():
    assert Entrance(1024).most == 1024 - entrance.KEPT_FREE - entrance.SPARE
    assert Entrance(1_000_000).most == entrance.MOST
    assert Entrance(1_000_000).dawdling == entrance.DAWDLING


def test_the_process_opens_as_many_files_as_it_may():
    script = (
        "from conference.wire.entrance import raise_open_files as r; import resource;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (100, 700));"
        "print(r(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["700", "700", "700"]
