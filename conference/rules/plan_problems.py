"""What does not fit together in a plan, and what no programme can mean.

The first is named, not forbidden: whoever saves a plan decides, knowingly. The second is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from conference.rules import agenda
from conference.rules.kinds import ItemId, ItemKind
from conference.rules.planned import Plan, PlannedItem
from conference.rules.question import SETTLED
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting

MINUTE = 60_000
LONGEST = 600
"""Minutes of one item."""
BREAK_EVERY = 90
"""Minutes of business after which there has to be a break (privacy F, accessibility)."""
PAUSES = frozenset({ItemKind.DOORS, ItemKind.BREAK})


class Odd(StrEnum):
    """What may not fit together in a plan."""

    GAP = "gap"
    OVERLAP = "overlap"
    SPEAKER_TWICE = "speaker_twice"
    BEYOND_END = "beyond_end"
    OUTSIDE = "outside"
    BREAK_LATE = "break_late"
    SLOTS_TOO_LONG = "slots_too_long"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not fit together: at which item, and with what."""

    kind: Odd
    item: ItemId
    minutes: int = 0
    other: ItemId | None = None
    name: str = ""


def problems(plan: Plan) -> tuple[Problem, ...]:
    """Return everything that does not fit together, in the order of the items. Skipped ones count not."""
    items = [row for row in plan.items if not row.skipped]
    order = {row.id: n for n, row in enumerate(items)}
    found = [
        *_neighbours(plan, items),
        *_outside(plan, items),
        *_twice(items),
        *_breaks(items),
        *_slots(items),
    ]
    return tuple(sorted(found, key=lambda one: order[one.item]))


def _neighbours(plan: Plan, items: Sequence[PlannedItem]) -> Iterator[Problem]:
    for earlier, later in pairwise(items):
        between = (later.starts_at - earlier.ends_at) // MINUTE
        if between < 0:
            yield Problem(Odd.OVERLAP, later.id, -between, earlier.id)
        elif between > 0 and not _parts(plan, earlier.ends_at, later.starts_at):
            yield Problem(Odd.GAP, later.id, between, earlier.id)


def _parts(plan: Plan, ends: int, begins: int) -> bool:
    """Say whether a session ends or begins between these two moments: then nothing is missing there."""
    return any(
        ends <= session.ends_at < begins or ends < session.starts_at <= begins
        for session in plan.sessions
    )


def _outside(plan: Plan, items: Sequence[PlannedItem]) -> Iterator[Problem]:
    if not plan.sessions:
        return
    end = max(session.ends_at for session in plan.sessions)
    for row in items:
        if row.ends_at > end:
            yield Problem(Odd.BEYOND_END, row.id, -((end - row.ends_at) // MINUTE))
        elif not any(
            s.starts_at <= row.starts_at and row.ends_at <= s.ends_at for s in plan.sessions
        ):
            yield Problem(Odd.OUTSIDE, row.id)


def _twice(items: Sequence[PlannedItem]) -> Iterator[Problem]:
    """Name whoever would be in two items at the same time."""
    busy: list[tuple[str, str, int, int, ItemId]] = []
    for row in items:
        at = row.starts_at
        for slot in row.slots:
            ends = at + slot.minutes * MINUTE
            busy.append((slot.name.casefold(), slot.name, at, ends, row.id))
            at = ends
        busy += [(p.casefold(), p, row.starts_at, row.ends_at, row.id) for p in row.people]
    seen: set[tuple[str, ItemId, ItemId]] = set()
    for n, (key, name, begins, ends, item) in enumerate(busy):
        for other, _name, there, until, elsewhere in busy[:n]:
            both = (key, elsewhere, item)
            if key == other and item != elsewhere and begins < until and there < ends:
                if both not in seen:
                    yield Problem(Odd.SPEAKER_TWICE, item, 0, elsewhere, name)
                seen.add(both)


def _breaks(items: Sequence[PlannedItem]) -> Iterator[Problem]:
    """Name the item in which business has gone on too long without a break, once for each stretch."""
    since: int | None = None
    told = False
    for row in items:
        if row.kind in PAUSES:
            since, told = None, False
            continue
        since = row.starts_at if since is None else since
        minutes = (row.ends_at - since) // MINUTE
        if minutes > BREAK_EVERY and not told:
            yield Problem(Odd.BREAK_LATE, row.id, minutes)
            told = True


def _slots(items: Sequence[PlannedItem]) -> Iterator[Problem]:
    for row in items:
        needed = sum(slot.minutes for slot in row.slots)
        if needed > row.minutes:
            yield Problem(Odd.SLOTS_TOO_LONG, row.id, needed - row.minutes)


def broken(meeting: Meeting, plan: Plan) -> Refused | None:
    """Say what no programme can mean, or None: lengths, ids, words, and what the motions need."""
    ids = [row.id for row in plan.items]
    slots = [slot.id for row in plan.items for slot in row.slots]
    if len(set(ids)) < len(ids) or len(set(slots)) < len(slots):
        return Refused(Code.BAD_AGENDA)
    if any(_is_broken(row) for row in plan.items):
        return Refused(Code.BAD_AGENDA)
    if any(not s.title.strip() or s.ends_at <= s.starts_at for s in plan.sessions):
        return Refused(Code.BAD_AGENDA)
    if not any(row.kind is not ItemKind.DOORS for row in plan.items):
        return Refused(Code.NO_ITEM)
    kinds = {row.id: row.kind for row in plan.items}
    for item in used(meeting):
        if item not in kinds or kinds[item] in PAUSES:
            return Refused(Code.ITEM_IN_USE, {"title": meeting.items[item].title})
    elections = {election.id for election in meeting.elections.values()}
    if any(kinds[item] is not ItemKind.ELECTION for item in elections):
        return Refused(Code.BAD_AGENDA)
    return None


def _is_broken(row: PlannedItem) -> bool:
    return (
        not 1 <= row.minutes <= LONGEST
        or not 0 <= row.slack <= row.minutes
        or row.id < 1
        or row.starts_at < 0
        or not row.title.strip()
        or (row.kind in PAUSES and bool(row.slots or row.guillotine))
        or any(not s.name.strip() or not 1 <= s.minutes <= LONGEST or s.id < 1 for s in row.slots)
    )


def used(meeting: Meeting) -> set[ItemId]:
    """Return the items that motions, elections or procedural motions refer to."""
    named = [motion.item for motion in meeting.motions.values()]
    named += [motion.resumes_item for motion in meeting.motions.values() if motion.resumes_item]
    named += [row.target for row in meeting.procedurals.values() if row.target]
    for election in meeting.elections.values():
        named += [x for x in (election.id, election.closing_item, election.result_item) if x]
    return set(named)


def undecided(meeting: Meeting, item: ItemId) -> str:
    """Return the label of a question of this item that conference has not settled, or nothing."""
    motions = agenda.motions_of(meeting, item)
    return next((m.label for m in motions if m.state not in SETTLED), "")
