"""What people sign in with: sessions, codes, personal links. Secrets are stored as hashes only.

The caller hashes, and hands in the time. A *browser* is the hash of a random cookie that tells one
browser from another; it is worth nothing without the session's own secret, but for switching between
people who have signed in on the same device.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, Table, delete, func, or_, select
from sqlalchemy import update as update_rows
from sqlalchemy.dialects.sqlite import insert

from conference.rules.kinds import PersonId
from conference.store import schema
from conference.store.transaction import Reader, Tx


class Purpose(StrEnum):
    """What a code was made for."""

    MAIL = "mail"
    """Asked for with an address: whoever has it may choose among the people who share it."""
    LINK = "link"
    """Asked for on the page of a personal link that was used on another device before."""
    SPOKEN = "spoken"
    """Shown on a signed-in device or to the help desk, to be read out; it stands alone."""


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in on one browser; `id_hash` is the hash of its secret."""

    id_hash: str
    person: PersonId
    created_at: int
    label: str = ""
    """What kind of browser it is, in a word or two."""
    browser: str = ""
    proved_at: int | None = None
    """When a second factor was shown in this session."""
    rights: str = ""
    """The person's standing and roles when the secret was made: other ones ask for another secret."""
    previous_hash: str | None = None
    previous_until: int | None = None
    """An older secret that still works until then, for an answer that was lost on its way."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code that signs in once, alone or with the mailed link whose hash is `id_hash`."""

    id_hash: str
    purpose: Purpose
    person: PersonId | None
    email_key: str | None
    digits: str
    """The hash of the digits, keyed, together with whom they are for."""
    browser: str
    """The browser that asked for it; empty for none."""
    leads_to: str
    expires_at: int
    tries: int = 0
    own_tries: int = 0
    """Wrong tries in the browser that asked, which nobody else can use up."""
    used_at: int | None = None
    used_browser: str = ""


def _values(row: Any) -> dict[str, Any]:
    return {name: str(v) if isinstance(v, StrEnum) else v for name, v in asdict(row).items()}


async def sessions_where(reader: Reader, *where: Any) -> list[Session]:
    """The sessions for which all of this holds."""
    found = await reader.conn.execute(select(schema.session).where(*where))
    names = [part.name for part in fields(Session)]
    return [Session(**{name: row[name] for name in names}) for row in found.mappings()]


async def _touched(tx: Tx, statement: Any) -> int:
    result: CursorResult[Any] = await tx.conn.execute(statement)
    return result.rowcount


# --- sessions ----------------------------------------------------------------------------------


async def start(tx: Tx, session: Session) -> None:
    """Who shows the secret is the session's person. Raises IntegrityError without an account."""
    await tx.conn.execute(insert(schema.session), [_values(session)])


async def session(reader: Reader, id_hash: str, now: int) -> Session | None:
    """The session behind this secret, the present one or one just replaced; None for none."""
    table = schema.session.c
    older = (table.previous_hash == id_hash) & (table.previous_until > now)
    found = await sessions_where(reader, or_(table.id_hash == id_hash, older))
    return found[0] if found else None


async def everybody(reader: Reader) -> set[PersonId]:
    """Who is signed in anywhere."""
    found = await reader.conn.execute(select(schema.session.c.person).distinct())
    return {PersonId(person) for person in found.scalars()}


async def of_person(reader: Reader, person: PersonId) -> list[Session]:
    """The sessions of `person`, the newest first."""
    found = await sessions_where(reader, schema.session.c.person == person)
    return sorted(found, key=lambda row: row.created_at, reverse=True)


async def of_browser(reader: Reader, browser: str) -> list[Session]:
    """The sessions on this browser, the oldest first; none for an unnamed one."""
    if not browser:
        return []
    found = await sessions_where(reader, schema.session.c.browser == browser)
    return sorted(found, key=lambda row: (row.created_at, row.person))


async def rotate(tx: Tx, id_hash: str, fresh: str, rights: str, until: int) -> bool:
    """The session has the secret behind `fresh`; the old one works until `until`, and no longer.

    False when the session has ended, or has been given another secret in the meantime.
    """
    table = schema.session
    changed = {
        "id_hash": fresh, "rights": rights, "previous_hash": id_hash, "previous_until": until,
    }  # fmt: skip
    wanted = update_rows(table).where(table.c.id_hash == id_hash).values(**changed)
    return await _touched(tx, wanted) == 1


async def forget_previous(tx: Tx, id_hash: str) -> None:
    """The secret before this one no longer works: the new one has arrived."""
    table = schema.session
    gone = {"previous_hash": None, "previous_until": None}
    await tx.conn.execute(update_rows(table).where(table.c.id_hash == id_hash).values(**gone))


async def prove(tx: Tx, id_hash: str, now: int) -> None:
    """A second factor has been shown in this session."""
    table = schema.session
    wanted = update_rows(table).where(table.c.id_hash == id_hash)
    await tx.conn.execute(wanted.values(proved_at=now))


async def unprove(tx: Tx, person: PersonId) -> None:
    """In no session of `person` a second factor counts as shown any more."""
    table = schema.session
    wanted = update_rows(table).where(table.c.person == person)
    await tx.conn.execute(wanted.values(proved_at=None))


async def end(tx: Tx, id_hash: str) -> None:
    """This session signs nobody in any more."""
    await tx.conn.execute(delete(schema.session).where(schema.session.c.id_hash == id_hash))


async def end_all(tx: Tx, person: PersonId, *, but: str = "") -> None:
    """Of the sessions of `person` only `but` still signs them in, if that is given."""
    table = schema.session
    await tx.conn.execute(delete(table).where(table.c.person == person, table.c.id_hash != but))


# --- codes -------------------------------------------------------------------------------------


def _codes_found(rows: Any) -> list[Code]:
    names = [part.name for part in fields(Code)]
    made = [{name: row[name] for name in names} for row in rows.mappings()]
    return [Code(**{**row, "purpose": Purpose(row["purpose"])}) for row in made]


async def add_code(tx: Tx, code: Code) -> None:
    """The code can be used once until it expires; older ones still can, too."""
    await tx.conn.execute(insert(schema.code), [_values(code)])


async def code(reader: Reader, id_hash: str, now: int) -> Code | None:
    """This code, used or not, untouched; None when it is unknown or has expired."""
    table = schema.code.c
    where = (table.id_hash == id_hash, table.expires_at > now)
    found = _codes_found(await reader.conn.execute(select(schema.code).where(*where)))
    return found[0] if found else None


async def live_codes(
    reader: Reader,
    now: int,
    *,
    email_key: str | None = None,
    person: PersonId | None = None,
    browser: str = "",
    since: int = 0,
) -> list[Code]:
    """The codes that can be used: those mailed for an address, or asked for at a person's link.

    One that this browser has used at `since` or later is among them: a press may come twice.
    """
    table = schema.code.c
    whose = table.email_key == email_key if email_key is not None else table.person == person
    purpose = Purpose.MAIL if email_key is not None else Purpose.LINK
    fresh: Any = table.used_at.is_(None)
    if browser:
        fresh = or_(fresh, (table.used_browser == browser) & (table.used_at >= since))
    wanted = select(schema.code).where(
        whose, table.purpose == purpose, fresh, table.expires_at > now
    )
    return _codes_found(await reader.conn.execute(wanted))


async def use_code(tx: Tx, id_hash: str, browser: str, now: int) -> bool:
    """Whether this code may sign in now; it counts as used afterwards, by this browser."""
    table = schema.code
    wanted = update_rows(table).where(
        table.c.id_hash == id_hash, table.c.used_at.is_(None), table.c.expires_at > now
    )
    return await _touched(tx, wanted.values(used_at=now, used_browser=browser)) == 1


async def miss_code(tx: Tx, code: Code, browser: str) -> None:
    """A wrong code was typed where this one could have been.

    Tries in the browser that asked are counted apart: a stranger cannot use them up.
    """
    table = schema.code
    own = bool(browser) and code.browser == browser
    count = {"own_tries": table.c.own_tries + 1} if own else {"tries": table.c.tries + 1}
    await tx.conn.execute(update_rows(table).where(table.c.id_hash == code.id_hash).values(**count))


async def sweep(tx: Tx, now: int) -> None:
    """Codes that expired before `now` are gone."""
    await tx.conn.execute(delete(schema.code).where(schema.code.c.expires_at <= now))


async def erase(tx: Tx, email_key: str) -> None:
    """No code names this address any more; the rest goes with the account."""
    await tx.conn.execute(delete(schema.code).where(schema.code.c.email_key == email_key))


# --- personal links ------------------------------------------------------------------------------


async def without_hash(reader: Reader) -> list[tuple[PersonId, int]]:
    """Whose personal link has no stored hash yet, with the generation it is made of."""
    account, link = schema.account.c, schema.link.c
    wanted = (
        select(account.person, account.link_generation)
        .select_from(schema.account.outerjoin(schema.link, account.person == link.person))
        .where(link.person.is_(None))
    )
    found = await reader.conn.execute(wanted)
    return [(PersonId(row.person), row.link_generation) for row in found]


async def keep_links(tx: Tx, hashes: Iterable[tuple[PersonId, str]]) -> None:
    """These are the hashes of these people's links; one that is known stays."""
    values = [{"person": p, "token_hash": h, "browser": ""} for p, h in hashes]
    if values:
        await tx.conn.execute(insert(schema.link).on_conflict_do_nothing(), values)


async def link_person(reader: Reader, token_hash: str) -> PersonId | None:
    """Whose link this is, or None."""
    table = schema.link.c
    found = await reader.conn.execute(select(table.person).where(table.token_hash == token_hash))
    person = found.scalar()
    return None if person is None else PersonId(person)


async def link_browsers(reader: Reader, person: PersonId) -> set[str]:
    """The browsers on which this person needs no code: the link's first, and signed-in ones."""
    first = select(schema.link.c.browser).where(schema.link.c.person == person)
    others = select(schema.session.c.browser).where(schema.session.c.person == person)
    found = await reader.conn.execute(first.union(others))
    return {browser for browser in found.scalars() if browser}


async def first_use(tx: Tx, person: PersonId, browser: str, now: int) -> bool:
    """Whether the link was unused until now; it is used afterwards, by this browser."""
    table = schema.account
    wanted = update_rows(table).where(table.c.person == person, table.c.link_used_at.is_(None))
    if await _touched(tx, wanted.values(link_used_at=now)) != 1:
        return False
    link = schema.link
    named = update_rows(link).where(link.c.person == person)
    await tx.conn.execute(named.values(browser=browser))
    return True


async def new_links(tx: Tx, persons: Iterable[PersonId]) -> None:
    """Every personal link made for these people so far no longer works; the next ones will."""
    wanted = select(func.json_each(json.dumps(list(persons))).table_valued("value").c.value)
    account: Table = schema.account
    fresh = {"link_generation": account.c.link_generation + 1, "link_used_at": None}
    await tx.conn.execute(update_rows(account).where(account.c.person.in_(wanted)).values(fresh))
    await tx.conn.execute(delete(schema.link).where(schema.link.c.person.in_(wanted)))
