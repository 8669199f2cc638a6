"""The socket: what a browser says is parsed once, its permission asked, and handed to the clerk.

The answer goes to that seat only. Under our own protocol class a seat costs no task and no queue:
`Talk` is called with what comes. Under any other server the same `Talk` is fed by a loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from conference.live import messages as m
from conference.room import Seat
from conference.wire.asgi import LINE
from conference.wire.line import Line

GOODBYE_SECONDS = 5
PER_SECOND = 20
"""Messages of one seat, on average."""
BURST = 40


class Rate:
    """A token bucket (GCRA): `PER_SECOND` on average, `BURST` at once."""

    __slots__ = ("_next",)

    def __init__(self) -> None:
        """Begin with a full bucket."""
        self._next = 0.0

    def allow(self, at: float) -> bool:
        """Count one message at this time (seconds); say whether it is within the rate."""
        due = max(self._next, at)
        if due - at > BURST / PER_SECOND:
            return False
        self._next = due + 1 / PER_SECOND
        return True


class Desk(Protocol):
    """What the socket needs from the house: answers, greetings, sentences."""

    def take(self, message: m.Message, seat: Seat) -> None:
        """Do what the message asks, if it may be asked; the answer is pushed to the seat."""

    def greet(self, seat: Seat, epoch: str, version: int) -> bytes:
        """Return the frames with which a seat begins."""

    def bad_content(self) -> m.RefusedMessage:
        """Return the refusal for a known kind whose content is not valid."""

    def bye(self, code: str, retry_ms: int) -> str:
        """Return the last frame for this reason."""

    def left(self, seat: Seat) -> None:
        """The connection is over: the seat leaves the room."""


class Talk:
    """What one seat says, message by message."""

    __slots__ = ("_desk", "_rate", "_seat")

    def __init__(self, seat: Seat, desk: Desk) -> None:
        """Listen for this seat."""
        self._seat = seat
        self._desk = desk
        self._rate = Rate()

    def heard(self, text: str) -> None:
        """Take one text message; a bad one is refused, an unknown one ends the connection."""
        if self._seat.close_code is not None:
            return
        if not self._rate.allow(time.monotonic()):
            self._end("too_often", m.TOO_FAST)
            return
        try:
            message = m.parse(text)
        except m.Malformed:
            self._end("malformed", m.MALFORMED)
        except m.BadContent as bad:
            say = self._desk.bad_content()
            self._seat.push(m.encode(m.RefusedMessage(bad.n, say.code, say.say)))
        else:
            self._desk.take(message, self._seat)

    def heard_bytes(self) -> None:
        """End the connection: nothing of ours is binary."""
        self._end("malformed", m.MALFORMED)

    def gone(self) -> None:
        """Leave the room."""
        self._desk.left(self._seat)

    def _end(self, code: str, close_code: int) -> None:
        retry = 5000 if close_code == m.TOO_FAST else 1000
        self._seat.close(close_code, self._desk.bye(code, retry))


def line_of(websocket: WebSocket) -> Line | None:
    """Return the line of this connection, or None under a server that is not ours."""
    extension = (websocket.scope.get("extensions") or {}).get(LINE)
    return extension["line"] if extension else None


async def feed(websocket: WebSocket, seat: Seat, talk: Talk) -> None:
    """Read and write over ASGI until either side ends it: where the line cannot be taken over."""
    writer = asyncio.create_task(_write(websocket, seat))
    reader = asyncio.create_task(_read(websocket, seat, talk))
    try:
        await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
        if reader.done() and not writer.done():
            # What was pushed before the goodbye still has to go out, but not for ever.
            await asyncio.wait({writer}, timeout=GOODBYE_SECONDS)
    finally:
        talk.gone()
        for task in (writer, reader):
            task.cancel()
        await asyncio.gather(writer, reader, return_exceptions=True)


async def _write(websocket: WebSocket, seat: Seat) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
        while (text := await seat.next()) is not None:
            await websocket.send_text(text)
        if websocket.application_state is WebSocketState.CONNECTED:
            await websocket.close(seat.close_code or m.RESYNC)


async def _read(websocket: WebSocket, seat: Seat, talk: Talk) -> None:
    while seat.close_code is None:
        event = await websocket.receive()
        if event["type"] != "websocket.receive":
            seat.close(1000)
        elif (text := event.get("text")) is not None:
            talk.heard(text)
        else:
            talk.heard_bytes()
