"""The editor's pages: the draft with what does not fit together, and one item to be typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conference.rules import drafting, plan
from conference.rules.kinds import ItemId, ItemKind, Phase
from conference.rules.plan_problems import Problem, problems, used
from conference.rules.planned import Plan, PlannedItem
from conference.rules.state import Meeting
from conference.web.site import Site
from conference.web.templates import clock_time
from conference.web.text import gettext as _
from conference.web.views import agenda_log, words
from conference.web.views.odd import odd_sentence, odd_sentences
from conference.web.views.reorder import Choice


@dataclass(frozen=True, slots=True)
class EditLine:
    """One item of the draft. `up` and `down` are before which item it would stand then; 0: last."""

    id: int
    title: str
    starts: str
    minutes: int
    ends: str
    kind: str
    room: str
    speakers: tuple[str, ...]
    odd: tuple[str, ...]
    up: int | None
    down: int | None
    """None: it stands at that end already."""
    used: bool
    """Whether motions or an election need it, so that it cannot be removed."""


@dataclass(frozen=True, slots=True)
class EditView:
    """The region `edit`."""

    open: bool
    zone: str
    base: int
    draft: bool
    changes: tuple[str, ...]
    odd: tuple[str, ...]
    lines: tuple[EditLine, ...]
    sessions: str
    undo: int
    """The version that can be taken back; 0 for none."""
    announce: str


@dataclass(frozen=True, slots=True)
class OddPage:
    """What does not fit together, before it is saved all the same."""

    action: str
    fields: tuple[tuple[str, str], ...]
    odd: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item to be typed: each field as text, and a sentence for each that was wrong."""

    heading: str
    action: str
    base: int
    values: Mapping[str, str]
    wrong: Mapping[str, str]
    kinds: tuple[Choice, ...]
    places: tuple[Choice, ...]
    """Before which item a new one can stand; empty for one that is there already."""


def edit_view(site: Site) -> EditView:
    """Return the draft or, without one, what is released, ready to be edited."""
    meeting = site.meeting
    of = drafting.shown(meeting)
    found = problems(of)
    draft = meeting.conference.draft
    latest = plan.latest(meeting)
    goes_back = latest is not None and (
        draft is not None or meeting.versions[latest].follows is not None
    )
    said = agenda_log.lines(plan.plan_of(meeting), of, meeting.conference.zone)
    return EditView(
        open=meeting.conference.phase is not Phase.BEFORE,
        zone=meeting.conference.zone,
        base=latest or 0,
        draft=draft is not None,
        changes=said,
        odd=odd_sentences(of, found),
        lines=tuple(_line(meeting, of, n, found) for n in range(len(of.items))),
        sessions=sessions_text(of, meeting.conference.zone),
        undo=(latest or 0) if goes_back else 0,
        announce=said[-1] if said else "",
    )


def _line(meeting: Meeting, of: Plan, place: int, found: tuple[Problem, ...]) -> EditLine:
    row, zone = of.items[place], meeting.conference.zone
    following = of.items[place + 2].id if place + 2 < len(of.items) else 0
    return EditLine(
        id=row.id,
        title=row.title if row.number is None else f"{row.number}. {row.title}",
        starts=clock_time(row.starts_at, zone),
        minutes=row.minutes,
        ends=clock_time(row.ends_at, zone),
        kind=_(words.KINDS[row.kind]),
        room=row.room,
        speakers=tuple(slot.name for slot in row.slots),
        odd=tuple(odd_sentence(of, one) for one in found if one.item == row.id),
        up=of.items[place - 1].id if place else None,
        down=following if place + 1 < len(of.items) else None,
        used=row.id in used(meeting),
    )


def sessions_text(of: Plan, zone: str) -> str:
    """Return the parts of the day as they are typed."""
    return "\n".join(
        " | ".join(
            part
            for part in (
                clock_time(row.starts_at, zone),
                clock_time(row.ends_at, zone),
                row.title,
                " ".join(row.text.split()),
            )
            if part
        )
        for row in of.sessions
    )


def item_page(
    site: Site,
    number: ItemId,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> ItemPage:
    """Return one item to be typed; with `typed`, as it was typed last. 0: a new one."""
    meeting = site.meeting
    of = drafting.shown(meeting)
    row = next((one for one in of.items if one.id == number), None)
    if row is None:
        blank = new_item_page(site)
        values = {**blank.values, **(typed or {})}
        return _page(site, blank.heading, "/agenda/edit/items", values, wrong, of)
    values = {**_values(row, meeting.conference.zone), **(typed or {})}
    action = f"/agenda/edit/items/{row.id}"
    return _page(site, _("Edit: %(title)s") % {"title": row.title}, action, values, wrong, None)


def new_item_page(site: Site) -> ItemPage:
    """Return an empty item to be typed, planned after the last one."""
    meeting = site.meeting
    of = drafting.shown(meeting)
    last = of.items[-1].ends_at if of.items else 0
    blank = PlannedItem(ItemId(0), None, "", ItemKind.CHAIR, last, 10)
    values = _values(blank, meeting.conference.zone)
    return _page(site, _("Add an item"), "/agenda/edit/items", values, None, of)


def _page(
    site: Site,
    heading: str,
    action: str,
    values: Mapping[str, str],
    wrong: Mapping[str, str] | None,
    places: Plan | None,
) -> ItemPage:
    found = (
        [Choice(str(x.id), _("before %(title)s") % {"title": x.title}) for x in places.items]
        if places is not None
        else []
    )
    return ItemPage(
        heading=heading,
        action=action,
        base=plan.latest(site.meeting) or 0,
        values=values,
        wrong=wrong or {},
        kinds=tuple(Choice(kind, _(words.KINDS[kind])) for kind in ItemKind),
        places=(*found, Choice("0", _("at the end"))) if places is not None else (),
    )


def _values(row: PlannedItem, zone: str) -> dict[str, str]:
    return {
        "title": row.title,
        "kind": row.kind,
        "number": "" if row.number is None else str(row.number),
        "starts": clock_time(row.starts_at, zone),
        "minutes": str(row.minutes),
        "slack": str(row.slack),
        "room": row.room,
        "text": row.text,
        "people": "\n".join(row.people),
        "papers": "\n".join(f"{paper.title} | {paper.link}" for paper in row.papers),
        "slots": "\n".join(
            " | ".join(part for part in (s.name, str(s.minutes), s.title) if part)
            for s in row.slots
        ),
        "guillotine": "yes" if row.guillotine else "",
        "before": "0",
    }
