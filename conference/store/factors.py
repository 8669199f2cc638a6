"""Second factors: passkeys, an authenticator's secret, recovery codes, and being let in by officers.

A passkey's public key is no secret; an authenticator's is stored encrypted and codes as hashes, both
with keys that the database does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from conference.rules.kinds import PersonId
from conference.store import schema
from conference.store.transaction import Reader, Tx


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey; `id` and `public_key` as the browser gave them, in base64url."""

    id: str
    person: PersonId
    public_key: str
    sign_count: int
    label: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Totp:
    """An authenticator. Without `confirmed_at` it has been shown but never proved."""

    person: PersonId
    secret: str
    """Encrypted by the caller."""
    created_at: int
    confirmed_at: int | None = None
    last_step: int = 0
    """The newest step whose code was used: no code is taken twice."""


@dataclass(frozen=True, slots=True)
class Asking:
    """An officer without a second factor who asks two others to be let in on this browser."""

    person: PersonId
    browser: str
    number: str
    expires_at: int
    first: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up."""

    passkeys: tuple[Passkey, ...]
    totp: Totp | None
    recovery: int
    """How many recovery codes have not been used."""

    @property
    def ready(self) -> bool:
        """Whether there is a factor that could be shown."""
        return bool(self.passkeys) or (self.totp is not None and self.totp.confirmed_at is not None)


async def _found(reader: Reader, kind: type[Any], table: Any, *where: Any) -> list[Any]:
    names = [part.name for part in fields(kind)]
    rows = await reader.conn.execute(select(table).where(*where))
    return [kind(**{name: row[name] for name in names}) for row in rows.mappings()]


async def _count(tx: Tx, statement: Any) -> int:
    done: CursorResult[Any] = await tx.conn.execute(statement)
    return done.rowcount


async def of(reader: Reader, person: PersonId) -> Factors:
    """What this person has set up, the oldest passkey first."""
    keys = await _found(reader, Passkey, schema.passkey, schema.passkey.c.person == person)
    totp = await _found(reader, Totp, schema.totp, schema.totp.c.person == person)
    left = select(func.count()).where(
        schema.recovery.c.person == person, schema.recovery.c.used_at.is_(None)
    )
    return Factors(
        tuple(sorted(keys, key=lambda key: (key.created_at, key.id))),
        totp[0] if totp else None,
        int((await reader.conn.execute(left)).scalar_one()),
    )


async def forget(tx: Tx, person: PersonId) -> None:
    """This person has no second factor any more, and shows none."""
    for table in (schema.passkey, schema.totp, schema.recovery, schema.let_in):
        await tx.conn.execute(delete(table).where(table.c.person == person))


# --- passkeys ------------------------------------------------------------------------------------


async def add_passkey(tx: Tx, key: Passkey) -> bool:
    """Whether the passkey is stored; not one that is known already."""
    made = insert(schema.passkey).values(**asdict(key)).on_conflict_do_nothing()
    return await _count(tx, made) == 1


async def passkey(reader: Reader, number: str) -> Passkey | None:
    """The passkey with this id, or None."""
    found = await _found(reader, Passkey, schema.passkey, schema.passkey.c.id == number)
    return found[0] if found else None


async def passkey_used(tx: Tx, number: str, sign_count: int) -> None:
    """The passkey has counted this far: a copy of it would count from before."""
    table = schema.passkey
    wanted = update(table).where(table.c.id == number)
    await tx.conn.execute(wanted.values(sign_count=sign_count))


async def remove_passkey(tx: Tx, person: PersonId, number: str) -> None:
    """This passkey of theirs is gone."""
    table = schema.passkey
    mine = (table.c.person == person, table.c.id == number)
    await tx.conn.execute(delete(table).where(*mine))


# --- an authenticator ------------------------------------------------------------------------------


async def begin_totp(tx: Tx, totp: Totp) -> None:
    """This is the person's new secret, to be proved, unless they have proved one already."""
    table = schema.totp
    unproved = (table.c.person == totp.person, table.c.confirmed_at.is_(None))
    await tx.conn.execute(delete(table).where(*unproved))
    await tx.conn.execute(insert(table).values(**asdict(totp)).on_conflict_do_nothing())


async def use_step(tx: Tx, person: PersonId, step: int, now: int) -> bool:
    """Whether this step's code may be used: only later ones than the last. It is proved by it."""
    table = schema.totp
    wanted = update(table).where(table.c.person == person, table.c.last_step < step)
    confirmed = func.coalesce(table.c.confirmed_at, now)
    return await _count(tx, wanted.values(last_step=step, confirmed_at=confirmed)) == 1


async def remove_totp(tx: Tx, person: PersonId) -> None:
    """The authenticator is gone."""
    await tx.conn.execute(delete(schema.totp).where(schema.totp.c.person == person))


# --- recovery codes --------------------------------------------------------------------------------


async def new_recovery(tx: Tx, person: PersonId, hashes: Iterable[str]) -> None:
    """These are the person's recovery codes; older ones are gone."""
    table = schema.recovery
    await tx.conn.execute(delete(table).where(table.c.person == person))
    values = [{"code_hash": h, "person": person, "used_at": None} for h in hashes]
    await tx.conn.execute(insert(table), values)


async def use_recovery(tx: Tx, person: PersonId, code_hash: str, now: int) -> bool:
    """Whether this recovery code was theirs and unused; it is used afterwards."""
    table = schema.recovery
    wanted = update(table).where(
        table.c.code_hash == code_hash, table.c.person == person, table.c.used_at.is_(None)
    )
    return await _count(tx, wanted.values(used_at=now)) == 1


# --- let in by two officers --------------------------------------------------------------------------


async def ask(tx: Tx, asking: Asking) -> None:
    """The officer asks to be let in; an older question of theirs is gone."""
    table = schema.let_in
    await tx.conn.execute(delete(table).where(table.c.person == asking.person))
    await tx.conn.execute(insert(table).values(**asdict(asking)))


async def asking(reader: Reader, now: int) -> list[Asking]:
    """Who asks to be let in now."""
    return await _found(reader, Asking, schema.let_in, schema.let_in.c.expires_at > now)


async def vouch(tx: Tx, person: PersonId, first: PersonId) -> None:
    """The first of two officers has vouched for this one."""
    table = schema.let_in
    await tx.conn.execute(update(table).where(table.c.person == person).values(first=first))


async def let_in(tx: Tx, asked: Asking, now: int) -> None:
    """On the browser that asked, a second factor counts as shown; the question is answered."""
    table = schema.session
    theirs = (table.c.person == asked.person, table.c.browser == asked.browser)
    await tx.conn.execute(update(table).where(*theirs).values(proved_at=now))
    await tx.conn.execute(delete(schema.let_in).where(schema.let_in.c.person == asked.person))
