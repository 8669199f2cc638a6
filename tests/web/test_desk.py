"""The registrar's desk: many at once, taken back, hints, names, addresses, merging, late admission."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.housekeeper import Housekeeper
from conference.rules import acts as a
from conference.rules.kinds import Role, Standing
from conference.store import mail, people, registrations
from conference.web.addresses import masked, probably_meant
from conference.web.registration import lock_register
from tests.web.mails import FORM, mails_to, registered

JSON = {"Accept": "application/json"}
NOTE = "Second line\nKnows Bay"


async def several(visitors, *names, **fields):
    return [
        await registered(visitors, name=name, email=f"{name.lower()}@one.example", **fields)
        for name in names
    ]


async def particulars(house, visitors, name):
    async with house.site.store.reading() as reader:
        return await registrations.get(reader, visitors.person(name))


async def test_what_is_written_to_the_registrar_goes_with_the_decision(visitors, house, clock):
    await registered(visitors, note=NOTE, voucher="Bay", access_needs="Captions")
    desk = await visitors.enter("Registrar")
    person = visitors.person("Robin")
    page = (await desk.get("/registrar")).text
    assert "Knows Bay" in page
    assert "Captions" not in page
    assert "Captions" in (await desk.get(f"/registrar/people/{person}")).text
    await desk.post(f"/registrar/people/{person}/decision", data={"decision": "accept"})
    assert (await particulars(house, visitors, "Robin")).note == NOTE
    keeper = Housekeeper(house.site)
    await keeper.look()
    assert (await particulars(house, visitors, "Robin")).note == NOTE  # it can be taken back still
    clock.at += 3_000
    await keeper.look()
    kept = await particulars(house, visitors, "Robin")
    assert (kept.note, kept.voucher, kept.access_needs) == ("", "", "Captions")
    async with house.site.store.reading() as reader:
        account = await people.get(reader, person)
    assert account.belongs == ""  # the file does not keep it
    assert house.site.joined[person].note == ""
    assert not house.site.pending


async def test_a_decision_is_taken_back_before_the_mail_goes(visitors, house, clock):
    await registered(visitors, note=NOTE)
    desk = await visitors.enter("Registrar")
    person = visitors.person("Robin")
    await desk.post(f"/registrar/people/{person}/decision", data={"decision": "decline"})
    assert house.site.meeting.people[person].standing is Standing.DECLINED
    (_confirm, decision) = await mails_to(house, FORM["email"])
    assert decision.next_at == clock.at + 3_000
    assert "Take back" in (await desk.get("/registrar")).text
    answer = await desk.post(f"/registrar/people/{person}/reconsideration")
    assert answer.status_code == 303
    assert house.site.meeting.people[person].standing is Standing.WAITING
    assert len(await mails_to(house, FORM["email"])) == 1  # the mail never went
    assert (await particulars(house, visitors, "Robin")).note == NOTE
    await desk.post(f"/registrar/people/{person}/decision", data={"decision": "observer"})
    clock.at += 3_001
    answer = await desk.post(f"/registrar/people/{person}/reconsideration", headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "undo_over")


async def test_a_reason_stands_in_the_mail_and_nowhere_else(visitors, house):
    await registered(visitors)
    desk = await visitors.enter("Registrar")
    fields = {"decision": "decline", "reason": "Nobody here\nknows you."}
    await desk.post(f"/registrar/people/{visitors.person('Robin')}/decision", data=fields)
    written = (await mails_to(house, FORM["email"]))[-1]
    assert "knows you." in written.text
    assert "knows you." in written.html


async def test_many_at_once_and_who_cannot_be_decided_about_is_counted(visitors, house):
    await several(visitors, "Ash", "Bay", "Cedar")
    desk = await visitors.enter("Registrar")
    ticked = [visitors.person(name) for name in ("Ash", "Bay", "Chair (morning)")]
    answer = await desk.post(
        "/registrar/decisions", data={"decision": "accept", "person": [*ticked, ticked[0]]}
    )
    assert answer.headers["location"] == "/registrar?decided=2&left=1"
    assert "2 people decided. 1 could not" in (await desk.get(answer.headers["location"])).text
    rows = house.site.meeting.people
    assert [rows[p].roles for p in ticked[:2]] == [{Role.DELEGATE}] * 2
    assert rows[visitors.person("Cedar")].standing is Standing.WAITING


async def test_places_are_kept_and_the_rest_waits(visitors, house, client):
    site = house.site
    full = replace(site.public.registration, places=161)
    site.public = replace(site.public, registration=full)
    await several(visitors, "Ash", "Bay")
    desk = await visitors.enter("Registrar")
    both = [visitors.person(name) for name in ("Ash", "Bay")]
    answer = await desk.post("/registrar/decisions", data={"decision": "accept", "person": both})
    assert answer.headers["location"] == "/registrar?decided=1&left=1"
    assert "waiting list" in (await client.get("/register")).text
    page = (await desk.get("/registrar")).text
    assert "waiting list" in page
    answer = await desk.post(
        f"/registrar/people/{both[1]}/decision", data={"decision": "accept"}, headers=JSON
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "register_full")
    done = await desk.post(f"/registrar/people/{both[1]}/decision", data={"decision": "observer"})
    assert done.status_code == 303


async def test_the_list_masks_addresses_and_filters(visitors):
    await several(visitors, "Ash", "Bay")
    desk = await visitors.enter("Registrar")
    page = (await desk.get("/registrar/people?show=waiting")).text
    assert "a•••@o•••.example" in page
    assert "ash@one.example" not in page
    assert "2 people" in page
    assert "1 other with this domain" in page
    assert 'data-live="poll"' in page
    found = (await desk.get("/registrar/people?q=ash@one")).text
    assert "1 person" in found
    assert "ash@one.example" in (await desk.get(f"/registrar/people/{visitors.person('Ash')}")).text
    for show in ("all", "delegates", "observers", "declined", "present", "unseen", "noaddress",
                 "names", "hints", "nonsense"):  # fmt: skip
        assert (await desk.get(f"/registrar/people?show={show}")).status_code == 200


async def test_hints_are_hints_only(visitors, house):
    await registered(visitors, name="Ash", email="ash@mailinator.com")
    await registered(visitors, name="\u0410sh", email="other@one.example")
    desk = await visitors.enter("Registrar")
    page = (await desk.get("/registrar")).text
    for words in ("address for one use", "in the same minute", "name like somebody else"):
        assert words in page, words
    answer = await desk.post(
        f"/registrar/people/{visitors.person('Ash')}/decision", data={"decision": "accept"}
    )
    assert answer.status_code == 303


async def test_a_second_registration_is_merged(visitors, house):
    await registered(visitors, name="Ash", email="ash@one.example")
    await registered(visitors, name="Ash", email="ash@two.example")
    async with house.site.store.reading() as reader:
        one = await people.by_email(reader, "ash@one.example")
        two = await people.by_email(reader, "ash@two.example")
    desk = await visitors.enter("Registrar")
    page = (await desk.get(f"/registrar/people/{two.person}")).text
    assert "Perhaps the same person" in page
    answer = await desk.post(f"/registrar/people/{two.person}/merge", data={"into": one.person})
    assert answer.headers["location"] == f"/registrar/people/{one.person}"
    async with house.site.store.reading() as reader:
        assert await people.get(reader, two.person) is None
        assert await people.get(reader, one.person) == one
    assert two.person not in house.site.joined
    for into in (one.person, "nobody"):
        answer = await desk.post(
            f"/registrar/people/{one.person}/merge", data={"into": into}, headers=JSON
        )
        assert answer.json()["code"] == "unknown"


# --- names and addresses -----------------------------------------------------------------------------


async def test_a_new_name_waits_once_one_was_accepted(visitors, house):
    own = await registered(visitors)
    assert (await own.post("/me/name", data={"name": "Robin the Second"})).status_code == 303
    person = visitors.person("Robin the Second")  # nothing was accepted yet: it is the name
    desk = await visitors.enter("Registrar")
    await desk.post(f"/registrar/people/{person}/decision", data={"decision": "accept"})
    await own.post("/me/name", data={"name": "Wren"})
    assert house.site.name(person) == "Robin the Second"
    page = (await desk.get("/registrar")).text
    assert "wants to be called" in page
    await desk.post(f"/registrar/people/{person}/name", data={"answer": "no"})
    assert house.site.name(person) == "Robin the Second"
    assert "wants to be called" not in (await desk.get("/registrar")).text
    await own.post("/me/name", data={"name": "Wren"})
    await desk.post(f"/registrar/people/{person}/name", data={"answer": "yes"})
    assert house.site.name(person) == "Wren"
    refused = await own.post("/me/name", data={"name": "The Cha1r"}, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (422, "name_refused")


@pytest.mark.parametrize("name", ["Chair", "Registrar", "Delegate 001", "T\u043esh McDonald"])
async def test_names_of_roles_and_look_alikes_are_refused(client, visitors, name):
    answer = await client.post("/register", data={**FORM, "name": name}, headers=JSON)
    assert answer.status_code == 422
    assert "Choose another" in answer.json()["fields"]["name"]
    desk = await visitors.enter("Registrar")
    fields = {"name": name, "role": "delegate", "agreed": "yes"}
    assert (await desk.post("/registrar/people", data=fields)).status_code == 422


async def test_the_chair_hides_a_name_at_once(visitors, house):
    chair = await visitors.enter("Chair (morning)")
    person = visitors.person("Delegate 001")
    fields = {"step": "1", "person": person}
    assert (await chair.post("/chair/names/hiding", data=fields)).status_code == 303
    assert house.site.name(person) == "(name hidden)"
    assert (await chair.post("/chair/names/showing", data=fields)).status_code == 303
    assert house.site.name(person) == "Delegate 001"


async def test_a_change_of_address_is_told_to_both(visitors, house):
    await registered(visitors)
    desk = await visitors.enter("Registrar")
    person = visitors.person("Robin")
    answer = await desk.post(
        f"/registrar/people/{person}/address", data={"email": "wren@two.example"}
    )
    assert answer.status_code == 303
    for address in (FORM["email"], "wren@two.example"):
        assert "has been changed" in (await mails_to(house, address))[-1].text
    await registered(visitors, name="Ash", email="ash@one.example")
    taken = await desk.post(
        f"/registrar/people/{person}/address", data={"email": "ASH@one.example"}, headers=JSON
    )
    assert (taken.status_code, taken.json()["code"]) == (409, "address_taken")


# --- how registration stands ---------------------------------------------------------------------------


async def test_paused_by_one_press(visitors, house, client):
    await client.post("/register", data=FORM)
    desk = await visitors.enter("Registrar")
    assert (await desk.post("/registrar/registration", data={"state": "paused"})).status_code == 303
    page = await client.get("/register")
    assert page.status_code == 200
    assert "paused registration for the moment" in page.text
    assert "<form" not in page.text.partition("<main")[2].partition("</main")[0]
    answer = await client.post("/register", data=FORM, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "registration_paused")
    (written,) = await mails_to(house, FORM["email"])
    path = written.text.split("http://127.0.0.1:8000")[1].split()[0]
    assert (await client.post(path)).status_code == 409  # a link that was mailed waits with it
    await desk.post("/registrar/registration", data={"state": "open"})
    assert (await client.post(path)).status_code == 303


async def test_by_invitation_only(visitors, house, client):
    desk = await visitors.enter("Registrar")
    await desk.post("/registrar/registration", data={"state": "invited"})
    shown = (await desk.post("/registrar/invitations", data={"codes": "2", "uses": "1"})).text
    code = shown.split("data-invitation>")[1].split("<")[0]
    assert "Invitation code" in (await client.get("/register")).text
    for wrong in ("", "AAAA-BBBB-CCCC"):
        answer = await client.post("/register", data={**FORM, "invitation": wrong}, headers=JSON)
        assert list(answer.json()["fields"]) == ["invitation"]
    await registered(visitors, invitation=code.lower().replace("-", " "))
    answer = await client.post(
        "/register", data={**FORM, "email": "b@one.example", "invitation": code}, headers=JSON
    )
    assert answer.status_code == 422  # it let one person register
    assert "1 code can still be used" in (await desk.get("/registrar/registration")).text
    await desk.post("/registrar/invitations/end")
    assert "0 codes can still be used" in (await desk.get("/registrar/registration")).text
    async with house.site.store.reading() as reader:
        assert (await mail.waiting(reader))[0].text.count(code) == 0


async def test_after_the_deadline(visitors, client, clock):
    desk = await visitors.enter("Registrar")
    answer = await desk.post(
        "/registrar/registration/times", data={"closes": "1999-01-01T10:00"}, headers=JSON
    )
    assert "This time is over." in answer.json()["fields"]["closes"]
    answer = await desk.post("/registrar/registration/times", data={"closes": "soon"}, headers=JSON)
    assert answer.status_code == 422
    await desk.post("/registrar/registration/times", data={"closes": "2099-01-01T10:00"})
    assert "You can register until" in (await client.get("/register")).text
    clock.at = 4_071_000_000_000
    assert "The time for registering is over" in (await client.get("/register")).text
    answer = await client.post("/register", data=FORM, headers=JSON)
    assert answer.json()["code"] == "registration_over"


async def test_a_misspelt_domain_is_asked_about_once(house, client):
    form = {**FORM, "email": "robin@gmial.com"}
    answer = await client.post("/register", data=form)
    assert answer.status_code == 422
    assert "Did you mean robin@gmail.com?" in answer.text
    assert "The address is right as I typed it." in answer.text
    assert (await client.post("/register", data={**form, "sure": "yes"})).status_code == 303
    assert len(await mails_to(house, "robin@gmial.com")) == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"), ("a@hotmial.co.uk", "a@hotmail.co.uk"),
        ("a@yahoo.co.ku", "a@yahoo.co.uk"), ("a@outlok.com", "a@outlook.com"),
        ("a@gmail.com", ""), ("a@lien.example", ""), ("a@mail.example", ""), ("a@gmx.net", ""),
        ("a@example.com", ""),
    ],
)  # fmt: skip
def test_slips_in_domains(typed, meant):
    assert probably_meant(typed) == meant


def test_a_masked_address():
    assert masked("robin@mail.example") == "r•••@m•••.example"
    assert masked("") == ""


# --- the lock, late admissions, roles ------------------------------------------------------------------


async def test_after_the_lock_two_officers_admit(visitors, house):
    await registered(visitors)
    desk = await visitors.enter("Registrar")
    person = visitors.person("Robin")
    refused = await desk.post("/registrar/registration/lock", headers=JSON)
    assert refused.status_code == 422
    assert (
        await desk.post("/registrar/registration/lock", data={"sure": "yes"})
    ).status_code == 303
    (lock,) = house.site.meeting.register_locks.values()
    published = (await visitors.nobody().get("/register/hashes.txt")).text
    assert published.count("\n") == 161
    page = (await desk.get("/registrar/registration")).text
    assert lock.root in page
    answer = await desk.post(
        f"/registrar/people/{person}/decision", data={"decision": "accept"}, headers=JSON
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "second_officer")
    assert "Propose to admit" in (await desk.get(f"/registrar/people/{person}")).text
    assert (await desk.post(f"/registrar/people/{person}/admission")).status_code == 303
    alone = await desk.post("/officers/steps/1/confirmation", headers=JSON)
    assert alone.json()["code"] == "second_officer"
    secretary = await visitors.enter("Secretary")
    assert "Admit Robin as a delegate" in (await secretary.get("/officers")).text
    assert (await secretary.post("/officers/steps/1/confirmation")).status_code == 303
    assert house.site.meeting.people[person].roles == {Role.DELEGATE}
    assert "accepted your registration" in (await mails_to(house, FORM["email"]))[-1].text


async def test_after_the_lock_a_delegate_by_hand_takes_two_officers(visitors, house):
    desk = await visitors.enter("Registrar")
    await desk.post("/registrar/registration/lock", data={"sure": "yes"})
    assert "The register is locked" in (await desk.get("/registrar/people/new")).text
    form = {"name": "Late Lou", "role": "delegate", "agreed": "yes"}
    answer = await desk.post("/registrar/people", data=form)
    person = visitors.person("Late Lou")
    assert answer.headers["location"] == f"/registrar/people/{person}"
    assert "A late admission is proposed" in (await desk.get(answer.headers["location"])).text
    assert house.site.meeting.people[person].standing is Standing.WAITING
    secretary = await visitors.enter("Secretary")
    page = (await secretary.get("/officers")).text
    assert "Admit Late Lou as a delegate" in page
    assert "Waiting for a second officer" in page
    await secretary.post("/officers/steps/1/confirmation")
    assert house.site.meeting.people[person].roles == {Role.DELEGATE}
    assert "New link" in (await desk.get(f"/registrar/people/{person}")).text
    observer = {"name": "Late Lee", "role": "observer", "agreed": "yes"}
    answer = await desk.post("/registrar/people", data=observer)
    assert "/link?ticket=" in answer.headers["location"]  # one officer admits observers at any time


async def test_the_register_is_locked_at_its_time(visitors, house, clock):
    desk = await visitors.enter("Registrar")
    await desk.post("/registrar/registration/times", data={"locks": "2099-01-01T10:00"})
    keeper = Housekeeper(house.site)
    await keeper.look()
    assert not house.site.meeting.register_locks
    clock.at = 4_071_000_000_000
    await keeper.look()
    assert house.site.meeting.register_locks[1].by is None
    await keeper.look()  # once is enough
    assert (await house.site.hall.work(lock_register)).code == "register_locked"


async def test_an_organiser_gives_roles_that_add_up(visitors, house):
    organiser = await visitors.enter("Registrar")
    person = visitors.person("Chair (afternoon)")
    page = (await organiser.get(f"/registrar/people/{person}")).text
    assert 'value="delegate"' in page
    assert 'value="teller"' not in page  # the chair does not count
    give = {"role": "delegate", "wish": "give"}
    assert (await organiser.post(f"/registrar/people/{person}/roles", data=give)).status_code == 303
    assert house.site.meeting.people[person].roles == {Role.CHAIR, Role.DELEGATE}
    teller = {"role": "teller", "wish": "give"}
    answer = await organiser.post(f"/registrar/people/{person}/roles", data=teller, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "roles_forbidden")
    await visitors.act(a.CheckIn(), "Chair (afternoon)")


# --- the check-in desk, the tellers, what is missing ---------------------------------------------------


async def test_a_steward_checks_people_in_and_sees_no_address(visitors, house):
    steward = visitors.person("Secretary")
    organiser = await visitors.enter("Registrar")
    give = {"role": "steward", "wish": "give"}
    await organiser.post(f"/registrar/people/{steward}/roles", data=give)
    await registered(visitors, name="Ash", email="ash@one.example")
    person = visitors.person("Ash")
    await organiser.post(f"/registrar/people/{person}/decision", data={"decision": "accept"})
    desk = await visitors.enter("Secretary")
    assert "Delegate 001" not in (await desk.get("/desk")).text  # nobody before something is typed
    page = (await desk.get("/desk?q=ash")).text
    assert "Check in" in page
    assert "ash@one" not in page
    assert (await desk.post(f"/desk/people/{person}/arrival")).status_code == 303
    assert house.site.meeting.people[person].present
    assert (await desk.post(f"/desk/people/{person}/departure")).status_code == 303
    assert not house.site.meeting.people[person].present
    assert (await desk.get(f"/registrar/people/{person}")).status_code == 403


async def test_two_tellers_draw_from_the_locked_register(visitors, house):
    organiser = await visitors.enter("Registrar")
    await organiser.post("/registrar/registration/lock", data={"sure": "yes"})
    one, two = await visitors.enter("Teller"), await visitors.enter("Secretary")
    assert (await one.post("/tellers/draws", data={"number": "123456789"})).status_code == 303
    assert "123456789" not in (await two.get("/tellers")).text
    alone = await one.post("/tellers/draws/1/second", data={"number": "1"}, headers=JSON)
    assert alone.json()["code"] == "second_officer"
    assert (await two.post("/tellers/draws/1/second", data={"number": "5"})).status_code == 303
    page = (await one.get("/tellers")).text
    assert page.count(">Not reached</button>") == 20
    assert "123456789, 5" in page
    drawn = house.site.meeting.draws[1].people[0]
    path = f"/tellers/draws/1/people/{drawn}"
    assert (await two.post(path, data={"answer": "real"})).status_code == 303
    assert "1 real, 0 not reached" in (await one.get("/tellers")).text


async def test_what_is_missing_is_said_before_the_day(visitors, house):
    organiser = await visitors.enter("Registrar")
    assert "Missing before the day" not in (await organiser.get("/registrar")).text
    take = {"role": "teller", "wish": "take"}
    await organiser.post(f"/registrar/people/{visitors.person('Teller')}/roles", data=take)
    assert "There are no two tellers" in (await organiser.get("/registrar")).text
    chair = await visitors.enter("Chair (morning)")
    assert "There are no two tellers" in (await chair.get("/chair")).text
