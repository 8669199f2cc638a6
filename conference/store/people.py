"""Names, addresses and what people use to sign in: erasable, never in the meeting or the journal.

Secrets are stored as hashes only; the caller hashes. Consent is stored as it was given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy import update as update_rows
from sqlalchemy.dialects.sqlite import insert

from conference.rules.kinds import PersonId
from conference.store import schema, signins
from conference.store.transaction import Reader, Tx

_FLAGS = ("consent_taking_part", "consent_named", "consent_recorded", "consent_contact")


@dataclass(frozen=True, slots=True)
class Account:
    """Who a pseudonym is. `belongs` is what they say they belong to, such as a branch."""

    person: PersonId
    name: str
    email: str | None = None
    belongs: str = ""
    confirmed_at: int | None = None
    consent_taking_part_at: int | None = None
    consent_named: bool = False
    consent_recorded: bool = False
    consent_contact: bool = False
    link_generation: int = 0
    link_used_at: int | None = None
    created_at: int = 0


@dataclass(frozen=True, slots=True)
class Application:
    """A registration whose e-mail address has not been confirmed yet."""

    id_hash: str
    name: str
    email: str
    belongs: str
    consent_taking_part: bool
    consent_named: bool
    consent_recorded: bool
    consent_contact: bool
    created_at: int
    expires_at: int


def email_key(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return email.strip().casefold()


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """The columns for these fields: flags as 0 or 1, the address also as its key."""
    values: dict[str, Any] = {
        name: int(value) if isinstance(value, bool) else value for name, value in given.items()
    }
    if "email" in values:
        email = values["email"]
        values["email_key"] = None if email is None else email_key(email)
    return values


def _made(kind: type[Any], row: Any) -> Any:
    given = {part.name: row[part.name] for part in fields(kind)}
    return kind(**{name: bool(v) if name in _FLAGS else v for name, v in given.items()})


async def _rows(reader: Reader, kind: type[Any], table: Table, *where: Any) -> list[Any]:
    found = await reader.conn.execute(select(table).where(*where))
    return [_made(kind, row) for row in found.mappings()]


# --- accounts ----------------------------------------------------------------------------------


async def add(tx: Tx, account: Account) -> None:
    """The account is stored. Raises IntegrityError when the person has one."""
    await tx.conn.execute(insert(schema.account), [_values(asdict(account))])


async def add_all(tx: Tx, accounts: Iterable[Account]) -> None:
    """All these accounts are stored, in one statement; as `add`."""
    values = [_values(asdict(account)) for account in accounts]
    if values:
        await tx.conn.execute(insert(schema.account), values)


async def get(reader: Reader, person: PersonId) -> Account | None:
    """The account of `person`, or None."""
    found = await _rows(reader, Account, schema.account, schema.account.c.person == person)
    return found[0] if found else None


async def by_email(reader: Reader, email: str) -> Account | None:
    """The account with this address, however it is spelled, or None; the first of several."""
    found = await sharing_email(reader, email)
    return found[0] if found else None


async def sharing_email(reader: Reader, email: str) -> list[Account]:
    """Everybody with this address, however it is spelled, those who are known longest first."""
    key = email_key(email)
    found = await _rows(reader, Account, schema.account, schema.account.c.email_key == key)
    return sorted(found, key=lambda account: (account.created_at, account.person))


async def all(reader: Reader) -> list[Account]:  # noqa: A001 - read as people.all
    """Every account, in the order of the pseudonyms."""
    return await _rows(reader, Account, schema.account)


async def update(tx: Tx, person: PersonId, **changed: Any) -> None:
    """These fields of the account have these values. Raises TypeError for an unknown field."""
    unknown = changed.keys() - {part.name for part in fields(Account)} | changed.keys() & {"person"}
    if unknown:
        raise TypeError(f"an account has no field {sorted(unknown)}")
    table = schema.account
    await tx.conn.execute(
        update_rows(table).where(table.c.person == person).values(**_values(changed))
    )


async def names(reader: Reader) -> dict[PersonId, str]:
    """Every display name by pseudonym."""
    found = await reader.conn.execute(select(schema.account.c.person, schema.account.c.name))
    return {PersonId(row.person): row.name for row in found}


async def named_consent(reader: Reader) -> set[PersonId]:
    """Who agreed to be named in what is published."""
    table = schema.account.c
    found = await reader.conn.execute(select(table.person).where(table.consent_named == 1))
    return {PersonId(person) for person in found.scalars()}


async def erase(tx: Tx, person: PersonId) -> None:
    """Nothing here tells any more who `person` was: account, sessions, codes, mail are gone.

    The pseudonym stays where it stands in the meeting and the journal.
    """
    account = await get(tx, person)
    if account is not None and account.email is not None:
        key = email_key(account.email)
        await tx.conn.execute(delete(schema.mail).where(schema.mail.c.recipient_key == key))
        await tx.conn.execute(
            delete(schema.application).where(schema.application.c.email_key == key)
        )
        await signins.erase(tx, key)
    await tx.conn.execute(delete(schema.account).where(schema.account.c.person == person))


# --- registrations that wait for their address to be confirmed -----------------------------------


async def sweep(tx: Tx, now: int) -> None:
    """Codes and applications that expired before `now` are gone."""
    await signins.sweep(tx, now)
    table = schema.application
    await tx.conn.execute(delete(table).where(table.c.expires_at <= now))


async def add_application(tx: Tx, application: Application) -> None:
    """The application is stored, beside others with the same address: each has a mail of its own."""
    await tx.conn.execute(insert(schema.application), [_values(asdict(application))])


async def application(reader: Reader, id_hash: str, now: int) -> Application | None:
    """The application behind `id_hash`, untouched; None when there is none or it has expired."""
    table = schema.application.c
    where = (table.id_hash == id_hash, table.expires_at > now)
    found = await _rows(reader, Application, schema.application, *where)
    return found[0] if found else None


async def take_application(tx: Tx, id_hash: str, now: int) -> Application | None:
    """The application behind `id_hash`, which is gone afterwards; None as `application`."""
    found = await application(tx, id_hash, now)
    table = schema.application
    await tx.conn.execute(delete(table).where(table.c.id_hash == id_hash))
    return found


async def forget_applications(tx: Tx, email: str) -> None:
    """No application with this address is left: one of them was confirmed."""
    table = schema.application
    await tx.conn.execute(delete(table).where(table.c.email_key == email_key(email)))
