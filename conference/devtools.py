"""What `test` and `check` do: a browser, the suite, and the tools around it, one line each."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
BROWSER_SETTING = "CONFERENCE_CHROMIUM"
CHROMIUM = (
    "The suite needs a Chromium: install it (Debian: apt install chromium),"
    f" or name one in {BROWSER_SETTING}."
)
FFMPEG = (
    "The suite needs ffmpeg, to make the stream that it listens to (Debian: apt install ffmpeg)."
)


def run_tests(extra: list[str]) -> int:
    """Run the whole suite, real browser included; gives pytest's exit code.

    2 when there is no browser, or no ffmpeg to make the stream that the browser hears.
    """
    browser = find_browser() or install_browser()
    if browser is None or not (shutil.which("ffmpeg") or _install("ffmpeg", FFMPEG)):
        return 2
    # The browser fixtures read the same setting, so that suite and search cannot disagree.
    environment = os.environ | {BROWSER_SETTING: browser}
    # Three at a time on two cores, for browsers and servers mostly wait for each other; a file to one
    # of them, in the order that tests/conftest.py says.
    shared = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    return _python(["-m", "pytest", *shared, *extra], environment)


def run_check() -> int:
    """Run formatter, linter, types, templates and tests; gives 1 when any of them found something.

    All steps run even when one fails: whoever mends wants to see everything at once.
    """
    steps: list[tuple[str, Callable[[], int]]] = [
        ("format", lambda: _python(["-m", "ruff", "format", "--check", "--quiet", "."])),
        ("lint", lambda: _python(["-m", "ruff", "check", "--quiet", "."])),
        ("types", lambda: _python(["-m", "mypy", "--no-error-summary"])),
        ("templates", _check_templates),
        ("tests", lambda: run_tests([])),
    ]
    failed = False
    for name, step in steps:
        code = step()
        failed = failed or code != 0
        print(f"{name}: {'failed' if code else 'well'}", flush=True)
    return 1 if failed else 0


def run_long(script: str, extra: list[str], *, browser: bool = True) -> int:
    """Run one of the long proofs in `benchmarks/`; gives its exit code."""
    if browser and find_browser() is None and install_browser() is None:
        return 2
    return _python([f"benchmarks/{script}.py", *extra])


def find_browser() -> str | None:
    """Find a Chromium on this machine; the setting goes before everything and must be right."""
    chosen = os.environ.get(BROWSER_SETTING)
    for candidate in (chosen,) if chosen else BROWSERS:
        if found := shutil.which(candidate):
            return found
    return None


def install_browser() -> str | None:
    """Install Debian's Chromium where we may, otherwise say what is missing."""
    if wrong := os.environ.get(BROWSER_SETTING):
        _say(f"{BROWSER_SETTING} names {wrong}, which is no program that can be started.")
        return None
    return find_browser() if _install("chromium", CHROMIUM) else None


def _install(package: str, otherwise: str) -> bool:
    """Install a package of Debian's where we may; otherwise say what is missing. Says whether it did."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        _say(otherwise)
        return False
    _say(f"Installing Debian's package {package}, which the suite needs.")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        if subprocess.call([apt, "--quiet", *arguments], env=quiet) != 0:
            _say(f"apt-get {arguments[0]} failed; install {package} by hand and start again.")
            return False
    return True


def _check_templates() -> int:
    # Late: the tests must be able to start when a template or the web floor is broken.
    from conference.web.templates import check_templates  # noqa: PLC0415

    errors = check_templates()
    for error in errors:
        print(error)
    return 1 if errors else 0


def _python(arguments: list[str], environment: dict[str, str] | None = None) -> int:
    sys.stdout.flush()
    return subprocess.call([sys.executable, *arguments], cwd=ROOT, env=environment)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
