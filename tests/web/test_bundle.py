from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile

import pytest

from conference.rules import acts as a
from conference.rules.kinds import Choice
from conference.sealing import heads
from conference.sealing.bytes import from_text
from conference.sealing.words import words
from conference.store.ballots import BallotPaper
from conference.web import bundles
from tests.web.test_public import CHAIR, VOTERS, debate_motion_1, opened, to_item

__all__ = ["opened"]
DAY = 24 * 3600


async def bundle_of(client, number):
    answer = await client.get(f"/votes/{number}/bundle.zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}


def checked(files, folder, *noted):
    for name, data in files.items():
        (folder / name).write_bytes(data)
    command = [sys.executable, "-I", "-S", "verify.py", *noted]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


async def test_anybody_takes_the_bundle_of_every_vote_home_and_it_is_sound(
    house, visitors, client, opened, tmp_path
):
    await debate_motion_1(visitors)
    meeting = house.site.meeting
    assert len(meeting.votes) == 4
    for number, row in meeting.votes.items():
        found = json.loads((await bundle_of(client, number))["bundle.json"])
        assert (found["vote"], len(found["heads"])) == (number, 2 * number)
        assert found["text"].split()[0] in {"That", "1.", "Conference"}
        assert len(found["envelopes"]) == row.envelopes == 4
    signer = words(heads.signer_fingerprint(from_text(next(iter(meeting.heads.values())).signer)))
    head = heads.Signed(list(meeting.heads.values())[-1].line, b"").hash
    async with house.site.store.reading() as reader:
        voter = visitors.person(VOTERS[3])
        receipt = await bundles.ballots.receipt_of(reader, 4, voter, house.site.store.epoch)
    noted = ("--signer", signer, "--head", head, "--receipt", words(bytes.fromhex(receipt)))
    done = checked(await bundle_of(client, 4), tmp_path, *noted)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 counted, 0 invalid: for 2, against 1, abstain 1." in done.stdout
    assert "Majority: simple, of cast (register: " in done.stdout


async def test_an_envelope_that_does_not_count_is_in_the_bundle_as_invalid(
    house, visitors, client, opened, tmp_path
):
    hall = house.site.hall
    await to_item(visitors, 2)
    await visitors.act(a.AnnounceVote(6), CHAIR)
    await visitors.pass_time(4)
    number = hall.meeting.conference.vote
    mine, other = (visitors.person(name) for name in VOTERS[:2])
    copied = hall.paper(number, mine, Choice.FOR)
    for person, paper in ((mine, copied), (other, copied)):
        assert await hall.ballot(BallotPaper(number, person, f"press-{person}", paper)) is None
    await visitors.pass_time(100)
    await visitors.act(a.DeclareResult(number), CHAIR)
    done = checked(await bundle_of(client, number), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 envelopes of 4" in done.stdout
    assert "1 counted, 1 invalid: for 1, against 0, abstain 0." in done.stdout


async def test_there_is_no_bundle_before_the_declaration_nor_after_its_days(
    house, visitors, client, opened
):
    for number in (1, 99):
        assert (await client.get(f"/votes/{number}/bundle.zip")).status_code == 404
    await to_item(visitors, 2)
    await visitors.act(a.AnnounceVote(6), CHAIR)
    await visitors.pass_time(4)
    await visitors.pass_time(100)
    assert house.site.meeting.votes[1].votes_for is not None
    assert (await client.get("/votes/1/bundle.zip")).status_code == 404
    await visitors.act(a.DeclareResult(1), CHAIR)
    assert (await client.get("/votes/1/bundle.zip")).status_code == 200
    closed = house.site.now()
    conference = house.site.meeting.conference
    object.__setattr__(conference, "closed_at", closed)
    await visitors.pass_time(14 * DAY)
    assert (await client.get("/votes/1/bundle.zip")).status_code == 200
    await visitors.pass_time(1)
    answer = await client.get("/votes/1/bundle.zip", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_bundle")
    assert "14 days" in answer.json()["say"]


async def test_only_the_latest_bundles_stay_in_memory(house, visitors, client, opened, monkeypatch):
    monkeypatch.setattr(bundles, "KEPT", 2)
    await debate_motion_1(visitors)
    for number in (1, 2, 3, 4, 3):
        await client.get(f"/votes/{number}/bundle.zip")
    assert list(house.site.bundles) == [3, 4]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_a_bundle_is_only_read(client, method):
    assert (await client.request(method, "/votes/1/bundle.zip")).status_code == 405
