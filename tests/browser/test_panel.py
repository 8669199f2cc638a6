"""The chair's panel in a browser: the command line, what asks once more, two officers."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import PHONE, People, Served, press, shown, suggested
from tests.browser.test_access import violations

pytestmark = pytest.mark.browser


@pytest.fixture
async def chair(own_people: People) -> Page:
    return await own_people.enter("Chair (morning)")


async def filled(people: People) -> None:
    """As many delegates as the quorum needs."""
    for number in (7, 8, 9):
        await press(await people.enter(f"Delegate 00{number}"), "I am here")


async def command(page: Page, words: str) -> None:
    """Type this into the command line, by keyboard alone, and press Enter."""
    await page.locator("body").press("/")
    await expect(page.locator("#command")).to_be_visible()
    await page.keyboard.type(words)
    await page.keyboard.press("Enter")


async def to_motion_1(chair: Page) -> None:
    """Follow the suggestion until Motion 1 has been called."""
    stack = chair.locator(".stack-lines", has_text="Motion 1: called")
    for _ in range(60):
        if await stack.count():
            return
        await suggested(chair)
    raise AssertionError(await chair.inner_text("main"))


async def options(page: Page) -> list[str]:
    return await page.locator("#command-list [role=option]").all_inner_texts()


async def chosen(page: Page) -> str:
    """What a screen reader reads as the active option."""
    number = await page.locator("#command-line").get_attribute("aria-activedescendant")
    return await page.locator(f"#{number}").inner_text() if number else ""


async def test_the_conference_is_chaired_by_commands(chair: Page, own_people: People) -> None:
    delegate = await own_people.enter("Delegate 001", phone=True)
    await filled(own_people)
    await command(chair, "open conf")
    await expect(chair.get_by_role("button", name="Call this item")).to_be_visible()
    await command(chair, "call")
    await expect(chair.get_by_role("button", name="Next item")).to_be_visible()
    await command(chair, "break 25")
    await expect(shown(delegate, "We go on at")).to_be_visible()
    await command(chair, "early")  # asks once more: Enter again
    await expect(chair.get_by_role("button", name="Go on early")).to_be_focused()
    await chair.keyboard.press("Enter")
    await expect(shown(delegate, "We go on at")).to_have_count(0)
    await command(chair, "next")
    await expect(chair.get_by_role("button", name="Call this item")).to_be_visible()
    await command(chair, "break")  # for how long is asked
    await expect(chair.get_by_label("Minutes", exact=True)).to_be_focused()
    await chair.get_by_label("Minutes", exact=True).blur()
    await command(chair, "")  # the suggested step
    await expect(chair.get_by_role("button", name="Open the vote").first).to_be_visible()
    await command(chair, "open vote")
    dialog = chair.get_by_role("dialog", name="Open this vote?")
    await expect(dialog.get_by_role("button", name="Open the vote")).to_be_focused()
    await chair.keyboard.press("Enter")
    await expect(shown(delegate, "Vote announced: V1")).to_be_visible()


async def test_an_announcement_is_shown_first(chair: Page, own_people: People) -> None:
    delegate = await own_people.enter("Delegate 001", phone=True)
    await press(chair, "Open the conference")
    # What is not offered yet cannot be typed: the panel of an open conference must have arrived.
    await expect(chair.get_by_role("button", name="Call this item")).to_be_visible()
    await command(chair, "announce Call the stewards if you are lost")
    dialog = chair.get_by_role("dialog", name="Put this on every screen?")
    await expect(dialog.get_by_text("Call the stewards if you are lost")).to_be_visible()
    assert not await shown(delegate, "Call the stewards").count()
    await chair.keyboard.press("Enter")
    await expect(shown(delegate, "Call the stewards if you are lost")).to_be_visible()
    await command(chair, "off the screens")
    await expect(shown(delegate, "Call the stewards")).to_have_count(0)


async def test_the_keys_of_the_command_line(chair: Page) -> None:
    await press(chair, "Open the conference")
    await expect(chair.get_by_role("button", name="Call this item")).to_be_visible()
    note = chair.get_by_label("One line to the other officers")
    await note.fill("half")
    await note.press("/")
    await note.press("Control+k")
    await expect(chair.locator("#command")).to_be_hidden()
    assert await note.input_value() == "half/"
    await chair.locator("body").click(position={"x": 2, "y": 2})
    await chair.locator("body").press("Control+k")
    await expect(chair.locator("#command-line")).to_be_focused()
    everything = await options(chair)
    assert len(everything) > 3
    first = await chosen(chair)
    await chair.keyboard.press("ArrowDown")
    assert await chosen(chair) == everything[1] != first
    await chair.keyboard.press("ArrowUp")
    assert await chosen(chair) == first
    await chair.keyboard.type("declare")
    assert await options(chair) == []
    await expect(chair.locator("#command-say")).to_have_text("Nothing like this is possible now.")
    await chair.keyboard.press("Enter")  # presses nothing
    await expect(chair.locator("#command")).to_be_visible()
    assert await violations(chair) == []
    await chair.keyboard.press("Escape")
    await expect(chair.locator("#command")).to_be_hidden()
    await press(chair, "Command line")
    await chair.get_by_label("The key / opens this").uncheck()
    await press(chair, "Close")
    await chair.reload()
    await chair.locator("#command-open").wait_for()
    await chair.locator("body").press("/")
    await expect(chair.locator("#command")).to_be_hidden()


async def test_nothing_slips_under_the_finger(chair: Page, own_people: People) -> None:
    """What was chosen has gone in the meantime: Enter presses nothing else."""
    other = await own_people.enter("Chair (morning)")
    await press(chair, "Open the conference")
    await expect(chair.get_by_role("button", name="Call this item")).to_be_visible()
    await chair.locator("body").press("/")
    await chair.keyboard.type("call")
    assert "Call this item" in await chosen(chair)
    await press(other, "Call this item")
    said = chair.locator("#command-say")
    await expect(said).to_have_text("That has just changed. Look, and choose again.")
    await chair.keyboard.press("Enter")
    await asyncio.sleep(0.3)
    await expect(chair.locator("#command")).to_be_visible()
    await chair.keyboard.press("Escape")
    await expect(chair.get_by_role("button", name="Next item")).to_be_visible()


async def test_a_call_is_undone_while_it_can_be(chair: Page, own_people: People) -> None:
    await filled(own_people)
    await to_motion_1(chair)
    await press(chair, "Call the mover")
    undo = chair.get_by_role("button", name="Undo the call")
    await expect(undo).to_be_visible()
    await undo.click()
    await expect(chair.get_by_role("button", name="Call the mover")).to_be_visible()
    await asyncio.sleep(0.5)  # the same press at once is taken for a double click
    await press(chair, "Call the mover")
    await expect(undo).to_be_visible()
    await expect(undo).to_be_hidden(timeout=8000)
    await press(chair, "Stop the clock")
    await expect(shown(chair, "The clock is stopped").first).to_be_visible()
    assert await suggested(chair) == "Let the clock go on"
    assert await suggested(chair) == "End speech"


async def test_the_chair_is_handed_over(own_served: Served, own_people: People) -> None:
    chair = await own_people.enter("Chair (morning)")
    vice = await own_people.enter("Vice-chair", phone=True)
    await press(chair, "Open the conference")
    await expect(shown(vice, "You are watching")).to_be_visible()
    assert not await vice.locator("#region-panel form").count()
    line = chair.locator(".officers li", has_text="Vice-chair")
    await expect(line.get_by_text("connected", exact=True)).to_be_visible()
    await line.get_by_role("button", name="Offer the chair").click()
    await vice.get_by_role("button", name="Accept the chair").tap()
    await expect(vice.get_by_role("button", name="Call this item")).to_be_visible()
    await expect(shown(chair, "In the chair: Vice-chair.")).to_be_visible()
    assert not await chair.locator("#region-panel form").count()


async def test_the_panel_is_accessible_in_every_state(chair: Page, own_people: People) -> None:
    """A point of order, a speech, a dialog, a result: on a phone and on a desk."""
    await filled(own_people)
    await to_motion_1(chair)
    found = {}
    for name in ("Call the mover", "End speech", "Moved", "Seconded", "Take the amendment"):
        found[name] = await both(chair)
        assert await suggested(chair) == name
    await chair.evaluate(
        "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
    )
    found["all open"] = await both(chair)
    await press(chair, "Call the mover")
    found["speech"] = await both(chair)
    assert await suggested(chair) == "End speech"
    await press(chair, "Moved")
    await press(chair, "Seconded")
    await chair.get_by_role("button", name="Open the vote").first.click()
    found["dialog"] = await both(chair)
    assert {name: what for name, what in found.items() if what} == {}


async def both(page: Page) -> list[str]:
    found = []
    for size in (PHONE, {"width": 1280, "height": 900}):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        found += await violations(page)
    return found
