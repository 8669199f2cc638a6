"""The files of the house, read once, as trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "conference"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the program by its path from the root, parsed."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {str(p.relative_to(ROOT)): ast.parse(p.read_text(encoding="utf-8")) for p in paths}


def imported(tree: ast.AST) -> Iterator[str]:
    """Every name that is imported anywhere in a module, as `package.module` or `package.module.name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def dotted(path: str) -> str:
    """Return the module's own name for its path: `conference/rules/state.py` is conference.rules.state."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
