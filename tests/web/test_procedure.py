"""What delegates send in debate: points, procedure, objections, amendments from the floor."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest

from conference.rules import acts as a
from conference.rules.kinds import (
    Base,
    ItemId,
    LeaveKind,
    MotionId,
    MotionState,
    ProceduralId,
    ProceduralState,
    Procedure,
    Rule,
    Side,
    VoteId,
    VoteState,
    WithdrawBy,
)
from conference.rules.state import Procedural, Vote
from conference.web.views.procedures import name_of, question

CHAIR = "Chair (morning)"
ONE, TWO, THREE, FOUR = (f"Delegate 00{n}" for n in (1, 2, 3, 4))
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@pytest.fixture
async def debated(visitors):
    """Motion 1 in debate, with one speech on either side; its amendments have fallen."""
    for name in (ONE, TWO, THREE, FOUR):
        await visitors.act(a.CheckIn(), name)
    await visitors.act(a.OpenConference(), CHAIR)
    hall = visitors.house.site.hall
    items = hall.meeting.items
    for number, item in items.items():
        if item.position < items[4].position and item.number is not None:
            items = items.put(number, replace(item, state="done"))
    head = replace(hall.meeting.conference, item=4)
    hall.meeting = replace(hall.meeting, items=items, conference=head)
    await visitors.act(a.CallItem(4), CHAIR)
    for act in (a.MarkMoved(1), a.MarkSeconded(1), a.LetFall(1, 1), a.LetFall(1, 2)):
        await visitors.act(act, CHAIR)
    for side, name in ((Side.AGAINST, ONE), (Side.FOR, TWO)):
        await visitors.act(a.AskToSpeak(1, side), name)
        request = max(hall.meeting.requests)
        await visitors.act(a.CallSpeaker(side, request=request), CHAIR)
        await visitors.act(a.EndSpeech(hall.meeting.conference.turn), CHAIR)
    return hall


async def test_every_procedural_motion_is_put_in_words_on_every_page(visitors, debated):
    vote = Vote(VoteId(1), MotionId(1), "", "", Rule.SIMPLE, Base.CAST, VoteState.DECLARED, 0, 0)
    meeting = debated.meeting
    head = replace(meeting.conference, procedural=ProceduralId(1))
    browsers = {
        "/chair": await visitors.enter(CHAIR),
        "/floor": await visitors.enter(ONE),
        "/screen": visitors.nobody(),
    }
    for kind in Procedure:
        row = Procedural(
            ProceduralId(1), kind, visitors.person(THREE), visitors.clock(), motion=MotionId(1),
            numbers=(1,), minutes=5, seconds=90, target=ItemId(5), vote=vote.id,
            state=ProceduralState.PENDING,
        )  # fmt: skip
        debated.meeting = replace(
            meeting, conference=head, votes=meeting.votes.put(vote.id, vote),
            procedurals=meeting.procedurals.put(row.id, row),
        )  # fmt: skip
        for path, browser in browsers.items():
            page = await browser.get(path)
            assert page.status_code == 200, (path, kind)
            assert name_of(meeting, kind) in unescape(page.text), (path, kind)
        assert question(visitors.house.site, row).startswith("The question is that ")
    debated.meeting = meeting


async def test_the_guided_form_says_who_may_and_why_not(visitors, debated):
    spoke, silent = await visitors.enter(ONE), await visitors.enter(THREE)
    page = (await spoke.get("/procedure")).text
    assert "Whoever has spoken on this question cannot move this." in page
    form = (await silent.get("/procedure/closure")).text
    assert "It needs a seconder." in form
    assert "Carried if more vote for than against." in form
    answer = await silent.post("/procedure/closure", headers=FORM)
    assert answer.status_code == 303, answer.text
    other = await visitors.enter(FOUR)
    assert (await other.post("/procedure/1/seconds", headers=FORM)).status_code == 303
    assert debated.meeting.procedurals[1].state == "seconded"
    chair = await visitors.enter(CHAIR)
    assert "That the question be now put" in (await chair.get("/chair")).text


async def test_a_suspension_keeps_its_purpose_beside_the_journal(visitors, debated):
    silent = await visitors.enter(THREE)
    data = {"numbers": ["7", "8"], "minutes": "10", "purpose": "a purpose that is erasable"}
    answer = await silent.post("/procedure/suspend", data=data)
    assert answer.status_code == 303, answer.text
    row = debated.meeting.procedurals[1]
    assert row.numbers == (7, 8)
    assert visitors.house.site.remark(row.purpose) == "a purpose that is erasable"
    async with debated.store.reading() as reader:
        found = await reader.conn.exec_driver_sql("SELECT body FROM journal ORDER BY number DESC")
        assert "a purpose" not in str(found.all())
    wrong = await silent.post("/procedure/nonsense", headers=FORM)
    assert (wrong.status_code, wrong.json()["code"]) == (404, "unknown")


async def test_a_point_is_raised_seen_and_withdrawn(visitors, debated):
    one = await visitors.enter(ONE)
    answer = await one.post("/points", data={"about": "standing_order", "number": "8"})
    assert answer.status_code == 303
    chair = await visitors.enter(CHAIR)
    assert "standing order 8 is not being kept" in (await chair.get("/chair")).text
    assert "Withdraw the point" in (await one.get("/floor")).text
    assert (await one.post("/points/1/withdrawal", headers=FORM)).status_code == 303
    assert debated.meeting.points[1].state == "withdrawn"


async def test_one_objection_and_nobody_is_told_whose(visitors, debated):
    await visitors.act(a.AskLeave(LeaveKind.WITHDRAW, 1), CHAIR)
    one, two = await visitors.enter(ONE), await visitors.enter(TWO)
    assert "Does anybody object?" in (await two.get("/floor")).text
    assert (await one.post("/leave/1/objection", headers=FORM)).status_code == 303
    assert debated.meeting.motions[1].state is MotionState.DEBATE
    minutes = (await two.get("/minutes")).text
    assert "There was an objection" in minutes
    assert ONE not in minutes


async def test_an_amendment_from_the_floor(visitors, debated):
    three = await visitors.enter(THREE)
    data = {"action": "replace", "paragraph": "1", "words": "open selection", "text": "election"}
    path = "/motions/1/amendments/new"
    refused = await three.post(path, data=data, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_floor_amendments")
    settings = replace(debated.meeting.settings, amend_from_floor=True)
    debated.meeting = replace(debated.meeting, settings=settings)
    assert "Conference supports the open" in (await three.get(path)).text
    assert "Hand in an amendment" in (await three.get("/floor")).text
    assert (await three.post(path, data=data)).status_code == 303
    chair = await visitors.enter(CHAIR)
    page = (await chair.get("/chair")).text
    assert "Admit" in page
    assert "<del>" in page
    assert (await three.get("/motions/99/amendments/new")).status_code == 404


async def test_a_point_that_is_heard_has_its_minute(visitors, debated):
    one, chair = await visitors.enter(ONE), await visitors.enter(CHAIR)
    await one.post("/points", data={"about": "language"})
    assert "data-countdown-to" not in (await chair.get("/chair")).text
    await visitors.act(a.HearPoint(1), CHAIR)
    heard = max(debated.meeting.minutes.values(), key=lambda minute: minute.id)
    wanted = heard.at + debated.meeting.settings.speech_point * 1000
    assert f'data-countdown-to="{wanted}"' in (await chair.get("/chair")).text


async def test_leave_to_withdraw_is_moved_where_the_standing_orders_ask_for_a_vote(
    visitors, debated
):
    silent = await visitors.enter(THREE)
    assert "Leave to withdraw" not in (await silent.get("/procedure")).text
    settings = replace(debated.meeting.settings, withdraw_by=WithdrawBy.MAJORITY)
    debated.meeting = replace(debated.meeting, settings=settings)
    assert "Leave to withdraw" in (await silent.get("/procedure")).text
    answer = await silent.post("/procedure/withdrawal", headers=FORM)
    assert answer.status_code == 303, answer.text
    assert debated.meeting.procedurals[1].motion == 1


async def test_until_when_a_debate_is_adjourned_is_said_and_no_break_is_offered(visitors, debated):
    silent = await visitors.enter(THREE)
    form = (await silent.get("/procedure/adjourn_debate")).text
    assert "Item 6: Motion 2" in form
    assert "Item 5" in form  # the very next one, too
    assert "Lunch" not in form
    answer = await silent.post("/procedure/adjourn_debate", data={"target": "8"})
    assert answer.status_code == 303, answer.text
    chair = await visitors.enter(CHAIR)
    assert "Adjourn the debate: Motion 1, until this item: " in (await chair.get("/chair")).text


async def test_what_is_challenged_is_said(visitors, debated):
    amendment = replace(debated.meeting.amendments[1], state=MotionState.PUBLISHED)
    rows = debated.meeting.amendments.put(1, amendment)
    debated.meeting = replace(debated.meeting, amendments=rows)
    await visitors.act(a.RuleOutOfOrder(1, 1, "r"), CHAIR)
    silent = await visitors.enter(THREE)
    assert (await silent.post("/procedure/challenge", headers=FORM)).status_code == 303
    page = (await (await visitors.enter(FOUR)).get("/floor")).text
    assert "Challenge to the chair’s ruling: 1.1 is out of order" in page


async def test_a_paragraph_that_was_remitted_is_not_offered_again(visitors, debated):
    settings = replace(debated.meeting.settings, remit_parts=True)
    row = replace(debated.meeting.motions[1], referred=(2,))
    motions = debated.meeting.motions.put(1, row)
    debated.meeting = replace(debated.meeting, settings=settings, motions=motions)
    page = (await (await visitors.enter(THREE)).get("/procedure/remit")).text
    assert 'value="1"' in page
    assert 'value="2"' not in page
    assert (
        "Not before conference any more: paragraph 2 remitted."
        in (await (await visitors.enter(FOUR)).get("/floor")).text
    )


async def test_what_a_kind_does_not_use_is_not_kept(visitors, debated):
    """A number of something that does not exist must not keep the clerk from committing."""
    silent = await visitors.enter(THREE)
    odd = {"target": "9999", "motion": "9999", "minutes": "7", "seconds": "9", "numbers": "3"}
    answer = await silent.post("/procedure/closure", data=odd)
    assert answer.status_code == 303, answer.text
    row = debated.meeting.procedurals[1]
    assert (row.target, row.numbers, row.minutes, row.seconds) == (None, (), 0, 0)
    assert row.motion == 1
