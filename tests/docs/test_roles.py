"""The page of roles says what the code says: role x act x state, role x page, who sends what.

Each test fails with the text that should stand there. `python -m tests.docs.test_roles` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from conference.live.messages import PERMISSIONS
from conference.rules.acts import Act
from conference.rules.kinds import Phase, Role
from conference.rules.roles import FORBIDDEN, MAY, SYSTEM_ACTS, when
from conference.web.routes import ROUTES
from conference.web.views.words import ROLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
SHORT = {
    Role.ORGANISER: "org", Role.REGISTRAR: "reg", Role.CHAIR: "chair", Role.VICE_CHAIR: "vice",
    Role.SECRETARY: "sec", Role.ARRANGEMENTS: "cac", Role.QUEUE_KEEPER: "queue",
    Role.TELLER: "teller", Role.STEWARD: "stew", Role.DELEGATE: "del", Role.SPEAKER: "speak",
    Role.OBSERVER: "obs", Role.SCREEN: "screen",
}  # fmt: skip
PHASES = {Phase.BEFORE: "before", Phase.OPEN: "open", Phase.CLOSED: "closed"}


def row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def acts() -> Iterator[str]:
    yield row(["act", "when", *SHORT.values(), "clerk"])
    yield row(["---"] * (len(SHORT) + 3))
    for kind in get_args(Act):
        phases = ", ".join(word for phase, word in PHASES.items() if phase in when(kind))
        marks = ["x" if role in MAY[kind] else "" for role in SHORT]
        clerk = "x" if kind in SYSTEM_ACTS else ""
        yield row([f"`{kind.__name__}`", phases, *marks, clerk])


def pages() -> Iterator[str]:
    """Of every permission that asks for a role: who has it."""
    yield row(["permission", *SHORT.values()])
    yield row(["---"] * (len(SHORT) + 1))
    used = {one.permission.name: one.permission.roles for one in ROUTES}
    for name, roles in sorted(used.items()):
        if roles:
            yield row([name, *("x" if role in roles else "" for role in SHORT)])


def messages() -> Iterator[str]:
    yield row(["message", "who may send it"])
    yield row(["---", "---"])
    for kind, permission in PERMISSIONS.items():
        yield row([f"`{kind.__struct_config__.tag}`", permission.name])


def pairs() -> Iterator[str]:
    for one, other in FORBIDDEN:
        yield f"- {ROLES[one]} and {ROLES[other]}"


BLOCKS = {"acts": acts, "pages": pages, "messages": messages, "pairs": pairs}


def written(text: str) -> str:
    """The page with every generated block as it should be."""
    for name, lines in BLOCKS.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        block = "\n".join([begin, *lines(), end])
        text = re.sub(rf"{begin}.*?{end}", lambda _match, b=block: b, text, flags=re.DOTALL)
    return text


def test_the_page_of_roles_is_true():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"<!-- {name} -->" in text for name in BLOCKS)
    assert written(text) == text, "run: python -m tests.docs.test_roles"


def test_every_role_has_its_column():
    assert set(SHORT) == set(Role)


def test_the_queue_keeper_touches_no_vote():
    may = {kind.__name__ for kind in get_args(Act) if Role.QUEUE_KEEPER in MAY[kind]}
    assert may == {"EnterRequest", "StrikeRequest"}


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
