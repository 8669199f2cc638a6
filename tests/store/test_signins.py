"""Sessions, codes and personal links as they are stored."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.exc import IntegrityError

from conference.rules.kinds import PersonId
from conference.store import inspect, migrate, people, signins
from conference.store.people import Account
from conference.store.signins import Purpose, Session
from tests.store.meetings import NOW, opened
from tests.store.samples import a_code

ADA, BEA = PersonId("p-ada"), PersonId("p-bea")


@pytest.fixture
async def both(store):
    async with store.transaction() as tx:
        mail = "both@example.org"
        await people.add_all(tx, [Account(ADA, "Ada", mail), Account(BEA, "Bea", mail.upper())])


async def _read(store, work, *given, **named):
    async with store.reading() as reader:
        return await work(reader, *given, **named)


async def _write(store, work, *given, **named):
    async with store.transaction() as tx:
        return await work(tx, *given, **named)


async def test_an_address_may_have_several_people(store, both):
    found = await _read(store, people.sharing_email, " BOTH@example.org")
    assert [account.person for account in found] == [ADA, BEA]


async def test_sessions_begin_and_end(store, both):
    for secret, browser in (("a", "phone"), ("b", "desk")):
        await _write(store, signins.start, Session(secret, ADA, 10, "Firefox", browser))
    await _write(store, signins.start, Session("c", BEA, 11, "", "phone"))
    assert await _read(store, signins.session, "a", 0) == Session("a", ADA, 10, "Firefox", "phone")
    assert await _read(store, signins.session, "x", 0) is None
    assert await _read(store, signins.everybody) == {ADA, BEA}
    assert [s.id_hash for s in await _read(store, signins.of_browser, "phone")] == ["a", "c"]
    assert await _read(store, signins.of_browser, "") == []
    await _write(store, signins.end_all, ADA, but="b")
    assert [s.id_hash for s in await _read(store, signins.of_person, ADA)] == ["b"]
    await _write(store, signins.end, "b")
    assert await _read(store, signins.everybody) == {BEA}
    with pytest.raises(IntegrityError):
        await _write(store, signins.start, Session("d", PersonId("nobody"), 10))


async def test_a_new_secret_takes_over_from_the_old_one(store, both):
    await _write(store, signins.start, Session("a", ADA, 10))
    assert await _write(store, signins.rotate, "a", "b", "accepted delegate", 100)
    assert not await _write(store, signins.rotate, "a", "c", "", 100)
    for secret in ("a", "b"):  # the answer with the new one may have been lost
        row = await _read(store, signins.session, secret, 99)
        assert (row.id_hash, row.rights) == ("b", "accepted delegate")
    assert await _read(store, signins.session, "a", 100) is None
    await _write(store, signins.forget_previous, "b")
    assert await _read(store, signins.session, "a", 50) is None
    assert await _read(store, signins.session, "b", 50) is not None


async def test_a_second_factor_counts_for_one_session(store, both):
    for secret in ("a", "b"):
        await _write(store, signins.start, Session(secret, ADA, 10))
    await _write(store, signins.prove, "a", 20)
    proved = {s.id_hash: s.proved_at for s in await _read(store, signins.of_person, ADA)}
    assert proved == {"a": 20, "b": None}
    await _write(store, signins.unprove, ADA)
    assert {s.proved_at for s in await _read(store, signins.of_person, ADA)} == {None}


async def test_a_code_works_once_and_in_time_and_kills_no_other(store, both):
    for key in ("one", "two"):
        await _write(store, signins.add_code, a_code(key, email_key="both@example.org"))
    live = await _read(store, signins.live_codes, 50, email_key="both@example.org")
    assert {row.id_hash for row in live} == {"one", "two"}
    assert not await _write(store, signins.use_code, "one", "phone", 100)
    assert await _write(store, signins.use_code, "one", "phone", 99)
    assert not await _write(store, signins.use_code, "one", "phone", 99)
    live = await _read(store, signins.live_codes, 50, email_key="both@example.org")
    assert [row.id_hash for row in live] == ["two"]
    again = {"browser": "phone", "since": 90}
    live = await _read(store, signins.live_codes, 50, email_key="both@example.org", **again)
    assert {row.id_hash for row in live} == {"one", "two"}
    again = {"browser": "desk", "since": 90}
    live = await _read(store, signins.live_codes, 50, email_key="both@example.org", **again)
    assert [row.id_hash for row in live] == ["two"]


async def test_a_strangers_misses_are_counted_apart(store, both):
    await _write(store, signins.add_code, a_code("one", purpose=Purpose.LINK))
    (row,) = await _read(store, signins.live_codes, 50, person=ADA)
    for browser in ("phone", "desk", "", "desk"):
        await _write(store, signins.miss_code, row, browser)
    row = await _read(store, signins.code, "one", 50)
    assert (row.own_tries, row.tries) == (1, 3)


async def test_a_code_belongs_to_a_person_or_to_an_address(store, both):
    for wrong in ({"person": None}, {"email_key": "x", "person": ADA}):
        with pytest.raises(IntegrityError):
            await _write(store, signins.add_code, a_code("x", **wrong))


async def test_links_are_kept_as_hashes_and_end_with_their_generation(store, both):
    assert await _read(store, signins.without_hash) == [(ADA, 0), (BEA, 0)]
    await _write(store, signins.keep_links, [(ADA, "hash-a"), (BEA, "hash-b")])
    await _write(store, signins.keep_links, [(ADA, "other")])
    assert await _read(store, signins.link_person, "hash-a") == ADA
    assert await _read(store, signins.link_person, "other") is None
    assert await _write(store, signins.first_use, ADA, "phone", 10)
    assert not await _write(store, signins.first_use, ADA, "desk", 11)
    await _write(store, signins.start, Session("a", ADA, 10, "", "tablet"))
    assert await _read(store, signins.link_browsers, ADA) == {"phone", "tablet"}
    await _write(store, signins.new_links, [ADA, PersonId("nobody")])
    assert await _read(store, signins.link_person, "hash-a") is None
    assert await _read(store, signins.without_hash) == [(ADA, 1)]
    assert (await _read(store, people.get, ADA)).link_used_at is None
    assert await _write(store, signins.first_use, ADA, "desk", 12)


async def test_the_first_database_is_carried_over(data, monkeypatch):
    """From the schema 0001 with people, sign-ins and mail in it."""
    with monkeypatch.context() as older:
        for module in (inspect, migrate):
            older.setattr(module, "REVISIONS", ("0001",))
        await (await opened(data)).close()
    fill_0001(data)
    store = await opened(data)
    assert await _read(store, people.names) == {ADA: "Ada"}
    assert await _read(store, signins.session, "token", 0) == Session("token", ADA, 5, "phone")
    (queued,) = await _read(store, _mails)
    assert queued == ("to@example.org", "queued", 0)
    await _write(store, people.add, Account(BEA, "Bea", "ADA@example.org"))
    await store.close()


async def _mails(reader):
    found = await reader.conn.exec_driver_sql("SELECT recipient, state, urgent FROM mail")
    return [tuple(row) for row in found]


def fill_0001(data):
    with closing(sqlite3.connect(data / "conference.db")) as old:
        old.execute(
            "INSERT INTO account VALUES (?, 'Ada', 'ada@example.org', 'ada@example.org', '', 1, 1, "
            "0, 0, 0, 0, NULL, 1)",
            (ADA,),
        )
        old.execute("INSERT INTO session VALUES ('token', ?, 5, 'phone')", (ADA,))
        old.execute("INSERT INTO code VALUES ('c', ?, 'sign-in', ?, 0, NULL)", (ADA, NOW + 1))
        old.execute(
            "INSERT INTO mail VALUES (1, 'to@example.org', 'to@example.org', 's', 't', 'h', 1, 1, "
            "0, 'queued', '', NULL)"
        )
        old.commit()
