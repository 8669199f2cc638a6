"""Two echo servers side by side, ours and the `websockets` library's, and a client of raw frames."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

import uvicorn
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from conference.wire.protocol import LeanProtocol

MOST = 64 * 1024
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
SECONDS = 10

HANDSHAKE = (
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


async def echo_app(scope, receive, send) -> None:
    """Echo over plain ASGI."""
    if scope["type"] != "websocket":
        return
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({**event, "type": "websocket.send"})


class Echo:
    """Echo for a line that was taken over."""

    def __init__(self, line) -> None:
        self.line = line

    def heard(self, text: str) -> None:
        from conference.wire.frames import text_frame

        self.line.write(text_frame(text))

    def heard_bytes(self) -> None:
        self.line.close(4400)

    def gone(self) -> None:
        pass


async def taking_app(scope, receive, send) -> None:
    """Echo over the line itself."""
    assert (await receive())["type"] == "websocket.connect"
    if scope["path"] == "/slow":
        await asyncio.sleep(0.5)
    await send({"type": "websocket.accept"})
    line = scope["extensions"]["conference.line"]["line"]
    line.take(Echo(line))


async def echo_library(connection: ServerConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        async for message in connection:
            await connection.send(message)


@dataclass
class Ports:
    """Where each of them listens."""

    asgi: int = 0
    line: int = 0
    library: int = 0


@contextlib.contextmanager
def peers() -> Iterator[Ports]:
    """Run the three servers in a thread for the duration."""
    ports, ready, stop = Ports(), threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(ports, ready, stop)))
    thread.start()
    try:
        assert ready.wait(SECONDS)
        yield ports
    finally:
        stop.set()
        thread.join(SECONDS)


async def _serve(ports: Ports, ready: threading.Event, stop: threading.Event) -> None:
    servers = []
    for name, app in (("asgi", echo_app), ("line", taking_app)):
        config = uvicorn.Config(
            app, port=0, ws=LeanProtocol, ws_max_size=MOST, log_config=None, lifespan="off"
        )
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None
        task = asyncio.create_task(_without_signals(server))
        while not server.started:
            await asyncio.sleep(0.01)
        setattr(ports, name, server.servers[0].sockets[0].getsockname()[1])
        servers.append((server, task))
    async with serve(
        echo_library, "127.0.0.1", 0, compression=None, max_size=MOST, ping_interval=None
    ) as library:
        ports.library = next(iter(library.sockets)).getsockname()[1]
        ready.set()
        while not stop.is_set():
            await asyncio.sleep(0.05)
    for server, task in servers:
        server.should_exit = True
        await task


async def _without_signals(server: uvicorn.Server) -> None:
    server.capture_signals = contextlib.nullcontext
    await server.serve()


def raw(
    opcode: int, payload: bytes = b"", *, final: bool = True, reserved: int = 0, masked: bool = True,
    length: tuple[int, bytes] | None = None,
) -> bytes:  # fmt: skip
    """One client frame; `length` writes another length than the payload's: (7 bits, more)."""
    size = len(payload)
    short, more = length or (
        (size, b"") if size < 126
        else (126, struct.pack("!H", size)) if size < 1 << 16
        else (127, struct.pack("!Q", size))
    )  # fmt: skip
    head = bytes(((0x80 if final else 0) | reserved | opcode, (0x80 if masked else 0) | short))
    if not masked:
        return head + more + payload
    mask = os.urandom(4)
    body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
    return head + more + mask + body


@dataclass
class Client:
    """One connection whose frames are made and read here."""

    port: int
    got: list[tuple[int, bytes]] = field(default_factory=list)
    left: bytes = b""
    ended: bool = False

    def __enter__(self) -> Self:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(HANDSHAKE.encode())
        while b"\r\n\r\n" not in self.left:
            self.left += self.socket.recv(65536)
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def until(self, opcode: int, payload: bytes | None = None) -> None:
        """Read until such a frame has come or the line has ended."""
        while not self.ended and not any(
            kind == opcode and payload in (None, body) for kind, body in self.got
        ):
            self._read()

    def answers(self) -> list[tuple[int, bytes]]:
        """Read to the end; every frame, the close frame with its code only."""
        while not self.ended:
            self._read()
        return [(kind, body[:2] if kind == CLOSE else body) for kind, body in self.got]

    def _read(self) -> None:
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.ended = not data
        self.left += data
        while (frame := self._frame()) is not None:
            self.got.append(frame)

    def _frame(self) -> tuple[int, bytes] | None:
        data = self.left
        if len(data) < 2:
            return None
        size, begin = data[1] & 0x7F, 2
        assert not data[1] & 0x80, "a server must not mask"
        if size >= 126:
            wide = 2 if size == 126 else 8
            if len(data) < 2 + wide:
                return None
            size, begin = int.from_bytes(data[2 : 2 + wide]), 2 + wide
        if len(data) < begin + size:
            return None
        self.left = data[begin + size :]
        assert data[0] & 0xF0 == 0x80, "one whole frame, no reserved bit"
        return data[0] & 0x0F, data[begin : begin + size]
