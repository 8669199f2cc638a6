"""The line beyond the RFC: handshakes refused, silent peers dropped, slow ones never waited for."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import socket
import time
import tracemalloc

import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from conference.room import AT_ONCE, PATIENCE, RESYNC, VOTING, WAITING, Room, Seat
from conference.wire import keeper as keeping
from conference.wire.frames import Opcode, Reader, text_frame, texts_of
from conference.wire.keeper import END_TICKS, ROUND, Keeper
from conference.wire.protocol import UNREAD, LeanProtocol
from tests.wire.peers import BINARY, CLOSE, HANDSHAKE, PING, TEXT, Client, peers, raw


@pytest.fixture(scope="module")
def ports():
    with peers() as ports:
        yield ports


# --- the handshake ---------------------------------------------------------------------------------


def asked(port: int, request: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        sock.sendall(request.encode())
        answer = b""
        while data := sock.recv(4096):
            answer += data
    return answer.decode()


@pytest.mark.parametrize(
    ("instead", "status", "says"),
    [
        (("Version: 13", "Version: 8"), "426", "Sec-WebSocket-Version: 13"),
        (("Sec-WebSocket-Version: 13\r\n", ""), "426", "Sec-WebSocket-Version: 13"),
        (("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), "400", ""),
        (("dGhlIHNhbXBsZSBub25jZQ==", "short"), "400", ""),
    ],
)
def test_a_handshake_that_is_none_is_refused(ports, instead, status, says):
    answer = asked(ports.asgi, HANDSHAKE.replace(*instead))
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert says in answer


def test_what_is_sent_before_the_answer_waits_for_it(ports):
    with socket.create_connection(("127.0.0.1", ports.line), timeout=10) as sock:
        sock.sendall(HANDSHAKE.replace("GET /", "GET /slow").encode())
        time.sleep(0.2)  # in a piece of its own: uvicorn drops what comes with the request
        sock.sendall(raw(TEXT, b"early"))
        answer = b""
        while text_frame("early") not in answer:
            data = sock.recv(4096)
            assert data, answer
            answer += data


@pytest.mark.parametrize("http", [H11Protocol, HttpToolsProtocol])
def test_uvicorn_asks_of_us_what_it_did_when_this_was_written(http):
    """The few names by which uvicorn and we know each other; a new release may have others."""
    source = inspect.getsource(http.handle_websocket_upgrade if http is H11Protocol else http)
    for words in ("ws_protocol_class(", "config=", "server_state=", "app_state=",
                  "connection_made(self.transport)", 'data_received(b"".join(output))',
                  "set_protocol(protocol)"):  # fmt: skip
        assert words in source
    assert "connection.shutdown()" in inspect.getsource(uvicorn.Server.shutdown)


def test_an_endpoint_that_took_the_line_over_hears_of_bytes(ports):
    with Client(ports.line) as client:
        client.send(raw(BINARY, b"a"))
        client.until(CLOSE)
        client.send(raw(CLOSE, (4400).to_bytes(2)))
        assert client.answers() == [(CLOSE, (4400).to_bytes(2))]


# --- the keeper ------------------------------------------------------------------------------------


class FakeTransport:
    def __init__(self) -> None:
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True


class FakeLine:
    def __init__(self) -> None:
        self.heard, self.pinged, self.bucket = True, False, 0
        self.transport = FakeTransport()
        self.pings = 0
        self.stuck = False

    def ping(self) -> None:
        self.pinged = True
        self.pings += 1

    def is_stuck(self) -> bool:
        return self.stuck


class FakeLoop:
    def __init__(self) -> None:
        self.due: list[object] = []

    def call_later(self, _seconds: float, call: object) -> object:
        self.due.append(call)
        return call

    def tick(self) -> None:
        self.due.pop(0)()


def test_a_silent_line_is_pinged_and_then_dropped():
    loop, line, lively = FakeLoop(), FakeLine(), FakeLine()
    keeper = Keeper(loop)
    keeper.keep(line)
    keeper.keep(lively)
    for _ in range(ROUND):
        loop.tick()
    assert (line.pings, lively.pings) == (1, 1)
    lively.heard = True
    for _ in range(ROUND):
        loop.tick()
    assert (line.transport.aborted, lively.transport.aborted) == (True, False)
    assert 2 * ROUND * keeping.TICK <= 30


def test_a_line_whose_message_never_ends_is_dropped_however_busy_it_is():
    loop, line = FakeLoop(), FakeLine()
    keeper = Keeper(loop)
    keeper.keep(line)
    line.stuck = True
    for _ in range(ROUND):
        assert not line.transport.aborted
        line.heard = True
        loop.tick()
    assert line.transport.aborted


def test_a_message_is_the_same_until_it_has_come_whole():
    """What the keeper compares between two looks."""
    reader = Reader(64 * 1024)
    whole = bytes((0x81, 0x83)) + bytes(4) + b"abc"
    assert reader.begun is None
    reader.feed(whole[:4])
    begun = reader.begun
    reader.feed(whole[4:-1])
    assert reader.begun is begun is not None
    assert reader.feed(whole[-1:] + whole[:4]) == [(Opcode.TEXT, b"abc")]
    assert reader.begun is not begun
    reader.feed(whole[4:])
    first, more, last = (bytes((head, 0x81)) + bytes(4) + b"x" for head in (0x01, 0x00, 0x80))
    reader.feed(first)
    begun = reader.begun
    reader.feed(more + more[:3])
    assert reader.begun is begun is not None
    assert reader.feed(more[3:] + last) == [(Opcode.TEXT, b"xxxx")]
    assert reader.begun is None


def test_fragments_without_content_take_no_memory():
    reader = Reader(64 * 1024)
    reader.feed(bytes((0x01, 0x80)) + bytes(4))
    nothing = (bytes((0x00, 0x80)) + bytes(4)) * 10_000
    tracemalloc.start()
    for _ in range(10):
        assert reader.feed(nothing) == []
    grown, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 10_000


class Unread(FakeTransport):
    """A peer that reads nothing: whatever is written waits."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = 0

    def write(self, data: bytes) -> None:
        self.waits += len(data)

    def get_write_buffer_size(self) -> int:
        return self.waits

    def is_closing(self) -> bool:
        return self.aborted


async def test_whoever_asks_and_never_reads_gets_no_more_answers():
    """A flood of pings whose answers nobody reads: what waits for it has an end."""
    config = uvicorn.Config(app=None, lifespan="off")
    line, transport = LeanProtocol(config, ServerState(), {}), Unread()
    line.connection_made(transport)
    line.accepted(b"", 64 * 1024, b"")
    ping = bytes((0x80 | PING, 0x80 | 125)) + bytes(4 + 125)
    for _ in range(1000):
        line.data_received(ping * 10)
    assert UNREAD < transport.waits < UNREAD + 1000
    line.connection_lost(None)


def test_a_line_that_does_not_answer_the_close_is_dropped():
    loop, line = FakeLoop(), FakeLine()
    keeper = Keeper(loop)
    keeper.keep(line)
    keeper.will_end(line)
    for _ in range(END_TICKS):
        assert not line.transport.aborted
        loop.tick()
    assert line.transport.aborted
    keeper.forget(line)
    loop.tick()
    assert loop.due == []


def test_lines_are_spread_over_the_ticks():
    loop = FakeLoop()
    keeper = Keeper(loop)
    lines = []
    for _ in range(ROUND):
        lines.append(FakeLine())
        keeper.keep(lines[-1])
        loop.tick()
    assert {line.bucket for line in lines} == set(range(ROUND))


# --- a seat with a line ------------------------------------------------------------------------------


PIECE = VOTING.seats


class SlowLine:
    """Takes everything and sends nothing, until it is told to."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.held = 0
        self.closed: list[int] = []

    def write(self, frame: bytes) -> int:
        self.written.append(frame)
        self.held += len(frame)
        return self.held

    def straight(self) -> int:
        return -1

    def waiting(self) -> int:
        return self.held

    def close(self, code: int) -> None:
        self.closed.append(code)


async def test_a_seat_that_does_not_read_is_told_to_come_back():
    line = SlowLine()
    seat = Seat("floor", "p", "s", line)
    for _ in range(3):
        seat.push("x" * WAITING)
    await asyncio.sleep(PATIENCE * 2)
    assert line.closed == [RESYNC]
    written = len(line.written)
    seat.push("more")
    assert len(line.written) == written


async def test_much_at_once_is_no_reason_when_it_is_read():
    line = SlowLine()
    seat = Seat("floor", "p", "s", line)
    for _ in range(3):
        seat.push("x" * WAITING)
    line.held = 0
    await asyncio.sleep(PATIENCE * 2)
    assert (line.closed, seat.close_code) == ([], None)


async def test_the_same_bytes_go_to_all_and_are_framed_once():
    room = Room()
    lines = [SlowLine() for _ in range(3)]
    for line in lines:
        room.join(Seat("floor", "p", "s", line))
    room.send("floor", text_frame("hello") + text_frame("x" * 70_000))
    assert [list(texts_of(line.written[0])) for line in lines] == [["hello", "x" * 70_000]] * 3
    assert lines[0].written[0] is lines[1].written[0] is lines[2].written[0]


async def test_what_is_spread_lets_others_go_between_and_the_latest_wins():
    room = Room()
    took: list[float] = []
    lines = [SlowLine() for _ in range(450)]
    for line in lines:
        room.join(Seat("floor", "p", "s", line))
    room.spread("turnout", "1", took.append)
    reached = sum(bool(line.written) for line in lines)
    assert 0 < reached < 450
    room.spread("turnout", "2", took.append)
    room.spread("turnout", "3", took.append)
    async with asyncio.timeout(20):
        while len(took) < 2:
            await asyncio.sleep(0)
    assert {tuple(t for f in line.written for t in texts_of(f)) for line in lines} == {("1", "3")}
    assert len(took) == 2


def hall_of(size: int) -> tuple[Room, list[SlowLine], list[tuple[Seat, bytes]]]:
    """A room of so many, and a piece for each of them."""
    room, lines = Room(), [SlowLine() for _ in range(size)]
    seats = [Seat("floor", f"p{n}", "s", line) for n, line in enumerate(lines)]
    for seat in seats:
        room.join(seat)
    return room, lines, [(seat, text_frame(f"for {seat.person}")) for seat in seats]


def read(line: SlowLine) -> list[str]:
    return [text for frames in line.written for text in texts_of(frames)]


async def test_what_is_handed_out_comes_before_whatever_else_a_seat_is_sent():
    room, lines, pieces = hall_of(3 * PIECE)
    room.hand_out(pieces)
    assert sum(bool(line.written) for line in lines) == PIECE
    pieces[-1][0].push("an answer")
    pieces[-2][0].close(4401, "goodbye")
    assert read(lines[-1]) == [f"for p{3 * PIECE - 1}", "an answer"]
    assert read(lines[-2]) == [f"for p{3 * PIECE - 2}", "goodbye"]
    room.hand_out([(seat, text_frame("and then")) for seat, _piece in pieces])
    room.spread("turnout", "noise")
    assert read(lines[0]) == ["for p0", "and then"]
    async with asyncio.timeout(20):
        while "noise" not in read(lines[PIECE]):
            await asyncio.sleep(0.01)
    assert read(lines[PIECE]) == [f"for p{PIECE}", "and then", "noise"]


async def test_one_broken_line_keeps_nothing_from_the_others():
    room, lines, pieces = hall_of(3 * PIECE)

    def broken(_frame: bytes) -> int:
        raise RuntimeError("this line is broken")

    lines[PIECE].write = broken
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _what: None)
    room.hand_out(pieces)
    room.leave(pieces[PIECE][0])
    room.spread("turnout", "noise")
    async with asyncio.timeout(20):
        while read(lines[-1])[-1:] != ["noise"]:
            await asyncio.sleep(0.01)
    assert read(lines[-1]) == [f"for p{3 * PIECE - 1}", "noise"]


async def test_what_is_handed_out_goes_in_one_go_when_many_have_begun_to_answer():
    room, lines, pieces = hall_of(3 * PIECE)
    asked = iter((VOTING, AT_ONCE))
    room.hand_out(pieces, lambda: next(asked))
    assert sum(bool(line.written) for line in lines) == PIECE
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [read(line) for line in lines] == [[f"for p{n}"] for n in range(3 * PIECE)]


# --- the end of the server ---------------------------------------------------------------------------


async def test_a_client_that_reads_nothing_does_not_hold_up_the_end():
    held: list[object] = []

    async def flooding(scope, receive, send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        line = scope["extensions"]["conference.line"]["line"]
        line.take(Quiet())
        held.append(line)
        for _ in range(200):
            line.write(text_frame("x" * 60000))

    class Quiet:
        def heard(self, text: str) -> None: ...
        def heard_bytes(self) -> None: ...
        def gone(self) -> None: ...

    config = uvicorn.Config(
        flooding, port=0, ws=LeanProtocol, log_config=None, lifespan="off",
        timeout_graceful_shutdown=20,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(sock, ("127.0.0.1", server.servers[0].sockets[0].getsockname()[1]))
    await loop.sock_sendall(sock, HANDSHAKE.encode())
    while not held:
        await asyncio.sleep(0.01)
    assert held[0].waiting()
    began = time.monotonic()
    server.should_exit = True
    await task
    sock.close()
    assert time.monotonic() - began < 15  # by itself it would wait for ever


def test_a_ping_costs_an_application_nothing(ports):
    with Client(ports.asgi) as client:
        for _ in range(50):
            client.send(raw(PING, b"?"))
        client.until(10, b"?")
        client.send(raw(TEXT, b"a"))
        client.until(TEXT, b"a")
        assert (TEXT, b"a") in client.got
