from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conference import rules
from conference.rules import acts as a
from conference.rules import kinds as k
from conference.store import ReplayError, journal, rows
from tests.rules.builders import SAMPLES
from tests.store.meetings import CHAIR, NOW, begin, crowd, held, hold, person, until_open

NEXT = rules.RULES_VERSION + 1

EVERY_ACT: list[a.Act] = [
    a.OpenConference(), a.CloseConference(), a.CallItem(1), a.NextItem(1), a.PutNextQuestion(2),
    a.MarkMoved(1), a.MarkSeconded(1), a.LetFall(1), a.CallOffVote(1), a.LeaveUndecided(1),
    a.CallSpeaker(k.Side.FOR, 4),
    a.CallSpeaker(k.Side.SPEAKER, slot=3), a.EndSpeech(1), a.AnnounceVote(1), a.ExtendVote(1),
    a.CloseVote(1), a.DeclareResult(1), a.SetMode(k.Mode.REAL, "Ünï “C”"), a.CheckIn(), a.Leave(),
    a.AskToSpeak(1, k.Side.AGAINST), a.WithdrawRequest(1), a.OfferSecond(1), a.ConfirmSeen(2),
    a.AddPerson("p1", frozenset({k.Role.SPEAKER, k.Role.CHAIR}), k.Standing.WAITING),
    a.AddPerson("p1", frozenset(), k.Standing.DECLINED), a.Decide("p1", k.Role.OBSERVER),
    a.Decide("p1", None), a.CheckOut("p1"), a.RenewLink("p1"),
    a.EnterCount(1, 9, 0, ((1, 5), (2, 4)), (1,)),
    a.EnterCount(1, 0, 0, (), ()), a.ConfirmCount(1, 9, 0), a.OpenVote(1), a.PassMinimum(1),
    a.EndVote(1), a.CountVote(1, 1, 2, 3), a.GiveKey(1, "k"), a.VoidVote(1, "no_quorum"),
    *SAMPLES.values(),
]  # fmt: skip


def test_every_act_is_in_the_list():
    assert {type(act).__name__ for act in EVERY_ACT} == set(journal.ACTS)


@pytest.mark.parametrize("act", EVERY_ACT, ids=lambda act: type(act).__name__)
def test_an_act_comes_back_as_it_was_handed_in(act):
    body = journal.encode_act(act)
    assert body["t"] == type(act).__name__
    assert rows.canonical(body) == rows.canonical(journal.encode_act(act))
    again = journal.decode_act(body)
    assert again == act
    assert type(again) is type(act)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"t": "Nonsense"},
        {"t": 7},
        {"t": "CallItem"},
        {"t": "CallItem", "item": "one"},
        {"t": "CallItem", "item": 1, "more": 2},
        {"t": "CallSpeaker", "side": "left", "request": None, "slot": None},
    ],
)
def test_what_is_no_act_is_refused(body):
    with pytest.raises(ValueError):
        journal.decode_act(body)


async def _lines(store, after: int = 0) -> list[journal.Line]:
    async with store.reading() as reader:
        return await journal.lines(reader, after)


async def test_lines_are_numbered_without_a_gap_and_chained(store):
    meeting = await begin(store, crowd(3))
    await hold(store, meeting, until_open(3))
    async with store.transaction() as tx:
        acts = [(NOW + 50, CHAIR, a.ExtendVote(1)), (NOW + 51, CHAIR, a.ExtendVote(1))]
        assert await tx.journal_acts(acts) == 11
        assert await tx.journal_acts([]) == 11
    lines = await _lines(store)
    assert [line.number for line in lines] == list(range(1, 12))
    assert [line.kind for line in lines] == ["picture"] + ["act"] * 10
    assert lines[0].previous == ""
    assert [line.previous for line in lines[1:]] == [line.hash for line in lines[:-1]]
    assert {line.rules_version for line in lines} == {rules.RULES_VERSION}
    assert journal.check_chain(lines) == []
    assert await _lines(store, 9) == lines[9:]


async def _held_lines(store) -> list[journal.Line]:
    await held(store)
    return await _lines(store)


@pytest.mark.parametrize("place", [0, 3, -1])
@pytest.mark.parametrize(
    "change",
    [
        {"body": '{"t":"Leave"}'},
        {"at": 1},
        {"who": "p0000x"},
        {"kind": "?"},
        {"rules_version": 99},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
    ],
    ids=str,
)
async def test_the_chain_shows_an_edited_line(store, place, change):
    lines = await _held_lines(store)
    lines[place] = replace(lines[place], **change)
    assert journal.check_chain(lines)


async def test_the_chain_shows_an_edited_line_with_a_new_hash(store):
    lines = await _held_lines(store)
    edited = replace(lines[3], body='{"t":"Leave"}')
    lines[3] = replace(edited, hash=edited.reckoned())
    assert journal.check_chain(lines) == ["journal line 5: does not follow the line before it"]


async def test_the_chain_shows_missing_swapped_and_renumbered_lines(store):
    lines = await _held_lines(store)
    assert journal.check_chain(lines) == []
    assert journal.check_chain(lines[1:])
    assert journal.check_chain(lines[:3] + lines[6:])
    assert journal.check_chain([*lines[:3], lines[4], lines[3], *lines[5:]])
    renumbered = lines[:3] + [replace(line, number=line.number - 1) for line in lines[4:]]
    assert journal.check_chain(renumbered)
    swapped = list(lines)
    swapped[3] = replace(lines[4], number=4)
    swapped[4] = replace(lines[3], number=5)
    assert journal.check_chain(swapped)


async def test_replay_leads_to_the_stored_meeting(store):
    meeting = await held(store)
    lines = await _lines(store)
    assert journal.replay(lines) == meeting == await store.load()


async def test_replay_starts_at_the_newest_picture_of_its_own_version(store, monkeypatch):
    meeting = await held(store)
    renamed = replace(meeting, conference=replace(meeting.conference, name="Loaded again"))
    async with store.transaction() as tx:
        await tx.write(meeting, renamed)
        await tx.journal_picture(NOW, k.SYSTEM, renamed, "load")
    lines = await _lines(store)
    assert journal.replay(lines) == renamed
    assert journal.replay(lines[-1:]) == renamed
    monkeypatch.setattr(rules, "RULES_VERSION", NEXT)
    with pytest.raises(ReplayError, match=f"no picture was made by version {NEXT}"):
        journal.replay(lines)
    async with store.transaction() as tx:
        await tx.journal_picture(NOW, k.SYSTEM, renamed, "new rules")
    assert journal.replay(await _lines(store)) == renamed
    monkeypatch.setattr(rules, "RULES_VERSION", NEXT - 1)
    with pytest.raises(ReplayError, match=f"written by version {NEXT}"):
        journal.replay(await _lines(store))


async def test_replay_names_the_line_that_does_not_fit(store):
    lines = await _held_lines(store)
    refused = replace(lines[2], body='{"t":"OpenConference"}')
    with pytest.raises(ReplayError, match=r"journal line 3: OpenConference is refused") as raised:
        journal.replay([*lines[:2], refused])
    assert raised.value.number == 3
    for body in ('{"t":"Sing"}', "[]", '{"t":"CallItem","item":"x"}'):
        with pytest.raises(ReplayError, match="journal line 3"):
            journal.replay([*lines[:2], replace(lines[2], body=body)])
    for body in ("{}", lines[0].body.replace("Shall we?", "Shall we not?")):
        with pytest.raises(ReplayError, match="journal line 1: the picture"):
            journal.replay([replace(lines[0], body=body)])


async def test_names_and_choices_are_not_in_the_journal(store):
    lines = await _held_lines(store)
    bodies = [line.body for line in lines if line.kind == "act"]
    (counted,) = (json.loads(body) for body in bodies if '"CountVote"' in body)
    figures = ("votes_for", "votes_against", "abstentions", "invalid")
    assert [counted[name] for name in figures] == [3, 2, 0, 0]
    assert not any("paper" in body for body in bodies)
    assert person(0).id in {line.who for line in lines}
