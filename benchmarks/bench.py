"""Our server and two references, side by side in one run: the table of what live voting costs.

    python3 run.py bench [--delegates 10000] [--rounds 3] [--json FILE] [--hall FOLDER]

Each round measures ours, (a) a plain Starlette and uvicorn loop, and (b) `websockets.broadcast`, in
turns, on loopback, with the load generator `wsload.c`. Ours is the whole product: the launch
conference with that many delegates on real sessions, sealed ballots, fsync before each
acknowledgement. The references keep nothing: their time runs from the moment at which the text reaches
them. Ours is told twice, from the press of the chair's button, and from the moment at which the act is on the
disk and may be told. Prints medians with least and most, ratios, and what
each message and ballot cost the server. Exit code 2 without gcc; 3 when a reference is too far from
what was measured elsewhere, so that the run says nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import hashlib
import json
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import generator
from benchmarks.hall import Hall, prepared
from conference.rules.kinds import Choice, PersonId, VoteId
from conference.sealing import envelope
from tests.live.serving import CHAIR, Person, Server, free_port, wait_for_vote

EVENT = 300
"""Bytes of a small event."""
REGION = 2048
"""Bytes of the message with which a reference opens a vote, as long as our region of a vote."""
SPREAD_MS = 5000
IDLE = 3
"""Hundredths of a second of processor time in a second: a server that has nothing to do takes less."""
KNOWN = {"naive": 17.6, "broadcast": 14.8}
"""Microseconds of processor time per message of 300 bytes, as measured elsewhere."""
NEAR = 0.25
LAST_ACT = "conference_last_act_timestamp_seconds "

Figures = dict[str, float]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--delegates", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--hall", type=Path, help="where the prepared hall is kept")
    asked = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < asked.delegates + 200:
        print(f"This machine allows {hard} open files; {asked.delegates} delegates need more.")
        return 2
    try:
        program = generator.build()
    except generator.NoCompiler:
        print("The load generator is written in C: install gcc.")
        return 2
    return asyncio.run(bench(asked, program))


async def bench(asked: argparse.Namespace, program: Path) -> int:
    """Measure, print the table, write the JSON; gives the exit code."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        hall = await prepared(asked.hall or Path(scratch) / "hall", asked.delegates)
        found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for number in range(1, asked.rounds + 1):
            for name in ("naive", "broadcast", "ours"):
                if name == "ours":
                    figures = await ours(program, hall, Path(scratch) / f"data-{number}")
                else:
                    figures = await reference(program, name, asked.delegates)
                print(f"round {number}, {name}: {json.dumps(figures)}", file=sys.stderr, flush=True)
                for what, figure in figures.items():
                    found[name][what].append(figure)
    far = [
        f"{name}: {statistics.median(found[name]['event µs']):.1f} µs a message, known {known}"
        for name, known in KNOWN.items()
        if abs(statistics.median(found[name]["event µs"]) / known - 1) > NEAR
    ]
    lines = table(found, asked.delegates)
    print("\n".join(lines))
    if far:
        print("The run is void: " + "; ".join(far))
    if asked.json:
        report = {
            "delegates": asked.delegates, "rounds": asked.rounds, "void": far,
            "figures": {name: dict(figures) for name, figures in found.items()},
        }  # fmt: skip
        asked.json.write_text(json.dumps(report, indent=1) + "\n")
    return 3 if far else 0


# --- the references ------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def referred(name: str) -> AsyncIterator[tuple[int, int]]:
    """A reference as a process: port and process id."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).parent / "references.py"), name, str(port)
    )
    try:
        while True:
            with contextlib.suppress(OSError):
                _reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 3)
        except TimeoutError:
            process.kill()
            await process.wait()


def said(mark: str, size: int) -> str:
    """A text of so many bytes for everybody, with this mark in it."""
    head = f'{{"t":"{mark}","html":"'
    return f'all {head}{"x" * (size - len(head) - 2)}"}}'


async def reference(program: Path, name: str, clients: int) -> Figures:
    """Connect; a small event, a vote that opens (with an echo for each ballot), a result."""
    ballot = '{"t":"ballot","n":1,"vote":1,"id":"%u","paper":"' + "A" * 66 + '"}'
    common: dict[str, object] = {"path": "/live", "n": clients, "rate": 0, "srcs": 1}
    figures: Figures = {}
    async with referred(name) as (port, pid):
        load = await generator.start(
            program, port=port, server_pid=pid, rounds=3, trigger=said("event", EVENT),
            expect='"event"', **common,
        )  # fmt: skip
        told = await load.report()
    rounds = told["rounds"]
    figures["connects/s"] = told["connects_per_s"]
    figures["bytes a connection"] = told["rss_bytes_per_conn"]
    figures["event ms"] = statistics.median(r["open_ms"]["max"] for r in rounds)
    figures["event µs"] = statistics.median(r["server_cpu_s"] for r in rounds) * 1e6 / clients
    async with referred(name) as (port, pid):
        load = await generator.start(
            program, port=port, server_pid=pid, rounds=1, trigger=said("open", REGION),
            linger_ms=300, expect='"open"', ballot=ballot, ack='"ack"', close=said("result", REGION),
            final='"result"', **common,
        )  # fmt: skip
        told = await load.report()
    (vote,) = told["rounds"]
    assert not vote["ack_missing"], vote
    figures["open ms"] = vote["open_ms"]["max"]
    figures["ballots/s"] = vote["ballots_per_s"]
    figures["last ack ms"] = vote["last_ack_ms"]
    figures["result ms"] = vote["final_ms"]["max"]
    figures["ballots CPU s"] = vote["ballots_server_cpu_s"]
    return figures


# --- ours ----------------------------------------------------------------------------------------


async def ours(program: Path, hall: Hall, data: Path) -> Figures:
    """The same with the product: connect, an announcement, one vote at once and one spread."""
    figures = await announced(program, hall, data.with_name(data.name + "-event"))
    figures |= await voted(program, hall, data.with_name(data.name + "-once"))
    plain = await voted(program, hall, data.with_name(data.name + "-plain"), by_name=True)
    figures["sealed beside plain"] = figures["ballots CPU s"] / plain["ballots CPU s"]
    spread = await voted(program, hall, data.with_name(data.name + "-spread"), SPREAD_MS)
    figures["spread ack p99 ms"] = spread["ack p99 ms"]
    figures["spread ballots CPU s"] = spread["ballots CPU s"]
    figures["turnout messages"] = spread["turnout messages"]
    return figures


@contextlib.asynccontextmanager
async def serving(
    hall: Hall, data: Path, *, by_name: bool = False
) -> AsyncIterator[tuple[Server, Person]]:
    """The product on a copy of the hall, and its chair; `by_name`: conference has decided so."""
    server = hall.copy(data)
    if by_name:
        decide_by_name(data, hall.motion)
    chair = Person(server, CHAIR)
    chair.http.headers["Cookie"] = hall.chair
    try:
        server.start()
        await settled(server)
        yield server, chair
    finally:
        await chair.leave()
        server.stop()


async def settled(server: Server) -> None:
    """Wait until the server has done what it does once after its start: that is nobody's cost."""
    assert server.process is not None
    stat = Path(f"/proc/{server.process.pid}/stat")

    def hundredths() -> int:
        return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))

    quiet = 0
    for _second in range(120):
        before = hundredths()
        await asyncio.sleep(1)
        quiet = quiet + 1 if hundredths() - before <= IDLE else 0
        if quiet == 2:
            return
    raise AssertionError("the server has not come to rest")


def decide_by_name(data: Path, motion: int) -> None:
    """Let it stand in the database that the vote on this motion is taken by name, without the debate."""
    with contextlib.closing(sqlite3.connect(data / "conference.db")) as connection, connection:
        connection.execute(
            'INSERT INTO procedural (id, kind, "by", asked_at, motion, state, supporters, numbers, '
            "minutes, seconds, purpose, answer, outcome) SELECT 900, 'by_name', min(id), 1, ?, 'decided', "
            "'[]', '[]', 0, 0, '', '', 'carried' FROM person",
            (motion,),
        )


async def seated(program: Path, hall: Hall, server: Server, **options: object) -> generator.Load:
    """Every delegate connects on their own session, with a page as new as the server."""
    assert server.process is not None
    ((version,),) = server.rows("SELECT version FROM conference")
    path = f"/live?view=floor&e={epoch_of(server)}&v={version}"
    load = await generator.start(
        program, port=server.port, path=path, n=hall.delegates, rate=0, srcs=1,
        cookie_file=hall.cookies, origin=server.url, server_pid=server.process.pid, **options,
    )  # fmt: skip
    await load.connected()
    return load


async def announced(program: Path, hall: Hall, data: Path) -> Figures:
    """Connections, and the chair's announcement at the last screen, three times."""
    async with serving(hall, data) as (server, chair):
        waits = asyncio.create_task(
            seated(
                program, hall, server, rounds=3, trigger="", gap_ms=3000, settle_ms=1500,
                expect="Announcement %r", timeout_s=90,
            )
        )  # fmt: skip
        load = await waits
        pressed, stored = [], []
        await asyncio.sleep(1)
        for number in (1, 2, 3):
            step = await chair.step()
            text = f"Announcement {number} " + "x" * 40
            pressed.append(time.time() * 1000)
            done = await chair.post("/chair/announcement", step=step, line=text)
            assert done.status_code == 303, done.text
            await asyncio.sleep(4.5)
            stored.append(await last_act(chair))
        told = await load.report()
    rounds = told["rounds"]
    last = [r["t0_unix_ms"] + r["open_ms"]["max"] for r in rounds]
    cpu = statistics.median(r["server_cpu_s"] for r in rounds)
    return {
        "connects/s": told["connects_per_s"],
        "bytes a connection": told["rss_bytes_per_conn"],
        "connect CPU µs": told["connect_server_cpu_s"] * 1e6 / hall.delegates,
        "event ms": statistics.median(b - a for a, b in zip(pressed, last, strict=True)),
        "event after commit ms": statistics.median(
            b - a for a, b in zip(stored, last, strict=True)
        ),
        "event µs": cpu * 1e6 / hall.delegates,
    }


async def voted(
    program: Path,
    hall: Hall,
    data: Path,
    window: int = 0,
    *,
    by_name: bool = False,
    stall: int = 0,
) -> Figures:
    """A vote on Motion 1 in which everybody votes, within `window` milliseconds, but `stall` who read nothing."""
    papers = data.with_suffix(".papers")
    async with serving(hall, data, by_name=by_name) as (server, chair):
        persons = delegates_in_order(server, hall.cookies)
        load = await seated(
            program, hall, server, rounds=1, trigger="", expect=r"vote-state=\"open",
            ballot='{"t":"ballot","n":1,"vote":%p,"id":"press-%u","paper":"%e"}',
            capture=r'data-vote=\"', ack='"ack"', reject='"refused"', ballot_file=papers,
            window_ms=window, tally='"turnout"', close="", final=r"data-result=\"", settle_ms=1000,
            linger_ms=300,
            timeout_s=90, stall=stall,
        )  # fmt: skip
        done = await chair.press("votes", motion=hall.motion)
        assert done.status_code == 303, done.text
        number, key = await announced_vote(server, sealed=not by_name)
        await asyncio.to_thread(seal_all, papers, key, epoch_of(server), number, persons)
        await wait_for_vote(server, {"open"}, 60)
        opened = float(str(server.rows("SELECT opens_at FROM vote WHERE id = ?", number)[0][0]))
        await everybody_voted(server, number, hall.delegates - stall)
        closed, pressed = await closed_and_declared(server, chair, number)
        told = await load.report()
        stored_at = await last_act(chair)
    (vote,) = told["rounds"]
    assert not vote["ack_missing"], vote
    assert not vote["ack_rejected"], vote
    last = vote["t0_unix_ms"] + vote["close_ms"] + vote["final_ms"]["max"]
    return {
        "open ms": vote["t0_unix_ms"] + vote["open_ms"]["max"] - opened,
        "ballots/s": vote["ballots_per_s"],
        "last ack ms": vote["t0_unix_ms"] + vote["last_ack_ms"] - opened,
        "ack p99 ms": vote["ack_ms"]["p99"],
        "turnout messages": vote["tally_msgs"],
        "result ms": last - pressed,
        "result after commit ms": last - stored_at,
        "closed to result ms": last - closed,
        "ballots CPU s": vote["ballots_server_cpu_s"],
    }


async def last_act(chair: Person) -> float:
    """When the last act was on the disk, in milliseconds of this machine's clock."""
    text = (await chair.http.get("/metrics")).text
    (line,) = (row for row in text.splitlines() if row.startswith(LAST_ACT))
    return float(line.removeprefix(LAST_ACT)) * 1000


def delegates_in_order(server: Server, cookies: Path) -> list[str]:
    """The pseudonym behind each cookie."""
    known = dict(server.rows("SELECT id_hash, person FROM session"))
    tokens = [line.partition("=")[2] for line in cookies.read_text().split()]
    return [str(known[hashlib.sha256(token.encode()).hexdigest()]) for token in tokens]


def epoch_of(server: Server) -> str:
    return str(server.rows("SELECT value FROM meta WHERE key = 'epoch'")[0][0])


async def announced_vote(server: Server, *, sealed: bool) -> tuple[int, str]:
    """The announced vote and its key, as soon as it has one; by name it has none."""
    while True:
        found = server.rows("SELECT id, key, by_name FROM vote ORDER BY id DESC LIMIT 1")
        if found and (found[0][1] or (found[0][2] and not sealed)):
            return int(str(found[0][0])), str(found[0][1] or "")
        await asyncio.sleep(0.05)


def seal_all(target: Path, key: str, epoch: str, vote: int, persons: list[str]) -> None:
    """An envelope for each delegate, without a key a choice; the file is there when it is whole."""
    public = base64.urlsafe_b64decode(key + "=")
    choices = list(Choice)
    lines = (
        [choices[n % 3].value for n in range(len(persons))]
        if not key
        else [
            envelope.write(
                envelope.seal(
                    public, envelope.Context(epoch, VoteId(vote), PersonId(who)), choices[n % 3]
                )
            )
            for n, who in enumerate(persons)
        ]
    )
    beside = target.with_suffix(".part")
    beside.write_text("\n".join(lines) + "\n")
    beside.replace(target)


async def everybody_voted(server: Server, number: int, delegates: int) -> None:
    for _ in range(600):
        stored = server.rows("SELECT count(*) FROM ballot WHERE vote = ?", number)[0][0]
        if stored == delegates:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{stored} of {delegates} ballots are stored")


async def closed_and_declared(server: Server, chair: Person, number: int) -> tuple[float, float]:
    """The chair closes and declares; when the vote closed, and when *Declare* was pressed."""
    await asyncio.sleep(2.5)  # the generator has settled
    done = await chair.press(f"votes/{number}/closure")
    assert done.status_code == 303, done.text
    await wait_for_vote(server, {"closed", "counted"}, 60)
    closed = time.time() * 1000
    await wait_for_vote(server, {"counted"}, 60)
    step = await chair.step()
    pressed = time.time() * 1000
    done = await chair.post(f"/chair/votes/{number}/declaration", step=step)
    assert done.status_code == 303, done.text
    return closed, pressed


# --- the table -----------------------------------------------------------------------------------

ROWS = (
    # what, our figure, reference, must, aim; a reference of None: the figure itself is judged.
    ("vote opens: last screen", "open ms", "naive", "open ms", 0.75, 0.65),
    (
        "300-byte event: from the press to the last client",
        "event ms",
        "naive",
        "event ms",
        0.60,
        0.50,
    ),
    (
        "300-byte event: from the press to the last client",
        "event ms",
        "broadcast",
        "event ms",
        0.80,
        None,
    ),
    ("the same from the commit", "event after commit ms", "naive", "event ms", 0.60, 0.50),
    ("the same from the commit", "event after commit ms", "broadcast", "event ms", 0.80, None),
    ("all at once: durable ballots/s", "ballots/s", "broadcast", "ballots/s", -2.0, -2.5),
    ("all at once: last acknowledgement", "last ack ms", "broadcast", "last ack ms", 0.45, 0.35),
    ("spread over 5 s: ack p99, ms", "spread ack p99 ms", None, None, 20, 8),
    ("declared: from the press to the last client", "result ms", "naive", "result ms", 0.70, 0.55),
    ("the same from the commit", "result after commit ms", "naive", "result ms", 0.70, 0.55),
    ("memory a connected delegate, bytes", "bytes a connection", None, None, 4096, 2560),
    ("reconnects/s, signed in", "connects/s", "naive", "connects/s", -3.0, -4.5),
    ("server CPU for all votes at once, s", "ballots CPU s", None, None, 0.6, 0.4),
    ("a sealed ballot beside a plain one, CPU", "sealed beside plain", None, None, 1.10, None),
)
"""A negative bound is a least."""


def span(values: list[float]) -> str:
    middle = statistics.median(values)
    digits = 0 if abs(middle) >= 100 else 2
    return f"{middle:,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def table(found: dict[str, dict[str, list[float]]], delegates: int) -> list[str]:
    """The table of the issue as Markdown, then every figure."""
    lines = [
        f"N = {delegates:,}; medians (least–most); (a) naive, (b) broadcast.",
        "",
        "| quantity | ours | reference | ratio | must | aim |",
        "|---|---|---|---|---|---|",
    ]
    for what, mine, other, theirs, must, aim in ROWS:
        our = found["ours"][mine]
        if other is None:
            value, shown, ratio = statistics.median(our), "–", "–"
        else:
            value = statistics.median(our) / statistics.median(found[other][str(theirs)])
            letter = "a" if other == "naive" else "b"
            shown, ratio = f"({letter}) {span(found[other][str(theirs)])}", f"{value:.2f}"
        lines.append(
            f"| {what} | {span(our)} | {shown} | {ratio} | {bound(value, must)} | {bound(value, aim)} |"
        )
    lines += ["", "| figure | ours | (a) | (b) |", "|---|---|---|---|"]
    for name in sorted({name for figures in found.values() for name in figures}):
        cells = [span(found[who][name]) if found[who].get(name) else "–"
                 for who in ("ours", "naive", "broadcast")]  # fmt: skip
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def bound(value: float, limit: float | None) -> str:
    if limit is None:
        return "–"
    met = value >= -limit if limit < 0 else value <= limit
    sign = "≥" if limit < 0 else "≤"
    return f"{sign} {abs(limit):g}: {'met' if met else 'NOT met'}"


if __name__ == "__main__":
    sys.exit(main())
