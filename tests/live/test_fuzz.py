"""Well-formed and broken messages from everybody at once: answered, refused, and nothing breaks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.live.serving import CHAIR, PRESENT, Person, Seat, Server, delegate, open_vote

SECONDS = float(os.environ.get("FUZZ_SECONDS", "12"))
SEED = int(os.environ.get("FUZZ_SEED", "20210227"))
NOT_PARSED = {
    "bad_field", "malformed", "too_large", "not_found", "method", "4400", "1007", "1009", "400",
}  # fmt: skip
NOTHING = {"too_often", "4429", "bad_origin", "signed_out", "not_allowed"}
"""Answers that say nothing about the message: perhaps it was not looked at."""

ODD_TEXT = ["", " ", "0", "-1", "1.5", "1e3", "9" * 16, "9" * 5000, "null", "true", "\x00", "١",
            "ü" * 200, "' OR 1=1 --", "<b>", "\ud7ff\uffff", "x" * 5000, "%s%(code)s{0}"]  # fmt: skip
ODD_JSON = [None, True, -1, 0, 1.5, 2**53, 2**63, 10**30, "", "1", "x" * 3000, [], {}, [[]],
            {"a": {}}, "\x00", "\ud7ff", "for ", "FOR"]  # fmt: skip
BODIES = [
    ("text/plain", b"paper=for"),
    ("application/json", b'{"paper":"for"}'),
    ("application/x-www-form-urlencoded", b"\xff\xfe=%ff%zz&&&=&a"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"paper=for"),
    ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(60))),
    ("application/x-www-form-urlencoded", b"paper=for&paper=against&step=1&step=2"),
    ("application/x-www-form-urlencoded", b"paper=" + b"x" * 70_000),
    ("multipart/form-data", b"paper=for"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=x; charset=nonsense",
     b'--x\r\nContent-Disposition: form-data; name="paper"\r\n\r\nfor\r\n--x--\r\n'),
    ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
    ("multipart/form-data; boundary=x", b"--y--"),
    ("multipart/form-data; boundary=x",
     b'--x\r\nContent-Disposition: form-data; name="paper"; filename="a"\r\n\r\nfor\r\n--x--\r\n'),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--"),
    ("", b"paper=for"),
]  # fmt: skip
RAW = ["", "{", "null", "[]", "1", '"ballot"', '{"t":[]}', '{"t":{}}', '{"t":null,"n":1}',
       '{"t":"hello"}', "[" * 20_000, '{"t":"ballot","n":' + "9" * 5000 + "}", b"\x00\x01",
       b'{"t":"seen","n":1,"slot":1}']  # fmt: skip

BUTTONS = [
    "opening", "end", "items/{}/call", "items/{}/end", "motions/{}/put", "motions/{}/moved",
    "motions/{}/seconded", "motions/{}/fall", "turns/{}/end", "votes/{}/extension",
    "votes/{}/closure", "votes/{}/declaration",
]  # fmt: skip


@dataclass
class Told:
    """What the server answered, all in all."""

    codes: Counter[str] = field(default_factory=Counter)
    by: Counter[str] = field(default_factory=Counter)
    parsed: Counter[str] = field(default_factory=Counter)

    def note(self, way: str, code: str) -> None:
        self.codes[code] += 1
        if code not in NOTHING:
            self.by[way] += 1
            self.parsed[way] += code not in NOT_PARSED


@dataclass
class Fuzzer:
    """One session that says whatever comes into its head."""

    person: Person
    told: Told
    chance: random.Random
    step: int = 1
    vote: int = 4
    seat: Seat | None = None
    ids: list[str] = field(default_factory=lambda: ["a-known-ballot-id"])

    async def go(self, until: float) -> None:
        clock = asyncio.get_running_loop().time
        while clock() < until:
            burst = self.chance.random() < 0.006
            for _ in range(80 if burst else 1):
                await self.one()
            await asyncio.sleep(0 if burst else self.chance.uniform(0.03, 0.09))

    async def one(self) -> None:
        if self.chance.random() < 0.45 and self.person.cookie:
            await self.say()
        else:
            await self.post()

    def row(self) -> int:
        return self.chance.choice([1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 99])

    def some_vote(self) -> int:
        return self.vote if self.chance.random() < 0.8 else self.row()

    def id(self) -> str:
        if self.chance.random() < 0.5:
            self.ids.append(f"{self.chance.getrandbits(60):015x}")
        return self.chance.choice(self.ids[-5:])

    # --- the wire ---

    def message(self) -> str | bytes:
        kind = self.chance.choice(["ballot", "ballot", "ask", "withdraw", "seen"])
        fields: dict[str, object] = {
            "ballot": {
                "vote": self.some_vote(),
                "id": self.id(),
                "paper": self.chance.choice(["for", "against", "abstain"]),
            },
            "ask": {"motion": self.row(), "side": self.chance.choice(["for", "against"])},
            "withdraw": {"motion": self.row()},
            "seen": {"slot": self.row()},
        }[kind]
        message = {"t": kind, "n": self.chance.randrange(10**6), **fields}
        dice = self.chance.random()
        if dice < 0.75:
            return json.dumps(message)
        if dice < 0.95:
            name = self.chance.choice([*message, "extra"])
            message[name] = self.chance.choice(ODD_JSON)
            if self.chance.random() < 0.3:
                del message[self.chance.choice(list(message))]
            return json.dumps(message)
        return self.chance.choice(RAW)

    async def say(self) -> None:
        message = self.message()
        try:
            if self.seat is None:
                query: dict[str, object] = {"e": self.chance.choice(ODD_TEXT[:8]), "v": self.row()}
                view = self.chance.choice(["floor", "gallery", "screen", "floor"])
                self.seat = await self.person.seat(view, query)
                await self.seat.greeting()
            await self.seat.ws.send(message)
            answer = await self.seat.until(lambda m: m["t"] in {"ack", "refused", "bye"})
            self.seat.unread.clear()
            self.told.note("wire", str(answer.get("code", "ack")))
            if answer["t"] == "bye":
                self.told.codes[str(await self.seat.closed())] += 1
                self.seat = None
        except ConnectionClosed as end:
            self.told.note("wire", str(end.rcvd.code if end.rcvd else 1006))
            self.seat = None
        except InvalidHandshake as no:
            self.told.codes[json.loads(no.response.body)["code"]] += 1
            self.seat = None

    # --- the forms ---

    def form(self) -> tuple[str, dict[str, object]]:
        leads = 6 if self.person.name == CHAIR else 0.3
        ways = ["ballots", "presence", "queue", "chair", "office"]
        way = self.chance.choices(ways, [2, 1, 1, leads, 0.4])[0]
        step = self.step if self.chance.random() < 0.9 else self.row()
        if way == "ballots":
            paper = self.chance.choice(["for", "against", "abstain"])
            return f"/votes/{self.some_vote()}/ballots", {"paper": paper, "id": self.id()}
        if way == "presence":
            return "/presence", {"here": self.chance.choice(["yes", "yes", "yes", "no"])}
        if way == "queue":
            wish = self.chance.choice(["for", "against", "withdraw", "second"])
            return "/queue", {"motion": self.row(), "wish": wish}
        if way == "office":
            return self.office()
        if self.chance.random() < 0.3:
            return "/chair/votes", {"step": step, "motion": self.row()}
        if self.chance.random() < 0.3:
            side = self.chance.choice(["mover", "seconder", "for", "against", "speaker"])
            chosen = {self.chance.choice(["request", "slot"]): self.row()}
            return "/chair/turns", {"step": step, "side": side, **chosen}
        button = self.chance.choice(BUTTONS)
        number = self.some_vote() if button.startswith("votes") else self.row()
        return "/chair/" + button.format(number), {"step": step}

    def office(self) -> tuple[str, dict[str, object]]:
        """A form of the registrar, the tellers, the organiser, or of anybody at the door."""
        address = f"fuzz{self.chance.randrange(5)}@mail.example"
        return self.chance.choice(
            [
                ("/register", {"name": "Fuzz", "email": address, "taking_part": "yes"}),
                ("/sign-in", {"email": address}),
                ("/sign-in/code", {"email": address, "code": "1234 5678"}),
                ("/mode", {"mode": "rehearsal", "typed_name": "another name"}),
                ("/chair/crowd", {"seats": "0"}),
                ("/registrar/people/nobody/decision", {"decision": "accept"}),
                (f"/registrar/mail/{self.row()}", {"wish": "again"}),
                (f"/count/{self.row()}/sheet", {"received": "3", "invalid": "0"}),
                (f"/count/{self.row()}/confirmation", {"received": "3", "invalid": "0"}),
                (f"/speaker/slots/{self.row()}/seen", {}),
            ]
        )

    async def post(self) -> None:
        path, fields = self.form()
        dice = self.chance.random()
        headers = {"Accept": self.chance.choice(["application/json", "text/html"])}
        if dice < 0.78:
            done = await self.person.post(path, headers, **fields)
        elif dice < 0.93:
            name = self.chance.choice([*fields, "extra"])  # missing, odd or unknown
            fields[name] = self.chance.choice(ODD_TEXT)
            done = await self.person.post(path, headers, **fields)
        elif dice < 0.96:
            kind, body = self.chance.choice(BODIES)
            headers |= {"Content-Type": kind} if kind else {}
            done = await self.person.http.post(path, content=body, headers=headers)
        elif dice < 0.98:
            odd = re.sub(r"\d+", quote(self.chance.choice(ODD_TEXT)) or "x", path)
            method = self.chance.choice(["POST", "GET", "PUT", "DELETE", "PATCH", "HEAD"])
            done = await self.person.http.request(method, odd, headers=headers)
        else:
            headers["Origin"] = self.chance.choice(["null", "http://elsewhere.example", b"\xff"])
            done = await self.person.post(path, headers, **fields)
        self.told.note("forms", self.code(done))
        assert done.status_code < 500, (path, fields, done.status_code, done.text[:500])

    @staticmethod
    def code(done) -> str:
        if done.status_code == 303:
            return "done"
        if done.request.method == "HEAD":
            return str(done.status_code)
        if "json" in done.headers.get("content-type", ""):
            return str(done.json()["code"])
        found = re.search(r'data-code="(\w+)"', done.text)
        return found[1] if found else str(done.status_code)


async def lead(chair: Person, fuzzers: list[Fuzzer], until: float) -> None:
    """Somebody really leads the conference, so that most of it has happened by the end."""
    clock = asyncio.get_running_loop().time
    while clock() < until:
        text = await chair.panel()
        found = re.findall(r'name="step" value="(\d+)"', text)
        latest = int(str(chair.server.rows("SELECT max(id) FROM vote")[0][0]))
        for fuzzer in fuzzers:
            fuzzer.vote = latest
            fuzzer.step = int(found[0]) if found else fuzzer.step
        if random.Random(clock()).random() < 0.15:
            with contextlib.suppress(AssertionError):  # somebody was faster
                await chair.suggested()
        await asyncio.sleep(0.1)


async def test_whatever_is_said_is_answered_and_harms_nothing(own_server: Server):
    server, told = own_server, Told()
    speaker = server.rows(
        "SELECT account.name FROM slot JOIN account ON account.person = slot.person LIMIT 1"
    )[0][0]
    names = [
        *(delegate(n) for n in range(1, 7)), delegate(PRESENT + 1), delegate(1), "Observer 001",
        CHAIR, CHAIR, "Registrar", "Teller", "Secretary", str(speaker),
    ]  # fmt: skip
    people = [await server.enter(name) for name in names]
    chair = await server.enter(CHAIR)
    await open_vote(chair, 1)
    fuzzers = [
        Fuzzer(person, told, random.Random(f"{SEED} {number}"))
        for number, person in enumerate([*people, server.nobody()])
    ]
    until = asyncio.get_running_loop().time() + SECONDS
    await asyncio.gather(*(f.go(until) for f in fuzzers), lead(chair, fuzzers, until))

    for code, times in told.codes.most_common():
        print(f"{times:6} {code}")
    print({way: f"{told.parsed[way]} of {told.by[way]} parsed" for way in told.by})
    assert server.healthy()
    assert "Traceback" not in server.stderr()
    assert "internal" not in told.codes
    for way in ("wire", "forms"):
        assert told.by[way] > 200
        assert told.parsed[way] * 2 >= told.by[way]
    assert len(told.codes) >= 20
    await server.goodbye()
    done = await server.command("verify")
    assert done.returncode == 0, done.stdout
