"""A few facts about the database itself: its epoch, its salt, when it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from conference.store import schema

if TYPE_CHECKING:
    from conference.store.transaction import Reader, Tx

EPOCH = "epoch"
SALT = "salt"
CREATED_AT = "created_at"
BALLOTS_GONE = "ballots_gone"
"""Set when the ballots were deleted at their time: nothing can be recounted from then on."""
RESTORED_AT = "restored_at"
"""Set by `restore`; absent in a database that was never restored."""


async def get(reader: Reader, key: str) -> str | None:
    """The value of `key`, or None."""
    wanted = select(schema.meta.c.value).where(schema.meta.c.key == key)
    value: str | None = (await reader.conn.execute(wanted)).scalar()
    return value


async def put(tx: Tx, key: str, value: str) -> None:
    """`key` has `value` from here on."""
    made = insert(schema.meta).values(key=key, value=value)
    made = made.on_conflict_do_update(index_elements=["key"], set_={"value": value})
    await tx.conn.execute(made)


async def drop(tx: Tx, key: str) -> None:
    """`key` has no value from here on."""
    await tx.conn.execute(schema.meta.delete().where(schema.meta.c.key == key))
