"""Tables in and out: CSV and XLSX read as text, and written so that no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

MOST_ROWS = 10_001
"""With the head."""
MOST_COLUMNS = 30
MOST_SIGNS = 500
"""In one cell."""
MOST_BYTES = 40 * 1024 * 1024
"""What an XLSX may unpack to: a small file can hold an endless one."""
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, in plain and in full width."""
XLSX = b"PK\x03\x04"


class SheetError(Exception):
    """A file that cannot be read as a table; the text says why, for people."""


def read(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV or XLSX file (its first sheet) as texts, empty rows left out.

    Raises SheetError for what is neither, and for more than can be taken. A formula arrives as the
    value it had when the file was saved.
    """
    rows = _read_xlsx(content) if content.startswith(XLSX) else _read_csv(content)
    found: list[list[str]] = []
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS or any(len(cell) > MOST_SIGNS for cell in cells):
            raise SheetError(f"Row {len(found) + 1} is too long to be a row of people.")
        found.append(cells)
        if len(found) > MOST_ROWS:
            raise SheetError(f"The file has more than {MOST_ROWS - 1:,} rows.")
    if not found:
        raise SheetError("There is nothing in this file.")
    return found


def _read_csv(content: bytes) -> Iterable[list[str]]:
    if b"\0" in content[:4096]:
        raise SheetError("This is neither CSV nor XLSX. Save the table as one of these two.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what spreadsheets on Windows write
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SheetError(f"This CSV cannot be read: {error}.") from error


def _read_xlsx(content: bytes) -> Iterable[list[str]]:
    # Imported here: only whoever imports a table needs it.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise SheetError("This file is larger inside than a table of people can be.")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(nrows=MOST_ROWS + 1)
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError) as error:
        raise SheetError("This XLSX cannot be read. Save it again, or save it as CSV.") from error
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def safe(cell: object) -> str:
    """Return the cell as text that no spreadsheet takes for a formula or for more than one cell."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(cell))
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a CSV of texts with a head, lines ended by a line feed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def write_xlsx(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return an XLSX with one sheet of texts: every cell is a string, none a formula or a link."""
    import xlsxwriter  # noqa: PLC0415  (as above)

    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, plain)
    sheet = book.add_worksheet()
    for place, row in enumerate([list(head), *([safe(cell) for cell in row] for row in rows)]):
        for column, cell in enumerate(row):
            sheet.write_string(place, column, cell)
    book.close()
    return out.getvalue()
