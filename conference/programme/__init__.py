"""Conference files: one readable TOML file in, the rows of a meeting out.

`read` checks a file and names everything that is wrong with it; `build`, `people` and `public`
make of it a fresh meeting, its people and its public page; `merge` loads it over a meeting that
already has people.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from conference.programme.build import ProgrammePerson, build, people
from conference.programme.merge import Change, Kind, Merge, merge
from conference.programme.parse import Programme, parse, read
from conference.programme.problems import MergeRefused, Problem, ProgrammeError
from conference.programme.public import (
    Public,
    PublicOrganiser,
    PublicPassage,
    PublicRegistration,
    public,
)

LAUNCH: Final = Path(__file__).parent.parent / "data" / "launch.toml"
"""The built-in demonstration: the launch conference."""

__all__ = [
    "LAUNCH",
    "Change",
    "Kind",
    "Merge",
    "MergeRefused",
    "Problem",
    "Programme",
    "ProgrammeError",
    "ProgrammePerson",
    "Public",
    "PublicOrganiser",
    "PublicPassage",
    "PublicRegistration",
    "build",
    "merge",
    "parse",
    "people",
    "public",
    "read",
]
