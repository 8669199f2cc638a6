"""`rehearse` as a process: what it does, what it refuses, and that nothing is left behind."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.live.rehearsing import SMALL, Run, loaded


@pytest.fixture
def data(prepared, tmp_path):
    """Where Motion 1 waits for its vote, with 160 on the register; nobody serves it."""
    return prepared.copy(tmp_path / "data").data


def digest(data: Path) -> str:
    return hashlib.sha256((data / "conference.db").read_bytes()).hexdigest()


def children_of(data: Path) -> list[str]:
    """Every process that names this folder, or is one of the delegates of a rehearsal there."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except (OSError, UnicodeDecodeError):
            continue
        if any(str(data) in word for word in words):
            found.append(" ".join(words))
    return found


def gone(data: Path, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while children_of(data) and time.monotonic() < end:
        time.sleep(0.1)
    return not children_of(data)


def test_delegates_take_part_and_the_original_is_not_touched(data):
    before = digest(data)
    run = Run(data, "--delegates", "30", "--by-itself", "--minutes", "4")
    told = run.line()
    assert told["address"] == f"http://127.0.0.1:{run.port}"
    assert {title for title, _name, _link in told["links"]} >= {"Chair", "Teller", "Speaker"}
    # At any moment somebody may have dropped out, as they do here: a moment when all are there.
    figures = run.until(
        lambda f: f.get("recorded", 0) >= 5 and f["checked"] >= 60 and f["connected"] == 30
    )
    assert figures["signed_in"] == figures["connected"] == 30
    assert figures["wrong"] == 0, figures["problems"]
    assert figures["broken"] == 0, "a line that was dropped on purpose did not end by itself"
    copied = (data / "rehearsal" / "conference.db").read_bytes()
    assert b"Delegate 0001" in copied + (data / "rehearsal" / "conference.db-wal").read_bytes()
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 0
    assert digest(data) == before
    assert not (data / "rehearsal").exists()
    assert gone(data)


def test_only_one_at_a_time_and_a_killed_one_is_swept(data):
    run = Run(data, "--delegates", "5")
    run.until(lambda f: f.get("signed_in") == 5)
    again = Run(data, "--delegates", "5")
    _out, err = again.process.communicate(timeout=20)
    assert again.process.returncode == 2
    assert "running already" in err
    run.process.kill()
    assert run.end() == -signal.SIGKILL
    assert gone(data), children_of(data)
    assert (data / "rehearsal" / "conference.db").exists()
    third = Run(data, "--delegates", "5")
    third.until(lambda f: f.get("signed_in") == 5)
    assert third.end() == 0  # its input has ended: whoever started it has gone
    assert not (data / "rehearsal").exists()


def test_what_it_refuses(tmp_path):
    run = Run(tmp_path / "nothing")
    _out, err = run.process.communicate(timeout=20)
    assert run.process.returncode == 2
    assert "There is no conference" in err
    assert not os.path.lexists(tmp_path / "nothing" / "rehearsal")


def test_sixty_go_through_a_whole_conference_without_a_wrong_screen(tmp_path):
    """From the doors to the close; `python3 run.py faults rehearsal` does the same with 1,500."""
    data = loaded(SMALL, tmp_path)
    run = Run(data, "--delegates", "60", "--by-itself", "--minutes", "8")
    run.line()
    figures = run.until(lambda f: f["sound"] is not None, 540)
    assert run.end() == 0, figures
    assert figures["sound"] is True, figures["unsound"]
    assert (figures["wrong"], figures["miscounted"]) == (0, 0), figures["problems"]
    assert figures["recounted"] == figures["votes"] >= 2
    assert figures["at_the_end"] == 60
    assert figures["loaded"] > 60 <= figures["checked"] - figures["loaded"]
    assert figures["recorded"] >= 60
    assert not (data / "rehearsal").exists()
