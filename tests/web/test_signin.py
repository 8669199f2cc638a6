"""Signing in by mail: a link with a button, a code to type, and no word about who is known."""

from __future__ import annotations

import asyncio

import pytest

from tests.web.mails import FORM, code_in, last_to, mails_to, path_in, registered

JSON = {"Accept": "application/json"}
EMAIL = FORM["email"]


@pytest.fixture
async def known(visitors):
    """Somebody is registered with the address; a browser that is not theirs."""
    await registered(visitors)
    return visitors.nobody()


async def test_the_page_says_how(client):
    page = await client.get("/sign-in")
    assert page.status_code == 200
    assert "If you were given a personal link" in page.text


async def test_the_link_signs_in_once(house, known, visitors):
    answer = await known.post("/sign-in", data={"email": EMAIL})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?sent=yes")
    path = path_in(await last_to(house, EMAIL))
    for _ in range(3):
        page = await known.get(path)
        assert page.status_code == 200
        assert "Sign in</button>" in page.text
        assert "Robin" in page.text
        assert not known.cookies
    answer = await known.post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert (await known.get("/me")).status_code == 200
    assert (await known.post(path)).status_code == 303  # a double click
    other = visitors.nobody()
    assert (await other.get(path)).status_code == 403
    answer = await other.post(path)
    assert answer.status_code == 403
    assert 'data-code="link_invalid"' in answer.text


async def test_known_and_unknown_addresses_are_answered_alike(house, known, visitors):
    other = visitors.nobody()
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
async def test_the_code_does_the_same(house, known, form):
    await known.post("/sign-in", data={"email": EMAIL})
    written = await last_to(house, EMAIL)
    code = code_in(written)
    answer = await known.post(
        "/sign-in/code", data={"email": "ROBIN@mail.example", "code": form.format(code)}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert (await known.post("/sign-out")).status_code == 303
    assert (await known.post(path_in(written))).status_code == 403  # one row, used


async def test_a_newer_mail_ends_the_older(house, known):
    await known.post("/sign-in", data={"email": EMAIL})
    await known.post("/sign-in", data={"email": EMAIL})
    old, new = (await mails_to(house, EMAIL))[-2:]
    assert (await known.get(path_in(old))).status_code == 403
    assert (await known.get(path_in(new))).status_code == 200


async def test_it_ends_with_time(house, known, clock):
    await known.post("/sign-in", data={"email": EMAIL})
    written = await last_to(house, EMAIL)
    clock.at += 2 * 3600 * 1000 + 1  # passed on by hand: with a mail server it would be 10 minutes
    assert (await known.get(path_in(written))).status_code == 403
    assert (await known.post(path_in(written))).status_code == 403
    answer = await known.post("/sign-in/code", data={"email": EMAIL, "code": code_in(written)})
    assert answer.status_code == 422


async def test_a_missed_code_dies_and_the_account_lives(house, known, clock):
    await known.post("/sign-in", data={"email": EMAIL})
    written = await last_to(house, EMAIL)
    right = code_in(written)
    wrong = "00000000" if right != "0000 0000" else "11111111"
    for _ in range(10):
        answer = await known.post("/sign-in/code", data={"email": EMAIL, "code": wrong})
        assert answer.status_code == 422
        assert f'value="{EMAIL}"' in answer.text
        assert 'data-code="code_invalid"' in answer.text
        assert 'id="code-wrong"' in answer.text
    answer = await known.post("/sign-in/code", data={"email": EMAIL, "code": right})
    assert answer.status_code == 429
    house.site.limits.__init__()
    answer = await known.post("/sign-in/code", data={"email": EMAIL, "code": right})
    assert answer.status_code == 422
    clock.at += 15 * 60 * 1000 + 1
    await known.post("/sign-in", data={"email": EMAIL})
    code = code_in(await last_to(house, EMAIL))
    answer = await known.post("/sign-in/code", data={"email": EMAIL, "code": code})
    assert answer.status_code == 303


async def test_fifty_presses_sign_in_once(house, known, visitors):
    await known.post("/sign-in", data={"email": EMAIL})
    path = path_in(await last_to(house, EMAIL))
    answers = await asyncio.gather(*(visitors.nobody().post(path) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [303] + [403] * 49


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
