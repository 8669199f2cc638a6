"""Pictures of a secret vote and of everything that is published of it, and of one by name; see `gallery.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import Page

from tests.browser.served import (
    DESK,
    PHONE,
    People,
    Served,
    no_amendments,
    press,
    suggested,
    to_motion_1,
    to_open_vote,
)

Take = Callable[[Page, str], Awaitable[None]]


async def each(page: Page, url: str, name: str, take: Take) -> None:
    """The page at both widths, light and dark."""
    for size in (PHONE, DESK):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.goto(url)
            await take(page, f"{name}-{size['width']}-{scheme}")


async def day(people: People, served: Served, take: Take) -> None:
    chair = await people.enter("Chair (morning)")
    phone = await people.enter("Delegate 001", phone=True)
    others = [await people.enter(f"Delegate 00{n}") for n in (2, 3, 4)]
    for page in (phone, *others):
        await press(page, "I am here")
    teller = await people.enter("Teller")
    screen = await people.page()
    await screen.goto(f"{served.url}/screen")
    await to_open_vote(chair)
    await phone.get_by_role("button", name="For", exact=True).wait_for()
    for size, scheme in ((PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")):
        await phone.set_viewport_size(size)  # type: ignore[arg-type]
        await phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await take(phone, f"30-ballot-{size['width']}-{scheme}")
    await phone.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await phone.get_by_text("The text, and who sees your ballot").click()
    await take(phone, "30-ballot-who-sees-390-dark")
    await press(phone, "For")
    await phone.locator("[data-receipt] .words").wait_for()
    await take(phone, "31-receipt-390-dark")
    for page, choice in zip(others, ("For", "Against", "Abstain"), strict=True):
        await press(page, choice)
        await page.locator("[data-receipt] .words").wait_for()
    number = await phone.locator("[data-vote]").first.get_attribute("data-vote")
    vote = f"{served.url}/votes/{number}"
    own = await people.enter("Delegate 001", phone=True)
    await each(own, vote, "31-vote-open", take)
    await each(teller, f"{served.url}/teller", "32-teller-open", take)
    assert await suggested(chair) == "Close the vote"
    await chair.get_by_role("button", name="Declare the result").wait_for()
    await each(teller, f"{served.url}/teller", "33-teller-counted", take)
    await take(screen, "33-screen-box")
    await take(phone, "33-closed-390-dark")
    assert await suggested(chair) == "Declare the result"
    await phone.locator("[data-result]").wait_for()
    await take(phone, "34-result-390-dark")
    for scheme in ("light", "dark"):
        await screen.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await take(screen, f"34-screen-heads-{scheme}")
    await each(own, vote, "35-vote", take)
    await each(own, f"{vote}/board", "36-board", take)
    await board_of_mine(own, vote, take)
    await by_name(chair, [phone, *others], own, take)


async def board_of_mine(own: Page, vote: str, take: Take) -> None:
    """From one's own receipt to its line on the board."""
    await own.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await own.goto(vote)
    await own.get_by_text("How to check it on your own computer").click()
    await take(own, "35-vote-how-to-check-390")
    await own.get_by_role("link", name="Find it on the board").click()
    await own.wait_for_url("**/board#*")
    await take(own, "36-board-mine-390")


async def by_name(chair: Page, floor: list[Page], own: Page, take: Take) -> None:
    """Conference decides that Motion 1 be voted on by name, and does."""
    phone, other, *_others = floor
    await to_motion_1(chair)
    await press(chair, "Moved")
    await press(other, "I second")
    await chair.get_by_text("Seconder: Delegate 002").wait_for()
    await press(chair, "Seconded")
    await no_amendments(chair)
    await phone.goto(phone.url.replace("/floor", "/procedure/by_name"))
    await take(phone, "37-by-name-asked-390-dark")
    await press(phone, "Move it")
    await phone.wait_for_url("**/floor")
    await press(other, "I second this")
    await chair.locator(".step.suggested", has_text="by name").wait_for()
    await chair.wait_for_timeout(1500)  # what is suggested has been seconded, and is told so
    for picture in ("37-by-name-decided-390-dark", "37-by-name-ballot-390-dark"):
        number = await voted_on(chair, floor, picture, take)
    await take(phone, "37-by-name-result-390-dark")
    url = own.url.partition("/votes/")[0]
    await each(own, f"{url}/votes/{number}", "38-vote-by-name", take)


async def voted_on(chair: Page, floor: list[Page], picture: str, take: Take) -> str:
    """Walk to the next vote and carry it; its number."""
    opened = chair.locator('[data-vote-state="announced"], [data-vote-state="open"]')
    while not await opened.count():
        await suggested(chair)
    for page in floor:
        await page.get_by_role("button", name="For", exact=True).wait_for()
    await take(floor[0], picture)
    for page in floor:
        await press(page, "For")
        await page.locator("[data-receipt] strong", has_text="Recorded").first.wait_for()
    number = await floor[0].locator("[data-vote]").first.get_attribute("data-vote")
    assert await suggested(chair) == "Close the vote"
    await chair.get_by_role("button", name="Declare the result").wait_for()
    assert await suggested(chair) == "Declare the result"
    await floor[0].locator(f'[data-result="{number}"]').first.wait_for()
    return number or ""
