"""What does not fit together in a plan, in sentences."""

from __future__ import annotations

from collections.abc import Iterable

from conference.rules.kinds import ItemId
from conference.rules.plan_problems import Odd, Problem
from conference.rules.planned import Plan
from conference.web.text import gettext as _
from conference.web.text import ngettext


def odd_sentence(plan: Plan, problem: Problem) -> str:
    """Return one problem as a sentence that names its item."""
    facts = {
        "title": _title(plan, problem.item),
        "n": problem.minutes,
        "other": _title(plan, problem.other),
        "name": problem.name,
    }
    return _words(problem) % facts


def odd_sentences(plan: Plan, problems: Iterable[Problem]) -> tuple[str, ...]:
    """Return a sentence for each of these problems."""
    return tuple(odd_sentence(plan, one) for one in problems)


def _title(plan: Plan, item: ItemId | None) -> str:
    return next((row.title for row in plan.items if row.id == item), "")


def _words(problem: Problem) -> str:
    n = problem.minutes
    match problem.kind:
        case Odd.GAP:
            return ngettext(
                "Gap: between “%(other)s” and “%(title)s” there is %(n)s minute.",
                "Gap: between “%(other)s” and “%(title)s” there are %(n)s minutes.",
                n,
            )
        case Odd.OVERLAP:
            return ngettext(
                "Overlap: “%(title)s” begins %(n)s minute before “%(other)s” ends.",
                "Overlap: “%(title)s” begins %(n)s minutes before “%(other)s” ends.",
                n,
            )
        case Odd.SPEAKER_TWICE:
            return _("In two places: %(name)s would be in “%(other)s” and in “%(title)s” at once.")
        case Odd.BEYOND_END:
            return ngettext(
                "Beyond the end: “%(title)s” ends %(n)s minute after the day.",
                "Beyond the end: “%(title)s” ends %(n)s minutes after the day.",
                n,
            )
        case Odd.OUTSIDE:
            return _("Outside: “%(title)s” does not stand inside one session.")
        case Odd.BREAK_LATE:
            return _(
                "Break too late: in “%(title)s” there has been no break for more than 90 minutes."
            )
        case Odd.SLOTS_TOO_LONG:
            return ngettext(
                "Too short: the speakers of “%(title)s” need %(n)s minute more.",
                "Too short: the speakers of “%(title)s” need %(n)s minutes more.",
                n,
            )
