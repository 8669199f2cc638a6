"""Calling speakers: movers, seconders, for and against, the reply, slots (procedure B3, B6)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, dropped, procedures, question
from conference.rules.debate import (
    Row,
    amendments_left,
    before_conference,
    closing,
    facts,
    is_question,
    may_reply,
    reply_due,
)
from conference.rules.kinds import (
    Governs,
    ItemId,
    ItemState,
    MotionState,
    PersonId,
    ProceduralState,
    ReplyWhen,
    RequestState,
    Side,
    TurnId,
)
from conference.rules.question import SPEAKING, Question
from conference.rules.queue import has_had_turns, has_spoken, has_spoken_on, waiting_request
from conference.rules.refused import Code, Refused
from conference.rules.state import Amendment, FloorRequest, Meeting, Motion, Procedural, Turn


def call_speaker(meeting: Meeting, act: a.CallSpeaker, now: int) -> Meeting | Refused:
    """Give somebody the floor; their clock runs.

    Refuses while somebody else speaks or a vote runs, whoever has spoken on the question, and after
    the mover's reply anybody at all.
    """
    if refusal := agenda.idle(meeting):
        return refusal
    item = meeting.conference.item
    if item is None or meeting.items[item].state is not ItemState.CALLED:
        return Refused(Code.ITEM_NOT_CALLED)
    turn = _turn(meeting, act, item, now)
    if isinstance(turn, Refused):
        return turn
    turn = dropped.with_time_left(meeting, turn)
    called = change.turn(meeting, turn)
    if turn.person is not None:
        # One speech per person and question: who speaks as the seconder waits no longer.
        request = waiting_request(meeting, question.of(turn), turn.person)
        if request is not None:
            turn = replace(turn, request=request.id)
            called = change.turn(called, turn)
            called = change.request(called, replace(request, state=RequestState.CALLED))
    if act.side is Side.REPLY and turn.procedural is None:
        called = _after_reply_only_the_vote(called, turn)
    called = change.conference(called, turn=turn.id)
    return change.note(called, now, "speaker", turn=turn.id)


def _after_reply_only_the_vote(meeting: Meeting, turn: Turn) -> Meeting:
    """Return the meeting in which the debate is closed; the turn remembers what that ended."""
    asked = question.substantive(meeting)
    row = question.row_of(meeting, asked) if asked is not None else None
    if not isinstance(row, Motion | Amendment) or row.state is not MotionState.DEBATE:
        return meeting
    if meeting.settings.reply_when is ReplyWhen.ONCE_ANY_TIME:
        return meeting
    waiting = (r for r in meeting.requests.values() if r.state is RequestState.WAITING)
    lapsed = tuple(r.id for r in waiting if question.of(r) == asked)
    return change.turn(closing(meeting, row), replace(turn, closed=True, lapsed=lapsed))


def _turn(meeting: Meeting, act: a.CallSpeaker, item: ItemId, now: int) -> Turn | Refused:
    asked = question.innermost(meeting)
    if act.request is not None and not _takes_request(meeting, asked, act.side):
        return Refused(Code.NOT_ASKED)
    if act.side is Side.SPEAKER:
        return _slot_turn(meeting, act, now)
    if asked is None:
        return Refused(Code.NOBODY_ASKS)
    row = question.row_of(meeting, asked)
    if isinstance(row, Procedural):
        turn = _procedural_turn(meeting, row, act)
    elif act.side is Side.REPLY:
        turn = _reply_turn(meeting, row, act, now)
    elif act.side in SPEAKING:
        turn = _request_turn(meeting, asked, row, act, now)
    else:
        turn = _opening_turn(meeting, row, act)
    if isinstance(turn, Refused):
        return turn
    person, name, seconds = turn
    number = TurnId(len(meeting.turns) + 1)
    return Turn(
        number, item, act.side, _capped(meeting, asked, seconds, now), now, motion=asked.motion,
        person=person, name="" if person else name,
        amendment=asked.amendment, procedural=asked.procedural,
    )  # fmt: skip


def _takes_request(meeting: Meeting, asked: Question | None, side: Side) -> bool:
    """Say whether such a call is of somebody in the queue; the others name nobody who waits."""
    if side is not Side.REPLY or asked is None:
        return side in SPEAKING
    return not isinstance(question.row_of(meeting, asked), Procedural)


Who = tuple[PersonId | None, str, int]
"""A person, or the printed name of somebody without an account here; and how many seconds."""


def _capped(meeting: Meeting, asked: Question, seconds: int, now: int) -> int:
    """Return the seconds, but no more than the motion or a decision of conference allows."""
    motion = meeting.motions[asked.motion].speech if asked.motion is not None else None
    if question.is_suspended(meeting, Governs.SPEECH_TIMES, now):
        return seconds
    caps = [x for x in (motion, meeting.conference.speech_cap) if x is not None]
    return min([seconds, *caps])


def _slot_turn(meeting: Meeting, act: a.CallSpeaker, now: int) -> Turn | Refused:
    slot = meeting.slots.get(act.slot) if act.slot is not None else None
    if slot is None:
        return Refused(Code.NOBODY_ASKS)
    if slot.item != meeting.conference.item:
        return Refused(Code.ITEM_NOT_CALLED)
    if has_spoken(meeting, slot):
        return Refused(Code.ALREADY_SPOKEN, {"label": slot.title})
    if refusal := agenda.quiet(meeting):
        return refusal
    return Turn(
        TurnId(len(meeting.turns) + 1), slot.item, act.side, slot.minutes * 60, now,
        slot=slot.id, person=slot.person, name=slot.name,
    )  # fmt: skip


def _waiting(meeting: Meeting, asked: Question, act: a.CallSpeaker) -> FloorRequest | Refused:
    request = meeting.requests.get(act.request) if act.request is not None else None
    if request is None:
        return Refused(Code.NOBODY_ASKS)
    if question.of(request) != asked:
        label = question.label(meeting, asked)
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": label})
    return request if request.state is RequestState.WAITING else Refused(Code.NOT_ASKED)


def _request_turn(
    meeting: Meeting, asked: Question, row: Row, act: a.CallSpeaker, now: int
) -> Who | Refused:
    if row.state is MotionState.CLOSING:
        return Refused(Code.DEBATE_CLOSED, {"label": row.label})
    request = _waiting(meeting, asked, act)
    if isinstance(request, Refused):
        return request
    if request.side is not act.side:
        return Refused(Code.NOT_ASKED)
    wanted = MotionState.CALLED if is_question(row) else MotionState.DEBATE
    if row.state is not wanted:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    if has_had_turns(meeting, asked, request.person, now):
        return Refused(Code.ALREADY_SPOKEN, {"label": row.label})
    return request.person, "", meeting.settings.speech_other


def _procedural_turn(meeting: Meeting, row: Procedural, act: a.CallSpeaker) -> Who | Refused:
    """Give the floor on a procedural motion: its mover explains, then whom the table allows.

    Whoever a question about the chair is about answers it, last; the mover of the motion answers
    an adjournment of its debate, whoever reports a reference back (procedure B5).
    """
    allowed = procedures.ROWS[row.kind]
    asked = question.question_of(row)
    seconds = meeting.settings.speech_procedural
    said = [t.side for t in question.turns_on(meeting, asked)]
    if row.state is not ProceduralState.PENDING or not allowed.debate:
        return Refused(Code.NOT_POSSIBLE_NOW)
    if act.side is Side.MOVER:
        spoken = Side.MOVER in said or Side.REPLY in said
        return Refused(Code.ALREADY_SPOKEN, {"label": ""}) if spoken else (row.by, "", seconds)
    if act.side is Side.REPLY and allowed.answered:
        spoken = Side.REPLY in said
        who, name = _who_answers(meeting, row)
        return Refused(Code.ALREADY_SPOKEN, {"label": ""}) if spoken else (who, name, seconds)
    if act.side not in SPEAKING:
        return Refused(Code.NOT_POSSIBLE_NOW)
    if said.count(act.side) >= procedures.speeches(row.kind, act.side):
        return Refused(Code.DEBATE_CLOSED, {"label": ""})
    request = _waiting(meeting, asked, act)
    if isinstance(request, Refused):
        return request
    return (request.person, "", seconds) if request.side is act.side else Refused(Code.NOT_ASKED)


def _who_answers(meeting: Meeting, row: Procedural) -> tuple[PersonId | None, str]:
    """Return whom it is about; else the mover of the motion, or whoever reports (procedure B5)."""
    if row.motion is None or procedures.ROWS[row.kind].about_chair:
        return row.about, ""
    motion = meeting.motions[row.motion]
    return motion.mover, motion.mover_name


def _opening_turn(meeting: Meeting, row: Row, act: a.CallSpeaker) -> Who | Refused:
    """Give the floor to its mover until it is seconded, to its seconder once it is moved.

    A seconder who seconded formally may still speak in the debate, once (procedure B3.3).
    """
    if is_question(row) or act.side not in {Side.MOVER, Side.SECONDER}:
        return Refused(Code.NOBODY_ASKS)
    mover = act.side is Side.MOVER
    states = {MotionState.MOVED} | ({MotionState.CALLED} if mover else {MotionState.DEBATE})
    if isinstance(row, Motion) and mover and row.kind == "report":
        states |= {MotionState.DEBATE}
    if row.state not in states:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    asked = question.question_of(row)
    said = question.turns_on(meeting, asked)
    if any(t.side is act.side for t in said):
        return Refused(Code.ALREADY_SPOKEN, {"label": row.label})
    settings = meeting.settings
    if mover:
        amends = isinstance(row, Amendment)
        seconds = settings.speech_amendment if amends else settings.speech_mover
        return row.mover, row.mover_name, seconds
    if row.seconder is not None and has_spoken_on(meeting, asked, row.seconder):
        return Refused(Code.ALREADY_SPOKEN, {"label": row.label})
    return row.seconder, row.seconder_name, settings.speech_seconder


def _reply_turn(meeting: Meeting, row: Row, act: a.CallSpeaker, now: int) -> Who | Refused:
    """Give the floor to the mover of the motion, or to a delegate in the queue who replies for them."""
    if row.state not in {MotionState.DEBATE, MotionState.CLOSING}:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    if row.reply_waived or not may_reply(meeting, row, now):
        return Refused(Code.NO_REPLY)
    if amendments_left(meeting, row) and meeting.settings.reply_when != ReplyWhen.ONCE_ANY_TIME:
        return Refused(Code.AMENDMENTS_LEFT, {"label": row.label})
    settings = meeting.settings
    amends = isinstance(row, Amendment)
    seconds = settings.speech_reply_amendment if amends else settings.speech_reply
    motion = meeting.motions[row.motion] if isinstance(row, Amendment) else row
    if act.request is None:
        return motion.mover, motion.mover_name, seconds
    request = _waiting(meeting, question.question_of(row), act)
    if isinstance(request, Refused):
        return request
    if request.side is Side.AGAINST and not amends:
        return Refused(Code.NOT_ASKED)  # nobody replies for a motion that they oppose
    return request.person, "", seconds


def forgo_reply(meeting: Meeting, act: a.ForgoReply, by: PersonId, now: int) -> Meeting | Refused:
    """Record that the mover of the motion will not reply, as they say themself. The debate goes on.

    Refuses everybody else, and where no reply is due.
    """
    row = before_conference(
        meeting, act.motion, act.amendment, MotionState.DEBATE, MotionState.CLOSING
    )
    if isinstance(row, Refused):
        return row
    if refusal := agenda.business(meeting):
        return refusal
    if meeting.motions[act.motion].mover != by:
        return Refused(Code.NOT_YOURS)
    if not reply_due(meeting, row, now):
        return Refused(Code.NO_REPLY)
    waived = question.put(meeting, replace(row, reply_waived=True))
    return change.note(waived, now, "reply_waived", **facts(row))
