"""Two hands write what a hall is told: each frame once, whole, and to nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
import uvloop

from conference.room import RESYNC, SLICE, VOTING, Pace, Room, Seat
from conference.wire import hands
from conference.wire.frames import text_frame, texts_of
from conference.wire.hands import WORTH, Hands
from conference.wire.protocol import LeanProtocol
from tests.wire.peers import HANDSHAKE

MANY = 4 * WORTH
PIECE = VOTING.seats
BOTH = Pace(PIECE, hands=2)
SECONDS = 30
"""How long anything here may take at most."""


@contextlib.contextmanager
def pairs(size: int) -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """Connections that do not block; the second end is the reader's."""
    with contextlib.ExitStack() as open_ones:
        found = []
        for _ in range(size):
            near, far = socket.socketpair()
            for end in (near, far):
                open_ones.enter_context(end)
                end.setblocking(False)
            found.append((near, far))
        yield found


def read(far: socket.socket) -> bytes:
    """Everything that has come."""
    found = b""
    with contextlib.suppress(BlockingIOError):
        while data := far.recv(65536):
            found += data
    return found


@pytest.mark.parametrize("cores", [1, 2])
def test_each_frame_is_written_once_and_whole_and_nothing_is_left(cores):
    with pairs(MANY) as ends:
        pile = [(n, near.fileno(), b"for %d;" % n) for n, (near, _far) in enumerate(ends)]
        two = Hands(cores)
        for _ in range(3):
            assert two.write(pile) == []
        assert [read(far) for _near, far in ends] == [b"for %d;" % n * 3 for n in range(MANY)]


def test_what_the_kernel_does_not_take_comes_back():
    long = b"x" * 10_000_000
    with pairs(MANY) as ends:
        ends[3][1].close()
        frames = {5: long, 6: long}
        pile = [(n, near.fileno(), frames.get(n, b"short")) for n, (near, _far) in enumerate(ends)]
        left = dict(Hands(2).write(pile))
        assert left.pop(3) == b"short"
        assert set(left) == {5, 6}
        for n, rest in left.items():
            came = read(ends[n][1])
            assert came
            assert len(came) + len(rest) == len(long)
        again = Hands(2).write(pile[7:])
        assert again == []


def test_the_first_hand_waits_for_the_second(monkeypatch):
    """Once the loop turns a descriptor may be somebody else's."""
    serving, slow, begun = threading.get_ident(), threading.Event(), threading.Event()
    written: list[int] = []

    def write(descriptor: int, frame: bytes) -> int:
        if threading.get_ident() == serving:
            assert begun.wait(SECONDS)
        else:
            begun.set()
            slow.wait(0.3)
        written.append(descriptor)
        return len(frame)

    monkeypatch.setattr(hands.os, "write", write)
    assert Hands(2).write([(n, n, b"x") for n in range(MANY)]) == []
    assert sorted(written) == list(range(MANY))


def test_one_hand_does_it_where_no_second_can_be_had(monkeypatch):
    def none_left(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    with pairs(MANY) as ends:
        alone = Hands(2)
        assert alone.write([(n, near.fileno(), b"x") for n, (near, _far) in enumerate(ends)]) == []
        assert [read(far) for _near, far in ends] == [b"x"] * MANY


def test_nobody_waits_for_a_second_hand_that_has_not_begun(monkeypatch):
    """On a busy machine it may be long until it has a core."""
    never = Hands(2)
    monkeypatch.setattr(never, "_help", lambda: None)
    with pairs(MANY) as ends:
        pile = [(n, near.fileno(), b"x") for n, (near, _far) in enumerate(ends)]
        for _ in range(2):
            alone = threading.Thread(target=never.write, args=(pile,), daemon=True)
            alone.start()
            alone.join(SECONDS)
            assert not alone.is_alive()
        assert [read(far) for _near, far in ends] == [b"xx"] * MANY


def test_no_room_to_note_what_is_left_is_told_and_nobody_waits_for_ever(monkeypatch):
    serving, begun = threading.get_ident(), threading.Event()

    def full(_frames: object) -> hands.Left:
        if threading.get_ident() != serving:
            begun.set()
            raise MemoryError
        assert begun.wait(SECONDS)
        return []

    monkeypatch.setattr(hands, "_write", full)
    two = Hands(2)
    for _ in range(2):
        begun.clear()
        with pytest.raises(MemoryError):
            two.write([(n, -1, b"x") for n in range(MANY)])


# --- a room on such lines ----------------------------------------------------------------------------


class Straight:
    """A line on a real connection, as `LeanProtocol` is one: what waits goes before all else."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near, self.far = near, far
        self.waits: list[bytes] = []
        self.closed: list[int] = []
        self.breaks = False

    def straight(self) -> int:
        if self.breaks:
            raise RuntimeError("this line is broken")
        return -1 if self.waits or self.closed else self.near.fileno()

    def write(self, frame: bytes) -> int:
        self.waits.append(frame)
        return self.waiting()

    def waiting(self) -> int:
        return sum(map(len, self.waits))

    def close(self, code: int) -> None:
        self.closed.append(code)

    def came(self) -> list[str]:
        """All texts, those that were sent and those that wait, in their order."""
        return list(texts_of(read(self.far) + b"".join(self.waits)))


def seated(
    ends: list[tuple[socket.socket, socket.socket]],
) -> tuple[Room, list[Straight], list[Seat]]:
    room, lines = Room(), [Straight(*pair) for pair in ends]
    seats = [Seat("floor", f"p{n}", "s", line) for n, line in enumerate(lines)]
    for seat in seats:
        room.join(seat)
    return room, lines, seats


async def settled(room: Room, lines: list[Straight]) -> None:
    """A text that is spread now has reached everybody: all that was before it has, too."""
    done = asyncio.Event()
    room.spread("end", "end", lambda _seconds: done.set())
    async with asyncio.timeout(SECONDS):
        await done.wait()
    assert lines


async def test_each_seat_gets_its_own_and_in_the_order_in_which_it_was_told():
    with pairs(3 * PIECE) as ends:
        room, lines, seats = seated(ends)
        lines[1].waits.append(text_frame("waits"))
        room.hand_out([(seat, text_frame(f"for {seat.person}")) for seat in seats], lambda: BOTH)
        seats[-1].push("an answer")
        room.hand_out([(seat, text_frame("and then")) for seat in seats], lambda: BOTH)
        await settled(room, lines)
        assert lines[1].came() == ["waits", "for p1", "and then", "end"]
        assert lines[-1].came() == [f"for {seats[-1].person}", "an answer", "and then", "end"]
        for n, line in enumerate(lines[2:-1], 2):
            assert line.came() == [f"for p{n}", "and then", "end"]


async def test_a_rest_waits_in_the_line_and_nothing_overtakes_it():
    with pairs(2 * WORTH) as ends:
        room, lines, seats = seated(ends)
        for near, _far in ends[:2]:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        room.hand_out(
            [(seat, text_frame(seat.person + "x" * 60_000)) for seat in seats], lambda: BOTH
        )
        await settled(room, lines)
        assert lines[0].waits
        for n, line in enumerate(lines):
            assert line.came() == [f"p{n}" + "x" * 60_000, "end"]


async def test_a_line_that_has_ended_is_written_to_by_nobody():
    """Its descriptor may be somebody else's by then."""
    with pairs(3 * PIECE) as ends:
        room, lines, seats = seated(ends)
        room.hand_out([(seat, text_frame(f"for {seat.person}")) for seat in seats], lambda: BOTH)
        lines[-1].closed.append(1000)
        seats[-2].close(RESYNC)
        await settled(room, lines)
        assert read(lines[-1].far) == b""
        assert lines[-2].came() == []
        assert lines[-3].came() == [f"for p{3 * PIECE - 3}", "end"]


@pytest.mark.parametrize("way", ["handed out", "spread"])
async def test_a_line_that_fails_is_closed_and_keeps_nothing_from_its_neighbours(way):
    with pairs(2 * PIECE) as ends:
        room, lines, seats = seated(ends)
        lines[0].breaks = lines[SLICE].breaks = lines[PIECE].breaks = True
        if way == "spread":
            room.spread("turnout", "hello")
        else:
            room.hand_out([(seat, text_frame("hello")) for seat in seats], lambda: BOTH)
        await settled(room, lines)
        for n, line in enumerate(lines):
            if line.breaks:
                assert (line.closed, seats[n].close_code) == ([RESYNC], RESYNC)
            else:
                assert line.came() == ["hello", "end"]


async def test_what_is_spread_under_a_name_goes_on_whatever_its_teller_does():
    with pairs(2) as ends:
        room, lines, _seats = seated(ends)
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _what: None)

        def fails(_seconds: float) -> None:
            raise RuntimeError("no time for that")

        with pytest.raises(RuntimeError):
            room.spread("turnout", "1", fails)
        room.spread("turnout", "2")
        await settled(room, lines)
        assert lines[0].came() == ["1", "2", "end"]


@pytest.mark.parametrize("loop_of", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_line_gives_its_descriptor_only_while_nothing_waits(loop_of):
    with asyncio.Runner(loop_factory=loop_of) as runner:
        runner.run(_descriptors())


class _Quiet:
    def heard(self, text: str) -> None: ...
    def heard_bytes(self) -> None: ...
    def gone(self) -> None: ...


async def _descriptors() -> None:
    taken: asyncio.Queue[LeanProtocol] = asyncio.Queue()

    async def app(scope, receive, send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        line = scope["extensions"]["conference.line"]["line"]
        line.take(_Quiet())
        assert line.straight() == -1  # the answer to the handshake has not gone yet
        taken.put_nowait(line)

    config = uvicorn.Config(app, port=0, ws=LeanProtocol, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext
    task = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(SECONDS):
            while not server.started:
                await asyncio.sleep(0.01)
            await _met(server.servers[0].sockets[0].getsockname()[1], taken)
    finally:
        server.should_exit = True
        await task


async def _met(port: int, taken: asyncio.Queue[LeanProtocol]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HANDSHAKE.encode())
    line = await taken.get()
    try:
        await reader.readuntil(b"\r\n\r\n")
        frame = text_frame("straight")
        assert os.write(line.straight(), frame) == len(frame)
        assert await reader.readexactly(len(frame)) == frame
        while not line.waiting():
            line.write(text_frame("x" * 60_000))
        assert line.straight() == -1
    finally:
        line.transport.abort()
        writer.close()
    assert line.straight() == -1
