"""What the registrar is told and decides: erasable, and most of it gone once it is decided.

Two lines to the registrar and who vouches stand here until the decision is final, access needs until
the end of the day. Invitation codes are stored as hashes; the caller hashes and hands in the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from conference.rules.kinds import PersonId
from conference.store import meta, schema
from conference.store.transaction import Reader, Tx


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote to the registrar when they registered."""

    note: str = ""
    voucher: str = ""
    access_needs: str = ""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is kept of a person for the registrar. `wish_name` is a new display name that waits."""

    person: PersonId
    note: str = ""
    voucher: str = ""
    access_needs: str = ""
    wish_name: str = ""
    wish_at: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the registrar that can still be taken back; `mail` waits in the queue till then."""

    person: PersonId
    what: str
    at: int
    final_at: int
    mail: int | None


# --- words with a registration -------------------------------------------------------------------


async def add_words(tx: Tx, id_hash: str, words: Words, invitation: str) -> None:
    """Keep these words with the application behind `id_hash`, and the invitation it came with."""
    values = {"id_hash": id_hash, "invitation": invitation, **asdict(words)}
    await tx.conn.execute(insert(schema.application_words), [values])


async def words_of(reader: Reader, id_hash: str) -> tuple[Words, str]:
    """The words that came with an application, and the hash of its invitation; both may be empty."""
    table = schema.application_words
    found = await reader.conn.execute(select(table).where(table.c.id_hash == id_hash))
    row = found.mappings().first()
    if row is None:
        return Words(), ""
    return Words(row["note"], row["voucher"], row["access_needs"]), str(row["invitation"])


# --- particulars -----------------------------------------------------------------------------------


async def put(tx: Tx, particulars: Particulars) -> None:
    """Keep this of the person, in place of what was kept before."""
    values = asdict(particulars)
    made = insert(schema.particulars).values(values)
    del values["person"]
    made = made.on_conflict_do_update(index_elements=["person"], set_=values)
    await tx.conn.execute(made)


def _particulars(row: Mapping[Any, Any]) -> Particulars:
    return Particulars(**{part.name: row[part.name] for part in fields(Particulars)})


async def get(reader: Reader, person: PersonId) -> Particulars:
    """What is kept of this person; empty when it is nothing."""
    table = schema.particulars
    found = await reader.conn.execute(select(table).where(table.c.person == person))
    row = found.mappings().first()
    return Particulars(person) if row is None else _particulars(row)


async def everything(reader: Reader) -> dict[PersonId, Particulars]:
    """What is kept of everybody, by person."""
    found = await reader.conn.execute(select(schema.particulars))
    return {row["person"]: _particulars(row) for row in found.mappings()}


async def change(tx: Tx, person: PersonId, **changed: Any) -> None:
    """Keep these fields as they are given now. Raises TypeError for an unknown one."""
    kept = await get(tx, person)
    await put(tx, Particulars(**{**asdict(kept), **changed}))


async def forget_evidence(tx: Tx, persons: Iterable[PersonId], *, belongs: bool) -> None:
    """Forget what these people wrote to the registrar; with `belongs` also how they belong."""
    wanted = list(persons)
    table = schema.particulars
    for person in wanted:
        await tx.conn.execute(
            update(table).where(table.c.person == person).values(note="", voucher="")
        )
        if belongs:
            account = schema.account
            await tx.conn.execute(
                update(account).where(account.c.person == person).values(belongs="")
            )


async def forget_access_needs(tx: Tx) -> int:
    """Forget everybody's access needs; how many had some."""
    table = schema.particulars
    done = await tx.conn.execute(
        update(table).where(table.c.access_needs != "").values(access_needs="")
    )
    return int(done.rowcount)


# --- decisions -------------------------------------------------------------------------------------


async def decide(tx: Tx, decision: Decision) -> None:
    """Remember this decision until it is final, in place of an earlier one."""
    values = asdict(decision)
    made = insert(schema.decision).values(values)
    del values["person"]
    await tx.conn.execute(made.on_conflict_do_update(index_elements=["person"], set_=values))


async def decision_of(reader: Reader, person: PersonId) -> Decision | None:
    """The decision about this person that is not final yet, or None."""
    found = await _decisions(reader, schema.decision.c.person == person)
    return found[0] if found else None


async def decisions(reader: Reader) -> list[Decision]:
    """Every decision that is not final yet, the newest first."""
    found = await _decisions(reader)
    return sorted(found, key=lambda row: (-row.at, row.person))


async def _decisions(reader: Reader, *where: Any) -> list[Decision]:
    found = await reader.conn.execute(select(schema.decision).where(*where))
    names = [part.name for part in fields(Decision)]
    return [Decision(**{name: row[name] for name in names}) for row in found.mappings()]


async def undo(tx: Tx, decision: Decision) -> None:
    """Forget the decision and the mail about it, which has not gone."""
    await tx.conn.execute(
        delete(schema.decision).where(schema.decision.c.person == decision.person)
    )
    if decision.mail is not None:
        await tx.conn.execute(delete(schema.mail).where(schema.mail.c.id == decision.mail))


async def make_final(tx: Tx, now: int, *, belongs: bool) -> list[PersonId]:
    """Decisions whose time to be taken back is over are final: whose they are comes back.

    What these people wrote to the registrar is gone; with `belongs` also how they belong.
    """
    due = await _decisions(tx, schema.decision.c.final_at <= now)
    persons = [row.person for row in due]
    await forget_evidence(tx, persons, belongs=belongs)
    await tx.conn.execute(delete(schema.decision).where(schema.decision.c.final_at <= now))
    return persons


# --- invitations -----------------------------------------------------------------------------------


async def add_invitation(tx: Tx, code_hash: str, uses: int, now: int) -> None:
    """A code that lets so many people register."""
    values = {"code_hash": code_hash, "uses_left": uses, "created_at": now}
    await tx.conn.execute(insert(schema.invitation).values(values))


async def invitation_left(reader: Reader, code_hash: str) -> int:
    """How many people can still register with this code; 0 for an unknown one."""
    table = schema.invitation.c
    wanted = select(table.uses_left).where(table.code_hash == code_hash)
    return int((await reader.conn.execute(wanted)).scalar() or 0)


async def use_invitation(tx: Tx, code_hash: str) -> bool:
    """Whether the code let one more person register; it can be used once less afterwards."""
    table = schema.invitation
    done = await tx.conn.execute(
        update(table)
        .where(table.c.code_hash == code_hash, table.c.uses_left > 0)
        .values(uses_left=table.c.uses_left - 1)
    )
    return bool(done.rowcount)


async def invitations(reader: Reader) -> tuple[int, int]:
    """How many codes can still be used, and how many people with them altogether."""
    table = schema.invitation.c
    found = await reader.conn.execute(select(table.uses_left).where(table.uses_left > 0))
    left = [int(row.uses_left) for row in found]
    return len(left), sum(left)


async def end_invitations(tx: Tx) -> None:
    """No invitation code works any more."""
    await tx.conn.execute(delete(schema.invitation))


# --- the locked register -----------------------------------------------------------------------------


async def put_salts(tx: Tx, lines: Iterable[tuple[PersonId, str, str]]) -> None:
    """Keep the salt and the name behind each line of the locked register."""
    values = [{"person": who, "salt": salt, "name": name} for who, salt, name in lines]
    if values:
        await tx.conn.execute(insert(schema.register_salt), values)


async def salt_of(reader: Reader, person: PersonId) -> tuple[str, str] | None:
    """The salt and the name behind this person's line, or None."""
    table = schema.register_salt.c
    found = await reader.conn.execute(select(table.salt, table.name).where(table.person == person))
    row = found.first()
    return None if row is None else (str(row.salt), str(row.name))


# --- how registration stands -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Door:
    """How registration stands: `open`, `invited` (by code only) or `paused`, and its two times."""

    state: str = "open"
    closes_at: int | None = None
    """No registration from then on."""
    locks_at: int | None = None
    """The register is locked then."""
    reminders: bool = False
    """Whether the accepted are reminded the day before and an hour before."""
    reminded: tuple[str, ...] = ()
    """Which reminders have gone."""


_DOOR = "registration"


async def door(reader: Reader) -> Door:
    """How registration stands."""
    stored = await meta.get(reader, _DOOR)
    return msgspec.json.decode(stored or "{}", type=Door)


async def put_door(tx: Tx, wanted: Door) -> None:
    """Registration stands like this from here on."""
    await meta.put(tx, _DOOR, msgspec.json.encode(wanted).decode())


async def drop_account(tx: Tx, person: PersonId) -> None:
    """Nobody is behind this pseudonym any more; mail to an address that others share stays."""
    await tx.conn.execute(delete(schema.account).where(schema.account.c.person == person))


async def have_signed_in(reader: Reader) -> set[PersonId]:
    """Who has ever signed in, as far as it is known: by a link, or with a sign-in that still runs."""
    account, session = schema.account.c, schema.session.c
    used = select(account.person).where(account.link_used_at.is_not(None))
    found = await reader.conn.execute(used.union(select(session.person)))
    return {PersonId(person) for person in found.scalars()}
