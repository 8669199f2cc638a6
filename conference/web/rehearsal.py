"""*Rehearse*: the organiser starts pretend delegates on a copy, watches the figures, and stops them."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import structlog
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import ORGANISER
from conference.rehearsed import Figures, Told
from conference.rules.kinds import Mode, Phase
from conference.rules.refused import Code, Refused
from conference.settings import Settings
from conference.web import forms, regions
from conference.web.guard import Refusal, Visit, route
from conference.web.pages import render
from conference.web.press import Press
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of
from conference.web.text import gettext as _

log = structlog.get_logger()

END_SECONDS = 10.0
LONGEST_LINE = 1024 * 1024


class Start(Struct, forbid_unknown_fields=True):
    """How many pretend delegates come."""

    wish: Literal["start", "stop"]
    delegates: Annotated[int, Meta(ge=1, le=10_000)] = 200


class Rehearsing:
    """The rehearsal that this server has started: a command of its own, and what it tells."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """Not have started it yet; `changed` is called whenever there is something new to show."""
        self.told: Told | None = None
        self.figures: Figures | None = None
        self.ended = ""
        self.runs = True
        self._changed = changed
        self._process: Process | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, settings: Settings, delegates: int) -> None:
        """Start the command beside this server. It ends with this server, however that ends."""
        root, data = Path(__file__).parents[2], str(settings.data.absolute())
        words = ("rehearse", "--json", "--data", data, "--delegates", str(delegates))
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "conference", *words,
            stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=LONGEST_LINE, cwd=root,
            start_new_session=True,
        )  # fmt: skip
        self._task = asyncio.create_task(self._listen(self._process))

    async def stop(self) -> None:
        """End it, and wait until its copy is wiped. Stopping twice is harmless."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        if self._task is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._task), END_SECONDS)

    async def _listen(self, process: Process) -> None:
        assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018
        errors = asyncio.create_task(process.stderr.read())
        async for line in process.stdout:
            with contextlib.suppress(msgspec.DecodeError):
                if self.told is None:
                    self.told = msgspec.json.decode(line, type=Told)
                else:
                    self.figures = msgspec.json.decode(line, type=Figures)
                self._changed()
        code = await process.wait()
        self.runs = False
        self.ended = _ended(code, (await errors).decode(errors="replace"))
        log.info("a rehearsal has ended", code=code)
        self._changed()


def _ended(code: int, errors: str) -> str:
    if code == 0:
        return _("The last rehearsal has ended. Its copy is wiped.")
    if code == 1:
        return _("The last rehearsal has ended with findings: see below. Its copy is wiped.")
    lines = [line for line in errors.splitlines() if line and not line.startswith("{")]
    why = lines[-1] if code == 2 and lines else ""  # noqa: PLR2004  (refused, in one sentence)
    return _("The rehearsal did not run. %(why)s") % {"why": why}


async def rehearsal(request: Request, visit: Visit) -> Response:
    """Show whether one runs, its figures, and the button."""
    return render(request, visit, "rehearsal", _("Rehearsal"), view=regions.REHEARSAL)


async def press_it(request: Request, _visit: Visit) -> Response:
    """Start a rehearsal, or stop it."""
    site = site_of(request)
    form = await forms.read(request, Start)
    if form.wish == "stop":
        if site.rehearsing is not None:
            await site.rehearsing.stop()
        return RedirectResponse("/rehearsal", 303)
    _check(site)
    press: Press = request.state.press
    site.rehearsing = made = Rehearsing(lambda: press.tell_view(regions.REHEARSAL))
    await made.start(site.settings, form.delegates)
    press.tell_view(regions.REHEARSAL)
    return RedirectResponse("/rehearsal", 303)


def _check(site: Site) -> None:
    head = site.meeting.conference
    if site.settings.copy or (site.rehearsing is not None and site.rehearsing.runs):
        raise Refusal(Refused(Wrong.REHEARSAL_RUNS))
    if head.phase is Phase.CLOSED:
        raise Refusal(Refused(Code.CONFERENCE_CLOSED))
    if head.mode is Mode.REAL and head.phase is Phase.OPEN:
        raise Refusal(Refused(Wrong.NOT_WHILE_OPEN))


ROUTES = [
    route("/rehearsal", rehearsal, ORGANISER),
    route("/rehearsal", press_it, ORGANISER, ("POST",)),
]
