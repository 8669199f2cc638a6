"""Ways in: a passkey, a device for two, a link that a scanner opens, an officer of a real conference."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.served import DESK, PHONE, People, Served, press
from tests.browser.test_access import violations

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("CONFERENCE_PICTURES", "")
ONE, TWO = "Delegate 001", "Delegate 002"
NAME = "Labour In Exile Network: launch conference"


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demonstration at a host name: there browsers make passkeys, encrypted or not."""
    server = Served(tmp_path_factory.mktemp("named") / "data")
    server.environment = {
        "CONFERENCE_PUBLIC_URL": f"http://localhost:{server.port}",
        "CONFERENCE_WITHOUT_HTTPS": "Kim: a test",
    }
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def guests(browser: Browser, named: Served):
    people = People(browser, named.links())
    yield people
    await people.close()


async def authenticator(page: Page) -> None:
    """Plug a virtual authenticator into this browser: it agrees to everything at once."""
    wire = await page.context.new_cdp_session(page)
    await wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    await wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def looked_at(page: Page, name: str) -> None:
    """Axe finds nothing here; a picture at both widths where somebody wants to look at them."""
    assert await violations(page) == []
    if PICTURES:
        for size, label in ((PHONE, "phone"), (DESK, "desk")):
            await page.set_viewport_size(size)
            await page.screenshot(path=str(Path(PICTURES) / f"{name}-{label}.png"), full_page=True)


async def test_a_passkey_signs_in(named: Served, guests: People) -> None:
    page = await guests.enter(ONE, phone=True)
    await authenticator(page)
    await page.goto(f"http://localhost:{named.port}/factors")
    await looked_at(page, "factors")
    await press(page, "Make a passkey on this device")
    await expect(page.get_by_text("You have none.")).to_be_visible()  # recovery codes
    await looked_at(page, "factors-passkey")
    await page.goto(f"http://localhost:{named.port}/me")
    await press(page, "Sign out here")
    await page.goto(f"http://localhost:{named.port}/sign-in")
    await looked_at(page, "sign-in")
    await press(page, "Sign in with a passkey")
    await page.wait_for_url("**/floor")
    await expect(page.locator(".person")).to_contain_text(ONE)


async def test_a_device_for_two(named: Served, guests: People) -> None:
    page = await guests.enter(ONE, phone=True)
    second = await page.context.new_page()
    await second.goto(f"http://localhost:{named.port}/floor")
    await page.goto(guests.links[TWO])
    await looked_at(page, "link-shared")
    await page.get_by_label("We share this device").check()
    await press(page, "Sign in")
    await page.wait_for_url("**/floor")
    shared = page.locator(".shared")
    await expect(shared).to_contain_text(f"This page and its ballots: {TWO}")
    await looked_at(page, "floor-shared")
    await press(page, f"Switch to {ONE}")
    await expect(shared).to_contain_text(f"This page and its ballots: {ONE}")
    # The other tab follows by itself: its live connection was the other person's.
    await press(page, f"Switch to {TWO}")
    await expect(second.locator(".shared")).to_contain_text(f"ballots: {TWO}", timeout=15_000)
    await page.goto(f"http://localhost:{named.port}/me")
    await looked_at(page, "me")
    await press(page, "Sign everybody out on this device")
    await page.goto(f"http://localhost:{named.port}/floor")
    await expect(page).to_have_url(re.compile("/sign-in"))


async def test_who_has_a_code_needs_nothing_else(named: Served, guests: People) -> None:
    page = await guests.enter(ONE)
    await page.goto(f"http://localhost:{named.port}/me")
    await press(page, "Show a code for another device")
    code = await page.locator("[data-spoken-code]").inner_text()
    await looked_at(page, "spoken-code")
    phone = await guests.page(phone=True)
    await phone.goto(f"http://localhost:{named.port}/sign-in")
    await phone.get_by_role("link", name="I have a code").click()
    await phone.get_by_label("Code", exact=True).fill(code)
    await looked_at(phone, "code")
    await press(phone, "Sign in")
    await phone.wait_for_url("**/floor")


async def test_real_officers_and_scanners(named: Served, guests: People) -> None:
    registrar = await guests.enter("Registrar")
    for mode in ("Rehearsal", "Real"):
        await registrar.goto(f"http://localhost:{named.port}/mode")
        await registrar.get_by_role("radio", name=mode).check()
        await registrar.get_by_label("Name of the conference").fill(NAME)
        await registrar.get_by_role("main").get_by_role("button").first.click()
        await registrar.wait_for_load_state()
        await asyncio.sleep(0.3)
    await registrar.goto(f"http://localhost:{named.port}/registrar")
    await expect(registrar.get_by_role("heading", name="Accept your office")).to_be_visible()
    await looked_at(registrar, "accept-office")
    await press(registrar, "Set up an app")
    await looked_at(registrar, "authenticator")
    await authenticator(registrar)
    await press(registrar, "Make a passkey on this device")
    await expect(registrar.get_by_text("You have none.")).to_be_visible()
    await looked_at(registrar, "office-accepted")
    await press(registrar, "Make recovery codes")
    await expect(registrar.locator("[data-recovery] li")).to_have_count(10)
    await looked_at(registrar, "recovery")
    recovery = await registrar.locator("[data-recovery] li").first.inner_text()
    await registrar.get_by_role("link", name="I have them").click()
    await expect(registrar.get_by_role("heading", name="Registrar", exact=True)).to_be_visible()
    await registrar.goto(f"http://localhost:{named.port}/me")
    await press(registrar, "Show a code for another device")
    code = await registrar.locator("[data-spoken-code]").inner_text()
    await registrar.goto(f"http://localhost:{named.port}/let-in")
    await looked_at(registrar, "let-in")
    other = await guests.page()
    await other.goto(f"http://localhost:{named.port}/sign-in/code")
    await other.get_by_label("Code", exact=True).fill(code)
    await press(other, "Sign in")
    await expect(other.get_by_role("heading", name="Show your second factor")).to_be_visible()
    await press(other, "Ask to be let in")
    await looked_at(other, "prove")
    await other.get_by_label("Code", exact=True).fill(recovery)
    await press(other, "Go on")
    await other.wait_for_url("**/registrar")

    # A link that nobody has used: a scanner runs its scripts and uses up nothing.
    link = csv.DictReader(
        io.StringIO(named.run("link", "delegate", "Delegate 050", "--port", str(named.port)).stdout)
    )
    address = next(iter(link))["address"]
    for _ in range(2):
        scanner = await guests.page()
        await scanner.goto(address)
        await asyncio.sleep(0.5)
        await expect(scanner.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    person = await guests.page(phone=True)
    await person.goto(address)
    await press(person, "Sign in")
    await person.wait_for_url("**/floor")
    late = await guests.page(phone=True)
    await late.goto(address)
    await expect(late.get_by_text("It has been used on another device already")).to_be_visible()
    await looked_at(late, "link-code")
