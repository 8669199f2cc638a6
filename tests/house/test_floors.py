"""Imports go down only (docs/architecture.md): what stands on a floor knows nothing above it."""

from __future__ import annotations

import ast

import pytest

from tests.house.sources import dotted, imported, modules

BASE = frozenset({"clock", "permission", "room", "rules", "settings", "wire"})
FLOORS: dict[str, frozenset[str]] = {
    # Who stands on a floor, and what of ours it may import beside itself.
    "rules": frozenset(),
    "sealing": frozenset({"rules"}),
    "wire": frozenset(),
    "room": frozenset({"wire"}),
    "papers": frozenset(),
    "clock": frozenset(),
    "settings": frozenset(),
    "permission": frozenset({"rules"}),
    "store": frozenset({"rules", "sealing"}),
    "counter": frozenset({"rules", "sealing"}),
    "scrutiny": frozenset({"clock", "counter", "hall", "rules", "sealing", "store"}),
    "programme": frozenset({"rules"}),
    "desk": frozenset({"clock", "rules", "sealing", "store"}),
    "hall": frozenset({"clock", "desk", "meters", "rules", "sealing", "store"}),
    "crowd": frozenset({"clock", "hall", "rules", "sealing", "store"}),
    "rehearsed": frozenset(),
    "meters": frozenset(),
    "live": frozenset({"hall", "permission", "room", "rules", "sealing", "wire"}),
    "web": BASE
    | {
        "crowd",
        "hall",
        "live",
        "meters",
        "papers",
        "programme",
        "rehearsed",
        "scrutiny",
        "sealing",
        "store",
    },
}
"""A module that stands on no floor composes: it may import anything, and no floor may import it."""


def wrong_imports(path: str, tree: ast.AST) -> list[str]:
    """Return what a module imports from above, or in a way that hides where from."""
    own = dotted(path).split(".")[1:2]
    if not own or own[0] not in FLOORS:
        return [name for name in imported(tree) if name.startswith(".")]
    allowed = FLOORS[own[0]] | set(own)
    found = []
    for name in imported(tree):
        parts = name.split(".")
        outside = parts[0] == "conference" and parts[1] not in allowed
        if name.startswith(".") or outside or name == "conference":
            found.append(name)
    return found


@pytest.mark.parametrize("path", modules())
def test_imports_go_down(path):
    assert wrong_imports(path, modules()[path]) == []


def test_the_floors_are_built():
    built = {dotted(path).split(".")[1] for path in modules() if dotted(path).count(".")}
    assert {"rules", "store", "hall", "room"} <= built
    assert all(below in FLOORS for floor in FLOORS.values() for below in floor)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("conference/rules/state.py", "from conference.store import Store"),
        ("conference/rules/state.py", "import conference.hall"),
        ("conference/rules/state.py", "from conference import clock"),
        ("conference/rules/state.py", "from . import table"),
        ("conference/rules/state.py", "def late():\n    from conference.web import text"),
        ("conference/room.py", "from conference.rules import take"),
        ("conference/sealing/heads.py", "from conference.store import Store"),
        ("conference/store/rows.py", "from conference.hall import Hall"),
        ("conference/hall.py", "from conference.web.sentences import say"),
        ("conference/live/socket.py", "from conference.web import regions"),
        ("conference/live/socket.py", "from conference.store import Store"),
        ("conference/web/guard.py", "from conference.app import build"),
        ("conference/app.py", "from .web import routes"),
    ],
)
def test_what_goes_up_is_found(path, text):
    assert wrong_imports(path, ast.parse(text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("conference/rules/debate.py", "from conference.rules import change\nimport json"),
        ("conference/hall.py", "from conference.store.ballots import BallotPaper"),
        ("conference/web/guard.py", "from conference.hall import Trouble"),
        ("conference/app.py", "from conference.web.routes import ROUTES"),
        ("conference/new_command.py", "from conference.app import build"),
    ],
)
def test_what_goes_down_is_not(path, text):
    assert wrong_imports(path, ast.parse(text)) == []
