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
    return MeViews(site).of(person)


class MeViews:
    """What each person sees of themself in the meeting as it is now.

    A hall that comes back is greeted one by one within seconds, and few of it have done anything: what is
    the same for all is looked up once, and those who have no part in what is before conference share a view.
    """

    __slots__ = (
        "_alike", "_asked", "_last", "_left", "_meeting", "_motion", "_named", "_places", "_points", "_row",
        "_site", "_spoken", "_with_a_part",
    )  # fmt: skip

    def __init__(self, site: Site) -> None:
        """Look up what is the same for all."""
        meeting = site.meeting
        asked = question.innermost(meeting)
        self._site, self._meeting, self._asked = site, meeting, asked
        self._named = asked or Question()
        self._motion = debate.current_motion(meeting)
        self._row = question.row_of(meeting, asked) if asked is not None else None
        order = queue.queue(meeting, asked) if asked is not None else []
        self._places = {r.person: (n, r.side is Side.FOR) for n, r in enumerate(order, 1)}
        spoke = question.turns_on(meeting, asked) if asked is not None else []
        self._spoken = frozenset(turn.person for turn in spoke)
        put_off = (t for t in meeting.turns.values() if t.seconds_left is not None)
        self._left = {t.person: t.seconds_left for t in put_off if question.of(t) == asked}
        requests = meeting.requests.values() if asked is not None else ()
        self._last = {r.person: r for r in requests if question.of(r) == asked}
        self._points = {point.by: point for point in reversed(open_points(meeting))}
        self._with_a_part = self._whoever_has_a_part()
        self._alike: dict[tuple[Standing, frozenset[Role]], MeView] = {}

    def of(self, person: PersonId) -> MeView:
        """Return what this person sees of themself."""
        row = self._meeting.people[person]
        if person in self._with_a_part or not row.present or row.lobby_until is not None:
            return self._made(row)
        traits = (row.standing, row.roles)
        found = self._alike.get(traits)
        if found is None:
            found = self._alike[traits] = self._made(row)
        return found

    def _whoever_has_a_part(self) -> frozenset[PersonId | None]:
        """Return everybody whom `_made` finds anywhere but in their own row."""
        meeting, motion = self._meeting, self._named.motion
        turn = meeting.conference.turn
        found = {*self._places, *self._spoken, *self._last, *self._points}
        for row in (self._motion, self._row, meeting.motions[motion] if motion else None):
            found |= _people_of(row)
        if turn is not None:
            found.add(meeting.turns[turn].person)
        return frozenset(found)

    def _made(self, row: Person) -> MeView:
        site, meeting, named, motion = self._site, self._meeting, self._named, self._motion
        person, now = row.id, site.now()
        place, side_for = self._places.get(person, (0, False))
        accepted = row.standing is Standing.ACCEPTED
        point = self._points.get(person)
        out, turn = people.in_lobby(row, now), _own_turn(site, person)
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
            said=self._said(person, place, turn),
            turn=turn,
            seconder=motion is not None and motion.seconder == person,
            replies=_replies(site, motion, person),
            may_forgo=self._may_forgo(person),
            hush=self._hush(row, place),
            point=point.id if point is not None else 0,
            point_title=procedures.point_title(point) if point is not None else "",
            lobby_until=(row.lobby_until or 0) if out else 0,
            zone=meeting.conference.zone,
            now=now if out or turn is not None else 0,
            room=(place == 1 or turn is not None) and bool(sound_now(site).speak),
        )

    def _has_had_turns(self, person: PersonId) -> bool:
        if self._asked is None or person not in self._spoken:
            return False
        return queue.has_had_turns(self._meeting, self._asked, person, self._site.now())

    def _said(self, person: PersonId, place: int, turn: TurnView | None) -> str:
        """Return what a floor speaker must know (screens H3): next, has spoken, will not be called."""
        if self._asked is None or turn is not None:
            return ""
        if place and (left := self._left.get(person)):
            if place == 1:
                said = _("You are next: be ready to speak. You have %(n)s seconds left.")
            else:
                said = _(
                    "Your speech was put off: you have %(n)s seconds when you are called again."
                )
            return said % {"n": left}
        if place == 1:
            return _("You are next: be ready to speak.")
        if place:
            n = place - 1
            before = ngettext("%(n)s speaker is before you.", "%(n)s speakers are before you.", n)
            return before % {"n": n}
        if self._has_had_turns(person):
            return _("You have spoken on this question, so you are not called on it again.")
        over = getattr(self._row, "state", None) is MotionState.CLOSING
        mine = self._last.get(person)
        if over and mine is not None and mine.state is RequestState.LAPSED:
            return _("The debate was closed before your turn: you will not be called.")
        return ""

    def _may_forgo(self, person: PersonId) -> bool:
        """Say whether a reply of theirs is due on the question before conference."""
        row, motion = self._row, self._named.motion
        if not isinstance(row, Motion | Amendment) or motion is None:
            return False
        mine = self._meeting.motions[motion].mover == person
        goes_on = row.state in {MotionState.DEBATE, MotionState.CLOSING}
        return mine and goes_on and debate.reply_due(self._meeting, row, self._site.now())

    def _hush(self, row: Person, place: int) -> str:
        """Return which buttons would be refused to this person, and are said in another way here."""
        if people.may_speak(self._meeting, row.id, self._site.now()) is not None:
            return "ask second move"  # whatever is before conference: a new question is not told to them
        if self._asked is None:
            return ""
        quiet = []
        if place or self._has_had_turns(row.id):
            quiet.append("ask")
        if row.id in _people_of(self._row):
            quiet += ["second", "move"]
        return " ".join(quiet)


def _people_of(row: object) -> set[PersonId]:
    """Return who has moved this question and who has seconded it."""
    found = {getattr(row, "mover", None), getattr(row, "seconder", None)}
    return {person for person in found if person is not None}


def _own_turn(site: Site, person: PersonId) -> TurnView | None:
    turn = site.meeting.conference.turn
    mine = turn is not None and site.meeting.turns[turn].person == person
    return current_turn(site) if mine else None


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
