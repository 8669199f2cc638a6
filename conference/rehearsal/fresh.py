"""A screen held against the same page loaded anew: region by region, they must show the same.

A page that was kept up to date by what it was told, through lost lines and returns, must end where a
page begins that is loaded now.
"""

from __future__ import annotations

import asyncio
import time
from itertools import zip_longest

from conference.rehearsal import pages
from conference.rehearsal.browser import Browser
from conference.rehearsal.screens import SETTLED

TRIES = 6
SHOWN = 120
"""Letters of what is told of a difference."""


async def differs(browser: Browser, tries: int = TRIES) -> str | None:
    """Say in which regions this screen is not what the page shows that is loaded anew; empty: in none.

    What differs is looked at again until it had time to arrive: it is wrong when neither the screen nor
    the fresh page has moved meanwhile. None when that cannot be said: the line was lost, the page did
    not come, or there was no moment of rest.
    """
    before: dict[str, tuple[list[str], list[str]]] = {}
    connection = browser.connections
    for attempt in range(tries):
        if attempt:
            await asyncio.sleep(SETTLED)
        page = await browser.load()
        if page is None or not browser.is_connected or browser.connections != connection:
            return None
        now = _different(browser, page)
        if not now:
            return ""
        stuck = [_said(name, *both) for name, both in now.items() if before.get(name) == both]
        if stuck:
            return "; ".join(stuck)
        before = now
    return None


def _different(browser: Browser, page: pages.Loaded) -> dict[str, tuple[list[str], list[str]]]:
    """Return what each region that differs shows on the screen, and on the page loaded anew."""
    clock = time.time_ns() // 1_000_000
    found = {}
    for name, html in page.regions.items():
        shown = pages.seen(browser.screen.get(name, ""), clock, browser.turnouts)
        fresh = pages.seen(html, clock, {})
        if shown != fresh:
            found[name] = shown, fresh
    return found


def _said(name: str, shown: list[str], fresh: list[str]) -> str:
    at = next(n for n, (a, b) in enumerate(zip_longest(shown, fresh)) if a != b)
    first, anew = (" ".join(seen[at : at + 3])[:SHOWN] or "nothing" for seen in (shown, fresh))
    return f"{name} shows {first}, loaded anew {anew}"
