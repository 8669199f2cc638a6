"""Every wire message by every role over a real socket, as docs/roles.md has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.live.conftest import served
from tests.live.serving import ROOT, Server

ROLES = (
    "organiser", "registrar", "chair", "vice_chair", "secretary", "arrangements", "queue_keeper",
    "teller", "steward", "delegate", "observer", "screen",
)  # fmt: skip
SPEAKER = "Tosh McDonald"
"""A speaker is whoever has a slot: the first of the day."""
MESSAGES = {
    "ballot": {"vote": 1, "id": "abcdefgh", "paper": "for"},
    "ask": {"motion": 1, "side": "for"},
    "withdraw": {"motion": 1},
    "seen": {"slot": 1},
}
SHUT = {"not_allowed", "observer", "waits_for_registrar"}
"""What is said to whoever may not send such a message at all."""


def wanted() -> dict[str, str]:
    """Who may send each message, from docs/roles.md."""
    text = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    block = text.split("<!-- messages -->")[1].split("<!-- end of messages -->")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", block, re.MULTILINE))


@pytest.fixture(scope="module")
async def everybody(tmp_path_factory: pytest.TempPathFactory):
    """The launch conference with one person more for each role."""
    folder: Path = tmp_path_factory.mktemp("roles")
    file = folder / "roles.toml"
    launch = (ROOT / "conference" / "data" / "launch.toml").read_text(encoding="utf-8")
    more = "".join(f'\n[[people]]\nname = "P {r}"\nroles = ["{r}"]\n' for r in ROLES)
    file.write_text(launch + more, encoding="utf-8")
    server = Server(folder / "data")
    done = server.run("load", str(file), "--mode", "demonstration")
    assert done.returncode == 0, done.stderr
    async with served(server) as running:
        yield running


async def test_every_message_by_every_role(everybody: Server):
    may, wrong = wanted(), []
    assert set(may) == set(MESSAGES)
    people = {role: f"P {role}" for role in ROLES} | {"speaker": SPEAKER}
    for role, name in people.items():
        async with everybody.person(name) as person:
            seat = await person.seat("floor")
            for kind, fields in MESSAGES.items():
                answer = await seat.ask(kind, **fields)
                shut = answer["t"] == "refused" and answer["code"] in SHUT
                if shut == (may[kind] in {"signed in", role}):
                    wrong.append(f"{role}: {kind}: {answer}")
    assert not wrong, "\n".join(wrong)
