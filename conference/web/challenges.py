"""What browsers have been asked about their passkeys and have not answered yet."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

LASTS_MS = 5 * 60 * 1000
MOST = 10_000


@dataclass(slots=True)
class Challenges:
    """What browsers have been asked and have not answered: in memory, each good for one answer."""

    _open: OrderedDict[tuple[str, str], tuple[bytes, int]] = field(default_factory=OrderedDict)

    def ask(self, browser: str, purpose: str, now: int) -> bytes:
        """Return a fresh challenge for this browser; an older one of the same purpose is void."""
        challenge = secrets.token_bytes(32)
        self._open[browser, purpose] = challenge, now + LASTS_MS
        self._open.move_to_end((browser, purpose))
        while len(self._open) > MOST:
            self._open.popitem(last=False)
        return challenge

    def take(self, browser: str, purpose: str, now: int) -> bytes | None:
        """Return the challenge that is being answered; it is void from now on."""
        challenge, until = self._open.pop((browser, purpose), (b"", 0))
        return challenge if now < until else None
