"""The composition root: settings become a store, a hall, a room, routes, and a running server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from conference import founding
from conference.clock import beside, running_clock
from conference.counter.client import Asks
from conference.hall import Desk, Hall, News, Trouble
from conference.housekeeper import Housekeeper
from conference.live.messages import RESTART, Bye, encode
from conference.mail import Postman
from conference.room import Room
from conference.rules.refused import Refused
from conference.rules.state import Meeting
from conference.scrutiny import Scrutiny
from conference.settings import Settings
from conference.store import Store, notes, people, registrations, remarks
from conference.web import backstage, door, encryption
from conference.web.files import Files
from conference.web.guard import answer
from conference.web.headers import SecurityHeaders
from conference.web.live import LiveDesk
from conference.web.press import Press
from conference.web.routes import LIVE, ROUTES
from conference.web.sentences import Wrong, say
from conference.web.site import Links, Site, joined_of
from conference.web.straight import Straight
from conference.web.templates import Templates, folder
from conference.web.watch import Watch

log = structlog.get_logger()

FINISH_SECONDS = 3.0
"""How long a stop waits for what has been handed in."""
BACK_MS = 1000
"""The first pages come back after so long…"""
SPREAD_MS = (500, 10_000)
"""…the last so much later: a millisecond for each seat, within these bounds."""

EXIT_DISK = 3
"""The exit code when the database could not be written: no acknowledgement may follow."""


@dataclass(slots=True)
class House:
    """Everything of one running conference."""

    site: Site
    press: Press
    app: ASGIApp


def read_secret(data: Path) -> str:
    """Return this installation's signing secret; made at the first start, readable only by us."""
    path = data / "secret"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        text = secrets.token_urlsafe(48)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
        return text


async def build(settings: Settings, store: Store, meeting: Meeting, counter: Asks) -> House:
    """Compose the house around an open store with a loaded conference.

    `counter` is asked while the house runs; who builds it sees to it that it answers.
    """
    hall = Hall(store, meeting, running_clock())
    site = await _site(settings, hall, counter)
    press = Press(site)

    def tell(news: News) -> None:
        press.tell(news)
        site.scrutiny.wake()

    hall.listener = tell
    hall.fatal = _end_process
    store.fatal = lambda: _end_process("the database could not be written")
    site.scrutiny.changed = press.tell_all
    return House(site, press, application(site, press))


async def _site(settings: Settings, hall: Hall, counter: Asks) -> Site:
    """Return what every handler works with, with what the store holds beside the meeting."""
    store = hall.store
    async with store.reading() as reader:
        texts = await founding.public_texts(reader)
        named = await people.named_consent(reader)
        accounts = await people.all(reader)
        written = await remarks.texts(reader)
        passed, own = await notes.everything(reader)
        told = await registrations.everything(reader)
        door = await registrations.door(reader)
        pending = await registrations.decisions(reader)
        beside = await backstage.load(reader)
    return Site(
        settings=settings,
        store=store,
        hall=hall,
        room=Room(),
        links=Links(read_secret(settings.data), settings.address),
        templates=Templates(),
        now=hall.now,
        public=texts,
        names={a.person: a.name for a in accounts},
        named=named,
        origins=frozenset({settings.address}),
        remarks=written,
        notes=passed,
        own_notes=own,
        backstage=beside,
        joined={
            a.person: joined_of(a, told.get(a.person, registrations.Particulars(a.person)))
            for a in accounts
        },
        door=door,
        pending={decision.person: decision for decision in pending},
        scrutiny=Scrutiny(hall, counter),
    )


def _end_process(reason: str) -> None:
    log.critical("ending: no ballot may be acknowledged any more", reason=reason)
    os._exit(EXIT_DISK)


def application(site: Site, press: Press) -> ASGIApp:
    """Return the ASGI application of this site."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, Any]]:
        async with running(site, press):
            yield {"site": site, "press": press, "desk": LiveDesk(site, press)}

    pages = Starlette(
        routes=[LIVE, *ROUTES, Mount("/static", Files(folder("static")))],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={404: _not_found, 405: _not_found, Exception: _internal},
        lifespan=lifespan,
    )
    return Straight(pages, LIVE.path, LIVE.app)


@contextlib.asynccontextmanager
async def running(site: Site, press: Press) -> AsyncIterator[None]:
    """Run the clerk; at the end say goodbye, finish the inbox, close the store."""
    async with site.hall.working() as clerk:
        clerk.add_done_callback(_clerk_ended)
        await site.hall.work(lambda desk: _begin(site, desk))
        try:
            async with (
                site.scrutiny.working(),
                Postman(site).working(),
                Watch(site).working(),
                Housekeeper(site).working(),
                beside(lambda: site.templates.prepare(lambda: len(site.asked))),
            ):
                site.ready = True
                press.start()
                yield
        finally:
            site.ready = False
            press.stop()
            if site.crowd is not None:
                await site.crowd.stop()
            if site.rehearsing is not None:
                await site.rehearsing.stop()
    await site.store.close()


async def _begin(site: Site, desk: Desk) -> None:
    """Store what a start brings: hashes of new people's links, and who answers for plain HTTP."""
    await door.keep_links(site, desk)
    await encryption.note(site, desk)


def _clerk_ended(clerk: asyncio.Task[None]) -> None:
    if not clerk.cancelled() and clerk.exception() is not None:
        _end_process(f"the clerk ended: {type(clerk.exception()).__name__}")


async def finish(site: Site) -> None:
    """Be no longer ready; whatever has been handed in until now is stored and answered."""
    site.ready = False
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FINISH_SECONDS):
            await site.hall.work(_nothing)  # behind all that waits already


async def _nothing(_desk: Desk) -> None:
    return None


def say_goodbye(site: Site) -> None:
    """Tell every page that the server restarts, and each when to come back: not all at once."""
    seats = site.room.seats()
    spread = min(max(len(seats), SPREAD_MS[0]), SPREAD_MS[1])
    say_it = say(Refused(Wrong.RESTART))
    steps = 20
    texts = [
        encode(Bye(Wrong.RESTART, say_it, BACK_MS + spread * step // steps))
        for step in range(steps)
    ]
    for place, seat in enumerate(seats):
        seat.close(RESTART, texts[place % steps])


async def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    wrong = Wrong.METHOD if status == 405 else Wrong.NOT_FOUND  # noqa: PLR2004
    return answer(request, Refused(wrong))


async def _internal(request: Request, error: Exception) -> Response:
    log.error("a request failed", route=_pattern(request), exc_info=error)
    return answer(request, Refused(Trouble.INTERNAL))


def _pattern(request: Request) -> str:
    """Return the route's pattern: a path may hold a token, which must not reach a log."""
    return str(getattr(request.scope.get("route"), "path", "unknown"))
