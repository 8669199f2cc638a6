"""How late the conference is, and what that means for its end, in words."""

from __future__ import annotations

from conference.rules import timing
from conference.rules.state import Meeting
from conference.web.text import gettext as _
from conference.web.text import ngettext

HOUR = 60
"""Minutes."""


def behind_text(minutes: int) -> str:
    """Return how late or early the conference is, in words; empty when it is on time."""
    if abs(minutes) >= HOUR:
        hours = {"hours": abs(minutes) // HOUR, "minutes": abs(minutes) % HOUR}
        late = _("%(hours)s h %(minutes)s min behind") % hours
        return late if minutes > 0 else _("%(hours)s h %(minutes)s min ahead") % hours
    if minutes > 0:
        return ngettext("%(n)s minute behind", "%(n)s minutes behind", minutes) % {"n": minutes}
    if minutes < 0:
        early = -minutes
        return ngettext("%(n)s minute ahead", "%(n)s minutes ahead", early) % {"n": early}
    return ""


def end_text(meeting: Meeting, now: int) -> str:
    """Return what is to be said about the end of the day, when it is expected to be late; or nothing."""
    minutes = timing.over(meeting, now)
    if not minutes:
        return ""
    if meeting.settings.timing_end_protected:
        said = ngettext(
            "To end in time, %(n)s minute has to be saved.",
            "To end in time, %(n)s minutes have to be saved.",
            minutes,
        )
    else:
        said = ngettext(
            "The end is expected %(n)s minute later than planned.",
            "The end is expected %(n)s minutes later than planned.",
            minutes,
        )
    return said % {"n": minutes}
