"""Every route by every role, as docs/pages.md and docs/roles.md have it: let through, or refused.

What is wanted is read from those two pages and not from the program, so that a route which asks for
the wrong permission is found. The wire has the same test over a real socket: tests/live/test_roles.py.
"""

from __future__ import annotations

import re
from pathlib import Path

from conference.live import messages as m
from conference.rules.acts import AddPerson
from conference.rules.kinds import SYSTEM, Role, Standing
from conference.store import people
from conference.store.people import Account
from conference.web.live import _allowed
from conference.web.routes import ROUTES
from conference.web.site import new_person

DOCS = Path(__file__).resolve().parents[2] / "docs"
JSON = {"Accept": "application/json"}
NOTHING = {"no-such-field": "yes"}
"""No form of ours has it: what is let through changes nothing where a form is asked for."""
ROLES = {
    "org": Role.ORGANISER, "reg": Role.REGISTRAR, "chair": Role.CHAIR, "vice": Role.VICE_CHAIR,
    "sec": Role.SECRETARY, "cac": Role.ARRANGEMENTS, "queue": Role.QUEUE_KEEPER,
    "teller": Role.TELLER, "stew": Role.STEWARD, "del": Role.DELEGATE, "speak": Role.SPEAKER,
    "obs": Role.OBSERVER, "screen": Role.SCREEN,
}  # fmt: skip


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def holders() -> dict[str, set[Role]]:
    """Who has each permission that asks for a role, from docs/roles.md."""
    text = (DOCS / "roles.md").read_text(encoding="utf-8")
    lines = text.split("<!-- pages -->")[1].split("<!-- end of pages -->")[0].strip().splitlines()
    columns = [ROLES[short] for short in cells(lines[0])[1:]]
    return {
        cells(line)[0]: {r for r, mark in zip(columns, cells(line)[1:], strict=True) if mark}
        for line in lines[2:]
    }


def wanted() -> dict[tuple[str, str], str]:
    """The permission of each address, from docs/pages.md."""
    text = (DOCS / "pages.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| (GET|POST) \| `([^`]+)` \| ([^|]+) \|", text, re.MULTILINE)
    return {(method, path): permission.strip() for method, path, permission in found}


async def holder(visitors, house, role, standing=Standing.ACCEPTED):
    """A browser of somebody who has this role and no other."""
    person, name = new_person(), f"Only the {role} {standing}"

    async def work(desk):
        await people.add(desk.tx, Account(person, name, confirmed_at=1, created_at=1))
        house.site.names[person] = name
        return desk.take(AddPerson(person, frozenset({role}), standing), SYSTEM)

    assert await house.site.hall.work(work) is None
    return await visitors.enter(name)


def path_of(path: str) -> str:
    return re.sub(r"\{\w+\}", "nobody", re.sub(r"\{\w+:int\}", "1", path))


def asked_in_order() -> list[tuple[str, str]]:
    """Every method and address; what ends a sign-in comes last."""
    found = [
        (method, route.path) for route in ROUTES for method in sorted(route.methods - {"HEAD"})
    ]
    return sorted(found, key=lambda one: one[1] in {"/sign-out", "/me/leaving"})


async def test_every_route_by_every_role(visitors, house):
    table, permissions = holders(), wanted()
    asked = asked_in_order()
    assert set(asked) == set(permissions)  # docs/pages.md has no more and no fewer
    everybody = [(role, Standing.ACCEPTED) for role in Role] + [(Role.DELEGATE, Standing.WAITING)]
    wrong, tried = [], 0
    for role, standing in everybody:
        browser = await holder(visitors, house, role, standing)
        for method, path in asked:
            house.site.limits.__init__()  # twenty presses a second are a limit of their own
            data = NOTHING if method == "POST" else None
            answer = await browser.request(method, path_of(path), data=data, headers=JSON)
            needed = permissions[method, path]
            may = standing is Standing.ACCEPTED and role in table.get(needed, set())
            may = may or needed in {"public", "signed in"}
            tried += 1
            if (answer.status_code == 403 and '"not_allowed"' in answer.text) == may:
                wrong.append(f"{role} {standing}: {method} {path}: {answer.status_code}")
            if answer.status_code >= 500:
                wrong.append(f"{role} {standing}: {method} {path}: {answer.text}")
    assert not wrong, "\n".join(wrong)
    assert tried == len(asked) * len(everybody) > 3000


async def test_every_route_without_a_sign_in(visitors):
    browser, wrong = visitors.nobody(), []
    for (method, path), permission in wanted().items():
        visitors.house.site.limits.__init__()
        data = NOTHING if method == "POST" else None
        answer = await browser.request(method, path_of(path), data=data, headers=JSON)
        led = answer.headers.get("location", "").startswith("/sign-in")
        shut = led if method == "GET" else '"signed_out"' in answer.text
        if shut == (permission == "public"):
            wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


async def test_every_message_by_every_role_before_the_rules_are_asked(visitors, house):
    """The rules refuse strangers, too: here the wire's own door is asked, and nothing behind it."""
    text = (DOCS / "roles.md").read_text(encoding="utf-8")
    block = text.split("<!-- messages -->")[1].split("<!-- end of messages -->")[0]
    may = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) *\|", block, re.MULTILINE))
    messages = {
        "ballot": m.Ballot(n=1, vote=1, id="abcdefgh", paper="for"),
        "ask": m.Ask(n=1, motion=1, side="for"),
        "withdraw": m.Withdraw(n=1, motion=1),
        "seen": m.Seen(n=1, slot=1),
    }
    assert may.keys() == messages.keys() == m.KINDS
    for role in Role:
        await holder(visitors, house, role)
        person = visitors.person(f"Only the {role} {Standing.ACCEPTED}")
        for kind, message in messages.items():
            refused = _allowed(house.site, message, person)
            assert (refused is None) == (may[kind] in {"signed in", str(role)}), (role, kind)
    assert all(_allowed(house.site, message, None) is not None for message in messages.values())
