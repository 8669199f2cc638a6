"""Where an item is heard and spoken in: addresses that the organiser enters; beside the meeting."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from conference.rules.kinds import ItemId
from conference.store import schema
from conference.store.transaction import Reader, Tx

WHOLE = ItemId(0)
"""Stands for the whole conference: what holds for every item without addresses of its own."""


@dataclass(frozen=True, slots=True)
class Sound:
    """How one item is heard. `kind`: none, hall, audio, video, link or embed."""

    item: ItemId
    kind: str = "none"
    listen: str = ""
    speak: str = ""
    dial_in: str = ""
    steward: str = ""
    captions: str = ""
    signing: str = ""


async def everything(reader: Reader) -> dict[ItemId, Sound]:
    """Return what has been entered, by item."""
    names = [part.name for part in fields(Sound)]
    found = await reader.conn.execute(select(schema.sound))
    made = (Sound(**{name: row[name] for name in names}) for row in found.mappings())
    return {sound.item: sound for sound in made}


async def put(tx: Tx, sound: Sound) -> None:
    """Keep this in place of what was entered for the item; what says nothing is not kept."""
    table = schema.sound
    await tx.conn.execute(table.delete().where(table.c.item == sound.item))
    if sound != Sound(sound.item):
        await tx.conn.execute(insert(table).values(asdict(sound)))
