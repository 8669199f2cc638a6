"""The long proofs of *nothing lost*, with the code that the suite runs in short.

    .venv/bin/python benchmarks/nothing_lost.py [words of a proof's name]
        [--share N | --count N] [--first N] [--seed N] [--jobs N] [--keep FOLDER]

*power cuts*: 1,000 moments of ten recorded runs, of which a power cut leaves what was synced and
any part of the rest. *kills*: the server is killed 1,000 times while people vote. *submissions*:
100,000 doubled and repeated presses. *races*: 10,000 presses against the close. *machine*: each way
in which a machine can fail, in the middle of a vote. *flips*: 500 copies with changed bytes.
*backups*: 200 under load. *simulation*: thousands of seeds. *phones*: a bad network. *resume*: 1,000 cut
lines, after which pages are as fresh ones.

`--share 10` does a tenth of each, `--count` so many trials, from part `--first` on: those before it were
done in another run. Each proof consists of parts, of which `--jobs` are done side by side. After each part
the proof's line in docs/reports/faults.md is written anew, with the time that its parts took: an ended run
leaves what it has found. With `--keep` finished parts are kept in that folder, and a run of the same program
and seed goes on where the last one ended. Exit code 1 when a proof fails.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import hashlib
import json
import logging
import multiprocessing
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.proofs import PROOFS, Found, Proof, Task, folder_name
from tests.faults.disk import compiler
from tests.live.serving import ROOT, Prepared, prepare

SEED = 20210227
REPORT = ROOT / "docs" / "reports" / "faults.md"
DURATION = 1800
"""Seconds of a vote that nobody closes: fifty kills take a while."""


def asked(words: list[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__.partition("\n")[0])
    parser.add_argument("words", nargs="*", help="words of a proof's or a fault's name")
    parser.add_argument("--share", type=int, default=1, metavar="N", help="an Nth of each proof")
    parser.add_argument("--count", type=int, metavar="N", help="so many trials of each proof")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the first part to do")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="parts side by side")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="finished parts, to go on from")
    parser.add_argument(
        "--hall", type=Path, metavar="FOLDER", help="where the crowd's hall is kept"
    )
    return parser.parse_args(words)


def run(wish: argparse.Namespace) -> int:
    """Run the proofs in whose names these words stand; how many failed."""
    wanted = [name for name in PROOFS if all(word in name for word in wish.words)]
    if not wanted:
        return 0
    if compiler() is None:
        print("nothing lost: FAILED: there is no C compiler, without which no disk can be cut off")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "prepared").mkdir()
        prepared = asyncio.run(prepare(Path(folder) / "prepared", duration=DURATION))
        return sum(not _one(name, prepared, Path(folder), wish) for name in wanted)


def _one(name: str, prepared: Prepared, folder: Path, wish: argparse.Namespace) -> bool:
    """Do this proof part by part, and write its line after each."""
    proof, total = PROOFS[name], Found()
    trials = wish.count or max(1, proof.full // wish.share)
    tasks = []
    for before in range(0, trials, proof.each):
        number = wish.first + before // proof.each
        place = folder / f"{folder_name(name)}-{number}"
        place.mkdir()
        few = min(proof.each, trials - before)
        tasks.append(Task(prepared, place, number, wish.seed + number, few))
    well = True
    for done, found in enumerate(_parts(name, tasks, wish), 1):
        total.add(found)
        seconds = total.figures["seconds"]
        well = not total.findings and proof.well(total.figures)
        said = sentence(proof, total)
        note(name, well=well, said=said, seconds=seconds)
        print(
            f"{name}, {done} of {len(tasks)}: {'' if well else 'FAILED: '}{said} ({seconds:.0f} s)",
            flush=True,
        )
    return well


def _parts(name: str, tasks: list[Task], wish: argparse.Namespace) -> Iterator[Found]:
    """What each part came to, as they end; those that are kept come first."""
    kept = wish.keep / f"{folder_name(name)}-{_program()}" if wish.keep else None
    missing: list[tuple[Task, Path | None]] = []
    for task in tasks:
        file = kept / f"{task.seed}-{task.trials}.json" if kept else None
        if file and file.exists():
            yield Found(**json.loads(file.read_text()))
        else:
            missing.append((task, file))
    processes = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(wish.jobs, mp_context=processes) as pool:
        files = {pool.submit(part, name, task): file for task, file in missing}
        for future in as_completed(files):
            file, found = files[future], future.result()
            if file:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps(asdict(found)))
            yield found


def part(name: str, task: Task) -> Found:
    """Do one part; whatever stops it is a finding."""
    begun = time.monotonic()
    # The simulation's crashes leave a pool with connections that it cannot close: that is their point.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL + 1)
    try:
        found = asyncio.run(PROOFS[name].run(task))
    except Exception as error:  # noqa: BLE001  (the other parts are still worth having)
        found = Found([f"it stopped: {error!r}"], {"done": 0})
    found.figures["seconds"] = time.monotonic() - begun
    found.findings = [f"part {task.number}: {finding}" for finding in found.findings]
    return found


def sentence(proof: Proof, total: Found) -> str:
    """What was done and found, in one line."""
    done = total.figures["done"]
    count = f"{done:,.0f}" if done >= proof.full else f"{done:,.0f} of {proof.full:,}"
    try:
        more = f", {proof.say(total.figures)}"
    except KeyError:  # every part has stopped before it had figures
        more = ""
    said = f"{count} {proof.unit}{more}; {len(total.findings)} findings"
    return f"{said}: {'; '.join(total.findings[:3])}" if total.findings else said


def note(name: str, *, well: bool, said: str, seconds: float) -> None:
    """Put what was found into the report, in place of what was found before."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    on = f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}"
    verdict = "well" if well else "FAILED"
    short = name.partition(": ")[2]
    line = f"| {short} | {verdict} | {said.replace('|', '/')} | {seconds:.0f} s | {today}, {on} |"
    text = REPORT.read_text()
    row = re.compile(rf"^\| {re.escape(short)} \|.*$", re.MULTILINE)
    if not row.search(text):
        raise SystemExit(f"{REPORT} has no line for {short}")
    REPORT.write_text(row.sub(lambda _found: line, text))


def _program() -> str:
    """A hash of the program and of its proofs: parts of another are not this one's."""
    hashed = hashlib.sha256()
    for folder in ("conference", "tests/faults", "tests/live", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".c"}:
                hashed.update(path.read_bytes())
    return hashed.hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(1 if run(asked(sys.argv[1:])) else 0)
