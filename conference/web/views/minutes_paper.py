"""The minutes as a paper: the same entries as on the page, and all texts whatever their fate."""

from __future__ import annotations

from collections.abc import Iterator

from conference.papers.document import (
    Block,
    Bullets,
    Document,
    Entries,
    Entry,
    Heading,
    Note,
    Paragraph,
    Quote,
    Rule,
    Table,
    plain,
    strong,
)
from conference.rules import question
from conference.rules.kinds import MotionKind, MotionState
from conference.rules.state import Meeting, Motion
from conference.web.site import Site
from conference.web.templates import clock_time
from conference.web.text import gettext as _
from conference.web.views import papers
from conference.web.views.elections import ElectionView
from conference.web.views.minutes import MinuteEntry, MinutesView, minutes_view
from conference.web.views.motions import in_order
from conference.web.views.votes import ResultView

UNTOUCHED = frozenset({MotionState.PROPOSED, MotionState.PUBLISHED})


def minutes_document(site: Site, now: int) -> Document:
    """Return the minutes as they stand, with the texts of every motion dealt with."""
    return papers.document(site, now, _("Minutes"), _blocks(site))


def _blocks(site: Site) -> Iterator[Block]:
    view = minutes_view(site)
    yield Paragraph(plain(_status(view)))
    if view.decisions:
        yield Heading(1, _("Decisions"))
        yield _decisions(view.decisions)
    for section in view.sections:
        yield Heading(1, section.title)
        yield Entries(tuple(_entry(one, view.zone) for one in section.entries))
    yield from _texts(site)


def _status(view: MinutesView) -> str:
    if not view.opened:
        return _("The minutes begin when the chair opens the conference.")
    ends = _("The conference goes on, and so do these minutes.")
    if view.closed:
        ends = _("The conference is closed: these minutes are complete.")
    names = _(
        "People stand here by name only if they agreed to it, or if their name was printed in the "
        "papers."
    )
    return f"{ends} {names}"


def _decisions(results: tuple[ResultView, ...]) -> Table:
    header = (_("Question"), _("Result"), _("For"), _("Against"), _("Abstentions"))
    return Table("", header, tuple(_decision(one) for one in results))


def _decision(one: ResultView) -> tuple[str, ...]:
    title = f"{one.label}: {one.title}" if one.title else one.label
    counted = (one.votes_for, one.votes_against, one.abstentions)
    return (title, one.word, *("–" if one.withheld else str(number) for number in counted))


def _entry(one: MinuteEntry, zone: str) -> Entry:
    blocks: list[Paragraph | Note | Quote | Table | Bullets] = [Paragraph(plain(one.text))]
    if one.original:
        was = _("Corrected by the secretary. It read: %(was)s") % {"was": one.original}
        blocks.append(Note(plain(was)))
    if one.result is not None and one.result.number is not None:
        blocks += _result(one, one.result)
    if one.count is not None:
        blocks += _count(one.count)
    return Entry(clock_time(one.at, zone), tuple(blocks))


def _result(one: MinuteEntry, result: ResultView) -> Iterator[Paragraph | Quote]:
    said = [papers.figures(result), *one.incidents, result.effect]
    yield Paragraph(strong(f"{result.word}.", " ".join(part for part in said if part)))
    if result.resolution:
        about = {"label": result.label, "title": result.title}
        resolution = _("Resolution of conference: %(label)s, %(title)s") % about
        yield Paragraph(strong(resolution), leads=True)
        yield papers.quote(result.text)
    elif one.question:
        asked = _("Put to conference: %(question)s") % {"question": one.question}
        yield Paragraph(plain(asked))


def _count(sheet: ElectionView) -> Iterator[Paragraph | Table]:
    numbers = {"n": sheet.received, "bad": sheet.invalid, "good": sheet.received - sheet.invalid}
    counted = _(
        "Counted outside this system. Ballots received %(n)s, invalid %(bad)s, valid %(good)s."
    )
    yield Paragraph(plain(counted % numbers))
    rows = tuple(
        (c.name, str(c.first_preferences), _("Elected") if c.elected else _("Not elected"))
        for c in sheet.candidates
    )
    header = (_("Candidate"), _("First preferences"), _("Outcome"))
    yield Table(_("First preferences, as the scrutineers confirmed them"), header, rows)


# --- all texts ------------------------------------------------------------------------------------


def _texts(site: Site) -> Iterator[Block]:
    dealt = [m for m in in_order(site.meeting) if is_dealt_with(site.meeting, m)]
    if not dealt:
        return
    yield Rule()
    yield Heading(1, _("Texts"))
    said = _("Every motion that was dealt with as it was printed, and all its amendments.")
    yield Paragraph(plain(said))
    for motion in dealt:
        yield from _motion(site, motion)


def is_dealt_with(meeting: Meeting, motion: Motion) -> bool:
    """Say whether conference has come to this motion or to one of its amendments."""
    states = {motion.state, *(a.state for a in question.amendments_of(meeting, motion.id))}
    return motion.kind is not MotionKind.QUESTION and bool(states - UNTOUCHED)


def _motion(site: Site, motion: Motion) -> Iterator[Block]:
    meeting = site.meeting
    yield Heading(2, papers.title_of(motion))
    yield papers.fate(meeting, motion)
    yield from papers.real_people(site, motion)
    yield papers.quote(motion.text)
    now = question.text_of(meeting, motion.id)
    if question.is_amended(meeting, motion.id):
        yield Paragraph(plain(_("As amended:")), leads=True)
        yield papers.quote(now.text)
    for row in question.amendments_of(meeting, motion.id):
        if row.state is not MotionState.PROPOSED:
            yield from papers.amendment_with_fate(site, row, 3)
