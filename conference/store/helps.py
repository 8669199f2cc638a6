"""The stewards' help list: who asked for help with what, and whether they have had it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update

from conference.rules.kinds import PersonId
from conference.store import schema
from conference.store.transaction import Reader, Tx


@dataclass(frozen=True, slots=True)
class HelpCall:
    """One call for help. `reach` is how the caller says that they can be reached; may be empty."""

    id: int
    at: int
    person: PersonId
    problem: str
    reach: str


async def waiting(reader: Reader) -> dict[int, HelpCall]:
    """Return the calls that nobody has settled yet, the oldest first."""
    table = schema.help_call
    wanted = select(table).where(table.c.settled_at.is_(None)).order_by(table.c.id)
    found = await reader.conn.execute(wanted)
    return {
        row.id: HelpCall(row.id, row.at, PersonId(row.person), row.problem, row.reach)
        for row in found
    }


async def add(tx: Tx, at: int, person: PersonId, problem: str, reach: str) -> HelpCall:
    """Keep one call more; an earlier one of the same person that still waits is settled by it."""
    table = schema.help_call
    mine = (table.c.person == person, table.c.settled_at.is_(None))
    await tx.conn.execute(update(table).where(*mine).values(settled_at=at))
    last = (await tx.conn.execute(select(func.max(table.c.id)))).scalar() or 0
    call = HelpCall(last + 1, at, person, problem, reach)
    values = {"id": call.id, "at": at, "person": person, "problem": problem, "reach": reach}
    await tx.conn.execute(table.insert().values(values))
    return call


async def settle(tx: Tx, number: int, at: int) -> None:
    """Somebody has been helped."""
    table = schema.help_call
    await tx.conn.execute(update(table).where(table.c.id == number).values(settled_at=at))


async def clear(tx: Tx) -> None:
    """Forget all calls."""
    await tx.conn.execute(schema.help_call.delete())
