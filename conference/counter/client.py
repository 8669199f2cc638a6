"""The server's end: starts the counting process, watches it, and asks it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from conference.counter.messages import LENGTH_BYTES, LONGEST, Answer, Failed, Request

log = structlog.get_logger()

FOLDER = "keys"
"""The folder of keys in the data folder."""
ANSWER_SECONDS = 60.0
AGAIN_SECONDS = 0.5
"""How long a process that ended by itself is waited for before it is started again."""

_decoder: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)
_encoder = msgspec.json.Encoder()


class CounterLost(Exception):  # noqa: N818  (what happened, not who is to blame)
    """There was no answer. What was asked may have been done: it can be asked again."""


class CounterFailed(Exception):  # noqa: N818  (what happened, not who is to blame)
    """The counting process has refused; `code` is one of `messages.Failed`."""

    def __init__(self, code: str) -> None:
        """Remember why."""
        super().__init__(code)
        self.code = code


class Asks(Protocol):
    """Whatever can ask the counting process."""

    async def ask(self, request: Request) -> Answer:
        """Return the answer. Raises CounterLost without one, CounterFailed when it is refused."""
        ...


def checked(answer: Answer) -> Answer:
    """Return an answer that was no refusal. Raises CounterFailed for one that was."""
    if isinstance(answer, Failed):
        raise CounterFailed(answer.code)
    return answer


class Counter:
    """One counting process, started again whenever it ends while it is needed."""

    def __init__(self, data: Path) -> None:
        """Be ready to start one for this data folder."""
        self._folder = data / FOLDER
        self._process: Process | None = None
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._started = asyncio.Event()
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The number of the process, None while there is none."""
        return self._process.pid if self._process is not None else None

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Let a counting process run for the duration; at the end it has ended."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            await self._close()

    async def _watch(self) -> None:
        while True:
            try:
                process = await self._start()
                code = await process.wait()
                log.warning("the counting process has ended; it is started again", code=code)
            except OSError as error:
                log.error("the counting process cannot be started", reason=error.strerror)  # noqa: TRY400
            self._lose()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _start(self) -> Process:
        here, there = socket.socketpair()
        with there:
            root = str(Path(__file__).parents[2])
            # Nothing of ours: whoever looks into an environment finds no secret of the server there.
            environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": root}
            words = ("-m", "conference.counter", str(there.fileno()), str(self._folder.absolute()))
            process = await asyncio.create_subprocess_exec(
                sys.executable, *words,
                pass_fds=[there.fileno()], env=environment, stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        self._process = process
        self._streams = await asyncio.open_connection(sock=here)
        self._started.set()
        return process

    def _lose(self) -> None:
        self._started.clear()
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _close(self) -> None:
        """Hang up: the process ends with its last answer."""
        self._lose()
        if self._process is not None and self._process.returncode is None:
            try:
                await asyncio.wait_for(self._process.wait(), 5)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    async def ask(self, request: Request) -> Answer:
        """Return the answer, after those to earlier requests. Raises CounterLost, CounterFailed."""
        async with self._turn:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._started.wait()
                    answer = await self._exchange(_encoder.encode(request))
            except (TimeoutError, OSError, EOFError, msgspec.DecodeError) as error:
                self._lose()
                if self._process is not None and self._process.returncode is None:
                    self._process.kill()  # half an answer may lie in the socket: begin afresh
                raise CounterLost(type(error).__name__) from error
        return checked(answer)

    async def _exchange(self, message: bytes) -> Answer:
        if self._streams is None:
            raise EOFError
        reader, writer = self._streams
        writer.write(len(message).to_bytes(LENGTH_BYTES, "big") + message)
        await writer.drain()
        length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
        if length > LONGEST:
            raise EOFError
        return _decoder.decode(await reader.readexactly(length))
