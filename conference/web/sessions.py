"""Sign-ins as the server keeps them: begun, given a new secret, switched, ended."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from conference.hall import Desk
from conference.live.messages import SESSION_ENDED, Bye, encode
from conference.rules.kinds import PersonId, Phase
from conference.rules.refused import Refused
from conference.rules.state import Person
from conference.store import signins
from conference.store.signins import Session
from conference.web.browsers import browser_of, cookie_name, keep, label_of, name_browser
from conference.web.sentences import Wrong, say
from conference.web.site import Site, hash_token, new_token, site_of

AFTER_MS = 12 * 3600 * 1000
"""So long after the close a sign-in still works, for the result, the minutes and one's own data."""
DOUBLE_MS = 30_000
"""A sign-in that comes again within this time is the same press."""
GRACE_MS = 2 * 60 * 1000
"""So long a replaced secret still works, in case the answer with the new one was lost."""


def has_ended(site: Site, row: Session) -> bool:
    """Say whether this sign-in has ended with the conference."""
    head = site.meeting.conference
    if head.phase is not Phase.CLOSED or head.closed_at is None:
        return False
    return site.now() >= max(head.closed_at, row.created_at) + AFTER_MS


def rights_of(person: Person) -> str:
    """Return what decides what a person may do: when it changes, the secret changes with it."""
    return " ".join((person.standing, *sorted(person.roles)))


async def begin(
    request: Request,
    response: Response,
    persons: tuple[PersonId, ...],
    *,
    instead: tuple[Session, ...] = (),
    proved: bool = False,
) -> Refused | None:
    """Sign these people in on this browser, the first of them now; `instead` end.

    Every sign-in begins with a fresh secret: what a browser brought along signs nobody in. When the
    clerk refuses, everything is as it was.
    """
    site = site_of(request)
    browser, now = name_browser(request, response), site.now()
    tokens = {person: new_token() for person in persons}

    async def work(desk: Desk) -> None:
        for row in instead:
            await signins.end(desk.tx, row.id_hash)
        older = {row.person: row for row in await signins.of_browser(desk.tx, browser)}
        for person, token in tokens.items():
            fresh = Session(
                hash_token(token), person, now, label_of(request), browser,
                proved_at=now if proved else None, rights=rights_of(desk.meeting.people[person]),
            )  # fmt: skip
            await _put(desk, fresh, older.get(person))

    result = await site.hall.work(work)
    if isinstance(result, Refused):
        return result
    for row in instead:
        close_seats(site, row.person, row.id_hash)
    keep(site, response, cookie_name(site), tokens[persons[0]])
    return None


async def _put(desk: Desk, fresh: Session, older: Session | None) -> None:
    """Store the sign-in in place of an older one here; a press that came twice stays one."""
    if older is not None and fresh.created_at - older.created_at < DOUBLE_MS:
        until = fresh.created_at + GRACE_MS
        if await signins.rotate(desk.tx, older.id_hash, fresh.id_hash, fresh.rights, until):
            return
    if older is not None:
        await signins.end(desk.tx, older.id_hash)
    await signins.start(desk.tx, fresh)


async def settle(request: Request, response: Response, row: Session) -> None:
    """After a press: a new secret when the person's rights have changed, none but it afterwards.

    Only a press does this. A page that is merely looked at stores nothing, and may be lost on its
    way without signing anybody out.
    """
    site = site_of(request)
    person = site.meeting.people.get(row.person)
    if person is None:
        return
    if row.rights != rights_of(person):
        await renew(request, response, row)
    elif row.previous_hash is not None and _came_with(request, site) == row.id_hash:

        async def work(desk: Desk) -> None:
            await signins.forget_previous(desk.tx, row.id_hash)

        await site.hall.work(work)


def _came_with(request: Request, site: Site) -> str:
    return hash_token(request.cookies.get(cookie_name(site), ""))


async def renew(
    request: Request, response: Response, row: Session, *, grace: int = GRACE_MS
) -> bool:
    """Give this sign-in a new secret; False when it has ended or was given one just now."""
    site, token = site_of(request), new_token()

    async def work(desk: Desk) -> bool:
        rights = rights_of(desk.meeting.people[row.person])
        until = desk.now() + grace
        return await signins.rotate(desk.tx, row.id_hash, hash_token(token), rights, until)

    if await site.hall.work(work) is not True:
        return False
    for seat in site.room.of_person(row.person):
        if seat.session == row.id_hash:
            seat.session = hash_token(token)
    keep(site, response, cookie_name(site), token)
    return True


async def here(request: Request) -> list[Session]:
    """Return every sign-in on this browser that has not ended."""
    site = site_of(request)
    async with site.store.reading() as reader:
        found = await signins.of_browser(reader, browser_of(request))
    return [row for row in found if not has_ended(site, row)]


def close_seats(site: Site, person: PersonId, session: str = "", *, but: str = "") -> None:
    """Say goodbye on the open pages of this person: of one sign-in, or of all `but` one."""
    goodbye = encode(Bye(Wrong.SESSION_ENDED, say(Refused(Wrong.SESSION_ENDED)), 0))
    for seat in tuple(site.room.of_person(person)):
        if seat.session == (session or seat.session) and seat.session != but:
            seat.close(SESSION_ENDED, goodbye)
