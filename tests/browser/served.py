"""The product as people meet it: `run.py`'s command line as a process, and real browsers.

No browser test imports the application.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import email
import email.policy
import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Locator, Page

ROOT = Path(__file__).resolve().parent.parent.parent
GOODBYE = 30
"""Seconds that a browser has to close what it shows: now and then one never does."""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """One data folder and the server that serves it, which may be killed and started again."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "run.py", *words]

    def start(self) -> None:
        environment = {**os.environ, **self.environment, "CONFERENCE_VENV": sys.prefix}
        words = self.command("serve", "--data", str(self.data), "--port", str(self.port))
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                words, cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        for _ in range(1200):
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(self.log())

    def log(self) -> str:
        return (self.data.parent / f"{self.data.name}.log").read_text()

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **self.environment, "CONFERENCE_VENV": sys.prefix}
        return subprocess.run(
            [*self.command(*words), "--data", str(self.data)],
            cwd=ROOT,
            env=environment,
            text=True,
            capture_output=True,
            check=False,
            timeout=120,
        )

    def links(self) -> dict[str, str]:
        """Everybody's personal link by name."""
        done = self.run("people", "links", "--port", str(self.port))
        assert done.returncode == 0, done.stderr
        return {row["name"]: row["address"] for row in csv.DictReader(io.StringIO(done.stdout))}


def mailed(served: Served, address: str) -> str:
    """The text of the newest mail to this address, as it waits in the folder."""
    for _ in range(600):
        for path in sorted((served.data / "mail").glob("*.eml"), reverse=True):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in str(message["To"]):
                body = message.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")


@dataclass
class People:
    """Browsers of people, each with cookies of their own."""

    browser: Browser
    links: dict[str, str]
    contexts: list[BrowserContext] = field(default_factory=list)

    async def page(self, *, phone: bool = False, **options: object) -> Page:
        """A new browser of nobody."""
        size = PHONE if phone else DESK
        if phone:  # a finger: no hovering, a window as wide as the glass
            options = {"has_touch": True, "is_mobile": True, **options}
        context = await self.browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        return await context.new_page()

    async def enter(self, name: str, *, phone: bool = False, **options: object) -> Page:
        """A browser in which this person has signed in by their link."""
        page = await self.page(phone=phone, **options)
        await page.goto(self.links[name])
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.wait_for_load_state()
        return page

    async def close(self) -> None:
        """Let all go home. A page that stands still may keep its context; that ends with its Chromium."""
        closing = asyncio.gather(*(context.close() for context in self.contexts))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(closing, GOODBYE)


def quick_launch(target: Path) -> None:
    """Write the launch conference with votes that take a few seconds, for tests that walk it."""
    lines = (ROOT / "conference" / "data" / "launch.toml").read_text().splitlines()
    for number, line in enumerate(lines):
        for key in ("announcement", "minimum", "countdown"):
            if line.startswith(f"vote.{key} ="):
                lines[number] = f"vote.{key} = 1"
        if line.startswith("vote.extension ="):
            lines[number] += "\nleave.window = 5"
    target.write_text("\n".join(lines) + "\n")


def shown(page: Page, text: str, *, exact: bool = False) -> Locator:
    """What stands on a page; its live regions say the same again to screen readers only."""
    found = page.get_by_text(text, exact=exact).and_(page.locator(":not(#announce):not(#say)"))
    return found.filter(visible=True)


async def press(page: Page, name: str) -> None:
    """Press the button of exactly this name."""
    await page.get_by_role("button", name=name, exact=True).first.click()


async def open_vote(chair: Page) -> None:
    """Press *Open the vote* and confirm in the dialog."""
    await press(chair, "Open the vote")
    await chair.get_by_role("dialog").get_by_role("button", name="Open the vote").click()


async def to_motion_1(chair: Page) -> None:
    """Walk the conference by the suggested step until Motion 1 can be moved."""
    called = chair.locator("#region-now h3", has_text="Motion 1:")
    for _ in range(60):
        if await called.count():
            return
        await suggested(chair)
    raise AssertionError(await chair.inner_text("main"))


async def no_amendments(chair: Page) -> None:
    """Let both amendments to Motion 1 fall, so that only the motion is debated."""
    for label in ("1.1", "1.2"):
        await chair.get_by_text(f"amendment {label}", exact=True).wait_for(state="attached")
        await chair.locator("#region-panel details").evaluate_all(
            "all => all.forEach((one) => { one.open = true; })"
        )
        await press(chair, "Let it fall")
    await chair.get_by_role("button", name="Let it fall", exact=True).wait_for(state="detached")


async def to_open_vote(chair: Page) -> None:
    """Open the day's first vote (adopting the standing orders)."""
    for _ in range(10):
        if await suggested(chair) == "Open the vote":
            break
    await chair.locator('[data-vote-state="open"]').wait_for()


async def suggested(chair: Page) -> str:
    """Press the step that the panel suggests, as soon as it does; wait until the steps change."""
    first = chair.locator(".step.suggested button")
    await first.wait_for()
    before = await _steps(chair)
    name = (await first.inner_text()).strip()
    if name == "Close the conference":
        await chair.locator(".step.suggested input[name=line]").fill("close")
    await first.click()
    if name == "Open the vote":
        dialog = chair.get_by_role("dialog")
        await dialog.get_by_role("button", name=name, exact=True).click()
        await dialog.wait_for(state="hidden")
    for _ in range(200):
        if await _steps(chair) != before:
            return name
        await asyncio.sleep(0.05)
    raise AssertionError(f"the panel did not change after {name}: {before}")


async def _steps(chair: Page) -> str:
    """What the panel offers: a form's id names its act and the step of conference."""
    return str(
        await chair.evaluate(
            """() => [...document.querySelectorAll("#region-panel .steps form")]
                 .map((form) => form.id).join(" ")"""
        )
    )
