"""Personal links, devices, people who share one, and how a sign-in ends."""

from __future__ import annotations

import asyncio
import re

import pytest

from conference.rules import acts as a
from conference.rules.kinds import Mode, Phase, Role
from conference.store import people, signins
from tests.web.conftest import ADDRESS
from tests.web.mails import code_in, last_to, mails_to

JSON = {"Accept": "application/json"}
NAME = "Labour International"
ONE, TWO = "Delegate 001", "Delegate 002"
DIGITS = re.compile(r"data-spoken-code>([\d ]+)<")


@pytest.fixture
async def rehearsal(house):
    """Real people: a link is used up as a key, not as a door."""
    head = house.site.meeting.conference
    registrar = next(p for p, n in house.site.names.items() if n == "Registrar")
    refused = await house.site.hall.act(a.SetMode(Mode.REHEARSAL, head.name), registrar)
    assert refused is None
    return house


def link_of(visitors, name):
    return visitors.house.site.links.address(visitors.person(name), 0)


async def opened(visitors, name):
    """A browser that has opened this person's link, and the link."""
    client, link = visitors.nobody(), link_of(visitors, name)
    await client.get(link)
    return client, link


async def rows(house, table):
    async with house.site.store.reading() as reader:
        found = await reader.conn.exec_driver_sql(f"SELECT * FROM {table}")
        return [tuple(row) for row in found]


async def test_a_demonstrations_link_works_again_and_again(visitors):
    for _ in range(3):
        client, link = await opened(visitors, ONE)
        assert (await client.post(link)).headers["location"] == "/floor"


async def test_links_are_stored_as_hashes(house, visitors):
    token = link_of(visitors, ONE).rsplit("/", 1)[1]
    stored = await rows(house, "link")
    assert len(stored) == len(house.site.names)
    assert token not in repr(stored)
    assert visitors.person(ONE) not in token
    for wrong in (token[:-1], token + "x", "x" * 32, ""):
        answer = await visitors.nobody().get(f"{ADDRESS}/l/{wrong}")
        assert answer.status_code in {403, 404}


async def test_where_it_was_used_it_works_again(rehearsal, visitors):
    client, link = await opened(visitors, ONE)
    assert (await client.post(link)).status_code == 303
    await client.post("/sign-out")
    assert "This is the link of" in (await client.get(link)).text
    assert (await client.post(link)).status_code == 303
    assert len(await rows(rehearsal, "session")) == 1


async def test_on_another_device_it_asks_for_a_code(rehearsal, visitors):
    client, link = await opened(visitors, ONE)
    assert (await client.post(link)).status_code == 303
    phone, _link = await opened(visitors, ONE)
    page = await phone.get(link)
    assert "It has been used on another device already" in page.text
    assert "Mail me a code" not in page.text  # there is no address
    answer = await phone.post(link)
    assert (answer.status_code, 'data-code="code_needed"' in answer.text) == (403, True)
    assert (await phone.post(link, headers=JSON)).json()["code"] == "code_needed"
    for wrong in ("0000 0000", "0000 0000 0000"):
        answer = await phone.post(link, data={"code": wrong})
        assert (answer.status_code, 'data-code="code_invalid"' in answer.text) == (422, True)
    assert (await phone.post(link, data={"code": "12345"})).status_code == 422
    shown = await client.post("/me/code")
    code = DIGITS.search(shown.text).group(1)
    assert code not in repr(await rows(rehearsal, "code"))
    entered = await phone.post(link, data={"code": code})
    assert (entered.status_code, entered.headers["location"]) == (303, "/floor")
    other, _link = await opened(visitors, ONE)
    assert (await other.post(link, data={"code": code})).status_code == 422  # used


async def test_the_code_can_be_mailed(rehearsal, visitors):
    email = "one@mail.example"

    async def with_mail(desk):
        await people.update(desk.tx, visitors.person(ONE), email=email)

    await rehearsal.site.hall.work(with_mail)
    client, link = await opened(visitors, ONE)
    await client.post(link)
    phone, _link = await opened(visitors, ONE)
    answer = await phone.post(f"{link}/code")
    assert answer.headers["location"].endswith("/code?sent=yes") is False
    assert "A mail with a code is on its way" in (await phone.get(answer.headers["location"])).text
    written = await last_to(rehearsal, email)
    assert (written.subject, "/l/" in written.text, "/s/" in written.text) == (
        "Your code", False, False,
    )  # fmt: skip
    assert (await phone.post(link, data={"code": code_in(written)})).status_code == 303
    for _ in range(5):  # three mails in a quarter of an hour
        assert (await phone.post(f"{link}/code")).status_code == 303
    assert len(await mails_to(rehearsal, email)) == 3


async def test_fifty_presses_give_one_session(rehearsal, visitors):
    client, link = await opened(visitors, ONE)
    answers = await asyncio.gather(*(client.post(link) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await rows(rehearsal, "session")) == 1
    assert (await client.get("/me")).status_code == 200
    strangers = [await opened(visitors, TWO) for _ in range(50)]
    answers = await asyncio.gather(*(browser.post(link) for browser, link in strangers))
    assert sorted(answer.status_code for answer in answers) == [303] + [403] * 49
    assert len(await rows(rehearsal, "session")) == 2


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_at_a_link_uses_nothing(rehearsal, visitors, method):
    before = [await rows(rehearsal, table) for table in ("account", "link", "session", "code")]
    for _ in range(3):
        answer = await visitors.nobody().request(method, link_of(visitors, ONE))
        assert answer.status_code == 200
        assert "conference" not in answer.cookies
    after = [await rows(rehearsal, table) for table in ("account", "link", "session", "code")]
    assert before == after


async def test_a_new_link_ends_the_old_and_what_it_signed_in(rehearsal, visitors):
    client, link = await opened(visitors, ONE)
    await client.post(link)
    registrar = await visitors.enter("Registrar")
    person = visitors.person(ONE)
    answer = await registrar.post(f"/registrar/people/{person}/link")
    page = await registrar.get(answer.headers["location"])
    fresh = re.search(r"data-link>([^<]+)<", page.text).group(1)
    assert (await client.get("/me")).status_code == 303
    assert (await client.post(link)).status_code == 403
    assert (await client.post(fresh)).status_code == 303


async def test_the_end_of_the_conference_ends_links_and_later_sign_ins(rehearsal, visitors, clock):
    client, link = await opened(visitors, ONE)
    await client.post(link)
    head = rehearsal.site.meeting.conference
    rehearsal.site.hall.meeting = a_closed(rehearsal, head, clock())
    answer = await client.get(link)
    assert (answer.status_code, 'data-code="conference_closed"' in answer.text) == (409, True)
    assert (await client.get("/me")).status_code == 200  # to read the result and one's data
    clock.at += 12 * 3600 * 1000
    assert (await client.get("/me")).status_code == 303
    assert (await client.post("/presence", data={})).status_code == 403


def a_closed(house, head, now):
    from dataclasses import replace

    closed = replace(head, phase=Phase.CLOSED, closed_at=now)
    return replace(house.site.meeting, conference=closed)


async def test_the_help_desk_reads_a_code_out(rehearsal, visitors):
    registrar = await visitors.enter("Registrar")
    person = visitors.person(ONE)
    page = await registrar.get(f"/registrar/people/{person}")
    assert "Read out a code" in page.text
    shown = await registrar.post(f"/registrar/people/{person}/code")
    code = DIGITS.search(shown.text).group(1)
    phone = visitors.nobody()
    await phone.get("/sign-in?sent=yes")
    answer = await phone.post("/sign-in/code", data={"email": "", "code": code})
    assert (answer.status_code, answer.headers["location"]) == (303, "/floor")
    assert ONE in (await phone.get("/me")).text
    assert (await visitors.nobody().post("/sign-in/code", data={"code": code})).status_code == 422
    lines = [body for body in await rows(rehearsal, "journal") if "GiveCode" in body[5]]
    assert [(line[2], person in line[5]) for line in lines] == [
        (visitors.person("Registrar"), True)
    ]


@pytest.mark.parametrize("name", ["Chair (morning)", "Registrar", "Teller"])
async def test_no_code_is_read_out_to_an_officer(rehearsal, visitors, name):
    registrar = await visitors.enter("Registrar")
    person = visitors.person(name)
    answer = await registrar.post(f"/registrar/people/{person}/code")
    assert (answer.status_code, 'data-code="not_allowed"' in answer.text) == (403, True)
    delegate = await visitors.enter(ONE)
    own = visitors.person(ONE)
    assert (await delegate.post(f"/registrar/people/{own}/code")).status_code == 403


async def test_a_spoken_code_ends_with_time(rehearsal, visitors, clock):
    client, link = await opened(visitors, ONE)
    await client.post(link)
    code = (await client.post("/me/code", headers=JSON)).json()["code"]
    clock.at += 10 * 60 * 1000
    phone = visitors.nobody()
    assert (await phone.post("/sign-in/code", data={"code": code})).status_code == 422


async def test_the_sign_ins_are_listed_and_ended(house, visitors):
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    client, link = await opened(visitors, ONE)
    await client.post(link)
    phone, _link = await opened(visitors, ONE)
    await phone.post(link, headers=agent)
    page = (await client.get("/me")).text
    assert "Firefox on Linux" in page
    mark = re.search(r'name="session" value="(\w+)"', page).group(1)
    stranger = await visitors.enter(TWO)
    refused = await stranger.post("/me/sessions", data={"session": mark})
    assert (refused.status_code, "data-code" in refused.text) == (404, True)
    assert (await phone.get("/me")).status_code == 200
    assert (await client.post("/me/sessions", data={"session": mark})).status_code == 303
    assert (await phone.get("/me")).status_code == 303
    assert (await client.get("/me")).status_code == 200


async def test_a_change_of_role_changes_the_secret(house, visitors):
    client, link = await opened(visitors, ONE)
    await client.post(link)
    old = client.cookies["conference"]
    await client.post("/presence", data={"here": "no"})
    assert client.cookies["conference"] == old
    person = visitors.person(ONE)
    await visitors.act(a.Decide(person, Role.OBSERVER), "Registrar")
    await client.get("/floor")
    assert client.cookies["conference"] == old  # looking changes nothing
    await client.post("/me/consents", data={"consent": "named", "agree": "no"})
    fresh = client.cookies["conference"]
    assert fresh != old
    assert len([s for s in await rows(house, "session") if s[1] == person]) == 1
    # The answer with the new one may be lost: for a moment the old one still works.
    replay = visitors.nobody()
    replay.cookies.set("conference", old)
    assert (await replay.get("/me")).status_code == 200
    await client.post("/presence", data={"here": "no"})
    assert (await replay.get("/me")).status_code == 303
    assert (await client.get("/me")).status_code == 200


async def test_a_secret_from_elsewhere_signs_nobody_in(house, visitors):
    """Fixation: whoever plants a cookie has no part in the sign-in that follows."""
    client, link = await opened(visitors, ONE)
    client.cookies.set("conference", "planted" * 6)
    await client.post(link)
    tokens = [c.value for c in client.cookies.jar if c.name == "conference"]
    assert any(token != "planted" * 6 for token in tokens)
    attacker = visitors.nobody()
    attacker.cookies.set("conference", "planted" * 6)
    assert (await attacker.get("/me")).status_code == 303


async def test_what_was_signed_out_is_dead(house, visitors):
    client, link = await opened(visitors, ONE)
    await client.post(link)
    kept = client.cookies["conference"]
    await client.post("/sign-out")
    replay = visitors.nobody()
    replay.cookies.set("conference", kept)
    assert (await replay.get("/me")).status_code == 303
    answer = await replay.post("/presence", data={"here": "yes"})
    assert (answer.status_code, 'data-code="signed_out"' in answer.text) == (403, True)
    assert await rows(house, "session") == []


async def shared_by_two(visitors):
    client, link = await opened(visitors, ONE)
    await client.post(link)
    other = link_of(visitors, TWO)
    page = await client.get(other)
    assert f"keep {ONE} signed in, too" in page.text
    assert (await client.post(other, data={"keep": "yes"})).status_code == 303
    return client


async def test_two_people_switch_on_a_device_that_they_share(house, visitors):
    client = await shared_by_two(visitors)
    page = (await client.get("/floor")).text
    assert f"This page and its ballots: <strong>{TWO}</strong>" in page
    mark = house.site.links.mark(visitors.person(ONE))
    answer = await client.post("/switch", data={"person": mark})
    assert (answer.status_code, answer.headers["location"]) == (303, "/floor")
    page = (await client.get("/floor")).text
    assert f"This page and its ballots: <strong>{ONE}</strong>" in page
    assert f"Switch to {TWO}" in page
    kept = client.cookies["conference"]
    await client.post("/switch", data={"person": house.site.links.mark(visitors.person(TWO))})
    replay = visitors.nobody()
    replay.cookies.set("conference", kept)  # the secret of before still is that person's
    assert ONE in (await replay.get("/me")).text
    refused = await replay.post("/switch", data={"person": mark})
    assert (refused.status_code, 'data-code="not_here"' in refused.text) == (409, True)
    await client.post("/sign-out")
    assert await rows(house, "session") == []


async def test_without_a_tick_the_first_one_is_signed_out(house, visitors):
    client, link = await opened(visitors, ONE)
    await client.post(link)
    await client.post(link_of(visitors, TWO))
    assert "Switch to" not in (await client.get("/floor")).text
    assert [s[1] for s in await rows(house, "session")] == [visitors.person(TWO)]


async def test_a_page_made_for_the_other_votes_for_nobody(house, visitors):
    client = await shared_by_two(visitors)
    mark = house.site.links.mark(visitors.person(ONE))
    answer = await client.post("/votes/1/ballots", data={"paper": "for", "as": mark})
    assert (answer.status_code, 'data-code="other_person"' in answer.text) == (409, True)
    own = house.site.links.mark(visitors.person(TWO))
    answer = await client.post("/votes/1/ballots", data={"paper": "for", "as": own})
    assert 'data-code="unknown"' in answer.text  # there is no vote yet


async def test_nobody_is_switched_to_from_another_device(house, visitors):
    client = await shared_by_two(visitors)
    stranger = await visitors.enter("Delegate 003")
    for name in (ONE, TWO):
        mark = house.site.links.mark(visitors.person(name))
        assert (await stranger.post("/switch", data={"person": mark})).status_code == 409
    assert (await client.get("/floor")).status_code == 200


async def test_seats_close_when_their_sign_in_ends(house, visitors):
    from conference.room import Seat
    from conference.web import regions

    client, link = await opened(visitors, ONE)
    await client.post(link)
    phone, _link = await opened(visitors, ONE)
    await phone.post(link)
    person = visitors.person(ONE)
    async with house.site.store.reading() as reader:
        found = await signins.of_person(reader, person)
    audience = regions.audience_of(house.site, regions.FLOOR, person)
    seats = {row.id_hash: Seat(audience, person, row.id_hash) for row in found}
    for seat in seats.values():
        house.site.room.join(seat)
    await client.post("/me/sessions")
    assert sorted(seat.close_code or 0 for seat in seats.values()) == [0, 4401]


async def test_a_live_page_made_for_the_other_is_sent_away(house, visitors):
    from conference.web.live import _made_for_another

    class Socket:
        def __init__(self, mark):
            self.query_params = {"as": mark} if mark is not None else {}

    one, two = visitors.person(ONE), visitors.person(TWO)
    mark = house.site.links.mark(one)
    assert _made_for_another(house.site, Socket(mark), two)
    assert _made_for_another(house.site, Socket(mark), None)
    assert not _made_for_another(house.site, Socket(mark), one)
    assert not _made_for_another(house.site, Socket(None), two)


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("Chair (morning)", "/chair"), ("Secretary", "/chair"), ("Registrar", "/registrar"),
        ("Steward", "/stage"), ("Teller", "/teller"), ("Jackie Walker", "/speaker"), (ONE, "/floor"),
    ],
)  # fmt: skip
async def test_everybody_begins_where_their_work_is(visitors, name, begins):
    client = await visitors.enter(name)
    assert (await client.get("/sign-in")).headers["location"] == begins
    assert (await client.get(begins)).status_code == 200
