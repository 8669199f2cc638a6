"""The wire from outside: who may connect, what a seat is told, how ballots are answered."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.live.serving import (
    CHAIR,
    PRESENT,
    Person,
    Prepared,
    Seat,
    Server,
    close_vote,
    declare,
    delegate,
    open_vote,
)


async def refused(person: Person, view: str = "floor", **options) -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as caught:
        await person.seat(view, **options)
    answer = caught.value.response
    return answer.status_code, json.loads(answer.body)["code"]


# --- the handshake ---------------------------------------------------------------------------


async def test_nobody_connects_without_a_session(server: Server):
    nobody = server.nobody()
    assert await refused(nobody) == (403, "signed_out")
    assert await refused(nobody, "screen") == (403, "signed_out")
    nobody.cookie = "conference=" + "x" * 43
    assert await refused(nobody) == (403, "signed_out")
    nobody.cookie = "conference=" + "x" * 3000
    assert await refused(nobody) == (403, "signed_out")
    await nobody.leave()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None, "http://127.0.0.1"])
async def test_nobody_connects_from_elsewhere(server: Server, chair: Person, origin):
    assert await refused(chair, "chair", origin=origin) == (403, "bad_origin")


async def test_the_host_is_told_which_setting_decides(server: Server, chair: Person):
    await refused(chair, "chair", origin="https://our.own.example")
    told = [line for line in server.stderr().splitlines() if "our.own.example" in line]
    assert "--public-url" in told[-1]
    assert server.url in told[-1]


@pytest.mark.parametrize("view", ["chair", "registrar", "speaker", "nonsense", "", "floor\x00"])
async def test_nobody_gets_a_view_that_is_not_theirs(server: Server, view: str):
    async with server.person(delegate(1)) as person:
        assert await refused(person, view) == (403, "not_allowed")


async def test_ending_a_sign_in_elsewhere_closes_what_is_open_there(server: Server):
    async with server.person(delegate(3)) as phone, server.person(delegate(3)) as desk:
        lost, kept = await phone.seat(), await desk.seat()
        await lost.greeting()
        await kept.greeting()
        assert (await desk.post("/me/sessions")).status_code == 303
        assert (await lost.next("bye", within=1))["code"] == "session_ended"
        assert await lost.closed(1) == 4401
        assert await refused(phone) == (403, "signed_out")
        assert (await desk.seat()).ws is not None


async def test_a_page_made_for_somebody_else_is_sent_away(server: Server):
    async with server.person(delegate(4)) as person:
        seat = await person.seat(query={"as": "0123456789abcdef"})
        assert (await seat.next("bye"))["code"] == "reload"
        assert await seat.closed() == 4401


async def test_a_session_has_eight_seats_at_most(server: Server):
    async with server.person(delegate(2)) as person:
        seats = [await person.seat() for _ in range(8)]
        assert await refused(person) == (429, "too_often")
        await seats[0].ws.close()
        for _ in range(50):
            try:
                await person.seat()
                break
            except InvalidStatus:
                await asyncio.sleep(0.05)
        else:
            pytest.fail("a seat that was left stays taken")


async def test_a_person_has_twenty_four_seats_at_most_on_whatever_devices(server: Server):
    name = delegate(31)
    for _device in range(3):
        person = await server.enter(name)
        for _page in range(8):
            await person.seat()
    assert await refused(await server.enter(name)) == (429, "too_often")


async def test_a_hall_screen_connects_without_a_sign_in(server: Server):
    nobody = server.nobody()
    page = await nobody.http.get("/screen")
    nobody.cookie = f"conference-screen={page.cookies['conference-screen']}"
    seat = await nobody.seat("screen")
    assert [m.get("id") for m in await seat.greeting() if m["t"] == "region"] == [
        "banner", "screen",
    ]  # fmt: skip
    assert await refused(nobody, "floor") == (403, "signed_out")
    await seat.ws.send('{"t":"ballot","n":1,"vote":1,"id":"abcdefgh","paper":"for"}')
    assert (await seat.next("refused"))["code"] == "not_allowed"
    await nobody.leave()


# --- what a seat is told -----------------------------------------------------------------------


async def test_a_greeting_says_hello_first_then_every_region(server: Server, chair: Person):
    told = await (await chair.seat("chair")).greeting()
    assert told[0]["t"] == "hello"
    assert told[0]["epoch"] == json.loads((await chair.http.get("/healthz")).text)["epoch"]
    names = [m["id"] for m in told if m["t"] == "region"]
    assert len(names) == len(set(names))
    assert {"now", "vote", "result", "panel", "hall", "speakers", "order", "banner"} < set(names)
    assert {"inbox", "notes", "officers"} < set(names)
    page = await chair.panel()
    assert all(f'id="region-{name}"' in page for name in names)


async def test_who_comes_back_to_the_same_version_gets_only_what_is_unnumbered(server: Server):
    async with server.person(delegate(3)) as person:
        hello = (await (await person.seat()).greeting())[0]
        same = {"e": hello["epoch"], "v": hello["version"]}
        told = await (await person.seat(query=same)).greeting()
        assert {m["id"] for m in told if m["t"] == "region"} == {
            "queue", "me", "ballot", "sound",
        }  # fmt: skip
        for query in (
            {**same, "e": "0" * 32},
            {**same, "v": hello["version"] - 1},
            {**same, "v": "x"},
            {**same, "v": "9" * 5000},
            {**same, "v": "٣"},
            {"e": hello["epoch"]},
        ):
            told = await (await person.seat(query=query)).greeting()
            regions = {m["id"] for m in told if m["t"] == "region"}
            assert regions == {
                "banner", "now", "vote", "result", "queue", "me", "ballot", "sound",
            }  # fmt: skip
            await person.seats[-1].ws.close()


async def test_an_act_of_the_chair_reaches_every_audience(own_server: Server, own_chair: Person):
    async with own_server.person(delegate(1)) as person, own_server.person("Observer 001") as guest:
        seats = [
            await person.seat(),
            await guest.seat(),
            await own_chair.seat("chair"),
            await own_chair.seat("screen"),
        ]
        versions = [(await seat.greeting())[0]["version"] for seat in seats]
        done = await own_chair.press("turns", side="for")
        assert done.status_code in {303, 409}
        await open_vote(own_chair, 1)
        for seat, name in zip(seats, ("vote", "vote", "vote", "screen"), strict=True):
            told = await seat.until(
                lambda m, name=name: m["t"] == "region" and m["id"] == name and "open" in m["html"]
            )
            assert told["v"] > versions[0]


# --- what is not understood ---------------------------------------------------------------------

MALFORMED = {
    "not JSON": "hello",
    "empty": "",
    "half": '{"t":"ballot"',
    "a list": "[1]",
    "a number": "1",
    "null": "null",
    "no kind": '{"n":1}',
    "unknown kind": '{"t":"open_vote","n":1}',
    "kind of the server": '{"t":"ack","n":1}',
    "a list as kind": '{"t":[],"n":1}',
    "a kind that is no text": '{"t":1,"n":1}',
    "deep": "[" * 30_000,
    "binary": b'{"t":"ballot","n":1,"vote":1,"id":"abcdefgh","paper":"for"}',
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_what_is_not_understood_ends_the_connection(server: Server, name: str):
    async with server.person(delegate(4)) as person:
        seat = await person.seat()
        await seat.greeting()
        await seat.ws.send(MALFORMED[name])
        assert await seat.closed() == 4400
        assert seat.unread[-1]["t"] == "bye"
        assert seat.unread[-1]["code"] == "malformed"
        assert seat.unread[-1]["retry_ms"] > 0


async def test_what_is_too_big_or_no_text_ends_the_connection(server: Server):
    async with server.person(delegate(4)) as person:
        big = await person.seat()
        await big.ws.send('{"t":"ballot","n":1,"id":"' + "x" * 65536 + '"}')
        assert await big.closed() == 1009
        odd = await person.seat()
        await odd.ws.send(b'{"t":"\xff"}', text=True)
        assert await odd.closed() == 1007
    assert "Traceback" not in server.stderr()


BAD = {
    "no fields": {},
    "no id": {"vote": 1, "paper": "for"},
    "short id": {"vote": 1, "id": "abc", "paper": "for"},
    "long id": {"vote": 1, "id": "x" * 65, "paper": "for"},
    "id with a new line": {"vote": 1, "id": "abcdefgh\n", "paper": "for"},
    "other paper": {"vote": 1, "id": "abcdefgh", "paper": "maybe"},
    "text as vote": {"vote": "1", "id": "abcdefgh", "paper": "for"},
    "zero as vote": {"vote": 0, "id": "abcdefgh", "paper": "for"},
    "huge vote": {"vote": 2**53, "id": "abcdefgh", "paper": "for"},
    "unknown field": {"vote": 1, "id": "abcdefgh", "paper": "for", "person": "p1"},
}


async def test_bad_content_is_refused_and_the_connection_stays(server: Server):
    async with server.person(delegate(5)) as person:
        seat = await person.seat()
        for fields in BAD.values():
            answer = await seat.ask("ballot", **fields)
            assert (answer["t"], answer["code"]) == ("refused", "bad_field")
            assert answer["say"].endswith(".")
        assert (await seat.ask("ballot", n=0))["n"] == 0
        for number in (-1, 2**53, 1.5, "1", None, True):
            await seat.ws.send(json.dumps({"t": "withdraw", "n": number, "motion": 1}))
            assert (await seat.next("refused"))["n"] == 0
        assert (await seat.ask("withdraw", motion=1))["code"] == "not_asked"


async def test_who_sends_too_fast_is_told_and_closed(server: Server):
    async with server.person(delegate(6)) as person:
        seat = await person.seat()
        for number in range(120):
            await seat.ws.send(json.dumps({"t": "withdraw", "n": number, "motion": 1}))
        assert await seat.closed() == 4429
        bye = next(m for m in seat.unread if m["t"] == "bye")
        assert bye["code"] == "too_often"
        assert bye["retry_ms"] >= 1000
        assert (await (await person.seat()).greeting())[0]["t"] == "hello"


async def test_signing_out_closes_the_seats_of_that_session_only(server: Server):
    async with server.person(delegate(7)) as person, server.person(delegate(7)) as other:
        seat, second, elsewhere = await person.seat(), await person.seat(), await other.seat()
        assert (await person.post("/sign-out")).status_code == 303
        for closed in (seat, second):
            assert await closed.closed() == 4401
            assert closed.unread[-1]["code"] == "session_ended"
        assert (await elsewhere.ask("withdraw", motion=1))["code"] == "not_asked"
        assert await refused(person) == (403, "signed_out")


# --- the floor -----------------------------------------------------------------------------------


async def test_asking_to_speak_and_withdrawing(server: Server, chair: Person):
    async with server.person(delegate(8)) as person, server.person("Observer 001") as guest:
        seat = await person.seat()
        speakers = await chair.seat("chair")
        assert (await seat.ask("ask", motion=1, side="for"))["t"] == "ack"
        assert delegate(8) in await speakers.region("speakers", delegate(8))
        assert (await seat.ask("ask", motion=1, side="against"))["code"] == "already_asked"
        assert (await seat.ask("withdraw", motion=1)) == {"t": "ack", "n": 3, "vote": None}
        assert (await seat.ask("withdraw", motion=1))["code"] == "not_asked"
        assert (await seat.ask("ask", motion=99, side="for"))["code"] == "unknown"
        assert (await seat.ask("seen", slot=1))["code"] == "not_allowed"
        watching = await guest.seat()
        assert (await watching.ask("ask", motion=1, side="for"))["code"] == "observer"


async def test_a_speaker_confirms_a_slot(server: Server):
    rows = server.rows(
        "SELECT slot.id, account.name FROM slot JOIN account ON account.person = slot.person"
    )
    number, name = rows[0]
    async with server.person(str(name)) as person:
        seat = await person.seat("gallery")
        assert (await seat.ask("seen", slot=number))["t"] == "ack"
        assert (await seat.ask("seen", slot=10**9))["code"] == "unknown"
        others = [row[0] for row in rows if row[1] != name]
        assert (await seat.ask("seen", slot=others[0]))["code"] == "not_your_slot"


# --- ballots -------------------------------------------------------------------------------------


async def stored(server: Server, vote: int) -> dict[str, tuple[str, str]]:
    """Id and choice by name, as whoever sealed it knows it; no choice once it has been counted."""
    found = server.rows(
        "SELECT account.name, ballot.id, ballot.paper FROM ballot "
        "JOIN account ON account.person = ballot.person WHERE vote = ?",
        vote,
    )
    return {str(name): (str(id_), server.choice_in(paper)) for name, id_, paper in found}


async def test_one_vote_from_announcement_to_result(own_server: Server, own_chair: Person):
    async with (
        own_server.person(delegate(1)) as voter,
        own_server.person(delegate(1)) as same,
        own_server.person("Observer 001") as guest,
        own_server.person(delegate(PRESENT + 1)) as late,
    ):
        seat, second = await voter.seat(), await same.seat()
        watching, coming = await guest.seat(), await late.seat()
        assert (await own_chair.press("votes", motion=1)).status_code == 303
        vote = 4
        assert (await seat.vote(vote, "too-early"))["code"] == "vote_not_open"
        await seat.region("vote", 'data-vote-state="open"')

        # The acknowledgement comes after the storing: what is read now must hold it.
        assert await seat.vote(vote, "first-press") == {"t": "ack", "n": 2, "vote": vote}
        assert (await stored(own_server, vote))[delegate(1)] == ("first-press", "for")
        for device in (seat, second):
            assert "Recorded" in await device.region("ballot", "Recorded")
        turnout = await watching.next("turnout")
        assert (turnout["vote"], turnout["cast"], turnout["roll"]) == (vote, 1, PRESENT)

        assert (await seat.vote(vote, "first-press"))["t"] == "ack"
        assert (await seat.vote(vote, "first-press", "against"))["code"] == "id_used"
        assert (await second.vote(vote, "second-press", "against"))["t"] == "ack"
        assert (await seat.vote(vote, "first-press"))["code"] == "superseded"
        assert (await stored(own_server, vote))[delegate(1)] == ("second-press", "against")

        # A page that comes with the same version is told the turnout of now.
        hello = (await (await guest.seat()).greeting())[0]
        told = await (
            await guest.seat(query={"e": hello["epoch"], "v": hello["version"]})
        ).greeting()
        assert [m["cast"] for m in told if m["t"] == "turnout"] == [1]

        no = await watching.vote(vote, "a-ballot-id")
        assert (no["code"], no["say"].count("Observers")) == ("observer", 1)
        assert (await late.post("/presence", here="yes")).status_code == 303
        no = await coming.vote(vote, "a-ballot-id")
        assert no["code"] == "late"
        assert "next" in no["say"]
        assert (await seat.vote(vote + 1, "a-ballot-id"))["code"] == "unknown"

        await close_vote(own_chair, vote)
        assert (await seat.vote(vote, "after-close"))["code"] == "vote_closed"
        assert (await second.vote(vote, "second-press", "against"))["t"] == "ack"
        assert (await seat.vote(vote, "second-press", "for"))["code"] == "vote_closed"
        assert (await seat.vote(vote, "first-press"))["code"] == "superseded"
        assert await stored(own_server, vote) == {delegate(1): ("second-press", "")}
        assert own_server.rows("SELECT * FROM opened_ballot WHERE vote = ?", vote) == [
            (vote, 1, "against")
        ]
        await declare(own_chair, vote)
        assert "data-result" in await seat.region("result", "data-result")
        assert "data-result" in await watching.region("result", "data-result")
        assert (await late.http.get("/floor")).text.count("data-result") == 1


async def test_an_answer_comes_when_the_press_was_a_form(server: Server):
    async with server.person(delegate(9)) as person:

        async def press(**fields):
            done = await person.post("/votes/999/ballots", **fields)
            return done.status_code, json.loads(done.text)["code"] if done.text else ""

        assert await press(paper="for") == (404, "unknown")
        assert await press(paper="for", id="") == (404, "unknown")
        assert await press(paper="maybe") == (422, "bad_field")
        assert await press(paper="for", id="x") == (422, "bad_field")
        assert await press(paper="for", extra="x") == (422, "bad_field")
        for number in ("9" * 16, "9" * 5000, "-1", "1.0"):
            done = await person.post(f"/votes/{number}/ballots", paper="for")
            assert (done.status_code, done.json()["code"]) == (404, "not_found")


# --- a seat that does not read ---------------------------------------------------------------------


def resident(server: Server) -> int:
    """The server's memory, in bytes."""
    assert server.process is not None
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


async def talk(seat: Seat, times: int) -> float:
    """Ask for the floor and withdraw, again and again; the longest wait for an answer."""
    clock = asyncio.get_running_loop().time
    slowest = 0.0
    for number in range(times):
        started = clock()
        kind, fields = (("ask", {"side": "for"}), ("withdraw", {}))[number % 2]
        assert (await seat.ask(kind, motion=1, **fields))["t"] == "ack"
        slowest = max(slowest, clock() - started)
        seat.unread.clear()
        await asyncio.sleep(max(0, 0.05 - (clock() - started)))
    return slowest


async def deaf_seat(person: Person, view: str) -> Seat:
    """A seat that reads nothing, and whose side of the connection can hold little."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", person.server.port))
    return await person.seat(view, sock=sock, max_queue=1)


async def test_a_seat_that_does_not_read_harms_nobody(own_server: Server, own_chair: Person):
    people = await asyncio.gather(*(own_server.enter(delegate(n)) for n in range(1, 31)))
    for person in people[8:]:
        assert (await person.post("/queue", motion=1, wish="for")).status_code == 303
    talking = await asyncio.gather(*(person.seat() for person in people[:8]))
    deaf = await asyncio.gather(*(deaf_seat(own_chair, "chair") for _ in range(4)))
    before = resident(own_server)
    slowest = max(await asyncio.gather(*(talk(seat, 60) for seat in talking)))
    grown = resident(own_server) - before
    codes = [await seat.closed(40) for seat in deaf]
    print(f"slowest answer {slowest:.3f} s, grown by {grown // 1024} KiB")
    assert set(codes) == {4408}
    assert slowest < 20  # who waits for the deaf waits for ever
    assert grown < 32 * 1024 * 1024
    await asyncio.gather(*(person.leave() for person in people))


def test_the_prepared_folder_is_as_the_page_says(prepared: Prepared):
    assert (prepared.motion, prepared.votes) == (1, 3)
    assert CHAIR in prepared.links
