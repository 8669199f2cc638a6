"""What several values of a conference file must agree on.

Every check yields the key path and a sentence, so that all of them can be shown at once. They run
only on a file in which every single value is right by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from conference.programme.amendment_checks import check_amendments
from conference.programme.lines import Path
from conference.programme.names import name_problem, names
from conference.programme.problems import Found, dotted
from conference.programme.schema import ConferenceFile, ElectionRow, ItemRow, MotionRow
from conference.programme.setting_checks import check_settings
from conference.programme.times import clock, exists, minute, moment, zone_named
from conference.programme.values import MOST_PEOPLE
from conference.rules.kinds import Base, ItemKind, MotionKind, Rule
from conference.rules.roles import forbidden_pair

_FIRST_YEAR, _LAST_YEAR = 2000, 2199
_DAY = 24 * 60
_PAUSES = frozenset({ItemKind.DOORS, ItemKind.BREAK})
_BASES = {
    Rule.SIMPLE: (Base.CAST,),
    Rule.TWO_THIRDS: (Base.CAST, Base.PRESENT, Base.REGISTER),
    Rule.ABSOLUTE: (Base.PRESENT, Base.REGISTER),
}


def check(file: ConferenceFile) -> Found:
    """Yield everything that does not fit together."""
    zone = zone_named(file.zone)
    sensible_day = _FIRST_YEAR <= file.day.year <= _LAST_YEAR
    if zone is None:
        yield (
            ("zone",),
            f'no time zone is called “{file.zone}”; expected one such as "Europe/London"',
        )
    if not sensible_day:
        yield ("day",), f"expected a day between the years {_FIRST_YEAR} and {_LAST_YEAR}"
    yield from _unique(_keys(file), "is already used by")
    yield from _organiser(file)
    yield from check_settings(file)
    yield from _orders(file)
    yield from _sessions(file)
    for position, item in enumerate(file.items):
        yield from _item(("items", position), item)
    if zone is not None and sensible_day:
        yield from _clocks(file, zone)
        yield from _order(file, zone)
    for position, motion in enumerate(file.motions):
        yield from _motion(("motions", position), motion, file)
    yield from _depends(file)
    yield from check_amendments(file)
    for position, election in enumerate(file.elections):
        yield from _election(("elections", position), election, file)
    yield from _people(file)


def _keys(file: ConferenceFile) -> Iterable[tuple[str, Path, object]]:
    """Everything that must be unique: within what, where, and the value."""
    for n, order in enumerate(file.standing_orders):
        yield "standing order", ("standing_orders", n, "number"), order.number
    for n, item in enumerate(file.items):
        yield "item id", ("items", n, "id"), item.id
        if item.number is not None:
            yield "item number", ("items", n, "number"), item.number
        for k, slot in enumerate(item.slots):
            yield "slot id", ("items", n, "slots", k, "id"), slot.id
    for n, motion in enumerate(file.motions):
        yield "motion id", ("motions", n, "id"), motion.id
        yield "label", ("motions", n, "label"), motion.label.casefold()
        for k, amendment in enumerate(motion.amendments):
            yield "amendment id", ("motions", n, "amendments", k, "id"), amendment.id
            # Elsewhere a motion may be "1" and an amendment "1" as well.
            yield (
                "amendment label",
                ("motions", n, "amendments", k, "label"),
                amendment.label.casefold(),
            )
            if amendment.received is not None:
                where = ("motions", n, "amendments", k, "received")
                yield f"place of arrival {n}", where, amendment.received
    for n, election in enumerate(file.elections):
        yield "election", ("elections", n, "item"), election.item
        for k, candidate in enumerate(election.candidates):
            path = ("elections", n, "candidates", k)
            yield "candidate id", (*path, "id"), candidate.id
            yield f"candidate name {n}", (*path, "name"), candidate.name.casefold()


def _unique(keys: Iterable[tuple[str, Path, object]], already: str) -> Found:
    seen: dict[tuple[str, object], Path] = {}
    for within, path, value in keys:
        first = seen.setdefault((within, value), path)
        if first is not path:
            yield path, f"{value} {already} {dotted(first)}; expected another one"


def _organiser(file: ConferenceFile) -> Found:
    """Nothing can be published for longer than it is kept."""
    days, kept = file.organiser.challenge_days, file.organiser.retention_days
    if days is not None and days > kept:
        yield ("organiser", "challenge_days"), f"expected at most the {kept} days of retention_days"


def _orders(file: ConferenceFile) -> Found:
    for n, order in enumerate(file.standing_orders):
        if len(set(order.governs)) < len(order.governs):
            yield ("standing_orders", n, "governs"), "expected each rule once"


def _sessions(file: ConferenceFile) -> Found:
    before = 0
    for n, session in enumerate(file.sessions):
        if minute(session.starts) < before:
            yield (
                ("sessions", n, "starts"),
                f"expected {clock(before)} or later: sessions follow each other",
            )
        if minute(session.ends) <= minute(session.starts):
            yield ("sessions", n, "ends"), f"expected a time after {session.starts}"
        before = max(before, minute(session.ends))


def _item(path: Path, item: ItemRow) -> Found:
    if item.kind in _PAUSES and item.number is not None:
        yield (*path, "number"), "doors and breaks have no number; leave this key out"
    if item.kind not in _PAUSES and item.number is None:
        yield (*path, "number"), "this key is missing; every item but doors and breaks has a number"
    if item.kind in _PAUSES and item.guillotine:
        yield (*path, "guillotine"), "no debate ends in doors or a break; leave this key out"
    if item.kind in _PAUSES and item.slots:
        yield (*path, "slots"), "nobody speaks during doors and breaks; leave the slots out"
    if item.slack > item.minutes:
        yield (*path, "slack"), f"expected at most {item.minutes}, the minutes of the item"
    needed = sum(slot.minutes for slot in item.slots)
    if needed > item.minutes:
        yield (*path, "slots"), f"the slots need {needed} minutes and the item has {item.minutes}"


def _clocks(file: ConferenceFile, zone: ZoneInfo) -> Found:
    times = [(("items", n, "starts"), item.starts) for n, item in enumerate(file.items)]
    for n, session in enumerate(file.sessions):
        times.append((("sessions", n, "starts"), session.starts))
        times.append((("sessions", n, "ends"), session.ends))
    for n, election in enumerate(file.elections):
        times.append((("elections", n, "opens"), election.opens))
        times.append((("elections", n, "closes"), election.closes))
    for path, at in times:
        if not exists(file.day, at, zone):
            yield (
                path,
                f"the clocks in {file.zone} leave out {at} on {file.day}; expected another time",
            )


def _order(file: ConferenceFile, zone: ZoneInfo) -> Found:
    """Items follow each other, end on the day they began, and stand inside a session."""
    before = ""
    ready = 0
    for n, item in enumerate(file.items):
        path: Path = ("items", n)
        begins = moment(file.day, item.starts, zone)
        ends = minute(item.starts) + item.minutes
        if begins < ready:
            yield (*path, "starts"), f"expected a time at which “{before}” has ended"
        elif ends > _DAY:
            yield (*path, "minutes"), "the item would end after midnight"
        elif file.sessions and not any(
            minute(session.starts) <= minute(item.starts) and ends <= minute(session.ends)
            for session in file.sessions
        ):
            yield (
                (*path, "starts"),
                "expected a time at which the whole item stands inside one session",
            )
        before, ready = item.title, max(ready, begins + item.minutes * 60_000)


def _motion(path: Path, motion: MotionRow, file: ConferenceFile) -> Found:
    item = next((item for item in file.items if item.id == motion.item), None)
    if item is None:
        yield (*path, "item"), f"there is no item with the id {motion.item}"
    elif item.kind in _PAUSES:
        yield (*path, "item"), f"“{item.title}” is a break: no motion is taken in it"
    if motion.rule not in _BASES:
        yield (
            (*path, "rule"),
            'expected "simple", "two_thirds" or "absolute"; "uphold" is for rulings',
        )
    elif motion.base not in _BASES[motion.rule]:
        wanted = " or ".join(f'"{base.value}"' for base in _BASES[motion.rule])
        yield (*path, "base"), f'with the rule "{motion.rule.value}" expected {wanted}'
    if motion.kind is MotionKind.QUESTION:
        for key, value in (("mover", motion.mover), ("seconder", motion.seconder)):
            if value is not None:
                yield (*path, key), "the chair puts a question; leave this key out"
        if motion.amendments:
            yield (*path, "amendments"), "a question has no amendments; leave them out"


def _depends(file: ConferenceFile) -> Found:
    """What a motion requires, or falls with, must have been put before it."""
    places = {item.id: n for n, item in enumerate(file.items)}
    order = {m.id: (places.get(m.item, -1), n) for n, m in enumerate(file.motions)}
    for n, motion in enumerate(file.motions):
        path: Path = ("motions", n)
        named = [((*path, "falls_if", k), key) for k, key in enumerate(motion.falls_if)]
        if motion.requires is not None:
            named.append(((*path, "requires"), motion.requires))
        for where, key in named:
            if key not in order:
                yield where, f"there is no motion with the id {key}"
            elif order[key] >= order[motion.id]:
                yield where, f"motion {key} is not taken before this one"
        if motion.requires in motion.falls_if:
            yield (*path, "falls_if"), f"motion {motion.requires} is also what this one requires"
        elif len(set(motion.falls_if)) < len(motion.falls_if):
            yield (*path, "falls_if"), "expected each motion once"


def _election(path: Path, election: ElectionRow, file: ConferenceFile) -> Found:
    places = {item.id: n for n, item in enumerate(file.items)}
    before = places.get(election.item, -1)
    if election.item not in places:
        yield (*path, "item"), f"there is no item with the id {election.item}"
    elif file.items[before].kind is not ItemKind.ELECTION:
        yield (*path, "item"), 'expected an item of the kind "election"'
    later = (("closing_item", election.closing_item), ("result_item", election.result_item))
    for key, item in later:
        if item is None:
            continue
        if item not in places:
            yield (*path, key), f"there is no item with the id {item}"
        elif places[item] < before:
            yield (*path, key), "expected an item that does not come earlier"
        else:
            before = places[item]
    if minute(election.closes) <= minute(election.opens):
        yield (*path, "closes"), f"expected a time after {election.opens}"


def _people(file: ConferenceFile) -> Found:
    if sum(row.count for row in file.people) > MOST_PEOPLE:
        yield ("people",), f"expected at most {MOST_PEOPLE:,} people in all"
        return
    seen: dict[str, int] = {}
    for n, row in enumerate(file.people):
        if len(set(row.roles)) < len(row.roles):
            yield ("people", n, "roles"), "expected each role once"
        if pair := forbidden_pair(frozenset(row.roles)):
            yield ("people", n, "roles"), f"one person cannot be {pair[0]} and {pair[1]}"
        if problem := name_problem(row):
            yield ("people", n, "name"), problem
            continue
        for name in names(row):
            if seen.setdefault(name.casefold(), n) != n:
                yield (
                    ("people", n, "name"),
                    f"“{name}” is already listed by people[{seen[name.casefold()]}]",
                )
