"""The roll-call of a vote by name: one line a delegate, each with the hash of the line before."""

from __future__ import annotations

from collections.abc import Sequence

from conference.rules.kinds import VoteId
from conference.sealing.bytes import digest


def start(vote: VoteId, text: str) -> str:
    """What stands for the line before the first, in hex: it names the vote and its text's hash."""
    return digest("conference roll-call 1", str(vote).encode(), text.encode()).hex()


def chain(first: str, lines: Sequence[tuple[str, str]]) -> list[str]:
    """The hash of each line, name and choice, in hex: whoever has the last has all of them."""
    found, previous = [], first
    for name, choice in lines:
        fields = (bytes.fromhex(previous), name.encode(), choice.encode())
        previous = digest("conference roll-call line 1", *fields).hex()
        found.append(previous)
    return found
