"""The queue-keeper: puts on the list whoever asks by other ways, and touches nothing else."""

from __future__ import annotations

import pytest

from conference.rules import acts as a
from conference.rules.kinds import RequestState, Role, Side
from tests.web.test_panel import about, hall, often, to  # noqa: F401  (fixtures)

JSON = {"Accept": "application/json"}
CHAIR, ONE, TWO = "Chair (morning)", "Delegate 001", "Delegate 002"


@pytest.fixture
async def keeper(visitors, hall):  # noqa: F811
    """The keeper's browser, with amendment 1.1 in debate."""
    await visitors.act(a.GrantRole(visitors.person("Delegate 009"), Role.QUEUE_KEEPER), "Registrar")
    await to(visitors, about("1.1", a.AnnounceVote))
    return await visitors.enter("Delegate 009")


async def test_who_raises_a_hand_is_put_on_the_list_and_taken_off(visitors, hall, keeper):  # noqa: F811
    found = (await keeper.get("/queue-keeper?q=delegate 001")).text
    person = visitors.person(ONE)
    assert f'name="person" value="{person}"' in found
    assert TWO not in found
    form = {"person": person, "side": "for", "motion": 1, "amendment": 1}
    answer = await keeper.post("/queue-keeper/requests", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue-keeper")
    row = hall.meeting.requests[1]
    assert (row.person, row.side, row.state) == (person, Side.FOR, RequestState.WAITING)
    assert ONE in (await keeper.get("/queue-keeper")).text
    own = await visitors.enter(ONE)
    assert "in the queue" in (await own.get("/floor")).text.lower()
    twice = await keeper.post("/queue-keeper/requests", data=form, headers=JSON)
    assert (twice.status_code, twice.json()["code"]) == (409, "cannot_be_entered")
    await keeper.post("/queue-keeper/requests/1/removal")
    assert hall.meeting.requests[1].state is RequestState.WITHDRAWN
    assert "No one is asking to speak." in (await keeper.get("/queue-keeper")).text


async def test_the_list_takes_nobody_while_it_is_closed(visitors, keeper):
    await visitors.act(a.CloseList(1, 1), CHAIR)
    page = (await keeper.get("/queue-keeper?q=delegate 001")).text
    assert "The list of speakers is closed." in page
    assert "Speaks for" not in page


async def test_it_is_the_queue_and_nothing_else(visitors, keeper):
    links = (await keeper.get("/queue-keeper")).text
    assert 'href="/queue-keeper"' in links
    for path in ("/chair", "/count", "/teller", "/tellers/assistance", "/registrar", "/stage"):
        assert f'href="{path}"' not in links
        assert (await keeper.get(path, headers=JSON)).status_code == 403
    for path in ("/chair/turns", "/tellers/assistance/1"):
        assert (await keeper.post(path, data={}, headers=JSON)).status_code == 403
    other = await visitors.enter("Secretary")
    assert (await other.get("/queue-keeper", headers=JSON)).status_code == 403
