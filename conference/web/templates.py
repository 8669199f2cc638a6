"""The one Jinja environment, and the check that every template gets what it uses."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, meta
from markupsafe import Markup

from conference.web.text import gettext, ngettext

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """Return `templates` or `static`: beside the package in a clone, inside it in a wheel."""
    return PACKAGE / name if (PACKAGE / name).is_dir() else ROOT / name


BETWEEN = 0.02
"""Seconds between two templates that are compiled beforehand."""
CROWD = 8
"""So many people within that time are a crowd: it is let in before anything is compiled…"""
GIVE_WAY = 10.0
"""…for so many seconds at most."""


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text: blank lines separate them."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def iso(ms: int) -> str:
    """Return a time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")


def clock_time(ms: int, zone: str) -> str:
    """Return hours and minutes in the conference's zone."""
    return datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%H:%M")


def seconds_left(until: int, now: int) -> str:
    """Return m:ss until then, never negative."""
    left = max(until - now, 0) // 1000
    return f"{left // 60}:{left % 60:02}"


def _kept_compiled() -> FileSystemBytecodeCache | None:
    """Keep compiled templates beside Python's own compiled modules, where those may be kept."""
    place = PACKAGE / "__pycache__" / "templates"
    if sys.dont_write_bytecode:
        return None
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(place)) if os.access(place, os.W_OK) else None


@cache
def environment() -> Environment:
    """Return the environment: everything escaped, nothing undefined passes silently.

    One for the process: a template is compiled once, however many applications are built (in tests).
    """
    env = Environment(
        loader=FileSystemLoader(folder("templates")),
        bytecode_cache=_kept_compiled(),
        autoescape=True,
        auto_reload=False,  # a running server keeps the templates it started with
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {
        "paragraphs": paragraphs,
        "iso": iso,
        "clock_time": clock_time,
        "seconds_left": seconds_left,
    }
    env.policies["ext.i18n.trimmed"] = True
    return env


def as_context(context: object) -> dict[str, Any]:
    """Return a context dataclass as the names a template sees (its fields, not copied)."""
    if not is_dataclass(context):
        message = f"{type(context).__name__} is no dataclass"
        raise TypeError(message)
    return {f.name: getattr(context, f.name) for f in fields(context)}


class Templates:
    """Renders pages and regions from context dataclasses, and from nothing else."""

    def __init__(self) -> None:
        """Build the environment."""
        self.env = environment()

    async def prepare(self, came: Callable[[], int] = lambda: 0) -> None:
        """Compile what is sent to a whole hall at once, piece by piece: no hall waits for it then.

        `came` says how many people have come so far. After a restart all come back at once, and each
        piece would stop them for a moment: it waits until the crowd is in.
        """
        until = time.monotonic() + GIVE_WAY
        for name in self.env.list_templates(extensions=["html"]):
            if name.startswith(("regions/", "parts/")):
                self.env.get_template(name)
                crowd = True
                while crowd:
                    before = came()
                    await asyncio.sleep(BETWEEN)
                    crowd = came() - before >= CROWD and time.monotonic() < until

    def render(self, name: str, context: object, **more: object) -> Markup:
        """Return the template's HTML for this context."""
        return Markup(self.env.get_template(name).render(**as_context(context), **more))  # noqa: S704  (autoescaped by the template)


def watchdog_hash() -> str:
    """Return the CSP source for the one inline script, hashed as it stands in the page."""
    text = (folder("templates") / "parts" / "watchdog.js").read_text()
    env = environment()
    rendered = env.from_string('{% include "parts/watchdog.js" %}').render()
    digest = hashlib.sha256((rendered or text).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


GIVEN = frozenset({"page", "regions", "_", "gettext", "ngettext"})
"""What every page gets beside its own context."""


def undeclared(env: Environment, name: str) -> set[str]:
    """Return the names that a template and everything it includes or extends take from outside."""
    loader = env.loader
    if loader is None:
        return set()
    tree = env.parse(loader.get_source(env, name)[0])
    names = meta.find_undeclared_variables(tree)
    for other in meta.find_referenced_templates(tree):
        if other is not None:
            names |= undeclared(env, other)
    return names - set(env.globals)


def check_templates() -> list[str]:
    """Return what is wrong: a template that does not compile, or a context it does not fit."""
    from conference.web.contexts import CONTEXTS  # noqa: PLC0415  (contexts import this module)

    env = environment()
    problems = []
    for name in env.list_templates(extensions=["html", "txt"]):
        try:
            used = undeclared(env, name)
        except Exception as error:  # noqa: BLE001  (whatever is wrong is the finding)
            problems.append(f"{name}: {error}")
            continue
        problems += _misfits(name, used - GIVEN, CONTEXTS)
    problems += [f"{name}: no such template" for name in CONTEXTS if not _exists(env, name)]
    return problems


def _exists(env: Environment, name: str) -> bool:
    return name in env.list_templates()


def _misfits(name: str, used: set[str], contexts: Mapping[str, type]) -> list[str]:
    if name.startswith("parts/") or name == "base.html":
        return []
    if name not in contexts:
        return [f"{name}: no context is declared for it"]
    given = {f.name for f in fields(contexts[name])}
    missing = [f"{name}: uses {n}, which {contexts[name].__name__} has not" for n in used - given]
    unused = [f"{name}: does not use {n} of {contexts[name].__name__}" for n in given - used]
    return missing + unused
