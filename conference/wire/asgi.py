"""The ASGI side of a line: its handshake, and its whole life if nobody takes the line over."""

from __future__ import annotations

import asyncio
import contextlib
import http
import logging
from collections import deque
from typing import Any, Protocol
from urllib.parse import unquote

from uvicorn.config import Config
from uvicorn.protocols.utils import ClientDisconnected, get_remote_addr, is_ssl
from uvicorn.server import ServerState
from websockets.utils import accept_key

from conference.wire import frames
from conference.wire.frames import Opcode

LINE = "conference.line"
"""The scope's extension by which an endpoint takes the line over."""
EARLY_BYTES = 64 * 1024
"""What a client may send before its handshake is answered."""

Header = tuple[bytes, bytes]
"""Name, in lower case, and value."""

log = logging.getLogger("uvicorn.error")


class Wire(Protocol):
    """What this side needs from the connection."""

    transport: asyncio.Transport
    state: ServerState

    @property
    def taken(self) -> bool:
        """Whether an endpoint has taken the line over."""

    @property
    def closing(self) -> bool:
        """Whether the line is on its way out."""

    def accepted(self, head: bytes, most: int, early: bytes) -> None:
        """The handshake was accepted."""

    def write(self, frame: bytes) -> int:
        """Send this whole frame; returns what then waits."""

    def close(self, code: int, why: str = "") -> None:
        """Send a close frame."""


def problem_of(headers: list[Header]) -> tuple[int, bytes] | None:
    """Say what is wrong with the handshake (section 4.2.1), as a status and a header."""
    found = dict(headers)
    connection = found.get(b"connection", b"").lower()
    upgrades = connection == b"upgrade" or b"upgrade" in map(bytes.strip, connection.split(b","))
    if not upgrades or found.get(b"upgrade", b"").lower() != b"websocket":
        return 426, b"Upgrade: websocket\r\n"
    if found.get(b"sec-websocket-version") != b"13":
        return 426, b"Sec-WebSocket-Version: 13\r\n"
    key = found.get(b"sec-websocket-key", b"")
    keys = [name for name, _value in headers].count(b"sec-websocket-key")
    if keys != 1 or len(key) != 24 or not key.endswith(b"=="):  # noqa: PLR2004 - 16 bytes
        return 400, b""
    return None


class Asgi:
    """One handshake and, unless the line is taken over, what the application says and hears."""

    def __init__(self, line: Wire, config: Config, app_state: dict[str, Any]) -> None:
        """Stand ready for the request."""
        self._line = line
        self._config = config
        self._app_state = app_state
        self._events: deque[dict[str, Any]] = deque()
        # Events of asyncio that most handshakes never wait for: made when somebody does.
        self._came: asyncio.Event | None = None
        self._writable: asyncio.Event | None = None
        self._key = b""
        self._early = b""
        self._answered = False
        self._body_status: int | None = None
        self._lost = False

    def request(self, data: bytes) -> None:
        """Read the request; start the application, or refuse what is no WebSocket handshake.

        What a client sends before it has an answer waits for it.
        """
        if self._key or self._answered:
            self._early += data
            if len(self._early) > EARLY_BYTES:
                self._line.transport.abort()
            return
        head, *lines = data.split(b"\r\n")
        target = head.split(b" ", 2)[1]
        headers = [
            (name.lower(), value.strip())
            for name, _colon, value in (line.partition(b":") for line in lines if line)
        ]
        problem = problem_of(headers)
        if problem:
            self.refuse(*problem)
        else:
            self.begin(target, headers)

    def begin(self, target: bytes, headers: list[Header]) -> None:
        """Start the application on this handshake, which has no problem."""
        self._key = dict(headers)[b"sec-websocket-key"]
        task = asyncio.get_running_loop().create_task(self._run(self._scope(target, headers)))
        self._line.state.tasks.add(task)
        task.add_done_callback(self._line.state.tasks.discard)

    def _scope(self, target: bytes, headers: list[Header]) -> dict[str, Any]:
        path, _mark, query = target.partition(b"?")
        root = self._config.root_path
        offered = b",".join([value for name, value in headers if name == b"sec-websocket-protocol"])
        transport = self._line.transport
        return {
            "type": "websocket",
            "asgi": {"version": self._config.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss" if is_ssl(transport) else "ws",
            "server": None,  # asking the kernel costs as much as reading the request; nobody wants it
            "client": get_remote_addr(transport),
            "root_path": root,
            "path": root
            + (unquote(path.decode("ascii")) if b"%" in path else path.decode("ascii")),
            "raw_path": root.encode("ascii") + path,
            "query_string": query,
            "headers": headers,
            "subprotocols": [w.strip().decode() for w in offered.split(b",") if w.strip()],
            "state": self._app_state.copy(),
            "extensions": {"websocket.http.response": {}, LINE: {"line": self._line}},
        }

    async def _run(self, scope: dict[str, Any]) -> None:
        self.put({"type": "websocket.connect"})
        try:
            await self._config.loaded_app(scope, self._receive, self._send)
        except ClientDisconnected:
            pass
        except Exception:
            log.exception("Exception in ASGI application")
            self._end(frames.INTERNAL)
        else:
            if not self._line.taken:
                self._end(frames.NORMAL)

    def _end(self, code: int) -> None:
        """The application has returned: whatever it left open ends."""
        if not self._answered:
            self.refuse(500)
        elif self._body_status is not None:
            self._line.transport.close()
        else:
            self._line.close(code)

    # --- events for the application ------------------------------------------------------------

    def put(self, event: dict[str, Any]) -> None:
        """Hand an event to the application; nothing more is read until it has taken it."""
        self._events.append(event)
        if self._came is not None:
            self._came.set()
        if event["type"] == "websocket.receive":
            self._line.transport.pause_reading()

    def pause(self) -> None:
        """Let the application wait before it sends more."""
        if self._writable is None:
            self._writable = asyncio.Event()

    def resume(self) -> None:
        """Let it go on."""
        if self._writable is not None:
            self._writable.set()
            self._writable = None

    def lost(self, code: int) -> None:
        """Tell the application, once, that the client is gone."""
        if not self._lost:
            self._lost = True
            self.put({"type": "websocket.disconnect", "code": code, "reason": ""})

    def unread(self) -> list[str]:
        """Return what came before the line was taken over and nobody has read."""
        texts: list[str] = []
        while self._events:
            event = self._events.popleft()
            if event.get("text") is not None:
                texts.append(event["text"])
        return texts

    async def _receive(self) -> dict[str, Any]:
        while not self._events:
            self._came = self._came or asyncio.Event()
            self._came.clear()
            await self._came.wait()
        event = self._events.popleft()
        if not self._events and not self._line.transport.is_closing():
            self._line.transport.resume_reading()
        return event

    async def _send(self, event: dict[str, Any]) -> None:
        if self._writable is not None:
            await self._writable.wait()
        kind = event["type"]
        if not self._answered:
            self._answer(kind, event)
        elif kind == "websocket.http.response.body" and self._body_status is not None:
            self._line.transport.write(event.get("body", b""))
            if not event.get("more_body", False):
                self._line.transport.close()
        elif self._lost or self._line.closing:
            raise ClientDisconnected
        elif kind == "websocket.send":
            text, data = event.get("text"), event.get("bytes")
            payload = text.encode() if text is not None else data or b""
            opcode = Opcode.TEXT if text is not None else Opcode.BINARY
            self._line.write(frames.frame(opcode, payload))
        elif kind == "websocket.close":
            self._line.close(event.get("code") or frames.NORMAL, event.get("reason") or "")
        else:
            raise RuntimeError(f"{kind} cannot be sent now")

    # --- the answer to the handshake -----------------------------------------------------------

    def _answer(self, kind: str, event: dict[str, Any]) -> None:
        if self._lost or self._line.transport.is_closing():
            raise ClientDisconnected
        if kind == "websocket.accept":
            self._answered = True
            headers = list(event.get("headers", []))
            if event.get("subprotocol"):
                headers.append((b"Sec-WebSocket-Protocol", event["subprotocol"].encode()))
            key = accept_key(self._key.decode("ascii")).encode()
            headers = [(b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"),
                       (b"Sec-WebSocket-Accept", key), *headers]  # fmt: skip
            head = self._head(101, headers)
            self._line.accepted(head, self._config.ws_max_size, self._early)
        elif kind == "websocket.close":
            self.refuse(403)
        elif kind == "websocket.http.response.start":
            self._answered = True
            self._body_status = event["status"]
            headers = [*event.get("headers", []), (b"Connection", b"close")]
            self._line.transport.write(self._head(event["status"], headers))
        else:
            raise RuntimeError(f"{kind} cannot be sent before the handshake is answered")

    def refuse(self, status: int, header: bytes = b"") -> None:
        """Answer the handshake with a status and an empty body, and end."""
        if self._answered:
            return
        self._answered = True
        self.lost(frames.ABNORMAL)
        head = self._head(status, [(b"Content-Length", b"0"), (b"Connection", b"close")])
        self._line.transport.write(head[:-2] + header + b"\r\n")
        self._line.transport.close()

    def _head(self, status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
        phrase = b""
        with contextlib.suppress(ValueError):
            phrase = http.HTTPStatus(status).phrase.encode()
        always = self._line.state.default_headers
        lines = [b"%s: %s\r\n" % (name, value) for name, value in (*headers, *always)]
        return b"HTTP/1.1 %d %s\r\n%s\r\n" % (status, phrase, b"".join(lines))
