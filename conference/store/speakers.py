"""What speakers tell of themselves, their pictures, and who stands in reserve: all of it erasable."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert

from conference.rules.kinds import PersonId, SlotId
from conference.rules.reminding import Told
from conference.store import meta, schema
from conference.store.transaction import Reader, Tx

_REMINDING = "speaker_reminders"


@dataclass(frozen=True, slots=True)
class Details:
    """One speaker. Needs and telephone are for the stewards; the biography is for everybody.

    `published` is the speaker's consent to show biography and picture.
    """

    person: PersonId
    needs: str = ""
    phone: str = ""
    biography: str = ""
    published: bool = False


@dataclass(frozen=True, slots=True)
class Reserve:
    """Who is asked when a slot's speaker cannot make it."""

    slot: SlotId
    name: str
    email: str


async def everything(reader: Reader) -> dict[PersonId, Details]:
    """Return what every speaker has told."""
    found = await reader.conn.execute(select(schema.speaker))
    return {
        PersonId(row.person): Details(
            PersonId(row.person), row.needs, row.phone, row.biography, bool(row.published)
        )
        for row in found
    }


async def put(tx: Tx, details: Details) -> None:
    """Keep this in place of what the speaker told before."""
    values = {**asdict(details), "published": int(details.published)}
    made = insert(schema.speaker).values(values)
    rest = {name: value for name, value in values.items() if name != "person"}
    await tx.conn.execute(made.on_conflict_do_update(index_elements=["person"], set_=rest))


async def pictures(reader: Reader) -> set[PersonId]:
    """Return who has given a picture."""
    found = await reader.conn.execute(select(schema.picture.c.person))
    return {PersonId(person) for person in found.scalars()}


async def picture(reader: Reader, person: PersonId) -> bytes | None:
    """Return a speaker's picture, a JPEG that we made ourselves, or None."""
    wanted = select(schema.picture.c.content).where(schema.picture.c.person == person)
    return (await reader.conn.execute(wanted)).scalar()


async def put_picture(tx: Tx, person: PersonId, content: bytes, now: int) -> None:
    """Keep this picture in place of an earlier one."""
    await drop_picture(tx, person)
    values = {"person": person, "content": content, "at": now}
    await tx.conn.execute(insert(schema.picture).values(values))


async def drop_picture(tx: Tx, person: PersonId) -> None:
    """Forget the picture."""
    await tx.conn.execute(schema.picture.delete().where(schema.picture.c.person == person))


async def reserves(reader: Reader) -> dict[SlotId, Reserve]:
    """Return who stands in reserve, by slot."""
    found = await reader.conn.execute(select(schema.reserve))
    return {SlotId(row.slot): Reserve(SlotId(row.slot), row.name, row.email) for row in found}


async def put_reserve(tx: Tx, reserve: Reserve) -> None:
    """Keep this reserve in place of an earlier one; without a name there is none any more."""
    table = schema.reserve
    await tx.conn.execute(table.delete().where(table.c.slot == reserve.slot))
    if reserve.name:
        await tx.conn.execute(insert(table).values(asdict(reserve)))


@dataclass(frozen=True, slots=True)
class Reminding:
    """How the reminders to speakers stand: from which move in minutes on, and what each was told."""

    on: bool = True
    minutes: int = 15
    told: tuple[Told, ...] = ()


async def reminding(reader: Reader) -> Reminding:
    """Return how the reminders to speakers stand."""
    return msgspec.json.decode(await meta.get(reader, _REMINDING) or "{}", type=Reminding)


async def put_reminding(tx: Tx, wanted: Reminding) -> None:
    """Keep this from here on."""
    await meta.put(tx, _REMINDING, msgspec.json.encode(wanted).decode())


async def end_of_day(tx: Tx) -> None:
    """Forget what was for the day only: needs, telephone numbers, reserves."""
    await tx.conn.execute(update(schema.speaker).values(needs="", phone=""))
    await tx.conn.execute(schema.reserve.delete())
