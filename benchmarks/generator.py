"""The load generator `wsload.c` as a process: built with gcc, started, and read while it runs."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


class NoCompiler(Exception):  # noqa: N818  (it is what is missing)
    """There is no gcc on this machine."""


def build() -> Path:
    """Return the program, built now. Raises NoCompiler."""
    gcc = shutil.which("gcc")
    if gcc is None:
        raise NoCompiler
    program = Path(tempfile.mkdtemp(prefix="wsload-")) / "wsload"
    flags = ("-O2", "-Wall", "-Wextra")
    subprocess.run([gcc, *flags, "-o", program, HERE / "wsload.c", "-lm"], check=True)
    return program


@dataclass
class Load:
    """A run of the generator."""

    process: asyncio.subprocess.Process
    begun: str = ""

    async def connected(self) -> None:
        """Wait until every client is connected; fails when one is not."""
        assert self.process.stdout is not None
        found = await self.process.stdout.readuntil(b'"rounds":[')
        self.begun = found.decode()
        assert '"failed":0,' in self.begun, self.begun

    async def report(self) -> dict:
        """Wait for the end; what it measured."""
        assert self.process.stdout is not None
        rest = (await self.process.stdout.read()).decode()
        await self.process.wait()
        found = json.loads(self.begun + rest)
        assert not found["failed"], found["first_error"]
        return found


async def start(program: Path, **options: object) -> Load:
    """Start it with these options; `server_pid=5` is `--server-pid 5`."""
    words: list[str] = []
    for name, value in options.items():
        words += [f"--{name.replace('_', '-')}", str(value)]
    process = await asyncio.create_subprocess_exec(
        program, *words, stdout=asyncio.subprocess.PIPE, limit=2**20
    )
    return Load(process)
