"""What a second hand gains when a hall is told: one writing thread beside two, in turns.

    .venv/bin/python benchmarks/hands.py [--lines 5000] [--rounds 20] [--bytes 330]

So many connections of the load generator sit in a room of ours; one message is handed out to all of
them by one hand and by two, in turns: in the pieces in which a hall is told while ballots may come, in
those of a hall in which nobody votes, and in one go. Prints microseconds for each message, of
processor time and of time, medians and least. Exit code 2 without gcc.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import socket
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import generator
from conference.live.socket import line_of
from conference.room import AT_ONCE, CALM, VOTING, Pace, Room, Seat
from conference.serve import SWITCH_SECONDS
from conference.wire.frames import text_frame
from conference.wire.protocol import LeanProtocol

WAYS = {
    "one hand, while ballots may come": VOTING,
    "two hands, while ballots may come": VOTING._replace(hands=2),
    "one hand, while nobody votes": CALM._replace(hands=1),
    "two hands, while nobody votes": CALM,
    "two hands, in one go": AT_ONCE._replace(hands=2),
}


class Silent:
    """Whoever sits there and says nothing."""

    def heard(self, text: str) -> None: ...

    def heard_bytes(self) -> None: ...

    def gone(self) -> None: ...


def application(room: Room) -> Starlette:
    """An application in which everybody gets a seat."""

    async def live(websocket: WebSocket) -> None:
        await websocket.accept()
        line = line_of(websocket)
        assert line is not None
        room.join(Seat("floor", "", "", line))
        line.take(Silent())

    return Starlette(routes=[WebSocketRoute("/live", live)])


async def told(room: Room, frame: bytes, pace: Pace) -> tuple[float, float]:
    """Hand it out; processor seconds and seconds until it was written to all."""
    wall, cpu = time.perf_counter(), time.process_time()
    room.send("floor", frame, lambda: pace)
    while room._handing:  # noqa: SLF001 - nobody in the house asks when it is over
        await asyncio.sleep(0)
    return time.process_time() - cpu, time.perf_counter() - wall


async def measured(asked: argparse.Namespace, program: Path) -> None:
    """Connect, measure in turns, print."""
    room = Room()
    sock = socket.create_server(("127.0.0.1", 0), backlog=4096)
    config = uvicorn.Config(
        application(room), ws=LeanProtocol, log_config=None, access_log=False, lifespan="off"
    )
    serving = asyncio.create_task(uvicorn.Server(config).serve(sockets=[sock]))
    load = await generator.start(
        program, port=sock.getsockname()[1], path="/live", n=asked.lines, rate=0, srcs=1, rounds=1,
        trigger="", expect="nothing says this", timeout_s=600, server_pid=os.getpid(),
    )  # fmt: skip
    await load.connected()
    frame = text_frame("x" * asked.bytes)
    took = defaultdict(list)
    for _ in range(asked.rounds):
        for name, pace in WAYS.items():
            await asyncio.sleep(0.2)
            took[name].append(await told(room, frame, pace))
    for name, rounds in took.items():
        cells = [
            f"{statistics.median(v) * 1e6 / asked.lines:.2f} (least {min(v) * 1e6 / asked.lines:.2f})"
            for v in zip(*rounds, strict=True)
        ]
        print(f"{name:33} processor µs {cells[0]}  time µs {cells[1]}")
    print("load", os.getloadavg()[0])
    load.process.kill()
    serving.cancel()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--bytes", type=int, default=330)
    asked = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        program = generator.build()
    except generator.NoCompiler:
        print("The load generator is written in C: install gcc.")
        return 2
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measured(asked, program))
    return 0


if __name__ == "__main__":
    sys.exit(main())
