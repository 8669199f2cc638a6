"""The commands that work on a data folder: beside a running server, or in its place."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path

from conference import control, founding
from conference.app import House, build, read_secret
from conference.clock import running_clock
from conference.commands import (
    Answer,
    CommandRefused,
    LinkRequest,
    LoadRequest,
    RetentionRequest,
    as_csv,
    fresh_links,
    person_links,
)
from conference.counter.client import Counter
from conference.errors import CannotStart
from conference.forgetting import retention
from conference.hall import Hall
from conference.lock import Locked, owning
from conference.programme import (
    MergeRefused,
    Programme,
    ProgrammeError,
    merge,
    people,
    read,
)
from conference.rules.kinds import Mode, Role, VoteState
from conference.settings import Settings
from conference.store import Store, backup
from conference.store import load as load_meeting
from conference.store.database import FILE, backup_folder
from conference.web.site import Links, new_person
from conference.web.views.gaps import in_words

RUNNING = (VoteState.ANNOUNCED, VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED)


def _now() -> int:
    return time.time_ns() // 1_000_000


@contextlib.asynccontextmanager
async def _store(data: Path) -> AsyncIterator[Store]:
    """Own the folder and open its database. Raises CannotStart when a server has it."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with owning(data):
            store = await Store.open(data, now=_now(), token=lambda: secrets.token_hex(16))
            try:
                yield store
            finally:
                await store.close()
    except Locked as error:
        message = f"A server is using {data}; stop it first."
        raise CannotStart(message) from error


@contextlib.asynccontextmanager
async def _house(settings: Settings) -> AsyncIterator[House]:
    """Own the folder and run its clerk, without serving."""
    async with _store(settings.data) as store:
        meeting = await store.load()
        if meeting is None:
            raise CannotStart(no_conference(settings.data))
        house = await build(settings, store, meeting, Counter(settings.data))
        async with house.site.hall.working():
            yield house


def no_conference(data: Path) -> str:
    """Say that there is nothing in this folder yet."""
    return f"There is no conference in {data} yet: start the server once, or load a file."


async def links(settings: Settings) -> str:
    """Return everybody's personal link as CSV. Reads only, so it works beside a server."""
    if not (settings.data / FILE).is_file():
        raise CannotStart(no_conference(settings.data))
    async with Store.looking(settings.data) as reader:
        meeting = await load_meeting(reader)
        if meeting is None:
            raise CannotStart(no_conference(settings.data))
        signer = Links(read_secret(settings.data), settings.address)
        return as_csv(await person_links(reader, meeting, signer))


async def link(settings: Settings, role: str, name: str, count: int) -> list[str]:
    """Make fresh links, through the running server or in its place."""
    word = role.strip().lower().replace("-", "_").replace(" ", "_")
    if word not in set(Role):
        known = ", ".join(str(r).replace("_", "-") for r in Role)
        message = f"{role!r} is not a role; the roles are: {known}."
        raise CannotStart(message)
    if not settings.data.is_dir():
        raise CannotStart(no_conference(settings.data))
    request = LinkRequest(Role(word), name, count)
    answer = control.ask(settings.data, request)
    if answer is not None:
        return _lines(answer)
    async with _house(settings) as house:
        site = house.site
        try:
            made = await fresh_links(site.hall, site.links, request, new_person)
        except CommandRefused as refused:
            raise CannotStart(str(refused)) from refused
        return as_csv(made).splitlines()


def _lines(answer: Answer) -> list[str]:
    if not answer.ok:
        raise CannotStart("\n".join(answer.lines))
    return answer.lines


async def load(
    settings: Settings, file: Path, mode: str, *, check_only: bool, dry_run: bool
) -> int:
    """Load a conference file; 0 when it is loaded (or sound, with `check_only`), 1 with findings."""
    try:
        programme = read(file)
    except ProgrammeError as error:
        print(error)  # noqa: T201  (this is a command's answer)
        return 1
    if check_only:
        print(f"{file} is sound.")  # noqa: T201
        for line in in_words(somebody.roles for somebody in people(programme)):
            print(f"Missing before the day: {line}")  # noqa: T201
        return 0
    request = LoadRequest(file.read_text(encoding="utf-8"), str(file), not dry_run)
    answer = control.ask(settings.data, request) if settings.data.is_dir() else None
    if answer is None:
        answer = await _load_here(settings, programme, mode, apply=not dry_run)
    for line in answer.lines or ["Nothing is different."]:
        print(line)  # noqa: T201
    return 0 if answer.ok else 1


async def _load_here(settings: Settings, programme: Programme, mode: str, *, apply: bool) -> Answer:
    async with _store(settings.data) as store:
        meeting = await store.load()
        if meeting is None:
            if apply:
                await founding.found(store, programme, Mode(mode), _now())
            return Answer(ok=True, lines=[f"Loaded into {settings.data} as a {mode} conference."])
        async with store.reading() as reader:
            texts = await founding.public_texts(reader)
        try:
            changes = merge(meeting, programme, texts).changes
        except MergeRefused as refused:
            return Answer(ok=False, lines=str(refused).splitlines())
        if apply:
            backup.backup(settings.data, backup_folder(settings.data) / f"before-load-{_now()}.db")
            async with store.transaction() as tx:
                await founding.load_over(tx, meeting, programme, _now())
        return Answer(ok=True, lines=[str(change) for change in changes])


async def forget(settings: Settings) -> list[str]:
    """Forget what has been kept long enough, through the running server or in its place."""
    if not settings.data.is_dir():
        raise CannotStart(no_conference(settings.data))
    answer = control.ask(settings.data, RetentionRequest())
    if answer is None:
        async with _house(settings) as house:
            answer = await retention(house.site)
    return _lines(answer)


async def restore(data: Path, file: Path) -> list[str]:
    """Put the backup in place and declare a vote that was running in it void."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with owning(data):
            backup.restore(file, data, _now(), lambda: secrets.token_hex(16))
    except Locked as error:
        message = f"A server is using {data}; stop it first."
        raise CannotStart(message) from error
    lines = [f"Restored from {file}. Every page will load afresh."]
    async with _store(data) as store:
        meeting = await store.load()
        if meeting is None:
            return lines
        hall = Hall(store, meeting, running_clock())
        async with hall.working():
            voided = [v.id for v in hall.meeting.votes.values() if v.void_reason == "restored"]
            running_before = [v.id for v in meeting.votes.values() if v.state in RUNNING]
    return lines + [
        f"Vote {vote} was running and is declared void; take it again."
        for vote in running_before
        if vote in voided
    ]
