"""Whether two samples of times could come from the same process, without a word about how long."""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import median


def p_value(one: Sequence[float], two: Sequence[float], rounds: int = 2000, seed: int = 7) -> float:
    """How often chance alone parts the medians as far as they are; small: they differ."""
    both, size = [*one, *two], len(one)
    seen = abs(median(one) - median(two))
    chance = random.Random(seed)
    as_far = 0
    for _ in range(rounds):
        chance.shuffle(both)
        as_far += abs(median(both[:size]) - median(both[size:])) >= seen
    return (as_far + 1) / (rounds + 1)
