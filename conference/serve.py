"""Serving: the data folder is taken, the house composed, the sockets opened, the signals heard."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import structlog
import uvicorn

from conference import app, clock, collector, founding, selfcheck
from conference.app import House
from conference.banner import banner
from conference.control import Control
from conference.counter.client import Counter
from conference.errors import CannotStart
from conference.lock import Locked, owning
from conference.programme import LAUNCH, read
from conference.rehearsal import stage as rehearsals
from conference.rules.kinds import Mode
from conference.settings import LOOPBACK, Settings
from conference.store import Store
from conference.watchdog import Watchdog, keep_room
from conference.web import encryption
from conference.wire.protocol import LeanProtocol

BACKLOG = 2048
DOORS = 16
"""Descriptors of the one listening socket. The loop accepts one connection for each and turn: with a single
one, a crowd that comes back waits for as many turns as it has heads, behind every page that is made."""
SEND_BUFFER = 128 * 1024
"""What the kernel keeps for a peer that reads slowly; by itself it would grow to megabytes a seat."""
SWITCH_SECONDS = 0.00005
"""After so long the loop hands the interpreter to the thread that stores ballots, if that asks for it. It
must be well below a turn of the loop: a thread that is still waiting when the loop sleeps for a moment
begins to wait anew (with half a millisecond a ballot waited for fifty while a hall was told)."""
STALLED_MS = 30_000
"""How long the kernel keeps a peer that takes nothing, before it is dropped."""


Beside = Callable[[House, Callable[[], None]], contextlib.AbstractAsyncContextManager[None]]


def _is_ours_to_read(record: logging.LogRecord) -> bool:
    """Drop what uvicorn logs as its errors although it is a visitor's mistake or our refusal."""
    return not str(record.msg).startswith(
        ("Invalid UTF-8 sequence", "ASGI callable returned without completing handshake")
    )


def configure_log() -> None:
    """Log lines of JSON to standard error, those of libraries too: no addresses, tokens, choices."""
    logging.getLogger("uvicorn.error").addFilter(_is_ours_to_read)
    begin: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    render = structlog.processors.JSONRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=begin,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(
        processors=[*begin, render],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a bound socket. Raises CannotStart when the port is taken or not allowed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        sock = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except PermissionError as error:
        message = f"Port {port} may only be opened by the administrator; choose one above 1023."
        raise CannotStart(message) from error
    except OSError as error:
        message = (
            f"Port {port} on {host} cannot be used ({error.strerror}): stop what uses it, or "
            "choose another with --port."
        )
        raise CannotStart(message) from error
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # A peer that stops reading must not hold up the end of the process (uvicorn waits for it).
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_MS)
    return sock


def run(settings: Settings) -> int:
    """Serve on the quickest loop there is; as `serve`."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(serve(settings))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the quickest loop there is, None for Python's own."""
    try:
        import uvloop  # noqa: PLC0415 - not on every platform, and not for every command
    except ImportError:
        return None
    make: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return make


async def serve(settings: Settings) -> int:
    """Serve until a signal; 0 when it ended well. Raises CannotStart."""
    configure_log()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with owning(settings.data):
            sock = listening_socket(settings.host, settings.port)
            rehearsals.sweep(settings.data)
            return await serve_on(settings, sock)
    except Locked as error:
        message = (
            f"Another process is using {settings.data}: stop it, or choose another folder with "
            "--data."
        )
        raise CannotStart(message) from error


def _not_public(settings: Settings) -> CannotStart:
    return CannotStart(
        "A demonstration is open to everybody who has its links: it is not served at a "
        f"public address ({settings.address}) without --demo-public."
    )


def _not_encrypted(settings: Settings) -> CannotStart:
    return CannotStart(
        f"A real conference is not served without encryption ({settings.address}): put a proxy with "
        "TLS before it and give --public-url https://…, or take the blame by name with "
        '--without-https "NAME: REASON", which the journal keeps.'
    )


@contextlib.asynccontextmanager
async def _nothing(_house: House, _stop: Callable[[], None]) -> AsyncIterator[None]:
    yield


async def serve_on(settings: Settings, sock: socket.socket, beside: Beside = _nothing) -> int:
    """Serve the folder, which the caller owns, on this socket; `beside` is entered once it serves.

    Until a signal, or until `beside` calls the stop it is handed. Raises CannotStart.
    """
    now = time.time_ns() // 1_000_000
    store = await Store.open(settings.data, now=now, token=lambda: secrets.token_hex(16))
    try:
        meeting = await store.load()
        if meeting is None:
            meeting = await founding.found(store, read(LAUNCH), Mode.DEMONSTRATION, now)
        demo = meeting.conference.mode is Mode.DEMONSTRATION
        if demo and settings.is_public and not settings.demo_public:
            raise _not_public(settings)  # noqa: TRY301  (the store must be closed)
        if encryption.is_missing(settings, meeting.conference.mode):
            raise _not_encrypted(settings)  # noqa: TRY301  (the same)
        await asyncio.to_thread(selfcheck.begin, settings.data)
        counter = Counter(settings.data)
        house = await app.build(settings, store, meeting, counter)
    except BaseException:
        await store.close()
        raise
    async with counter.working(), _watched(house):
        await _run(house, sock, beside)
    store.ballast.drop()
    selfcheck.end(settings.data)
    return 0


@contextlib.asynccontextmanager
async def _watched(house: House) -> AsyncIterator[None]:
    """The process is watched, room is kept on the disk, and memory is tidied while it is calm."""
    hall = house.site.hall
    async with (
        Watchdog(hall.meters).working(),
        clock.beside(lambda: keep_room(hall.store.ballast)),
        clock.beside(lambda: collector.collect_when_calm(lambda: hall.calm)),
    ):
        yield


class _Server(uvicorn.Server):
    """Leaves the signals to us: everybody is told first, and a clean stop is exit code 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield

    def end(self) -> None:
        """Stop accepting, say goodbye to every socket, and end."""
        self.should_exit = True


def _http_class() -> Any:
    try:
        from conference.wire.arrival import Arrival  # noqa: PLC0415 - needs httptools
    except ImportError:
        return "auto"
    return Arrival


def _config(house: House) -> uvicorn.Config:
    return uvicorn.Config(
        house.app,
        interface="asgi3",
        access_log=False,
        log_config=None,
        http=_http_class(),
        ws=LeanProtocol,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        server_header=False,
        lifespan="on",
        forwarded_allow_ips=",".join(sorted(LOOPBACK - {"localhost"})),
    )


async def _run(house: House, sock: socket.socket, beside: Beside) -> None:
    settings = house.site.settings
    server = _Server(_config(house))
    loop = asyncio.get_running_loop()
    leaving: set[asyncio.Task[None]] = set()

    async def leave() -> None:
        await app.finish(house.site)
        app.say_goodbye(house.site)
        await asyncio.sleep(0.2)  # so that the last words are read before the sockets close
        server.end()

    def stop() -> None:
        if not leaving:
            leaving.add(asyncio.create_task(leave()))

    control = Control(house, settings.data)
    doors = [sock, *(sock.dup() for _ in range(DOORS - 1))]
    task = asyncio.create_task(server.serve(doors))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    while not server.started and not task.done():  # noqa: ASYNC110  (uvicorn offers no event)
        await asyncio.sleep(0.01)
    try:
        if server.started:
            collector.spare()
            sys.setswitchinterval(SWITCH_SECONDS)
            await control.open()
            if beside is _nothing:
                print(await banner(house.site, links=sys.stdout.isatty()), flush=True)  # noqa: T201
            async with beside(house, stop):
                await task
        await task
    finally:
        await control.close()
