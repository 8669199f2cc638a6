"""A restart in the middle of a vote refuses no ballot; and what the server says about itself."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import urllib.error
import urllib.request

from websockets.exceptions import InvalidStatus, WebSocketException

from tests.live.serving import CHAIR, delegate, open_vote

VOTERS = 12
PRESSES = 8


class Voter:
    """A delegate's page that votes again and again, and comes back as it is told."""

    def __init__(self, person, vote: int) -> None:
        self.person = person
        self.vote = vote
        self.seat = None
        self.refused: list[str] = []
        self.byes: list[dict] = []
        self.last = ""
        self.again = 0

    async def press(self, number: int) -> None:
        """One press, sent under its id until there is an answer."""
        ballot, choice = f"press-{number:04}-{self.person.name[-3:]}", "for"
        for _ in range(200):
            try:
                self.seat = self.seat or await self.person.seat()
                answer = await asyncio.wait_for(self.seat.vote(self.vote, ballot, choice), 5)
            except (WebSocketException, InvalidStatus, OSError, TimeoutError):
                await self.come_back()
                continue
            if answer["t"] == "refused":
                self.refused.append(answer["code"])
                return
            self.last = ballot
            return
        raise AssertionError(ballot)

    async def come_back(self) -> None:
        self.again += 1
        if self.seat is not None:
            with contextlib.suppress(WebSocketException, TimeoutError):
                await self.seat.closed(1)  # what came before the end may still be unread
            self.byes += [m for m in self.seat.unread if m["t"] == "bye"]
            self.seat = None
        await asyncio.sleep(0.1)


async def test_no_ballot_is_refused_by_a_restart_in_mid_vote(own_server):
    server = own_server
    async with server.person(CHAIR) as chair:
        motion = int(server.rows("SELECT motion FROM conference")[0][0])
        vote = await open_vote(chair, motion)
    voters = [Voter(await server.enter(delegate(n)), vote) for n in range(1, VOTERS + 1)]
    for voter in voters:
        await voter.press(0)  # also fetches what the envelope is sealed to

    async def go_on(voter: Voter) -> None:
        for number in range(1, PRESSES):
            await voter.press(number)
            await asyncio.sleep(0.02)

    voting = [asyncio.create_task(go_on(voter)) for voter in voters]
    await asyncio.sleep(0.05)
    server.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(server.process.wait, 15) == 0
    assert not (server.data / "ballast").exists()
    await asyncio.to_thread(server.start)
    await asyncio.gather(*voting)
    assert [voter.refused for voter in voters] == [[]] * VOTERS
    assert sum(voter.again for voter in voters) >= VOTERS // 2, "the restart was not in mid-vote"
    byes = [bye for voter in voters for bye in voter.byes]
    assert byes
    assert all(bye["code"] == "restart" and bye["retry_ms"] >= 1000 for bye in byes)
    assert len({bye["retry_ms"] for bye in byes}) > 1, "all come back at once"
    stored = dict(server.rows("SELECT person, id FROM ballot WHERE vote = ?", vote))
    assert stored == {voter.person.number: voter.last for voter in voters}


def test_every_line_of_the_log_is_json(prepared, tmp_path):
    server = prepared.copy(tmp_path / "data")
    server.start()
    assert server.stop() == 0
    for line in server.stderr().splitlines():
        assert json.loads(line)["event"], line


def fetch(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


WANTED = (
    "conference_ready 1", 'conference_seats{view="floor"} 1', "conference_inbox ",
    "conference_batch_size_count", "conference_commit_seconds_bucket", "conference_beat_seconds_sum",
    "conference_last_act_timestamp_seconds ", 'conference_refused_total{code="', "conference_mail_queue 0", "conference_memory_bytes",
)  # fmt: skip


async def test_metrics_are_for_this_machine(server):
    person = await server.enter(delegate(39))
    await person.seat()
    assert (await person.post("/presence", here="perhaps")).status_code == 422
    status, text = await asyncio.to_thread(fetch, f"{server.url}/metrics")
    assert status == 200
    assert not [name for name in WANTED if name not in text]
    told = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if line[0] != "#"}
    assert all(name.startswith("conference_") for name in told)
    for secret in (person.cookie.split("=")[1], "Delegate", person.number or "p0000"):
        assert secret not in text
    through = {"X-Forwarded-For": "192.0.2.7"}
    assert (await asyncio.to_thread(fetch, f"{server.url}/metrics", **through))[0] == 404
