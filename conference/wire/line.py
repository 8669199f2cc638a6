"""What a connection is to whoever has taken it over, and what that one must be."""

from __future__ import annotations

from typing import Protocol


class Listener(Protocol):
    """Whoever has taken a line over."""

    def heard(self, text: str) -> None:
        """A text message has come."""

    def heard_bytes(self) -> None:
        """A binary message has come: nothing of ours is one."""

    def gone(self) -> None:
        """The line has ended, whoever ended it; called once."""


class Line(Protocol):
    """A connection as whoever has taken it over sees it."""

    def take(self, listener: Listener) -> None:
        """From now on `listener` hears what comes. Only after the handshake was accepted."""

    def write(self, frame: bytes) -> int:
        """Send this whole frame; the bytes are shared, never copied. Returns what then waits."""

    def straight(self) -> int:
        """Return the descriptor to which a frame may be written now, past all else; -1 if it may not.

        It may when nothing waits before it. It holds until the loop turns: then the line may have ended,
        and the descriptor may belong to somebody else.
        """

    def waiting(self) -> int:
        """Return how many bytes the kernel has not taken yet."""

    def close(self, code: int) -> None:
        """Send a close frame after what waits; the line ends when the client answers, or soon."""
