"""Stories 8 and 9: a killed server, no JavaScript, failing scripts, blocked sockets."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, Route, WebSocketRoute, expect

from tests.browser.served import People, Served, press, shown, suggested, to_open_vote

pytestmark = pytest.mark.browser


async def test_killed_in_the_middle_of_a_vote(own_served: Served, own_people: People) -> None:
    chair = await own_people.enter("Chair (morning)")
    pages = [await own_people.enter(f"Delegate 00{n}", phone=True) for n in (1, 2, 3)]
    for page in pages:
        await press(page, "I am here")
    await to_open_vote(chair)
    await press(pages[0], "For")
    await expect(pages[0].locator("[data-receipt]")).to_contain_text("Recorded")
    own_served.kill()
    await expect(pages[1].locator("#connection")).not_to_contain_text("Live", timeout=15_000)
    await press(pages[2], "Against")  # while nobody listens
    own_served.start()
    for page in (*pages, chair):
        await expect(page.locator("#connection")).to_contain_text("Live", timeout=20_000)
    await expect(pages[0].locator("[data-receipt]")).to_contain_text("Recorded")
    await expect(pages[1].locator("[data-receipt]")).to_contain_text("No ballot of yours")
    said = pages[2].locator("[data-receipt]")
    await expect(said).to_contain_text("ecorded", timeout=15_000)  # Recorded, or Not recorded
    if "Not recorded" in await said.inner_text():
        await press(pages[2], "Against")
        await expect(said).to_contain_text("Recorded")
    assert await suggested(chair) == "Close the vote"
    assert await suggested(chair) == "Declare the result"
    for page in pages:
        await expect(page.locator("[data-result]")).to_be_visible()
    assert (await pages[1].locator("[data-result] dd").all_inner_texts())[:3] == ["1", "1", "0"]
    verified = own_served.run("verify")
    assert verified.returncode == 0, verified.stdout


async def vote_by_reloading(page: Page, chair: Page) -> None:
    """Vote and see the result on a page that only refreshes itself."""
    await to_open_vote(chair)
    await expect(page.get_by_role("button", name="For", exact=True)).to_be_visible(timeout=30_000)
    await press(page, "For")
    await expect(shown(page, "Recorded").first).to_be_visible(timeout=15_000)
    assert await suggested(chair) == "Close the vote"
    assert await suggested(chair) == "Declare the result"
    await expect(page.locator("[data-result]")).to_be_visible(timeout=30_000)


async def fill(people: People, names: tuple[str, ...]) -> None:
    for name in names:
        await press(await people.enter(name), "I am here")


async def test_without_javascript(own_served: Served, own_people: People) -> None:
    chair = await own_people.enter("Chair (morning)")
    plain = await own_people.enter("Delegate 001", phone=True, java_script_enabled=False)
    await press(plain, "I am here")
    await expect(shown(plain, "You are counted as present")).to_be_visible()
    await fill(own_people, ("Delegate 002", "Delegate 003"))
    await vote_by_reloading(plain, chair)


async def test_scripts_that_do_not_load(own_served: Served, own_people: People) -> None:
    chair = await own_people.enter("Chair (morning)")
    page = await own_people.page(phone=True)

    async def fail(route: Route) -> None:
        await route.abort()

    await page.context.route("**/static/js/**", fail)
    await page.goto(own_people.links["Delegate 001"])
    await press(page, "Sign in")
    await press(page, "I am here")
    await expect(shown(page, "You are counted as present")).to_be_visible()
    await fill(own_people, ("Delegate 002", "Delegate 003"))
    await vote_by_reloading(page, chair)


async def test_blocked_sockets(own_served: Served, own_people: People) -> None:
    chair = await own_people.enter("Chair (morning)")
    page = await own_people.page(phone=True)

    async def block(socket: WebSocketRoute) -> None:
        await socket.close(code=1011, reason="blocked")

    await page.route_web_socket("**/live**", block)
    await page.goto(own_people.links["Delegate 001"])
    await press(page, "Sign in")
    await press(page, "I am here")
    await expect(shown(page, "You are counted as present")).to_be_visible()
    await expect(page.locator("#connection")).to_contain_text("Refreshing", timeout=20_000)
    await fill(own_people, ("Delegate 002", "Delegate 003"))
    await vote_by_reloading(page, chair)


async def test_a_chair_without_javascript(own_served: Served, own_people: People) -> None:
    """The whole of a motion by plain forms: the dialog is a page of its own."""
    chair = await own_people.enter("Chair (morning)", java_script_enabled=False)
    await fill(own_people, ("Delegate 001", "Delegate 002", "Delegate 003"))
    await chair.reload()
    for name in ("Open the conference", "Call this item", "Next item", "Call this item"):
        await press(chair, name)
    await press(chair, "Open the vote")
    await expect(chair).to_have_url(f"{own_served.url}/chair/votes/new?motion=6")
    await press(chair, "Open the vote")
    await expect(chair).to_have_url(f"{own_served.url}/chair")
    close = chair.get_by_role("button", name="Close the vote", exact=True)
    await expect(close).to_be_visible(timeout=30_000)
    await close.click()
    declare = chair.get_by_role("button", name="Declare the result", exact=True)
    await expect(declare).to_be_visible(timeout=30_000)
    await declare.click()
    await expect(chair.locator("[data-result]")).to_contain_text("Not carried")
