"""Where the rows of a meeting stand in its file, and what they are called in sentences."""

from __future__ import annotations

from typing import Any, Final

from conference.programme.lines import Path
from conference.programme.schema import ConferenceFile
from conference.rules.planned import AgendaSession
from conference.rules.state import Amendment, Candidate, Election, Item, Motion, Slot, StandingOrder

TABLES: Final = (
    "standing_orders",
    "sessions",
    "items",
    "slots",
    "motions",
    "amendments",
    "elections",
    "candidates",
)
"""The tables of a meeting that a file fills, parents first."""


def places(file: ConferenceFile) -> dict[str, dict[int, Path]]:
    """Return the key path of every row, by table and id, in the order of the file."""
    found: dict[str, dict[int, Path]] = {name: {} for name in TABLES}
    for n, order in enumerate(file.standing_orders):
        found["standing_orders"][order.number] = ("standing_orders", n)
    for n in range(len(file.sessions)):
        found["sessions"][n + 1] = ("sessions", n)
    for n, item in enumerate(file.items):
        found["items"][item.id] = ("items", n)
        for k, slot in enumerate(item.slots):
            found["slots"][slot.id] = ("items", n, "slots", k)
    for n, motion in enumerate(file.motions):
        found["motions"][motion.id] = ("motions", n)
        for k, amendment in enumerate(motion.amendments):
            found["amendments"][amendment.id] = ("motions", n, "amendments", k)
    for n, election in enumerate(file.elections):
        found["elections"][election.item] = ("elections", n)
        for k, candidate in enumerate(election.candidates):
            found["candidates"][candidate.id] = ("elections", n, "candidates", k)
    return found


def called(row: Any) -> str:
    """Return what a row is called in a sentence."""
    match row:
        case StandingOrder():
            return f"standing order {row.id} “{row.title}”"
        case AgendaSession():
            return f"session {row.id} “{row.title}”"
        case Item():
            return f"item {row.number} “{row.title}”" if row.number else f"“{row.title}”"
        case Slot():
            return f"slot {row.id} of {row.name}"
        case Motion():
            return f"{row.label} “{row.title}”"
        case Amendment():
            return f"amendment {row.label}"
        case Election():
            return f"election “{row.post}”"
        case Candidate():
            return f"candidate “{row.name}”"
        case _:
            raise TypeError(row)
