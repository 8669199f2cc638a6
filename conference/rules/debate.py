"""A motion or an amendment from its call to the end of its debate (procedure B3, B4)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, people, question, sequence
from conference.rules.kinds import (
    AmendmentId,
    Governs,
    MotionId,
    MotionKind,
    MotionState,
    PersonId,
    Reason,
    ReplyWhen,
    Side,
)
from conference.rules.question import SETTLED, SPEAKING, Question
from conference.rules.refused import Code, Refused
from conference.rules.state import Amendment, Meeting, Motion

Row = Motion | Amendment
OPEN = (MotionState.CALLED, MotionState.MOVED, MotionState.DEBATE)
ASKABLE = OPEN


def current_motion(meeting: Meeting) -> Motion | None:
    """Return the motion before conference, or None."""
    motion = meeting.conference.motion
    return meeting.motions[motion] if motion is not None else None


def current_amendment(meeting: Meeting) -> Amendment | None:
    """Return the amendment before conference, or None."""
    amendment = meeting.conference.amendment
    return meeting.amendments[amendment] if amendment is not None else None


def before_conference(
    meeting: Meeting, motion: MotionId, amendment: AmendmentId | None, *states: MotionState
) -> Row | Refused:
    """Return the row when it is the question before conference and in one of these states."""
    if refusal := agenda.business(meeting):
        return refusal
    row = question.motion_or_amendment(meeting, motion, amendment)
    if row is None:
        return Refused(Code.UNKNOWN)
    if question.question_of(row) != question.substantive(meeting):
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": row.label})
    if row.state not in states:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    return row


def is_question(row: Row) -> bool:
    """Say whether this is put by the chair, without a mover."""
    return isinstance(row, Motion) and row.kind is MotionKind.QUESTION


def needs_seconder(meeting: Meeting, row: Row, now: int) -> bool:
    """Say whether somebody must second it. A report needs none: a committee stands behind it."""
    if question.is_suspended(meeting, Governs.SECONDER, now):
        return False
    if isinstance(row, Amendment):
        return meeting.settings.seconder_amendments
    return meeting.settings.seconder_motions and row.kind is not MotionKind.REPORT


def facts(row: Row) -> dict[str, int | None]:
    """Return what an entry of the minutes says about which question it is."""
    if isinstance(row, Amendment):
        return {"motion": row.motion, "amendment": row.id}
    return {"motion": row.id}


def offer_move(meeting: Meeting, act: a.OfferMove, by: PersonId, now: int) -> Meeting | Refused:
    """Be the one who moves it; the chair confirms with *Moved*.

    Refuses a second mover, and for an amendment whoever moved or seconded the motion, spoke on it,
    or has moved or seconded another amendment to it (procedure B4).
    """
    row = before_conference(meeting, act.motion, act.amendment, MotionState.CALLED)
    if isinstance(row, Refused):
        return row
    if is_question(row):
        return Refused(Code.NEEDS_NO_MOVER, {"label": row.label})
    if refusal := people.may_speak(meeting, by, now):
        return refusal
    if row.mover is not None:
        return Refused(Code.ALREADY_MOVED, {"label": row.label})
    if isinstance(row, Amendment) and (refusal := may_amend(meeting, row, by, moves=True)):
        return refusal
    return question.put(meeting, replace(row, mover=by))


def offer_second(meeting: Meeting, act: a.OfferSecond, by: PersonId, now: int) -> Meeting | Refused:
    """Be its seconder; the chair confirms with *Seconded*.

    Refuses when it has one, its mover, and for an amendment those who may not move one either.
    """
    row = before_conference(meeting, act.motion, act.amendment, MotionState.MOVED)
    if isinstance(row, Refused):
        return row
    if refusal := people.may_speak(meeting, by, now):
        return refusal
    if row.seconder is not None:
        return Refused(Code.ALREADY_SECONDED, {"label": row.label})
    if row.mover == by:
        return Refused(Code.OWN_MOTION)
    if isinstance(row, Amendment) and (refusal := may_amend(meeting, row, by, moves=False)):
        return refusal
    return question.put(meeting, replace(row, seconder=by))


def may_amend(meeting: Meeting, row: Amendment, by: PersonId, *, moves: bool) -> Refused | None:
    """Say why this person can neither move nor second this amendment, or None (procedure B4)."""
    motion = meeting.motions[row.motion]
    if by in {motion.mover, motion.seconder}:
        return Refused(Code.OWN_MOTION)
    spoken = any(t.person == by for t in question.turns_on(meeting, Question(motion.id)))
    if moves and spoken:
        return Refused(Code.ALREADY_SPOKEN, {"label": motion.label})
    others = (x for x in question.amendments_of(meeting, motion.id) if x.id != row.id)
    if any(by in {x.mover, x.seconder} for x in others):
        return Refused(Code.ONE_AMENDMENT_EACH, {"label": motion.label})
    return None


def mark_moved(meeting: Meeting, act: a.MarkMoved, now: int) -> Meeting | Refused:
    """Record that it is moved; it now needs its seconder, or is in debate where none is needed."""
    row = before_conference(meeting, act.motion, act.amendment, MotionState.CALLED)
    if isinstance(row, Refused):
        return row
    if is_question(row):
        return Refused(Code.NEEDS_NO_MOVER, {"label": row.label})
    if refusal := agenda.quiet(meeting):
        return refusal
    state = MotionState.MOVED if needs_seconder(meeting, row, now) else MotionState.DEBATE
    moved = question.put(meeting, replace(row, state=state))
    return change.note(moved, now, "moved", **facts(row))


def mark_seconded(meeting: Meeting, act: a.MarkSeconded, now: int) -> Meeting | Refused:
    """Record that it is seconded: it is before conference and may be debated.

    Refuses a formal second, without a speech, where the standing orders do not know it.
    """
    row = before_conference(meeting, act.motion, act.amendment, MotionState.MOVED)
    if isinstance(row, Refused):
        return row
    if refusal := agenda.quiet(meeting):
        return refusal
    spoken = question.turns_on(meeting, question.question_of(row))
    if not meeting.settings.seconder_formal and not any(t.side is Side.SECONDER for t in spoken):
        return Refused(Code.SECONDER_MUST_SPEAK)
    seconded = question.put(meeting, replace(row, state=MotionState.DEBATE))
    return change.note(seconded, now, "seconded", seconder=row.seconder, **facts(row))


def settle(meeting: Meeting, row: Row, state: MotionState, reason: Reason | None = None) -> Meeting:
    """Return the meeting in which this motion or amendment needs nothing more.

    Nobody waits to speak to it; an amendment makes way for what it would have amended; a motion
    takes the amendments with it that had not been reached.
    """
    meeting = question.put(meeting, replace(row, state=state, reason=reason))
    asked = question.question_of(row)
    meeting = agenda.lapse_procedurals(agenda.lapse_requests(meeting, asked), asked)
    if isinstance(row, Amendment):
        if meeting.conference.amendment == row.id:
            meeting = change.conference(meeting, amendment=row.amends)
            meeting = _guillotined(meeting)
        return _drop(meeting, row.motion, row.id)
    if meeting.conference.motion == row.id:
        meeting = change.conference(meeting, amendment=None)
    return meeting if state is MotionState.ADJOURNED else _drop(meeting, row.id, None)


def _drop(meeting: Meeting, motion: MotionId, amends: AmendmentId | None) -> Meeting:
    """Let the amendments fall that have lost what they would amend."""
    for other in question.amendments_of(meeting, motion):
        if other.state in SETTLED or (amends is not None and other.amends != amends):
            continue
        fallen = replace(other, state=MotionState.FELL, reason=Reason.MOTION_GONE)
        asked = question.question_of(other)
        meeting = agenda.lapse_requests(change.amendment(meeting, fallen), asked)
        meeting = agenda.lapse_procedurals(meeting, asked)
    return meeting


def _guillotined(meeting: Meeting) -> Meeting:
    """Close the debate on what an amendment made way for, too, when the item's time was up."""
    head = meeting.conference
    asked = question.substantive(meeting)
    if asked is None or head.item is None or not meeting.items[head.item].guillotined:
        return meeting
    row = question.motion_or_amendment(meeting, asked.motion or MotionId(0), asked.amendment)
    in_debate = row is not None and row.state is MotionState.DEBATE
    return closing(meeting, row) if row is not None and in_debate else meeting


def rule_out_of_order(
    meeting: Meeting, act: a.RuleOutOfOrder, by: PersonId, now: int
) -> Meeting | Refused:
    """Rule that it is not put. The ruling can be challenged, so it needs its one line.

    Refuses what has been put to the vote or is settled, and anything that is not before conference
    or an amendment to it.
    """
    row = question.motion_or_amendment(meeting, act.motion, act.amendment)
    if row is None:
        return Refused(Code.UNKNOWN)
    if refusal := agenda.quiet(meeting):
        return refusal
    if act.motion != meeting.conference.motion:
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": row.label})
    if row.state not in {MotionState.PUBLISHED, *OPEN} or is_question(row):
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    if not act.remark:
        return Refused(Code.NEEDS_REASON)
    fallen = settle(meeting, row, MotionState.FELL, Reason.OUT_OF_ORDER)
    return change.note(fallen, now, Reason.OUT_OF_ORDER, remark=act.remark, by=by, **facts(row))


def leave_undecided(meeting: Meeting, act: a.LeaveUndecided, now: int) -> Meeting | Refused:
    """Go on without a decision, so that a conference that lost its quorum can still end.

    It falls without a vote. Refuses while there is a quorum: then it is put.
    """
    if act.motion is None:
        return Refused(Code.UNKNOWN)
    states = (*OPEN, MotionState.CLOSING)
    row = before_conference(meeting, act.motion, act.amendment, *states)
    if isinstance(row, Refused):
        return row
    if refusal := agenda.quiet(meeting):
        return refusal
    if question.is_quorate(meeting, now):
        return Refused(Code.QUORATE)
    left = settle(meeting, row, MotionState.FELL, Reason.UNDECIDED)
    return change.note(left, now, "left_undecided", **facts(row))


# --- the end of a debate -----------------------------------------------------------------------


def amendments_left(meeting: Meeting, row: Row) -> bool:
    """Say whether amendments to this have been neither taken nor let fall (standing order 6)."""
    motion = row.motion if isinstance(row, Amendment) else row.id
    amends = row.id if isinstance(row, Amendment) else None
    return any(
        x.amends == amends and x.state not in SETTLED and x.id != amends
        for x in question.amendments_of(meeting, motion)
    )


def is_contested(meeting: Meeting, row: Row) -> bool:
    """Say whether anybody has spoken for or against it, so that there is something to reply to."""
    turns = question.turns_on(meeting, question.question_of(row))
    return any(turn.side in SPEAKING for turn in turns)


def reply_due(meeting: Meeting, row: Row, now: int) -> bool:
    """Say whether the mover of the motion has a reply still to make, or to waive (B3.8, B4)."""
    if row.reply_waived or is_question(row):
        return False
    if not is_contested(meeting, row) or not may_reply(meeting, row, now):
        return False
    return meeting.settings.reply_when is not ReplyWhen.ONCE_ANY_TIME


def may_reply(meeting: Meeting, row: Row, now: int) -> bool:
    """Say whether the standing orders still give the mover of the motion a reply here."""
    settings = meeting.settings
    if settings.reply_when is ReplyWhen.NEVER:
        return False
    if is_question(row) or question.is_suspended(meeting, Governs.REPLY, now):
        return False
    motion = row.motion if isinstance(row, Amendment) else row.id
    replies = [
        t
        for t in meeting.turns.values()
        if t.motion == motion and t.side is Side.REPLY and t.procedural is None and not t.undone
    ]
    if settings.reply_when is ReplyWhen.END_OF_DEBATE:
        mine = question.question_of(row)
        wanted = isinstance(row, Motion) or settings.reply_on_amendments
        return wanted and not any(question.of(t) == mine for t in replies)
    if settings.reply_when is ReplyWhen.FIRST_AMENDMENT:
        waived = [x for x in question.amendments_of(meeting, motion) if x.reply_waived]
        return not replies and not waived
    return not replies


def close_debate(meeting: Meeting, act: a.CloseDebate, now: int) -> Meeting | Refused:
    """End the debate: from here only the mover's reply, then the vote.

    Refuses while amendments are left, and what is not in debate.
    """
    row = before_conference(meeting, act.motion, act.amendment, MotionState.DEBATE)
    if isinstance(row, Refused):
        return row
    if refusal := agenda.quiet(meeting):
        return refusal
    if amendments_left(meeting, row):
        return Refused(Code.AMENDMENTS_LEFT, {"label": row.label})
    return change.note(closing(meeting, row), now, "debate_closed", **facts(row))


def closing(meeting: Meeting, row: Row) -> Meeting:
    """Return the meeting in which the debate on this is closed and nobody waits to speak."""
    closed = question.put(meeting, replace(row, state=MotionState.CLOSING))
    return agenda.lapse_requests(closed, question.question_of(row))


def waive_reply(meeting: Meeting, act: a.WaiveReply, now: int) -> Meeting | Refused:
    """Record that the mover does not reply. Refuses where no reply is due."""
    row = before_conference(
        meeting, act.motion, act.amendment, MotionState.DEBATE, MotionState.CLOSING
    )
    if isinstance(row, Refused):
        return row
    if refusal := agenda.quiet(meeting):
        return refusal
    if not reply_due(meeting, row, now):
        return Refused(Code.NO_REPLY)
    if amendments_left(meeting, row):
        return Refused(Code.AMENDMENTS_LEFT, {"label": row.label})
    waived = closing(meeting, replace(row, reply_waived=True))
    return change.note(waived, now, "reply_waived", **facts(row))


def close_list(meeting: Meeting, act: a.CloseList, now: int) -> Meeting | Refused:
    """Take no new requests to speak; who waits goes on waiting."""
    row = before_conference(meeting, act.motion, act.amendment, *OPEN)
    if isinstance(row, Refused):
        return row
    if row.list_closed:
        return Refused(Code.LIST_CLOSED, {"label": row.label})
    closed = question.put(meeting, replace(row, list_closed=True))
    return change.note(closed, now, "list_closed", **facts(row))


def reopen_list(meeting: Meeting, act: a.ReopenList) -> Meeting | Refused:
    """Take requests to speak again."""
    row = before_conference(meeting, act.motion, act.amendment, *OPEN)
    if isinstance(row, Refused):
        return row
    if not row.list_closed:
        return Refused(Code.LIST_OPEN, {"label": row.label})
    return question.put(meeting, replace(row, list_closed=False))


def let_fall(meeting: Meeting, act: a.LetFall, now: int) -> Meeting | Refused:
    """Let fall what nobody moves, what nobody seconds, and an amendment that cannot be put any more.

    An amendment that has not been taken falls as *not moved*, or because its words are gone, or
    because a later part has been put already (procedure B4).
    """
    if refusal := agenda.quiet(meeting):
        return refusal
    row = question.motion_or_amendment(meeting, act.motion, act.amendment)
    if row is None:
        return Refused(Code.UNKNOWN)
    if is_question(row):
        return Refused(Code.NEEDS_NO_MOVER, {"label": row.label})
    reason = _why_it_falls(meeting, row)
    if isinstance(reason, Refused):
        return reason
    fallen = settle(meeting, row, MotionState.FELL, reason)
    return change.note(fallen, now, reason, **facts(row))


def _why_it_falls(meeting: Meeting, row: Row) -> Reason | Refused:
    if question.question_of(row) == question.substantive(meeting):
        reasons = {
            MotionState.CALLED: Reason.NOT_MOVED,
            MotionState.MOVED: Reason.NOT_SECONDED,
        }
        wrong = Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
        return reasons.get(row.state, wrong)
    if isinstance(row, Motion) or row.motion != meeting.conference.motion:
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": row.label})
    if row.state is not MotionState.PUBLISHED:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    return sequence.why_not(meeting, row) or Reason.NOT_MOVED
