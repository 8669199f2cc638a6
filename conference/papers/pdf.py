"""A document as a tagged PDF, made by typst.

Every text stands in the source as a string literal and is never read as markup. The compiler runs
in a process of its own with limits of time and memory, and sees neither files nor the network.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from conference.papers.document import (
    Block,
    Bullets,
    Change,
    Changes,
    Document,
    Entries,
    Heading,
    Mark,
    Note,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Table,
    shown,
)

TYPESET = Path(__file__).with_name("typeset.py")
SECONDS = 25
LARGEST = 8 << 20
"""Bytes of source; a paper of a thousand pages has about half as many."""

STYLE = """
#set text(font: "Libertinus Serif", size: 11pt, hyphenate: false)
#set par(leading: 0.62em, spacing: 1.05em)
#set heading(numbering: none)
#show heading: set block(above: 1.6em, below: 0.8em)
#show heading.where(level: 1): set text(size: 16pt)
#show heading.where(level: 2): set text(size: 13pt)
#show heading.where(level: 3): set text(size: 11.5pt)
#show heading.where(level: 4): set text(size: 11pt)
#show title: set text(size: 24pt)
#show title: set block(below: 0.75em)
#show quote.where(block: true): set pad(x: 0pt)
#show quote.where(block: true): it => block(
  stroke: (left: 1.5pt + luma(150)), inset: (left: 11pt, y: 3pt), above: 1em, below: 1em, it.body,
)
#set table(
  stroke: (x, y) => (bottom: if y == 0 { 0.9pt + black } else { 0.4pt + luma(170) }),
  inset: (x: 5pt, y: 4.5pt),
)
#show figure: set block(breakable: true, above: 1.2em, below: 1.2em)
#show figure: set align(start)
#set figure.caption(position: top)
#show figure.caption: set text(weight: "bold")
#set enum(number-align: start + top, body-indent: 0.9em, spacing: 0.9em)
#set list(body-indent: 0.6em, spacing: 0.65em)
#let note(body) = block(sticky: true, par(text(fill: luma(80), size: 0.93em, body)))
#let said(word) = h(0.12em) + text(fill: luma(80), size: 0.78em, "[" + word + sym.space.nobreak)
#let shut = text(fill: luma(80), size: 0.78em, "]")
#let ins(word, body) = { said(word); underline(stroke: 0.7pt, offset: 1.8pt, body); shut }
#let del(word, body) = { said(word); strike(stroke: 0.7pt, body); shut }
#let place-of(body) = par(text(fill: luma(80), size: 0.93em, body + ":"))
#let foot(version, line) = context {
  set text(size: 8.5pt, fill: luma(80))
  let n = counter(page).display()
  let m = str(counter(page).final().first())
  grid(columns: (1fr, auto), column-gutter: 1em, version, line(n, m))
}
"""

PAGE = """
#set page(
  paper: "a4", margin: (x: 25mm, top: 22mm, bottom: 25mm), footer: foot(version-line, page-line),
)
"""


class NotMade(Exception):  # noqa: N818  (no error of the program: the paper is too large)
    """The PDF could not be made within its limits."""


async def pdf(document: Document) -> bytes:
    """Return the PDF, made in another process while the loop goes on. Raises NotMade."""
    text = source(document).encode()
    if len(text) > LARGEST:
        raise NotMade
    return await asyncio.to_thread(_typeset, text, document.made_at // 1000)


def _typeset(text: bytes, moment: int) -> bytes:
    command = [sys.executable, "-I", "-B", str(TYPESET), str(moment)]
    try:
        done = subprocess.run(  # noqa: S603  (our own script, our own arguments)
            command, input=text, capture_output=True, timeout=SECONDS, check=True, env={}
        )
    except (subprocess.SubprocessError, OSError) as error:
        # What went wrong may quote the paper: it is not passed on to a log.
        raise NotMade from error
    return done.stdout


def source(document: Document) -> str:
    """Return the typst source of the document."""
    title = ": ".join(text for text in (document.title, document.subtitle) if text)
    page = re.split(r"(\{[nm]\})", document.words.page)
    parts = [part[1] if part in {"{n}", "{m}"} else literal(part) for part in page]
    return "\n".join(
        [
            f"#set document(title: {literal(title)}, author: ({literal(document.author)},))",
            f"#set text(lang: {literal(document.language)})",
            f"#let version-line = {literal(document.version)}",
            f"#let page-line(n, m) = {' + '.join(parts)}",
            STYLE,
            PAGE,
            f"#title({literal(document.title)})",
            *(
                f"#par(text(size: {size}, {literal(text)}))"
                for text, size in ((document.subtitle, "14pt"), (document.version, "1em"))
                if text
            ),
            *(f"#{_Source(document).block(block)}" for block in document.blocks),
        ]
    )


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": " ", "\r": "\\n"})


def literal(text: str) -> str:
    """Return the text as a string literal of typst; control characters are left out."""
    return f'"{shown(text).translate(_ESCAPES)}"'


def _text(text: str) -> str:
    """Return the text as content, a line on a line."""
    return "; linebreak(); ".join(literal(line) for line in text.splitlines()) or '""'


def _joined(parts: Iterable[str]) -> str:
    return "{ " + "; ".join(parts) + " }"


class _Source:
    """The code of one document's blocks."""

    def __init__(self, document: Document) -> None:
        self.words = document.words

    def block(self, block: Block) -> str:
        """Return the code that makes this block."""
        match block:
            case Heading():
                return f"heading(level: {min(block.level, 6)}, {literal(_flat(block.text))})"
            case Paragraph():
                made = f"par({self.runs(block.runs)})"
                return f"block(sticky: true, {made})" if block.leads else made
            case Note():
                return f"note({self.runs(block.runs)})"
            case Bullets():
                return f"list(tight: false, {', '.join(self.runs(item) for item in block.items)})"
            case Quote():
                parts = (f"par({_joined([_text(text)])})" for text in block.paragraphs)
                return f"quote(block: true, {_joined(parts)})"
            case Changes():
                parts = (part for change in block.paragraphs for part in self.change(change))
                return f"quote(block: true, {_joined(parts)})"
            case Table():
                return _table(block)
            case Rule():
                return "line(length: 100%, stroke: 0.5pt + luma(150))"
            case Entries():
                return self.entries(block)

    def change(self, change: Change) -> Iterable[str]:
        """Return the code of one paragraph with tracked changes, and of where it stands."""
        if change.place:
            yield f"place-of({literal(change.place)})"
        yield f"par({self.runs(change.runs)})"

    def entries(self, block: Entries) -> str:
        """Return the code of entries: a list whose labels are the times."""
        times = ", ".join(literal(entry.time) for entry in block.entries)
        bodies = (
            _joined(self.block(part) for part in entry.blocks) if entry.blocks else '""'
            for entry in block.entries
        )
        numbering = f"numbering: (n) => ({times},).at(n - 1)"
        return f"enum(tight: false, {numbering}, {', '.join(bodies)})"

    def runs(self, runs: Runs) -> str:
        """Return the code of a paragraph's pieces."""
        return _joined(self.run(run) for run in runs) if runs else '""'

    def run(self, run: Run) -> str:
        """Return the code of a piece; the space around a change stays outside of its mark."""
        text = _joined([_text(run.text)])
        if run.mark is Mark.PLAIN:
            return text
        if run.mark is Mark.STRONG:
            return f"strong({text})"
        inner = run.text.strip()
        space = [literal(" ")]
        left = space if run.text[:1].isspace() else []
        right = space if run.text[-1:].isspace() else []
        word = self.words.inserted if run.mark is Mark.INS else self.words.deleted
        made = f"{run.mark}({literal(word)}, {_joined([_text(inner)])})"
        return _joined([*left, made, *right])


def _flat(text: str) -> str:
    return " ".join(text.split())


def _table(table: Table) -> str:
    align = ", ".join("end" if numeric else "start" for numeric in table.numeric)
    heads = ", ".join(f"strong({literal(cell)})" for cell in table.header)
    cells = [_joined([_text(cell)]) for row in table.rows for cell in row]
    made = ", ".join(
        [f"columns: {len(table.header)}", f"align: ({align},)", f"table.header({heads})", *cells]
    )
    if not table.caption:
        return f"table({made})"
    return (
        f"figure(table({made}), caption: {literal(table.caption)}, supplement: none, "
        "numbering: none, kind: table)"
    )
