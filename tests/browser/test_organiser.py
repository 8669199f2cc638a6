"""A new organiser imports a register, mails it, admits late-comers and locks; two presses to be in."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.served import ROOT, People, Served, press, shown

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)  # a table of two hundred people on a busy machine


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Served]:
    """A conference of one's own, loaded from a file, with a registrar, a secretary and tellers."""
    server = Served(tmp_path / "data")
    file = ROOT / "conference" / "data" / "launch.toml"
    done = server.run("load", str(file), "--mode", "rehearsal")
    assert done.returncode == 0, done.stderr
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def there(browser: Browser, rehearsal: Served) -> AsyncIterator[People]:
    people = People(browser, rehearsal.links())
    yield people
    await people.close()


def register_of(size: int) -> bytes:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["Name", "E-mail", "Role"])
    for number in range(1, size + 1):
        role = "observer" if number > size - 20 else ""
        table.writerow([f"Person {number:03}", f"p{number}@one.example", role])
    return out.getvalue().encode()


async def upload(page: Page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    await page.get_by_label("The table").set_input_files(file)  # type: ignore[arg-type]
    await press(page, "Look at it")


def first_delegate(served: Served) -> tuple[str, str]:
    """A delegate whose mail has come: they go one after another, in no order that says anything."""
    for _try in range(100):
        for path in (served.data / "mail").glob("*.eml"):
            text = path.read_text()
            to = re.search(r"^To: p(\d+)@one\.example$", text, re.MULTILINE)
            link = re.search(r"http\S+/l/\S+", text)
            if to and link and int(to[1]) <= 180:
                return f"Person {int(to[1]):03}", link[0]
        time.sleep(0.1)
    raise AssertionError("no mail to a delegate")


async def test_from_a_table_to_a_locked_register(rehearsal: Served, there: People) -> None:
    desk = await there.enter("Registrar")
    await expect(desk).to_have_url(re.compile("/registrar"))

    # A table with a wrong row: nothing is taken, the row is named.
    await desk.get_by_role("link", name="Import a register").click()
    await upload(desk, "people.csv", b"name,email\nAsh,ash@one\n")
    await expect(shown(desk, "the address does not look like one")).to_be_visible()
    await expect(desk.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)

    # Two hundred people, whole.
    await desk.get_by_role("link", name="Another file").click()
    await upload(desk, "people.csv", register_of(200))
    await expect(shown(desk, "180 delegates, 20 observers.")).to_be_visible()
    await desk.get_by_role("checkbox").check()
    await press(desk, "Import 200 people")
    await expect(shown(desk, "200 people imported.")).to_be_visible()

    # A mail with everybody's link, looked at first.
    await desk.get_by_role("link", name="Send them their links by mail").click()
    await desk.get_by_label("The text").fill("Dear all.\n\nYou can sign in from now on.")
    await press(desk, "Show it to me first")
    await expect(desk.locator("pre")).to_contain_text("You can sign in from now on.")
    await press(desk, "Send it to 200 people")
    await expect(shown(desk, "200 mails are on their way")).to_be_visible()

    # The person at the other end: one mail, two presses.
    name, link = first_delegate(rehearsal)
    person = await there.page(phone=True)
    await person.goto(link)
    await press(person, "Sign in")
    await press(person, "I am here")
    await expect(shown(person, "You are counted as present")).to_be_visible()

    # The lock; then a late-comer takes two officers.
    await desk.goto(f"{rehearsal.url}/registrar/registration")
    await desk.get_by_role("checkbox").check()
    await press(desk, "Lock the register")
    digest = await desk.locator("[data-hash]").inner_text()
    assert re.fullmatch("[0-9a-f]{64}", digest)
    await desk.goto(f"{rehearsal.url}/registrar/people?q=Person+200")
    await desk.get_by_role("link", name="Person 200").click()
    await press(desk, "Propose to admit")
    await expect(shown(desk, "another officer confirms it").first).to_be_visible()
    second = await there.enter("Secretary")
    await second.goto(f"{rehearsal.url}/officers")
    await second.get_by_role("button", name=re.compile("^Confirm")).click()
    await expect(second.get_by_role("button", name=re.compile("^Confirm"))).to_have_count(0)
    await desk.reload()
    await expect(shown(desk, "delegate").first).to_be_visible()

    # Everything about oneself, and out.
    await person.goto(f"{rehearsal.url}/me/data")
    await expect(person.locator("[data-leaf]")).to_be_visible()
    await person.get_by_role("checkbox").check()
    await press(person, "Leave and be erased")
    await expect(person).to_have_url(re.compile("left=yes"))
    assert name not in rehearsal.log()
