"""The chair changes the agenda on the day: what can be changed, and what would come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conference.rules import agenda, plan, timing
from conference.rules.kinds import ItemId, ItemKind, ItemState, Phase
from conference.rules.plan_problems import problems
from conference.rules.reorder import INSERTED, skippable
from conference.rules.state import Item, Meeting
from conference.rules.timing import MINUTE, Span, behind, expected, slot_views
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import agenda_log, words
from conference.web.views.agenda_log import Release
from conference.web.views.dates import whole_minute
from conference.web.views.late import behind_text, end_text
from conference.web.views.now import title_of
from conference.web.views.odd import odd_sentences


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list to choose from."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ReorderLine:
    """One item that is before conference or still to come, or that was left out."""

    id: int
    title: str
    minutes: int
    planned_at: int
    expected_at: int
    current: bool
    skipped: bool
    places: tuple[Choice, ...]
    """Before what it could be taken instead."""


@dataclass(frozen=True, slots=True)
class ReorderView:
    """The region `reorder`."""

    step: int
    zone: str
    open: bool
    acting: bool
    behind: str
    end: str
    end_at: int
    lines: tuple[ReorderLine, ...]
    places: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    undo: int
    """The version that can be taken back; 0 for none."""
    latest: Release | None


def reorder_view(site: Site, *, acting: bool) -> ReorderView:
    """Return the chair's page about the agenda, the same for everybody who acts or watches."""
    meeting, now = site.meeting, site.now()
    spans = expected(meeting, now)
    rows = [i for i in agenda.in_order(meeting) if _can_change(i)]
    coming = [i for i in rows if i.state is ItemState.PLANNED]
    versions = plan.released(meeting)
    opened_at = meeting.conference.opened_at
    of_today = [v for v in versions if opened_at and (v.released_at or 0) >= opened_at]
    return ReorderView(
        step=meeting.conference.step,
        zone=meeting.conference.zone,
        open=meeting.conference.phase is Phase.OPEN,
        acting=acting,
        behind=behind_text(behind(meeting, now)),
        end=end_text(meeting, now),
        end_at=whole_minute(timing.expected_end(meeting, now)),
        lines=tuple(_line(row, spans, coming) for row in rows),
        places=_places(coming),
        kinds=_kinds(),
        undo=of_today[-1].id if of_today and of_today[-1].follows is not None else 0,
        latest=agenda_log.latest(meeting),
    )


@dataclass(frozen=True, slots=True)
class OrderChanges:
    """What the chair can change from the panel, and by the command line: looked at first, as ever."""

    movable: tuple[Choice, ...]
    places: tuple[Choice, ...]
    lengths: tuple[Choice, ...]
    """Whose minutes can be changed: what is before conference, too."""
    skippable: tuple[Choice, ...]
    kinds: tuple[Choice, ...]


def order_changes(site: Site) -> OrderChanges:
    """Return what can be moved, made shorter or longer, left out, and put in."""
    meeting = site.meeting
    rows = [i for i in agenda.in_order(meeting) if _can_change(i) and not agenda.is_skipped(i)]
    coming = [i for i in rows if i.state is ItemState.PLANNED]
    return OrderChanges(
        movable=_named(coming) if len(coming) > 1 else (),
        places=_places(coming),
        lengths=_named(rows),
        skippable=_named([i for i in coming if skippable(meeting, i.id) is None]),
        kinds=_kinds(),
    )


def _named(rows: list[Item]) -> tuple[Choice, ...]:
    return tuple(Choice(str(row.id), title_of(row)) for row in rows)


def _kinds() -> tuple[Choice, ...]:
    return tuple(Choice(kind, _(words.KINDS[kind])) for kind in ItemKind if kind in INSERTED)


def _can_change(item: Item) -> bool:
    if item.kind is ItemKind.DOORS:
        return False
    return item.state is not ItemState.DONE or agenda.is_skipped(item)


def _line(row: Item, spans: Mapping[ItemId, Span], coming: list[Item]) -> ReorderLine:
    after = coming[coming.index(row) + 1 :] if row in coming else []
    following = after[0].id if after else None
    others = [x for x in coming if x.id not in {row.id, following}]
    return ReorderLine(
        id=row.id,
        title=title_of(row),
        minutes=row.minutes,
        planned_at=row.starts_at,
        expected_at=whole_minute(spans[row.id].start),
        current=row.state is ItemState.CALLED,
        skipped=agenda.is_skipped(row),
        places=_places(others, last=bool(after)) if row in coming else (),
    )


def _places(coming: list[Item], *, last: bool = True) -> tuple[Choice, ...]:
    found = [Choice(str(x.id), _("before %(title)s") % {"title": title_of(x)}) for x in coming]
    return (*found, Choice("0", _("at the end"))) if last else tuple(found)


@dataclass(frozen=True, slots=True)
class Moved:
    """An item or a speaker whose time would be another. 0: not in the programme, before or after."""

    title: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a change."""

    step: int
    zone: str
    fields: tuple[tuple[str, str], ...]
    changes: tuple[str, ...]
    items: tuple[Moved, ...]
    speakers: tuple[Moved, ...]
    odd: tuple[str, ...]
    end: str


def preview(site: Site, after: Meeting, fields: tuple[tuple[str, str], ...]) -> Preview:
    """Return the new times of everything that moves, who speaks there, and what would not fit."""
    meeting, now = site.meeting, site.now()
    old, new = plan.plan_of(meeting), plan.plan_of(after)
    zone = meeting.conference.zone
    fresh = set(problems(new)) - set(problems(old))
    end = end_text(after, now)
    return Preview(
        step=meeting.conference.step,
        zone=zone,
        fields=fields,
        changes=agenda_log.lines(old, new, zone),
        items=_moved(_items(meeting, now), _items(after, now)),
        speakers=_moved(_speakers(meeting, now), _speakers(after, now)),
        odd=odd_sentences(new, (one for one in problems(new) if one in fresh)),
        end=end if end != end_text(meeting, now) else "",
    )


Times = Mapping[tuple[int, str], int]


def _items(meeting: Meeting, now: int) -> Times:
    spans = expected(meeting, now)
    return {(i.id, title_of(i)): spans[i.id].start for i in agenda.coming(meeting)}


def _speakers(meeting: Meeting, now: int) -> Times:
    coming = {item.id for item in agenda.coming(meeting)}
    return {
        (view.slot.id, view.slot.name): view.expected_at
        for view in slot_views(meeting, now).values()
        if view.turn is None and view.slot.item in coming
    }


def _moved(before: Times, after: Times) -> tuple[Moved, ...]:
    keys = sorted({**before, **after}, key=lambda key: after.get(key, before.get(key, 0)))
    found = (
        Moved(key[1], whole_minute(before.get(key, 0)), whole_minute(after.get(key, 0)))
        for key in keys
        if abs(before.get(key, 0) - after.get(key, 0)) >= MINUTE
    )
    return tuple(found)
