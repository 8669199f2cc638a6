"""Who may do what: one table, role x act. What is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping

from conference.rules import acts as a
from conference.rules.kinds import SYSTEM, PersonId, Phase, ProceduralId, Role, Standing
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting

OFFICERS = frozenset({Role.CHAIR, Role.VICE_CHAIR, Role.SECRETARY})
"""Who can be in the chair, in the order in which they are asked."""
OPENERS = frozenset({Role.CHAIR, Role.VICE_CHAIR})
CHAIRS = OFFICERS
"""Acts of the chair: of these, only whoever is in the chair or presides may do them."""
SECONDS = OFFICERS | {Role.TELLER, Role.REGISTRAR}
"""Who can be the second of two officers."""
PROVED = OFFICERS | {Role.REGISTRAR, Role.TELLER, Role.ORGANISER}
"""Whose sign-in in a real conference needs a second factor; two of them let a third in."""
DELEGATES = frozenset({Role.DELEGATE})
REGISTRARS = frozenset({Role.REGISTRAR})
TELLERS = frozenset({Role.TELLER})
EDITORS = frozenset({Role.ORGANISER, Role.ARRANGEMENTS})
"""Who prepares and releases the agenda before the day."""
DOORKEEPERS = frozenset({Role.REGISTRAR, Role.STEWARD})
"""Who works at the check-in desk."""
ORGANISERS = frozenset({Role.ORGANISER})
GRANTED = frozenset(Role) - {Role.SPEAKER, Role.SCREEN}
"""What an organiser can give somebody; a speaker is whoever has a slot."""
FORBIDDEN = (
    (Role.CHAIR, Role.TELLER),
    (Role.VICE_CHAIR, Role.TELLER),
    (Role.ORGANISER, Role.TELLER),
    (Role.REGISTRAR, Role.TELLER),
    (Role.QUEUE_KEEPER, Role.TELLER),
    (Role.DELEGATE, Role.OBSERVER),
)
"""Roles that no one person may have together; every other pair adds up."""
STAGE = frozenset({Role.STEWARD, Role.ORGANISER})
"""Who runs the stage: speakers, signals, the stream, the hall screen."""
SPEAKERS = frozenset({Role.SPEAKER})
QUEUE_KEEPERS = frozenset({Role.QUEUE_KEEPER})
CLERK: frozenset[Role] = frozenset()
"""Only the clerk itself: no role of any person is enough."""

MAY: Mapping[type[a.Act], frozenset[Role]] = {
    a.OpenConference: CHAIRS,
    a.CloseConference: CHAIRS,
    a.CallItem: CHAIRS,
    a.NextItem: CHAIRS,
    a.PutNextQuestion: CHAIRS,
    a.TakeUp: CHAIRS,
    a.MarkMoved: CHAIRS,
    a.MarkSeconded: CHAIRS,
    a.LetFall: CHAIRS,
    a.RuleOutOfOrder: CHAIRS,
    a.TakeAmendment: CHAIRS,
    a.AdmitAmendment: CHAIRS,
    a.AskLeave: CHAIRS,
    a.CallOffLeave: CHAIRS,
    a.CloseDebate: CHAIRS,
    a.WaiveReply: CHAIRS,
    a.CloseList: CHAIRS,
    a.ReopenList: CHAIRS,
    a.CallSpeaker: CHAIRS,
    a.EndSpeech: CHAIRS,
    a.UndoCall: CHAIRS,
    a.PauseClock: CHAIRS,
    a.ResumeClock: CHAIRS,
    a.AddTime: CHAIRS,
    a.WaitForSpeaker: CHAIRS,
    a.PutSpeechOff: CHAIRS,
    a.HaveReadOut: CHAIRS,
    a.TakeProcedural: CHAIRS,
    a.RefuseProcedural: CHAIRS,
    a.HearPoint: CHAIRS,
    a.RulePoint: CHAIRS,
    a.AnnounceVote: CHAIRS,
    a.CallOffVote: CHAIRS,
    a.LeaveUndecided: CHAIRS,
    a.ExtendVote: CHAIRS,
    a.CloseVote: CHAIRS,
    a.StopVote: CHAIRS,
    a.CastingVote: CHAIRS,
    a.DeclareResult: CHAIRS,
    a.RecountVote: CHAIRS,
    a.TakeBreak: CHAIRS,
    a.Resume: CHAIRS,
    a.Announce: CHAIRS,
    a.TakeBackAnnouncement: CHAIRS,
    a.OfferChair: CHAIRS,
    a.SendToLobby: CHAIRS,
    a.ProposeDouble: CHAIRS,
    a.AcceptChair: OFFICERS,
    a.TakeChair: OFFICERS,
    a.KeepChair: OFFICERS,
    a.Preside: OFFICERS,
    a.ConfirmDouble: SECONDS,
    a.DropDouble: SECONDS,
    a.CorrectMinute: frozenset({Role.SECRETARY}),
    a.SetMode: ORGANISERS,
    a.GrantRole: ORGANISERS,
    a.RevokeRole: ORGANISERS,
    a.HideName: CHAIRS,
    a.ShowName: CHAIRS,
    a.CheckIn: DELEGATES,
    a.Leave: DELEGATES,
    a.AskToSpeak: DELEGATES,
    a.WithdrawRequest: DELEGATES,
    a.EnterRequest: QUEUE_KEEPERS,
    a.StrikeRequest: QUEUE_KEEPERS,
    a.OfferMove: DELEGATES,
    a.OfferSecond: DELEGATES,
    a.ForgoReply: DELEGATES,
    a.ProposeAmendment: DELEGATES,
    a.MoveProcedural: DELEGATES,
    a.SecondProcedural: DELEGATES,
    a.WithdrawProcedural: DELEGATES,
    a.RaisePoint: DELEGATES,
    a.WithdrawPoint: DELEGATES,
    a.Object: DELEGATES,
    a.AskMoreTime: DELEGATES,
    a.AskRecount: DELEGATES,
    a.ConfirmSeen: SPEAKERS,
    a.AnswerSlot: SPEAKERS,
    a.BookCheck: SPEAKERS | STAGE,
    a.SayReady: SPEAKERS | STAGE,
    a.MarkChecked: STAGE,
    a.GiveSlot: STAGE,
    a.BringForward: STAGE | OFFICERS,
    a.SendSignal: STAGE | OFFICERS,
    a.SayNow: STAGE,
    a.HearNow: STAGE,
    a.SetDelay: STAGE,
    a.ShowOnScreen: STAGE | OFFICERS,
    a.AddPerson: REGISTRARS,
    a.Decide: REGISTRARS,
    a.RenewLink: REGISTRARS,
    a.GiveCode: REGISTRARS,
    a.LetIn: PROVED,
    a.WaiveEncryption: CLERK,
    a.Reconsider: REGISTRARS,
    a.Withdraw: REGISTRARS,
    a.LockRegister: REGISTRARS,
    a.ProposeOfficeStep: REGISTRARS,
    a.ConfirmOfficeStep: SECONDS,
    a.DropOfficeStep: SECONDS,
    a.TakeExport: REGISTRARS,
    a.CheckInPerson: DOORKEEPERS,
    a.CheckOut: DOORKEEPERS,
    a.StartDraw: TELLERS,
    a.JoinDraw: TELLERS,
    a.RecordDraw: TELLERS,
    a.NoteAssistance: TELLERS,
    a.EnterCount: TELLERS,
    a.ConfirmCount: TELLERS,
    a.EditAgenda: EDITORS,
    a.ReleaseAgenda: EDITORS,
    a.UndoAgenda: EDITORS,
    a.MoveItem: CHAIRS,
    a.ResizeItem: CHAIRS,
    a.SkipItem: CHAIRS,
    a.InsertItem: CHAIRS,
    a.UndoItems: CHAIRS,
    a.ConfirmResult: TELLERS,
    a.GiveKey: CLERK,
    a.OpenVote: CLERK,
    a.PassMinimum: CLERK,
    a.EndVote: CLERK,
    a.FixBox: CLERK,
    a.CountVote: CLERK,
    a.ReportRecount: CLERK,
    a.VoidVote: CLERK,
    a.GiveLeave: CLERK,
    a.FallGuillotine: CLERK,
    a.ReportChairLost: CLERK,
    a.PassChair: CLERK,
}

SYSTEM_ACTS = frozenset(
    {
        a.AddPerson,
        a.RenewLink,
        a.Withdraw,
        a.LockRegister,
        *(kind for kind, roles in MAY.items() if roles is CLERK),
    }
)

ALWAYS = frozenset(Phase)
UNTIL_THE_CLOSE = frozenset({Phase.BEFORE, Phase.OPEN})
WHEN: Mapping[type[a.Act], frozenset[Phase]] = {
    **dict.fromkeys(
        (a.OpenConference, a.EditAgenda, a.ReleaseAgenda, a.UndoAgenda), frozenset({Phase.BEFORE})
    ),
    **dict.fromkeys(
        (
            a.CheckIn, a.Leave, a.CheckInPerson, a.CheckOut, a.ConfirmSeen, a.LockRegister, a.VoidVote,
            a.AnswerSlot, a.BookCheck, a.SayReady, a.GiveSlot, a.BringForward,
        ),
        UNTIL_THE_CLOSE,
    ),
    **dict.fromkeys(
        (
            a.SetMode, a.Announce, a.TakeBackAnnouncement, a.ProposeDouble, a.ConfirmDouble,
            a.DropDouble, a.CorrectMinute, a.AddPerson, a.Decide, a.Reconsider, a.Withdraw,
            a.RenewLink, a.GrantRole, a.RevokeRole, a.ProposeOfficeStep, a.ConfirmOfficeStep,
            a.DropOfficeStep, a.TakeExport, a.HideName, a.ShowName, a.StartDraw, a.JoinDraw,
            a.RecordDraw, a.GiveCode, a.LetIn, a.WaiveEncryption, a.MarkChecked, a.SayNow, a.HearNow,
            a.SetDelay, a.ShowOnScreen,
        ),
        ALWAYS,
    ),
}  # fmt: skip
"""When an act can be taken at all; what is not named here only while the conference is open."""


def when(kind: type[a.Act]) -> frozenset[Phase]:
    """Return the phases in which an act of this kind can be taken. The rules themselves refuse."""
    return WHEN.get(kind, frozenset({Phase.OPEN}))


IN_THE_CHAIR = frozenset(kind for kind, roles in MAY.items() if roles is CHAIRS) - {
    a.AcceptChair, a.TakeChair, a.KeepChair, a.Preside,
}  # fmt: skip
"""What takes the chair itself, not only the office."""

BARRED_CHAIR_MAY = frozenset({a.TakeBreak, a.Resume, a.Announce, a.TakeBackAnnouncement})
"""What the chair may still do while conference decides about the chair; silencing nobody."""


def forbidden_pair(roles: frozenset[Role]) -> tuple[str, str] | None:
    """Return two roles among these that one person may not have together, in words, or None."""
    pair = next((pair for pair in FORBIDDEN if roles.issuperset(pair)), None)
    return None if pair is None else (pair[0].replace("_", "-"), pair[1].replace("_", "-"))


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
        return _chair(meeting, kind, by, person.roles) if kind in IN_THE_CHAIR else None
    if allowed == DELEGATES:
        if person.standing is not Standing.ACCEPTED:
            return Refused(Code.WAITS_FOR_REGISTRAR)
        if Role.OBSERVER in person.roles:
            return Refused(Code.OBSERVER)
    return Refused(Code.NOT_ALLOWED)


def _chair(
    meeting: Meeting, kind: type[a.Act], by: PersonId, roles: frozenset[Role]
) -> Refused | None:
    """Say why this officer may not act as chair now: exactly one does, and never in their own case."""
    head = meeting.conference
    if head.chair is None:
        return None if roles & OPENERS else Refused(Code.NOT_ALLOWED)
    if by == in_the_chair(meeting):
        return None
    if by != head.chair or head.challenge is None:
        return Refused(Code.NOT_IN_THE_CHAIR)
    return None if kind in BARRED_CHAIR_MAY else Refused(Code.CHAIR_BARRED)


def in_the_chair(meeting: Meeting) -> PersonId | None:
    """Return who can do the acts of the chair now; None before the opening, or while nobody can.

    On a question about the chair that is who presides; or whoever has been given the chair since,
    when it is not about them.
    """
    head = meeting.conference
    if head.challenge is None or head.presiding is not None:
        return head.chair if head.challenge is None else head.presiding
    return None if is_party(meeting, head.challenge, head.chair) else head.chair


def is_party(meeting: Meeting, challenge: ProceduralId, person: PersonId | None) -> bool:
    """Say whether this question about the chair is this person's own case: made or moved by them."""
    row = meeting.procedurals[challenge]
    return person in {row.about, row.by}
