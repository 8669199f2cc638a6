"""`docs/protocol.md` is the contract: its examples are sent to a real server and compared."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass

import pytest

from tests.live.serving import CHAIR, PRESENT, ROOT, Server, close_vote, delegate, open_vote

PAGE = (ROOT / "docs" / "protocol.md").read_text()
MESSAGES = (ROOT / "conference" / "live" / "messages.py").read_text()


@dataclass(frozen=True)
class Example:
    words: tuple[str, ...]
    text: str

    def word(self, name: str) -> str:
        return next((w.removeprefix(f"{name}=") for w in self.words if w.startswith(name)), "")


def examples(kind: str) -> list[Example]:
    blocks = re.findall(r"(?ms)^```json ([^\n]+)\n(.*?)^```$", PAGE)
    found = [Example(tuple(words.split()), text.strip()) for words, text in blocks]
    return [example for example in found if example.words[0] == kind]


ASKED = examples("client->server")
TOLD = {json.loads(e.text)["t"]: json.loads(e.text) for e in examples("server->client")}
PEOPLE = {
    "delegate": delegate(1),
    "observer": "Observer 001",
    "late": delegate(PRESENT + 1),
}


def test_every_kind_of_message_and_every_close_code_stands_on_the_page():
    kinds = set(re.findall(r'tag="(\w+)"', MESSAGES))
    assert len(kinds) == 11
    assert {json.loads(e.text)["t"] for e in ASKED} - {"open_vote"} | set(TOLD) == kinds
    assert all(f"### `{kind}`" in PAGE for kind in kinds)
    closing = dict(re.findall(r"(?m)^([A-Z_]+) = (\d{4})$", MESSAGES))
    assert len(closing) == 5
    assert all(f"\n| {code} |" in PAGE for code in closing.values())


def same_shape(told: object, example: object) -> bool:
    if isinstance(example, dict):
        return (
            isinstance(told, dict)
            and told.keys() == example.keys()
            and all(same_shape(told[key], example[key]) for key in example)
        )
    return type(told) is type(example)


async def test_the_examples_of_the_browser_are_answered_as_they_say(own_server: Server):
    told: list[dict] = []
    async with own_server.person(CHAIR) as chair:
        people = {who: await own_server.enter(name) for who, name in PEOPLE.items()}
        seats = {who: await person.seat() for who, person in people.items()}
        for example in (e for e in ASKED if e.word("before")):
            await answered(seats[example.word("as")], example, told)
        vote = await open_vote(chair, 1)
        assert vote == TOLD["turnout"]["vote"]
        assert (await people["late"].post("/presence", here="yes")).status_code == 303
        for example in (e for e in ASKED if not e.word("before")):
            await answered(seats[example.word("as")], example, told)
        seats["delegate"] = await people["delegate"].seat()
        last = json.loads(next(e.text for e in ASKED if '"n": 3' in e.text))
        await close_vote(chair, vote)
        assert (await seats["delegate"].ask(last.pop("t"), **last))["t"] == "ack"
        own_server.stop()
        for seat in seats.values():
            assert await seat.closed() == 1012
            told += seat.unread
    assert {message["t"] for message in told} == set(TOLD)
    for message in told:
        if message["t"] == "ack" and message["vote"] is None:
            message["vote"] = 0
        assert same_shape(message, TOLD[message["t"]]), message


async def answered(seat, example: Example, told: list[dict]) -> None:
    await seat.ws.send(example.text)
    expected = example.word("expect")
    if expected.isdigit():
        assert await seat.closed() == int(expected), example
        told += seat.unread
        return
    number = json.loads(example.text)["n"]
    answer = await seat.until(lambda m: m["t"] in {"ack", "refused"} and m["n"] == number)
    told.append(answer)
    assert answer.get("code", "ack") == expected, example
    told += seat.unread
    seat.unread = []


async def test_what_the_page_says_of_forms(server: Server):
    async with server.person(delegate(2)) as person:
        done = await person.post("/votes/1/ballots", id="")
        (example,) = examples("refusal")
        assert done.status_code == 422
        assert done.json() == json.loads(example.text)
        page = await person.post("/votes/1/ballots", headers={"Accept": "text/html"}, paper="for")
        assert page.status_code == 409
        assert re.search(r'data-code="vote_\w+"', page.text)
        long = await person.post("/votes/1/ballots", paper="x" * 70_000)
        assert (long.status_code, long.json()["code"]) == (413, "too_large")
        stale = None
        async with server.person(CHAIR) as chair:
            stale = await chair.post("/chair/votes", step=1, motion=1)
        assert (stale.status_code, stale.json()["code"]) == (409, "stale")
        # All at once: on a busy machine sixty after each other may take three seconds.
        posts = (person.post("/presence", here="yes") for _ in range(60))
        answers = await asyncio.gather(*posts)
        slow = next(a for a in answers if a.status_code == 429)
        assert slow.json()["code"] == "too_often"
        assert slow.headers["retry-after"]


REFUSALS = re.findall(r"(?m)^\| ((?:`\w+`(?:, )?)+) \| ", PAGE.split("## Refusal codes")[1])


@pytest.mark.parametrize("code", sorted({c for cell in REFUSALS for c in re.findall(r"\w+", cell)}))
def test_every_refusal_code_on_the_page_has_a_sentence(code: str):
    from conference.web.sentences import SENTENCES

    assert code in set(SENTENCES)
