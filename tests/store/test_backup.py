from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import kinds as k
from conference.rules import take
from conference.store import StoreError, backup, inspect, meta
from tests.store.meetings import (
    CHAIR,
    NOW,
    begin,
    crowd,
    held,
    hold,
    opened,
    person,
    tamper,
    until_open,
)

LATER = NOW + 1000
ENDS = ("", "-wal", "-shm")


async def test_a_backup_is_the_whole_database_in_one_file(store, data, tmp_path):
    await held(store)
    target = tmp_path / "copy.db"
    backup.backup(data, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "data"]
    shutil.copytree(tmp_path, tmp_path / "other", ignore=shutil.ignore_patterns("data", "other"))
    (tmp_path / "other" / "copy.db").rename(tmp_path / "other" / "conference.db")
    assert backup.verify(tmp_path / "other") == []


async def test_a_backup_refuses_what_it_cannot_do(store, data, tmp_path):
    target = tmp_path / "copy.db"
    target.write_text("precious")
    for source, aim, code in (
        (data, target, "exists"),
        (tmp_path / "nothing", tmp_path / "x.db", "missing"),
        (data, tmp_path / "nowhere" / "x.db", "not_writable"),
    ):
        with pytest.raises(StoreError) as raised:
            backup.backup(source, aim)
        assert raised.value.code == code
    assert target.read_text() == "precious"
    assert not (tmp_path / "x.db").exists()


async def test_backups_made_while_the_server_writes_are_each_one_moment(store, data, tmp_path):
    meeting = await hold(store, await begin(store, crowd(200)), until_open(0)[:1])
    done = asyncio.Event()

    async def write() -> int:
        now, turn = meeting, 0
        while not done.is_set():
            who = person(turn % 200).id
            act = a.Leave() if now.people[who].present else a.CheckIn()
            after = take(now, act, who, NOW + turn)
            async with store.transaction() as tx:
                await tx.write(now, after)
                await asyncio.sleep(0)
                await tx.journal_act(NOW + turn, who, act)
            now, turn = after, turn + 1
        return turn

    writing = asyncio.ensure_future(write())
    sizes = []
    for number in range(6):
        folder = tmp_path / f"copy-{number}"
        folder.mkdir()
        await asyncio.to_thread(backup.backup, data, folder / "conference.db")
        assert await asyncio.to_thread(backup.verify, folder) == []
        with closing(sqlite3.connect(folder / "conference.db")) as copy:
            sizes.append(copy.execute("SELECT count(*) FROM journal").fetchone()[0])
    done.set()
    assert await writing > 6
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]
    assert backup.verify(data) == []


async def test_a_restored_database_has_a_new_epoch_and_the_old_one_is_kept(store, data, tmp_path):
    meeting = await held(store)
    backup.backup(data, tmp_path / "copy.db")
    renamed = replace(meeting, conference=replace(meeting.conference, name="later"))
    async with store.transaction() as tx:
        await tx.write(meeting, renamed)
    await store.close()
    backup.restore(tmp_path / "copy.db", data, LATER, lambda: "new epoch")
    assert sorted(path.name for path in data.iterdir()) == ["backups", "conference.db"]
    again = await opened(data)
    try:
        assert again.epoch == "new epoch"
        assert await again.load() == meeting
        async with again.reading() as reader:
            assert await meta.get(reader, meta.RESTORED_AT) == str(LATER)
            assert await meta.get(reader, meta.SALT) == "token-2"
    finally:
        await again.close()
    kept = data / "backups" / f"before-restore-{LATER}.db"
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT name FROM conference").fetchone() == ("later",)
        assert connection.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone() == (
            "token-1",
        )


async def test_restoring_over_a_killed_server_keeps_what_was_in_its_log(store, data, tmp_path):
    await begin(store, crowd(3))
    backup.backup(data, tmp_path / "copy.db")
    killed = tmp_path / "killed"
    await hold(store, await store.load(), until_open(3))
    shutil.copytree(data, killed)
    assert (killed / "conference.db-wal").stat().st_size > 0
    backup.restore(tmp_path / "copy.db", killed, LATER, lambda: "new")
    again = await opened(killed)
    assert await again.load() == crowd(3)
    await again.close()
    kept = tmp_path / "kept"
    kept.mkdir()
    shutil.copy(killed / "backups" / f"before-restore-{LATER}.db", kept / "conference.db")
    assert backup.verify(kept) == []
    with inspect.opened(kept / "conference.db") as connection:
        assert connection.execute("SELECT count(*) FROM roll_person").fetchone() == (3,)


async def test_restoring_into_an_empty_folder_and_over_a_ruin(store, data, tmp_path):
    meeting = await begin(store, crowd(3))
    backup.backup(data, tmp_path / "copy.db")
    ruin = tmp_path / "ruin"
    ruin.mkdir()
    (ruin / "conference.db").write_bytes(b"no database at all" * 300)
    for target in (tmp_path / "empty", ruin):
        backup.restore(tmp_path / "copy.db", target, LATER, lambda: "new")
        again = await opened(target)
        assert await again.load() == meeting
        await again.close()
    kept = ruin / "backups" / f"before-restore-{LATER}.db"
    assert kept.read_bytes() == b"no database at all" * 300


async def test_a_source_that_is_no_sound_database_of_ours_changes_nothing(store, data, tmp_path):
    await begin(store, crowd(300))
    backup.backup(data, tmp_path / "copy.db")
    await store.close()
    before = (data / "conference.db").read_bytes()
    bad = tmp_path / "bad.db"
    damaged = bytearray((tmp_path / "copy.db").read_bytes())
    for page in range(4, len(damaged) // 4096):
        damaged[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    for content in (b"", b"text" * 2000, bytes(damaged)):
        bad.write_bytes(content)
        with pytest.raises(StoreError):
            backup.restore(bad, data, LATER, lambda: "new")
    with pytest.raises(StoreError, match="no database"):
        backup.restore(tmp_path / "nothing.db", data, LATER, lambda: "new")
    assert (data / "conference.db").read_bytes() == before
    assert {path.name for path in data.iterdir()} <= {f"conference.db{end}" for end in ENDS}


# --- verify --------------------------------------------------------------------------------------


async def test_a_sound_database_has_no_findings(store, data):
    assert backup.verify(data) == []
    await held(store)
    assert backup.verify(data) == []
    await store.close()
    assert backup.verify(data) == []


TAMPERINGS = [
    (
        "UPDATE opened_ballot SET paper = 'for' WHERE place = 1",
        "vote 1: the ballots give (4, 1, 0, 0)",
    ),
    (
        "UPDATE opened_ballot SET paper = 'malformed' WHERE place = 1",
        "the ballots give (3, 1, 0, 1)",
    ),
    ("DELETE FROM opened_ballot WHERE place = 5", "vote 1: the ballots give (2, 2, 0, 0)"),
    ("DELETE FROM ballot WHERE person = 'p0000'", "vote 1: the receipts are not those of the box"),
    (
        "UPDATE ballot SET receipt = printf('%064d', 9) WHERE person = 'p0000'",
        "vote 1: the receipts",
    ),
    ("UPDATE ballot SET paper = 'x' WHERE person = 'p0000'", "vote 1: 1 envelopes are still there"),
    ("INSERT INTO ballot VALUES (1, 'chair', 'x', '00', NULL)", "people who are not on its roll"),
    ("UPDATE vote SET root = '00'", "vote 1: the receipts are not those of the box"),
    ("UPDATE vote SET fewest = 9", "vote 1: a head says something else than the vote's row"),
    (
        "UPDATE head SET line = replace(line, '5', '6') WHERE id = 1",
        "heads: The signature of head 1",
    ),
    ("DELETE FROM head WHERE id = 1", "heads: Head 1 does not follow the one before it."),
    ("DELETE FROM head WHERE id = 2", "vote 1: it has 1 heads, 2 were expected"),
    ("UPDATE vote SET votes_for = 2, votes_against = 3", "vote: rows and journal differ: 1 (votes"),
    (
        "UPDATE vote SET votes_for = 2",
        "vote 1: the ballots give (3, 2, 0, 0), stored is (2, 2, 0, 0)",
    ),
    ("UPDATE vote SET outcome = 'lost'", "vote: rows and journal differ: 1 (outcome)"),
    ("UPDATE person SET present = 0 WHERE id = 'p0001'", "person: rows and journal differ: p0001"),
    ("DELETE FROM roll_person WHERE person = 'p0001'", "vote 1: its roll has 4 people"),
    ("DELETE FROM minute WHERE id = 1", "minute: rows and journal differ: 1 is missing"),
    ("INSERT INTO minute VALUES (99, 1, 'x', '{}')", "99 is in no act"),
    ("UPDATE motion SET item = 9", "motion: a row refers to a row of item that does not exist"),
    ("UPDATE journal SET body = replace(body, '3', '4') WHERE number = 14", "journal line 14: its"),
    ("UPDATE journal SET at = 1 WHERE number = 4", "journal line 4: its content does not match"),
    ("DELETE FROM journal WHERE number = 4", "journal: line 4 is missing"),
    ("DELETE FROM journal WHERE number = 1", "journal: no picture was made by version"),
    (
        "DELETE FROM journal WHERE number >= 12",
        "motion: rows and journal differ: 1 (outcome, state)",
    ),
    ("DELETE FROM journal", "journal: no picture was made by version"),
    ("DELETE FROM conference", "conference: rows and journal differ"),
]


@pytest.mark.parametrize(
    ("change", "finding"), TAMPERINGS, ids=[change for change, _ in TAMPERINGS]
)
async def test_verify_finds_what_was_changed_behind_its_back(store, data, change, finding):
    await held(store)
    await store.close()
    tamper(data, change)
    found = backup.verify(data)
    assert any(finding in sentence for sentence in found), found


async def test_verify_finds_two_open_votes(store, data):
    await hold(store, await begin(store, crowd(3)), until_open(3))
    assert backup.verify(data) == []
    await store.close()
    tamper(data, "DROP INDEX one_open_vote", "UPDATE vote SET state = 'open'")
    with closing(sqlite3.connect(data / "conference.db")) as connection, connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(vote)")]
        values = ", ".join("2" if name == "id" else name for name in columns)
        connection.execute(f"INSERT INTO vote SELECT {values} FROM vote")
    assert "2 votes are open at once" in backup.verify(data)


async def test_verify_finds_more_ballots_than_people_on_the_roll(store, data):
    await hold(store, await begin(store, crowd(3)), until_open(3))
    await store.close()
    tamper(
        data,
        "UPDATE vote SET roll = 1",
        "INSERT INTO ballot VALUES (1, 'p0000', 'a', 'r', 'x'), (1, 'p0001', 'a', 'r', 'x')",
    )
    assert "vote 1: 2 ballots, 1 people on the roll" in backup.verify(data)


async def test_verify_finds_a_damaged_file_and_a_missing_one(store, data, tmp_path):
    await begin(store, crowd(300))
    await store.checkpoint()
    await store.close()
    content = bytearray((data / "conference.db").read_bytes())
    for page in range(4, len(content) // 4096):
        content[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    (data / "conference.db").write_bytes(content)
    assert backup.verify(data)
    with pytest.raises(StoreError):
        backup.verify(tmp_path)


async def test_chair_stands_outside_the_roll(store):
    meeting = await held(store)
    assert CHAIR not in meeting.rolls[k.VoteId(1)].people
