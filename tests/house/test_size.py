"""A module fits into the head, a function on a page."""

from __future__ import annotations

import ast

import pytest

from tests.house.sources import ROOT, modules

MODULE, FUNCTION = 400, 40
REASONS = {
    "conference/rules/state.py": "one dataclass for each table: a list",
    "conference/rules/kinds.py": "one enum for each column: a list",
    "conference/rules/acts/__init__.py": "every act by name, three times: a list",
    "conference/store/schema.py": "one table after another: a list",
    # What may be longer, and why. An entry that is no longer needed fails, too.
    "conference/web/views/cues.py:cue": "one case for each act that is said aloud: a table, too",
}


def too_long(path: str, text: str) -> list[str]:
    """Return the module and its functions that are over the limits, as they are named in REASONS."""
    found = [path] if len(text.splitlines()) > MODULE else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if (node.end_lineno or first) - first + 1 > FUNCTION:
                found.append(f"{path}:{node.name}")
    return found


@pytest.mark.parametrize("path", modules())
def test_size(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert [name for name in too_long(path, text) if name not in REASONS] == []


def test_no_reason_is_stale():
    files = {name.partition(":")[0] for name in REASONS}
    long = {n for p in files for n in too_long(p, (ROOT / p).read_text(encoding="utf-8"))}
    assert long == REASONS.keys()


def test_what_is_too_long_is_found():
    body = "    x = 1\n"
    assert too_long("a.py", "x = 1\n" * 400) == []
    assert too_long("a.py", "x = 1\n" * 401) == ["a.py"]
    assert too_long("a.py", "def f():\n" + body * 39) == []
    assert too_long("a.py", "def f():\n" + body * 40) == ["a.py:f"]
    assert too_long("a.py", "class A:\n    async def g(self):\n" + f"    {body}" * 40) == ["a.py:g"]
