"""`rehearse` as a process: what it does, what it refuses, and that nothing is left behind."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.live.rehearsing import PATIENCE, SMALL, Run, loaded


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


def gone(data: Path, seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while children_of(data) and time.monotonic() < end:
        time.sleep(0.1)
    return not children_of(data)


REAL = "ash@members.example"
"""Somebody's address: it must not leave, nor stand in the copy."""
FEW = 12
"""As many as a busy machine can let come in, drop out, speak and vote at once within minutes."""
QUEUED = """
    INSERT INTO mail (recipient, recipient_key, subject, text, html, created_at, next_at, tries, state, error, urgent)
    VALUES (?1, ?1, 'Your link', 'Come in.', '', 0, 0, 0, 'queued', '', 1)
"""


def with_an_address(data: Path) -> None:
    """Give a delegate an address, and let a mail wait to be sent to it."""
    with closing(sqlite3.connect(data / "conference.db")) as database, database:
        database.execute(
            "UPDATE account SET email = ?1, email_key = ?1 WHERE name = 'Delegate 001'", (REAL,)
        )
        database.execute(QUEUED, (REAL,))


@pytest.mark.timeout(600)
def test_delegates_take_part_and_the_original_is_not_touched(data):
    with_an_address(data)
    before = digest(data)
    with socket.create_server(("127.0.0.1", 0)) as mail_server:
        around = {
            "CONFERENCE_SMTP_HOST": "127.0.0.1", "CONFERENCE_SMTP_SECURITY": "none",
            "CONFERENCE_SMTP_PORT": str(mail_server.getsockname()[1]),
        }  # fmt: skip
        words = ("--delegates", str(FEW), "--by-itself", "--minutes", "8")
        with Run(data, *words, around=around) as run:
            _take_part(run, data)
        mail_server.settimeout(0)
        with pytest.raises(BlockingIOError):
            mail_server.accept()  # nobody has called
    assert digest(data) == before
    assert not (data / "rehearsal").exists()
    assert gone(data)


def _take_part(run: Run, data: Path) -> None:
    told = run.line()
    assert told["address"] == f"http://127.0.0.1:{run.port}"
    assert {title for title, _name, _link in told["links"]} >= {"Chair", "Teller", "Speaker"}
    # At any moment somebody may have dropped out, as they do here: a moment when all are there.
    figures = run.until(
        lambda f: f.get("recorded", 0) >= 5 and f["checked"] >= 30 and f["connected"] == FEW
    )
    assert figures["signed_in"] == figures["connected"] == FEW
    assert figures["wrong"] == 0, figures["problems"]
    assert figures["broken"] == 0, "a line that was dropped on purpose did not end by itself"
    copied = [path.read_bytes() for path in (data / "rehearsal").rglob("*") if path.is_file()]
    assert any(b"Delegate 0001" in content for content in copied)
    assert not any(REAL.encode() in content for content in copied)
    assert not (data / "rehearsal" / "mail").exists()
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 0


def test_only_one_at_a_time_and_a_killed_one_is_swept(data):
    with Run(data, "--delegates", "5") as run:
        run.until(lambda f: f.get("signed_in") == 5)
        with Run(data, "--delegates", "5") as again:
            assert again.end() == 2
            assert "running already" in again.errors()
        run.process.kill()
        assert run.end() == -signal.SIGKILL
    assert gone(data), children_of(data)
    assert (data / "rehearsal" / "conference.db").exists()
    with Run(data, "--delegates", "5") as third:
        third.until(lambda f: f.get("signed_in") == 5)
        assert third.end() == 0  # its input has ended: whoever started it has gone
    assert not (data / "rehearsal").exists()


def test_what_it_refuses(tmp_path):
    with Run(tmp_path / "nothing") as run:
        assert run.end() == 2
        assert "There is no conference" in run.errors()
    assert not os.path.lexists(tmp_path / "nothing" / "rehearsal")


@pytest.mark.timeout(600)
def test_a_few_go_through_a_whole_conference_without_a_wrong_screen(tmp_path):
    """From the doors to the close; `python3 run.py faults rehearsal` does the same with 1,500."""
    data = loaded(SMALL, tmp_path)
    with Run(data, "--delegates", str(FEW), "--by-itself", "--minutes", "8") as run:
        run.line()
        figures = run.until(lambda f: f["sound"] is not None or f["problems"], 500)
        if figures["problems"]:
            run.process.send_signal(signal.SIGINT)
        assert run.end() == 0, figures
    assert figures["sound"] is True, figures["unsound"]
    assert (figures["wrong"], figures["miscounted"]) == (0, 0), figures["problems"]
    assert figures["recounted"] == figures["votes"] >= 2
    assert figures["at_the_end"] == FEW
    assert figures["loaded"] > FEW <= figures["checked"] - figures["loaded"]
    assert figures["recorded"] >= FEW
    assert not (data / "rehearsal").exists()
