"""A document as Markdown that reads well as it is; no text of people can become markup in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from conference.papers.document import (
    Block,
    Bullets,
    Changes,
    Document,
    Entries,
    Entry,
    Heading,
    Mark,
    Note,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Table,
    Words,
    shown,
)

# Whatever begins a span in CommonMark or in one of its usual extensions: code, emphasis, links,
# HTML, entities, mathematics, mentions, attributes, footnotes.
_INLINE = re.compile(r"[\\`*_\[\]{}<>&#$~|^@]|(?<=:)//|(?<=[Ww]{3})\.")
# Whatever begins a block at the start of a line: lists, rulers, headings, definitions.
_NUMBER = re.compile(r"\A(\d+)([.)])")
_BLOCK = re.compile(r"\A[-+=:%]")


def markdown(document: Document) -> str:
    """Return the document as Markdown."""
    head = [f"# {_line(document.title)}"]
    head += [_text(text) for text in (document.subtitle, document.version) if text]
    parts = [*head, *(_block(block, document.words) for block in document.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(text: str) -> str:
    """Return the text so that every reader of Markdown shows exactly it; lines stay lines."""
    lines = (_escape_line(" ".join(line.split())) for line in shown(text).splitlines())
    return "\\\n".join(line for line in lines if line)


def _escape_line(line: str) -> str:
    line = _INLINE.sub(lambda found: "\\" + found[0], line)
    return _BLOCK.sub(lambda found: "\\" + found[0], _NUMBER.sub(r"\1\\\2", line))


def _line(text: str) -> str:
    """Return a text for where only one line has place: a heading, a cell."""
    return escape(" ".join(text.split()))


def _text(text: str) -> str:
    return escape(text)


def _block(block: Block, words: Words) -> str:
    match block:
        case Heading():
            return f"{'#' * min(block.level + 1, 6)} {_line(block.text)}"
        case Paragraph() | Note():
            return _runs(block.runs, words)
        case Bullets():
            return "\n".join(_hanging("- ", _runs(item, words)) for item in block.items)
        case Quote():
            return _quoted(escape(text) for text in block.paragraphs)
        case Changes():
            return _quoted(_changes(block, words))
        case Table():
            return _table(block)
        case Rule():
            return "---"
        case Entries():
            return "\n".join(_entry(entry, words) for entry in block.entries)


def _quoted(paragraphs: Iterable[str]) -> str:
    lines = "\n\n".join(paragraphs).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _changes(block: Changes, words: Words) -> Iterator[str]:
    for paragraph in block.paragraphs:
        if paragraph.place:
            yield f"{_line(paragraph.place)}:"
        yield _runs(paragraph.runs, words)


def _entry(entry: Entry, words: Words) -> str:
    first, *rest = [_block(block, words) for block in entry.blocks] or [""]
    time = f"**{_line(entry.time)}** " if entry.time else ""
    return _hanging("- ", "\n\n".join([time + first, *rest]))


def _hanging(bullet: str, text: str) -> str:
    """Return the text as one item of a list: whatever follows its first line stands under it."""
    indent = " " * len(bullet)
    return bullet + "\n".join(f"{indent}{line}".rstrip() for line in text.split("\n")).lstrip()


def _table(table: Table) -> str:
    rulers = ["---:" if numeric else "---" for numeric in table.numeric]
    heads = [_line(cell) for cell in table.header]
    rows = [heads, rulers, *([_line(cell) for cell in row] for row in table.rows)]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{_text(table.caption)}\n\n{lines}" if table.caption else lines


def _runs(runs: Runs, words: Words) -> str:
    joined = "".join(_run(run, words, start=not n) for n, run in enumerate(runs))
    lines = (" ".join(line.split()) for line in joined.split("\n"))
    return "\n".join(line for line in lines if line)


def _run(run: Run, words: Words, *, start: bool) -> str:
    """Return a piece with its mark; the space around it stays outside of the mark."""
    inner = run.text.strip()
    if not inner:
        return " " if run.text else ""
    changed = run.mark in {Mark.INS, Mark.DEL}
    left = " " if run.text[0].isspace() or changed else ""
    right = " " if run.text[-1].isspace() else ""
    # A piece that goes on a line needs no shield against blocks at its own beginning.
    made = escape(inner) if start else escape(f"x{inner}")[1:]
    if run.mark is Mark.STRONG:
        made = f"**{made}**"
    elif run.mark is Mark.INS:
        made = f"\\[{escape(words.inserted)} **{made}**\\]"
    elif run.mark is Mark.DEL:
        made = f"\\[{escape(words.deleted)} ~~{made}~~\\]"
    return f"{left}{made}{right}"
