"""On which line of a TOML text a key stands, for error messages.

The standard library's parser keeps no positions. This scan reads a text that has already been
parsed without error, so it may be simple: it only has to find headers, keys and the ends of values.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_LIST_HEADER = re.compile(rf"[ \t]*\[\[[ \t]*({_KEYS})[ \t]*\]\]")
_TABLE_HEADER = re.compile(rf"[ \t]*\[[ \t]*({_KEYS})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*({_KEYS})[ \t]*=")
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{},\n]"
    r"|[^\s\"'#\[\]{},]+",
    re.DOTALL,
)


def line_of(path: Path, lines: dict[Path, int]) -> int | None:
    """Return the line of `path`, or of the nearest table around it that has one."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def locate(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, of every key and table header of a valid TOML text."""
    return _Scan(text).run()


def _split(keys: str) -> list[str]:
    return [key.strip("\"'") for key in re.findall(_KEY, keys)]


class _Scan:
    """One pass over the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.table: Path = ()
        self.lines: dict[Path, int] = {}
        self.lengths: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        while self.at < len(self.text):
            if header := _LIST_HEADER.match(self.text, self.at):
                self._list_header(_split(header[1]))
                self._skip_line()
            elif header := _TABLE_HEADER.match(self.text, self.at):
                self.table = self._inside(_split(header[1]))
                self.lines.setdefault(self.table, self.line)
                self._skip_line()
            elif key := _ASSIGNMENT.match(self.text, self.at):
                path = self.table
                for step in _split(key[1]):
                    path = (*path, step)
                    self.lines.setdefault(path, self.line)
                self.at = key.end()
                self._value(path)
            else:
                self._skip_line()
        return self.lines

    def _inside(self, keys: list[str]) -> Path:
        """Resolve a header: a name of a list means its last row."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        return path

    def _list_header(self, keys: list[str]) -> None:
        rows = (*self._inside(keys[:-1]), keys[-1])
        number = self.lengths.get(rows, 0)
        self.lengths[rows] = number + 1
        self.table = (*rows, number)
        self.lines.setdefault(rows, self.line)
        self.lines[self.table] = self.line

    def _skip_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end + 1
        self.line += 1

    def _value(self, path: Path) -> None:
        """Read one value to the end of its line, noting where the members of a list begin."""
        open_brackets: list[str] = []
        members = 0
        fresh = False
        while token := _TOKEN.search(self.text, self.at):
            word = token[0]
            self.at = token.end()
            if word == "\n" and not open_brackets:
                self.line += 1
                return
            if fresh and open_brackets == ["["] and word not in {"\n", "]", ","} and word[0] != "#":
                self.lines[*path, members] = self.line
                members += 1
                fresh = False
            if word in {"[", "{"}:
                open_brackets.append(word)
                fresh = fresh or open_brackets == ["["]
            elif word in {"]", "}"} and open_brackets:
                open_brackets.pop()
            elif word == "," and open_brackets == ["["]:
                fresh = True
            self.line += word.count("\n")
        self.at = len(self.text)
