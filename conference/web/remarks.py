"""Acts that carry a line of text: the text is kept with the act, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta

from conference.hall import Desk, Trouble
from conference.rules.acts import Act
from conference.rules.kinds import PersonId
from conference.rules.refused import Refused
from conference.store import remarks
from conference.web.site import Site

OneLine = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]*$")]
"""One line of text, which may be empty: whether it must not be is the rules' matter."""


async def take_with_remark(
    site: Site, text: str, make: Callable[[str], Act], by: PersonId, step: int | None
) -> Refused | None:
    """Keep the text, take the act that `make` returns for its id; None when both are on disk.

    Refused, nothing of it is kept. `step` is the state of conference for which the form was made.
    """
    written = " ".join(text.split())

    async def work(desk: Desk) -> Refused | None:
        if step is not None and step != desk.meeting.conference.step:
            return Refused(Trouble.STALE)
        number = await remarks.put(desk.tx, written, desk.now()) if written else ""
        if written:
            # Known before the room is told of the act that refers to it.
            site.remarks[number] = written
        refused = desk.take(make(number), by)
        if refused is not None:
            site.remarks.pop(number, None)
        return refused

    return await site.hall.work(work)
