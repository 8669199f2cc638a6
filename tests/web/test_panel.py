"""The chair's panel, asked as a browser without scripts asks it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest

from conference.room import Seat
from conference.rules import acts as a
from conference.rules import take
from conference.rules.kinds import (
    Action,
    Choice,
    LeaveKind,
    PointAbout,
    PointKind,
    Procedure,
    Side,
    VoteState,
)
from conference.rules.refused import Refused
from conference.rules.steps import steps
from conference.store.ballots import BallotPaper
from conference.web import regions
from conference.web.regions import Audience
from conference.web.views.chairing import chairing_view
from conference.web.views.cues import cue

CHAIR, VICE, SECRETARY = "Chair (morning)", "Vice-chair", "Secretary"
VOTERS = [f"Delegate 00{n}" for n in range(1, 7)]
JSON = {"Accept": "application/json"}
EMPTY = {"Content-Type": "application/x-www-form-urlencoded"}
MOST = 6
"""Buttons that stand outside of what is folded away."""


@dataclass
class Form:
    """One form of a page, as a browser without scripts would send it."""

    action: str
    method: str
    id: str
    command: str
    inside: str
    """`dialog`, `details` or nothing."""
    region: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the forms and the ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.region = ""
        self.button = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.region = given.get("data-region", self.region)
        if tag in {"details", "dialog"}:
            self.open.append(tag)
        if tag == "form":
            where = next((x for x in ("dialog", "details") if x in self.open), "")
            command = given.get("data-command", "")
            method = given.get("method", "get")
            self.forms.append(
                Form(given["action"], method, given.get("id", ""), command, where, self.region)
            )
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "input" and given.get("type") != "checkbox" and "name" in given:
            form.fields[given["name"]] = given.get("value") or ""
            form.required += [given["name"]] if "required" in given else []
        self.button = tag == "button"

    def handle_endtag(self, tag):
        if tag in {"details", "dialog"}:
            self.open.pop()

    def handle_data(self, data):
        if self.button and data.strip():
            self.forms[-1].buttons.append(data.strip())
            self.button = False


@pytest.fixture
def often(house, monkeypatch):
    """Let a test press as often as it likes."""
    monkeypatch.setattr(house.site.limits, "allow", lambda *_args: True)


@pytest.fixture
async def hall(house, visitors, often):
    """Open, with six delegates present."""
    await visitors.act(a.OpenConference(), CHAIR)
    for name in VOTERS:
        await visitors.act(a.CheckIn(), name)
    return house.site.hall


async def seen(browser) -> Forms:
    answer = await browser.get("/chair")
    assert answer.status_code == 200
    return Forms(answer.text)


def named(page: Forms, command: str) -> Form:
    """The form of this command. Raises StopIteration when the panel does not offer it."""
    return next(f for f in page.forms if f.command.startswith(command))


async def to(visitors, wanted, vote="for for for", most=200):
    """Follow the suggestion until `wanted(meeting, act)`, each vote carried."""
    hall = visitors.house.site.hall
    for _ in range(most):
        act = steps(hall.meeting, visitors.person(CHAIR), visitors.clock()).suggested
        if act is not None and wanted(hall.meeting, act):
            return act
        if act is not None:
            await visitors.act(act, CHAIR)
            continue
        number = hall.meeting.conference.vote
        if number is not None and hall.meeting.votes[number].state is VoteState.ANNOUNCED:
            await visitors.pass_time(hall.meeting.settings.vote_announcement + 1)
            await ballots(visitors, vote)
            await visitors.pass_time(hall.meeting.settings.vote_minimum)
        else:
            await visitors.pass_time(20)
    raise AssertionError(act)


async def ballots(visitors, papers: str) -> None:
    """Let delegates vote in the open vote."""
    hall = visitors.house.site.hall
    number = hall.meeting.conference.vote
    for name, choice in zip(VOTERS, papers.split(), strict=False):
        key, person = f"press-{name[-3:]}-{number}", visitors.person(name)
        paper = BallotPaper(number, person, key, hall.paper(number, person, Choice(choice)))
        assert await hall.ballot(paper) is None


def about(label: str, kind: type):
    """Say whether conference is at this motion or amendment and suggests this."""

    def wanted(meeting, act):
        head = meeting.conference
        row = meeting.amendments.get(head.amendment) or meeting.motions.get(head.motion)
        return row is not None and row.label == label and isinstance(act, kind)

    return wanted


async def put(visitors, **settings) -> None:
    hall = visitors.house.site.hall
    hall.meeting = replace(hall.meeting, settings=replace(hall.meeting.settings, **settings))


# --- every state ---------------------------------------------------------------------------------


async def test_every_offer_of_the_first_items_would_be_taken(house, visitors, often):
    """Nobody but who reads the panel: plain forms, never refused, never too many, ids never twice."""
    chair, vice = await visitors.enter(CHAIR), await visitors.enter(VICE)
    pressed: list[str] = []
    for _ in range(400):
        page = await seen(chair)
        await a_sound_panel(house, visitors, page)
        act = steps(house.site.meeting, visitors.person(CHAIR), visitors.clock()).suggested
        if house.site.meeting.conference.present < 3:
            for name in VOTERS:
                await visitors.act(a.CheckIn(), name)
            continue
        if act is None:
            await a_watching_panel(vice)
            await visitors.pass_time(20)
            if house.site.hall.turnout()[1] and not house.site.hall.turnout()[0]:
                await ballots(visitors, "for for for against abstain for")
            continue
        if isinstance(act, a.CallItem) and house.site.meeting.items[act.item].number == 7:
            break
        (form,) = [
            f for f in page.forms if f.region == "panel" and f.id and suggested_id(page, f.id)
        ]
        data = {k: v or "a reason" for k, v in form.fields.items()}
        if form.method == "get":
            answer = await chair.get(form.action, params=form.fields)
            asked = Forms(answer.text).forms[0]
            answer = await chair.post(asked.action, data=asked.fields)
        else:
            answer = await chair.post(form.action, data=data)
        assert answer.status_code == 303, (form, answer.text)
        pressed.append(form.command)
        await some_floor(visitors, pressed)
    assert pressed.count("Open the vote Amendment 1.1") == 1
    assert pressed.count("Open the vote Motion 2") == 1
    assert any(x.startswith("Hear the point") for x in pressed)
    assert any(x.startswith("Take it") for x in pressed)


def suggested_id(page: Forms, number: str) -> bool:
    return number in page.suggested  # type: ignore[attr-defined]


async def a_sound_panel(house, visitors, page: Forms) -> None:
    step = str(house.site.meeting.conference.step)
    assert sorted(page.ids) == sorted(set(page.ids))
    for form in page.forms:
        if form.action.startswith("/chair") and form.method == "post":
            wanted = None if form.action.endswith(("/note", "/crowd")) else step
            assert form.fields.get("step") == wanted, form
    shown = [f for f in page.forms if f.region == "panel" and not f.inside]
    speech = [f for f in shown if f.id.startswith("speech")]
    assert len(shown) - len(speech) <= MOST, [f.command for f in shown]
    assert len(speech) <= 3
    html = regions.render_shared(house.site, Audience(regions.CHAIR, acting=True), {"panel"})
    page.suggested = re.findall(  # type: ignore[attr-defined]
        r'id="([^"]+)"[^>]*class="step suggested', html["panel"]
    )
    possible = steps(house.site.meeting, visitors.person(CHAIR), visitors.clock())
    if possible.suggested is not None:
        assert len(page.suggested) == 1  # type: ignore[attr-defined]
        assert cue(house.site, possible.suggested), possible.suggested


async def a_watching_panel(vice) -> None:
    page = await seen(vice)
    assert [f.action for f in page.forms if f.region in {"panel", "inbox", "speakers"}] == []
    offers = [f.command for f in page.forms if f.region in {"officers", "chairing"}]
    assert offers == []


async def some_floor(visitors, pressed: list[str]) -> None:
    """On the way somebody asks to speak, raises a point, moves the closure."""
    meeting = visitors.house.site.meeting
    head = meeting.conference
    if pressed[-1].startswith("Seconded") and head.motion == 1:
        for name, side in zip(VOTERS[1:3], (Side.FOR, Side.AGAINST), strict=True):
            await visitors.act(a.AskToSpeak(head.motion, side, head.amendment), name)
    called = pressed[-1].startswith("Call next speaker")
    if called and not meeting.points and head.amendment is not None:
        point = a.RaisePoint(PointKind.ORDER, PointAbout.IRRELEVANCE)
        await visitors.act(point, VOTERS[3])
    if pressed[-1].startswith("Hear the point"):
        chair = await visitors.enter(CHAIR)
        form = next(f for f in (await seen(chair)).forms if f.action.endswith("/ruling"))
        assert form.buttons == ["Well taken", "Not well taken"]
        data = {**form.fields, "line": "The speech was to the point.", "state": "not_well_taken"}
        assert (await chair.post(form.action, data=data)).status_code == 303
    amends = head.amendment is not None and head.motion == 1
    if pressed[-1] == "End speech" and amends and not meeting.procedurals:
        move = a.MoveProcedural(Procedure.CLOSURE, head.motion, head.amendment)
        if not isinstance(
            take(meeting, move, visitors.person(VOTERS[4]), visitors.clock()), Refused
        ):
            await visitors.act(move, VOTERS[4])
            await visitors.act(a.SecondProcedural(1), VOTERS[5])


async def test_a_closure_that_came_too_late_is_not_offered(visitors, hall):
    await to(visitors, about("1.1", a.CallSpeaker))
    head = hall.meeting.conference
    for name, side in zip(VOTERS[1:3], (Side.FOR, Side.AGAINST), strict=True):
        await visitors.act(a.AskToSpeak(head.motion, side, head.amendment), name)
    move = a.MoveProcedural(Procedure.CLOSURE, head.motion, head.amendment)
    mover = visitors.person(VOTERS[4])
    await to(
        visitors, lambda m, _act: not isinstance(take(m, move, mover, visitors.clock()), Refused)
    )
    await visitors.act(move, VOTERS[4])
    await visitors.act(a.SecondProcedural(1), VOTERS[5])
    chair = await visitors.enter(CHAIR)
    taking = "/chair/procedurals/1/taking"
    assert taking in {form.action for form in (await seen(chair)).forms}
    if hall.meeting.conference.turn is not None:
        await visitors.act(a.EndSpeech(hall.meeting.conference.turn), CHAIR)
    await visitors.act(a.CloseDebate(head.motion, head.amendment), CHAIR)
    assert taking not in {form.action for form in (await seen(chair)).forms}
    assert "Too late: what it was about has gone on" in (await chair.get("/chair")).text


# --- what the chair says --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "kind", "said"),
    [
        ("Motion 1", a.MarkMoved, "That is moved. Is it seconded? Formally, or do you wish to"),
        ("Motion 1", a.TakeAmendment, "The motion is before conference. I take amendment 1.1."),
        ("1.1", a.CallSpeaker, "I call the mover, three minutes."),
        ("1.1", a.AnnounceVote, "The question is that amendment 1.1 be agreed."),
        ("1.1", a.CloseVote, "Three seconds. Then voting is closed."),
        (
            "1.1",
            a.DeclareResult,
            "For 3, against 0, abstentions 0. The amendment is carried and the motion is changed;",
        ),
        ("Motion 1", a.DeclareResult, "It is now a resolution of this conference."),
        ("Motion 2", a.DeclareResult, "For 3, against 0, abstentions 0. Carried as amended. It is"),
    ],
)
async def test_the_cues(house, visitors, hall, label, kind, said):
    act = await to(visitors, about(label, kind))
    assert said in cue(house.site, act)
    page = await (await visitors.enter(CHAIR)).get("/chair")
    assert f"“{cue(house.site, act)}”".replace("'", "&#39;") in page.text


async def test_the_cue_of_an_item_and_of_the_reply(house, visitors, hall):
    act = await to(visitors, lambda _m, x: isinstance(x, a.CallItem) and x.item == 6, most=400)
    assert cue(house.site, act).startswith("We come to ")
    motion = next(i.id for i in house.site.meeting.items.values() if i.title.startswith("Motion 1"))
    said = cue(house.site, a.CallItem(motion))
    assert said == (
        "We come to Motion 1. The text is on your screen. "
        "Two amendments, taken in the printed order."
    )


async def test_a_speaker_is_called_with_the_reason(house, visitors, hall):
    await to(visitors, about("1.1", a.AnnounceVote))
    await visitors.act(a.AskToSpeak(1, Side.FOR, 1), VOTERS[0])
    await visitors.act(a.AskToSpeak(1, Side.AGAINST, 1), VOTERS[1])
    text = (await (await visitors.enter(CHAIR)).get("/chair")).text
    assert "I call Delegate 002 to speak against, two minutes." in text
    assert "it is this side’s turn" in text
    assert "1 for, 1 against." in text
    calls = [f for f in Forms(text).forms if f.region == "speakers"]
    assert [f.command for f in calls] == ["Call Delegate 002", "Call Delegate 001"]


# --- what is asked once more ------------------------------------------------------------------------


async def test_below_the_quorum_the_vote_asks_once_more(house, visitors, hall):
    await to(visitors, about("1.1", a.AnnounceVote))
    await put(visitors, quorum=40)
    chair = await visitors.enter(CHAIR)
    text = (await chair.get("/chair")).text
    assert text.count('name="below_quorum" value="yes" required') == 1
    assert "There is no quorum: 40 are needed." in text
    step = house.site.meeting.conference.step
    data = {"step": step, "motion": 1, "amendment": 1}
    refused = await chair.post("/chair/votes", data=data, headers=JSON)
    assert refused.json()["code"] == "no_quorum"
    page = await chair.get("/chair/votes/new?motion=1&amendment=1")
    assert 'name="below_quorum"' in page.text
    done = await chair.post("/chair/votes", data={**data, "below_quorum": "yes"})
    assert done.status_code == 303
    vote = house.site.meeting.votes[house.site.meeting.conference.vote]
    assert vote.below_quorum


async def test_where_the_quorum_blocks_nothing_is_offered(visitors, hall):
    await to(visitors, about("1.1", a.AnnounceVote))
    await put(visitors, quorum=40, quorum_blocks=True)
    page = await seen(await visitors.enter(CHAIR))
    assert [f for f in page.forms if f.command.startswith("Open the vote")] == []
    assert named(page, "Leave undecided").inside == "details"


async def test_more_time_takes_a_second_press(house, visitors, hall):
    await to(visitors, about("1.1", a.CloseVote))
    number = house.site.meeting.conference.vote
    await visitors.act(a.AskMoreTime(number), VOTERS[0])
    chair = await visitors.enter(CHAIR)
    page = await seen(chair)
    form = named(page, "Close it all the same")
    assert form.inside == "details"
    assert form.fields["anyway"] == "yes"
    plain = {"step": form.fields["step"]}
    assert (await chair.post(form.action, data=plain)).status_code == 409
    assert (await chair.post(form.action, data=form.fields)).status_code == 303
    assert house.site.meeting.votes[number].last_call


async def test_going_on_early_takes_a_second_press(house, visitors, hall):
    chair = await visitors.enter(CHAIR)
    form = named(await seen(chair), "Break")
    assert form.fields["minutes"] == "10"
    assert (await chair.post(form.action, data=form.fields)).status_code == 303
    early = named(await seen(chair), "Go on early")
    assert early.inside == "details"
    plain = {"step": early.fields["step"]}
    refused = await chair.post(early.action, data=plain, headers=JSON)
    assert refused.json()["code"] == "break_running"
    assert (await chair.post(early.action, data=early.fields)).status_code == 303
    assert house.site.meeting.conference.pause is None


async def test_while_conference_may_object_the_panel_counts_down(house, visitors, hall):
    await to(visitors, about("1.1", a.CallSpeaker))
    await visitors.act(a.AskLeave(LeaveKind.ACCEPT, 1, 1), CHAIR)
    leave = house.site.meeting.leaves[house.site.meeting.conference.leave]
    chair = await visitors.enter(CHAIR)
    text = (await chair.get("/chair")).text
    assert "whether anybody objects" in text
    assert f'data-countdown-to="{leave.closes_at}" data-plain' in text
    back = named(Forms(text), "Take the question back")
    assert (await chair.post(back.action, data=back.fields)).status_code == 303
    assert house.site.meeting.amendments[1].state == "called"


async def test_an_amendment_says_what_falls_with_it(visitors, hall):
    await to(visitors, about("Motion 2", a.TakeAmendment), most=400)
    text = (await (await visitors.enter(CHAIR)).get("/chair")).text
    assert "2.1; if it is carried, 2.2 falls" in text


async def test_a_tie_is_never_decided_by_accident(house, visitors, hall):
    await put(visitors, chair_vote="casting_only")
    await to(visitors, about("1.1", a.AnnounceVote))
    await visitors.act(a.AnnounceVote(1, 1), CHAIR)
    await visitors.pass_time(16)
    await ballots(visitors, "for for against against")
    await visitors.pass_time(100)
    possible = steps(house.site.meeting, visitors.person(CHAIR), visitors.clock())
    assert possible.suggested is None
    chair = await visitors.enter(CHAIR)
    page = await seen(chair)
    offered = {f.command for f in page.forms if f.region == "panel"}
    assert {"Casting vote for", "Casting vote against"} < offered
    assert "No casting vote: not carried" in offered
    cast = named(page, "Casting vote for")
    assert (await chair.post(cast.action, data=cast.fields)).status_code == 303
    text = (await chair.get("/chair")).text
    assert "Declare the result" in text
    assert "Declaring it means: the text of Motion 1 is changed." in text


async def test_the_vote_asks_about_the_text_as_amended(visitors, hall):
    await to(visitors, about("Motion 1", a.AnnounceVote))
    text = (await (await visitors.enter(CHAIR)).get("/chair/votes/new?motion=1")).text
    assert "As amended: version 3 of the text" in text
    assert "as amended, be carried" in text
    assert "an income in line with that of the people they represent" in text


# --- lines --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/chair/motions/1/out-of-order", {}),
        ("/chair/amendments/1/out-of-order", {}),
        ("/chair/announcement/new", None),
        ("/chair/lobby", {"person": VOTERS[0]}),
        ("/chair/removal", {"person": VOTERS[0]}),
    ],
)
async def test_what_needs_a_line_is_refused_without(house, visitors, hall, path, data):
    await to(visitors, about("1.1", a.AnnounceVote))
    chair = await visitors.enter(CHAIR)
    if data is None:
        answer = await chair.get(path, headers=JSON)
    else:
        data = {"step": house.site.meeting.conference.step, "line": " ", **data}
        if "person" in data:
            data["person"] = visitors.person(data["person"])
        answer = await chair.post(path, data=data, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "needs_reason")


async def test_an_announcement_is_shown_first_and_taken_back(house, visitors, hall):
    chair = await visitors.enter(CHAIR)
    form = named(await seen(chair), "Announce")
    assert form.method == "get"
    text = "Lunch is at <one>  o’clock"
    page = await chair.get(form.action, params={"line": text})
    assert house.site.meeting.conference.announcement == ""
    assert "Lunch is at &lt;one&gt; o’clock" in page.text
    asked = Forms(page.text).forms[0]
    assert (await chair.post(asked.action, data=asked.fields)).status_code == 303
    assert "Lunch is at &lt;one&gt; o’clock" in (await visitors.nobody().get("/screen")).text
    back = named(await seen(chair), "Take the announcement off")
    assert (await chair.post(back.action, data=back.fields)).status_code == 303
    assert "Lunch" not in (await visitors.nobody().get("/screen")).text


async def test_an_amendment_from_the_floor_waits_in_the_inbox(house, visitors, hall):
    await put(visitors, amend_from_floor=True)
    await to(visitors, about("Motion 1", a.MarkSeconded))
    handed_in = a.ProposeAmendment(1, Action.ADD, 3, "", "It thanks the stewards.")
    await visitors.act(handed_in, VOTERS[3])
    chair = await visitors.enter(CHAIR)
    text = (await chair.get("/chair")).text
    assert "It thanks the stewards." in text
    form = next(f for f in Forms(text).forms if f.action.endswith("/admission"))
    assert form.buttons == ["Admit it", "Decline it"]
    number = int(form.action.split("/")[3])
    answer = await chair.post(form.action, data={**form.fields, "admit": "yes"})
    assert answer.status_code == 303
    assert house.site.meeting.amendments[number].state == "published"


# --- the speech ------------------------------------------------------------------------------------


async def test_a_call_can_be_undone_for_five_seconds(house, visitors, hall):
    await to(visitors, about("Motion 1", a.CallSpeaker))
    await visitors.act(a.CallSpeaker(Side.MOVER), CHAIR)
    chair = await visitors.enter(CHAIR)
    text = (await chair.get("/chair")).text
    assert f'data-until="{visitors.clock() + 5000}"' in text
    offered = [f.command for f in Forms(text).forms if f.id.startswith("speech")]
    assert offered == ["Undo the call", "Give 30 seconds more", "Stop the clock"]
    undo = named(Forms(text), "Undo the call")
    await visitors.pass_time(6)
    assert "Undo the call" not in (await chair.get("/chair")).text
    late = await chair.post(undo.action, data=undo.fields, headers=JSON)
    assert late.json()["code"] == "too_late"
    stop = named(await seen(chair), "Stop the clock")
    assert (await chair.post(stop.action, data=stop.fields)).status_code == 303
    assert "The clock is stopped" in (await chair.get("/chair")).text
    on = named(await seen(chair), "Let the clock go on")
    assert (await chair.post(on.action, data=on.fields)).status_code == 303


# --- who is in the chair --------------------------------------------------------------------------


async def test_only_the_chair_can_press(house, visitors, hall):
    vice = await visitors.enter(VICE)
    text = (await vice.get("/chair")).text
    assert "In the chair: Chair (morning). You are watching" in text
    item = house.site.meeting.conference.item
    step = {"step": house.site.meeting.conference.step}
    answer = await vice.post(f"/chair/items/{item}/call", data=step, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_in_the_chair")


async def test_the_chair_is_offered_and_accepted(house, visitors, hall):
    chair, vice = await visitors.enter(CHAIR), await visitors.enter(VICE)
    secretary = await visitors.enter(SECRETARY)
    assert f"Offer the chair {VICE}" not in [f.command for f in (await seen(chair)).forms]
    await seen(vice)  # the chair is offered to somebody who is there (screens H1.24)
    offer = named(await seen(chair), f"Offer the chair {VICE}")
    assert (await chair.post(offer.action, data=offer.fields)).status_code == 303
    assert named(await seen(chair), "Keep the chair")
    assert [f for f in (await seen(secretary)).forms if f.region == "chairing"] == []
    accept = named(await seen(vice), "Accept the chair")
    assert (await vice.post(accept.action, data=accept.fields)).status_code == 303
    assert "You are watching" in (await chair.get("/chair")).text
    assert "You are watching" not in (await vice.get("/chair")).text


def seated(house, visitors, name, *, acting):
    seat = Seat(Audience(regions.CHAIR, acting=acting), visitors.person(name), "session")
    house.site.room.join(seat)
    return seat


def drained(seat):
    frames = list(seat._queue)
    seat._queue.clear()
    seat._size = 0
    return "\n".join(frames)


async def test_a_change_of_chair_turns_both_panels_round(house, visitors, hall):
    old = seated(house, visitors, CHAIR, acting=True)
    new = seated(house, visitors, VICE, acting=False)
    await visitors.act(a.OfferChair(visitors.person(VICE)), CHAIR)
    assert "Accept the chair" in drained(new)
    assert "Accept the chair" not in drained(old)
    await visitors.act(a.AcceptChair(), VICE)
    assert "You are watching" in drained(old)
    frames = drained(new)
    assert "Next step" in frames
    assert '"id":"officers"' in frames
    assert (old.audience.acting, new.audience.acting) == (False, True)


async def test_a_lost_chair_is_taken_after_a_warning(house, visitors, hall):
    settings = house.site.meeting.settings
    old = seated(house, visitors, CHAIR, acting=True)
    await house.site.hall.act(a.ReportChairLost(lost=True), "system")
    vice = await visitors.enter(VICE)
    secretary = chairing_view(house.site, visitors.person(SECRETARY))
    assert secretary.take_at == visitors.clock() + settings.chair_lost * 1000
    form = named(await seen(vice), "Take the chair")
    assert (await vice.post(form.action, data=form.fields)).status_code == 303
    frames = drained(old)
    assert "Vice-chair is taking the chair" in frames
    assert "I am here: keep the chair" in frames
    assert [f.command for f in (await seen(vice)).forms if f.region == "chairing"] == []
    await visitors.pass_time(settings.chair_warning + 1)
    assert house.site.meeting.conference.chair == visitors.person(VICE)
    assert "You are watching" in drained(old)


async def test_the_chair_that_is_back_keeps_the_chair(house, visitors, hall):
    await house.site.hall.act(a.ReportChairLost(lost=True), "system")
    await visitors.act(a.TakeChair(), VICE)
    chair = await visitors.enter(CHAIR)
    form = named(await seen(chair), "Keep the chair")
    assert (await chair.post(form.action, data=form.fields)).status_code == 303
    await visitors.pass_time(60)
    assert house.site.meeting.conference.chair == visitors.person(CHAIR)


async def test_the_chair_does_not_preside_over_their_own_case(house, visitors, hall):
    await to(visitors, about("1.1", a.AnnounceVote))
    await visitors.act(a.RaisePoint(PointKind.ORDER, PointAbout.PROCEDURE), VOTERS[0])
    chair, vice = await visitors.enter(CHAIR), await visitors.enter(VICE)
    form = next(f for f in (await seen(chair)).forms if f.action.endswith("/ruling"))
    data = {**form.fields, "line": "It is not a point of order.", "state": "not_well_taken"}
    assert (await chair.post(form.action, data=data)).status_code == 303
    await visitors.act(a.MoveProcedural(Procedure.CHALLENGE, point=1), VOTERS[0])
    for name in VOTERS[1:4]:
        await visitors.act(a.SecondProcedural(1), name)
    assert house.site.meeting.conference.challenge == 1
    page = await seen(chair)
    assert [f for f in page.forms if f.region == "panel"] == []
    stop = named(page, "Technical stop")  # the one thing left to the chair
    assert (await chair.post(stop.action, data=stop.fields)).status_code == 303
    go_on = named(await seen(chair), "Go on")
    assert (await chair.post(go_on.action, data=go_on.fields)).status_code == 303
    preside = named(await seen(vice), "Preside")
    assert (await vice.post(preside.action, data=preside.fields)).status_code == 303
    assert "Vice-chair presides over this question." in (await chair.get("/chair")).text
    text = (await vice.get("/chair")).text
    assert "Open the vote" in text
    assert "The question is that the chair’s ruling be upheld." in text


async def test_voiding_takes_another_officer(house, visitors, hall):
    await to(visitors, about("1.1", a.DeclareResult))
    chair, vice = await visitors.enter(CHAIR), await visitors.enter(VICE)
    number = house.site.meeting.conference.vote
    form = named(await seen(chair), f"Propose to void vote {number}")
    data = {**form.fields, "line": "The stream had stopped."}
    assert (await chair.post(form.action, data=data)).status_code == 303
    own = [f.action for f in (await seen(chair)).forms if "/doubles/" in f.action]
    assert own == ["/chair/doubles/1/dropping"]
    confirm = next(f for f in (await seen(vice)).forms if f.action.endswith("/confirmation"))
    refused = await chair.post(confirm.action, data=confirm.fields, headers=JSON)
    assert refused.json()["code"] == "second_officer"
    assert (await vice.post(confirm.action, data=confirm.fields)).status_code == 303
    assert house.site.meeting.votes[number].state is VoteState.VOID


async def test_the_conference_is_closed_by_a_typed_word(house, visitors, hall):
    await to(visitors, lambda _meeting, act: isinstance(act, a.CloseConference))
    chair = await visitors.enter(CHAIR)
    form = named(await seen(chair), "Close the conference")
    assert form.required == ["line"]
    for typed in ("", "clos"):
        data = {**form.fields, "line": typed}
        answer = await chair.post(form.action, data=data, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (422, "not_confirmed")
    assert house.site.meeting.conference.phase == "open"
    done = await chair.post(form.action, data={**form.fields, "line": " Close "})
    assert done.status_code == 303
    assert house.site.meeting.conference.phase == "closed"


async def test_a_delegate_asks_for_a_recount_once(house, visitors, hall):
    await to(visitors, about("1.1", a.DeclareResult))
    await visitors.act(a.DeclareResult(house.site.meeting.conference.vote), CHAIR)
    number = house.site.meeting.conference.vote
    delegate, other = await visitors.enter(VOTERS[0]), await visitors.enter(VOTERS[1])
    page = Forms((await delegate.get("/floor")).text)
    form = next(f for f in page.forms if f.action == f"/votes/{number}/recount")
    assert (await delegate.post(form.action, headers=EMPTY)).status_code == 303
    text = (await other.get("/floor")).text
    assert "Counted again: the same figures." in text
    assert f"/votes/{number}/recount" not in text
    again = await other.post(form.action, headers=JSON | EMPTY)
    assert (again.status_code, again.json()["code"]) == (409, "already_done")


async def test_after_a_minute_nobody_is_offered_a_recount(house, visitors, hall):
    await to(visitors, about("1.1", a.DeclareResult))
    await visitors.act(a.DeclareResult(house.site.meeting.conference.vote), CHAIR)
    delegate = await visitors.enter(VOTERS[0])
    assert "/recount" in (await delegate.get("/floor")).text
    await visitors.pass_time(61)
    number = house.site.meeting.conference.vote
    late = await delegate.post(f"/votes/{number}/recount", headers=JSON | EMPTY)
    assert late.json()["code"] == "too_late"
