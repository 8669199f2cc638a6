"""The large numbers of docs/security.md: the same code as the suite's samples, more of it.

    .venv/bin/python benchmarks/security.py [crowd] [clock] [texts]

crowd   2,000 people behind one address sign in, half by personal link, half by mail and code.
clock   how long sign-in and registration answer known and unknown addresses, 1,000 of each.
texts   every text of tests/browser/payloads.py into every field of the product, in Chromium.

Takes some minutes. Exit code 1 when something was found.
"""

from __future__ import annotations

import asyncio
import csv
import io
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
from playwright.async_api import async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from conference.devtools import find_browser
from tests.browser import fields
from tests.browser.attack import ROLES, Attack, endless
from tests.browser.hostile import hostile_file
from tests.browser.payloads import payloads
from tests.browser.served import CHROMIUM_FLAGS, People, Served, free_port
from tests.web.permutation import p_value

CROWD = int(os.environ.get("SECURITY_CROWD", "2000"))
AT_ONCE = 50
ASKED = int(os.environ.get("SECURITY_ASKED", "1000"))
EACH = int(os.environ.get("SECURITY_EACH", "40"))
LIMIT = 300.0
"""Seconds in which everybody has to be in."""
CODE = re.compile(r"^ *(\d{4} \d{4})$", re.MULTILINE)


def mail_sink(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start a mail server that takes everything, as a process of its own."""
    port = free_port()
    words = ["-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    out = (folder / "smtp.log").open("wb")
    return subprocess.Popen([sys.executable, *words], stdout=out, stderr=out), port


def rehearsal(folder: Path, smtp: int = 0) -> Served:
    """Load the launch conference as a rehearsal, not yet started."""
    server = Served(folder / "data")
    if smtp:
        server.environment = {
            "CONFERENCE_SMTP_HOST": "127.0.0.1", "CONFERENCE_SMTP_PORT": str(smtp),
            "CONFERENCE_SMTP_SECURITY": "none", "CONFERENCE_SMTP_PER_MINUTE": "6000",
        }  # fmt: skip
    file = Path(__file__).parent.parent / "conference" / "data" / "launch.toml"
    done = server.run("load", str(file), "--mode", "rehearsal")
    assert done.returncode == 0, done.stderr
    return server


async def crowd() -> bool:
    """Let everybody in, through one address; True when nobody was refused and all were in time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        smtp, port = mail_sink(folder)
        server = rehearsal(folder, port)
        try:
            done = server.run("link", "delegate", "--count", str(CROWD), "--port", str(server.port))
            links = [row["address"] for row in csv.DictReader(io.StringIO(done.stdout))]
            with_mail = give_addresses(server.data, CROWD // 2)
            server.start()
            gate = asyncio.Semaphore(AT_ONCE)
            began = time.monotonic()
            by_link = [by_personal_link(link, server.url) for link in links[CROWD // 2 :]]
            by_mail = [by_code(address, server) for address in with_mail]
            took = await asyncio.gather(*(within(gate, one) for one in by_link + by_mail))
            whole = time.monotonic() - began
        finally:
            server.stop()
            smtp.terminate()
            smtp.wait()
    inside = [seconds for seconds in took if seconds is not None]
    inside.sort()
    print(
        f"crowd: {len(inside)} of {CROWD} signed in through one address in {whole:.1f} s "
        f"(limit {LIMIT:.0f}); {AT_ONCE} at a time; a sign-in took "
        f"{inside[len(inside) // 2]:.2f} s (median), {inside[-1]:.2f} s (slowest)"
    )
    return len(inside) == CROWD and whole < LIMIT


def give_addresses(data: Path, number: int) -> list[str]:
    """Give the first delegates an address each, as if they had registered."""
    with sqlite3.connect(data / "conference.db") as database:
        wanted = "SELECT person FROM account WHERE name LIKE 'Delegate %' ORDER BY name LIMIT ?"
        found = [row[0] for row in database.execute(wanted, (number,))]
        addresses = [f"d{n}@mail.example" for n in range(len(found))]
        for person, address in zip(found, addresses, strict=True):
            database.execute(
                "UPDATE account SET email = ?, email_key = ? WHERE person = ?",
                (address, address, person),
            )
    return addresses


async def within(
    gate: asyncio.Semaphore, work: Callable[[httpx2.AsyncClient], Awaitable[bool]]
) -> float | None:
    """Do it when there is room, and say how long it took; None when it was refused."""
    async with gate, httpx2.AsyncClient(timeout=120) as client:
        began = time.monotonic()
        return time.monotonic() - began if await work(client) else None


def by_personal_link(link: str, url: str) -> Callable[[httpx2.AsyncClient], Awaitable[bool]]:
    """Open the link and press the button."""

    async def work(client: httpx2.AsyncClient) -> bool:
        await client.get(link)
        answer = await client.post(link, headers={"Origin": url})
        return answer.status_code == 303 and (await client.get(f"{url}/me")).status_code == 200

    return work


def by_code(address: str, server: Served) -> Callable[[httpx2.AsyncClient], Awaitable[bool]]:
    """Ask for a mail, read it (in the database), and type its code."""
    headers = {"Origin": server.url}

    async def work(client: httpx2.AsyncClient) -> bool:
        await client.get(f"{server.url}/sign-in")
        form = {"email": address}
        asked = await client.post(f"{server.url}/sign-in", data=form, headers=headers)
        if asked.status_code != 303:
            return False
        code = await asyncio.to_thread(mailed_code, server.data, address)
        typed = {**form, "code": code}
        answer = await client.post(f"{server.url}/sign-in/code", data=typed, headers=headers)
        return answer.status_code == 303 and answer.headers["location"] == "/floor"

    return work


def mailed_code(data: Path, address: str) -> str:
    """Return the code of the newest mail to this address."""
    with sqlite3.connect(f"file:{data / 'conference.db'}?mode=ro", uri=True) as database:
        wanted = "SELECT text FROM mail WHERE recipient = ? ORDER BY id DESC LIMIT 1"
        (text,) = database.execute(wanted, (address,)).fetchone()
    found = CODE.search(text)
    assert found, "there is no code in the mail"
    return found.group(1)


def sign_in_form(email: str) -> dict[str, str]:
    """Return what asks for a mail to sign in."""
    return {"email": email}


def registration(email: str) -> dict[str, str]:
    """Return what somebody sends who registers."""
    name = f"N {email.partition('@')[0]}"
    return {"name": name, "email": email, "belongs": "Suspended", "taking_part": "yes"}


FORMS = {"/sign-in": sign_in_form, "/register": registration}


async def clock() -> bool:
    """Ask with known and unknown addresses in turn; True when the times of no form tell anything."""
    return all([await _clock(path) for path in FORMS])


async def _clock(path: str) -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        smtp, port = mail_sink(folder)
        server = rehearsal(folder, port)
        done = server.run("link", "delegate", "--count", str(ASKED), "--port", str(server.port))
        assert done.returncode == 0, done.stderr
        known = give_addresses(server.data, ASKED)
        server.start()
        try:
            times = await asked_in_turn(server, path, known)
        finally:
            server.stop()
            smtp.terminate()
            smtp.wait()
    p = p_value(times["known"], times["unknown"], rounds=10_000)
    middles = {kind: sorted(all_)[len(all_) // 2] * 1000 for kind, all_ in times.items()}
    print(
        f"clock: {path}: {len(known)} known and as many unknown addresses; median {middles['known']:.2f} and "
        f"{middles['unknown']:.2f} ms; p = {p:.3f} (found out below 0.001)"
    )
    return p > 0.001


async def asked_in_turn(server: Served, path: str, known: list[str]) -> dict[str, list[float]]:
    """How long each answer took. Each address is asked by a browser of its own."""
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    chance = random.Random(1)
    async with httpx2.AsyncClient(timeout=60) as client:
        for n, address in enumerate(known):
            kinds = [("known", address), ("unknown", f"nobody{n}@mail.example")]
            chance.shuffle(kinds)
            for kind, asked in kinds:
                client.cookies.clear()
                began = time.perf_counter()
                form = FORMS[path](asked)
                answer = await client.post(
                    f"{server.url}{path}", data=form, headers={"Origin": server.url}
                )
                times[kind].append(time.perf_counter() - began)
                assert (answer.status_code, answer.content) == (303, b"")
                await asyncio.sleep(0.022)  # below what one address may ask a minute
    return times


async def texts() -> bool:
    """Type everything everywhere; True when nothing was executed and the policy had no work."""
    with tempfile.TemporaryDirectory() as name:
        server = Served(Path(name) / "data")
        file = Path(name) / "hostile.toml"
        tried = hostile_file(file, endless([text for text in payloads() if text.isprintable()]))
        done = server.run("load", str(file), "--mode", "rehearsal")
        assert done.returncode == 0, done.stderr
        server.start()
        try:
            async with async_playwright() as playwright:
                path = find_browser()
                chromium = await playwright.chromium.launch(
                    executable_path=str(path), args=CHROMIUM_FLAGS
                )
                people = People(chromium, server.links())
                attack = Attack(people, server, endless(payloads()), each=EACH)
                attack.seen.fields.update(tried)
                await attack.everything()
                await attack.look(ROLES, csp=False, each_role=True)
                await attack.look(ROLES, csp=True, each_role=True)
                await chromium.close()
        finally:
            server.stop()
    seen, left_out = attack.seen, fields.missing(set(attack.seen.fields))
    for what in (*seen.executed, *seen.reports, *sorted(left_out)):
        print("found:", what)
    print(
        f"texts: {len(seen.tried)} different texts, {sum(seen.fields.values())} sent, through "
        f"{len(seen.fields)} fields, {len(left_out)} left out; {len(seen.taken)} took a text; "
        f"{seen.pages} pages looked at; {len(seen.executed)} executed with the policy off, "
        f"{len(seen.reports)} reports with it on"
    )
    enough = len(seen.tried) >= min(500, len(payloads()))
    return not seen.executed and not seen.reports and not left_out and enough


PROOFS = {"crowd": crowd, "clock": clock, "texts": texts}


def main() -> int:
    """Run the proofs that are named, or all of them."""
    wanted = sys.argv[1:] or list(PROOFS)
    results = [asyncio.run(PROOFS[name]()) for name in wanted]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
