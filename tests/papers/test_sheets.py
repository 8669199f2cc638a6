"""Tables: what comes in is text, what goes out is never a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.papers import sheets
from conference.papers.sheets import SheetError

NASTY = st.text(
    st.one_of(
        st.sampled_from("=+-@\t\r\n\0 '\"\uff1d\uff0b,;|\u00a0\u200b\u2028"),
        st.characters(codec="utf-8"),
    ),
    max_size=12,
)
ROWS = st.lists(st.lists(NASTY, min_size=2, max_size=2), max_size=6)


def dangerous(cell: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula: this test's own judgement."""
    begins = cell.lstrip(" \t\r\n\0\u00a0\u2028\u200b")[:1]
    return begins in set("=+-@\uff1d\uff0b\uff0d\uff20") and not cell.startswith("'")


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_no_cell_of_a_csv_is_a_formula(rows):
    text = sheets.write_csv(["a", "b"], rows)
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert len(back) == len(rows) + 1  # one row stays one row
    assert not [cell for row in back for cell in row if dangerous(cell)]


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_no_cell_of_an_xlsx_is_a_formula(rows):
    content = sheets.write_xlsx(["a", "b"], rows)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<f " not in sheet
        assert "hyperlink" not in sheet
        kinds = re.findall(r"<c [^>]*?(?: t=\"(\w+)\")?/?>", sheet)
        assert set(kinds) <= {"s", "inlineStr"}
    for row in sheets.read(content)[1:]:
        assert not [cell for cell in row if dangerous(cell)]


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@a", " =1", "\t=1", "\r=1", "\0=1", "＝1"])
def test_what_could_be_a_formula_is_a_text(cell):
    assert sheets.safe(cell).startswith("'")
    assert not dangerous(sheets.safe(cell))


@pytest.mark.parametrize("cell", ["Ash", "a=b", "https://x.example/l/a-b", "'=1", ""])
def test_everything_else_stays_as_it_is(cell):
    assert sheets.safe(cell) == cell


@pytest.mark.parametrize(
    "content",
    [
        b"name,email\nAsh,a@one.example\n",
        b"\xef\xbb\xbfname;email\r\nAsh;a@one.example\r\n\r\n",
        b"name\temail\nAsh\ta@one.example",
        b'name,email\n"  Ash ",a@one.example,,\n',
    ],
)
def test_every_usual_csv_is_read(content):
    assert sheets.read(content) == [["name", "email"], ["Ash", "a@one.example"]]


def test_a_csv_of_windows_is_read():
    assert sheets.read("name\nZoë\n".encode("cp1252")) == [["name"], ["Zoë"]]


def test_an_xlsx_is_read_as_text():
    content = sheets.write_xlsx(["name", "email"], [["Ash", "a@one.example"], ["7", ""]])
    assert sheets.read(content) == [["name", "email"], ["Ash", "a@one.example"], ["7"]]


def packed_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MOST_BYTES + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\x00\x01\x02", b"PK\x03\x04nothing", b"a" * 501, b'a,"b\n', b"x\n" * 10_002],
)
def test_what_is_no_table_is_refused_in_a_sentence(content):
    with pytest.raises(SheetError, match=r"\.$"):
        sheets.read(content)


def test_a_file_that_unpacks_without_end_is_refused():
    with pytest.raises(SheetError, match="larger inside"):
        sheets.read(packed_bomb())
