"""Moving, seconding, asking for the floor, speaking (procedure B3, B6)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change
from conference.rules.kinds import (
    ItemState,
    MotionId,
    MotionKind,
    MotionState,
    PersonId,
    RequestId,
    RequestState,
    Side,
    TurnId,
)
from conference.rules.refused import Code, Refused
from conference.rules.state import FloorRequest, Meeting, Motion, Slot, Turn

OPPOSITE = {Side.FOR: Side.AGAINST, Side.AGAINST: Side.FOR}


def current_motion(meeting: Meeting) -> Motion | None:
    """Return the motion before conference, or None."""
    motion = meeting.conference.motion
    return meeting.motions[motion] if motion is not None else None


def _before_conference(
    meeting: Meeting, motion: MotionId, *states: MotionState
) -> Motion | Refused:
    """Return the motion if it is the one before conference and in one of these states."""
    if refusal := agenda.business(meeting):
        return refusal
    row = meeting.motions.get(motion)
    if row is None:
        return Refused(Code.UNKNOWN)
    if row.id != meeting.conference.motion:
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": row.label})
    if row.state not in states:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    return row


def mark_moved(meeting: Meeting, act: a.MarkMoved, now: int) -> Meeting | Refused:
    """Record that the motion is moved; it now needs a seconder. A question needs no mover."""
    motion = _before_conference(meeting, act.motion, MotionState.CALLED)
    if isinstance(motion, Refused):
        return motion
    if motion.kind is MotionKind.QUESTION:
        return Refused(Code.NEEDS_NO_MOVER, {"label": motion.label})
    if meeting.conference.turn is not None:
        return Refused(Code.SOMEBODY_SPEAKS)
    moved = change.motion(meeting, replace(motion, state=MotionState.MOVED))
    return change.note(moved, now, "moved", motion=motion.id)


def offer_second(meeting: Meeting, act: a.OfferSecond, by: PersonId) -> Meeting | Refused:
    """Be the motion's seconder. Refuses when it has one; the chair confirms with *Seconded*."""
    motion = _before_conference(meeting, act.motion, MotionState.MOVED)
    if isinstance(motion, Refused):
        return motion
    if not meeting.people[by].present:
        return Refused(Code.NOT_PRESENT)
    if motion.seconder is not None:
        return Refused(Code.ALREADY_SECONDED, {"label": motion.label})
    return change.motion(meeting, replace(motion, seconder=by))


def mark_seconded(meeting: Meeting, act: a.MarkSeconded, now: int) -> Meeting | Refused:
    """Record that the motion is seconded: it is before conference and may be debated."""
    motion = _before_conference(meeting, act.motion, MotionState.MOVED)
    if isinstance(motion, Refused):
        return motion
    if meeting.conference.turn is not None:
        return Refused(Code.SOMEBODY_SPEAKS)
    seconded = change.motion(meeting, replace(motion, state=MotionState.DEBATE))
    return change.note(seconded, now, "seconded", motion=motion.id, seconder=motion.seconder)


def let_fall(meeting: Meeting, act: a.LetFall, now: int) -> Meeting | Refused:
    """Let a motion fall that nobody moves, or nobody seconds."""
    motion = _before_conference(meeting, act.motion, MotionState.CALLED, MotionState.MOVED)
    if isinstance(motion, Refused):
        return motion
    if motion.kind is MotionKind.QUESTION:
        return Refused(Code.NEEDS_NO_MOVER, {"label": motion.label})
    if refusal := agenda.quiet(meeting):
        return refusal
    reason = "not_moved" if motion.state is MotionState.CALLED else "not_seconded"
    fallen = change.motion(meeting, replace(motion, state=MotionState.FELL))
    fallen = agenda.lapse_requests(fallen, motion.id)
    return change.note(fallen, now, reason, motion=motion.id)


def leave_undecided(meeting: Meeting, act: a.LeaveUndecided, now: int) -> Meeting | Refused:
    """Go on without a decision, so that a conference that lost its quorum can still end.

    The motion falls without a vote. Refuses while there is a quorum: then it is put.
    """
    states = (MotionState.CALLED, MotionState.MOVED, MotionState.DEBATE)
    motion = _before_conference(meeting, act.motion, *states)
    if isinstance(motion, Refused):
        return motion
    if refusal := agenda.quiet(meeting):
        return refusal
    if meeting.conference.present >= meeting.settings.quorum:
        return Refused(Code.QUORATE)
    left = change.motion(meeting, replace(motion, state=MotionState.FELL))
    left = agenda.lapse_requests(left, motion.id)
    return change.note(left, now, "left_undecided", motion=motion.id)


ASKABLE = (MotionState.CALLED, MotionState.MOVED, MotionState.DEBATE)


def ask(meeting: Meeting, act: a.AskToSpeak, by: PersonId, now: int) -> Meeting | Refused:
    """Join the queue for or against. One waiting request, and one speech, per person and motion."""
    motion = _before_conference(meeting, act.motion, *ASKABLE)
    if isinstance(motion, Refused):
        return motion
    if act.side not in OPPOSITE:
        return Refused(Code.NOT_ALLOWED)
    if not meeting.people[by].present:
        return Refused(Code.NOT_PRESENT)
    if waiting_request(meeting, motion.id, by) is not None:
        return Refused(Code.ALREADY_ASKED)
    if any((t.motion, t.person) == (motion.id, by) for t in meeting.turns.values()):
        return Refused(Code.ALREADY_SPOKEN, {"label": motion.label})
    number = RequestId(len(meeting.requests) + 1)
    row = FloorRequest(number, motion.id, by, act.side, now)
    return replace(meeting, requests=meeting.requests.put(number, row))


def withdraw(meeting: Meeting, act: a.WithdrawRequest, by: PersonId) -> Meeting | Refused:
    """Take one's waiting request to this motion back."""
    row = waiting_request(meeting, act.motion, by)
    if row is None:
        return Refused(Code.NOT_ASKED)
    return change.request(meeting, replace(row, state=RequestState.WITHDRAWN))


def waiting_request(meeting: Meeting, motion: MotionId, by: PersonId) -> FloorRequest | None:
    """Return the request with which this person waits to speak to this motion, or None."""
    mine = (r for r in meeting.requests.values() if (r.motion, r.person) == (motion, by))
    return next((r for r in mine if r.state is RequestState.WAITING), None)


def queue(meeting: Meeting, motion: MotionId) -> list[FloorRequest]:
    """Return who waits to speak to this motion, in the order in which the machine suggests them.

    Against and for alternate, beginning with *against* after the seconder (procedure B3.5) and
    with the side that did not speak last; within a side, whoever asked first.
    """
    waiting = [
        r
        for r in meeting.requests.values()
        if r.motion == motion and r.state is RequestState.WAITING
    ]
    spoken = [t for t in meeting.turns.values() if t.motion == motion and t.side in OPPOSITE]
    turn_of = OPPOSITE[spoken[-1].side] if spoken else Side.AGAINST
    sides = {side: [r for r in waiting if r.side is side] for side in OPPOSITE}
    ordered: list[FloorRequest] = []
    while sides[Side.FOR] or sides[Side.AGAINST]:
        side = turn_of if sides[turn_of] else OPPOSITE[turn_of]
        ordered.append(sides[side].pop(0))
        turn_of = OPPOSITE[side]
    return ordered


def slots_of(meeting: Meeting, item: int) -> list[Slot]:
    """Return an item's speakers in their printed order."""
    return sorted((s for s in meeting.slots.values() if s.item == item), key=lambda s: s.position)


def has_spoken(meeting: Meeting, slot: Slot) -> bool:
    """Say whether this speaker has been called."""
    return any(t.slot == slot.id for t in meeting.turns.values())


def next_slot(meeting: Meeting) -> Slot | None:
    """Return the next speaker of the item before conference who has not been called, or None."""
    item = meeting.conference.item
    if item is None or meeting.items[item].state is not ItemState.CALLED:
        return None
    return next((s for s in slots_of(meeting, item) if not has_spoken(meeting, s)), None)


def call_speaker(meeting: Meeting, act: a.CallSpeaker, now: int) -> Meeting | Refused:
    """Give somebody the floor; their clock runs. Refuses while somebody else speaks or a vote runs."""
    if refusal := agenda.quiet(meeting):
        return refusal
    item = meeting.conference.item
    if item is None or meeting.items[item].state is not ItemState.CALLED:
        return Refused(Code.ITEM_NOT_CALLED)
    turn = _turn(meeting, act, TurnId(len(meeting.turns) + 1), now)
    if isinstance(turn, Refused):
        return turn
    called = change.turn(meeting, turn)
    if turn.motion is not None and turn.person is not None:
        # One speech per person and motion: who speaks as the seconder waits no longer.
        request = waiting_request(meeting, turn.motion, turn.person)
        if request is not None:
            called = change.request(called, replace(request, state=RequestState.CALLED))
    called = change.conference(called, turn=turn.id)
    return change.note(called, now, "speaker", turn=turn.id)


def _turn(meeting: Meeting, act: a.CallSpeaker, number: TurnId, now: int) -> Turn | Refused:
    if act.side is Side.SPEAKER:
        return _slot_turn(meeting, act, number, now)
    if act.side in OPPOSITE:
        return _request_turn(meeting, act, number, now)
    return _printed_turn(meeting, act, number, now)


def _slot_turn(meeting: Meeting, act: a.CallSpeaker, number: TurnId, now: int) -> Turn | Refused:
    slot = meeting.slots.get(act.slot) if act.slot is not None else None
    if slot is None:
        return Refused(Code.NOBODY_ASKS)
    if slot.item != meeting.conference.item:
        return Refused(Code.ITEM_NOT_CALLED)
    if has_spoken(meeting, slot):
        return Refused(Code.ALREADY_SPOKEN)
    return Turn(
        number, slot.item, act.side, slot.minutes * 60, now,
        slot=slot.id, person=slot.person, name=slot.name,
    )  # fmt: skip


def _request_turn(meeting: Meeting, act: a.CallSpeaker, number: TurnId, now: int) -> Turn | Refused:
    motion = current_motion(meeting)
    request = meeting.requests.get(act.request) if act.request is not None else None
    if motion is None or request is None:
        return Refused(Code.NOBODY_ASKS)
    if request.motion != motion.id:
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": motion.label})
    if request.state is not RequestState.WAITING or request.side is not act.side:
        return Refused(Code.NOT_ASKED)
    debatable = motion.kind is MotionKind.QUESTION and motion.state is MotionState.CALLED
    if motion.state is not MotionState.DEBATE and not debatable:
        return Refused(Code.WRONG_STATE, {"label": motion.label, "state": motion.state})
    return Turn(
        number, motion.item, act.side, meeting.settings.speech_other, now,
        motion=motion.id, request=request.id, person=request.person,
    )  # fmt: skip


def _printed_turn(meeting: Meeting, act: a.CallSpeaker, number: TurnId, now: int) -> Turn | Refused:
    """Give the floor to the motion's mover until it is seconded, to its seconder once it is moved."""
    motion = current_motion(meeting)
    if motion is None or motion.kind is MotionKind.QUESTION:
        return Refused(Code.NOBODY_ASKS)
    mover = act.side is Side.MOVER
    wanted = {MotionState.MOVED, MotionState.CALLED} if mover else {MotionState.MOVED}
    if motion.state not in wanted:
        return Refused(Code.WRONG_STATE, {"label": motion.label, "state": motion.state})
    said = [t for t in meeting.turns.values() if t.motion == motion.id and t.side is act.side]
    if said:
        return Refused(Code.ALREADY_SPOKEN, {"label": motion.label})
    settings = meeting.settings
    seconds = settings.speech_mover if mover else settings.speech_seconder
    person = None if mover else motion.seconder
    name = motion.mover_name if mover else motion.seconder_name
    return Turn(
        number, motion.item, act.side, seconds, now,
        motion=motion.id, person=person, name="" if person else name,
    )  # fmt: skip


def end_speech(meeting: Meeting, act: a.EndSpeech, now: int) -> Meeting | Refused:
    """End the speech that runs. Refuses any other turn, so that a late second press ends nobody's."""
    if refusal := agenda.business(meeting):
        return refusal
    turn = meeting.turns.get(act.turn)
    if turn is None:
        return Refused(Code.UNKNOWN)
    if meeting.conference.turn != turn.id:
        return Refused(Code.NOBODY_SPEAKS)
    ended = change.turn(meeting, replace(turn, ended_at=now))
    return change.conference(ended, turn=None)
