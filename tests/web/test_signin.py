"""Signing in by mail: a link with a button, a code to type, and no word about who is known."""

from __future__ import annotations

import asyncio

import pytest

from conference.store import people, signins
from tests.web.mails import FORM, code_in, last_to, path_in, registered

JSON = {"Accept": "application/json"}
EMAIL = FORM["email"]


@pytest.fixture
async def known(visitors):
    """Somebody is registered with the address; a browser that is not theirs."""
    await registered(visitors)
    return await browser(visitors)


async def browser(visitors):
    """A browser that has looked at the page for signing in, and so has a name."""
    client = visitors.nobody()
    await client.get("/sign-in")
    return client


async def asked(house, client, email=EMAIL, **more):
    """The mail that this browser has asked for."""
    assert (await client.post("/sign-in", data={"email": email, **more})).status_code == 303
    return await last_to(house, email)


async def sessions_of(house, name):
    (person,) = [p for p, known in house.site.names.items() if known == name]
    async with house.site.store.reading() as reader:
        return await signins.of_person(reader, person)


async def test_the_page_says_how(client):
    page = await client.get("/sign-in")
    assert page.status_code == 200
    assert "If you were given a personal link" in page.text


async def test_the_link_signs_in_once(house, known, visitors):
    written = await asked(house, known)
    path = path_in(written)
    for _ in range(3):
        page = await known.get(path)
        assert page.status_code == 200
        assert "Sign in</button>" in page.text
        assert "Robin" in page.text
        assert list(known.cookies) == ["conference-browser"]
    answer = await known.post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert (await known.get("/me")).status_code == 200
    assert (await known.post(path)).status_code == 303  # a double click
    other = await browser(visitors)
    assert (await other.get(path)).status_code == 403
    answer = await other.post(path)
    assert answer.status_code == 403
    assert 'data-code="link_invalid"' in answer.text


async def test_in_another_browser_the_link_asks_for_the_code(house, known, visitors):
    written = await asked(house, known)
    path, code = path_in(written), code_in(written)
    scanner = await browser(visitors)
    page = await scanner.get(path)
    assert page.status_code == 200
    assert "Robin" not in page.text
    answer = await scanner.post(path)
    assert answer.status_code == 403
    assert 'data-code="code_needed"' in answer.text
    told = await scanner.post(path, headers=JSON)
    assert told.json()["code"] == "code_needed"
    wrong = await scanner.post(path, data={"code": "00000000" if code[0] != "0" else "11111111"})
    assert wrong.status_code == 422
    assert "conference" not in scanner.cookies
    phone = await browser(visitors)
    assert (await phone.post(path, data={"code": code})).headers["location"] == "/me"
    assert (await known.post(path)).status_code == 403  # one row, used


async def test_a_link_that_nobody_asked_for_here_is_as_good_as_a_code(house, known):
    """Without a cookie there is no browser to be bound to: the code is asked for."""
    known.cookies.clear()
    path = path_in(await asked(house, known))
    assert (await known.get(path)).status_code == 200
    known.cookies.clear()
    assert (await known.post(path)).status_code == 403


async def test_known_and_unknown_addresses_are_answered_alike(house, known, visitors):
    other = await browser(visitors)
    one = await known.post("/sign-in", data={"email": EMAIL})
    two = await other.post("/sign-in", data={"email": "nobody@mail.example"})
    assert (one.status_code, one.headers, one.content) == (
        two.status_code,
        two.headers,
        two.content,
    )
    pages = [(await browser.get(one.headers["location"])).content for browser in (known, other)]
    assert pages[0] == pages[1]
    assert "nobody is registered" in (await last_to(house, "nobody@mail.example")).text
    wrong = {"code": "12345678"}
    answers = [
        await known.post("/sign-in/code", data={"email": address, **wrong}, headers=JSON)
        for address in (EMAIL, "nobody@mail.example")
    ]
    assert answers[0].status_code == answers[1].status_code == 422
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("form", ["{}", " {} ", "{}-"])
async def test_the_code_does_the_same(house, known, visitors, form):
    written = await asked(house, known)
    code = {"email": "ROBIN@mail.example", "code": form.format(code_in(written))}
    answer = await known.post("/sign-in/code", data=code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert (await known.post("/sign-in/code", data=code)).status_code == 303  # a double click
    other = await browser(visitors)
    assert (await other.post(path_in(written))).status_code == 403  # one row, used
    assert (await other.post("/sign-in/code", data=code)).status_code == 422


async def test_a_newer_mail_leaves_the_older_alone(house, known):
    """Whoever is impatient presses twice, and the first mail comes first."""
    old, new = await asked(house, known), await asked(house, known)
    assert code_in(old) != code_in(new)
    for written in (old, new):
        assert (await known.get(path_in(written))).status_code == 200
    assert (await known.post(path_in(old))).status_code == 303
    await known.post("/sign-out")
    code = {"email": EMAIL, "code": code_in(new)}
    assert (await known.post("/sign-in/code", data=code)).status_code == 303


async def test_it_ends_with_time(house, known, clock):
    written = await asked(house, known)
    clock.at += 2 * 3600 * 1000 + 1  # passed on by hand: with a mail server it would be 10 minutes
    assert (await known.get(path_in(written))).status_code == 403
    assert (await known.post(path_in(written))).status_code == 403
    answer = await known.post("/sign-in/code", data={"email": EMAIL, "code": code_in(written)})
    assert answer.status_code == 422


async def test_a_missed_code_dies_and_the_account_lives(house, known, visitors):
    written = await asked(house, known)
    right = code_in(written)
    wrong = "00000000" if right != "0000 0000" else "11111111"
    stranger = await browser(visitors)
    for _ in range(10):
        answer = await stranger.post("/sign-in/code", data={"email": EMAIL, "code": wrong})
        assert answer.status_code == 422
        assert f'value="{EMAIL}"' in answer.text
        assert 'data-code="code_invalid"' in answer.text
        assert 'id="code-wrong"' in answer.text
    answer = await stranger.post("/sign-in/code", data={"email": EMAIL, "code": right})
    assert answer.status_code == 429
    house.site.limits.__init__()
    answer = await stranger.post("/sign-in/code", data={"email": EMAIL, "code": right})
    assert answer.status_code == 422  # for strangers that code is dead
    answer = await known.post("/sign-in/code", data={"email": EMAIL, "code": right})
    assert answer.status_code == 303  # and for whoever asked it is not


async def test_fifty_presses_sign_in_once(house, known):
    path = path_in(await asked(house, known))
    answers = await asyncio.gather(*(known.post(path) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await sessions_of(house, "Robin")) == 2  # the one who registered, and this one
    assert (await known.get("/me")).status_code == 200


async def test_two_people_share_an_address(house, known, visitors):
    other = visitors.person("Delegate 001")

    async def same(desk):
        await people.update(desk.tx, other, email=EMAIL.upper())

    await house.site.hall.work(same)
    written = await asked(house, known)
    page = await known.get(path_in(written))
    assert "Who are you?" in page.text
    assert "Sign in as Delegate 001" in page.text
    again = await known.post(path_in(written))
    assert "Who are you?" in again.text
    mark = house.site.links.mark(other)
    entered = await known.post(path_in(written), data={"person": mark})
    assert (entered.status_code, entered.headers["location"]) == (303, "/floor")
    assert "Delegate 001" in (await known.get("/me")).text
    # By code, both of them on a device that they share.
    shared = await browser(visitors)
    written = await asked(house, shared)
    typed = {"email": EMAIL, "code": code_in(written)}
    page = await shared.post("/sign-in/code", data=typed)
    assert (page.status_code, "Who are you?" in page.text) == (200, True)
    answer = await shared.post("/sign-in/code", data={**typed, "person": "all"})
    assert answer.status_code == 303
    assert "Switch to" in (await shared.get("/floor")).text


@pytest.mark.parametrize(
    ("next_path", "location"),
    [
        ("/floor", "/floor"),
        ("/registrar/people", "/registrar/people"),
        ("//evil.example", "/me"),
        ("https://evil.example/", "/me"),
        ("/\\evil.example", "/me"),
        ("javascript:alert(1)", "/me"),
        ("/floor?x=1", "/me"),
        ("/floor\n/x", "/me"),
        ("", "/me"),
    ],
)
async def test_only_own_paths_come_next(house, known, next_path, location):
    await known.post("/sign-in", data={"email": EMAIL, "next": next_path})
    written = await last_to(house, EMAIL)
    by_link = await known.post(path_in(written))
    assert by_link.headers["location"] == location
    await known.post("/sign-out")
    await known.post("/sign-in", data={"email": EMAIL})
    by_code = await known.post(
        "/sign-in/code",
        data={"email": EMAIL, "code": code_in(await last_to(house, EMAIL)), "next": next_path},
    )
    assert by_code.headers["location"] == location


async def test_a_closed_door_leads_to_the_sign_in_and_on(client):
    answer = await client.get("/floor")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/floor")
    page = await client.get("/sign-in?next=/floor")
    assert 'name="next" value="/floor"' in page.text
    assert "You are not signed in on this browser, or not any more." in page.text
    assert "not any more" not in (await client.get("/sign-in")).text
    page = await client.get("/sign-in?next=//evil.example")
    assert "evil" not in page.text


async def test_who_is_signed_in_goes_on(visitors):
    delegate = await visitors.enter("Delegate 001")
    assert (await delegate.get("/sign-in")).headers["location"] == "/floor"
    assert (await delegate.get("/sign-in?next=/me")).headers["location"] == "/me"


@pytest.mark.parametrize(
    ("path", "data", "field"),
    [
        ("/sign-in", {"email": "robin"}, "email"),
        ("/sign-in", {"next": ""}, "email"),
        ("/sign-in/code", {"email": "robin", "code": "12345678"}, "email"),
        ("/sign-in/code", {"email": EMAIL, "code": "123"}, "code"),
        ("/sign-in/code", {"email": EMAIL, "code": "1234567x"}, "code"),
        ("/sign-in/code", {"email": EMAIL}, "code"),
        ("/sign-in/code", {"email": EMAIL, "code": "123456789"}, "code"),
    ],
)
async def test_bad_fields(client, path, data, field):
    page = await client.post(path, data=data)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    if "email" in data:
        assert f'value="{data["email"]}"' in page.text
    answer = await client.post(path, data=data, headers=JSON)
    assert answer.json()["code"] == "bad_field"
    assert field in answer.json()["fields"]


async def test_a_forged_link_opens_nothing(client, house, visitors):
    person = visitors.person("Chair (morning)")
    for token in ("x", house.site.links.sign("hand over", person, "12345678", "")):
        assert (await client.get(f"/s/{token}")).status_code == 403
        assert (await client.post(f"/s/{token}")).status_code == 403
