"""The board, the stream's delay, the hall screen, help and sound, asked over HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules.kinds import ItemState, Mode, Phase, Side, SlotId
from conference.store import helps, speakers
from conference.store.sounds import WHOLE, Sound
from conference.web.elsewhere import embedded, is_address
from conference.web.sound import room_of
from conference.web.views.beside import crowd_view
from conference.web.views.sound import sound_view
from conference.web.views.stage import stage_view
from tests.web.test_speaker import CHAIR, FIRST, FORM, SECOND, drained, seated, to_item

STEWARD, ORGANISER = "Steward", "Registrar"
JSON = {"Accept": "application/json"}
STREAM = "https://radio.example/live.m3u8"


def board(house):
    return {line.name: line for item in stage_view(house.site).items for line in item.lines}


async def to_real(visitors):
    for mode in (Mode.REHEARSAL, Mode.REAL):
        name = visitors.house.site.meeting.conference.name
        await visitors.act(a.SetMode(mode, name), ORGANISER)


async def enter_sound(visitors, item=0, **fields):
    browser = await visitors.enter(STEWARD)
    form = {"kind": "none", **fields}
    return await browser.post(f"/sound/items/{item}", data=form, headers=JSON)


# --- the board -------------------------------------------------------------------------------------


async def test_the_board_turns_red_and_says_whom_to_ring(house, visitors):
    browser = await visitors.enter(FIRST)
    assert (
        await browser.post("/speaker/about", data={"phone": "01632 960 001"})
    ).status_code == 303
    await to_item(visitors, 3)
    row = board(house)[FIRST]
    assert (row.unseen, row.late, row.phone) == (True, True, "01632 960 001")
    assert FIRST in stage_view(house.site).alarm
    page = (await (await visitors.enter(STEWARD)).get("/stage")).text
    assert f"Ring {FIRST}: 01632 960 001" in page
    await visitors.act(a.ConfirmSeen(SlotId(1)), FIRST)
    assert (board(house)[FIRST].unseen, board(house)[FIRST].late) == (False, True)
    await browser.post("/speaker/slots/1/ready", data={"ready": "here"})
    assert not board(house)[FIRST].late


async def test_who_was_not_called_stays_on_the_board(house, visitors):
    await to_item(visitors, 3)
    await visitors.act(a.NextItem(house.site.meeting.conference.item), CHAIR)
    assert board(house)[FIRST].state == "passed"


async def test_bringing_forward_and_signals(house, visitors):
    steward = await visitors.enter(STEWARD)
    await to_item(visitors, 3)
    answer = await steward.post("/stage/slots/2/forward", headers=FORM)
    assert answer.headers["location"] == "/stage"
    await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=SlotId(2)), CHAIR)
    turn = house.site.meeting.conference.turn
    seat = seated(house, visitors, SECOND)
    answer = await steward.post(f"/stage/turns/{turn}/signal", data={"signal": "please_finish"})
    assert answer.status_code == 303
    assert any("please finish" in frame for frame in drained(seat))
    await visitors.act(a.EndSpeech(turn), CHAIR)
    late = await steward.post(
        f"/stage/turns/{turn}/signal", data={"signal": "louder"}, headers=JSON
    )
    assert (late.status_code, late.json()["code"]) == (409, "nobody_speaks")


async def test_the_chair_is_asked_to_take_an_item_next(house, visitors):
    steward = await visitors.enter(STEWARD)
    path = "/stage/items/5/suggestion"
    early = await steward.post(path, headers={**FORM, **JSON})
    assert early.status_code == 404
    await to_item(visitors, 3)
    assert path in (await steward.get("/stage")).text
    before = house.site.meeting
    assert (await steward.post(path, headers=FORM)).status_code == 303
    assert house.site.meeting is before, "the order is the chair's"
    said = "The stage asks you to take this next: Item 5: The fight for free speech"
    assert said in (await (await visitors.enter(CHAIR)).get("/chair")).text
    for wrong in (3, 1, 999):
        bad = await steward.post(f"/stage/items/{wrong}/suggestion", headers={**FORM, **JSON})
        assert bad.status_code == 404
    delegate = await visitors.enter("Delegate 001")
    assert (await delegate.post(path, headers=FORM)).status_code == 403


async def test_the_delay_by_two_presses(house, visitors):
    steward = await visitors.enter(STEWARD)
    early = await steward.post("/stage/delay", data={"what": "heard"}, headers=JSON)
    assert early.json()["code"] == "nothing_said"
    await steward.post("/stage/delay", data={"what": "said"})
    visitors.clock.at += 17_400
    assert (await steward.post("/stage/delay", data={"what": "heard"})).status_code == 303
    assert house.site.meeting.stage.delay == 18
    orders = (await visitors.nobody().get("/standing-orders")).text
    assert "18 seconds longer, because the stream is so much behind" in orders


@pytest.mark.parametrize("path", ["/stage", "/sound", "/invitations"])
async def test_only_the_stage_may_look(visitors, path):
    assert (await (await visitors.enter("Delegate 001")).get(path)).status_code == 403
    assert (await (await visitors.enter(FIRST)).get(path)).status_code == 403
    assert (await (await visitors.enter(ORGANISER)).get(path)).status_code == 200


# --- the hall screen -------------------------------------------------------------------------------


async def test_in_a_real_conference_the_screen_has_a_link_that_can_be_revoked(house, visitors):
    assert (await visitors.nobody().get("/screen")).status_code == 200
    await to_real(visitors)
    refused = await visitors.nobody().get("/screen", headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (403, "screen_link")
    steward = await visitors.enter(STEWARD)
    assert (await steward.get("/screen")).status_code == 200
    token = house.site.links.sign("screen", 1)
    assert (await visitors.nobody().get(f"/screen/{token}")).status_code == 200
    old = house.site.links.screen_pass(1)
    seat = seated(house, visitors, FIRST)
    seat.person = ""
    house.site.room.leave(seat)
    house.site.room.join(seat)
    assert (await steward.post("/stage/screen/link", headers=FORM)).status_code == 303
    assert (await visitors.nobody().get(f"/screen/{token}")).status_code == 403
    assert not house.site.links.is_screen(old, house.site.backstage.screen_link)
    assert seat.close_code is not None  # a screen that was open goes dark
    fresh = house.site.links.sign("screen", 2)
    assert (await visitors.nobody().get(f"/screen/{fresh}")).status_code == 200


@pytest.mark.parametrize(
    ("shows", "says"),
    [("programme", "Programme"), ("speaker", "large-clock"), ("result", "data-result=")],
)
async def test_the_screen_shows_what_was_chosen(visitors, shows, says):
    steward = await visitors.enter(STEWARD)
    await to_item(visitors, 3)
    await visitors.act(a.CallSpeaker(Side.SPEAKER, slot=SlotId(1)), CHAIR)
    before = (await visitors.nobody().get("/screen")).text
    assert says not in before.partition("<main")[2].replace("Programme</a>", "")
    assert (await steward.post("/stage/screen", data={"shows": shows})).status_code == 303
    assert says in (await visitors.nobody().get("/screen")).text


async def test_between_two_items_the_screen_shows_what_comes(visitors, client):
    assert "Motion 1: Democratise" in (await client.get("/screen")).text
    await visitors.act(a.OpenConference(), CHAIR)
    assert "Motion 1: Democratise" in (await client.get("/screen")).text
    await visitors.act(a.CallItem(1), CHAIR)
    assert "Motion 1: Democratise" not in (await client.get("/screen")).text


# --- in a real conference ----------------------------------------------------------------------------


async def test_an_unconfirmed_slot_is_not_public_in_a_real_conference(visitors):
    places = (
        "/", "/agenda", "/agenda/paper", "/agenda/paper.md", "/speakers", "/screen",
        "/agenda.ics", "/agenda.json", "/embed/agenda",
    )  # fmt: skip

    async def named():
        client = visitors.nobody()
        return {p for p in places if FIRST in (await client.get(p)).text}

    assert await named() == set(places) - {"/screen"}
    await to_real(visitors)
    assert await named() == set()
    await visitors.act(a.AnswerSlot(SlotId(1), coming=True), FIRST)
    assert "/agenda" in await named()
    await visitors.act(a.AnswerSlot(SlotId(1), coming=False), FIRST)
    assert await named() == set()


# --- help ----------------------------------------------------------------------------------------------


async def test_help_is_a_count_for_the_chair_and_a_name_for_the_steward(house, visitors):
    delegate = await visitors.enter("Delegate 007")
    for problem in ("hear", "vote"):  # the second replaces the first
        answer = await delegate.post("/help/calls", data={"problem": problem}, headers=JSON)
        assert "The stewards know" in answer.json()["say"]
    await (await visitors.enter("Delegate 008")).post("/help/calls", data={"problem": "vote"})
    assert [(c.problem, c.count) for c in crowd_view(house.site).helps] == [("I cannot vote", 2)]
    board_page = (await (await visitors.enter(STEWARD)).get("/stage")).text
    assert "Delegate 007" in board_page
    assert "Delegate 007" not in (await (await visitors.enter(CHAIR)).get("/chair")).text
    assert "The stewards know" in (await delegate.get("/help")).text
    number = next(iter(house.site.backstage.helps))
    stranger = await visitors.enter("Delegate 009")
    no = await stranger.post(f"/help/calls/{number}/settled", headers={**FORM, **JSON})
    assert (no.status_code, no.json()["code"]) == (403, "not_yours")
    await delegate.post(f"/help/calls/{number}/settled", headers=FORM)
    gone = await delegate.post(f"/help/calls/{number}/settled", headers={**FORM, **JSON})
    assert gone.json()["code"] == "already_done"
    assert len(house.site.backstage.helps) == 1


async def test_every_page_of_somebody_signed_in_has_help(visitors):
    delegate = await visitors.enter("Delegate 001")
    for path in ("/floor", "/agenda", "/motions/1", "/me", "/privacy"):
        assert 'action="/help/calls"' in (await delegate.get(path)).text, path
    assert 'action="/help/calls"' not in (await visitors.nobody().get("/agenda")).text


# --- sound and picture -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "data:text/html,x", "http://radio.example/", "ftp://radio.example/",
        "https://user:secret@radio.example/", "https://radio.example/ x", "https://", "radio.example",
        "https://radio.example\n.evil.example/", "https://[::1", "https://x:99999/", "//radio.example",
        "https://radio.example; script-src *", "https://" + "a" * 600, 'https://a.example/"onload="',
    ],
)  # fmt: skip
async def test_a_bad_address_is_refused_and_nothing_changes(house, visitors, address):
    assert not is_address(address)
    answer = await enter_sound(visitors, kind="link", listen=address)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_field")
    assert "listen" in answer.json()["fields"]
    assert house.site.backstage.sounds == {}
    assert sound_view(house.site).kind == "none"


async def test_an_embed_of_a_host_that_is_not_allowed_is_refused(house, visitors):
    video = "https://www.youtube.com/watch?v=abc_DEF-123"
    answer = await enter_sound(visitors, kind="embed", listen=video)
    assert answer.status_code == 422
    assert "www.youtube-nocookie.com is not on the list" in answer.json()["fields"]["listen"]
    steward, organiser = await visitors.enter(STEWARD), await visitors.enter(ORGANISER)
    hosts = {"hosts": "www.youtube-nocookie.com\n"}
    assert (await steward.post("/sound/hosts", data=hosts)).status_code == 403
    assert (await organiser.post("/sound/hosts", data=hosts)).status_code == 303
    assert (await enter_sound(visitors, kind="embed", listen=video)).status_code == 303
    floor = await (await visitors.enter("Delegate 001")).get("/floor")
    policy = floor.headers["content-security-policy"]
    assert "frame-src https://www.youtube-nocookie.com;" in policy
    assert "media-src" not in policy
    await organiser.post("/sound/hosts", data={"hosts": ""})  # taken off: a link from then on
    assert sound_view(house.site).kind == "link"
    floor = await (await visitors.enter("Delegate 001")).get("/floor")
    assert "frame-src" not in floor.headers["content-security-policy"]
    assert 'rel="noopener noreferrer"' in floor.text


@pytest.mark.parametrize(
    "hosts", ["javascript:alert(1)", "a b; script-src *", "*.example.org", "/"]
)
async def test_a_bad_host_is_refused(house, visitors, hosts):
    organiser = await visitors.enter(ORGANISER)
    answer = await organiser.post("/sound/hosts", data={"hosts": hosts}, headers=JSON)
    assert answer.status_code == 422
    assert house.site.backstage.embed_hosts == ()


async def test_the_policy_names_exactly_the_host_of_the_stream(visitors):
    plain = (await (await visitors.enter("Delegate 001")).get("/floor")).headers
    assert "media-src" not in plain["content-security-policy"]
    assert (await enter_sound(visitors, kind="audio", listen=STREAM)).status_code == 303
    browser = await visitors.enter("Delegate 001")
    policy = (await browser.get("/floor")).headers["content-security-policy"]
    assert "media-src https://radio.example blob:;" in policy
    assert "connect-src 'self' https://radio.example;" in policy
    assert "script-src 'self' 'sha256-" in policy
    for path in ("/agenda", "/me", "/help"):
        other = (await browser.get(path)).headers["content-security-policy"]
        assert "radio.example" not in other, path


async def test_an_item_has_its_own_addresses_or_those_of_the_whole(house, visitors):
    await enter_sound(visitors, kind="audio", listen=STREAM)
    first = house.site.meeting.conference.item
    await visitors.act(a.OpenConference(), CHAIR)
    first = house.site.meeting.conference.item
    assert sound_view(house.site).address == STREAM
    await enter_sound(visitors, item=first, kind="hall")
    assert sound_view(house.site).kind == "hall"
    await enter_sound(visitors, item=first)
    assert house.site.backstage.sounds == {WHOLE: Sound(WHOLE, "audio", STREAM)}
    unknown = await enter_sound(visitors, item=999, kind="hall")
    assert unknown.json()["code"] == "unknown"


async def test_the_speaking_address_is_for_whoever_speaks_or_stands_by(house, visitors):
    secret = "https://meet.example/secret-room"
    await enter_sound(visitors, kind="audio", listen=STREAM, speak=secret)
    first, second = await visitors.enter(FIRST), await visitors.enter(SECOND)
    delegate = await visitors.enter("Delegate 001")

    async def lets_in(browser, path):
        answer = await browser.get(path, headers=JSON)
        if answer.status_code == 303:
            assert answer.headers["location"] == secret
            assert answer.headers["referrer-policy"] == "no-referrer"
            return True
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_turn")
        return False

    assert not await lets_in(first, "/speaker/slots/1/room")
    await to_item(visitors, 3)
    assert await lets_in(first, "/speaker/slots/1/room")
    assert not await lets_in(second, "/speaker/slots/2/room")
    assert not await lets_in(delegate, "/room")
    assert await lets_in(await visitors.enter(CHAIR), "/room")
    other = await second.get("/speaker/slots/1/room", headers=JSON)
    assert other.json()["code"] == "not_your_slot"
    for path in ("/floor", "/agenda", "/help"):
        assert secret not in (await delegate.get(path)).text, path
    assert secret not in (await first.get("/speaker")).text  # a press asks for it


async def test_a_called_delegate_is_shown_the_way(house, visitors):
    await enter_sound(visitors, speak="https://meet.example/room")
    await to_item(visitors, 4)
    for name in ("Delegate 001", "Delegate 002", "Delegate 003"):
        if not house.site.meeting.people[visitors.person(name)].present:
            await visitors.act(a.CheckIn(), name)
    motion = house.site.meeting.conference.motion
    await visitors.act(a.MarkMoved(motion), CHAIR)
    await visitors.act(a.MarkSeconded(motion), CHAIR)
    for n in (1, 2):
        await visitors.act(a.LetFall(motion, n), CHAIR)
    await visitors.act(a.AskToSpeak(motion, Side.FOR), "Delegate 001")
    who = visitors.person("Delegate 001")
    assert room_of(house.site, who) == "https://meet.example/room"  # the first who waits
    await visitors.act(a.CallSpeaker(Side.FOR, request=1), CHAIR)
    page = (await (await visitors.enter("Delegate 001")).get("/floor")).text
    assert "You have the floor. Please speak now." in page
    assert 'href="/room"' in page
    assert 'href="/room"' not in (await (await visitors.enter("Delegate 002")).get("/floor")).text


@pytest.mark.parametrize(
    ("address", "embed"),
    [
        ("https://www.youtube.com/watch?v=a1&t=3", "https://www.youtube-nocookie.com/embed/a1"),
        ("https://youtu.be/a1", "https://www.youtube-nocookie.com/embed/a1"),
        ("https://www.youtube.com/live/a1?x=y", "https://www.youtube-nocookie.com/embed/a1"),
        ("https://vimeo.com/123456", "https://player.vimeo.com/video/123456"),
        ("https://tube.example/w/a1B2", "https://tube.example/videos/embed/a1B2"),
        ("https://tube.example/videos/watch/a1", "https://tube.example/videos/embed/a1"),
        ("https://meet.example/Room", "https://meet.example/Room"),
    ],
)
def test_what_is_embedded(address, embed):
    assert embedded(address) == embed


async def test_at_the_close_what_was_for_the_day_is_gone(house, visitors):
    browser = await visitors.enter(FIRST)
    told = {"needs": "a ramp", "phone": "0123", "biography": "Lines.", "published": "yes"}
    await browser.post("/speaker/about", data=told)
    await (await visitors.enter("Delegate 001")).post("/help/calls", data={"problem": "lost"})
    site = house.site
    closed = a.CloseConference()
    before = site.meeting
    items = before.items
    for item in before.items.values():
        items = items.put(item.id, replace(item, state=ItemState.DONE))
    chair = visitors.person(CHAIR)
    head = replace(before.conference, phase=Phase.OPEN, item=None, chair=chair)
    site.hall.meeting = replace(before, items=items, conference=head)
    assert await site.hall.act(closed, chair) is None
    details = site.backstage.details(visitors.person(FIRST))
    assert (details.needs, details.phone, details.biography) == ("", "", "Lines.")
    assert site.backstage.helps == {}
    async with site.store.reading() as reader:
        assert await helps.waiting(reader) == {}
        stored = await speakers.everything(reader)
    assert stored[visitors.person(FIRST)] == details
