"""The server's side of a WebSocket under uvicorn, lean enough for ten thousand of them.

`LeanProtocol` is what `uvicorn.Config(ws=...)` takes. The handshake is plain ASGI: Starlette routes
it, asks for cookie and permission, accepts or refuses. After that an endpoint may take the line
over (`Line`, found in the scope's extensions): then no task, no queue and no scope stays, incoming
text comes as a call, and outgoing frames go straight to the transport. An endpoint that does not
take it over gets the ordinary receive and send of ASGI.

Kept alive by one keeper for all: a line that is silent for fifteen seconds is pinged, one that
does not answer in the next fifteen is dropped.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.utils import is_ssl
from uvicorn.server import ServerState

from conference.wire import frames
from conference.wire.asgi import Asgi, Header
from conference.wire.frames import Opcode, Reader
from conference.wire.keeper import keeper_of
from conference.wire.line import Listener

UNREAD = 64 * 1024
"""Bytes that may wait for a client before its pings are answered no more: it may never read."""
LEAVE_SECONDS = 2.0
"""How long a line may take to send what waits when the server stops."""


class LeanProtocol(asyncio.Protocol):
    """One connection, from the upgraded request to its end."""

    __slots__ = (
        "_asgi", "_begun", "_close_sent", "_door", "_head", "_listener", "_over", "_reader", "bucket", "heard",
        "keeper", "pinged", "state", "transport",
    )  # fmt: skip

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any]
    ) -> None:
        """Begin with the handshake; uvicorn hands the request over in `data_received`."""
        self.transport = cast("asyncio.Transport", None)
        self.heard = True
        self.pinged = False
        self.bucket = 0
        self.keeper = keeper_of(asyncio.get_running_loop())
        self.state = server_state
        self._reader: Reader | None = None
        self._begun: object = None
        self._door = -1
        self._head = b""
        self._listener: Listener | None = None
        self._close_sent = False
        self._over = False
        self._asgi: Asgi | None = Asgi(self, config, app_state)

    # --- what uvicorn and the transport call -------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport."""
        self.transport = cast("asyncio.Transport", transport)
        self.state.connections.add(cast("Any", self))

    def asked(self, target: bytes, headers: list[Header]) -> None:
        """Take a handshake that has been read already, and has no problem."""
        if self._asgi is not None:
            self._asgi.begin(target, headers)

    def data_received(self, data: bytes) -> None:
        """Take what the client sent: first the request as uvicorn rebuilt it, then frames."""
        self.heard = True
        if self._reader is None:
            if self._asgi is not None:
                self._asgi.request(data)
            return
        for opcode, payload in self._reader.feed(data):
            if self._close_sent and opcode is not Opcode.CLOSE:
                continue
            self._take(opcode, payload)
        if self._reader.broken is not None and not self._close_sent:
            self._fail(self._reader.broken.code, self._reader.broken.why)

    def eof_received(self) -> None:
        """Close: a WebSocket has no half-open state."""

    def pause_writing(self) -> None:
        """Let an ASGI application wait; whoever has taken the line over asks `waiting`."""
        if self._asgi is not None:
            self._asgi.pause()

    def resume_writing(self) -> None:
        """Let it go on."""
        if self._asgi is not None:
            self._asgi.resume()

    def connection_lost(self, _error: Exception | None) -> None:
        """Tell whoever listens, once, and be forgotten."""
        self._over = True
        self.state.connections.discard(cast("Any", self))
        self.keeper.forget(self)
        listener, self._listener = self._listener, None
        if self._asgi is not None:
            self._asgi.lost(frames.ABNORMAL)
            self._asgi.resume()
        if listener is not None:
            listener.gone()

    def shutdown(self) -> None:
        """The server stops: say so, and end even when the client reads nothing."""
        if self._reader is None and self._asgi is not None:
            self._asgi.refuse(500)
        elif not self._close_sent:
            self.close(frames.RESTART)
            if self._asgi is not None:
                self._asgi.lost(frames.RESTART)
        waits = self.waiting()
        self.transport.close()
        if waits:
            asyncio.get_running_loop().call_later(LEAVE_SECONDS, self.transport.abort)

    # --- the line ----------------------------------------------------------------------------

    def take(self, listener: Listener) -> None:
        """From now on `listener` hears what comes; the ASGI side of this line is over."""
        asgi, self._asgi = self._asgi, None
        if self._over:
            listener.gone()
            return
        self._listener = listener
        self._door = _descriptor(self.transport)
        if asgi is not None:
            for text in asgi.unread():
                listener.heard(text)
        self._resume()

    def write(self, frame: bytes) -> int:
        """Send this whole frame, nothing when the line is on its way out; returns what then waits."""
        transport = self.transport
        if transport.is_closing():
            return 0
        if self._head:
            frame, self._head = self._head + frame, b""
        transport.write(frame)
        return transport.get_write_buffer_size()

    def straight(self) -> int:
        """Return the descriptor for whoever writes a frame by themselves; -1 while something waits.

        Once the loop has turned it may be somebody else's: it is asked for anew each time.
        """
        transport = self.transport
        if self._head or transport.is_closing() or transport.get_write_buffer_size():
            return -1
        return self._door

    def flush(self) -> None:
        """Send the answer to the handshake, unless it has gone with the first frame."""
        if self._head:
            self.write(b"")

    def waiting(self) -> int:
        """Return how many bytes the kernel has not taken yet."""
        return 0 if self.transport.is_closing() else self.transport.get_write_buffer_size()

    def close(self, code: int, why: str = "") -> None:
        """Send a close frame; the line ends when the client answers, or after some seconds."""
        if self._close_sent or self.transport.is_closing():
            return
        self._close_sent = True
        self.write(frames.close_frame(code, why))
        self.keeper.will_end(self)
        self._resume()

    def _resume(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def ping(self) -> None:
        """Ask whether somebody is there."""
        self.pinged = True
        self.write(_PING)

    def is_stuck(self) -> bool:
        """Say whether the message that was not complete at the last look is not complete yet."""
        before, self._begun = self._begun, self._reader and self._reader.begun
        return before is not None and before is self._begun

    def accepted(self, head: bytes, most: int, early: bytes) -> None:
        """The handshake was accepted: what comes now are frames.

        The answer waits for the first frame for a turn of the loop: mostly they go in one piece.
        """
        self._head = head
        asyncio.get_running_loop().call_soon(self.flush)
        self._reader = Reader(most)
        self.keeper.keep(self)
        if early:
            self.data_received(early)

    @property
    def taken(self) -> bool:
        """Whether an endpoint has taken the line over."""
        return self._asgi is None

    @property
    def closing(self) -> bool:
        """Whether a close frame has been sent, or the transport is on its way out."""
        return self._close_sent or self.transport.is_closing()

    # --- frames ------------------------------------------------------------------------------

    def _take(self, opcode: Opcode, payload: bytes) -> None:
        if opcode is Opcode.TEXT:
            try:
                text = payload.decode()
            except UnicodeDecodeError:
                self._fail(frames.NOT_UTF8, "not UTF-8")
                return
            if self._listener is not None:
                self._listener.heard(text)
            elif self._asgi is not None:
                self._asgi.put({"type": "websocket.receive", "text": text})
        elif opcode is Opcode.BINARY:
            if self._listener is not None:
                self._listener.heard_bytes()
            elif self._asgi is not None:
                self._asgi.put({"type": "websocket.receive", "bytes": payload})
        elif opcode is Opcode.PING:
            if self.waiting() <= UNREAD:
                self.write(frames.frame(Opcode.PONG, payload))
        elif opcode is Opcode.CLOSE:
            self._closed_by_client(payload)

    def _closed_by_client(self, payload: bytes) -> None:
        if self._close_sent:
            self.transport.close()
            return
        try:
            code = frames.close_code(payload)
        except frames.Broken as broken:
            self._fail(broken.code, broken.why)
            return
        if self._reader is not None and self._reader.inside:
            self._fail(frames.PROTOCOL_ERROR, "a message was not ended")
            return
        self._close_sent = True
        self.write(frames.frame(Opcode.CLOSE, payload))
        if self._asgi is not None:
            self._asgi.lost(code)
        self.transport.close()

    def _fail(self, code: int, why: str) -> None:
        """Fail the connection (section 7.1.7): say why, then end without waiting."""
        if not self._close_sent:
            self._close_sent = True
            self.write(frames.close_frame(code, why))
        if self._asgi is not None:
            self._asgi.lost(code)
        self.transport.close()


def _descriptor(transport: asyncio.Transport) -> int:
    """Return the descriptor of a plain connection; -1 where bytes cannot go straight to it."""
    sock = transport.get_extra_info("socket")
    if sock is None or os.name != "posix" or is_ssl(transport):
        return -1
    return int(sock.fileno())


_PING = frames.frame(Opcode.PING, b"")
