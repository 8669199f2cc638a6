"""Stories 1, 2 and 7: from the public page to the floor, and a speaker's day."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import People, Served, mailed, press, shown, suggested

pytestmark = pytest.mark.browser


async def register(page: Page, served: Served, name: str, address: str) -> str:
    """Go from the public page to the mail; return the link in it."""
    await page.goto(f"{served.url}/")
    await expect(shown(page, "27 February 2021").first).to_be_visible()
    for words in ("Tosh McDonald", "Motion 1", "Stop the witch-hunt"):
        await expect(shown(page, words).first).to_be_visible()
    await page.get_by_role("main").get_by_role("link", name="Register").first.click()
    boxes = page.get_by_role("checkbox")
    await expect(boxes).to_have_count(4)
    assert [await boxes.nth(n).is_checked() for n in range(4)] == [False] * 4
    await expect(shown(page, "taking part is impossible")).to_be_visible()
    await page.get_by_label("Display name").fill(name)
    await page.get_by_label("E-mail address").fill(address)
    await boxes.first.check()
    await page.get_by_role("main").get_by_role("button", name="Register").click()
    await page.wait_for_url("**sent=yes")
    found = re.search(r"http\S+/r/\S+", mailed(served, address))
    assert found
    return found.group(0)


async def test_from_the_public_page_to_the_floor(served: Served, people: People) -> None:
    person = await people.page(phone=True)
    link = await register(person, served, "Robin", "robin@mail.example")
    for _ in range(2):  # a mail scanner opens it first: nothing happens
        scanner = await people.page()
        await scanner.goto(link)
    await person.goto(link)
    await person.get_by_role("main").get_by_role("button").first.click()
    await person.wait_for_url("**/me")
    await expect(shown(person, "registrar").first).to_be_visible()

    registrar = await people.enter("Registrar")
    await registrar.goto(f"{served.url}/registrar")
    row = registrar.get_by_role("listitem").filter(has_text="Robin")
    for name in ("Accept", "Observer", "Decline"):
        await expect(row.get_by_role("button", name=name, exact=True)).to_be_visible()

    watcher = await people.page(phone=True)
    await watcher.goto(await register(watcher, served, "Sasha", "sasha@mail.example"))
    await watcher.get_by_role("main").get_by_role("button").first.click()
    await watcher.wait_for_url("**/me")
    other = registrar.get_by_role("listitem").filter(has_text="Sasha")
    await other.get_by_role("button", name="Observer", exact=True).click()  # arrived by itself
    await row.get_by_role("button", name="Accept", exact=True).click()
    await expect(row).to_have_count(0)

    await expect(shown(person, "accepted").first).to_be_visible()  # by itself
    assert "http" in mailed(served, "robin@mail.example")
    await person.goto(f"{served.url}/floor")
    await press(person, "I am here")
    await expect(shown(person, "You are counted as present")).to_be_visible()
    await watcher.goto(f"{served.url}/floor")
    await expect(shown(watcher, "Observers may watch").first).to_be_visible()
    await expect(watcher.get_by_role("button", name="I am here", exact=True)).to_have_count(0)


async def test_a_form_keeps_what_was_typed(served: Served, people: People) -> None:
    """Without the first consent: a sentence, and nothing typed is lost; with and without scripts."""
    for script in (True, False):
        page = await people.page(phone=True, java_script_enabled=script)
        await page.goto(f"{served.url}/register")
        await page.get_by_label("Display name").fill("Kim")
        await page.get_by_label("E-mail address").fill("kim@mail.example")
        box = page.get_by_role("checkbox").first
        await box.evaluate("(field) => field.removeAttribute('required')")
        await page.get_by_role("main").get_by_role("button", name="Register").click()
        await expect(shown(page, "impossible without").first).to_be_visible()
        await expect(page.get_by_label("Display name")).to_have_value("Kim")


async def test_a_speaker_is_told_when(own_served: Served, own_people: People) -> None:
    """Two before, next, on with the time left, thank you: all of it pushed."""
    chair = await own_people.enter("Chair (morning)")
    for number in (1, 2, 3):
        await press(await own_people.enter(f"Delegate 00{number}"), "I am here")
    speaker = await own_people.enter("Chris Knight", phone=True)
    await expect(shown(speaker, "10:41").first).to_be_visible()  # planned: the third of item 3
    for _ in range(60):
        if await shown(chair, "Tosh McDonald").count() and (
            await chair.locator(".step.suggested").inner_text()
        ).startswith("Call next speaker"):
            break
        await suggested(chair)
    slots = speaker.locator("#region-slots")
    await expect(slots).to_contain_text(re.compile("two before you", re.IGNORECASE))
    assert await suggested(chair) == "Call next speaker"
    await expect(slots).to_contain_text(re.compile("one before you", re.IGNORECASE))
    assert await suggested(chair) == "End speech"
    assert await suggested(chair) == "Call next speaker"
    await expect(slots).to_contain_text(re.compile("you are next", re.IGNORECASE))
    assert await suggested(chair) == "End speech"
    assert await suggested(chair) == "Call next speaker"
    await expect(slots).to_contain_text(re.compile("you are on", re.IGNORECASE))
    await expect(slots.locator("[data-countdown-to]")).to_contain_text(re.compile(r"[78]:\d\d"))
    assert await suggested(chair) == "End speech"
    await expect(slots).to_contain_text(re.compile("thank you", re.IGNORECASE))
