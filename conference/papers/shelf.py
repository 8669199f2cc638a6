"""The latest copy of each paper, so that nobody's pressing makes it twice."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from conference.papers.document import Document
from conference.papers.pdf import NotMade, pdf


@dataclass(slots=True)
class Copy:
    """A paper, and everything it was made from."""

    key: tuple[object, ...]
    document: Document
    tag: str
    """A hash of the document: equal papers have equal tags."""
    pdf: bytes | None = None
    failed: bool = False


@dataclass(slots=True)
class Shelf:
    """One copy of each paper. A PDF is made when it is first asked for, one at a time."""

    copies: dict[str, Copy] = field(default_factory=dict)
    making: asyncio.Lock = field(default_factory=asyncio.Lock)

    def take(self, name: str, key: tuple[object, ...], make: Callable[[], Document]) -> Copy:
        """Return the copy that was made from `key`; make it when there is none.

        `key` holds whatever the paper is made from, so that a name whose owner took the consent
        back stands in no copy.
        """
        copy = self.copies.get(name)
        if copy is None or copy.key != key:
            document = make()
            tag = hashlib.sha256(repr(document).encode(errors="replace")).hexdigest()[:32]
            copy = self.copies[name] = Copy(key, document, tag)
        return copy

    async def pdf(self, copy: Copy) -> bytes:
        """Return the copy's PDF. Raises NotMade, also when it could not be made before."""
        async with self.making:
            if copy.failed:
                raise NotMade
            if copy.pdf is None:
                copy.failed = True
                copy.pdf = await pdf(copy.document)
                copy.failed = False
            return copy.pdf
