"""Pretend delegates, so that one person can chair alone: what they want, and when.

They use nothing that people have not: acts and ballots, refused like anybody's. They look at the
picture a few times a second and act after a human delay. Chance is handed in, so that a test can
hand in a seeded one. `Crowd` sits in the hall of a demonstration; the delegates of a rehearsal are
of the same mind and come through the door, each with a browser of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from random import Random
from typing import Protocol

import structlog

from conference.clock import Clock
from conference.hall import Hall
from conference.rules import acts as a
from conference.rules import change, debate, procedural, question, queue
from conference.rules.kinds import (
    Choice,
    Mode,
    MotionState,
    PersonId,
    PointAbout,
    PointKind,
    ProceduralId,
    ProceduralState,
    Procedure,
    Side,
    VoteId,
    VoteState,
)
from conference.rules.question import Question
from conference.rules.refused import Refused
from conference.rules.state import Amendment, Meeting, Motion, Vote
from conference.rules.voting import on_roll
from conference.store import people, signins
from conference.store.ballots import BallotPaper

log = structlog.get_logger()

LOOK = 0.3
"""Seconds between two looks at the picture."""
ARRIVING = (0.3, 8.0)
SECONDING = (1.0, 3.0)
ASKING = (1.0, 25.0)
ASKERS = (4, 6)
ASKERS_ON_AMENDMENT = (2, 3)
POINTS = 0.25
"""How likely one of them raises a point of order in a debate."""
LONG_DEBATE = 5
"""After so many speeches on a question one of them moves the closure."""
VOTES = {Choice.FOR: 65, Choice.AGAINST: 25, Choice.ABSTAIN: 10}
"""How likely a pretend delegate is to choose what, in hundredths."""
STAYS_AWAY = 0.05
CHANGES = 0.08
SHARE = 0.7
"""They vote within this part of the time that is left."""
WINDOW = 3000
"""…but take at least this many milliseconds, where there are so many."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Something that one of them will do."""

    due: int
    person: PersonId
    wish: a.Act | BallotPaper


class House(Protocol):
    """Where pretend delegates are: what they see of it, and how they act."""

    @property
    def meeting(self) -> Meeting:
        """The picture as it was last committed."""

    @property
    def now(self) -> Clock:
        """The time, in milliseconds."""

    async def act(self, act: a.Act, by: PersonId) -> Refused | None:
        """Take this act for them; None when it has been taken."""

    async def ballot(self, paper: BallotPaper) -> Refused | None:
        """Hand in this ballot; None when it is stored."""

    def paper(self, vote: VoteId, person: PersonId, choice: Choice) -> str:
        """Return the paper for this choice, sealed where the vote is."""


class Minds:
    """What pretend delegates want to do, and do when it is due."""

    def __init__(self, hall: House, chance: Random) -> None:
        """Be nobody yet; `people` are who they are."""
        self.hall = hall
        self.people: frozenset[PersonId] = frozenset()
        self._chance = chance
        self._plans: list[Plan] = []
        self._seconding: set[Question] = set()
        self._asked: set[Question] = set()
        self._backing: set[ProceduralId] = set()
        self._pointed: set[Question] = set()
        self._closing: set[Question] = set()
        self._closes: dict[VoteId, int] = {}

    async def look(self) -> None:
        """See what is before conference, plan what it asks for, and do what is due."""
        meeting, now = self.hall.meeting, self.hall.now()
        await self._respond(meeting, now)
        due = sorted((p for p in self._plans if p.due <= now), key=lambda p: p.due)
        self._plans = [p for p in self._plans if p.due > now]
        await self._carry_out([plan for plan in due if plan.person in self.people])

    async def _carry_out(self, due: list[Plan]) -> None:
        # All at once, as people do; what is refused is refused, as with people.
        await asyncio.gather(*(self._do(plan) for plan in due))

    async def _respond(self, meeting: Meeting, now: int) -> None:
        asked = question.substantive(meeting)
        if asked is not None:
            row = question.row_of(meeting, asked)
            if isinstance(row, Motion | Amendment):
                self._second(meeting, asked, row, now)
                await self._ask(meeting, asked, row, now)
                self._interrupt(meeting, asked, row, now)
        self._back(meeting, now)
        number = meeting.conference.vote
        vote = meeting.votes[number] if number is not None else None
        if vote is not None and vote.state is VoteState.OPEN:
            await self._vote(meeting, vote, now)

    def _here(self, meeting: Meeting) -> list[PersonId]:
        return sorted(p for p in self.people if meeting.people[p].present)

    def _free(self, meeting: Meeting, asked: Question) -> list[PersonId]:
        """Return who of them has neither moved nor seconded nor spoken on this question."""
        motion = meeting.motions[asked.motion] if asked.motion is not None else None
        busy = {motion.mover, motion.seconder} if motion is not None else set()
        return [
            p
            for p in self._here(meeting)
            if p not in busy and not queue.has_spoken_on(meeting, asked, p)
        ]

    def _second(self, meeting: Meeting, asked: Question, row: Motion | Amendment, now: int) -> None:
        free = self._free(meeting, asked)
        wanted = row.state is MotionState.MOVED and row.seconder is None
        if not wanted or not free or asked in self._seconding or asked.motion is None:
            return
        self._seconding.add(asked)
        wish = a.OfferSecond(asked.motion, asked.amendment)
        self._plan(now, SECONDING, self._chance.choice(free), wish)

    async def _ask(
        self, meeting: Meeting, asked: Question, row: Motion | Amendment, now: int
    ) -> None:
        here = [p for p in self._free(meeting, asked) if p != row.seconder]
        if row.state is not MotionState.DEBATE or not here or asked in self._asked:
            return
        if isinstance(row, Motion) and debate.amendments_left(meeting, row):
            return  # the amendments come first, and have debates of their own
        self._asked.add(asked)
        await self._make_room()
        few = ASKERS if asked.amendment is None else ASKERS_ON_AMENDMENT
        askers = self._chance.sample(here, min(len(here), self._chance.randint(*few)))
        sides = [Side.AGAINST, Side.FOR] * len(askers)
        for place, (person, side) in enumerate(zip(askers, sides, strict=False)):
            # The first two ask at once: a chair who waits for nobody finds somebody in the queue.
            between = SECONDING if place < 2 else ASKING  # noqa: PLR2004  (one for each side)
            self._plan(now, between, person, a.AskToSpeak(asked.motion, side, asked.amendment))

    def _interrupt(
        self, meeting: Meeting, asked: Question, row: Motion | Amendment, now: int
    ) -> None:
        """Sometimes raise a point of order; in a long debate move the closure. Once per question."""
        if row.state is not MotionState.DEBATE or debate.is_question(row):
            return
        free = self._free(meeting, asked)
        spoken = len(question.turns_on(meeting, asked))
        speaks = meeting.conference.turn is not None
        if speaks and asked not in self._pointed and free:
            self._pointed.add(asked)
            if self._chance.random() < POINTS:
                wish = a.RaisePoint(PointKind.ORDER, PointAbout.PROCEDURE)
                self._plan(now, SECONDING, self._chance.choice(free), wish)
        if spoken >= LONG_DEBATE and asked not in self._closing and free:
            self._closing.add(asked)
            self._plan(
                now, SECONDING, self._chance.choice(free), a.MoveProcedural(Procedure.CLOSURE)
            )

    def _back(self, meeting: Meeting, now: int) -> None:
        """Second what one of them has moved."""
        for row in procedural.waiting(meeting):
            mine = row.by in self.people and row.state is ProceduralState.ASKED
            others = [p for p in self._here(meeting) if p not in row.supporters]
            if mine and others and row.id not in self._backing:
                self._backing.add(row.id)
                wish = a.SecondProcedural(row.id)
                self._plan(now, SECONDING, self._chance.choice(others), wish)

    async def _vote(self, meeting: Meeting, vote: Vote, now: int) -> None:
        closes = vote.closes_at or now
        before = self._closes.get(vote.id)
        self._closes[vote.id] = closes
        if before is None:
            await self._make_room()
            for person in sorted(p for p in self.people if on_roll(meeting, vote.id, p)):
                if self._chance.random() >= STAYS_AWAY:
                    self._plan_ballot(vote.id, person, now, closes)
        elif closes < before:
            self._hurry(vote.id, now, closes)

    def _plan_ballot(self, vote: VoteId, person: PersonId, now: int, closes: int) -> None:
        until = now + _window(closes - now)
        choice = self._chance.choices(list(VOTES), list(VOTES.values()))[0]
        first = self._chance.uniform(now, until)
        self._plans.append(Plan(int(first), person, self._paper(vote, person, choice)))
        if self._chance.random() < CHANGES:
            other = self._chance.choice([c for c in VOTES if c is not choice])
            second = self._chance.uniform(first, until)
            self._plans.append(Plan(int(second), person, self._paper(vote, person, other)))

    def _paper(self, vote: VoteId, person: PersonId, choice: Choice) -> BallotPaper:
        return BallotPaper(vote, person, f"{self._chance.getrandbits(128):032x}", choice)

    def _hurry(self, vote: VoteId, now: int, closes: int) -> None:
        """The last call: whoever still wanted to vote does it now, in the order they had."""
        until = now + _window(closes - now)

        def is_late(plan: Plan) -> bool:
            return (
                isinstance(plan.wish, BallotPaper) and plan.wish.vote == vote and plan.due > until
            )

        late = sorted((p for p in self._plans if is_late(p)), key=lambda p: p.due)
        times = sorted(int(self._chance.uniform(now, until)) for _plan in late)
        self._plans = [p for p in self._plans if not is_late(p)]
        self._plans += [Plan(t, p.person, p.wish) for t, p in zip(times, late, strict=True)]

    def _plan(self, now: int, between: tuple[float, float], person: PersonId, wish: a.Act) -> None:
        after = int(self._chance.uniform(*between) * 1000)
        self._plans.append(Plan(now + after, person, wish))

    async def _do(self, plan: Plan) -> None:
        if isinstance(plan.wish, BallotPaper):
            await self.hall.ballot(self._sealed(plan.wish))
            return
        refused = await self.hall.act(plan.wish, plan.person)
        if isinstance(plan.wish, a.OfferSecond) and isinstance(refused, Refused):
            wish = plan.wish  # somebody else may, if it still needs one
            self._seconding.discard(Question(wish.motion, wish.amendment))

    def _sealed(self, wish: BallotPaper) -> BallotPaper:
        """Return the ballot as a person's browser would hand it in."""
        paper = self.hall.paper(wish.vote, wish.person, Choice(wish.paper))
        return BallotPaper(wish.vote, wish.person, wish.id, paper)

    async def _make_room(self) -> None:
        """Give up whoever is somebody else's by now; before each new thing."""


class Crowd(Minds):
    """Pretend delegates: picked from those whom nobody uses, acting until they are told to leave."""

    hall: Hall

    def __init__(self, hall: Hall, chance: Random, seats: int) -> None:
        """Be a crowd of this many that has not come in yet."""
        super().__init__(hall, chance)
        self._seats = seats
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    async def start(self) -> bool:
        """Come in and begin to act; False when there are not enough delegates whom nobody uses."""
        picked = await self._pick()
        if len(picked) < self._seats:
            return False
        if self._ended:
            return True  # told to leave before they were in
        self.people = frozenset(picked)
        meeting, now = self.hall.meeting, self.hall.now()
        for person in picked:
            if not meeting.people[person].present:
                self._plan(now, ARRIVING, person, a.CheckIn())
        self._task = asyncio.create_task(self._run())
        return True

    async def stop(self) -> None:
        """Do nothing more, and leave the hall. Stopping twice is harmless."""
        self._ended = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._leave()

    async def _pick(self) -> list[PersonId]:
        """Return the last free delegates by name, so that the first stay free for people.

        Who is present without ever a sign-in was left behind by a crowd that was killed.
        """
        async with self.hall.store.reading() as reader:
            taken = await signins.everybody(reader)
            names = await people.names(reader)
        everybody = self.hall.meeting.people.values()
        free = [p.id for p in everybody if change.counts_as_delegate(p) and p.id not in taken]
        free.sort(key=lambda person: names.get(person, ""))
        return free[-self._seats :]

    async def _run(self) -> None:
        try:
            while self.hall.meeting.conference.mode is Mode.DEMONSTRATION:
                await self.look()
                await asyncio.sleep(LOOK)
            await self._leave()
        except Exception as error:
            log.exception("the pretend delegates have ended", error=type(error).__name__)

    async def _make_room(self) -> None:
        """Give up whoever has been taken over by a person who signed in under their name."""
        async with self.hall.store.reading() as reader:
            taken = await signins.everybody(reader)
        self.people -= taken

    async def _leave(self) -> None:
        self._plans.clear()
        await self._make_room()
        # All of them, not only who is present: an arrival may still be in the clerk's inbox.
        await asyncio.gather(*(self.hall.act(a.Leave(), person) for person in sorted(self.people)))
        self.people = frozenset()


def _window(left: int) -> int:
    """Return within how many milliseconds to vote when `left` are left."""
    return int(min(max(SHARE * left, WINDOW), 0.9 * max(left, 0)))
