"""What a conference file may say: one struct is one table of the TOML file.

Limits that concern one value stand in `values` as `Meta`, with the words for people in `expected`;
what concerns several values together stands in `checks`. `[settings]` stands in `setting_tables`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from conference.programme.setting_tables import SettingsTable
from conference.programme.values import (
    MOST_PEOPLE,
    MOST_ROWS,
    Clock,
    Key,
    Keys,
    Label,
    Line,
    Link,
    Minutes,
    Place,
    Slack,
    Speech,
    Table,
    Text,
    Zone,
    words,
)
from conference.rules.kinds import Action, Base, Governs, ItemKind, MotionKind, Role, Rule


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
    challenge_days: Annotated[int, Meta(ge=1, le=365)] | None = None
    """How long after the close of the conference the bundles of its votes are published."""


class RegistrationTable(Table, frozen=True, kw_only=True):
    """What the form asks, and how many can be accepted."""

    belongs: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    """The network's own list of how people belong; empty: one free line."""
    keep_belongs: bool = False
    """Whether that is kept once the registrar has decided."""
    places: Annotated[int, Meta(ge=1, le=MOST_PEOPLE)] | None = None


class OrderRow(Table, frozen=True, kw_only=True):
    """One numbered standing order."""

    number: Annotated[int, Meta(ge=1, le=999)]
    title: Line
    text: Text
    governs: tuple[Governs, ...] = ()
    """What is suspended with this number."""


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


class PaperRow(Table, frozen=True, kw_only=True):
    """A document to read for an item."""

    title: Line
    link: Place


class ItemRow(Table, frozen=True, kw_only=True):
    """One line of the agenda, in the order of the day."""

    id: Key
    number: Annotated[int, Meta(ge=1, le=999)] | None = None
    title: Line
    kind: ItemKind
    starts: Clock
    minutes: Minutes
    text: Text | None = None
    guillotine: bool = False
    slack: Slack = 0
    """Minutes of its minutes that nothing is planned for."""
    room: Line | None = None
    people: Annotated[tuple[Line, ...], Meta(max_length=50)] = ()
    """Published names of those who have a part in it without a slot."""
    papers: Annotated[tuple[PaperRow, ...], Meta(max_length=20)] = ()
    slots: Annotated[tuple[SlotRow, ...], Meta(max_length=50)] = ()


class AmendmentRow(Table, frozen=True, kw_only=True):
    """One amendment to the motion it stands under."""

    id: Key
    label: Label
    action: Action
    paragraph: Annotated[int, Meta(ge=0, le=999)] | None = None
    words: Text | None = None
    text: Text | None = None
    instruction: Text | None = None
    """What it does, in words; written from the keys above when it is missing."""
    note: Text | None = None
    mover: Line | None = None
    seconder: Line | None = None
    received: Annotated[int, Meta(ge=1, le=9999)] | None = None
    falls_if: Keys = ()
    accepted: bool = False
    amends: Key | None = None


class MotionRow(Table, frozen=True, kw_only=True):
    """A motion, an emergency motion, a report, or a question that the chair puts."""

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
    falls_if: Keys = ()
    speech: Speech | None = None
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
    day: Annotated[date, Meta(extra=words("a date without quotation marks, such as 2021-02-27"))]
    zone: Zone
    about: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=50)]
    organiser: Organiser
    items: Annotated[tuple[ItemRow, ...], Meta(min_length=1, max_length=MOST_ROWS)]
    settings: SettingsTable = field(default_factory=SettingsTable)
    registration: RegistrationTable = field(default_factory=RegistrationTable)
    aims: Annotated[tuple[Passage, ...], Meta(max_length=50)] = ()
    practical: Annotated[tuple[Passage, ...], Meta(max_length=50)] = ()
    sessions: Annotated[tuple[SessionRow, ...], Meta(max_length=20)] = ()
    standing_orders: Annotated[tuple[OrderRow, ...], Meta(max_length=MOST_ROWS)] = ()
    motions: Annotated[tuple[MotionRow, ...], Meta(max_length=MOST_ROWS)] = ()
    elections: Annotated[tuple[ElectionRow, ...], Meta(max_length=20)] = ()
    people: Annotated[tuple[PeopleRow, ...], Meta(max_length=MOST_ROWS)] = ()
