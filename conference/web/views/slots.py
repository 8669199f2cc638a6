"""A speaker's own slots: when they come, how many come before, and the time left."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import ItemState, PersonId, Phase
from conference.rules.state import Meeting
from conference.rules.timing import MINUTE, SlotState, SlotView, slot_views
from conference.web.site import Site
from conference.web.templates import clock_time
from conference.web.text import gettext as _
from conference.web.text import ngettext
from conference.web.views.now import current_turn, title_of

COARSE = 5 * MINUTE
"""An expected time drifts with every minute; it is spoken anew only when it moves by this much."""


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One slot as its speaker reads it."""

    id: int
    item: str
    title: str
    minutes: int
    planned_at: int
    expected_at: int | None
    """None when it has passed, or when the time is no expectation any more."""
    began_at: int | None
    ends_at: int | None
    """Until when the speaker has the floor; None while they have not."""
    sentence: str
    detail: str
    has_news: bool
    announce: str


@dataclass(frozen=True, slots=True)
class SlotsView:
    """The region `slots`."""

    zone: str
    now: int
    slots: tuple[SlotLine, ...]


def slots_view(site: Site, person: PersonId) -> SlotsView:
    """Return this speaker's slots in the order of the programme."""
    meeting, now = site.meeting, site.now()
    mine = [v for v in slot_views(meeting, now).values() if v.slot.person == person]
    mine.sort(key=lambda v: (meeting.items[v.slot.item].position, v.slot.position))
    lines = tuple(_line(site, view, now) for view in mine)
    return SlotsView(meeting.conference.zone, now, lines)


def _line(site: Site, view: SlotView, now: int) -> SlotLine:
    meeting, slot, turn = site.meeting, view.slot, view.turn
    sentence = slot_sentence(meeting, view)
    coming = view.state in {SlotState.WAITING, SlotState.NEXT}
    ends_at = turn.started_at + turn.seconds * 1000 if turn else None
    on = view.state is SlotState.ON and ends_at is not None
    detail = _("Your time is up. Please close.") if on and now >= (ends_at or 0) else ""
    if view.state is not SlotState.ON:
        detail = _detail(site, view)
    return SlotLine(
        id=slot.id,
        item=title_of(meeting.items[slot.item]),
        title=slot.title,
        minutes=slot.minutes,
        planned_at=view.planned_at,
        expected_at=view.expected_at if coming else None,
        began_at=turn.started_at if turn else None,
        ends_at=ends_at if on else None,
        sentence=sentence,
        detail=detail,
        has_news=has_news(meeting, view),
        announce=_announcement(meeting, view, sentence, detail if on else ""),
    )


def has_news(meeting: Meeting, view: SlotView) -> bool:
    """Say whether something moved since the speaker pressed *Seen*; who speaks presses nothing."""
    if view.state in {SlotState.ON, SlotState.DONE}:
        return False
    return view.slot.seen is None or view.slot.seen < meeting.conference.step


def slot_sentence(meeting: Meeting, view: SlotView) -> str:
    """Return what the speaker is to do, in one plain sentence."""
    if view.state is SlotState.ON:
        return _("You are on.")
    if view.state is SlotState.DONE:
        return _("Thank you.")
    if view.state is SlotState.PASSED:
        return _("Your item has passed and you were not called.")
    if meeting.conference.phase is Phase.BEFORE:
        return _("The conference starts when the chair opens it.")
    if view.state is SlotState.NEXT:
        return _("You are next.")
    if view.before == 2:  # noqa: PLR2004  (the quiet word before *you are next*)
        return _("Two before you.")
    return ngettext("One before you.", "%(n)s before you.", view.before) % {"n": view.before}


def _detail(site: Site, view: SlotView) -> str:
    if view.state is SlotState.PASSED:
        return _("This page has told nobody: please ask the chair or the organiser.")
    if view.state is not SlotState.NEXT:
        return ""
    if site.meeting.items[view.slot.item].state is not ItemState.CALLED:
        return _("Your item has not been called yet.")
    speaking = current_turn(site)
    if speaking is not None:
        return _("Please be ready: %(name)s is speaking.") % {"name": speaking.name}
    return _("Please be ready: the chair can call you at any moment.")


def _announcement(meeting: Meeting, view: SlotView, sentence: str, detail: str) -> str:
    """Return what is spoken when it changes: the sentence, and the time, coarsely."""
    if detail:
        return detail
    waits = view.state in {SlotState.WAITING, SlotState.NEXT}
    if not waits or meeting.conference.phase is not Phase.OPEN:
        return sentence
    about = clock_time(round(view.expected_at / COARSE) * COARSE, meeting.conference.zone)
    return _("%(sentence)s Expected about %(time)s.") % {"sentence": sentence, "time": about}
