from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from conference.rules import kinds as k
from conference.store import ballots, schema
from conference.store.ballots import BallotAnswer, BallotPaper, Tally
from tests.store.meetings import after, begin, crowd, hold, papers, person, statements, until_open

FOR, AGAINST, ABSTAIN = k.Choice
RECORDED, SUPERSEDED, REFUSED = BallotAnswer


def paper(number: int, press: str, choice: k.Choice = FOR, vote: int = 1) -> BallotPaper:
    """A ballot in which the store sees the choice: an envelope is to it only what it is given."""
    return BallotPaper(k.VoteId(vote), person(number).id, press, choice, choice, choice)


@pytest.fixture
async def meeting(store):
    """Ten delegates; the first eight are on the roll of the open vote."""
    return await hold(store, await begin(store, crowd(10)), until_open(8))


async def put(store, *given: BallotPaper) -> list[BallotAnswer]:
    async with store.transaction() as tx:
        return await ballots.put(tx, given)


async def tally(store) -> Tally:
    async with store.reading() as reader:
        return await ballots.tally(reader, k.VoteId(1), by_name=True)


async def test_ballots_are_recorded_and_counted(store, meeting):
    given = [paper(0, "a"), paper(1, "b", AGAINST), paper(2, "c", ABSTAIN), paper(3, "d")]
    assert await put(store, *given) == [RECORDED] * 4
    assert await tally(store) == Tally(2, 1, 1)
    assert (await tally(store)).cast == 4
    async with store.reading() as reader:
        assert set(await ballots.voters(reader, k.VoteId(1), "e")) == {
            person(n).id for n in range(4)
        }


async def test_the_same_paper_again_changes_nothing(store, meeting):
    for _ in range(3):
        assert await put(store, paper(0, "a"), paper(0, "a")) == [RECORDED, RECORDED]
    assert await tally(store) == Tally(1, 0, 0)


async def test_the_same_id_with_another_choice_is_not_called_recorded(store, meeting):
    await put(store, paper(0, "a"))
    assert await put(store, paper(0, "a", AGAINST)) == [REFUSED]
    assert await put(store, paper(1, "a"), paper(1, "a", AGAINST)) == [RECORDED, REFUSED]
    assert await tally(store) == Tally(2, 0, 0)


async def test_a_new_choice_replaces_the_old_which_never_comes_back(store, meeting):
    await put(store, paper(0, "a"))
    assert await put(store, paper(0, "b", AGAINST)) == [RECORDED]
    assert await put(store, paper(0, "a")) == [SUPERSEDED]
    assert await put(store, paper(0, "b", AGAINST)) == [RECORDED]
    assert await put(store, paper(0, "c"), paper(0, "b", AGAINST)) == [RECORDED, SUPERSEDED]
    assert await tally(store) == Tally(1, 0, 0)


async def test_several_papers_of_one_person_count_in_their_order(store, meeting):
    batch = [
        paper(0, "a"),
        paper(1, "x"),
        paper(0, "b", AGAINST),
        paper(0, "a"),
        paper(0, "c", ABSTAIN),
    ]
    assert await put(store, *batch) == [RECORDED, RECORDED, RECORDED, SUPERSEDED, RECORDED]
    assert await tally(store) == Tally(1, 0, 1)
    assert await put(store, paper(0, "a"), paper(0, "b"), paper(0, "c", ABSTAIN)) == [
        SUPERSEDED,
        SUPERSEDED,
        RECORDED,
    ]


async def test_an_id_belongs_to_its_person(store, meeting):
    await put(store, paper(0, "a"), paper(0, "b"))
    assert await put(store, paper(1, "a"), paper(2, "b", AGAINST)) == [RECORDED, RECORDED]


async def test_who_is_not_on_the_roll_is_refused(store, meeting):
    given = [paper(8, "a"), paper(0, "b"), paper(9, "c"), paper(99, "d"), paper(1, "e", vote=2)]
    assert await put(store, *given) == [REFUSED, RECORDED, REFUSED, REFUSED, REFUSED]
    assert await tally(store) == Tally(1, 0, 0)


async def test_after_the_close_nothing_is_stored_but_what_is_stored_is_said(store, meeting):
    await put(store, paper(0, "a"), paper(0, "b"))
    await hold(store, meeting, after(1, 0, 0)[:1])
    late = [paper(0, "c"), paper(0, "b"), paper(0, "a"), paper(1, "x"), paper(0, "b", AGAINST)]
    assert await put(store, *late) == [REFUSED, RECORDED, SUPERSEDED, REFUSED, REFUSED]
    assert await tally(store) == Tally(1, 0, 0)


async def test_the_close_is_a_point_inside_one_transaction(store, meeting):
    closed = replace(meeting.votes[1], state=k.VoteState.CLOSED)
    async with store.transaction() as tx:
        assert await ballots.put(tx, [paper(0, "a")]) == [RECORDED]
        await tx.write(meeting, replace(meeting, votes=meeting.votes.put(1, closed)))
        assert await ballots.put(tx, [paper(1, "b")]) == [REFUSED]
    assert await tally(store) == Tally(1, 0, 0)


async def test_a_batch_of_any_size_costs_the_same_statements(tmp_path, store):
    await hold(store, await begin(store, crowd(500)), until_open(500))
    costs = []
    for press, size in (("a", 1), ("b", 500), ("c", 500)):
        with statements(store) as seen:
            await put(store, *papers(size, press))
        costs.append(len(seen))
    assert costs[0] <= costs[1] == costs[2] <= 4
    assert await put(store) == []
    assert await tally(store) == Tally(500, 0, 0)


async def test_ballots_tell_nothing_about_when_and_in_what_order(store, meeting):
    assert {column.name for column in schema.ballot.columns} == {
        "vote", "person", "id", "receipt", "paper",
    }  # fmt: skip
    await put(store, *(paper(number, "x") for number in (5, 2, 7, 0)))
    async with store.reading() as reader:
        found = await reader.conn.execute(text("SELECT person FROM ballot"))
        assert [name for (name,) in found] == [person(number).id for number in (0, 2, 5, 7)]
        with pytest.raises(Exception, match="no such column: rowid"):
            await reader.conn.execute(text("SELECT rowid FROM ballot"))


async def test_a_failed_transaction_keeps_no_ballot(store, meeting):
    with pytest.raises(IntegrityError):  # noqa: PT012
        async with store.transaction() as tx:
            assert await ballots.put(tx, [paper(0, "a")]) == [RECORDED]
            await tx.conn.execute(text("INSERT INTO ballot VALUES (1, 'p0001', NULL, NULL, 'y')"))
    assert await tally(store) == Tally(0, 0, 0)


async def test_what_was_in_the_envelopes_takes_their_place_and_is_nobodys(store, meeting):
    given = [paper(5, "a", AGAINST), paper(0, "b"), paper(7, "c", ABSTAIN), paper(2, "d", AGAINST)]
    given = [structs.replace(p, content=p.paper.encode().ljust(8)) for p in given]
    await put(store, *given)
    async with store.reading() as reader:
        assert await ballots.receipts(reader, k.VoteId(1)) == []
        soon = await ballots.voters(reader, k.VoteId(1), "e")
        own = await ballots.receipt_of(reader, k.VoteId(1), given[0].person, "e")
        assert {len(receipt) for receipt in soon.values()} == {64}
        assert own == soon[given[0].person]
    async with store.transaction() as tx:
        assert len(await ballots.envelopes(tx, k.VoteId(1))) == 4
        await ballots.put_receipts(tx, k.VoteId(1), {p.person: p.receipt for p in given})
        await ballots.put_opened(tx, k.VoteId(1), [p.paper for p in given])
    async with store.reading() as reader:
        assert await ballots.envelopes(reader, k.VoteId(1)) == []
        assert await ballots.opened(reader, k.VoteId(1)) == ["abstain", "against", "against", "for"]
        assert await ballots.tally(reader, k.VoteId(1), by_name=False) == Tally(1, 2, 1)
        assert len(await ballots.receipts(reader, k.VoteId(1))) == 4
        assert set(await ballots.voters(reader, k.VoteId(1), "e")) == {
            person(n).id for n in (0, 2, 5, 7)
        }
    again = [paper(0, "b"), paper(0, "b", AGAINST), paper(0, "z")]
    assert (await put(store, *again))[:2] == [RECORDED, REFUSED]
