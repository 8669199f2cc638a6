"""What a person reads at the start; links go to a terminal only."""

from __future__ import annotations

import os
import pty
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def words(data: Path, port: int) -> list[str]:
    return [
        sys.executable, "-m", "conference", "serve", "--data", str(data), "--port", str(port),
    ]  # fmt: skip


@pytest.fixture
def greeting(tmp_path):
    """What the server prints to a terminal, and then to a file, on one port."""
    port = free_port()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(words(tmp_path / "data", port), cwd=ROOT, stdout=theirs)
    os.close(theirs)
    seen = b""
    end = time.monotonic() + 30
    while b"Ctrl-C" not in seen and time.monotonic() < end:
        if select.select([ours], [], [], 0.5)[0]:
            seen += os.read(ours, 65536)
    process.send_signal(signal.SIGINT)
    code = process.wait(15)
    os.close(ours)
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(words(tmp_path / "data", port), cwd=ROOT, stdout=file)
    while "Ctrl-C" not in log.read_text() and time.monotonic() < end + 30:
        time.sleep(0.1)
    process.terminate()
    return seen.decode(), log.read_text(), (code, process.wait(15)), port


def test_a_terminal_gets_the_links_and_a_file_does_not(greeting):
    terminal, file, codes, port = greeting
    assert "Demonstration is ready. Nothing here is real." in terminal
    address = f"http://127.0.0.1:{port}"
    assert f"{address}/\r\n" in terminal
    assert f"{address}/screen" in terminal
    assert terminal.count(f"{address}/l/") == 7
    for name in (
        "Chair", "Registrar", "Delegate 001", "Delegate 002", "Delegate 003", "A conference of your",
    ):  # fmt: skip
        assert name in terminal
    assert "Demonstration is ready" in file
    assert "/l/" not in file
    assert codes == (0, 0)
