"""Tells the room what a commit changed: each region rendered once per audience, then sent.

Only what differs from what the audience last got is sent. Crowd noise (turnout) goes out at a
beat, latest wins; it is never queued.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import cast

import structlog

from conference.hall import News
from conference.live.messages import SESSION_ENDED, Bye, ClockMessage, Region, Turnout, encode
from conference.room import Seat
from conference.rules.acts import RenewLink
from conference.rules.kinds import PersonId, Phase, RequestState, VoteState
from conference.rules.refused import Refused
from conference.rules.roles import OFFICERS, in_the_chair
from conference.rules.state import Meeting
from conference.web import regions
from conference.web.regions import VIEWS, Audience
from conference.web.sentences import Wrong, say
from conference.web.site import Site
from conference.web.views import panel, votes

log = structlog.get_logger()

BEAT = 0.25
"""Seconds between two tellings of the turnout, at least."""
DRIFT = 30.0
"""Seconds between two tellings of expected times, which move while nothing happens."""


CLOCK = 5.0
"""Seconds between two tellings of the time: a page that misses three knows that its line is dead."""


@dataclass(slots=True)
class Press:
    """Renders and sends; called by the clerk after each commit."""

    site: Site
    _last: dict[Audience, dict[str, str]] = field(default_factory=dict)
    _beat: asyncio.TimerHandle | None = None
    _turnout_due: bool = False
    _heads_due: bool = False
    _heads: asyncio.TimerHandle | None = None
    _drift: asyncio.TimerHandle | None = None
    _clock: asyncio.TimerHandle | None = None

    def tell(self, news: News) -> None:
        """Send what changed to whoever sees it. Never waits for anybody."""
        if _has_closed(news):
            self.site.backstage.end_of_day()
        if news.taken or news.loaded:
            if _vote_key(news, after=False) != _vote_key(news, after=True):
                self._reseat()
            self.tell_all()
            self._tell_people(news)
            self._end_seats(news)
        if news.ballots:
            self._tell_voters(news)
            self._turnout_due = True
            if self._beat is None:
                self._tell_turnout()

    def _end_seats(self, news: News) -> None:
        """Close the seats of whoever got a new link: with the old one their sign-ins ended."""
        goodbye = encode(Bye(Wrong.SESSION_ENDED, say(Refused(Wrong.SESSION_ENDED)), 0))
        for taken in news.taken:
            if isinstance(taken.act, RenewLink):
                for seat in self.site.room.of_person(taken.act.person):
                    seat.close(SESSION_ENDED, goodbye)

    def end_screens(self) -> None:
        """Close the hall screens: their link has been made anew."""
        goodbye = encode(Bye(Wrong.SESSION_ENDED, say(Refused(Wrong.SCREEN_LINK)), 0))
        for seat in self.site.room.of_person(""):
            seat.close(SESSION_ENDED, goodbye)

    def tell_all(self) -> None:
        """Render every audience that has seats, and send the regions that changed."""
        for key in self.site.room.audiences():
            self._tell_audience(cast("Audience", key))
        seated = set(self.site.room.audiences())
        self._last = {a: shown for a, shown in self._last.items() if a in seated}

    def _tell_audience(self, audience: Audience, names: frozenset[str] | None = None) -> None:
        fresh = regions.render_shared(self.site, audience, names)
        shown = self._last.get(audience, {})
        self._last[audience] = shown | fresh
        for name, html in fresh.items():
            if shown.get(name) != html:
                self.site.room.send(audience, self.frame(name, html))

    def frame(self, name: str, html: str) -> str:
        """Return the wire message for a region."""
        return encode(Region(name, self.site.meeting.conference.version, html))

    def _reseat(self) -> None:
        """Put every seat into its audience anew: a roll was frozen, or the vote is over."""
        frames: dict[
            tuple[str, votes.BallotView], str
        ] = {}  # a handful of variants for a whole hall
        for seat in self.site.room.seats():
            view = cast("Audience", seat.audience).view
            person = PersonId(seat.person) if seat.person else None
            audience = regions.audience_of(self.site, view, person)
            if audience != seat.audience:
                self.site.room.move(seat, audience)
                # An audience that has got nothing yet is sent all of it in a moment.
                known = audience in self._last
                shared = regions.render_shared(self.site, audience) if known else {}
                for name, html in shared.items():
                    seat.push(self.frame(name, html))
            if person is not None and (name := _ballot_region(seat)):
                own = (name, votes.ballot_view(self.site, person))
                if own not in frames:
                    frames[own] = self.frame(name, regions.render(self.site, *own))
                seat.push(frames[own])

    def _send_away(self, news: News) -> None:
        """Let a page load anew whose person now gets another: the floor instead of the gallery."""
        changed, _gone = news.before.people.changes(news.after.people)
        goodbye = encode(Bye(Wrong.RELOAD, say(Refused(Wrong.RELOAD)), 0))
        for person in changed:
            for seat in self.site.room.of_person(person):
                view = cast("Audience", seat.audience).view
                if regions.view_of(self.site, view, person) != view:
                    seat.close(SESSION_ENDED, goodbye)

    def _tell_people(self, news: News) -> None:
        self._send_away(news)
        for person in _touched(news):
            self.tell_person(person)
        self._tell_speakers()

    def _tell_speakers(self) -> None:
        """Send every speaker's slots: whoever else speaks moves them."""
        seats = self.site.room.seats()
        views = {(s.person, cast("Audience", s.audience).view) for s in seats}
        for person, view in views:
            if view == regions.SPEAKER and person:
                self._send_personal(PersonId(person), view)

    def tell_person(self, person: PersonId) -> None:
        """Send a person's own regions to all of their seats."""
        for view in {cast("Audience", s.audience).view for s in self.site.room.of_person(person)}:
            self._send_personal(person, view)

    def _send_personal(self, person: PersonId, view: str) -> None:
        if person not in self.site.meeting.people:
            return
        for name, html in regions.render_personal(self.site, view, person).items():
            frame = self.frame(name, html)
            for seat in self.site.room.of_person(person):
                if cast("Audience", seat.audience).view == view and name in VIEWS[view].personal:
                    seat.push(frame)

    def _tell_voters(self, news: News) -> None:
        """Tell every device of those whose ballots have just been stored, whatever page it shows."""
        for person in {paper.person for paper in news.ballots}:
            seats = self.site.room.of_person(person)
            if not seats:
                continue
            own = votes.ballot_view(self.site, person)
            for name in ("ballot", "cast"):
                told = [seat for seat in seats if _ballot_region(seat) == name]
                if not told:
                    continue
                frame = self.frame(name, regions.render(self.site, name, own))
                for seat in told:
                    seat.push(frame)

    def _tell_turnout(self) -> None:
        self._beat = None
        if not self._turnout_due:
            return
        self._turnout_due = False
        if (frame := self.turnout()) is not None:
            for audience in self.site.room.audiences():
                self.site.room.send(audience, frame)
        self._beat = asyncio.get_running_loop().call_later(BEAT, self._tell_turnout)

    def turnout(self) -> str | None:
        """Return the wire message with the open vote's turnout; None when no vote is open."""
        meeting = self.site.meeting
        number = meeting.conference.vote
        if number is None or meeting.votes[number].state is not VoteState.OPEN:
            return None
        cast_, roll = self.site.hall.turnout()
        return encode(Turnout(number, cast_, roll))

    def heads_changed(self) -> None:
        """Somebody came or went: tell chair and stage at a beat how many are connected."""
        if self._heads is None:
            self._heads = asyncio.get_running_loop().call_later(1.0, self._tell_heads)

    def _tell_heads(self) -> None:
        self._heads = None
        for audience in self.site.room.audiences():
            if cast("Audience", audience).view in {regions.CHAIR, regions.STAGE}:
                self._tell_audience(cast("Audience", audience))

    def start(self) -> None:
        """Tell the time and what drifts with it from now on, by itself."""
        self._watch_drift()
        self._tell_clock()

    def _tell_clock(self) -> None:
        text = encode(ClockMessage(self.site.now()))
        for audience in self.site.room.audiences():
            self.site.room.send(audience, text)
        self._clock = asyncio.get_running_loop().call_later(CLOCK, self._tell_clock)

    def _watch_drift(self) -> None:
        self._drift = asyncio.get_running_loop().call_later(self._drift_seconds(), self._drifted)

    def _drift_seconds(self) -> float:
        """Return how long the times may stand: a speech or a break that ends is told when it does."""
        head, now = self.site.meeting.conference, self.site.now()
        ends = [head.resumes_at or 0, panel.break_until(self.site)]
        if head.turn is not None:
            row = self.site.meeting.turns[head.turn]
            ends.append(row.started_at + row.seconds * 1000)
        return min([DRIFT, *((at - now) / 1000 + 0.1 for at in ends if at > now)])

    def _drifted(self) -> None:
        try:
            self.tell_times()
        except Exception as error:
            # The next telling comes by itself; a page that shows an old time is no emergency.
            log.exception("telling the times failed", error=type(error).__name__)
        self._watch_drift()

    def tell_times(self) -> None:
        """Send what has drifted since the last act, while the conference is open."""
        if self.site.meeting.conference.phase is not Phase.OPEN:
            return
        for key in self.site.room.audiences():
            self._tell_audience(cast("Audience", key), regions.DRIFTING)
        self._tell_speakers()

    def stop(self) -> None:
        """Send nothing more by itself."""
        for timer in (self._beat, self._heads, self._drift, self._clock):
            if timer is not None:
                timer.cancel()


def _ballot_region(seat: Seat) -> str:
    """Return the region in which this seat's page tells of a ballot of theirs; empty for none."""
    own = VIEWS[cast("Audience", seat.audience).view].personal
    return next((name for name in ("ballot", "cast") if name in own), "")


def _has_closed(news: News) -> bool:
    """Say whether the conference has just been closed."""
    before, after = news.before.conference.phase, news.after.conference.phase
    return after is Phase.CLOSED and before is not Phase.CLOSED


def _vote_key(news: News, *, after: bool) -> tuple[int | None, str, PersonId | None, bool]:
    """Return what decides who sits in which audience: the vote's roll, and who acts as chair."""
    meeting = news.after if after else news.before
    head = meeting.conference
    state = meeting.votes[head.vote].state if head.vote is not None else ""
    return head.vote, state, in_the_chair(meeting), head.chair is None


def _touched(news: News) -> set[PersonId]:
    """Return whose own regions may look different now."""
    people, _gone = news.before.people.changes(news.after.people)
    touched = set(people)
    requests, _none = news.before.requests.changes(news.after.requests)
    if requests or _stack(news.before) != _stack(news.after):
        waiting = (*news.before.requests.values(), *news.after.requests.values())
        touched |= {r.person for r in waiting if r.state is RequestState.WAITING}
        touched |= {r.person for r in requests.values()}
        # Who has spoken is told so; on the next question that is over.
        turns = news.after.turns.values()
        touched |= {t.person for t in turns if t.person is not None}
        touched |= {m.mover for m in news.after.motions.values() if m.mover is not None}
    # Whose own clock has been stopped, or given more time.
    speeches, _undone = news.before.turns.changes(news.after.turns)
    touched |= {t.person for t in speeches.values() if t.person is not None}
    motions, _fallen = news.before.motions.changes(news.after.motions)
    touched |= {who for m in motions.values() for who in (m.mover, m.seconder) if who is not None}
    if _chairing(news.before) != _chairing(news.after):
        touched |= {p.id for p in news.after.people.values() if p.roles & OFFICERS}
    points, _dropped = news.before.points.changes(news.after.points)
    return touched | {point.by for point in points.values()}


def _chairing(meeting: Meeting) -> tuple[object, ...]:
    """Return what decides who can take, keep or accept the chair."""
    head = meeting.conference
    asked = (head.chair_next, head.chair_next_at, head.chair_lost_at, head.challenge)
    # While there is a button, it carries the step.
    step = head.step if any(asked) else None
    return head.phase, head.chair, head.presiding, asked, step


def _stack(meeting: Meeting) -> tuple[object, ...]:
    """Return what decides whose place in the queue and whose speech is told."""
    head = meeting.conference
    return head.motion, head.amendment, head.procedural, head.challenge, head.turn
