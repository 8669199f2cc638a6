"""Amendments and texts: what an amendment makes of a text, where its place is, what differs.

An amendment is about the printed text. Its paragraph is found by its printed number in whatever the
text has become, so that an amendment carried before does not shift it (procedure B4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from conference.rules import question
from conference.rules.kinds import Action, MotionId, TextId
from conference.rules.refused import Code
from conference.rules.state import Amendment, TextVersion
from conference.rules.tracked import Mark, ParagraphChange, Segment, changes

CLOSING = ".,;:!?)"
"""No space stands before these."""

_PAUSES = ",;:"
_STOPS = ".!?"
_OPENING = "([“‘"
_SHUTTING = "]”’"
_EMPTY = {("(", ")"), ("[", "]"), ("“", "”"), ("‘", "’")}
_DASHES = {("–", "–"), ("—", "—")}
_TYPED = str.maketrans("‘’‚“”„", "'''\"\"\"")
"""Quotation marks count as the same however they were typed."""


class Part(NamedTuple):
    """A paragraph with its printed number, 0 for one that an amendment brought in."""

    text: str
    number: int
    closed: bool = False
    """Sent back: its words cannot be amended."""


Spot = tuple[int, int]
"""A paragraph's printed number and an offset in it."""


def apply(
    version: TextVersion, amendment: Amendment, closed: frozenset[int] = frozenset()
) -> tuple[str, tuple[int, ...]] | Code:
    """Return text and origins with this amendment to the motion in it (procedure B4).

    New paragraphs after one come after those that others added there before. A paragraph that is
    replaced keeps its number, so that others can still be added after it.

    `closed` are the places of paragraphs, counted from 1, whose words cannot be amended.

    Refuses with `PLACE_GONE` when its paragraph or its exact words are no longer there, when
    everything printed has been replaced, and when nothing would be left of the text. White space
    and the kind of quotation marks do not matter; of several places the first counts.
    """
    found = zip(question.paragraphs(version.text), version.origins, strict=True)
    parts = [Part(*part, place in closed) for place, part in enumerate(found, 1)]
    made = _amended(parts, amendment)
    if not made:
        return Code.PLACE_GONE
    return "\n\n".join(part.text for part in made), tuple(part.number for part in made)


def apply_to_amendment(parent: Amendment, child: Amendment) -> str | Code:
    """Return the parent's text with this amendment to it in it; `PLACE_GONE` as in `apply`.

    Also when the parent brings no words in: there is nothing to amend then.
    """
    printed, now = _joined(parent.text), _joined(text_of(parent))
    if not now:
        return Code.PLACE_GONE
    numbers = {
        change.after: 0 if change.before is None else change.before + 1
        for change in changes(printed, now)
        if change.after is not None
    }
    origins = tuple(numbers[place] for place in sorted(numbers))
    made = apply(TextVersion(TextId(0), MotionId(0), 1, now, origins, 0), child)
    return made if isinstance(made, Code) else made[0]


def moved(places: Iterable[int], before: TextVersion, after: TextVersion) -> tuple[int, ...]:
    """Return where these paragraphs, counted from 1, stand in the other version; those that do.

    A printed paragraph is known by its number, one that was brought in by its words.
    """
    old = list(zip(before.origins, question.paragraphs(before.text), strict=True))
    new = list(zip(after.origins, question.paragraphs(after.text), strict=True))
    found: list[int] = []
    for place in places:
        number, words = old[place - 1]
        same = (
            there
            for there, (origin, text) in enumerate(new, 1)
            if there not in found and origin == number and (number > 0 or text == words)
        )
        found.extend(islice(same, 1))
    return tuple(sorted(found))


def fits(version: TextVersion, amendment: Amendment) -> bool:
    """Say whether this amendment to the motion still has its place in the text."""
    return not isinstance(apply(version, amendment), Code)


def place(amendment: Amendment, printed: str) -> Spot:
    """Return where in the printed text the amendment begins: the paragraph, the offset in it.

    Sorted by it, amendments stand in the order of the text (procedure B4, *first words first*):
    first those that replace everything, new paragraphs after the paragraph they follow.
    """
    return _extent(amendment, printed)[0]


def is_earlier(amendment: Amendment, than: Amendment, printed: str) -> bool:
    """Say whether its part of the printed text lies wholly before the other's (procedure B4).

    What overlaps is not earlier, nor is what stands at the same place; an amendment that replaces
    everything is neither earlier nor later than any.
    """
    if _replaces_all(amendment) or _replaces_all(than):
        return False
    (begin, end), (other, _) = _extent(amendment, printed), _extent(than, printed)
    return begin < other and end <= other


def text_of(amendment: Amendment) -> str:
    """Return the words that come in, as an amendment to it may have changed them."""
    return amendment.as_amended or amendment.text


def _joined(text: str) -> str:
    return "\n\n".join(question.paragraphs(text))


def _replaces_all(amendment: Amendment) -> bool:
    everything = amendment.paragraph == 0 and not amendment.words.strip()
    return amendment.action is Action.REPLACE_ALL or (
        amendment.action is Action.REPLACE and everything
    )


# --- the text after an amendment ------------------------------------------------------------------


def _amended(parts: list[Part], amendment: Amendment) -> list[Part]:
    """Return the paragraphs after the amendment; none when its place is gone."""
    if _replaces_all(amendment):
        return _numbered(text_of(amendment), 0)
    if amendment.words.strip():
        return _with_words(parts, amendment)
    if amendment.action is Action.ADD:
        return _with_paragraphs(parts, amendment)
    index = _index(parts, amendment.paragraph)
    if index is None or parts[index].closed:
        return []
    text = "" if amendment.action is Action.DELETE else text_of(amendment)
    return [*parts[:index], *_numbered(text, amendment.paragraph), *parts[index + 1 :]]


def _numbered(text: str, number: int) -> list[Part]:
    """Return a text's paragraphs: the first has this number, what follows was brought in."""
    return [
        Part(found, 0 if place else number) for place, found in enumerate(question.paragraphs(text))
    ]


def _index(parts: list[Part], number: int) -> int | None:
    return next((i for i, part in enumerate(parts) if part.number == number > 0), None)


def _with_paragraphs(parts: list[Part], amendment: Amendment) -> list[Part]:
    at = -1 if amendment.paragraph == 0 else _index(parts, amendment.paragraph)
    if at is None or not any(part.number for part in parts):
        return []
    after = at + 1
    while after < len(parts) and parts[after].number == 0:
        after += 1
    return [*parts[:after], *_numbered(text_of(amendment), 0), *parts[after:]]


def _with_words(parts: list[Part], amendment: Amendment) -> list[Part]:
    for index, part in enumerate(parts):
        if amendment.paragraph not in {0, part.number} or part.closed:
            continue
        if span := _find(amendment.words, part.text):
            made = _numbered(_edited(part.text, span, amendment), part.number)
            return [*parts[:index], *made, *parts[index + 1 :]]
    return []


def _find(words: str, text: str) -> tuple[int, int] | None:
    """Return where these whole words stand first, whatever white space is between them."""
    wanted = words.translate(_TYPED).split()
    pattern = r"\s+".join(re.escape(word) for word in wanted)
    before = r"(?<!\w)" if re.match(r"\w", wanted[0]) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", wanted[-1]) else ""
    found = re.search(f"{before}{pattern}{after}", text.translate(_TYPED))
    return None if found is None else found.span()


def _edited(text: str, span: tuple[int, int], amendment: Amendment) -> str:
    begin, end = span
    brought = text_of(amendment).strip()
    if amendment.action is Action.DELETE or not brought:
        return text if amendment.action is Action.ADD else _closed(text[:begin], text[end:])
    if amendment.action is Action.ADD:
        space = "" if brought[0] in CLOSING else " "
        return _put(text[:end], space + brought, text[end:])
    left = text[:begin].rstrip() if brought[0] in CLOSING else text[:begin]
    return _put(left, brought, text[end:])


def _put(left: str, brought: str, right: str) -> str:
    """Return the text with `brought` in it; a sign that would stand twice at a seam stands once."""
    if left[-1:] == brought[0] and brought[0] in _PAUSES + _STOPS:
        left = left[:-1]
    if right[:1] == brought[-1] and brought[-1] in _PAUSES + _STOPS:
        right = right[1:]
    return left + brought + right


def _closed(left: str, right: str) -> str:
    """Return both sides of a hole joined: one space, or none before a sign; no sign twice."""
    around = left[len(left.rstrip()) :] + right[: len(right) - len(right.lstrip())]
    left, right = left.rstrip(), right.lstrip()
    last, first = left[-1:], right[:1]
    if (last, first) in _EMPTY:
        return _closed(left[:-1], right[1:])
    if last and (last, first) in _DASHES:
        return _closed(left[:-1], right)
    if last in set(_PAUSES) and first in set(CLOSING):
        left = left[:-1]
    elif not left or (last in set(_STOPS) and first in {*_PAUSES, "."}):
        right = right.lstrip(_PAUSES + ".").lstrip()
    if not re.search(r"\w", left + right):
        return ""
    tight = not left or last in {*_OPENING} or right[:1] in {*CLOSING, *_SHUTTING, ""}
    space = "\n" if "\n" in around else around[:1]
    return left + ("" if tight else space) + right


# --- its place in the printed text ----------------------------------------------------------------


def _extent(amendment: Amendment, printed: str) -> tuple[Spot, Spot]:
    """Return where the amendment's part begins and ends; an addition is a point."""
    if _replaces_all(amendment):
        return (0, 0), (0, 0)
    parts, number = question.paragraphs(printed), amendment.paragraph
    if amendment.words.strip():
        for at, text in enumerate(parts, 1):
            if number in {0, at} and (span := _find(amendment.words, text)):
                begin = span[1] if amendment.action is Action.ADD else span[0]
                return (at, begin), (at, span[1])
    length = len(parts[number - 1]) if 0 < number <= len(parts) else 0
    if amendment.action is Action.ADD:
        return (number, length + 1), (number, length + 1)
    return (number, 0), (number, length)


__all__ = [
    "Mark",
    "ParagraphChange",
    "Segment",
    "apply",
    "apply_to_amendment",
    "changes",
    "fits",
    "is_earlier",
    "moved",
    "place",
    "text_of",
]
