"""What waits for the chair: points, procedural motions, amendments from the floor, second officers."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import acts as a
from conference.rules import eligible, procedural, question, take, undo
from conference.rules.kinds import (
    DoubleKind,
    DoubleState,
    Governs,
    MotionState,
    OfficeStepKind,
    OfficeStepState,
    Pause,
    PersonId,
    Phase,
    PointState,
    ProceduralState,
    Role,
    Standing,
    VoteState,
)
from conference.rules.points import RULED, ends_at, open_points
from conference.rules.procedures import ROWS, majority_of, supporters
from conference.rules.refused import Refused
from conference.rules.roles import OFFICERS, in_the_chair
from conference.rules.state import Double, Meeting, Procedural
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import procedures, words
from conference.web.views.beside import a_chair, connected
from conference.web.views.changes import ChangeView, amendment_change
from conference.web.views.gaps import gaps_view
from conference.web.views.votes import latest


@dataclass(frozen=True, slots=True)
class PointLine:
    """One point that has been raised and not dealt with."""

    id: int
    title: str
    who: str
    heard: bool
    ends_at: int
    """When the time of whoever is heard is up; 0 while it is not heard."""
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
    """Whether it has its seconder, or all its supporters, and can still be put."""
    too_late: bool
    """Whether it could have been put, but what it was about has gone on."""
    backed: int
    needed: int
    about_chair: bool
    means: str
    """What it leads to if it is carried, and the majority that it needs (screens H1.16)."""


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """An amendment that was handed in from the floor and is not admitted yet."""

    id: int
    label: str
    who: str
    change: ChangeView


@dataclass(frozen=True, slots=True)
class DoubleLine:
    """A step that waits for a second officer."""

    id: int
    title: str
    reason: str
    by: str
    by_chair: bool
    """Whether whoever is in the chair proposed it, and so cannot be the second."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the register that waits for a second officer."""

    id: int
    title: str
    by: str


@dataclass(frozen=True, slots=True)
class InboxView:
    """The region `inbox`."""

    step: int
    acting: bool
    points: tuple[PointLine, ...]
    procedurals: tuple[ProceduralLine, ...]
    amendments: tuple[AmendmentLine, ...]
    doubles: tuple[DoubleLine, ...]
    steps: tuple[StepLine, ...]
    more_time: bool
    announce: str


def inbox_view(site: Site, *, acting: bool) -> InboxView:
    """Return everything that waits for the chair or another officer, oldest first."""
    meeting = site.meeting
    points = tuple(
        PointLine(
            p.id, procedures.point_title(p), site.name(p.by) or _("A delegate"),
            p.state is PointState.HEARD, ends_at(meeting) or 0, p.kind in RULED,
        )
        for p in open_points(meeting)
    )  # fmt: skip
    vote = latest(site)
    waiting = procedural.waiting(meeting)
    late = {r.id for r in waiting if _is_too_late(site, r)}
    ready = [r for r in waiting if r.state is ProceduralState.SECONDED and r.id not in late]
    return InboxView(
        step=meeting.conference.step,
        acting=acting,
        points=points,
        procedurals=tuple(
            ProceduralLine(
                r.id, procedures.title(site, r), site.name(r.by) or _("A delegate"),
                procedures.state_of(meeting, r),
                r in ready, r.id in late,
                len(r.supporters), supporters(meeting, r.kind),
                ROWS[r.kind].about_chair, _means(meeting, r),
            )
            for r in waiting
        ),
        amendments=_amendments(site),
        doubles=tuple(
            _double(site, d) for d in meeting.doubles.values() if d.state is DoubleState.PROPOSED
        ),
        steps=_steps(site),
        more_time=vote is not None and vote.state is VoteState.OPEN and vote.more_time,
        announce=_announce(site, points, len(ready)),
    )  # fmt: skip


def _is_too_late(site: Site, row: Procedural) -> bool:
    """Say whether it was seconded and can be put no more; while orders are suspended it only waits."""
    meeting, now = site.meeting, site.now()
    if row.state is not ProceduralState.SECONDED:
        return False
    waits = question.is_suspended(meeting, Governs.PROCEDURAL, now)
    return not waits and eligible.still(meeting, row, now) is not None


def _means(meeting: Meeting, row: Procedural) -> str:
    carried, _lost = procedures.consequences(row.kind)
    rule, base = majority_of(meeting, row.kind)
    said = _("If it is carried: %(what)s.") % {"what": carried}
    return f"{said} {words.rule_sentence(rule, base, None)}"


def _announce(site: Site, points: tuple[PointLine, ...], ready: int) -> str:
    said = [points[-1].title] if points else []
    if ready:
        said.append(_("A procedural motion waits for the chair."))
    if _amendments(site):
        said.append(_("An amendment from the floor waits for the chair."))
    if any(d.state is DoubleState.PROPOSED for d in site.meeting.doubles.values()):
        said.append(_("A step waits for a second officer."))
    vote = latest(site)
    if vote is not None and vote.state is VoteState.OPEN and vote.more_time:
        said.append(_("Somebody has asked for more time to vote."))
    return " ".join(said)


def _amendments(site: Site) -> tuple[AmendmentLine, ...]:
    meeting = site.meeting
    return tuple(
        AmendmentLine(
            row.id, row.label, site.name(row.proposed_by) or _("A delegate"),
            amendment_change(meeting, row),
        )
        for row in meeting.amendments.values()
        if row.state is MotionState.PROPOSED and row.motion == meeting.conference.motion
    )  # fmt: skip


def _steps(site: Site) -> tuple[StepLine, ...]:
    titles = {
        OfficeStepKind.ADMIT: _("Admit %(name)s as a delegate, after the lock"),
        OfficeStepKind.EXPORT_LINKS: _("Export everybody’s personal links"),
        OfficeStepKind.EXPORT_ADDRESSES: _("Export everybody’s addresses"),
    }
    return tuple(
        StepLine(row.id, titles[row.kind] % {"name": site.name(row.person)}, site.name(row.by))
        for row in site.meeting.office_steps.values()
        if row.state is OfficeStepState.PROPOSED
    )


def _double(site: Site, row: Double) -> DoubleLine:
    if row.kind is DoubleKind.VOID_VOTE:
        title = _("Declare vote %(n)s void") % {"n": row.vote}
    else:
        title = _("Remove %(name)s from the conference") % {"name": site.name(row.person)}
    by_chair = row.by == in_the_chair(site.meeting)
    return DoubleLine(row.id, title, site.remark(row.reason), site.name(row.by), by_chair)


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
    officers: tuple[OfficerLine, ...]
    announcement: str
    people: tuple[Somebody, ...]
    hidden: tuple[Somebody, ...]
    """Whose names are shown nowhere now."""
    may_break: bool
    may_stop: bool
    gaps: tuple[str, ...]
    """What the officers cannot do yet; said before the day."""
    void_vote: int
    """The vote that two officers could still make void; 0 for none."""
    recount: bool


def officers_view(site: Site, *, acting: bool) -> OfficersView:
    """Return the officers and the chair's tools, the same for everybody who acts or watches."""
    meeting, head = site.meeting, site.meeting.conference
    vote = latest(site)
    if vote is None or vote.state is not VoteState.COUNTED:
        vote = undo.latest_result(meeting)

    def may(act: a.Act) -> bool:
        return not isinstance(take(meeting, act, a_chair(site), site.now()), Refused)

    return OfficersView(
        step=head.step,
        acting=acting,
        open=head.phase is Phase.OPEN,
        officers=_officers(site),
        announcement=site.remark(head.announcement),
        people=_people(site),
        hidden=tuple(Somebody(p, site.names.get(p, "")) for p in meeting.hidden_names),
        may_break=may(a.TakeBreak(Pause.BREAK, 1)),
        may_stop=may(a.TakeBreak(Pause.TECHNICAL)),
        gaps=gaps_view(site),
        void_vote=vote.id if vote is not None else 0,
        recount=vote is not None and may(a.RecountVote(vote.id)),
    )


def _officers(site: Site) -> tuple[OfficerLine, ...]:
    here = connected(site)
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
