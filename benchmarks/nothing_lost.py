"""The long proofs of *nothing lost*, with the code that the suite runs in short.

    .venv/bin/python benchmarks/nothing_lost.py [words of a proof's name] [--share N]

*power cuts*: 1,000 moments of ten recorded runs, of which a power cut leaves what was synced and
any part of the rest. *kills*: the server is killed 1,000 times while people vote. *submissions*:
100,000 doubled and repeated presses. *races*: 10,000 presses against the close. *machine*: each way
in which a machine can fail, in the middle of a vote. *flips*: 500 copies with changed bytes.
*backups*: 200 under load. *simulation*: thousands of seeds. *phones*: a bad network.

`--share 10` does a tenth of each. What was found is put into docs/reports/faults.md, a line for each
proof. Exit code 1 when one of them fails.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import platform
import random
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.faults import (
    backups,
    damage,
    kills,
    machine,
    phones,
    powercut,
    simulation,
    submissions,
)
from tests.faults.chaos import Line
from tests.faults.disk import compiler
from tests.live.serving import ROOT, Prepared, prepare

SEED = 20210227
REPORT = ROOT / "docs" / "reports" / "faults.md"
DURATION = 1800
"""Seconds of a vote that nobody closes: fifty kills take a while."""
Found = tuple[bool, str]


async def power_cuts(prepared: Prepared, folder: Path, share: int) -> Found:
    """Ten runs, a hundred cuts each."""
    total = powercut.Report()
    for number in range(10):
        one = folder / f"run-{number}"
        one.mkdir()
        seconds = random.Random(SEED + number).uniform(2, 8)
        run = await powercut.recorded(prepared, one, SEED + number, seconds)
        report = await powercut.cut(run, one, SEED + number, max(1, 100 // share))
        total.cuts += report.cuts
        total.acknowledged += report.acknowledged
        total.held += report.held
        total.findings += [f"run {number}: {finding}" for finding in report.findings]
    return not total.findings, _with(total.said, total.findings)


async def killed(prepared: Prepared, folder: Path, share: int) -> Found:
    """Twenty votes, fifty kills each."""
    said, findings, number, acknowledged = 0, [], 0, 0
    for number in range(20):
        report = await kills.during_a_vote(
            prepared, folder / f"vote-{number}", SEED + number, max(1, 50 // share)
        )
        said += report.kills
        acknowledged += report.acknowledged
        findings += [f"vote {number}: {finding}" for finding in report.findings]
        print(f"  {said:,} kills, {len(findings)} findings", flush=True)
    text = f"{said:,} kills, {acknowledged:,} ballots acknowledged; {len(findings)} findings"
    return not findings, _with(text, findings)


async def submitted(_prepared: Prepared, folder: Path, share: int) -> Found:
    tried = await submissions.duplicates(folder, SEED, 100_000 // share)
    text = (
        f"{tried.submissions:,} submissions of {tried.presses:,} presses; "
        f"{len(tried.findings)} findings"
    )
    return not tried.findings, _with(text, tried.findings)


async def races(_prepared: Prepared, folder: Path, share: int) -> Found:
    tried = await submissions.races(folder, SEED, 10_000 // share)
    text = (
        f"{tried.presses:,} races, {tried.refused:,} came too late; {len(tried.findings)} findings"
    )
    return not tried.findings and 0 < tried.refused < tried.presses, _with(text, tried.findings)


async def machine_fails(prepared: Prepared, folder: Path, share: int) -> Found:
    """Every trouble ten times."""
    findings, tried = [], 0
    for number in range(max(1, 10 // share)):
        for name, trouble in machine.TROUBLES.items():
            one = folder / _folder_name(f"{name} {number}")
            one.mkdir()
            tried += 1
            try:
                async with machine.voting(prepared, one, f"{SEED} {number}") as scene:
                    await trouble(scene)
            except Exception as error:  # noqa: BLE001  (whatever went wrong is the finding)
                findings.append(f"{name}, {number}: {error!r}")
    kinds = len(machine.TROUBLES)
    text = f"{tried} votes with one of {kinds} troubles; {len(findings)} findings"
    return not findings, _with(text, findings)


async def flips(prepared: Prepared, folder: Path, share: int) -> Found:
    """Half of them beside a log, half without one."""
    run = await powercut.recorded(prepared, folder, SEED, 3)
    disk = powercut.Disk(run.start)
    for record in run.records:
        disk.apply(record)
    disk.cut("dropped", random.Random(SEED), folder / "sound")
    kinds = await damage.flips(folder / "sound", folder, SEED, 500 // share)
    told = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    return not kinds["silently wrong"], f"{kinds.total()} copies: {told}"


async def rows(prepared: Prepared, folder: Path, share: int) -> Found:
    """Every column of every table that a result or the meeting is made of."""
    await submissions.counted(folder / "counted", SEED)
    done = damage.rows([folder / "counted", prepared.data], folder, SEED, 99 // share)
    text = (
        f"{done.changed} columns of {len(done.tables)} tables changed by hand, "
        f"{len(done.unseen)} not named by verify"
    )
    return not done.unseen, _with(text, done.unseen)


async def simulated(_prepared: Prepared, _folder: Path, share: int) -> Found:
    """Two thousand seeds; each that fails is named, and plays again in the same way."""
    seeds = range(2_000 // share)

    def played() -> list[simulation.Outcome]:
        with simulation.place() as folder:
            template = simulation.prepare(folder)
            return [simulation.world(template, folder, seed) for seed in seeds]

    outcomes = await asyncio.to_thread(played)
    findings = [f"seed {one.seed}: {one.findings[0]}" for one in outcomes if one.findings]
    text = (
        f"{len(seeds):,} seeds (0 to {len(seeds) - 1:,}), "
        f"{sum(one.crashes for one in outcomes):,} crashes, "
        f"{sum(one.presses for one in outcomes):,} presses; {len(findings)} findings"
    )
    return not findings, _with(text, findings)


async def bad_phones(prepared: Prepared, folder: Path, share: int) -> Found:
    """Twenty-five votes of a minute with forty delegates: a thousand ballots; with cuts and without."""
    voters, recorded, cuts, slowest, findings = 0, 0, 0, 0.0, []
    for number in range(max(2, 25 // share)):
        one = folder / f"vote-{number}"
        one.mkdir()
        line = Line(cut_every=20.0 if number % 2 else 0.0)
        report = await phones.bad_network(prepared, one, SEED + number, line)
        voters, recorded = voters + report.voters, recorded + report.recorded
        cuts, slowest = cuts + report.cuts, max(slowest, report.slowest)
        findings += [f"vote {number}: {finding}" for finding in report.findings]
    text = (
        f"{recorded:,} of {voters:,} ballots recorded within the minute, {cuts} lines cut, "
        f"the slowest answer after {slowest:.1f} s; {len(findings)} findings"
    )
    return not findings and recorded >= 0.999 * voters, _with(text, findings)


async def backed_up(prepared: Prepared, folder: Path, share: int) -> Found:
    report = await backups.under_load(prepared, folder, SEED, 200 // share)
    text = (
        f"{report.made} backups, each restored and verified, in a vote with "
        f"{report.acknowledged:,} ballots acknowledged; {len(report.findings)} findings"
    )
    return not report.findings, _with(text, report.findings)


PROOFS: dict[str, Callable[[Prepared, Path, int], Awaitable[Found]]] = {
    "nothing lost: power cuts": power_cuts,
    "nothing lost: submissions": submitted,
    "nothing lost: races": races,
    "nothing lost: flips": flips,
    "nothing lost: rows": rows,
    "nothing lost: backups": backed_up,
    "nothing lost: simulation": simulated,
    "nothing lost: phones": bad_phones,
    "nothing lost: machine": machine_fails,
    "nothing lost: kills": killed,
}


def _with(text: str, findings: list[str]) -> str:
    return text if not findings else f"{text}: {'; '.join(findings[:3])}"


def run(words: list[str], share: int = 1) -> int:
    """Run the proofs in whose names these words stand; how many failed."""
    wanted = [name for name in PROOFS if all(word in name for word in words)]
    if not wanted:
        return 0
    if compiler() is None:
        print("nothing lost: FAILED: there is no C compiler, without which no disk can be cut off")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "prepared").mkdir()
        prepared = asyncio.run(prepare(Path(folder) / "prepared", duration=DURATION))
        return sum(not _one(name, prepared, Path(folder), share) for name in wanted)


def _folder_name(name: str) -> str:
    """Without spaces, at which the loader would cut the path of the recorder."""
    return (name.partition(": ")[2] or name).replace(" ", "-").replace("/", "")


def _one(name: str, prepared: Prepared, folder: Path, share: int) -> bool:
    begun = time.monotonic()
    place = folder / _folder_name(name)
    place.mkdir()
    try:
        well, said = asyncio.run(PROOFS[name](prepared, place, share))
    except Exception as error:  # noqa: BLE001  (the other proofs are still worth having)
        well, said = False, repr(error)
    seconds = time.monotonic() - begun
    print(f"{name}: {'' if well else 'FAILED: '}{said} ({seconds:.0f} s)", flush=True)
    note(name, well=well, said=said, seconds=seconds)
    return well


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


def share_of(words: list[str]) -> tuple[list[str], int]:
    """The words without `--share N`, and N."""
    if "--share" not in words:
        return words, 1
    at = words.index("--share")
    return words[:at] + words[at + 2 :], int(words[at + 1])


if __name__ == "__main__":
    sys.exit(1 if run(*share_of(sys.argv[1:])) else 0)
