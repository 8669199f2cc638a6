"""Before the day: the draft of the agenda, its release, and the way back."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import change, plan
from conference.rules.kinds import AgendaVersionId, Phase
from conference.rules.plan_problems import broken, problems
from conference.rules.planned import Plan
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting

UNDO = 50
"""How many changes of a draft can be taken back; older ones are forgotten."""


def shown(meeting: Meeting) -> Plan:
    """Return what an editor works on: the draft or, without one, what is released."""
    draft = meeting.conference.draft
    return meeting.versions[draft].plan if draft is not None else plan.plan_of(meeting)


def _closed(meeting: Meeting) -> Refused | None:
    phase = meeting.conference.phase
    if phase is Phase.BEFORE:
        return None
    return Refused(Code.CONFERENCE_CLOSED if phase is Phase.CLOSED else Code.AGENDA_OF_THE_DAY)


def edit(meeting: Meeting, act: a.EditAgenda, now: int) -> Meeting | Refused:
    """Save the plan as the draft.

    Refuses once the conference is open; a plan made from another version than the latest, so that
    nobody overwrites what somebody else has saved; what no programme can mean; and, unless it is
    saved *anyway*, what did not fit together worse than before.
    """
    if refusal := _closed(meeting):
        return refusal
    if act.base != plan.latest(meeting):
        return Refused(Code.AGENDA_CHANGED)
    if refusal := broken(meeting, act.plan):
        return refusal
    known = shown(meeting)
    if act.plan == known:
        return meeting
    fresh = set(problems(act.plan)) - set(problems(known))
    if fresh and not act.anyway:
        return Refused(Code.AGENDA_ODD, {"n": len(fresh)})
    base = plan.founded(meeting, now)
    follows = base.conference.draft
    saved, row = plan.with_version(base, act.plan, now, released=False, follows=follows)
    row = replace(row, anyway=bool(fresh))
    saved = replace(saved, versions=saved.versions.put(row.id, row))
    return _pruned(change.conference(saved, draft=row.id))


def _pruned(meeting: Meeting) -> Meeting:
    """Return the meeting without the oldest steps of its draft, as far as they are too many."""
    steps = [row for row in meeting.versions.values() if row.released_at is None]
    steps.sort(key=lambda row: row.id)
    versions = meeting.versions
    for row in steps[: max(len(steps) - UNDO, 0)]:
        versions = versions.drop(row.id)
    for row in versions.values():
        if row.follows is not None and row.follows not in versions:
            versions = versions.put(row.id, replace(row, follows=None))
    return replace(meeting, versions=versions)


def release(meeting: Meeting, act: a.ReleaseAgenda, now: int) -> Meeting | Refused:
    """Make the draft what everybody sees. The steps that led to it are forgotten.

    Refuses once the conference is open, any version but the draft, and a draft that the motions and
    elections have outgrown since.
    """
    if refusal := _closed(meeting):
        return refusal
    draft = meeting.conference.draft
    if draft is None:
        return Refused(Code.NO_DRAFT)
    if act.version != draft:
        return Refused(Code.AGENDA_CHANGED)
    row = meeting.versions[draft]
    if refusal := broken(meeting, row.plan):
        return refusal
    done = plan.applied(meeting, row.plan, now)
    if isinstance(done, Refused):
        return done
    before = plan.released(meeting)
    follows = before[-1].id if before else None
    # A number of its own: none that a page may still name ever stands for another plan.
    number = AgendaVersionId(max(meeting.versions) + 1)
    out = replace(row, id=number, released_at=now, follows=follows)
    versions = done.versions.put(number, out)
    for other in meeting.versions.values():
        if other.released_at is None:
            versions = versions.drop(other.id)
    done = change.conference(replace(done, versions=versions), draft=None)
    return change.note(done, now, "agenda_released")


def undo(meeting: Meeting, act: a.UndoAgenda, now: int) -> Meeting | Refused:
    """Take the latest change of the draft back; without a draft, prepare the release before this one.

    The latter is a new draft, and is released like any other. Refuses once
    the conference is open, any version but the latest, and when there is nothing to go back to.
    """
    if refusal := _closed(meeting):
        return refusal
    number = plan.latest(meeting)
    if number is None:
        return Refused(Code.NOTHING_TO_UNDO)
    if act.version != number:
        return Refused(Code.AGENDA_CHANGED)
    row = meeting.versions[number]
    if meeting.conference.draft is None:
        return _former(meeting, row.follows, now)
    return change.conference(meeting, draft=row.follows)


def _former(meeting: Meeting, number: AgendaVersionId | None, now: int) -> Meeting | Refused:
    former = meeting.versions.get(number) if number is not None else None
    if former is None:
        return Refused(Code.NOTHING_TO_UNDO)
    saved, row = plan.with_version(meeting, former.plan, now, released=False, follows=None)
    return change.conference(saved, draft=row.id)
