"""The programme is prepared: typed, moved, checked, released, undone; nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

import pytest

from conference.programme import ProgrammeError, parse
from conference.rules import acts as a
from conference.rules import drafting, plan
from conference.rules.plan_problems import problems
from tests.house.sources import ROOT

EDITOR = "Registrar"
CHAIR = "Chair (morning)"


@pytest.fixture
async def editor(visitors):
    return await visitors.enter(EDITOR)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def base(visitors) -> str:
    return str(plan.latest(visitors.house.site.meeting) or 0)


def draft(visitors):
    return drafting.shown(visitors.house.site.meeting)


def clock(visitors) -> dict[int, str]:
    return {
        row.id: f"{row.starts_at // 3_600_000 % 24:02}:{row.starts_at // 60_000 % 60:02}"
        for row in draft(visitors).items
    }


async def typed(client, item: int, /, **fields: str):
    """Post the form of an item as its page fills it in, with these fields typed over."""
    page = await client.get(f"/agenda/edit/items/{item}")
    main = page.text.partition("</main>")[0]
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', main))
    for name in ("text", "slots", "people", "papers"):
        values[name] = re.search(rf'name="{name}"[^>]*>([^<]*)</textarea>', page.text)[1]
    values["kind"] = re.search(r'<option value="(\w+)" selected>', page.text)[1]
    values.pop("guillotine", None)
    return await client.post(f"/agenda/edit/items/{item}", data={**values, **fields})


async def test_the_launch_conference_fits_together(visitors, editor):
    page = await editor.get("/agenda/edit")
    assert "Everything fits together." in page.text
    assert "10:25–10:55" in page.text
    assert problems(draft(visitors)) == ()


async def test_moved_up_the_times_follow_and_nobody_else_sees_it(visitors, editor, client):
    before = (await client.get("/agenda")).text
    form = {"base": "0", "item": "5", "before": "4"}
    answer = await editor.post("/agenda/edit/moves", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/agenda/edit#edit-5")
    assert [clock(visitors)[n] for n in (5, 4, 103)] == ["11:00", "11:10", "12:00"]
    page = (await editor.get("/agenda/edit")).text
    assert "Draft, not released yet" in page
    assert "planned for 11:00 instead of 12:00" in page
    assert words((await client.get("/agenda")).text) == words(before)
    assert "has not been changed" in (await client.get("/agenda/changes")).text
    released = await editor.post("/agenda/edit/releases", data={"version": base(visitors)})
    assert released.status_code == 303
    assert "planned for 11:00 instead of 12:00" in (await client.get("/agenda/changes")).text
    assert "planned for 11:00 instead of 12:00" in (await client.get("/agenda")).text


async def test_what_does_not_fit_is_asked_about_with_everything_that_was_typed(visitors, editor):
    form = {"base": "0", "item": "4", "starts": "11:05", "minutes": "50"}
    asked = await editor.post("/agenda/edit/times", data=form)
    assert asked.status_code == 422
    assert "Gap: between “Stretch pause” and “Motion 1: Democratise the party”" in asked.text
    assert "Overlap: “Break” begins 5 minutes before" in asked.text
    assert visitors.house.site.meeting.conference.draft is None
    main = asked.text.partition("</main>")[0]
    again = dict(re.findall(r'name="(\w+)" value="([^"]*)"', main))
    assert again == {**form, "follow": "", "anyway": "yes"}
    assert (await editor.post("/agenda/edit/times", data=again)).status_code == 303
    assert clock(visitors)[4] == "11:05"
    page = (await editor.get("/agenda/edit")).text
    assert page.count("Gap: between") == 2  # above, and at its item


async def test_what_follows_moves_along(visitors, editor):
    form = {"base": "0", "item": "4", "starts": "11:00", "minutes": "55", "follow": "yes"}
    asked = await editor.post("/agenda/edit/times", data=form)
    assert "Beyond the end" in asked.text
    assert "Overlap" not in asked.text
    await editor.post("/agenda/edit/times", data={**form, "anyway": "yes"})
    assert (clock(visitors)[103], clock(visitors)[15]) == ("11:55", "16:30")


async def test_a_check_changes_nothing(visitors, editor):
    json = {"Accept": "application/json"}
    form = {"base": "0", "item": "5", "starts": "12:00", "minutes": "15"}
    answer = await editor.post("/agenda/edit/check", data=form, headers=json)
    (said,) = answer.json()["odd"]
    assert said.startswith("Overlap: “Motion 2: For free speech” begins 5 minutes before")
    fine = await editor.post("/agenda/edit/check", data={**form, "minutes": "10"}, headers=json)
    assert fine.json() == {"odd": []}
    assert not visitors.house.site.meeting.versions


BAD_TIMES = [
    ("starts", "25:00", "time of day"),
    ("starts", "12:60", "time of day"),
    ("starts", "noon", "time of day"),
    ("starts", "", "time of day"),
    ("minutes", "-10", "whole number from 1 to 600"),
    ("minutes", "0", "whole number from 1 to 600"),
    ("minutes", "1e3", "whole number from 1 to 600"),
    ("minutes", "9999999999999", "too long|whole number"),
    ("slack", "-1", "whole number from 0 to 600"),
    ("slack", "51", "more slack than minutes"),
    ("number", "x", "whole number from 1 to 999"),
    ("title", " ", "missing"),
    ("slots", "Ada", "One speaker|one speaker"),
    ("slots", "Ada | many", "one speaker"),
    ("slots", "| 8", "one speaker"),
    ("papers", "Report | javascript:alert(1)", "one paper"),
    ("papers", "https://example.org/", "one paper"),
]


@pytest.mark.parametrize(("field", "value", "said"), BAD_TIMES)
async def test_bad_input_is_named_at_its_field_and_nothing_is_lost(
    visitors, editor, field, value, said
):
    answer = await typed(editor, 4, room="The <hall>", **{field: value})
    assert answer.status_code == 422
    assert re.search(said, answer.text), answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "The &lt;hall&gt;" in answer.text, "what was typed in another field is still there"
    if value.strip():
        assert value in answer.text.replace("&amp;", "&"), "and what was wrong as well"
    assert visitors.house.site.meeting.versions == {}


async def test_everything_about_an_item_can_be_typed(visitors, editor, client):
    answer = await typed(
        editor,
        3,
        title="The crisis",
        room="Main hall",
        people="Chair (morning)\n\n  Ada   Lovelace ",
        papers="Report | /motions/1\nMore | https://example.org/a?b=1",
        slots="Chris Knight | 10 | First\nA new one | 6",
        slack="4",
    )
    assert answer.status_code == 303, words(answer.text)
    row = next(row for row in draft(visitors).items if row.id == 3)
    assert (row.title, row.room, row.slack) == ("The crisis", "Main hall", 4)
    assert row.people == ("Chair (morning)", "Ada Lovelace")
    assert [(s.id, s.name, s.minutes) for s in row.slots] == [
        (3, "Chris Knight", 10),
        (7, "A new one", 6),
    ]
    await editor.post("/agenda/edit/releases", data={"version": base(visitors)})
    page = words((await client.get("/agenda")).text)
    assert "Main hall" in page
    assert "With Chair (morning), Ada Lovelace" in page
    assert "Papers: Report , More" in page.replace(" ,", " ,")
    log = words((await client.get("/agenda/changes")).text)
    assert "The speakers of “The crisis” have changed." in log
    assert "Tosh McDonald" not in log, "who does not speak any more is not read of in the log"
    assert visitors.house.site.meeting.slots[3].person == visitors.person("Chris Knight")


async def test_an_item_is_added_and_removed(visitors, editor):
    page = await editor.get("/agenda/edit/items/new")
    assert 'value="16:30"' in page.text
    form = {
        "base": "0", "title": "Songs", "kind": "chair", "starts": "16:30", "minutes": "5",
        "before": "0",
    }  # fmt: skip
    asked = await editor.post("/agenda/edit/items", data=form)
    assert "Beyond the end: “Songs” ends 5 minutes after the day." in asked.text
    await editor.post("/agenda/edit/items", data={**form, "anyway": "yes"})
    assert draft(visitors).items[-1].title == "Songs"
    gone = {"base": base(visitors), "item": str(draft(visitors).items[-1].id)}
    assert (await editor.post("/agenda/edit/removals", data=gone)).status_code == 303
    assert draft(visitors) == plan.plan_of(visitors.house.site.meeting)
    kept = await editor.post("/agenda/edit/removals", data={"base": base(visitors), "item": "4"})
    assert (kept.status_code, "motions or an election" in kept.text) == (409, True)


async def test_nobody_overwrites_what_somebody_else_has_saved(visitors, editor):
    form = {"base": "0", "item": "3", "starts": "10:25", "minutes": "30", "follow": ""}
    changed = {**form, "minutes": "29", "anyway": "yes"}
    assert (await editor.post("/agenda/edit/times", data=changed)).status_code == 303
    late = await editor.post("/agenda/edit/times", data={**form, "minutes": "28"})
    assert (late.status_code, "Somebody has changed the programme" in late.text) == (409, True)
    row = next(row for row in draft(visitors).items if row.id == 3)
    assert row.minutes == 29


async def test_undo_goes_back_step_by_step(visitors, editor):
    start = draft(visitors)
    seen = [start]
    for minutes in ("29", "28"):
        form = {
            "base": base(visitors), "item": "3", "starts": "10:25", "minutes": minutes,
            "anyway": "yes",
        }  # fmt: skip
        await editor.post("/agenda/edit/times", data=form)
        seen.append(draft(visitors))
    for expected in (seen[1], seen[0]):
        answer = await editor.post("/agenda/edit/undo", data={"version": base(visitors)})
        assert answer.status_code == 303
        assert draft(visitors) == expected


async def test_the_parts_of_the_day_can_be_typed(visitors, editor):
    text = "09:30 | 13:40 | Morning | In the chair: Ada\n13:40 | 16:45 | Afternoon"
    form = {"base": "0", "sessions": text}
    assert (await editor.post("/agenda/edit/sessions", data=form)).status_code == 303
    assert [s.title for s in draft(visitors).sessions] == ["Morning", "Afternoon"]
    page = (await editor.get("/agenda/edit")).text
    assert text in page.replace("&#34;", '"')
    for wrong in (
        "09:30 | 09:30 | Never",
        "25:00 | 26:00 | Late",
        "09:00 | 12:00 | A\n11:00 | 13:00 | B",
    ):
        bad = await editor.post(
            "/agenda/edit/sessions", data={"base": base(visitors), "sessions": wrong}
        )
        assert bad.status_code == 422, wrong


async def test_on_the_day_the_chair_changes_it(visitors, editor):
    await visitors.act(a.OpenConference(), CHAIR)
    page = words((await editor.get("/agenda/edit")).text)
    assert "from now on the chair changes" in page
    form = {"base": "0", "item": "4", "starts": "11:00", "minutes": "45"}
    answer = await editor.post("/agenda/edit/times", data={**form, "anyway": "yes"})
    assert answer.status_code == 409


async def test_who_may_not_edit_gets_no_page(visitors, client):
    assert (await client.get("/agenda/edit")).status_code == 303
    for name in (CHAIR, "Delegate 001", "Teller"):
        other = await visitors.enter(name)
        assert (await other.get("/agenda/edit")).status_code == 403, name
        form = {"base": "0", "item": "5", "before": "4"}
        assert (await other.post("/agenda/edit/moves", data=form)).status_code == 403
        assert "/agenda/edit" not in (await other.get("/agenda")).text


async def test_a_time_that_the_clocks_leave_out(visitors, editor):
    site = visitors.house.site
    head = site.hall.meeting.conference
    from dataclasses import replace

    site.hall.meeting = replace(site.hall.meeting, conference=replace(head, day="2021-03-28"))
    form = {"base": "0", "item": "4", "starts": "01:30", "minutes": "50"}
    json = {"Accept": "application/json"}
    answer = await editor.post("/agenda/edit/check", data=form, headers=json)
    assert answer.json()["fields"] == {"starts": "On that day the clocks leave this time out."}


@pytest.mark.parametrize("day", ["2021-02-30", "2021-13-01", '"tomorrow"', "1899-01-01"])
def test_a_day_that_does_not_exist_is_no_conference(day):
    text = (ROOT / "conference/data/launch.toml").read_text()
    assert date(2021, 2, 27)
    with pytest.raises(ProgrammeError):
        parse(text.replace("day = 2021-02-27", f"day = {day}"), "launch.toml")
