"""The writers: structure kept, texts of people verbatim, equal documents equal bytes."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pypdf
import pytest
from pypdf.generic import DictionaryObject

from conference.papers import pdf as pdf_module
from conference.papers.document import Heading, Paragraph, Quote, Table, plain
from conference.papers.markdown import escape, markdown
from conference.papers.pdf import NotMade, literal, pdf, source
from conference.papers.shelf import Shelf
from conference.web.templates import Templates
from tests.papers.samples import NASTY, VERSION, block_of, document, everything


def squeezed(text: str) -> str:
    """Without white space: where a line or page ends is no matter of the text."""
    return "".join(text.split())


# --- PDF ------------------------------------------------------------------------------------------


def read(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def words(reader: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def tags(node) -> list:
    """The tags of the structure tree, nested: `["P", ...]`."""
    node = node.get_object()
    if not isinstance(node, DictionaryObject):
        return []
    kids = node.get("/K", [])
    kids = kids.get_object() if not isinstance(kids, list) else kids
    kids = kids if isinstance(kids, list) else [kids]
    found = [tags(kid) for kid in kids if not isinstance(kid, int)]
    inner = [one for one in found if one]
    return [str(node["/S"])[1:], *inner] if "/S" in node else [x for one in inner for x in one]


def flat(tree: list) -> list[str]:
    return [x for one in tree for x in (flat(one) if isinstance(one, list) else [one])]


@pytest.fixture(scope="module")
async def made() -> bytes:
    return await pdf(everything())


async def test_a_pdf_says_what_it_is(made):
    reader = read(made)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Minutes: A conference"
    assert reader.metadata.author == "A conference"
    assert reader.metadata["/CreationDate"].startswith("D:20210227100000")
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


async def test_a_pdf_is_tagged(made):
    tree = tags(read(made).trailer["/Root"]["/StructTreeRoot"])
    found = flat(tree)
    assert [t for t in found if re.fullmatch(r"Title|H\d", t)] == ["Title", "H1", "H2", "H1"]
    assert found.count("Table") == 1
    assert found.count("THead") == 1
    assert found.count("TH") == 3
    assert found.count("TD") == 6
    assert found.count("LI") == 4
    assert found.count("BlockQuote") == 3
    assert "Caption" in found


async def test_a_pdf_numbers_its_pages_and_says_its_version():
    long = document(*(Paragraph(plain(f"Paragraph {n}. " + "word " * 80)) for n in range(30)))
    pages = [page.extract_text() for page in read(await pdf(long)).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert VERSION in page


async def test_a_change_is_said_in_words(made):
    text = " ".join(words(read(made)).split())
    assert "We want [deleted: that] [inserted: this]; now." in text


async def test_every_font_stands_in_the_pdf(made):
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in read(made).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)
    assert all("Libertinus" in font["/FontName"] for font in fonts)


async def test_equal_documents_give_equal_bytes(made):
    assert await pdf(everything()) == made
    assert await pdf(replace(everything(), made_at=everything().made_at + 60_000)) != made


@pytest.mark.parametrize("text", NASTY)
async def test_what_people_write_is_text_in_a_pdf(text):
    found = words(read(await pdf(document(*block_of(text), title=text, subtitle=text))))
    # Title, subtitle and eleven places in the blocks.
    assert squeezed(found).count(squeezed(text)) >= 13, found


async def test_a_line_stays_a_line_in_a_pdf():
    found = words(read(await pdf(document(Quote(("one\n= two\ntwenty",))))))
    assert "one\n= two\ntwenty" in found


@pytest.mark.parametrize("text", ["😀", "漢字", "a\x00b\x07c", "\ud800", "￾", "\u202eabc"])
async def test_a_sign_that_no_font_has_costs_no_paper(text):
    reader = read(await pdf(document(Paragraph(plain(f"before {text} after")))))
    assert re.search(r"before.*after", words(reader), re.DOTALL)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_literal_ends_where_it_should():
    assert literal('a"b\\c\nd\te') == '"a\\"b\\\\c\\nd e"'
    assert literal("x\x00\x1b\ud800y") == '"xy"'


def test_the_source_holds_texts_in_literals_only():
    made = source(document(*block_of("SECRET")))
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", made)
    assert "SECRET" in made
    assert "SECRET" not in outside


async def test_a_paper_that_is_too_large_is_not_made(monkeypatch):
    monkeypatch.setattr(pdf_module, "LARGEST", 10)
    with pytest.raises(NotMade):
        await pdf(everything())


@pytest.mark.parametrize(
    "script",
    ["import time; time.sleep(60)", "raise SystemExit(1)", "import os; os.abort()"],
)
async def test_a_compiler_that_hangs_or_dies_ends_only_itself(script, tmp_path, monkeypatch):
    path = tmp_path / "typeset.py"
    path.write_text(script)
    monkeypatch.setattr(pdf_module, "TYPESET", path)
    monkeypatch.setattr(pdf_module, "SECONDS", 1)
    with pytest.raises(NotMade):
        await pdf(everything())


# --- Markdown -------------------------------------------------------------------------------------

PUNCTUATION = re.compile(r"\\([!-/:-@\[-`{-~])")


def unescaped(text: str) -> str:
    return PUNCTUATION.sub(r"\1", text)


def test_markdown_reads_well():
    text = markdown(everything())
    assert text.startswith(f"# Minutes\n\nA conference\n\n{VERSION}\n\n## Decisions\n\nResults\n\n")
    assert "| Motion | Result | For |\n| --- | --- | ---: |\n| One | Carried | 12 |" in text
    assert "### Motion 1\n\n**Carried.** For 12.\n\nA note.\n\n- one\n- two\n\n" in text
    assert "> First paragraph.\n>\n> Second paragraph.\n\n" in text
    assert "> We want \\[deleted: ~~that~~\\] \\[inserted: **this**\\]; now.\n\n---\n" in text
    assert text.endswith("- **10:00** The chair opened.\n- **10:05** A vote.\n\n  > The text.\n")


@pytest.mark.parametrize("text", NASTY)
def test_what_people_write_is_text_in_markdown(text):
    made = escape(text)
    assert unescaped(made) == text
    left = PUNCTUATION.sub("•", made)
    assert not re.search(r"[\\`*_\[\]{}<>&#$~|^@]", left), made
    assert not re.match(r"[-+=]|\d+[.)]", left)
    whole = unescaped(markdown(document(*block_of(text), title=text, subtitle=text)))
    assert squeezed(whole).count(squeezed(text)) >= 13


def test_lines_stay_lines_in_markdown():
    assert escape("one\n= two\n\n    three") == "one\\\n\\= two\\\nthree"
    table = Table("", ("a\nb",), (("c\nd | e",),))
    assert "| a b |\n| --- |\n| c d \\| e |" in markdown(document(table))
    assert "## one two\n" in markdown(document(Heading(1, "one\ntwo")))


# --- HTML -----------------------------------------------------------------------------------------

MACRO = '{% from "parts/document.html" import document %}{{ document(doc) }}'


def html(doc) -> str:
    return Templates().env.from_string(MACRO).render(doc=doc)


class Reader(HTMLParser):
    """Collects the text of a page and the names of its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.names: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        assert not [name for name, _value in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.text.append(data)


def parsed(doc) -> Reader:
    reader = Reader()
    reader.feed(html(doc))
    reader.close()
    return reader


def test_html_has_its_elements():
    names = parsed(everything()).names
    assert [name for name in names if re.fullmatch(r"h\d", name)] == ["h1", "h2", "h3", "h2"]
    for name in ("article", "table", "caption", "thead", "ul", "ol", "blockquote", "ins", "del"):
        assert name in names, name
    assert names.count("th") == 3
    assert names.count("time") == 2
    assert '<th scope="col" class="number">For</th>' in html(everything())


def test_a_change_is_said_in_words_in_html():
    text = " ".join("".join(parsed(everything()).text).split())
    assert "We want deleted: that inserted: this; now." in text


@pytest.mark.parametrize("text", NASTY)
def test_what_people_write_is_text_in_html(text):
    doc = document(*block_of(text), title=text, subtitle=text)
    reader = parsed(doc)
    assert squeezed("".join(reader.text)).count(squeezed(text)) >= 13
    assert set(reader.names).isdisjoint({"script", "b", "a", "img"})


# --- the shelf ------------------------------------------------------------------------------------


async def test_a_copy_is_made_once_and_again_when_its_key_changes(monkeypatch):
    made = []

    async def counted(doc):
        made.append(doc)
        return b"PDF"

    monkeypatch.setattr("conference.papers.shelf.pdf", counted)
    shelf = Shelf()
    first = shelf.take("minutes", (1,), everything)
    assert shelf.take("minutes", (1,), everything) is first
    assert [await shelf.pdf(first), await shelf.pdf(first)] == [b"PDF", b"PDF"]
    assert len(made) == 1
    other = shelf.take("minutes", (2,), lambda: document(Heading(1, "x")))
    assert other.tag != first.tag
    await shelf.pdf(other)
    assert len(made) == 2


async def test_what_could_not_be_made_is_not_tried_again(monkeypatch):
    tried = []

    async def fails(doc):
        tried.append(doc)
        raise NotMade

    monkeypatch.setattr("conference.papers.shelf.pdf", fails)
    shelf = Shelf()
    copy = shelf.take("minutes", (1,), everything)
    for _ in range(2):
        with pytest.raises(NotMade):
            await shelf.pdf(copy)
    assert len(tried) == 1
