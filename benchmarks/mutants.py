"""Puts each fault of `tests/mutants.py` and `tests/stage_mutants.py` into a copy of the program and says who notices it.

    .venv/bin/python benchmarks/mutants.py [words of a fault's name] [options of `nothing_lost.py`]

For each the tests run that must notice it, or those of the clerk, the wire and the kills; that takes
some minutes. Then come the long proofs of *nothing lost* (`nothing_lost.py`), some hours, of which
`--share 10` does a tenth, storms of 10,000 clients (`storms.py`), and the proofs of secret ballots
(`secrecy.py`), a quarter of an hour. The word `rehearsal` alone runs `rehearsal.py` instead, with its own
options. Exit code 1 when a fault is noticed by nobody, or a proof fails.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import close_kills
import nothing_lost
import rehearsal
import secrecy
import storms

from tests.fault_mutants import (
    OF_LOSS,
    OF_PROOFS,
    OF_REHEARSAL,
    OF_STORMS,
    OF_THE_DOOR,
    OF_THE_ENTRANCE,
    OF_THE_MACHINE,
)
from tests.mutants import (
    MUTANTS,
    OF_AGENDA,
    OF_PRIVACY,
    OF_PROCEDURE,
    OF_SEALING,
    OF_SIGNING_IN,
    fails_with,
)
from tests.stage_mutants import OF_THE_STAGE

TESTS = [
    ["tests/hall", "-x", "-k", "not noticed"],
    ["tests/live/test_wire.py", "-x"],
    ["tests/live/test_kill.py", "-x"],
]


EVERY = {
    **MUTANTS,
    **OF_PROCEDURE,
    **OF_PRIVACY,
    **OF_SIGNING_IN,
    **OF_AGENDA,
    **OF_SEALING,
    **OF_THE_STAGE,
    **OF_LOSS,
    **OF_PROOFS,
    **OF_STORMS,
    **OF_THE_ENTRANCE,
    **OF_THE_MACHINE,
    **OF_REHEARSAL,
    **OF_THE_DOOR,
}


def noticed_by(name: str) -> str:
    mutant = EVERY[name]
    for words in [list(mutant.tests)] if mutant.tests else TESTS:
        with tempfile.TemporaryDirectory() as folder:
            if fails_with(mutant, Path(folder), *words):
                return words[0]
    return ""


def main() -> int:
    if sys.argv[1:2] == ["rehearsal"]:
        return rehearsal.main(sys.argv[2:])
    wish = nothing_lost.asked(sys.argv[1:])
    words = wish.words
    wanted = [name for name in EVERY if all(word in name for word in words)]
    missed = 0
    for name in wanted:
        started = time.monotonic()
        by = noticed_by(name)
        missed += not by
        print(f"{name}: {by or 'NOTICED BY NOBODY'} ({time.monotonic() - started:.0f} s)")
    if words in ([], ["close"]):
        missed += close_kills.run()
    missed += nothing_lost.run(wish)
    missed += storms.run(wish)
    return 1 if missed + secrecy.run(words) else 0


if __name__ == "__main__":
    sys.exit(main())
