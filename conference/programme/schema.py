"""What a conference file may say: one struct is one table of the TOML file.

Limits that concern one value stand here as `Meta`, with the words for people in `expected`;
what concerns several values together stands in `checks`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct, field

from conference.rules.kinds import Base, ItemKind, MotionKind, Role, Rule

MOST_ROWS = 500
MOST_PEOPLE = 10_000

_LINE = r"\A(?=\s*\S)[^\x00-\x1f\x7f\u2028\u2029]+\Z"
_TEXT = r"\A(?=\s*\S)[^\x00-\x08\x0b-\x1f\x7f]+\Z"


def _words(expected: str) -> dict[str, object]:
    return {"expected": expected}


Line = Annotated[
    str,
    Meta(max_length=200, pattern=_LINE, extra=_words("one line of text, 1 to 200 characters")),
]
Label = Annotated[
    str,
    Meta(max_length=30, pattern=_LINE, extra=_words("a short label, 1 to 30 characters")),
]
Text = Annotated[
    str,
    Meta(max_length=20_000, pattern=_TEXT, extra=_words("a text, 1 to 20,000 characters")),
]
Clock = Annotated[
    str,
    Meta(
        pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z",
        extra=_words('a time of day in quotation marks, such as "09:30"'),
    ),
]
Zone = Annotated[
    str,
    Meta(
        max_length=60,
        pattern=r"\A[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*\Z",
        extra=_words('a time zone such as "Europe/London"'),
    ),
]
Link = Annotated[
    str,
    Meta(
        max_length=1000,
        pattern=r"\Ahttps?://[^\s/\x00-\x1f\x7f\"'<>]+(/[^\s\x00-\x1f\x7f\"'<>]*)?\Z",
        extra=_words("a web address that begins with https:// or http://"),
    ),
]
Key = Annotated[int, Meta(ge=1, le=999_999)]
Minutes = Annotated[int, Meta(ge=1, le=600)]
Speech = Annotated[int, Meta(ge=10, le=3600)]


class Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every table of the file has in common: no unknown keys, no later change."""


class Passage(Table, frozen=True, kw_only=True):
    """A heading with its text: one aim, or one piece of practical information."""

    title: Line
    text: Text


class Organiser(Table, frozen=True, kw_only=True):
    """Who is responsible for the conference and for the data of the people in it."""

    name: Line
    contact: Text
    purpose: Text
    complaints: Text
    retention_days: Annotated[int, Meta(ge=1, le=365)] = 14


class SpeechTimes(Table, frozen=True, kw_only=True):
    """Seconds for each kind of speech."""

    mover: Speech = 300
    seconder: Speech = 180
    other: Speech = 120


class VoteTimes(Table, frozen=True, kw_only=True):
    """Seconds of a vote, from its announcement to its close."""

    announcement: Annotated[int, Meta(ge=1, le=600)] = 15
    duration: Annotated[int, Meta(ge=5, le=3600)] = 90
    minimum: Annotated[int, Meta(ge=1, le=3600)] = 45
    countdown: Annotated[int, Meta(ge=1, le=120)] = 10
    extension: Annotated[int, Meta(ge=5, le=600)] = 30


class SettingsTable(Table, frozen=True, kw_only=True):
    """The numbers of the standing orders (procedure B9)."""

    quorum: Annotated[int, Meta(ge=1, le=MOST_PEOPLE)] = 20
    speech: SpeechTimes = field(default_factory=SpeechTimes)
    vote: VoteTimes = field(default_factory=VoteTimes)


class OrderRow(Table, frozen=True, kw_only=True):
    """One numbered standing order."""

    number: Annotated[int, Meta(ge=1, le=999)]
    title: Line
    text: Text


class SessionRow(Table, frozen=True, kw_only=True):
    """A part of the day; when there are any, every item stands inside one."""

    title: Line
    starts: Clock
    ends: Clock
    text: Text | None = None


class SlotRow(Table, frozen=True, kw_only=True):
    """One speaker's place in an item."""

    id: Key
    speaker: Line
    title: Line
    minutes: Minutes


class ItemRow(Table, frozen=True, kw_only=True):
    """One line of the agenda, in the order of the day."""

    id: Key
    number: Annotated[int, Meta(ge=1, le=999)] | None = None
    title: Line
    kind: ItemKind
    starts: Clock
    minutes: Minutes
    text: Text | None = None
    slots: Annotated[tuple[SlotRow, ...], Meta(max_length=50)] = ()


class AmendmentRow(Table, frozen=True, kw_only=True):
    """One amendment to the motion it stands under."""

    id: Key
    label: Label
    instruction: Text
    text: Text
    note: Text | None = None


class MotionRow(Table, frozen=True, kw_only=True):
    """A motion, an emergency motion, or a question that the chair puts."""

    id: Key
    item: Key
    label: Label
    title: Line
    kind: MotionKind = MotionKind.MOTION
    text: Text
    rule: Rule = Rule.SIMPLE
    base: Base = Base.CAST
    mover: Line | None = None
    seconder: Line | None = None
    requires: Key | None = None
    amendments: Annotated[tuple[AmendmentRow, ...], Meta(max_length=100)] = ()


class CandidateRow(Table, frozen=True, kw_only=True):
    """One candidate, in the order of the list."""

    id: Key
    name: Line
    woman: bool = False


class ElectionRow(Table, frozen=True, kw_only=True):
    """An election whose ballot is held outside this system."""

    item: Key
    closing_item: Key | None = None
    result_item: Key | None = None
    post: Line
    places: Annotated[int, Meta(ge=1, le=100)]
    method: Text
    link: Link
    opens: Clock
    closes: Clock
    candidates: Annotated[tuple[CandidateRow, ...], Meta(min_length=1, max_length=200)]


class PeopleRow(Table, frozen=True, kw_only=True):
    """One person, or `count` of them named by a pattern such as `Delegate {n:03}`."""

    name: Line
    count: Annotated[int, Meta(ge=1, le=MOST_PEOPLE)] = 1
    roles: Annotated[tuple[Role, ...], Meta(min_length=1, max_length=20)]


class ConferenceFile(Table, frozen=True, kw_only=True):
    """The whole file."""

    name: Line
    day: Annotated[date, Meta(extra=_words("a date without quotation marks, such as 2021-02-27"))]
    zone: Zone
    about: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=50)]
    organiser: Organiser
    items: Annotated[tuple[ItemRow, ...], Meta(min_length=1, max_length=MOST_ROWS)]
    settings: SettingsTable = field(default_factory=SettingsTable)
    aims: Annotated[tuple[Passage, ...], Meta(max_length=50)] = ()
    practical: Annotated[tuple[Passage, ...], Meta(max_length=50)] = ()
    sessions: Annotated[tuple[SessionRow, ...], Meta(max_length=20)] = ()
    standing_orders: Annotated[tuple[OrderRow, ...], Meta(max_length=MOST_ROWS)] = ()
    motions: Annotated[tuple[MotionRow, ...], Meta(max_length=MOST_ROWS)] = ()
    elections: Annotated[tuple[ElectionRow, ...], Meta(max_length=20)] = ()
    people: Annotated[tuple[PeopleRow, ...], Meta(max_length=MOST_ROWS)] = ()
