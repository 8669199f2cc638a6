"""The programme as its people meet it: prepared by mouse and keyboard, changed on the day, read abroad."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import People, Served, press, suggested
from tests.browser.test_access import violations

pytestmark = pytest.mark.browser

EDITOR, CHAIR = "Registrar", "Chair (morning)"


async def order(page: Page) -> list[str]:
    """The ids of the items as the editor shows them."""
    rows = await page.locator("[data-editor] > li").evaluate_all(
        "all => all.map((one) => one.dataset.item)"
    )
    return [str(row) for row in rows]


async def times(page: Page, item: str) -> str:
    return await page.locator(f"#edit-{item} .edit-time").inner_text()


async def drag(page: Page, item: str, before: str) -> None:
    """Drag as a hand does: in many small moves, and a rest over the place before letting go.

    Let go with the first move, a busy browser has told the page nothing of where it was.
    """
    handle = page.locator(f"#edit-{item} .handle")
    row = page.locator(f"#edit-{before}")
    await handle.hover()
    await page.mouse.down()
    box = await row.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 200, box["y"] + 20, steps=8)
    await page.mouse.move(box["x"] + 200, box["y"] + 5, steps=3)
    await expect(row).to_have_class(re.compile("drop"))
    await page.mouse.up()


async def test_dragged_typed_and_moved_by_key(own_served: Served, own_people: People) -> None:
    page = await own_people.enter(EDITOR)
    await page.goto(f"{own_served.url}/agenda/edit")
    other = await own_people.enter(EDITOR, phone=True, color_scheme="dark")
    await other.goto(f"{own_served.url}/agenda/edit")
    for one in (page, other):
        await expect(one.locator("#connection")).to_have_text("Live")
        assert await violations(one) == []
    # By dragging: the other editor sees it without a reload.
    await drag(page, "5", "4")
    await expect(page.locator("#edit-5 .edit-time")).to_have_text("11:00–11:10")
    await expect(other.locator("#edit-5 .edit-time")).to_have_text("11:00–11:10")
    # By key: the focus stays with the item.
    await page.locator("#edit-5 button", has_text="Down").focus()
    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.locator("#edit-5 .edit-time")).to_have_text("11:50–12:00")
    assert await page.evaluate("document.activeElement.closest('[data-item]')?.dataset.item") == "5"
    # By typing: what would not fit is said before it is saved, and asked about when it is.
    await page.fill("#length-5", "25:00")
    note = page.locator("#edit-5 .odd-note")
    await expect(note).to_contain_text("Write a whole number")
    await page.fill("#length-5", "15")
    await expect(note).to_contain_text("Overlap: “Break” begins 5 minutes before")
    await page.locator("#edit-times-5 button").click()
    await expect(page.get_by_role("heading", name="Save it all the same?")).to_be_visible()
    assert await violations(page) == []
    await press(page, "Save it all the same")
    await expect(page.locator("#edit-5 .error")).to_have_count(0)
    await expect(page.locator("#edit-103 .error")).to_contain_text("Overlap")
    reader = await own_people.page()
    await reader.goto(f"{own_served.url}/agenda")
    assert await reader.locator("#item-5 > time").inner_text() == "12:00"
    await press(page, "Release")
    await expect(page.get_by_text("This is what everybody sees.")).to_be_visible()
    await reader.goto(f"{own_served.url}/agenda")
    assert await reader.locator("#item-5 > time").inner_text() == "11:50"
    await reader.goto(f"{own_served.url}/agenda/changes")
    await expect(reader.locator("main")).to_contain_text("planned for 11:50 instead of 12:00")
    assert await violations(reader) == []


async def test_prepared_without_javascript(own_served: Served, own_people: People) -> None:
    page = await own_people.page(java_script_enabled=False)
    await page.goto(own_people.links[EDITOR])
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.goto(f"{own_served.url}/agenda/edit/items/5")
    await page.fill("#starts", "25:00")
    await page.fill("#room", "Main hall")
    await press(page, "Save in the draft")
    await expect(page.locator("#starts-hint")).to_contain_text("Write a time of day")
    assert await page.input_value("#room") == "Main hall"
    assert await page.input_value("#starts") == "25:00"
    await page.fill("#starts", "12:05")
    await press(page, "Save in the draft")
    await expect(page.locator("main")).to_contain_text("Gap: between “Break”")
    await press(page, "Save it all the same")
    assert await times(page, "5") == "12:05–12:15"
    await page.locator("#edit-up-5 button").click()
    await press(page, "Save it all the same")  # the gap moves along with it
    assert (await order(page)).index("5") < (await order(page)).index("103")
    await press(page, "Undo")
    await press(page, "Undo")
    assert await times(page, "5") == "12:00–12:10"


async def by_command(chair: Page, url: str, before: str) -> None:
    """Type *move* into the command line of the panel; which item, and where to, is chosen there."""
    await chair.goto(f"{url}/chair")
    await expect(chair.locator("#connection")).to_have_text("Live")
    for typed, field in (
        ("shorten 7", "length-item"),
        ("insert Greet", "insert-kind"),
        ("skip", "skip-item"),
        ("move", "move-item"),
    ):
        await chair.evaluate("document.activeElement.blur()")
        await chair.locator("body").press("/")
        await chair.keyboard.type(typed)
        await chair.keyboard.press("Enter")
        await expect(chair.locator(f"#order-{field}")).to_be_focused()
        await chair.keyboard.press("Tab")
    assert await chair.input_value("#order-length-minutes") == "7"
    assert await chair.input_value("#order-insert-title") == "Greet"
    assert await violations(chair) == []
    await chair.select_option("#order-move-item", "5")
    await chair.select_option("#order-move-before", before)
    await press(chair, "Move it")


async def test_moved_twice_on_the_day(own_served: Served, own_people: People) -> None:
    """The chair moves everything twice; the speaker and a reader abroad have each time at once."""
    chair = await own_people.enter(CHAIR)
    speaker = await own_people.enter("Jackie Walker", phone=True)
    await speaker.goto(f"{own_served.url}/agenda")
    abroad = await own_people.enter("Delegate 001", timezone_id="Asia/Kolkata")
    await abroad.goto(f"{own_served.url}/agenda")
    own = await own_people.enter("Jackie Walker", phone=True)
    await own.goto(f"{own_served.url}/speaker")
    assert await suggested(chair) == "Open the conference"
    for one in (speaker, abroad, own):
        await expect(one.locator("#connection")).to_have_text("Live")
    await expect(abroad.locator("#item-5 > time").first).to_have_text(
        re.compile(r"12:00\s+in London · 17:30 where you are")
    )
    await expect(speaker.locator("#item-5 .mine-mark")).to_have_text("you")
    for before, planned in (("3", "10:25"), ("102", "10:55")):
        if before == "3":
            await chair.goto(f"{own_served.url}/chair/agenda")
            await chair.locator("#change-more-5 summary").click()
            await chair.select_option("#before-5", before)
            await chair.locator("#change-more-5 form").first.get_by_role("button").click()
        else:
            await by_command(chair, own_served.url, before)
        await expect(chair.locator("main")).to_contain_text(f"planned for {planned} instead of")
        await expect(chair.locator(".times").first).to_contain_text("Jackie Walker")
        assert await violations(chair) == []
        began = monotonic()
        await press(chair, "Change it")
        for one in (speaker, abroad):
            await expect(one.locator("#item-5 > time").first).to_contain_text(planned)
        await expect(own.locator("#region-slots")).to_contain_text(planned)
        print(f"three pages have the new time after {monotonic() - began:.2f} s")
    assert await violations(abroad) == []
    await expect(abroad.locator("#item-5 > time").first).to_contain_text("16:25 where you are")
    await chair.goto(f"{own_served.url}/chair/agenda")
    await chair.get_by_role("link", name="Take it back").click()
    await press(chair, "Change it")
    await expect(own.locator("#region-slots")).to_contain_text("10:25")


@contextmanager
def another_site(body: str) -> Iterator[str]:
    """A site of another origin with this page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<title>Another</title>{body}".encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


async def test_in_a_frame_of_another_site(own_served: Served, own_people: People) -> None:
    """The one page may be framed from another origin, no other may."""
    page = await own_people.page()
    body = "".join(
        f'<iframe src="{own_served.url}{path}" title="{path}"></iframe>'
        for path in ("/embed/agenda", "/agenda")
    )
    with another_site(body) as address:
        await page.goto(address)
        await _framed(page)
    await page.goto(f"{own_served.url}/embed/agenda")
    assert await violations(page) == []


async def _framed(page: Page) -> None:
    frame = page.frame_locator('iframe[title="/embed/agenda"]')
    await expect(frame.get_by_role("heading", name="Item 1: Opening")).to_be_visible()
    refused = page.frame_locator('iframe[title="/agenda"]')
    await expect(refused.get_by_role("heading", name="Item 1: Opening")).to_have_count(0)
