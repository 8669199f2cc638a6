"""What the counting process can be asked, and what it answers: length-prefixed JSON."""

from __future__ import annotations

from msgspec import Struct

LENGTH_BYTES = 4
"""A message is its length (big-endian), then so many bytes of JSON."""
LONGEST = 64 * 1024 * 1024
"""No message is longer: a hundred thousand envelopes are a fifth of it."""


class Asked(Struct, frozen=True, tag_field="t", forbid_unknown_fields=True):
    """Something that the counting process is asked."""


class MakeKey(Asked, frozen=True, tag="make_key"):
    """Make the key of this vote, or give again the one that it has."""

    vote: int


class ListKeys(Asked, frozen=True, tag="list_keys"):
    """Say which votes have a key."""


class DestroyKey(Asked, frozen=True, tag="destroy_key"):
    """Destroy the key of this vote; no key is no error."""

    vote: int


class SignBox(Asked, frozen=True, tag="sign_box"):
    """Sign the envelopes of a closed vote as they are, before one of them is opened."""

    conference: str
    number: int
    previous: str
    vote: int
    text: str
    roll: int
    voted: int
    envelopes: int
    root: str
    rule: str
    base: str
    register: int


class OpenBox(Asked, frozen=True, tag="open_box"):
    """Open the envelopes of a box that this process has signed, and count them."""

    line: str
    signature: str
    """Of the box, base64url."""
    fewest: int
    small_side: bool
    envelopes: list[tuple[str, str]]
    """Person and envelope."""


class SignRollCall(Asked, frozen=True, tag="sign_roll_call"):
    """Sign the last hash of a vote's roll-call."""

    vote: int
    hash: str


Request = MakeKey | ListKeys | DestroyKey | SignBox | OpenBox | SignRollCall


class Answered(Struct, frozen=True, tag_field="t"):
    """What the counting process answers."""


class Done(Answered, frozen=True, tag="done"):
    """It is done, and on disk."""


class Key(Answered, frozen=True, tag="key"):
    """The public key of a vote, base64url; the private one is on disk."""

    key: str


class Keys(Answered, frozen=True, tag="keys"):
    """Which votes have a key (with the public half), and the public key of signatures."""

    votes: dict[int, str]
    signer: str


class Signed(Answered, frozen=True, tag="signed"):
    """A head, or a roll-call's last hash, with its signature; base64url."""

    line: str
    signature: str
    signer: str


class Counted(Answered, frozen=True, tag="counted"):
    """What was in the envelopes, sorted, so that no place in it is anybody's."""

    choices: list[str]
    invalid: list[str]
    """The reasons of those that do not count, sorted."""
    head: Signed


class Failed(Answered, frozen=True, tag="failed"):
    """It was not done; nothing has changed. Codes: `no_key`, `not_ours`, `box_differs`, `disk`."""

    code: str


Answer = Done | Key | Keys | Signed | Counted | Failed
