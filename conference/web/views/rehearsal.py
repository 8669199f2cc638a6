"""The region `rehearsal`: whether one runs, where, and what it has come to."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rehearsed import Figures
from conference.web.site import Site


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """A rehearsal as the organiser sees it, here or on the copy itself."""

    runs: bool
    is_copy: bool
    """Whether this is the copy: what is here is practised on, and started nowhere."""
    address: str
    links: tuple[tuple[str, str, str], ...]
    figures: Figures | None
    ended: str
    """In words, how the last one ended; empty when none has."""


def rehearsal_view(site: Site) -> RehearsalView:
    """Return how the rehearsal stands."""
    running = site.rehearsing
    if running is None:
        copy = site.settings.copy
        return RehearsalView(copy, copy, site.settings.address, (), site.rehearsal, "")
    told = running.told
    return RehearsalView(
        runs=running.runs,
        is_copy=False,
        address=told.address if told else "",
        links=tuple(told.links) if told and running.runs else (),
        figures=running.figures,
        ended=running.ended,
    )
