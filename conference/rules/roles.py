"""Who may do what: one table, role x act. What is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping

from conference.rules import acts as a
from conference.rules.kinds import SYSTEM, PersonId, Role, Standing
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting

CHAIRS = frozenset({Role.CHAIR, Role.VICE_CHAIR})
DELEGATES = frozenset({Role.DELEGATE})
REGISTRARS = frozenset({Role.REGISTRAR})
TELLERS = frozenset({Role.TELLER})
CLERK: frozenset[Role] = frozenset()
"""Only the clerk itself: no role of any person is enough."""

MAY: Mapping[type[a.Act], frozenset[Role]] = {
    a.OpenConference: CHAIRS,
    a.CloseConference: CHAIRS,
    a.CallItem: CHAIRS,
    a.NextItem: CHAIRS,
    a.PutNextQuestion: CHAIRS,
    a.MarkMoved: CHAIRS,
    a.MarkSeconded: CHAIRS,
    a.LetFall: CHAIRS,
    a.CallSpeaker: CHAIRS,
    a.EndSpeech: CHAIRS,
    a.AnnounceVote: CHAIRS,
    a.CallOffVote: CHAIRS,
    a.LeaveUndecided: CHAIRS,
    a.ExtendVote: CHAIRS,
    a.CloseVote: CHAIRS,
    a.DeclareResult: CHAIRS,
    a.SetMode: frozenset({Role.ORGANISER}),
    a.CheckIn: DELEGATES,
    a.Leave: DELEGATES,
    a.AskToSpeak: DELEGATES,
    a.WithdrawRequest: DELEGATES,
    a.OfferSecond: DELEGATES,
    a.ConfirmSeen: frozenset({Role.SPEAKER}),
    a.AddPerson: REGISTRARS,
    a.Decide: REGISTRARS,
    a.RenewLink: REGISTRARS,
    a.CheckOut: REGISTRARS,
    a.EnterCount: TELLERS,
    a.ConfirmCount: TELLERS,
    a.OpenVote: CLERK,
    a.PassMinimum: CLERK,
    a.EndVote: CLERK,
    a.CountVote: CLERK,
    a.VoidVote: CLERK,
}

SYSTEM_ACTS = frozenset(
    {a.AddPerson, a.RenewLink, a.OpenVote, a.PassMinimum, a.EndVote, a.CountVote, a.VoidVote}
)


def check(meeting: Meeting, act: a.Act, by: PersonId) -> Refused | None:
    """Say why `by` may not do this at all, or None. The state of the hall is not looked at."""
    kind = type(act)
    if by == SYSTEM:
        return None if kind in SYSTEM_ACTS else Refused(Code.NOT_ALLOWED)
    person = meeting.people.get(by)
    if person is None:
        return Refused(Code.NOT_ALLOWED)
    allowed = MAY[kind]
    if person.roles & allowed and person.standing is Standing.ACCEPTED:
        return None
    if allowed == DELEGATES:
        if person.standing is not Standing.ACCEPTED:
            return Refused(Code.WAITS_FOR_REGISTRAR)
        if Role.OBSERVER in person.roles:
            return Refused(Code.OBSERVER)
    return Refused(Code.NOT_ALLOWED)
