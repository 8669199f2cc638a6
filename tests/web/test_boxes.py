"""The pages of a vote: one's own envelope, the board, the bundle, and who is given what."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import change
from conference.rules.kinds import (
    Choice,
    Mode,
    Outcome,
    ProceduralId,
    Procedure,
    Role,
    Shows,
)
from conference.rules.refused import Code, Refused
from conference.sealing import roll_call
from conference.store.ballots import BallotPaper
from tests.web.test_panel import CHAIR, VOTERS, to

PAPERS = "for for against abstain for"


async def vote(visitors, papers: str = PAPERS, *, close: bool = True, **settings) -> int:
    """Hold one vote on the motion that is ready for it, up to its count."""
    hall = visitors.house.site.hall
    if settings:
        meeting = change.conference(hall.meeting, mode=Mode.REHEARSAL)
        hall.meeting = replace(meeting, settings=replace(meeting.settings, **settings))
    await visitors.act(a.AnnounceVote(hall.meeting.conference.motion), CHAIR)
    await visitors.pass_time(30)
    number = hall.meeting.conference.vote
    for name, choice in zip(VOTERS, papers.split(), strict=False):
        person = visitors.person(name)
        paper = hall.paper(number, person, Choice(choice))
        assert (
            await hall.ballot(BallotPaper(number, person, f"press-of-{name[-3:]}", paper)) is None
        )
    await visitors.pass_time(200 if close else 0)
    return number


@pytest.fixture
async def ready(house, visitors, monkeypatch):
    """A question that can be put, with six delegates present."""
    monkeypatch.setattr(house.site.limits, "allow", lambda *_args: True)
    await visitors.act(a.OpenConference(), CHAIR)
    for name in VOTERS:
        await visitors.act(a.CheckIn(), name)
    await to(visitors, lambda _meeting, act: isinstance(act, a.AnnounceVote))
    return visitors


async def text(client, path: str) -> str:
    page = await client.get(path)
    assert page.status_code == 200, page.text
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


async def test_each_sees_that_their_own_envelope_was_in_the_box_or_that_none_was_received(ready):
    number = await vote(ready)
    await ready.act(a.DeclareResult(number), CHAIR)
    assert (
        f'data-person="{ready.person(VOTERS[0])}"'
        in (await (await ready.enter(VOTERS[0])).get("/floor")).text
    )  # what is sealed there is bound to it; no other page needs it
    voter, silent, guest = (
        await ready.enter(VOTERS[0]),
        await ready.enter(VOTERS[5]),
        ready.nobody(),
    )
    path = f"/votes/{number}"
    own = await text(voter, path)
    assert "Your envelope was in the box." in own
    assert "5 envelopes: 5 counted, 0 invalid." in own
    assert "Delegates who voted 5 Envelopes in the box 5" in own
    assert "No envelope was received in your name." in await text(silent, path)
    assert "Your envelope" not in await text(guest, path)
    page = (await voter.get(path)).text
    words = re.findall(r'receipt:\s*<strong class="words">([^<]+)<', page)
    assert len(words[0].split()) == 4
    board = await guest.get(f"{path}/board")
    assert len(re.findall(r'<span class="hash">[0-9a-f]{64}<', board.text)) == 5
    receipt = re.findall(r'<p class="hash">([0-9a-f]{64})</p>', page)[0]
    (place,) = re.findall(rf'href="{path}/board#(envelope-\d)"', page)
    own_line = (
        rf'<li id="{place}"><strong class="words">{words[0]}</strong> <span class="hash">{receipt}<'
    )
    assert re.search(own_line, board.text)


async def test_the_bundle_is_checked_by_the_program_in_it(ready, tmp_path):
    number = await vote(ready)
    guest = ready.nobody()
    assert (await guest.get(f"/votes/{number}/bundle.zip")).status_code == 404
    await ready.act(a.DeclareResult(number), CHAIR)
    answer = await guest.get(f"/votes/{number}/bundle.zip")
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    folder = tmp_path / f"vote-{number}"
    own = ready.house.site.hall.voted[ready.person(VOTERS[2])]
    done = await asyncio.create_subprocess_exec(
        sys.executable, "verify.py", "--receipt", own,
        cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said = (await done.communicate())[0].decode()
    assert done.returncode == 0, said
    assert "SOUND" in said


async def test_nothing_of_the_count_is_public_before_the_result_is_declared(ready):
    number = await vote(ready)
    site = ready.house.site
    assert site.meeting.votes[number].state == "counted"
    for name in (VOTERS[0], VOTERS[5]):
        client = await ready.enter(name)
        for path in (f"/votes/{number}", f"/votes/{number}/board", "/floor", "/minutes"):
            page = (await client.get(path)).text
            assert '"figures"' not in page
            assert "votes_for" not in page
            assert "&#34;head&#34;:&#34;count&#34;" not in page


@pytest.mark.parametrize(
    ("papers", "settings", "shown"),
    [
        ("for for against", {"vote_fewest": 5}, False),
        ("for for for for against", {"vote_fewest": 5}, True),
        ("for for for for against", {"vote_fewest": 5, "vote_small_side": True}, False),
        ("for for for for for", {"vote_fewest": 5, "vote_small_side": True}, True),
    ],
)
async def test_where_figures_would_give_somebody_away_there_are_none(
    ready, papers, settings, shown
):
    number = await vote(ready, papers, **settings)
    chair = await ready.enter(CHAIR)
    counted = len(papers.split())
    panel = await text(chair, "/chair")
    assert (f"For {papers.split().count('for')}," in panel) == shown
    await ready.act(a.DeclareResult(number), CHAIR)
    guest, voter = ready.nobody(), await ready.enter(VOTERS[0])
    motion = ready.house.site.meeting.votes[number].motion
    pages = [f"/votes/{number}", f"/votes/{number}/board", "/minutes", "/minutes.md", "/screen"]
    pages.append(f"/motions/{motion}")
    for path in pages:
        page = (await guest.get(path)).text
        assert (
            f"For {papers.split().count('for')}, against" in page or "<dt>For</dt>" in page
        ) == shown, path
        assert "unopposed" not in page.lower() or shown
    floor = (await voter.get("/floor")).text
    assert ("<dt>For</dt>" in floor) == shown
    hall = ready.house.site.hall
    hall.meeting = replace(hall.meeting, stage=replace(hall.meeting.stage, shows=Shows.RESULT))
    screen = (await guest.get("/screen")).text
    assert ("<dt>For</dt>" in screen) == shown
    assert f'href="/votes/{number}"' not in screen  # nobody can press anything there
    archive = zipfile.ZipFile(io.BytesIO((await guest.get(f"/votes/{number}/bundle.zip")).content))
    bundle = archive.read(f"vote-{number}/bundle.json").decode()
    assert (bundle.count('"opened":null') == 0) == shown
    assert (
        f"{counted} envelopes: {counted} counted, 0 invalid."
        in (await guest.get(f"/votes/{number}")).text
    )


async def tellers(visitors) -> list[str]:
    """Two people with the office of a teller, by name."""
    site = visitors.house.site
    rows = [p for p in site.meeting.people.values() if Role.TELLER in p.roles]
    return [site.names[row.id] for row in rows][:2]


async def test_two_tellers_confirm_before_the_chair_can_declare(ready):
    number = await vote(ready, vote_confirm=True)
    hall = ready.house.site.hall
    first, second = [await ready.enter(name) for name in await tellers(ready)]
    page = await text(first, "/teller")
    assert "5 of 6 have voted" in page
    assert "For 3, against 1, abstentions 1." in page
    path = f"/teller/votes/{number}/confirmation"
    told = await hall.act(a.DeclareResult(number), ready.person(CHAIR))
    assert told == Refused(Code.NEEDS_TELLERS, {"n": 2})
    assert (await first.post(path)).status_code == 303
    assert (await first.post(path)).status_code == 409
    told = await hall.act(a.DeclareResult(number), ready.person(CHAIR))
    assert told == Refused(Code.NEEDS_TELLERS, {"n": 1})
    assert (await second.post(path)).status_code == 303
    await ready.act(a.DeclareResult(number), CHAIR)
    assert "2 tellers have confirmed the result." in await text(first, f"/votes/{number}")
    voter = await ready.enter(VOTERS[0])
    assert (await voter.post(path)).status_code == 403
    sheet = await first.get(f"/votes/{number}/count-sheet.pdf")
    assert (sheet.status_code, sheet.content[:4]) == (200, b"%PDF")


async def test_the_words_of_the_heads_are_the_same_for_tellers_and_in_the_hall(ready):
    number = await vote(ready)
    (first, *_rest) = [await ready.enter(name) for name in await tellers(ready)]
    words = re.findall(r'<strong class="words">([^<]+)<', (await first.get("/teller")).text)
    screen = (await ready.nobody().get("/screen")).text
    shown = re.findall(r'class="words">([^<]+)<', screen)
    assert len(words) == 2  # the box, and the count, which nobody else may know yet
    assert words[0] in shown
    assert words[1] not in shown
    await ready.act(a.DeclareResult(number), CHAIR)
    screen = (await ready.nobody().get("/screen")).text
    shown = set(re.findall(r'class="words">([^<]+)<', screen))
    assert set(words) <= shown
    signer = re.findall(r'Signing key</dt> <dd class="words">([^<]+)<', screen)
    assert signer[0] in (await first.get(f"/votes/{number}")).text


def resigned(call: str, **other: object) -> str:
    """The roll-call with something else in it, and with its lines chained accordingly."""
    document = json.loads(call) | other
    text = hashlib.sha256(document["text"].encode()).hexdigest()
    lines = [(line["name"], line["choice"]) for line in document["lines"]]
    marks = roll_call.chain(roll_call.start(document["vote"], text), lines)
    chained = [line | {"hash": mark} for line, mark in zip(document["lines"], marks, strict=True)]
    return json.dumps(document | {"lines": chained, "last": marks[-1]})


async def test_a_vote_by_name_has_a_roll_call_for_delegates_and_tellers_alone(ready, tmp_path):
    hall = ready.house.site.hall
    await ready.act(a.MoveProcedural(Procedure.BY_NAME, hall.meeting.conference.motion), VOTERS[0])
    await ready.act(a.SecondProcedural(ProceduralId(1)), VOTERS[1])
    await to(ready, lambda _m, act: act == a.AnnounceVote(hall.meeting.conference.motion))
    assert hall.meeting.procedurals[1].outcome == Outcome.CARRIED
    number = await vote(ready, close=False)
    floor = await text(await ready.enter(VOTERS[5]), "/floor")
    assert "by name, as conference decided: delegates and tellers get a list" in floor
    assert "by name, as conference decided" in await text(ready.nobody(), "/screen")
    await ready.pass_time(200)
    floor = await text(await ready.enter(VOTERS[0]), "/floor")
    assert "Look how this vote was counted" in floor
    assert "envelope" not in floor
    row = hall.meeting.votes[number]
    assert (row.by_name, row.key, row.votes_for) == (True, "", 3)
    await ready.act(a.DeclareResult(number), CHAIR)
    voter, guest = await ready.enter(VOTERS[0]), ready.nobody()
    assert "by name" in await text(guest, f"/votes/{number}")
    stays = "on the roll-call of that vote until the ballots are deleted: 7 days after"
    assert stays in await text(voter, "/me/data")  # who leaves is told before they press
    assert stays not in await text(await ready.enter("Delegate 040"), "/me/data")
    assert "and roll-calls until 7 days after the close" in await text(guest, "/privacy")
    assert (await guest.get(f"/votes/{number}/roll-call.json")).status_code == 303
    observer = await ready.enter("Registrar")
    assert (await observer.get(f"/votes/{number}/roll-call.json")).status_code == 403
    call = await voter.get(f"/votes/{number}/roll-call.json")
    assert VOTERS[0] in call.text
    page = (await voter.get(f"/votes/{number}")).text
    assert f'<p class="hash">{json.loads(call.text)["signer"]}</p>' in page
    program = await voter.get(f"/votes/{number}/recount.py")
    (tmp_path / "recount.py").write_text(program.text)
    for name, content, sound in (
        ("a.json", call.text, 0),
        ("b.json", call.text.replace('"choice": "against"', '"choice": "for"'), 1),
        ("c.json", call.text.replace(VOTERS[1], "Somebody"), 1),
        ("d.json", resigned(call.text, signature="A" * 86), 1),
        ("e.json", resigned(call.text, signer="A" * 43), 1),
        ("f.json", resigned(call.text, vote=number + 1), 1),
        ("g.json", "{}", 2),
    ):
        (tmp_path / name).write_text(content)
        done = subprocess.run(
            [sys.executable, "recount.py", name], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == sound, done.stdout
