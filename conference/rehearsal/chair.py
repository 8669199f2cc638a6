"""A rehearsal without a chair: what the panel suggests is pressed, and who waits is answered.

As a chair would: a debate is given time to begin, a speaker to speak, a vote to be voted in.
"""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import Mapping
from random import Random

from conference.rehearsal.browser import Browser
from conference.rehearsal.hall import Outside
from conference.rehearsed import Figures
from conference.rules import question
from conference.rules.kinds import MotionState, PersonId, Phase, VoteState
from conference.rules.roles import in_the_chair
from conference.rules.state import Procedural

WAITS = (0.5, 2.0)
"""Seconds that a chair needs to see what to press."""
DEBATE_SECONDS = 9.0
"""So long a chair waits for the first who want to speak."""
SECONDER_SECONDS = 5.0
SPEECH_SECONDS = 3.0
VOTE_SECONDS = 20.0
"""So long a vote stays open before it is closed, if it does not close by itself."""
RULING = "The debate may go on as it is."

Form = tuple[str, dict[str, str]]


class Chair:
    """Presses for whoever is in the chair, each in their own browser."""

    def __init__(
        self, hall: Outside, browsers: Mapping[PersonId, Browser], figures: Figures, chance: Random
    ) -> None:
        """Have the browsers of all who may be in the chair; the first one opens."""
        self._hall = hall
        self._browsers = browsers
        self._figures = figures
        self._chance = chance
        self._since: dict[object, float] = {}
        self._refused: set[str] = set()
        """What waits and was refused: a closure comes too late when the debate is over. Not pressed again."""

    async def run(self) -> None:
        """Lead the conference to its close, until cancelled."""
        for browser in self._browsers.values():
            await browser.sign_in()
        first = next(iter(self._browsers))
        while True:
            await asyncio.sleep(self._chance.uniform(*WAITS))
            chair = in_the_chair(self._hall.meeting) or first
            browser = self._browsers.get(chair, self._browsers[first])
            _status, page = await browser.fetch("GET", "/chair")
            form = self._form(page)
            if form is not None:
                path, fields = form
                answered = await browser.post(path, **fields)
                if answered.code and "/taking" in path:
                    self._refused.add(path)
                self._figures.press(f"Chair:{path.rpartition('/')[2]}", answered.code)

    def _form(self, page: str) -> Form | None:
        step = re.search(r'name="step" value="(\d+)"', page)
        if step is None:
            return None
        found = self._waiting(page)
        if found is None:
            found = _suggested(page) or self._the_end()
            if found is None or self._is_too_early(found[0]):
                return None
        path, fields = found
        return path, {**fields, "step": step[1]}

    def _waiting(self, page: str) -> Form | None:
        """Return what answers whoever waits for the chair: a point is heard, and ruled on.

        A procedural motion is taken once nobody speaks.
        """
        hear = re.search(r'action="(/chair/points/\d+/hearing)"', page)
        if hear is not None:
            return hear[1], {}
        for path in re.findall(r'action="(/chair/procedurals/\d+/taking)"', page):
            if path not in self._refused and self._hall.meeting.conference.turn is None:
                return path, {}
        rule = re.search(r'action="(/chair/points/\d+/ruling)".*?</form>', page, re.DOTALL)
        if rule is None:
            return None
        state = "not_well_taken" if "not_well_taken" in rule[0] else "answered"
        return rule[1], {"line": RULING, "state": state}

    def _the_end(self) -> Form | None:
        """Return what closes the conference once its last item is over: a chair types the word."""
        head = self._hall.meeting.conference
        if head.phase is not Phase.OPEN or head.item is not None:
            return None
        return "/chair/end", {"line": "close"}

    def _is_too_early(self, path: str) -> bool:
        meeting = self._hall.meeting
        head = meeting.conference
        vote = meeting.votes.get(head.vote) if head.vote is not None else None
        if vote is not None and vote.state is VoteState.OPEN:
            return self._age((vote.id, vote.state)) < VOTE_SECONDS
        if head.turn is not None:
            return self._age(("turn", head.turn)) < SPEECH_SECONDS
        asked = question.innermost(meeting)
        row = question.row_of(meeting, asked) if asked is not None else None
        if row is None or isinstance(row, Procedural) or path.startswith("/chair/turns"):
            return False
        if row.state is MotionState.MOVED and row.seconder is None:
            return self._age((asked, row.state)) < SECONDER_SECONDS
        if row.state is MotionState.DEBATE:
            return self._age((asked, row.state)) < DEBATE_SECONDS
        return False

    def _age(self, what: object) -> float:
        """Return for how many seconds this has been so, as far as we have looked."""
        now = time.monotonic()
        return now - self._since.setdefault(what, now)


def _suggested(page: str) -> Form | None:
    """Return the form that the panel suggests: its address and its fields; None without one."""
    form = re.search(r'<form([^>]*class="step suggested"[^>]*)>(.*?)</form>', page, re.DOTALL)
    action = re.search(r'action="([^"]+)"', form[1]) if form else None
    if form is None or action is None:
        return None
    fields = {k: html.unescape(v) for k, v in re.findall(r'name="(\w+)" value="([^"]*)"', form[2])}
    return action[1].removesuffix("/new"), fields
