"""A small meeting with an item of every kind, and a few words to move it along."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from conference.rules import Refused, deadline, needs_key, plan, take, to_count, to_open
from conference.rules import acts as a
from conference.rules.kinds import (
    SYSTEM,
    Action,
    AgendaVersionId,
    AmendmentId,
    CandidateId,
    Choice,
    DoubleId,
    DoubleKind,
    DrawId,
    ItemId,
    ItemKind,
    LeaveId,
    LeaveKind,
    MinuteId,
    Mode,
    MotionId,
    MotionKind,
    OfficeStepId,
    OfficeStepKind,
    Pause,
    PersonId,
    PointAbout,
    PointId,
    PointKind,
    PointState,
    ProceduralId,
    Procedure,
    Ready,
    RequestId,
    Role,
    Rule,
    Shows,
    Side,
    Signal,
    SlotId,
    Standing,
    VoteId,
)
from conference.rules.question import innermost
from conference.rules.state import (
    Amendment,
    Candidate,
    Conference,
    Election,
    Item,
    Meeting,
    Motion,
    Person,
    Settings,
    Slot,
    StandingOrder,
)
from conference.rules.table import Table

MINUTE = 60_000
TEN = 1_614_420_000_000
"""Saturday 27 February 2021, 10:00 GMT: when the first item is printed to begin."""

ORGANISER = PersonId("organiser")
ARRANGEMENTS = PersonId("arrangements")
REGISTRAR = PersonId("registrar")
CHAIR = PersonId("chair")
VICE_CHAIR = PersonId("vice_chair")
SECRETARY = PersonId("secretary")
TELLER = PersonId("teller")
TELLER_2 = PersonId("teller_2")
SPEAKER = PersonId("speaker")
SPEAKER_2 = PersonId("speaker_2")
STEWARD = PersonId("steward")
KEEPER = PersonId("keeper")
OBSERVER = PersonId("observer")
WAITING = PersonId("waiting")
DECLINED = PersonId("declined")
STRANGER = PersonId("stranger")
DELEGATES = tuple(PersonId(f"d{n}") for n in range(1, 7))
D1, D2, D3, D4, D5, D6 = DELEGATES

DEMO = Settings(
    1,
    quorum=3,
    vote_announcement=3,
    vote_duration=20,
    vote_minimum=5,
    vote_countdown=3,
    vote_extension=10,
)

Done = tuple[a.Act, PersonId] | tuple[a.Act, PersonId, int]


def person(who: PersonId, *roles: Role, standing: Standing = Standing.ACCEPTED) -> Person:
    return Person(who, frozenset(roles), standing)


PEOPLE = (
    person(ORGANISER, Role.ORGANISER),
    person(ARRANGEMENTS, Role.ARRANGEMENTS),
    person(REGISTRAR, Role.REGISTRAR),
    person(CHAIR, Role.CHAIR),
    person(VICE_CHAIR, Role.VICE_CHAIR),
    person(SECRETARY, Role.SECRETARY),
    person(TELLER, Role.TELLER),
    person(TELLER_2, Role.TELLER),
    person(SPEAKER, Role.SPEAKER),
    person(SPEAKER_2, Role.SPEAKER),
    person(STEWARD, Role.STEWARD),
    person(KEEPER, Role.QUEUE_KEEPER),
    person(OBSERVER, Role.OBSERVER),
    person(WAITING, standing=Standing.WAITING),
    person(DECLINED, standing=Standing.DECLINED),
    *(person(who, Role.DELEGATE) for who in DELEGATES),
)


def table(*rows: Any) -> Table[Any, Any]:
    return Table((row.id, row) for row in rows)


def item(number: int, kind: ItemKind, starts: int, minutes: int) -> Item:
    return Item(
        ItemId(number), number, number, f"Item {number}", kind, TEN + starts * MINUTE, minutes
    )


def motion(number: int, in_item: ItemId, kind: MotionKind, **fields: Any) -> Motion:
    names = {} if kind is MotionKind.QUESTION else {"mover_name": "M", "seconder_name": "S"}
    return Motion(
        MotionId(number),
        in_item,
        number,
        f"M{number}",
        f"Title {number}",
        kind,
        f"Text {number}",
        **(names | fields),
    )


def slot(number: int, in_item: ItemId, minutes: int, who: PersonId | None) -> Slot:
    return Slot(SlotId(number), in_item, number, f"Speaker {number}", "Talk", minutes, who)


DOORS, DEBATE, SPEAKERS, EMERGENCY, ELECTION, CLOSING = (ItemId(n) for n in range(1, 7))
MOTION, QUESTION, ADMIT, URGENT = (MotionId(n) for n in range(1, 5))
FIRST, SECOND = SlotId(1), SlotId(2)
CHECK = TEN - 30 * MINUTE
"""The first time for a sound check: the doors open."""
V1 = VoteId(1)
KEY, ROOT = "key", "0f" * 32
HEAD = a.SignedHead("line", "signature", "signer")
"""What the counting process gives; the rules look into none of it."""
A1, A2 = AmendmentId(1), AmendmentId(2)
P1, POINT, LEAVE = ProceduralId(1), PointId(1), LeaveId(1)
CANDIDATES = tuple(CandidateId(n) for n in range(1, 4))
SHEET = ((CandidateId(1), 5), (CandidateId(2), 3), (CandidateId(3), 1))
SHEET_ADDS_UP = a.EnterCount(ELECTION, 10, 1, SHEET, CANDIDATES[:2])


def small_meeting(**settings: int) -> Meeting:
    """Doors, a motion and a question, two speakers, an emergency, an election, the close."""
    return Meeting(
        Conference(
            1, "A Conference", "2021-02-27", "Europe/London", Mode.DEMONSTRATION, register=6
        ),
        replace(DEMO, **settings),
        standing_orders=table(StandingOrder(1, "Conference", "Delegates are accepted members.")),
        people=table(*PEOPLE),
        items=table(
            item(DOORS, ItemKind.DOORS, -30, 30),
            item(DEBATE, ItemKind.DEBATE, 0, 50),
            item(SPEAKERS, ItemKind.SPEAKERS, 50, 20),
            item(EMERGENCY, ItemKind.DEBATE, 70, 15),
            item(ELECTION, ItemKind.ELECTION, 85, 10),
            item(CLOSING, ItemKind.CHAIR, 95, 5),
        ),
        slots=table(slot(1, SPEAKERS, 8, SPEAKER), slot(2, SPEAKERS, 6, None)),
        motions=table(
            motion(MOTION, DEBATE, MotionKind.MOTION),
            motion(QUESTION, DEBATE, MotionKind.QUESTION, rule=Rule.TWO_THIRDS),
            motion(ADMIT, EMERGENCY, MotionKind.QUESTION),
            motion(URGENT, EMERGENCY, MotionKind.EMERGENCY, requires=ADMIT),
        ),
        amendments=table(
            Amendment(
                A1,
                MOTION,
                1,
                "1.1",
                "add",
                "and more",
                action=Action.ADD,
                paragraph=1,
                words="Text",
            ),
            Amendment(
                A2,
                MOTION,
                2,
                "1.2",
                "add",
                "A second paragraph.",
                action=Action.ADD,
                paragraph=1,
                falls_if=(A1,),
            ),
        ),
        elections=table(
            Election(
                ELECTION,
                ELECTION,
                CLOSING,
                "Committee",
                2,
                "STV",
                "https://ballot.example/",
                TEN,
                TEN,
            )
        ),
        candidates=table(
            *(Candidate(c, ELECTION, c, f"Candidate {c}", woman=c == 1) for c in CANDIDATES)
        ),
    )


PLAN = plan.plan_of(small_meeting())
EARLY = plan.moved(PLAN, ELECTION, SPEAKERS)
"""The plan with the election before the speakers; nobody has a break in it."""


def do(meeting: Meeting, act: a.Act, by: PersonId, now: int = TEN) -> Meeting:
    """Take an act that must not be refused."""
    after = take(meeting, act, by, now)
    assert isinstance(after, Meeting), (act, by, after)
    return after


def run(meeting: Meeting, *acts: Done) -> Meeting:
    """Take the acts one after the other; each is (act, by) or (act, by, now)."""
    for act in acts:
        meeting = do(meeting, *act)
    return meeting


def check_in(meeting: Meeting, *who: PersonId) -> Meeting:
    return run(meeting, *((a.CheckIn(), delegate) for delegate in who))


def refusal(meeting: Meeting, act: a.Act, by: PersonId, now: int = TEN) -> Refused:
    """Take an act that must be refused."""
    answer = take(meeting, act, by, now)
    assert isinstance(answer, Refused), (act, by)
    return answer


def next_deadline(meeting: Meeting) -> tuple[Meeting, int]:
    """Do what the clerk does when it wakes up: the meeting afterwards, and when that was."""
    if isinstance(act := counting(meeting, ()), a.GiveKey):
        meeting = do(meeting, act, SYSTEM)
    due = deadline(meeting)
    assert due is not None
    now, act = due
    return do(meeting, act, SYSTEM, now), now


def counting(meeting: Meeting, figures: Sequence[int]) -> a.Act | None:
    """What comes of the counting process now: a key, a fixed box, or these figures; or nothing."""
    vote = meeting.votes.get(meeting.conference.vote)
    if vote is not None and needs_key(vote):
        return a.GiveKey(vote.id, KEY)
    if to_count(meeting) is not None:
        return a.CountVote(vote.id, *figures, root=ROOT)
    if to_open(meeting) is None:
        return None
    if not vote.root:
        return a.FixBox(vote.id, sum(figures), ROOT, HEAD)
    return a.CountVote(vote.id, *figures, head=HEAD)


def count_now(meeting: Meeting, *figures: int) -> Meeting:
    """Count the closed vote: for, against, abstentions."""
    while (act := counting(meeting, figures)) is not None:
        meeting = do(meeting, act, SYSTEM)
    return meeting


def decide(meeting: Meeting, motion: MotionId, *figures: int) -> Meeting:
    """Vote on the motion that is ready for it, and declare."""
    return _declared(do(meeting, a.AnnounceVote(motion), CHAIR), *figures)


def decide_procedural(meeting: Meeting, *figures: int, by: PersonId = CHAIR) -> Meeting:
    """Vote on the procedural motion that is pending, and declare."""
    asked = innermost(meeting)
    assert asked is not None
    return _declared(do(meeting, a.AnnounceVote(*asked), by), *figures, by=by)


def voted(
    meeting: Meeting,
    amendment: AmendmentId | None = None,
    figures: tuple[int, int, int] = (3, 1, 0),
    by: PersonId = CHAIR,
) -> Meeting:
    """Vote on the motion of the scenes, or on an amendment to it, and declare."""
    return _declared(do(meeting, a.AnnounceVote(MOTION, amendment), by), *figures, by=by)


def _declared(meeting: Meeting, *figures: int, by: PersonId = CHAIR) -> Meeting:
    """Open the vote that is announced, end it, count these figures, and declare."""
    vote = meeting.conference.vote
    assert vote is not None
    meeting = run(
        meeting,
        (a.GiveKey(vote, KEY), SYSTEM),
        (a.OpenVote(vote), SYSTEM),
        (a.EndVote(vote), SYSTEM),
    )
    return do(count_now(meeting, *figures), a.DeclareResult(vote), by)


LINES = tuple((who, hashlib.sha256(who.encode()).hexdigest()) for who in DELEGATES)
STEP = OfficeStepId(1)
DRAW = DrawId(1)

SCENES: dict[str, tuple[str, tuple[Done, ...]]] = {
    "drafted": ("before", ((a.EditAgenda(EARLY, anyway=True), ORGANISER),)),
    "released": ("drafted", ((a.ReleaseAgenda(AgendaVersionId(2)), ORGANISER),)),
    "locked": ("present", ((a.LockRegister(LINES), REGISTRAR),)),
    "late": ("locked", ((a.ProposeOfficeStep(OfficeStepKind.ADMIT, WAITING), REGISTRAR),)),
    "export": ("before", ((a.ProposeOfficeStep(OfficeStepKind.EXPORT_LINKS), REGISTRAR),)),
    "export confirmed": ("export", ((a.ConfirmOfficeStep(STEP), CHAIR),)),
    "drawing": ("locked", ((a.StartDraw(1), TELLER),)),
    "drawn": ("drawing", ((a.JoinDraw(DRAW, 2), TELLER_2),)),
    "hidden": ("before", ((a.HideName(D1), CHAIR),)),
    "opened": ("present", ((a.OpenConference(), CHAIR),)),
    "called": ("opened", ((a.CallItem(DEBATE), CHAIR),)),
    "mover speaks": ("called", ((a.CallSpeaker(Side.MOVER), CHAIR),)),
    "mover spoke": ("mover speaks", ((a.EndSpeech(1), CHAIR),)),
    "moved": ("called", ((a.MarkMoved(MOTION), CHAIR),)),
    "offered": ("moved", ((a.OfferSecond(MOTION), D3),)),
    "fallen": ("moved", ((a.LetFall(MOTION), CHAIR),)),
    "seconded": ("offered", ((a.MarkSeconded(MOTION), CHAIR),)),
    "debate": ("seconded", ((a.LetFall(MOTION, A1), CHAIR), (a.LetFall(MOTION, A2), CHAIR))),
    "taken": ("seconded", ((a.TakeAmendment(A1), CHAIR),)),
    "amendment moved": ("taken", ((a.MarkMoved(MOTION, A1), CHAIR),)),
    "amendment": ("amendment moved", ((a.MarkSeconded(MOTION, A1), CHAIR),)),
    "leave": ("taken", ((a.AskLeave(LeaveKind.ACCEPT, MOTION, A1), CHAIR),)),
    "asked": (
        "debate",
        ((a.AskToSpeak(MOTION, Side.FOR), D1), (a.AskToSpeak(MOTION, Side.AGAINST), D2)),
    ),
    "speaking": ("asked", ((a.CallSpeaker(Side.AGAINST, request=2), CHAIR),)),
    "spoken": ("speaking", ((a.EndSpeech(1), CHAIR),)),
    "keyless": ("debate", ((a.AnnounceVote(MOTION), CHAIR),)),
    "announced": ("keyless", ((a.GiveKey(V1, KEY), SYSTEM),)),
    "voting": ("announced", ((a.OpenVote(V1), SYSTEM, TEN + 3_000),)),
    "closable": ("voting", ((a.PassMinimum(V1), SYSTEM),)),
    "last call": ("closable", ((a.CloseVote(V1), CHAIR, TEN + 9_000),)),
    "closed": ("voting", ((a.EndVote(V1), SYSTEM, TEN + 23_000),)),
    "fixed": ("closed", ((a.FixBox(V1, 4, ROOT, HEAD), SYSTEM),)),
    "counted": ("fixed", ((a.CountVote(V1, 2, 1, 1, head=HEAD), SYSTEM),)),
    "declared": ("counted", ((a.DeclareResult(V1), CHAIR),)),
    "point": ("speaking", ((a.RaisePoint(PointKind.ORDER, PointAbout.LANGUAGE), D3),)),
    "heard": ("point", ((a.HearPoint(POINT), CHAIR),)),
    "ruled": ("heard", ((a.RulePoint(POINT, PointState.WELL_TAKEN, "r"), CHAIR),)),
    "both": ("spoken", ((a.CallSpeaker(Side.FOR, request=1), CHAIR), (a.EndSpeech(2), CHAIR))),
    "own motion": (
        "called",
        (
            (a.OfferMove(MOTION), D1),
            (a.MarkMoved(MOTION), CHAIR),
            (a.MarkSeconded(MOTION), CHAIR),
            (a.LetFall(MOTION, A1), CHAIR),
            (a.LetFall(MOTION, A2), CHAIR),
            (a.AskToSpeak(MOTION, Side.AGAINST), D2),
            (a.CallSpeaker(Side.AGAINST, request=1), CHAIR),
            (a.EndSpeech(1), CHAIR),
        ),
    ),
    "objected": ("leave", ((a.Object(1), D1),)),
    "replying": ("both", ((a.CallSpeaker(Side.REPLY), CHAIR),)),
    "replied": ("replying", ((a.EndSpeech(3), CHAIR),)),
    "closure": (
        "both",
        ((a.MoveProcedural(Procedure.CLOSURE), D4), (a.SecondProcedural(P1), D3)),
    ),
    "closure pending": ("closure", ((a.TakeProcedural(P1), CHAIR),)),
    "paused": ("debate", ((a.TakeBreak(Pause.BREAK, 10), CHAIR),)),
    "list closed": ("debate", ((a.CloseList(MOTION), CHAIR),)),
    "clock stopped": ("speaking", ((a.PauseClock(1), CHAIR),)),
    "speaker lost": ("speaking", ((a.WaitForSpeaker(1), CHAIR),)),
    "waited": ("speaking", ((a.WaitForSpeaker(1), CHAIR, TEN - 30_000),)),
    "announcement": ("debate", ((a.Announce("r"), CHAIR),)),
    "chair offered": ("debate", ((a.OfferChair(VICE_CHAIR), CHAIR),)),
    "chair lost": ("debate", ((a.ReportChairLost(lost=True), SYSTEM),)),
    "chair taken": ("chair lost", ((a.TakeChair(), VICE_CHAIR),)),
    "challenge": ("ruled", ((a.MoveProcedural(Procedure.CHALLENGE, point=POINT), D4),)),
    "challenged": ("challenge", tuple((a.SecondProcedural(P1), d) for d in (D1, D2, D3))),
    "presided": ("challenged", ((a.Preside(), VICE_CHAIR),)),
    "seconder wanted": ("both", ((a.MoveProcedural(Procedure.CLOSURE), D4),)),
    "recounting": ("declared", ((a.RecountVote(V1), CHAIR),)),
    "voiding": (
        "declared",
        ((a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=V1), CHAIR),),
    ),
    "adjourning": (
        "both",
        (
            (a.MoveProcedural(Procedure.ADJOURN_DEBATE), D4),
            (a.SecondProcedural(P1), D3),
            (a.TakeProcedural(P1), CHAIR),
        ),
    ),
    "void": ("voting", ((a.VoidVote(V1, "restored"), SYSTEM),)),
    "question": ("declared", ((a.PutNextQuestion(QUESTION), CHAIR),)),
    "speakers": ("between", ((a.CallItem(SPEAKERS), CHAIR),)),
    "slot": ("speakers", ((a.CallSpeaker(Side.SPEAKER, slot=FIRST), CHAIR),)),
    "spoke": ("slot", ((a.EndSpeech(1), CHAIR),)),
    "confirmed": ("before", ((a.AnswerSlot(FIRST, coming=True), SPEAKER),)),
    "checks": ("confirmed", ((a.BookCheck(FIRST, CHECK), SPEAKER),)),
    "said": ("opened", ((a.SayNow(), STEWARD, TEN),)),
    "emergency": ("speakers", ((a.NextItem(SPEAKERS), CHAIR), (a.CallItem(EMERGENCY), CHAIR))),
    "reordered": ("between", ((a.MoveItem(ELECTION, SPEAKERS), CHAIR),)),
    "skipped": ("between", ((a.SkipItem(SPEAKERS), CHAIR),)),
    "election": ("not admitted", ((a.NextItem(EMERGENCY), CHAIR), (a.CallItem(ELECTION), CHAIR))),
    "count entered": ("election", ((SHEET_ADDS_UP, TELLER),)),
    "count confirmed": ("count entered", ((a.ConfirmCount(ELECTION, 10, 1), TELLER_2),)),
    "last item": ("election", ((a.NextItem(ELECTION), CHAIR), (a.CallItem(CLOSING), CHAIR))),
    "all done": ("last item", ((a.NextItem(CLOSING), CHAIR),)),
    "ended": ("all done", ((a.CloseConference(), CHAIR),)),
}
"""Where a conference may stand: each scene is an earlier one and what happened then."""

PUT: dict[str, tuple[str, tuple[int, int, int]]] = {
    "adjourned": ("adjourning", (3, 1, 0)),
    "closed debate": ("closure pending", (3, 1, 0)),
}
"""The same, where what happened is a vote on the procedural motion that is pending."""

VOTED: dict[str, tuple[str, MotionId, tuple[int, int, int], tuple[Done, ...]]] = {
    "between": ("question", QUESTION, (3, 1, 0), ((a.NextItem(DEBATE), CHAIR),)),
    "not admitted": ("emergency", ADMIT, (1, 2, 0), ()),
    "admitted": ("emergency", ADMIT, (2, 1, 0), ()),
}
"""The same, where what happened is a whole vote (for, against, abstentions), and then something."""


@cache
def scene(name: str) -> Meeting:
    """Return the small meeting as it stands in that scene; 4 of 6 delegates are present."""
    if name == "before":
        return small_meeting()
    if name == "present":
        return check_in(scene("before"), D1, D2, D3, D4)
    if name == "time is up":  # the timetable cuts this item off, now
        meeting = scene("debate")
        item = replace(meeting.items[DEBATE], guillotine=True, minutes=0)
        return replace(meeting, items=meeting.items.put(DEBATE, item))
    if name == "named":  # closed, and conference had decided on a roll-call
        meeting = scene("closed")
        vote = replace(meeting.votes[V1], by_name=True, key="")
        return replace(meeting, votes=meeting.votes.put(V1, vote))
    if name == "confirmed once":  # of the two tellers whom the standing orders ask for
        meeting = scene("counted")
        meeting = replace(meeting, settings=replace(meeting.settings, vote_confirm=True))
        return do(meeting, a.ConfirmResult(V1), TELLER)
    if name in PUT:
        earlier, figures = PUT[name]
        return decide_procedural(scene(earlier), *figures)
    if name in VOTED:
        earlier, motion, figures, acts = VOTED[name]
        return run(decide(scene(earlier), motion, *figures), *acts)
    earlier, acts = SCENES[name]
    return run(scene(earlier), *acts)


def enter_count(**fields: Any) -> a.EnterCount:
    """Return a count sheet that adds up, but for the fields given."""
    return replace(SHEET_ADDS_UP, **fields)


SAMPLES: dict[type, a.Act] = {
    type(act): act
    for act in (
        a.OpenConference(),
        a.CloseConference(),
        a.CallItem(DEBATE),
        a.NextItem(DEBATE),
        a.PutNextQuestion(QUESTION),
        a.TakeUp(MOTION),
        a.MarkMoved(MOTION),
        a.MarkSeconded(MOTION),
        a.LetFall(MOTION),
        a.RuleOutOfOrder(MOTION, A1, "r"),
        a.TakeAmendment(A1),
        a.AdmitAmendment(A1),
        a.AskLeave(LeaveKind.WITHDRAW, MOTION),
        a.CallOffLeave(LEAVE),
        a.CloseDebate(MOTION),
        a.WaiveReply(MOTION),
        a.CloseList(MOTION),
        a.ReopenList(MOTION),
        a.CallSpeaker(Side.MOVER),
        a.EndSpeech(1),
        a.UndoCall(1),
        a.PauseClock(1),
        a.ResumeClock(1),
        a.AddTime(1),
        a.WaitForSpeaker(1),
        a.PutSpeechOff(1),
        a.HaveReadOut(1),
        a.TakeProcedural(P1),
        a.RefuseProcedural(P1, "r"),
        a.HearPoint(POINT),
        a.RulePoint(POINT, PointState.WELL_TAKEN, "r"),
        a.AnnounceVote(MOTION),
        a.CallOffVote(V1),
        a.LeaveUndecided(MOTION),
        a.ExtendVote(V1),
        a.CloseVote(V1),
        a.StopVote(V1, "r"),
        a.CastingVote(V1, Choice.FOR),
        a.DeclareResult(V1),
        a.RecountVote(V1),
        a.SetMode(Mode.REHEARSAL, "A Conference"),
        a.TakeBreak(Pause.BREAK, 10),
        a.Resume(),
        a.Announce("r"),
        a.TakeBackAnnouncement(),
        a.OfferChair(VICE_CHAIR),
        a.AcceptChair(),
        a.TakeChair(),
        a.KeepChair(),
        a.Preside(),
        a.SendToLobby(D1, "r"),
        a.ProposeDouble(DoubleKind.REMOVE_PERSON, "r", person=D1),
        a.ConfirmDouble(DoubleId(1)),
        a.DropDouble(DoubleId(1)),
        a.CorrectMinute(MinuteId(1), "r"),
        a.CheckIn(),
        a.Leave(),
        a.AskToSpeak(MOTION, Side.FOR),
        a.WithdrawRequest(MOTION),
        a.EnterRequest(D3, MOTION, Side.FOR),
        a.StrikeRequest(RequestId(1)),
        a.OfferMove(MOTION),
        a.OfferSecond(MOTION),
        a.ForgoReply(MOTION),
        a.ProposeAmendment(MOTION, Action.DELETE, 1, "Text", ""),
        a.MoveProcedural(Procedure.CLOSURE, MOTION),
        a.SecondProcedural(P1),
        a.WithdrawProcedural(P1),
        a.RaisePoint(PointKind.ORDER, PointAbout.LANGUAGE),
        a.WithdrawPoint(POINT),
        a.Object(LEAVE),
        a.AskMoreTime(V1),
        a.AskRecount(V1),
        a.ConfirmSeen(FIRST),
        a.AnswerSlot(FIRST, coming=True),
        a.BookCheck(FIRST, CHECK),
        a.SayReady(FIRST, Ready.HERE),
        a.MarkChecked(FIRST, checked=True),
        a.GiveSlot(FIRST, SPEAKER_2, "Speaker 3"),
        a.BringForward(SECOND),
        a.SendSignal(1, Signal.ONE_MINUTE),
        a.SayNow(),
        a.HearNow(),
        a.SetDelay(20),
        a.ShowOnScreen(Shows.PROGRAMME),
        a.AddPerson(STRANGER, frozenset(), Standing.WAITING),
        a.Decide(WAITING, Role.DELEGATE),
        a.RenewLink(D1),
        a.GiveCode(D1),
        a.LetIn(REGISTRAR, CHAIR),
        a.WaiveEncryption("r"),
        a.CheckOut(D1),
        a.CheckInPerson(D5),
        a.Reconsider(DECLINED),
        a.Withdraw(WAITING),
        a.GrantRole(D1, Role.STEWARD),
        a.RevokeRole(OBSERVER, Role.OBSERVER),
        a.LockRegister(LINES),
        a.ProposeOfficeStep(OfficeStepKind.EXPORT_LINKS),
        a.ConfirmOfficeStep(STEP),
        a.DropOfficeStep(STEP),
        a.TakeExport(STEP, 6),
        a.HideName(D2),
        a.ShowName(D1),
        a.StartDraw(1),
        a.JoinDraw(DRAW, 2),
        a.RecordDraw(DRAW, D1, real=True),
        a.NoteAssistance(V1),
        enter_count(),
        a.ConfirmCount(ELECTION, 10, 1),
        a.EditAgenda(PLAN),
        a.ReleaseAgenda(AgendaVersionId(2)),
        a.UndoAgenda(AgendaVersionId(2)),
        a.MoveItem(ELECTION, SPEAKERS),
        a.ResizeItem(SPEAKERS, 15),
        a.SkipItem(SPEAKERS),
        a.InsertItem("Greetings", ItemKind.SPEAKERS, 10, SPEAKERS, "A guest"),
        a.UndoItems(AgendaVersionId(2)),
        a.ConfirmResult(V1),
        a.GiveKey(V1, KEY),
        a.OpenVote(V1),
        a.PassMinimum(V1),
        a.EndVote(V1),
        a.FixBox(V1, 4, ROOT, HEAD),
        a.CountVote(V1, 2, 1, 1, head=HEAD),
        a.ReportRecount(V1, 2, 1, 1),
        a.VoidVote(V1, "restored"),
        a.GiveLeave(LEAVE),
        a.FallGuillotine(DEBATE),
        a.ReportChairLost(lost=True),
        a.PassChair(),
    )
}
"""One act of every kind."""
