"""Erasing: afterwards nobody finds name or address anywhere, and the chain still verifies."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from conference.rules import acts as a
from conference.rules import change
from conference.rules.kinds import SYSTEM, Phase, Standing
from conference.rules.register import line_hash
from conference.store import about, backup, mail, people, retention, schema
from conference.store.retention import DAY, What
from conference.store.verify import verify
from conference.web import tidy
from conference.web.mydata import TITLES
from tests.web.mails import registered

NAME, EMAIL = "Quillfeather Zyx", "quill.zyx@one.example"
WORDS = ("Quillfeather", "quill.zyx", "Voucherina", "Noteworthy", "Captioned")
MORE = {"note": "Noteworthy", "voucher": "Voucherina", "access_needs": "Captioned"}
JSON = {"Accept": "application/json"}


def hits(data: Path) -> list[str]:
    """Where in the files one of the words stands, in any spelling."""
    found = []
    for path in sorted(p for p in data.rglob("*") if p.is_file()):
        content = path.read_bytes().lower()
        found += [
            f"{path.relative_to(data)}: {word}"
            for word in WORDS
            if word.lower().encode() in content or word.lower().encode("utf-16-le") in content
        ]
    return found


async def carried(house, clock):
    """Wait until the postman has carried everything that is due, the decision's mail, too."""
    clock.at += 6000
    house.site.mail_wake()
    async with asyncio.timeout(5):
        while True:
            async with house.site.store.reading() as reader:
                if not await mail.due(reader, clock.at, 1):
                    return
            await asyncio.sleep(0.02)


@pytest.fixture
async def quill(visitors, house, clock):
    """Somebody who has registered with many words, was accepted and has mail in the folder."""
    browser = await registered(visitors, email=EMAIL, name=NAME, **MORE)
    desk = await visitors.enter("Registrar")
    person = visitors.person(NAME)
    await desk.post(f"/registrar/people/{person}/decision", data={"decision": "accept"})
    await desk.post(f"/registrar/people/{person}/address", data={"email": f"old.{EMAIL}"})
    await desk.post(f"/registrar/people/{person}/address", data={"email": EMAIL})
    await browser.post("/presence", data={"here": "yes"})
    await browser.post("/me/name", data={"name": "Quillfeather the Second"})
    await carried(house, clock)
    assert hits(house.site.settings.data)
    return browser


async def test_who_leaves_is_found_nowhere(visitors, house, quill, clock, capfd):
    site, data = house.site, house.site.settings.data
    person = visitors.person(NAME)
    log = io.StringIO()
    with redirect_stderr(log), redirect_stdout(log):
        assert (await quill.post("/me/leaving", headers=JSON)).status_code == 422
        answer = await quill.post("/me/leaving", data={"sure": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?left=yes")
    assert "You have left and are signed out." in (await quill.get("/?left=yes")).text
    assert hits(data) == []
    backup.backup(data, data / "fresh.db")
    assert hits(data) == []
    assert verify(data) == []
    written = log.getvalue() + "".join(capfd.readouterr())
    assert not [word for word in WORDS if word.lower() in written.lower()]
    assert person not in site.names
    assert person not in site.joined
    assert site.meeting.people[person].standing is Standing.DECLINED  # the pseudonym stays
    async with site.store.reading() as reader:
        left = await about.everything(reader, person)
    assert left.keys() <= {"person", "journal", "office_step", "roll_person"}
    assert (await quill.get("/me")).status_code == 303  # signed out everywhere


async def test_after_the_lock_a_name_is_left_until_its_time(visitors, house, quill, clock):
    site, data = house.site, house.site.settings.data
    person = visitors.person(NAME)
    desk = await visitors.enter("Registrar")
    await desk.post("/registrar/registration/lock", data={"sure": "yes"})
    page = (await quill.get("/me/data")).text
    assert "The register is locked. If you leave now" in page
    assert "14 days after the conference has been closed" in page
    assert "roll-call" not in page
    assert (await quill.post("/me/leaving", data={"sure": "yes"})).status_code == 303
    async with site.store.reading() as reader:
        account = await people.get(reader, person)
    assert (account.name, account.email, account.consent_contact) == (NAME, None, False)
    assert {hit.partition(": ")[2] for hit in hits(data)} == {"Quillfeather"}
    assert verify(data) == []


async def test_one_proves_ones_own_line_and_nobody_elses(visitors, house, quill):
    desk = await visitors.enter("Registrar")
    await desk.post("/registrar/registration/lock", data={"sure": "yes"})
    own = (await quill.get("/me/data.json")).json()["rows"]
    (salt,), (line,) = own["register_salt"], own["register_line"]
    assert line_hash(salt["salt"], salt["name"]) == line["leaf"]
    hashes = (await quill.get("/register/hashes.txt")).text
    assert line["leaf"] in hashes.splitlines()
    assert line["leaf"] in (await quill.get("/me/data")).text
    others = [row.leaf for row in house.site.meeting.register_lines.values()]
    assert sum(leaf in json.dumps(own) for leaf in others) == 1


async def test_everything_about_me_and_nothing_about_others(visitors, house, quill):
    await registered(visitors, name="Somebody Else", email="else@two.example")
    answer = await quill.get("/me/data.json")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = answer.json()["rows"]
    assert rows["account"][0]["email"] == EMAIL
    assert rows["particulars"][0]["access_needs"] == "Captioned"
    assert len(rows["mail"]) == 4
    assert all(row["text"] == about.SECRET for row in rows["mail"])
    assert "Somebody Else" not in answer.text
    assert "else@two" not in answer.text
    page = (await quill.get("/me/data")).text
    for words in (EMAIL, "Captioned", "What you wrote to the registrar", "Mails to you"):
        assert words in page, words
    for leak in ("/s/", "/r/"):
        assert leak not in "".join(row["html"] for row in rows["mail"])


async def test_nobody_leaves_out_of_a_running_vote_or_the_chair(visitors, house, quill):
    chair = await visitors.enter("Chair (morning)")
    await visitors.act(a.OpenConference(), "Chair (morning)")
    answer = await chair.post("/me/leaving", data={"sure": "yes"}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


# --- at its time -----------------------------------------------------------------------------------


async def close(house, clock):
    """Let the conference end as it stands."""

    async def work(desk):
        closed = change.conference(desk.meeting, phase=Phase.CLOSED, closed_at=clock.at)
        await desk.tx.write(desk.meeting, closed)
        await desk.tx.journal_picture(clock.at, SYSTEM, closed, "closed for a test")
        desk.adopt(closed)

    assert await house.site.hall.work(work) is None


async def test_what_is_due_is_forgotten_and_not_before(visitors, house, quill, clock):
    site, data = house.site, house.site.settings.data
    person = visitors.person(NAME)
    await tidy.forget_what_is_due(site)
    async with site.store.reading() as reader:
        assert (await people.get(reader, person)).name == NAME
    assert not [hit for hit in hits(data) if "Voucherina" in hit or "Noteworthy" in hit]
    assert [hit for hit in hits(data) if "Captioned" in hit]
    await close(house, clock)
    page = (await visitors.nobody().get("/privacy")).text
    assert "until 14 days after the close: Saturday 13 March 2021" in page
    assert "until the end of the day on which the conference is closed: Saturday 27" in page
    clock.at += DAY
    await tidy.forget_what_is_due(site)
    assert not [hit for hit in hits(data) if "Captioned" in hit]
    assert [hit for hit in hits(data) if "Quillfeather" in hit]
    clock.at += 13 * DAY
    done = await tidy.forget_what_is_due(site)
    assert done.counts[What.PEOPLE] > 160
    assert hits(data) == []
    assert verify(data) == []
    async with site.store.reading() as reader:
        assert await people.all(reader) == []
    assert not site.names


async def test_who_wants_to_stay_in_touch_is_kept_for_that_alone(visitors, house, clock):
    await registered(visitors, email=EMAIL, name=NAME, contact="yes", named="yes", **MORE)
    person = visitors.person(NAME)
    await close(house, clock)
    clock.at += 15 * DAY
    await tidy.forget_what_is_due(house.site)
    async with house.site.store.reading() as reader:
        account = await people.get(reader, person)
        everybody = await people.all(reader)
    assert (account.name, account.email, account.belongs) == (NAME, EMAIL, "")
    assert (account.consent_named, account.consent_contact) == (False, True)
    assert everybody == [account]


async def test_old_backups_and_mails_without_a_row_go(house, clock, quill):
    data = house.site.settings.data
    (data / "backups").mkdir(exist_ok=True)
    old, stray = data / "backups" / "before-load-1.db", data / "mail" / "9999.eml"
    old.write_bytes(b"old")
    stray.write_bytes(b"stray")
    clock.at = int(old.stat().st_mtime * 1000) + 13 * DAY
    await tidy.tidy_files(house.site)
    assert old.exists()
    assert not stray.exists()
    clock.at += DAY + 1000
    await tidy.tidy_files(house.site)
    assert not old.exists()


def test_every_kind_of_data_has_its_time_and_its_words():
    assert {row.what for row in retention.TABLE} == set(What)


def test_every_table_that_can_name_somebody_has_words_for_people():
    tables = schema.metadata.tables
    named = {name for name in tables if list(about._mentions(tables[name], "p", "k"))}
    assert named == TITLES.keys()
