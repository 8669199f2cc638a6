"""Pictures of a speaker's day, of the stage manager's board and of the hall screen; see `gallery.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import Page

from tests.browser.served import People, Served, press, suggested
from tests.browser.test_speaker_day import to_the_speakers

STREAM = "https://stream.example/hall.m3u8"
Take = Callable[[Page, str], Awaitable[None]]


async def enter_sound(people: People, served: Served, take: Take) -> Page:
    steward = await people.enter("Steward")
    await steward.goto(f"{served.url}/sound")
    form = steward.locator("#sound-0 form")
    await form.get_by_label("How everybody listens").select_option("audio")
    for name, text in {
        "listen": STREAM,
        "speak": "https://meet.example/room",
        "steward": "Kim, 01632 960 001",
        "captions": "https://captions.example/",
    }.items():
        await form.locator(f"[name={name}]").fill(text)
    async with steward.expect_navigation():
        await form.get_by_role("button", name="Keep").click()
    await take(steward, "20-sound-steward")
    await steward.goto(f"{served.url}/stage")
    return steward


async def day(people: People, served: Served, take: Take) -> None:
    steward = await enter_sound(people, served, take)
    organiser = await people.enter("Registrar")
    await organiser.goto(f"{served.url}/invitations")
    await take(organiser, "20-speakers-organiser")
    phone = await people.enter("Tosh McDonald", phone=True)
    await take(phone, "20-invited-phone")
    await press(phone, "Yes, I can make it")
    await phone.get_by_text("You have said that you can make it.").first.wait_for()
    await take(phone, "21-coming-phone")
    dark = await people.enter("Graham Bash", color_scheme="dark")
    floor = await people.enter("Delegate 001", phone=True)
    for number in (2, 3):
        await press(await people.enter(f"Delegate 00{number}"), "I am here")
    await press(floor, "I am here")
    await floor.get_by_text("Help: I have a problem").click()
    await press(floor, "I cannot hear")
    await floor.locator("[data-done]").wait_for()
    await take(floor, "21-listen-and-help-phone")
    chair = await people.enter("Chair (morning)")
    await to_the_speakers(chair)
    await take(steward, "22-board-red-steward")
    await take(phone, "22-stand-by-phone")
    await suggested(chair)
    await press(steward, "One minute")
    await phone.get_by_text("signals: one minute").wait_for()
    await take(phone, "23-on-phone")
    await take(dark, "23-next-desk-dark")
    small = await people.enter("Steward", phone=True, color_scheme="dark")
    await take(small, "23-board-phone-dark")
    screen = await people.page()
    await screen.goto(f"{served.url}/screen")
    for name in ("Speaker with large clock", "Programme", "Latest result"):
        await press(steward, name)
        await take(screen, f"24-screen-{name.split()[0].lower()}")
    await press(steward, "Automatic")
    await chair.locator("#order-changes summary").click()
    await take(chair, "25-order-chair")
    await chair.fill("#order-insert-title", "Greetings from Berlin")
    await chair.select_option("#order-insert-kind", "speakers")
    await chair.fill("#order-insert-speaker", "Rosa Guest")
    await press(chair, "Put it in")
    await take(chair, "25-order-preview-chair")
    await press(chair, "Change it")
    await chair.wait_for_url("**/chair/agenda")
    later = await people.enter("Leah Levane", phone=True)
    await take(later, "26-later-phone")
    await take(steward, "26-named-only-steward")
