"""Every route and every wire message declares who may use it; none declared is refused."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from tests.house.sources import PACKAGE

PUBLIC_PATHS = {
    # What somebody without sign-in may ask for or send: the table page x audience of the docs.
    *("/", "/register", "/sign-in", "/agenda", "/motions", "/motions/{}", "/minutes", "/screen"),
    *("/privacy", "/standing-orders", "/help", "/healthz", "/healthz/live", "/metrics"),
    *("/agenda/changes", "/agenda.ics", "/agenda.json", "/embed/agenda", "/calendar/{}.ics"),
    *("/agenda/paper", "/agenda/paper.pdf", "/agenda/paper.md"),
    *("/minutes/paper", "/minutes.pdf", "/minutes.md"),
    *("/resolutions", "/resolutions.pdf", "/resolutions.md"),
    "/register/hashes.txt",
    *("/votes/{}", "/votes/{}/board", "/votes/{}/bundle.zip"),
    *(
        "/l/{}",
        "/r/{}",
        "/s/{}",
        "/l/{}/code",
        "/passkeys/challenge",
        "/passkeys/entry",
        "/.well-known/security.txt",
        "/sign-in/code",
        "/robots.txt",
        "/favicon.ico",
    ),
    *("/i", "/i/{}", "/screen/{}", "/speakers", "/speakers/{}/picture"),
}
NEVER_PUBLIC = {
    "/stage",
    "/invitations",
    "/sound",
    "/room",
    "/floor",
    "/speaker",
    "/registrar",
    "/chair",
    "/me",
}


def module(path: str) -> Any:
    """Import a module; skip while its file does not exist, and only then."""
    if not (PACKAGE / path).exists():
        pytest.skip(f"conference/{path} does not exist yet")
    return importlib.import_module("conference." + path.removesuffix(".py").replace("/", "."))


def plain(path: str) -> str:
    """Return a path with its parameters unnamed: /motions/{number:int} is /motions/{}."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def undeclared(routes: Iterable[Any]) -> list[str]:
    """Return the routes that do not say who may use them, or by which methods."""
    permission = module("permission.py").Permission
    return [
        route.path
        for route in routes
        if not isinstance(getattr(route, "permission", None), permission)
        or not route.permission.name
        or not route.methods
    ]


def wrongly_public(routes: Iterable[Any]) -> list[str]:
    """Return the routes that anybody may use although the table of pages does not say so."""
    anybody = [r.path for r in routes if r.permission.allows(None)]
    return [path for path in anybody if plain(path) not in PUBLIC_PATHS]


def undeclared_messages(messages: Iterable[type], permissions: Mapping[type, Any]) -> list[str]:
    """Return the messages that do not say who may send them."""
    permission = module("permission.py").Permission
    return [m.__name__ for m in messages if not isinstance(permissions.get(m), permission)]


def test_every_route_declares_its_permission():
    routes = module("web/routes.py").ROUTES
    assert routes
    assert undeclared(routes) == []


def test_only_the_public_pages_are_public():
    routes = module("web/routes.py").ROUTES
    assert wrongly_public(routes) == []
    assert not NEVER_PUBLIC & PUBLIC_PATHS


def test_the_chairs_routes_are_the_chairs():
    permissions = module("permission.py")
    routes = [r for r in module("web/routes.py").ROUTES if r.path.startswith("/chair")]
    assert routes
    # The mode is the organiser's, wherever its form stands; a second officer confirms.
    allowed = {permissions.CHAIR, permissions.ORGANISER, permissions.SECOND}
    assert {r.permission for r in routes} <= allowed


def test_no_two_routes_answer_the_same():
    routes = module("web/routes.py").ROUTES
    answers = [(plain(r.path), m) for r in routes for m in r.methods - {"HEAD"}]
    assert len(answers) == len(set(answers))


def test_every_message_declares_its_permission():
    messages = module("live/messages.py")
    incoming = get_args(messages.Message)
    assert incoming
    assert undeclared_messages(incoming, messages.PERMISSIONS) == []
    assert set(messages.PERMISSIONS) == set(incoming)
    assert {m.__struct_config__.tag for m in incoming} == messages.KINDS


def test_a_role_nobody_has_been_accepted_for_opens_nothing():
    permissions = module("permission.py")
    kinds, state = module("rules/kinds.py"), module("rules/state.py")
    for standing in (kinds.Standing.WAITING, kinds.Standing.DECLINED):
        person = state.Person("x", frozenset(kinds.Role), standing)
        assert not permissions.CHAIR.allows(person)
    assert not permissions.CHAIR.allows(None)
    assert not permissions.SIGNED_IN.allows(None)
    assert permissions.PUBLIC.allows(None)


def test_what_is_not_declared_is_found():
    permissions = module("permission.py")
    methods = {"GET"}
    good = SimpleNamespace(path="/floor", methods=methods, permission=permissions.SIGNED_IN)
    none = SimpleNamespace(path="/a", methods=methods, permission=None)
    missing = SimpleNamespace(path="/b", methods=methods)
    word = SimpleNamespace(path="/c", methods=methods, permission="public")
    deaf = SimpleNamespace(path="/d", methods=set(), permission=permissions.CHAIR)
    assert undeclared([good, none, missing, word, deaf]) == ["/a", "/b", "/c", "/d"]
    leak = SimpleNamespace(path="/chair", methods=methods, permission=permissions.PUBLIC)
    motion = SimpleNamespace(
        path="/motions/{n:int}", methods=methods, permission=permissions.PUBLIC
    )
    assert wrongly_public([good, leak, motion]) == ["/chair"]
    assert undeclared_messages([int, str], {int: permissions.CHAIR, str: None}) == ["str"]
