from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules.kinds import VoteId
from conference.sealing import heads
from conference.sealing.heads import Box, Count, Figures, Signed
from tests.sealing.vectors import ED25519

KEY = heads.signing_key(bytes(range(32)))
FIGURES = Figures(2, 1, 0)
PUBLIC = heads.verifying_key(KEY)


def chain(votes=2, figures=FIGURES):
    """An honest chain: a box and a count for each vote."""
    signed, previous = [], heads.FIRST
    for vote in range(1, votes + 1):
        place = len(signed) + 1
        rule = ("simple", "cast", 12)
        box = Box("c", place, previous, VoteId(vote), "00", "11", 9, 4, 4, "22", *rule)
        signed.append(heads.sign(KEY, box))
        mark = signed[-1].hash
        count = Count("c", len(signed) + 1, mark, VoteId(vote), mark, 3, 1, 3, figures)
        signed.append(heads.sign(KEY, count))
        previous = signed[-1].hash
    return signed


@pytest.mark.parametrize(("secret", "public", "message", "signature"), ED25519)
def test_the_signatures_are_those_of_rfc_8032(secret, public, message, signature):
    key = heads.signing_key(bytes.fromhex(secret))
    assert heads.verifying_key(key).hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature


@pytest.mark.parametrize("figures", [FIGURES, None])
def test_an_honest_chain_is_sound_and_reads_back(figures):
    made = chain(3, figures)
    assert heads.broken(PUBLIC, made) is None
    assert all(heads.line(heads.read(s.line)) == s.line for s in made)
    assert heads.broken(PUBLIC, []) is None
    assert heads.broken(PUBLIC, made[:-1]) is None  # a vote that is closed and not yet counted


def resigned(made, place, **change):
    """The chain with one head changed and signed anew by whoever has the key."""
    return [
        heads.sign(KEY, replace(heads.read(s.line), **change)) if i == place else s
        for i, s in enumerate(made)
    ]


@pytest.mark.parametrize(
    "changed",
    [
        lambda c: c[1:],
        lambda c: [c[0], *c[2:]],
        lambda c: [c[1], c[0], *c[2:]],
        lambda c: [*c, c[-1]],
        lambda c: [Signed(c[0].line, c[1].signature), *c[1:]],
        lambda c: [Signed(c[0].line, b""), *c[1:]],
        lambda c: [Signed(c[0].line.replace('"roll":9', '"roll":8'), c[0].signature), *c[1:]],
        lambda c: [Signed(c[0].line + " ", c[0].signature), *c[1:]],
        lambda c: [Signed("null", c[0].signature), *c[1:]],
        lambda c: [Signed('{"head":"box"}', c[0].signature), *c[1:]],
        lambda c: [Signed("[", c[0].signature), *c[1:]],
        lambda c: resigned(c, 0, root="33"),
        lambda c: resigned(c, 3, previous=heads.FIRST),
        lambda c: resigned(c, 3, number=5),
        lambda c: resigned(c, 3, box=heads.read(c[1].line).box),
        lambda c: resigned(c, 3, vote=1),
        lambda c: resigned(c, 3, counted=4),
    ],
)
def test_what_is_wrong_with_a_chain_is_said(changed):
    assert heads.broken(PUBLIC, changed(chain()))


def test_another_key_and_no_key_sign_nothing_here():
    made = chain()
    for public in (heads.verifying_key(heads.signing_key(bytes(32))), b"", bytes(32)):
        assert heads.broken(public, made)


def test_numbers_that_are_no_numbers_are_no_head():
    line = chain()[0].line
    assert heads.read(line.replace('"roll":9', '"roll":"9"')) is None
    assert heads.read(line.replace('"roll":9', '"roll":true')) is None
    assert heads.read(line.replace('"roll":9', '"roll":9.0')) is None


def test_fingerprints_of_the_two_keys_are_never_the_same():
    from conference.sealing import envelope

    assert heads.signer_fingerprint(PUBLIC) != envelope.fingerprint(PUBLIC)
