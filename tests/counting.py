"""The counting process without a process of its own, and what a delegate's browser does."""

from __future__ import annotations

import os
from pathlib import Path

from conference.counter.client import FOLDER, checked
from conference.counter.counting import Counting
from conference.counter.keys import KeyFolder
from conference.counter.messages import Answer, Request
from conference.rules.kinds import Choice, PersonId, VoteId
from conference.sealing import envelope
from conference.sealing.bytes import from_text


class InProcess:
    """Asks the very code of the counting process, for tests to which its process does not matter."""

    def __init__(self, data: Path) -> None:
        self.folder = KeyFolder(data / FOLDER)
        self.counting = Counting(self.folder)
        self.asked: list[Request] = []

    async def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        return checked(self.counting.answer(request))

    def close(self) -> None:
        """Let go of the folder, as a process does when it ends."""
        os.close(self.folder._lock)


def sealed(key: str, epoch: str, vote: int, person: str, choice: Choice | str) -> str:
    """An envelope as a browser makes it: other bytes each time."""
    context = envelope.Context(epoch, VoteId(vote), PersonId(person))
    return envelope.write(envelope.seal(from_text(key), context, Choice(choice)))
