"""docs/security.md answers every requirement of ASVS 5.0.0, levels 1 and 2, and names real tests."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
# Section: how many of its first requirements are of level 1 or 2 (they come before level 3).
WANTED = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11,
    "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1,
    "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
NUMBERS = [f"{section}.{n + 1}" for section, many in WANTED.items() for n in range(many)]


def answered() -> list[str]:
    """The numbers of the table, ranges written out."""
    found = []
    for first, last in re.findall(
        r"^\| (\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))? \|", TEXT, re.MULTILINE
    ):
        start, end = NUMBERS.index(first), NUMBERS.index(last or first)
        assert start <= end, (first, last)
        found += NUMBERS[start : end + 1]
    return found


def test_every_requirement_is_answered_once():
    assert len(NUMBERS) == 253  # 70 of level 1 and 183 of level 2
    assert answered() == NUMBERS


def test_every_test_that_is_named_exists():
    named = re.findall(r"`((?:tests|conference|static|templates)/[\w/.]+)(?:::(\w+))?`", TEXT)
    assert len(named) > 50
    for path, name in named:
        file = ROOT / path
        assert file.exists(), path
        if name:
            assert re.search(rf"def {name}\(", file.read_text(encoding="utf-8")), (path, name)


def test_every_answer_says_something():
    rows = re.findall(r"^\| \d+\.\d+\.\d+\S* \| (.*) \|$", TEXT, re.MULTILINE)
    assert rows
    assert all(len(row) >= 4 for row in rows)
