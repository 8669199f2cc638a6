"""The count sheet of an election, as a scrutineer fills it in or confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from conference.rules.election import candidates_of
from conference.rules.kinds import ItemId, PersonId, Phase
from conference.rules.state import Candidate, Election
from conference.web.site import Site

NOT_OPEN, ENTER, ENTERED, CONFIRM, STANDS = "not_open", "enter", "entered", "confirm", "stands"


@dataclass(frozen=True, slots=True)
class Box:
    """A field of a form: what stands in it, and what is wrong with that."""

    value: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One candidate: the figures that stand, and the fields of the form."""

    id: int
    name: str
    first_preferences: int
    elected: bool
    first: Box
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class SheetView:
    """One election on the page."""

    id: int
    post: str
    places: int
    method: str
    link: str
    opens_at: int
    closes_at: int
    state: str
    """`not_open`, `enter`, `entered` (by oneself), `confirm` (another's), `stands`."""
    received: int
    invalid: int
    entered_by: str
    confirmed_by: str
    candidates: tuple[CandidateLine, ...]
    form_received: Box
    form_invalid: Box
    again_received: Box
    again_invalid: Box
    form_say: str
    again_say: str


@dataclass(frozen=True, slots=True)
class CountPage:
    """The page of the scrutineers."""

    zone: str
    sheets: tuple[SheetView, ...]


@dataclass(frozen=True, slots=True)
class Refill:
    """A form that was refused: which, why, and what was typed into it."""

    election: int
    is_sheet: bool
    say: str
    typed: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)


def count_page(site: Site, person: PersonId, refill: Refill | None = None) -> CountPage:
    """Return the page; `refill` is the form to show again as it was typed."""
    rows = sorted(site.meeting.elections.values(), key=lambda e: e.id)
    return CountPage(
        site.meeting.conference.zone, tuple(_sheet(site, row, person, refill) for row in rows)
    )


def state_of(site: Site, row: Election, person: PersonId) -> str:
    """Return what this scrutineer can do with the sheet now."""
    if row.confirmed_by is not None:
        return STANDS
    if site.meeting.conference.phase is not Phase.OPEN:
        return NOT_OPEN
    if row.entered_by is None:
        return ENTER
    return ENTERED if row.entered_by == person else CONFIRM


def _sheet(site: Site, row: Election, person: PersonId, refill: Refill | None) -> SheetView:
    mine = refill if refill is not None and refill.election == row.id else None
    entry = mine if mine is not None and mine.is_sheet else None
    again = mine if mine is not None and not mine.is_sheet else None
    state = state_of(site, row, person)
    # Only who entered the sheet finds the figures in the form: the second reads them off the paper.
    known = _stored(site, row) if state == ENTERED else {}
    return SheetView(
        row.id, row.post, row.places, row.method, row.link, row.opens_at, row.closes_at, state,
        row.received or 0, row.invalid or 0,
        site.name(row.entered_by), site.name(row.confirmed_by),
        tuple(_line(c, entry, known) for c in candidates_of(site.meeting, row.id)),
        _box("received", entry, known), _box("invalid", entry, known),
        _box("received", again, {}), _box("invalid", again, {}),
        entry.say if entry else "", again.say if again else "",
    )  # fmt: skip


def _stored(site: Site, row: Election) -> dict[str, str]:
    known = {"received": str(row.received), "invalid": str(row.invalid)}
    for one in candidates_of(site.meeting, ItemId(row.id)):
        known[f"first_{one.id}"] = str(one.first_preferences)
        if one.elected:
            known[f"elected_{one.id}"] = "yes"
    return known


def _box(name: str, refill: Refill | None, known: Mapping[str, str]) -> Box:
    if refill is None:
        return Box(known.get(name, ""))
    return Box(refill.typed.get(name, ""), refill.wrong.get(name, ""))


def _line(row: Candidate, entry: Refill | None, known: Mapping[str, str]) -> CandidateLine:
    ticked = entry.typed if entry is not None else known
    return CandidateLine(
        row.id, row.name, row.first_preferences or 0, row.elected,
        _box(f"first_{row.id}", entry, known), is_ticked=bool(ticked.get(f"elected_{row.id}")),
    )  # fmt: skip
