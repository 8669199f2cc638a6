"""What a document is made of: frozen, complete, already in the reader's language."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Mark(StrEnum):
    """How a piece of text stands in its paragraph."""

    PLAIN = "plain"
    STRONG = "strong"
    INS = "ins"
    DEL = "del"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text with one mark."""

    text: str
    mark: Mark = Mark.PLAIN


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The words that the writers add by themselves."""

    inserted: str
    """Said before what came in, such as *inserted:*; nobody has to see a line under it."""
    deleted: str
    """Said before what went, such as *deleted:*."""
    page: str
    """The line on each page, such as *page {n} of {m}*."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the highest below the title. No level is skipped on the way down."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    kind: ClassVar[str] = "paragraph"
    runs: Runs
    leads: bool = False
    """Whether it leads to what follows, so that no page ends between the two."""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph beside the matter: explains, and stands back."""

    kind: ClassVar[str] = "note"
    runs: Runs


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without numbers."""

    kind: ClassVar[str] = "bullets"
    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """The text of a motion or an amendment, word for word."""

    kind: ClassVar[str] = "quote"
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph with tracked changes; `place` says which one, empty where that is plain."""

    place: str
    runs: Runs


@dataclass(frozen=True, slots=True)
class Changes:
    """Paragraphs of a text with what an amendment changes in them."""

    kind: ClassVar[str] = "changes"
    paragraphs: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first row heads the columns."""

    kind: ClassVar[str] = "table"
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column, whether it holds nothing but numbers."""
        return tuple(
            any(row[n] for row in self.rows)
            and all(row[n].isdecimal() or not row[n] for row in self.rows)
            for n in range(len(self.header))
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""

    kind: ClassVar[str] = "rule"


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened at a time: a paragraph, and what belongs to it."""

    time: str
    blocks: tuple[Paragraph | Note | Bullets | Quote | Changes | Table, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries in the order of their times."""

    kind: ClassVar[str] = "entries"
    entries: tuple[Entry, ...]


Block = Heading | Paragraph | Note | Bullets | Quote | Changes | Table | Rule | Entries


@dataclass(frozen=True, slots=True)
class Document:
    """One paper, the same for everybody. Equal documents give equal bytes in every format."""

    title: str
    author: str
    """Whose paper it is: the conference."""
    subtitle: str
    version: str
    """Which version it is and when it was made, as a line that also stands on each page."""
    made_at: int
    """The moment it was made, in milliseconds since 1970."""
    words: Words
    blocks: tuple[Block, ...]
    language: str = "en"


_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""These would turn the direction of what others wrote behind them."""


def shown(text: str) -> str:
    """Return the text as a file can hold it: without control characters, but line ends and tabs."""
    return "".join(
        c
        for c in text
        if c in "\n\r\t" or (c not in _TURNS and unicodedata.category(c) not in {"Cc", "Cs"})
    )


def plain(text: str) -> Runs:
    """Return a text without marks."""
    return (Run(text),)


def strong(text: str, rest: str = "") -> Runs:
    """Return a text that stands out, and what follows it."""
    return (Run(text, Mark.STRONG), Run(f" {rest}")) if rest else (Run(text, Mark.STRONG),)
