"""Accessible from the start: axe finds nothing, and a vote is cast by keyboard and ear alone."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import PHONE, ROOT, People, Served, press, shown, suggested, to_open_vote

pytestmark = pytest.mark.browser

AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text() + ";0"
PUBLIC = (
    "/",
    "/register",
    "/sign-in",
    "/agenda",
    "/motions",
    "/motions/1",
    "/minutes",
    "/agenda/paper",
    "/minutes/paper",
    "/resolutions",
    "/screen",
    "/privacy",
    "/speakers",
    "/i",
    "/standing-orders",
    "/help",
)


async def violations(page: Page) -> list[str]:
    """What axe finds on this page, and whether anything runs out at the side."""
    await page.evaluate(AXE)
    found = await page.evaluate(
        """async () => {
            const result = await axe.run(document, {resultTypes: ["violations"]});
            return JSON.stringify(result.violations.map(
                (v) => [v.id, v.nodes.map((n) => n.html.slice(0, 120))]));
        }"""
    )
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    return [str(one) for one in json.loads(found)] + (["wider than the window"] if wide else [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_public_pages(served: Served, people: People, scheme: str) -> None:
    page = await people.page(phone=True, color_scheme=scheme)
    found = {}
    for path in PUBLIC:
        answer = await page.goto(served.url + path)
        assert answer is not None
        assert answer.status == 200, path
        found[path] = await violations(page)
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_of_people(served: Served, people: People, scheme: str) -> None:
    found = {}
    for name, paths in {
        "Delegate 001": ("/floor", "/me", "/procedure", "/procedure/suspend"),
        "Chair (morning)": ("/chair",),
        "Registrar": ("/registrar", "/registrar/mail", "/mode"),
        "Teller": ("/count", "/officers"),
        "Secretary": ("/minutes/corrections",),
        "Jackie Walker": ("/speaker", "/speaker/about"),
        "Steward": ("/stage", "/sound", "/invitations"),
    }.items():
        page = await people.enter(name, color_scheme=scheme)
        for path in paths:
            await page.goto(served.url + path)
            for size in (PHONE, {"width": 1280, "height": 900}):
                await page.set_viewport_size(size)  # type: ignore[arg-type]
                found[path, size["width"]] = await violations(page)
    assert {path: what for path, what in found.items() if what} == {}


async def test_a_vote_by_keyboard_and_ear(own_served: Served, own_people: People) -> None:
    """Story 5 without a pointer: every step through roles and names, heard as it happens."""
    chair = await own_people.enter("Chair (morning)")
    for name in ("Delegate 002", "Delegate 003"):
        await press(await own_people.enter(name), "I am here")
    page = await own_people.page()
    await page.goto(own_people.links["Delegate 001"])
    await tab_to(page, "Sign in")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/floor")
    await listen(page)
    await tab_to(page, "I am here")
    await page.keyboard.press("Space")
    await expect(shown(page, "You are counted as present")).to_be_visible()
    await to_open_vote(chair)
    await expect(page.get_by_role("button", name="For", exact=True)).to_be_visible()
    await tab_to(page, "Against")
    await page.keyboard.press("Enter")
    receipt = page.get_by_role("status").filter(has_text="Recorded")
    await expect(receipt.first).to_be_visible()
    await hears(page, "opens in a moment")
    await hears(page, "is open")
    assert await suggested(chair) == "Close the vote"
    await hears(page, "is closed")
    assert await suggested(chair) == "Declare the result"
    await expect(page.locator("[data-result]")).to_be_visible()
    await hears(page, "For 0, against 1")


async def listen(page: Page) -> None:
    """Remember everything that a screen reader would be told."""
    await page.evaluate(
        """() => {
            window.heard = [];
            new MutationObserver(() => {
                const text = document.getElementById("announce").textContent.trim();
                if (text) window.heard.push(text);
            }).observe(document.getElementById("announce"),
                       {childList: true, characterData: true, subtree: true});
        }"""
    )


async def hears(page: Page, sentence: str) -> None:
    """Wait until a screen reader has been told this."""
    said = ""
    for _ in range(100):
        said = " | ".join(await page.evaluate("window.heard"))
        if sentence in said:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(said)


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the button of this name has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        on = await page.evaluate(
            """() => document.activeElement.tagName === "BUTTON"
                 ? document.activeElement.textContent.trim() : "" """
        )
        if on == name:
            return
    raise AssertionError(f"no way by keyboard to {name}")
