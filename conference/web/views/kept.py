"""How long what is kept, in words and with dates: from the same table that the program goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from conference.store.retention import TABLE, Day, Kept, Since, What, due_at
from conference.web.site import Site
from conference.web.text import gettext, ngettext
from conference.web.text import lazy as _
from conference.web.views.dates import day_of


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One kind of data, and until when it is kept."""

    what: str
    until: str


KEPT: Mapping[What, str] = {
    What.EVIDENCE: _("What you wrote to the registrar, and who vouches for you"),
    What.ACCESS_NEEDS: _("What you need to take part"),
    What.PEOPLE: _("E-mail addresses, display names and consents; sign-ins"),
    What.VOTED: _("Who has voted, what is stored of a ballot with a person, and roll-calls"),
    What.WORDS: _("What delegates wrote with procedural motions; why somebody was sent out"),
    What.NOTES: _("The officers’ notes to each other"),
    What.MAIL: _("Mails that were written, with the links in them"),
    What.APPLICATIONS: _("Registrations whose address was never confirmed"),
    What.BACKUPS: _("Copies of the database that the program made for safety"),
    What.LOGS: _("Logs of visits, and internet addresses"),
    What.RECORD: _("Motions, results, minutes, and the journal with random numbers for people"),
}


def day(site: Site) -> Day:
    """Return what the times of `store.retention` count from now."""
    head = site.meeting.conference
    end_of_day = None
    if head.closed_at is not None:
        zone = ZoneInfo(head.zone)
        closed = datetime.fromtimestamp(head.closed_at / 1000, zone).date()
        midnight = datetime.combine(closed + timedelta(days=1), time.min, zone)
        end_of_day = int(midnight.timestamp() * 1000)
    return Day(
        now=site.now(),
        closed_at=head.closed_at,
        end_of_day=end_of_day,
        retention_days=site.public.organiser.retention_days,
        keep_belongs=site.public.registration.keep_belongs,
    )


def kept_lines(site: Site) -> tuple[KeptLine, ...]:
    """Return every kind of data with its time, and with the day once that is known."""
    return tuple(KeptLine(gettext(KEPT[row.what]), _until(site, row)) for row in TABLE)


def last_day(site: Site, what: What) -> str:
    """Return the last day on which this is kept, or how long after the close while that is not known.

    For what is counted from the close of the conference.
    """
    row = next(row for row in TABLE if row.what is what)
    at = due_at(row, day(site))
    if at is None:
        return gettext("%(length)s after the conference has been closed") % {
            "length": _length(_hours(site, row))
        }
    return day_of(at - 1, site.meeting.conference.zone)


def _hours(site: Site, row: Kept) -> int:
    return site.public.organiser.retention_days * 24 if row.hours is None else row.hours


def _until(site: Site, row: Kept) -> str:
    hours = _hours(site, row)
    words = {
        Since.DECISION: _("until two minutes after the registrar’s decision"),
        Since.END_OF_DAY: _("until the end of the day on which the conference is closed"),
        Since.MADE: _("%(length)s after they were made"),
        Since.CLOSE: _("until %(length)s after the close") if hours else _("until the close"),
        Since.NEVER: _("kept for good") if row.what is What.RECORD else _("never kept"),
    }
    said = gettext(words[row.since]) % {"length": _length(hours)}
    at = due_at(row, day(site))
    if at is None:
        return said
    # The day on which it ends: midnight belongs to the day before it.
    return f"{said}: {day_of(at - 1, site.meeting.conference.zone)}"


def _length(hours: int) -> str:
    if hours % 24 == 0 and hours > 24:  # noqa: PLR2004  (a day is said in hours)
        return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
