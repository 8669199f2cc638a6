"""From the closed vote to its result and what follows (procedure B7, B8)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, consequences, effects, figures, question, roles, undo
from conference.rules.debate import settle
from conference.rules.kinds import (
    Base,
    ChairVote,
    Choice,
    HeadId,
    MotionState,
    Outcome,
    PersonId,
    Rule,
    VoteId,
    VoteState,
)
from conference.rules.majority import outcome
from conference.rules.refused import Code, Refused
from conference.rules.state import Amendment, Head, Meeting, Motion, Procedural, Vote
from conference.rules.voting import make_void as void_undeclared
from conference.rules.voting import on_roll, vote_of


def fix_box(meeting: Meeting, act: a.FixBox) -> Meeting | Refused:
    """Fix how many envelopes there are and the hash over all of them, before one is opened.

    Refuses a second time: what was fixed is what is opened.
    """
    vote = vote_of(meeting, act.vote, VoteState.CLOSED)
    if isinstance(vote, Refused):
        return vote
    if vote.by_name:
        return Refused(Code.NOT_SEALED)
    if vote.root:
        return Refused(Code.ALREADY_DONE)
    if not 0 <= act.envelopes <= vote.roll:
        return Refused(Code.COUNT_DOES_NOT_ADD_UP)
    fixed = replace(vote, envelopes=act.envelopes, root=act.root)
    return _with_head(change.vote(meeting, fixed), vote.id, act.head)


def _with_head(meeting: Meeting, vote: VoteId, signed: a.SignedHead) -> Meeting:
    number = HeadId(len(meeting.heads) + 1)
    head = Head(number, vote, signed.line, signed.signature, signed.signer)
    return replace(meeting, heads=meeting.heads.put(number, head))


def count(meeting: Meeting, act: a.CountVote) -> Meeting | Refused:
    """Record the figures of the closed vote and what they mean; they are not yet declared.

    Refuses sealed ballots that were not fixed before they were opened, and figures that do not add
    up: every envelope is counted or invalid, and there are no more than people on the roll.
    """
    vote = vote_of(meeting, act.vote, VoteState.CLOSED)
    if isinstance(vote, Refused):
        return vote
    sides = (act.votes_for, act.votes_against, act.abstentions, act.invalid)
    if min(sides) < 0 or sum(sides) > vote.roll:
        return Refused(Code.COUNT_DOES_NOT_ADD_UP)
    if not vote.by_name and (not vote.root or act.head is None):
        return Refused(Code.NOT_FIXED)
    if not vote.by_name and sum(sides) != vote.envelopes:
        return Refused(Code.COUNT_DOES_NOT_ADD_UP)
    if act.head is not None:
        meeting = _with_head(meeting, vote.id, act.head)
    counted = replace(
        vote,
        state=VoteState.COUNTED,
        votes_for=act.votes_for,
        votes_against=act.votes_against,
        abstentions=act.abstentions,
        invalid=act.invalid,
        root=vote.root or act.root,
        outcome=outcome(
            vote.rule, vote.base, act.votes_for, act.votes_against,
            roll=vote.roll, register=vote.register,
        ),
    )  # fmt: skip
    return change.vote(meeting, counted)


def is_tie(vote: Vote) -> bool:
    """Say whether the chair may have to decide: as many for as against, where that is the measure."""
    tie = vote.votes_for is not None and vote.votes_for == vote.votes_against
    return tie and (vote.rule, vote.base) == (Rule.SIMPLE, Base.CAST)


def casting_vote(meeting: Meeting, act: a.CastingVote, by: PersonId, now: int) -> Meeting | Refused:
    """Decide a tie before it is declared.

    Refuses where the standing orders give the chair no casting vote: then a tie is *not carried*.
    Where the chair has only that one, whoever came into the chair after the opening and could vote
    has none.
    """
    vote = vote_of(meeting, act.vote, VoteState.COUNTED)
    if isinstance(vote, Refused):
        return vote
    if meeting.settings.chair_vote is ChairVote.NONE_TIE_FALLS:
        return Refused(Code.NO_CASTING_VOTE)
    only = meeting.settings.chair_vote is ChairVote.CASTING_ONLY
    if only and on_roll(meeting, vote.id, by):
        return Refused(Code.NO_CASTING_VOTE)
    if not is_tie(vote) or vote.casting is not None or act.choice is Choice.ABSTAIN:
        return Refused(Code.NO_TIE)
    decided = Outcome.CARRIED if act.choice is Choice.FOR else Outcome.LOST
    cast = change.vote(meeting, replace(vote, casting=act.choice, outcome=decided))
    return change.note(cast, now, "casting_vote", vote=vote.id)


TELLERS = 2
"""How many tellers confirm a result, where the standing orders ask for that."""


def confirm(meeting: Meeting, act: a.ConfirmResult, by: PersonId) -> Meeting | Refused:
    """Confirm the counted result as a teller. Whoever is in the chair cannot, and nobody twice."""
    vote = vote_of(meeting, act.vote, VoteState.COUNTED, VoteState.CLOSED)
    if isinstance(vote, Refused):
        return vote
    if vote.state is VoteState.CLOSED:
        return Refused(Code.NOT_COUNTED)
    if by == roles.in_the_chair(meeting):
        return Refused(Code.NOT_ALLOWED)
    if by in vote.confirmed:
        return Refused(Code.ALREADY_DONE)
    return change.vote(meeting, replace(vote, confirmed=vote.confirmed | {by}))


def declare(meeting: Meeting, act: a.DeclareResult, now: int) -> Meeting | Refused:
    """Declare the counted result: everybody sees the figures, and what follows is done.

    A carried amendment changes the text, a carried procedural motion takes effect. Refuses before
    the tellers have confirmed it, where the standing orders ask for that.
    """
    vote = vote_of(meeting, act.vote, VoteState.COUNTED, VoteState.CLOSED)
    if isinstance(vote, Refused):
        return vote
    if vote.state is VoteState.CLOSED:
        return Refused(Code.NOT_COUNTED)
    if refusal := agenda.business(meeting):
        return refusal
    missing = TELLERS - len(vote.confirmed) if meeting.settings.vote_confirm else 0
    if missing > 0:
        return Refused(Code.NEEDS_TELLERS, {"n": missing})
    declared = change.vote(meeting, replace(vote, state=VoteState.DECLARED, declared_at=now))
    asked = question.of(vote)
    declared = change.note(declared, now, "declared", vote=vote.id, **asked._asdict())
    row = question.row_of(declared, asked)
    result = vote.outcome or Outcome.NOT_CARRIED
    if isinstance(row, Procedural):
        return effects.decide(declared, row, result, now)
    return _decide(declared, row, result, now)


def _decide(meeting: Meeting, row: Motion | Amendment, result: Outcome, now: int) -> Meeting:
    decided = replace(row, outcome=result)
    meeting = settle(meeting, decided, MotionState.DECIDED)
    if result is not Outcome.CARRIED:
        return meeting
    if isinstance(decided, Amendment):
        return consequences.amended(meeting, decided, now)
    return consequences.carried(meeting, decided, now)


def recount(meeting: Meeting, act: a.RecountVote, now: int) -> Meeting | Refused:
    """Have the stored ballots counted again. Refuses once conference has gone on (procedure B5)."""
    vote = vote_of(meeting, act.vote, VoteState.DECLARED)
    if isinstance(vote, Refused):
        return vote
    if not undo.is_latest(meeting, vote):
        return Refused(Code.RESULT_STANDS)
    if vote.recount:
        return Refused(Code.ALREADY_DONE)
    asked = change.vote(meeting, replace(vote, recount=True))
    return change.note(asked, now, "recount", vote=vote.id)


ASK_RECOUNT_MS = 60_000
"""For how long after the declaration a delegate can ask for a recount (screens H2)."""


def ask_recount(meeting: Meeting, act: a.AskRecount, by: PersonId, now: int) -> Meeting | Refused:
    """Have the ballots counted again because a delegate asks for it: on demand, once (procedure B7).

    Refuses a minute after the declaration, who could not vote, and what has been counted again.
    """
    vote = vote_of(meeting, act.vote, VoteState.DECLARED)
    if isinstance(vote, Refused):
        return vote
    if not on_roll(meeting, vote.id, by):
        return Refused(Code.NOT_ON_ROLL)
    if not undo.is_latest(meeting, vote):
        return Refused(Code.RESULT_STANDS)
    if vote.recount or vote.recounted is not None:
        return Refused(Code.ALREADY_DONE)
    if now > (vote.declared_at or 0) + ASK_RECOUNT_MS:
        return Refused(Code.TOO_LATE)
    asked = change.vote(meeting, replace(vote, recount=True))
    return change.note(asked, now, "recount_asked", vote=vote.id)


def report_recount(meeting: Meeting, act: a.ReportRecount, now: int) -> Meeting | Refused:
    """Record what the second count has given, beside the first; it changes no result by itself.

    Should the figures differ, two officers can make the vote void.
    """
    vote = vote_of(meeting, act.vote, VoteState.DECLARED)
    if isinstance(vote, Refused):
        return vote
    if not vote.recount:
        return Refused(Code.ALREADY_DONE)
    sides = (act.votes_for, act.votes_against, act.abstentions)
    same = sides == (vote.votes_for, vote.votes_against, vote.abstentions)
    done = change.vote(meeting, replace(vote, recount=False, recounted=same))
    if figures.are_withheld(vote):
        code = "recount_same" if same else "recount_withheld"
        return change.note(done, now, code, vote=vote.id)
    code = "recount_same" if same else "recount_differs"
    return change.note(
        done, now, code, vote=vote.id, votes_for=act.votes_for,
        votes_against=act.votes_against, abstentions=act.abstentions,
    )  # fmt: skip


def can_be_void(meeting: Meeting, vote: Vote) -> bool:
    """Say whether two officers can still make this vote void: conference has not gone on since."""
    return vote.state is VoteState.COUNTED or undo.is_latest(meeting, vote)


def make_void(meeting: Meeting, vote: Vote, remark: str, now: int) -> Meeting | Refused:
    """Return the meeting in which a counted or declared vote is void, as two officers decided.

    What followed from it is undone, and its question is put again. Refuses once conference went on.
    """
    if vote.state is VoteState.COUNTED:
        return void_undeclared(meeting, vote, remark, now)
    if vote.state is not VoteState.DECLARED or not undo.is_latest(meeting, vote):
        return Refused(Code.RESULT_STANDS)
    return undo.take_back(meeting, vote, now, remark)


def latest(meeting: Meeting) -> Vote | None:
    """Return the latest vote of this item, whatever its state."""
    return meeting.votes.get(meeting.conference.vote) if meeting.conference.vote else None


def to_count(meeting: Meeting) -> VoteId | None:
    """Return the vote by name that is closed and waits to be counted, or None."""
    vote = latest(meeting)
    waits = vote is not None and vote.by_name and vote.state is VoteState.CLOSED
    return vote.id if vote is not None and waits else None


def to_open(meeting: Meeting) -> Vote | None:
    """Return the sealed vote that is closed and whose envelopes wait to be opened, or None."""
    vote = latest(meeting)
    waits = vote is not None and not vote.by_name and vote.state is VoteState.CLOSED
    return vote if waits else None


def to_recount(meeting: Meeting) -> VoteId | None:
    """Return the declared vote whose ballots are to be counted again, or None."""
    declared = (v for v in meeting.votes.values() if v.state is VoteState.DECLARED)
    return next((vote.id for vote in declared if vote.recount), None)
