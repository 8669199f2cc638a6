"""What a browser may say is read as the patterns say it, also where it is read without them."""

from __future__ import annotations

import json
import string

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conference.live import messages as m

SIGNS = string.ascii_letters + string.digits + "-_"
NEARLY = SIGNS + "+/= é\n"


class ByPattern(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", tag="ballot"
):
    """A ballot as the patterns would have it."""

    n: m.Number
    vote: m.RowId
    id: m.BallotId
    paper: m.BallotText


def slowly(text: str) -> tuple[int, int, str, str] | int | None:
    """The ballot; the number of one with bad content; None for what ends the connection."""
    try:
        found = msgspec.json.decode(text, type=ByPattern)
    except msgspec.DecodeError:
        return m._known(text)
    return found.n, found.vote, found.id, found.paper


def quickly(text: str) -> tuple[int, int, str, str] | int | None:
    """The same by the parser of the wire."""
    try:
        found = m.parse(text)
    except m.BadContent as bad:
        return bad.n
    except m.Malformed:
        return None
    assert isinstance(found, m.Ballot)
    return found.n, found.vote, found.id, found.paper


IDS = st.text(SIGNS, min_size=6, max_size=70) | st.text(NEARLY, max_size=66)
PAPERS = (
    st.sampled_from(["for", "against", "abstain", "For", "for ", "", "forabstain"])
    | st.text(SIGNS, min_size=66, max_size=66)
    | st.text(NEARLY, min_size=64, max_size=68)
)


@settings(deadline=None)  # the machine may be busy with something else
@given(st.integers(-1, 3), st.integers(-1, 3), IDS, PAPERS)
@example(1, 1, "a" * 8, "for")
@example(1, 1, "a" * 64, "A" * 66)
@example(1, 1, "a" * 7, "for")
@example(1, 1, "a" * 65, "for")
@example(1, 1, "a" * 8 + "\n", "for")
@example(1, 1, "a" * 8, "for\n")
@example(1, 1, "a" * 8, "é" * 66)
def test_a_ballot_is_taken_and_refused_as_by_the_patterns(n, vote, id_, paper):
    text = json.dumps({"t": "ballot", "n": n, "vote": vote, "id": id_, "paper": paper})
    assert quickly(text) == slowly(text)
