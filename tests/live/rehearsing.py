"""`rehearse` as a process, and conferences that fit into its time."""

from __future__ import annotations

import contextlib
import json
import queue
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Self

from tests.live.serving import ROOT, environment, free_port

PATIENCE = 120
"""Seconds for what takes one or two on a machine with nothing else to do."""
SMALL = """\
name = "A small conference"
day = 2026-11-21
zone = "Europe/London"
about = ["A conference to try things with."]

[organiser]
name = "A small network"
contact = "Nobody reads mail for this conference."
purpose = "To try things."
complaints = "There is nobody to complain to."
retention_days = 14
challenge_days = 14

[settings]
quorum = 3
vote.announcement = 1
vote.minimum = 2
vote.countdown = 2
vote.duration = 5

[[items]]
id = 1
number = 1
title = "Opening"
kind = "votes"
starts = "10:00"
minutes = 10

[[items]]
id = 2
number = 2
title = "Motion 1"
kind = "debate"
starts = "10:10"
minutes = 30

[[motions]]
id = 1
item = 1
label = "V1"
title = "Adopt the standing orders"
kind = "question"
text = "That the standing orders, as published, be adopted for this conference."

[[motions]]
id = 2
item = 2
label = "Motion 1"
title = "On bread"
mover = "A baker"
text = "Conference asks for bread."

[[people]]
name = "Delegate {n:03}"
count = 60
roles = ["delegate"]

[[people]]
name = "Chair"
roles = ["chair"]

[[people]]
name = "Registrar"
roles = ["registrar", "organiser"]

[[people]]
name = "Teller"
roles = ["teller"]
"""
"""A conference of two items: opened, voted, debated and closed within a minute or two."""


def launch_day(**seconds: int) -> str:
    """The launch conference with other times for its votes, and room for everybody on its register."""
    text = (ROOT / "conference" / "data" / "launch.toml").read_text()
    for name, value in seconds.items():
        text, changed = re.subn(rf"(?m)^vote\.{name} = \d+$", f"vote.{name} = {value}", text)
        assert changed == 1, name
    return text


def loaded(text: str, folder: Path) -> Path:
    """A data folder with the conference of this file, as a rehearsal; nobody serves it."""
    file, data = folder / "conference.toml", folder / "data"
    file.write_text(text)
    done = subprocess.run(
        [
            sys.executable, "-m", "conference", "load", str(file), "--mode", "rehearsal",
            "--data", str(data),
        ],
        cwd=ROOT, env=environment(), text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return data


class Run:
    """One `rehearse --json`, its lines read as they come; on leaving it has ended, however it went."""

    def __init__(
        self, data: Path, *words: str, seed: int = 7, around: dict[str, str] | None = None
    ) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "conference", "rehearse", "--json", "--data", str(data),
                "--port", str(self.port), "--seed", str(seed), *words,
            ],
            cwd=ROOT, env=environment() | (around or {}), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        self._errors: queue.Queue[str] = queue.Queue()
        self._threads = [
            threading.Thread(target=_pump, args=pair, daemon=True)
            for pair in (
                (self.process.stdout, self._lines),
                (self.process.stderr, self._errors),
            )
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()  # its delegates end when their input does
        self.end()
        for pipe in (self.process.stdout, self.process.stderr):
            pipe.close()

    def line(self, within: float = PATIENCE) -> dict:
        try:
            text = self._lines.get(timeout=within)
        except queue.Empty:
            raise AssertionError(f"it has told nothing for {within} s") from None
        assert text, self.errors()
        return json.loads(text)

    def until(self, fits, seconds: float = 200) -> dict:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            line = self.line()
            if fits(line):
                return line
        raise AssertionError(line)

    def end(self) -> int:
        """Say that nobody listens any more, and wait for the end."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        for thread in self._threads:
            thread.join(PATIENCE)
        return code

    def errors(self) -> str:
        """What it has told the terminal until its end."""
        return "".join(iter(lambda: self._errors.get(timeout=PATIENCE), ""))


def _pump(pipe: IO[str], into: queue.Queue[str]) -> None:
    """Hand on line by line, so that nobody waits longer than they want; "" is the end."""
    for line in pipe:
        into.put(line)
    into.put("")
