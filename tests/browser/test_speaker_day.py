"""A speaker's way on a phone, from the invitation in the mail to *You are on*, and the board beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.foreign import Foreign
from tests.browser.served import People, Served, mailed, press, shown, suggested

pytestmark = pytest.mark.browser

NAME, ADDRESS = "Tosh McDonald", "tosh@mail.example"


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[Foreign]:
    """Stands for the service in which people speak."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    server = Foreign(folder)
    yield server
    server.close()


async def invite(people: People, served: Served) -> tuple[str, str]:
    """Let the organiser send the invitation; return link and code from the mail."""
    organiser = await people.enter("Registrar")
    await organiser.goto(f"{served.url}/invitations")
    row = organiser.locator(".invited > li").filter(has=organiser.locator("h3", has_text=NAME))
    await row.get_by_label("E-mail address").fill(ADDRESS)
    await row.get_by_role("button", name="Send the invitation").click()
    text = mailed(served, ADDRESS)
    link = re.search(r"http\S+/i/\S+", text)
    code = re.search(r"^ *(\d{4} \d{4} \d{4})$", text, re.MULTILINE)
    assert link
    assert code
    return link.group(0), code.group(1)


async def to_the_speakers(chair: Page) -> None:
    """Walk by the suggested step until the first speaker of item 3 can be called."""
    for _ in range(60):
        if await shown(chair, NAME).count() and (
            await chair.locator(".step.suggested").inner_text()
        ).startswith("Call next speaker"):
            return
        await suggested(chair)
    raise AssertionError(await chair.inner_text("main"))


async def test_from_the_invitation_to_you_are_on(
    own_served: Served, own_people: People, foreign: Foreign
) -> None:
    people, served = own_people, own_served
    steward = await people.enter("Steward")
    await expect(steward).to_have_url(re.compile("/stage$"))
    await steward.goto(f"{served.url}/sound")
    form = steward.locator("#sound-0 form")
    await form.locator("[name=speak]").fill(f"{foreign.url}/page.html")
    await form.locator("[name=steward]").fill("Kim, 01632 960 001")
    await form.get_by_role("button", name="Keep").click()
    link, code = await invite(people, served)

    phone = await people.page(phone=True)
    for _ in range(2):  # a mail scanner opens it first: nothing happens
        await phone.goto(link)
    await press(phone, "Go to my slot")
    await expect(phone).to_have_url(f"{served.url}/speaker")
    await expect(shown(phone, "10:25").first).to_be_visible()
    await expect(shown(phone, "Kim, 01632 960 001").first).to_be_visible()
    await press(phone, "Yes, I can make it")
    await expect(shown(phone, "You have said that you can make it.").first).to_be_visible()
    await press(phone, "Seen")
    await phone.get_by_label("Sound check at").select_option("09:40")
    await press(phone, "Book")
    await expect(phone.locator(".checklist .done")).to_have_count(3)
    await expect(phone.get_by_role("link", name="Go to the speaking room")).to_have_count(0)
    refused = await phone.request.get(f"{served.url}/speaker/slots/1/room", max_redirects=0)
    assert refused.status == 403

    tablet = await people.page()  # the code was read out; the phone stays signed in
    await tablet.goto(f"{served.url}/i")
    await tablet.get_by_label("Your code").fill(code)
    await press(tablet, "Go to my slot")
    await expect(shown(tablet, "You have said that you can make it.").first).to_be_visible()

    await steward.goto(f"{served.url}/stage")
    line = steward.locator("#line-1")
    await expect(line).to_contain_text("check at 09:40")
    await press(phone, "I am here")
    await expect(line).to_contain_text("here")
    await line.get_by_role("button", name="Checked").click()
    await expect(phone.locator(".checklist .done")).to_have_count(5)

    for number in (1, 2, 3):
        await press(await people.enter(f"Delegate 00{number}"), "I am here")
    chair = await people.enter("Chair (morning)")
    await to_the_speakers(chair)
    slot = phone.locator("#slot-1")
    await expect(slot).to_contain_text("You are next. Stand by.")
    async with phone.context.expect_page() as opened:
        await phone.get_by_role("link", name="Go to the speaking room").click()
    room = await opened.value
    await expect(room.locator("#says")).to_have_text(re.compile("from nowhere"))
    assert await room.evaluate("window.opener") is None
    await room.close()
    assert await suggested(chair) == "Call next speaker"
    await expect(slot).to_contain_text("You are on.")
    await expect(slot.locator("[data-countdown-to]")).to_contain_text(re.compile(r"[78]:\d\d"))
    await steward.get_by_role("button", name="One minute").click()
    await expect(slot).to_contain_text("The stage manager signals: one minute.")
    await expect(tablet.locator("#slot-1")).to_contain_text("one minute")
    assert await suggested(chair) == "End speech"
    await expect(slot).to_contain_text("Thank you.")
    late = await people.page()
    await late.goto(link)  # the slot is over, and so is the invitation
    await expect(late.get_by_role("button", name="Go to my slot")).to_have_count(0)


async def test_who_declines_is_replaced(served: Served, people: People) -> None:
    link, _code = await invite(people, served)
    phone = await people.page(phone=True)
    await phone.goto(link)
    await press(phone, "Go to my slot")
    await press(phone, "No, I cannot")
    await expect(shown(phone, "The organiser has been told.").first).to_be_visible()
    organiser = await people.enter("Registrar")
    await organiser.goto(f"{served.url}/invitations")
    row = organiser.locator("#slot-1")
    await expect(row).to_contain_text("cannot make it")
    await row.get_by_text("Reserve", exact=True).click()
    await row.get_by_label("Name, as the programme").fill("Robin Reserve")
    await row.get_by_label("E-mail address").fill("robin@mail.example")
    await row.get_by_role("button", name="Keep").click()
    await row.get_by_role("button", name="Give the slot to Robin Reserve").click()
    await expect(row).to_contain_text("has not answered")
    assert "/i/" in mailed(served, "robin@mail.example")
    await expect(shown(phone, "There is no slot for you").first).to_be_visible()  # by itself
    await phone.goto(f"{served.url}/agenda")
    await expect(shown(phone, "Robin Reserve").first).to_be_visible()


async def test_help_reaches_the_stewards_and_the_chair_sees_a_count(
    served: Served, people: People
) -> None:
    steward = await people.enter("Steward")
    chair = await people.enter("Chair (morning)")
    phone = await people.enter("Delegate 009", phone=True)
    await phone.goto(f"{served.url}/floor")
    await phone.get_by_text("Help: I have a problem").click()
    await phone.get_by_label("Where a steward can reach you").fill("01632 960 009")
    await press(phone, "I cannot hear")
    await expect(phone.locator("#help-form [data-done]")).to_contain_text("The stewards know")
    call = steward.locator("#region-helps li")
    await expect(call).to_contain_text("Delegate 009")
    await expect(call).to_contain_text("01632 960 009")
    counts = chair.locator("#help-counts")
    await expect(counts).to_contain_text("1 × I cannot hear")
    assert "009" not in await counts.inner_text()
    await call.get_by_role("button", name="Dealt with").click()
    await expect(call).to_have_count(0)
    await expect(counts).to_have_count(0)
