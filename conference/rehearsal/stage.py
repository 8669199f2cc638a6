"""The copy on which is rehearsed: `DATA/rehearsal`, made of the conference and wiped afterwards.

The original is read once, like a backup, and never written. The copy has a secret and an epoch of its
own, so no link, no sign-in and no ballot of one is worth anything in the other, and it holds no
address, no sign-in, no mail and no ballot of anybody; delegates are called *Delegate 0001* and so on.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from conference import founding
from conference.app import read_secret
from conference.errors import CannotStart
from conference.lock import Locked, owning
from conference.programme import ProgrammePerson
from conference.rules import change
from conference.rules.kinds import SYSTEM, Mode, PersonId, Phase, Role
from conference.rules.state import Meeting
from conference.settings import Settings
from conference.store import Store, backup, people
from conference.store.database import FILE
from conference.store.strip import strip
from conference.web.site import Links

FOLDER = "rehearsal"
OFFICES = (
    Role.CHAIR, Role.VICE_CHAIR, Role.SECRETARY, Role.TELLER, Role.REGISTRAR, Role.ORGANISER,
    Role.STEWARD, Role.SPEAKER,
)  # fmt: skip
"""Who rehearses as a person: the first of each gets a link, and every chair."""


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody on the copy who can sign in: who, and the path of their personal link."""

    person: PersonId
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part: so many pretend delegates, and people for the offices."""

    delegates: tuple[Player, ...]
    offices: tuple[tuple[Role, Player], ...]
    register: int
    """How many delegates stand on the copy's register: quorum and roll are counted by it."""


@contextlib.contextmanager
def copied(data: Path) -> Iterator[Path]:
    """Yield the folder of a fresh copy of the conference in `data`; it is wiped at the end.

    A copy that a killed rehearsal left behind is wiped first. Raises CannotStart while another
    rehearsal runs, and when there is no conference.
    """
    if not (data / FILE).is_file():
        message = f"There is no conference in {data} yet: start the server once, or load a file."
        raise CannotStart(message)
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        with owning(folder):
            _empty(folder)
            try:
                taken = folder / "copy.db"
                backup.backup(data, taken)
                backup.restore(taken, folder, _now(), lambda: secrets.token_hex(16))
                taken.unlink()
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except Locked as error:
        message = f"A rehearsal of the conference in {data} is running already."
        raise CannotStart(message) from error


def sweep(data: Path) -> bool:
    """Wipe what a killed rehearsal left in `data`; say whether there was anything."""
    folder = data / FOLDER
    if not folder.is_dir():
        return False
    with contextlib.suppress(Locked), owning(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return True
    return False


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


async def prepare(settings: Settings, delegates: int) -> Cast:
    """Make the copy in `settings.data` a rehearsal with this many pretend delegates; who they are.

    Delegates who stand on the register are played first; so many more are put on it as are missing.
    Raises CannotStart when the conference is over.
    """
    store = await Store.open(settings.data, now=_now(), token=lambda: secrets.token_hex(16))
    try:
        meeting = await store.load()
        if meeting is None or meeting.conference.phase is Phase.CLOSED:
            raise CannotStart("The conference is over: there is nothing to rehearse.")
        after, played, names = await _set_up(store, meeting, delegates)
        links = Links(read_secret(settings.data), "")
        async with store.reading() as reader:
            accounts = {row.person: row for row in await people.all(reader)}
        await store.checkpoint()
    finally:
        await store.close()

    def player(person: PersonId) -> Player:
        account = accounts[person]
        return Player(person, account.name, links.address(person, account.link_generation))

    offices = []
    for role in OFFICES:
        having = sorted(
            (accounts[p.id].name, p.id) for p in after.people.values() if role in p.roles
        )
        few = having if role is Role.CHAIR else having[:1]
        offices += [(role, player(who)) for _name, who in few]
    return Cast(tuple(player(p) for p in played), tuple(offices), len(names))


async def _set_up(
    store: Store, meeting: Meeting, delegates: int
) -> tuple[Meeting, list[PersonId], dict[PersonId, str]]:
    """Write the copy as a rehearsal begins: nobody present, the mode, the names, the register."""
    head = change.conference(meeting, mode=Mode.REHEARSAL)
    # The register of a rehearsal is another one, so nothing locked or proved about it is carried on.
    after = replace(
        head,
        register_locks=type(head.register_locks)(),
        register_lines=type(head.register_lines)(),
    )
    for row in after.people.values():
        if row.present:
            after = change.person(after, replace(row, present=False))
    there = sorted(p.id for p in after.people.values() if change.counts_as_delegate(p))
    roles = frozenset({Role.DELEGATE})
    more = [ProgrammePerson("-", roles)] * (delegates - len(there))
    after, made = founding.enrol(after, more, _now())
    everybody = [*there, *(account.person for account in made)]
    # Whoever also has an office keeps their name: the chair must know whom they speak to.
    plain = [p for p in everybody if after.people[p].roles == roles]
    names = {person: f"Delegate {place:04}" for place, person in enumerate(plain, 1)}
    async with store.transaction() as tx:
        await people.add_all(tx, made)
        await strip(tx, names)
        await tx.write(meeting, after)
        await tx.journal_picture(_now(), SYSTEM, after, "rehearsal")
    return after, plain[:delegates], {p: names.get(p, "") for p in everybody}


def _now() -> int:
    return time.time_ns() // 1_000_000
