"""A delegate votes, notes down the receipt, and checks the vote at home without the server."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import People, Served, press, to_open_vote
from tests.browser.test_access import violations

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
    desk = await people.enter("Delegate 002", color_scheme="dark")
    watcher = await people.enter("Delegate 003", phone=True)
    plain = await people.enter("Delegate 004", phone=True, java_script_enabled=False)
    for page in (phone, desk, watcher, plain):
        await press(page, "I am here")
    await to_open_vote(chair)
    screen = await people.page(color_scheme="dark")
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
    sealed_there = await without_javascript(plain)
    await sound("the ballot", phone, desk)
    number = await phone.locator("[data-vote]").first.get_attribute("data-vote")
    vote = f"{own_served.url}/votes/{number}"
    await watcher.goto(vote)
    await expect(watcher.get_by_role("heading", name="How this is counted")).to_be_visible()
    await to_result(chair)

    # What the hall can note down: the words of both heads, and of the key that signed them.
    await expect(screen.locator(".heads .words")).to_have_count(3)
    _box, head, signer = await screen.locator(".heads .words").all_inner_texts()
    await sound("the hall screen", screen)

    # The page of the vote: my envelope was in the box, and of whoever did not vote there was none.
    await expect(phone.get_by_role("link", name="How this was counted")).to_be_visible()
    await phone.get_by_role("link", name="Look whether your envelope was in the box").click()
    await expect(phone.get_by_text("Your envelope was in the box.")).to_be_visible()
    await expect(phone.locator("#envelope .words")).to_have_text(mine)
    await phone.get_by_text("How to check it on your own computer").click()
    await expect(phone.get_by_text(f'python3 verify.py --receipt "{mine}"')).to_be_visible()
    await phone.get_by_text("The proof, for a program").click()
    receipt = await phone.locator("#envelope .hash").first.inner_text()
    await desk.goto(vote)
    await sound("the page of the vote", phone, desk)
    await watcher.goto(vote)
    await expect(watcher.get_by_text("No envelope was received in your name.")).to_be_visible()
    await plain.goto(vote)
    await expect(plain.get_by_text("Your envelope was in the box.")).to_be_visible()

    # The board is public; one press leads to my own line on it, with JavaScript and without.
    for page, words in ((phone, mine), (plain, sealed_there)):
        await page.get_by_role("link", name="Find it on the board").click()
        await expect(page.locator(".hashes > :target .words")).to_have_text(words)
        await expect(page.locator(".hashes > :target")).to_be_in_viewport()
    await expect(phone.locator(".hashes > :target .hash")).to_have_text(receipt)
    await desk.goto(f"{vote}/board")
    await sound("the board", phone, desk)
    teller = await people.enter("Teller", phone=True)
    await teller.goto(f"{own_served.url}/teller")
    await expect(teller.locator(".heads .words").last).to_have_text(head)
    await sound("the tellers' page", teller)

    # The bundle, got by somebody who is not signed in, and the verifier as its README says.
    anybody = await people.page(phone=True, java_script_enabled=False)
    await anybody.goto(f"{vote}/board")
    await expect(anybody.get_by_text(receipt, exact=True)).to_be_visible()
    async with anybody.expect_download() as download:
        await anybody.get_by_role("link", name="Download the bundle").click()
    archive = tmp_path / "bundle.zip"
    await (await download.value).save_as(archive)
    home = tmp_path / "home"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(home)
    folder = home / f"vote-{number}"
    alone, told = commands((folder / "README.txt").read_text(), signer, head, mine)
    done = typed(folder, alone)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("SOUND. ")
    told += ["--receipt", receipt, "--receipt", sealed_there]
    done = typed(folder, told)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "3 counted, 0 invalid: for 1, against 1, abstain 1." in done.stdout
    assert done.stdout.count("is in this bundle") == 5
    swapped = folder / "bundle.json"
    swapped.write_text(swapped.read_text().replace(receipt, receipt[::-1]))
    assert typed(folder, told).returncode == 1


async def without_javascript(page: Page) -> str:
    """Vote on a page without scripts, where the server says that it is the one who seals; the receipt."""
    await page.goto(page.url)
    await page.get_by_text("The text, and who sees your ballot").click()
    await expect(page.get_by_text("it is the server that seals it, as soon")).to_be_visible()
    await press(page, "For")
    return await noted_down(page)


async def sound(what: str, *pages: Page) -> None:
    """Axe finds nothing on these, and nothing runs out at the side."""
    found = [await violations(page) for page in pages]
    assert found == [[] for _ in pages], what


def commands(readme: str, signer: str, head: str, receipt: str) -> list[list[str]]:
    """What the README tells to type: alone, and with what was noted down in place of the dots."""
    lines = [line for line in readme.splitlines() if line.startswith("  python3 ")]
    found = [shlex.split(line) for line in lines]
    for option, words in (("--signer", signer), ("--head", head), ("--receipt", receipt)):
        found[1][found[1].index(option) + 1] = words
    return found


def typed(folder: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    """What comes of typing this in a terminal in that folder."""
    assert words[0] == "python3"
    return subprocess.run(
        [sys.executable, "-I", *words[1:]], cwd=folder, capture_output=True, text=True, check=False
    )
