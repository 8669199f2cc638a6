"""Reading a conference file: text, TOML, shape, and whether it all fits together."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from conference.programme.checks import check
from conference.programme.lines import locate
from conference.programme.problems import Problem, ProgrammeError, Source
from conference.programme.schema import ConferenceFile
from conference.programme.shape import shape

_LARGEST = 5_000_000
_AT = re.compile(r"\s*\((?:at line (\d+), column \d+|at end of document)\)\Z")


@dataclass(frozen=True, slots=True)
class Programme:
    """A conference file that has been found right."""

    file: ConferenceFile
    source: Source


def read(path: FilePath) -> Programme:
    """Read and check the conference file at `path`.

    Raises `ProgrammeError` with every problem that can be found: first those of the writing, then
    those of single values, then those of values that do not fit together.
    """
    return parse(_text(path), str(path))


def parse(text: str, name: str) -> Programme:
    """Check the text of a conference file; `name` is what messages call it."""
    text = text.replace("\r\n", "\n")
    document = _toml(text, name)
    source = Source(name, locate(text))
    file, misfits = shape(document)
    if file is None:
        raise ProgrammeError(source.problems(iter(misfits)))
    if problems := source.problems(check(file)):
        raise ProgrammeError(problems)
    return Programme(file, source)


def _text(path: FilePath) -> str:
    name = str(path)
    try:
        with path.open("rb") as opened:
            data = opened.read(_LARGEST + 1)
    except (OSError, ValueError) as error:  # a name with a null character is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise ProgrammeError([Problem(name, "", f"the file cannot be read: {reason}")]) from None
    if len(data) > _LARGEST:
        raise ProgrammeError([Problem(name, "", "the file is larger than 5 megabytes")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProgrammeError([Problem(name, "", "expected a text in UTF-8", line)]) from None


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        problem = Problem(name, "", "lists or tables stand too deeply inside each other")
    except ValueError as error:  # TOMLDecodeError, and a number of too many digits
        message = str(error)
        at = _AT.search(message)
        line = None
        if at:
            message = message[: at.start()]
            line = int(at[1]) if at[1] else text.count("\n") + (not text.endswith("\n"))
        problem = Problem(name, "", f"this is not valid TOML: {message}", line)
    raise ProgrammeError([problem])
