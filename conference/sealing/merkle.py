"""The tree over a vote's envelopes (RFC 9162, section 2.1), so that one hash stands for all.

The entries are hashes of envelopes, sorted: neither order nor place says when one came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conference.rules.kinds import PersonId, VoteId
from conference.sealing.bytes import framed
from conference.sealing.envelope import Context, info_of_vote

_ENVELOPE = framed("conference envelope 1")
EMPTY = hashlib.sha256(b"").digest()
"""The root of no envelopes."""


def receipt(context: Context, envelope: bytes) -> bytes:
    """The hash of an envelope (32 bytes): the delegate's receipt and the entry of the tree.

    It says nothing about the choice to whoever cannot open the envelope. The person goes into it, so
    that the same bytes handed in by two people are two entries: nobody can be shown somebody else's
    envelope as their own. It is `digest("conference envelope 1", info, envelope)`.
    """
    return receipts(context.conference, context.vote)(context.person, envelope)


def receipts(conference: str, vote: VoteId) -> Callable[[PersonId, bytes], bytes]:
    """What makes the receipts of one vote: as `receipt`, written out, for they come by the thousand."""
    start, sha256 = info_of_vote(conference, vote), hashlib.sha256
    before: dict[
        int, bytes
    ] = {}  # what stands before the person, by its length: of all nearly the same

    def made(person: PersonId, envelope: bytes) -> bytes:
        who = person.encode()
        begin = before.get(size := len(who))
        if begin is None:
            info = (len(start) + 2 + size).to_bytes(2, "big") + start
            begin = before[size] = _ENVELOPE + info + size.to_bytes(2, "big")
        return sha256(begin + who + len(envelope).to_bytes(2, "big") + envelope).digest()

    return made


def _leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(entries: Sequence[bytes]) -> bytes:
    """The hash of the whole tree over `entries` in the order they have."""
    return _levels(entries)[-1][0] if entries else EMPTY


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is in a tree: `verify` needs nothing else but the entry and the root."""

    index: int
    size: int
    path: tuple[bytes, ...]


def prove(entries: Sequence[bytes], index: int) -> Proof:
    """The proof for the entry at `index`. Raises IndexError when there is none."""
    if not 0 <= index < len(entries):
        raise IndexError(index)
    path = []
    place = index
    for level in _levels(entries)[:-1]:
        beside = place ^ 1
        if beside < len(level):
            path.append(level[beside])
        place //= 2
    return Proof(index, len(entries), tuple(path))


def verify(entry: bytes, proof: Proof, expected: bytes) -> bool:
    """Whether `proof` shows that `entry` is in the tree with the root `expected` (2.1.3.2)."""
    if not 0 <= proof.index < proof.size:
        return False
    place, last = proof.index, proof.size - 1
    found = _leaf(entry)
    for beside in proof.path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = _node(beside, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found == expected


def _levels(entries: Sequence[bytes]) -> list[list[bytes]]:
    """From the leaves to the root; the odd one at the end of a level goes up as it is."""
    levels = [[_leaf(entry) for entry in entries]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [_node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append(pairs + below[len(pairs) * 2 :])
    return levels
