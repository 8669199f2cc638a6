"""Robert's Rules on the pages: what a delegate can choose there, and only there."""

from __future__ import annotations

import pytest

from conference.rules import acts as a
from conference.rules.kinds import PointKind, Procedure, Profile
from tests.web.test_panel import (  # noqa: F401  (fixtures)
    CHAIR,
    VOTERS,
    about,
    hall,
    named,
    often,
    put,
    seen,
    to,
)


@pytest.fixture
async def american(visitors, hall):  # noqa: F811  (fixture)
    await put(visitors, profile=Profile.RONR)


async def carry(visitors):
    """Take the vote that is before conference, and declare it."""
    declare = await to(visitors, lambda _meeting, act: isinstance(act, a.DeclareResult))
    await visitors.act(declare, CHAIR)


async def test_in_britain_nothing_of_it_is_offered(visitors, hall):  # noqa: F811  (fixture)
    await to(visitors, about("Motion 1", a.AnnounceVote))
    delegate = await visitors.enter(VOTERS[0])
    page = (await delegate.get("/procedure")).text
    assert "Take a recess" not in page
    assert "Reconsider" not in page
    assert "Question of privilege" not in (await delegate.get("/floor")).text
    answer = await delegate.post("/procedure/recess", data={"minutes": "10"})
    assert answer.status_code == 409


async def test_a_recess_from_the_form_to_the_break(house, visitors, american):
    await to(visitors, about("Motion 1", a.AnnounceVote))
    mover, chair = await visitors.enter(VOTERS[0]), await visitors.enter(CHAIR)
    page = (await mover.get("/procedure")).text
    assert 'href="/procedure/recess"' in page
    form = (await mover.get("/procedure/recess")).text
    assert "conference takes a break of that length" in form
    assert (await mover.post("/procedure/recess", data={"minutes": "12"})).status_code == 303
    await visitors.act(a.SecondProcedural(max(house.site.meeting.procedurals)), VOTERS[1])
    take = next(f for f in (await seen(chair)).forms if f.action.endswith("/taking"))
    assert (await chair.post(take.action, data=take.fields)).status_code == 303
    assert (
        "The question is that conference take a recess of 12 minutes."
        in (await chair.get("/chair")).text
    )
    await carry(visitors)
    assert house.site.meeting.conference.resumes_at is not None
    assert "Carried: Take a recess: 12 minutes." in (await chair.get("/minutes")).text


async def test_a_motion_is_reconsidered(house, visitors, american):
    await to(visitors, about("Motion 1", a.DeclareResult))
    chair, mover = await visitors.enter(CHAIR), await visitors.enter(VOTERS[0])
    declare = named(await seen(chair), "Declare the result")
    assert (await chair.post(declare.action, data=declare.fields)).status_code == 303
    motion = house.site.meeting.conference.motion
    form = (await mover.get("/procedure/reconsider")).text
    assert "by moving it you say so" in form
    assert f'<option value="{motion}">Motion 1' in form
    answer = await mover.post("/procedure/reconsider", data={"motion": str(motion)})
    assert answer.status_code == 303
    number = max(house.site.meeting.procedurals)
    await visitors.act(a.SecondProcedural(number), VOTERS[1])
    await visitors.act(a.TakeProcedural(number), CHAIR)
    assert (
        "The question is that the vote on Motion 1 be reconsidered."
        in (await chair.get("/chair")).text
    )
    await carry(visitors)
    assert house.site.meeting.motions[motion].outcome is None
    assert house.site.meeting.procedurals[number].kind is Procedure.RECONSIDER
    text = (await chair.get("/minutes")).text
    assert "Carried: Reconsider a decided motion: Motion 1." in text
    assert "The debate on Motion 1 (Democratise the party) was taken up again." in text


async def test_a_question_of_privilege_from_the_floor_to_the_ruling(house, visitors, american):
    await to(visitors, about("Motion 1", a.AnnounceVote))
    delegate, chair = await visitors.enter(VOTERS[0]), await visitors.enter(CHAIR)
    assert "Question of privilege" in (await delegate.get("/floor")).text
    assert (await delegate.post("/points", data={"about": "cannot_follow"})).status_code == 303
    assert house.site.meeting.points[1].kind is PointKind.PRIVILEGE
    page = (await chair.get("/chair")).text
    assert "Question of privilege: we cannot hear, see or follow" in page
    assert "“I have a question of privilege." in page
    form = next(f for f in (await seen(chair)).forms if f.action == "/chair/points/1/ruling")
    data = {**form.fields, "state": "well_taken", "line": "The sound comes first."}
    assert (await chair.post(form.action, data=data)).status_code == 303
    assert "well taken" in (await chair.get("/minutes")).text
    timetable = await delegate.post("/points", data={"about": "timetable"})
    assert timetable.status_code == 303
    assert house.site.meeting.points[2].kind is PointKind.ORDERS_OF_THE_DAY
