"""The single values of a conference file: their limits as `Meta`, the words for people in it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

MOST_ROWS = 500
MOST_PEOPLE = 20_000

_LINE = r"\A(?=\s*\S)[^\x00-\x1f\x7f\u2028\u2029]+\Z"
_TEXT = r"\A(?=\s*\S)[^\x00-\x08\x0b-\x1f\x7f]+\Z"


def words(expected: str) -> dict[str, object]:
    """Return what a value is called where something else was found."""
    return {"expected": expected}


Line = Annotated[
    str,
    Meta(max_length=200, pattern=_LINE, extra=words("one line of text, 1 to 200 characters")),
]
Label = Annotated[
    str,
    Meta(max_length=30, pattern=_LINE, extra=words("a short label, 1 to 30 characters")),
]
Text = Annotated[
    str,
    Meta(max_length=20_000, pattern=_TEXT, extra=words("a text, 1 to 20,000 characters")),
]
Clock = Annotated[
    str,
    Meta(
        pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z",
        extra=words('a time of day in quotation marks, such as "09:30"'),
    ),
]
Zone = Annotated[
    str,
    Meta(
        max_length=60,
        pattern=r"\A[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*\Z",
        extra=words('a time zone such as "Europe/London"'),
    ),
]
Link = Annotated[
    str,
    Meta(
        max_length=1000,
        pattern=r"\Ahttps?://[^\s/\x00-\x1f\x7f\"'<>]+(/[^\s\x00-\x1f\x7f\"'<>]*)?\Z",
        extra=words("a web address that begins with https:// or http://"),
    ),
]
Place = Annotated[
    str,
    Meta(
        max_length=1000,
        pattern=r"\A(https?://[^\s/\x00-\x1f\x7f\"'<>]+(/[^\s\x00-\x1f\x7f\"'<>]*)?|/[^\s/\x00-\x1f\x7f\"'<>][^\s\x00-\x1f\x7f\"'<>]*)\Z",
        extra=words("a web address, or a path of this conference such as /motions/1"),
    ),
]
Key = Annotated[int, Meta(ge=1, le=999_999)]
Keys = Annotated[tuple[Key, ...], Meta(max_length=100)]
Minutes = Annotated[int, Meta(ge=1, le=600)]
Slack = Annotated[int, Meta(ge=0, le=600)]
Speech = Annotated[int, Meta(ge=10, le=3600)]
Delegates = Annotated[int, Meta(ge=1, le=MOST_PEOPLE)]
Word = Annotated[
    str,
    Meta(max_length=60, pattern=_LINE, extra=words("one word in quotation marks")),
]


class Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every table of the file has in common: no unknown keys, no later change."""
