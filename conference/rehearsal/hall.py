"""The hall as pretend delegates reach it: they see what is committed, and act through the door."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from conference.clock import Clock
from conference.rehearsal.browser import Browser
from conference.rehearsal.tally import Tally
from conference.rules import acts as a
from conference.rules.kinds import Choice, PersonId, VoteId
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting
from conference.sealing import envelope
from conference.sealing.bytes import from_text
from conference.store import Store
from conference.store import load as load_meeting
from conference.store.ballots import BallotPaper

LOOK_AGAIN = 0.2


class Outside:
    """A hall (`conference.crowd.House`) whose acts are presses in each person's own browser."""

    def __init__(self, data: Path, epoch: str, meeting: Meeting) -> None:
        """See the conference in this folder, which somebody else owns."""
        self.browsers: dict[PersonId, Browser] = {}
        self.meeting = meeting
        self.tally = Tally()
        self._data = data
        self._epoch = epoch

    @property
    def now(self) -> Clock:
        """The wall clock: the server on this machine read the same one at its start."""
        return lambda: time.time_ns() // 1_000_000

    async def look(self) -> None:
        """See what is committed now."""
        async with Store.looking(self._data) as reader:
            meeting = await load_meeting(reader)
        if meeting is not None:
            self.meeting = meeting

    async def act(self, act: a.Act, by: PersonId) -> Refused | None:
        """Press what takes this act; None when it was taken."""
        browser = self.browsers[by]
        while browser.away:  # noqa: ASYNC110  (whoever has lost the line looks now and then)
            await asyncio.sleep(LOOK_AGAIN)
        path, fields = press(act)
        answered = await browser.post(path, **fields)
        browser.figures.press(type(act).__name__, answered.code)
        return Refused(Code.UNKNOWN) if answered.code else None

    async def ballot(self, paper: BallotPaper) -> Refused | None:
        """Seal this ballot as the person's browser does, hand it in, and note what became of it."""
        vote, person, choice = paper.vote, paper.person, Choice(paper.paper)
        browser = self.browsers[person]
        self.tally.sent(vote)
        sealed = self._seal(vote, person, choice)
        answered = await browser.vote(vote, paper.id, sealed)
        self.tally.answered(vote, person, choice, answered.code)
        return Refused(Code.UNKNOWN) if answered.code else None

    def paper(self, _vote: VoteId, _person: PersonId, choice: Choice) -> str:
        """Return the paper for this choice: it is sealed when it is handed in."""
        return choice.value

    def _seal(self, vote: VoteId, person: PersonId, choice: Choice) -> str:
        row = self.meeting.votes[vote]
        if row.by_name or not row.key:
            return choice.value
        context = envelope.Context(self._epoch, vote, person)
        return envelope.write(envelope.seal(from_text(row.key) or b"", context, choice))


def press(act: a.Act) -> tuple[str, dict[str, object]]:
    """Return the form of the floor that asks for this act. Raises TypeError when there is none."""
    match act:
        case a.CheckIn():
            return "/presence", {"here": "yes"}
        case a.Leave():
            return "/presence", {"here": "no"}
        case a.AskToSpeak():
            fields: dict[str, object] = {
                "motion": act.motion, "amendment": act.amendment, "procedural": act.procedural,
            }  # fmt: skip
            return "/queue", {**fields, "wish": act.side.value}
        case a.OfferSecond():
            fields = {"motion": act.motion, "amendment": act.amendment}
            return "/queue", {**fields, "wish": "second"}
        case a.RaisePoint():
            return "/points", {"about": act.about.value}
        case a.MoveProcedural():
            return f"/procedure/{act.kind.value}", {}
        case a.SecondProcedural():
            return f"/procedure/{act.procedural}/seconds", {}
        case _:
            message = f"no pretend delegate does {type(act).__name__}"
            raise TypeError(message)
