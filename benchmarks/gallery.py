"""Take pictures of Motion 1 in three browser windows, the chair's and the hall's, and of each page.

    python3 run.py gallery          # all of them, the old ones are deleted
    .venv/bin/python benchmarks/gallery.py stage       # a speaker's day only
    .venv/bin/python benchmarks/gallery.py register    # the registrar's only
    .venv/bin/python benchmarks/gallery.py votes       # a secret vote and what is published of it only

Writes docs/reports/pictures/*.jpg. The pictures are to be looked at: what was wrong with them, and
what was done about it, stands in docs/reports/gallery.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Page, async_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import gallery_register  # noqa: E402
import gallery_stage  # noqa: E402
import gallery_votes  # noqa: E402

from conference.devtools import find_browser  # noqa: E402
from tests.browser.served import (  # noqa: E402
    CHROMIUM_FLAGS,
    People,
    Served,
    press,
    quick_launch,
    shown,
    suggested,
    to_motion_1,
)

PICTURES = ROOT / "docs" / "reports" / "pictures"
PUBLIC = ("/", "/register", "/sign-in", "/agenda", "/motions", "/motions/1", "/minutes",
          "/privacy", "/standing-orders", "/help", "/agenda/paper", "/resolutions",
          "/agenda/changes", "/embed/agenda")  # fmt: skip
OFFICES = {
    "Chair (morning)": ("/chair/agenda",),
    "Registrar": ("/agenda/edit", "/agenda/edit/items/3", "/registrar", "/registrar/mail", "/mode"),
    "Teller": ("/count",),
    "Jackie Walker": ("/speaker", "/speaker/about"),
    "Steward": ("/stage",),
    "Delegate 005": ("/me",),
}


async def take(page: Page, name: str) -> None:
    """Take a picture of the whole page."""
    await page.wait_for_timeout(400)
    await page.screenshot(path=PICTURES / f"{name}.jpg", type="jpeg", quality=60, full_page=True)
    print(name)


async def motion_1(people: People, served: Served) -> None:
    chair = await people.enter("Chair (morning)")
    phone = await people.enter("Delegate 001", phone=True)
    dark = await people.enter("Delegate 002", phone=True, color_scheme="dark")
    desk = await people.enter("Delegate 003")
    late = await people.enter("Delegate 004", phone=True)
    screen = await people.page()
    await screen.goto(f"{served.url}/screen")
    await take(phone, "01-before-phone")
    for page in (phone, dark, desk):
        await press(page, "I am here")
    await to_motion_1(chair)
    await take(chair, "02-called-chair")
    await press(chair, "Moved")
    await dark.get_by_role("button", name="I second").wait_for()
    await take(dark, "03-moved-phone-dark")
    await press(dark, "I second")
    await chair.get_by_text("Seconder: Delegate 002").wait_for()
    await press(chair, "Seconded")
    await chair.locator(".step.suggested", has_text="Take the amendment").wait_for()
    await take(chair, "04-seconded-chair")
    for name in ("Take the amendment", "Call the mover", "End speech", "Moved", "Seconded"):
        assert await suggested(chair) == name
    await take(phone, "04-amendment-phone")
    await take(dark, "04-amendment-phone-dark")
    await take(screen, "04-amendment-screen")
    await press(phone, "Ask to speak for")
    await press(desk, "Ask to speak against")
    await phone.get_by_text("number 2 in the queue").wait_for()
    await take(phone, "04-asking-phone")
    await take(chair, "05-queue-chair")
    await suggested(chair)
    await take(desk, "06-speaker-desk")
    await take(screen, "06-speaker-screen")
    await point_of_order(people, chair, desk)
    for name in ("End speech", "Call next speaker", "End speech"):
        assert await suggested(chair) == name
    await closure(served, chair, phone)
    await press(chair, "No reply")
    await chair.locator(".step.suggested", has_text="Open the vote").wait_for()
    await press(chair, "Open the vote")
    await take(chair, "07-confirm-chair")
    await chair.get_by_role("dialog").get_by_role("button", name="Open the vote").click()
    await phone.get_by_text("Vote announced").wait_for()
    await take(late, "08-announced-late-phone")
    await phone.get_by_role("button", name="For", exact=True).wait_for()
    await take(phone, "09-open-phone")
    await press(phone, "For")
    await press(dark, "For")
    await press(desk, "Against")
    await desk.locator("[data-receipt]").get_by_text("Recorded").wait_for()
    await take(dark, "10-recorded-phone-dark")
    await take(desk, "10-recorded-desk")
    await take(late, "10-late-phone")
    await take(screen, "10-open-screen")
    await take(chair, "10-open-chair")
    assert await suggested(chair) == "Close the vote"
    await chair.get_by_role("button", name="Declare the result").wait_for()
    await take(chair, "11-counted-chair")
    await suggested(chair)
    await phone.locator("[data-result]").wait_for()
    await take(phone, "12-result-phone")
    await take(desk, "12-result-desk")
    await take(screen, "12-result-screen")


async def point_of_order(people: People, chair: Page, desk: Page) -> None:
    """A point of order: raised, heard with the clock stopped, ruled on."""
    other = await people.enter("Delegate 005")
    await press(other, "I am here")
    await other.locator("#procedure > summary").click()
    await take(other, "06-procedure-desk")
    await press(other, "Raise it")
    await chair.get_by_role("button", name="Hear it").click()
    await shown(desk, "The clock is stopped").first.wait_for()
    await take(desk, "06-clock-stopped-desk")
    await take(chair, "06-point-chair")
    await chair.get_by_label("Ruling, in one line").fill("The speech is in order.")
    await press(chair, "Not well taken")


async def closure(served: Served, chair: Page, phone: Page) -> None:
    """The guided form, on a phone."""
    await phone.goto(f"{served.url}/procedure")
    await take(phone, "06-procedure-phone")
    await phone.goto(f"{served.url}/procedure/suspend")
    await take(phone, "06-suspend-phone")
    await phone.goto(f"{served.url}/floor")
    await take(chair, "06-debate-chair")


async def pages(people: People, served: Served) -> None:
    for path in PUBLIC:
        name = path.strip("/").replace("/", "-") or "home"
        for phone in (True, False):
            page = await people.page(phone=phone)
            await page.goto(served.url + path)
            await take(page, f"page-{name}-{'390' if phone else '1280'}")
            await page.context.close()
    for somebody, paths in OFFICES.items():
        for phone in (True, False):
            page = await people.enter(somebody, phone=phone)
            for path in paths:
                await page.goto(served.url + path)
                name = path.strip("/").replace("/", "-")
                await take(page, f"page-{name}-{'390' if phone else '1280'}")


@contextlib.asynccontextmanager
async def demonstration(mode: str = "demonstration") -> AsyncIterator[tuple[People, Served]]:
    """A conference of its own with quick votes, served, and browsers for its people."""
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder) / "data")
        quick_launch(Path(folder) / "quick.toml")
        served.run("load", str(Path(folder) / "quick.toml"), "--mode", mode)
        served.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=str(find_browser()), args=CHROMIUM_FLAGS
                )
                yield People(browser, served.links()), served
                await browser.close()
        finally:
            served.stop()


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.*"):
        old.unlink()
    async with demonstration() as (people, served):
        await motion_1(people, served)
        await pages(people, served)
    await secret_vote()
    await stage_day()
    await register_day()


async def register_day() -> None:
    """The registrar's day, in a rehearsal."""
    async with demonstration("rehearsal") as (people, served):
        await gallery_register.day(people, served, take)


async def secret_vote() -> None:
    """A secret vote, what is published of it, and a vote by name."""
    async with demonstration() as (people, served):
        await gallery_votes.day(people, served, take)


async def stage_day() -> None:
    """The speaker's day."""
    async with demonstration() as (people, served):
        await gallery_stage.day(people, served, take)


PARTS = {"stage": stage_day, "register": register_day, "votes": secret_vote}

if __name__ == "__main__":
    asyncio.run(PARTS[sys.argv[1]]() if sys.argv[1:] else main())
