"""A bad line between phones and the server: late, uneven, slow, and standing still now and then.

Bytes wait in order, as TCP gives them: a delay drawn for each piece, never overtaking, at so many bits
a second, and a stop of everything every few seconds. A line can also be cut, before or after what was
sent has passed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """How bad it is; times in seconds."""

    delay: float = 0.3
    spread: float = 0.2
    bits: int = 200_000
    """A second, in each direction of each connection."""
    stall_every: float = 10.0
    stall: float = 2.0
    cut_every: float = 0.0
    """A connection is cut after this time on average; 0: never."""


@dataclass
class Proxy:
    """Listens at `port` and hands everything on to the server's port over such lines."""

    to: int
    line: Line
    seed: object
    port: int = 0
    connections: int = 0
    cuts: int = 0
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Proxy]:
        server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in list(self._open):
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._join(reader, writer)
        except (asyncio.CancelledError, OSError):
            pass  # the line is given up, or there is no server behind it
        finally:
            self._open.discard(task)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chance = random.Random(f"{self.seed} {self.connections}")
        self.connections += 1
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        begun = asyncio.get_running_loop().time() - chance.uniform(0, self.line.stall_every)
        ways = [
            asyncio.create_task(self._carry(reader, back, begun, chance)),
            asyncio.create_task(self._carry(there, writer, begun, chance)),
        ]
        until = chance.expovariate(1 / self.line.cut_every) if self.line.cut_every else None
        try:
            done, _ = await asyncio.wait(ways, timeout=until, return_when=asyncio.FIRST_COMPLETED)
            self.cuts += not done
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (writer, back):
                end.transport.abort()

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        begun: float,
        chance: random.Random,
    ) -> None:
        """Hand on piece by piece until one end is closed; what waits is at most a few pieces."""
        now = asyncio.get_running_loop().time
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)

        async def give() -> None:
            while True:
                at, piece = await waiting.get()
                await asyncio.sleep(max(0.0, self._free_at(at, begun) - now()))
                if not piece:
                    return
                writer.write(piece)
                await writer.drain()

        giving = asyncio.create_task(give())
        free = 0.0
        try:
            with suppress(ConnectionError):
                while piece := await reader.read(4096):
                    free = max(free, now()) + 8 * len(piece) / self.line.bits
                    late = self.line.delay + chance.uniform(-self.line.spread, self.line.spread)
                    free_at = max(free, now() + late)
                    await waiting.put((free_at, piece))
            await waiting.put((0.0, b""))
            with suppress(ConnectionError):
                await giving
        finally:
            giving.cancel()
            await asyncio.gather(giving, return_exceptions=True)

    def _free_at(self, at: float, begun: float) -> float:
        """When a piece that could pass at this moment does pass: not while all stands still."""
        if not self.line.stall:
            return at
        into = (at - begun) % self.line.stall_every
        left = self.line.stall - into
        return at + left if left > 0 else at
