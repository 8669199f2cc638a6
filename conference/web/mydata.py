"""Everything that is stored about oneself, to read and as JSON; one's line of the register; leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from conference.permission import SIGNED_IN
from conference.rules.register import LOCK
from conference.store import about, registrations
from conference.store.retention import What
from conference.web import forms, sessions, tidy
from conference.web.browsers import cookie_name, drop
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import Site, site_of
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views import kept
from conference.web.views.dates import moment_in_words

TITLES = {
    "account": _("Name, address and what you agreed to"),
    "particulars": _("What you wrote to the registrar"),
    "decision": _("A decision that is not final yet"),
    "application": _("A registration that is not confirmed"),
    "session": _("Where you are signed in"),
    "code": _("Codes for signing in"),
    "link": _("Your personal link"),
    "passkey": _("Passkeys"),
    "totp": _("One-time codes of an app"),
    "recovery": _("Recovery codes"),
    "mail": _("Mails to you"),
    "person": _("What the rules know of you"),
    "register_line": _("Your line of the locked register, as a hash"),
    "register_salt": _("What is behind that hash"),
    "roll_person": _("Votes on whose roll you stand"),
    "ballot": _("Ballots, without what you chose"),
    "floor_request": _("When you asked to speak"),
    "turn": _("When you spoke"),
    "journal": _("What you did, as the journal has it"),
    "motion": _("Motions that you moved or seconded"),
    "amendment": _("Amendments that you handed in, moved or seconded"),
    "procedural": _("Procedural motions that you moved, seconded, supported or refused"),
    "point": _("Points that you raised or ruled on"),
    "ballot_spent": _("Presses whose ballot was replaced by a later one"),
    "slot": _("Your slots as a speaker"),
    "speaker": _("What you told as a speaker"),
    "picture": _("Your picture"),
    "calendar_feed": _("Your own address for a calendar program"),
    "help_call": _("Your calls for help"),
    "hidden_name": _("Names that the chair has hidden"),
    "let_in": _("When you asked two officers to let you in"),
    "note": _("Notes that you wrote to the officers"),
    "double": _("Steps in the hall that take two officers"),
    "office_step": _("Steps of the register that take two officers"),
    "correction": _("Corrections that you made in the minutes"),
    "draw": _("Draws from the register"),
    "election": _("Count sheets that you entered or confirmed"),
    "register_lock": _("The lock of the register"),
    "item": _("Items of the programme that name you"),
    "conference": _("Offices that you hold in the hall now"),
}
"""What people are told a table is; a test finds one that has no words yet."""
FLAGS = frozenset({"present", "urgent", "real"})
"""What is stored as 0 or 1 and read as no or yes."""
INNER = frozenset({"email_key", "recipient_key", "link_generation"})
"""What says the same as another line, in the form that the program compares; in the file only."""
MOST_SHOWN = 50
"""So many rows of one kind stand on the page; the file has all of them."""


class LeaveForm(Struct, forbid_unknown_fields=True):
    """Somebody leaves and knows that it is for good."""

    sure: Annotated[str, Meta(pattern=r"\Ayes\Z")]


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row as names and values."""

    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DataKind:
    """All rows of one kind."""

    title: str
    rows: tuple[DataRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class MyDataPage:
    """Everything, the proof of one's line, and the way out."""

    kinds: tuple[DataKind, ...]
    locked: bool
    salt: str
    line_name: str
    leaf: str
    root: str
    stays_until: str
    """Until when the name stays behind one's line of the register; empty when none stays."""
    named_until: str
    """Until when it stays on roll-calls of votes by name; empty when it stands on none."""


async def page(request: Request, visit: Visit) -> Response:
    """Show everything that is stored about oneself."""
    site = site_of(request)
    async with site.store.reading() as reader:
        found = await about.everything(reader, visit.id)
        salt = await registrations.salt_of(reader, visit.id)
    lock, line = site.meeting.register_locks.get(LOCK), site.meeting.register_lines.get(visit.id)
    context = MyDataPage(
        kinds=tuple(_kind(site, name, rows) for name, rows in found.items()),
        locked=lock is not None,
        salt=salt[0] if salt else "",
        line_name=salt[1] if salt else "",
        leaf=line.leaf if line else "",
        root=lock.root if lock else "",
        stays_until=_stays(site, visit),
        named_until=_named(site, found),
    )
    return render(request, visit, "my_data", gettext("Stored about me"), context)


def _kind(site: Site, name: str, rows: list[dict[str, Any]]) -> DataKind:
    title = gettext(TITLES[name]) if name in TITLES else name.replace("_", " ")
    shown = tuple(
        DataRow(
            tuple(
                (key.replace("_", " "), _value(site, key, v))
                for key, v in row.items()
                if key not in INNER
            )
        )
        for row in rows[:MOST_SHOWN]
    )
    return DataKind(title, shown, len(rows) - len(shown))


def _value(site: Site, key: str, value: Any) -> str:
    if (key == "at" or key.endswith("_at")) and isinstance(value, int):
        return moment_in_words(value, site.meeting.conference.zone)
    if key.startswith("consent_") or key in FLAGS:
        return gettext("yes") if value else gettext("no")
    return str(value)


def _stays(site: Site, visit: Visit) -> str:
    """Until when the name stays behind the line of the register; nothing when it does not stay."""
    if not tidy.stays_on_the_lock(site.meeting, visit.id):
        return ""
    return kept.last_day(site, What.PEOPLE)


def _named(site: Site, found: dict[str, list[dict[str, Any]]]) -> str:
    """Until when the name stays on roll-calls; nothing when it stands on none."""
    votes = site.meeting.votes
    if not any(votes[row["vote"]].by_name for row in found.get("ballot", ())):
        return ""
    return kept.last_day(site, What.VOTED)


async def as_json(request: Request, visit: Visit) -> Response:
    """Hand everything over as one JSON document."""
    site = site_of(request)
    async with site.store.reading() as reader:
        found = await about.everything(reader, visit.id)
    body = {"person": visit.id, "at": site.now(), "times": "milliseconds since 1970, UTC"}
    headers = {
        "Content-Disposition": 'attachment; filename="stored-about-me.json"',
        "Cache-Control": "no-store",
    }
    return JSONResponse({**body, "rows": found}, headers=headers)


async def leave(request: Request, visit: Visit) -> Response:
    """Leave the conference and be erased; every sign-in ends."""
    await forms.read(request, LeaveForm)
    site = site_of(request)
    unless_refused(await tidy.leave(site, visit.id))
    sessions.close_seats(site, visit.id)
    response = RedirectResponse("/?left=yes", 303)
    drop(site, response, cookie_name(site))
    return response


ROUTES = [
    route("/me/data", page, SIGNED_IN),
    route("/me/data.json", as_json, SIGNED_IN),
    route("/me/leaving", leave, SIGNED_IN, ("POST",)),
]
