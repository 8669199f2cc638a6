"""No file names the host of a package index or of a download: whoever installs configures it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import ROOT

HOSTS = [
    # In pieces, so that this file is not the first to be found.
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.np" + "mjs.org",
    "registry.yarn" + "pkg.com",
    "jsdel" + "ivr.net",
    "unp" + "kg.com",
    "cdnjs.cloud" + "flare.com",
    "esm" + ".sh",
    "sky" + "pack.dev",
    "fonts.google" + "apis.com",
    "fonts.gst" + "atic.com",
    "deb.deb" + "ian.org",
    "archive.ubu" + "ntu.com",
    "playwright.azure" + "edge.net",
    "cdn.play" + "wright.dev",
    "storage.google" + "apis.com",
    "docker" + ".io",
    "gh" + "cr.io",
    "proxy.gol" + "ang.org",
    "cra" + "tes.io",
    "conda.ana" + "conda.org",
    "githubuser" + "content.com",
]
CACHES = {
    *(".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
    "node_modules",
}
LEFT_BEHIND = {ROOT / "data", ROOT / "build", ROOT / "dist"}


def files(root: Path) -> Iterator[Path]:
    """Every file of the tree but for caches and what a run leaves behind."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        keep = [f for f in folders if f not in CACHES and here / f not in LEFT_BEHIND]
        folders[:] = [f for f in keep if not (here / f / "pyvenv.cfg").exists()]
        yield from (here / name for name in names if (here / name).is_file())


def hosts_in(content: bytes) -> list[str]:
    """Return the forbidden hosts in a file."""
    return [host for host in HOSTS if host.encode() in content.lower()]


def test_no_file_names_an_index():
    found = {
        str(p.relative_to(ROOT)): hosts for p in files(ROOT) if (hosts := hosts_in(p.read_bytes()))
    }
    assert found == {}


def test_the_tree_is_walked():
    names = {str(p.relative_to(ROOT)) for p in files(ROOT)}
    assert {"run.py", "requirements.lock", "conference/rules/state.py", this_file()} <= names
    assert not any(name.startswith((".venv/", ".git/", "data/")) for name in names)


def this_file() -> str:
    return str(Path(__file__).resolve().relative_to(ROOT))


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_is_found(host):
    assert hosts_in(b"--index-url https://" + host.upper().encode() + b"/simple") == [host]
