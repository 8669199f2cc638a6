"""The rules are pure: the same arguments give the same answer, everywhere and always."""

from __future__ import annotations

import ast

import pytest

from tests.house.sources import imported, modules

ALLOWED = {
    "__future__",
    "collections",
    "conference",
    "dataclasses",
    "difflib",
    "enum",
    "functools",
    "hashlib",
    "itertools",
    "json",
    "re",
    "types",
    "typing",
    "zlib",
}
IMPURE = {
    # Built in, and yet it looks outside, changes something, or differs from process to process.
    *("open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"),
    *("hash", "id", "globals", "locals", "vars", "setattr", "delattr"),
}
SYNTAX = (
    *(ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await),
    *(ast.Global, ast.Nonlocal, ast.Delete),
)
RULES = {path: tree for path, tree in modules().items() if path.startswith("conference/rules/")}


def impure(tree: ast.AST) -> list[str]:
    """Return what in a module could make two calls with the same arguments differ."""
    found = [name for name in imported(tree) if name.split(".")[0] not in ALLOWED]
    for node in ast.walk(tree):
        if isinstance(node, ast.Delete) and all(isinstance(t, ast.Subscript) for t in node.targets):
            continue  # taking a key out of a copy just made
        if isinstance(node, SYNTAX):
            found.append(type(node).__name__)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in IMPURE:
            found.append(node.id)
        elif isinstance(node, ast.Attribute) and node.attr == "__setattr__":
            found.append(node.attr)  # the way round a frozen dataclass
    return found


@pytest.mark.parametrize("path", RULES)
def test_rules_are_pure(path):
    assert impure(RULES[path]) == []


def test_there_are_rules():
    assert len(RULES) > 10


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "from datetime import datetime",
        "import random",
        "from uuid import uuid4",
        "import os.path",
        "import io",
        "import asyncio",
        "import structlog",
        "import secrets",
        "async def take(): ...",
        "def f():\n    return open('x')",
        "def f():\n    print('x')",
        "def f(x):\n    return hash(x)",
        "def f():\n    global x\n    x = 1",
        "def f(row):\n    object.__setattr__(row, 'a', 1)",
        "def f():\n    import time\n    return time.time()",
    ],
)
def test_what_is_impure_is_found(text):
    assert impure(ast.parse(text))


def test_what_is_pure_is_not():
    text = (
        "import json\nclass A:\n    id: int\ndef f(x):\n    del x[1]\n    return json.dumps(x.id)"
    )
    assert impure(ast.parse(text)) == []
