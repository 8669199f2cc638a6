"""From a conference file to the rows of a fresh meeting, to its people and its public page."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from conference.programme.amendments import amendments
from conference.programme.names import names
from conference.programme.parse import Programme
from conference.programme.profiles import settings
from conference.programme.schema import ConferenceFile
from conference.programme.times import moment
from conference.rules.kinds import (
    AgendaSessionId,
    CandidateId,
    ItemId,
    Mode,
    MotionId,
    Role,
    SlotId,
)
from conference.rules.planned import AgendaSession, ItemPaper
from conference.rules.state import (
    Candidate,
    Conference,
    Election,
    Item,
    Meeting,
    Motion,
    Slot,
    StandingOrder,
)
from conference.rules.table import Table


@dataclass(frozen=True, slots=True)
class ProgrammePerson:
    """Somebody whom the file names: a role, or a speaker with their slots."""

    name: str
    roles: frozenset[Role]
    slots: tuple[SlotId, ...] = ()


def build(programme: Programme, *, mode: Mode) -> Meeting:
    """Return the meeting of a checked file: nobody in it, nothing called."""
    file = programme.file
    zone = ZoneInfo(file.zone)
    return Meeting(
        conference=Conference(1, file.name, file.day.isoformat(), file.zone, mode),
        settings=settings(file.settings),
        standing_orders=Table(
            (row.number, StandingOrder(row.number, row.title, row.text, frozenset(row.governs)))
            for row in file.standing_orders
        ),
        items=Table((item.id, item) for item in _items(file, zone)),
        slots=Table((slot.id, slot) for slot in _slots(file)),
        motions=Table((motion.id, motion) for motion in _motions(file)),
        amendments=Table((amendment.id, amendment) for amendment in amendments(file)),
        elections=Table((election.id, election) for election in _elections(file, zone)),
        candidates=Table((candidate.id, candidate) for candidate in _candidates(file)),
        sessions=Table((session.id, session) for session in _sessions(file, zone)),
    )


def people(programme: Programme) -> list[ProgrammePerson]:
    """Return everybody the file names: first its rows, then the speakers of the slots."""
    slots: dict[str, list[SlotId]] = {}
    for item in programme.file.items:
        for slot in item.slots:
            slots.setdefault(slot.speaker, []).append(SlotId(slot.id))
    found = []
    for row in programme.file.people:
        for name in names(row):
            own = tuple(slots.pop(name, ()))
            roles = frozenset(row.roles) | ({Role.SPEAKER} if own else frozenset())
            found.append(ProgrammePerson(name, roles, own))
    speaking = frozenset({Role.SPEAKER})
    return found + [ProgrammePerson(name, speaking, tuple(own)) for name, own in slots.items()]


def _items(file: ConferenceFile, zone: ZoneInfo) -> list[Item]:
    return [
        Item(
            id=ItemId(row.id),
            position=position,
            number=row.number,
            title=row.title,
            kind=row.kind,
            starts_at=moment(file.day, row.starts, zone),
            minutes=row.minutes,
            text=row.text or "",
            guillotine=row.guillotine,
            slack=row.slack,
            room=row.room or "",
            people=row.people,
            papers=tuple(ItemPaper(paper.title, paper.link) for paper in row.papers),
        )
        for position, row in enumerate(file.items, 1)
    ]


def _sessions(file: ConferenceFile, zone: ZoneInfo) -> list[AgendaSession]:
    return [
        AgendaSession(
            id=AgendaSessionId(number),
            title=row.title,
            starts_at=moment(file.day, row.starts, zone),
            ends_at=moment(file.day, row.ends, zone),
            text=row.text or "",
        )
        for number, row in enumerate(file.sessions, 1)
    ]


def _slots(file: ConferenceFile) -> list[Slot]:
    return [
        Slot(
            id=SlotId(row.id),
            item=ItemId(item.id),
            position=position,
            name=row.speaker,
            title=row.title,
            minutes=row.minutes,
        )
        for item in file.items
        for position, row in enumerate(item.slots, 1)
    ]


def _motions(file: ConferenceFile) -> list[Motion]:
    places: dict[int, int] = {}
    motions = []
    for row in file.motions:
        places[row.item] = places.get(row.item, 0) + 1
        motions.append(
            Motion(
                id=MotionId(row.id),
                item=ItemId(row.item),
                position=places[row.item],
                label=row.label,
                title=row.title,
                kind=row.kind,
                text=row.text,
                rule=row.rule,
                base=row.base,
                mover_name=row.mover or "",
                seconder_name=row.seconder or "",
                requires=None if row.requires is None else MotionId(row.requires),
                falls_if=tuple(MotionId(key) for key in row.falls_if),
                speech=row.speech,
            )
        )
    return motions


def _elections(file: ConferenceFile, zone: ZoneInfo) -> list[Election]:
    return [
        Election(
            id=ItemId(row.item),
            closing_item=None if row.closing_item is None else ItemId(row.closing_item),
            result_item=None if row.result_item is None else ItemId(row.result_item),
            post=row.post,
            places=row.places,
            method=row.method,
            link=row.link,
            opens_at=moment(file.day, row.opens, zone),
            closes_at=moment(file.day, row.closes, zone),
        )
        for row in file.elections
    ]


def _candidates(file: ConferenceFile) -> list[Candidate]:
    return [
        Candidate(
            id=CandidateId(row.id),
            election=ItemId(election.item),
            position=position,
            name=row.name,
            woman=row.woman,
        )
        for election in file.elections
        for position, row in enumerate(election.candidates, 1)
    ]
