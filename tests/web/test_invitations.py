"""Invitations: a link and a code that live until the slot is over; biography and picture."""

from __future__ import annotations

import io
import re
import struct
import zlib

import pytest
from PIL import Image

from conference.rules import acts as a
from conference.rules.kinds import ItemKind, Mode, Role, Side, SlotId
from conference.store import people, signins, speakers
from conference.web.invitations import code_of, token_of
from conference.web.pictures import SIDE, encoded
from tests.web.mails import last_to, mails_to
from tests.web.test_speaker import CHAIR, FIRST, FORM, SECOND, to_item
from tests.web.test_stage import JSON, ORGANISER, STEWARD, to_real

MAIL = "tosh@mail.example"


async def invite(visitors, name=FIRST, email=MAIL):
    organiser = await visitors.enter(ORGANISER)
    path = f"/invitations/people/{visitors.person(name)}"
    return await organiser.post(path, data={"email": email}, headers=JSON)


async def invited(visitors, **who):
    """The path of the link and the code in the mail that was sent."""
    assert (await invite(visitors, **who)).status_code == 303
    text = (await last_to(visitors.house, who.get("email", MAIL))).text
    link = re.search(r"http://[^/\s]+(/i/\S+)", text)
    code = re.search(r"\d{4} \d{4} \d{4}", text)
    assert link
    assert code
    return link[1], code[0]


async def test_the_link_opens_on_a_second_device_and_looking_changes_nothing(visitors):
    link, _code = await invited(visitors)
    for _ in range(3):
        page = await visitors.nobody().get(link)
        assert FIRST in page.text
        assert "set-cookie" not in page.headers
    browsers = [visitors.nobody() for _ in range(2)]
    for browser in browsers:
        assert (await browser.post(link)).headers["location"] == "/speaker"
    for browser in browsers:  # the first one is still signed in
        assert (await browser.get("/speaker")).status_code == 200


async def test_it_says_nothing_about_the_conference(visitors):
    await invited(visitors)
    mail = await last_to(visitors.house, MAIL)
    name = visitors.house.site.meeting.conference.name
    assert name not in mail.text + mail.html + mail.subject
    assert mail.subject == "Your invitation"


async def test_it_lives_until_the_slot_is_over(visitors):
    link, code = await invited(visitors)
    await to_item(visitors, 3)
    await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=SlotId(1)), CHAIR)
    assert (await visitors.nobody().get(link)).status_code == 200
    await visitors.act(a.EndSpeech(visitors.house.site.meeting.conference.turn), CHAIR)
    for answer in (
        await visitors.nobody().get(link, headers=JSON),
        await visitors.nobody().post(link, headers=JSON),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "link_invalid")
    late = await visitors.nobody().post("/i", data={"code": code}, headers=JSON)
    assert late.json()["code"] == "code_invalid"


@pytest.mark.parametrize(
    "spell", [str, lambda c: c.replace(" ", ""), lambda c: c.replace(" ", "-")]
)
async def test_the_code_is_typed_as_it_was_heard(visitors, spell):
    _link, code = await invited(visitors)
    browser = visitors.nobody()
    answer = await browser.post("/i", data={"code": spell(code)})
    assert answer.headers["location"] == "/speaker"
    assert "10:25" in (await browser.get("/speaker")).text


async def test_a_wrong_code_signs_nobody_in_and_not_for_long(visitors):
    await invited(visitors)
    browser = visitors.nobody()
    answers = [
        await browser.post("/i", data={"code": f"0000 0000 {n:04}"}, headers=JSON)
        for n in range(12)
    ]
    assert {r.json()["code"] for r in answers} == {"code_invalid", "too_often"}
    assert "set-cookie" not in answers[-1].headers
    page = await visitors.nobody().post("/i", data={"code": "12"})
    assert page.status_code in {422, 429}


async def test_a_new_personal_link_ends_the_invitation(house, visitors):
    link, code = await invited(visitors)

    async def renew(desk):
        await signins.new_links(desk.tx, [visitors.person(FIRST)])

    await house.site.hall.work(renew)
    assert (await visitors.nobody().get(link)).status_code == 403
    answer = await visitors.nobody().post("/i", data={"code": code}, headers=JSON)
    assert answer.json()["code"] == "code_invalid"


async def test_whoever_has_an_office_gets_no_reusable_link(house, visitors):
    await visitors.act(a.GiveSlot(SlotId(1), visitors.person(CHAIR), "Chair"), STEWARD)
    refused = await invite(visitors, name=CHAIR, email="chair@mail.example")
    assert refused.json()["code"] == "address_fixed"
    async with house.site.store.reading() as reader:
        account = await people.get(reader, visitors.person(CHAIR))
    assert (await visitors.nobody().get(f"/i/{token_of(house.site, account)}")).status_code == 403
    answer = await visitors.nobody().post(
        "/i", data={"code": code_of(house.site, account)}, headers=JSON
    )
    assert answer.json()["code"] == "code_invalid"


async def test_a_delegates_address_cannot_be_changed_here(house, visitors):
    """Whoever could redirect a delegate's mail could vote for them."""
    who = visitors.person("Delegate 001")
    await visitors.act(a.GiveSlot(SlotId(1), who, "Delegate 001"), STEWARD)
    assert house.site.meeting.people[who].roles == {Role.DELEGATE, Role.SPEAKER}
    refused = await invite(visitors, name="Delegate 001", email="thief@mail.example")
    assert (refused.status_code, refused.json()["code"]) == (403, "address_fixed")
    assert await mails_to(house, "thief@mail.example") == []
    page = (await (await visitors.enter(ORGANISER)).get("/invitations")).text
    async with house.site.store.reading() as reader:
        account = await people.get(reader, who)
    assert code_of(house.site, account) not in page


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x\n@mail.example"])
async def test_a_bad_address_is_refused(house, visitors, email):
    answer = await invite(visitors, email=email)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_field")


async def test_an_address_of_somebody_else_is_refused(visitors):
    await invited(visitors)
    answer = await invite(visitors, name=SECOND, email=MAIL.upper())
    assert answer.json()["code"] == "address_taken"


async def test_declining_tells_the_organiser_by_mail(house, visitors):
    async def address(desk):
        await people.update(desk.tx, visitors.person(ORGANISER), email="office@mail.example")

    await house.site.hall.work(address)
    browser = await visitors.enter(FIRST)
    await browser.post("/speaker/slots/1/answer", data={"coming": "no"})
    mail = await last_to(house, "office@mail.example")
    assert "/invitations" in mail.text
    assert FIRST not in mail.text
    await browser.post("/speaker/slots/1/answer", data={"coming": "yes"})
    assert len(await mails_to(house, "office@mail.example")) == 1


async def test_the_reserve_gets_the_slot_and_an_invitation(house, visitors):
    organiser = await visitors.enter(ORGANISER)
    none = await organiser.post("/invitations/slots/1/gift", headers={**FORM, **JSON})
    assert none.json()["code"] == "no_reserve"
    form = {"name": "Robin", "email": "robin@mail.example"}
    await organiser.post("/invitations/slots/1/reserve", data=form)
    assert (await organiser.post("/invitations/slots/1/gift", headers=FORM)).status_code == 303
    slot = house.site.meeting.slots[1]
    assert slot.name == "Robin"
    assert "/i/" in (await last_to(house, "robin@mail.example")).text
    assert "There is no slot for you" in (await (await visitors.enter(FIRST)).get("/speaker")).text


async def test_who_was_put_in_by_name_is_entered_and_invited(house, visitors):
    await visitors.act(a.OpenConference(), CHAIR)
    for title in ("Greetings", "Thanks"):
        act = a.InsertItem(title, ItemKind.SPEAKERS, 5, None, "A guest")
        await visitors.act(act, CHAIR)
    named = [s.id for s in house.site.meeting.slots.values() if s.name == "A guest"]
    steward = await visitors.enter(STEWARD)
    path = f"/invitations/slots/{named[0]}/speaker"
    assert path in (await steward.get("/invitations")).text
    for bad in ("", "nobody", "a@b\nBcc: c@d.example"):
        assert (await steward.post(path, data={"email": bad}, headers=JSON)).status_code == 422
    assert (await steward.post(path, data={"email": "guest@mail.example"})).status_code == 303
    slots = house.site.meeting.slots
    assert slots[named[0]].person == slots[named[1]].person is not None
    link = re.search(r"(/i/\S+)", (await last_to(house, "guest@mail.example")).text)[1]
    guest = visitors.nobody()
    await guest.post(link)
    assert "Greetings" in (await guest.get("/speaker")).text
    again = await steward.post(path, data={"email": "guest@mail.example"}, headers=JSON)
    assert again.json()["code"] == "already_done"


async def test_a_slot_is_not_given_away_while_somebody_speaks_in_it(house, visitors):
    organiser = await visitors.enter(ORGANISER)
    await organiser.post("/invitations/slots/1/reserve", data={"name": "Robin", "email": ""})
    await to_item(visitors, 3)
    await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=SlotId(1)), CHAIR)
    before = len(house.site.meeting.people), len(house.site.names)
    answer = await organiser.post("/invitations/slots/1/gift", headers={**FORM, **JSON})
    assert answer.json()["code"] == "already_spoken"
    assert (len(house.site.meeting.people), len(house.site.names)) == before
    assert house.site.backstage.reserves[1].name == "Robin"
    assert "You are on." in (await (await visitors.enter(FIRST)).get("/speaker")).text


# --- pictures ---------------------------------------------------------------------------------------------


def image(kind="JPEG", size=(900, 600), **more):
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **more)
    return out.getvalue()


def bomb():
    """A PNG of a few bytes that says it is sixty thousand pixels wide and high."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def part(name, content):
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    body = part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"")) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_small_square_and_bare(kind):
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    made = encoded(image(kind, exif=exif) + b"<script>alert(1)</script>")
    assert made is not None
    assert b"script" not in made
    with Image.open(io.BytesIO(made)) as found:
        assert (found.format, found.size, dict(found.getexif())) == ("JPEG", (SIDE, SIDE), {})


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a" + bytes(40), b"<svg onload='alert(1)'/>", bomb(), image()[:200], bytes(500)],
    ids=["empty", "gif", "svg", "bomb", "cut off", "zeros"],
)
def test_what_is_no_picture_is_refused(content):
    assert encoded(content) is None


def files(content, name="me.jpg"):
    return {"file": (name, content, "image/jpeg")}


async def test_a_picture_is_shown_only_with_consent_and_a_public_slot(house, visitors):
    browser = await visitors.enter(FIRST)
    address = f"/speakers/{visitors.person(FIRST)}/picture"
    assert (await browser.post("/speaker/picture", files=files(image()))).status_code == 303
    mine = await browser.get(address)
    assert (mine.status_code, mine.headers["content-type"]) == (200, "image/jpeg")
    assert (await visitors.nobody().get(address)).status_code == 404
    told = {"biography": "I speak.", "published": "yes"}
    await browser.post("/speaker/about", data=told)
    assert (await visitors.nobody().get(address)).status_code == 200
    assert "I speak." in (await visitors.nobody().get("/speakers")).text
    await to_real(visitors)
    assert house.site.meeting.conference.mode is Mode.REAL
    assert (await visitors.nobody().get(address)).status_code == 404
    await visitors.act(a.AnswerSlot(SlotId(1), coming=True), FIRST)
    assert (await visitors.nobody().get(address)).status_code == 200
    await browser.post("/speaker/about", data={"biography": "I speak."})  # consent taken back
    assert (await visitors.nobody().get(address)).status_code == 404
    assert "I speak." not in (await visitors.nobody().get("/speakers")).text
    await browser.post("/speaker/picture/removal", headers=FORM)
    assert (await browser.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("content", "code"), [(b"no picture", "picture_refused"), (bytes(5_000_000), "too_large")]
)
async def test_a_bad_upload_is_refused_and_the_old_picture_stays(house, visitors, content, code):
    browser = await visitors.enter(FIRST)
    await browser.post("/speaker/picture", files=files(image()))
    answer = await browser.post("/speaker/picture", files=files(content), headers=JSON)
    assert answer.json()["code"] == code
    plain = await browser.post("/speaker/picture", data={"file": "x"}, headers=JSON)
    assert plain.json()["code"] == "picture_refused"
    assert (await browser.get(f"/speakers/{visitors.person(FIRST)}/picture")).status_code == 200


async def test_erasing_a_person_takes_what_they_told_along(house, visitors):
    who = visitors.person(FIRST)
    browser = await visitors.enter(FIRST)
    await browser.post("/speaker/about", data={"needs": "a ramp"})
    await browser.post("/speaker/picture", files=files(image()))

    async def erase(desk):
        await people.erase(desk.tx, who)

    await house.site.hall.work(erase)
    async with house.site.store.reading() as reader:
        assert await speakers.everything(reader) == {}
        assert await speakers.pictures(reader) == set()
