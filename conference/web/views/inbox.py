"""What waits for the chair: points, procedural motions, amendments from the floor, second officers."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import counting, procedural, question
from conference.rules.kinds import (
    DoubleKind,
    DoubleState,
    PersonId,
    Phase,
    PointKind,
    PointState,
    ProceduralState,
    Role,
    Standing,
    VoteState,
)
from conference.rules.points import open_points
from conference.rules.procedures import ROWS, supporters
from conference.rules.roles import OFFICERS
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import procedures, words
from conference.web.views.votes import latest


@dataclass(frozen=True, slots=True)
class PointLine:
    """One point that has been raised and not dealt with."""

    id: int
    title: str
    who: str
    heard: bool
    order: bool
    """A point of order is ruled on; the others are answered."""


@dataclass(frozen=True, slots=True)
class ProceduralLine:
    """One procedural motion that waits."""

    id: int
    title: str
    who: str
    state: str
    ready: bool
    """Whether it has its seconder, or all its supporters."""
    backed: int
    needed: int
    about_chair: bool


@dataclass(frozen=True, slots=True)
class DoubleLine:
    """A step that waits for a second officer."""

    id: int
    title: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class InboxView:
    """The region `inbox`."""

    step: int
    acting: bool
    points: tuple[PointLine, ...]
    procedurals: tuple[ProceduralLine, ...]
    doubles: tuple[DoubleLine, ...]
    more_time: bool
    announce: str


def inbox_view(site: Site, *, acting: bool) -> InboxView:
    """Return everything that waits for the chair or another officer, oldest first."""
    meeting = site.meeting
    points = tuple(
        PointLine(
            p.id, procedures.point_title(p), site.name(p.by) or _("A delegate"),
            p.state is PointState.HEARD, p.kind is PointKind.ORDER,
        )
        for p in open_points(meeting)
    )  # fmt: skip
    vote = latest(site)
    waiting = procedural.waiting(meeting)
    return InboxView(
        step=meeting.conference.step,
        acting=acting,
        points=points,
        procedurals=tuple(
            ProceduralLine(
                r.id, procedures.title(site, r), site.name(r.by) or _("A delegate"),
                _(procedures.STATES[r.state]), r.state is ProceduralState.SECONDED,
                len(r.supporters), supporters(meeting, r.kind),
                ROWS[r.kind].about_chair,
            )
            for r in waiting
        ),
        doubles=tuple(_double(site, d.id) for d in meeting.doubles.values()
                      if d.state is DoubleState.PROPOSED),
        more_time=vote is not None and vote.state is VoteState.OPEN and vote.more_time,
        announce=_announce(points, sum(r.state is ProceduralState.SECONDED for r in waiting)),
    )  # fmt: skip


def _announce(points: tuple[PointLine, ...], ready: int) -> str:
    said = [points[-1].title] if points else []
    if ready:
        said.append(_("A procedural motion waits for the chair."))
    return " ".join(said)


def _double(site: Site, number: int) -> DoubleLine:
    row = next(d for d in site.meeting.doubles.values() if d.id == number)
    if row.kind is DoubleKind.VOID_VOTE:
        title = _("Declare vote %(n)s void") % {"n": row.vote}
    else:
        title = _("Remove %(name)s from the conference") % {"name": site.name(row.person)}
    return DoubleLine(row.id, title, site.remark(row.reason), site.name(row.by))


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """Somebody who can be in the chair."""

    id: str
    name: str
    role: str
    connected: bool
    in_chair: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """A delegate whom the chair may have to send out: who speaks, or waits to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OfficersView:
    """The region `officers`: the chair's tools for order, and for the chair itself."""

    step: int
    acting: bool
    open: bool
    paused: bool
    officers: tuple[OfficerLine, ...]
    offered_to: str
    taking: str
    """Who takes the chair, by name; empty when nobody does."""
    taking_at: int
    now: int
    lost: bool
    nobody_presides: bool
    announcement: str
    people: tuple[Somebody, ...]
    void_vote: int
    """The vote that two officers could still make void; 0 for none."""


def officers_view(site: Site, *, acting: bool) -> OfficersView:
    """Return the officers and the chair's tools, the same for everybody who acts or watches."""
    meeting, head = site.meeting, site.meeting.conference
    vote = latest(site)
    voidable = (
        vote is not None
        and vote.state in {VoteState.COUNTED, VoteState.DECLARED}
        and counting.can_be_void(meeting, vote)
    )
    taking = head.chair_next is not None and head.chair_next_at is not None
    return OfficersView(
        step=head.step,
        acting=acting,
        open=head.phase is Phase.OPEN,
        paused=head.pause is not None,
        officers=_officers(site),
        offered_to="" if taking else site.name(head.chair_next),
        taking=site.name(head.chair_next) if taking else "",
        taking_at=head.chair_next_at or 0,
        now=site.now(),
        lost=head.chair_lost_at is not None,
        nobody_presides=head.challenge is not None and head.presiding is None,
        announcement=site.remark(head.announcement),
        people=_people(site),
        void_vote=vote.id if vote is not None and voidable else 0,
    )


def _officers(site: Site) -> tuple[OfficerLine, ...]:
    here = set(site.room.people())
    return tuple(
        OfficerLine(
            p.id, site.name(p.id), ", ".join(_(words.ROLES[r]) for r in Role if r in p.roles),
            p.id in here, p.id == site.meeting.conference.chair,
        )
        for p in site.meeting.people.values()
        if p.roles & OFFICERS and p.standing is Standing.ACCEPTED
    )  # fmt: skip


def _people(site: Site) -> tuple[Somebody, ...]:
    meeting, head = site.meeting, site.meeting.conference
    found: list[PersonId] = []
    if head.turn is not None and (speaking := meeting.turns[head.turn].person) is not None:
        found.append(speaking)
    asked = question.innermost(meeting)
    waiting = [r for r in meeting.requests.values() if r.state == "waiting"]
    found += [r.person for r in waiting if asked is not None and question.of(r) == asked]
    found += [p.by for p in open_points(meeting)]
    return tuple(Somebody(x, site.name(x) or _("A delegate")) for x in dict.fromkeys(found))
