"""Codes that are typed: mailed ones of eight digits, spoken ones of twelve.

A mailed code belongs to an address or to a person, so eight digits and ten tries are enough. A spoken
one stands alone, because whoever has no address has no other name here, and is longer for it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from conference.hall import Desk
from conference.rules.kinds import PersonId
from conference.store import people, signins
from conference.store.people import email_key
from conference.store.signins import Code, Purpose
from conference.web.browsers import browser_of
from conference.web.limiting import allow, client_of
from conference.web.site import Site, hash_token, new_token
from conference.web.text import gettext as _

MINUTE = 60_000
SHORT, LONG = 8, 12
SPOKEN_MINUTES = 10
TRIES = 10
"""So often a mailed code may be missed by strangers, and so often again in the browser that asked."""
DOUBLE_MS = 30_000
"""A press that comes again within this time is the same press, not somebody else's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is about to be mailed: the secret of its link, and the digits to type."""

    token: str
    digits: str


def digits_of(typed: str) -> str:
    """Return the digits of a code, however it was typed."""
    return "".join(c for c in typed if c.isdigit())


def spaced(digits: str) -> str:
    """Return a code as it is written and read out: in groups of four."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def look_again() -> str:
    """Return what helps somebody who has mistyped."""
    return _("Look at the code and at the address again. A code works once, and only for a while.")


def allow_try(request: Request, *whose: str) -> None:
    """Count one try at a code. Raises Refusal when this browser has tried too often for this one."""
    allow(request, "10/minute", "code", browser_of(request) or client_of(request), *whose)


async def mail_code(
    desk: Desk, site: Site, email: str, minutes: int, *, browser: str, leads_to: str = ""
) -> Asked:
    """Store a code for whoever has this address; older ones still work until they expire.

    An address that nobody has gets one, too: it signs nobody in, and costs the same time.
    """
    key, asked = email_key(email), _fresh()
    row = Code(
        hash_token(asked.token), Purpose.MAIL, None, key,
        site.links.keyed_hash(Purpose.MAIL, key, asked.digits),
        browser, leads_to, desk.now() + minutes * MINUTE,
    )  # fmt: skip
    await signins.add_code(desk.tx, row)
    return asked


async def link_code(desk: Desk, site: Site, person: PersonId, minutes: int, browser: str) -> Asked:
    """Store a code for a person who has opened their personal link on another device."""
    asked = _fresh()
    row = Code(
        hash_token(asked.token), Purpose.LINK, person, None,
        site.links.keyed_hash(Purpose.LINK, person, asked.digits),
        browser, "", desk.now() + minutes * MINUTE,
    )  # fmt: skip
    await signins.add_code(desk.tx, row)
    return asked


def _fresh() -> Asked:
    return Asked(new_token(), f"{secrets.randbelow(10**SHORT):0{SHORT}}")


async def spoken_code(desk: Desk, site: Site, person: PersonId) -> str:
    """Store a code to be read out to this person, and return its digits: they stand nowhere else."""
    digits = f"{secrets.randbelow(10**LONG):0{LONG}}"
    row = Code(
        _spoken_hash(site, digits), Purpose.SPOKEN, person, None, "", "", "",
        desk.now() + SPOKEN_MINUTES * MINUTE,
    )  # fmt: skip
    await signins.add_code(desk.tx, row)
    return digits


def _spoken_hash(site: Site, digits: str) -> str:
    return site.links.keyed_hash(Purpose.SPOKEN, digits)


async def spoken_person(desk: Desk, site: Site, digits: str, browser: str) -> PersonId | None:
    """Return whose spoken code this is; it is used up. None for any other."""
    key = _spoken_hash(site, digits)
    row = await signins.code(desk.tx, key, desk.now())
    if row is None or not await used(desk, row, browser):
        return None
    return row.person


async def used(desk: Desk, row: Code, browser: str) -> bool:
    """Use this code up; also true when this very browser did so a moment ago, by a double press."""
    if await signins.use_code(desk.tx, row.id_hash, browser, desk.now()):
        return True
    again = await signins.code(desk.tx, row.id_hash, desk.now())
    return again is not None and pressed_again(again, browser, desk.now())


def pressed_again(row: Code, browser: str, now: int) -> bool:
    """Say whether this code was used by this browser a moment ago."""
    recent = row.used_at is not None and now - row.used_at < DOUBLE_MS
    return recent and bool(browser) and row.used_browser == browser


async def live(
    desk: Desk, browser: str, *, email_key: str | None = None, person: PersonId | None = None
) -> list[Code]:
    """Return the codes of this address or person that can be used, or were by this very press."""
    now = desk.now()
    return await signins.live_codes(
        desk.tx, now, email_key=email_key, person=person, browser=browser, since=now - DOUBLE_MS
    )


async def match(
    desk: Desk, site: Site, rows: Sequence[Code], whose: str, typed: str, browser: str
) -> Code | None:
    """Return which of these codes was typed, unused still. A miss is counted on each of them."""
    open_ = [row for row in rows if _tries(row, browser) < TRIES]
    for row in open_:
        wanted = site.links.keyed_hash(row.purpose, whose, digits_of(typed))
        if hmac.compare_digest(row.digits, wanted):
            return row
    for row in open_:
        await signins.miss_code(desk.tx, row, browser)
    return None


def _tries(row: Code, browser: str) -> int:
    return row.own_tries if browser and row.browser == browser else row.tries


async def use_at_link(desk: Desk, site: Site, person: PersonId, typed: str, browser: str) -> bool:
    """Whether this code lets this person in at their personal link; it is used up.

    A code from the mail to their address will do, and so will a spoken one.
    """
    digits = digits_of(typed)
    if len(digits) == LONG:
        return await spoken_person(desk, site, digits, browser) == person
    own = await live(desk, browser, person=person)
    found = await match(desk, site, own, person, digits, browser)
    account = await people.get(desk.tx, person)
    if found is None and account is not None and account.email:
        key = email_key(account.email)
        mailed = await live(desk, browser, email_key=key)
        found = await match(desk, site, mailed, key, digits, browser)
    return found is not None and await used(desk, found, browser)
