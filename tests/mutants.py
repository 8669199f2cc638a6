"""Faults put into a copy of the program, to see that the tests notice them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Mutant:
    """One fault: in this file, this text (which stands there once) becomes that."""

    file: str
    text: str
    becomes: str


_COMMIT = """            await desk.flush()
        news = News("""
_ANSWER = """            await desk.flush()
            for entry, answer in answers:
                if not entry.answer.done():
                    entry.answer.set_result(answer)
            await asyncio.sleep(0)
        news = News("""

MUTANTS = {
    "acknowledge before COMMIT": Mutant("conference/hall.py", _COMMIT, _ANSWER),
    "close without looking at the clock first": Mutant(
        "conference/hall.py",
        "            await desk.take_due()\n            for run in _runs(batch):",
        "            for run in _runs(batch):",
    ),
    "a failed commit keeps the new picture": Mutant(
        "conference/hall.py",
        "            await desk.flush()\n        news = News(",
        "            await desk.flush()\n            self.meeting = desk.meeting\n"
        "        news = News(",
    ),
    "work that raises keeps what it took": Mutant(
        "conference/hall.py",
        "        desk.back(mark)\n        return Refused(Trouble.INTERNAL)",
        "        return Refused(Trouble.INTERNAL)",
    ),
    "a returning page is greeted as if it were new": Mutant(
        "conference/web/live.py", "view.crowd if current else None", "None"
    ),
    "the same bytes go to a seat that does not read, for ever": Mutant(
        "conference/room.py", "if len(self._queue) >= QUEUE or", "if False and"
    ),
    "deadlines are not taken at the start": Mutant(
        "conference/hall.py", "        await self._process([])\n", "        pass\n"
    ),
    "a replaced id is stored again": Mutant(
        "conference/store/ballots.py",
        "if spent or id_ in self.spent:",
        "if False and (spent or id_ in self.spent):",
    ),
}


def mutated(mutant: Mutant, folder: Path) -> Path:
    """Return a copy of the tree in this folder, with the fault in it."""
    tree = folder / "tree"
    hidden = shutil.ignore_patterns("__pycache__", ".*", "vendor")
    for name in ("conference", "templates", "static", "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=hidden)
    for name in ("pyproject.toml", "run.py"):
        shutil.copy(ROOT / name, tree / name)
    file = tree / mutant.file
    text = file.read_text()
    if text.count(mutant.text) != 1:
        raise AssertionError(f"{mutant.file} has changed: the fault does not fit any more")
    file.write_text(text.replace(mutant.text, mutant.becomes))
    return tree


def fails_with(mutant: Mutant, folder: Path, *words: str) -> bool:
    """Whether these tests fail (and do not merely break) with this fault."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words],
        cwd=mutated(mutant, folder),
        text=True,
        capture_output=True,
        check=False,
        timeout=300,
    )
    if done.returncode not in {0, 1}:
        raise AssertionError(done.stdout + done.stderr)
    return done.returncode == 1
