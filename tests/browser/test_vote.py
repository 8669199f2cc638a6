"""Stories 3 to 6: the floor, the chair, three delegates, the result on every screen."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import People, Served, no_amendments, press, shown, suggested, to_motion_1

pytestmark = pytest.mark.browser


async def announced(page: Page) -> str:
    """What a screen reader was told last."""
    return await page.locator("#announce").inner_text()


async def test_motion_1_from_call_to_result(own_served: Served, own_people: People) -> None:
    served, people = own_served, own_people
    served.run("link", "observer", "Observer 1", "--port", str(served.port))
    people.links.update(served.links())
    chair = await people.enter("Chair (morning)")
    touch = await people.enter("Delegate 001", phone=True)
    mouse = await people.enter("Delegate 002")
    keys = await people.enter("Delegate 003")
    late = await people.enter("Delegate 004", phone=True)
    observer = await people.enter("Observer 1", phone=True)
    screen = await people.page()
    await screen.goto(f"{served.url}/screen")

    await touch.get_by_role("button", name="I am here", exact=True).tap()
    await press(mouse, "I am here")
    await keys.get_by_role("button", name="I am here", exact=True).focus()
    await keys.keyboard.press("Enter")
    for page in (touch, mouse, keys):
        await expect(shown(page, "You are counted as present")).to_be_visible()

    await to_motion_1(chair)
    await expect(touch.get_by_role("heading", name="Item 4")).to_be_visible()
    await press(chair, "Moved")
    await press(mouse, "I second")
    await expect(shown(mouse, "You have seconded the motion.")).to_be_visible()
    await press(chair, "Seconded")
    await no_amendments(chair)

    await the_queue(chair, touch, keys, mouse)

    await press(chair, "No reply")
    await expect(shown(touch, "The debate is closed")).to_be_visible()
    await suggested(chair)  # Open the vote, and confirm
    await expect(shown(touch, "Vote announced: Motion 1")).to_be_visible()
    await expect(late.get_by_role("button", name="I am here", exact=True)).to_be_visible()
    await expect(touch.locator('[data-vote-state="open"]')).to_be_visible()
    number = await touch.locator("[data-vote]").get_attribute("data-vote")
    assert number is not None

    await voting(touch, mouse, keys)
    await the_others(late, observer)
    await the_lost_phone(people, touch)

    await expect(shown(chair, "3 of 3 have voted")).to_be_visible()
    assert not await shown(chair, "for 2, against 1").count()
    assert await suggested(chair) == "Close the vote"
    assert await suggested(chair) == "Declare the result"
    for page in (touch, mouse, keys, late, observer, screen, chair):
        result = page.locator("[data-result]")
        await expect(result).to_be_visible()
        text = await result.inner_text()
        assert text.startswith("Carried")
        assert "Carried if more vote for than against." in text
    assert (await touch.locator("[data-result] dd").all_inner_texts())[:3] == ["2", "1", "0"]

    await expect(late.get_by_role("button", name="For", exact=True)).to_have_count(0)
    visitor = await people.page()
    await visitor.goto(f"{served.url}/motions/1")
    await expect(shown(visitor, "Carried").first).to_be_visible()
    await visitor.goto(f"{served.url}/minutes")
    await expect(shown(visitor, "Motion 1").first).to_be_visible()


async def the_queue(chair: Page, one: Page, other: Page, third: Page) -> None:
    """Asking, the place in the queue, withdrawing, being called, the clock."""
    await expect(shown(one, "your display name is shown")).to_be_visible()
    await press(one, "Ask to speak for")
    await expect(
        one.locator("#region-me").get_by_text("You are number 1 in the queue")
    ).to_be_visible()
    await press(other, "Ask to speak against")
    await expect(
        other.locator("#region-me").get_by_text("You are number 1 in the queue")
    ).to_be_visible()
    await expect(
        one.locator("#region-me").get_by_text("You are number 2 in the queue")
    ).to_be_visible()
    await press(third, "Ask to speak for")
    await expect(third.get_by_role("button", name="Withdraw", exact=True)).to_be_visible()
    await press(third, "Withdraw")
    await expect(third.get_by_role("button", name="Withdraw", exact=True)).to_have_count(0)
    assert await suggested(chair) == "Call next speaker"
    await expect(shown(one, "Delegate 003 speaks against")).to_be_visible()
    assert await suggested(chair) == "End speech"
    assert await suggested(chair) == "Call next speaker"
    await expect(shown(other, "Delegate 001 speaks for")).to_be_visible()
    await expect(other.locator(".speaker-now .clock").filter(visible=True)).to_be_visible()
    assert await suggested(chair) == "End speech"


async def voting(touch: Page, mouse: Page, keys: Page) -> None:
    """By touch, mouse and keyboard; *Recorded* in the page and in the ears; one changes."""
    for page in (touch, mouse, keys):
        assert not await shown(page, "Recorded").count()
    await touch.get_by_role("button", name="For", exact=True).tap()
    await press(mouse, "Against")
    button = keys.get_by_role("button", name="Against", exact=True)
    await button.focus()
    await keys.keyboard.press("Enter")
    for page in (touch, mouse, keys):
        await expect(page.locator("[data-receipt]")).to_contain_text("Recorded")
    await press(mouse, "For")
    await expect(mouse.locator("[data-receipt]")).to_contain_text("Recorded")


async def the_others(late: Page, observer: Page) -> None:
    """They see why they cannot vote, and that they may in the next."""
    await expect(shown(late, "you cannot vote in it").first).to_be_visible()
    await expect(shown(late, "you may vote in the next").first).to_be_visible()
    await expect(shown(observer, "Observers may watch")).to_be_visible()
    for page in (late, observer):
        await expect(page.get_by_role("button", name="For", exact=True)).to_have_count(0)


async def the_lost_phone(people: People, touch: Page) -> None:
    """The phone is gone; from another device the same person votes, and it is one ballot."""
    await touch.context.set_offline(True)
    other = await people.enter("Delegate 001")
    await expect(other.locator("[data-receipt]")).to_contain_text("Recorded")
    await press(other, "For")
    await expect(other.locator("[data-receipt]")).to_contain_text("Recorded")
    await touch.context.set_offline(False)
    await expect(touch.locator("#connection")).to_contain_text("Live", timeout=15_000)


@pytest.mark.timeout(900)
async def test_all_items_by_the_suggested_step_alone(
    own_served: Served, own_people: People
) -> None:
    """Every offered step works, from the opening to the end, without ever choosing."""
    chair = await own_people.enter("Chair (morning)")
    delegates = [await own_people.enter(f"Delegate 00{n}", phone=True) for n in (1, 2, 3)]
    for page in delegates:
        await press(page, "I am here")
    await expect(chair.locator("#region-hall")).to_contain_text("3")
    called = []
    for _ in range(200):
        if await shown(chair, "The conference is closed.").count():
            break
        # Nothing is suggested while conference is asked whether anybody objects.
        detail = await chair.locator(".step.suggested").inner_text(timeout=30_000)
        name = await suggested(chair)
        if name == "Call this item":
            called.append(detail)
    assert sum("Item " in detail for detail in called) == 15
    await expect(shown(delegates[0], "The conference is closed.").first).to_be_visible()
    assert "0" in await chair.locator("#region-hall dd").first.inner_text()
    verified = own_served.run("verify")
    assert verified.returncode == 0, verified.stdout


async def test_two_chairs_do_not_step_on_each_other(served: Served, people: People) -> None:
    """A form made for another step of conference is refused as stale; nothing changes."""
    chair = await people.enter("Chair (morning)")
    step = await chair.locator("input[name=step]").first.get_attribute("value")
    answer = await chair.request.post(
        f"{served.url}/chair/votes",
        form={"step": str(int(step or "1") + 5), "motion": "1"},
        headers={"Origin": served.url, "Accept": "application/json"},
    )
    assert answer.status == 409
    assert (await answer.json())["code"] == "stale"
