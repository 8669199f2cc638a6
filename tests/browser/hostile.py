"""A conference file and a table of people in which whatever can be written freely is hostile."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.browser.fields import FILE, ROOT, Field, of_the_file, of_the_table

LAUNCH = ROOT / "conference" / "data" / "launch.toml"
LONGEST = 100
SHORT = '"><b onclick=alert(1)>'
"""What fits into a label."""


def hostile_file(target: Path, texts: Iterator[str]) -> set[Field]:
    """Write the launch conference with a text of `texts` in every free place; say in which.

    Besides, its delegates may hand in amendments, and its windows are short.
    """
    data = _complete(tomllib.loads(LAUNCH.read_text(encoding="utf-8")))
    given: dict[str, str] = {}
    tried: set[Field] = set()
    for _place, key in sorted(of_the_file()):
        if key != "people.name" and _put(data, key.split("."), given, texts):
            tried.add((FILE, key))
    data["people"].append({"name": next(texts)[:LONGEST], "roles": ["observer"]})
    tried.add((FILE, "people.name"))
    target.write_text("\n".join(_toml(data)) + "\n", encoding="utf-8")
    return tried


def _complete(data: dict[str, Any]) -> dict[str, Any]:
    """The launch conference with what it does not use, and with shorter windows."""
    data["items"][0] |= {"room": "Room", "people": ["Guest"], "text": "About"}
    data["items"][0]["papers"] = [{"title": "Paper", "link": "/motions/1"}]
    first = next(motion for motion in data["motions"] if motion.get("amendments"))
    first["amendments"][0] |= {"note": "Note", "instruction": "Instruction"}
    first["item"] = data["motions"][0]["item"]  # the very first to be debated
    data["motions"].sort(key=lambda motion: motion is not first)
    data["registration"]["belongs"] = ["Branch"]
    data["settings"]["amend"] = {**data["settings"].get("amend", {}), "from_floor": True}
    short = {"announcement": 1, "minimum": 1, "countdown": 1}
    data["settings"]["vote"] = {**data["settings"].get("vote", {}), **short}
    return data


def _put(
    data: dict[str, Any], keys: list[str], given: dict[str, str], texts: Iterator[str]
) -> bool:
    """Make every text under these keys hostile; say whether there was one."""
    key, rest = keys[0], keys[1:]
    value = data.get(key)
    if value is None:
        return False
    if rest:
        rows = value if isinstance(value, list) else [value]
        return sum(_put(row, rest, given, texts) for row in rows) > 0
    if isinstance(value, list):
        data[key] = [_with(text, key, given, texts) for text in value]
    else:
        data[key] = _with(value, key, given, texts)
    return bool(value)


def _with(text: str, key: str, given: dict[str, str], texts: Iterator[str]) -> str:
    """The text with something behind it: the same text always the same, so that names still fit."""
    if key == "words":
        return text  # they must stand in the motion; what is behind them there is hostile
    if key == "label":
        return given.setdefault(text, f"{len(given)}{SHORT}")
    return given.setdefault(text, f"{text} {next(texts)[:LONGEST]}")


def _toml(data: dict[str, Any]) -> Iterator[str]:
    for key, value in data.items():
        yield f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(_toml(value)) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=True)


def hostile_tables(texts: Iterator[str]) -> Iterator[tuple[str, bytes, set[Field]]]:
    """A CSV and an XLSX with a hostile row for each column: name, content, and which columns."""
    columns = sorted(of_the_table())
    heads = [name for _table, name in columns]
    rows = [heads]
    for hostile in heads:
        plain = {"name": "Plain", "email": f"{hostile}@mail.example", "role": "", "belongs": ""}
        rows.append([next(texts) if name == hostile else plain[name] for name in heads])
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    yield "people.csv", "\r\n".join(quoted).encode(), set(columns)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    yield "people.xlsx", out.getvalue(), set(columns)
