"""Mail to a chosen group: looked at first, tried on oneself, then sent slowly. And the reminders."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import OFFICE
from conference.rules import agenda
from conference.rules.kinds import ItemKind, Mode, Role, Standing
from conference.rules.refused import Refused
from conference.rules.state import Person
from conference.store import Reader, people, registrations
from conference.store.people import Account
from conference.web import forms, letters
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.register import ORDINARY
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views.dates import moment_in_words

APART_MS = 500
"""Between two mails to a group: slowly, so that no provider takes it for a flood."""
EACH_OWN = "…"
"""Stands for everybody's own secret where a mail is only looked at."""
HOUR_MS = 3_600_000
REMINDERS = {"day": 24 * HOUR_MS, "hour": HOUR_MS}
"""How long before the conference begins each of them goes."""

Text = Annotated[str, Meta(min_length=1, max_length=2000)]
To = Literal["accepted", "unseen", "speakers", "contact"]


@dataclass(frozen=True, slots=True)
class _One:
    row: Person
    account: Account
    signed_in: bool


def _accepted(one: _One) -> bool:
    return one.row.standing is Standing.ACCEPTED


GROUPS: Mapping[str, tuple[str, Callable[[_One], bool]]] = {
    "accepted": (_("Everybody who was accepted"), _accepted),
    "unseen": (
        _("Accepted, not yet signed in"),
        lambda one: _accepted(one) and not one.signed_in,
    ),
    "speakers": (_("Speakers"), lambda one: _accepted(one) and Role.SPEAKER in one.row.roles),
    "contact": (_("Who wants us to stay in touch"), lambda one: one.account.consent_contact),
}
"""To whom a mail can go; only people with an address are ever counted."""


class MailingForm(Struct, forbid_unknown_fields=True):
    """A mail to a group; `number` tells this form from every other, `seen` what was looked at last."""

    to: To
    text: Text
    link: Literal["yes", ""] = ""
    number: Annotated[str, Meta(max_length=40)] = ""
    seen: Annotated[str, Meta(max_length=64)] = ""
    wish: Literal["look", "test", "send"] = "look"


class ReminderForm(Struct, forbid_unknown_fields=True):
    """Whether the accepted are reminded."""

    reminders: Literal["on", "off"]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group, and how many mails it would be."""

    value: str
    label: str
    n: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class MailingPage:
    """The form, what it would send, and how the reminders stand."""

    groups: tuple[GroupLine, ...]
    text: str
    link: bool
    number: str
    preview: str
    """The mail as it would read; empty before it was looked at."""
    seen: str
    """What `send` has to bring back: that this very mail to this group was looked at."""
    changed: bool
    """Something else was to be sent than what was looked at: it is shown now, and nothing was sent."""
    n: int
    minutes: int
    tested: bool
    sent: int
    own_address: bool
    own_page: str
    """Where somebody without an address is given one."""
    by_hand: bool
    reminders: bool
    begins: str
    """When the conference begins, in words; empty when that is over or unknown."""


async def page(request: Request, visit: Visit) -> Response:
    """Show the form."""
    to: To = "unseen" if request.query_params.get("to") == "unseen" else "accepted"
    sent = request.query_params.get("sent", "")
    form = MailingForm(to, "", "yes" if to == "unseen" else "")
    number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else 0  # noqa: PLR2004
    return await _page(request, visit, form, sent=number)


async def _page(
    request: Request,
    visit: Visit,
    form: MailingForm,
    *,
    preview: str = "",
    changed: bool = False,
    tested: bool = False,
    sent: int = 0,
) -> Response:
    site = site_of(request)
    async with site.store.reading() as reader:
        known = await _known(site, reader)
        own = await people.get(reader, visit.id)
    counts = {name: len(_chosen(known, name)) for name in GROUPS}
    begins = begins_at(site)
    context = MailingPage(
        groups=tuple(
            GroupLine(name, gettext(label), counts[name], name == form.to)
            for name, (label, _fits) in GROUPS.items()
        ),
        text=form.text,
        link=bool(form.link),
        number=form.number or secrets.token_urlsafe(16),
        preview=preview,
        seen=_seen(site, form) if preview else "",
        changed=changed,
        n=counts[form.to],
        minutes=counts[form.to] * APART_MS // 60_000 + 1,
        tested=tested,
        sent=sent,
        own_address=bool(own and own.email),
        own_page=f"/registrar/people/{visit.id}",
        by_hand=not letters.sends(site),
        reminders=site.door.reminders,
        begins=moment_in_words(begins, site.meeting.conference.zone) if begins else "",
    )
    return render(request, visit, "mailing", gettext("Mail to a group"), context)


async def _known(site: Site, reader: Reader) -> list[_One]:
    """Return everybody with an address."""
    accounts = await people.all(reader)
    seen = await registrations.have_signed_in(reader)
    return [
        _One(row, account, account.person in seen)
        for account in accounts
        if account.email and (row := site.meeting.people.get(account.person)) is not None
    ]


def _chosen(known: list[_One], group: str) -> list[_One]:
    return [one for one in known if GROUPS[group][1](one)]


def _letter(site: Site, account: Account | None, text: str, *, link: bool) -> letters.NewsLetter:
    """Return the mail; a link is one's own, and only of people in no office."""
    row = site.meeting.people.get(account.person) if account else None
    address = f"{site.settings.address}/sign-in"
    if link and account is not None and row is not None and not row.roles - ORDINARY:
        address = site.links.address(account.person, account.link_generation)
    paragraphs = tuple(part.strip() for part in text.split("\n\n") if part.strip())
    return letters.NewsLetter(letters.band(site), address, paragraphs)


async def send(request: Request, visit: Visit) -> Response:
    """Look at the mail, try it on oneself, or send it to the group: slowly, and once."""
    form = await forms.read(request, MailingForm)
    site = site_of(request)
    unlike = form.wish == "send" and form.seen != _seen(site, form)
    if form.wish == "send" and not unlike:
        return await _send(site, form)
    async with site.store.reading() as reader:
        own = await people.get(reader, visit.id)
    letter = _letter(site, None, form.text, link=False)
    shown = replace(letter, link=f"{site.settings.address}/l/{EACH_OWN}") if form.link else letter
    preview = str(site.templates.render("mail/news.txt", shown))
    if form.wish == "test":
        await _test(site, own, letter)
    tested = form.wish == "test"
    return await _page(request, visit, form, preview=preview, changed=unlike, tested=tested)


def _seen(site: Site, form: MailingForm) -> str:
    return site.links.keyed_hash("mailing", form.to, form.link, form.text)


async def _test(site: Site, own: Account | None, letter: letters.NewsLetter) -> None:
    if own is None or not own.email:
        raise Refusal(Refused(Wrong.NO_ADDRESS))
    address = own.email

    async def work(desk: Desk) -> None:
        await letters.queue(desk, site, address, "news", letter)

    unless_refused(await site.hall.work(work))
    site.mail_wake()


async def _send(site: Site, form: MailingForm) -> Response:
    if not form.number or form.number in site.mailed:
        raise Refusal(Refused(Wrong.MAILING_SENT))
    site.mailed.add(form.number)

    async def work(desk: Desk) -> int:
        chosen = _chosen(await _known(site, desk.tx), form.to)
        for place, one in enumerate(chosen):
            letter = _letter(site, one.account, form.text, link=bool(form.link))
            address = one.account.email or ""
            await letters.queue(desk, site, address, "news", letter, after=place * APART_MS)
        return len(chosen)

    sent = await site.hall.work(work)
    if isinstance(sent, Refused):
        site.mailed.discard(form.number)
        raise Refusal(sent)
    site.mail_wake()
    return RedirectResponse(f"/registrar/mailing?sent={sent}", 303)


# --- reminders -----------------------------------------------------------------------------------


def begins_at(site: Site) -> int | None:
    """Return when the conference is to begin, or None when that is over or it has begun."""
    items = [i for i in agenda.in_order(site.meeting) if i.kind is not ItemKind.DOORS]
    begins = items[0].starts_at if items else 0
    waits = site.meeting.conference.opened_at is None
    return begins if waits and begins > site.now() else None


async def switch_reminders(request: Request, visit: Visit) -> Response:  # noqa: ARG001
    """Remind the accepted the day before and an hour before, or not."""
    form = await forms.read(request, ReminderForm)
    site = site_of(request)

    async def work(desk: Desk) -> None:
        site.door = replace(site.door, reminders=form.reminders == "on")
        await registrations.put_door(desk.tx, site.door)

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/registrar/mailing", 303)


def reminder_due(site: Site) -> str:
    """Return which reminder is to go now, or nothing. The later one wins over a missed earlier one."""
    begins = begins_at(site)
    demonstration = site.meeting.conference.mode is Mode.DEMONSTRATION
    if not site.door.reminders or begins is None or demonstration:
        return ""
    due = [name for name, before in REMINDERS.items() if site.now() >= begins - before]
    return due[-1] if due and due[-1] not in site.door.reminded else ""


async def remind(desk: Desk, site: Site, which: str) -> None:
    """Queue this reminder to everybody who was accepted, slowly, and remember that it has gone."""
    begins = begins_at(site) or desk.now()
    when = moment_in_words(begins, site.meeting.conference.zone)
    text = gettext("It begins on %(when)s.") % {"when": when}
    for place, one in enumerate(_chosen(await _known(site, desk.tx), "accepted")):
        letter = _letter(site, one.account, text, link=True)
        address = one.account.email or ""
        await letters.queue(desk, site, address, "news", letter, after=place * APART_MS)
    site.door = replace(site.door, reminded=(*site.door.reminded, which))
    await registrations.put_door(desk.tx, site.door)


ROUTES = [
    route("/registrar/mailing", page, OFFICE),
    route("/registrar/mailing", send, OFFICE, ("POST",)),
    route("/registrar/mailing/reminders", switch_reminders, OFFICE, ("POST",)),
]
