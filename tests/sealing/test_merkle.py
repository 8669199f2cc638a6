from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import pytest

from conference.rules.kinds import PersonId, VoteId
from conference.sealing import merkle
from conference.sealing.bytes import digest
from conference.sealing.envelope import LENGTH, Context
from tests.sealing.vectors import LEAVES, ROOTS

ENTRIES = [bytes.fromhex(leaf) for leaf in LEAVES]


def by_definition(entries):
    """RFC 9162, 2.1.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    left, right = by_definition(entries[:k]), by_definition(entries[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size):
    assert merkle.root(ENTRIES[:size]).hex() == ROOTS[size - 1]


def test_the_root_is_the_definitions_and_every_proof_holds():
    chance = random.Random(2)
    for size in range(40):
        entries = [chance.randbytes(32) for _ in range(size)]
        root = merkle.root(entries)
        assert root == by_definition(entries)
        for index, entry in enumerate(entries):
            proof = merkle.prove(entries, index)
            assert merkle.verify(entry, proof, root)
            assert not merkle.verify(chance.randbytes(32), proof, root)
            assert not merkle.verify(entry, proof, chance.randbytes(32))
            longer = replace(proof, path=(*proof.path, root))
            assert not merkle.verify(entry, longer, root)
            if proof.path:
                assert not merkle.verify(entry, replace(proof, path=proof.path[:-1]), root)
                swapped = (chance.randbytes(32), *proof.path[1:])
                assert not merkle.verify(entry, replace(proof, path=swapped), root)
        assert not any(
            merkle.verify(e, replace(merkle.prove(entries, i), index=j), root)
            for i, e in enumerate(entries)
            for j in range(size + 1)
            if j != i
        )


@pytest.mark.parametrize("index", [-1, 3])
def test_no_proof_for_what_is_not_there(index):
    with pytest.raises(IndexError):
        merkle.prove(ENTRIES[:3], index)
    assert not merkle.verify(b"", merkle.Proof(index, 3, ()), merkle.EMPTY)


def test_receipts_are_by_definition_whatever_the_length_of_the_name():
    conference, chance = "c" * 32, random.Random(6)
    made = merkle.receipts(conference, VoteId(7))
    for size in (1, 32, 1, 300, 32):
        where = Context(conference, VoteId(7), PersonId("é" * size))
        sealed = chance.randbytes(LENGTH)
        expected = digest("conference envelope 1", where.info(), sealed)
        assert made(where.person, sealed) == merkle.receipt(where, sealed) == expected


def test_a_receipt_belongs_to_one_person_in_one_vote():
    receipts = {
        merkle.receipt(Context("a", VoteId(1), PersonId("p")), b"x"),
        merkle.receipt(Context("a", VoteId(2), PersonId("p")), b"x"),
        merkle.receipt(Context("b", VoteId(1), PersonId("p")), b"x"),
        merkle.receipt(Context("a", VoteId(1), PersonId("q")), b"x"),
        merkle.receipt(Context("a", VoteId(1), PersonId("p")), b"y"),
        merkle.receipt(Context("a1", VoteId(1), PersonId("p")), b"x"),
    }
    assert len(receipts) == 6
