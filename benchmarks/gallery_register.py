"""Pictures of the registrar's desk: who waits, an import, the mail, the lock; see `gallery.py`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page

from tests.browser.served import DESK, PHONE, People, Served, mailed, press, shown
from tests.browser.test_organiser import register_of, upload

Take = Callable[[Page, str], Awaitable[None]]
WRONG = b"name,email,role\nAsh,ash@one,\nBo,bo@one.example,king\nCo,co@one.example,\n"


async def both(page: Page, name: str, take: Take, *, all_four: bool = False) -> None:
    """Take this page on a phone, light, and on a desk, dark; or on both in light and dark."""
    for size, width, usual in ((PHONE, "390", "light"), (DESK, "1280", "dark")):
        await page.set_viewport_size(size)
        for scheme in ("light", "dark") if all_four else (usual,):
            await page.emulate_media(color_scheme=scheme)
            await take(page, f"{name}-{width}{'-dark' if scheme == 'dark' else ''}")
    await page.emulate_media(color_scheme="light")


async def register(people: People, served: Served, name: str, email: str) -> Page:
    """Let somebody register and confirm their address."""
    page = await people.page(phone=True)
    await page.goto(f"{served.url}/register")
    await page.get_by_label("Display name").fill(name)
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Two lines to the registrar").fill(
        "I was at the meeting in May.\nKim knows me."
    )
    await page.locator("#taking_part").check()
    await press(page, "Register")
    link = re.search(r"http\S+/r/\S+", mailed(served, email))
    assert link
    await page.goto(link[0])
    await page.locator("main form button").click()
    return page


async def day(people: People, served: Served, take: Take) -> None:
    """The registrar's way from the first who waits to the late-comer."""
    applicant = await register(people, served, "Ash", "ash@mailinator.com")
    await register(people, served, "Bo", "bo@one.example")
    desk = await people.enter("Registrar")
    desk.context.set_default_timeout(60_000)
    await both(desk, "30-waiting", take)
    await applicant.goto(f"{served.url}/me/data")
    await both(applicant, "31-stored-about-me", take)
    await desk.goto(f"{served.url}/registrar/import")
    await upload(desk, "people.csv", WRONG)
    await both(desk, "32-wrong-rows", take)
    await desk.goto(f"{served.url}/registrar/import")
    await upload(desk, "people.csv", register_of(200))
    await desk.get_by_role("checkbox").check()
    await press(desk, "Import 200 people")
    await shown(desk, "200 people imported.").wait_for()
    await both(desk, "33-imported", take, all_four=True)
    await desk.get_by_role("link", name="Send them their links by mail").click()
    await desk.get_by_label("The text").fill("Dear all.\n\nYou can sign in from now on.")
    await press(desk, "Show it to me first")
    await both(desk, "34-mail", take)
    await desk.goto(f"{served.url}/registrar/registration")
    await desk.get_by_role("checkbox").check()
    await press(desk, "Lock the register")
    await desk.locator("[data-hash]").wait_for()
    await both(desk, "35-locked", take, all_four=True)
    await desk.goto(f"{served.url}/registrar")
    await both(desk, "36-locked-desk", take)
    await desk.goto(f"{served.url}/registrar/people?q=Bo")
    await desk.get_by_role("link", name="Bo", exact=True).click()
    await both(desk, "37-late", take)
