"""What people write can be erased without touching the journal."""

from __future__ import annotations

from conference.rules import acts as a
from conference.rules import kinds as k
from conference.store import journal, notes, remarks
from tests.store.meetings import CHAIR, NOW, begin, crowd, hold, until_open


async def test_a_text_is_kept_by_a_salted_hash_and_erased(store):
    async with store.transaction() as tx:
        one = await remarks.put(tx, "The speech is in order.", NOW)
        two = await remarks.put(tx, "The speech is in order.", NOW)
    assert one != two
    async with store.reading() as reader:
        assert set((await remarks.texts(reader)).values()) == {"The speech is in order."}
    async with store.transaction() as tx:
        await remarks.erase(tx, one)
    async with store.reading() as reader:
        assert set(await remarks.texts(reader)) == {two}


async def test_erasing_never_touches_the_journal(store):
    meeting = await hold(store, await begin(store, crowd(3)), until_open(3))
    async with store.transaction() as tx:
        number = await remarks.put(tx, "a name that should not stand here", NOW)
    meeting = await hold(store, meeting, [(a.StopVote(k.VoteId(1), number), CHAIR)], NOW + 9)
    async with store.transaction() as tx:
        await remarks.erase(tx, number)
    async with store.reading() as reader:
        lines = await journal.lines(reader)
    assert "a name" not in str(lines)
    assert journal.replay(lines) == meeting == await store.load()


async def test_notes_are_gone_at_the_close(store):
    async with store.transaction() as tx:
        await notes.add(tx, NOW, CHAIR, "Two more speakers?")
        await notes.put_own(tx, k.ItemId(1), "thank the tellers")
        await notes.put_own(tx, k.ItemId(1), "thank the stewards")
    async with store.reading() as reader:
        lines, own = await notes.everything(reader)
    assert [line.text for line in lines] == ["Two more speakers?"]
    assert own == {1: "thank the stewards"}
    async with store.transaction() as tx:
        await notes.clear(tx)
    async with store.reading() as reader:
        assert await notes.everything(reader) == ([], {})
