"""The proofs of *nothing lost*: what each does, in parts that can be done one at a time.

A part is so many trials with a number of its own, from which its chance comes: part 7 is the same
whoever runs it and whenever. What it gives is counted together by `nothing_lost.py`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import (
    backups,
    damage,
    kills,
    machine,
    phones,
    powercut,
    resume,
    simulation,
    submissions,
)
from tests.faults.chaos import Line
from tests.live.serving import Prepared

Figures = dict[str, float]


@dataclass
class Found:
    """What came of a part, or of all of them."""

    findings: list[str] = field(default_factory=list)
    figures: Figures = field(default_factory=dict)

    def add(self, other: Found) -> None:
        """Figures are summed; of those called *slowest* the largest counts."""
        self.findings += other.findings
        for name, value in other.figures.items():
            mine = self.figures.get(name, 0)
            self.figures[name] = max(mine, value) if "slowest" in name else mine + value


@dataclass(frozen=True)
class Task:
    """One part: a folder of its own, its number, its chance, and how many trials."""

    prepared: Prepared
    folder: Path
    number: int
    seed: int
    trials: int


@dataclass(frozen=True)
class Proof:
    """`full` trials of this `unit` in all, `each` in a part."""

    unit: str
    full: int
    each: int
    run: Callable[[Task], Awaitable[Found]]
    say: Callable[[Figures], str]
    well: Callable[[Figures], bool] = lambda _figures: True


async def power_cuts(task: Task) -> Found:
    """One recorded run; the cuts are moments of it."""
    seconds = random.Random(task.seed).uniform(2, 8)
    run = await powercut.recorded(task.prepared, task.folder, task.seed, seconds)
    report = await powercut.cut(run, task.folder, task.seed, task.trials)
    figures = {"done": report.cuts, "acknowledged": report.acknowledged, "held": report.held}
    return Found(report.findings, figures)


async def killed(task: Task) -> Found:
    """One vote."""
    report = await kills.during_a_vote(task.prepared, task.folder / "vote", task.seed, task.trials)
    return Found(report.findings, {"done": report.kills, "acknowledged": report.acknowledged})


async def submitted(task: Task) -> Found:
    """One vote of two hundred people."""
    tried = await submissions.duplicates(task.folder / "data", task.seed, task.trials)
    return Found(tried.findings, {"done": tried.submissions, "presses": tried.presses})


async def races(task: Task) -> Found:
    """Votes of a hundred people."""
    tried = await submissions.races(task.folder / "data", task.seed, task.trials)
    return Found(tried.findings, {"done": tried.presses, "late": tried.refused})


async def machine_fails(task: Task) -> Found:
    """Every trouble once, each in a vote of its own; `trials` is how many of them."""
    found = Found(figures={"done": 0})
    for name, trouble in list(machine.TROUBLES.items())[: task.trials]:
        folder = task.folder / folder_name(name)
        folder.mkdir()
        try:
            async with machine.voting(task.prepared, folder, f"{task.seed} {name}") as scene:
                await trouble(scene)
        except Exception as error:  # noqa: BLE001  (whatever went wrong is the finding)
            found.findings.append(f"{name}: {error!r}")
        found.figures["done"] += 1
    return found


async def flips(task: Task) -> Found:
    """Copies of one recorded run."""
    run = await powercut.recorded(task.prepared, task.folder, task.seed, 3)
    disk = powercut.Disk(run.start)
    for record in run.records:
        disk.apply(record)
    disk.cut("dropped", random.Random(task.seed), task.folder / "sound")
    kinds = await damage.flips(task.folder / "sound", task.folder, task.seed, task.trials)
    wrong = kinds["silently wrong"]
    findings = [f"{wrong} copies are silently wrong"] if wrong else []
    return Found(findings, {"done": kinds.total(), **kinds})


async def rows(task: Task) -> Found:
    """Up to so many columns of every table that a result or the meeting is made of."""
    await submissions.counted(task.folder / "counted", task.seed)
    sound = [task.folder / "counted", task.prepared.data]
    done = damage.rows(sound, task.folder, task.seed, task.trials)
    findings = [f"{name} was not named" for name in done.unseen]
    return Found(findings, {"done": done.changed, "tables": len(done.tables)})


async def simulated(task: Task) -> Found:
    """Seeds one after the other; each that fails is named, and plays again in the same way."""
    first = task.number * PROOFS["nothing lost: simulation"].each
    seeds = range(first, first + task.trials)

    def played() -> list[simulation.Outcome]:
        with simulation.place() as folder:
            template = simulation.prepare(folder)
            return [simulation.world(template, folder, seed) for seed in seeds]

    outcomes = await asyncio.to_thread(played)
    findings = [f"seed {one.seed}: {one.findings[0]}" for one in outcomes if one.findings]
    crashes, presses = (sum(one.crashes for one in outcomes), sum(o.presses for o in outcomes))
    return Found(findings, {"done": len(outcomes), "crashes": crashes, "presses": presses})


async def bad_phones(task: Task) -> Found:
    """Votes of a minute with forty delegates; every other one with lines that are cut."""
    line = Line(cut_every=20.0 if task.number % 2 else 0.0)
    report = await phones.bad_network(task.prepared, task.folder, task.seed, line)
    return Found(
        report.findings,
        {
            "done": report.voters, "recorded": report.recorded, "cuts": report.cuts,
            "slowest": report.slowest,
        },
    )  # fmt: skip


async def resumed(task: Task) -> Found:
    """One meeting."""
    report = await resume.cut_at_random(task.prepared, task.folder, task.seed, task.trials)
    return Found(report.findings, {"done": report.cuts, "compared": report.compared})


async def backed_up(task: Task) -> Found:
    """Backups of one vote."""
    report = await backups.under_load(task.prepared, task.folder, task.seed, task.trials)
    return Found(report.findings, {"done": report.made, "acknowledged": report.acknowledged})


def folder_name(name: str) -> str:
    """Without spaces, at which the loader would cut the path of the recorder."""
    return (name.partition(": ")[2] or name).replace(" ", "-").replace("/", "")


def _flips_said(figures: Figures) -> str:
    kinds = {name: value for name, value in figures.items() if name not in {"done", "seconds"}}
    told = sorted(kinds.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{number:,.0f} {kind}" for kind, number in told)


PROOFS = {
    "nothing lost: submissions": Proof(
        "submissions", 100_000, 10_000, submitted,
        lambda f: f"of {f['presses']:,.0f} presses",
    ),
    "nothing lost: races": Proof(
        "races", 10_000, 1_000, races,
        lambda f: f"{f['late']:,.0f} came too late",
        lambda f: 0 < f["late"] < f["done"],
    ),
    "nothing lost: machine": Proof(
        "votes", 120, 12, machine_fails,
        lambda _f: f"each with one of {len(machine.TROUBLES)} troubles",
    ),
    "nothing lost: rows": Proof(
        "columns", 99, 99, rows,
        lambda f: f"of {f['tables']:,.0f} tables changed by hand, and named by `verify`",
    ),
    "nothing lost: flips": Proof("copies", 500, 100, flips, _flips_said),
    "nothing lost: backups": Proof(
        "backups", 200, 20, backed_up,
        lambda f: "each restored and verified, in votes with"
        f" {f['acknowledged']:,.0f} ballots acknowledged",
    ),
    "nothing lost: phones": Proof(
        "ballots", 1_000, 40, bad_phones,
        lambda f: f"{f['recorded']:,.0f} recorded within the minute, {f['cuts']:,.0f} lines cut,"
        f" the slowest answer after {f['slowest']:.1f} s",
        lambda f: f["recorded"] >= 0.999 * f["done"],
    ),
    "nothing lost: resume": Proof(
        "cuts", 1_000, 100, resumed,
        lambda f: f"{f['compared']:,.0f} times a page was compared with a fresh one",
    ),
    "nothing lost: kills": Proof(
        "kills", 1_000, 50, killed,
        lambda f: f"{f['acknowledged']:,.0f} ballots acknowledged",
    ),
    "nothing lost: power cuts": Proof(
        "power cuts", 1_000, 100, power_cuts,
        lambda f: f"{f['acknowledged']:,.0f} ballots acknowledged in the runs,"
        f" {f['held']:,.0f} times one had to be there",
    ),
    "nothing lost: simulation": Proof(
        "seeds", 2_000, 100, simulated,
        lambda f: f"{f['crashes']:,.0f} crashes, {f['presses']:,.0f} presses",
    ),
}  # fmt: skip
"""By name; `full` is what the issue asks for."""
