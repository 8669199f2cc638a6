"""The registrar decides, enters people by hand, and passes mail on; the person sees it at once."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace

import pytest

from conference.live.messages import SESSION_ENDED
from conference.room import Seat
from conference.rules import change
from conference.rules.kinds import Mode, Role, Standing
from conference.settings import Smtp
from conference.store import mail, people
from conference.web import regions
from tests.web.mails import FORM, code_in, last_to, mails_to, path_in, registered

JSON = {"Accept": "application/json"}
EMAIL = FORM["email"]


@pytest.fixture
async def registrar(visitors):
    return await visitors.enter("Registrar")


@pytest.fixture
async def robin(visitors):
    """A browser of somebody who waits for the registrar."""
    return await registered(visitors)


def take_seat(house, view, person, session="s"):
    """Sit down as a browser's socket would."""
    seat = Seat(regions.audience_of(house.site, view, person), person, session)
    house.site.room.join(seat)
    return seat


def heard(seat) -> list[dict]:
    return [json.loads(text) for text in seat._queue]


def regions_of(seat) -> str:
    return " ".join(m["html"] for m in heard(seat) if m["t"] == "region")


async def decide(browser, person, decision, **headers):
    return await browser.post(
        f"/registrar/people/{person}/decision", data={"decision": decision}, headers=headers
    )


async def test_the_registrar_sees_who_waits(visitors, robin, registrar):
    page = await registrar.get("/registrar")
    person = visitors.person("Robin")
    assert "Robin" in page.text
    assert "Suspended" in page.text
    for name in ("Accept", "Observer", "Decline"):
        assert re.search(rf'aria-describedby="who-{person}">{name}</button>', page.text)


@pytest.mark.parametrize(
    ("decision", "role", "standing", "mail_says", "page_says"),
    [
        ("accept", Role.DELEGATE, Standing.ACCEPTED, "with a vote", "accepted as a delegate"),
        ("observer", Role.OBSERVER, Standing.ACCEPTED, "as an observer", "accepted as an observer"),
        ("decline", None, Standing.DECLINED, "has not accepted", "has not accepted"),
    ],
)
async def test_a_decision_arrives(
    visitors, house, robin, registrar, decision, role, standing, mail_says, page_says
):
    person = visitors.person("Robin")
    mine = take_seat(house, regions.ME, person)
    desk = take_seat(house, regions.REGISTRAR, visitors.person("Registrar"))
    answer = await decide(registrar, person, decision)
    assert (answer.status_code, answer.headers["location"]) == (303, "/registrar")
    row = house.site.meeting.people[person]
    assert row.standing is standing
    assert row.roles == (frozenset({role}) if role else frozenset())
    written = await last_to(house, EMAIL)
    assert (written.subject, mail_says in written.text) == ("Your registration", True)
    assert "Labour" not in written.text
    assert page_says in regions_of(mine)
    assert page_says in (await robin.get("/me")).text
    for text in (regions_of(desk), (await registrar.get("/registrar")).text):
        assert f'id="who-{person}"' not in text
        assert "Take back" in text
    again = await decide(registrar, person, decision, **JSON)
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert len(await mails_to(house, EMAIL)) == 2


async def test_a_waiting_page_becomes_the_floor(visitors, house, robin, registrar):
    person = visitors.person("Robin")
    assert 'data-view="gallery"' in (await robin.get("/floor")).text
    seat = take_seat(house, regions.GALLERY, person)
    other = take_seat(house, regions.GALLERY, visitors.person("Delegate 001"))
    await decide(registrar, person, "accept")
    assert seat.close_code == SESSION_ENDED  # the script loads the page anew
    assert heard(seat)[-1]["code"] == "reload"
    assert other.close_code is None
    assert 'data-view="floor"' in (await robin.get("/floor")).text
    assert (await robin.post("/presence", data={"here": "yes"})).status_code == 303
    answer = await decide(registrar, person, "observer", **JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "is_present")
    page = await registrar.get(f"/registrar/people/{person}")
    assert "Check out</button>" in page.text
    assert ">Observer</button>" not in page.text  # what would be refused is not offered
    assert (await registrar.post(f"/registrar/people/{person}/departure")).status_code == 303
    assert (await decide(registrar, person, "observer")).status_code == 303
    assert 'data-view="gallery"' in (await robin.get("/floor")).text


async def test_who_registers_appears_by_itself(visitors, house):
    seat = take_seat(house, regions.REGISTRAR, visitors.person("Registrar"))
    await registered(visitors)
    assert "Robin" in regions_of(seat)
    assert "Suspended" in regions_of(seat)


@pytest.mark.parametrize("name", ["Delegate 001", "Chair (morning)", "Secretary", None])
async def test_nobody_else_decides(visitors, house, robin, name):
    person = visitors.person("Robin")
    browser = await visitors.enter(name) if name else visitors.nobody()
    for path in ("/registrar", "/registrar/people", "/registrar/people/new", "/registrar/mail"):
        assert (await browser.get(path)).status_code == (403 if name else 303)
    assert (await decide(browser, person, "accept")).status_code == 403
    answer = await browser.post(
        "/registrar/people", data={"name": "X", "role": "delegate", "agreed": "yes"}
    )
    assert answer.status_code == 403
    assert (await decide(robin, person, "accept")).status_code == 403
    assert house.site.meeting.people[person].standing is Standing.WAITING


async def test_an_organiser_looks_on(visitors, house, robin):
    organiser = await made(visitors, house, Role.ORGANISER)
    page = await organiser.get("/registrar")
    assert 'data-view="office"' in page.text
    assert "Robin" in page.text
    assert "Accept</button>" not in page.text
    answer = await decide(organiser, visitors.person("Robin"), "accept", **JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def made(visitors, house, role):
    """A browser of a new person in this office."""
    from conference.commands import LinkRequest, fresh_links
    from conference.web.site import new_person

    site = house.site
    await fresh_links(site.hall, site.links, LinkRequest(role, "Somebody", 1), new_person)
    async with site.store.reading() as reader:
        site.names.update(await people.names(reader))
    return await visitors.enter("Somebody")


async def test_somebody_without_mail(visitors, house, registrar):
    form = {"name": "Kim", "role": "delegate", "agreed": "yes"}
    answer = await registrar.post("/registrar/people", data=form)
    assert answer.status_code == 303
    page = await registrar.get(answer.headers["location"])
    link = re.search(r"data-link>([^<]+)<", page.text).group(1)
    kim = visitors.nobody()
    assert "Kim" in (await kim.get(link)).text
    assert (await kim.post(link)).headers["location"] == "/floor"
    assert house.site.meeting.people[visitors.person("Kim")].roles == {Role.DELEGATE}
    # Nobody else sees the link, and nobody after ten minutes.
    organiser = await made(visitors, house, Role.ORGANISER)
    assert (await organiser.get(answer.headers["location"])).status_code == 403
    bare = answer.headers["location"].split("?")[0]
    assert (await registrar.get(bare)).status_code == 403


async def test_the_link_is_shown_for_ten_minutes(registrar, clock):
    form = {"name": "Kim", "role": "observer", "agreed": "yes"}
    answer = await registrar.post("/registrar/people", data=form)
    clock.at += 10 * 60 * 1000 + 1
    assert (await registrar.get(answer.headers["location"])).status_code == 403


async def test_a_new_link_ends_the_old_one_and_every_sign_in(visitors, house, registrar):
    delegate = await visitors.enter("Delegate 001")
    person = visitors.person("Delegate 001")
    old = house.site.links.address(person, 0)
    seat = take_seat(house, regions.FLOOR, person)
    answer = await registrar.post(f"/registrar/people/{person}/link")
    assert answer.status_code == 303
    page = await registrar.get(answer.headers["location"])
    link = re.search(r"data-link>([^<]+)<", page.text).group(1)
    assert seat.close_code == SESSION_ENDED
    assert (await delegate.get("/floor")).status_code == 303
    assert (await delegate.get(old)).status_code == 403
    assert (await delegate.post(link)).status_code == 303


@pytest.mark.parametrize("name", ["Chair (morning)", "Teller", "Registrar"])
async def test_no_link_of_an_office(visitors, registrar, name):
    person = visitors.person(name)
    assert "New link" not in (await registrar.get(f"/registrar/people/{person}")).text
    assert (await registrar.post(f"/registrar/people/{person}/link")).status_code == 403


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"name": ""}, "name"), ({"role": "chair"}, "role"), ({"agreed": ""}, "agreed")],
)
async def test_bad_fields_by_hand(house, registrar, changed, field):
    before = len(house.site.meeting.people)
    form = {"name": "Kim", "role": "delegate", "agreed": "yes", **changed}
    page = await registrar.post("/registrar/people", data=form)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    if field != "name":
        assert 'value="Kim"' in page.text
    answer = await registrar.post("/registrar/people", data=form, headers=JSON)
    assert field in answer.json()["fields"]
    assert len(house.site.meeting.people) == before


async def test_odd_decisions(visitors, robin, registrar):
    person = visitors.person("Robin")
    assert (await decide(registrar, person, "promote")).status_code == 422
    assert (await decide(registrar, "p0000", "accept")).status_code == 404
    assert (await registrar.get("/registrar/people/p0000")).status_code == 404
    assert (await registrar.post("/registrar/people/p0000/link")).status_code == 404
    chair = visitors.person("Chair (morning)")
    assert (await decide(registrar, chair, "decline")).status_code == 403


async def test_the_list_is_searched(robin, registrar):
    assert "Robin" in (await registrar.get("/registrar/people?q=suspended")).text
    assert "Robin" in (await registrar.get("/registrar/people?q=MAIL.example")).text
    page = await registrar.get("/registrar/people?q=delegate 01")
    assert "Delegate 010" in page.text
    assert "Robin" not in page.text
    assert "0 people" in (await registrar.get("/registrar/people?q=nobody at all")).text


async def test_mail_is_passed_on_by_hand(visitors, house, registrar, client):
    await client.post("/register", data=FORM)
    page = await registrar.get("/registrar/mail")
    path = path_in(await last_to(house, EMAIL))
    assert re.search(rf"data-link>http://127.0.0.1:8000{path}<", page.text)
    await client.post(path)
    await client.post("/sign-in", data={"email": EMAIL})
    written = await last_to(house, EMAIL)
    page = await registrar.get("/registrar/mail")
    assert path_in(written) in page.text
    assert f"data-mail-code>{code_in(written)}<" in page.text
    answer = await registrar.post(f"/registrar/mail/{written.id}", data={"wish": "done"})
    assert answer.status_code == 303
    assert path_in(written) not in (await registrar.get("/registrar/mail")).text
    assert (await registrar.post("/registrar/mail/9999", data={"wish": "done"})).status_code == 404
    answer = await registrar.post(f"/registrar/mail/{written.id}", data={"wish": "x"})
    assert answer.status_code == 422


async def test_mail_to_an_office_is_not_shown(visitors, house, registrar, client):
    async def with_address(desk):
        await people.update(desk.tx, visitors.person("Chair (morning)"), email="chair@mail.example")

    await house.site.hall.work(with_address)
    await client.post("/sign-in", data={"email": "chair@mail.example"})
    written = await last_to(house, "chair@mail.example")
    page = await registrar.get("/registrar/mail")
    assert "chair@mail.example" in page.text
    assert path_in(written) not in page.text
    assert code_in(written) not in page.text


async def test_what_failed_stands_before_what_only_waits(visitors, house, registrar):
    """However many wait: and it leads to the person whose address has to be put right."""
    house.site.settings = replace(house.site.settings, smtp=Smtp(host="mail.example"))
    house.site.hall.meeting = change.conference(house.site.meeting, mode=Mode.REHEARSAL)
    person = visitors.person("Delegate 001")

    async def queued(desk):
        await people.update(desk.tx, person, email="gone@mail.example")
        hour = 3_600_000
        for number in range(120):
            to = "gone@mail.example" if number == 0 else f"n{number}@mail.example"
            await mail.queue(desk.tx, to, "s", "t", "h", desk.now(), after=hour)
        await mail.mark_failed(desk.tx, 1, desk.now(), None, "550 no such user")
        await mail.mark_failed(desk.tx, 5, desk.now(), desk.now() + hour, "451 later")

    await house.site.hall.work(queued)
    page = (await registrar.get("/registrar/mail")).text
    assert page.index("550 no such user") < page.index("451 later")
    assert f'<a href="/registrar/people/{person}">Delegate 001: put the address right</a>' in page
    assert "118 mails wait for their turn" in page
    assert "n7@mail.example" not in page  # nobody has to read it


async def test_a_failed_mail_is_sent_again(house, registrar, client):
    await client.post("/register", data=FORM)
    number = (await last_to(house, EMAIL)).id
    while (await last_to(house, EMAIL)).state != mail.FILE:
        await asyncio.sleep(0.02)  # the postman is done with it, and will not touch it again
    await house.site.hall.work(
        lambda desk: mail.mark_failed(desk.tx, number, desk.now(), None, "550 no such user")
    )
    page = await registrar.get("/registrar/mail")
    assert "550 no such user" in page.text
    answer = await registrar.post(f"/registrar/mail/{number}", data={"wish": "again"})
    assert answer.status_code == 303
    assert (await last_to(house, EMAIL)).state in {mail.QUEUED, mail.FILE}


async def test_consents_are_taken_back_and_given(visitors, house):
    robin = await registered(visitors, named="yes", recorded="yes", contact="yes")
    person = visitors.person("Robin")
    assert person in house.site.named
    for consent in ("named", "recorded", "contact"):
        answer = await robin.post("/me/consents", data={"consent": consent, "agree": "no"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    async with house.site.store.reading() as reader:
        account = await people.get(reader, person)
    given = {account.consent_named, account.consent_recorded, account.consent_contact}
    assert given == {False}
    assert person not in house.site.named
    await robin.post("/me/consents", data={"consent": "named", "agree": "yes"})
    assert person in house.site.named
    answer = await robin.post("/me/consents", data={"consent": "taking_part", "agree": "no"})
    assert answer.status_code == 422


async def test_own_sign_ins(visitors, house):
    one, other = await visitors.enter("Delegate 001"), await visitors.enter("Delegate 001")
    stranger = await visitors.enter("Delegate 002")
    page = await one.get("/me")
    assert page.text.count("This browser") == 1
    assert page.text.count("Another browser") == 1
    assert (await one.post("/me/sessions")).status_code == 303
    assert "Another browser" not in (await one.get("/me")).text
    assert (await other.get("/me")).status_code == 303
    assert (await stranger.get("/me")).status_code == 200
    assert (await one.post("/sign-out")).status_code == 303
    assert (await one.get("/me")).status_code == 303
