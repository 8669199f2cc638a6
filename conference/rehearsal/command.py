"""`rehearse`: the copy is served, the pretend delegates come in, the figures are told, all is wiped."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TextIO

import msgspec

from conference.app import House
from conference.clock import beside
from conference.errors import CannotStart
from conference.rehearsal.delegates import Orders
from conference.rehearsal.stage import Cast, copied, prepare
from conference.rehearsed import Figures, Told
from conference.rules.kinds import Role
from conference.serve import configure_log, listening_socket, loop_factory, serve_on
from conference.settings import Settings
from conference.store.verify import verify
from conference.web.text import gettext as _

MOST = 10_000
LAST_SECONDS = 5
"""How long the closed conference stays on the screens when it has run by itself."""
QUIET_SECONDS = 10
"""Seconds between two lines of figures where there is no terminal."""
LOST = frozenset({"offline", "http_0", "http_500", "not_recorded", "internal"})
"""What no ballot may be answered: the delegate would not know whether it counts."""
TITLES = {
    Role.CHAIR: _("Chair"), Role.VICE_CHAIR: _("Vice-chair"), Role.SECRETARY: _("Secretary"),
    Role.TELLER: _("Teller"), Role.REGISTRAR: _("Registrar"), Role.ORGANISER: _("Organiser"),
    Role.STEWARD: _("Steward"), Role.SPEAKER: _("Speaker"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever started the rehearsal wants."""

    delegates: int
    minutes: float = 0
    """0: until it is stopped."""
    by_itself: bool = False
    """Whether what the panel suggests is pressed without a chair."""
    seed: int | None = None
    as_json: bool = False
    """Whether figures are told as lines of JSON, for the page of the organiser."""


def rehearse(data: Path, settings: Settings, wishes: Wishes) -> int:
    """Rehearse on a copy of the conference in `data`, served as `settings` say; 1 with findings.

    Afterwards the copy is gone and the original as it was. Raises CannotStart.
    """
    configure_log()
    sock = listening_socket(settings.host, settings.port)
    with sock, copied(data) as folder, asyncio.Runner(loop_factory=loop_factory()) as runner:
        own = Settings(folder, settings.host, settings.port, settings.public_url, copy=True)
        cast = runner.run(prepare(own, wishes.delegates))
        if wishes.by_itself and all(role is not Role.CHAIR for role, _player in cast.offices):
            raise CannotStart("Nobody is chair in this conference: it cannot run by itself.")
        rehearsal = Rehearsal(own, cast, wishes)
        runner.run(serve_on(own, sock, rehearsal.beside))
        if wishes.by_itself:
            rehearsal.figures.unsound = found = verify(folder)
            rehearsal.figures.sound = not found
        return rehearsal.conclude()


@dataclass(slots=True)
class Rehearsal:
    """One rehearsal while it runs, and what it came to."""

    settings: Settings
    cast: Cast
    wishes: Wishes
    figures: Figures = field(default_factory=Figures)
    failed: bool = False
    """Whether the pretend delegates ended by themselves."""

    @contextlib.asynccontextmanager
    async def beside(self, house: House, stop: Callable[[], None]) -> AsyncIterator[None]:
        """Let the pretend delegates come in while the copy is served."""
        self._greet()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "conference.rehearsal.delegates",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[2], limit=16 * 1024 * 1024,
            start_new_session=True,  # Ctrl-C is for us; they end when their input does
        )  # fmt: skip
        assert process.stdin is not None  # noqa: S101
        process.stdin.write(msgspec.json.encode(self._orders(house)) + b"\n")
        try:
            async with beside(partial(self._watch, process, house, stop)):
                if self.wishes.as_json:
                    await _stop_with(sys.stdin, stop)
                yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _orders(self, house: House) -> Orders:
        settings, wishes = self.settings, self.wishes
        chairs = [(str(p.person), p.link) for role, p in self.cast.offices if role is Role.CHAIR]
        return Orders(
            str(settings.data.absolute()), settings.host, settings.port, settings.address,
            house.site.store.epoch, [(p.person, p.link) for p in self.cast.delegates],
            chairs if wishes.by_itself else [],
            secrets.randbits(32) if wishes.seed is None else wishes.seed,
        )  # fmt: skip

    async def _watch(
        self, process: asyncio.subprocess.Process, house: House, stop: Callable[[], None]
    ) -> None:
        assert process.stdout is not None  # noqa: S101
        loop = asyncio.get_running_loop()
        begun, told, over = loop.time(), 0.0, 0.0
        async for line in process.stdout:
            self.figures = house.site.rehearsal = msgspec.json.decode(line, type=Figures)
            house.press.heads_changed()
            now = loop.time()
            if self.wishes.as_json or sys.stdout.isatty() or now - told >= QUIET_SECONDS:
                self._tell(line)
                told = now
            if self.figures.finished and self.wishes.by_itself:
                over = over or now
            limit = self.wishes.minutes * 60
            if (limit and now - begun > limit) or (over and now - over > LAST_SECONDS):
                stop()
                return
        self.failed = True
        stop()

    # --- what is said ---------------------------------------------------------------------------

    def _greet(self) -> None:
        links = [
            (str(TITLES[role]), player.name, self.settings.address + player.link)
            for role, player in self.cast.offices
        ]
        if self.wishes.as_json:
            _say(msgspec.json.encode(Told(self.settings.address, links)).decode())
            return
        _say(_("A rehearsal on a copy of the conference. The original stays as it is."))
        _say(_("Stop with Ctrl-C: the copy is wiped.") + "\n")
        if sys.stdout.isatty():
            for title, name, address in links:
                _say(f"  {title:<12} {name:<22} {address}")
        else:
            _say(_("Sign-in links are printed to a terminal only."))
        _say(f"  {_('Hall screen'):<12} {'':<22} {self.settings.address}/screen\n")
        missing = self.cast.register - len(self.cast.delegates)
        if missing > 0:
            _say(
                _("%(missing)s more delegates stand on the register and stay away.")
                % {"missing": missing}
            )

    def _tell(self, line: bytes) -> None:
        if self.wishes.as_json:
            _say(line.decode().rstrip())
        elif sys.stdout.isatty():
            sys.stdout.write("\r\x1b[K" + in_a_line(self.figures))
            sys.stdout.flush()
        else:
            _say(in_a_line(self.figures))

    def conclude(self) -> int:
        """Say what it came to; 1 when something was wrong, 0 when all was well."""
        figures = self.figures
        lost = {code: n for code, n in figures.not_recorded.items() if code in LOST}
        if self.wishes.as_json:
            self._tell(figures.line())
        else:
            _say("\n" + "\n".join(in_words(figures)))
            if figures.sound:
                _say(_("The copy is sound: its journal, votes and database agree."))
            _say(_("The copy has been wiped."))
        if self.failed:
            _say(_("The pretend delegates ended by themselves: see the lines above."))
        bad = figures.wrong or figures.miscounted or figures.unsound or lost or self.failed
        return 1 if bad else 0


class _Ends(asyncio.Protocol):
    """Calls `stop` when whoever started us is gone, however that ended."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    def connection_lost(self, _error: Exception | None) -> None:
        self._stop()


async def _stop_with(stream: TextIO, stop: Callable[[], None]) -> None:
    with contextlib.suppress(ValueError, OSError):  # no pipe, such as a file: nothing to watch
        await asyncio.get_running_loop().connect_read_pipe(lambda: _Ends(stop), stream)


def in_a_line(figures: Figures) -> str:
    """Return how it stands, short enough for one line of a terminal."""
    return _(
        "signed in %(signed_in)s/%(delegates)s · connected %(connected)s · dropped %(dropped)s, "
        "back %(back)s · votes %(votes)s · recorded %(recorded)s (median %(usual)s ms) · "
        "screens %(checked)s, wrong %(wrong)s"
    ) % msgspec.structs.asdict(figures)


def in_words(figures: Figures) -> list[str]:
    """Return what it came to, a line for each matter."""
    given = msgspec.structs.asdict(figures)
    lines = [
        _("Delegates: %(delegates)s, signed in %(signed_in)s.") % given,
        _("Lines: dropped %(dropped)s, back %(back)s; ended by themselves %(broken)s.") % given,
        _("Votes: %(votes)s. Ballots recorded: %(recorded)s, sent again %(resent)s.") % given,
        _(
            "Until recorded: median %(usual)s ms, slowest hundredth %(p99)s ms, slowest %(slowest)s ms."
        )
        % given,
        _("Presses taken: %(done)s") % {"done": _counts(figures.done)},
        _("Presses refused: %(refused)s") % {"refused": _counts(figures.refused)},
        _("Ballots not recorded: %(lost)s") % {"lost": _counts(figures.not_recorded)},
        _("Votes recounted: %(recounted)s, not as acknowledged %(miscounted)s.") % given,
        _(
            "Screens compared: %(checked)s, %(loaded)s of them with the page loaded anew, wrong %(wrong)s."
        )
        % given,
    ]
    return lines + [f"  {problem}" for problem in [*figures.problems, *figures.unsound]]


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items())) or _("none")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
