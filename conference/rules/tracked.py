"""Tracked changes: what differs between two texts, word by word, so that people can read it.

Also aloud: whole words, one deletion and one insertion at a time, no crumbs of equal text between.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

ISLAND = 3
"""Fewer equal words than these inside a change belong to the change."""

ALIKE = 0.5
"""A paragraph counts as changed, not as replaced, when so much of the shorter one stands in both."""

STEPS = 3_000_000
"""How many comparisons a text is worth, some tenths of a second. What is left counts as replaced."""

PAIRS = 10_000
"""How many pairs of differing paragraphs are compared; beyond that none is taken for changed."""

_TOKEN = re.compile(r"(\s*)(\w+(?:['’‐-]\w+)*|[^\w\s])")


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    DEL = "del"
    INS = "ins"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a paragraph that stayed, went or came."""

    kind: Mark
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """One paragraph: where it stood before and stands after, counted from 0, and its segments."""

    before: int | None
    after: int | None
    segments: tuple[Segment, ...]

    @property
    def changed(self) -> bool:
        """Whether anything differs."""
        return any(segment.kind is not Mark.SAME for segment in self.segments)


class Match(NamedTuple):
    """An equal stretch: where it begins in the one and in the other, and how long it is."""

    a: int
    b: int
    size: int


class Token(NamedTuple):
    """A word or a sign, with the white space before it."""

    space: str
    word: str


def changes(before: str, after: str) -> tuple[ParagraphChange, ...]:
    """Return both texts as one, paragraph by paragraph; *two line ends* part paragraphs.

    The paragraphs with `before`, their *same* and *del* joined, are exactly the text before; those
    with `after`, their *same* and *ins* joined, exactly the text after. A paragraph that is wholly
    new or gone is one segment; inside a change there are never fewer than three equal words.
    """
    return _Comparison().paragraphs(before.split("\n\n"), after.split("\n\n"))


def tokens(text: str) -> list[Token]:
    """Return the text's words and signs; the last token has no word, only the space at the end."""
    found = [Token(*match.groups()) for match in _TOKEN.finditer(text)]
    return [*found, Token(text[sum(len(t.space) + len(t.word) for t in found) :], "")]


def word_count(words: Sequence[str]) -> int:
    """Return how many are words and not signs."""
    return sum(word[:1].isalnum() or word[:1] == "_" for word in words)


class _Comparison:
    """One comparison, which stops looking for equal stretches when its steps are used up."""

    def __init__(self) -> None:
        self.left = STEPS

    def paragraphs(self, a: list[str], b: list[str]) -> tuple[ParagraphChange, ...]:
        found: list[ParagraphChange] = []
        i = j = 0
        for match in [*self.matches(a, b, 1, len), Match(len(a), len(b), 0)]:
            for x, y in _pairs(a[i : match.a], b[j : match.b]):
                old, new = None if x is None else i + x, None if y is None else j + y
                found.append(self.paragraph(a, b, old, new))
            i, j = match.a + match.size, match.b + match.size
            for k in range(match.size):
                segments = _segments([(Mark.SAME, a[match.a + k])])
                found.append(ParagraphChange(match.a + k, match.b + k, segments))
        return tuple(found)

    def paragraph(
        self, a: list[str], b: list[str], old: int | None, new: int | None
    ) -> ParagraphChange:
        if old is None and new is not None:
            return ParagraphChange(None, new, _segments([(Mark.INS, b[new])]))
        if new is None and old is not None:
            return ParagraphChange(old, None, _segments([(Mark.DEL, a[old])]))
        segments = self.words(a[old or 0], b[new or 0])
        return ParagraphChange(old, new, segments)

    def words(self, before: str, after: str) -> tuple[Segment, ...]:
        a, b = tokens(before), tokens(after)
        matches = self.matches([t.word for t in a], [t.word for t in b], ISLAND, word_count)
        return _segments(_without_islands(_pieces(a, b, matches)))

    def matches(
        self,
        a: list[str],
        b: list[str],
        least: int,
        weigh: Callable[[Sequence[str]], int],
    ) -> list[Match]:
        """Return the equal stretches in order.

        How both begin and end counts whatever it weighs; between these the longest one that weighs
        enough, then the longest before it and after it.
        """
        head, tail = _ends(a, b)
        whole = (head, len(a) - tail, head, len(b) - tail)
        found = [Match(0, 0, head), Match(whole[1], whole[3], tail)]
        matcher = SequenceMatcher(None, a, b, autojunk=False)
        often = Counter(b)
        todo = [whole]
        while todo:
            alo, ahi, blo, bhi = todo.pop()
            cost = sum(often[word] for word in a[alo:ahi])
            if alo == ahi or blo == bhi or cost > self.left:
                continue
            self.left -= cost
            match = Match(*matcher.find_longest_match(alo, ahi, blo, bhi))
            if weigh(a[match.a : match.a + match.size]) < least:
                continue
            found.append(match)
            todo.append((match.a + match.size, ahi, match.b + match.size, bhi))
            todo.append((alo, match.a, blo, match.b))
        return sorted(match for match in found if match.size)


def _ends(a: list[str], b: list[str]) -> tuple[int, int]:
    """Return how much both have in common at the beginning, and after that at the end."""
    shorter = min(len(a), len(b))
    head = next((n for n in range(shorter) if a[n] != b[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if a[-1 - n] != b[-1 - n]), rest)
    return head, tail


def _pairs(a: list[str], b: list[str]) -> list[tuple[int | None, int | None]]:
    """Return which of the differing paragraphs are the same one changed, all in their order."""
    likeness = _likeness(a, b)
    if not likeness:
        return [*((i, None) for i in range(len(a))), *((None, j) for j in range(len(b)))]
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in reversed(range(len(a))):
        for j in reversed(range(len(b))):
            together = likeness[i][j] and likeness[i][j] + best[i + 1][j + 1]
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    found: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(a) or j < len(b):
        rest = best[i][j]
        if i < len(a) and (j == len(b) or best[i + 1][j] == rest):
            found.append((i, None))
            i += 1
        elif i == len(a) or best[i][j + 1] == rest:
            found.append((None, j))
            j += 1
        else:
            found.append((i, j))
            i, j = i + 1, j + 1
    return found


def _likeness(a: list[str], b: list[str]) -> list[list[float]]:
    """Return for each pair how alike the two are, 0 for *not*; nothing when there are too many."""
    if not a or not b or len(a) * len(b) > PAIRS:
        return []
    old, new = ([set(x.casefold().split()) for x in texts] for texts in (a, b))
    return [[_alike(x, y) for y in new] for x in old]


def _alike(a: set[str], b: set[str]) -> float:
    both = len(a & b)
    if not both or both < ALIKE * min(len(a), len(b)):
        return 0.0
    return both / min(len(a), len(b)) + 2 * both / (len(a) + len(b))


def _pieces(a: list[Token], b: list[Token], matches: list[Match]) -> list[tuple[Mark, str]]:
    """Return the pieces of one paragraph; space belongs to the word after it where it differs."""
    found: list[tuple[Mark, str]] = []
    i = j = 0
    for match in matches:
        gone, new = _text(a[i : match.a]), _text(b[j : match.b])
        stretch = zip(
            a[match.a : match.a + match.size], b[match.b : match.b + match.size], strict=True
        )
        for x, y in stretch:
            if x.space != y.space:
                gone, new = gone + x.space, new + y.space
            found += [(Mark.DEL, gone), (Mark.INS, new)]
            found.append((Mark.SAME, x.word if x.space != y.space else x.space + x.word))
            gone = new = ""
        i, j = match.a + match.size, match.b + match.size
    return [(kind, text) for kind, text in found if text]


def _text(found: list[Token]) -> str:
    return "".join(token.space + token.word for token in found)


def _without_islands(pieces: list[tuple[Mark, str]]) -> list[tuple[Mark, str]]:
    """Return the pieces with short equal ones between two changes made part of the change."""
    joined = [(segment.kind, segment.text) for segment in _segments(pieces)]
    last = len(joined) - 1
    found: list[tuple[Mark, str]] = []
    for place, (kind, text) in enumerate(joined):
        short = word_count([token.word for token in tokens(text)]) < ISLAND
        if kind is Mark.SAME and short and 0 < place < last:
            found += [(Mark.DEL, text), (Mark.INS, text)]
        else:
            found.append((kind, text))
    return found


def _segments(pieces: list[tuple[Mark, str]]) -> tuple[Segment, ...]:
    """Return the pieces joined: between two that stayed one that went, then one that came."""
    found: list[Segment] = []
    held: dict[Mark, list[str]] = {mark: [] for mark in Mark}

    def let_go(*marks: Mark) -> None:
        for mark in marks:
            if text := "".join(held[mark]):
                found.append(Segment(mark, text))
            held[mark] = []

    for kind, text in pieces:
        if kind is Mark.SAME:
            let_go(Mark.DEL, Mark.INS)
        elif held[Mark.SAME]:
            let_go(Mark.SAME)
        held[kind].append(text)
    let_go(Mark.SAME, Mark.DEL, Mark.INS)
    return tuple(found)
