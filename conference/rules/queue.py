"""Who asks for the floor, and in which order the machine suggests them (procedure B6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from conference.rules import acts as a
from conference.rules import agenda, change, people, procedures, question
from conference.rules.debate import OPEN
from conference.rules.kinds import (
    Governs,
    ItemState,
    MotionState,
    PersonId,
    ProceduralState,
    Profile,
    RequestId,
    RequestState,
    Role,
    Side,
    Standing,
)
from conference.rules.question import SPEAKING, Question
from conference.rules.refused import Code, Refused
from conference.rules.state import FloorRequest, Meeting, Procedural, Slot

OPPOSITE = {Side.FOR: Side.AGAINST, Side.AGAINST: Side.FOR}


def has_spoken_on(meeting: Meeting, asked: Question, by: PersonId) -> bool:
    """Say whether this person has spoken on exactly this question."""
    return any(t.person == by for t in question.turns_on(meeting, asked))


def ask(meeting: Meeting, act: a.AskToSpeak, by: PersonId, now: int) -> Meeting | Refused:
    """Join the queue for or against the question before conference.

    One waiting request, and one speech, per person and question (standing order 8). Refuses when
    the list is closed, in the lobby, and on a procedural motion that is put without debate.
    """
    if refusal := agenda.business(meeting):
        return refusal
    asked = Question(act.motion, act.amendment, act.procedural)
    if asked != question.innermost(meeting):
        return _not_before(meeting, asked)
    if act.side not in SPEAKING:
        return Refused(Code.NOT_ALLOWED)
    if refusal := people.may_speak(meeting, by, now) or _takes_requests(meeting, asked):
        return refusal
    if waiting_request(meeting, asked, by) is not None:
        return Refused(Code.ALREADY_ASKED)
    if has_had_turns(meeting, asked, by, now):
        return Refused(Code.ALREADY_SPOKEN, {"label": question.label(meeting, asked)})
    number = RequestId(len(meeting.requests) + 1)
    row = FloorRequest(
        number, act.motion, by, act.side, now, amendment=act.amendment, procedural=act.procedural
    )
    return replace(meeting, requests=meeting.requests.put(number, row))


TWICE = 2
"""Robert's Rules: twice on a day and question, and a conference is a day (procedure C)."""


def has_had_turns(meeting: Meeting, asked: Question, by: PersonId, now: int) -> bool:
    """Say whether this person may not be called on this question any more (standing order 8).

    One speech per person and question; under Robert's Rules two, where the settings do not say one.
    """
    if question.is_suspended(meeting, Governs.ONCE_PER_QUESTION, now):
        return False
    said = sum(t.person == by for t in question.turns_on(meeting, asked))
    if meeting.settings.speech_once:
        return said > 0
    return meeting.settings.profile is Profile.RONR and said >= TWICE


def _not_before(meeting: Meeting, asked: Question) -> Refused:
    try:
        label = question.label(meeting, asked)
    except KeyError:
        return Refused(Code.UNKNOWN)
    return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": label})


def _takes_requests(meeting: Meeting, asked: Question) -> Refused | None:
    row = question.row_of(meeting, asked)
    if isinstance(row, Procedural):
        debated = procedures.ROWS[row.kind].debate
        pending = row.state is ProceduralState.PENDING
        return None if debated and pending else Refused(Code.NOT_POSSIBLE_NOW)
    if row.state is MotionState.CLOSING:
        return Refused(Code.DEBATE_CLOSED, {"label": row.label})
    if row.state not in OPEN:
        return Refused(Code.WRONG_STATE, {"label": row.label, "state": row.state})
    return Refused(Code.LIST_CLOSED, {"label": row.label}) if row.list_closed else None


def withdraw(meeting: Meeting, act: a.WithdrawRequest, by: PersonId) -> Meeting | Refused:
    """Take one's waiting request to this question back."""
    row = waiting_request(meeting, Question(act.motion, act.amendment, act.procedural), by)
    if row is None:
        return Refused(Code.NOT_ASKED)
    return change.request(meeting, replace(row, state=RequestState.WITHDRAWN))


def enter(meeting: Meeting, act: a.EnterRequest, now: int) -> Meeting | Refused:
    """Put a delegate on the list who asked by hand, on paper or by telephone: as if they had asked.

    Refuses whatever would refuse them, and whoever is no delegate; what is a matter of the person
    is told in one sentence, for it is not they who read it.
    """
    person = meeting.people.get(act.person)
    if person is None:
        return Refused(Code.UNKNOWN)
    accepted = person.standing is Standing.ACCEPTED and Role.DELEGATE in person.roles
    if not accepted or people.may_speak(meeting, act.person, now) is not None:
        return Refused(Code.CANNOT_BE_ENTERED)
    request = a.AskToSpeak(act.motion, act.side, act.amendment, act.procedural)
    answer = ask(meeting, request, act.person, now)
    if isinstance(answer, Refused) and answer.code is Code.ALREADY_ASKED:
        return Refused(Code.CANNOT_BE_ENTERED)
    return answer


def strike(meeting: Meeting, act: a.StrikeRequest) -> Meeting | Refused:
    """Take a waiting request off the list. Refuses one that does not wait (any more)."""
    row = meeting.requests.get(act.request)
    if row is None or row.state is not RequestState.WAITING:
        return Refused(Code.NOT_ASKED)
    return change.request(meeting, replace(row, state=RequestState.WITHDRAWN))


def waiting_request(meeting: Meeting, asked: Question, by: PersonId) -> FloorRequest | None:
    """Return the request with which this person waits to speak to this question, or None."""
    mine = (r for r in meeting.requests.values() if r.person == by and question.of(r) == asked)
    return next((r for r in mine if r.state is RequestState.WAITING), None)


class Why(StrEnum):
    """Why the machine suggests a speaker; the chair decides."""

    HEARD = "heard"
    """Conference decided that this delegate be heard."""
    FIRST_TIME = "first_time"
    """Has not spoken today, and others who wait have."""
    OTHER_SIDE = "other_side"
    """The other side spoke last."""
    ASKED_FIRST = "asked_first"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who waits, and what put them at this place of the queue."""

    request: FloorRequest
    why: Why
    first_time: bool


def suggested(meeting: Meeting, asked: Question) -> list[Suggestion]:
    """Return who waits to speak to this question, in the order in which the machine suggests them.

    Whoever has not spoken today first; then against and for in turn, beginning with *against* and
    with the side that did not speak last; then whoever asked first (issue 3, procedure B3.5, B6).
    Whoever lost the connection and was put off comes after all of them.
    """
    waiting = [
        r
        for r in meeting.requests.values()
        if r.state is RequestState.WAITING and question.of(r) == asked
    ]
    spoke = {t.person for t in meeting.turns.values() if t.person and not t.undone}
    said = [t.side for t in question.turns_on(meeting, asked) if t.side in SPEAKING]
    turn_of = OPPOSITE[said[-1]] if said else Side.AGAINST
    put_off = {t.request for t in meeting.turns.values() if t.seconds_left is not None}

    def late(r: FloorRequest) -> tuple[bool, bool]:
        return not r.heard, r.id in put_off

    ordered: list[Suggestion] = []
    while waiting:
        best = min(
            waiting,
            key=lambda r: (late(r), r.person in spoke, r.side is not turn_of, r.asked_at, r.id),
        )
        ordered.append(Suggestion(best, _why(best, waiting, spoke), best.person not in spoke))
        waiting.remove(best)
        turn_of = OPPOSITE[best.side]
    return ordered


def _why(best: FloorRequest, waiting: list[FloorRequest], spoke: set[PersonId]) -> Why:
    if best.heard:
        return Why.HEARD
    fresh = best.person not in spoke
    if fresh and any(r.person in spoke for r in waiting):
        return Why.FIRST_TIME
    peers = [r for r in waiting if (r.person not in spoke) is fresh]
    return Why.OTHER_SIDE if any(r.side is not best.side for r in peers) else Why.ASKED_FIRST


def queue(meeting: Meeting, asked: Question) -> list[FloorRequest]:
    """Return who waits to speak to this question, in the suggested order."""
    return [one.request for one in suggested(meeting, asked)]


# --- slots -------------------------------------------------------------------------------------


def slots_of(meeting: Meeting, item: int) -> list[Slot]:
    """Return an item's speakers in their printed order."""
    return sorted((s for s in meeting.slots.values() if s.item == item), key=lambda s: s.position)


def has_spoken(meeting: Meeting, slot: Slot) -> bool:
    """Say whether this speaker has been called."""
    return any(t.slot == slot.id and not t.undone for t in meeting.turns.values())


def next_slot(meeting: Meeting) -> Slot | None:
    """Return the next speaker of the item before conference who has not been called, or None.

    Whoever lost the connection and was put off comes after the others.
    """
    item = meeting.conference.item
    if item is None or meeting.items[item].state is not ItemState.CALLED:
        return None
    waiting = [s for s in slots_of(meeting, item) if not has_spoken(meeting, s)]
    put_off = {t.slot for t in meeting.turns.values() if t.seconds_left is not None}
    return min(waiting, key=lambda s: (s.id in put_off, s.position), default=None)
