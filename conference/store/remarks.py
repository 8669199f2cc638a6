"""What people wrote: rulings, reasons, corrections. Erasable; the journal holds only a salted hash."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select

from conference.store import schema
from conference.store.transaction import Reader, Tx


async def put(tx: Tx, text: str, now: int) -> str:
    """Keep this text and return its id: the hash of a random salt and the text."""
    salt = secrets.token_hex(16)
    number = hashlib.sha256((salt + text).encode()).hexdigest()[:32]
    await tx.conn.execute(schema.remark.insert().values(id=number, salt=salt, text=text, at=now))
    return number


async def texts(reader: Reader) -> dict[str, str]:
    """Return every text that has not been erased, by id."""
    wanted = select(schema.remark.c.id, schema.remark.c.text)
    return {row.id: row.text for row in await reader.conn.execute(wanted)}


async def erase(tx: Tx, number: str) -> None:
    """Forget this text. What refers to it stands, and says that it was erased."""
    await tx.conn.execute(schema.remark.delete().where(schema.remark.c.id == number))
