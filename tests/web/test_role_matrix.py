"""Every route and every wire message by every role: let through where the table says so, else 403."""

from __future__ import annotations

import re

from conference.live.messages import PERMISSIONS
from conference.rules.acts import AddPerson
from conference.rules.kinds import SYSTEM, Role, Standing
from conference.rules.state import Person
from conference.store import people
from conference.store.people import Account
from conference.web.routes import ROUTES
from conference.web.site import new_person

JSON = {"Accept": "application/json"}
ENDS = {"/sign-out", "/me/leaving"}
"""What would end the sign-in with which everything else is tried."""


async def holder(visitors, house, role):
    """A browser of somebody who has this role and no other."""
    person, name = new_person(), f"Only the {role}"

    async def work(desk):
        await people.add(desk.tx, Account(person, name, confirmed_at=1, created_at=1))
        house.site.names[person] = name
        return desk.take(AddPerson(person, frozenset({role}), Standing.ACCEPTED), SYSTEM)

    assert await house.site.hall.work(work) is None
    return await visitors.enter(name), house.site.meeting.people[person]


def path_of(route) -> str:
    return re.sub(r"\{\w+\}", "nobody", re.sub(r"\{\w+:int\}", "1", route.path))


async def test_every_route_by_every_role(visitors, house):
    wrong, asked = [], 0
    for role in Role:
        browser, person = await holder(visitors, house, role)
        for route in ROUTES:
            if route.path in ENDS or "{token}" in route.path:
                continue
            method = "POST" if "POST" in route.methods else "GET"
            if route.permission.allows(person) and method == "POST":
                continue  # the rules and the forms decide the rest: tests/rules/test_matrix.py
            # Twenty presses a second are a limit of their own.
            house.site.limits.__init__()
            answer = await browser.request(method, path_of(route), headers=JSON)
            refused = answer.status_code == 403 and '"not_allowed"' in answer.text
            asked += 1
            if refused == route.permission.allows(person):
                wrong.append(f"{role}: {method} {route.path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert asked > 1000


def test_every_message_by_every_role():
    for kind, permission in PERMISSIONS.items():
        for role in Role:
            accepted = Person("p", frozenset({role}), Standing.ACCEPTED)
            waiting = Person("p", frozenset({role}), Standing.WAITING)
            allowed = not permission.roles or role in permission.roles
            assert permission.allows(accepted) == allowed, (kind, role)
            assert permission.allows(waiting) == (not permission.roles), (kind, role)
        assert not permission.allows(None)
