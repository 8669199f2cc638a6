"""Forgetting in the running house: rows, what is at hand in memory, files, and the log behind them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from conference.hall import Desk
from conference.rules.acts import Withdraw
from conference.rules.kinds import SYSTEM, PersonId, Standing
from conference.rules.people import is_locked
from conference.rules.refused import Refused
from conference.rules.state import Meeting
from conference.store import retention
from conference.store.database import BACKUPS
from conference.store.retention import Forgotten, What
from conference.web.register import forget
from conference.web.site import Site
from conference.web.views import kept

MAIL_FOLDER = "mail"
TRIES, AGAIN = 40, 0.05
"""How often, and how many seconds apart, the log is emptied while somebody still reads it."""


async def forget_what_is_due(site: Site) -> Forgotten | Refused:
    """Forget everything whose time is over; it is gone from the files, too."""

    async def work(desk: Desk) -> Forgotten:
        done = await retention.forget(desk.tx, kept.day(site))
        for person in done.persons:
            forget(site, person)
        desk.tell = bool(done.persons)
        return done

    done = await site.hall.work(work)
    if isinstance(done, Refused):
        return done
    old = await tidy_files(site)
    if old:
        done.counts[What.BACKUPS] = old
    if done.counts:
        await _refresh(site)
        await empty_the_log(site)
    return done


async def _refresh(site: Site) -> None:
    """Show no text any more that was forgotten."""
    from conference.store import remarks  # noqa: PLC0415  (its name is a field here)

    async with site.store.reading() as reader:
        site.remarks = await remarks.texts(reader)


async def tidy_files(site: Site) -> int:
    """Delete files of mails that are in no queue, and backups of ours whose time is over.

    How many backups went comes back.
    """
    async with site.store.reading() as reader:
        known = await retention.mail_numbers(reader)
    row = next(row for row in retention.TABLE if row.what is What.BACKUPS)
    before = site.now() - (row.hours or 0) * retention.HOUR
    return await asyncio.to_thread(_delete, site.settings.data, known, before)


async def empty_the_log(site: Site) -> bool:
    """Empty the write-ahead log, waiting a little for readers; say whether it is empty."""
    for _try in range(TRIES):
        if await site.store.checkpoint():
            return True
        await asyncio.sleep(AGAIN)
    return False


def _delete(data: Path, known: set[int], before: int) -> int:
    for path in (data / MAIL_FOLDER).glob("*.eml"):
        if not path.stem.isdigit() or int(path.stem) not in known:
            path.unlink(missing_ok=True)
    old = [p for p in (data / BACKUPS).glob("*.db") if p.stat().st_mtime * 1000 <= before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def stays_on_the_lock(meeting: Meeting, person: PersonId) -> bool:
    """Say whether somebody's line of the locked register must stay checkable when they leave."""
    return is_locked(meeting) and person in meeting.register_lines


async def leave(site: Site, person: PersonId) -> Refused | None:
    """Take somebody off the register for good and erase them; of a locked register a name is left."""

    async def work(desk: Desk) -> Refused | None:
        row = desk.meeting.people[person]
        gone = row.standing is Standing.DECLINED and not row.roles
        if not gone and (refused := desk.take(Withdraw(person), SYSTEM)):
            return refused
        if stays_on_the_lock(desk.meeting, person):
            await retention.reduce_person(desk.tx, person)
            site.named.discard(person)
        else:
            await retention.erase_person(desk.tx, person)
            forget(site, person)
        return None

    refused = await site.hall.work(work)
    if refused is None:
        await _refresh(site)
        site.notes[:] = [note for note in site.notes if note.person != person]
        await tidy_files(site)
        await empty_the_log(site)
    return refused
