"""Registering: the form, the mail, the button, one person."""

from __future__ import annotations

import asyncio
import re

import pytest
import structlog

from conference.rules import change
from conference.rules.kinds import Phase, Standing
from conference.store import mail, people
from tests.web.mails import CONSENTS, FORM, last_to, mails_to, path_in, registered

JSON = {"Accept": "application/json"}


def test_nothing_but_the_form_is_needed():
    assert set(FORM) <= {"name", "email", "belongs", *CONSENTS}  # the rest is free


async def test_the_form_says_what_it_must(client):
    answer = await client.get("/register")
    text = answer.text
    assert answer.status_code == 200
    assert " checked" not in text
    for words in (
        "special category data",
        "Without the first one taking part is impossible",
        "they change nothing",
        "14 days after the conference has been closed",
        "taking a picture of their screen",
        "Who sees what",
        "Labour In Exile Network",
        "The registrar answers questions",
        "To check who may take part",
        "Information",
    ):
        assert words in text, words
    assert text.count('type="checkbox"') == len(CONSENTS)


async def test_who_registers_gets_a_mail_and_waits(visitors, house, client):
    answer = await client.post("/register", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/register?sent=yes")
    page = await client.get("/register?sent=yes")
    assert "Look into your mail" in page.text
    assert "the registrar will send you a link" in page.text  # no mail server is set here
    written = await last_to(house, FORM["email"])
    assert written.subject == "Your link"
    assert "Labour" not in written.text + written.html
    assert "Demonstration: nothing here is real." in written.text
    before = len(house.site.meeting.people)
    path = path_in(written)
    for _ in range(3):
        page = await client.get(path)
        assert page.status_code == 200
        assert "Confirm my registration</button>" in page.text
    assert len(house.site.meeting.people) == before
    answer = await client.post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    page = await client.get("/me")
    assert "The registrar has not decided yet" in page.text
    person = house.site.meeting.people[visitors.person("Robin")]
    assert (person.standing, person.roles) == (Standing.WAITING, frozenset())


async def test_consents_are_kept_as_given(visitors, house):
    await registered(visitors, recorded="yes")
    async with house.site.store.reading() as reader:
        account = await people.by_email(reader, "Robin@Mail.Example")
    assert account.consent_taking_part_at is not None
    given = (account.consent_named, account.consent_recorded, account.consent_contact)
    assert given == (False, True, False)
    assert account.belongs == "Suspended"
    assert account.person not in house.site.named


async def test_fifty_presses_make_one_person(visitors, house, client):
    await client.post("/register", data=FORM)
    path = path_in(await last_to(house, FORM["email"]))
    before = len(house.site.meeting.people)
    browsers = [visitors.nobody() for _ in range(50)]
    answers = await asyncio.gather(*(browser.post(path) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303] + [403] * 49
    assert len(house.site.meeting.people) == before + 1
    assert list(house.site.names.values()).count("Robin") == 1
    assert len(house.site.joined) == len(house.site.names)


async def test_a_used_or_old_link_says_so(house, client, clock):
    await client.post("/register", data=FORM)
    path = path_in(await last_to(house, FORM["email"]))
    clock.at += 24 * 3600 * 1000 + 1
    for answer in (await client.get(path), await client.post(path), await client.get("/r/nothing")):
        assert answer.status_code == 403
        assert 'data-code="confirmation_invalid"' in answer.text
        assert 'href="/register"' in answer.text
    refused = await client.post(path, headers=JSON)
    assert refused.json()["code"] == "confirmation_invalid"


async def test_registering_again_kills_no_older_link(house, client, visitors, clock):
    """Whoever presses twice opens the first mail; and nobody can void another's by their address."""
    await client.post("/register", data=FORM)
    clock.at += 1000
    await client.post("/register", data={**FORM, "name": "Robin B"})
    first, second = [path_in(m) for m in await mails_to(house, FORM["email"])]
    assert "Robin B" in (await client.get(second)).text
    assert (await client.post(first)).status_code == 303
    assert (await visitors.nobody().get(second)).status_code == 403  # the address is taken now
    assert "Robin B" not in house.site.names.values()


async def test_two_links_of_one_moment_make_one_person(house, client, visitors):
    await client.post("/register", data=FORM)
    await client.post("/register", data=FORM)  # the clock stands: neither is older
    first, second = [path_in(m) for m in await mails_to(house, FORM["email"])]
    assert (await client.post(first)).status_code == 303
    answer = await visitors.nobody().post(second)
    assert answer.status_code == 403
    assert list(house.site.names.values()).count("Robin") == 1


async def test_known_and_unknown_addresses_are_answered_alike(visitors, house):
    await registered(visitors)
    one, other = visitors.nobody(), visitors.nobody()
    for browser in (one, other):
        await browser.get("/sign-in")  # names the browser
    known = await one.post("/register", data=FORM)
    unknown = await other.post("/register", data={**FORM, "email": "somebody@mail.example"})
    assert known.status_code == unknown.status_code
    assert known.headers == unknown.headers
    assert known.content == unknown.content
    seen = [(await browser.get(known.headers["location"])).content for browser in (one, other)]
    assert seen[0] == seen[1]
    written = await last_to(house, FORM["email"])
    assert "You are registered already" in written.text
    answer = await one.post(path_in(written))
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")


async def test_nobody_is_flooded(visitors, house, client, clock):
    for _ in range(5):
        answer = await client.post("/register", data={**FORM, "email": "ROBIN@mail.example"})
        assert answer.headers["location"] == "/register?sent=yes"
        answer = await client.post("/sign-in", data={"email": "robin@mail.example"})
        assert answer.headers["location"] == "/sign-in?sent=yes"
    written = (
        await mails_to(house, "ROBIN@mail.example"),
        await mails_to(house, "robin@mail.example"),
    )
    assert sum(map(len, written)) == 3
    clock.at += 15 * 60 * 1000 + 1
    await client.post("/register", data=FORM)
    assert len(await mails_to(house, FORM["email"])) == len(written[1]) + 1


async def test_one_browser_cannot_write_without_end(client):
    await client.get("/sign-in")  # names the browser
    for _ in range(30):
        assert (await client.post("/register", data={})).status_code == 422
    answers = [await client.post(path, data=FORM) for path in ("/register", "/sign-in")]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert 'data-code="too_often"' in answers[0].text


BAD = {
    "name missing": ({"name": ""}, "name", "This is missing."),
    "name of signs": ({"name": "!!!"}, "name", "This does not look as expected."),
    "name too long": ({"name": "x" * 61}, "name", "This is too long."),
    "name on two lines": ({"name": "Robin\nB"}, "name", "This does not look as expected."),
    "no address": ({"email": ""}, "email", "This is missing."),
    "half an address": ({"email": "robin"}, "email", "This does not look as expected."),
    "two addresses": ({"email": "a@b.example, c@d.example"}, "email", "does not look as expected"),
    "a header": ({"email": "a@b.example\nBcc: c@d.example"}, "email", "does not look as expected"),
    "an endless address": ({"email": "a" * 250 + "@b.example"}, "email", "This is too long."),
    "belongs too long": ({"belongs": "x" * 121}, "belongs", "This is too long."),
    "no consent": ({"taking_part": ""}, "taking_part", "impossible without this consent"),
    "an odd consent": ({"named": "maybe"}, "named", "not one of the possible values"),
}


@pytest.mark.parametrize(("changed", "field", "sentence"), BAD.values(), ids=BAD)
async def test_a_bad_field_is_named_and_the_rest_kept(house, client, changed, field, sentence):
    typed = {**FORM, "contact": "yes", **changed}
    answer = await client.post("/register", data=typed)
    code = "consent_missing" if field == "taking_part" else "bad_field"
    assert answer.status_code == 422
    assert f'data-code="{code}"' in answer.text
    assert f'id="{field}-wrong"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert re.search(rf'aria-invalid="true" aria-describedby="[^"]*\b{field}-wrong"', answer.text)
    assert sentence in answer.text
    if field != "belongs":
        assert '<option value="Suspended" selected>' in answer.text
    assert answer.text.count(" checked") == (1 if field == "taking_part" else 2)
    answer = await client.post("/register", data=typed, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert sentence in answer.json()["fields"][field]
    assert house.site.names.keys() == house.site.joined.keys()
    async with house.site.store.reading() as reader:
        assert await mail.waiting(reader) == []


async def test_a_field_too_much_and_a_field_twice(client):
    answer = await client.post("/register", data={**FORM, "admin": "yes"}, headers=JSON)
    assert "admin" in answer.json()["fields"]
    answer = await client.post(
        "/register",
        content="name=a&name=b",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 422
    assert "A field stands twice." in answer.text
    answer = await client.post("/register", content="{}")
    assert answer.status_code == 422
    assert "A form was expected." in answer.text


async def test_another_site_cannot_register_anybody(house, client):
    answer = await client.post("/register", data=FORM, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert await mails_to(house, FORM["email"]) == []


async def test_after_the_close_nobody_registers(house, client):
    hall = house.site.hall
    hall.meeting = change.conference(hall.meeting, phase=Phase.CLOSED)
    assert "The conference is closed." in (await client.get("/register")).text
    answer = await client.post("/register", data=FORM, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "conference_closed")


async def test_no_log_knows_anybody(visitors, house, client, capfd, caplog):
    with structlog.testing.capture_logs() as lines:
        browser = await registered(visitors)
        await client.post("/sign-in", data={"email": FORM["email"]})
        written = await mails_to(house, FORM["email"])
        for one in written:
            await client.post(path_in(one))
            await client.post(path_in(one))
        await client.post("/sign-in/code", data={"email": FORM["email"], "code": "0000 0000"})
        await client.post("/register", data={**FORM, "email": "robin@"})
        await browser.get("/me")
        await asyncio.sleep(0.2)  # the postman files what was written
    out, err = capfd.readouterr()
    said = f"{lines} {out} {err} {caplog.text}"
    secrets = [path_in(m).rsplit("/", 1)[1] for m in written]
    for secret in (*secrets, "robin", "Robin", "Branch 7"):
        assert secret not in said
