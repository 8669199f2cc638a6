"""docs/protocol.md names every view and its regions, from the code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from conference.web.regions import VIEWS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
NOTES = {"office": " (the registrar's page, for an organiser who is not registrar)"}


def names(some: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in some)


def views() -> Iterator[str]:
    yield "| view | regions for all in it | of these crowd | personal |"
    yield "| --- | --- | --- | --- |"
    for name, view in VIEWS.items():
        crowd = [region for region in view.shared if region in view.crowd]
        cells = (names(view.shared), names(crowd), names(view.personal))
        yield f"| `{name}`{NOTES.get(name, '')} | {' | '.join(cells)} |"


def written(text: str) -> str:
    block = "\n".join(["<!-- views -->", *views(), "<!-- end of views -->"])
    return re.sub(
        r"<!-- views -->.*<!-- end of views -->", lambda _match: block, text, flags=re.DOTALL
    )


def test_the_table_of_views_is_true():
    text = PAGE.read_text(encoding="utf-8")
    assert "<!-- views -->" in text
    assert written(text) == text, "run: python -m tests.docs.test_views"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
