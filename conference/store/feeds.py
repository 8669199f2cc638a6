"""Calendar addresses of speakers: which generation of each is alive."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert

from conference.rules.kinds import PersonId
from conference.store import schema
from conference.store.transaction import Reader, Tx


async def active(reader: Reader, person: PersonId) -> int | None:
    """Return the generation of the person's calendar address that is alive; None: there is none."""
    table = schema.calendar_feed
    wanted = select(table.c.generation).where(table.c.person == person, table.c.alive == 1)
    found: int | None = await reader.conn.scalar(wanted)
    return found


async def renew(tx: Tx, person: PersonId) -> None:
    """Begin a new generation: every address of an earlier one is dead."""
    table = schema.calendar_feed
    made = insert(table).values(person=person, generation=1, alive=1)
    await tx.conn.execute(
        made.on_conflict_do_update(
            index_elements=["person"], set_={"generation": table.c.generation + 1, "alive": 1}
        )
    )


async def end(tx: Tx, person: PersonId) -> None:
    """No address of this person's calendar is alive."""
    table = schema.calendar_feed
    await tx.conn.execute(update(table).where(table.c.person == person).values(alive=0))
