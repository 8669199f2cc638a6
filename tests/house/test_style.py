"""A merge that loses one brace of the style sheet puts everything after it into a print rule."""

from __future__ import annotations

import re

from tests.house.sources import ROOT


def depths(text: str) -> list[tuple[int, int]]:
    """Line and depth of every brace, comments and texts left out."""
    plain = re.sub(
        r"/\*.*?\*/|\"[^\"\n]*\"", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL
    )
    found, depth = [], 0
    for number, line in enumerate(plain.splitlines(), 1):
        for letter in re.findall(r"[{}]", line):
            depth += 1 if letter == "{" else -1
            found.append((number, depth))
    return found


def test_the_style_sheet_closes_what_it_opens():
    for path in (ROOT / "static" / "css").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert depths(text)[-1][1] == 0, path
        assert min(depth for _line, depth in depths(text)) == 0, path


def test_a_lost_brace_is_found():
    assert depths("a { b: c; }\n@media print {\n  a { b: c; }\n.x { y: z; }\n")[-1][1] == 1
    assert depths('a { content: "{"; } /* { */')[-1][1] == 0
