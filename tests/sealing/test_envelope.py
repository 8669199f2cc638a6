from __future__ import annotations

import random
import string

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.rules.kinds import Choice, PersonId, VoteId
from conference.sealing import envelope, merkle
from conference.sealing.bytes import from_text, to_text
from conference.sealing.envelope import LENGTH, TEXT_LENGTH, Context, Invalid, open_envelope, seal
from tests.sealing.vectors import ENVELOPE, HPKE

KEY = envelope.private_key(bytes(range(32)))
PUBLIC = envelope.public_key(KEY)
HERE = Context("Ab12", VoteId(7), PersonId("p1"))


def unhex(name):
    return bytes.fromhex(HPKE[name])


def test_the_librarys_hpke_is_the_one_of_rfc_9180():
    # It takes no associated data, so the RFC's ciphertext itself does not open with it. Its key and
    # nonce, of which the RFC's own ciphertext is made, make one without: that must open.
    aead = ChaCha20Poly1305(unhex("key"))
    assert aead.encrypt(unhex("base_nonce"), unhex("pt"), unhex("aad")) == unhex("ct")
    sealed = unhex("pkEm") + aead.encrypt(unhex("base_nonce"), unhex("pt"), None)
    private = X25519PrivateKey.from_private_bytes(unhex("skRm"))
    assert private.public_key().public_bytes_raw() == unhex("pkRm")
    assert envelope._SUITE.decrypt(sealed, private, info=unhex("info")) == unhex("pt")
    with pytest.raises(InvalidTag):
        envelope._SUITE.decrypt(sealed, private, info=unhex("info") + b"x")


def test_the_envelope_that_the_browser_made_opens():
    private = envelope.private_key(bytes.fromhex(ENVELOPE["private"]))
    where = Context(ENVELOPE["conference"], ENVELOPE["vote"], ENVELOPE["person"])
    sealed = envelope.read(ENVELOPE["text"])
    assert (envelope.public_key(private).hex(), sealed.hex(), where.info().hex()) == (
        ENVELOPE["public"],
        ENVELOPE["envelope"],
        ENVELOPE["info"],
    )
    assert open_envelope(private, where, sealed) == ENVELOPE["choice"]
    assert merkle.receipt(where, sealed).hex() == ENVELOPE["receipt"]


@pytest.mark.parametrize("choice", Choice)
def test_what_is_sealed_opens_and_has_one_length(choice):
    sealed = seal(PUBLIC, HERE, choice)
    assert open_envelope(KEY, HERE, sealed) is choice
    assert (len(sealed), len(envelope.write(sealed))) == (envelope.LENGTH, envelope.TEXT_LENGTH)
    assert envelope.read(envelope.write(sealed)) == sealed
    assert seal(PUBLIC, HERE, choice) != sealed


@pytest.mark.parametrize(
    "other",
    [
        Context("Ab13", VoteId(7), PersonId("p1")),
        Context("Ab12", VoteId(8), PersonId("p1")),
        Context("Ab12", VoteId(7), PersonId("p2")),
        Context("Ab127", VoteId(7), PersonId("p1")),
        Context("Ab1", VoteId(27), PersonId("p1")),
    ],
)
def test_a_copied_envelope_does_not_open_elsewhere(other):
    assert open_envelope(KEY, other, seal(PUBLIC, HERE, Choice.FOR)) is Invalid.UNREADABLE


def test_contexts_never_give_the_same_bytes():
    # Fields that run into each other are the classical mistake.
    a = Context("a", VoteId(1), PersonId("1b"))
    b = Context("a", VoteId(11), PersonId("b"))
    assert a.info() != b.info()


def test_a_key_of_another_vote_opens_nothing():
    other = envelope.private_key(bytes(32))
    assert open_envelope(other, HERE, seal(PUBLIC, HERE, Choice.FOR)) is Invalid.UNREADABLE


@pytest.mark.parametrize("inside", [b"\x00", b"\x04", b"\xff"])
def test_what_is_no_choice_is_invalid(inside):
    public = KEY.public_key()
    sealed = envelope._SUITE.encrypt(inside, public, info=HERE.info())
    assert open_envelope(KEY, HERE, sealed) is Invalid.NO_CHOICE


def test_any_bytes_are_answered_and_every_changed_bit_is_noticed():
    chance = random.Random(1)
    for length in (0, 1, 31, 32, 33, 48, 50, 1000):
        assert open_envelope(KEY, HERE, chance.randbytes(length)) is Invalid.MALFORMED
    for _ in range(300):
        made_up = chance.randbytes(envelope.LENGTH)
        assert open_envelope(KEY, HERE, made_up) is Invalid.UNREADABLE
    assert open_envelope(KEY, HERE, bytes(envelope.LENGTH)) is Invalid.UNREADABLE
    sealed = seal(PUBLIC, HERE, Choice.AGAINST)
    for bit in range(envelope.LENGTH * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        assert open_envelope(KEY, HERE, bytes(changed)) is Invalid.UNREADABLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "for",
        "A" * 65,
        "A" * 67,
        "A" * 65 + "=",
        "A" * 65 + "B",  # bits beyond the last byte: another text of the same envelope
        "A" * 65 + "+",
        " " + "A" * 65,
        "é" * 66,
        "A" * 32 + "\n" + "A" * 33,
    ],
)
def test_a_text_that_is_no_envelope_is_none(text):
    assert envelope.read(text) is None


SIGNS = string.ascii_letters + string.digits + "-_"
NEARLY = (
    st.binary(min_size=LENGTH, max_size=LENGTH).map(to_text)
    | st.text(SIGNS, min_size=TEXT_LENGTH, max_size=TEXT_LENGTH)
    | st.text(SIGNS + "+/=! é\ud800", min_size=TEXT_LENGTH - 1, max_size=TEXT_LENGTH + 1)
)


@settings(deadline=None)  # the machine may be busy with something else
@given(NEARLY)
def test_reading_is_what_reading_any_text_would_be(text):
    expected = from_text(text) if len(text) == TEXT_LENGTH else None
    assert envelope.read(text) == expected


@pytest.mark.parametrize("last", SIGNS)
def test_an_envelope_has_one_text_only(last):
    text = "A" * (TEXT_LENGTH - 1) + last
    assert (envelope.read(text) is not None) == (last in "AQgw")
    assert envelope.read(text) == from_text(text)


def test_a_key_that_is_none_is_refused():
    for public in (b"", bytes(31), bytes(33), bytes(32)):
        with pytest.raises(ValueError):
            seal(public, HERE, Choice.FOR)


def test_open_all_answers_in_order():
    papers = [(HERE, seal(PUBLIC, HERE, c)) for c in (Choice.FOR, Choice.AGAINST)] + [(HERE, b"")]
    assert list(envelope.open_all(KEY, papers)) == [Choice.FOR, Choice.AGAINST, Invalid.MALFORMED]
