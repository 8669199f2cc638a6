"""A conference file becomes the stored conference: its meeting, its people, its public texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from conference.programme import (
    Programme,
    ProgrammePerson,
    Public,
    build,
    merge,
    people,
    public,
)
from conference.rules import change, plan
from conference.rules.kinds import SYSTEM, Mode, Standing
from conference.rules.state import Meeting, Person
from conference.store import Reader, Store, Tx, meta
from conference.store import people as accounts
from conference.store.people import Account
from conference.web.site import new_person

PUBLIC = "public"
"""The key under which the public texts are kept, as one JSON document."""


def enrol(
    meeting: Meeting, wanted: Sequence[ProgrammePerson], now: int
) -> tuple[Meeting, list[Account]]:
    """Return the meeting with these people on its register, and their accounts."""
    made: list[Account] = []
    for somebody in wanted:
        number = new_person()
        meeting = change.person(meeting, Person(number, somebody.roles, Standing.ACCEPTED))
        for slot in somebody.slots:
            row = replace(meeting.slots[slot], person=number)
            meeting = replace(meeting, slots=meeting.slots.put(slot, row))
        made.append(Account(number, somebody.name, confirmed_at=now, created_at=now))
    return meeting, made


async def found(store: Store, programme: Programme, mode: Mode, now: int) -> Meeting:
    """Store a new conference from this file and return it. The database must hold none."""
    meeting, made = enrol(build(programme, mode=mode), people(programme), now)
    async with store.transaction() as tx:
        await tx.write(None, meeting)
        await accounts.add_all(tx, made)
        await _put_public(tx, public(programme))
        await tx.journal_picture(now, SYSTEM, meeting, "founded")
    return meeting


async def _put_public(tx: Tx, texts: Public) -> None:
    await meta.put(tx, PUBLIC, msgspec.json.encode(texts).decode())


async def public_texts(reader: Reader) -> Public:
    """Return the public texts of the stored conference."""
    stored = await meta.get(reader, PUBLIC)
    return msgspec.json.decode(stored or "{}", type=Public)


async def load_over(tx: Tx, meeting: Meeting, programme: Programme, now: int) -> Meeting:
    """Change programme and texts of the stored conference to what the file says.

    People, ballots and journal stay. Raises MergeRefused when the file would touch anything that
    has been called. A picture is written to the journal, from which a replay goes on.
    """
    merged = merge(meeting, programme, await public_texts(tx))
    after, made = _with_speakers(merged.meeting, programme, now)
    if after is not meeting:
        after = plan.recorded(meeting, after, now)
        head = after.conference
        after = change.conference(after, version=head.version + 1, step=head.step + 1)
        await tx.write(meeting, after)
        await accounts.add_all(tx, made)
        await tx.journal_picture(now, SYSTEM, after, "programme loaded")
    await _put_public(tx, public(programme))
    return after


def _with_speakers(
    meeting: Meeting, programme: Programme, now: int
) -> tuple[Meeting, list[Account]]:
    """Enrol the speakers of slots that have nobody yet."""
    empty = {slot.id for slot in meeting.slots.values() if slot.person is None}
    wanted = [
        replace(somebody, slots=tuple(s for s in somebody.slots if s in empty))
        for somebody in people(programme)
        if empty & set(somebody.slots)
    ]
    return enrol(meeting, wanted, now) if wanted else (meeting, [])
