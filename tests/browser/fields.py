"""Every field of the product that takes something typed, read from its source and not from its pages.

`attack.py` is measured by this list: a field on a page that no test opens stands on it, too. It is read as
text, from the templates, the conference file's schema, the words of an imported table, the wire's
contract and the addresses' queries; nothing of the program is imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FREE = {"text", "search", "email", "tel", "url", "textarea", ""}
"""What can hold any text that somebody types; everything else is chosen or sent by the page."""
NOT_TYPED = {"submit", "button", "reset", "file", "image"}
FILE_TYPES = {"Line", "Label", "Text"}
"""The types of `programme/schema.py` that take free text."""
STEPS_WITH_A_LINE = {
    "CloseConference": ("/chair/end",),
    "RuleOutOfOrder": ("/chair/motions/0/out-of-order", "/chair/amendments/0/out-of-order"),
    "StopVote": ("/chair/votes/0/stop",),
    "RefuseProcedural": ("/chair/procedurals/0/refusal",),
    "RulePoint": ("/chair/points/0/ruling",),
}
"""The panel writes these forms from `views/steps.py`; a line that is added there must be added here."""

WRITTEN = {
    "agenda_item.html": ("/agenda/edit/items", "/agenda/edit/items/0"),
    "link_code.html": ("/l/0",),
}
"""Where the forms go whose address is made by the program."""

Field = tuple[str, str]
"""Where it goes (an address with 0 for what varies, or one of the words below), and its name."""
FILE, TABLE, WIRE, QUERY, SCRIPT = "conference file", "table", "wire", "query", "script"


def shape(address: str) -> str:
    """An address with 0 for every number, pseudonym, token and kind in it."""
    path = re.sub(r"/procedure/[a-z_]+$", "/procedure/0", address.partition("?")[0])
    path = re.sub(r"^/(l|r|s|i)/[^/]+", r"/\1/0", path.partition("#")[0])
    return re.sub(r"/(p[0-9a-f]{16}|\d+|[\w-]{40,})(?=/|$)", "/0", path)


class _Named(HTMLParser):
    """The fields of the forms of one page or template: (method, action, name, type)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str, str]] = []
        self._form: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = (given.get("method", "get").lower(), given.get("action", ""))
        kind = given.get("type", "").lower() if tag == "input" else tag
        name = given.get("name", "")
        if self._form and name and tag in {"input", "textarea", "select"} and kind not in NOT_TYPED:
            self.found.append((*self._form, name, kind))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def _plain(source: str) -> str:
    """A template as HTML: 0 stands for what is written by an expression, macros are their fields."""
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", source, flags=re.DOTALL)
    return re.sub(
        r"\{\{(.*?)\}\}", lambda found: _written(found[1].strip()), source, flags=re.DOTALL
    )


def _written(expression: str) -> str:
    call = re.match(r'(\w+)\((?:\w+, )?"([^"]+)"', expression)
    if call and call[1] == "area_field":
        return f'<textarea name="{call[2]}"></textarea>'
    if call and call[1] in {"text_field", "line", "area", "box", "entry", "choice_field", "tick"}:
        return f'<input name="{call[2]}" type="{"checkbox" if call[1] == "tick" else ""}">'
    if call and call[1] == "line_form":
        action = call[2].replace("%s", "0")
        return f'<form method="post" action="{action}"><input name="line"></form>'
    return "0"


def of_forms(templates: Path = ROOT / "templates") -> dict[Field, str]:
    """Every field of every form in the templates, with its type."""
    found: dict[Field, str] = {}
    for path in sorted(templates.rglob("*.html")):
        if path.name == "field.html":
            continue  # the macros themselves
        parser = _Named()
        parser.feed(_plain(path.read_text(encoding="utf-8")))
        for _method, action, name, kind in parser.found:
            made = action in {"", "0", "0/new"}
            unknown = () if kind not in FREE or path.name == "steps.html" else (f"? {path.name}",)
            plain = re.sub(r"_(%s|0)$", "_0", name)
            for address in WRITTEN.get(path.name, unknown) if made else (shape(action),):
                if plain != "0":
                    found[address, plain] = kind
    for addresses in STEPS_WITH_A_LINE.values():
        found |= {(address, "line"): "" for address in addresses}
    return found


def steps_with_a_line() -> set[str]:
    """The acts whose step on the panel carries a line, as `views/steps.py` has them."""
    source = (ROOT / "conference" / "web" / "views" / "steps.py").read_text(encoding="utf-8")
    tree, acts = ast.parse(source), set[str]()
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        act = [
            a.annotation.attr for a in function.args.args if isinstance(a.annotation, ast.Attribute)
        ]
        if act and any(_has_line(node) for node in ast.walk(function)):
            acts |= set(act[:1])
    for table in (node for node in ast.walk(tree) if isinstance(node, ast.Dict)):
        acts |= {
            key.attr
            for key, value in zip(table.keys, table.values, strict=True)
            if isinstance(key, ast.Attribute) and _has_line(value)
        }
    return acts


def _has_line(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(word.arg == "line" for word in node.keywords)


def of_the_file() -> set[Field]:
    """Every key of a conference file that takes free text, such as `motions.amendments.note`."""
    source = (ROOT / "conference" / "programme" / "schema.py").read_text(encoding="utf-8")
    tables = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}

    def keys(table: ast.ClassDef, before: str) -> Iterator[str]:
        for line in (node for node in table.body if isinstance(node, ast.AnnAssign)):
            words = {n.id for n in ast.walk(line.annotation) if isinstance(n, ast.Name)}
            name = before + ast.unparse(line.target)
            for inner in words & tables.keys():
                yield from keys(tables[inner], name + ".")
            if words & FILE_TYPES:
                yield name

    return {(FILE, key) for key in keys(tables["ConferenceFile"], "")}


def of_the_table() -> set[Field]:
    """The columns of an imported register."""
    source = (ROOT / "conference" / "web" / "imports.py").read_text(encoding="utf-8")
    table = source.partition("COLUMNS = {")[2].partition("\n}")[0]
    return {(TABLE, name) for name in re.findall(r'^ {4}"(\w+)":', table, re.MULTILINE)}


def of_the_wire() -> set[Field]:
    """What browsers may say, message by message, from the examples of the contract."""
    text = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    said = re.findall(r'^\{"t": "(ballot|ask|withdraw|seen)", (.*)\}$', text, re.MULTILINE)
    return {(WIRE, f"{kind}.{key}") for kind, rest in said for key in re.findall(r'"(\w+)":', rest)}


def of_the_queries() -> set[Field]:
    """What the program reads from behind the question mark of an address."""
    sources = (ROOT / "conference" / "web").rglob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    names = re.findall(r'query_params\.get\(\s*"(\w+)"', text)
    names += re.findall(r'"(\w+)" (?:not )?in request\.query_params', text)
    return {(QUERY, name) for name in names}


def wanted() -> set[Field]:
    """Everything that a hostile text has to go through."""
    return (
        set(of_forms()) | of_the_file() | of_the_table() | of_the_wire() | of_the_queries()
        | {(SCRIPT, "command-line")}
    )  # fmt: skip


def missing(tried: set[Field]) -> set[Field]:
    """What nothing went through."""
    return wanted() - tried
