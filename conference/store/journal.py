"""The journal: one line per act, chained by hashes, and its replay through the rules.

A line holds the act as it was handed in. A *picture* line holds all rows of the meeting instead:
a replay starts at the newest picture that this version of the rules wrote. Names, addresses and
ballots never stand here.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from conference import rules
from conference.rules.acts import Act
from conference.rules.kinds import PersonId
from conference.rules.state import Meeting
from conference.store import rows, schema
from conference.store.errors import ReplayError

if TYPE_CHECKING:
    from conference.store.transaction import Reader

ACTS: dict[str, type[Any]] = {kind.__name__: kind for kind in typing.get_args(Act)}
"""Every act by the name it has in the journal."""

_FIELDS = {kind: {part.name for part in fields(kind)} for kind in ACTS.values()}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `body` is canonical JSON; `previous` is the hash of the line before, or empty."""

    number: int
    at: int
    who: PersonId
    kind: str
    rules_version: int
    body: str
    previous: str
    hash: str

    def to_row(self) -> rows.Row:
        """The line as a row of its table."""
        return asdict(self)

    def reckoned(self) -> str:
        """The hash that this line should have."""
        return rows.digest(
            [
                self.number,
                self.at,
                self.who,
                self.kind,
                self.rules_version,
                self.body,
                self.previous,
            ]
        )


def rules_version() -> int:
    """The version of the rules that this program applies."""
    return rules.RULES_VERSION


def make_line(
    number: int, at: int, who: PersonId, kind: str, body: Mapping[str, Any], previous: str
) -> Line:
    """The line that comes after the one with the hash `previous`."""
    bare = Line(number, at, who, kind, rules_version(), rows.canonical(body), previous, "")
    return replace(bare, hash=bare.reckoned())


def encode_act(act: Act) -> dict[str, Any]:
    """The act as plain values: `t` is its name, the rest are its fields."""
    return {"t": type(act).__name__, **msgspec.to_builtins(act, order="deterministic")}


def decode_act(body: Mapping[str, Any]) -> Act:
    """The act that `encode_act` made `body` of. Raises ValueError when it is not one."""
    kind = ACTS.get(body.get("t", ""))
    if kind is None:
        raise ValueError(f"unknown act {body.get('t')!r}")
    found = {name: value for name, value in body.items() if name != "t"}
    if found.keys() != _FIELDS[kind]:
        raise ValueError(f"{kind.__name__} does not have the fields {sorted(found)}")
    try:
        act: Act = msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error
    return act


def picture_body(meeting: Meeting, why: str) -> dict[str, Any]:
    """What a picture line holds: why it was made, all rows, and their sha256."""
    held = rows.snapshot(meeting)
    return {"t": "picture", "why": why, "rows": held, "sha256": rows.digest(held)}


async def lines(reader: Reader, after: int = 0) -> list[Line]:
    """The lines whose number is greater than `after`, in order."""
    table = schema.journal
    wanted = select(table).where(table.c.number > after).order_by(table.c.number)
    return [Line(**row) for row in (await reader.conn.execute(wanted)).mappings()]


async def last_version(reader: Reader) -> int | None:
    """The version of the rules that the newest line was written under; None without a line."""
    newest = select(schema.journal.c.rules_version).order_by(schema.journal.c.number.desc())
    found: int | None = await reader.conn.scalar(newest.limit(1))
    return found


def check_chain(found: Iterable[Line]) -> list[str]:
    """What is wrong with the numbers and hashes of a whole journal; empty when it is well."""
    problems: list[str] = []
    number, previous = 0, ""
    for line in found:
        if line.number != number + 1:
            problems.append(f"journal: line {number + 1} is missing, line {line.number} follows")
        elif line.previous != previous:
            problems.append(f"journal line {line.number}: does not follow the line before it")
        if line.hash != line.reckoned():
            problems.append(f"journal line {line.number}: its content does not match its hash")
        number, previous = line.number, line.hash
    return problems


def _start(found: list[Line]) -> tuple[int, Meeting]:
    """Where a replay starts: the place of the newest picture of our version, and what it shows."""
    version = rules_version()
    for place in range(len(found) - 1, -1, -1):
        line = found[place]
        if line.kind == "picture" and line.rules_version == version:
            return place, _picture(line)
    raise ReplayError(0, f"no picture was made by version {version} of the rules")


def _picture(line: Line) -> Meeting:
    body = json.loads(line.body)
    try:
        if rows.digest(body["rows"]) != body["sha256"]:
            raise ReplayError(line.number, "the picture does not match its own hash")
        return rows.meeting_from(body["rows"])
    except (KeyError, TypeError, ValueError) as error:
        raise ReplayError(line.number, f"the picture cannot be read: {error!r}") from error


def replay(found: list[Line]) -> Meeting:
    """The meeting that the journal leads to. Raises ReplayError naming the line that does not fit."""
    place, meeting = _start(found)
    for line in found[place + 1 :]:
        meeting = _replay_line(meeting, line)
    return meeting


def _replay_line(meeting: Meeting, line: Line) -> Meeting:
    if line.rules_version != rules_version():
        raise ReplayError(line.number, f"written by version {line.rules_version} of the rules")
    try:
        act = decode_act(json.loads(line.body))
    except (AttributeError, ValueError) as error:
        raise ReplayError(line.number, str(error)) from error
    outcome = rules.take(meeting, act, line.who, line.at)
    if not isinstance(outcome, Meeting):
        raise ReplayError(line.number, f"{type(act).__name__} is refused: {outcome!r}")
    return outcome
