"""A register comes from a table whole or not at all; links and addresses leave with two officers."""

from __future__ import annotations

import csv
import io
import re

import pytest

from conference.housekeeper import Housekeeper
from conference.papers import sheets
from conference.rules import change
from conference.rules.kinds import Mode, Role, Standing
from conference.store import mail, people
from conference.web import mailing
from tests.web.mails import mails_to, path_in, registered

JSON = {"Accept": "application/json"}
AGREED = {"agreed": "yes"}


def table(rows, head="name,email,role"):
    return ("\n".join([head, *rows]) + "\n").encode()


async def sent(desk, content, name="people.csv", role="delegate"):
    answer = await desk.post(
        "/registrar/import", files={"file": (name, content)}, data={"role": role}
    )
    return answer.headers.get("location", ""), answer


@pytest.fixture
async def desk(visitors):
    return await visitors.enter("Registrar")


async def test_two_hundred_people_from_a_csv(visitors, house, desk):
    rows = [
        f"Person {n:03},p{n}@one.example,{'observer' if n > 190 else ''}" for n in range(1, 201)
    ]
    before = house.site.meeting.conference.register
    path, _answer = await sent(desk, table(rows))
    page = (await desk.get(path)).text
    assert "190 delegates, 10 observers." in page
    assert "Nothing has been imported yet" in page
    assert "p•••" not in page.partition("The first rows")[0]
    assert "p1@one.example" not in page
    assert house.site.meeting.conference.register == before
    answer = await desk.post(path, data=AGREED)
    assert answer.headers["location"] == "/registrar?imported=200"
    assert house.site.meeting.conference.register == before + 190
    async with house.site.store.reading() as reader:
        account = await people.by_email(reader, "P7@one.example")
    assert (account.name, account.consent_taking_part_at) == ("Person 007", None)
    assert house.site.meeting.people[account.person].standing is Standing.ACCEPTED
    gone = await desk.post(path, data=AGREED, headers=JSON)
    assert (gone.status_code, gone.json()["code"]) == (404, "import_gone")


async def test_an_xlsx_is_the_same(house, desk):
    content = sheets.write_xlsx(
        ["Display name", "E-Mail", "As"], [["Ash", "ash@one.example", "Observer"], ["Bay", "", ""]]
    )
    path, _answer = await sent(desk, content, "people.xlsx")
    assert "1 of them has no address" in (await desk.get(path)).text
    await desk.post(path, data=AGREED)
    names = {name: p for p, name in house.site.names.items()}
    assert house.site.meeting.people[names["Ash"]].roles == {Role.OBSERVER}
    assert house.site.meeting.people[names["Bay"]].roles == {Role.DELEGATE}


ROWS = {
    "Ash,ash@one,": "does not look like one",
    ",b@one.example,": "the name is missing",
    "The Chair,c@one.example,": "reads like the name of a role",
    "Dale,good@one.example,": "stands in row 2 already",
    "Elm,robin@mail.example,": "on the register already",
    "Fir,f@one.example,teller": "must be delegate or observer",
}


async def test_every_wrong_row_is_named_and_nobody_is_taken(visitors, house, desk):
    await registered(visitors)
    before = len(house.site.meeting.people)
    path, _answer = await sent(desk, table(["Good,good@one.example,", *ROWS]))
    page = (await desk.get(path)).text
    for number, words in enumerate(ROWS.values(), 3):
        assert words in page.partition(f'data-row="{number}"')[2].partition("</li>")[0], words
    assert "6 rows are wrong" in page
    answer = await desk.post(path, data=AGREED, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "import_has_errors")
    assert len(house.site.meeting.people) == before


async def test_who_registers_meanwhile_stops_the_whole_import(visitors, house, desk):
    path, _answer = await sent(desk, table(["Ash,ash@one.example,", "Robin,robin@mail.example,"]))
    await registered(visitors)
    before = len(house.site.meeting.people)
    answer = await desk.post(path, data=AGREED, headers=JSON)
    assert answer.json()["code"] == "import_changed"
    assert len(house.site.meeting.people) == before
    assert "Ash" not in house.site.names.values()


@pytest.mark.parametrize("content", [b"", b"\0\1", b"who,where\nAsh,here\n", b"PK\x03\x04no"])
async def test_what_is_no_table_is_said_in_a_sentence(desk, content):
    _path, answer = await sent(desk, content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


async def test_a_table_is_shown_to_nobody_else(visitors, desk):
    path, _answer = await sent(desk, table(["Ash,ash@one.example,"]))
    other = await visitors.enter("Registrar")
    assert (await other.get(path)).status_code == 404
    large = await desk.post("/registrar/import", files={"file": ("a.csv", b"x" * 3_000_000)})
    assert large.status_code == 413


# --- exports -------------------------------------------------------------------------------------


async def test_an_export_takes_two_and_is_taken_once(visitors, house, desk):
    await registered(visitors, name="=1+1", email="ash@one.example")
    person = visitors.person("=1+1")
    await desk.post(f"/registrar/people/{person}/decision", data={"decision": "accept"})
    assert (await desk.post("/registrar/exports", data={"what": "addresses"})).status_code == 303
    early = await desk.post("/registrar/exports/1/file", data={"kind": "csv"}, headers=JSON)
    assert early.json()["code"] == "already_done"
    secretary = await visitors.enter("Secretary")
    assert (await secretary.post("/officers/steps/1/confirmation")).status_code == 303
    assert "can be taken once" in (await desk.get("/registrar/exports")).text
    answer = await desk.post("/registrar/exports/1/file", data={"kind": "csv"})
    assert answer.headers["content-disposition"] == 'attachment; filename="export-1.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows == [{"name": "'=1+1", "role": "delegate", "address": "ash@one.example"}]
    assert house.site.meeting.office_steps[1].lines == 1
    again = await desk.post("/registrar/exports/1/file", data={"kind": "csv"}, headers=JSON)
    assert again.json()["code"] == "already_done"


async def test_links_leave_as_a_sheet_but_those_of_officers_do_not(visitors, house, desk):
    await desk.post("/registrar/exports", data={"what": "links"})
    secretary = await visitors.enter("Secretary")
    await secretary.post("/officers/steps/1/confirmation")
    answer = await desk.post("/registrar/exports/1/file", data={"kind": "xlsx"})
    rows = sheets.read(answer.content)[1:]
    assert len(rows) == 166  # 160 delegates and six speakers
    assert not [row for row in rows if "Chair" in row[0] or "Registrar" in row[0]]


async def test_links_are_printed_as_slips_with_qr_codes_and_addresses_are_not(
    visitors, house, desk
):
    secretary = await visitors.enter("Secretary")
    for number, what in ((1, "links"), (2, "addresses")):
        await desk.post("/registrar/exports", data={"what": what})
        await secretary.post(f"/officers/steps/{number}/confirmation")
    assert (await desk.get("/registrar/exports")).text.count("Print slips with QR codes") == 1
    wrong = await desk.post("/registrar/exports/2/file", data={"kind": "sheet"}, headers=JSON)
    assert wrong.json()["code"] == "not_allowed"
    page = await desk.post("/registrar/exports/1/file", data={"kind": "sheet"})
    assert page.text.count("<svg") == page.text.count('class="card stack"') == 166
    link = house.site.links.address(visitors.person("Delegate 001"), 0)
    assert link in page.text
    again = await desk.post("/registrar/exports/1/file", data={"kind": "sheet"}, headers=JSON)
    assert again.json()["code"] == "already_done"


# --- mail to a group -------------------------------------------------------------------------------


async def test_a_mail_to_a_group_is_looked_at_tried_and_sent_slowly_once(
    visitors, house, desk, clock
):
    path, _answer = await sent(desk, table(["Ash,ash@one.example,", "Bay,bay@one.example,"]))
    await desk.post(path, data=AGREED)
    form = {"to": "unseen", "text": "Dear all.\n\nSee you.", "link": "yes", "number": "n1"}
    page = (await desk.post("/registrar/mailing", data=form)).text
    assert "/l/…" in page  # everybody's own link, which nobody else is shown
    assert "Send it to 2 people" in page
    assert "Dear all." in page
    async with house.site.store.reading() as reader:
        assert await mail.waiting(reader) == []
    answer = await desk.post("/registrar/mailing", data={**form, "wish": "test"}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_address")
    assert f'href="/registrar/people/{visitors.person("Registrar")}"' in page  # to get one
    form["seen"] = re.search(r'name="seen" value="(\w+)"', page)[1]
    for other in ({"to": "accepted"}, {"text": "Something else."}, {"link": ""}, {"seen": ""}):
        answer = await desk.post("/registrar/mailing", data={**form, **other, "wish": "send"})
        assert "This is not what you looked at last" in answer.text, other
    async with house.site.store.reading() as reader:
        assert await mail.waiting(reader) == []
    answer = await desk.post("/registrar/mailing", data={**form, "wish": "send"})
    assert answer.headers["location"] == "/registrar/mailing?sent=2"
    (one,), (two,) = [await mails_to(house, f"{n}@one.example") for n in ("ash", "bay")]
    assert sorted({one.next_at, two.next_at}) == [clock.at, clock.at + mailing.APART_MS]
    assert "Labour" not in one.text + one.subject
    again = await desk.post("/registrar/mailing", data={**form, "wish": "send"}, headers=JSON)
    assert again.json()["code"] == "mailing_sent"
    # One mail and two presses: the link opens, Sign in, I am here.
    browser = visitors.nobody()
    link = path_in(one)
    assert "Sign in</button>" in (await browser.get(link)).text
    assert (await browser.post(link)).status_code == 303
    assert "I am here" in (await browser.get("/floor")).text


async def test_mail_to_a_group_takes_nobodys_mail_for_signing_in(visitors, house, desk):
    path, _answer = await sent(desk, table(["Ash,ash@one.example,"]))
    await desk.post(path, data=AGREED)
    for number in range(4):
        form = {"to": "unseen", "text": f"News {number}.", "number": f"n{number}"}
        page = (await desk.post("/registrar/mailing", data=form)).text
        form["seen"] = re.search(r'name="seen" value="(\w+)"', page)[1]
        await desk.post("/registrar/mailing", data={**form, "wish": "send"})
    browser = visitors.nobody()
    for _ in range(5):
        await browser.post("/sign-in", data={"email": "ash@one.example"})
    subjects = [one.subject for one in await mails_to(house, "ash@one.example")]
    assert (subjects.count("Your registration"), subjects.count("Your link")) == (4, 3)


async def test_a_test_goes_to_oneself(visitors, house, desk):
    person = visitors.person("Registrar")
    await desk.post(f"/registrar/people/{person}/address", data={"email": "desk@one.example"})
    form = {"to": "accepted", "text": "Only a test.", "number": "n2", "wish": "test"}
    assert "The test is on its way" in (await desk.post("/registrar/mailing", data=form)).text
    assert "Only a test." in (await mails_to(house, "desk@one.example"))[-1].text


async def test_reminders_go_the_day_before_and_an_hour_before(visitors, house, desk, clock):
    path, _answer = await sent(desk, table(["Ash,ash@one.example,"]))
    await desk.post(path, data=AGREED)
    keeper = Housekeeper(house.site)
    begins = mailing.begins_at(house.site)
    await desk.post("/registrar/mailing/reminders", data={"reminders": "on"})

    async def count():
        await keeper.look()
        return len(await mails_to(house, "ash@one.example"))

    clock.at = begins - 2 * 3_600_000
    assert await count() == 0  # a demonstration reminds nobody
    hall = house.site.hall
    hall.meeting = change.conference(hall.meeting, mode=Mode.REHEARSAL)
    assert await count() == 1
    assert await count() == 1
    clock.at = begins - 3_000_000
    assert await count() == 2
    assert "27 February 2021" in (await mails_to(house, "ash@one.example"))[-1].text
    clock.at = begins + 1
    assert await count() == 2
