"""What a rehearsal has come to so far: counted by the pretend delegates, told as lines of JSON."""

from __future__ import annotations

import msgspec

KEPT = 2000
"""So many of the latest times are kept to say which the slowest hundredth were."""
SHOWN = 20
"""So many wrong screens are told in words."""


class Figures(msgspec.Struct):
    """Counts since the beginning; times in milliseconds."""

    delegates: int = 0
    signed_in: int = 0
    connected: int = 0
    dropped: int = 0
    back: int = 0
    broken: int = 0
    """Lines that ended by themselves."""
    done: dict[str, int] = msgspec.field(default_factory=dict)
    """Presses that were taken, by kind."""
    refused: dict[str, int] = msgspec.field(default_factory=dict)
    """Presses that were refused, by code: most are honest, such as a second seconder."""
    recorded: int = 0
    not_recorded: dict[str, int] = msgspec.field(default_factory=dict)
    """Ballots that were not taken, by code."""
    resent: int = 0
    votes: int = 0
    recounted: int = 0
    """Votes whose count was compared with what was told to have been recorded."""
    miscounted: int = 0
    checked: int = 0
    """Screens that were compared with how the conference stood."""
    loaded: int = 0
    """Those of them that were compared, region by region, with the page loaded anew."""
    at_the_end: int = 0
    """Those of these that were when the conference had been closed."""
    wrong: int = 0
    problems: list[str] = msgspec.field(default_factory=list)
    sound: bool | None = None
    """Whether `verify` found nothing in the copy; None before the end, or with a chair."""
    unsound: list[str] = msgspec.field(default_factory=list)
    """What it found."""
    slowest: int = 0
    usual: int = 0
    """The median of the latest answers to a ballot."""
    p99: int = 0
    finished: bool = False
    """Whether the conference was closed, and every screen compared once more."""
    times: list[int] = msgspec.field(default_factory=list)

    def press(self, kind: str, code: str) -> None:
        """Count a press and what it came to."""
        if code:
            self.refused[code] = self.refused.get(code, 0) + 1
        else:
            self.done[kind] = self.done.get(kind, 0) + 1

    def answer(self, code: str, seconds: float) -> None:
        """Count a ballot's definite answer and how long it took."""
        if code:
            self.not_recorded[code] = self.not_recorded.get(code, 0) + 1
            return
        self.recorded += 1
        took = int(seconds * 1000)
        self.slowest = max(self.slowest, took)
        self.times.append(took)
        del self.times[:-KEPT]

    def problem(self, text: str) -> None:
        """Count a wrong screen."""
        self.wrong += 1
        if len(self.problems) < SHOWN:
            self.problems.append(text)

    def line(self) -> bytes:
        """Return this as one line of JSON, without the single times."""
        times = sorted(self.times)
        if times:
            self.usual, self.p99 = times[len(times) // 2], times[(len(times) - 1) * 99 // 100]
        told = msgspec.structs.replace(self, times=[])
        return msgspec.json.encode(told) + b"\n"


class Told(msgspec.Struct):
    """The first line of JSON: where the copy is, and for each office a title, a name, an address."""

    address: str
    links: list[tuple[str, str, str]]
