from __future__ import annotations

import asyncio
from dataclasses import replace
from random import Random

import pytest

from conference import crowd as crowds
from conference.crowd import Crowd
from conference.rules import acts as a
from conference.rules.kinds import AmendmentId, Choice, Mode, MotionId, RequestState, VoteState
from conference.rules.steps import steps
from conference.store.ballots import BallotPaper
from conference.web.crowd import empty

CHAIR = "Chair (morning)"
JSON = {"Accept": "application/json"}


@pytest.fixture
def still(monkeypatch):
    """Let the crowd look only when the test says so."""

    async def wait(_crowd):
        await asyncio.Event().wait()

    monkeypatch.setattr(Crowd, "_run", wait)


@pytest.fixture
async def crowd(house, still):
    """Twenty pretend delegates, in the hall."""
    made = Crowd(house.site.hall, Random(7), 20)
    house.site.crowd = made
    assert await made.start()
    yield made
    await empty(house.site)


async def wait(visitors, made, seconds):
    """Let time pass in steps of a third of a second, the crowd looking each time."""
    for _ in range(int(seconds * 3)):
        await made.look()
        await visitors.pass_time(1 / 3)
    await made.look()


def present(house):
    names = house.site.names
    return sorted(names[p.id] for p in house.site.meeting.people.values() if p.present)


async def to_motion_1(visitors, made=None):
    for _ in range(200):
        meeting = visitors.house.site.meeting
        head = meeting.conference
        if head.motion == MotionId(1):
            return
        act = steps(meeting, visitors.person(CHAIR), visitors.clock()).suggested
        if act is None:
            await wait(visitors, made, 2)
        else:
            await visitors.act(act, CHAIR)
            await wait(visitors, made, 1)
    raise AssertionError


async def test_the_last_ones_come_in_one_by_one(house, visitors, crowd):
    assert present(house) == []
    await wait(visitors, crowd, 2)
    assert 0 < len(present(house)) < 20
    await wait(visitors, crowd, 8)
    assert present(house) == [f"Delegate {n}" for n in range(141, 161)]


async def test_whoever_is_used_is_left_alone(house, visitors, still):
    await visitors.enter("Delegate 160")
    made = Crowd(house.site.hall, Random(7), 20)
    assert await made.start()
    names = sorted(house.site.names[p] for p in made.people)
    assert names == [f"Delegate {n}" for n in range(140, 160)]
    await visitors.enter("Delegate 150")
    await wait(visitors, made, 10)
    assert len(present(house)) == 20
    await made.stop()
    assert present(house) == ["Delegate 150"]


async def test_what_a_killed_crowd_left_behind_is_used_again(house, visitors, crowd):
    await wait(visitors, crowd, 9)
    again = Crowd(house.site.hall, Random(8), 20)
    assert await again.start()
    assert again.people == crowd.people
    assert again._plans == []
    await again.stop()
    assert present(house) == []


async def test_one_seconds_and_a_few_ask_on_both_sides(house, visitors, crowd):
    await wait(visitors, crowd, 9)
    await to_motion_1(visitors, crowd)
    await visitors.act(a.MarkMoved(MotionId(1)), CHAIR)
    await crowd.look()
    await visitors.pass_time(0.9)
    await crowd.look()
    assert house.site.meeting.motions[1].seconder is None
    await wait(visitors, crowd, 3)
    assert house.site.meeting.motions[1].seconder in crowd.people
    await visitors.act(a.MarkSeconded(MotionId(1)), CHAIR)
    await no_amendments(visitors)
    await wait(visitors, crowd, 30)
    asked = [r for r in house.site.meeting.requests.values() if r.motion == 1]
    assert 4 <= len(asked) <= 6
    assert len({r.person for r in asked}) == len(asked)
    assert {r.side for r in asked} == {"for", "against"}
    assert {r.state for r in asked} == {RequestState.WAITING}
    assert house.site.name(asked[0].person).endswith(" (pretend)")
    await wait(visitors, crowd, 30)
    assert len(house.site.meeting.requests) == len(asked)


async def no_amendments(visitors):
    for number in (1, 2):
        await visitors.act(a.LetFall(MotionId(1), AmendmentId(number)), CHAIR)


async def open_vote(visitors, crowd):
    await wait(visitors, crowd, 9)
    await to_motion_1(visitors, crowd)
    await visitors.act(a.MarkMoved(MotionId(1)), CHAIR)
    await visitors.act(a.MarkSeconded(MotionId(1)), CHAIR)
    await no_amendments(visitors)
    await visitors.act(a.AnnounceVote(MotionId(1)), CHAIR)
    await visitors.pass_time(3)


async def test_each_votes_once_within_the_first_part_of_the_time(
    house, visitors, crowd, monkeypatch
):
    papers = []
    ballot = house.site.hall.ballot

    async def noted(paper):
        if visitors.house.site.meeting.votes[paper.vote].motion == 1:
            papers.append((visitors.clock(), paper))
        return await ballot(paper)

    monkeypatch.setattr(house.site.hall, "ballot", noted)
    await open_vote(visitors, crowd)
    vote = house.site.meeting.votes[house.site.meeting.conference.vote]
    await wait(visitors, crowd, 20)
    assert 0 < house.site.hall.turnout()[0] < 12
    await wait(visitors, crowd, 69)
    voted = {paper.person for _at, paper in papers}
    assert 16 <= len(voted) <= 20
    assert len(papers) <= len(voted) + 5
    assert len({paper.id for _at, paper in papers}) == len(papers)
    assert max(at for at, _paper in papers) <= vote.opened_at + 0.7 * 90_000 + 700
    assert {len(paper.paper) for _at, paper in papers} == {66}  # sealed, all of one length


async def test_at_the_last_call_the_rest_hurry(house, visitors, crowd):
    await open_vote(visitors, crowd)
    await wait(visitors, crowd, 5.5)
    before = house.site.hall.turnout()[0]
    number = house.site.meeting.conference.vote
    await visitors.act(a.CloseVote(number), CHAIR)
    await wait(visitors, crowd, 4)
    vote = house.site.meeting.votes[number]
    assert vote.state is VoteState.COUNTED
    cast = vote.votes_for + vote.votes_against + vote.abstentions
    assert before < 10
    assert 16 <= cast <= 20


async def test_the_panel_fills_and_empties_the_hall(house, visitors, still):
    chair = await visitors.enter(CHAIR)
    page = (await chair.get("/chair")).text
    assert "Fill the hall" in page
    assert "pretend delegates" in page
    answer = await chair.post("/chair/crowd", data={"seats": "20"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/chair")
    first = house.site.crowd
    await chair.post("/chair/crowd", data={"seats": "20"})
    assert house.site.crowd is first
    page = (await chair.get("/chair")).text
    assert "Empty the hall" in page
    assert "a program seconds, asks and votes for them" in page
    await wait(visitors, first, 9)
    assert len(present(house)) == 20
    for _ in range(2):
        assert (await chair.post("/chair/crowd", data={"seats": "0"})).status_code == 303
    assert house.site.crowd is None
    assert present(house) == []


@pytest.mark.parametrize("seats", ["", "1", "21", "-20", "many"])
async def test_another_number_is_refused(visitors, seats):
    chair = await visitors.enter(CHAIR)
    answer = await chair.post("/chair/crowd", data={"seats": seats}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_field")


async def test_only_on_a_demonstration(house, visitors, crowd):
    await wait(visitors, crowd, 9)
    chair = await visitors.enter(CHAIR)
    name = house.site.meeting.conference.name
    await visitors.act(a.SetMode(Mode.REHEARSAL, name), "Registrar")
    answer = await chair.post("/chair/crowd", data={"seats": "20"}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_a_demonstration")
    assert "pretend" not in (await chair.get("/chair")).text


async def test_it_leaves_when_the_demonstration_becomes_a_rehearsal(house, visitors, monkeypatch):
    monkeypatch.setattr(crowds, "LOOK", 0.01)
    made = Crowd(house.site.hall, Random(7), 20)
    assert await made.start()
    await visitors.pass_time(9)
    await asyncio.sleep(0.1)
    assert len(present(house)) == 20
    name = house.site.meeting.conference.name
    await visitors.act(a.SetMode(Mode.REHEARSAL, name), "Registrar")
    await asyncio.wait_for(made._task, 5)
    assert present(house) == []


async def test_too_few_are_refused(house, visitors, still):
    made = Crowd(house.site.hall, Random(7), 161)
    assert not await made.start()
    assert made.people == frozenset()


async def test_only_the_chair(visitors, client):
    delegate = await visitors.enter("Delegate 001")
    for browser in (client, delegate):
        assert (await browser.post("/chair/crowd", data={"seats": "20"})).status_code == 403


async def test_an_exception_ends_the_crowd_only(house, visitors, monkeypatch):
    monkeypatch.setattr(crowds, "LOOK", 0.01)
    made = Crowd(house.site.hall, Random(7), 20)

    async def broken(*_facts):
        raise RuntimeError("broken")

    monkeypatch.setattr(made, "_respond", broken)
    assert await made.start()
    await asyncio.wait_for(made._task, 5)
    await visitors.act(a.OpenConference(), CHAIR)
    await made.stop()


async def test_a_refusal_is_nobodys_business(house, visitors, crowd):
    paper = BallotPaper(99, min(crowd.people), "0" * 32, Choice.FOR)
    await crowd._do(crowds.Plan(0, paper.person, paper))
    await crowd._do(crowds.Plan(0, paper.person, a.OfferSecond(MotionId(1))))
    assert house.site.meeting.votes == {}


async def test_one_chair_alone_comes_to_a_declared_result(house, visitors, monkeypatch):
    """The chair presses the first suggested step and nothing else; the crowd does the rest."""
    for name, value in {"LOOK": 0.01, "ARRIVING": (0, 0.1), "SECONDING": (0, 0.02)}.items():
        monkeypatch.setattr(crowds, name, value)
    monkeypatch.setattr(crowds, "ASKING", (0, 0.1))
    monkeypatch.setattr(crowds, "WINDOW", 100)
    monkeypatch.setattr(crowds, "POINTS", 0)  # a ruling is no step that could be suggested
    monkeypatch.setattr(crowds, "LONG_DEBATE", 99)
    hall = house.site.hall
    quick = replace(
        hall.meeting.settings,
        vote_announcement=0,
        vote_duration=1,
        vote_minimum=0,
        vote_countdown=1,
    )
    hall.meeting = replace(hall.meeting, settings=quick)
    chair = await visitors.enter(CHAIR)
    await chair.post("/chair/crowd", data={"seats": "20"})
    pressed = await press_suggested(house, visitors, chair)
    vote = next(v for v in house.site.meeting.votes.values() if is_motion_1(v))
    assert vote.state is VoteState.DECLARED
    assert vote.outcome is not None
    assert vote.roll == 20
    assert vote.votes_for + vote.votes_against + vote.abstentions >= 10
    assert house.site.meeting.motions[1].seconder is not None
    assert pressed.count("CallSpeaker") >= 4
    assert pressed[-1] == "DeclareResult"


def is_motion_1(vote) -> bool:
    return vote.motion == 1 and vote.amendment is None


async def press_suggested(house, visitors, chair):
    """Press the panel's first step until Motion 1 is declared, as its form would be sent."""
    from conference.rules.question import motion_or_amendment
    from conference.web.views.panel import panel_view
    from conference.web.views.steps import step_of

    pressed = []
    for _ in range(2000):
        visitors.clock.at += 20
        await visitors.pass_time(0)
        await asyncio.sleep(0.01)
        meeting = house.site.meeting
        if any(is_motion_1(v) and v.state is VoteState.DECLARED for v in meeting.votes.values()):
            return pressed
        act = steps(meeting, visitors.person(CHAIR), visitors.clock()).suggested
        busy = isinstance(act, a.MarkSeconded) and (
            motion_or_amendment(meeting, act.motion, act.amendment).seconder is None
        )
        if act is None or busy or meeting.conference.present < 20:
            continue
        if isinstance(act, a.AnnounceVote) and house.site.crowd._plans:
            continue  # people are still making up their minds to ask
        step = step_of(house.site, act)
        data = {"step": str(panel_view(house.site, acting=True).step), **dict(step.fields)}
        answer = await chair.post(step.action, data=data, headers=JSON)
        assert answer.status_code == 303, (step, answer.text)
        pressed.append(type(act).__name__)
        await asyncio.sleep(0.06)  # more than twenty presses in a second are refused
    raise AssertionError(pressed)
