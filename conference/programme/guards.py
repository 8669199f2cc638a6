"""What a file loaded over a running conference may not touch, and why."""

from __future__ import annotations

from typing import Any

from conference.rules.kinds import ItemId, ItemState, MotionState, Phase, VoteState
from conference.rules.state import (
    Amendment,
    Candidate,
    Election,
    Item,
    Meeting,
    Motion,
    Slot,
    StandingOrder,
)

_UNDER_WAY = frozenset({VoteState.ANNOUNCED, VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED})


def is_from_floor(row: Any) -> bool:
    """Say whether a delegate handed the row in: no file has it, and none may change it."""
    return isinstance(row, Amendment) and row.proposed_by is not None


class Guards:
    """Says for each row whether the meeting has gone past the point where it may change."""

    def __init__(self, current: Meeting) -> None:
        self._now = current

    def one(self, name: str) -> str | None:
        """Why the row of `conference` or `settings` may not change, or None."""
        phase = self._now.conference.phase
        if phase is Phase.CLOSED:
            return "the conference has been closed"
        if name == "conference" and phase is not Phase.BEFORE:
            return "the conference has been opened"
        if name == "settings":
            return self._settings()
        return None

    def _settings(self) -> str | None:
        head = self._now.conference
        if any(vote.state in _UNDER_WAY for vote in self._now.votes.values()):
            return "a vote is being taken"
        if head.procedural is not None or head.challenge is not None:
            return "a procedural motion is before conference"
        if head.leave is not None:
            return "conference is being asked for leave"
        return None

    def row(self, old: Any, new: Any) -> str | None:
        """Why a row may not change from `old` to `new`, or None; None stands for no row."""
        if self._now.conference.phase is Phase.CLOSED:
            return "the conference has been closed"
        match new if old is None else old:
            case StandingOrder() if self._now.conference.phase is not Phase.BEFORE:
                return "the conference has been opened under its standing orders"
            case Item():
                return self._item(old, new)
            case Slot():
                return self._called(old and old.item, new and new.item)
            case Motion():
                return self._motion(old, new)
            case Amendment():
                return self._amendment(old, new)
            case Election():
                return self._election(old, new)
            case Candidate():
                return self._called(old and old.election, new and new.election)
            case _:
                return None

    def _state(self, item: ItemId | None) -> ItemState:
        row = self._now.items.get(item) if item is not None else None
        return row.state if row else ItemState.PLANNED

    def _called(self, *items: ItemId | None) -> str | None:
        if any(self._state(item) is not ItemState.PLANNED for item in items):
            return "its item has already been called"
        return None

    def _item(self, old: Item | None, new: Item | None) -> str | None:
        if old is not None and new is None and self._is_awaited(old.id):
            return "a procedural motion names it"
        if old is None or old.state is ItemState.PLANNED:
            return None
        if new is not None and old.position != new.position:
            return "it has already been called; nothing may be added, removed or moved before it"
        return "it has already been called"

    def _is_awaited(self, item: ItemId) -> bool:
        """Say whether a debate goes on at this item, or a procedural motion names it."""
        debates = {motion.resumes_item for motion in self._now.motions.values()}
        return item in debates | {row.target for row in self._now.procedurals.values()}

    def _motion(self, old: Motion | None, new: Motion | None) -> str | None:
        if old is not None and self._taken(old):
            return "it has already been called"
        states = {self._state(row.item) for row in (old, new) if row is not None}
        if ItemState.DONE in states:
            return "its item has ended"
        moved = old is None or new is None or old.item != new.item
        if moved and ItemState.CALLED in states:
            return "its item has already been called"
        return None

    def _taken(self, motion: Motion) -> bool:
        return (
            motion.state is not MotionState.PUBLISHED
            or self._now.conference.motion == motion.id
            or any(vote.motion == motion.id for vote in self._now.votes.values())
        )

    def _amendment(self, old: Amendment | None, new: Amendment | None) -> str | None:
        if is_from_floor(old):
            return "a delegate handed it in; another id is needed here"
        if old is not None and old.state is not MotionState.PUBLISHED:
            return "it has already been called"
        for row in (old, new):
            motion = self._now.motions.get(row.motion) if row is not None else None
            if motion is not None and self._taken(motion):
                return "its motion has already been called"
            if motion is not None and self._state(motion.item) is ItemState.DONE:
                return "its item has ended"
        return None

    def _election(self, old: Election | None, new: Election | None) -> str | None:
        row = old or new
        if old is not None and (old.entered_by is not None or old.received is not None):
            return "its count has been entered"
        if row is not None and (old is None or new is None):
            return self._called(row.id)
        return None
