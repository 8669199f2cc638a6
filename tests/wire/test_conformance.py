"""RFC 6455, section by section: the same bytes to our protocol class and to `websockets`."""

from __future__ import annotations

import itertools
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.wire.peers import (
    BINARY,
    CLOSE,
    CONT,
    MOST,
    PING,
    PONG,
    TEXT,
    Client,
    peers,
    raw,
)


@pytest.fixture(scope="module")
def ports():
    with peers() as ports:
        yield ports


def closing(code: int = 1000, reason: bytes = b"") -> bytes:
    return raw(CLOSE, struct.pack("!H", code) + reason)


BYE = closing()
UTF8 = "κόσμε – 投票 🗳".encode()

SYNC = raw(TEXT, b"in step")
"""Sent and waited for, so that an echo does not depend on which server is quicker."""

CASES: dict[str, list[bytes]] = {
    # 5.2 base framing: lengths in each of the three forms, and written longer than needed
    "5.2 empty text": [raw(TEXT)],
    "5.2 125 bytes": [raw(TEXT, b"x" * 125)],
    "5.2 126 bytes": [raw(TEXT, b"x" * 126)],
    "5.2 65535 bytes": [raw(BINARY, b"x" * 65535)],
    "5.2 65536 bytes": [raw(BINARY, b"x" * 65536)],
    "5.2 two bytes of length for 5": [raw(TEXT, b"short", length=(126, struct.pack("!H", 5)))],
    "5.2 eight bytes of length for 5": [raw(TEXT, b"short", length=(127, struct.pack("!Q", 5)))],
    "5.2 reserved bit 1": [raw(TEXT, b"a", reserved=0x40)],
    "5.2 reserved bit 2": [raw(TEXT, b"a", reserved=0x20)],
    "5.2 reserved bit 3": [raw(PING, b"a", reserved=0x10)],
    "5.2 all reserved bits": [raw(BINARY, b"a", reserved=0x70)],
    **{f"5.2 opcode {code}": [raw(code, b"a")] for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    # 5.3 masking
    "5.3 not masked": [raw(TEXT, b"hello", masked=False)],
    "5.3 a ping that is not masked": [raw(PING, b"hello", masked=False)],
    # 5.4 fragmentation
    "5.4 two fragments": [raw(TEXT, b"a", final=False), raw(CONT, b"b")],
    "5.4 empty fragments": [raw(TEXT, final=False), raw(CONT, final=False), raw(CONT)],
    "5.4 a ping between": [raw(TEXT, b"a", final=False), raw(PING, b"!"), raw(CONT, b"b")],
    "5.4 a pong between": [raw(BINARY, b"a", final=False), raw(PONG, b"!"), raw(CONT, b"b")],
    "5.4 a continuation of nothing": [raw(CONT, b"a")],
    "5.4 an unfinished continuation of nothing": [raw(CONT, b"a", final=False)],
    "5.4 a message inside a message": [raw(TEXT, b"a", final=False), raw(TEXT, b"b")],
    "5.4 bytes inside a text": [raw(TEXT, b"a", final=False), raw(BINARY, b"b", final=False)],
    "5.4 a second end": [raw(TEXT, b"a", final=False), raw(CONT, b"b"), SYNC, raw(CONT, b"c")],
    "5.4 a hundred fragments": [
        raw(TEXT, b"0", final=False), *[raw(CONT, b"1", final=False)] * 98, raw(CONT, b"2"),
    ],
    # 5.5 control frames
    "5.5 a ping is answered": [raw(PING, b"are you there?")],
    "5.5 an empty ping": [raw(PING)],
    "5.5 125 bytes of ping": [raw(PING, b"p" * 125)],
    "5.5 126 bytes of ping": [raw(PING, b"p" * 126)],
    "5.5 a pong nobody asked for": [raw(PONG, b"here"), raw(TEXT, b"a")],
    "5.5 a fragmented ping": [raw(PING, b"a", final=False)],
    "5.5 a fragmented close": [raw(CLOSE, b"\x03\xe8", final=False)],
    "5.5 126 bytes of close": [raw(CLOSE, b"\x03\xe8" + b"r" * 124)],
    "5.5.1 no code": [raw(CLOSE)],
    "5.5.1 one byte": [raw(CLOSE, b"\x03")],
    "5.5.1 a reason": [closing(1000, b"good bye")],
    "5.5.1 a close inside a message": [raw(TEXT, b"a", final=False), closing()],
    "5.5.1 a message after the close": [closing() + raw(TEXT, b"too late")],
    # 5.6, 8.1 UTF-8
    "8.1 text": [raw(TEXT, UTF8)],
    "8.1 split inside a character": [raw(TEXT, UTF8[:3], final=False), raw(CONT, UTF8[3:])],
    "8.1 split byte by byte": [
        raw(TEXT, UTF8[:1], final=False),
        *(raw(CONT, UTF8[n : n + 1], final=False) for n in range(1, len(UTF8) - 1)),
        raw(CONT, UTF8[-1:]),
    ],
    "8.1 overlong": [raw(TEXT, b"\xc0\xaf")],
    "8.1 a surrogate": [raw(TEXT, b"\xed\xa0\x80")],
    "8.1 beyond unicode": [raw(TEXT, b"\xf4\x90\x80\x80")],
    "8.1 cut short": [raw(TEXT, b"\xf0\x9f\x97")],
    "8.1 cut short over fragments": [raw(TEXT, b"\xf0\x9f", final=False), raw(CONT, b"\x97")],
    "8.1 bytes may be anything": [raw(BINARY, b"\xff\xfe\x00")],
    "8.1 a bad reason": [closing(1000, b"\xff\xfe")],
    # 7.4 codes
    **{
        f"7.4 code {code}": [closing(code)]
        for code in (
            0, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012,
            1013, 1014, 1015, 1016, 1100, 2000, 2999, 3000, 3999, 4000, 4999, 5000, 65535,
        )
    },
    # 10.4 sizes: ours is a limit of 64 KiB a message, whole or in pieces
    "10.4 too long": [raw(BINARY, b"x" * (MOST + 1))],
    "10.4 too long in pieces": [
        raw(BINARY, b"x" * 40000, final=False), raw(CONT, b"x" * 40000),
    ],
    "10.4 a length of 2**62": [raw(TEXT, b"", length=(127, struct.pack("!Q", 1 << 62)))],
    "10.4 a length with its highest bit set": [
        raw(TEXT, b"", length=(127, struct.pack("!Q", 1 << 63)))
    ],
    "two messages in one piece": [raw(TEXT, b"a") + raw(TEXT, b"b")],
}  # fmt: skip


def told(port: int, pieces: list[bytes], *, chopped: int = 0) -> list[tuple[int, bytes]]:
    """What a server answers to these pieces and a goodbye."""
    with Client(port) as client:
        for piece in pieces:
            if chopped:
                for at in range(0, len(piece), chopped):
                    client.send(piece[at : at + chopped])
            else:
                client.send(piece)
            if piece is SYNC:
                client.until(TEXT, b"in step")
        # Echoes are in order: when the last has come, all have.
        client.send(raw(TEXT, b"the end"))
        client.until(TEXT, b"the end")
        client.send(BYE)
        return client.answers()


@pytest.mark.parametrize("case", CASES)
def test_our_answers_are_those_of_the_library(ports, case):
    wanted = told(ports.library, CASES[case])
    assert wanted, "the library answers with something, if only a close frame"
    assert told(ports.asgi, CASES[case]) == wanted
    if not any(kind == BINARY for kind, _ in wanted):  # our own endpoint takes text only
        assert told(ports.line, CASES[case]) == wanted


@pytest.mark.parametrize("chopped", [1, 2, 3, 7])
@pytest.mark.parametrize(
    "case", ["5.2 126 bytes", "5.4 a ping between", "8.1 split inside a character"]
)
def test_how_the_bytes_arrive_changes_nothing(ports, case, chopped):
    assert told(ports.asgi, CASES[case], chopped=chopped) == told(ports.library, CASES[case])


WHOLE = st.tuples(st.just(BINARY), st.binary(max_size=300)) | st.tuples(
    st.just(TEXT), st.text(max_size=60).map(str.encode)
)
CUTS = st.lists(st.integers(0, 300), max_size=4)
CONTROL = st.tuples(st.sampled_from([PING, PONG]), st.binary(max_size=125))
WRONG = st.sampled_from(
    [
        raw(TEXT, b"a", reserved=0x40), raw(5, b""), raw(CONT, b"x"), raw(PING, b"p" * 126),
        raw(TEXT, b"plain", masked=False), raw(TEXT, b"\xc3"), raw(CLOSE, b"\x00"),
        raw(PING, b"", final=False), closing(1005),
    ]
)  # fmt: skip


def cut(kind: int, payload: bytes, cuts: list[int]) -> list[bytes]:
    """The message in fragments."""
    places = [0, *sorted(min(place, len(payload)) for place in cuts), len(payload)]
    parts = [payload[a:b] for a, b in itertools.pairwise(places)]
    last = len(parts) - 1
    return [
        raw(kind if place == 0 else CONT, part, final=place == last)
        for place, part in enumerate(parts)
    ]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    script=st.lists(st.tuples(WHOLE, CUTS, st.lists(CONTROL, max_size=2)), max_size=5),
    wrong=st.none() | WRONG,
)
def test_sequences_of_frames(ports, script, wrong):
    """Messages in fragments with control frames between, then perhaps one thing that is wrong."""
    assert played(ports.asgi, script, wrong) == played(ports.library, script, wrong)


def played(port: int, script, wrong: bytes | None) -> list[tuple[int, bytes]]:
    with Client(port) as client:
        for (kind, payload), cuts, controls in script:
            frames = cut(kind, payload, cuts)
            between = [raw(*control) for control in controls]
            for place, frame in enumerate(frames):
                client.send(frame)
                if place < len(between):
                    client.send(between[place])
            # In step, so that nothing depends on which server is quicker.
            client.got.append((-1, b""))
            client.send(raw(TEXT, b"next"))
            client.until(TEXT, b"next")
            if client.ended:
                break
            client.got.remove((TEXT, b"next"))
            client.got = settled(client.got)
        if wrong is not None:
            client.send(wrong)
        client.send(raw(TEXT, b"the end"))
        client.until(TEXT, b"the end")
        client.send(BYE)
        return settled(client.answers())


def settled(got: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Echoes in their order, then pongs in theirs: which of the two comes first is free."""
    rest = [frame for frame in got if frame[0] not in {PONG, -1}]
    pongs = [frame for frame in got if frame[0] == PONG]
    return rest[:-1] + pongs + rest[-1:] if rest and rest[-1][0] == CLOSE else rest + pongs
