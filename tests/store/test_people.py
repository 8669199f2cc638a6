from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from conference.rules.kinds import PersonId
from conference.store import mail, people, signins
from conference.store.people import Account, Application
from conference.store.signins import Session
from tests.store.samples import a_code

ADA, BEA = PersonId("p-ada"), PersonId("p-bea")
ACCOUNT = Account(
    ADA, "Ada Ünverwechselbar", "Ada@Example.org", "Branch", 5, 6, consent_named=True, created_at=4
)
APPLICATION = Application(
    "hash", "Ada", "ADA@example.org", "B", True, False, True, False, 100, 1000
)  # fmt: skip


@pytest.fixture
async def ada(store):
    async with store.transaction() as tx:
        await people.add_all(tx, [ACCOUNT, Account(BEA, "Bea")])


async def _read(store, work, *given, **named):
    async with store.reading() as reader:
        return await work(reader, *given, **named)


async def _write(store, work, *given, **named):
    async with store.transaction() as tx:
        return await work(tx, *given, **named)


async def test_an_account_comes_back_as_it_was_added(store, ada):
    assert await _read(store, people.get, ADA) == ACCOUNT
    assert await _read(store, people.get, BEA) == Account(BEA, "Bea")
    assert await _read(store, people.get, PersonId("nobody")) is None
    assert await _read(store, people.by_email, " ada@EXAMPLE.org ") == ACCOUNT
    assert await _read(store, people.by_email, "bea@example.org") is None
    assert await _read(store, people.all) == [ACCOUNT, Account(BEA, "Bea")]
    assert await _read(store, people.names) == {ADA: ACCOUNT.name, BEA: "Bea"}
    assert await _read(store, people.named_consent) == {ADA}


async def test_a_person_has_one_account(store, ada):
    with pytest.raises(IntegrityError):
        await _write(store, people.add, Account(ADA, "x"))
    await _write(store, people.add, Account(PersonId("c"), "no address"))


async def test_fields_of_an_account_are_changed(store, ada):
    await _write(store, people.update, ADA, email="new@x.org", consent_named=False)
    assert await _read(store, people.by_email, "NEW@x.org") == replace(
        ACCOUNT, email="new@x.org", consent_named=False
    )
    await _write(store, people.update, ADA, email=None)
    assert await _read(store, people.by_email, "new@x.org") is None
    for wrong in ({"colour": "red"}, {"person": "other"}, {"email_key": "x"}):
        with pytest.raises(TypeError):
            await _write(store, people.update, ADA, **wrong)


async def test_an_application_is_taken_once_and_its_address_has_none_afterwards(store):
    await _write(store, people.add_application, APPLICATION)
    newer = replace(APPLICATION, id_hash="newer", email="ada@EXAMPLE.org", created_at=200)
    await _write(store, people.add_application, newer)
    other = replace(APPLICATION, id_hash="other", email="bea@example.org")
    await _write(store, people.add_application, other)
    assert await _read(store, people.application, "newer", 300) == newer
    take = people.take_application
    assert await _write(store, take, "hash", 300) == APPLICATION
    assert await _write(store, take, "hash", 300) is None
    await _write(store, people.forget_applications, "Ada@example.ORG")
    assert await _write(store, take, "newer", 300) is None
    assert await _read(store, people.application, "other", 300) == other
    assert await _write(store, take, "other", 1000) is None


async def test_sweeping_removes_what_has_expired(store, ada):
    await _write(store, people.add_application, APPLICATION)
    for key, expires in (("old", 900), ("code", 2000)):
        await _write(store, signins.add_code, a_code(key, expires_at=expires))
    await _write(store, people.sweep, 1000)
    assert await _read(store, people.application, "hash", 0) is None
    assert await _read(store, signins.code, "old", 0) is None
    assert await _write(store, signins.use_code, "code", "", 1500)


async def test_an_erased_person_is_nowhere_on_the_disk(store, ada, data):
    async with store.transaction() as tx:
        await signins.start(tx, Session("a", ADA, 10))
        await signins.add_code(tx, a_code("code", person=None, email_key="ada@example.org"))
        await people.add_application(tx, APPLICATION)
        await mail.queue(tx, "ada@example.org", "Hello Ünverwechselbar", "text", "", 10)
    await store.checkpoint()
    written = b"".join(path.read_bytes() for path in data.glob("conference.db*"))
    assert "Ünverwechselbar".encode() in written
    await _write(store, people.erase, ADA)
    await _write(store, people.erase, PersonId("nobody"))
    await store.checkpoint()
    written = b"".join(path.read_bytes() for path in data.glob("conference.db*"))
    for trace in ("Ünverwechselbar".encode(), b"ada@example.org", b"Ada@Example.org"):
        assert trace not in written
    assert await _read(store, people.all) == [Account(BEA, "Bea")]
    assert await _read(store, signins.everybody) == set()


async def test_a_mail_waits_until_it_is_sent_or_given_up(store):
    async with store.transaction() as tx:
        one, two, three, four = [
            await mail.queue(tx, f"{name}@x.org", "s", "t", "h", now)
            for name, now in (("a", 10), ("b", 20), ("A", 30), ("c", 99))
        ]
        urgent = await mail.queue(tx, "u@x.org", "s", "t", "h", 30, urgent=True)
    assert [m.id for m in await _read(store, mail.due, 30, 10)] == [urgent, one, two, three]
    await _write(store, mail.mark_sent, urgent, 30)
    assert [m.id for m in await _read(store, mail.due, 30, 10)] == [one, two, three]
    assert [m.id for m in await _read(store, mail.due, 30, 1)] == [one]
    assert await _read(store, mail.next_due) == 10
    assert await _read(store, mail.asked_for, "U@X.org", 30) == 1
    assert await _read(store, mail.asked_for, "u@x.org", 31) == 0
    assert await _read(store, mail.asked_for, "a@x.org", 10) == 0  # nobody waits for those
    await _write(store, mail.mark_sent, one, 40)
    await _write(store, mail.mark_failed, two, 40, 60, "greylisted")
    await _write(store, mail.mark_failed, three, 40, None, "no such address")
    await _write(store, mail.mark_filed, four, 40)
    assert [m.id for m in await _read(store, mail.due, 59, 10)] == []
    assert [m.id for m in await _read(store, mail.due, 60, 10)] == [two]
    waiting = await _read(store, mail.waiting)
    assert [(m.id, m.state, m.error) for m in waiting] == [
        (four, "file", ""),
        (three, "failed", "no such address"),
        (two, "queued", "greylisted"),
    ]
    assert waiting[2].tries == 1


async def test_a_mail_passed_on_by_hand_stays_done_whatever_the_sender_says_later(store):
    async with store.transaction() as tx:
        number = await mail.queue(tx, "a@x.org", "s", "t", "h", 10)
    await _write(store, mail.mark_sent, number, 20)
    await _write(store, mail.mark_filed, number, 30)
    await _write(store, mail.mark_failed, number, 30, 60, "greylisted")
    await _write(store, mail.mark_again, number, 30)
    assert await _read(store, mail.waiting) == []
    assert await _read(store, mail.next_due) is None
