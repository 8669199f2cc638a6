"""The clerk's desk: the private copy of the picture on which one batch is written.

Nobody sees it before COMMIT. It is what a piece of work is handed, and the only way to take an act.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

from conference.clock import Clock
from conference.rules import RULES_VERSION, Refused, deadline, may_vote, take, to_count, to_recount
from conference.rules.acts import Act, CloseConference, CountVote, ReportRecount, VoidVote
from conference.rules.kinds import SYSTEM, Choice, Pause, PersonId, VoteId, VoteState
from conference.rules.refused import Code
from conference.rules.state import Meeting
from conference.sealing import envelope, merkle, roll_call
from conference.store import Tx, ballots, helps, journal, meta, notes, people, speakers
from conference.store.ballots import BallotAnswer, BallotPaper

_CHOICES = frozenset(choice.value for choice in Choice)


class Trouble(StrEnum):
    """Why the clerk refuses where the rules would not."""

    BUSY = "busy"
    INTERNAL = "internal"
    NOT_RECORDED = "not_recorded"
    STALE = "stale"
    SUPERSEDED = "superseded"
    ID_USED = "id_used"
    BAD_PAPER = "bad_paper"


@dataclass(frozen=True, slots=True)
class Taken:
    """One act that was taken, with the picture before and after it."""

    act: Act
    by: PersonId
    before: Meeting
    after: Meeting


class Desk:
    """The clerk's private copy of the picture while one batch is being written."""

    def __init__(self, tx: Tx, meeting: Meeting, now: Clock, epoch: str) -> None:
        """Begin at `meeting`, as it stands in the database of this epoch."""
        self.tx = tx
        self.epoch = epoch
        self.now = now
        self.meeting = meeting
        self.taken: list[Taken] = []
        self.recorded: list[BallotPaper] = []
        self.loaded = False
        self.tell = False
        """Whether the room is to be told although no act was taken: a note was passed."""
        self._written = meeting
        self._lines: list[tuple[int, PersonId, Act]] = []
        self._closes = False

    def take(self, act: Act, by: PersonId) -> Refused | None:
        """Take the act on the copy; None when it was taken."""
        now = self.now()
        before = self.meeting
        result = take(before, act, by, now)
        if isinstance(result, Refused):
            return result
        self.meeting = result
        self._closes = self._closes or isinstance(act, CloseConference)
        self._lines.append((now, by, act))
        self.taken.append(Taken(act, by, before, result))
        return None

    def mark(self) -> tuple[Meeting, int, int]:
        """Return a mark to which `back` returns."""
        return self.meeting, len(self._lines), len(self.taken)

    def back(self, mark: tuple[Meeting, int, int]) -> None:
        """Forget what has been taken since the mark. Nothing of it may have been flushed."""
        self.meeting, lines, taken = mark
        del self._lines[lines:], self.taken[taken:]
        self._closes = any(isinstance(act, CloseConference) for _now, _by, act in self._lines)

    async def flush(self) -> None:
        """Write the copy and its journal lines into the open transaction."""
        if self.meeting is not self._written:
            await self.tx.write(self._written, self.meeting)
            stored, _gone = self._written.votes.changes(self.meeting.votes)
            self._written = self.meeting
            for vote in stored.values():
                if vote.state is VoteState.VOID and vote.votes_for is None:
                    await ballots.drop(self.tx, vote.id)
        if self._lines:
            await self.tx.journal_acts(self._lines)
            self._lines.clear()
        if self._closes:
            await notes.clear(self.tx)
            await helps.clear(self.tx)
            await speakers.end_of_day(self.tx)

    def adopt(self, meeting: Meeting) -> None:
        """Go on from this meeting, which the caller has stored in this transaction itself."""
        self.meeting = self._written = meeting
        self.loaded = True

    async def settle(self) -> None:
        """Do what a restored database or a new version of the rules asks for."""
        if await journal.last_version(self.tx) != RULES_VERSION:
            await self.tx.journal_picture(self.now(), SYSTEM, self.meeting, "rules changed")
        if await meta.get(self.tx, meta.RESTORED_AT) is None:
            return
        number = self.meeting.conference.vote
        vote = self.meeting.votes.get(number) if number else None
        if vote is not None and vote.state not in {VoteState.DECLARED, VoteState.VOID}:
            self._must(VoidVote(vote.id, "restored"))
        await meta.drop(self.tx, meta.RESTORED_AT)

    async def take_due(self) -> None:
        """Take every deadline that has passed, and count what is closed."""
        while (act := due(self.meeting, self.now())) is not None:
            self._must(act)
            await self._count()
        await self._count()

    async def _count(self) -> None:
        """Count the roll-call of a vote that has just closed, and what is to be counted again.

        Envelopes are not opened here (`scrutiny.py`); to count them again is to count the list of
        what was in them.
        """
        if (number := to_count(self.meeting)) is not None:
            await self.flush()
            sum_ = await ballots.tally(self.tx, number, by_name=True)
            figures = (sum_.votes_for, sum_.votes_against, sum_.abstentions)
            self._must(CountVote(number, *figures, root=await self._call_the_roll(number)))
        if (number := to_recount(self.meeting)) is not None:
            await self.flush()
            by_name = self.meeting.votes[number].by_name
            sum_ = await ballots.tally(self.tx, number, by_name=by_name)
            figures = (sum_.votes_for, sum_.votes_against, sum_.abstentions)
            self._must(ReportRecount(number, *figures))

    async def _call_the_roll(self, number: VoteId) -> str:
        """Store the roll-call of this vote line by line; its last hash comes back."""
        names = await people.names(self.tx)
        chosen = await ballots.voters(self.tx, number, self.epoch)
        lines = sorted((names.get(who, ""), choice) for who, choice in chosen.items())
        start = roll_call.start(number, self.meeting.votes[number].text_hash)
        chain = roll_call.chain(start, lines)
        await ballots.put_roll_call(self.tx, number, lines, chain)
        return chain[-1] if chain else start

    def _must(self, act: Act) -> None:
        if refused := self.take(act, SYSTEM):
            message = f"the rules refuse the clerk's own act {type(act).__name__}: {refused.code}"
            raise RuntimeError(message)

    async def ballots(self, papers: Sequence[BallotPaper]) -> list[Refused | None]:
        """Store these ballots in order; the answers are valid once the transaction has committed."""
        await self.flush()
        put = partial(ballots.put, self.tx)
        answers, recorded = await take_ballots(self.meeting, self.epoch, papers, put)
        self.recorded += recorded
        return answers


def due(meeting: Meeting, now: int) -> Act | None:
    """Return the clerk's own act whose time has come, None when none has."""
    found = deadline(meeting)
    return found[1] if found is not None and found[0] <= now else None


class Put(Protocol):
    """Stores ballots in their order and answers each."""

    def __call__(
        self, papers: Sequence[BallotPaper], *, final: bool
    ) -> Awaitable[list[BallotAnswer]]:
        """As `store.ballots.put`."""


async def take_ballots(
    meeting: Meeting, epoch: str, papers: Sequence[BallotPaper], put: Put
) -> tuple[list[Refused | None], list[BallotPaper]]:
    """Ask the rules for each ballot, and `put` those that may be; the answers, and what was stored.

    Both hold once `put` has committed, or whoever calls has.
    """
    looks: dict[VoteId, Callable[[BallotPaper], _Looked]] = {}
    papers, answers = list(papers), list[Refused | None]()
    for i, paper in enumerate(papers):
        look = looks.get(paper.vote)
        if look is None:
            look = looks[paper.vote] = _looking(meeting, epoch, paper.vote)
        papers[i], refused = look(paper)
        answers.append(refused)
    # After the close the store still knows an id that it holds: a browser that lost the answer
    # is told that its ballot was recorded. It accepts nothing new then.
    accepted = [i for i, a in enumerate(answers) if a is None or a.code is Code.VOTE_CLOSED]
    if not accepted:
        return answers, []
    final = not meeting.settings.vote_change
    stored = await put([papers[i] for i in accepted], final=final)
    recorded = []
    for i, answer in zip(accepted, stored, strict=True):
        if answer is BallotAnswer.RECORDED:
            recorded.append(papers[i])
            answers[i] = None
        elif answer is BallotAnswer.SUPERSEDED:
            answers[i] = Refused(Trouble.SUPERSEDED)
        elif answers[i] is None:
            # The rules allow it: what remains is the id stored last, come with another choice,
            # or a second ballot where the first is final.
            answers[i] = Refused(Code.BALLOT_FINAL if final else Trouble.ID_USED)
    return answers, recorded


_Looked = tuple[BallotPaper, Refused | None]


def _looking(meeting: Meeting, epoch: str, number: VoteId) -> Callable[[BallotPaper], _Looked]:
    """Return what looks at each ballot of this vote, which come by the thousand.

    It returns the paper with what is stored and what stands for it (neither when it is none), and
    why it may not be: None where it may.
    """
    vote = meeting.votes.get(number)
    if vote is None:
        return lambda paper: (paper, Refused(Code.UNKNOWN))
    roll, people = meeting.rolls.get(number), meeting.people
    paused = meeting.conference.pause is Pause.TECHNICAL
    read = _chosen if vote.by_name else partial(_sealed, merkle.receipts(epoch, number))

    def look(paper: BallotPaper) -> _Looked:
        content, receipt = read(paper)
        paper = BallotPaper(number, paper.person, paper.id, paper.paper, content, receipt)
        person = people.get(paper.person)
        if person is None:
            return paper, Refused(Code.UNKNOWN)
        if paused:
            return paper, Refused(Code.PAUSED)
        refused = may_vote(vote, roll, person)
        return paper, refused if refused or receipt else Refused(Trouble.BAD_PAPER)

    return look


def _chosen(paper: BallotPaper) -> tuple[str, str]:
    """Return the choice of a ballot by name, twice: it stands for itself."""
    choice = paper.paper if paper.paper in _CHOICES else ""
    return choice, choice


def _sealed(
    receipt: Callable[[PersonId, bytes], bytes], paper: BallotPaper
) -> tuple[bytes | str, str]:
    """Return an envelope and its receipt."""
    sealed = envelope.read(paper.paper)
    if sealed is None:
        return "", ""
    return sealed, receipt(paper.person, sealed).hex()
