"""The room: seats, audiences, fan-out. A post office that knows no rules.

Everybody in an audience gets the same bytes, framed once and written to each line. A seat that
does not read is told to come back ("resync") and never keeps anybody waiting.
"""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog

from conference.wire.frames import text_frame, texts_of
from conference.wire.hands import Hands
from conference.wire.line import Line

log = structlog.get_logger()

QUEUE = 200
"""Messages that may wait for a seat without a line of its own."""
WAITING = 64 * 1024
"""Bytes that may wait for one seat, beyond what the kernel holds, for longer than `PATIENCE`."""
MOST = 1024 * 1024
"""Bytes that may wait for one seat at all."""
PATIENCE = 0.25
"""Seconds: one commit may send more than `WAITING` at once to a seat that reads well."""
SLICE = 25
"""Seats of one turn of the loop when something is spread."""
YIELD = 0.02
"""Seconds after which what is spread looks again whether it may go on."""


class Pace(NamedTuple):
    """How a hall is told: how many seats in one turn of the loop, and by how many hands.

    A hand lets go of the interpreter for each write. With none each line sends by itself and keeps it.
    """

    seats: int
    hands: int


VOTING = Pace(40, hands=1)
"""While ballots may come: one has come, is stored and answered in a dozen turns, each less than half a
millisecond. Two hands would pass the interpreter to each other, and the thread that stores would not get it."""
CALM = Pace(2500, hands=2)
"""While nobody votes: a fiftieth of a second for two hands."""
AT_ONCE = Pace(sys.maxsize, hands=0)
"""In one go: once many have begun to answer, nobody is to be told much later than others. Here each write
of a hand would wait for the thread that stores, and the last of the hall with it."""

RESYNC = 4408


class Seat:
    """One connection: who sits there, in which audience, and the line to it.

    Without a line of its own (another server than ours, a test) what is sent waits in a short
    queue, and `next` hands it out.
    """

    __slots__ = (
        "_event", "_held", "_late", "_line", "_queue", "_size", "audience", "close_code", "person", "session",
    )  # fmt: skip

    def __init__(
        self, audience: Hashable, person: str, session: str, line: Line | None = None
    ) -> None:
        """Take a seat that is not yet in the room."""
        self.audience = audience
        self.person = person
        self.session = session
        self.close_code: int | None = None
        self._line = line
        self._held = b""
        self._late = False
        self._size = 0
        self._queue: deque[str] = _NOTHING if line is not None else deque()
        self._event: asyncio.Event | None = None

    def push(self, text: str) -> None:
        """Send a text; a seat that has too much waiting is closed instead."""
        if self._line is not None:
            self.send(text_frame(text))
            return
        if self.close_code is not None:
            return
        if len(self._queue) >= QUEUE or self._size + len(text) > MOST:
            self.close(RESYNC)
            return
        self._queue.append(text)
        self._size += len(text)
        self._ring()

    def send(self, frames: bytes) -> None:
        """Send what has been framed already, one text or several in one piece; as `push`."""
        line = self._line
        if line is None:
            for text in texts_of(frames):
                self.push(text)
            return
        if self._held:
            frames, self._held = self._held + frames, b""
        if self.close_code is None and (waiting := line.write(frames)) > WAITING:
            self._wait(waiting)

    def hold(self, frames: bytes) -> None:
        """Have this sent by `release`, or with whatever is sent before that."""
        if self._line is None:
            self.send(frames)
        else:
            self._held += frames

    def release(self) -> None:
        """Send what is held."""
        if self._held:
            self.send(b"")

    def take_held(self) -> tuple[int, bytes]:
        """Return what is held, for whoever sends it, and the descriptor to which it may be written.

        That is -1, and nothing is taken, where it has to go another way, or not at all.
        """
        if self._line is None or self.close_code is not None or not self._held:
            return -1, b""
        door = self._line.straight()
        if door < 0:
            return -1, b""
        frames, self._held = self._held, b""
        return door, frames

    def _wait(self, waiting: int) -> None:
        if waiting > MOST:
            self.close(RESYNC)
        elif not self._late:
            self._late = True
            asyncio.get_running_loop().call_later(PATIENCE, self._judge)

    def _judge(self) -> None:
        self._late = False
        if self._line is not None and self._line.waiting() > WAITING:
            self.close(RESYNC)

    def close(self, code: int, last: str | None = None) -> None:
        """Send what waits (nothing, for a seat that does not read), `last`, and then close."""
        if self.close_code is not None:
            return
        if code != RESYNC:
            self.release()
        self.close_code = code
        if self._line is not None:
            if last is not None:
                self._line.write(text_frame(last))
            self._line.close(code)
            return
        if code == RESYNC:
            self._queue.clear()
        if last is not None:
            self._queue.append(last)
        self._ring()

    def _ring(self) -> None:
        if self._event is not None:
            self._event.set()

    async def next(self) -> str | None:
        """Wait for the next message of a seat without a line; None when it is to be closed."""
        self._event = self._event or asyncio.Event()
        while not self._queue:
            if self.close_code is not None:
                return None
            self._event.clear()
            await self._event.wait()
        text = self._queue.popleft()
        self._size -= len(text)
        return text


_NOTHING: deque[str] = deque(maxlen=0)
"""The queue of every seat with a line: nothing ever waits in it."""


@dataclass(slots=True)
class _Spread:
    """A text on its way to everybody."""

    text: str
    done: Callable[[float], None]
    frame: bytes = b""
    seats: list[Seat] = field(default_factory=list)
    begun: float = 0.0


class Room:
    """All seats, by audience and by person."""

    def __init__(self) -> None:
        """Begin empty."""
        self._audiences: defaultdict[Hashable, set[Seat]] = defaultdict(set)
        self._people: defaultdict[str, set[Seat]] = defaultdict(set)
        self._spreading: dict[str, _Spread] = {}
        self._hands = {1: Hands(1), 2: Hands()}
        self._handing = 0
        """How many pieces are being handed out just now: what is spread lets them go first."""

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

    def move(self, seats: Iterable[Seat], was: Hashable, audience: Hashable) -> None:
        """Let these seats of the audience `was` belong to another one from now on."""
        moving = set(seats)
        for seat in moving:
            seat.audience = audience
        self._audiences[audience] |= moving
        self._audiences[was] -= moving
        if not self._audiences[was]:
            del self._audiences[was]

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

    def seats_in(self, audience: Hashable) -> tuple[Seat, ...]:
        """Return the seats of this audience."""
        return tuple(self._audiences.get(audience, ()))

    def send(
        self, audience: Hashable, frames: bytes, pace: Callable[[], Pace] = lambda: VOTING
    ) -> None:
        """Send this to everybody in the audience; as `hand_out`."""
        self.hand_out([(seat, frames) for seat in self.seats_in(audience)], pace)

    def hand_out(
        self, pieces: Sequence[tuple[Seat, bytes]], pace: Callable[[], Pace] = lambda: VOTING
    ) -> None:
        """Send each seat its piece as fast as it goes, and let others have a turn now and then.

        Whatever else a seat is sent meanwhile comes after its piece. `pace` is asked before each turn
        how to go on.
        A seat whose line fails is closed (`RESYNC`) and keeps nothing from the others.
        """
        for seat, frames in pieces:
            seat.hold(frames)
        self._handing += 1
        self._hand_on([seat for seat, _frames in pieces], 0, pace)

    def _hand_on(self, seats: list[Seat], at: int, pace: Callable[[], Pace]) -> None:
        how = pace()
        end = at + how.seats
        try:
            self._release(seats[at:end], how.hands)
        finally:  # whatever one line does, the next pieces go out, and noise does not wait for ever
            if end < len(seats):
                asyncio.get_running_loop().call_soon(self._hand_on, seats, end, pace)
            else:
                self._handing -= 1

    def _release(self, seats: Sequence[Seat], hands: int) -> None:
        """Send these seats what is held for them; one whose line fails keeps nothing from the others."""
        pile: list[tuple[int, int, bytes]] = []
        for number, seat in enumerate(seats):
            try:
                door, frames = seat.take_held() if hands else (-1, b"")
                if door >= 0:
                    pile.append((number, door, frames))
                else:
                    seat.release()
            except Exception as error:
                log.exception("a line failed", error=type(error).__name__)
                _come_back(seat)
        try:
            left = self._hands[hands].write(pile) if pile else []
        except MemoryError:
            log.exception("a piece may not have gone out")
            for number, _door, _frames in pile:
                _come_back(seats[number])
            return
        for number, rest in left:
            try:
                seats[number].send(rest)
            except Exception as error:
                log.exception("a line failed", error=type(error).__name__)
                _come_back(seats[number])

    def spread(
        self, name: str, text: str, done: Callable[[float], None] = lambda _seconds: None
    ) -> None:
        """Send the text to everybody, some at a time between other work.

        `done` is told how long it took. While something is being spread, only the latest of what is
        to be spread under the same name waits: a slow beat is skipped, never queued.
        """
        running = name in self._spreading
        self._spreading[name] = _Spread(text, done)
        if not running:
            self._begin(name, asyncio.get_running_loop())

    def _begin(self, name: str, loop: asyncio.AbstractEventLoop) -> None:
        spread = self._spreading[name]
        spread.frame, spread.seats, spread.begun = (
            text_frame(spread.text),
            self.seats(),
            loop.time(),
        )
        self._slice(name, spread, 0, loop)

    def _slice(self, name: str, spread: _Spread, at: int, loop: asyncio.AbstractEventLoop) -> None:
        if self._handing:
            loop.call_later(YIELD, self._slice, name, spread, at, loop)
            return
        try:
            seats = spread.seats[at : at + SLICE]
            for seat in seats:
                seat.hold(spread.frame)
            self._release(seats, VOTING.hands)
        finally:  # whatever one line does, the others are told, now and the next time
            if at + SLICE < len(spread.seats):
                loop.call_soon(self._slice, name, spread, at + SLICE, loop)
            else:
                self._end(name, spread, loop)

    def _end(self, name: str, spread: _Spread, loop: asyncio.AbstractEventLoop) -> None:
        latest = self._spreading.pop(name)
        try:
            spread.done(loop.time() - spread.begun)
        finally:
            if latest is not spread:
                self._spreading[name] = latest
                self._begin(name, loop)

    def close_session(self, session: str, code: int, last: str) -> None:
        """Close every seat of this sign-in session."""
        for seat in self.seats():
            if seat.session == session:
                seat.close(code, last)

    def close_all(self, code: int, last: str) -> None:
        """Say goodbye to everybody."""
        for seat in self.seats():
            seat.close(code, last)


def _come_back(seat: Seat) -> None:
    """Let the seat come back for the whole picture: nobody knows what has reached it."""
    try:
        seat.close(RESYNC)
    except Exception as error:
        log.exception("a line that failed could not be closed", error=type(error).__name__)
