"""The rules of a conference: pure functions, standard library only, no clock, no chance, no I/O.

The only doors: `take` for acts, `may_vote` for ballots, `deadline` and `to_count` for the clerk,
`steps` for the chair's panel, `expected` for the programme.
"""

from __future__ import annotations

from typing import assert_never

from conference.rules import acts as a
from conference.rules import agenda, change, debate, election, people, roles, voting
from conference.rules.kinds import PersonId
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting
from conference.rules.voting import deadline, may_vote, to_count

RULES_VERSION = 1
"""Raised when the same acts would lead to other rows; a picture is written then (house: journal)."""

STEPS: frozenset[type[a.Act]] = frozenset(
    {
        a.OpenConference,
        a.CloseConference,
        a.CallItem,
        a.NextItem,
        a.PutNextQuestion,
        a.MarkMoved,
        a.MarkSeconded,
        a.LetFall,
        a.AnnounceVote,
        a.CallOffVote,
        a.LeaveUndecided,
        a.OpenVote,
        a.EndVote,
        a.DeclareResult,
        a.VoidVote,
        a.SetMode,
    }
)
"""The acts that change what is before conference: a form made before one of them is stale."""

SEEN_BY_ALL: frozenset[type[a.Act]] = STEPS | {
    a.CallSpeaker,
    a.EndSpeech,
    a.OfferSecond,
    a.ExtendVote,
    a.CloseVote,
    a.CountVote,
    a.ConfirmCount,
}
"""The acts that change a region everybody sees."""


def take(meeting: Meeting, act: a.Act, by: PersonId, now: int) -> Meeting | Refused:
    """Return the meeting after `by` has done `act` at `now`, or why it is refused.

    `now` is in milliseconds since 1970. Nothing outside the arguments is looked at, so the same
    arguments always give the same answer.
    """
    if refusal := roles.check(meeting, act, by):
        return refusal
    result = _apply(meeting, act, by, now)
    if isinstance(result, Refused) or type(act) not in SEEN_BY_ALL:
        return result
    head = result.conference
    step = head.step + (type(act) in STEPS)
    return change.conference(result, version=head.version + 1, step=step)


def _apply(  # noqa: C901, PLR0912  (one line for each act: a table in the form of a match)
    meeting: Meeting, act: a.Act, by: PersonId, now: int
) -> Meeting | Refused:
    match act:
        case a.OpenConference():
            return agenda.open_conference(meeting, now)
        case a.CloseConference():
            return agenda.close_conference(meeting, now)
        case a.CallItem():
            return agenda.call_item(meeting, act, now)
        case a.NextItem():
            return agenda.leave_item(meeting, act, now)
        case a.PutNextQuestion():
            return agenda.put_next_question(meeting, act, now)
        case a.MarkMoved():
            return debate.mark_moved(meeting, act, now)
        case a.MarkSeconded():
            return debate.mark_seconded(meeting, act, now)
        case a.LetFall():
            return debate.let_fall(meeting, act, now)
        case a.CallSpeaker():
            return debate.call_speaker(meeting, act, now)
        case a.EndSpeech():
            return debate.end_speech(meeting, act, now)
        case a.AskToSpeak():
            return debate.ask(meeting, act, by, now)
        case a.WithdrawRequest():
            return debate.withdraw(meeting, act, by)
        case a.OfferSecond():
            return debate.offer_second(meeting, act, by)
        case a.AnnounceVote():
            return voting.announce(meeting, act, now)
        case a.CallOffVote():
            return voting.call_off(meeting, act, now)
        case a.LeaveUndecided():
            return debate.leave_undecided(meeting, act, now)
        case a.OpenVote():
            return voting.open_vote(meeting, act, now)
        case a.PassMinimum():
            return voting.pass_minimum(meeting, act)
        case a.ExtendVote():
            return voting.extend(meeting, act)
        case a.CloseVote():
            return voting.close(meeting, act, now)
        case a.EndVote():
            return voting.end(meeting, act, now)
        case a.CountVote():
            return voting.count(meeting, act)
        case a.DeclareResult():
            return voting.declare(meeting, act, now)
        case a.VoidVote():
            return voting.void(meeting, act, now)
        case a.CheckIn():
            return people.check_in(meeting, by, now)
        case a.Leave():
            return people.leave(meeting, by)
        case a.RenewLink():
            return people.renew_link(meeting, act, by)
        case a.CheckOut():
            return people.leave(meeting, act.person)
        case a.AddPerson():
            return people.add_person(meeting, act, by)
        case a.Decide():
            return people.decide(meeting, act)
        case a.SetMode():
            return people.set_mode(meeting, act, now)
        case a.ConfirmSeen():
            return people.confirm_seen(meeting, act, by)
        case a.EnterCount():
            return election.enter_count(meeting, act, by)
        case a.ConfirmCount():
            return election.confirm_count(meeting, act, by, now)
        case _:
            assert_never(act)


__all__ = [
    "RULES_VERSION",
    "Code",
    "Refused",
    "deadline",
    "may_vote",
    "take",
    "to_count",
]
