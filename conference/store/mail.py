"""The mail queue: nothing to be sent is lost, and nothing is sent twice by plan."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert

from conference.store import schema
from conference.store.transaction import Reader, Tx

QUEUED, SENT, FAILED, FILE = "queued", "sent", "failed", "file"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail and what became of it. `file`: it was written to a file for somebody to pass on."""

    id: int
    recipient: str
    subject: str
    text: str
    html: str
    created_at: int
    next_at: int
    tries: int
    state: str
    error: str
    sent_at: int | None


def _key(recipient: str) -> str:
    return recipient.strip().casefold()


async def queue(  # noqa: PLR0913  (what a mail is made of)
    tx: Tx,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    now: int,
    *,
    urgent: bool = False,
    after: int = 0,
    sent: bool = False,
) -> int:
    """The mail is to be sent from `after` milliseconds after `now` on; its number comes back.

    An urgent one goes before others. With `sent` it counts as done from the start and never goes.
    """
    values = {
        "recipient": recipient, "recipient_key": _key(recipient), "subject": subject,
        "text": text, "html": html, "created_at": now, "next_at": now + after, "tries": 0,
        "state": SENT if sent else QUEUED, "error": "", "sent_at": now if sent else None,
        "urgent": int(urgent),
    }  # fmt: skip
    made = insert(schema.mail).values(values).returning(schema.mail.c.id)
    return int((await tx.conn.execute(made)).scalar_one())


async def _found(reader: Reader, wanted: Any) -> list[Mail]:
    names = [part.name for part in fields(Mail)]
    found = await reader.conn.execute(wanted)
    return [Mail(**{name: row[name] for name in names}) for row in found.mappings()]


async def due(reader: Reader, now: int, limit: int) -> list[Mail]:
    """The mails to be sent now, at most `limit`: urgent ones first, then the longest waiting."""
    table = schema.mail
    wanted = select(table).where(table.c.state == QUEUED, table.c.next_at <= now)
    order = (table.c.urgent.desc(), table.c.next_at, table.c.id)
    return await _found(reader, wanted.order_by(*order).limit(limit))


async def next_due(reader: Reader) -> int | None:
    """When the next mail is to be sent, or None when none waits."""
    table = schema.mail.c
    wanted = select(func.min(table.next_at)).where(table.state == QUEUED)
    when: int | None = (await reader.conn.execute(wanted)).scalar()
    return when


async def mark_sent(tx: Tx, mail: int, now: int) -> None:
    """The mail has been taken by the mail server."""
    await _mark(tx, mail, state=SENT, sent_at=now, error="")


async def mark_filed(tx: Tx, mail: int, now: int) -> None:
    """The mail stands in a file: somebody passes it on, unless somebody has in the meantime."""
    await _mark(tx, mail, done=False, state=FILE, sent_at=now, error="")


async def mark_failed(tx: Tx, mail: int, now: int, next_at: int | None, error: str) -> None:
    """The mail is tried again at `next_at`; with None it is given up, at `now`.

    What somebody has passed on by hand in the meantime stays done.
    """
    state = FAILED if next_at is None else QUEUED
    tries = schema.mail.c.tries + 1
    at = now if next_at is None else next_at
    await _mark(tx, mail, done=False, state=state, error=error, tries=tries, next_at=at)


async def mark_again(tx: Tx, mail: int, now: int) -> None:
    """A mail that was given up is tried once more, from `now` on."""
    tries = schema.mail.c.tries + 1
    await _mark(tx, mail, done=False, state=QUEUED, error="", tries=tries, next_at=now)


async def _mark(tx: Tx, mail: int, *, done: bool = True, **values: Any) -> None:
    """Change the mail; with `done` false only while it is not done, by a server or by hand."""
    table = schema.mail.c
    wanted = update(schema.mail).where(table.id == mail).values(**values)
    await tx.conn.execute(wanted if done else wanted.where(table.state != SENT))


async def get(reader: Reader, mail: int) -> Mail | None:
    """The mail of this number, or None."""
    found = await _found(reader, select(schema.mail).where(schema.mail.c.id == mail))
    return found[0] if found else None


async def asked_for(reader: Reader, recipient: str, since: int) -> int:
    """How many mails that somebody waits for were queued to this address at `since` or later."""
    table = schema.mail.c
    where = (
        table.recipient_key == _key(recipient),
        table.created_at >= since,
        table.urgent == 1,
    )
    return int((await reader.conn.execute(select(func.count()).where(*where))).scalar_one())


async def waiting(reader: Reader) -> list[Mail]:
    """The mails that no mail server has taken: queued, failed, or in a file; newest first."""
    table = schema.mail
    wanted = select(table).where(table.c.state != SENT)
    return await _found(reader, wanted.order_by(table.c.id.desc()))


async def given_up(reader: Reader) -> int:
    """How many mails a mail server has refused for good, or nobody took in time."""
    table = schema.mail
    wanted = select(func.count()).select_from(table).where(table.c.state == FAILED)
    return int((await reader.conn.execute(wanted)).scalar() or 0)


async def unsent(reader: Reader) -> int:
    """How many mails have not left yet."""
    table = schema.mail
    wanted = select(func.count()).select_from(table).where(table.c.state == QUEUED)
    return int((await reader.conn.execute(wanted)).scalar() or 0)
