"""Lines that officers pass each other, and the chair's own notes: nobody else's, gone at the close."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert

from conference.rules.kinds import ItemId, PersonId
from conference.store import schema
from conference.store.transaction import Reader, Tx


@dataclass(frozen=True, slots=True)
class Note:
    """One line from one officer to the others."""

    id: int
    at: int
    person: PersonId
    text: str


async def add(tx: Tx, at: int, person: PersonId, text: str) -> Note:
    """Keep one line more."""
    table = schema.note
    last = (await tx.conn.execute(select(func.max(table.c.id)))).scalar() or 0
    note = Note(last + 1, at, person, text)
    await tx.conn.execute(table.insert().values(id=note.id, at=at, person=person, text=text))
    return note


async def everything(reader: Reader) -> tuple[list[Note], dict[ItemId, str]]:
    """Return all lines in their order, and the chair's own note for each item that has one."""
    found = await reader.conn.execute(select(schema.note).order_by(schema.note.c.id))
    lines = [Note(row.id, row.at, PersonId(row.person), row.text) for row in found]
    own = await reader.conn.execute(select(schema.item_note))
    return lines, {ItemId(row.item): row.text for row in own}


async def put_own(tx: Tx, item: ItemId, text: str) -> None:
    """Keep the chair's own note for this item, in place of the one before."""
    made = insert(schema.item_note).values(item=item, text=text)
    made = made.on_conflict_do_update(index_elements=["item"], set_={"text": text})
    await tx.conn.execute(made)


async def clear(tx: Tx) -> None:
    """Forget all of them."""
    for table in (schema.note, schema.item_note):
        await tx.conn.execute(table.delete())
