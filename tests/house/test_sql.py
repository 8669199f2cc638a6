"""SQL stands in the store and nowhere else."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.sources import ROOT, imported, modules

LIBRARIES = {"sqlalchemy", "aiosqlite", "sqlite3", "alembic", "psycopg", "asyncpg"}
SQL = re.compile(
    r"""\b(
        SELECT\s.+?\sFROM | INSERT\s+(OR\s+\w+\s+)?INTO | UPDATE\s+\S+\s+SET | DELETE\s+FROM
        | (CREATE|DROP|ALTER)\s+(TABLE|INDEX|VIEW|TRIGGER) | PRAGMA\s+\w
        | BEGIN\s+(IMMEDIATE|EXCLUSIVE|DEFERRED|TRANSACTION) | ATTACH\s+DATABASE | VACUUM
    )""",
    re.VERBOSE | re.DOTALL,
)
OUTSIDE = {
    **{path: tree for path, tree in modules().items() if not path.startswith("conference/store/")},
    "run.py": ast.parse((ROOT / "run.py").read_text(encoding="utf-8")),
}


def sql_in(tree: ast.AST) -> list[str]:
    """Return the database libraries that a module imports and the strings that look like SQL."""
    found = [name for name in imported(tree) if name.split(".")[0] in LIBRARIES]
    strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return found + [text for text in strings if isinstance(text, str) and SQL.search(text)]


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_sql_outside_the_store(path):
    assert sql_in(OUTSIDE[path]) == []


def test_the_store_has_some():
    assert any(sql_in(tree) for path, tree in modules().items() if path not in OUTSIDE)


@pytest.mark.parametrize(
    "text",
    [
        "import sqlite3",
        "from sqlalchemy import select",
        "from sqlalchemy.ext.asyncio import create_async_engine",
        "def f():\n    import aiosqlite",
        "q = 'SELECT a FROM b'",
        "q = '''\n  SELECT a,\n  b\n  FROM c'''",
        "q = f'DELETE FROM {table}'",
        "q = 'INSERT OR IGNORE INTO a VALUES (1)'",
        "q = 'UPDATE votes SET state = 1'",
        "q = 'PRAGMA foreign_keys=ON'",
    ],
)
def test_sql_is_found(text):
    assert sql_in(ast.parse(text))


@pytest.mark.parametrize(
    "text", ["x = 'Select a motion from the list'", "x = 'Update the text'", "import json"]
)
def test_plain_words_are_not(text):
    assert sql_in(ast.parse(text)) == []
