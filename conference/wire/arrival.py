"""A connection before it has said what it wants: the porter of the house.

When a server comes back, ten thousand pages want their WebSocket again within seconds, and nearly all of
them say so in one piece and in the same shape. Such a request is read here and goes straight to
`LeanProtocol`. Everything else (pages, a request in pieces, one that is odd or wrong in any way) goes to
`PatientProtocol` as it came: nothing is refused here, so that there is one place that refuses.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from conference.wire.asgi import Header, problem_of
from conference.wire.entrance import entrance_of
from conference.wire.patience import MOST_BYTES, MOST_HEADERS, PatientProtocol
from conference.wire.protocol import LeanProtocol

_HEAD = re.compile(
    rb"GET (/[!\"$-~]*) HTTP/1\.1\r\n((?:[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\t -~]*\r\n){1,"
    + str(MOST_HEADERS).encode()
    + rb"})\r\n"
)
"""A whole head of ASCII, and nothing behind it."""
_HEADER = re.compile(rb"([^:]+):([\t -~]*)\r\n")
_BODY = frozenset({b"content-length", b"transfer-encoding", b"expect"})
"""Headers that no handshake has: whoever sends them has something else to say, too."""


def read_handshake(data: bytes) -> tuple[bytes, list[Header]] | None:
    """Return target and headers of the WebSocket handshake that `data` is, whole and in good order.

    None for everything else, which is somebody else's to read.
    """
    if len(data) > MOST_BYTES or b"websocket" not in data:
        return None
    head = _HEAD.fullmatch(data)
    if head is None:
        return None
    target, lines = head.groups()
    headers = [(name.lower(), value.strip()) for name, value in _HEADER.findall(lines)]
    spare = not _BODY.isdisjoint([name for name, _value in headers])
    if spare or problem_of(headers) is not None:
        return None
    return target, headers


class Arrival(asyncio.Protocol):
    """One connection until its first bytes have come."""

    __slots__ = ("_app_state", "_config", "_entrance", "_loop", "_state", "transport")

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Keep what whoever comes next is made with."""
        self.transport = cast("asyncio.Transport", None)
        self._config = config
        self._state = server_state
        self._app_state = app_state
        self._loop = _loop or asyncio.get_running_loop()
        self._entrance = entrance_of(self._loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a head; one connection too many is told so at once."""
        self.transport = cast("asyncio.Transport", transport)
        connections = self._state.connections
        connections.add(cast("Any", self))
        if len(connections) > self._entrance.most:
            self._hand_on()
        else:
            self._entrance.came(self.transport)

    def data_received(self, data: bytes) -> None:
        """Hand the connection on, with what has come, to whoever it is for."""
        found = read_handshake(data)
        if found is None:
            self._hand_on().data_received(data)
            return
        self._leave()
        line = LeanProtocol(self._config, self._state, self._app_state)
        line.connection_made(self.transport)
        line.asked(*found)
        self.transport.set_protocol(line)

    def connection_lost(self, _error: Exception | None) -> None:
        """Be forgotten."""
        self._leave()

    def shutdown(self) -> None:
        """The server stops."""
        self.transport.close()

    def _hand_on(self) -> PatientProtocol:
        self._state.connections.discard(cast("Any", self))
        patient = PatientProtocol(self._config, self._state, self._app_state, self._loop)
        patient.connection_made(self.transport)
        self.transport.set_protocol(patient)
        return patient

    def _leave(self) -> None:
        self._state.connections.discard(cast("Any", self))
        self._entrance.said(self.transport)
