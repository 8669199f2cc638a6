"""What delegates and the hall read as conference goes on: results, rulings, objections, their turn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules.kinds import LeaveKind, Pause, PointAbout, PointKind, PointState, Side
from tests.web.test_panel import about, hall, often, to  # noqa: F401  (fixtures)

CHAIR = "Chair (morning)"
ONE, TWO, THREE = (f"Delegate 00{n}" for n in (1, 2, 3))


async def text_of(visitors, path: str, name: str = "") -> str:
    browser = await visitors.enter(name) if name else visitors.nobody()
    return (await browser.get(path)).text


async def test_a_result_makes_room_when_conference_goes_on(visitors, hall):  # noqa: F811
    await to(visitors, about("1.1", a.DeclareResult))
    vote = hall.meeting.conference.vote
    await visitors.act(a.DeclareResult(vote), CHAIR)
    screen = await text_of(visitors, "/screen")
    assert "Motion 1, as it reads now" in screen  # the consolidated text, before the next step
    assert f'data-result="{vote}"' in screen
    await visitors.act(a.TakeAmendment(2), CHAIR)
    screen, floor = await text_of(visitors, "/screen"), await text_of(visitors, "/floor", ONE)
    assert "data-result" not in screen
    assert "Amendment 1.2" in screen
    assert "Last vote:" in floor
    assert floor.count(f'data-result="{vote}"') == 1


async def test_a_ruling_is_read_by_everybody_for_as_long_as_it_can_be_challenged(
    visitors,
    hall,  # noqa: F811
):
    await to(visitors, about("Motion 1", a.MarkMoved))
    await visitors.act(a.RaisePoint(PointKind.ORDER, PointAbout.LANGUAGE), ONE)
    await visitors.act(a.HearPoint(1), CHAIR)
    chair = await visitors.enter(CHAIR)
    step = hall.meeting.conference.step
    data = {"step": step, "state": PointState.NOT_WELL_TAKEN, "line": "That was civil."}
    assert (await chair.post("/chair/points/1/ruling", data=data)).status_code == 303
    for path, name in (("/floor", TWO), ("/screen", ""), ("/chair", CHAIR)):
        assert "“That was civil.”" in await text_of(visitors, path, name), path
    assert 'href="/procedure/challenge"' in await text_of(visitors, "/floor", TWO)
    await visitors.pass_time(hall.meeting.settings.challenge_window + 1)
    floor = await text_of(visitors, "/floor", TWO)
    assert "That was civil." not in floor
    assert 'href="/procedure/challenge"' not in floor


async def test_an_objection_is_told_and_not_asked_for_again(visitors, hall):  # noqa: F811
    await to(visitors, about("1.1", a.MarkMoved))
    await visitors.act(a.AskLeave(LeaveKind.ACCEPT, 1, 1), CHAIR)
    assert "Any objection?" in await text_of(visitors, "/screen")
    await visitors.act(a.Object(1), ONE)
    told = "There is an objection: amendment 1.1 is debated and voted on."
    for path, name in (("/floor", TWO), ("/screen", ""), ("/chair", CHAIR)):
        assert told in await text_of(visitors, path, name), path
    assert "Accepted: any objection?" not in await text_of(visitors, "/chair", CHAIR)


async def test_a_floor_speaker_knows_where_they_stand(visitors, hall):  # noqa: F811
    await to(visitors, about("1.1", a.AnnounceVote))
    await visitors.act(a.AskToSpeak(1, Side.AGAINST, 1), ONE)
    await visitors.act(a.AskToSpeak(1, Side.FOR, 1), TWO)
    assert "You are next: be ready to speak." in await text_of(visitors, "/floor", ONE)
    second = await text_of(visitors, "/floor", TWO)
    assert "1 speaker is before you." in second
    assert 'data-hush="ask"' in second
    await visitors.act(a.CallSpeaker(Side.AGAINST, request=1), CHAIR)
    assert "You have the floor. Please speak now." in await text_of(visitors, "/floor", ONE)
    await visitors.act(a.EndSpeech(hall.meeting.conference.turn), CHAIR)
    assert "You have spoken on this question" in await text_of(visitors, "/floor", ONE)
    await visitors.act(a.CloseDebate(1, 1), CHAIR)
    closed = "The debate was closed before your turn: you will not be called."
    assert closed in await text_of(visitors, "/floor", TWO)
    assert closed not in await text_of(visitors, "/floor", THREE)


@pytest.mark.parametrize(
    ("minutes", "ends"), [(10, "A break. Everybody"), (0, "Everything stands")]
)
async def test_the_panel_says_what_a_pause_waits_for(visitors, hall, minutes, ends):  # noqa: F811
    kind = Pause.BREAK if minutes else Pause.TECHNICAL
    await visitors.act(a.TakeBreak(kind, minutes), CHAIR)
    panel = await text_of(visitors, "/chair", CHAIR)
    assert ends in panel
    assert ("Go on early" in panel) == bool(minutes)
    if minutes:
        await visitors.pass_time(minutes * 60 + 1)
        panel = await text_of(visitors, "/chair", CHAIR)
        assert "The break is over." in panel
        assert "Go on early" not in panel


async def test_everybody_is_told_who_is_in_the_chair_now(visitors, hall):  # noqa: F811
    await to(visitors, about("Motion 1", a.MarkMoved))
    await visitors.act(a.OfferChair(visitors.person("Chair (afternoon)")), CHAIR)
    assert "is in the chair now" not in await text_of(visitors, "/floor", ONE)
    await visitors.act(a.AcceptChair(), "Chair (afternoon)")
    for path, name in (("/floor", TWO), ("/screen", ""), ("/chair", CHAIR)):
        page = await text_of(visitors, path, name)
        assert "<strong>Chair (afternoon)</strong> is in the chair now." in page, path
    await visitors.pass_time(61)
    assert "is in the chair now" not in await text_of(visitors, "/floor", TWO)


async def test_a_mover_says_that_they_do_not_reply(visitors, hall):  # noqa: F811
    await to(visitors, about("Motion 1", a.AnnounceVote))
    motion = replace(hall.meeting.motions[1], mover=visitors.person(ONE), mover_name="")
    hall.meeting = replace(hall.meeting, motions=hall.meeting.motions.put(1, motion))
    own, other = await visitors.enter(ONE), await visitors.enter(TWO)
    assert "I do not reply" not in (await own.get("/floor")).text  # nobody has spoken against
    await visitors.act(a.AskToSpeak(1, Side.AGAINST), TWO)
    request = max(hall.meeting.requests)
    await visitors.act(a.CallSpeaker(Side.AGAINST, request=request), CHAIR)
    await visitors.act(a.EndSpeech(hall.meeting.conference.turn), CHAIR)
    assert "I do not reply" in (await own.get("/floor")).text
    assert "I do not reply" not in (await other.get("/floor")).text
    form = {"motion": 1, "wish": "forgo"}
    assert (await other.post("/queue", data=form)).status_code == 403
    assert (await own.post("/queue", data=form)).status_code == 303
    assert hall.meeting.motions[1].reply_waived
    assert "I do not reply" not in (await own.get("/floor")).text
