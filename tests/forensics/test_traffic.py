"""Neither size nor time of a ballot's traffic says what it is."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.forensics.loot import CHOICES
from tests.forensics.scene import next_open, sitting
from tests.forensics.traffic import Seen, listen, p_value

BALLOTS, SEED, SHUFFLES = 240, 20210227, 1001


async def test_ballots_cannot_be_told_apart_on_the_line(tmp_path):
    async with sitting(1, 10, tmp_path) as (server, chair, seats):
        seen = await listen(seats, await next_open(server, chair), BALLOTS, SEED)
    assert len({(s.features[0], s.features[1], s.features[3]) for s in seen}) == 1
    reached, p = p_value(seen, SEED, SHUFFLES)
    assert p > 0.001, reached


def noise(seed, number=BALLOTS):
    chance = random.Random(seed)
    for _ in range(number):
        took = chance.lognormvariate(-6, 0.5)
        yield Seen(chance.choice(CHOICES), (190.0, 30.0, took, 66.0))


def test_a_choice_in_the_clear_would_be_seen_by_its_length():
    seen = [replace(s, features=(124.0 + len(s.choice), *s.features[1:])) for s in noise(1)]
    reached, p = p_value(seen, SEED, SHUFFLES)
    assert reached > 0.5  # against and abstain have as many letters
    assert p < 0.001


def test_a_choice_that_takes_longer_would_be_seen():
    slower = {"against": 0.002}
    seen = [
        replace(s, features=(*s.features[:2], s.features[2] + slower.get(s.choice, 0), 66.0))
        for s in noise(2)
    ]
    assert p_value(seen, SEED, SHUFFLES)[1] < 0.001


def test_noise_is_noise():
    assert min(p_value(list(noise(seed)), SEED, 300)[1] for seed in range(3, 6)) > 0.01
