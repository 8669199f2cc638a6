"""What a procedural motion does when it is carried, and when it is lost (procedure B5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from conference.rules import (
    agenda,
    change,
    consequences,
    eligible,
    plan,
    procedures,
    question,
    reconsidering,
    roles,
    rulings,
    undo,
)
from conference.rules.debate import closing, settle
from conference.rules.kinds import (
    ItemState,
    MotionId,
    MotionState,
    Outcome,
    Pause,
    ProceduralId,
    ProceduralState,
    Procedure,
    Reason,
    RequestState,
    SuspensionId,
)
from conference.rules.question import SETTLED, Question
from conference.rules.refused import Refused
from conference.rules.state import Amendment, Meeting, Motion, Procedural, Suspension

Effect = Callable[[Meeting, Procedural, int], Meeting]


def decide(meeting: Meeting, row: Procedural, outcome: Outcome, now: int) -> Meeting:
    """Return the meeting in which it is decided, is no longer before conference, and has its effect."""
    decided = replace(row, state=ProceduralState.DECIDED, outcome=outcome, decided_at=now)
    presiding = roles.in_the_chair(meeting)
    meeting = change.procedural(meeting, decided)
    if meeting.conference.challenge == row.id:
        meeting = change.conference(meeting, challenge=None, presiding=None, chair_lost_at=None)
    else:
        meeting = change.conference(meeting, procedural=None)
    carried = outcome is Outcome.CARRIED
    code = "procedural_carried" if carried else "procedural_lost"
    meeting = change.note(meeting, now, code, procedural=row.id)
    if row.kind is Procedure.CHALLENGE:
        return meeting if carried else _reversed(meeting, decided, now)
    if not carried:
        return meeting
    if row.kind is Procedure.NO_CONFIDENCE:
        if presiding is None or meeting.conference.chair != row.about:
            return meeting  # the chair has passed on already
        return change.chair(meeting, presiding, now, "confidence")
    return CARRIED[row.kind](meeting, decided, now)


def _motion(meeting: Meeting, row: Procedural) -> Motion:
    return meeting.motions[row.motion or MotionId(0)]


def _not_refused(meeting: Meeting, number: ProceduralId, now: int) -> Procedural:
    """Return the procedural motion as if the chair had not refused it: it waits for what it waited for."""
    row = meeting.procedurals[number]
    state = ProceduralState.SECONDED
    if len(row.supporters) < procedures.supporters(meeting, row.kind):
        state = ProceduralState.ASKED
    if eligible.still(meeting, row, now) is not None:
        state = ProceduralState.LAPSED  # its question has been dealt with meanwhile
    return replace(row, state=state, answer="", decided_at=None, refused_by=None)


def _reversed(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    """Return the meeting in which the ruling that was challenged never stood."""
    if row.point is not None:
        point = replace(meeting.points[row.point], overturned=True)
        return change.point(meeting, point)
    if row.refused is not None:
        return change.procedural(meeting, _not_refused(meeting, row.refused, now))
    if row.motion is None:
        return meeting
    ruled = question.motion_or_amendment(meeting, row.motion, row.amendment)
    if ruled is None or not rulings.stands_no_longer(ruled.state, ruled.reason):
        return meeting
    if isinstance(ruled, Amendment):
        if meeting.motions[ruled.motion].state in SETTLED:
            return meeting  # conference has decided since, on a text without it
        return change.amendment(meeting, replace(ruled, state=MotionState.PUBLISHED, reason=None))
    meeting = consequences.stands_again(meeting, ruled)
    if meeting.conference.motion == ruled.id:
        return agenda.bring_back(meeting, meeting.motions[ruled.id], now)
    return meeting


def _closure(meeting: Meeting, row: Procedural, _now: int) -> Meeting:
    asked = question.row_of(meeting, Question(row.motion, row.amendment))
    return closing(meeting, asked) if isinstance(asked, Motion | Amendment) else meeting


def _next_business(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    motion = _motion(meeting, row)
    gone = _without_amendments(meeting)
    gone = settle(gone, motion, MotionState.FELL, Reason.NEXT_BUSINESS)
    return change.note(gone, now, Reason.NEXT_BUSINESS, motion=motion.id)


def _without_amendments(meeting: Meeting) -> Meeting:
    """Return the meeting in which an open amendment has fallen with its motion."""
    while (open_one := meeting.conference.amendment) is not None:
        amendment = meeting.amendments[open_one]
        meeting = settle(meeting, amendment, MotionState.FELL, Reason.MOTION_GONE)
    return meeting


def _table(meeting: Meeting, row: Procedural, _now: int) -> Meeting:
    return _set_aside(meeting, _motion(meeting, row), MotionState.TABLED)


def _set_aside(meeting: Meeting, motion: Motion, state: MotionState) -> Meeting:
    """Return the meeting in which this motion waits with its amendments, not before conference."""
    aside = change.motion(meeting, replace(motion, state=state))
    about = [Question(motion.id, x.id) for x in question.amendments_of(meeting, motion.id)]
    for asked in [Question(motion.id), *about]:
        aside = agenda.lapse_procedurals(agenda.lapse_requests(aside, asked), asked)
    amendment = meeting.conference.amendment
    while amendment is not None:  # one to an amendment goes back together with what it amends
        row = aside.amendments[amendment]
        fresh = replace(row, state=MotionState.PUBLISHED, list_closed=False, reply_waived=False)
        aside = change.amendment(aside, fresh)
        amendment = row.amends
    return change.conference(aside, amendment=None)


def _take_up(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    return agenda.bring_back(meeting, _motion(meeting, row), now)


def _reconsider(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    return reconsidering.again(meeting, _motion(meeting, row), now)


def _recess(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    until = now + row.minutes * 60_000
    return change.conference(meeting, pause=Pause.BREAK, paused_at=now, resumes_at=until)


def _goes_back(state: MotionState) -> Effect:
    """Return the effect of sending a motion or report, or parts of it, to its committee."""

    def effect(meeting: Meeting, row: Procedural, now: int) -> Meeting:
        motion = _motion(meeting, row)
        if row.numbers:
            parts = tuple(sorted({*motion.referred, *row.numbers}))
            return change.motion(meeting, replace(motion, referred=parts))
        gone = settle(_without_amendments(meeting), motion, state)
        return change.note(gone, now, state, motion=motion.id)

    return effect


def _adjourn_debate(meeting: Meeting, row: Procedural, _now: int) -> Meeting:
    motion = replace(_motion(meeting, row), resumes_item=row.target)
    return _set_aside(meeting, motion, MotionState.ADJOURNED)


def _adjourn_meeting(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    return change.conference(
        meeting, pause=Pause.ADJOURNED, paused_at=now, resumes_at=now + row.minutes * 60_000
    )


def _suspend(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    number = SuspensionId(len(meeting.suspensions) + 1)
    suspension = Suspension(number, row.id, frozenset(row.numbers), now, now + row.minutes * 60_000)
    return replace(meeting, suspensions=meeting.suspensions.put(number, suspension))


def _be_heard(meeting: Meeting, row: Procedural, _now: int) -> Meeting:
    """Return the meeting in which whoever moved it is called next; else who has waited longest."""
    asked = question.innermost(meeting)
    waiting = [
        r
        for r in meeting.requests.values()
        if r.state is RequestState.WAITING and question.of(r) == asked
    ]
    if not waiting:
        return meeting
    overlooked = min(waiting, key=lambda r: (r.person != row.by, r.asked_at, r.id))
    return change.request(meeting, replace(overlooked, heard=True))


def _retake(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    vote = meeting.votes.get(row.vote) if row.vote is not None else None
    if vote is None or not undo.is_latest(meeting, vote):
        return meeting
    return undo.take_back(meeting, vote, now, "retaken")


def _by_name(meeting: Meeting, _row: Procedural, _now: int) -> Meeting:
    """Return the meeting as it is: the vote asks when it is announced (`voting.by_name`)."""
    return meeting


def _extend_time(meeting: Meeting, row: Procedural, _now: int) -> Meeting:
    item = meeting.conference.item
    if item is None:
        return meeting
    longer = replace(meeting.items[item], extended=meeting.items[item].extended + row.minutes)
    return change.item(meeting, replace(longer, guillotined=False))


def _speech_time(meeting: Meeting, row: Procedural, _now: int) -> Meeting:
    return change.conference(meeting, speech_cap=row.seconds)


def _vary_order(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    """Return the meeting in which the target is the next of the planned items."""
    target = meeting.items.get(row.target) if row.target is not None else None
    following = agenda.next_item(meeting)
    if target is None or following is None or target.id == following.id:
        return meeting
    if target.state is not ItemState.PLANNED:
        return meeting
    to = plan.moved(plan.plan_of(meeting), target.id, following.id)
    varied = plan.applied(meeting, to, now)
    if isinstance(varied, Refused):
        return meeting
    varied = plan.recorded(meeting, varied, now)
    head = varied.conference
    waits = head.item is not None and varied.items[head.item].state is ItemState.PLANNED
    return change.conference(varied, item=target.id) if waits else varied


def _withdrawal(meeting: Meeting, row: Procedural, now: int) -> Meeting:
    asked = question.row_of(meeting, Question(row.motion, row.amendment))
    if not isinstance(asked, Motion | Amendment):
        return meeting
    gone = settle(meeting, asked, MotionState.WITHDRAWN)
    return change.note(gone, now, "withdrawn", motion=row.motion, amendment=row.amendment)


CARRIED: Mapping[Procedure, Effect] = {
    Procedure.CLOSURE: _closure,
    Procedure.NEXT_BUSINESS: _next_business,
    Procedure.TABLE: _table,
    Procedure.TAKE_UP: _take_up,
    Procedure.REMIT: _goes_back(MotionState.REMITTED),
    Procedure.REFERENCE_BACK: _goes_back(MotionState.REFERRED_BACK),
    Procedure.ADJOURN_DEBATE: _adjourn_debate,
    Procedure.ADJOURN_MEETING: _adjourn_meeting,
    Procedure.SUSPEND: _suspend,
    Procedure.BE_HEARD: _be_heard,
    Procedure.RETAKE: _retake,
    Procedure.BY_NAME: _by_name,
    Procedure.EXTEND_TIME: _extend_time,
    Procedure.SPEECH_TIME: _speech_time,
    Procedure.VARY_ORDER: _vary_order,
    Procedure.WITHDRAWAL: _withdrawal,
    Procedure.RECESS: _recess,
    Procedure.RECONSIDER: _reconsider,
}
"""The effect of each when it is carried. Challenge and no confidence stand in `decide`."""
