"""Heads: what was so, signed, each with the hash of the one before, so that none can be swapped.

A vote gives two. The *box* head fixes the envelopes before one of them is opened; the *count* head
says what they added up to. A head is a line of JSON with its keys in order and no blanks; the
signature is over that line. Who noted one head down can tell whether any head up to it was changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from conference.rules.kinds import VoteId
from conference.sealing.bytes import digest

FIRST = "0" * 64
"""What stands for the head before the first."""
_TAG = b"conference head 1\n"


@dataclass(frozen=True, slots=True)
class Box:
    """The envelopes of one vote at its close, before one of them is opened. Hashes in hex."""

    conference: str
    number: int
    """Of the head within the conference, from 1."""
    previous: str
    """Hash of the head before; `FIRST` for the first."""
    vote: VoteId
    text: str
    """Hash of the exact text that was put to the vote."""
    key: str
    """Fingerprint of the vote's public key."""
    roll: int
    """How many could vote."""
    voted: int
    """How many of the roll have a ballot in the box, by the roll."""
    envelopes: int
    root: str
    rule: str
    """How much of the base must be for it."""
    base: str
    """What the majority is counted of."""
    register: int
    """How many delegates there were, voting or not."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the valid envelopes said."""

    votes_for: int
    votes_against: int
    abstentions: int


@dataclass(frozen=True, slots=True)
class Count:
    """What the envelopes of one vote added up to."""

    conference: str
    number: int
    previous: str
    vote: VoteId
    box: str
    """Hash of the box head that was counted."""
    counted: int
    invalid: int
    fewest: int
    """With fewer ballots than this no figures are given."""
    figures: Figures | None
    """None when they would give somebody away."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A head as it is stored and published: the line, and its signature (64 bytes)."""

    line: str
    signature: bytes

    @property
    def hash(self) -> str:
        """What the next head names, and what people compare as words: hex of SHA-256."""
        return hashlib.sha256(_TAG + self.line.encode()).hexdigest()


def signing_key(chance: bytes) -> Ed25519PrivateKey:
    """The conference's signing key from 32 random bytes, which are the key as it is stored, too."""
    return Ed25519PrivateKey.from_private_bytes(chance)


def verifying_key(private: Ed25519PrivateKey) -> bytes:
    """The public half: 32 bytes, for everybody."""
    return private.public_key().public_bytes_raw()


def signer_fingerprint(public: bytes) -> bytes:
    """What stands for the signing key where people compare it: 32 bytes, shown as words."""
    return digest("conference signing key 1", public)


def line(head: Box | Count) -> str:
    """The head as it is signed: the same head always gives the same line."""
    kind = "box" if isinstance(head, Box) else "count"
    return json.dumps({"head": kind, **asdict(head)}, sort_keys=True, separators=(",", ":"))


def sign(private: Ed25519PrivateKey, head: Box | Count) -> Signed:
    """The head with its signature."""
    text = line(head)
    return Signed(text, private.sign(_TAG + text.encode()))


def is_signed(public: bytes, signed: Signed) -> bool:
    """Whether the signature of one head is by the owner of `public`."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(signed.signature, _TAG + signed.line.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def read(text: str) -> Box | Count | None:
    """The head that `text` writes down; None if it is not exactly the line of one."""
    try:
        found = msgspec.json.decode(text)
        kind = found.pop("head", None) if isinstance(found, dict) else None
        wanted: type[Box | Count] = Box if kind == "box" else Count
        head = msgspec.convert(found, wanted)
    except (msgspec.DecodeError, UnicodeError):
        return None
    return head if line(head) == text else None


def broken(public: bytes, chain: Sequence[Signed]) -> str | None:
    """What is wrong with the whole chain, in one sentence; None when it is sound."""
    previous, boxes = FIRST, {}
    for number, signed in enumerate(chain, start=1):
        head = read(signed.line)
        if head is None:
            return f"Head {number} is not a head."
        if head.number != number or head.previous != previous:
            return f"Head {number} does not follow the one before it."
        if not is_signed(public, signed):
            return f"The signature of head {number} is wrong."
        if isinstance(head, Box):
            boxes[signed.hash] = head
        elif (box := boxes.pop(head.box, None)) is None or box.vote != head.vote:
            return f"Head {number} counts a box that is not in the chain, or counts it again."
        elif head.counted + head.invalid != box.envelopes:
            return f"Head {number} counts another number of envelopes than were in the box."
        previous = signed.hash
    return None
