"""Opening, migrating, closing, failing disks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from conference.rules import acts as a
from conference.rules import kinds as k
from conference.rules import state as s
from conference.store import (
    CommitFailed,
    Store,
    StoreError,
    database,
    inspect,
    meta,
    people,
    registrations,
    schema,
)
from tests.store.meetings import NOW, begin, crowd, opened, person, tamper

ROOT = Path(__file__).parents[2]


async def test_only_the_owner_may_read_the_files(store, data):
    await begin(store, crowd(3))
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for path in data.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


async def test_a_new_database_knows_who_it_is(store):
    async with store.reading() as reader:
        assert await meta.get(reader, meta.EPOCH) == store.epoch == "token-1"
        assert await meta.get(reader, meta.SALT) == "token-2"
        assert await meta.get(reader, meta.CREATED_AT) == str(NOW)
        assert await meta.get(reader, meta.RESTORED_AT) is None
    async with store.transaction() as tx:
        await meta.put(tx, "key", "one")
        await meta.put(tx, "key", "two")
        assert await meta.get(tx, "key") == "two"
        await meta.drop(tx, "key")
        assert await meta.get(tx, "key") is None


def _described(connection: sqlite3.Connection) -> dict[str, str]:
    wanted = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    found = dict(connection.execute(wanted).fetchall())
    return {name: " ".join(sql.split()) for name, sql in found.items() if name != "alembic_version"}


async def test_the_migrations_make_what_the_schema_says(store, data):
    with closing(sqlite3.connect(":memory:")) as memory:
        for statement in schema.statements():
            memory.execute(statement)
        wanted = _described(memory)
    with inspect.opened(data / "conference.db") as connection:
        assert _described(connection) == wanted, (
            "the dataclasses or schema.py changed: add a migration; before the first release "
            "write schema.script() to migrations/versions/0001.sql"
        )


def test_the_known_revisions_are_those_of_alembic():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == inspect.REVISIONS


async def test_a_second_start_does_without_alembic(data):
    await (await opened(data)).close()
    program = (
        "import asyncio, sys, pathlib\n"
        "from conference.store import Store\n"
        "async def main():\n"
        f"    s = await Store.open(pathlib.Path({str(data)!r}), now=1, token=lambda: 'x')\n"
        "    print(s.epoch, 'alembic' in sys.modules)\n"
        "    await s.close()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("token-1 False\n", 0), done.stderr


async def test_a_backup_is_made_before_a_migration(data, monkeypatch):
    store = await opened(data)
    meeting = await begin(store, crowd(3))
    await store.close()

    def upgrade(connection):
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'next'")
        connection.exec_driver_sql("CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT")

    last = inspect.REVISIONS[-1]
    monkeypatch.setattr(inspect, "REVISIONS", (*inspect.REVISIONS, "next"))
    monkeypatch.setattr(database, "upgrade", upgrade)
    migrated = await opened(data, NOW + 5)
    assert await migrated.load() == meeting
    assert migrated.epoch == "token-1"
    await migrated.close()
    kept = data / "backups" / f"before-migration-{last}-{NOW + 5}.db"
    assert inspect.revision(kept) == last
    assert inspect.revision(data / "conference.db") == "next"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def _at_0001(data: Path) -> sqlite3.Connection:
    """A database as the first version made it."""
    data.mkdir(mode=0o700)
    connection = sqlite3.connect(data / "conference.db", isolation_level=None)
    folder = Path(database.__file__).parent / "migrations" / "versions"
    connection.executescript((folder / "0001.sql").read_text(encoding="utf-8"))
    connection.executescript(
        f"PRAGMA application_id = {schema.APPLICATION_ID};"
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"
        "INSERT INTO alembic_version VALUES ('0001');"
    )
    return connection


async def test_a_conference_of_the_first_version_is_migrated_with_its_data(tmp_path):
    old = tmp_path / "old"
    with closing(_at_0001(old)) as connection:
        connection.executescript(
            "INSERT INTO meta VALUES ('epoch', 'first'), ('salt', 's');"
            "INSERT INTO person (id, roles, standing, present) VALUES"
            " ('p1', '[\"delegate\"]', 'accepted', 0);"
            "INSERT INTO account (person, name, email, email_key, belongs, consent_named,"
            " consent_recorded, consent_contact, link_generation, created_at) VALUES"
            " ('p1', 'Ash', 'ash@example.org', 'ash@example.org', 'Anytown', 0, 0, 1, 0, 5);"
        )
    migrated = await opened(old)
    assert migrated.epoch == "first"
    async with migrated.reading() as reader:
        (ash,) = await people.all(reader)
        kept = await registrations.get(reader, ash.person)
    await migrated.close()
    assert (ash.name, ash.email, ash.belongs, ash.consent_contact) == (
        "Ash", "ash@example.org", "Anytown", True,
    )  # fmt: skip
    assert kept == registrations.Particulars(ash.person)


async def test_a_failed_migration_changes_nothing(data, monkeypatch):
    await (await opened(data)).close()

    def upgrade(connection):
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'next'")
        connection.exec_driver_sql("DROP TABLE meta")
        raise RuntimeError("half-way")

    with monkeypatch.context() as patched:
        patched.setattr(inspect, "REVISIONS", (*inspect.REVISIONS, "next"))
        patched.setattr(database, "upgrade", upgrade)
        with pytest.raises(RuntimeError, match="half-way"):
            await opened(data)
    again = await opened(data)
    assert again.epoch == "token-1"
    await again.close()


async def _refusal(data: Path) -> StoreError:
    threads = threading.active_count()
    with pytest.raises(StoreError) as raised:
        await opened(data)
    await asyncio.sleep(0.05)
    assert threading.active_count() <= threads
    assert raised.value.sentence.endswith(".")
    return raised.value


async def test_what_is_not_a_database_is_left_alone(data):
    data.mkdir()
    for content in (b"Dear diary, " * 100, b"SQLite format 3\0" + b"\xff" * 5000):
        (data / "conference.db").write_bytes(content)
        assert (await _refusal(data)).code in {"not_a_database", "corrupt"}
        assert (data / "conference.db").read_bytes() == content


async def test_a_database_of_somebody_else_is_left_alone(data):
    data.mkdir()
    with closing(sqlite3.connect(data / "conference.db")) as connection:
        connection.execute("CREATE TABLE recipe (id)")
    before = (data / "conference.db").read_bytes()
    assert (await _refusal(data)).code == "not_ours"
    assert (data / "conference.db").read_bytes() == before


async def test_a_newer_schema_is_refused(data):
    await (await opened(data)).close()
    tamper(data, "UPDATE alembic_version SET version_num = '9999'")
    error = await _refusal(data)
    assert error.code == "newer_schema"
    assert "9999" in error.sentence


async def test_a_damaged_file_is_refused(data):
    store = await opened(data)
    await begin(store, crowd(500))
    await store.checkpoint()
    await store.close()
    path = data / "conference.db"
    content = bytearray(path.read_bytes())
    for page in range(4, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = os.urandom(200)
    path.write_bytes(content)
    assert (await _refusal(data)).code == "corrupt"


async def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    for data in (tmp_path / "file", tmp_path / "file" / "data"):
        assert (await _refusal(data)).code == "not_writable"
    (tmp_path / "data" / "conference.db").mkdir(parents=True)
    assert (await _refusal(tmp_path / "data")).code == "not_writable"


async def test_a_database_that_another_program_writes_is_refused(data, monkeypatch):
    await (await opened(data)).close()
    monkeypatch.setattr("conference.store.engine.WRITER_PRAGMAS", ("PRAGMA busy_timeout=50",))
    with closing(sqlite3.connect(data / "conference.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert (await _refusal(data)).code == "in_use"


async def test_closing_ends_every_thread_even_with_a_reader_out(data):
    before = set(threading.enumerate())
    store = await opened(data)
    held = store.reading()
    reader = await held.__aenter__()
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"
    query = asyncio.ensure_future(reader.conn.execute(text(endless)))
    await asyncio.sleep(0.1)
    started = time.monotonic()
    await store.close()
    assert time.monotonic() - started < 60  # the query would have gone on for ever
    with pytest.raises(Exception, match="interrupted"):
        await query
    for _ in range(300):
        if set(threading.enumerate()) <= before:
            break
        await asyncio.sleep(0.1)
    assert set(threading.enumerate()) <= before
    await held.__aexit__(None, None, None)
    await store.close()


async def test_closing_waits_for_the_transaction_that_runs(data):
    store = await opened(data)
    began = asyncio.Event()

    async def work() -> None:
        async with store.transaction() as tx:
            began.set()
            await asyncio.sleep(0.1)
            await tx.write(None, crowd(3))

    task = asyncio.ensure_future(work())
    await began.wait()
    await store.close()
    await task
    again = await opened(data)
    assert await again.load() == crowd(3)
    await again.close()


async def test_what_is_cancelled_at_the_commit_is_stored_or_not_but_known(store):
    meeting = await begin(store, crowd(3))
    for turn in range(20):
        changed = replace(meeting, conference=replace(meeting.conference, name=f"turn {turn}"))

        async def work(before=meeting, after=changed) -> None:
            async with store.transaction() as tx:
                await tx.write(before, after)

        task = asyncio.ensure_future(work())
        await asyncio.sleep(turn / 5000)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        found = await store.load()
        assert found in (meeting, changed)
        meeting = found


@contextmanager
def no_bigger(path: Path):
    """No file may grow beyond the size of `path`: writing past it is a real I/O error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)


async def _grow(store: Store, meeting: s.Meeting) -> s.Meeting:
    people = meeting.people
    for number in range(3000, 3400):
        people = people.put(person(number).id, person(number))
    after = replace(meeting, people=people)
    async with store.transaction() as tx:
        await tx.write(meeting, after)
        await tx.journal_act(NOW, k.SYSTEM, a.OpenConference())
    return after


async def test_a_transaction_left_open_is_undone_before_the_next(store):
    """The pool does not undo each time, only where there is something to undo."""
    writer = store._connections.writer
    async with writer.connect() as conn:
        driver = (await conn.get_raw_connection()).driver_connection
        await driver.execute("BEGIN IMMEDIATE")
        await driver.execute("INSERT INTO meta (key, value) VALUES ('left', 'open')")
        assert driver.in_transaction
    async with writer.connect() as conn:
        assert (await conn.get_raw_connection()).driver_connection is driver
        assert not driver.in_transaction
        found = await driver.execute_fetchall("SELECT count(*) FROM meta WHERE key = 'left'")
        assert [tuple(row) for row in found] == [(0,)]


async def test_an_io_error_is_fatal_and_nothing_is_stored(store, data):
    meeting = await begin(store, crowd(3))
    with no_bigger(data / "conference.db-wal"), pytest.raises(CommitFailed) as raised:
        await _grow(store, meeting)
    assert raised.value.fatal
    assert await store.load() == meeting


async def test_a_full_disk_is_not_fatal_and_the_next_one_succeeds(store):
    meeting = await begin(store, crowd(3))
    (store.data / "ballast").write_bytes(b"room")
    async with store.transaction() as tx:
        pages = (await tx.conn.exec_driver_sql("PRAGMA page_count")).scalar()
        await tx.conn.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
    with pytest.raises(CommitFailed) as raised:
        await _grow(store, meeting)
    assert not raised.value.fatal
    assert not store.ballast.held
    assert await store.load() == meeting
    async with store.transaction() as tx:
        await tx.conn.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert await _grow(store, meeting) == await store.load()
