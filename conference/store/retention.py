"""How long what is kept, as data; and forgetting what is due.

Days count from the recorded close of the conference, never from the printed day. What stands here is
what `/privacy` shows, what the server does by itself and what the command `retention` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Table, delete, select

from conference.rules.kinds import PersonId
from conference.store import meta, notes, people, registrations, schema, signins
from conference.store import remarks as texts
from conference.store.transaction import Reader, Tx

HOUR = 3_600_000
DAY = 24 * HOUR


class Since(StrEnum):
    """From when the time is counted."""

    DECISION = "decision"
    MADE = "made"
    END_OF_DAY = "end_of_day"
    """The end of the day, in the conference's zone, on which it was closed."""
    CLOSE = "close"
    NEVER = "never"


class What(StrEnum):
    """What is kept, one word for each kind of data."""

    EVIDENCE = "evidence"
    ACCESS_NEEDS = "access_needs"
    PEOPLE = "people"
    VOTED = "voted"
    WORDS = "words"
    NOTES = "notes"
    MAIL = "mail"
    APPLICATIONS = "applications"
    BACKUPS = "backups"
    LOGS = "logs"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data and how long it is kept. `hours` None: as long as the organiser has set."""

    what: What
    since: Since
    hours: int | None = 0


TABLE = (
    Kept(What.EVIDENCE, Since.DECISION),
    Kept(What.ACCESS_NEEDS, Since.END_OF_DAY),
    Kept(What.PEOPLE, Since.CLOSE, None),
    Kept(What.VOTED, Since.CLOSE, 7 * 24),
    Kept(What.WORDS, Since.CLOSE, 24),
    Kept(What.NOTES, Since.CLOSE),
    Kept(What.MAIL, Since.MADE, 24),
    Kept(What.APPLICATIONS, Since.MADE, 24),
    Kept(What.BACKUPS, Since.MADE, 14 * 24),
    Kept(What.LOGS, Since.NEVER),
    Kept(What.RECORD, Since.NEVER, None),
)
"""`VOTED` is counted from the close, which is never earlier than a declaration. `LOGS`: none are
kept of anybody. `RECORD`: motions, results and minutes, for good."""


@dataclass(frozen=True, slots=True)
class Day:
    """What the times count from. `end_of_day` is the end of the day of the close; None before it."""

    now: int
    closed_at: int | None
    end_of_day: int | None
    retention_days: int
    keep_belongs: bool


def due_at(kept: Kept, day: Day) -> int | None:
    """When this kind of data is to be forgotten, or None while that is not known or never."""
    start = {Since.CLOSE: day.closed_at, Since.END_OF_DAY: day.end_of_day}.get(kept.since)
    if start is None:
        return None
    hours = day.retention_days * 24 if kept.hours is None else kept.hours
    return start + hours * HOUR


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten: how many of each kind, whose accounts, which mails had files."""

    counts: dict[What, int]
    persons: tuple[PersonId, ...]
    mails: tuple[int, ...]


async def forget(tx: Tx, day: Day) -> Forgotten:
    """Everything that is due is gone. Files and write-ahead log are the caller's."""
    due = {kept.what for kept in TABLE if (at := due_at(kept, day)) is not None and at <= day.now}
    counts: dict[What, int] = {}
    persons: list[PersonId] = []
    evidence = await registrations.make_final(tx, day.now, belongs=not day.keep_belongs)
    counts[What.EVIDENCE] = len(evidence)
    if What.ACCESS_NEEDS in due:
        counts[What.ACCESS_NEEDS] = await registrations.forget_access_needs(tx)
    if What.WORDS in due:
        counts[What.WORDS] = await _forget_words(tx)
    if What.NOTES in due:
        await notes.clear(tx)
    if What.PEOPLE in due:
        persons = await _forget_people(tx)
        counts[What.PEOPLE] = len(persons)
    if What.VOTED in due:
        counts[What.VOTED] = await forget_voted(tx)
    mails = await _forget_mail(tx, day.now - _hours(What.MAIL) * HOUR)
    counts[What.MAIL] = len(mails)
    await people.sweep(tx, day.now)
    return Forgotten({what: n for what, n in counts.items() if n}, tuple(persons), tuple(mails))


def _hours(what: What) -> int:
    return next(kept.hours or 0 for kept in TABLE if kept.what is what)


async def _forget_words(tx: Tx) -> int:
    """What delegates wrote with procedural motions, and why somebody was sent out or removed."""
    wanted = (
        select(schema.MEETING["procedural"].c.purpose),
        select(schema.MEETING["double"].c.reason).where(
            schema.MEETING["double"].c.person.is_not(None)
        ),
    )
    ids = {str(i) for query in wanted for i in (await tx.conn.execute(query)).scalars() if i}
    for number in ids:
        await texts.erase(tx, number)
    return len(ids)


async def _forget_people(tx: Tx) -> list[PersonId]:
    """Every account is gone; of who wants to stay in touch name and address stay for that alone."""
    gone = []
    for account in await people.all(tx):
        if account.consent_contact and account.email:
            kept = {"belongs": "", "consent_named": False, "consent_recorded": False}
            await people.update(tx, account.person, **kept)
            continue
        await people.erase(tx, account.person)
        gone.append(account.person)
    await tx.conn.execute(delete(schema.register_salt))
    await tx.conn.execute(delete(schema.session))
    return gone


async def forget_voted(tx: Tx) -> int:
    """Who has voted, what was in the envelopes, and roll-calls; the figures and the roll stay."""
    done = await tx.conn.execute(delete(schema.ballot))
    for table in (schema.ballot_spent, schema.opened_ballot, schema.roll_call):
        await tx.conn.execute(delete(table))
    if done.rowcount:
        await meta.put(tx, meta.BALLOTS_GONE, "yes")
    return int(done.rowcount)


async def _forget_mail(tx: Tx, before: int) -> list[int]:
    """Mails that were sent, filed or given up before then are gone; their numbers come back."""
    table = schema.mail
    old = table.c.state.in_(("sent", "failed", "file")) & (table.c.created_at <= before)
    found = [int(i) for i in (await tx.conn.execute(select(table.c.id).where(old))).scalars()]
    if found:
        await tx.conn.execute(delete(table).where(old))
    return found


# --- one person --------------------------------------------------------------------------------------


async def _shared(reader: Reader, person: PersonId, email: str) -> bool:
    table = schema.account.c
    wanted = select(table.person).where(
        table.email_key == people.email_key(email), table.person != person
    )
    return (await reader.conn.execute(wanted)).first() is not None


async def words_of(reader: Reader, person: PersonId) -> list[str]:
    """The ids of what this person wrote with procedural motions."""
    table = schema.MEETING["procedural"].c
    wanted = select(table.purpose).where(table.by == person, table.purpose != "")
    return [str(i) for i in (await reader.conn.execute(wanted)).scalars()]


async def erase_person(tx: Tx, person: PersonId) -> None:
    """Nothing tells any more who this was: account, words, notes, mail; the pseudonym stays."""
    for number in await words_of(tx, person):
        await texts.erase(tx, number)
    await tx.conn.execute(delete(schema.note).where(schema.note.c.person == person))
    account = await people.get(tx, person)
    if account is not None and account.email and await _shared(tx, person, account.email):
        await registrations.drop_account(tx, person)
    else:
        await people.erase(tx, person)
    await _forget_mail_to_nobody(tx)


async def _forget_mail_to_nobody(tx: Tx) -> None:
    """No mail is kept that has gone to an address which nobody here has (any more)."""
    table, account, application = schema.mail.c, schema.account.c, schema.application.c
    belongs = select(account.email_key).where(account.email_key.is_not(None))
    waits = select(application.email_key)
    await tx.conn.execute(
        delete(schema.mail).where(
            table.state != "queued",
            table.recipient_key.not_in(belongs),
            table.recipient_key.not_in(waits),
        )
    )


async def reduce_person(tx: Tx, person: PersonId) -> None:
    """Only the name that stands behind the line of the locked register is left, until its time."""
    for number in await words_of(tx, person):
        await texts.erase(tx, number)
    await tx.conn.execute(delete(schema.note).where(schema.note.c.person == person))
    account = await people.get(tx, person)
    if account is not None and account.email and not await _shared(tx, person, account.email):
        key = people.email_key(account.email)
        await tx.conn.execute(delete(schema.mail).where(schema.mail.c.recipient_key == key))
    nothing: dict[str, Any] = {
        "email": None, "belongs": "", "consent_named": False, "consent_recorded": False,
        "consent_contact": False,
    }  # fmt: skip
    await people.update(tx, person, **nothing)
    await _forget_mail_to_nobody(tx)
    await signins.new_links(tx, [person])
    for table in of_account():
        if table is not schema.register_salt:
            await tx.conn.execute(delete(table).where(table.c.person == person))


def of_account() -> list[Table]:
    """Every table whose rows go with an account: what signs in, what was written, the salt."""
    return [
        table
        for table in schema.metadata.tables.values()
        if "person" in table.c
        and any(key.column.table is schema.account for key in table.c.person.foreign_keys)
    ]


async def mail_numbers(reader: Reader) -> set[int]:
    """The numbers of all mails that are kept."""
    return {int(i) for i in (await reader.conn.execute(select(schema.mail.c.id))).scalars()}
