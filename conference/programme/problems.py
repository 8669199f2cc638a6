"""What is wrong with a conference file, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conference.programme.lines import Path, line_of

Found = Iterator[tuple[Path, str]]
"""What a check finds: the key path, and a sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    file: str
    path: str
    """The key path, such as `items[3].minutes`, counted from 0; empty for the file as a whole."""
    sentence: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return (
            f"{where}: {self.path}: {self.sentence}" if self.path else f"{where}: {self.sentence}"
        )


class ProblemsError(Exception):
    """Something was refused, for every reason that could be found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class ProgrammeError(ProblemsError):
    """The file cannot be used; nothing was loaded."""


class MergeRefused(ProblemsError):  # noqa: N818 - a refusal is an answer, and named as one
    """The file would touch what has already been called, decided or ended."""


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a programme was read from, as far as messages need it."""

    name: str
    lines: dict[Path, int]

    def problem(self, path: Path, sentence: str) -> Problem:
        """Say what is wrong at `path`, with its line if it is known."""
        return Problem(self.name, dotted(path), sentence, line_of(path, self.lines))

    def problems(self, found: Found) -> list[Problem]:
        """Turn what checks found into problems: the first per path, in the order of the file."""
        first: dict[Path, str] = {}
        for path, sentence in found:
            first.setdefault(path, sentence)
        problems = [self.problem(path, sentence) for path, sentence in first.items()]
        return sorted(problems, key=lambda problem: problem.line or 0)


def dotted(path: Path) -> str:
    """Write a key path as people read it: `items[3].slots[0].minutes`."""
    words = ""
    for step in path:
        if isinstance(step, int):
            words += f"[{step}]"
        else:
            words += f".{step}" if words else step
    return words
