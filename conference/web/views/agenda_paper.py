"""The agenda paper: the order of business, and everything that conference is to decide on."""

from __future__ import annotations

from collections.abc import Iterator

from conference.papers.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Note,
    Paragraph,
    Table,
    plain,
    strong,
)
from conference.rules import question
from conference.rules.kinds import ItemId, ItemKind, MotionId, MotionKind, MotionState
from conference.rules.state import Item, Meeting, Motion
from conference.web.site import Site
from conference.web.templates import clock_time
from conference.web.text import gettext as _
from conference.web.text import ngettext
from conference.web.views import papers
from conference.web.views.agenda import AgendaLine, AgendaPart, agenda_view
from conference.web.views.elections import ElectionView, election_view

PAUSES = frozenset({ItemKind.DOORS, ItemKind.BREAK})


def agenda_paper(site: Site, now: int) -> Document:
    """Return the whole agenda paper as printed: times, motions, amendments, standing orders.

    Texts and names are the printed ones, whatever conference has decided since.
    """
    return papers.document(site, now, _("Agenda paper"), _blocks(site))


def _blocks(site: Site) -> Iterator[Block]:
    meeting = site.meeting
    parts = agenda_view(site).parts
    yield Heading(1, _("Order of business"))
    yield _timetable(meeting, parts)
    for part in parts:
        yield Heading(1, part.title)
        if part.text:
            yield Paragraph(plain(part.text))
        for line in part.lines:
            yield from _item(site, line)
    if meeting.standing_orders:
        yield Heading(1, _("Standing orders"))
    for number in sorted(meeting.standing_orders):
        order = meeting.standing_orders[number]
        yield Heading(2, f"{order.id}. {order.title}")
        yield from (Paragraph(plain(text)) for text in question.paragraphs(order.text))


def _timetable(meeting: Meeting, parts: tuple[AgendaPart, ...]) -> Table:
    zone = meeting.conference.zone
    rows = tuple(
        (clock_time(line.planned_at, zone), line.title, str(line.minutes))
        for part in parts
        for line in part.lines
    )
    return Table("", (_("Time"), _("Item"), _("Minutes")), rows)


def _item(site: Site, line: AgendaLine) -> Iterator[Block]:
    meeting = site.meeting
    item = meeting.items[ItemId(line.id)]
    time = clock_time(item.starts_at, meeting.conference.zone)
    yield Heading(2, f"{time} {line.title}")
    if item.kind not in PAUSES:
        yield Note(plain(_length(item, line.kind)))
    if line.text:
        yield Paragraph(plain(line.text))
    if line.slots:
        yield Bullets(tuple(plain(_slot(s.name, s.minutes)) for s in line.slots))
    for motion in line.motions:
        row = meeting.motions[MotionId(motion.id)]
        yield from _motion(site, row, named=line.title.endswith(papers.title_of(row)))
    if item.id in meeting.elections:
        view = election_view(meeting, meeting.elections[item.id])
        yield from _election(view, meeting.conference.zone)


def _length(item: Item, kind: str) -> str:
    minutes = ngettext("%(n)s minute", "%(n)s minutes", item.minutes) % {"n": item.minutes}
    end = _("The debate ends when this time is up.") if item.guillotine else ""
    return f"{minutes}, {kind}. {end}".strip()


def _slot(name: str, minutes: int) -> str:
    said = ngettext("%(name)s, %(n)s minute", "%(name)s, %(n)s minutes", minutes)
    return said % {"name": name, "n": minutes}


def _motion(site: Site, motion: Motion, *, named: bool) -> Iterator[Block]:
    """Return a motion with its amendments; without its heading where the item's says the same."""
    if not named:
        yield Heading(3, papers.title_of(motion))
    if motion.kind is MotionKind.QUESTION:
        yield Note(plain(_("A question that the chair puts, without mover and seconder.")))
    yield from papers.printed_people(site, motion)
    yield from papers.conditions(site.meeting, motion)
    yield papers.quote(motion.text)
    for row in question.amendments_of(site.meeting, motion.id):
        if row.state is not MotionState.PROPOSED:
            yield from papers.printed_amendment(site, row, 3 if named else 4)


def _election(view: ElectionView, zone: str) -> Iterator[Block]:
    yield Heading(3, _("Election: %(post)s") % {"post": view.post})
    places = ngettext(
        "%(n)s place is to be filled.", "%(n)s places are to be filled.", view.places
    ) % {"n": view.places}
    yield Paragraph(plain(f"{places} {view.method}"))
    ballot = _("The ballot is planned from %(opens)s to %(closes)s, on another site: %(link)s") % {
        "opens": clock_time(view.opens_at, zone),
        "closes": clock_time(view.closes_at, zone),
        "link": view.link,
    }
    yield Paragraph(plain(ballot))
    reserved = _("%(name)s (counts towards the reserved places)")
    names = (reserved % {"name": c.name} if c.reserved else c.name for c in view.candidates)
    yield Paragraph(strong(_("Candidates")), leads=True)
    yield Bullets(tuple(plain(name) for name in names))
