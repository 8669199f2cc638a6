"""Turns typst source on standard input into a PDF on standard output, in a process of its own.

Started by `pdf.py` by its path, with nothing of ours imported: whatever becomes of it, the server
that counts votes goes on. The only argument is the moment of the document in seconds since 1970.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile

import typst

SECONDS = 20
MEMORY = 4 << 30
"""Addresses, not pages in use: the compiler itself and its threads reserve most of it."""


def main() -> int:
    """Write the PDF, for PDF/UA-1 where the text allows it: 0; 1 when there is none."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(10)  # a paper can wait for a ballot
    source, moment = sys.stdin.buffer.read(), int(sys.argv[1])
    # An empty folder to read from, and one to find packages in: the document reaches nothing else.
    with tempfile.TemporaryDirectory() as empty:
        made = _compiled(source, moment, empty, ["ua-1"]) or _compiled(source, moment, empty, [])
    if not made:
        return 1
    sys.stdout.buffer.write(made)
    return 0


def _compiled(
    source: bytes, moment: int, empty: str, standards: list[typst.PDFStandard]
) -> bytes | None:
    """Return the PDF; None when it cannot be made so, such as with a sign that no font has."""
    compiler = typst.Compiler(
        root=empty,
        package_path=empty,
        package_cache_path=empty,
        ignore_system_fonts=True,
    )
    try:
        made = compiler.compile(source, format="pdf", pdf_standards=standards, timestamp=moment)
    except typst.TypstError:
        return None
    return made if isinstance(made, bytes) else None


if __name__ == "__main__":
    sys.exit(main())
