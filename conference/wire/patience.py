"""uvicorn's HTTP protocol with an end to its patience: slow heads, endless heads, too many lines.

uvicorn waits for ever for the end of a request's head, and keeps as much of it as comes; it waits for
ever until an answer has been taken, and lets in whoever comes. A client that sends or takes a byte now
and then would hold a connection for nothing, and thousands of them the server.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from conference.wire.entrance import SPARE, entrance_of

ANSWER_SECONDS = 600.0
"""From the end of a head until the answer must have been taken, body included."""
MOST_HEADERS = 64
MOST_BYTES = 16 * 1024
"""Of a head, address included."""
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class PatientProtocol(HttpToolsProtocol):
    """One HTTP connection; drops a client that does not come to the end of a head or of an answer."""

    _full = False
    _taking: asyncio.TimerHandle | None = None
    _begun = False
    """Whether a head is awaited: the entrance sees to it that it is not for ever."""
    _headers = 0
    _bytes = 0
    _unfinished = 0
    """Bytes that came since the head began: with it may come a body, so four times as many."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head; a connection too many is told so, or dropped."""
        super().connection_made(transport)
        self._entrance = entrance_of(asyncio.get_running_loop())
        over = len(self.connections) - self._entrance.most
        self._full = over > 0
        if over > SPARE:
            transport.abort()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._heard_out()
        self._taken()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins: on a line that is used again, too."""
        self._headers = self._bytes = 0
        if not self._begun:
            self._wait()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the address."""
        self._bytes += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count one header."""
        self._headers += 1
        self._bytes += len(name) + len(value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head has come: what takes long from now on is the body, which has its own limit."""
        self._heard_out()
        if self._full or self._headers > MOST_HEADERS or self._bytes > MOST_BYTES:
            self.transport.write(_FULL if self._full else _TOO_LARGE)
            self.transport.close()
            return
        self._taken()
        loop = asyncio.get_running_loop()
        self._taking = loop.call_later(ANSWER_SECONDS, self.transport.abort)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """The answer has been taken."""
        self._taken()
        super().on_response_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the line over, unless it was refused already."""
        self._taken()
        if not self.transport.is_closing():
            super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Take what came, unless this head is past all measure already."""
        if self._begun:
            self._unfinished += len(data)
            if self._unfinished > MOST_BYTES * 4:
                self.transport.abort()
                return
        super().data_received(data)

    def _wait(self) -> None:
        self._unfinished = 0
        self._begun = True
        self._entrance.came(self.transport)

    def _taken(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _heard_out(self) -> None:
        self._entrance.said(self.transport)
        self._begun = False
