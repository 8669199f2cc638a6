"""Every string for people goes through gettext: in a template no letter stands bare."""

from __future__ import annotations

import asyncio
import itertools
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from conference.web import templates
from tests.house.sources import ROOT

FOLDER = ROOT / "templates"
TRANSLATED = re.compile(r"\{%[-+]?\s*trans\b.*?\{%[-+]?\s*endtrans\s*[-+]?%\}", re.DOTALL)
JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
READ_BY_PEOPLE = re.compile(
    r"aria-(label|description|roledescription|valuetext|placeholder)"
    r"|title|placeholder|alt|label|summary|data-(\w+-)*(announce|text|say|label)"
)
SPOKEN_VALUES = {"submit", "button", "reset"}
UNREAD = {"script", "style"}


class Bare(HTMLParser):
    """Collects text, and attributes that people read, in which letters are left."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.unread = ""

    def keep(self, text: str | None) -> None:
        if text and any(letter.isalpha() for letter in text):
            self.found.append(" ".join(text.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread = tag if tag in UNREAD else ""
        given = dict(attrs)
        for name, value in attrs:
            if READ_BY_PEOPLE.fullmatch(name):
                self.keep(value)
        if tag == "meta" and given.get("name") == "description":
            self.keep(given.get("content"))
        if tag == "input" and given.get("type") in SPOKEN_VALUES:
            self.keep(given.get("value"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.unread = ""

    def handle_endtag(self, _tag: str) -> None:
        self.unread = ""

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.keep(data)


def bare_words(template: str) -> list[str]:
    """Return the words of a template that no translator would ever see."""
    parser = Bare()
    parser.feed(JINJA.sub("", TRANSLATED.sub("", template)))
    parser.close()
    return parser.found


TEMPLATES = sorted(p for p in FOLDER.rglob("*") if p.is_file() and p.suffix != ".js")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_no_bare_words(path):
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.skipif(not FOLDER.is_dir(), reason="there are no templates yet")
def test_there_are_templates():
    assert TEMPLATES


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("<p>{{ _('ok') }} there</p>", ["there"]),
        ("{% if x %}yes{% else %}{{ no }}{% endif %}", ["yes"]),
        ("<img alt='A hall'>", ["A hall"]),
        ("<button aria-label='Close {{ x }}'>×</button>", ["Close"]),
        ("<input placeholder='Name' value='x'>", ["Name"]),
        ("<input type='submit' value='Send'>", ["Send"]),
        ("<p data-announce='Vote open' data-vote='x' class='y'></p>", ["Vote open"]),
        ("<p data-countdown-announce='Ten seconds'></p>", ["Ten seconds"]),
        ("<b data-text='Soon'></b><i title='Why'></i>", ["Soon", "Why"]),
        ("{% trans %}in{% endtrans %} out {% trans %}in{% endtrans %}", ["out"]),
        ("<meta name='description' content='A conference'>", ["A conference"]),
        ("<script>let a = 1</script>after", ["after"]),
        ("<p>caf&eacute;</p>", ["café"]),
    ],
)
def test_bare_words_are_found(template, words):
    assert bare_words(template) == words


@pytest.mark.parametrize(
    "template",
    [
        "<!doctype html><html lang='en'><p class='x' id='y'>{{ _('Hello') }} – 12:30 &middot; →</p>",
        "{# a note #}<p>{% trans n=x %}{{ n }} delegate{% pluralize %}{{ n }} delegates{% endtrans %}</p>",
        "{%- trans -%}Hello{%- endtrans -%}<!-- a comment -->",
        '<i aria-label="{{ _(\'Close\') }}" title="{% trans %}Why{% endtrans %}"></i>',
        "<button name='paper' value='for'>{{ _('For') }}</button>",
        "<style>p { color: red }</style><script>let a = 1</script>",
    ],
)
def test_translated_words_are_not(template):
    assert bare_words(template) == []


async def test_templates_are_compiled_when_the_crowd_is_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(templates, "BETWEEN", 0.001)
    compiled: list[str] = []
    come = 0

    def came() -> int:
        nonlocal come
        come += 100 if come < 2000 else 0
        assert len(compiled) < 2 or come >= 2000
        return come

    made = templates.Templates()
    monkeypatch.setattr(made, "env", SimpleNamespace(
        list_templates=made.env.list_templates, get_template=compiled.append
    ))  # fmt: skip
    async with asyncio.timeout(60):
        await made.prepare(came)
    assert len(compiled) > 40
    assert come == 2000


async def test_a_crowd_without_an_end_does_not_keep_templates_from_being_compiled(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(templates, "BETWEEN", 0.001)
    monkeypatch.setattr(templates, "GIVE_WAY", 0.05)
    made, people = templates.Templates(), itertools.count(0, 100)
    async with asyncio.timeout(60):
        await made.prepare(lambda: next(people))
