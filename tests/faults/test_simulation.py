"""Hall, store and room in a seeded world: a few seeds here, `faults simulation` plays thousands.

A seed that fails is played again by `world(prepare(folder), folder, SEED)` with that number.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.simulation import place, prepare, world

SEEDS = range(12)


def test_no_seed_loses_or_doubles_a_ballot():
    with place() as folder:
        template = prepare(folder)
        outcomes = [world(template, folder, seed) for seed in SEEDS]
    assert [one for one in outcomes if one.findings] == []
    assert sum(one.crashes for one in outcomes) > 0
    assert sum(one.presses for one in outcomes) > 100
    assert sum(one.refused for one in outcomes) > 0


def test_a_seed_replays_to_the_letter(tmp_path: Path):
    template = prepare(tmp_path)
    first, second = ([world(template, tmp_path, seed) for seed in (1, 2, 3)] for _ in range(2))
    assert first == second
    assert len({one.trace for one in first}) == len(first)
