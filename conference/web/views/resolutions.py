"""The resolutions: what conference has carried, in its final words, and what is no policy."""

from __future__ import annotations

from collections.abc import Iterator

from conference.papers.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Note,
    Paragraph,
    plain,
    strong,
)
from conference.rules import question
from conference.rules.kinds import MotionKind, MotionState, Outcome, Phase
from conference.rules.state import Amendment, Meeting, Motion
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import fates, papers
from conference.web.views.motions import in_order
from conference.web.views.votes import result_view

POLICY = frozenset({MotionKind.MOTION, MotionKind.EMERGENCY})


def resolutions(site: Site, now: int) -> Document:
    """Return every motion that was carried with its final text, and what was remitted."""
    return papers.document(site, now, _("Resolutions"), _blocks(site))


def _blocks(site: Site) -> Iterator[Block]:
    meeting = site.meeting
    rows = in_order(meeting)
    carried = [m for m in rows if is_carried(m) and m.kind in POLICY]
    other = [m for m in rows if is_carried(m) and m.kind not in POLICY]
    if meeting.conference.phase is not Phase.CLOSED:
        yield Note(plain(_("The conference is not closed yet: more may be decided.")))
    if not carried:
        yield Paragraph(plain(_("Conference has carried no motion.")))
    for motion in carried:
        yield Heading(1, papers.title_of(motion))
        yield from _decision(site, motion)
    if other:
        yield Heading(1, _("Other decisions"))
    for motion in other:
        yield Heading(2, papers.title_of(motion))
        yield from _decision(site, motion)
    yield from _remitted([m for m in rows if m.state is MotionState.REMITTED])


def is_carried(motion: Motion) -> bool:
    """Say whether conference has carried it."""
    return motion.state is MotionState.DECIDED and motion.outcome is Outcome.CARRIED


def _decision(site: Site, motion: Motion) -> Iterator[Block]:
    """Return one decision: how it was made, by whom it was moved, and the text that stands."""
    meeting = site.meeting
    vote = fates.deciding_vote(meeting, motion)
    how = "" if vote is None else papers.figures(result_view(site, vote))
    yield Paragraph(strong(f"{fates.fate(meeting, motion)}.", how))
    if motion.kind is not MotionKind.QUESTION:
        yield from papers.real_people(site, motion)
    yield from _amended_by(meeting, motion)
    yield papers.quote(question.put_text(meeting, question.Question(motion.id)))
    if motion.referred and motion.kind in POLICY:
        yield Note(plain(_("Remitted to the committee, and no policy:")))
        whole = question.paragraphs(question.text_of(meeting, motion.id).text)
        yield papers.quote("\n\n".join(whole[n - 1] for n in motion.referred))


def _amended_by(meeting: Meeting, motion: Motion) -> Iterator[Block]:
    rows = question.amendments_of(meeting, motion.id)
    labels = [
        f"{row.label} ({fates.fate(meeting, row).lower()})"
        for row in rows
        if row.amends is None and is_agreed(row)
    ]
    if labels:
        yield Paragraph(plain(_("As amended by: %(labels)s.") % {"labels": ", ".join(labels)}))


def is_agreed(row: Amendment) -> bool:
    """Say whether it became part of the text: carried, or accepted without a vote."""
    carried = row.state is MotionState.DECIDED and row.outcome is Outcome.CARRIED
    return carried or row.state is MotionState.ACCEPTED


def _remitted(rows: list[Motion]) -> Iterator[Block]:
    if not rows:
        return
    yield Heading(1, _("Remitted: not policy"))
    said = _("Conference has left these to the committee. It has made no policy on them.")
    yield Paragraph(plain(said))
    yield Bullets(tuple(plain(papers.title_of(motion)) for motion in rows))
