"""Everything that can be done in a hall, as frozen values with imperative names.

An act says what is wanted, not what it changes: the journal keeps it exactly as it was handed in,
and replaying the journal through `rules.take` gives the same rows again. Free text never stands in
an act: a `remark` is the salted hash of a text that the store keeps erasably.
"""

from __future__ import annotations

from conference.rules.acts.agenda import (
    EditAgenda,
    InsertItem,
    MoveItem,
    ReleaseAgenda,
    ResizeItem,
    SkipItem,
    UndoAgenda,
    UndoItems,
)
from conference.rules.acts.clerk import (
    CountVote,
    EndVote,
    FallGuillotine,
    FixBox,
    GiveKey,
    GiveLeave,
    OpenVote,
    PassChair,
    PassMinimum,
    ReportChairLost,
    ReportRecount,
    SignedHead,
    VoidVote,
)
from conference.rules.acts.debate import (
    AddTime,
    AdmitAmendment,
    AskLeave,
    CallItem,
    CallOffLeave,
    CallSpeaker,
    CloseConference,
    CloseDebate,
    CloseList,
    EndSpeech,
    HaveReadOut,
    HearPoint,
    LetFall,
    MarkMoved,
    MarkSeconded,
    NextItem,
    OpenConference,
    PauseClock,
    PutNextQuestion,
    PutSpeechOff,
    RefuseProcedural,
    ReopenList,
    ResumeClock,
    RuleOutOfOrder,
    RulePoint,
    TakeAmendment,
    TakeProcedural,
    TakeUp,
    UndoCall,
    WaitForSpeaker,
    WaiveReply,
)
from conference.rules.acts.floor import (
    AskMoreTime,
    AskRecount,
    AskToSpeak,
    CheckIn,
    ConfirmSeen,
    EnterRequest,
    ForgoReply,
    Leave,
    MoveProcedural,
    Object,
    OfferMove,
    OfferSecond,
    ProposeAmendment,
    RaisePoint,
    SecondProcedural,
    StrikeRequest,
    WithdrawPoint,
    WithdrawProcedural,
    WithdrawRequest,
)
from conference.rules.acts.office import (
    AddPerson,
    CheckOut,
    ConfirmCount,
    ConfirmResult,
    Decide,
    EnterCount,
    GiveCode,
    LetIn,
    RenewLink,
    WaiveEncryption,
)
from conference.rules.acts.order import (
    AcceptChair,
    Announce,
    ConfirmDouble,
    CorrectMinute,
    DropDouble,
    KeepChair,
    OfferChair,
    Preside,
    ProposeDouble,
    Resume,
    SendToLobby,
    SetMode,
    TakeBackAnnouncement,
    TakeBreak,
    TakeChair,
)
from conference.rules.acts.register import (
    CheckInPerson,
    ConfirmOfficeStep,
    DropOfficeStep,
    GrantRole,
    HideName,
    JoinDraw,
    LockRegister,
    NoteAssistance,
    ProposeOfficeStep,
    Reconsider,
    RecordDraw,
    RevokeRole,
    ShowName,
    StartDraw,
    TakeExport,
    Withdraw,
)
from conference.rules.acts.stage import (
    AnswerSlot,
    BookCheck,
    BringForward,
    GiveSlot,
    HearNow,
    MarkChecked,
    SayNow,
    SayReady,
    SendSignal,
    SetDelay,
    ShowOnScreen,
)
from conference.rules.acts.voting import (
    AnnounceVote,
    CallOffVote,
    CastingVote,
    CloseVote,
    DeclareResult,
    ExtendVote,
    LeaveUndecided,
    RecountVote,
    StopVote,
)
from conference.rules.kinds import Choice

Act = (
    OpenConference
    | CloseConference
    | CallItem
    | NextItem
    | PutNextQuestion
    | TakeUp
    | MarkMoved
    | MarkSeconded
    | LetFall
    | RuleOutOfOrder
    | TakeAmendment
    | AdmitAmendment
    | AskLeave
    | CallOffLeave
    | CloseDebate
    | WaiveReply
    | CloseList
    | ReopenList
    | CallSpeaker
    | EndSpeech
    | UndoCall
    | PauseClock
    | ResumeClock
    | AddTime
    | WaitForSpeaker
    | PutSpeechOff
    | HaveReadOut
    | TakeProcedural
    | RefuseProcedural
    | HearPoint
    | RulePoint
    | AnnounceVote
    | CallOffVote
    | LeaveUndecided
    | ExtendVote
    | CloseVote
    | StopVote
    | CastingVote
    | DeclareResult
    | RecountVote
    | SetMode
    | TakeBreak
    | Resume
    | Announce
    | TakeBackAnnouncement
    | OfferChair
    | AcceptChair
    | TakeChair
    | KeepChair
    | Preside
    | SendToLobby
    | ProposeDouble
    | ConfirmDouble
    | DropDouble
    | CorrectMinute
    | CheckIn
    | Leave
    | AskToSpeak
    | WithdrawRequest
    | EnterRequest
    | StrikeRequest
    | OfferMove
    | OfferSecond
    | ForgoReply
    | ProposeAmendment
    | MoveProcedural
    | SecondProcedural
    | WithdrawProcedural
    | RaisePoint
    | WithdrawPoint
    | Object
    | AskMoreTime
    | AskRecount
    | ConfirmSeen
    | AnswerSlot
    | BookCheck
    | SayReady
    | MarkChecked
    | GiveSlot
    | BringForward
    | SendSignal
    | SayNow
    | HearNow
    | SetDelay
    | ShowOnScreen
    | AddPerson
    | Decide
    | RenewLink
    | GiveCode
    | LetIn
    | WaiveEncryption
    | CheckOut
    | CheckInPerson
    | ConfirmOfficeStep
    | DropOfficeStep
    | GrantRole
    | HideName
    | JoinDraw
    | LockRegister
    | NoteAssistance
    | ProposeOfficeStep
    | Reconsider
    | RecordDraw
    | RevokeRole
    | ShowName
    | StartDraw
    | TakeExport
    | Withdraw
    | EnterCount
    | ConfirmCount
    | EditAgenda
    | ReleaseAgenda
    | UndoAgenda
    | MoveItem
    | ResizeItem
    | SkipItem
    | InsertItem
    | UndoItems
    | ConfirmResult
    | GiveKey
    | OpenVote
    | PassMinimum
    | EndVote
    | FixBox
    | CountVote
    | ReportRecount
    | VoidVote
    | GiveLeave
    | FallGuillotine
    | ReportChairLost
    | PassChair
)
"""Every act; a question (motion, amendment, procedural motion) is named by what it is part of."""

__all__ = [
    "AcceptChair",
    "Act",
    "AddPerson",
    "AddTime",
    "AdmitAmendment",
    "Announce",
    "AnnounceVote",
    "AnswerSlot",
    "AskLeave",
    "AskMoreTime",
    "AskRecount",
    "AskToSpeak",
    "BookCheck",
    "BringForward",
    "CallItem",
    "CallOffLeave",
    "CallOffVote",
    "CallSpeaker",
    "CastingVote",
    "CheckIn",
    "CheckInPerson",
    "CheckOut",
    "Choice",
    "CloseConference",
    "CloseDebate",
    "CloseList",
    "CloseVote",
    "ConfirmCount",
    "ConfirmDouble",
    "ConfirmOfficeStep",
    "ConfirmResult",
    "ConfirmSeen",
    "CorrectMinute",
    "CountVote",
    "Decide",
    "DeclareResult",
    "DropDouble",
    "DropOfficeStep",
    "EditAgenda",
    "EndSpeech",
    "EndVote",
    "EnterCount",
    "EnterRequest",
    "ExtendVote",
    "FallGuillotine",
    "FixBox",
    "ForgoReply",
    "GiveCode",
    "GiveKey",
    "GiveLeave",
    "GiveSlot",
    "GrantRole",
    "HaveReadOut",
    "HearNow",
    "HearPoint",
    "HideName",
    "InsertItem",
    "JoinDraw",
    "KeepChair",
    "Leave",
    "LeaveUndecided",
    "LetFall",
    "LetIn",
    "LockRegister",
    "MarkChecked",
    "MarkMoved",
    "MarkSeconded",
    "MoveItem",
    "MoveProcedural",
    "NextItem",
    "NoteAssistance",
    "Object",
    "OfferChair",
    "OfferMove",
    "OfferSecond",
    "OpenConference",
    "OpenVote",
    "PassChair",
    "PassMinimum",
    "PauseClock",
    "Preside",
    "ProposeAmendment",
    "ProposeDouble",
    "ProposeOfficeStep",
    "PutNextQuestion",
    "PutSpeechOff",
    "RaisePoint",
    "Reconsider",
    "RecordDraw",
    "RecountVote",
    "RefuseProcedural",
    "ReleaseAgenda",
    "RenewLink",
    "ReopenList",
    "ReportChairLost",
    "ReportRecount",
    "ResizeItem",
    "Resume",
    "ResumeClock",
    "RevokeRole",
    "RuleOutOfOrder",
    "RulePoint",
    "SayNow",
    "SayReady",
    "SecondProcedural",
    "SendSignal",
    "SendToLobby",
    "SetDelay",
    "SetMode",
    "ShowName",
    "ShowOnScreen",
    "SignedHead",
    "SkipItem",
    "StartDraw",
    "StopVote",
    "StrikeRequest",
    "TakeAmendment",
    "TakeBackAnnouncement",
    "TakeBreak",
    "TakeChair",
    "TakeExport",
    "TakeProcedural",
    "TakeUp",
    "UndoAgenda",
    "UndoCall",
    "UndoItems",
    "VoidVote",
    "WaitForSpeaker",
    "WaiveEncryption",
    "WaiveReply",
    "Withdraw",
    "WithdrawPoint",
    "WithdrawProcedural",
    "WithdrawRequest",
]
