"""The socket: handshake, one reading loop, one writing task. Starlette's own websocket.

Everything a browser says is parsed once, its permission asked, and handed to the clerk; the
answer goes to that seat only.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from conference.live import messages as m
from conference.room import Room, Seat
from conference.rules.kinds import PersonId
from conference.rules.refused import Refused

GOODBYE_SECONDS = 5
ANSWERS_AT_ONCE = 8
"""Requests of one seat that the clerk may work on at a time; the next is read after one is done."""


class Rate:
    """A token bucket (GCRA): `per_second` on average, `burst` at once."""

    __slots__ = ("_ahead", "_gap", "_next")

    def __init__(self, per_second: float, burst: int) -> None:
        """Begin with a full bucket."""
        self._gap = 1 / per_second
        self._ahead = burst * self._gap
        self._next = 0.0

    def allow(self, at: float) -> bool:
        """Count one message at this time (seconds); say whether it is within the rate."""
        due = max(self._next, at)
        if due - at > self._ahead:
            return False
        self._next = due + self._gap
        return True


class Desk(Protocol):
    """What the socket needs from the house: answers, greetings, sentences."""

    async def answer(self, message: m.Message, person: PersonId) -> Refused | None:
        """Do what the message asks."""

    def greet(self, seat: Seat, epoch: str, version: int) -> list[str]:
        """Return the frames with which a seat begins."""

    def say(self, refused: Refused) -> m.RefusedMessage:
        """Return the refusal with its sentence; `n` is filled in by the socket."""

    def bad_content(self) -> m.RefusedMessage:
        """Return the refusal for a known kind whose content is not valid."""

    def bye(self, code: str, retry_ms: int) -> str:
        """Return the last frame for this reason."""

    def heads_changed(self) -> None:
        """Somebody came or went."""


@dataclass(slots=True)
class Connection:
    """One accepted connection."""

    websocket: WebSocket
    seat: Seat
    desk: Desk
    allowed: Callable[[m.Message], Refused | None]

    async def run(self, room: Room, epoch: str, version: int) -> None:
        """Greet, then read and write until either side ends it."""
        room.join(self.seat)
        self.desk.heads_changed()
        for frame in self.desk.greet(self.seat, epoch, version):
            self.seat.push(frame)
        writer = asyncio.create_task(self._write())
        reader = asyncio.create_task(self._read())
        try:
            await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
            if reader.done() and not writer.done():
                # What was pushed before the goodbye still has to go out, but not for ever.
                await asyncio.wait({writer}, timeout=GOODBYE_SECONDS)
        finally:
            room.leave(self.seat)
            self.desk.heads_changed()
            for task in (writer, reader):
                task.cancel()
            await asyncio.gather(writer, reader, return_exceptions=True)

    async def _write(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            while (text := await self.seat.next()) is not None:
                await self.websocket.send_text(text)
            if self.websocket.application_state is WebSocketState.CONNECTED:
                await self.websocket.close(self.seat.close_code or m.RESYNC)

    async def _read(self) -> None:
        rate = Rate(20, 40)
        loop = asyncio.get_running_loop()
        room_for = asyncio.Semaphore(ANSWERS_AT_ONCE)
        async with asyncio.TaskGroup() as answers:
            try:
                while self.seat.close_code is None:
                    text = await self._text()
                    if text is None:
                        return None
                    if not rate.allow(loop.time()):
                        return self._end("too_often", m.TOO_FAST)
                    message = self._parse(text)
                    if message is not None:
                        await room_for.acquire()
                        answers.create_task(self._answer(message, room_for.release))
            except WebSocketDisconnect:
                self.seat.close(1000)

    async def _text(self) -> str | None:
        event = await self.websocket.receive()
        if event["type"] != "websocket.receive":
            raise WebSocketDisconnect(event.get("code", 1005))
        text: str | None = event.get("text")
        if text is None:
            self._end("malformed", m.MALFORMED)
        return text

    def _parse(self, text: str) -> m.Message | None:
        try:
            return m.parse(text)
        except m.Malformed:
            self._end("malformed", m.MALFORMED)
        except m.BadContent as bad:
            say = self.desk.bad_content()
            self.seat.push(m.encode(m.RefusedMessage(bad.n, say.code, say.say)))
        return None

    def _end(self, code: str, close_code: int) -> None:
        retry = 5000 if close_code == m.TOO_FAST else 1000
        self.seat.close(close_code, self.desk.bye(code, retry))

    async def _answer(self, message: m.Message, done: Callable[[], None]) -> None:
        try:
            refused = self.allowed(message)
            if refused is None:
                refused = await self.desk.answer(message, PersonId(self.seat.person))
        finally:
            done()
        if refused is None:
            vote = message.vote if isinstance(message, m.Ballot) else None
            self.seat.push(m.encode(m.Ack(message.n, vote)))
        else:
            say = self.desk.say(refused)
            self.seat.push(m.encode(m.RefusedMessage(message.n, say.code, say.say)))
