"""The long proofs of secret ballots, with the code that the suite runs in short.

    .venv/bin/python benchmarks/secrecy.py [words of a proof's name]

*bundles*: 10,000 spoiled bundles are noticed, 1,000 honest ones accepted. *traffic*: 10,000 ballots
cannot be told apart on the line. *attacker*: every byte after 200 votes links nobody, and on a
program with two tables without a link nearly everybody. Takes about a quarter of an hour, most of it
waiting for votes to open and close. Exit code 1 when one of them fails.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.forensics import spoiled
from tests.forensics.attacker import Report, attack
from tests.forensics.scene import MEMORY, next_open, play, sitting
from tests.forensics.traffic import listen, p_value
from tests.live.serving import ROOT
from tests.sealing.bundles import try_honest, try_mutations

SEED = 20210227
VOTERS = 20
SITTINGS, VOTES = 4, 50
ENOUGH = 0.95
"""What share the attacker must link where there is no secrecy, to be worth anything."""


def bundles(folder: Path) -> tuple[bool, str]:
    """Mutations of board, bundle and chain; honest bundles."""
    tried = try_mutations(10_400, SEED, folder)
    number = sum(one for one, _ in tried.values())
    noticed = sum(one for _, one in tried.values())
    accepted = try_honest(1_000, SEED, folder)
    well = number >= 10_000 and noticed == number and accepted == 1_000
    ways = len(tried)
    return well, f"{noticed:,} of {number:,} noticed ({ways} ways); {accepted:,} of 1,000 accepted"


def traffic(folder: Path) -> tuple[bool, str]:
    """Sizes and times of 10,000 ballots, and a permutation test."""

    async def listened() -> list:
        async with sitting(1, VOTERS, folder) as (server, chair, seats):
            return await listen(seats, await next_open(server, chair), 10_000, SEED)

    seen = asyncio.run(listened())
    sizes = {(s.features[0], s.features[1], s.features[3]) for s in seen}
    reached, p = p_value(seen, SEED, 2_000)
    said = f"{len(seen):,} ballots, {len(sizes)} size; right {reached:.1%}, p = {p:.3f}"
    return len(sizes) == 1 and p > 0.001, said


async def _sittings(folder: Path, sittings: int, votes: int, tree: Path = ROOT) -> list[Report]:
    """Several at once, for they mostly wait; each is attacked by itself."""
    folders = [folder / f"sitting-{n}" for n in range(sittings)]
    for one in folders:
        one.mkdir()
    scenes = await asyncio.gather(
        *(play(votes, VOTERS, SEED + n, one, tree) for n, one in enumerate(folders))
    )
    left = sum(len(scene.loot.has(key)) for scene in scenes for key in scene.keys.values())
    print(f"  {sum(len(s.keys) for s in scenes)} private keys seen, {left} left anywhere")
    return [attack(scene.loot, scene.votes, scene.keys) for scene in scenes]


def _said(reports: list[Report]) -> str:
    linked, voters = sum(r.linked for r in reports), sum(r.voters for r in reports)
    working = {way.partition(" |")[0] for r in reports for way in r.working}
    ways = max(r.ways for r in reports)
    return (
        f"{linked:,} of {voters:,} ballots linked; {ways:,} ways tried, {len(working)} kinds work"
    )


def attacker(folder: Path) -> tuple[bool, str]:
    """The program as it is."""
    reports = asyncio.run(_sittings(folder, SITTINGS, VOTES))
    return all(not r.linked for r in reports), _said(reports)


def attacker_on_two_tables(folder: Path) -> tuple[bool, str]:
    """Who and what in two tables, no link."""
    tree = spoiled.two_tables(folder / "spoiled")
    reports = asyncio.run(_sittings(folder, 2, 10, tree))
    return all(r.share >= ENOUGH for r in reports), _said(reports)


def attacker_on_random_keys(folder: Path) -> tuple[bool, str]:
    """The same with keys of chance, and the write-ahead log not emptied."""
    tree = spoiled.random_keys(folder / "spoiled")
    reports = asyncio.run(_sittings(folder, 2, 10, tree))
    return all(r.share >= ENOUGH for r in reports), _said(reports)


def without_javascript(folder: Path) -> tuple[bool, str]:
    """Ballots that the server had to seal: nothing on disk; what its memory still says is told."""
    scene = asyncio.run(play(10, VOTERS, SEED, folder, clear=True))
    with_memory = attack(scene.loot, scene.votes, scene.keys)
    del scene.loot.files[MEMORY]
    on_disk = attack(scene.loot, scene.votes, scene.keys)
    said = f"on disk {_said([on_disk])}; with the memory of the running server {with_memory.linked}"
    return not on_disk.linked, said


PROOFS: dict[str, Callable[[Path], tuple[bool, str]]] = {
    "secrecy: bundles": bundles,
    "secrecy: traffic": traffic,
    "secrecy: attacker": attacker,
    "secrecy: without JavaScript": without_javascript,
    "secrecy: attacker on two tables": attacker_on_two_tables,
    "secrecy: attacker on random keys": attacker_on_random_keys,
}


def run(words: list[str]) -> int:
    """Run the proofs in whose names these words stand; how many failed."""
    failed = 0
    for name in (n for n in PROOFS if all(word in n for word in words)):
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            well, said = PROOFS[name](Path(folder))
        failed += not well
        verdict = "" if well else "FAILED: "
        print(f"{name}: {verdict}{said} ({time.monotonic() - begun:.0f} s)", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(1 if run(sys.argv[1:]) else 0)
