"""The count sheet of an election whose ballot is held outside this system."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change
from conference.rules.kinds import ItemId, PersonId
from conference.rules.refused import Code, Refused
from conference.rules.state import Candidate, Election, Meeting


def candidates_of(meeting: Meeting, election: ItemId) -> list[Candidate]:
    """Return the candidates in the order of the ballot paper."""
    return sorted(
        (c for c in meeting.candidates.values() if c.election == election),
        key=lambda c: c.position,
    )


def _unconfirmed(meeting: Meeting, number: ItemId) -> Election | Refused:
    """Return the election when its count sheet may still be written."""
    if refusal := agenda.business(meeting):
        return refusal
    election = meeting.elections.get(number)
    if election is None:
        return Refused(Code.UNKNOWN)
    return election if election.confirmed_by is None else Refused(Code.COUNT_CONFIRMED)


def enter_count(meeting: Meeting, act: a.EnterCount, by: PersonId) -> Meeting | Refused:
    """Write down the count sheet; a second scrutineer must confirm it.

    Refuses figures that do not add up, strangers among the candidates, more elected than places,
    and a sheet that is confirmed already.
    """
    election = _unconfirmed(meeting, act.election)
    if isinstance(election, Refused):
        return election
    standing = {c.id: c for c in candidates_of(meeting, election.id)}
    firsts = dict(act.first_preferences)
    elected = set(act.elected)
    adds_up = (
        0 <= act.invalid <= act.received
        and len(firsts) == len(act.first_preferences)
        and firsts.keys() == standing.keys()
        and min(firsts.values(), default=0) >= 0
        and sum(firsts.values()) == act.received - act.invalid
        and elected <= standing.keys()
        and 0 < len(elected) <= election.places
    )
    if not adds_up:
        return Refused(Code.COUNT_DOES_NOT_ADD_UP)
    table = meeting.candidates
    for number, row in standing.items():
        entered = replace(row, first_preferences=firsts[number], elected=number in elected)
        table = table.put(number, entered)
    sheet = replace(election, received=act.received, invalid=act.invalid, entered_by=by)
    elections = meeting.elections.put(election.id, sheet)
    return replace(meeting, candidates=table, elections=elections)


def confirm_count(
    meeting: Meeting, act: a.ConfirmCount, by: PersonId, now: int
) -> Meeting | Refused:
    """Confirm the sheet as a second scrutineer: from here everybody sees it.

    Refuses the one who entered it, and figures that differ from what was entered.
    """
    election = _unconfirmed(meeting, act.election)
    if isinstance(election, Refused):
        return election
    if election.entered_by is None:
        return Refused(Code.COUNT_MISSING)
    if election.entered_by == by:
        return Refused(Code.SAME_SCRUTINEER)
    if (act.received, act.invalid) != (election.received, election.invalid):
        return Refused(Code.COUNT_DIFFERS)
    sheet = replace(election, confirmed_by=by)
    confirmed = replace(meeting, elections=meeting.elections.put(election.id, sheet))
    return change.note(confirmed, now, "count", election=election.id)
