"""Many lines written to by two hands: a write is nearly all the kernel's work, so two go side by side.

The thread that serves writes, and a second one writes beside it; both take the next frame from the same
pile until it is empty. The first waits for the second before it does anything else: a descriptor that
was good when the pile was made cannot become somebody else's meanwhile.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue

import structlog

log = structlog.get_logger()

WORTH = 32
"""Frames from which on a second hand is worth being called."""

Pile = Sequence[tuple[int, int, bytes]]
"""A number by which the caller knows the frame, a descriptor that does not block, the frame."""
Left = list[tuple[int, bytes]]
"""What the kernel did not take: the caller's number, and the rest of the frame."""


class Hands:
    """The hands of whoever tells a hall. The second is there when it is first needed."""

    def __init__(self, cores: int | None = None) -> None:
        """Work with two hands where there are two `cores`; None: as many as this process may use."""
        self._two = (cores or _cores()) > 1
        self._piles: SimpleQueue[Iterator[tuple[int, int, bytes]]] = SimpleQueue()
        self._lefts: SimpleQueue[Left | None] = SimpleQueue()
        self._helper: threading.Thread | None = None

    def write(self, pile: Pile) -> Left:
        """Write each frame once to its descriptor, in any order; what could not be sent comes back.

        An error of a descriptor is told as nothing sent: who writes the rest another way will meet it.
        Raises MemoryError when there is no room to note what is left: then nobody knows.
        """
        frames = iter(pile)
        if len(pile) < WORTH or not self._helped():
            return _write(frames)
        self._piles.put(frames)
        try:
            left = _write(frames)
        finally:
            others = self._others()
        if others is None:
            raise MemoryError
        return left + others

    def _others(self) -> Left | None:
        """Return what the second hand has left, once it is done; it may not even have begun."""
        try:
            self._piles.get_nowait()
        except Empty:
            return self._lefts.get()
        return []

    def _helped(self) -> bool:
        if self._two and self._helper is None:
            helper = threading.Thread(target=self._help, name="second hand", daemon=True)
            try:
                helper.start()
            except RuntimeError:  # no more threads on this machine: one hand will do
                self._two = False
            else:
                self._helper = helper
        return self._two

    def _help(self) -> None:
        while True:
            frames = self._piles.get()
            left: Left | None = None
            try:
                left = _write(frames)
            except MemoryError:
                log.exception("what could not be sent could not be noted")
            finally:
                self._lefts.put(left)


def _write(frames: Iterator[tuple[int, int, bytes]]) -> Left:
    left: Left = []
    for number, descriptor, frame in frames:
        try:
            sent = os.write(descriptor, frame)
        except OSError:
            sent = 0
        if sent != len(frame):
            left.append((number, frame[sent:]))
    return left


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every platform
        return os.cpu_count() or 1
