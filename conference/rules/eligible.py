"""Who may move which procedural motion when (the columns of procedure B5)."""

from __future__ import annotations

from conference.rules import acts as a
from conference.rules import agenda, debate, question, reconsidering, rulings, undo
from conference.rules.kinds import (
    Governs,
    ItemId,
    ItemKind,
    ItemState,
    MotionId,
    MotionKind,
    MotionState,
    Outcome,
    PersonId,
    ProceduralState,
    Procedure,
    Profile,
    RequestState,
    Side,
    Standing,
    VoteState,
    WithdrawBy,
)
from conference.rules.procedures import ROBERTS, ROWS, Scope, by_name
from conference.rules.question import SET_ASIDE, SETTLED, Question
from conference.rules.refused import Code, Refused
from conference.rules.roles import OFFICERS
from conference.rules.state import Amendment, Meeting, Motion, Procedural

OPEN_STATES = frozenset(
    {
        ProceduralState.ASKED,
        ProceduralState.SECONDED,
        ProceduralState.PENDING,
        ProceduralState.VOTING,
    }
)
LONGEST_ADJOURNMENT = 600
LONGEST_EXTENSION = 60
SPEECH_SECONDS = range(30, 601)
FOR_SIDES = frozenset({Side.MOVER, Side.SECONDER, Side.FOR})


def key(row: Procedural) -> tuple[MotionId | None, int | None]:
    """Return the question in whose debate it was moved."""
    return row.motion, row.amendment


def question_for(meeting: Meeting, kind: Procedure) -> Question:
    """Return the question that this kind would be about now; none for what is about no motion."""
    asked = question.substantive(meeting)
    scope_ = ROWS[kind].scope
    if asked is None:
        return Question()
    if scope_ in {Scope.QUESTION, Scope.UNPUT, Scope.PUT, Scope.QUEUE}:
        return asked
    whole = scope_ in {Scope.MOTION, Scope.MAIN, Scope.REPORT}
    return Question(asked.motion) if whole else Question()


def _row(meeting: Meeting, asked: Question) -> Motion | Amendment | None:
    if asked.motion is None:
        return None
    row = question.row_of(meeting, asked)
    return None if isinstance(row, Procedural) else row


def scope(meeting: Meeting, kind: Procedure) -> Refused | None:
    """Say why this kind is not possible at this stage, or None."""
    if refusal := _switched_off(meeting, kind):
        return refusal
    head = meeting.conference
    asked = question_for(meeting, kind)
    row = _row(meeting, asked)
    in_debate = row is not None and row.state is MotionState.DEBATE
    no = Refused(Code.NOT_POSSIBLE_NOW)
    match ROWS[kind].scope:
        case Scope.QUESTION | Scope.MOTION:
            return None if in_debate else no
        case Scope.PUT | Scope.UNPUT as wanted:
            return None if _can_be_put(row, question_too=wanted is Scope.PUT) else no
        case Scope.MAIN:
            return None if in_debate and head.amendment is None else no
        case Scope.REPORT:
            report = isinstance(row, Motion) and row.kind is MotionKind.REPORT
            stages = {MotionState.CALLED, MotionState.MOVED, MotionState.DEBATE}
            return None if report and row is not None and row.state in stages else no
        case Scope.SET_ASIDE | Scope.DECIDED as wanted:
            return None if _can_come_back(meeting, wanted) and _nothing_open(meeting) else no
        case Scope.RULING:
            return None if rulings.latest(meeting) is not None else Refused(Code.NO_RULING)
        case Scope.RESULT:
            return None if undo.latest_result(meeting) is not None else no
        case Scope.ITEMS:
            return None if _nothing_open(meeting) else no
        case Scope.QUEUE:
            rows = (r for r in meeting.requests.values() if question.of(r) == asked)
            return None if any(r.state is RequestState.WAITING for r in rows) else no
        case Scope.ANY:
            return None


def _can_come_back(meeting: Meeting, wanted: Scope) -> bool:
    """Say whether an item is before conference, and a motion to come back to that was dealt with."""
    item = meeting.conference.item
    if item is None or meeting.items[item].state is not ItemState.CALLED:
        return False
    if wanted is Scope.DECIDED:
        return bool(reconsidering.motions(meeting))
    return any(motion.state in SET_ASIDE for motion in meeting.motions.values())


def _can_be_put(row: Motion | Amendment | None, *, question_too: bool) -> bool:
    """Say whether it is in debate or waits to be put; a question from the chair only if wanted."""
    if row is None:
        return False
    if question_too and debate.is_question(row):
        return row.state is MotionState.CALLED
    return row.state in {MotionState.DEBATE, MotionState.CLOSING}


def _switched_off(meeting: Meeting, kind: Procedure) -> Refused | None:
    settings = meeting.settings
    if kind is Procedure.CHALLENGE and not settings.challenge_allowed:
        return Refused(Code.NO_CHALLENGES)
    if kind in ROBERTS and settings.profile is not Profile.RONR:
        return Refused(Code.NOT_POSSIBLE_NOW)
    if kind is Procedure.WITHDRAWAL and settings.withdraw_by is not WithdrawBy.MAJORITY:
        return Refused(Code.NOT_POSSIBLE_NOW)
    return None


def in_force(meeting: Meeting, kind: Procedure, by: PersonId, now: int) -> Refused | None:
    """Say that the standing order which allows this is suspended, or that nobody could preside."""
    if not ROWS[kind].about_chair:
        suspended = question.is_suspended(meeting, Governs.PROCEDURAL, now)
        return Refused(Code.NOT_POSSIBLE_NOW) if suspended else None
    parties = {by, rulings.about(meeting, kind), meeting.conference.chair}
    able = any(
        p.roles & OFFICERS and p.standing is Standing.ACCEPTED and p.id not in parties
        for p in meeting.people.values()
    )
    return None if able else Refused(Code.NO_OTHER_OFFICER)


def _nothing_open(meeting: Meeting) -> bool:
    motion = meeting.conference.motion
    return motion is None or meeting.motions[motion].state in SETTLED


def unspoken(meeting: Meeting, kind: Procedure, asked: Question, by: PersonId) -> Refused | None:
    """Refuse who has spoken on the question, where only others may move this (B5)."""
    row = ROWS[kind]
    if kind is Procedure.CLOSURE and not meeting.settings.closure_only_unspoken:
        return None
    about = question.substantive(meeting) if row.scope is Scope.ANY else asked
    if not row.unspoken or about is None:
        return None
    if row.scope is Scope.MOTION:
        questions = [Question(about.motion)]
        if meeting.conference.amendment is not None:
            questions.append(Question(about.motion, meeting.conference.amendment))
    else:
        questions = [about]
    spoken = any(t.person == by for q in questions for t in question.turns_on(meeting, q))
    return Refused(Code.SPOKEN_BEFORE) if spoken else None


def debated_enough(meeting: Meeting, kind: Procedure, asked: Question) -> Refused | None:
    """Refuse a closure before enough speeches on each side, and while amendments are left."""
    if kind is not Procedure.CLOSURE:
        return None
    row = _row(meeting, asked)
    if row is None:
        return Refused(Code.NOT_POSSIBLE_NOW)
    if debate.amendments_left(meeting, row):
        return Refused(Code.AMENDMENTS_LEFT, {"label": row.label})
    sides = [t.side for t in question.turns_on(meeting, asked)]
    least = meeting.settings.closure_min_speeches
    spoke_for = sum(side in FOR_SIDES for side in sides)
    if min(spoke_for, sides.count(Side.AGAINST)) < least:
        return Refused(Code.TOO_FEW_SPEECHES, {"n": least})
    return None


def cooled_down(meeting: Meeting, kind: Procedure, asked: Question, now: int) -> Refused | None:
    """Refuse what was lost a short while ago on the same question (B5, standing order 11)."""
    settings = meeting.settings
    if not ROWS[kind].cooldown:
        return None
    result = undo.latest_result(meeting)
    retaken = result.id if result is not None else None
    lost = [
        row
        for row in meeting.procedurals.values()
        if row.kind is kind
        and key(row) == asked[:2]
        and (kind is not Procedure.RETAKE or row.vote == retaken)
        and row.decided_at is not None
        and row.outcome is not None
        and row.outcome is not Outcome.CARRIED
    ]
    if not lost or lost[-1].decided_at is None:
        return None
    since = lost[-1].decided_at
    speeches = sum(t.started_at > since and not t.undone for t in meeting.turns.values())
    left = since + settings.procedural_cooldown * 1000 - now
    if left <= 0 or speeches >= settings.procedural_speeches:
        return None
    return Refused(Code.COOLDOWN, {"minutes": -(-left // 60_000)})


def particulars(  # noqa: C901  (one case for each kind that has any)
    meeting: Meeting, act: a.MoveProcedural, by: PersonId, now: int
) -> Refused | None:
    """Say what is wrong with the numbers, times and targets of what is to be moved, or None."""
    match act.kind:
        case Procedure.SUSPEND:
            if not act.numbers or not set(act.numbers) <= set(meeting.standing_orders):
                return Refused(Code.BAD_NUMBERS)
            if not 1 <= act.minutes <= meeting.settings.suspend_longest // 60:
                return Refused(Code.BAD_TIME)
            return None if act.remark else Refused(Code.NEEDS_REASON)
        case Procedure.ADJOURN_MEETING | Procedure.RECESS:
            return None if 1 <= act.minutes <= LONGEST_ADJOURNMENT else Refused(Code.BAD_TIME)
        case Procedure.EXTEND_TIME:
            return None if 1 <= act.minutes <= LONGEST_EXTENSION else Refused(Code.BAD_TIME)
        case Procedure.SPEECH_TIME:
            return None if act.seconds in SPEECH_SECONDS else Refused(Code.BAD_TIME)
        case Procedure.ADJOURN_DEBATE:
            breaks = {x.id for x in meeting.items.values() if x.kind is ItemKind.BREAK}
            ok = act.target is None or _is_planned(meeting, act.target)
            return None if ok and act.target not in breaks else Refused(Code.BAD_TARGET)
        case Procedure.VARY_ORDER:
            ok = act.target is not None and _is_planned(meeting, act.target)
            following = agenda.next_item(meeting)
            ok = ok and (following is None or following.id != act.target)
            return None if ok else Refused(Code.BAD_TARGET)
        case Procedure.REMIT | Procedure.REFERENCE_BACK:
            return _parts(meeting, act)
        case Procedure.CHALLENGE:
            return rulings.challengeable(meeting, act, now)
        case Procedure.RETAKE:
            result = undo.latest_result(meeting)
            ok = result is not None and result.id == act.vote
            return None if ok else Refused(Code.RESULT_STANDS)
        case Procedure.BY_NAME:
            return _decided_by_name(meeting)
        case Procedure.TAKE_UP | Procedure.RECONSIDER:
            return _may_bring_back(meeting, act, by, now)
        case _:
            return None


def _decided_by_name(meeting: Meeting) -> Refused | None:
    decided = by_name(meeting, question_for(meeting, Procedure.BY_NAME))
    return Refused(Code.ALREADY_DECIDED) if decided else None


def _may_bring_back(
    meeting: Meeting, act: a.MoveProcedural, by: PersonId, now: int
) -> Refused | None:
    if act.kind is Procedure.RECONSIDER:
        refusal = reconsidering.may(meeting, act.motion, by)
        return refusal or cooled_down(meeting, act.kind, Question(act.motion), now)
    motion = meeting.motions.get(act.motion) if act.motion is not None else None
    if motion is None or motion.state not in SET_ASIDE:
        return Refused(Code.BAD_TARGET)
    return cooled_down(meeting, act.kind, Question(motion.id), now)


def _is_planned(meeting: Meeting, item: ItemId) -> bool:
    row = meeting.items.get(item)
    planned = row is not None and row.state is ItemState.PLANNED
    return planned and row is not None and row.kind is not ItemKind.DOORS


def _parts(meeting: Meeting, act: a.MoveProcedural) -> Refused | None:
    if not act.numbers:
        return None
    if act.kind is Procedure.REMIT and not meeting.settings.remit_parts:
        return Refused(Code.WHOLE_ONLY)
    motion = question_for(meeting, act.kind).motion
    if motion is None:
        return Refused(Code.NOT_POSSIBLE_NOW)
    count = len(question.paragraphs(question.text_of(meeting, motion).text))
    referred = meeting.motions[motion].referred
    wanted = set(act.numbers)
    ok = all(1 <= n <= count for n in wanted) and not wanted & set(referred)
    return None if ok and len(wanted | set(referred)) < count else Refused(Code.BAD_NUMBERS)


def _motion_state(meeting: Meeting, row: Procedural) -> MotionState | None:
    return None if row.motion is None else meeting.motions[row.motion].state


def movers_own(meeting: Meeting, kind: Procedure, asked: Question, by: PersonId) -> Refused | None:
    """Refuse to withdraw what somebody else has moved (B5).

    A mover who is printed and has no account here cannot be told apart: then the chair asks them.
    """
    row = _row(meeting, asked)
    if kind is not Procedure.WITHDRAWAL or row is None or row.mover is None:
        return None
    return None if by in {row.mover, row.seconder} else Refused(Code.NOT_YOURS)


def still(meeting: Meeting, row: Procedural, now: int) -> Refused | None:
    """Say why what was moved cannot be put any more, or None."""
    if question.is_suspended(meeting, Governs.PROCEDURAL, now):
        return Refused(Code.NOT_POSSIBLE_NOW)
    if refusal := scope(meeting, row.kind):
        return refusal
    if row.kind is Procedure.TAKE_UP:
        return None if _motion_state(meeting, row) in SET_ASIDE else Refused(Code.NOT_POSSIBLE_NOW)
    if row.kind is Procedure.RECONSIDER:
        decided = row.motion in {m.id for m in reconsidering.motions(meeting)}
        return None if decided else Refused(Code.NOT_POSSIBLE_NOW)
    asked = question_for(meeting, row.kind)
    if asked.motion is not None and key(row) != (asked.motion, asked.amendment):
        return Refused(Code.NOT_POSSIBLE_NOW)
    if refusal := unspoken(meeting, row.kind, asked, row.by):
        return refusal  # moved before, and has spoken since
    vote = meeting.votes.get(row.vote) if row.vote is not None else None
    if vote is not None and vote.state is not VoteState.DECLARED:
        return Refused(Code.RESULT_STANDS)
    return None
