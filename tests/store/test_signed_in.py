"""The sign-ins in memory are those of the table, whatever has touched them."""

import pytest

from conference.rules.kinds import PersonId
from conference.store import people, schema, signed_in, signins
from conference.store.people import Account
from conference.store.signins import Session

ADA, BEA = PersonId("ada"), PersonId("bea")


@pytest.fixture
async def both(store):
    async with store.transaction() as tx:
        for person in (ADA, BEA):
            await people.add(tx, Account(person, person))
        await signins.start(tx, Session("a1", ADA, 1, "phone", "b1"))
        await signins.start(tx, Session("a2", ADA, 2, "desk", "b2"))
        await signins.start(tx, Session("b1", BEA, 3, "phone", "b1"))


async def same(store) -> bool:
    async with store.reading() as reader:
        rows = {row.id_hash: row for row in await signed_in.everybodys(reader)}
    return store.signed_in.everything() == rows


async def put_in_place(tx):
    assert await signins.rotate(tx, "a1", "a9", "delegate", 50)


ACTS = {
    "a secret replaced": put_in_place,
    "the older secret forgotten": lambda tx: signins.forget_previous(tx, "a1"),
    "proved": lambda tx: signins.prove(tx, "a2", 9),
    "proved no more": lambda tx: signins.unprove(tx, ADA),
    "one ended": lambda tx: signins.end(tx, "b1"),
    "all ended but one": lambda tx: signins.end_all(tx, ADA, but="a2"),
    "a person erased": lambda tx: people.erase(tx, ADA),
    "the table emptied": lambda tx: tx.conn.execute(schema.session.delete()),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_whatever_touches_a_sign_in_is_known(store, both, act):
    before = store.signed_in.everything()
    async with store.transaction() as tx:
        await act(tx)
        assert store.signed_in.everything() == before, "known before COMMIT"
    assert await same(store)


async def test_what_was_rolled_back_is_not_known(store, both):
    before = store.signed_in.everything()

    async def give_up():
        async with store.transaction() as tx:
            await signins.end_all(tx, ADA)
            raise KeyError

    with pytest.raises(KeyError):
        await give_up()
    async with store.transaction() as tx, tx.savepoint() as savepoint:
        await signins.end_all(tx, BEA)
        await savepoint.rollback()
    assert store.signed_in.everything() == before
    assert await same(store)


async def test_who_shows_what(store, both):
    known = store.signed_in
    assert known.session("a1", 5).person == ADA
    assert [row.id_hash for row in known.of_browser("b1")] == ["a1", "b1"]
    assert known.of_browser("") == ()
    async with store.transaction() as tx:
        await signins.rotate(tx, "a1", "a9", "delegate", 50)
    assert known.session("a1", 49).id_hash == "a9"
    assert known.session("a1", 50) is None
    assert known.session("a9", 99).id_hash == "a9"


async def test_a_start_knows_everybody(store, both):
    store.signed_in = signed_in.SignedIn()
    await store.load()
    assert await same(store)
    assert len(store.signed_in.everything()) == 3
