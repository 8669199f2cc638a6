"""WebSocket frames (RFC 6455) without a socket: what a client sent becomes messages, and back.

A connection that has nothing half-read holds no buffer; a message that arrives in one piece, as
nearly all do, is copied once. What the RFC forbids raises `Broken` with the close code it names.
No extension is ever agreed on, so every reserved bit is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Final

from websockets.exceptions import ProtocolError
from websockets.frames import Close

try:
    from websockets.speedups import apply_mask
except ImportError:  # pragma: no cover - the library's own answer where it was built without C
    from websockets.utils import apply_mask

NORMAL: Final = 1000
GOING_AWAY: Final = 1001
PROTOCOL_ERROR: Final = 1002
NO_CODE: Final = 1005
"""Never on the wire: the client's close frame named no code."""
ABNORMAL: Final = 1006
"""Never on the wire: the line broke without a close frame."""
NOT_UTF8: Final = 1007
TOO_BIG: Final = 1009
INTERNAL: Final = 1011
RESTART: Final = 1012

_WHOLE_TEXT = 0x81
"""The first byte of a text message in one frame: the last fragment, no reserved bit."""
_CONTROL_MOST = 125
_TWO_BYTES = 126
_LONG_TEXT = bytes((_WHOLE_TEXT, _TWO_BYTES))
"""How a text message begins whose size takes two bytes."""
_EIGHT_BYTES = 127


class Opcode(IntEnum):
    """The kinds of frame (section 5.2)."""

    CONTINUED = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Broken(Exception):  # noqa: N818 - what the client's stream is
    """The client broke the protocol; the connection ends with this close code."""

    def __init__(self, code: int, why: str) -> None:
        """Carry the close code and a reason of at most 123 bytes."""
        super().__init__(why)
        self.code = code
        self.why = why


def frame(opcode: Opcode, payload: bytes) -> bytes:
    """Return one whole unmasked frame, as a server sends it."""
    size = len(payload)
    first = 0x80 | opcode
    if size < _TWO_BYTES:
        return bytes((first, size)) + payload
    if size < 1 << 16:
        return bytes((first, _TWO_BYTES)) + size.to_bytes(2) + payload
    return bytes((first, _EIGHT_BYTES)) + size.to_bytes(8) + payload


def text_frame(text: str) -> bytes:
    """Return the frame of a text message."""
    return frame(Opcode.TEXT, text.encode())


def text_around(head: bytes, tail: bytes) -> Callable[[bytes], bytes]:
    """Return what frames `head`, something and `tail` as one text, put together once and not three times."""
    fixed = len(head) + len(tail)

    def framed(middle: bytes) -> bytes:
        size = fixed + len(middle)
        if not _TWO_BYTES <= size < 1 << 16:
            return frame(Opcode.TEXT, head + middle + tail)
        return b"".join((_LONG_TEXT, size.to_bytes(2), head, middle, tail))

    return framed


def texts_of(framed: bytes) -> Iterator[str]:
    """Yield the texts of frames that `text_frame` made: for lines that frame by themselves."""
    at = 0
    while at < len(framed):
        size, head = framed[at + 1], 2
        if size in {_TWO_BYTES, _EIGHT_BYTES}:
            head = 4 if size == _TWO_BYTES else 10
            size = int.from_bytes(framed[at + 2 : at + head])
        yield framed[at + head : at + head + size].decode()
        at += head + size


def close_frame(code: int, why: str = "") -> bytes:
    """Return a close frame; without a code for `NO_CODE`."""
    body = b"" if code == NO_CODE else code.to_bytes(2) + why.encode()[:123]
    return frame(Opcode.CLOSE, body)


def close_code(payload: bytes) -> int:
    """Return the code of a client's close frame (section 7.4). Raises Broken for a bad one."""
    try:
        return Close.parse(payload).code
    except ProtocolError as error:
        raise Broken(PROTOCOL_ERROR, str(error)) from error
    except UnicodeDecodeError as error:
        raise Broken(NOT_UTF8, "the reason is not UTF-8") from error


class Reader:
    """Reads one client's stream."""

    __slots__ = ("_kind", "_left", "_most", "_parts", "_size", "_wanted", "broken")

    def __init__(self, most: int) -> None:
        """Begin; a message of more than `most` bytes is refused."""
        self.broken: Broken | None = None
        """What the client did wrong; nothing after it is read."""
        self._most = most
        self._left: bytearray | None = None
        self._wanted = 0
        # One piece of memory however small the fragments are: a list of them would have no end.
        self._parts: bytearray | None = None
        self._size = 0
        self._kind = Opcode.TEXT

    @property
    def inside(self) -> bool:
        """Whether a fragmented message has begun and not ended."""
        return self._parts is not None

    @property
    def begun(self) -> object:
        """What has come of a message or frame that is not complete; the same object until it is."""
        return self._left if self._parts is None else self._parts

    def feed(self, data: bytes) -> list[tuple[Opcode, bytes]]:
        """Return what is complete now, in order: data messages and control frames.

        When the stream is broken, `broken` says how; what came before the fault is returned.
        """
        if self._left is None:
            payload = self._short_text(data)
            if payload is not None:
                return [(Opcode.TEXT, payload)]
        else:
            self._left += data
            if len(self._left) < self._wanted:
                return []
            data = bytes(self._left)
            self._left = None
        done: list[tuple[Opcode, bytes]] = []
        try:
            used, self._wanted = self._frames(data, done)
        except Broken as broken:
            self.broken = broken
            return done
        if used < len(data):
            self._left = bytearray(data[used:])
        return done

    def _short_text(self, data: bytes) -> bytes | None:
        """Return the one whole text message that `data` is, as nearly all are; None for all else."""
        if len(data) < 6 or data[0] != _WHOLE_TEXT or self._parts is not None:  # noqa: PLR2004
            return None
        length, begin = data[1] & 0x7F, 2
        if length == _TWO_BYTES:
            length, begin = data[2] << 8 | data[3], 4
        if data[1] < 0x80 or length > self._most or len(data) != begin + 4 + length:  # noqa: PLR2004
            return None
        return apply_mask(data[begin + 4 :], data[begin : begin + 4])

    def _frames(self, data: bytes, done: list[tuple[Opcode, bytes]]) -> tuple[int, int]:
        """Take every whole frame; return how much was used, and how much the next one needs."""
        at, size = 0, len(data)
        while size - at >= 2:  # noqa: PLR2004 - the two bytes every frame has
            begin, length = self._head(data, at, size)
            end = begin + 4 + length
            if end > size:
                return at, end - at
            payload = apply_mask(data[begin + 4 : end], data[begin : begin + 4])
            first, at = data[at], end
            opcode = Opcode(first & 0x0F)
            if first & 0x80 and self._parts is None and opcode is not Opcode.CONTINUED:
                done.append((opcode, payload))
            else:
                self._piece(opcode, payload, done, final=bool(first & 0x80))
        return at, 2

    def _head(self, data: bytes, at: int, size: int) -> tuple[int, int]:
        """Return where the mask begins and how long the payload is, as far as it is known yet."""
        first, second = data[at], data[at + 1]
        if first & 0x70:
            raise Broken(PROTOCOL_ERROR, "a reserved bit is set")
        opcode = first & 0x0F
        if opcode not in _KNOWN:
            raise Broken(PROTOCOL_ERROR, "unknown opcode")
        if not second & 0x80:
            raise Broken(PROTOCOL_ERROR, "a client must mask its frames")
        length, begin = second & 0x7F, at + 2
        if opcode >= Opcode.CLOSE:
            if length > _CONTROL_MOST:
                raise Broken(PROTOCOL_ERROR, "a control frame is too long")
            if not first & 0x80:
                raise Broken(PROTOCOL_ERROR, "a control frame is fragmented")
            return begin, length
        if length >= _TWO_BYTES:
            wide = 2 if length == _TWO_BYTES else 8
            if size - begin < wide:
                return begin + wide, 0
            length = int.from_bytes(data[begin : begin + wide])
            begin += wide
        if length + self._size > self._most:
            raise Broken(TOO_BIG, "the message is too long")
        return begin, length

    def _piece(
        self, opcode: Opcode, payload: bytes, done: list[tuple[Opcode, bytes]], *, final: bool
    ) -> None:
        """Take a control frame between fragments, or a fragment (section 5.4)."""
        if opcode >= Opcode.CLOSE:
            done.append((opcode, payload))
            return
        if opcode is Opcode.CONTINUED:
            if self._parts is None:
                raise Broken(PROTOCOL_ERROR, "a continuation of nothing")
        elif self._parts is not None:
            raise Broken(PROTOCOL_ERROR, "a new message inside a fragmented one")
        else:
            self._parts, self._kind = bytearray(), opcode
        self._parts += payload
        self._size += len(payload)
        if final:
            done.append((self._kind, bytes(self._parts)))
            self._parts, self._size = None, 0


_KNOWN = frozenset(int(opcode) for opcode in Opcode)
