"""What in the programme is one's own: slots, motions that one moves or seconds."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import agenda
from conference.rules.kinds import ItemId, PersonId
from conference.rules.state import Item, Meeting
from conference.rules.timing import SlotState, SlotView, slot_views
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views.dates import whole_minute
from conference.web.views.now import title_of


@dataclass(frozen=True, slots=True)
class MineLine:
    """One item of one's own: why, and when. Times are 0 where there is none to tell."""

    item: int
    title: str
    why: str
    planned_at: int
    expected_at: int
    earliest_at: int


@dataclass(frozen=True, slots=True)
class MineView:
    """The region `mine`: empty for whoever has no part of their own."""

    zone: str
    lines: tuple[MineLine, ...]
    speaks: bool


def mine_view(site: Site, person: PersonId) -> MineView:
    """Return this person's own items, in the order of the programme."""
    meeting = site.meeting
    views = [v for v in slot_views(meeting, site.now()).values() if v.slot.person == person]
    lines = [_slot(meeting, view) for view in views]
    for motion in meeting.motions.values():
        item = meeting.items[motion.item]
        if person in {motion.mover, motion.seconder}:
            moves = motion.mover == person
            why = _("you move %(label)s") if moves else _("you second %(label)s")
            lines.append(_line(item, why % {"label": motion.label}))
    order = {item.id: n for n, item in enumerate(agenda.in_order(meeting))}
    lines.sort(key=lambda line: (order[ItemId(line.item)], line.planned_at))
    return MineView(meeting.conference.zone, tuple(lines), bool(views))


def _line(item: Item, why: str) -> MineLine:
    return MineLine(item.id, title_of(item), why, item.starts_at, 0, 0)


def _slot(meeting: Meeting, view: SlotView) -> MineLine:
    item = meeting.items[view.slot.item]
    coming = view.state in {SlotState.WAITING, SlotState.NEXT}
    runs = meeting.conference.opened_at is not None
    return MineLine(
        item=item.id,
        title=title_of(item),
        why=_("you speak"),
        planned_at=view.planned_at,
        expected_at=whole_minute(view.expected_at) if coming and runs else 0,
        earliest_at=whole_minute(view.earliest_at) if coming and runs else 0,
    )
