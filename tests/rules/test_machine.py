"""Random people do random things, right and wrong, while time moves on: what must always hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import get_args, get_type_hints

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from conference.rules import acts as a
from conference.rules import (
    change,
    deadline,
    debate,
    may_vote,
    question,
    roles,
    rulings,
    take,
    to_recount,
    undo,
)
from conference.rules import kinds as k
from conference.rules.change import counts_as_delegate
from conference.rules.kinds import (
    SYSTEM,
    Choice,
    ItemId,
    MotionState,
    PersonId,
    PointAbout,
    PointKind,
    ProceduralId,
    Procedure,
    Role,
    Side,
    VoteState,
)
from conference.rules.plan import moved, shifted, without
from conference.rules.refused import Refused
from conference.rules.state import Meeting
from conference.rules.steps import steps
from tests.rules.builders import (
    CANDIDATES,
    CHAIR,
    DECLINED,
    DELEGATES,
    ELECTION,
    OBSERVER,
    PEOPLE,
    PLAN,
    REGISTRAR,
    SECRETARY,
    TELLER,
    TELLER_2,
    TEN,
    VICE_CHAIR,
    WAITING,
    counting,
    small_meeting,
)

FINISHED = {VoteState.DECLARED, VoteState.VOID}
CHAIRS = st.sampled_from([p.id for p in PEOPLE if Role.CHAIR in p.roles])
TELLERS = st.sampled_from([TELLER, TELLER_2])
ANYBODY = st.sampled_from([*(p.id for p in PEOPLE), SYSTEM, PersonId("stranger")])
NUMBER = st.integers(0, 7)
SMALL = st.integers(-1, 6)
SHEET = st.lists(st.tuples(st.sampled_from(CANDIDATES), SMALL), min_size=2, max_size=3, unique=True)
BY_NAME = {
    # What may stand in a field of an act where its type says too little.
    "request": st.none() | NUMBER,
    "slot": st.none() | NUMBER,
    "typed_name": st.sampled_from(["A Conference", "a conference", ""]),
    "person": ANYBODY,
    "to": st.sampled_from([CHAIR, VICE_CHAIR, SECRETARY, DELEGATES[0]]),
    "roles": st.frozensets(st.sampled_from(Role), max_size=2),
    "role": st.none() | st.sampled_from(Role),
    "first_preferences": SHEET.map(tuple),
    "elected": st.lists(st.sampled_from(CANDIDATES), max_size=3).map(tuple),
    "reason": st.just("restored"),
    "remark": st.sampled_from(["", "r", "r"]),
    "words": st.sampled_from(["Text", "Text 1", "nowhere", ""]),
    "text": st.sampled_from(["", "and more"]),
    "numbers": st.sampled_from([(), (1,), (1, 2)]),
    "name": st.sampled_from(["Speaker 3", " "]),
    "at": st.sampled_from([None, TEN, TEN - 600_000]),
    "minutes": st.sampled_from([0, 1, 10]),
    "seconds": st.sampled_from([0, 60]),
    "plan": st.sampled_from(
        [PLAN, moved(PLAN, ELECTION, ItemId(3)), without(PLAN, ItemId(3)), shifted(PLAN, 4, 5)]
    ),
    "title": st.sampled_from(["Greetings", ""]),
    "speaker": st.sampled_from(["", "A guest"]),
    "lines": st.sampled_from(
        [
            (),
            tuple(
                (p.id, "ab" * 32) for p in small_meeting().people.values() if counts_as_delegate(p)
            ),
        ]
    ),
}


def values(hint):
    """Return what may stand in a field of this type."""
    members = [m for m in get_args(hint) if m is not type(None)]
    if len(members) < len(get_args(hint)):
        return st.none() | values(members[0])
    kind = getattr(hint, "__supertype__", hint)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return st.booleans() if kind is bool else SMALL


def acts_of(kind):
    hints = get_type_hints(kind)
    names = [f.name for f in fields(kind)]
    return st.builds(kind, **{n: BY_NAME.get(n, values(hints[n])) for n in names})


ACTS = st.sampled_from(get_args(a.Act)).flatmap(acts_of)
COUNTS = (a.FixBox, a.CountVote, a.ReportRecount)
"""What the clerk alone knows: the machine counts its own box."""
OVER = {MotionState.FELL, MotionState.ACCEPTED, MotionState.WITHDRAWN, MotionState.REMITTED}


def content(meeting: Meeting) -> tuple:
    """Everything in a meeting, copied out of it."""
    tables = (getattr(meeting, f.name) for f in fields(meeting))
    return tuple(dict(t) if hasattr(t, "changes") else t for t in tables)


def numbers(table) -> bool:
    return list(table) == list(range(1, len(table) + 1)) == [row.id for row in table.values()]


OWNERS = {
    k.PersonId: "people", k.ItemId: "items", k.SlotId: "slots", k.MotionId: "motions",
    k.TextId: "texts", k.AmendmentId: "amendments", k.ProceduralId: "procedurals",
    k.PointId: "points", k.LeaveId: "leaves", k.SuspensionId: "suspensions", k.VoteId: "votes",
    k.DoubleId: "doubles", k.RequestId: "requests", k.TurnId: "turns", k.CandidateId: "candidates",
    k.MinuteId: "minutes",
}  # fmt: skip
"""Whose row an id names: the database refuses, at the commit, one that names nothing."""


def dangling(meeting: Meeting):
    """Yield every field of a row that names what there is not."""
    parts = [getattr(meeting, f.name) for f in fields(meeting)]
    tables = [part.values() if isinstance(part, Mapping) else [part] for part in parts]
    for row in (row for table in tables for row in table if is_dataclass(row)):
        for name, hint in get_type_hints(type(row)).items():
            parts = [hint, *get_args(hint)]
            owner = next((OWNERS[part] for part in parts if part in OWNERS), None)
            value = getattr(row, name)
            if owner is None or value is None:
                continue
            found = value if isinstance(value, tuple | frozenset) else (value,)
            if not all(one in getattr(meeting, owner) for one in found):
                yield type(row).__name__, name, value


class Hall(RuleBasedStateMachine):
    @initialize(present=st.sets(st.sampled_from(DELEGATES), min_size=2), quorum=st.integers(1, 3))
    def open(self, present, quorum):
        self.start = self.meeting = small_meeting(quorum=quorum)
        self.now = TEN
        self.handed_in: list[tuple[a.Act, PersonId, int]] = []
        self.box: dict[int, dict[PersonId, Choice]] = {}
        for who in sorted(present):
            self.hand_in(a.CheckIn(), who)
        self.hand_in(a.OpenConference(), CHAIR)

    def hand_in(self, act, by):
        """Take an act, and hold what must hold between any two pictures."""
        before, copied = self.meeting, content(self.meeting)
        self.handed_in.append((act, by, self.now))
        after = take(before, act, by, self.now)
        assert content(before) == copied
        if isinstance(after, Refused):
            return after
        versions = after.conference.version - before.conference.version
        assert 0 <= after.conference.step - before.conference.step <= versions <= 1
        assert list(before.minutes.items()) == list(after.minutes.items())[: len(before.minutes)]
        for number, vote in before.votes.items():
            if vote.state is VoteState.VOID:
                assert after.votes[number] == vote
            if vote.state is VoteState.DECLARED:  # it may be counted again, or taken back
                still = replace(after.votes[number], recount=vote.recount)
                assert still == vote or still.state is VoteState.VOID
        for number, text in before.texts.items():
            assert after.texts[number] == text
        for number, roll in before.rolls.items():
            assert after.rolls[number] == roll
        self.meeting = after
        return after

    @rule(act=ACTS, by=ANYBODY)
    def anybody_does_anything(self, act, by):
        if not (isinstance(act, COUNTS) and by == SYSTEM):
            self.hand_in(act, by)

    @rule(act=ACTS, data=st.data())
    def who_may_does_anything(self, act, data):
        people = self.meeting.people.values()
        able = [p.id for p in people if p.roles & roles.MAY[type(act)]]
        if type(act) in roles.SYSTEM_ACTS and not isinstance(act, COUNTS):
            able.append(SYSTEM)
        if able:
            self.hand_in(act, data.draw(st.sampled_from(able)))

    @precondition(lambda self: self.meeting.conference.item == ELECTION)
    @rule(first=st.sampled_from(CANDIDATES), by=TELLERS, other=TELLERS)
    def tellers_count(self, first, by, other):
        sheet = tuple((c, 3 if c == first else 1) for c in CANDIDATES)
        self.hand_in(a.EnterCount(ELECTION, 6, 1, sheet, (first,)), by)
        self.hand_in(a.ConfirmCount(ELECTION, 6, 1), other)

    @rule(
        who=st.sampled_from([WAITING, OBSERVER, DECLINED, *DELEGATES[-2:]]),
        role=st.sampled_from([Role.DELEGATE, Role.DELEGATE, Role.OBSERVER, None]),
    )
    def the_registrar_decides(self, who, role):
        self.hand_in(a.CheckOut(who), REGISTRAR)
        self.hand_in(a.Decide(who, role), REGISTRAR)

    @rule(who=st.sampled_from(DELEGATES), choices=st.lists(st.sampled_from(Choice), max_size=4))
    def a_whole_vote(self, who, choices):
        """Let what is announced or open run its course, with a few ballots on the way."""
        if counting(self.meeting, (0, 0, 0)) is not None:
            self.the_counting_process_answers()
        for _ in range(20):
            if deadline(self.meeting) is None:
                break
            self.the_clerk_wakes_up()
            for voter, choice in zip((who, *DELEGATES), choices, strict=False):
                self.somebody_puts_a_ballot_in(voter, choice)
        while counting(self.meeting, (0, 0, 0)) is not None:
            self.the_counting_process_answers()

    @rule(milliseconds=st.sampled_from([0, 1, 999, 3_000, 60_000]))
    def time_passes(self, milliseconds):
        self.now += milliseconds

    @rule(by=CHAIRS, times=st.integers(1, 4))
    def the_chair_does_what_is_suggested(self, by, times):
        for _ in range(times):
            view = steps(self.meeting, by, self.now)
            if view.offered:
                assert not isinstance(self.hand_in(view.offered[0], by), Refused)

    @rule(by=CHAIRS, data=st.data())
    def the_chair_does_what_is_offered(self, by, data):
        view = steps(self.meeting, by, self.now)
        if view.offered:
            act = data.draw(st.sampled_from(view.offered))
            assert not isinstance(self.hand_in(act, by), Refused)

    @rule(act=st.sampled_from([a.CheckIn, a.Leave, a.CheckIn]), by=st.sampled_from(DELEGATES))
    def a_delegate_comes_or_goes(self, act, by):
        self.hand_in(act(), by)

    @rule(by=st.sampled_from(DELEGATES), side=st.sampled_from([Side.FOR, Side.AGAINST]))
    def a_delegate_takes_part(self, by, side):
        asked = question.innermost(self.meeting)
        if asked is not None:
            if asked.motion is not None and asked.procedural is None:
                self.hand_in(a.OfferSecond(asked.motion, asked.amendment), by)
            self.hand_in(a.AskToSpeak(asked.motion, side, asked.amendment, asked.procedural), by)

    @rule(
        by=st.sampled_from(DELEGATES),
        other=st.sampled_from(DELEGATES),
        kind=st.sampled_from(Procedure),
    )
    def a_delegate_moves_procedure(self, by, other, kind):
        ruling = rulings.latest(self.meeting)
        point = ruling.point if ruling is not None else None
        result = undo.latest_result(self.meeting)
        act = a.MoveProcedural(kind, numbers=(), minutes=5, seconds=60, target=ItemId(5),
                               point=point, vote=result.id if result else None)  # fmt: skip
        if kind is Procedure.SUSPEND:
            act = replace(act, numbers=(1,), remark="r")
        before = len(self.meeting.procedurals)
        self.hand_in(act, by)
        if len(self.meeting.procedurals) > before:
            for who in (other, *DELEGATES):
                self.hand_in(a.SecondProcedural(ProceduralId(before + 1)), who)

    @rule(by=st.sampled_from(DELEGATES), about=st.sampled_from(PointAbout))
    def a_delegate_raises_a_point(self, by, about):
        self.hand_in(a.RaisePoint(PointKind.ORDER, about), by)
        self.hand_in(a.RaisePoint(PointKind.EXPLANATION, PointAbout.MISQUOTED), by)

    @precondition(lambda self: deadline(self.meeting) is not None)
    @rule()
    def the_clerk_wakes_up(self):
        due, act = deadline(self.meeting)
        self.now = max(self.now, due)
        assert not isinstance(self.hand_in(act, SYSTEM), Refused)

    @precondition(lambda self: counting(self.meeting, (0, 0, 0)) is not None)
    @rule()
    def the_counting_process_answers(self):
        cast = Counter(self.box.get(self.meeting.conference.vote, {}).values())
        act = counting(self.meeting, [cast[choice] for choice in Choice])
        assert not isinstance(self.hand_in(act, SYSTEM), Refused)

    @precondition(lambda self: self.meeting.conference.vote is not None)
    @rule(by=st.sampled_from([p.id for p in PEOPLE]), choice=st.sampled_from(Choice))
    def somebody_puts_a_ballot_in(self, by, choice):
        number = self.meeting.conference.vote
        if number is None:
            return  # another deadline was due: leave given, the chair passed on
        vote = self.meeting.votes[number]
        roll = self.meeting.rolls.get(vote.id)
        if may_vote(vote, roll, self.meeting.people[by]) is None:
            assert vote.state is VoteState.OPEN
            assert by in roll.people
            self.box.setdefault(vote.id, {})[by] = choice

    @precondition(lambda self: to_recount(self.meeting) is not None)
    @rule()
    def the_clerk_counts_again(self):
        vote = to_recount(self.meeting)
        cast = Counter(self.box.get(vote, {}).values())
        act = a.ReportRecount(vote, *(cast[choice] for choice in Choice))
        assert not isinstance(self.hand_in(act, SYSTEM), Refused)
        assert self.meeting.minutes[len(self.meeting.minutes)].code == "recount_same"

    @invariant()
    def one_vote_one_turn(self):
        head = self.meeting.conference
        running = [v.id for v in self.meeting.votes.values() if v.state not in FINISHED]
        assert running in ([], [head.vote])
        speaking = [t.id for t in self.meeting.turns.values() if t.ended_at is None]
        assert speaking == ([] if head.turn is None else [head.turn])
        tables = (self.meeting.motions, self.meeting.amendments, self.meeting.procedurals)
        voting = [
            question.question_of(r) for t in tables for r in t.values() if r.state == "voting"
        ]
        assert voting == [question.of(self.meeting.votes[v]) for v in running]

    @invariant()
    def one_question_of_each_kind(self):
        head = self.meeting.conference
        ended = {*OVER, MotionState.PUBLISHED, MotionState.PROPOSED, MotionState.DECIDED}
        under_way = [x for x in self.meeting.amendments.values() if x.state not in ended]
        assert [x.id for x in under_way] == ([] if head.amendment is None else [head.amendment])
        if head.amendment is not None:
            assert self.meeting.amendments[head.amendment].motion == head.motion
            motion = self.meeting.motions[head.motion]
            assert motion.state in {MotionState.DEBATE, MotionState.CLOSING}
        pending = [p for p in self.meeting.procedurals.values() if p.state in {"pending", "voting"}]
        named = {x for x in (head.procedural, head.challenge) if x is not None}
        assert {p.id for p in pending} == named

    @invariant()
    def no_vote_on_an_old_text(self):
        for vote in self.meeting.votes.values():
            if vote.state not in FINISHED:
                text = question.put_text(self.meeting, question.of(vote))
                assert vote.text_hash == question.text_hash(text)

    @invariant()
    def what_fell_is_never_voted_on(self):
        for row in self.meeting.amendments.values():
            running = [v for v in self.meeting.votes.values() if v.amendment == row.id]
            if row.state in OVER:
                assert all(v.state in FINISHED for v in running)
            if row.reason == "consequential":
                assert not any(v.state is VoteState.DECLARED for v in running)

    @invariant()
    def nobody_waits_where_nobody_is_called(self):
        for row in self.meeting.requests.values():
            if row.state == "waiting" and row.procedural is None:
                asked = question.row_of(self.meeting, question.of(row))
                assert asked.state in {*debate.OPEN, MotionState.VOTING}

    @invariant()
    def what_was_sent_back_is_part_of_the_text(self):
        for motion in self.meeting.motions.values():
            text = question.text_of(self.meeting, motion.id).text
            places = range(1, len(question.paragraphs(text)) + 1)
            assert set(motion.referred) <= set(places)

    @invariant()
    def nobody_presides_over_their_own_case(self):
        head = self.meeting.conference
        if head.challenge is not None and head.presiding is not None:
            row = self.meeting.procedurals[head.challenge]
            assert head.presiding not in {row.by, row.about}

    @invariant()
    def texts_are_numbered(self):
        for motion in self.meeting.motions:
            versions = question.texts_of(self.meeting, motion)
            assert [v.number for v in versions] == list(range(1, len(versions) + 1))

    @invariant()
    def nobody_speaks_after_the_reply(self):
        replied = set()
        for turn in self.meeting.turns.values():
            if turn.undone or turn.slot is not None:
                continue
            if turn.side is Side.REPLY:
                replied.add(question.of(turn))
            else:
                assert question.of(turn) not in replied

    @invariant()
    def exactly_one_acts_as_chair(self):
        head = self.meeting.conference
        if head.phase != "open":
            return
        acts = (a.Announce("r"), a.CloseConference())
        able = {
            p.id
            for p in self.meeting.people.values()
            if all(roles.check(self.meeting, act, p.id) is None for act in acts)
        }
        assert able == ({roles.in_the_chair(self.meeting)} - {None})

    @invariant()
    def what_was_counted_is_what_was_cast(self):
        for vote in self.meeting.votes.values():
            figures = (vote.votes_for, vote.votes_against, vote.abstentions)
            box = self.box.get(vote.id, {})
            if vote.votes_for is not None:
                assert sum(figures) == len(box)
                assert figures == tuple(list(box.values()).count(choice) for choice in Choice)
            assert len(box) <= vote.roll <= vote.register
            roll = self.meeting.rolls.get(vote.id)
            assert vote.roll == (len(roll.people) if roll else 0)
            assert roll is None or box.keys() <= roll.people

    @invariant()
    def heads_are_counted_right(self):
        register = [p for p in self.meeting.people.values() if change.counts_as_delegate(p)]
        assert self.meeting.conference.register == len(register)
        assert self.meeting.conference.present == sum(p.present for p in register)
        assert self.meeting.conference.attended == sum(p.present_at is not None for p in register)
        assert all(p in register for p in self.meeting.people.values() if p.present)

    @invariant()
    def numbers_have_no_gaps(self):
        tables = (self.meeting.votes, self.meeting.turns, self.meeting.requests)
        more = (self.meeting.texts, self.meeting.procedurals, self.meeting.points)
        assert all(numbers(table) for table in (*tables, *more, self.meeting.minutes))

    @invariant()
    def nobody_speaks_or_waits_twice(self):
        turns = [t for t in self.meeting.turns.values() if t.person and not t.undone]
        once = [t for t in turns if t.side is not Side.REPLY and t.slot is None]
        if not self.meeting.suspensions:
            spoken = Counter((question.of(t), t.person) for t in once)
            assert all(n == 1 for n in spoken.values())
        waiting = [r for r in self.meeting.requests.values() if r.state == "waiting"]
        assert len({(question.of(r), r.person) for r in waiting}) == len(waiting)
        assert all(self.meeting.people[r.person].present for r in waiting)

    @invariant()
    def nothing_urgent_without_admission(self):
        for motion in self.meeting.motions.values():
            if motion.requires and motion.state not in {MotionState.PUBLISHED, MotionState.FELL}:
                assert self.meeting.motions[motion.requires].outcome == "carried"

    def teardown(self):
        if not hasattr(self, "handed_in"):
            return
        meeting = self.start
        for act, by, now in self.handed_in:
            answer = take(meeting, act, by, now)
            meeting = meeting if isinstance(answer, Refused) else answer
        assert meeting == self.meeting
        assert list(dangling(self.meeting)) == []


Hall.TestCase.settings = settings(
    deadline=None,
    max_examples=60,
    stateful_step_count=80,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestHall = Hall.TestCase
