"""Calendars read by two libraries that share nothing with the writer; JSON; the page in a frame."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache

import ics
import pytest
import vobject

from conference.rules import acts as a
from conference.rules import plan
from conference.web.views.agenda import named
from conference.web.views.calendar import Entry, _items, history
from tests.house.sources import ROOT

CHAIR = "Chair (morning)"
EDITOR = "Registrar"


@cache
def doc() -> str:
    return (ROOT / "docs/agenda-json.md").read_text()


@pytest.fixture
async def editor(visitors):
    return await visitors.enter(EDITOR)


async def read(client, address: str) -> tuple[dict, dict]:
    """The events by UID, as each of the two libraries reads them."""
    answer = await client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    text = answer.text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "lines are folded"
    assert text.endswith("END:VCALENDAR\r\n")
    one = vobject.readOne(text, validate=True)
    by_vobject = {
        event.uid.value: {
            "summary": event.summary.value,
            "starts": event.dtstart.value,
            "ends": event.dtend.value,
            "sequence": int(event.sequence.value),
            "status": event.status.value,
            "alarms": len(event.contents.get("valarm", [])),
        }
        for event in one.vevent_list
    }
    by_ics = {
        event.uid: {
            "summary": event.name,
            "starts": event.begin.datetime,
            "ends": event.end.datetime,
            "sequence": int(next(x.value for x in event.extra if x.name == "SEQUENCE")),
            "status": event.status,
            "alarms": len(event.alarms),
        }
        for event in ics.Calendar(text).events
    }
    assert by_vobject == by_ics
    assert one.method.value == "PUBLISH"
    return by_vobject, by_ics


def titled(events: dict, words: str) -> dict:
    (found,) = [row for row in events.values() if words in row["summary"]]
    return found


async def test_the_programme_as_a_calendar(visitors, client):
    events, _same = await read(client, "/agenda.ics")
    assert len(events) == len(visitors.house.site.meeting.items) == 20
    lunch = titled(events, "Lunch")
    assert (lunch["starts"], lunch["ends"]) == (
        datetime(2021, 2, 27, 12, 55, tzinfo=UTC),
        datetime(2021, 2, 27, 13, 40, tzinfo=UTC),
    )
    assert {row["sequence"] for row in events.values()} == {0}
    assert {row["status"] for row in events.values()} == {"CONFIRMED"}
    text = (await client.get("/agenda.ics")).text.replace("\r\n ", "")
    assert "Tosh McDonald\\, 8 minutes" in text
    assert re.search(r"^DTSTART:20210227T110000Z", text, re.MULTILINE)


async def save(visitors, to) -> None:
    base = plan.latest(visitors.house.site.meeting)
    await visitors.act(a.EditAgenda(to, base, anyway=True), EDITOR)
    await visitors.act(a.ReleaseAgenda(visitors.house.site.meeting.conference.draft), EDITOR)


async def test_what_changed_has_another_sequence_and_what_is_gone_is_cancelled(visitors, client):
    before, _same = await read(client, "/agenda.ics")
    now = plan.plan_of(visitors.house.site.meeting)
    await save(visitors, plan.moved(now, 5, 4))
    moved, _same = await read(client, "/agenda.ics")
    assert moved.keys() == before.keys()
    changed = {uid for uid in before if moved[uid] != before[uid]}
    assert {moved[uid]["summary"] for uid in changed} == {
        "Item 5: The fight for free speech", "Item 4: Motion 1: Democratise the party", "Break",
    }  # fmt: skip
    assert {moved[uid]["sequence"] for uid in changed} == {1}
    assert {moved[uid]["sequence"] for uid in before.keys() - changed} == {0}
    await save(visitors, plan.without(plan.plan_of(visitors.house.site.meeting), 5))
    gone, _same = await read(client, "/agenda.ics")
    speech = titled(gone, "The fight for free speech")
    assert gone.keys() == before.keys()
    assert (speech["status"], speech["sequence"]) == ("CANCELLED", 2)
    await visitors.act(a.UndoAgenda(plan.latest(visitors.house.site.meeting)), EDITOR)
    await visitors.act(a.ReleaseAgenda(visitors.house.site.meeting.conference.draft), EDITOR)
    back, _same = await read(client, "/agenda.ics")
    speech = titled(back, "The fight for free speech")
    assert (speech["status"], speech["sequence"]) == ("CONFIRMED", 3)


async def test_moved_twice_on_the_day_the_calendar_is_right(visitors, client):
    await visitors.pass_time(2 * 3600)
    await visitors.act(a.OpenConference(), CHAIR)
    await visitors.act(a.MoveItem(5, 3), CHAIR)
    await visitors.act(a.MoveItem(5, 102), CHAIR)
    await visitors.act(a.SkipItem(14), CHAIR)
    events, _same = await read(client, "/agenda.ics")
    speech = titled(events, "The fight for free speech")
    assert speech["starts"] == datetime(2021, 2, 27, 10, 55, tzinfo=UTC)
    assert speech["sequence"] == 2
    assert titled(events, "Ways forward")["status"] == "CANCELLED"


async def test_a_speakers_own_calendar(visitors, client):
    speaker = await visitors.enter("Jackie Walker")
    assert "/calendar/" not in (await speaker.get("/me")).text
    assert (await speaker.post("/me/calendar")).status_code == 422, "a form was expected"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await speaker.post("/me/calendar", content="", headers=form)).status_code == 303
    address = re.search(r'value="[^"]*(/calendar/[^"]+\.ics)"', (await speaker.get("/me")).text)[1]
    events, _same = await read(client, address)
    (slot,) = events.values()
    assert slot["summary"] == "You speak: The fight for free speech"
    assert slot["starts"] == datetime(2021, 2, 27, 12, 0, tzinfo=UTC)
    assert (slot["alarms"], slot["sequence"]) == (1, 0)
    # Removed: the event is cancelled, and reminds nobody.
    await save(visitors, plan.without(plan.plan_of(visitors.house.site.meeting), 5))
    events, _same = await read(client, address)
    (slot,) = events.values()
    assert (slot["status"], slot["alarms"], slot["sequence"]) == ("CANCELLED", 0, 1)
    # Made anew, the old address is dead; ended, the new one is as well.
    await speaker.post("/me/calendar", content="", headers=form)
    assert (await client.get(address)).status_code == 403
    fresh = re.search(r'value="[^"]*(/calendar/[^"]+\.ics)"', (await speaker.get("/me")).text)[1]
    assert (await client.get(fresh)).status_code == 200
    await speaker.post("/me/calendar/end", content="", headers=form)
    assert (await client.get(fresh)).status_code == 403
    assert "/calendar/" not in (await speaker.get("/me")).text


async def test_nobody_guesses_a_calendar(visitors, client):
    site = visitors.house.site
    person = visitors.person("Jackie Walker")
    other = site.links.sign("another purpose", person, 1)
    for token in ("x", "a" * 5000, other, site.links.sign("calendar", person, 1)):
        assert (await client.get(f"/calendar/{token}.ics")).status_code == 403, token[:40]
    delegate = await visitors.enter("Delegate 001")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await delegate.post("/me/calendar", content="", headers=form)).status_code == 403


def entry(title: str) -> Entry:
    return Entry(title, 0, 1, "", "", "")


def test_a_history_of_events():
    frames = [
        {"a": entry("A"), "b": entry("B")},
        {"a": entry("A"), "b": entry("B")},
        {"a": entry("A2")},
        {"a": entry("A2"), "b": entry("B"), "c": entry("C")},
    ]
    told = {one.key: (one.entry.summary, one.sequence, one.cancelled) for one in history(frames)}
    assert told == {"a": ("A2", 1, False), "b": ("B", 2, False), "c": ("C", 0, False)}
    assert history([]) == ()


# --- JSON and the frame ----------------------------------------------------------------------------


def keys_told(heading: str) -> set[str]:
    """The keys that a table of the page names in its first column."""
    table = doc().split(heading, 1)[1].split("|---|---|\n", 1)[1].split("\n\n", 1)[0]
    firsts = [line.split("|")[1] for line in table.splitlines()]
    return {key for first in firsts for key in re.findall(r"`(\w+)`", first)}


async def test_every_key_of_the_data_is_described(visitors, client):
    await visitors.act(a.OpenConference(), CHAIR)
    answer = await client.get("/agenda.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    data = answer.json()
    assert set(data) == keys_told("# The programme as data")
    for item in data["items"]:
        assert set(item) == keys_told("An item:")
        for name in ("speakers", "motions", "planned", "papers"):
            rows = item[name] if isinstance(item[name], list) else [item[name]]
            for key in {key for row in rows for key in row}:
                assert f"`{key}`" in doc(), key
    speaker = next(item for item in data["items"] if item["id"] == 5)["speakers"][0]
    assert (speaker["name"], speaker["state"]) == ("Jackie Walker", "waiting")
    assert speaker["expected_at"] > speaker["earliest"]


async def test_the_example_of_the_page_is_the_truth(client):
    example = json.loads(re.search(r"```json\n(.*?)```", doc(), re.DOTALL)[1])
    data = (await client.get("/agenda.json")).json()
    assert {key: data[key] for key in example} == example


async def test_only_the_one_page_may_stand_in_a_frame(visitors, client):
    answer = await client.get("/embed/agenda")
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "script" not in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
    assert not re.search(r"<script|<form|<input|javascript:| on\w+=", answer.text)
    assert "Jackie Walker" in answer.text
    known = await visitors.enter(CHAIR)
    assert CHAIR + "</p>" not in (await known.get("/embed/agenda")).text, (
        "nobody is signed in there"
    )
    for path in ("/", "/agenda", "/agenda/changes", "/sign-in", "/floor", "/embed/agenda/x"):
        other = await client.get(path)
        assert other.headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in other.headers["content-security-policy"], path


async def test_my_part_is_told_to_whoever_has_one(visitors, client):
    speaker = await visitors.enter("Jackie Walker")
    page = (await speaker.get("/agenda")).text
    assert 'data-mine="5"' in page
    assert "you speak, planned for" in " ".join(page.split())
    assert "data-mine=" not in (await client.get("/agenda")).text
    delegate = await visitors.enter("Delegate 001")
    assert "data-mine=" not in (await delegate.get("/agenda")).text


async def test_calendars_and_data_name_nobody_whom_the_programme_does_not(visitors, client):
    site = visitors.house.site
    now = plan.plan_of(site.meeting)
    told = "".join(entry.description for entry in _items(site, now, named(site)).values())
    assert "Tosh McDonald" in told
    one = _items(site, now, frozenset({(3, "Chris Knight")}))
    assert one["item-3"].description.endswith("Chris Knight, 8 minutes")
    assert "Tosh" not in one["item-3"].description
    data = (await client.get("/agenda.json")).json()
    in_data = {(item["id"], s["name"]) for item in data["items"] for s in item["speakers"]}
    assert in_data == named(site)
