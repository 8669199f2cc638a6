from __future__ import annotations

import random
import sqlite3
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from conference.rules import acts as a
from conference.rules import kinds as k
from conference.rules import state as s
from conference.rules import take
from conference.store import CommitFailed, rows
from tests.store.meetings import NOW, begin, crowd, full, opened, person, random_row, statements


async def test_nothing_is_loaded_from_a_new_database(store):
    assert await store.load() is None


async def test_a_meeting_with_every_kind_of_row_is_loaded_as_it_was(store, data):
    meeting = full()
    assert all(rows.snapshot(meeting)[part.table] for part in rows.COLLECTIONS)
    async with store.transaction() as tx:
        await tx.write(None, meeting)
    loaded = await store.load()
    assert loaded == meeting
    assert rows.snapshot(loaded) == rows.snapshot(meeting)
    await store.close()
    again = await opened(data)
    try:
        assert await again.load() == meeting
        assert again.epoch == store.epoch == "token-1"
    finally:
        await again.close()


def test_a_snapshot_makes_the_meeting_again():
    meeting = full()
    assert rows.meeting_from(rows.snapshot(meeting)) == meeting
    with pytest.raises(ValueError, match="conference has 0 rows"):
        rows.meeting_from({})


@pytest.mark.parametrize("seed", range(6))
async def test_random_changes_are_stored_as_they_are_in_memory(store, seed):
    chance = random.Random(seed)
    meeting = full()
    async with store.transaction() as tx:
        await tx.write(None, meeting)
    refused, fatal = 0, False
    for _ in range(60):
        changed = meeting
        for _ in range(chance.randrange(1, 5)):
            changed = _random_change(chance, changed)
        try:
            async with store.transaction() as tx:
                await tx.write(meeting, changed)
        except CommitFailed as failed:
            refused += 1  # a dropped row that others still refer to
            fatal |= failed.fatal
        else:
            meeting = changed
        assert rows.snapshot(await store.load()) == rows.snapshot(meeting)
    assert 0 < refused < 60
    assert not fatal


def _random_change(chance, meeting):
    part = chance.choice([part for part in rows.COLLECTIONS if part.field != "settings"])
    if part.single:
        name = chance.choice(["a", "b", "ç"])
        return replace(meeting, conference=replace(meeting.conference, name=name))
    held = getattr(meeting, part.field)
    if len(held) > 2 and chance.random() < 0.3:
        return replace(meeting, **{part.field: held.drop(chance.choice(list(held)))})
    of_others = {
        "roll": meeting.votes, "election": meeting.items,
        "register_line": meeting.people, "hidden_name": meeting.people,
    }  # fmt: skip
    if part.table in of_others:
        key = chance.choice(list(of_others[part.table]))
    else:
        key = f"q{chance.randrange(90)}" if part.table == "person" else chance.randrange(1, 200)
    return replace(meeting, **{part.field: held.put(key, random_row(chance, meeting, part, key))})


async def test_only_what_changed_is_written(store):
    meeting = await begin(store, crowd(300))
    changed = replace(meeting, people=meeting.people.put("p0007", person(7, present=True)))
    with statements(store) as seen:
        async with store.transaction() as tx:
            await tx.write(meeting, changed)
            await tx.write(changed, changed)
    written = [(statement[:18], many) for statement, many in seen if statement != "BEGIN"]
    assert written == [("BEGIN IMMEDIATE", 1), ("INSERT INTO person", 1)]


async def test_an_act_costs_the_same_in_a_larger_conference(tmp_path):
    costs = []
    for size in (10, 2000):
        store = await opened(tmp_path / str(size))
        try:
            meeting = await begin(store, crowd(size))
            after = take(meeting, a.CheckIn(), person(5).id, NOW)
            with statements(store) as seen:
                async with store.transaction() as tx:
                    await tx.write(meeting, after)
                    await tx.journal_act(NOW, person(5).id, a.CheckIn())
            costs.append(Counter(seen))
        finally:
            await store.close()
    assert costs[0] == costs[1]
    assert sum(costs[0].values()) <= 6


async def test_the_roll_goes_in_one_statement(store):
    meeting = await begin(store, crowd(500))
    vote = s.Vote(1, 1, "Q", "", k.Rule.SIMPLE, k.Base.CAST, k.VoteState.OPEN, 1, 2, roll=500)
    roll = s.Roll(1, frozenset(person(number).id for number in range(500)))
    after = replace(meeting, votes=meeting.votes.put(1, vote), rolls=meeting.rolls.put(1, roll))
    with statements(store) as seen:
        async with store.transaction() as tx:
            await tx.write(meeting, after)
    assert len(seen) == 5
    assert await store.load() == after


async def test_what_is_raised_inside_undoes_everything(store):
    meeting = await begin(store, crowd(3))
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with store.transaction() as tx:
            await tx.write(meeting, replace(meeting, people=meeting.people.put("p", person(9))))
            await tx.journal_act(NOW, k.SYSTEM, a.OpenConference())
            1 / 0  # noqa: B018
    assert await store.load() == meeting
    async with store.transaction() as tx:
        assert await tx.journal_act(NOW, k.SYSTEM, a.OpenConference()) == 2


async def test_a_savepoint_is_undone_alone(store):
    meeting = await begin(store, crowd(3))
    changed = replace(meeting, conference=replace(meeting.conference, name="changed"))
    async with store.transaction() as tx:
        assert await tx.journal_act(NOW, k.SYSTEM, a.OpenConference()) == 2
        with pytest.raises(ZeroDivisionError):  # noqa: PT012
            async with tx.savepoint():
                await tx.write(meeting, changed)
                await tx.journal_act(NOW, k.SYSTEM, a.CloseConference())
                1 / 0  # noqa: B018
        async with tx.savepoint() as point:
            await tx.journal_act(NOW, k.SYSTEM, a.CloseConference())
            await point.rollback()
        async with tx.savepoint():
            assert await tx.journal_act(NOW, k.SYSTEM, a.CheckIn()) == 3
        assert await tx.journal_act(NOW, k.SYSTEM, a.Leave()) == 4
    assert await store.load() == meeting


async def test_a_row_that_cannot_be_is_refused_by_the_database(store):
    meeting = await begin(store, crowd(3))
    for vote in (
        s.Vote(1, 1, "Q", "", k.Rule.SIMPLE, k.Base.CAST, k.VoteState.COUNTED, 1, 2, votes_for=1),
        s.Vote(1, 1, "Q", "", k.Rule.SIMPLE, k.Base.CAST, "maybe", 1, 2),
        s.Vote(1, 1, "Q", "", k.Rule.SIMPLE, k.Base.CAST, k.VoteState.VOID, -1, 2),
        s.Vote(1, 1, "Q", "", k.Rule.SIMPLE, k.Base.CAST, k.VoteState.VOID, "soon", 2),
    ):
        with pytest.raises((IntegrityError, AttributeError)):
            async with store.transaction() as tx:
                await tx.write(meeting, replace(meeting, votes=meeting.votes.put(1, vote)))
    first = s.Vote(1, 1, "Q", "", k.Rule.SIMPLE, k.Base.CAST, k.VoteState.OPEN, 1, 2)
    two = meeting.votes.put(1, first).put(2, replace(first, id=2))
    with pytest.raises(IntegrityError):
        async with store.transaction() as tx:
            await tx.write(meeting, replace(meeting, votes=two))
    assert await store.load() == meeting


async def test_a_reader_sees_one_state_and_cannot_write(store):
    meeting = await begin(store, crowd(3))
    counting = text("SELECT count(*) FROM person")
    async with store.reading() as reader:
        assert (await reader.conn.execute(counting)).scalar() == 4
        async with store.transaction() as tx:
            await tx.write(meeting, replace(meeting, people=meeting.people.put("p", person(9))))
        assert (await reader.conn.execute(counting)).scalar() == 4
        for attempt in ("DELETE FROM person", "PRAGMA query_only=OFF; DELETE FROM person"):
            with pytest.raises((DBAPIError, sqlite3.Error)):
                await reader.conn.execute(text(attempt))
        with pytest.raises(DBAPIError):  # noqa: PT012
            await reader.conn.exec_driver_sql("PRAGMA query_only=OFF")
            await reader.conn.exec_driver_sql("DELETE FROM person")
    async with store.reading() as reader:
        assert (await reader.conn.execute(counting)).scalar() == 5


async def test_the_safety_settings_are_on(store):
    async with store.transaction() as tx:
        found = {
            name: (await tx.conn.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
        strict = await tx.conn.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE NOT strict"
        )
        loose = {name for (name,) in strict if not name.startswith("sqlite_")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert loose == {"alembic_version"}
