"""The chair's latest ruling, and whether it can still be challenged (procedure B5, standing order 13)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from conference.rules import acts as a
from conference.rules import question
from conference.rules.kinds import (
    AmendmentId,
    Governs,
    MotionId,
    MotionState,
    PersonId,
    PointId,
    PointState,
    ProceduralId,
    ProceduralState,
    Procedure,
    Reason,
)
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting, Procedural


@dataclass(frozen=True, slots=True)
class Ruling:
    """One ruling: on a point of order, on a procedural motion, or that something is out of order."""

    at: int
    by: PersonId | None
    """Who made it: never the one who presides over a challenge to it."""
    point: PointId | None = None
    refused: ProceduralId | None = None
    motion: MotionId | None = None
    amendment: AmendmentId | None = None


def latest(meeting: Meeting) -> Ruling | None:
    """Return the chair's latest ruling, whatever its age; None when there is none."""
    rulings = [*_on_points(meeting), *_refusals(meeting), *_out_of_order(meeting)]
    return max(rulings, key=lambda ruling: ruling.at, default=None)


def _on_points(meeting: Meeting) -> list[Ruling]:
    states = {PointState.WELL_TAKEN, PointState.NOT_WELL_TAKEN}
    rows = (p for p in meeting.points.values() if p.state in states and not p.overturned)
    return [Ruling(p.ruled_at or 0, p.ruled_by, point=p.id) for p in rows]


def _refusals(meeting: Meeting) -> list[Ruling]:
    rows = (r for r in meeting.procedurals.values() if r.state is ProceduralState.REFUSED)
    return [Ruling(r.decided_at or 0, r.refused_by, refused=r.id) for r in rows]


def _out_of_order(meeting: Meeting) -> list[Ruling]:
    found = []
    for minute in meeting.minutes.values():
        if minute.code in {Reason.OUT_OF_ORDER, "amendment_declined"}:
            facts = json.loads(minute.facts)
            amendment = facts.get("amendment")
            row = question.motion_or_amendment(meeting, facts["motion"], amendment)
            if row is not None and row.reason is Reason.OUT_OF_ORDER:
                by = facts.get("by")
                found.append(Ruling(minute.at, by, motion=facts["motion"], amendment=amendment))
    return found


def challengeable(meeting: Meeting, act: a.MoveProcedural, now: int) -> Refused | None:
    """Say why the ruling that is named cannot be challenged, or None.

    It must be the latest, and made within the set time: a challenge comes at once. What conference
    has upheld stands.
    """
    ruling = latest(meeting)
    if ruling is None:
        return Refused(Code.NO_RULING)
    if question.is_suspended(meeting, Governs.CHALLENGE, now):
        return Refused(Code.NO_CHALLENGES)
    if _named(act) != _named(ruling):
        return Refused(Code.NO_RULING)
    if any(_has_upheld(row, ruling) for row in meeting.procedurals.values()):
        return Refused(Code.ALREADY_DONE)
    late = now > ruling.at + meeting.settings.challenge_window * 1000
    return Refused(Code.TOO_LATE) if late else None


def _has_upheld(row: Procedural, ruling: Ruling) -> bool:
    """Say whether conference has decided on exactly this ruling and left it standing."""
    return (
        row.kind is Procedure.CHALLENGE
        and row.state is ProceduralState.DECIDED
        and _named(row) == _named(ruling)
        and (row.decided_at or 0) >= ruling.at
    )


def _named(
    row: Procedural | Ruling | a.MoveProcedural,
) -> tuple[PointId | None, ProceduralId | None, MotionId | None, AmendmentId | None]:
    """Return which ruling this is, or is about."""
    return row.point, row.refused, row.motion, row.amendment


def is_about_latest(meeting: Meeting, challenge: Procedural) -> bool:
    """Say whether this challenges the latest ruling: once there is another, it comes too late."""
    ruling = latest(meeting)
    return ruling is not None and _named(challenge) == _named(ruling)


def about(meeting: Meeting, kind: Procedure) -> PersonId | None:
    """Return whom a question about the chair is about: who ruled, or who is in the chair.

    Whoever it is never presides over it, whoever is in the chair by then (standing order 13).
    """
    if kind is Procedure.NO_CONFIDENCE:
        return meeting.conference.chair
    ruling = latest(meeting) if kind is Procedure.CHALLENGE else None
    return None if ruling is None else ruling.by or meeting.conference.chair


def stands_no_longer(row_state: MotionState, reason: Reason | None) -> bool:
    """Say whether this was ruled out of order and nothing else has happened to it."""
    return row_state is MotionState.FELL and reason is Reason.OUT_OF_ORDER
