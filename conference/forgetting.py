"""The command `retention`: forget what has been kept long enough, and say what it was."""

from __future__ import annotations

from conference.commands import Answer
from conference.rules.refused import Refused
from conference.web.sentences import say
from conference.web.site import Site
from conference.web.tidy import forget_what_is_due
from conference.web.views.kept import KEPT, kept_lines


async def retention(site: Site) -> Answer:
    """Forget what is due; the answer says how much of what, and until when the rest is kept."""
    done = await forget_what_is_due(site)
    if isinstance(done, Refused):
        return Answer(ok=False, lines=[say(done)])
    gone = [f"forgotten: {KEPT[what]}: {n}" for what, n in done.counts.items()]
    kept = [f"{line.what}: {line.until}" for line in kept_lines(site)]
    return Answer(ok=True, lines=[*(gone or ["Nothing was due."]), *kept])
