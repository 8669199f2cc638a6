"""The docs say what the code says: routes, acts, refusals, settings, commands, links.

Each test fails with the lines that are missing or wrong, in the form in which they are pasted.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import click
import pytest

from conference.cli import cli
from conference.hall import Trouble
from conference.permission import (
    Permission,
)
from conference.rules import SEEN_BY_ALL, STEPS
from conference.rules.acts import Act
from conference.rules.kinds import Mode, Role
from conference.rules.refused import Code
from conference.rules.roles import MAY, SYSTEM_ACTS
from conference.web.guard import STATUS
from conference.web.routes import LIVE, ROUTES
from conference.web.sentences import SENTENCES, Wrong
from conference.web.views.words import ROLES
from tests.web.conftest import Visitors, clock, house, visitors  # noqa: F401  (fixtures)

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
RUNNING = DOCS / "running.md"
TEXT = "…"
"""What a missing line has where a person must write something."""


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def pages() -> list[Path]:
    """Every page that people read first, and every page of the docs."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def rows(path: Path) -> list[str]:
    """The rows of the page's tables, spaces made even; heads and rulers are left out."""
    lines = [" ".join(line.split()) for line in text_of(path).splitlines()]
    return [line for line in lines if re.match(r"\| (?!:?-)", line)]


def missing(path: Path, wanted: Iterable[str], key: int) -> list[str]:
    """The wanted rows that the page has not, and the rows whose first `key` cells nobody wants.

    A wanted row ends with its last computed cell; what a person wrote may follow it.
    """
    wanted = list(wanted)
    kinds = {first_of(row) for row in wanted}
    have = [row for row in rows(path) if first_of(row) in kinds]
    absent = [f"{row} {TEXT} |" for row in wanted if not any(h.startswith(row) for h in have)]
    known = {tuple(cells(row)[:key]) for row in wanted}
    stale = [
        f"nothing like this exists: {row}" for row in have if tuple(cells(row)[:key]) not in known
    ]
    return absent + stale


def first_of(row: str) -> str:
    """What the row begins with: a method, or a backtick for any name. Other tables have neither."""
    first = cells(row)[0]
    return "`" if re.fullmatch(r"`\w+`", first) else first


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def report(path: Path, problems: list[str]) -> str:
    return f"{path.relative_to(ROOT)}:\n" + "\n".join(problems)


# --- pages ---------------------------------------------------------------------------------------


def page_rows() -> Iterator[str]:
    for route in ROUTES:
        method = "POST" if "POST" in route.methods else "GET"
        public = route.permission.allows(None)
        found = "404" if "{person}" in route.path else "200"  # nobody has that pseudonym
        anonymous = {"GET": found, "POST": "303"} if public else {"GET": "303", "POST": "403"}
        yield f"| {method} | `{route.path}` | {route.permission.name} | {anonymous[method]} |"
    yield f"| socket | `{LIVE.path}` | signed in, or a hall screen's pass | 403 |"


def test_every_route_stands_in_the_table_of_pages():
    problems = missing(DOCS / "pages.md", page_rows(), 2)
    assert not problems, report(DOCS / "pages.md", problems)


def test_the_table_of_pages_names_who_has_each_permission():
    used = {route.permission.name: route.permission for route in ROUTES}
    wanted = [f"| **{kind.name}** | {holders(kind)} |" for kind in used.values() if kind.signed_in]
    have = rows(DOCS / "pages.md")
    problems = [row for row in wanted if row not in have]
    assert not problems, report(DOCS / "pages.md", problems)


def holders(kind: Permission) -> str:
    return ", ".join(ROLES[r] for r in Role if r in kind.roles) or "everybody who has signed in"


async def test_the_anonymous_get_what_the_table_says(visitors: Visitors):  # noqa: F811
    browser, wrong = visitors.nobody(), []
    for route in ROUTES:
        method = "POST" if "POST" in route.methods else "GET"
        path = re.sub(r"\{\w+:int\}", "1", route.path)
        answer = await browser.request(method, re.sub(r"\{\w+\}", "nobody", path))
        public = route.permission.allows(None)
        if not public:
            said = {"GET": 303, "POST": 403}[method]
        elif "{token}" in route.path:
            said = 403  # a page with a link's token: this one is not ours
        elif "{vote:int}" in route.path or "{person}" in route.path:
            said = 404  # no vote has been taken in this house, and nobody has that pseudonym
        else:
            said = {"GET": 200, "POST": 422}[method]  # an empty form
        if answer.status_code != said:
            wrong.append(f"{method} {route.path}: {answer.status_code}, not {said}")
        if method == "GET" and not public:
            assert answer.headers["location"].startswith("/sign-in?next=/"), route.path
    assert not wrong, "\n".join(wrong)


# --- acts and refusals -----------------------------------------------------------------------------


def act_rows() -> Iterator[str]:
    for act in get_args(Act):
        who = [ROLES[role] for role in Role if role in MAY[act]]
        if act in SYSTEM_ACTS:
            who.append("the clerk")
        rises = ["version"] if act in SEEN_BY_ALL else []
        rises += ["step"] if act in STEPS else []
        yield f"| `{act.__name__}` | {', '.join(who)} | {', '.join(rises) or '–'} |"


def test_every_act_stands_in_the_table_of_acts():
    problems = missing(DOCS / "acts.md", act_rows(), 1)
    assert not problems, report(DOCS / "acts.md", problems)


def refusal_rows() -> Iterator[str]:
    for code in (*Code, *Trouble, *Wrong):
        yield f"| `{code}` | {STATUS.get(code, 409)} | {SENTENCES[code]} |"


def test_every_refusal_stands_with_its_sentence():
    path = DOCS / "refusals.md"
    problems = [row.removesuffix(f" {TEXT} |") for row in missing(path, refusal_rows(), 1)]
    assert not problems, report(path, problems)


# --- commands and settings ---------------------------------------------------------------------------


def commands(
    group: click.Group = cli, name: tuple[str, ...] = ()
) -> dict[tuple[str, ...], click.Command]:
    found: dict[tuple[str, ...], click.Command] = {}
    for word, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, (*name, word))
        else:
            found[*name, word] = command
    return found


def section(path: Path, heading: str) -> str:
    """The part of a page under this heading, up to the next of the same or a higher level."""
    level = len(heading) - len(heading.lstrip("#"))
    _before, found, after = f"\n{text_of(path)}".partition(f"\n{heading}\n")
    return re.split(rf"\n#{{1,{level}}} ", after)[0] if found else ""


def options(command: click.Command) -> list[click.Option]:
    return [p for p in command.params if isinstance(p, click.Option)]


def test_every_command_and_option_stands_in_the_page_about_running():
    problems = []
    for name, command in commands().items():
        heading = f"### `{' '.join(name)}`"
        told = section(RUNNING, heading)
        if not told:
            problems.append(heading)
        flags = {flag for option in options(command) for flag in option.opts}
        problems += [f"{heading} … `{f}`" for f in sorted(flags) if f"`{f}" not in told]
    assert not problems, report(RUNNING, problems)


NO_SETTINGS = {"CONFERENCE_CLOSED"}
"""Names that only look like a setting: a code of the rules."""


def settings() -> set[str]:
    """Every setting that the code names or that the command line derives from an option."""
    sources = [*(ROOT / "conference").rglob("*.py"), ROOT / "run.py", ROOT / ".ci" / "run"]
    named = {
        word
        for path in sources
        for word in re.findall(r"\bCONFERENCE_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    derived = {
        "_".join(("CONFERENCE", *name, option.name or "")).replace("-", "_").upper()
        for name, command in commands().items()
        for option in options(command)
        if option.envvar is None and getattr(option, "allow_from_autoenv", True)
    }
    return (named | derived) - NO_SETTINGS


def test_every_setting_stands_in_the_page_about_running():
    problems = [f"| `{name}` | {TEXT} |" for name in sorted(settings())]
    problems = [row for row in problems if row.split(" |")[0] not in "\n".join(rows(RUNNING))]
    assert not problems, report(RUNNING, problems)


def test_no_setting_is_described_that_does_not_exist():
    for path in pages():
        told = set(re.findall(r"\bCONFERENCE_[A-Z_]*[A-Z]\b", text_of(path)))
        assert told <= settings(), path


def shown_commands() -> Iterator[tuple[Path, list[str]]]:
    """Every command line of ours in a block of a page."""
    for path in pages():
        for block in re.findall(r"^```\w*\n(.*?)^```", text_of(path), re.MULTILINE | re.DOTALL):
            for line in block.splitlines():
                found = re.match(r"\s*(?:python3 run\.py|ExecStart=\S+ run\.py)(.*)", line)
                if found:
                    yield path, shlex.split(found[1], comments=True)


def test_every_command_that_is_shown_exists():
    shown = list(shown_commands())
    assert [] in [words for _path, words in shown], "the README begins with python3 run.py"
    for path, words in shown:
        plain = tuple(words) if not words or words[0].startswith("-") else None
        name = ("serve",) if plain is not None else tuple(words[:2])
        command = commands().get(name) or commands().get(name[:1])
        assert command is not None, (path, words)
        known = {flag for option in options(command) for flag in option.opts} | {"--help"}
        used = {word.split("=")[0] for word in words if word.startswith("--")}
        passes_on = command.context_settings.get("ignore_unknown_options")
        assert used <= known or passes_on, (path, words)


# --- links and words -----------------------------------------------------------------------------------

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def slug(heading: str) -> str:
    """The anchor that the usual readers of Markdown give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    return {slug(h) for h in re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)}


@pytest.mark.parametrize("path", pages(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path):
    broken = []
    for target in LINK.findall(text_of(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _hash, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert not broken, report(path, broken)


def test_every_page_of_the_docs_can_be_reached_from_the_readme():
    reached, todo = set(), [ROOT / "README.md"]
    while todo:
        path = todo.pop()
        if path in reached or not path.is_file() or path.suffix != ".md":
            continue
        reached.add(path)
        todo += [(path.parent / t.partition("#")[0]).resolve() for t in LINK.findall(text_of(path))]
    own = [p for p in pages() if "reports" not in p.parts]
    assert [str(p.relative_to(ROOT)) for p in own if p not in reached] == []


def test_decisions_are_numbered_one_after_the_other():
    """In their names, in their headings and in the list: two people who write at once take the same."""
    files = sorted((DOCS / "decisions").glob("0*.md"))
    numbers = list(range(1, len(files) + 1))
    assert [int(path.name[:4]) for path in files] == numbers
    assert [int(text_of(path)[2:].partition(".")[0]) for path in files] == numbers
    listed = re.findall(r"(?m)^(\d+)\. \[.+\]\((.+)\)$", text_of(DOCS / "decisions" / "README.md"))
    assert listed == [(str(n), path.name) for n, path in zip(numbers, files, strict=True)]


def test_every_role_and_mode_has_its_word():
    told = text_of(DOCS / "words.md")
    wanted = [f"**{ROLES[role]}**" for role in Role] + [f"**{mode}**" for mode in Mode]
    assert [word for word in wanted if word not in told] == []


def test_what_is_missing_is_found(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(
        "| a | b |\n|---|---|\n| GET | `/here` | public | 200 | yes |\n| GET | `/old` |\n"
    )
    found = missing(page, ["| GET | `/here` | public | 200 |", "| GET | `/new` | chair | 303 |"], 2)
    assert found == [
        "| GET | `/new` | chair | 303 | … |",
        "nothing like this exists: | GET | `/old` |",
    ]
    assert slug("What is *kept*, and where?") == "what-is-kept-and-where"
