"""A hall for measuring: the launch conference with thousands of delegates who have signed in.

Made through the program's own doors (`load`, the links, the forms), and kept, because it takes a
minute: `Hall.copy` gives a fresh server on the same people and sessions.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.live.serving import CHAIR, Server, quick_file, to_motion_1

AT_ONCE = 64
"""Browsers that sign in side by side."""


@dataclass(frozen=True)
class Hall:
    """A data folder in which Motion 1 is seconded and everybody is present, and their cookies."""

    folder: Path
    delegates: int
    motion: int

    @property
    def cookies(self) -> Path:
        """One cookie a line, a delegate a line."""
        return self.folder / "cookies.txt"

    @property
    def chair(self) -> str:
        """The chair's cookie."""
        return (self.folder / "chair.txt").read_text().strip()

    def copy(self, target: Path) -> Server:
        """A server on a copy of the folder; not started."""
        shutil.copytree(self.folder / "data", target)
        return Server(target)


def hall_file(target: Path, delegates: int, **settings: int) -> Path:
    """The launch conference with so many delegates, and votes that wait to be closed."""
    quick_file(target, **{"announcement": 6, "duration": 300, **settings})
    text, changed = re.subn(r"(?m)^count = 160$", f"count = {delegates}", target.read_text())
    assert changed == 1
    target.write_text(text.replace("{n:03}", "{n:05}"))
    return target


async def prepared(folder: Path, delegates: int) -> Hall:
    """Return the hall in this folder, made now when it is not there yet."""
    done = folder / "hall.json"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        motion = await _prepare(folder, delegates)
        done.write_text(json.dumps({"delegates": delegates, "motion": motion}))
    known = json.loads(done.read_text())
    assert known["delegates"] == delegates, "another hall is kept in this folder"
    return Hall(folder, delegates, known["motion"])


async def _prepare(folder: Path, delegates: int) -> int:
    server = Server(folder / "data")
    file = hall_file(folder / "hall.toml", delegates)
    done = server.run("load", str(file), "--mode", "demonstration")
    assert done.returncode == 0, done.stdout + done.stderr
    server.start()
    try:
        links = server.links()
        names = sorted(name for name in links if name.startswith("Delegate "))
        cookies = await _seated(server, [links[name] for name in names])
        (folder / "cookies.txt").write_text("\n".join(cookies) + "\n")
        async with server.person(CHAIR) as chair:
            motion = await to_motion_1(chair, 1000)
            (folder / "chair.txt").write_text(chair.cookie)
    finally:
        assert server.stop() == 0, server.stderr()
    return motion


async def _seated(server: Server, links: list[str]) -> list[str]:
    """Sign everybody in by their link and let them say that they are here; their cookies."""
    cookies = [""] * len(links)
    places = iter(range(len(links)))

    async def browser() -> None:
        headers = {"Origin": server.url, "Accept": "application/json"}
        async with httpx2.AsyncClient(
            base_url=server.url, headers=headers, verify=False, trust_env=False, timeout=60
        ) as http:
            for place in places:
                done = await http.post(links[place])
                assert done.status_code == 303, done.text
                cookies[place] = f"conference={done.cookies['conference']}"
                http.cookies.clear()
                here = await http.post(
                    "/presence", data={"here": "yes"}, headers={"Cookie": cookies[place]}
                )
                assert here.status_code == 303, here.text

    await asyncio.gather(*(browser() for _ in range(AT_ONCE)))
    return cookies
