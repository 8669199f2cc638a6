"""Who takes, keeps or accepts the chair: what this officer can do about it now."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import acts as a
from conference.rules import take
from conference.rules.kinds import Pause, PersonId, Phase
from conference.rules.refused import Code, Refused
from conference.rules.roles import in_the_chair
from conference.web.site import Site


@dataclass(frozen=True, slots=True)
class ChairingView:
    """The personal region `chairing`."""

    step: int
    now: int
    taking: str
    """Who takes the chair after the warning, by name; empty when nobody does."""
    taking_at: int
    mine: bool
    """Whether it is this officer who takes it."""
    lost: bool
    """Whether the chair has no connection."""
    offered_to: str
    """To whom the chair is offered, by name; empty when it is not."""
    keep: bool
    accept: bool
    take: bool
    take_at: int
    """When this officer may take it, where the vice-chair goes first; 0: now, or not at all."""
    preside: bool
    nobody_presides: bool
    stop: bool
    """Whether the chair, whom the question is about, can still stop everything (screens H1.26)."""
    resume: bool


def chairing_view(site: Site, person: PersonId) -> ChairingView:
    """Return what this officer can do about the chair. Nothing is offered that would be refused."""
    meeting, head, now = site.meeting, site.meeting.conference, site.now()
    taking = head.chair_next is not None and head.chair_next_at is not None

    def tried(act: a.Act) -> Refused | None:
        result = take(meeting, act, person, now)
        return result if isinstance(result, Refused) else None

    open_now = head.phase is Phase.OPEN
    barred = open_now and person == head.chair != in_the_chair(meeting)
    refused = tried(a.TakeChair())
    later = refused is not None and refused.code is Code.NOT_POSSIBLE_NOW
    waits = (head.chair_lost_at or 0) + meeting.settings.chair_lost * 1000
    return ChairingView(
        step=head.step,
        now=now,
        taking=site.name(head.chair_next) if taking else "",
        taking_at=head.chair_next_at or 0,
        mine=head.chair_next == person,
        lost=open_now and head.chair_lost_at is not None,
        offered_to="" if taking else site.name(head.chair_next),
        keep=open_now and tried(a.KeepChair()) is None,
        accept=open_now and tried(a.AcceptChair()) is None,
        take=open_now and (refused is None or later),
        take_at=waits if later else 0,
        preside=open_now and tried(a.Preside()) is None,
        stop=barred and tried(a.TakeBreak(Pause.TECHNICAL)) is None,
        resume=barred and tried(a.Resume(early=True)) is None,
        nobody_presides=open_now and in_the_chair(meeting) is None,
    )
