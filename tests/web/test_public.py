from __future__ import annotations

import ast
import json
import re
from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules.kinds import (
    Choice,
    LeaveKind,
    MinuteId,
    Mode,
    MotionKind,
    MotionState,
    Phase,
    Reason,
    Side,
)
from conference.store.ballots import BallotPaper
from conference.web import regions
from conference.web.views import minutes, motions
from tests.house.sources import ROOT

JSON = {"Accept": "application/json"}
NAME = "Labour In Exile Network: launch conference"
CHAIR, SECOND = "Chair (morning)", "Delegate 003"
VOTERS = ("Delegate 001", "Delegate 002", SECOND, "Delegate 004")
FIRSTS = (20, 18, 16, 14, 12, 11, 10, 9, 8, 5, 3)

PAGES = {
    "/": ["27 February 2021", "starts when the chair opens it", "Tosh McDonald", "Register"],
    "/agenda": ["Stretch pause", "Jackie Walker", 'id="election"', "Candidate K", "50 minutes"],
    "/motions": ["Motion 1: Democratise the party", "2 amendments", "Remit business not reached"],
    "/motions/1": ["Mover M1", "Amendment 1.2", "on the agenda", "more vote for"],
    "/motions/4": ["at least two thirds of the votes cast"],
    "/minutes": ["begin when the chair opens", "Demonstration: nothing here is real."],
    "/privacy": ["14 days after the close", "sealed in your browser", "photographing a screen"],
    "/standing-orders": ['id="so-7"', 'id="so-20"', "90 seconds", "5 minutes"],
    "/help": ["Recorded", "Without JavaScript", "Reconnecting", "The registrar answers"],
}


def words(html: str) -> str:
    """What stands on a page, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def minute_codes() -> set[str]:
    """Every code that the rules write into the minutes."""
    found: set[str] = set()
    for path in sorted((ROOT / "conference/rules").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code"
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"change.note", "note"}:
                found |= constants(node.args[2])
            elif named and isinstance(node.value, ast.IfExp):
                found |= constants(node.value.body) | constants(node.value.orelse)
    found |= {"remitted", "referred_back"}  # states as codes
    # Reasons for which something falls are codes of their own; so is what leave is asked for.
    left_to_others = {Reason.CONSEQUENTIAL, Reason.MOTION_GONE, Reason.UNDECIDED}
    found |= {str(reason) for reason in set(Reason) - left_to_others}
    return found | {f"{word}_{kind}" for word in ("leave", "objection") for kind in LeaveKind}


def constants(node: ast.AST) -> set[str]:
    return {node.value} if isinstance(node, ast.Constant) else set()


@pytest.fixture
async def opened(visitors):
    await visitors.act(a.OpenConference(), CHAIR)
    for name in VOTERS:
        await visitors.act(a.CheckIn(), name)


async def vote(visitors, motion: int, papers: str) -> None:
    """Let the delegates vote on the motion before conference, and declare the result."""
    hall = visitors.house.site.hall
    await visitors.act(a.AnnounceVote(motion), CHAIR)
    await visitors.pass_time(4)
    number = hall.meeting.conference.vote
    for name, choice in zip(VOTERS, papers.split(), strict=False):
        person = visitors.person(name)
        sealed = hall.paper(number, person, Choice(choice))
        paper = BallotPaper(number, person, f"press-{name[-3:]}-{number}", sealed)
        assert await hall.ballot(paper) is None
    await visitors.pass_time(100)
    await visitors.act(a.DeclareResult(number), CHAIR)


async def to_item(visitors, item: int) -> None:
    """Deal with everything before this item, and call it."""
    hall = visitors.house.site.hall
    while hall.meeting.conference.item != item:
        here = hall.meeting.conference.item
        await visitors.act(a.CallItem(here), CHAIR)
        while (motion := hall.meeting.conference.motion) is not None:
            if hall.meeting.motions[motion].state is MotionState.DECIDED:
                break
            if hall.meeting.motions[motion].kind is MotionKind.REPORT:
                await visitors.act(a.MarkMoved(motion), CHAIR)
            await vote(visitors, motion, "for for for for")
            following = [
                m.id
                for m in hall.meeting.motions.values()
                if m.item == here and m.state is MotionState.PUBLISHED
            ]
            if following:
                await visitors.act(a.PutNextQuestion(following[0]), CHAIR)
        await visitors.act(a.NextItem(here), CHAIR)
    await visitors.act(a.CallItem(item), CHAIR)


async def debate_motion_1(visitors) -> None:
    """Move, second, debate and carry Motion 1."""
    await to_item(visitors, 4)
    await visitors.act(a.MarkMoved(1), CHAIR)
    await visitors.act(a.OfferSecond(1), SECOND)
    await visitors.act(a.MarkSeconded(1), CHAIR)
    for amendment in (1, 2):
        await visitors.act(a.LetFall(1, amendment), CHAIR)
    await visitors.act(a.AskToSpeak(1, Side.AGAINST), "Delegate 004")
    request = max(visitors.house.site.meeting.requests)
    await visitors.act(a.CallSpeaker(Side.AGAINST, request=request), CHAIR)
    await visitors.act(a.EndSpeech(visitors.house.site.meeting.conference.turn), CHAIR)
    await visitors.act(a.WaiveReply(1), CHAIR)
    await vote(visitors, 1, "for for abstain against")


@pytest.mark.parametrize("path", PAGES)
async def test_anybody_may_read_it(client, path):
    page = await client.get(path)
    assert page.status_code == 200
    for text in PAGES[path]:
        assert text in page.text or text in words(page.text), text


@pytest.mark.parametrize("path", PAGES)
async def test_whoever_has_signed_in_may_read_it(visitors, path):
    assert (await (await visitors.enter("Delegate 001")).get(path)).status_code == 200


@pytest.mark.parametrize("number", ["0", "99", "9" * 15, "9" * 5000, "-1", "1.5", "abc", "1/2"])
async def test_there_is_no_such_motion(client, number):
    assert (await client.get(f"/motions/{number}")).status_code == 404


async def test_nobody_counts_down_to_a_day_in_the_past(client):
    assert "data-countdown" not in (await client.get("/")).text


async def test_times_carry_the_zone(client):
    assert '<time datetime="2021-02-27T10:00:00+00:00" data-zone="Europe/London">10:00</time>' in (
        (await client.get("/")).text
    )


async def test_a_visitor_asks_and_a_person_listens(house, visitors, client):
    person = visitors.person("Delegate 001")
    known = await visitors.enter("Delegate 001")
    for path, view in (("/agenda", "agenda"), ("/minutes", "minutes")):
        assert 'data-live="poll"' in (await client.get(path)).text
        assert 'data-live="poll"' not in (await known.get(path)).text
        assert regions.view_of(house.site, view, person) == view
        assert regions.view_of(house.site, view, None) is None
        shared = regions.render_shared(house.site, regions.audience_of(house.site, view, person))
        assert set(shared) - {"nownext"} == {view}
    assert 'data-live="poll"' not in (await client.get("/screen")).text


async def test_the_agenda_says_what_is_now_next_and_how_late(visitors, client, opened):
    await visitors.act(a.CallItem(1), CHAIR)
    text = words((await client.get("/agenda")).text)
    assert "Now: Item 1: Opening" in text
    assert "Next: Item 2" in text
    assert "behind" not in text
    await visitors.pass_time(25 * 60)
    page = await client.get("/agenda")
    assert "15 minutes behind" in page.text
    assert re.search(r"Item 2: .{0,250}expected about", words(page.text))
    assert 'id="item-1" aria-current="step"' in page.text
    await visitors.act(a.NextItem(1), CHAIR)
    text = words((await client.get("/agenda")).text)
    assert "Between two items." in text
    assert "from the chair · done," in text


async def test_a_result_stands_on_the_motion_and_in_the_lists(visitors, client, opened):
    await debate_motion_1(visitors)
    page = (await client.get("/motions/1")).text
    assert "data-result" in page
    assert "This is now a resolution of conference" in page
    for path in ("/motions", "/agenda", "/"):
        assert '<strong class="carried">Carried</strong>' in (await client.get(path)).text


async def test_the_minutes_name_nobody_without_consent(house, visitors, client, opened):
    await debate_motion_1(visitors)
    text = words((await client.get("/minutes")).text)
    assert "Delegate 0" not in text
    assert "was moved by Mover M1." in text
    assert "was seconded by a delegate." in text
    assert "Called to speak against Motion 1 (Democratise the party): a delegate." in text
    assert (
        "For 2, against 1, abstentions 1, did not vote 0. 4 envelopes: 4 counted, 0 invalid."
        in text
    )
    assert "Resolution of conference: Motion 1" in text
    assert "open selection of representatives at every level" in text
    assert "Seconder: a delegate" in words((await client.get("/motions/1")).text)
    house.site.named.add(visitors.person(SECOND))
    assert f"was seconded by {SECOND}." in words((await client.get("/minutes")).text)
    assert f"Seconder: {SECOND}" in words((await client.get("/motions/1")).text)
    house.site.names.pop(visitors.person(SECOND))
    assert "was seconded by a delegate." in words((await client.get("/minutes")).text)


async def test_a_programme_speaker_stands_in_the_minutes(visitors, client, opened):
    await to_item(visitors, 3)
    await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=1), CHAIR)
    assert "Called to speak: Tosh McDonald." in words((await client.get("/minutes")).text)
    assert "speaking now" in (await client.get("/agenda")).text


async def test_the_count_is_shown_when_two_agree_on_it(visitors, client, opened):
    firsts = tuple(enumerate(FIRSTS, 1))
    await visitors.act(a.EnterCount(10, 128, 2, firsts, tuple(range(1, 8))), "Teller")
    page = (await client.get("/agenda")).text
    assert "Counted outside this system" not in page
    assert ">128<" not in page
    assert "https://ballot.example/steering-committee" in page
    await visitors.act(a.ConfirmCount(10, 128, 2), "Secretary")
    for path in ("/agenda", "/minutes"):
        page = (await client.get(path)).text
        assert "Counted outside this system" in page
        assert page.count("<strong>Elected</strong>") == 7
    assert "Teller" not in words((await client.get("/minutes")).text)


def test_every_code_of_the_minutes_has_a_sentence():
    codes = minute_codes()
    assert {"opened", "declared", "not_moved", "vote_void"} <= codes
    spoken = {key.partition(".")[0] for key in minutes.SENTENCES}
    assert codes <= spoken
    assert spoken <= codes
    assert {f"speaker.{side}" for side in Side} <= minutes.SENTENCES.keys()


@pytest.mark.parametrize(
    ("reason", "text"), [("no_quorum", "quorum was lost"), ("restored", "backup"), ("x", "nothing")]
)
async def test_a_void_vote_stands_in_the_minutes(house, visitors, opened, reason, text):
    await visitors.act(a.CallItem(1), CHAIR)
    await visitors.act(a.NextItem(1), CHAIR)
    await visitors.act(a.CallItem(2), CHAIR)
    await visitors.act(a.AnnounceVote(6), CHAIR)
    row = house.site.meeting.minutes[max(house.site.meeting.minutes)]
    facts = json.dumps({"vote": 1, "reason": reason})
    entry = minutes.entry(house.site, replace(row, id=MinuteId(99), code="vote_void", facts=facts))
    assert text in entry.text


async def test_a_published_name_is_nobodys_secret(house):
    assert motions.published_name(house.site, None, "Mover M1") == "Mover M1"
    assert motions.published_name(house.site, None) == "a delegate"


async def test_deletion_counts_from_the_close(house, client, clock):
    assert "The days count from the moment" in (await client.get("/privacy")).text
    head = house.site.meeting.conference
    closed = replace(head, phase=Phase.CLOSED, closed_at=clock())
    house.site.hall.meeting = replace(house.site.meeting, conference=closed)
    text = words((await client.get("/privacy")).text)
    assert re.search(
        r"was closed on \w+ \d+ \w+ 20\d\d\. .+ until 14 days after the close: \w+ \d+", text
    )
    home = (await client.get("/")).text
    assert "Read the minutes" in home
    assert 'class="button primary" href="/register"' not in home


async def test_the_mode_is_the_organisers(visitors, client):
    assert (await client.get("/mode")).status_code == 303
    delegate = await visitors.enter("Delegate 001")
    assert (await delegate.get("/mode")).status_code == 403
    form = {"mode": "real", "typed_name": NAME}
    assert (await delegate.post("/mode", data=form)).status_code == 403


async def test_the_mode_moves_forward_by_the_conferences_name(house, visitors, client):
    registrar = await visitors.enter("Registrar")
    house.site.settings = replace(house.site.settings, without_https="Kim: a test")
    assert NAME in (await registrar.get("/mode")).text
    wrong = await registrar.post("/mode", data={"mode": "rehearsal", "typed_name": "Labour <i>"})
    assert wrong.status_code == 422
    assert 'data-code="wrong_name"' in wrong.text
    assert 'value="Labour &lt;i&gt;"' in wrong.text
    assert 'value="rehearsal" required checked' in wrong.text
    assert house.site.meeting.conference.mode is Mode.DEMONSTRATION
    done = await registrar.post("/mode", data={"mode": "rehearsal", "typed_name": NAME})
    assert (done.status_code, done.headers["location"]) == (303, "/mode")
    assert "nothing decided here counts" in (await client.get("/")).text
    assert "The conference became a rehearsal." in (await client.get("/minutes")).text
    back = await registrar.post("/mode", data={"mode": "rehearsal", "typed_name": NAME})
    assert back.status_code == 409
    assert 'data-code="wrong_mode"' in back.text
    assert (
        await registrar.post("/mode", data={"mode": "real", "typed_name": NAME})
    ).status_code == 303
    page = (await client.get("/")).text
    assert "nothing decided here counts" not in page
    assert "Not encrypted: practice only" in page
    assert "Not encrypted: practice only" in (await client.get("/embed/agenda")).text
    page = (await registrar.get("/mode")).text
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"mode": "rehearsal"},
        {"mode": "demonstration", "typed_name": NAME},
        {"mode": "rehearsal", "typed_name": "x" * 301},
        {"mode": "rehearsal", "typed_name": NAME, "more": "1"},
    ],
)
async def test_a_bad_form_changes_no_mode(house, visitors, form):
    registrar = await visitors.enter("Registrar")
    page = await registrar.post("/mode", data=form)
    assert page.status_code == 422
    assert 'data-code="bad_field"' in page.text
    told = await registrar.post("/mode", data=form, headers=JSON)
    assert told.status_code == 422
    assert told.json()["code"] == "bad_field"
    assert house.site.meeting.conference.mode is Mode.DEMONSTRATION


async def test_it_becomes_real_only_with_https_or_somebodys_name(house, visitors):
    registrar = await visitors.enter("Registrar")
    form = {"mode": "real", "typed_name": NAME}
    refused = await registrar.post("/mode", data=form)
    assert (refused.status_code, 'data-code="not_encrypted"' in refused.text) == (409, True)
    assert house.site.meeting.conference.mode is Mode.DEMONSTRATION
    house.site.settings = replace(house.site.settings, without_https="Kim: no proxy today")
    assert (await registrar.post("/mode", data=form)).status_code == 303
    async with house.site.store.reading() as reader:
        found = await reader.conn.exec_driver_sql("SELECT body FROM journal ORDER BY number")
        acts = [json.loads(body) for body in found.scalars()]
    assert [act["t"] for act in acts[-2:]] == ["SetMode", "WaiveEncryption"]
    assert "Kim" not in json.dumps(acts)
    assert house.site.remarks[acts[-1]["remark"]] == "Kim: no proxy today"


async def test_a_script_is_told_in_json(visitors):
    registrar = await visitors.enter("Registrar")
    form = {"mode": "rehearsal", "typed_name": "x"}
    told = await registrar.post("/mode", data=form, headers=JSON)
    assert (told.status_code, told.json()["code"]) == (422, "wrong_name")
