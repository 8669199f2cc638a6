"""Who is in the chair, and what takes two officers (screens H1.23 and 24)."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, counting, people, speech
from conference.rules.kinds import (
    DoubleId,
    DoubleKind,
    DoubleState,
    PersonId,
    RequestState,
    Role,
    Standing,
    VoteState,
)
from conference.rules.refused import Code, Refused
from conference.rules.roles import OFFICERS, in_the_chair, is_party
from conference.rules.state import Correction, Double, Meeting, Person

# --- the chair ---------------------------------------------------------------------------------


def _officer(meeting: Meeting, person: PersonId) -> Person | None:
    row = meeting.people.get(person)
    ok = row is not None and row.standing is Standing.ACCEPTED and bool(row.roles & OFFICERS)
    return row if ok else None


def offer_chair(meeting: Meeting, act: a.OfferChair, by: PersonId) -> Meeting | Refused:
    """Offer the chair to another officer; it passes when they accept. In a break, too."""
    if refusal := agenda.is_open(meeting):
        return refusal
    if _officer(meeting, act.to) is None:
        return Refused(Code.UNKNOWN)
    if act.to == by:
        return Refused(Code.NOT_ALLOWED)
    if meeting.conference.challenge is not None:
        return Refused(Code.CHALLENGE_PENDING)
    return change.conference(meeting, chair_next=act.to, chair_next_at=None)


def accept_chair(meeting: Meeting, by: PersonId, now: int) -> Meeting | Refused:
    """Accept the chair that one was offered: from here one acts, and the other watches.

    Refuses while conference decides about the chair: nobody hands a case of their own on.
    """
    head = meeting.conference
    if head.chair_next != by or head.chair_next_at is not None:
        return Refused(Code.NOT_OFFERED)
    if head.challenge is not None:
        return Refused(Code.CHALLENGE_PENDING)
    return change.chair(meeting, by, now, "accepted")


def take_chair(meeting: Meeting, by: PersonId, now: int) -> Meeting | Refused:
    """Take the chair of somebody without a connection; it passes after a warning.

    Refuses while the chair is connected. A chair or vice-chair goes first: a secretary waits as long
    again, unless there is nobody else. Possible in a break and in a technical stop, which may be the
    chair's own. Where it is the presiding officer who is lost, another one presides instead.
    """
    if refusal := agenda.is_open(meeting):
        return refusal
    head = meeting.conference
    if head.challenge is not None and head.presiding is not None:
        return Refused(Code.CHALLENGE_PENDING)
    if head.chair_lost_at is None or by == head.chair:
        return Refused(Code.CHAIR_IS_HERE)
    if head.chair_next is not None and head.chair_next_at is not None:
        return Refused(Code.ALREADY_DONE)
    roles = meeting.people[by].roles
    waits = not roles & {Role.CHAIR, Role.VICE_CHAIR} and _others_first(meeting)
    if waits and now < head.chair_lost_at + meeting.settings.chair_lost * 1000:
        return Refused(Code.NOT_POSSIBLE_NOW)
    passes_at = now + meeting.settings.chair_warning * 1000
    return change.conference(meeting, chair_next=by, chair_next_at=passes_at)


def _others_first(meeting: Meeting) -> bool:
    first = {Role.CHAIR, Role.VICE_CHAIR}
    return any(
        p.roles & first and p.standing is Standing.ACCEPTED and p.id != meeting.conference.chair
        for p in meeting.people.values()
    )


def keep_chair(meeting: Meeting, by: PersonId, now: int) -> Meeting | Refused:
    """Say, as the chair, that one is here: an offer or a taking is over."""
    head = meeting.conference
    if head.chair != by:
        return Refused(Code.NOT_IN_THE_CHAIR)
    if head.chair_next is None and head.chair_lost_at is None:
        return Refused(Code.ALREADY_DONE)
    kept = change.conference(meeting, chair_next=None, chair_next_at=None, chair_lost_at=None)
    return change.note(kept, now, "chair_kept")


def pass_chair(meeting: Meeting, now: int) -> Meeting | Refused:
    """The warning is over: the chair passes to whoever takes it."""
    head = meeting.conference
    if head.chair_next is None or head.chair_next_at is None:
        return Refused(Code.NOT_OFFERED)
    return change.chair(meeting, head.chair_next, now, "taken")


def report_lost(meeting: Meeting, act: a.ReportChairLost, now: int) -> Meeting | Refused:
    """Record that the chair, or who presides, has no connection (any more), or has one again.

    Back in time, the chair keeps the chair: a taking that runs is over.
    """
    if refusal := agenda.is_open(meeting):
        return refusal
    head = meeting.conference
    if head.chair is None or (head.chair_lost_at is not None) == act.lost:
        return Refused(Code.ALREADY_DONE)
    if act.lost:
        lost = change.conference(meeting, chair_lost_at=now)
        return change.note(lost, now, "chair_lost")
    taking = head.chair_next_at is not None
    back = change.conference(
        meeting,
        chair_lost_at=None,
        chair_next=None if taking else head.chair_next,
        chair_next_at=None,
    )
    return change.note(back, now, "chair_back")


def preside(meeting: Meeting, by: PersonId, now: int) -> Meeting | Refused:
    """Preside over the question about the chair, who cannot (H4.12, standing order 13).

    Refuses whose own case it is: who made the ruling, who is in the chair, who challenges. Whoever
    presides and is lost can be relieved. The clock of a speech that was called before goes on.
    """
    head = meeting.conference
    if head.challenge is None:
        return Refused(Code.NOTHING_TO_PRESIDE)
    if by == head.chair or is_party(meeting, head.challenge, by):
        return Refused(Code.CHAIR_BARRED)
    relieved = head.presiding is not None and head.chair_lost_at is not None
    if in_the_chair(meeting) is not None and (by == head.presiding or not relieved):
        return Refused(Code.ALREADY_DONE)
    presiding = change.conference(speech.going_on(meeting, now), presiding=by, chair_lost_at=None)
    return change.note(presiding, now, "presiding")


# --- the lobby, and what takes two -------------------------------------------------------------


def send_to_lobby(
    meeting: Meeting, act: a.SendToLobby, by: PersonId, now: int
) -> Meeting | Refused:
    """Send a delegate out for a while: no speaking, no points, no procedure. The vote stays."""
    if refusal := agenda.business(meeting):
        return refusal
    person = meeting.people.get(act.person)
    if person is None:
        return Refused(Code.UNKNOWN)
    head = meeting.conference
    if person.id in {by, head.chair, head.presiding} or not change.counts_as_delegate(person):
        return Refused(Code.NOT_ALLOWED)
    if not act.remark:
        return Refused(Code.NEEDS_REASON)
    until = now + meeting.settings.lobby_time * 1000
    out = change.person(meeting, replace(person, lobby_until=until))
    return change.note(silenced(out, person.id, now), now, "lobby", remark=act.remark)


def silenced(meeting: Meeting, person: PersonId, now: int) -> Meeting:
    """Return the meeting in which this person neither speaks nor waits to."""
    for row in meeting.requests.values():
        if row.person == person and row.state is RequestState.WAITING:
            meeting = change.request(meeting, replace(row, state=RequestState.LAPSED))
    turn = meeting.conference.turn
    if turn is not None and meeting.turns[turn].person == person:
        meeting = speech.ended(meeting, meeting.turns[turn], now)
    return meeting


def propose_double(
    meeting: Meeting, act: a.ProposeDouble, by: PersonId, now: int
) -> Meeting | Refused:
    """Propose to void a counted vote or to remove somebody; another officer confirms it."""
    if not act.remark:
        return Refused(Code.NEEDS_REASON)
    if act.kind is DoubleKind.VOID_VOTE:
        refusal = _may_void(meeting, act)
    else:
        refusal = _may_remove(meeting, act)
    if refusal is not None:
        return refusal
    for row in meeting.doubles.values():
        same = (row.kind, row.vote, row.person) == (act.kind, act.vote, act.person)
        if same and row.state is DoubleState.PROPOSED:
            return Refused(Code.ALREADY_PROPOSED)
    number = DoubleId(len(meeting.doubles) + 1)
    double = Double(number, act.kind, by, now, act.remark, act.vote, act.person)
    return change.double(meeting, double)


def _may_void(meeting: Meeting, act: a.ProposeDouble) -> Refused | None:
    vote = meeting.votes.get(act.vote) if act.vote is not None else None
    if vote is None or act.person is not None:
        return Refused(Code.UNKNOWN)
    if vote.state not in {VoteState.COUNTED, VoteState.DECLARED}:
        return Refused(Code.NOT_COUNTED)
    return None if counting.can_be_void(meeting, vote) else Refused(Code.RESULT_STANDS)


def _may_remove(meeting: Meeting, act: a.ProposeDouble) -> Refused | None:
    person = meeting.people.get(act.person) if act.person is not None else None
    if person is None or act.vote is not None:
        return Refused(Code.UNKNOWN)
    return _in_office(meeting, person)


def _in_office(meeting: Meeting, person: Person) -> Refused | None:
    """Say why this person cannot be removed now: in the chair, presiding, or removed already."""
    head = meeting.conference
    if person.id in {head.chair, head.presiding}:
        return Refused(Code.NOT_ALLOWED)
    removed = person.standing is Standing.REMOVED
    return Refused(Code.ALREADY_DONE) if removed else None


def _proposed(meeting: Meeting, number: DoubleId) -> Double | Refused:
    double = meeting.doubles.get(number)
    if double is None:
        return Refused(Code.UNKNOWN)
    proposed = double.state is DoubleState.PROPOSED
    return double if proposed else Refused(Code.ALREADY_DONE)


def confirm_double(
    meeting: Meeting, act: a.ConfirmDouble, by: PersonId, now: int
) -> Meeting | Refused:
    """Confirm what another officer proposed; from here it is done."""
    double = _proposed(meeting, act.double)
    if isinstance(double, Refused):
        return double
    if by in {double.by, double.person}:
        return Refused(Code.SECOND_OFFICER)
    if double.vote is not None:
        done = counting.make_void(meeting, meeting.votes[double.vote], double.reason, now)
    else:
        done = _remove(meeting, double, now)
    if isinstance(done, Refused):
        return done
    confirmed = replace(double, state=DoubleState.CONFIRMED, second=by)
    done = change.double(done, confirmed)
    return change.note(done, now, "double_confirmed", double=double.id, kind=double.kind)


def _remove(meeting: Meeting, double: Double, now: int) -> Meeting | Refused:
    person = meeting.people.get(double.person) if double.person is not None else None
    if person is None:
        return Refused(Code.UNKNOWN)
    if refusal := _in_office(meeting, person):
        return refusal
    if people.may_be_voting(meeting, person.id):
        return Refused(Code.VOTE_RUNNING)
    if meeting.conference.chair_next == person.id:
        meeting = change.conference(meeting, chair_next=None, chair_next_at=None)
    gone = replace(person, standing=Standing.REMOVED, present=False)
    return change.person(silenced(meeting, person.id, now), gone)


def drop_double(meeting: Meeting, act: a.DropDouble, by: PersonId, now: int) -> Meeting | Refused:
    """Leave undone what was proposed; the minutes keep that it was."""
    double = _proposed(meeting, act.double)
    if isinstance(double, Refused):
        return double
    dropped = change.double(meeting, replace(double, state=DoubleState.DROPPED, second=by))
    return change.note(dropped, now, "double_dropped", double=double.id, kind=double.kind)


def correct_minute(
    meeting: Meeting, act: a.CorrectMinute, by: PersonId, now: int
) -> Meeting | Refused:
    """Correct an entry of the minutes; what was written first stays beside it (standing order 20)."""
    if act.entry not in meeting.minutes:
        return Refused(Code.UNKNOWN)
    if not act.remark:
        return Refused(Code.NEEDS_REASON)
    correction = Correction(act.entry, act.remark, by, now)
    return replace(meeting, corrections=meeting.corrections.put(act.entry, correction))
