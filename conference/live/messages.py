"""What may be said on the wire, both ways; `docs/protocol.md` is the contract.

Parsed once, at the edge. What is not JSON, or of an unknown kind, ends the connection; a known
kind with bad content is refused and the connection stays.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from conference.permission import DELEGATE, SIGNED_IN, SPEAKER, Permission

Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
RowId = Annotated[int, Meta(ge=1, le=2**53 - 1)]
BallotId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{8,64}\Z")]

BallotText = Annotated[str, Meta(pattern=r"\A(for|against|abstain|[A-Za-z0-9_-]{66})\Z")]
"""An envelope; in a vote by name the choice."""

_CHOICES = frozenset({"for", "against", "abstain"})
_ENVELOPE = 66
"""Characters of an envelope."""
_SIGNS = f"{string.ascii_letters}{string.digits}_-".encode()

MAX_BYTES = 64 * 1024


class Incoming(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", gc=False):
    """What a browser may say; `n` is its own number of the request."""

    n: Number


class Ballot(Incoming, frozen=True, tag="ballot", gc=False):
    """A ballot for an open vote; `id` is random per press, so that a retry is not a second one.

    A retry brings the very envelope that came first: sealed anew it would be another paper.

    `id` is a `BallotId` and `paper` a `BallotText`, said once more in plain steps: ballots come by the
    thousand, and to search for the patterns took half of the time it takes to read one.
    """

    vote: RowId
    id: str
    paper: str

    def __post_init__(self) -> None:
        """Refuse what the patterns would. Raises ValueError, of which the decoder makes its own."""
        paper = self.paper
        if not 8 <= len(self.id) <= 64 or self.id.encode().translate(None, _SIGNS):  # noqa: PLR2004
            raise ValueError("no id of a ballot")
        if paper in _CHOICES:
            return
        if len(paper) != _ENVELOPE or paper.encode().translate(None, _SIGNS):
            raise ValueError("no ballot paper")


class Ask(Incoming, frozen=True, tag="ask"):
    """A request for the floor."""

    motion: RowId
    side: Literal["for", "against"]


class Withdraw(Incoming, frozen=True, tag="withdraw"):
    """Take one's own request for the floor back."""

    motion: RowId


class Seen(Incoming, frozen=True, tag="seen"):
    """A speaker has seen the news about a slot."""

    slot: RowId


Message = Ballot | Ask | Withdraw | Seen

PERMISSIONS: Mapping[type[Incoming], Permission] = {
    Ballot: SIGNED_IN,  # who may vote is said by the roll, in words that help
    Ask: DELEGATE,
    Withdraw: DELEGATE,
    Seen: SPEAKER,
}

KINDS = frozenset({"ballot", "ask", "withdraw", "seen"})

_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


class Malformed(Exception):  # noqa: N818  (it is what the message is)
    """The text is not of this vocabulary: the connection ends."""


class BadContent(Exception):  # noqa: N818  (it is what the message has)
    """A known kind with content that is not valid; `n` is the browser's number, or 0."""

    def __init__(self, n: int) -> None:
        """Remember which request it was."""
        super().__init__(n)
        self.n = n


def parse(text: str) -> Message:
    """Return the message. Raises Malformed or BadContent, and nothing else."""
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError as error:
        n = _known(text)
        if n is None:
            raise Malformed from error
        raise BadContent(n) from error
    except (RecursionError, UnicodeError) as error:
        raise Malformed from error


def _known(text: str) -> int | None:
    """Return the number of a message of a known kind, None when the kind is unknown."""
    try:
        raw = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
    kind = raw.get("t") if isinstance(raw, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        return None
    n = raw.get("n")
    return n if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 2**53 else 0


class Hello(Struct, frozen=True, tag_field="t", tag="hello"):
    """The first word: which database, which version, and the server's time."""

    epoch: str
    version: int
    now: int


class Region(Struct, frozen=True, tag_field="t", tag="region"):
    """A part of the page, whole, as the server would render it now."""

    id: str
    v: int
    html: str


class Turnout(Struct, frozen=True, tag_field="t", tag="turnout"):
    """How many of the roll have voted; never what."""

    vote: int
    cast: int
    roll: int


class Ack(Struct, frozen=True, tag_field="t", tag="ack"):
    """The request is done; for a ballot: it is stored and on disk."""

    n: int
    vote: int | None = None


class RefusedMessage(Struct, frozen=True, tag_field="t", tag="refused"):
    """The request is refused; nothing has changed."""

    n: int
    code: str
    say: str


class ClockMessage(Struct, frozen=True, tag_field="t", tag="clock"):
    """The server's time, for countdowns."""

    now: int


class Bye(Struct, frozen=True, tag_field="t", tag="bye"):
    """The last word before the server closes the connection."""

    code: str
    say: str
    retry_ms: int


Outgoing = Hello | Region | Turnout | Ack | RefusedMessage | ClockMessage | Bye

_encoder = msgspec.json.Encoder()


def encode(message: Outgoing) -> str:
    """Return the text frame for this message."""
    return _encoder.encode(message).decode()


MALFORMED = 4400
SESSION_ENDED = 4401
RESYNC = 4408
TOO_FAST = 4429
RESTART = 1012
