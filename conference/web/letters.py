"""The mails that the product writes: composed from templates, queued in the clerk's transaction.

Sender and subject are neutral and a mail names no conference: who looks over somebody's shoulder
learns nothing from it. The link says the rest. Sending is `conference/mail.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from conference.hall import Desk
from conference.rules.kinds import Mode, Role
from conference.store import mail, people
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import lazy
from conference.web.views.standing import minutes_in_words
from conference.web.views.words import MODES

PER_ADDRESS = 3
PER_MINUTES = 15
MINUTE = 60_000

APPLICATION_MINUTES = 24 * 60
"""How long a registration waits for its address to be confirmed."""
SIGN_IN_MINUTES = 10
BY_HAND_MINUTES = 120
"""How long a sign-in lasts that no mail server sends: somebody has to pass it on first."""

SUBJECTS = {
    **dict.fromkeys(("decision", "address_changed", "news"), lazy("Your registration")),
    "code": lazy("Your code"),
    "invitation": lazy("Your invitation"),
    "declined": lazy("An answer"),
    "time": lazy("Your time"),
}
WAITED_FOR = frozenset({"sign_in", "known", "unknown", "code", "confirm"})
"""Mails that somebody waits for before a screen: they go before all others."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with a link. `band` is empty in a real conference."""

    band: str
    link: str


@dataclass(frozen=True, slots=True)
class LastingLetter(Letter):
    """A mail with a link that works for a while."""

    lasts: str


@dataclass(frozen=True, slots=True)
class CodeLetter(LastingLetter):
    """A mail with a link and a code that says the same."""

    code: str


@dataclass(frozen=True, slots=True)
class CodeOnlyLetter:
    """A mail with nothing but a code, for a link that somebody has at hand."""

    band: str
    code: str
    lasts: str


@dataclass(frozen=True, slots=True)
class NewsLetter(Letter):
    """A mail from the organiser to a group: paragraphs, and where one signs in."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionLetter(Letter):
    """A mail about the registrar's decision: `accept`, `observer` or `decline`, and why."""

    decision: str
    reason: str


@dataclass(frozen=True, slots=True)
class InvitationLetter(Letter):
    """A mail that invites a speaker: a link that lives until the slot is over, and a code.

    The code is empty for whoever signs in with an address of their own.
    """

    code: str
    code_page: str


@dataclass(frozen=True, slots=True)
class TimeLetter(Letter):
    """A mail that reminds a speaker; `guest` says whether the link alone signs them in."""

    sentence: str
    guest: bool


def sends(site: Site) -> bool:
    """Say whether mail goes to a mail server; otherwise the registrar passes it on."""
    demonstration = site.meeting.conference.mode is Mode.DEMONSTRATION
    return bool(site.settings.smtp.host) and not demonstration


def sign_in_minutes(site: Site) -> int:
    """Return how long a mailed sign-in works."""
    return SIGN_IN_MINUTES if sends(site) else BY_HAND_MINUTES


def unknown(site: Site) -> Letter:
    """Return the mail that says that nobody is registered with this address."""
    return Letter(band(site), f"{site.settings.address}/register")


def confirmation(site: Site, token: str) -> LastingLetter:
    """Return the mail that asks to confirm a registration."""
    link = f"{site.settings.address}/r/{token}"
    return LastingLetter(band(site), link, minutes_in_words(APPLICATION_MINUTES))


def sign_in(site: Site, token: str, code: str) -> CodeLetter:
    """Return the mail that signs somebody in."""
    lasts = minutes_in_words(sign_in_minutes(site))
    return CodeLetter(band(site), f"{site.settings.address}/s/{token}", lasts, code)


def code_only(site: Site, code: str) -> CodeOnlyLetter:
    """Return the mail with the code that a personal link asks for on a new device."""
    return CodeOnlyLetter(band(site), code, minutes_in_words(sign_in_minutes(site)))


def decided(site: Site, decision: str, reason: str = "") -> DecisionLetter:
    """Return the mail that says what the registrar has decided."""
    return DecisionLetter(band(site), f"{site.settings.address}/me", decision, reason)


def address_changed(site: Site) -> Letter:
    """Return the mail to an old and a new address."""
    return Letter(band(site), f"{site.settings.address}/privacy")


def invitation(site: Site, link: str, code: str) -> InvitationLetter:
    """Return the mail that invites a speaker."""
    return InvitationLetter(band(site), link, code, f"{site.settings.address}/i")


async def tell_organisers(desk: Desk, site: Site) -> None:
    """Write to every organiser with an address that a speaker has declined; the page says who."""
    context = Letter(band(site), f"{site.settings.address}/invitations")
    for account in await people.all(desk.tx):
        row = desk.meeting.people.get(account.person)
        if row is not None and Role.ORGANISER in row.roles and account.email:
            await queue(desk, site, account.email, "declined", context)


def band(site: Site) -> str:
    """Return the line above everything that is not a real conference."""
    text = MODES[site.meeting.conference.mode]
    return _(text) if text else ""


async def may_write(desk: Desk, address: str) -> bool:
    """Say whether this address may be written to again already: a stranger must not flood it.

    What officers send does not count: a reminder must not take somebody's mail for signing in.
    """
    since = desk.now() - PER_MINUTES * MINUTE
    return await mail.asked_for(desk.tx, address, since) < PER_ADDRESS


def write(site: Site, template: str, context: object) -> tuple[str, str]:
    """Return a mail as text and as HTML."""
    text = site.templates.render(f"mail/{template}.txt", context)
    return str(text), str(site.templates.render(f"mail/{template}.html", context))


async def queue(
    desk: Desk,
    site: Site,
    address: str,
    template: str,
    context: object,
    *,
    after: int = 0,
    sends_it: bool = True,
) -> int:
    """Let the mail be sent `after` milliseconds after the commit; then call `site.mail_wake`.

    With `sends_it` false everything is done but the sending: the mail counts as done.
    """
    text, html = write(site, template, context)
    subject = _(SUBJECTS.get(template, lazy("Your link")))
    waits = template in WAITED_FOR
    made = await mail.queue(
        desk.tx,
        address,
        subject,
        text,
        html,
        desk.now(),
        urgent=waits,
        after=after,
        sent=not sends_it,
    )
    await people.sweep(desk.tx, desk.now())
    return made
