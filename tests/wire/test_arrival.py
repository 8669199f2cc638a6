"""A handshake that is read at the door means the same as one that goes the long way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from uvicorn.server import ServerState

from conference.wire import entrance
from conference.wire.arrival import Arrival, read_handshake
from conference.wire.patience import MOST_BYTES, MOST_HEADERS, PatientProtocol
from conference.wire.protocol import LeanProtocol

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
PLAIN = {
    "Host": "h:1", "User-Agent": "x/1 (y; z)", "Upgrade": "websocket", "Connection": "Upgrade",
    "Origin": "http://h:1", "Sec-WebSocket-Key": KEY, "Sec-WebSocket-Version": "13",
    "Cookie": "conference=abc; b=1",
}  # fmt: skip
LIMIT = 20
"""Seconds for any one thing here, on however busy a machine."""


def asked(target: str = "/live?view=floor&v=1", version: str = "1.1", **headers: str) -> bytes:
    lines = PLAIN | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {target} HTTP/{version}\r\n{head}\r\n".encode("latin-1")


def without(name: str) -> bytes:
    return b"".join(
        line for line in asked().splitlines(keepends=True) if not line.startswith(name.encode())
    )


PLAINLY = (
    asked(),
    asked("/live"),
    asked("/other?x=%20&y"),
    asked(Connection="keep-alive, Upgrade"),
    asked(UPGRADE="WebSocket"),
    asked(X_Forwarded_For="1.2.3.4", X_Forwarded_Proto="https"),
    asked(Sec_WebSocket_Protocol="a, b"),
    asked(X_Empty="", X_Wide=" \t spaces \t "),
    asked().replace(b"Host: ", b"Host:"),
    asked().replace(b"Cookie", b"COOKIE"),
    asked(
        Pragma="no-cache",
        Cache_Control="no-cache",
        Accept_Encoding="gzip, deflate, br, zstd",
        Accept_Language="en-GB,en;q=0.9",
        Sec_GPC="1",
        Sec_Fetch_Dest="websocket",
        Sec_Fetch_Mode="websocket",
        Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits",
        User_Agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0",
    ),
)
"""Read at the door."""
ODDLY = (
    b"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    b"POST /live HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nwebsocket",
    b"websocket\r\n\r\n",
    asked(version="1.0"),
    asked("http://h:1/live"),
    asked("/live#part"),
    asked("/l\xefve"),
    asked(Cookie="a=\xe4"),
    asked(Content_Length="0"),
    asked(Content_Length="4") + b"more",
    asked(Transfer_Encoding="chunked") + b"0\r\n\r\n",
    asked(Expect="100-continue"),
    asked(Upgrade="h2c"),
    asked(Connection="close"),
    asked(Sec_WebSocket_Version="8"),
    asked(Sec_WebSocket_Key="short"),
    asked().replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Key: " + KEY.encode() + b"\r\n\r\n"),
    asked().replace(b"GET ", b"get "),
    asked().replace(b"GET ", b"POST "),
    asked().replace(b"GET ", b"GET  "),
    asked().replace(b"\r\n", b"\n"),
    asked().replace(b"User-Agent:", b"User Agent:"),
    asked().replace(b"User-Agent: ", b": "),
    asked().replace(b"(y; z)", b"(y;\r\n z)"),
    asked(X_Nul="a\0b"),
    asked(X_Long="x" * MOST_BYTES),
    asked(**{f"X_{n}": "y" for n in range(MOST_HEADERS)}),
    *(without(name) for name in ("Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-V")),
)
"""Left to whoever reads everything."""


def mutations(seed: int) -> Iterator[bytes]:
    """Handshakes with something of theirs lost, doubled or put elsewhere."""
    chance = random.Random(seed)
    while True:
        data = bytearray(chance.choice(PLAINLY))
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(data))
            end = at + chance.choice((1, 1, 1, 2, 8))
            match chance.randrange(3):
                case 0:
                    del data[at:end]
                case 1:
                    data[at:at] = data[at:end]
                case 2:
                    data[at:end] = chance.choice((b"\r\n", b":", b" ", b"\0", b"\xff", b"A", b","))
        yield bytes(data)


async def echo(scope, receive, send) -> None:
    """Answer with everything that the scope says, but for where it came from."""
    says = {k: scope[k] for k in ("type", "path", "query_string", "headers", "scheme", "raw_path")}
    says |= {k: scope[k] for k in ("http_version", "method", "subprotocols") if k in scope}
    said = json.dumps(says, default=bytes.hex).encode()
    if scope["type"] == "websocket":
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept", "headers": [(b"said", said)]})
        await send({"type": "websocket.close", "code": 1000})
        return
    size = str(len(said)).encode()
    headers = [(b"content-length", size), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said})


@contextlib.asynccontextmanager
async def listening(kind: type[Arrival | PatientProtocol]) -> AsyncIterator[int]:
    config = uvicorn.Config(
        echo, interface="asgi3", lifespan="off", http=kind, ws=LeanProtocol, log_config=None
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: kind(config, state, {}), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for connection in tuple(state.connections):
        connection.transport.abort()
    await asyncio.gather(*state.tasks, return_exceptions=True)
    entrance._ENTRANCES.pop(loop, None)


@pytest.fixture
async def ports() -> AsyncIterator[tuple[int, int]]:
    async with listening(Arrival) as short, listening(PatientProtocol) as long:
        yield short, long


async def answer(port: int, data: bytes, patience: float) -> bytes:
    """All that the server says to this; whoever has no answer after so long wants none."""
    async with asyncio.timeout(LIMIT):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        begins = b""
        with contextlib.suppress(ConnectionError):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    begins = await reader.read(1)
            writer.write_eof()
            begins += await reader.read()
        writer.transport.abort()
        return begins


async def both(ports: tuple[int, int], data: bytes) -> tuple[bytes, bytes]:
    """What the short and the long way answer; a busy machine gets more time to say the same."""
    for patience in (0.2, 2, 8):
        short, long = await asyncio.gather(*(answer(port, data, patience) for port in ports))
        if short == long:
            break
    return short, long


@pytest.mark.parametrize("data", PLAINLY)
async def test_a_plain_handshake_is_read_at_the_door_and_means_the_same(ports, data: bytes):
    assert read_handshake(data) is not None
    short, long = await both(ports, data)
    assert short == long
    assert short.startswith(b"HTTP/1.1 101 ")


@pytest.mark.parametrize("data", ODDLY)
async def test_everything_else_goes_the_long_way(ports, data: bytes):
    assert read_handshake(data) is None
    short, long = await both(ports, data)
    assert short == long


async def test_whatever_comes_both_ways_answer_the_same(ports):
    """300 handshakes with a fault in them: a good third is still one, or is one of another kind."""
    faulty = mutations(7)
    read = 0
    for _ in range(20):
        some = [next(faulty) for _ in range(15)]
        for data, (short, long) in zip(
            some, await asyncio.gather(*(both(ports, data) for data in some)), strict=True
        ):
            assert short == long, data
            read += read_handshake(data) is not None
    assert 20 < read < 280


async def test_a_handshake_in_pieces_is_served_too(ports):
    whole = asked()
    for at in (1, 30, len(whole) - 1):
        async with asyncio.timeout(LIMIT):
            reader, writer = await asyncio.open_connection("127.0.0.1", ports[0])
            writer.write(whole[:at])
            await writer.drain()
            await asyncio.sleep(0.05)
            writer.write(whole[at:])
            assert (await reader.readline()).startswith(b"HTTP/1.1 101 ")
            writer.transport.abort()


@pytest.mark.parametrize("begins", [b"", b"GET / HT"])
async def test_whoever_does_not_come_to_the_end_of_a_head_is_dropped(
    ports, begins: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(entrance, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(entrance, "LOOK_SECONDS", 0.1)
    async with asyncio.timeout(LIMIT):
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[0])
        writer.write(begins)
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        writer.transport.abort()
    async with asyncio.timeout(LIMIT):  # and whoever comes after is served
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[0])
        writer.write(asked())
        assert (await reader.readline()).startswith(b"HTTP/1.1 101 ")
        writer.transport.abort()
