"""A delegate votes, notes down the receipt, and checks the vote at home without the server."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import People, Served, press, to_open_vote

pytestmark = pytest.mark.browser


async def noted_down(page: Page) -> str:
    """The four words of the receipt, as they stand beside the ballot."""
    words = page.locator("[data-receipt] .words")
    await expect(words).to_have_text(re.compile(r"^\w+( \w+){3}$"))
    return str(await words.inner_text())


async def to_result(chair: Page) -> None:
    """Close the vote and declare its result."""
    await press(chair, "Close the vote")
    await chair.get_by_role("button", name="Declare the result", exact=True).first.wait_for()
    await press(chair, "Declare the result")


async def test_from_the_press_to_the_verifier_at_home(
    own_served: Served, own_people: People, tmp_path: Path
) -> None:
    people = own_people
    chair = await people.enter("Chair (morning)")
    phone = await people.enter("Delegate 001", phone=True)
    desk = await people.enter("Delegate 002")
    watcher = await people.enter("Delegate 003", phone=True)
    for page in (phone, desk, watcher):
        await press(page, "I am here")
    await to_open_vote(chair)
    screen = await people.page()
    await screen.goto(f"{own_served.url}/screen")
    key = await screen.locator("#region-screen .words").first.inner_text()
    await expect(phone.locator("#region-vote").get_by_text(key)).to_be_visible()

    await press(phone, "For")
    await press(desk, "Against")
    mine, other = await noted_down(phone), await noted_down(desk)
    assert mine != other
    await press(phone, "Abstain")
    await expect(phone.locator("[data-receipt] .words")).not_to_have_text(mine)
    mine = await noted_down(phone)
    await to_result(chair)

    # The page of the vote: my envelope was in the box, and of whoever did not vote there was none.
    await phone.get_by_role("link", name="your envelope").first.click()
    await expect(phone.get_by_text("Your envelope was in the box.")).to_be_visible()
    await expect(phone.locator("#envelope .words")).to_have_text(mine)
    await phone.get_by_text("The proof, for a program").click()
    receipt = await phone.locator("#envelope .hash").first.inner_text()
    signer = await phone.locator(".numbers .words").nth(1).inner_text()
    head = await phone.locator(".heads .words").last.inner_text()
    number = phone.url.rpartition("/")[2]
    await watcher.goto(f"{own_served.url}/votes/{number}")
    await expect(watcher.get_by_text("No envelope was received in your name.")).to_be_visible()

    # The board is public, and my envelope is on it.
    anybody = await people.page(phone=True)
    await anybody.goto(f"{own_served.url}/votes/{number}/board")
    await expect(anybody.get_by_text(receipt, exact=True)).to_be_visible()

    # The bundle, and the verifier as its README says.
    async with anybody.expect_download() as download:
        await anybody.get_by_role("link", name="Download the bundle").click()
    archive = tmp_path / "bundle.zip"
    await (await download.value).save_as(archive)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    folder = tmp_path / f"vote-{number}"
    command = ("--signer", signer, "--head", head, "--receipt", mine, "--receipt", receipt)
    done = checked(folder, *command)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "2 counted, 0 invalid: for 0, against 1, abstain 1." in done.stdout
    assert done.stdout.count("is in this bundle") == 4
    swapped = folder / "bundle.json"
    swapped.write_text(swapped.read_text().replace(receipt, receipt[::-1]))
    assert checked(folder, *command).returncode == 1


def checked(folder: Path, *noted: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "verify.py", *noted],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
