from __future__ import annotations

import pytest

from conference.rules import acts as a

JSON = {"Accept": "application/json"}
SHEET = "/count/10/sheet"
CONFIRMATION = "/count/10/confirmation"
FIRSTS = (20, 18, 16, 14, 12, 11, 10, 9, 8, 5, 3)
GOOD = {
    "received": "128",
    "invalid": "2",
    **{f"first_{n}": str(count) for n, count in enumerate(FIRSTS, 1)},
    **{f"elected_{n}": "yes" for n in range(1, 8)},
}


@pytest.fixture
async def teller(visitors):
    return await visitors.enter("Teller")


@pytest.fixture
async def second(visitors):
    return await visitors.enter("Secretary")


@pytest.fixture
async def opened(visitors):
    await visitors.act(a.OpenConference(), "Chair (morning)")


def election(house):
    return house.site.meeting.elections[10]


async def test_before_the_opening_there_is_no_form(house, teller):
    page = await teller.get("/count")
    assert page.status_code == 200
    assert 'data-count="not_open"' in page.text
    assert '<form method="post" action="/count' not in page.text
    answer = await teller.post(SHEET, data=GOOD)
    assert answer.status_code == 409
    assert "has not been opened yet" in answer.text
    assert election(house).entered_by is None


async def test_one_enters_and_a_second_confirms(house, visitors, opened, teller, second):
    assert 'name="first_11"' in (await teller.get("/count")).text
    answer = await teller.post(SHEET, data=GOOD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/count")
    assert election(house).entered_by == visitors.person("Teller")
    mine = (await teller.get("/count")).text
    assert 'data-count="entered"' in mine
    assert 'action="/count/10/confirmation"' not in mine
    theirs = (await second.get("/count")).text
    assert 'data-count="confirm"' in theirs
    assert "Entered by Teller" in theirs
    assert ">128<" not in theirs  # read off the paper, not off the screen
    assert '"128"' not in theirs
    answer = await second.post(CONFIRMATION, data={"received": "128", "invalid": "2"})
    assert answer.status_code == 303
    for browser in (teller, second):
        page = (await browser.get("/count")).text
        assert 'data-count="stands"' in page
        assert "Counted outside this system" in page
        assert "confirmed by Secretary" in page
        assert page.count("<strong>elected</strong>") == 7


async def test_who_entered_it_may_enter_it_anew_with_what_stands(house, opened, teller):
    await teller.post(SHEET, data=GOOD)
    page = (await teller.get("/count")).text
    assert 'name="received" value="128"' in page
    assert page.count(" checked") == 7
    other = {k: v for k, v in GOOD.items() if k != "elected_7"} | {"elected_8": "yes"}
    assert (await teller.post(SHEET, data=other)).status_code == 303
    elected = [c.id for c in house.site.meeting.candidates.values() if c.elected]
    assert elected == [1, 2, 3, 4, 5, 6, 8]


@pytest.mark.parametrize(
    ("changed", "dropped", "field"),
    [
        ({"received": "many"}, "", "received"),
        ({"invalid": "-1"}, "", "invalid"),
        ({"first_3": "100001"}, "", "first_3"),
        ({"first_3": ""}, "", "first_3"),
        ({}, "first_4", "first_4"),
        ({"first_12": "1"}, "", "first_12"),
        ({"elected_12": "yes"}, "", "elected_12"),
        ({"elected_2": "no"}, "", "elected_2"),
        ({"x": "y"}, "", "x"),
        ({"received": ["128", "129"]}, "", ""),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_lost(
    house, opened, teller, changed, dropped, field
):
    sent = {k: v for k, v in (GOOD | changed).items() if k != dropped}
    answer = await teller.post(SHEET, data=sent, headers=JSON)
    body = answer.json()
    assert (answer.status_code, body["code"], list(body["fields"])) == (422, "bad_field", [field])
    page = await teller.post(SHEET, data=sent)
    assert page.status_code == 422
    assert 'name="first_1" value="20"' in page.text
    assert page.text.count(" checked") >= 7
    assert "is missing or not as expected" in page.text
    assert election(house).entered_by is None


@pytest.mark.parametrize(
    "changed", [{"received": "129"}, {"elected_8": "yes"}, {"first_1": "21"}, {"invalid": "129"}]
)
async def test_what_does_not_add_up_keeps_what_was_typed(opened, teller, changed):
    answer = await teller.post(SHEET, data=GOOD | changed)
    assert answer.status_code == 422
    assert "does not add up" in answer.text
    name, value = next(iter(changed.items()))
    expected = f'name="{name}" value="{value}"' + (" checked" if "elected" in name else "")
    assert expected in answer.text
    answer = await teller.post(SHEET, data=GOOD | changed, headers=JSON)
    assert answer.json()["code"] == "count_does_not_add_up"


async def test_the_confirmation_is_refused(house, opened, teller, second):
    figures = {"received": "128", "invalid": "2"}
    answer = await second.post(CONFIRMATION, data=figures, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "count_missing")
    await teller.post(SHEET, data=GOOD)
    answer = await teller.post(CONFIRMATION, data=figures)
    assert answer.status_code == 403
    assert "A second scrutineer must confirm" in answer.text
    answer = await second.post(CONFIRMATION, data=figures | {"received": "127"})
    assert answer.status_code == 422
    assert "These figures differ" in answer.text
    assert 'name="received" value="127"' in answer.text
    assert election(house).confirmed_by is None
    await second.post(CONFIRMATION, data=figures)
    answer = await teller.post(SHEET, data=GOOD, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "count_confirmed")


async def test_no_such_election(opened, teller):
    answer = await teller.post("/count/11/sheet", data=GOOD, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")


async def test_only_scrutineers(visitors, client):
    assert (await client.get("/count")).status_code == 303
    assert (await client.post(SHEET, data=GOOD)).status_code == 403
    chair = await visitors.enter("Chair (morning)")
    assert (await chair.get("/count")).status_code == 403
    assert (await chair.post(SHEET, data=GOOD)).status_code == 403
