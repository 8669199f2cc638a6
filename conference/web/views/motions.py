"""The motions for people: the list, and one motion with its amendments and results."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conference.rules import agenda
from conference.rules.kinds import MotionKind, PersonId, VoteState
from conference.rules.state import Meeting, Motion
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import fates, words
from conference.web.views.now import MotionView, motion_view, title_of
from conference.web.views.votes import ResultView, result_view


@dataclass(frozen=True, slots=True)
class MotionLine:
    """A motion in a list. `outcome` is empty until it is decided."""

    id: int
    label: str
    title: str
    state: str
    outcome: str
    amendments: int
    is_question: bool


@dataclass(frozen=True, slots=True)
class MotionsPage:
    """The list of motions, and of the questions that the chair puts."""

    motions: tuple[MotionLine, ...]
    questions: tuple[MotionLine, ...]


@dataclass(frozen=True, slots=True)
class MotionPage:
    """One motion."""

    motion: MotionView
    outcome: str
    emergency: bool
    item: int
    item_title: str
    abstentions: str
    results: tuple[ResultView, ...]
    running: bool
    voids: int
    """How many of its votes were declared void."""


def motion_line(meeting: Meeting, motion: Motion) -> MotionLine:
    """Return the motion for a list."""
    return MotionLine(
        id=motion.id,
        label=motion.label,
        title=motion.title,
        state=fates.fate(meeting, motion),
        outcome=fates.css_class(meeting, motion),
        amendments=sum(a.motion == motion.id for a in meeting.amendments.values()),
        is_question=motion.kind is MotionKind.QUESTION,
    )


def in_order(meeting: Meeting) -> list[Motion]:
    """Return all motions and questions in the order of the agenda."""
    return [m for item in agenda.in_order(meeting) for m in agenda.motions_of(meeting, item.id)]


def motions_page(site: Site) -> MotionsPage:
    """Return the list."""
    lines = [motion_line(site.meeting, motion) for motion in in_order(site.meeting)]
    return MotionsPage(
        tuple(line for line in lines if not line.is_question),
        tuple(line for line in lines if line.is_question),
    )


def motion_page(site: Site, motion: Motion) -> MotionPage:
    """Return one motion with the declared results of its votes."""
    meeting = site.meeting
    line = motion_line(meeting, motion)
    taken = [vote for vote in meeting.votes.values() if vote.motion == motion.id]
    undeclared = {VoteState.ANNOUNCED, VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED}
    view = motion_view(site, motion)
    return MotionPage(
        motion=replace(view, seconder=public_seconder(site, motion) if view.seconder else ""),
        outcome=line.outcome,
        emergency=motion.kind is MotionKind.EMERGENCY,
        item=motion.item,
        item_title=title_of(meeting.items[motion.item]),
        abstentions=words.abstentions(motion.rule, motion.base, meeting.settings),
        results=tuple(result_view(site, v) for v in taken if v.state is VoteState.DECLARED),
        running=any(vote.state in undeclared for vote in taken),
        voids=sum(vote.state is VoteState.VOID for vote in taken),
    )


def published_name(site: Site, person: PersonId | None, printed: str = "") -> str:
    """Return the name under which somebody may stand in what is published.

    A printed name is public already; a display name only by its owner's consent.
    """
    if person is None:
        return printed or _("a delegate")
    name = site.name(person) if person in site.named else ""
    return name or _("a delegate")


def public_seconder(site: Site, motion: Motion) -> str:
    """Return who seconded: whoever pressed *I second*, else the printed name."""
    return published_name(site, motion.seconder, motion.seconder_name)
