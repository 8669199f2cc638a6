from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import get_args

import pytest

from conference.rules import SEEN_BY_ALL, STEPS, agenda, queue
from conference.rules import acts as a
from conference.rules.kinds import (
    SYSTEM,
    Base,
    DoubleKind,
    ItemKind,
    ItemState,
    LeaveKind,
    Mode,
    MotionState,
    Outcome,
    Pause,
    Phase,
    PointAbout,
    PointKind,
    PointState,
    Procedure,
    Ready,
    Reply,
    RequestState,
    Role,
    Rule,
    Shows,
    Side,
    Signal,
    Standing,
    VoteState,
)
from conference.rules.question import Question
from conference.rules.refused import Code
from tests.rules.builders import (
    A1,
    A2,
    ADMIT,
    ARRANGEMENTS,
    CHAIR,
    CHECK,
    CLOSING,
    D1,
    D2,
    D3,
    D4,
    D5,
    D6,
    DEBATE,
    DECLINED,
    EARLY,
    ELECTION,
    EMERGENCY,
    FIRST,
    HEAD,
    KEEPER,
    KEY,
    MOTION,
    OBSERVER,
    ORGANISER,
    PLAN,
    QUESTION,
    REGISTRAR,
    ROOT,
    SECOND,
    SECRETARY,
    SPEAKER,
    SPEAKER_2,
    SPEAKERS,
    STEWARD,
    STRANGER,
    TELLER,
    TELLER_2,
    TEN,
    URGENT,
    V1,
    VICE_CHAIR,
    WAITING,
    decide,
    do,
    enter_count,
    motion,
    refusal,
    run,
    scene,
)

LATER = TEN + 1234
DELEGATE = frozenset({Role.DELEGATE})
GREETINGS = a.InsertItem("Greetings", ItemKind.SPEAKERS, 10, SPEAKERS, "A guest")
DELEGATE_SPEAKS = frozenset({Role.DELEGATE, Role.SPEAKER})


def head(**fields):
    return lambda m: [(getattr(m.conference, k), v) for k, v in fields.items()]


def row(table, key, /, **fields):
    return lambda m: [(getattr(getattr(m, table)[key], k), v) for k, v in fields.items()]


def stage(signal=None, turn=None, **fields):
    fields |= {"signal": signal, "signal_turn": turn}
    return lambda m: [(getattr(m.stage, k), v) for k, v in fields.items()]


CHANGES = [
    # scene, act, by, what is now so
    ("before", a.OpenConference(), CHAIR, head(phase=Phase.OPEN, opened_at=LATER, item=DEBATE)),
    ("before", a.OpenConference(), VICE_CHAIR, head(phase=Phase.OPEN, opened_at=LATER)),
    ("all done", a.CloseConference(), CHAIR, head(phase=Phase.CLOSED, closed_at=LATER, present=0)),
    ("all done", a.CloseConference(), CHAIR, row("people", D1, present=False)),
    ("opened", a.CallItem(DEBATE), CHAIR, row("items", DEBATE, state=ItemState.CALLED)),
    ("opened", a.CallItem(DEBATE), CHAIR, row("items", DEBATE, called_at=LATER)),
    ("opened", a.CallItem(DEBATE), CHAIR, row("motions", MOTION, state=MotionState.CALLED)),
    ("opened", a.CallItem(DEBATE), CHAIR, head(item=DEBATE, motion=MOTION, vote=None)),
    ("between", a.CallItem(SPEAKERS), CHAIR, head(item=SPEAKERS, motion=None)),
    ("speakers", a.NextItem(SPEAKERS), CHAIR, head(item=EMERGENCY, motion=None, vote=None)),
    ("speakers", a.NextItem(SPEAKERS), CHAIR, row("items", SPEAKERS, done_at=LATER)),
    ("declared", a.PutNextQuestion(QUESTION), CHAIR, head(motion=QUESTION, vote=None)),
    ("fallen", a.PutNextQuestion(QUESTION), CHAIR, head(motion=QUESTION)),
    ("admitted", a.PutNextQuestion(URGENT), CHAIR, head(motion=URGENT)),
    ("admitted", a.PutNextQuestion(URGENT), CHAIR, row("motions", URGENT, state="called")),
    ("not admitted", a.NextItem(EMERGENCY), CHAIR, row("motions", URGENT, state="fell")),
    ("not admitted", a.NextItem(EMERGENCY), CHAIR, head(item=ELECTION)),
    ("called", a.MarkMoved(MOTION), CHAIR, row("motions", MOTION, state=MotionState.MOVED)),
    ("moved", a.OfferSecond(MOTION), D4, row("motions", MOTION, state="moved", seconder=D4)),
    ("offered", a.MarkSeconded(MOTION), CHAIR, row("motions", MOTION, state=MotionState.DEBATE)),
    ("moved", a.MarkSeconded(MOTION), CHAIR, row("motions", MOTION, state="debate", seconder=None)),
    ("called", a.LetFall(MOTION), CHAIR, row("motions", MOTION, state=MotionState.FELL)),
    ("moved", a.LetFall(MOTION), CHAIR, row("motions", MOTION, state=MotionState.FELL)),
    ("announced", a.CallOffVote(V1), CHAIR, row("votes", V1, state="void")),
    ("announced", a.CallOffVote(V1), CHAIR, row("motions", MOTION, state=MotionState.DEBATE)),
    ("called", a.CallSpeaker(Side.MOVER), CHAIR, row("turns", 1, name="M", seconds=300, motion=1)),
    ("moved", a.CallSpeaker(Side.SECONDER), CHAIR, row("turns", 1, name="S", seconds=180)),
    ("offered", a.CallSpeaker(Side.SECONDER), CHAIR, row("turns", 1, name="", person=D3)),
    (
        "asked",
        a.CallSpeaker(Side.FOR, 1),
        CHAIR,
        row("turns", 1, person=D1, seconds=120, request=1),
    ),
    ("asked", a.CallSpeaker(Side.FOR, 1), CHAIR, row("requests", 1, state=RequestState.CALLED)),
    ("asked", a.CallSpeaker(Side.FOR, 1), CHAIR, head(turn=1)),
    ("speakers", a.CallSpeaker(Side.SPEAKER, slot=FIRST), CHAIR, row("turns", 1, slot=FIRST)),
    (
        "speakers",
        a.CallSpeaker(Side.SPEAKER, slot=SECOND),
        CHAIR,
        row("turns", 1, person=None, name="Speaker 2", seconds=360, motion=None, started_at=LATER),
    ),
    ("speaking", a.EndSpeech(1), CHAIR, head(turn=None)),
    ("speaking", a.EndSpeech(1), CHAIR, row("turns", 1, ended_at=LATER)),
    ("called", a.AskToSpeak(MOTION, Side.FOR), D1, row("requests", 1, person=D1, side=Side.FOR)),
    ("asked", a.AskToSpeak(MOTION, Side.FOR), D3, row("requests", 3, asked_at=LATER)),
    ("question", a.AskToSpeak(QUESTION, Side.FOR), D3, row("requests", 1, motion=QUESTION)),
    ("asked", a.WithdrawRequest(MOTION), D1, row("requests", 1, state=RequestState.WITHDRAWN)),
    ("own motion", a.ForgoReply(MOTION), D1, row("motions", MOTION, reply_waived=True)),
    ("asked", a.EnterRequest(D3, MOTION, Side.FOR), KEEPER, row("requests", 3, person=D3)),
    ("asked", a.StrikeRequest(1), KEEPER, row("requests", 1, state=RequestState.WITHDRAWN)),
    ("asked", a.Leave(), D1, row("requests", 1, state=RequestState.LAPSED)),
    ("debate", a.AnnounceVote(MOTION), CHAIR, row("motions", MOTION, state=MotionState.VOTING)),
    ("debate", a.AnnounceVote(MOTION), CHAIR, row("votes", V1, opens_at=LATER + 3000, roll=0)),
    ("question", a.AnnounceVote(QUESTION), CHAIR, row("votes", 2, rule=Rule.TWO_THIRDS)),
    (
        "question",
        a.AnnounceVote(QUESTION),
        CHAIR,
        row("votes", 2, question="Title 2", base=Base.CAST),
    ),
    ("announced", a.OpenVote(V1), SYSTEM, row("votes", V1, state="open", roll=4, register=6)),
    ("announced", a.OpenVote(V1), SYSTEM, row("votes", V1, opened_at=LATER, closable=False)),
    ("announced", a.OpenVote(V1), SYSTEM, row("rolls", V1, people={D1, D2, D3, D4})),
    ("voting", a.PassMinimum(V1), SYSTEM, row("votes", V1, closable=True)),
    ("voting", a.ExtendVote(V1), CHAIR, row("votes", V1, extended=10, closes_at=TEN + 33_000)),
    ("closable", a.CloseVote(V1), CHAIR, row("votes", V1, last_call=True, closes_at=LATER + 3000)),
    ("voting", a.EndVote(V1), SYSTEM, row("votes", V1, state="closed", closed_at=LATER)),
    ("keyless", a.GiveKey(V1, KEY), SYSTEM, row("votes", V1, key=KEY, state="announced")),
    ("announced", a.GiveKey(V1, "another"), SYSTEM, row("votes", V1, key="another")),
    ("closed", a.FixBox(V1, 4, ROOT, HEAD), SYSTEM, row("votes", V1, envelopes=4, root=ROOT)),
    ("closed", a.FixBox(V1, 4, ROOT, HEAD), SYSTEM, row("heads", 1, vote=V1, line="line")),
    ("counted", a.ConfirmResult(V1), TELLER, row("votes", V1, confirmed={TELLER})),
    ("fixed", a.CountVote(V1, 2, 1, 1, head=HEAD), SYSTEM, row("heads", 2, vote=V1)),
    (
        "fixed",
        a.CountVote(V1, 2, 1, 1, head=HEAD),
        SYSTEM,
        row("votes", V1, votes_for=2, outcome="carried"),
    ),
    (
        "fixed",
        a.CountVote(V1, 2, 1, 1, head=HEAD),
        SYSTEM,
        row("motions", V1, outcome=None, state="voting"),
    ),
    ("fixed", a.CountVote(V1, 1, 1, 2, head=HEAD), SYSTEM, row("votes", V1, outcome="not_carried")),
    (
        "fixed",
        a.CountVote(V1, 0, 0, 0, 4, head=HEAD),
        SYSTEM,
        row("votes", V1, invalid=4, outcome="not_carried"),
    ),
    ("counted", a.DeclareResult(V1), CHAIR, row("votes", V1, state="declared", declared_at=LATER)),
    ("counted", a.DeclareResult(V1), CHAIR, row("motions", MOTION, state="decided")),
    ("counted", a.DeclareResult(V1), CHAIR, row("motions", MOTION, outcome=Outcome.CARRIED)),
    ("announced", a.VoidVote(V1, "why"), SYSTEM, row("motions", MOTION, state=MotionState.DEBATE)),
    ("voting", a.VoidVote(V1, "why"), SYSTEM, row("votes", V1, state="void", void_reason="why")),
    (
        "counted",
        a.VoidVote(V1, "why"),
        SYSTEM,
        row("motions", MOTION, state="debate", outcome=None),
    ),
    ("before", a.CheckIn(), D1, row("people", D1, present=True, present_at=LATER)),
    ("before", a.CheckIn(), D1, head(present=1, register=6)),
    ("present", a.Leave(), D1, head(present=3, register=6)),
    ("present", a.CheckOut(D1), REGISTRAR, row("people", D1, present=False, present_at=TEN)),
    ("voting", a.Leave(), D1, row("rolls", V1, people={D1, D2, D3, D4})),
    ("before", a.AddPerson(STRANGER, DELEGATE, Standing.ACCEPTED), SYSTEM, head(register=7)),
    ("before", a.AddPerson(STRANGER, DELEGATE, Standing.WAITING), REGISTRAR, head(register=6)),
    ("before", a.Decide(WAITING, Role.DELEGATE), REGISTRAR, head(register=7)),
    ("before", a.Decide(WAITING, Role.OBSERVER), REGISTRAR, head(register=6)),
    (
        "before",
        a.Decide(WAITING, Role.OBSERVER),
        REGISTRAR,
        row("people", WAITING, standing="accepted"),
    ),
    ("before", a.Decide(WAITING, None), REGISTRAR, row("people", WAITING, standing="declined")),
    ("before", a.Decide(DECLINED, Role.DELEGATE), REGISTRAR, head(register=7)),
    ("before", a.Decide(OBSERVER, Role.DELEGATE), REGISTRAR, head(register=7)),
    ("before", a.Decide(D1, Role.OBSERVER), REGISTRAR, head(register=5)),
    ("before", a.Decide(D1, None), REGISTRAR, row("people", D1, roles=frozenset())),
    ("before", a.SetMode(Mode.REHEARSAL, "A Conference"), ORGANISER, head(mode=Mode.REHEARSAL)),
    ("before", a.SetMode(Mode.REAL, " A Conference "), ORGANISER, head(mode=Mode.REAL)),
    (
        "called",
        a.ConfirmSeen(FIRST),
        SPEAKER,
        # Expected as the item before it, which has just been called, takes its planned time.
        row("slots", FIRST, seen=TEN + 50 * 60_000),
    ),
    ("election", enter_count(), TELLER, row("elections", ELECTION, entered_by=TELLER, received=10)),
    ("election", enter_count(), TELLER, row("candidates", 1, first_preferences=5, elected=True)),
    ("election", enter_count(), TELLER, row("candidates", 3, first_preferences=1, elected=False)),
    ("count entered", enter_count(elected=(3,)), TELLER_2, row("candidates", 1, elected=False)),
    ("count entered", enter_count(), TELLER_2, row("elections", ELECTION, entered_by=TELLER_2)),
    (
        "count entered",
        a.ConfirmCount(ELECTION, 10, 1),
        TELLER_2,
        row("elections", ELECTION, entered_by=TELLER, confirmed_by=TELLER_2),
    ),
    ("adjourned", a.TakeUp(MOTION), CHAIR, row("motions", MOTION, state=MotionState.DEBATE)),
    ("seconded", a.RuleOutOfOrder(MOTION, A1, "r"), CHAIR, row("amendments", A1, state="fell")),
    ("seconded", a.TakeAmendment(A1), CHAIR, head(amendment=A1)),
    ("seconded", a.TakeAmendment(A1), CHAIR, row("amendments", A1, state=MotionState.CALLED)),
    ("taken", a.AskLeave(LeaveKind.ACCEPT, MOTION, A1), CHAIR, head(leave=1)),
    (
        "taken",
        a.AskLeave(LeaveKind.ACCEPT, MOTION, A1),
        CHAIR,
        row("leaves", 1, closes_at=LATER + 20_000),
    ),
    (
        "called",
        a.AskLeave(LeaveKind.WITHDRAW, MOTION),
        CHAIR,
        row("motions", MOTION, state="withdrawn"),
    ),
    ("leave", a.CallOffLeave(1), CHAIR, head(leave=None)),
    ("leave", a.Object(1), D1, row("leaves", 1, state="objected")),
    ("leave", a.GiveLeave(1), SYSTEM, row("amendments", A1, state=MotionState.ACCEPTED)),
    ("leave", a.GiveLeave(1), SYSTEM, row("texts", 1, number=2, text="Text and more 1")),
    ("leave", a.GiveLeave(1), SYSTEM, row("amendments", A2, state="fell", reason="consequential")),
    ("asked", a.CloseDebate(MOTION), CHAIR, row("motions", MOTION, state=MotionState.CLOSING)),
    ("asked", a.CloseDebate(MOTION), CHAIR, row("requests", 1, state=RequestState.LAPSED)),
    (
        "both",
        a.WaiveReply(MOTION),
        CHAIR,
        row("motions", MOTION, state="closing", reply_waived=True),
    ),
    ("debate", a.CloseList(MOTION), CHAIR, row("motions", MOTION, list_closed=True)),
    ("list closed", a.ReopenList(MOTION), CHAIR, row("motions", MOTION, list_closed=False)),
    (
        "both",
        a.CallSpeaker(Side.REPLY),
        CHAIR,
        row("turns", 3, side=Side.REPLY, name="M", seconds=180),
    ),
    ("both", a.CallSpeaker(Side.REPLY), CHAIR, row("motions", MOTION, state=MotionState.CLOSING)),
    ("speaking", a.UndoCall(1), CHAIR, row("turns", 1, undone=True)),
    ("speaking", a.UndoCall(1), CHAIR, row("requests", 2, state=RequestState.WAITING)),
    ("speaking", a.PauseClock(1), CHAIR, row("turns", 1, paused_at=LATER)),
    ("clock stopped", a.ResumeClock(1), CHAIR, row("turns", 1, paused_at=None, paused_ms=1234)),
    ("speaking", a.AddTime(1), CHAIR, row("turns", 1, added=30)),
    (
        "speaking",
        a.WaitForSpeaker(1),
        CHAIR,
        row("turns", 1, paused_at=LATER, waits_until=LATER + 30_000),
    ),
    ("waited", a.PutSpeechOff(1), CHAIR, head(turn=None)),
    ("waited", a.PutSpeechOff(1), CHAIR, row("requests", 2, state="waiting", asked_at=LATER)),
    ("waited", a.HaveReadOut(1), CHAIR, row("turns", 1, read_out=True, paused_at=None)),
    ("both", a.MoveProcedural(Procedure.CLOSURE), D4, row("procedurals", 1, by=D4, state="asked")),
    (
        "seconder wanted",
        a.SecondProcedural(1),
        D3,
        row("procedurals", 1, state="seconded", seconder=D3),
    ),
    ("closure", a.TakeProcedural(1), CHAIR, head(procedural=1)),
    (
        "closure",
        a.RefuseProcedural(1, "r"),
        CHAIR,
        row("procedurals", 1, state="refused", answer="r"),
    ),
    ("closure", a.WithdrawProcedural(1), D4, row("procedurals", 1, state="withdrawn")),
    (
        "speaking",
        a.RaisePoint(PointKind.ORDER, PointAbout.LANGUAGE),
        D3,
        row("points", 1, by=D3, raised_at=LATER),
    ),
    ("point", a.HearPoint(1), CHAIR, head(point=1)),
    ("point", a.HearPoint(1), CHAIR, row("turns", 1, paused_at=LATER)),
    (
        "heard",
        a.RulePoint(1, PointState.NOT_WELL_TAKEN, "r"),
        CHAIR,
        row("points", 1, state="not_well_taken", ruling="r"),
    ),
    (
        "heard",
        a.RulePoint(1, PointState.NOT_WELL_TAKEN, "r"),
        CHAIR,
        row("turns", 1, paused_at=None, paused_ms=1234),
    ),
    ("point", a.WithdrawPoint(1), D3, row("points", 1, state="withdrawn")),
    ("voting", a.StopVote(V1, "r"), CHAIR, row("votes", V1, state="void", void_reason="r")),
    ("declared", a.AskRecount(V1), D1, row("votes", V1, recount=True)),
    ("voting", a.AskMoreTime(V1), D1, row("votes", V1, more_time=True)),
    ("declared", a.RecountVote(V1), CHAIR, row("votes", V1, recount=True)),
    (
        "recounting",
        a.ReportRecount(V1, 2, 1, 1),
        SYSTEM,
        row("votes", V1, recount=False, votes_for=2),
    ),
    (
        "debate",
        a.TakeBreak(Pause.BREAK, 10),
        CHAIR,
        head(pause=Pause.BREAK, resumes_at=LATER + 600_000),
    ),
    ("speaking", a.TakeBreak(Pause.TECHNICAL), CHAIR, row("turns", 1, paused_at=LATER)),
    ("paused", a.Resume(early=True), CHAIR, head(pause=None, resumes_at=None)),
    ("debate", a.Announce("r"), CHAIR, head(announcement="r")),
    ("announcement", a.TakeBackAnnouncement(), CHAIR, head(announcement="")),
    (
        "debate",
        a.OfferChair(VICE_CHAIR),
        CHAIR,
        head(chair_next=VICE_CHAIR, chair_next_at=None, chair=CHAIR),
    ),
    ("chair offered", a.AcceptChair(), VICE_CHAIR, head(chair=VICE_CHAIR, chair_next=None)),
    ("debate", a.ReportChairLost(lost=True), SYSTEM, head(chair_lost_at=LATER, chair=CHAIR)),
    (
        "chair lost",
        a.TakeChair(),
        VICE_CHAIR,
        head(chair_next=VICE_CHAIR, chair_next_at=LATER + 20_000),
    ),
    ("chair taken", a.KeepChair(), CHAIR, head(chair=CHAIR, chair_next=None, chair_lost_at=None)),
    (
        "chair taken",
        a.PassChair(),
        SYSTEM,
        head(chair=VICE_CHAIR, chair_next=None, chair_lost_at=None),
    ),
    ("challenged", a.Preside(), VICE_CHAIR, head(presiding=VICE_CHAIR, chair=CHAIR)),
    ("asked", a.SendToLobby(D1, "r"), CHAIR, row("people", D1, lobby_until=LATER + 600_000)),
    ("asked", a.SendToLobby(D1, "r"), CHAIR, row("requests", 1, state=RequestState.LAPSED)),
    (
        "declared",
        a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=V1),
        CHAIR,
        row("doubles", 1, vote=V1, state="proposed"),
    ),
    ("voiding", a.ConfirmDouble(1), TELLER, row("votes", V1, state="void", void_reason="r")),
    ("voiding", a.ConfirmDouble(1), TELLER, row("motions", MOTION, state="closing", outcome=None)),
    ("voiding", a.DropDouble(1), TELLER, row("doubles", 1, state="dropped")),
    ("debate", a.CorrectMinute(1, "r"), SECRETARY, row("corrections", 1, remark="r", by=SECRETARY)),
    ("called", a.OfferMove(MOTION), D1, row("motions", MOTION, mover=D1)),
    ("before", a.EditAgenda(EARLY, anyway=True), ARRANGEMENTS, head(draft=2)),
    ("before", a.EditAgenda(EARLY, anyway=True), ORGANISER, row("versions", 2, plan=EARLY)),
    ("drafted", a.ReleaseAgenda(2), ORGANISER, head(draft=None)),
    ("drafted", a.ReleaseAgenda(2), ORGANISER, row("items", ELECTION, position=3)),
    ("drafted", a.UndoAgenda(2), ORGANISER, head(draft=None)),
    ("released", a.UndoAgenda(3), ORGANISER, row("versions", 4, plan=PLAN, released_at=None)),
    ("between", a.MoveItem(ELECTION, SPEAKERS), CHAIR, head(item=ELECTION)),
    ("between", a.MoveItem(ELECTION, SPEAKERS), CHAIR, row("items", SPEAKERS, position=4)),
    ("between", a.ResizeItem(SPEAKERS, 14), CHAIR, row("items", SPEAKERS, minutes=14)),
    ("speakers", a.ResizeItem(SPEAKERS, 30), CHAIR, row("items", SPEAKERS, minutes=30)),
    ("between", a.SkipItem(SPEAKERS), CHAIR, head(item=EMERGENCY)),
    ("between", a.SkipItem(SPEAKERS), CHAIR, row("items", SPEAKERS, called_at=None, done_at=LATER)),
    ("skipped", a.SkipItem(SPEAKERS, skip=False), CHAIR, head(item=SPEAKERS)),
    ("between", GREETINGS, CHAIR, row("items", 7, title="Greetings", position=3, number=None)),
    ("between", GREETINGS, CHAIR, row("slots", 3, item=7, name="A guest", minutes=10)),
    ("between", GREETINGS, CHAIR, row("items", CLOSING, starts_at=TEN + 105 * 60_000)),
    ("reordered", a.UndoItems(2), CHAIR, row("items", ELECTION, position=5)),
    (
        "before",
        a.AnswerSlot(FIRST, coming=True),
        SPEAKER,
        row("appearances", FIRST, reply=Reply.COMING, replied_at=LATER),
    ),
    (
        "checks",
        a.AnswerSlot(FIRST, coming=False),
        SPEAKER,
        row("appearances", FIRST, reply=Reply.DECLINED, check_at=None),
    ),
    (
        "confirmed",
        a.BookCheck(FIRST, CHECK + 300_000),
        STEWARD,
        row("appearances", FIRST, check_at=CHECK + 300_000),
    ),
    ("checks", a.BookCheck(FIRST, None), SPEAKER, row("appearances", FIRST, check_at=None)),
    (
        "opened",
        a.SayReady(FIRST, Ready.HERE),
        SPEAKER,
        row("appearances", FIRST, ready=Ready.HERE, ready_at=LATER, reply=Reply.COMING),
    ),
    (
        "checks",
        a.MarkChecked(FIRST, checked=True),
        STEWARD,
        row("appearances", FIRST, checked=True),
    ),
    (
        "speakers",
        a.GiveSlot(FIRST, SPEAKER_2, " Reserve "),
        STEWARD,
        row("slots", FIRST, person=SPEAKER_2, name="Reserve", seen=None),
    ),
    ("speakers", a.GiveSlot(FIRST, D1, "D"), STEWARD, row("people", D1, roles=DELEGATE_SPEAKS)),
    ("speakers", a.BringForward(SECOND), STEWARD, row("slots", SECOND, position=1)),
    ("speakers", a.BringForward(SECOND), CHAIR, row("slots", FIRST, position=2)),
    ("slot", a.SendSignal(1, Signal.ONE_MINUTE), STEWARD, stage(Signal.ONE_MINUTE, 1)),
    ("opened", a.SayNow(), STEWARD, stage(said_at=LATER)),
    ("said", a.HearNow(), STEWARD, stage(delay=2, said_at=None)),
    ("said", a.SetDelay(20), STEWARD, stage(delay=20, said_at=None)),
    ("opened", a.ShowOnScreen(Shows.PROGRAMME), CHAIR, stage(shows=Shows.PROGRAMME)),
    (
        "time is up",
        a.FallGuillotine(DEBATE),
        SYSTEM,
        row("motions", MOTION, state=MotionState.CLOSING),
    ),
]


def _name(value):
    return repr(value)[:200] if isinstance(value, get_args(a.Act)) else None


@pytest.mark.parametrize(("where", "act", "by", "now_so"), CHANGES, ids=_name)
def test_change(where, act, by, now_so):
    before = scene(where)
    after = do(before, act, by, LATER)
    for found, expected in now_so(after):
        assert found == expected
    assert after != before
    steps = after.conference.step - before.conference.step
    versions = after.conference.version - before.conference.version
    assert steps == (type(act) in STEPS)
    assert versions == (type(act) in SEEN_BY_ALL)


def test_every_act_changes_something_somewhere():
    beside = {kind for kind in get_args(a.Act) if kind.__module__.endswith(".register")}
    assert {type(row[1]) for row in CHANGES} == set(get_args(a.Act)) - beside - {
        a.RenewLink,  # these are for the journal only: see below and test_signing_in.py
        a.GiveCode,
        a.LetIn,
        a.WaiveEncryption,
        a.LeaveUndecided,  # in test_quorum.py
        a.ProposeAmendment,  # these three need settings of their own: test_amendments.py
        a.AdmitAmendment,
        a.CastingVote,
    }


@pytest.mark.parametrize("by", [REGISTRAR, SYSTEM])
def test_a_new_link_is_for_the_journal_only(by):
    assert do(scene("voting"), a.RenewLink(D1), by) is scene("voting")


def test_every_step_is_seen():
    assert STEPS < SEEN_BY_ALL <= set(get_args(a.Act))


MINUTES = [
    ("present", a.OpenConference(), CHAIR, "opened", {"present": 4}),
    ("opened", a.CallItem(DEBATE), CHAIR, "item", {"item": DEBATE}),
    ("called", a.MarkMoved(MOTION), CHAIR, "moved", {"motion": MOTION}),
    ("offered", a.MarkSeconded(MOTION), CHAIR, "seconded", {"motion": MOTION, "seconder": D3}),
    ("called", a.LetFall(MOTION), CHAIR, "not_moved", {"motion": MOTION}),
    ("moved", a.LetFall(MOTION), CHAIR, "not_seconded", {"motion": MOTION}),
    (
        "announced",
        a.CallOffVote(V1),
        CHAIR,
        "vote_void",
        {"vote": V1, "reason": "called_off"},
    ),
    ("asked", a.CallSpeaker(Side.FOR, 1), CHAIR, "speaker", {"turn": 1}),
    ("debate", a.AnnounceVote(MOTION), CHAIR, "vote_announced", {"vote": V1, "motion": MOTION}),
    ("announced", a.OpenVote(V1), SYSTEM, "vote_opened", {"vote": V1}),
    ("voting", a.EndVote(V1), SYSTEM, "vote_closed", {"vote": V1}),
    ("counted", a.DeclareResult(V1), CHAIR, "declared", {"vote": V1, "motion": MOTION}),
    ("voting", a.VoidVote(V1, "why"), SYSTEM, "vote_void", {"vote": V1, "reason": "why"}),
    ("not admitted", a.NextItem(EMERGENCY), CHAIR, "not_admitted", {"motion": URGENT}),
    ("before", a.SetMode(Mode.REAL, "A Conference"), ORGANISER, "mode", {"mode": "real"}),
    ("count entered", a.ConfirmCount(ELECTION, 10, 1), TELLER_2, "count", {"election": ELECTION}),
    ("all done", a.CloseConference(), CHAIR, "closed", {}),
]


@pytest.mark.parametrize(("where", "act", "by", "code", "facts"), MINUTES)
def test_minutes(where, act, by, code, facts):
    before = scene(where)
    after = do(before, act, by, LATER)
    last = after.minutes[len(after.minutes)]
    assert len(after.minutes) == len(before.minutes) + 1
    assert (last.at, last.code, json.loads(last.facts)) == (LATER, code, facts)


def test_facts_are_the_same_text_in_every_process():
    text = do(scene("debate"), a.AnnounceVote(MOTION), CHAIR).minutes[7].facts
    assert text == '{"motion": 1, "vote": 1}'
    void = do(scene("voting"), a.VoidVote(V1, "café"), SYSTEM)
    assert void.minutes[len(void.minutes)].facts == '{"reason": "café", "vote": 1}'


def test_a_count_without_invalid_papers_adds_up():
    sheet = enter_count(received=9, invalid=0)
    assert do(scene("election"), sheet, TELLER).elections[ELECTION].invalid == 0
    nobody = enter_count(received=0, invalid=0, first_preferences=((1, 0), (2, 0), (3, 0)))
    assert do(scene("election"), nobody, TELLER).elections[ELECTION].received == 0


def test_before_it_counts_the_result_is_nowhere_in_the_minutes():
    assert scene("counted").minutes == scene("closed").minutes


def test_requests_lapse_when_the_vote_opens():
    meeting = do(scene("asked"), a.AnnounceVote(MOTION), CHAIR)
    assert {r.state for r in meeting.requests.values()} == {RequestState.WAITING}
    opened = run(meeting, (a.GiveKey(V1, KEY), SYSTEM), (a.OpenVote(V1), SYSTEM))
    assert {r.state for r in opened.requests.values()} == {RequestState.LAPSED}


def test_requests_lapse_when_the_motion_falls():
    meeting = do(scene("moved"), a.AskToSpeak(MOTION, Side.FOR), D1)
    assert do(meeting, a.LetFall(MOTION), CHAIR).requests[1].state is RequestState.LAPSED


def test_after_a_void_vote_people_may_ask_again():
    meeting = do(scene("asked"), a.AnnounceVote(MOTION), CHAIR)
    void = run(
        meeting,
        (a.GiveKey(V1, KEY), SYSTEM),
        (a.OpenVote(V1), SYSTEM),
        (a.VoidVote(V1, "restored"), SYSTEM),
    )
    assert do(void, a.AskToSpeak(MOTION, Side.FOR), D1).requests[3].person == D1


def test_the_queue_alternates_and_begins_with_against():
    meeting = scene("debate")
    for who, side in zip(
        (D1, D2, D3, D4), (Side.FOR, Side.FOR, Side.AGAINST, Side.FOR), strict=True
    ):
        meeting = do(meeting, a.AskToSpeak(MOTION, side), who)
    assert [r.person for r in queue.queue(meeting, Question(MOTION))] == [D3, D1, D2, D4]
    called = run(meeting, (a.CallSpeaker(Side.AGAINST, 3), CHAIR), (a.EndSpeech(1), CHAIR))
    assert [r.person for r in queue.queue(called, Question(MOTION))] == [D1, D2, D4]
    called = run(meeting, (a.CallSpeaker(Side.FOR, 1), CHAIR), (a.EndSpeech(1), CHAIR))
    assert [r.person for r in queue.queue(called, Question(MOTION))] == [D3, D2, D4]


def test_the_chair_may_call_out_of_the_suggested_order():
    assert do(scene("asked"), a.CallSpeaker(Side.FOR, 1), CHAIR).turns[1].person == D1


def barred_then_more():
    """An item whose first question is not admitted, followed by one that is."""
    meeting = scene("emergency")
    plain = motion(5, EMERGENCY, meeting.motions[URGENT].kind)
    meeting = replace(meeting, motions=meeting.motions.put(5, plain))
    return decide(meeting, ADMIT, 1, 2, 0)


def test_an_item_is_not_left_with_a_question_behind_one_that_was_not_admitted():
    meeting = barred_then_more()
    assert refusal(meeting, a.NextItem(EMERGENCY), CHAIR).code is Code.QUESTION_UNDECIDED
    meeting = do(meeting, a.PutNextQuestion(5), CHAIR)
    assert meeting.motions[URGENT].state is MotionState.FELL
    assert meeting.conference.motion == 5


def test_an_item_that_begins_with_a_motion_not_admitted_can_be_called_and_left():
    meeting = scene("not admitted")
    moved = replace(meeting.motions[URGENT], item=CLOSING)
    meeting = replace(meeting, motions=meeting.motions.put(URGENT, moved))
    meeting = run(meeting, (a.NextItem(EMERGENCY), CHAIR), (a.CallItem(ELECTION), CHAIR))
    meeting = run(meeting, (a.NextItem(ELECTION), CHAIR), (a.CallItem(CLOSING), CHAIR))
    assert meeting.motions[URGENT].state is MotionState.FELL
    assert meeting.conference.motion is None
    assert do(meeting, a.NextItem(CLOSING), CHAIR).conference.item is None


def test_a_tie_on_the_admission_does_not_admit():
    meeting = decide(scene("emergency"), ADMIT, 2, 2, 0)
    assert meeting.motions[ADMIT].outcome is Outcome.NOT_CARRIED
    assert agenda.cannot_be_put(meeting, meeting.motions[URGENT])
    assert do(meeting, a.NextItem(EMERGENCY), CHAIR).motions[URGENT].state is MotionState.FELL


def test_the_vote_remembers_the_text_it_was_about():
    expected = sha256(b"Text 1").hexdigest()
    assert scene("announced").votes[V1].text_hash == expected


def test_two_votes_have_two_rolls():
    meeting = run(scene("question"), (a.Leave(), D1), (a.CheckIn(), D5), (a.CheckIn(), D6))
    meeting = decide(meeting, QUESTION, 3, 1, 1)
    assert meeting.rolls[1].people == {D1, D2, D3, D4}
    assert meeting.rolls[2].people == {D2, D3, D4, D5, D6}
    assert [v.roll for v in meeting.votes.values()] == [4, 5]
    assert meeting.votes[2].state is VoteState.DECLARED
