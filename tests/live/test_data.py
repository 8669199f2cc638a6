"""The commands of the host, beside a running server and in its place."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
import socket
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.live.serving import (
    CHAIR,
    Prepared,
    Server,
    close_vote,
    declare,
    delegate,
    open_vote,
    quick_file,
)


@pytest.fixture
def folder(prepared: Prepared, tmp_path: Path) -> Server:
    """A folder that nobody serves."""
    return prepared.copy(tmp_path / "data")


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """It refused to start, in one clear sentence."""
    assert done.returncode == 2, done
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].rstrip().endswith("."), lines
    assert all(word in lines[0] for word in words), lines


def change(data: Path, *statements: str) -> None:
    with closing(sqlite3.connect(data / "conference.db", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


# --- backup, restore, verify -----------------------------------------------------------------


async def test_backup_while_serving_and_restore(own_server: Server, tmp_path: Path):
    server, copy = own_server, tmp_path / "copy.db"
    async with server.person(CHAIR) as chair, server.person(delegate(1)) as person:
        seat = await person.seat()
        epoch = (await seat.next("hello"))["epoch"]
        vote = await open_vote(chair, 1)
        assert (await seat.vote(vote, "in-the-backup"))["t"] == "ack"
        done = await server.command("backup", str(copy))
        assert done.returncode == 0, done.stderr
        assert copy.stat().st_mode & 0o777 == 0o600
        assert (await seat.vote(vote, "not-in-the-backup"))["t"] == "ack"
        refused(await server.command("backup", str(copy)), str(copy))
        refused(await server.command("restore", str(copy)), str(server.data))
        assert server.stop() == 0

        done = await server.command("restore", str(copy))
        assert done.returncode == 0, done.stderr
        assert f"Vote {vote}" in done.stdout
        assert "void" in done.stdout
        assert list((server.data / "backups").glob("before-restore-*.db"))
        assert (await server.command("verify")).returncode == 0
        state = server.rows("SELECT state, void_reason FROM vote WHERE id = ?", vote)
        assert state == [("void", "restored")]

        server.start()
        seat = await person.seat(query={"e": epoch, "v": 10**6})
        told = await seat.greeting()
        assert told[0]["epoch"] != epoch
        assert {m["id"] for m in told if m["t"] == "region"} >= {"now", "vote", "result"}
        assert (await seat.vote(vote, "not-in-the-backup"))["code"] == "vote_void"
        again = await open_vote(chair, 1)
        assert again == vote + 1
        assert (await seat.vote(again, "not-in-the-backup"))["t"] == "ack"
        await close_vote(chair, again)
        await declare(chair, again)
    assert (await server.command("verify")).returncode == 0


def test_restore_refuses_what_is_no_backup(folder: Server, tmp_path: Path):
    before = folder.rows("SELECT value FROM meta ORDER BY key")
    for name, content in {
        "empty.db": b"",
        "text.db": b"no database at all, only text" * 99,
    }.items():
        (tmp_path / name).write_bytes(content)
        refused(folder.run("restore", str(tmp_path / name)), name)
    refused(folder.run("restore", str(tmp_path / "missing.db")), "missing.db")
    assert folder.rows("SELECT value FROM meta ORDER BY key") == before
    assert folder.run("verify").returncode == 0


TAMPERED = {
    "a ballot is changed": "UPDATE ballot SET paper = 'against' WHERE rowid IN "
    "(SELECT rowid FROM ballot LIMIT 1)",
    "a figure": "UPDATE vote SET votes_for = votes_for + 1 WHERE id = 1",
    "a line of the journal": "UPDATE journal SET at = at + 1 WHERE number = 5",
    "a line is gone": "DELETE FROM journal WHERE number = 5",
    "the last line is gone": "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)",
    "a motion's text": "UPDATE motion SET text = text || ' not' WHERE id = 1",
    "somebody is put on the register": "UPDATE person SET standing = 'waiting' WHERE id = "
    "(SELECT min(id) FROM person)",
}


@pytest.mark.parametrize("name", [name for name in TAMPERED if name != "a ballot is changed"])
def test_verify_reports_tampering(folder: Server, name: str):
    assert folder.run("verify").returncode == 0
    change(folder.data, TAMPERED[name])
    done = folder.run("verify")
    assert done.returncode == 1, done
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr


async def test_verify_recounts_the_ballots(own_server: Server):
    server = own_server
    async with server.person(CHAIR) as chair, server.person(delegate(1)) as person:
        vote = await open_vote(chair, 1)
        assert (await (await person.seat()).vote(vote, "for-this-one"))["t"] == "ack"
        await close_vote(chair, vote)
    assert (await server.command("verify")).returncode == 0  # also while it serves
    server.stop()
    change(server.data, f"UPDATE ballot SET paper = 'against' WHERE vote = {vote}")
    done = await server.command("verify")
    assert done.returncode == 1
    assert f"vote {vote}" in done.stdout


def test_verify_says_what_is_wrong_with_a_file(tmp_path: Path):
    server = Server(tmp_path / "data")
    refused(server.run("verify"), "conference.db")
    server.data.mkdir()
    (server.data / "conference.db").write_bytes(b"this is no database, only text. " * 100)
    refused(server.run("verify"), "conference.db")


# --- links ---------------------------------------------------------------------------------------


async def test_links_are_listed_while_serving(server: Server):
    done = await server.command("people", "links", "--port", str(server.port))
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    roles = [row["role"] for row in rows]
    assert list(rows[0]) == ["name", "role", "address"]
    assert {role: roles.count(role) for role in set(roles)} == {
        "delegate": 160, "chair": 2, "vice_chair": 1, "registrar": 1, "secretary": 1, "teller": 1, "speaker": 6,
        "observer": 1, "steward": 1,
    }  # fmt: skip
    assert all(row["address"].startswith(f"{server.url}/l/") for row in rows)
    assert len({row["address"] for row in rows}) == len(rows)
    elsewhere = await server.command("people", "links", "--public-url", "https://c.example")
    assert "https://c.example/l/" in elsewhere.stdout


async def test_a_fresh_link_ends_the_old_one_and_its_sessions(server: Server):
    old = server.known[delegate(20)]
    async with server.person(delegate(20)) as person, server.person(delegate(21)) as other:
        seat, untouched = await person.seat(), await other.seat()
        done = await server.command("link", "delegate", delegate(20), "--port", str(server.port))
        assert done.returncode == 0, done.stderr
        assert await seat.closed() == 4401
        assert seat.unread[-1]["code"] == "session_ended"
        assert (await person.post("/presence", here="no")).status_code == 403
        assert (await person.http.get(old)).status_code == 403
        assert (await person.http.post(old)).json()["code"] == "link_invalid"
        (row,) = csv.DictReader(io.StringIO(done.stdout))
        path = row["address"].removeprefix(server.url)
        assert path != old
        server.known[delegate(20)] = path
        async with server.person(delegate(20)) as again:
            assert (await again.http.get("/floor")).status_code == 200
        assert (await untouched.ask("withdraw", motion=1))["code"] == "not_asked"
    last = server.rows("SELECT kind, body FROM journal ORDER BY number DESC LIMIT 1")[0]
    assert "RenewLink" in json.dumps(last)


async def test_only_that_person_is_signed_out_even_when_two_have_one_name(own_server: Server):
    server = own_server
    for role in ("observer", "speaker"):
        assert (await server.command("link", role, "Twin")).returncode == 0
    done = await server.command("people", "links")
    twins = [r for r in csv.DictReader(io.StringIO(done.stdout)) if r["name"] == "Twin"]
    seats = {}
    for row in twins:
        server.known["Twin"] = "/l/" + row["address"].split("/l/")[1]
        seats[row["role"]] = await (await server.enter("Twin")).seat()
    assert (await server.command("link", "observer", "Twin")).returncode == 0
    assert await seats["observer"].closed() == 4401
    assert (await seats["speaker"].ask("seen", slot=10**6))["code"] == "unknown"


async def test_new_people_can_be_made_while_serving(server: Server):
    done = await server.command("link", "vice-chair", "Somebody =1", "--port", str(server.port))
    assert done.returncode == 0, done.stderr
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    server.known["Somebody =1"] = row["address"].removeprefix(server.url)
    async with server.person("Somebody =1") as person:
        assert (await person.http.get("/chair")).status_code == 200
    refused(await server.command("link", "emperor"), "emperor")
    assert (await server.command("link", "delegate", "--count", "0")).returncode == 2


# --- refused to start ------------------------------------------------------------------------------


async def serve(server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    port = () if "--port" in words else ("--port", str(server.port))
    return await server.command("serve", *port, *words)


async def test_a_port_that_is_taken(folder: Server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused(await serve(folder, "--port", port), port, "--port")


async def test_a_folder_that_is_in_use(server: Server, tmp_path: Path):
    other = Server(tmp_path / "unused")
    words = ("serve", "--port", str(other.port))
    refused(await server.command(*words), str(server.data), "--data")
    assert server.healthy()


async def test_a_file_that_is_no_database(tmp_path: Path):
    server = Server(tmp_path / "data")
    server.data.mkdir()
    (server.data / "conference.db").write_bytes(b"this is no database, only text. " * 100)
    refused(await serve(server), "conference.db", "not a database")


async def test_a_database_of_another_program(tmp_path: Path):
    server = Server(tmp_path / "data")
    server.data.mkdir()
    change(server.data, "CREATE TABLE other (id INTEGER)")
    refused(await serve(server), "conference.db")


async def test_a_newer_schema(folder: Server):
    tables = folder.rows("SELECT name FROM sqlite_master WHERE name LIKE '%version%'")
    change(folder.data, f"UPDATE {tables[0][0]} SET version_num = '9999'")
    refused(await serve(folder), "newer")


async def test_a_folder_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").write_text("")
    done = await Server(tmp_path / "file" / "data").command("serve")
    refused(done)


@pytest.mark.parametrize(
    "url", ["conference.example", "ftp://c.example", "https://c.example/path", "https://", "x y"]
)
async def test_a_public_url_that_is_none(folder: Server, url: str):
    refused(await serve(folder, "--public-url", url), "public")


async def test_a_demonstration_at_a_public_address(folder: Server):
    refused(await serve(folder, "--public-url", "https://c.example"), "--demo-public")
    refused(await serve(folder, "--host", "0.0.0.0"), "--demo-public")  # noqa: S104
    refused(await serve(folder, "--port", "70000"))


# --- the end -------------------------------------------------------------------------------------


async def test_sigterm_says_goodbye_and_exits_with_0(own_server: Server):
    async with own_server.person(delegate(1)) as person:
        seats = [await person.seat(), await person.seat()]
        for seat in seats:
            await seat.greeting()
        code = asyncio.create_task(asyncio.to_thread(own_server.stop))
        for seat in seats:
            assert await seat.closed() == 1012
            bye = seat.unread[-1]
            assert (bye["t"], bye["code"]) == ("bye", "restart")
            assert bye["retry_ms"] > 0
        assert await code == 0
    assert not (own_server.data / "control.sock").exists()
    assert own_server.run("people", "links").returncode == 0


# --- load ------------------------------------------------------------------------------------------


def few_tellers(file: Path) -> bool:
    return file.read_text().count('"teller"') < 2


def test_a_file_is_checked_without_being_loaded(tmp_path: Path):
    server = Server(tmp_path / "data")
    file = quick_file(tmp_path / "quick.toml")
    done = server.run("load", str(file), "--check")
    assert done.returncode == 0, done
    assert ("Missing before the day: There are no two tellers" in done.stdout) == few_tellers(file)
    assert not server.data.exists() or not (server.data / "conference.db").exists()
    file.write_text(file.read_text().replace('zone = "Europe/London"', 'zone = "Europe/Atlantis"'))
    done = server.run("load", str(file), "--check")
    assert done.returncode == 1
    assert str(file) in done.stdout + done.stderr
    assert "zone" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    refused(server.run("load", str(tmp_path / "missing.toml")), "missing.toml")


async def test_loading_over_while_serving(own_server: Server, tmp_path: Path):
    server, file = own_server, quick_file(tmp_path / "quick.toml")
    text = file.read_text()
    async with server.person(delegate(1)) as person:
        people = server.rows("SELECT * FROM account ORDER BY person")
        journal = server.rows("SELECT * FROM journal ORDER BY number")
        seat = await person.seat()
        version = (await seat.greeting())[0]["version"]

        file.write_text(text.replace("A telephone with a browser is enough.", "A telephone is."))
        done = await server.command("load", str(file), "--dry-run")
        assert done.returncode == 0, done
        assert done.stdout.strip()
        assert server.rows("SELECT * FROM journal ORDER BY number") == journal
        assert not list((server.data / "backups").glob("before-load-*.db"))

        later = text.index('kind = "debate"', text.index('kind = "debate"') + 10)
        start = text.index('title = "', text.rindex("[[items]]", 0, later)) + len('title = "')
        title = text[start : text.index('"', start)]
        file.write_text(text[:start] + "Another title" + text[start + len(title) :])
        done = await server.command("load", str(file))
        assert done.returncode == 0, done
        assert list((server.data / "backups").glob("before-load-*.db"))
        assert server.rows("SELECT count(*) FROM item WHERE title = 'Another title'") == [(1,)]
        assert server.rows("SELECT * FROM account ORDER BY person") == people
        assert server.rows("SELECT * FROM journal ORDER BY number")[: len(journal)] == journal
        assert (await (await person.seat()).greeting())[0]["version"] > version

        first = text.index('title = "', text.index("[[motions]]")) + len('title = "')
        called = text[first : text.index('"', first)]
        before = server.rows("SELECT * FROM motion")
        file.write_text(text[:first] + "Another motion" + text[first + len(called) :])
        done = await server.command("load", str(file))
        assert done.returncode == 1, done
        assert called in done.stdout or "Motion" in done.stdout
        assert server.rows("SELECT * FROM motion") == before
    assert (await server.command("verify")).returncode == 0


def test_loading_over_without_a_server(folder: Server, tmp_path: Path):
    file = quick_file(tmp_path / "quick.toml")
    file.write_text(file.read_text().replace("Recording is not allowed.", "Nothing is recorded."))
    assert folder.run("load", str(file)).returncode == 1  # the item has been called
    file.write_text(quick_file(file).read_text().replace("A telephone with", "A tablet with"))
    done = folder.run("load", str(file))
    assert done.returncode == 0, done
    assert list((folder.data / "backups").glob("before-load-*.db"))
    assert folder.run("load", str(file)).stdout.strip() == "Nothing is different."
    assert folder.run("verify").returncode == 0


def test_loading_a_conference_of_ones_own(tmp_path: Path):
    server = Server(tmp_path / "data")
    done = server.run("load", str(quick_file(tmp_path / "own.toml")), "--mode", "real")
    assert done.returncode == 0, done
    assert server.rows("SELECT mode FROM conference") == [("real",)]
    # Unencrypted, a real conference is served by nobody but by name.
    refused = server.run("serve", "--port", str(server.port))
    assert refused.returncode == 2
    assert "--without-https" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    server.start("--without-https", "Kim: the proxy comes tomorrow")
    assert server.stop() == 0
    wanted = "SELECT who, body FROM journal WHERE body LIKE '%WaiveEncryption%'"
    ((who, body),) = server.rows(wanted)
    assert (who, "Kim" in body) == ("system", False)
    assert server.rows("SELECT text FROM remark") == [("Kim: the proxy comes tomorrow",)]
    shutil.rmtree(server.data)
