"""A vote from its announcement to its close (procedure B7, B10)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, debate, figures, points, procedures, question
from conference.rules.kinds import (
    Base,
    ChairVote,
    MotionState,
    PersonId,
    ProceduralState,
    Role,
    Rule,
    Standing,
    VoteId,
    VoteState,
)
from conference.rules.question import Question
from conference.rules.refused import Code, Refused
from conference.rules.state import Amendment, Meeting, Motion, Person, Procedural, Roll, Vote


def announce(meeting: Meeting, act: a.AnnounceVote, now: int) -> Meeting | Refused:
    """Announce a vote on the innermost question; it opens after the announced seconds.

    Refuses before it is seconded, while amendments to it are left or the mover's reply is due, while
    somebody speaks, a point of order waits or another vote runs; and below the quorum, unless the chair confirms a second
    time and the standing orders let that be enough.
    """
    asked = Question(act.motion, act.amendment, act.procedural)
    if act.procedural is not None and act.procedural in meeting.procedurals:
        # A procedural motion is named by its own number, whatever it was moved in.
        asked = question.question_of(meeting.procedurals[act.procedural])
    row = _named(meeting, asked)
    if isinstance(row, Refused):
        return row
    if refusal := agenda.idle(meeting) or _not_ready(meeting, row, now):
        return refusal
    short = not question.is_quorate(meeting, now)
    if short and (meeting.settings.quorum_blocks or not act.below_quorum):
        facts = {"present": meeting.conference.present, "quorum": question.quorum(meeting)}
        return Refused(Code.NO_QUORUM, facts)
    vote = _new_vote(meeting, asked, row, now, short=short)
    announced = change.vote(meeting, vote)
    if isinstance(row, Procedural):
        announced = question.put(announced, replace(row, state=ProceduralState.VOTING))
    else:
        announced = agenda.lapse_procedurals(announced, asked)
        announced = question.put(announced, replace(row, state=MotionState.VOTING))
    announced = change.conference(announced, vote=vote.id)
    return change.note(announced, now, "vote_announced", vote=vote.id, **asked._asdict())


def _named(meeting: Meeting, asked: Question) -> Motion | Amendment | Procedural | Refused:
    """Return the row that is to be put when it is what conference is dealing with."""
    try:
        row = question.row_of(meeting, asked)
    except KeyError:
        return Refused(Code.UNKNOWN)
    if question.question_of(row) != asked:
        return Refused(Code.UNKNOWN)
    if asked == question.innermost(meeting):
        return row
    if refusal := agenda.quiet(meeting):
        return refusal
    return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": question.label(meeting, asked)})


def _not_ready(meeting: Meeting, row: Motion | Amendment | Procedural, now: int) -> Refused | None:
    """Say what must happen before this can be put to the vote, or None.

    A point of order comes before everything (procedure B5): it may be about this very vote.
    """
    if any(point.kind in points.RULED for point in points.open_points(meeting)):
        return Refused(Code.POINT_OPEN)
    if isinstance(row, Procedural):
        ready = row.state is ProceduralState.PENDING
        return None if ready else Refused(Code.NOT_POSSIBLE_NOW)
    if debate.is_question(row):
        states = {MotionState.CALLED}
    else:
        states = {MotionState.DEBATE, MotionState.CLOSING}
    if row.state not in states:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    if debate.amendments_left(meeting, row):
        return Refused(Code.AMENDMENTS_LEFT, {"label": row.label})
    return Refused(Code.REPLY_DUE) if debate.reply_due(meeting, row, now) else None


def _new_vote(
    meeting: Meeting,
    asked: Question,
    row: Motion | Amendment | Procedural,
    now: int,
    *,
    short: bool,
) -> Vote:
    rule, base = majority(meeting, asked)
    text = question.put_text(meeting, asked)
    version = question.text_of(meeting, asked.motion).number if asked.motion is not None else None
    title = row.title if isinstance(row, Motion) else question.label(meeting, asked)
    return Vote(
        VoteId(len(meeting.votes) + 1), asked.motion, title, question.text_hash(text), rule, base,
        VoteState.ANNOUNCED, now, now + meeting.settings.vote_announcement * 1000,
        amendment=asked.amendment, procedural=asked.procedural, text_version=version,
        below_quorum=short, supersedes=_repeated(meeting, asked),
        returns_to=None if isinstance(row, Procedural) else row.state,
        by_name=procedures.by_name(meeting, asked), fewest=figures.fewest(meeting),
        small_side=meeting.settings.vote_small_side,
    )  # fmt: skip


def majority(meeting: Meeting, asked: Question) -> tuple[Rule, Base]:
    """Return the majority that this question needs, and of what it is counted."""
    row = question.row_of(meeting, asked)
    if isinstance(row, Procedural):
        return procedures.majority(meeting, row)
    return question.majority_of(meeting, asked)


def _repeated(meeting: Meeting, asked: Question) -> VoteId | None:
    """Return the void vote on the same question that this one repeats, or None."""
    before = [v for v in meeting.votes.values() if question.of(v) == asked]
    return before[-1].id if before and before[-1].state is VoteState.VOID else None


def vote_of(meeting: Meeting, number: VoteId, *states: VoteState) -> Vote | Refused:
    """Return the vote when it is in one of these states; say why not otherwise."""
    vote = meeting.votes.get(number)
    if vote is None:
        return Refused(Code.UNKNOWN)
    if vote.state in states:
        return vote
    if vote.state is VoteState.ANNOUNCED:
        return Refused(Code.VOTE_NOT_OPEN)
    if vote.state is VoteState.VOID:
        return Refused(Code.VOTE_VOID)
    if vote.state is VoteState.OPEN:
        return Refused(Code.NOT_COUNTED)
    return Refused(Code.VOTE_CLOSED)


def give_key(meeting: Meeting, act: a.GiveKey) -> Meeting | Refused:
    """Give the announced vote the key to which its ballots will be sealed.

    One given again before the opening takes the place of the first: the counting process had lost
    that. A vote by name has none.
    """
    vote = vote_of(meeting, act.vote, VoteState.ANNOUNCED)
    if isinstance(vote, Refused):
        return vote
    if vote.by_name or not act.key:
        return Refused(Code.NOT_POSSIBLE_NOW)
    return change.vote(meeting, replace(vote, key=act.key))


def open_vote(meeting: Meeting, act: a.OpenVote, now: int) -> Meeting | Refused:
    """Open the announced vote; the delegates present at this moment are its roll, for good.

    Refuses while it has no key, unless it is taken by name: nobody could seal a ballot. When the quorum was lost since the announcement, or the text is no longer the one that was
    announced, the vote is void instead.
    """
    vote = vote_of(meeting, act.vote, VoteState.ANNOUNCED)
    if isinstance(vote, Refused):
        return vote
    if needs_key(vote):
        return Refused(Code.NO_KEY)
    if not vote.below_quorum and not question.is_quorate(meeting, now):
        return make_void(meeting, vote, "no_quorum", now)
    if question.text_hash(question.put_text(meeting, question.of(vote))) != vote.text_hash:
        return make_void(meeting, vote, "text_changed", now)
    settings, delay = meeting.settings, meeting.stage.delay
    people = _roll(meeting)
    opened = replace(
        vote,
        state=VoteState.OPEN,
        register=meeting.conference.register,
        roll=len(people),
        opened_at=now,
        # Who hears of it over the stream hears of it later, and has the same time to vote.
        minimum_at=now + (settings.vote_minimum + delay) * 1000,
        closes_at=now + (settings.vote_duration + delay) * 1000,
    )
    changed = replace(meeting, rolls=meeting.rolls.put(vote.id, Roll(vote.id, people)))
    changed = agenda.lapse_requests(changed, question.of(vote))
    return change.note(change.vote(changed, opened), now, "vote_opened", vote=vote.id)


def needs_key(vote: Vote) -> bool:
    """Say whether this vote still waits for the key to which its ballots are sealed."""
    return vote.state is VoteState.ANNOUNCED and not vote.by_name and not vote.key


def _roll(meeting: Meeting) -> frozenset[PersonId]:
    """Return who may vote: a chair who has only a casting vote stands aside (procedure B7)."""
    head = meeting.conference
    aside = {head.chair, head.presiding}
    if meeting.settings.chair_vote is not ChairVote.CASTING_ONLY:
        aside = set()
    everybody = meeting.people.values()
    return frozenset(
        p.id for p in everybody if p.present and change.counts_as_delegate(p) and p.id not in aside
    )


def pass_minimum(meeting: Meeting, act: a.PassMinimum) -> Meeting | Refused:
    """Let the chair close the vote from now on."""
    vote = vote_of(meeting, act.vote, VoteState.OPEN)
    if isinstance(vote, Refused):
        return vote
    return change.vote(meeting, replace(vote, closable=True))


def extend(meeting: Meeting, act: a.ExtendVote) -> Meeting | Refused:
    """Close at the announced time plus all extensions; a closing countdown is called off."""
    vote = vote_of(meeting, act.vote, VoteState.OPEN)
    if isinstance(vote, Refused):
        return vote
    extended = vote.extended + meeting.settings.vote_extension
    longer_than_minimum = meeting.settings.vote_duration - meeting.settings.vote_minimum
    closes_at = (vote.minimum_at or 0) + (longer_than_minimum + extended) * 1000
    longer = replace(vote, closes_at=closes_at, extended=extended, last_call=False, more_time=False)
    return change.vote(meeting, longer)


def close(meeting: Meeting, act: a.CloseVote, now: int) -> Meeting | Refused:
    """Start the closing countdown.

    Refuses before the announced minimum, a second time, and while somebody waits for an answer who
    has asked for more time, unless the chair presses once more.
    """
    vote = vote_of(meeting, act.vote, VoteState.OPEN)
    if isinstance(vote, Refused):
        return vote
    if refusal := agenda.business(meeting):
        return refusal
    if vote.last_call:
        return Refused(Code.CLOSING)
    if not vote.closable:
        minimum = ((vote.minimum_at or 0) - (vote.opened_at or 0)) // 1000
        return Refused(Code.TOO_EARLY, {"seconds": minimum})
    if vote.more_time and not act.anyway:
        return Refused(Code.MORE_TIME_ASKED)
    closes_at = min(vote.closes_at or now, now + meeting.settings.vote_countdown * 1000)
    closing = replace(
        vote, closes_at=closes_at, last_call=True, more_time=False, closed_by_chair=True
    )
    return change.vote(meeting, closing)


def ask_more_time(meeting: Meeting, act: a.AskMoreTime, by: PersonId) -> Meeting | Refused:
    """Ask for more time to vote. The chair answers with an extension, or closes all the same."""
    vote = vote_of(meeting, act.vote, VoteState.OPEN)
    if isinstance(vote, Refused):
        return vote
    if not on_roll(meeting, vote.id, by):
        return Refused(Code.NOT_ON_ROLL)
    return change.vote(meeting, replace(vote, more_time=True))


def stop(meeting: Meeting, act: a.StopVote, now: int) -> Meeting | Refused:
    """Stop the open vote before any figure exists: it is void, and its ballots are deleted.

    The chair may do this alone; the reason stands on every screen.
    """
    vote = meeting.votes.get(act.vote)
    if vote is None:
        return Refused(Code.UNKNOWN)
    if vote.state is not VoteState.OPEN:
        return vote_problem(vote)
    if not act.remark:
        return Refused(Code.NEEDS_REASON)
    return make_void(meeting, vote, act.remark, now)


def vote_problem(vote: Vote) -> Refused:
    """Say why this vote cannot be stopped: it is not open, or figures exist."""
    codes = {VoteState.ANNOUNCED: Code.VOTE_NOT_OPEN, VoteState.VOID: Code.VOTE_VOID}
    return Refused(codes.get(vote.state, Code.VOTE_CLOSED))


def end(meeting: Meeting, act: a.EndVote, now: int) -> Meeting | Refused:
    """Accept no further ballot: from this point in the one order of things the vote is closed."""
    vote = vote_of(meeting, act.vote, VoteState.OPEN)
    if isinstance(vote, Refused):
        return vote
    closed = replace(vote, state=VoteState.CLOSED, closed_at=now)
    return change.note(change.vote(meeting, closed), now, "vote_closed", vote=vote.id)


def void(meeting: Meeting, act: a.VoidVote, now: int) -> Meeting | Refused:
    """Declare an undeclared vote void: it decides nothing and its motion may be put again."""
    states = (VoteState.ANNOUNCED, VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED)
    vote = vote_of(meeting, act.vote, *states)
    if isinstance(vote, Refused):
        return vote
    return make_void(meeting, vote, act.reason, now)


def call_off(meeting: Meeting, act: a.CallOffVote, now: int) -> Meeting | Refused:
    """Take the announcement back: the vote is void and may be announced again.

    Refuses once it is open: from then on people have voted, and only its result ends it.
    """
    vote = meeting.votes.get(act.vote)
    if vote is None:
        return Refused(Code.UNKNOWN)
    if vote.state is VoteState.OPEN:
        return Refused(Code.VOTE_RUNNING)
    if vote.state is not VoteState.ANNOUNCED:
        return Refused(Code.VOTE_VOID if vote.state is VoteState.VOID else Code.VOTE_CLOSED)
    return make_void(meeting, vote, "called_off", now)


def make_void(meeting: Meeting, vote: Vote, reason: str, now: int) -> Meeting:
    """Return the meeting in which this vote decides nothing and its question stands where it stood."""
    row = question.row_of(meeting, question.of(vote))
    if isinstance(row, Procedural):
        back = question.put(meeting, replace(row, state=ProceduralState.PENDING))
    else:
        state = vote.returns_to or MotionState.DEBATE
        back = question.put(meeting, replace(row, state=state))
    back = change.vote(back, replace(vote, state=VoteState.VOID, void_reason=reason))
    return change.note(back, now, "vote_void", vote=vote.id, reason=reason)


def may_vote(vote: Vote, roll: Roll | None, person: Person) -> Refused | None:
    """Say why this person's ballot cannot be accepted in this vote, or None.

    Asked for every ballot, in the same order as the acts, so that the close is a point: what is
    accepted was accepted before it. Time is not asked: the clerk closes before it looks at ballots.
    """
    if vote.state is VoteState.ANNOUNCED:
        return Refused(Code.VOTE_NOT_OPEN)
    if vote.state is VoteState.VOID:
        return Refused(Code.VOTE_VOID)
    if vote.state is not VoteState.OPEN:
        return Refused(Code.VOTE_CLOSED)
    if roll is not None and person.id in roll.people:
        return None
    if person.standing is not Standing.ACCEPTED:
        return Refused(Code.WAITS_FOR_REGISTRAR)
    if Role.DELEGATE not in person.roles:
        return Refused(Code.OBSERVER if Role.OBSERVER in person.roles else Code.NOT_ON_ROLL)
    return Refused(Code.LATE)


def on_roll(meeting: Meeting, vote: VoteId, person: PersonId) -> bool:
    """Say whether this person stands on the roll of this vote."""
    roll = meeting.rolls.get(vote)
    return roll is not None and person in roll.people
