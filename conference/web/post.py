"""Mail that no server has taken: shown to the registrar, who passes it on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import OFFICE
from conference.rules.kinds import PersonId, Role
from conference.rules.refused import Code, Refused
from conference.rules.state import Person
from conference.store import Reader, mail, people
from conference.store.mail import Mail
from conference.store.people import email_key
from conference.web import forms, letters
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import Site, site_of
from conference.web.text import gettext as _

SHOWN = 100
KEPT_MS = 24 * 3600 * 1000
"""A mail in a file is shown for as long as any link in it can work."""
LINK = re.compile(r"https?://\S+")
CODE = re.compile(r"^ *(\d{4} \d{4})$", re.MULTILINE)
ORDINARY = frozenset({Role.DELEGATE, Role.OBSERVER, Role.SPEAKER})


class MailForm(Struct, forbid_unknown_fields=True):
    """What is to become of a mail."""

    wish: Literal["again", "done"]


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """One mail. Link and code stand here only where somebody has to pass them on."""

    id: int
    recipient: str
    subject: str
    at: int
    state: str
    error: str
    link: str
    code: str
    text: str
    office: bool
    again: bool
    whose: tuple[tuple[PersonId, str], ...]
    """Who has this address and their names, where it has to be put right."""


@dataclass(frozen=True, slots=True)
class RegisterMailPage:
    """The mails: first what failed, then what was refused for now, each the newest first."""

    mails: tuple[WaitingMail, ...]
    more: int
    """How many such mails are not listed."""
    untried: int
    """How many wait for their turn, with a mail server: nobody has to do anything about them."""
    by_hand: bool
    zone: str


async def page(request: Request, visit: Visit) -> Response:
    """Show the mails that wait, failed, or stand in a file."""
    site = site_of(request)
    async with site.store.reading() as reader:
        found = await mail.waiting(reader)
        known = await _known(site, reader)
    since, sends = site.now() - KEPT_MS, letters.sends(site)
    untried = [m for m in found if sends and m.state == mail.QUEUED and not m.error]
    left = {m.id for m in untried}
    found = [
        m for m in found if m.id not in left and (m.state != mail.FILE or m.created_at >= since)
    ]
    found.sort(key=lambda m: (m.state != mail.FAILED, not m.error))
    context = RegisterMailPage(
        mails=tuple(_shown(site, m, known.get(email_key(m.recipient), [])) for m in found[:SHOWN]),
        more=len(found[SHOWN:]),
        untried=len(untried),
        by_hand=not sends,
        zone=site.meeting.conference.zone,
    )
    return render(request, visit, "register_mail", _("Mail to pass on"), context)


async def _known(site: Site, reader: Reader) -> dict[str, list[Person]]:
    """Return who is on the register with which address."""
    known: dict[str, list[Person]] = {}
    for account in await people.all(reader):
        row = site.meeting.people.get(account.person)
        if account.email and row is not None:
            known.setdefault(email_key(account.email), []).append(row)
    return known


def _shown(site: Site, queued: Mail, whose: list[Person]) -> WaitingMail:
    words = {
        mail.QUEUED: _("waits"),
        mail.FAILED: _("failed"),
        mail.FILE: _("to be passed on"),
    }
    by_hand = queued.state == mail.FILE or not letters.sends(site)
    # Whoever reads the links of people in an office could act as them.
    office = any(row.roles - ORDINARY for row in whose)
    text = queued.text if by_hand and not office else ""
    link, code = LINK.search(text), CODE.search(text)
    return WaitingMail(
        id=queued.id,
        recipient=queued.recipient,
        subject=queued.subject,
        at=queued.created_at,
        state=words[queued.state],
        error=queued.error,
        link=link.group() if link else "",
        code=code.group(1) if code else "",
        text=text,
        office=office and by_hand,
        again=queued.state == mail.FAILED,
        whose=tuple((row.id, site.names.get(row.id, "")) for row in whose if queued.error),
    )


async def change(request: Request, visit: Visit) -> Response:  # noqa: ARG001  (every handler has it)
    """Send a mail again, or take it off the list."""
    form = await forms.read(request, MailForm)
    site, number = site_of(request), request.path_params["mail"]

    async def work(desk: Desk) -> Refused | None:
        queued = await mail.get(desk.tx, number)
        if queued is None or queued.state == mail.SENT:
            return Refused(Code.UNKNOWN)
        if form.wish == "done":
            await mail.mark_sent(desk.tx, number, desk.now())
        elif queued.state == mail.FAILED:
            await mail.mark_again(desk.tx, number, desk.now())
        return None

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return RedirectResponse("/registrar/mail", 303)


ROUTES = [
    route("/registrar/mail", page, OFFICE),
    route("/registrar/mail/{mail:int}", change, OFFICE, ("POST",)),
]
