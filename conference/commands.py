"""What the commands do that change or read a conference, with or without a running server.

A running server owns the database: it does these things itself, asked through `control.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from conference.hall import Desk, Hall
from conference.papers import sheets
from conference.rules.acts import AddPerson, RenewLink
from conference.rules.kinds import SYSTEM, PersonId, Role, Standing
from conference.rules.refused import Refused
from conference.rules.state import Meeting
from conference.store import Reader, factors, people, signins
from conference.store.people import Account
from conference.web.sentences import say
from conference.web.site import Links


@dataclass(frozen=True, slots=True)
class PersonLink:
    """One line of the list of personal links."""

    name: str
    role: str
    address: str


FIRST = (
    Role.CHAIR,
    Role.VICE_CHAIR,
    Role.REGISTRAR,
    Role.SECRETARY,
    Role.TELLER,
    Role.ORGANISER,
    Role.SPEAKER,
    Role.DELEGATE,
    Role.OBSERVER,
    Role.STEWARD,
)
"""Whoever has several roles is listed by the first of these."""


def main_role(roles: frozenset[Role]) -> str:
    """Return the one role under which a person is listed."""
    return str(next((r for r in FIRST if r in roles), next(iter(sorted(roles)), "")))


async def person_links(reader: Reader, meeting: Meeting, links: Links) -> list[PersonLink]:
    """Return everybody's personal link, by role and name. Changes nothing."""
    rows = []
    for account in await people.all(reader):
        person = meeting.people.get(account.person)
        if person is None or person.standing is not Standing.ACCEPTED:
            continue
        address = links.address(person.id, account.link_generation)
        rows.append(PersonLink(account.name, main_role(person.roles), address))
    return sorted(rows, key=lambda row: (row.role, row.name))


def as_csv(rows: Sequence[PersonLink]) -> str:
    """Return the list as CSV; a cell that a spreadsheet would take for a formula is quoted."""
    return sheets.write_csv(
        ["name", "role", "address"], [(row.name, row.role, row.address) for row in rows]
    )


class LinkRequest(msgspec.Struct, frozen=True, tag="link"):
    """Fresh links for a role: for the person of that name, or for the first `count` of the role."""

    role: Role
    name: str
    count: int


class LoadRequest(msgspec.Struct, frozen=True, tag="load"):
    """Load a conference file over the stored conference."""

    text: str
    file: str
    apply: bool


class RetentionRequest(msgspec.Struct, frozen=True, tag="retention"):
    """Forget what has been kept long enough."""


class Answer(msgspec.Struct, frozen=True):
    """What a command is answered: lines to print, or why it was refused."""

    ok: bool
    lines: list[str]


class CommandRefused(Exception):  # noqa: N818
    """A command cannot be carried out; the text says why."""


async def fresh_links(
    hall: Hall, links: Links, wanted: LinkRequest, fresh: Callable[[], PersonId]
) -> list[PersonLink]:
    """Give these people a fresh link; their old links and sign-ins are dead.

    People who do not exist yet are put on the register with a pseudonym from `fresh`. Raises
    CommandRefused when the rules refuse.
    """

    async def work(desk: Desk) -> list[Account] | Refused:
        made = []
        for name, existing in await _chosen(desk, wanted):
            person = existing or fresh()
            if refused := await _renew(desk, wanted.role, name, person, new=existing is None):
                return refused
            account = await people.get(desk.tx, person)
            if account is not None:
                made.append(account)
        return made

    done = await hall.work(work)
    if isinstance(done, Refused):
        raise CommandRefused(say(done))
    return [
        PersonLink(a.name, str(wanted.role), links.address(a.person, a.link_generation))
        for a in done
    ]


async def _chosen(desk: Desk, wanted: LinkRequest) -> list[tuple[str, PersonId | None]]:
    """Return whose links are made: a name, and the pseudonym if the person exists."""
    having = sorted(
        (account.name, account.person)
        for account in await people.all(desk.tx)
        if (row := desk.meeting.people.get(account.person)) and wanted.role in row.roles
    )
    if wanted.name:
        same = [person for name, person in having if name == wanted.name]
        return [(wanted.name, same[0] if same else None)]
    label = str(wanted.role).replace("_", "-").capitalize()
    chosen: list[tuple[str, PersonId | None]] = list(having[: wanted.count])
    more = range(len(having) + 1, wanted.count + 1)
    return chosen + [(f"{label} {number:03}", None) for number in more]


async def _renew(
    desk: Desk, role: Role, name: str, person: PersonId, *, new: bool
) -> Refused | None:
    if not new:
        await signins.new_links(desk.tx, [person])
        await signins.end_all(desk.tx, person)
        await factors.forget(desk.tx, person)
        return desk.take(RenewLink(person), SYSTEM)
    now = desk.now()
    await people.add(desk.tx, Account(person, name, confirmed_at=now, created_at=now))
    return desk.take(AddPerson(person, frozenset({role}), Standing.ACCEPTED), SYSTEM)
