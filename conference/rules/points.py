"""Points of order, explanation and information: never lost, ruled on with one line (procedure B5)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, people, speech
from conference.rules.kinds import (
    PersonId,
    PointAbout,
    PointId,
    PointKind,
    PointState,
    Profile,
)
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting, Point

OPEN = frozenset({PointState.RAISED, PointState.HEARD})
ABOUT = {
    PointKind.EXPLANATION: {PointAbout.MISQUOTED},
    PointKind.INFORMATION: {PointAbout.QUESTION},
    PointKind.ORDER: {
        PointAbout.STANDING_ORDER,
        PointAbout.IRRELEVANCE,
        PointAbout.LANGUAGE,
        PointAbout.VOTING,
        PointAbout.PROCEDURE,
    },
    PointKind.PRIVILEGE: {PointAbout.CANNOT_FOLLOW, PointAbout.ACCESS},
    PointKind.ORDERS_OF_THE_DAY: {PointAbout.TIMETABLE},
}
"""What each kind may be about; a correction of facts is no point of order."""
ROBERTS = frozenset({PointKind.PRIVILEGE, PointKind.ORDERS_OF_THE_DAY})
"""What there is under Robert's Rules only (procedure C)."""
RULED = frozenset({PointKind.ORDER, *ROBERTS})
"""What may interrupt a speech, takes a ruling, and comes before a vote is opened."""
DURING_A_VOTE = frozenset({PointAbout.VOTING, PointAbout.PROCEDURE, PointAbout.CANNOT_FOLLOW})
RULINGS = frozenset({PointState.WELL_TAKEN, PointState.NOT_WELL_TAKEN})


def open_points(meeting: Meeting) -> list[Point]:
    """Return what has been raised and not dealt with, oldest first: it stands above everything."""
    return [point for point in meeting.points.values() if point.state in OPEN]


def raise_point(meeting: Meeting, act: a.RaisePoint, by: PersonId, now: int) -> Meeting | Refused:
    """Raise a point. The chair sees it at once; a speaker is not interrupted before it is heard.

    Refuses who is not present or in the lobby, what this book of procedure does not know, a second open point of one person, a number that is
    no standing order, and while a vote runs whatever is not about the vote.
    """
    if refusal := agenda.business(meeting) or people.may_speak(meeting, by, now):
        return refusal
    british = meeting.settings.profile is not Profile.RONR
    if act.about not in ABOUT[act.kind] or (british and act.kind in ROBERTS):
        return Refused(Code.NOT_POSSIBLE_NOW)
    named = act.about is PointAbout.STANDING_ORDER
    if named != (act.number is not None) or (named and act.number not in meeting.standing_orders):
        return Refused(Code.BAD_NUMBERS)
    if any(point.by == by for point in open_points(meeting)):
        return Refused(Code.ALREADY_RAISED)
    if agenda.vote_runs(meeting) and act.about not in DURING_A_VOTE:
        return Refused(Code.NOT_POSSIBLE_NOW)
    point = Point(
        PointId(len(meeting.points) + 1), act.kind, act.about, by, now,
        number=act.number, motion=meeting.conference.motion,
    )  # fmt: skip
    return change.note(change.point(meeting, point), now, "point_raised", point=point.id)


def _open(meeting: Meeting, number: PointId) -> Point | Refused:
    point = meeting.points.get(number)
    if point is None:
        return Refused(Code.UNKNOWN)
    return point if point.state in OPEN else Refused(Code.POINT_OVER)


def withdraw(meeting: Meeting, act: a.WithdrawPoint, by: PersonId, now: int) -> Meeting | Refused:
    """Take one's own point back before it is ruled on."""
    point = _open(meeting, act.point)
    if isinstance(point, Refused):
        return point
    return (
        _closed(meeting, replace(point, state=PointState.WITHDRAWN), now)
        if (point.by == by)
        else Refused(Code.NOT_YOURS)
    )


def hear(meeting: Meeting, act: a.HearPoint, now: int) -> Meeting | Refused:
    """Hear the point. For what takes a ruling the speaker's clock stops; the others wait for the end.

    Refuses while another is being heard.
    """
    if refusal := agenda.business(meeting):
        return refusal
    point = _open(meeting, act.point)
    if isinstance(point, Refused):
        return point
    head = meeting.conference
    if head.point is not None:
        return Refused(Code.POINT_OPEN)
    if head.turn is not None and point.kind not in RULED:
        return Refused(Code.SOMEBODY_SPEAKS)
    turn = meeting.turns[head.turn] if head.turn is not None else None
    if turn is not None and turn.paused_at is None:
        meeting = change.turn(meeting, replace(turn, paused_at=now))
        point = replace(point, turn=turn.id)
    heard = change.point(meeting, replace(point, state=PointState.HEARD))
    heard = change.conference(heard, point=point.id)
    return change.note(heard, now, "point_heard", point=point.id)


def ends_at(meeting: Meeting) -> int | None:
    """Return when the time is up of whoever is heard on a point (B6); None while nobody is."""
    if meeting.conference.point is None:
        return None
    heard = (m.at for m in reversed(list(meeting.minutes.values())) if m.code == "point_heard")
    return next(heard, 0) + meeting.settings.speech_point * 1000


def rule(meeting: Meeting, act: a.RulePoint, by: PersonId, now: int) -> Meeting | Refused:
    """Rule on the point, or answer it; a clock that stopped for it goes on.

    A ruling needs its one line. It may be given without hearing the point: then it is dismissed,
    and the minutes say so all the same.
    """
    if refusal := agenda.business(meeting):
        return refusal
    point = _open(meeting, act.point)
    if isinstance(point, Refused):
        return point
    order = point.kind in RULED
    if act.state not in (RULINGS if order else {PointState.ANSWERED}):
        return Refused(Code.NOT_POSSIBLE_NOW)
    if order and not act.remark:
        return Refused(Code.NEEDS_REASON)
    ruled = replace(point, state=act.state, ruled_at=now, ruled_by=by, ruling=act.remark)
    return change.note(_closed(meeting, ruled, now), now, "point_ruled", point=point.id)


def _closed(meeting: Meeting, point: Point, now: int) -> Meeting:
    """Return the meeting in which this point is dealt with and its clock goes on."""
    done = change.point(meeting, point)
    if meeting.conference.point != point.id:
        return done
    if point.turn is not None and meeting.conference.turn == point.turn:
        done = change.turn(done, speech.resumed(done.turns[point.turn], now))
    return change.conference(done, point=None)
