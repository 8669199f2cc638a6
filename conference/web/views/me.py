"""What depends on one person: presence, place in the queue."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import debate, people, question, queue
from conference.rules.kinds import (
    MotionState,
    PersonId,
    Phase,
    RequestState,
    Role,
    Side,
    Standing,
)
from conference.rules.points import open_points
from conference.rules.question import Question
from conference.rules.state import Amendment, Motion, Person
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import ngettext
from conference.web.views import procedures
from conference.web.views.now import TurnView, current_turn
from conference.web.views.sound import sound_now


@dataclass(frozen=True, slots=True)
class MeView:
    """The region `me` of the floor."""

    name: str
    """Only while not counted as present: then the page says who is meant."""
    standing: str
    delegate: bool
    observer: bool
    present: bool
    closed: bool
    motion: int | None
    amendment: int | None
    procedural: int | None
    place: int
    """Place in the queue, from 1; 0 when not waiting."""
    side_for: bool
    said: str
    """Where they stand as a speaker on the question before conference, as a sentence; or empty."""
    turn: TurnView | None
    """The own speech while it runs."""
    seconder: bool
    replies: str
    """For whoever moved the motion: when the reply comes, as a sentence; empty for everybody else."""
    may_forgo: bool
    """Whether they can say now that they do not reply."""
    hush: str
    """Which of everybody's buttons are not for this person now: `ask`, `second`, `move`."""
    point: int
    """The own point that waits; 0 for none."""
    point_title: str
    lobby_until: int
    """Sent out by the chair until then; 0 when not."""
    zone: str
    now: int
    """Only while a clock of theirs runs: otherwise thousands see the very same."""
    room: bool
    """Whether there is a speaking room, and it is open to them: called, or the first who waits."""


def me_view(site: Site, person: PersonId) -> MeView:
    """Return what this person sees of themself."""
    meeting = site.meeting
    row = meeting.people[person]
    motion = debate.current_motion(meeting)
    place, side_for = 0, False
    asked = question.innermost(meeting)
    order = queue.queue(meeting, asked) if asked is not None else []
    for number, request in enumerate(order, 1):
        if request.person == person:
            place, side_for = number, request.side is Side.FOR
    accepted = row.standing is Standing.ACCEPTED
    named = asked or question.Question()
    point = next((p for p in open_points(meeting) if p.by == person), None)
    out, turn = people.in_lobby(row, site.now()), _own_turn(site, person)
    return MeView(
        name="" if row.present else site.name(person),
        standing=row.standing,
        delegate=accepted and Role.DELEGATE in row.roles,
        observer=accepted and Role.OBSERVER in row.roles,
        present=row.present,
        closed=meeting.conference.phase is Phase.CLOSED,
        motion=named.motion,
        amendment=named.amendment,
        procedural=named.procedural,
        place=place,
        side_for=side_for,
        said=_said(site, asked, person, place),
        turn=turn,
        seconder=motion is not None and motion.seconder == person,
        replies=_replies(site, motion, person),
        may_forgo=_may_forgo(site, asked, person),
        hush=_hush(site, asked, row, place),
        point=point.id if point is not None else 0,
        point_title=procedures.point_title(point) if point is not None else "",
        lobby_until=(row.lobby_until or 0) if out else 0,
        zone=meeting.conference.zone,
        now=site.now() if out or turn is not None else 0,
        room=bool(sound_now(site).speak) and (place == 1 or turn is not None),
    )


def _own_turn(site: Site, person: PersonId) -> TurnView | None:
    turn = site.meeting.conference.turn
    mine = turn is not None and site.meeting.turns[turn].person == person
    return current_turn(site) if mine else None


def _said(site: Site, asked: Question | None, person: PersonId, place: int) -> str:
    """Return what a floor speaker must know (screens H3): next, has spoken, will not be called."""
    meeting = site.meeting
    if asked is None or _own_turn(site, person) is not None:
        return ""
    if place == 1:
        return _("You are next: be ready to speak.")
    if place:
        n = place - 1
        before = ngettext("%(n)s speaker is before you.", "%(n)s speakers are before you.", n)
        return before % {"n": n}
    if queue.has_had_turns(meeting, asked, person, site.now()):
        return _("You have spoken on this question, so you are not called on it again.")
    mine = [r for r in meeting.requests.values() if r.person == person and question.of(r) == asked]
    over = getattr(question.row_of(meeting, asked), "state", None) is MotionState.CLOSING
    if over and mine and mine[-1].state is RequestState.LAPSED:
        return _("The debate was closed before your turn: you will not be called.")
    return ""


def _may_forgo(site: Site, asked: Question | None, person: PersonId) -> bool:
    """Say whether a reply of theirs is due on the question before conference."""
    row = question.row_of(site.meeting, asked) if asked is not None else None
    if not isinstance(row, Motion | Amendment) or asked is None or asked.motion is None:
        return False
    mine = site.meeting.motions[asked.motion].mover == person
    goes_on = row.state in {MotionState.DEBATE, MotionState.CLOSING}
    return mine and goes_on and debate.reply_due(site.meeting, row, site.now())


def _replies(site: Site, motion: Motion | None, person: PersonId) -> str:
    """Return when the mover's reply comes; empty for everybody else and when it is over."""
    meeting = site.meeting
    if motion is None or motion.mover != person or motion.state in question.SETTLED:
        return ""
    if not debate.may_reply(meeting, motion, site.now()) or motion.reply_waived:
        return ""
    if motion.state is MotionState.CLOSING:
        return _("Your reply is next, with nothing new in it.")
    n = len(queue.queue(meeting, Question(motion.id)))
    if n:
        after = ngettext(
            "You have moved the motion. Your reply comes last, after %(n)s more who asks to speak.",
            "You have moved the motion. Your reply comes last, after %(n)s more who ask to speak.",
            n,
        )
        return after % {"n": n}
    return _("You have moved the motion. Your reply comes last, with nothing new in it.")


def _hush(site: Site, asked: Question | None, row: Person, place: int) -> str:
    """Return which buttons would be refused to this person, and are said in another way here."""
    meeting = site.meeting
    if people.may_speak(meeting, row.id, site.now()) is not None:
        return (
            "ask second move"  # whatever is before conference: a new question is not told to them
        )
    if asked is None:
        return ""
    quiet = []
    if place or queue.has_had_turns(meeting, asked, row.id, site.now()):
        quiet.append("ask")
    before = question.row_of(meeting, asked)
    if row.id in {getattr(before, "mover", None), getattr(before, "seconder", None)}:
        quiet += ["second", "move"]
    return " ".join(quiet)
