"""The room: seats, audiences, fan-out. A post office that knows no rules.

Everybody in an audience gets the same text. A seat has a short queue of its own; a seat that does
not read is told to come back ("resync") and never keeps anybody waiting.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable

QUEUE = 200
"""Messages that may wait for one seat."""
QUEUE_BYTES = 64 * 1024 * 4
"""Characters that may wait for one seat."""

RESYNC = 4408


class Seat:
    """One connection: who sits there, in which audience, and what waits to be sent."""

    __slots__ = ("_event", "_queue", "_size", "audience", "close_code", "person", "session")

    def __init__(self, audience: Hashable, person: str, session: str) -> None:
        """Take a seat that is not yet in the room."""
        self.audience = audience
        self.person = person
        self.session = session
        self.close_code: int | None = None
        self._queue: deque[str] = deque()
        self._size = 0
        self._event = asyncio.Event()

    def push(self, text: str) -> None:
        """Queue a message; a seat that has too much waiting is closed instead."""
        if self.close_code is not None:
            return
        if len(self._queue) >= QUEUE or self._size + len(text) > QUEUE_BYTES:
            self.close(RESYNC)
            return
        self._queue.append(text)
        self._size += len(text)
        self._event.set()

    def close(self, code: int, last: str | None = None) -> None:
        """Send what waits (nothing, for a seat that does not read), `last`, and then close."""
        if self.close_code is not None:
            return
        if code == RESYNC:
            self._queue.clear()
        if last is not None:
            self._queue.append(last)
        self.close_code = code
        self._event.set()

    async def next(self) -> str | None:
        """Wait for the next message; None when the connection is to be closed."""
        while not self._queue:
            if self.close_code is not None:
                return None
            self._event.clear()
            await self._event.wait()
        text = self._queue.popleft()
        self._size -= len(text)
        return text


class Room:
    """All seats, by audience and by person."""

    def __init__(self) -> None:
        """Begin empty."""
        self._audiences: defaultdict[Hashable, set[Seat]] = defaultdict(set)
        self._people: defaultdict[str, set[Seat]] = defaultdict(set)

    def join(self, seat: Seat) -> None:
        """Let the seat receive what its audience and its person get."""
        self._audiences[seat.audience].add(seat)
        self._people[seat.person].add(seat)

    def leave(self, seat: Seat) -> None:
        """Forget the seat. Leaving twice is harmless."""
        for index, key in ((self._audiences, seat.audience), (self._people, seat.person)):
            seats = index.get(key)  # type: ignore[call-overload]
            if seats is not None:
                seats.discard(seat)
                if not seats:
                    del index[key]  # type: ignore[arg-type]

    def move(self, seat: Seat, audience: Hashable) -> None:
        """Let the seat belong to another audience from now on."""
        self.leave(seat)
        seat.audience = audience
        self.join(seat)

    def audiences(self) -> list[Hashable]:
        """Return the audiences in which somebody sits."""
        return list(self._audiences)

    def seats(self) -> list[Seat]:
        """Return every seat."""
        return [seat for seats in self._audiences.values() for seat in seats]

    def of_person(self, person: str) -> list[Seat]:
        """Return the seats of one person, on however many devices."""
        return list(self._people.get(person, ()))

    def people(self) -> Iterable[str]:
        """Return everybody who has a seat."""
        return self._people.keys()

    def send(self, audience: Hashable, text: str) -> None:
        """Queue the text for everybody in this audience."""
        for seat in tuple(self._audiences.get(audience, ())):
            seat.push(text)

    def send_to(self, person: str, text: str) -> None:
        """Queue the text for every seat of this person."""
        for seat in tuple(self._people.get(person, ())):
            seat.push(text)

    def close_session(self, session: str, code: int, last: str) -> None:
        """Close every seat of this sign-in session."""
        for seat in self.seats():
            if seat.session == session:
                seat.close(code, last)

    def close_all(self, code: int, last: str) -> None:
        """Say goodbye to everybody."""
        for seat in self.seats():
            seat.close(code, last)
