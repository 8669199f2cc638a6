"""A teller helps somebody to vote, and every device of that delegate says so, whatever page it shows."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.served import People, Served, press, shown, to_open_vote
from tests.browser.test_access import violations

pytestmark = pytest.mark.browser


async def test_a_ballot_on_behalf_is_told_to_whose_it_is(
    own_served: Served, own_people: People
) -> None:
    for name in ("Delegate 001", "Delegate 002", "Delegate 003"):
        await press(await own_people.enter(name), "I am here")
    phone = await own_people.enter("Delegate 002", phone=True)
    await phone.goto(f"{own_served.url}/me")
    chair, teller = await own_people.enter("Chair (morning)"), await own_people.enter("Teller")
    await to_open_vote(chair)
    await teller.goto(f"{own_served.url}/tellers/assistance")
    await teller.get_by_label("Part of the display name").fill("delegate 002")
    await press(teller, "Search")
    assert await violations(teller) == []
    await teller.get_by_role("button", name="For", exact=True).click()
    await expect(teller.get_by_label("I have read that out")).to_be_focused()  # told beforehand
    await teller.get_by_label("I have read that out").check()
    await teller.get_by_role("button", name="For", exact=True).click()
    await expect(shown(teller, "Recorded")).to_be_visible()
    await expect(shown(phone, "A vote was cast in your name in vote 1.")).to_be_visible()
    await expect(phone.locator("#announce")).to_contain_text("A vote was cast in your name")
    assert await violations(phone) == []
