"""The one style sheet has every brace it opens: a lost one hides all rules behind it."""

from __future__ import annotations

import re

from tests.house.sources import ROOT

SHEET = ROOT / "static" / "css" / "conference.css"


def unbalanced(text: str) -> list[int]:
    """The lines on which a rule begins inside another that is no at-rule, or closes nothing."""
    found, open_ = [], []
    plain = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)
    for number, line in enumerate(plain.splitlines(), 1):
        for mark in re.finditer(r"([^{};]*)\{|\}", line):
            if mark[0] == "}":
                if not open_:
                    found.append(number)
                else:
                    open_.pop()
                continue
            top = not line.startswith((" ", "\t")) and mark.start() == 0
            if top and open_:
                found.append(number)
            open_.append(number)
    return found + open_


def test_every_brace_is_closed():
    assert unbalanced(SHEET.read_text(encoding="utf-8")) == []


def test_a_lost_brace_is_found():
    whole = "@media print {\n  a { color: red; }\n}\nb { color: red; }\n"
    assert unbalanced(whole) == []
    assert unbalanced(whole.replace("}\n}\n", "}\n", 1)) == [3, 1]
    assert unbalanced(whole + "}\n") == [5]
