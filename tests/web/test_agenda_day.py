"""On the day: the chair looks at new times, changes the agenda, and every page is right at once."""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, datetime

import pytest

from conference.rules import acts as a
from conference.rules import agenda
from conference.rules.kinds import ItemId, ItemKind, ItemState, Side
from conference.web import regions
from tests.store.meetings import NOW

CHAIR = "Chair (morning)"
MINUTE = 60_000


@pytest.fixture
async def opened(visitors):
    """The launch conference, opened when it is printed to open."""
    await visitors.pass_time(2 * 3600)
    await visitors.act(a.OpenConference(), CHAIR)


@pytest.fixture
async def chair(visitors):
    return await visitors.enter(CHAIR)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def step(visitors) -> str:
    return str(visitors.house.site.meeting.conference.step)


async def change(visitors, client, **fields: str):
    form = {"step": step(visitors), **fields}
    return await client.post("/chair/agenda/changes", data=form)


async def look(visitors, client, **fields: str) -> str:
    params = {"step": step(visitors), **fields}
    return (await client.get("/chair/agenda/preview", params=params)).text


async def test_the_new_times_are_shown_before_anything_is_changed(visitors, opened, chair):
    before = visitors.house.site.meeting
    page = await look(visitors, chair, change="move", item="5", before="3")
    assert visitors.house.site.meeting is before
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', page))
    times = {name: re.findall(r">(\d\d:\d\d)<", row) for name, row in rows.items()}
    assert times["Jackie Walker"] == ["12:00", "10:25"]
    assert times["Tosh McDonald"] == ["10:25", "10:35"]
    assert "Leah Levane" not in times, "whoever keeps their time is not told a new one"
    assert times["Item 5: The fight for free speech"] == ["12:00", "10:25"]
    assert "planned for 10:25 instead of 12:00" in page


async def test_what_would_not_fit_is_said_before_it_is_done(visitors, opened, chair):
    page = await look(visitors, chair, change="move", item="102", before="103")
    assert "Break too late" in page
    late = await look(
        visitors, chair, change="insert", title="Greetings", kind="chair", minutes="12", before="3"
    )
    assert "To end in time, 12 minutes have to be saved." in late


async def test_what_is_refused_says_why(visitors, opened, chair):
    bad = await look(visitors, chair, change="skip", item="4")
    assert "Motion 1 has not been decided yet." in words(bad)
    for fields, status in (
        ({"change": "resize", "item": "3", "minutes": "-5"}, 422),
        ({"change": "resize", "item": "3", "minutes": "20"}, 422),
        ({"change": "move", "item": "999"}, 404),
        ({"change": "insert", "title": "", "minutes": "5"}, 422),
        ({"change": "insert", "title": "X", "kind": "debate", "minutes": "5"}, 422),
        ({"change": "nonsense"}, 422),
        ({"change": "resize", "item": "3", "minutes": "soon"}, 422),
    ):
        before = visitors.house.site.meeting
        assert (await change(visitors, chair, **fields)).status_code == status, fields
        assert visitors.house.site.meeting is before
    stale = await chair.post(
        "/chair/agenda/changes", data={"step": "1", "change": "move", "item": "5", "before": "3"}
    )
    assert stale.status_code == 409
    delegate = await visitors.enter("Delegate 001")
    form = {"step": step(visitors), "change": "move", "item": "5", "before": "3"}
    assert (await delegate.post("/chair/agenda/changes", data=form)).status_code == 403
    vice = await visitors.enter("Vice-chair")
    assert (await vice.post("/chair/agenda/changes", data=form)).status_code == 403


async def test_a_change_is_on_every_page_at_once_and_can_be_taken_back(
    visitors, opened, chair, client
):
    speaker = await visitors.enter("Jackie Walker")
    assert "12:00" in (await speaker.get("/speaker")).text
    await change(visitors, chair, change="move", item="5", before="3")
    assert "10:25" in (await speaker.get("/speaker")).text
    page = words((await client.get("/agenda")).text)
    assert page.index("The fight for free speech") < page.index("Stretch pause")
    assert "The programme was changed at 10:00" in page
    undo = re.search(r"change=undo&amp;version=(\d+)", (await chair.get("/chair/agenda")).text)[1]
    assert (await change(visitors, chair, change="undo", version=undo)).status_code == 303
    assert "12:00" in (await speaker.get("/speaker")).text
    minutes = words((await client.get("/minutes")).text)
    assert "The chair changed the order of business: Item 5" in minutes
    assert "The chair took the latest change of the programme back." in minutes


async def test_nobody_is_cut_off_who_is_speaking(visitors, opened, chair):
    await through(visitors, 3)
    await visitors.act(a.CallItem(ItemId(3)), CHAIR)
    await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=1), CHAIR)
    answer = await change(visitors, chair, change="skip", item="3")
    assert (answer.status_code, "has been called already" in answer.text) == (409, True)
    assert visitors.house.site.meeting.conference.turn is not None


async def through(visitors, item: int) -> None:
    """Deal with everything before this item, as short as it goes."""
    hall = visitors.house.site.hall
    while hall.meeting.conference.item != item:
        number = hall.meeting.conference.item
        if hall.meeting.items[number].state is ItemState.PLANNED:
            await visitors.act(a.CallItem(number), CHAIR)
        await settle(visitors)
        await visitors.act(a.NextItem(number), CHAIR)


async def settle(visitors) -> None:
    """Leave every question of the item undecided: nobody is present, so there is no quorum."""
    hall = visitors.house.site.hall
    while (number := hall.meeting.conference.motion) is not None:
        await visitors.act(a.LeaveUndecided(number), CHAIR)
        here = hall.meeting.conference.item
        following = agenda.next_question(hall.meeting, here)
        if following is None:
            return
        await visitors.act(a.PutNextQuestion(following.id), CHAIR)


# --- the day replayed ------------------------------------------------------------------------------


class Truth:
    """The day reckoned by hand from what was done: in order, minutes, and who has spoken.

    It knows nothing of the product but the launch conference's printed times.
    """

    def __init__(self, data: dict) -> None:
        self.plan = [
            {
                "id": row["id"],
                "title": row["title"],
                "at": moment(row["planned"]["starts_at"]),
                "minutes": row["minutes"],
                "slack": row["slack"],
                "slots": [(s["name"], s["minutes"]) for s in row["speakers"]],
            }
            for row in data["items"]
            if row["kind"] != "doors"
        ]
        self.spoken: set[str] = set()
        self.called: set[str] = set()
        self.speaking: tuple[str, int] | None = None
        self.called_at: int | None = None

    def place(self, number: int) -> int:
        return next(n for n, row in enumerate(self.plan) if row["id"] == number)

    def moved(self, number: int, before: int) -> None:
        """All of today's items stand one after the other, so a stretch closes up."""
        old, new = self.place(number), self.place(before)
        first = min(old, new)
        begins = self.plan[first]["at"]
        last = max(old, new - 1) if old < new else old
        row = self.plan.pop(old)
        self.plan.insert(self.place(before), row)
        for one in self.plan[first : last + 1]:
            one["at"], begins = begins, begins + one["minutes"] * MINUTE

    def inserted(self, number: int, title: str, minutes: int, before: int, speaker: str) -> None:
        place = self.place(before)
        at = self.plan[place]["at"]
        for row in self.plan[place:]:
            row["at"] += minutes * MINUTE
        slots = [(speaker, minutes)] if speaker else []
        self.plan.insert(
            place,
            {
                "id": number,
                "title": title,
                "at": at,
                "minutes": minutes,
                "slack": 0,
                "slots": slots,
            },
        )

    def expected(self, now: int) -> dict[str, int]:
        """When each speaker who has not been called is expected to begin."""
        found: dict[str, int] = {}
        clock = now
        for n, row in enumerate(self.plan):
            running = n == 0 and self.called_at is not None
            begins = self.called_at if running else clock
            late = max(0, begins - row["at"])
            ends = begins + row["minutes"] * MINUTE - min(late, row["slack"] * MINUTE)
            waiting = [s for s in row["slots"] if s[0] not in self.spoken]
            at = begins
            if running:
                at = now
                if self.speaking is not None:
                    at = max(now, self.speaking[1])
            for name, minutes in waiting:
                found[name] = at
                at += minutes * MINUTE
            clock = max(ends, at if running else ends, now)
        return found

    def sentence(self, name: str, now: int) -> str:
        """What this speaker is to read first."""
        if self.speaking is not None and self.speaking[0] == name:
            return "You are on." if now < self.speaking[1] else "Please close."
        if name in self.called:
            return "Thank you."
        waiting = [s[0] for row in self.plan for s in row["slots"] if s[0] not in self.spoken]
        if name not in waiting:
            return "Your item has passed and you were not called."
        before = waiting.index(name)
        if before:
            words = {1: "One", 2: "Two"}.get(before, str(before))
            return f"{words} before you."
        here = self.called_at is not None and name in dict(self.plan[0]["slots"])
        return "You are next. Stand by." if here and not self.speaking else "You are next."


def moment(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()) * 1000


def shown(visitors, name: str) -> tuple[str, int | None]:
    """What this speaker's own page says first, and the expected time: as it is pushed to them."""
    site = visitors.house.site
    html = regions.render_personal(site, regions.SPEAKER, visitors.person(name))["slots"]
    sentence = re.search(r'class="slot-state"><strong>([^<]+)<', html)[1]
    at = re.search(r"<dt>Expected[^<]*</dt><dd>\s*<time datetime=\"([^\"]+)\"", html)
    return sentence, round(datetime.fromisoformat(at[1]).timestamp() * 1000) if at else None


@pytest.mark.parametrize("seed", range(3))
async def test_the_day_replayed_every_speakers_page_is_the_truth(visitors, client, seed):
    """Delays, moves, a skip, a shorter and a longer item, one inserted: at each moment the truth."""
    chance = random.Random(seed)
    speakers = [
        "Tosh McDonald", "Graham Bash", "Chris Knight", "Jackie Walker", "Leah Levane",
        "Roger Silverman",
    ]  # fmt: skip
    await visitors.pass_time(2 * 3600 + chance.randrange(0, 900))
    await visitors.act(a.OpenConference(), CHAIR)
    hall = visitors.house.site.hall
    truth = Truth(json.loads((await client.get("/agenda.json")).text))
    compared = 0

    def compare() -> None:
        nonlocal compared
        now = visitors.clock()
        expected = truth.expected(now)
        for name in speakers:
            sentence, said = shown(visitors, name)
            assert sentence == truth.sentence(name, now), (seed, name, now - NOW)
            if name in expected:
                assert said is not None, name
                assert abs(said - expected[name]) < MINUTE, (seed, name, now - NOW)
                compared += 1
            else:
                assert said is None, name

    async def wait(low: int, high: int) -> None:
        for _ in range(3):
            await visitors.pass_time(chance.randrange(low * 20, high * 20))
            compare()

    changes = ["move", "insert", "skip", "resize", "move", "back"]
    while hall.meeting.conference.item is not None:
        number = hall.meeting.conference.item
        compare()
        if changes and chance.random() < 0.8 and len(truth.plan) > 5:
            await vary(visitors, truth, chance, changes.pop(0))
            compare()
            number = hall.meeting.conference.item
        await visitors.act(a.CallItem(number), CHAIR)
        assert truth.plan[0]["id"] == number
        truth.called_at = visitors.clock()
        compare()
        for slot in sorted(
            (s for s in hall.meeting.slots.values() if s.item == number), key=lambda s: s.position
        ):
            if chance.random() < 0.15:
                continue  # somebody who does not come is not called
            await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=slot.id), CHAIR)
            truth.spoken.add(slot.name)
            truth.called.add(slot.name)
            truth.speaking = (slot.name, visitors.clock() + slot.minutes * MINUTE)
            compare()
            await wait(2, 10)
            await visitors.act(a.EndSpeech(hall.meeting.conference.turn), CHAIR)
            truth.speaking = None
            compare()
        await settle(visitors)
        await wait(0 if chance.random() < 0.3 else 5, 20)
        await visitors.act(a.NextItem(number), CHAIR)
        truth.spoken |= {s.name for s in hall.meeting.slots.values() if s.item == number}
        truth.plan.pop(0)
        truth.called_at = None
        compare()
    assert not changes, "each kind of change has been made"
    assert compared > 200


async def vary(visitors, truth: Truth, chance: random.Random, kind: str) -> None:
    """Let the chair change something, and reckon the same by hand."""
    hall = visitors.house.site.hall
    ids = [row["id"] for row in truth.plan]
    if kind == "move":
        item, before = chance.sample(ids, 2)
        if truth.place(before) != truth.place(item) + 1:
            await visitors.act(a.MoveItem(ItemId(item), ItemId(before)), CHAIR)
            truth.moved(item, before)
    elif kind == "insert":
        before = chance.choice(ids[1:5])  # with speakers still to come after it
        act = a.InsertItem("Greetings", ItemKind.SPEAKERS, 7, ItemId(before), "A guest")
        await visitors.act(act, CHAIR)
        number = max(hall.meeting.items)
        truth.inserted(number, "Greetings", 7, before, "A guest")
    elif kind == "skip":
        free = [n for n in ids if n in {102, 103, 104, 105, 1, 14, 15}]
        if free:
            item = chance.choice(free)
            await visitors.act(a.SkipItem(ItemId(item)), CHAIR)
            truth.plan.pop(truth.place(item))
    elif kind == "resize":
        row = chance.choice(truth.plan)
        minutes = max(1, sum(s[1] for s in row["slots"]), row["minutes"] + chance.choice([-9, 11]))
        if minutes != row["minutes"]:
            await visitors.act(a.ResizeItem(ItemId(row["id"]), minutes), CHAIR)
            row["slack"] = max(0, row["slack"] - max(0, row["minutes"] - minutes))
            row["minutes"] = minutes
    elif kind == "back":
        version = max(hall.meeting.versions)
        item = ids[-1]
        await visitors.act(a.MoveItem(ItemId(item), ItemId(ids[0])), CHAIR)
        await visitors.act(a.UndoItems(version + 1), CHAIR)
