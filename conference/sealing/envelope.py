"""A ballot sealed to the key of its vote, so that only the counting process can open it.

RFC 9180 (HPKE), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, as
`cryptography` has it; static/js/seal.js seals the same. An envelope is the encapsulated key
(32 bytes) and the sealed choice (1 byte and a tag of 16), so every envelope is of one length. The
conference, the vote and the person go into the key (as HPKE's `info`): an envelope copied for
another person, or for another vote, does not open.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from conference.rules.kinds import Choice, PersonId, VoteId
from conference.sealing.bytes import STANDARD, digest, framed, to_text

LENGTH = 49
"""Bytes of every envelope."""
TEXT_LENGTH = 66
"""Characters of every envelope as text."""
KEY_LENGTH = 32
"""Bytes of a vote's key, the private and the public one."""

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_LAST = frozenset("AQgw")
"""What the last character of an envelope's text may be: it carries two bits, and four that are nothing."""
_INSIDE = {Choice.FOR: b"\x01", Choice.AGAINST: b"\x02", Choice.ABSTAIN: b"\x03"}
_CHOICES = {inside: choice for choice, inside in _INSIDE.items()}


class Invalid(StrEnum):
    """Why an envelope does not count."""

    MALFORMED = "malformed"
    """It is not of an envelope's length."""
    UNREADABLE = "unreadable"
    """It does not open: sealed for another key, vote, person or conference, or damaged."""
    NO_CHOICE = "no_choice"
    """It opened, and what is inside is none of the choices."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where an envelope belongs; it opens there and nowhere else."""

    conference: str
    """The conference's own mark, the same for as long as its votes are to be counted."""
    vote: VoteId
    person: PersonId

    def info(self) -> bytes:
        """The context as bytes, for HPKE's `info`."""
        person = self.person.encode()
        return info_of_vote(self.conference, self.vote) + len(person).to_bytes(2, "big") + person


@lru_cache(maxsize=8)
def info_of_vote(conference: str, vote: VoteId) -> bytes:
    """The `info` of a context but for the person: the same for all ballots of a vote, which come by the thousand."""
    return framed("conference ballot 1", conference.encode(), str(vote).encode())


def private_key(chance: bytes) -> X25519PrivateKey:
    """A vote's private key from 32 random bytes, which are the key as it is stored, too."""
    return X25519PrivateKey.from_private_bytes(chance)


def public_key(private: X25519PrivateKey) -> bytes:
    """The public key of `private`: 32 bytes, for everybody."""
    return private.public_key().public_bytes_raw()


def fingerprint(public: bytes) -> bytes:
    """What stands for a vote's public key where people compare it: 32 bytes, shown as words."""
    return digest("conference vote key 1", public)


def seal(public: bytes, context: Context, choice: Choice) -> bytes:
    """`choice` sealed to `public` for `context`: `LENGTH` bytes, new ones each time.

    Raises ValueError when `public` is no usable key.
    """
    key = X25519PublicKey.from_public_bytes(public)
    return _SUITE.encrypt(_INSIDE[choice], key, info=context.info())


def open_envelope(private: X25519PrivateKey, context: Context, envelope: bytes) -> Choice | Invalid:
    """What `envelope` says, or why it does not count. Never raises, whatever the bytes are."""
    if len(envelope) != LENGTH:
        return Invalid.MALFORMED
    try:
        inside = _SUITE.decrypt(envelope, private, info=context.info())
    except InvalidTag:
        return Invalid.UNREADABLE
    return _CHOICES.get(inside, Invalid.NO_CHOICE)


def open_all(
    private: X25519PrivateKey, envelopes: Iterable[tuple[Context, bytes]]
) -> Iterator[Choice | Invalid]:
    """`open_envelope` for each; sort the answers before they leave the process that opened them."""
    return (open_envelope(private, context, envelope) for context, envelope in envelopes)


def read(text: str) -> bytes | None:
    """The envelope that `text` writes down; None if it writes down none.

    An envelope has one text only, so whoever repeats one repeats the other. Whether it opens is
    known at the count. It is `from_text` for this one length, without writing the bytes down again to
    compare: ballots come by the thousand.
    """
    if len(text) != TEXT_LENGTH or text[-1] not in _LAST:
        return None
    try:
        standard = text.encode("ascii").translate(STANDARD)
        return binascii.a2b_base64(standard + b"==", strict_mode=True)
    except ValueError:
        return None


def write(envelope: bytes) -> str:
    """An envelope as text for the wire and the form: `TEXT_LENGTH` characters, base64url."""
    return to_text(envelope)
