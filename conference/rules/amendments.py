"""Taking amendments one by one, and *any objection?* (procedure B4, standing orders 6 and 12)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, consequences, debate, people, question, sequence
from conference.rules.debate import Row, facts, settle
from conference.rules.kinds import (
    Action,
    AmendmentId,
    Friendly,
    Governs,
    LeaveId,
    LeaveKind,
    LeaveState,
    MotionKind,
    MotionState,
    PersonId,
    Reason,
    WithdrawBy,
)
from conference.rules.refused import Code, Refused
from conference.rules.state import Amendment, Leave, Meeting, Motion

WHY = {Reason.PLACE_GONE: Code.PLACE_GONE, Reason.EARLIER_PART: Code.EARLIER_PART}


def take_amendment(meeting: Meeting, act: a.TakeAmendment, now: int) -> Meeting | Refused:
    """Take the next amendment: from here debate and vote are on it alone.

    Refuses a second one while one is open, any but the next, one whose words are gone, and one to a
    part before one that has been put.
    """
    if refusal := agenda.quiet(meeting):
        return refusal
    row = meeting.amendments.get(act.amendment)
    if row is None:
        return Refused(Code.UNKNOWN)
    head = meeting.conference
    if row.motion != head.motion:
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": row.label})
    if row.state is not MotionState.PUBLISHED:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    if refusal := _ready_for(meeting, row):
        return refusal
    motion = meeting.motions[row.motion]
    following = sequence.next_amendment(meeting, motion)
    free = question.is_suspended(meeting, Governs.AMENDMENT_ORDER, now)
    if following is not None and following.id != row.id and not free:
        return Refused(Code.NOT_NEXT_AMENDMENT, {"label": following.label})
    if reason := sequence.why_not(meeting, row):
        return Refused(WHY[reason], {"label": row.label})
    taken = change.amendment(meeting, replace(row, state=MotionState.CALLED))
    taken = change.conference(taken, amendment=row.id)
    return change.note(taken, now, "amendment", motion=row.motion, amendment=row.id)


def _ready_for(meeting: Meeting, row: Amendment) -> Refused | None:
    """Say why this amendment's turn cannot have come: something else is open, or nothing moved."""
    head = meeting.conference
    if head.amendment is not None and head.amendment != row.amends:
        label = meeting.amendments[head.amendment].label
        return Refused(Code.AMENDMENT_OPEN, {"label": label})
    if row.amends is not None:
        if not meeting.settings.amend_second_level or head.amendment is None:
            return Refused(Code.NOT_POSSIBLE_NOW)
        parent: Row = meeting.amendments[row.amends]
    else:
        parent = meeting.motions[row.motion]
    if parent.state is not MotionState.DEBATE:
        return Refused(Code.WRONG_STATE, {"label": parent.label, "state": parent.state})
    return None


def propose(meeting: Meeting, act: a.ProposeAmendment, by: PersonId, now: int) -> Meeting | Refused:
    """Hand in an amendment from the floor; the chair admits or declines it.

    Refuses where the standing orders take no amendments on the day, when the motion is not in
    debate, who may not move one (`debate.may_amend`), and when the words it names do not stand in
    the text.
    """
    if refusal := agenda.business(meeting):
        return refusal
    if not meeting.settings.amend_from_floor:
        return Refused(Code.NO_FLOOR_AMENDMENTS)
    motion = meeting.motions.get(act.motion)
    if motion is None:
        return Refused(Code.UNKNOWN)
    if refusal := people.may_speak(meeting, by, now):
        return refusal
    stages = {MotionState.CALLED, MotionState.MOVED, MotionState.DEBATE}
    if motion.id != meeting.conference.motion or motion.state not in stages:
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": motion.label})
    if motion.kind is MotionKind.QUESTION:
        return Refused(Code.OWN_MOTION)
    if act.amends is not None and not _can_be_amended(meeting, motion, act.amends):
        return Refused(Code.NO_FLOOR_AMENDMENTS)
    mine = [x for x in question.amendments_of(meeting, motion.id) if x.proposed_by == by]
    if mine:
        return Refused(Code.ONE_AMENDMENT_EACH, {"label": motion.label})
    row = _from_floor(meeting, motion, act, by)
    if refusal := debate.may_amend(meeting, row, by, moves=True):
        return refusal
    if sequence.why_not(meeting, row) is Reason.PLACE_GONE:
        return Refused(Code.WORDS_NOT_FOUND)
    if not row.text and row.action is not Action.DELETE:
        return Refused(Code.WORDS_NOT_FOUND)
    return change.amendment(meeting, row)


def _can_be_amended(meeting: Meeting, motion: Motion, number: AmendmentId) -> bool:
    """Say whether this amendment may be amended: one of this motion, not settled, of the first level."""
    row = meeting.amendments.get(number)
    if row is None or not meeting.settings.amend_second_level:
        return False
    return row.motion == motion.id and row.amends is None and row.state not in question.SETTLED


def _from_floor(
    meeting: Meeting, motion: Motion, act: a.ProposeAmendment, by: PersonId
) -> Amendment:
    siblings = question.amendments_of(meeting, motion.id)
    number = AmendmentId(max(meeting.amendments, default=0) + 1)
    position = max((x.position for x in siblings), default=0) + 1
    return Amendment(
        number, motion.id, position, f"{motion.label} / {position}", "", act.text,
        action=act.action, paragraph=act.paragraph, words=act.words, received=position,
        amends=act.amends, proposed_by=by, mover=by, state=MotionState.PROPOSED,
    )  # fmt: skip


def admit(meeting: Meeting, act: a.AdmitAmendment, by: PersonId, now: int) -> Meeting | Refused:
    """Admit an amendment from the floor, or decline it as out of order: a ruling like any other."""
    row = meeting.amendments.get(act.amendment)
    if row is None:
        return Refused(Code.UNKNOWN)
    if refusal := agenda.business(meeting):
        return refusal
    if row.state is not MotionState.PROPOSED:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    if not act.admit:
        declined = settle(meeting, row, MotionState.FELL, Reason.OUT_OF_ORDER)
        return change.note(
            declined, now, "amendment_declined", motion=row.motion, amendment=row.id, by=by
        )
    admitted = change.amendment(meeting, replace(row, state=MotionState.PUBLISHED))
    return change.note(admitted, now, "amendment_admitted", motion=row.motion, amendment=row.id)


# --- any objection? ----------------------------------------------------------------------------


def ask_leave(meeting: Meeting, act: a.AskLeave, now: int) -> Meeting | Refused:
    """Ask *any objection?*, for as long as the standing orders say; one objection is enough.

    To withdraw what has not been seconded needs no leave; nor does what the settings leave to the
    mover. Refuses where the standing orders ask for a vote instead, and what was objected to.
    """
    if refusal := agenda.quiet(meeting):
        return refusal
    row = question.motion_or_amendment(meeting, act.motion, act.amendment)
    if row is None:
        return Refused(Code.UNKNOWN)
    if question.question_of(row) != question.substantive(meeting):
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": row.label})
    problem = _cannot_ask(meeting, act.kind, row)
    if problem is not None:
        return problem
    if has_objected(meeting, act.kind, row):
        return Refused(Code.OBJECTED, {"label": row.label})
    if _needs_no_leave(meeting, act.kind, row):
        return _agreed(meeting, act.kind, row, now)
    number = LeaveId(len(meeting.leaves) + 1)
    closes_at = now + meeting.settings.leave_window * 1000
    leave = Leave(number, act.kind, act.motion, now, closes_at, act.amendment)
    asked = change.conference(change.leave(meeting, leave), leave=number)
    return change.note(asked, now, f"leave_{act.kind}", leave=number, **facts(row))


def has_objected(meeting: Meeting, kind: LeaveKind, row: Row) -> bool:
    """Say whether somebody has objected to this already: then it is debated and voted on."""
    asked = question.question_of(row)
    about = (kind, asked.motion, asked.amendment)
    return any(
        (x.kind, x.motion, x.amendment) == about and x.state is LeaveState.OBJECTED
        for x in meeting.leaves.values()
    )


def _cannot_ask(meeting: Meeting, kind: LeaveKind, row: Row) -> Refused | None:
    stages = {MotionState.CALLED, MotionState.MOVED, MotionState.DEBATE}
    if kind is LeaveKind.WITHDRAW:
        stages = stages | {MotionState.CLOSING}
    question_row = isinstance(row, Motion) and row.kind is MotionKind.QUESTION
    if row.state not in stages or question_row:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    if kind is LeaveKind.ACCEPT:
        if not isinstance(row, Amendment):
            return Refused(Code.NOT_POSSIBLE_NOW)
        always = meeting.settings.amend_friendly is Friendly.ALWAYS_VOTE
        return Refused(Code.VOTE_INSTEAD) if always else None
    majority = meeting.settings.withdraw_by is WithdrawBy.MAJORITY
    seconded = row.state in {MotionState.DEBATE, MotionState.CLOSING}
    return Refused(Code.VOTE_INSTEAD) if majority and seconded else None


def _needs_no_leave(meeting: Meeting, kind: LeaveKind, row: Row) -> bool:
    settings = meeting.settings
    if kind is LeaveKind.ACCEPT:
        return settings.amend_friendly is Friendly.MOVER_ACCEPTS
    not_yet_conferences = row.state in {MotionState.CALLED, MotionState.MOVED}
    return not_yet_conferences or settings.withdraw_by is WithdrawBy.MOVER


def _agreed(meeting: Meeting, kind: LeaveKind, row: Row, now: int) -> Meeting:
    """Return the meeting in which this is withdrawn, or is part of its motion."""
    if kind is LeaveKind.WITHDRAW:
        gone = settle(meeting, row, MotionState.WITHDRAWN)
        return change.note(gone, now, "withdrawn", **facts(row))
    if not isinstance(row, Amendment):
        return meeting
    taken = settle(meeting, row, MotionState.ACCEPTED)
    taken = change.note(taken, now, "accepted", **facts(row))
    return consequences.amended(taken, row, now)


def _open_leave(meeting: Meeting, number: LeaveId) -> Leave | Refused:
    leave = meeting.leaves.get(number)
    if leave is None:
        return Refused(Code.UNKNOWN)
    return leave if leave.state is LeaveState.OPEN else Refused(Code.LEAVE_OVER)


def _end_leave(meeting: Meeting, leave: Leave, state: LeaveState) -> Meeting:
    ended = change.leave(meeting, replace(leave, state=state))
    return change.conference(ended, leave=None)


def call_off_leave(meeting: Meeting, act: a.CallOffLeave, now: int) -> Meeting | Refused:
    """Take the question back: nothing is agreed, and nothing is refused."""
    leave = _open_leave(meeting, act.leave)
    if isinstance(leave, Refused):
        return leave
    ended = _end_leave(meeting, leave, LeaveState.CALLED_OFF)
    return change.note(ended, now, "leave_called_off", leave=leave.id)


def object_to(meeting: Meeting, act: a.Object, by: PersonId, now: int) -> Meeting | Refused:
    """Object: what leave was asked for does not happen; it is debated and voted on as it is.

    Who objected is shown nowhere.
    """
    if not meeting.people[by].present:
        return Refused(Code.NOT_PRESENT)
    leave = _open_leave(meeting, act.leave)
    if isinstance(leave, Refused):
        return leave
    ended = _end_leave(meeting, leave, LeaveState.OBJECTED)
    return change.note(
        ended, now, f"objection_{leave.kind}", leave=leave.id, motion=leave.motion,
        amendment=leave.amendment,
    )  # fmt: skip


def give_leave(meeting: Meeting, act: a.GiveLeave, now: int) -> Meeting | Refused:
    """The window has closed without an objection: it is agreed."""
    leave = _open_leave(meeting, act.leave)
    if isinstance(leave, Refused):
        return leave
    given = _end_leave(meeting, leave, LeaveState.GIVEN)
    row = question.motion_or_amendment(given, leave.motion, leave.amendment)
    return given if row is None else _agreed(given, leave.kind, row, now)


__all__ = [
    "admit",
    "ask_leave",
    "call_off_leave",
    "give_leave",
    "has_objected",
    "object_to",
    "propose",
    "take_amendment",
]
