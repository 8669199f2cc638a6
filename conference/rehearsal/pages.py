"""What stands on a page: its regions, and what somebody sees of them at a moment.

Two pages that are to show the same may differ in what their scripts move by the clock: countdowns,
what is hidden at its time, the turnout, which has a message of its own. That is taken as the script
shows it, or left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

_REGION = re.compile(r'<section id="region-\w+" data-region="(\w+)".*?</section>', re.DOTALL)
_BODY = re.compile(r"<body ([^>]*)>")
_DATA = re.compile(r'data-(\w+)="([^"]*)"')
_VOID = frozenset({"input", "br", "hr", "img", "meta", "link", "wbr", "source", "col"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page as the server gave it."""

    epoch: str
    version: int
    regions: Mapping[str, str]


def read(page: str) -> Loaded | None:
    """Return the live page in this HTML; None when it is another, such as a refusal."""
    body = _BODY.search(page)
    data = dict(_DATA.findall(body[1])) if body else {}
    if not data.get("view"):
        return None
    regions = {found[1]: found[0] for found in _REGION.finditer(page)}
    return Loaded(data["epoch"], int(data["version"]), regions)


def seen(html: str, now: int, turnouts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return what this region shows at this time (milliseconds), the turnout as it was told last."""
    reader = _Reader(now, turnouts)
    reader.feed(html)
    reader.close()
    return reader.seen


class _Reader(HTMLParser):
    def __init__(self, now: int, turnouts: Mapping[str, Mapping[str, int]]) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._now = now
        self._turnouts = turnouts
        self._skipping = 0
        """How deep we are in what is not looked at."""
        self._element = False
        """Whether it is only the inside of an element that is seen."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping:
            self._skipping += tag not in _VOID
            return
        given = {name: value or "" for name, value in attrs}
        if "data-drifts" in given or int(given.get("data-until") or self._now) < self._now:
            self._skipping, self._element = 1, False
            return
        self.seen.append(f"<{tag} {sorted(given.items())}>")
        told = self._turnouts.get(given.get("data-turnout", ""))
        if told is not None or "data-countdown-to" in given:
            self._skipping, self._element = 1, True
        if told is not None:
            places = {name: str(value) for name, value in told.items()}
            self.seen.append(given.get("data-text", "").format_map(places))

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
            if self._skipping or not self._element:
                return
        if tag not in _VOID:
            self.seen.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self._skipping:
            self.seen.append(text)
