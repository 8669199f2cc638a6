"""*I am here* arms one soft sound; who comes back from a locked screen sees the truth, and what was missed."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import People, Served, press, shown, suggested, to_open_vote

pytestmark = pytest.mark.browser

WATCH = """
    window.heard = { tones: 0, vibrations: 0, awake: 0 };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...all) {
      if (this.context.state === "running") heard.tones += 1;
      return start.apply(this, all);
    };
    Navigator.prototype.vibrate = () => (heard.vibrations += 1);
    const lock = { request: async () => ((heard.awake += 1), new EventTarget()) };
    Object.defineProperty(Navigator.prototype, "wakeLock", { get: () => lock });
"""
"""Counts what the page makes the device do: tones of a running audio, vibrations, wake locks."""


async def hide(page: Page, hidden: bool) -> None:
    """The phone is locked, or unlocked."""
    state = "hidden" if hidden else "visible"
    await page.evaluate(
        f"""() => {{
            Object.defineProperty(document, "visibilityState", {{ configurable: true, get: () => "{state}" }});
            document.dispatchEvent(new Event("visibilitychange"));
        }}"""
    )


async def enter(people: People, served: Served, name: str) -> Page:
    page = await people.page(phone=True)
    await page.add_init_script(WATCH)
    await page.goto(people.links[name])
    await press(page, "Sign in")
    await page.goto(f"{served.url}/floor")
    return page


async def test_a_sound_when_a_vote_opens_and_the_truth_after_a_locked_screen(
    own_served: Served, own_people: People
) -> None:
    loud = await enter(own_people, own_served, "Delegate 001")
    quiet = await enter(own_people, own_served, "Delegate 002")
    away = await enter(own_people, own_served, "Delegate 003")
    for page in (loud, quiet, away):
        await press(page, "I am here")
        await expect(page.locator("[data-alerts] input")).to_be_checked()
    await quiet.locator("[data-alerts] input").uncheck()
    assert await loud.evaluate("heard") == {"tones": 0, "vibrations": 0, "awake": 1}
    await hide(away, hidden=True)
    await away.wait_for_timeout(1600)
    await away.context.set_offline(True)

    chair = await own_people.enter("Chair (morning)")
    await to_open_vote(chair)
    await expect(loud.locator("[data-vote-state='open']")).to_be_visible()
    assert (await loud.evaluate("heard"))["tones"] == 2  # two tones, once
    assert (await loud.evaluate("heard"))["vibrations"] == 1
    assert (await quiet.evaluate("heard"))["tones"] == 0
    await press(loud, "For")
    await expect(loud.locator("[data-receipt]").get_by_text("Recorded")).to_be_visible()
    for _ in range(40):
        if await suggested(chair) == "Declare the result":
            break

    await hide(away, hidden=False)  # awake, and the network takes a moment
    await away.wait_for_timeout(1000)
    await away.context.set_offline(False)
    await expect(away.locator("#say")).to_contain_text("no ballot of yours was recorded")
    await expect(away.locator("[data-result]")).to_be_visible()
    await hide(loud, hidden=True)
    await loud.wait_for_timeout(1600)
    await hide(loud, hidden=False)
    await loud.wait_for_timeout(500)
    await expect(shown(loud, "no ballot of yours was recorded")).to_have_count(0)  # nothing missed
