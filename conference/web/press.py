"""Tells the room what a commit changed: each region rendered once per audience, then sent.

Only what differs from what the audience last got is sent. Crowd noise (turnout) goes out at a
beat, latest wins; it is never queued.
"""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import structlog

from conference.hall import News
from conference.live.messages import SESSION_ENDED, Bye, ClockMessage, Turnout, encode
from conference.room import AT_ONCE, CALM, VOTING, Pace, Seat
from conference.rules.acts import RenewLink
from conference.rules.kinds import PersonId, Phase
from conference.rules.refused import Refused
from conference.web import drift, regions, touched
from conference.web.own_regions import OwnRegions, region_frame
from conference.web.regions import VIEWS, Audience
from conference.web.sentences import Wrong, say
from conference.web.site import Site
from conference.web.views import lost
from conference.wire.frames import text_frame

log = structlog.get_logger()

BEAT = 0.25
"""Seconds between two tellings of the turnout, at least."""
PUT_OFF = 4
"""Beats that the turnout is put off at most while many hand their ballots in: those go first."""
SHARE = 8
"""A beat comes back after so many times its own length: telling the turnout is the dearest of all."""
STALE = 1.0
"""Seconds for which a greeting is good, while nothing happens: times in it move."""
CLOCK = 5.0
"""Seconds between two tellings of the time: a page that misses three knows that its line is dead."""


MANY = 50
"""So many requests that wait for the clerk say that many hand their ballots in."""
ANSWERED = 200
"""So many ballots while a hall is told say that it has begun to answer: the rest is told at once."""
ALIKE = 32
"""Own frames that are remembered while a hall is told: where there are more, all differ anyway."""

Seated = Mapping[tuple[Audience, Audience], Sequence[Seat]]
"""Seats by the audience in which they were and the one in which they are."""


@dataclass(slots=True)
class Press:
    """Renders and sends; called by the clerk after each commit."""

    site: Site
    _last: dict[Audience, dict[str, str]] = field(default_factory=dict)
    _greetings: dict[tuple[Audience, bool], tuple[float, bytes]] = field(default_factory=dict)
    _own: OwnRegions = field(init=False)
    _answered: set[Seat] = field(default_factory=set)
    """Seats that were shown *Recorded* together with the answer to their ballot."""
    _times_told: int = 0
    """When what drifts was told last."""
    _beat: asyncio.TimerHandle | None = None
    _beating: bool = False
    _turnout_due: bool = False
    _put_off: int = 0
    """How often the turnout has been put off in a row."""
    _heads: asyncio.TimerHandle | None = None
    _drift: asyncio.TimerHandle | None = None
    _clock: asyncio.TimerHandle | None = None

    def __post_init__(self) -> None:
        """Begin with nothing told."""
        self._own = OwnRegions(self.site)

    def tell(self, news: News) -> None:
        """Send what changed to whoever sees it. Never waits for anybody."""
        if touched.has_closed(news):
            self.site.backstage.end_of_day()
        if news.taken or news.loaded:
            self._send_away(news)
            self._end_seats(news)
            lost.follow(self.site, news.after)
            moved = touched.vote_key(news, after=False) != touched.vote_key(news, after=True)
            seats = self._reseat() if moved else self._seated()
            self._tell_all(seats, self._personal(news, ballots=moved))
            if news.before.turns is not news.after.turns:
                self._sooner()
        if news.ballots:
            self._tell_voters(news)
            self._turnout_due = True
            if self._beat is None and not self._beating:
                # Not at once: with the first ballot come others, and to tell all costs as much as to
                # store them.
                self._beat = asyncio.get_running_loop().call_later(BEAT, self._tell_turnout)
        self._answered.clear()

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
        self._tell_all(self._seated(), {})

    def _seated(self) -> Seated:
        """Return the seats as they stand: nobody has moved."""
        room = self.site.room
        return {(cast("Audience", key),) * 2: room.seats_in(key) for key in room.audiences()}

    def _tell_all(self, seated: Seated, own: Mapping[Seat, bytes]) -> None:
        """Send each seat, in one piece, what it lacks: of its audience, and its `own` frames.

        Where it was until now says what it has: what that audience got last.
        """
        self._greetings.clear()
        before = self._last
        now = {cast("Audience", key) for key in self.site.room.audiences()}
        self._last = {a: regions.render_shared(self.site, a) for a in now}
        pieces: list[tuple[Seat, bytes]] = []
        for (was, audience), seats in seated.items():
            pieces += _pieces(seats, self._lacking(audience, before.get(was, {})), own)
        self.site.room.hand_out(pieces, self._pace())

    def _many_wait(self) -> bool:
        """Say whether many have handed something in while a hall is being told."""
        return self.site.hall.waiting > MANY

    def _pace(self) -> Callable[[], Pace]:
        """Return what says, before each turn of one telling, how the hall is told on."""
        hall = self.site.hall
        before = hall.meters.ballots

        def pace() -> Pace:
            if hall.meters.ballots - before + hall.waiting > ANSWERED:
                return AT_ONCE
            return VOTING if touched.open_vote(self.site.meeting) is not None else CALM

        return pace

    def _lacking(self, audience: Audience, shown: Mapping[str, str]) -> bytes:
        """Return the frames of the audience's regions that look different from those `shown`."""
        fresh = self._last[audience].items()
        return b"".join(
            region_frame(self.site, name, html)
            for name, html in fresh
            if touched.looks_different(shown.get(name, ""), html)
        )

    def _tell_some(self, audience: Audience, names: frozenset[str]) -> None:
        """Render these regions of an audience, and send those that changed."""
        shown = self._last.get(audience, {})
        self._last[audience] = shown | regions.render_shared(self.site, audience, names)
        self._greetings.clear()
        if frames := self._lacking(audience, shown):
            self.site.room.send(audience, frames, self._pace())

    def _seed(self, audience: Audience) -> None:
        """Remember what whoever comes first to an audience has: only what differs is told then.

        A page that is current has been rendered some time ago: what drifts it may have otherwise.
        """
        if audience not in self._last:
            still = frozenset(VIEWS[audience.view].shared) - regions.DRIFTING
            self._last[audience] = regions.render_shared(self.site, audience, still)

    def greeting(self, seat: Seat, *, current: bool) -> bytes:
        """Return the regions that a seat begins with: if it is `current`, those it may still lack.

        Those of its audience are rendered once for all who come until something happens.
        """
        audience = cast("Audience", seat.audience)
        self._seed(audience)
        now = asyncio.get_running_loop().time()
        made, frames = self._greetings.get((audience, current), (-math.inf, b""))
        if now - made > STALE:
            names = VIEWS[audience.view].crowd if current else None
            html = regions.render_shared(self.site, audience, names)
            frames = b"".join(region_frame(self.site, name, text) for name, text in html.items())
            self._greetings[audience, current] = now, frames
            # Whoever comes now is shown what the others have not been told. Should all be as it was a moment
            # later (some lines ended, and are back), nobody else lacks anything, but this one does.
            told = self._last.get(audience, {})
            for name, text in html.items():
                if touched.looks_different(told.get(name, ""), text):
                    told.pop(name, None)
        if seat.person:
            frames += self._own.frames(audience.view, PersonId(seat.person))
        if (turnout := self.turnout()) is not None:
            frames += text_frame(turnout)  # the page may have been rendered before the last ballots
        return frames

    def _reseat(self) -> Seated:
        """Put every seat into its audience anew: a roll was frozen, or the vote is over."""
        seated: defaultdict[tuple[Audience, Audience], list[Seat]] = defaultdict(list)
        room = self.site.room
        for key in room.audiences():
            was = cast("Audience", key)
            where = regions.audiences_of(self.site, was.view)
            here: dict[int, tuple[Audience, list[Seat]]] = {}  # by identity: thousands share few
            for seat in room.seats_in(was):
                audience = where(PersonId(seat.person) if seat.person else None)
                here.setdefault(id(audience), (audience, []))[1].append(seat)
            for audience, seats in here.values():
                seated[was, audience] += seats
        for (was, audience), seats in seated.items():
            if was != audience:
                room.move(seats, was, audience)
        return seated

    def _send_away(self, news: News) -> None:
        """Let a page load anew whose person now gets another: the floor instead of the gallery."""
        changed, _gone = news.before.people.changes(news.after.people)
        goodbye = encode(Bye(Wrong.RELOAD, say(Refused(Wrong.RELOAD)), 0))
        for person in changed:
            for seat in self.site.room.of_person(person):
                view = cast("Audience", seat.audience).view
                if regions.view_of(self.site, view, person) != view:
                    seat.close(SESSION_ENDED, goodbye)

    def _personal(self, news: News, *, ballots: bool) -> dict[Seat, bytes]:
        """Return the frames of their own regions for whom they may look different now."""
        own: dict[Seat, bytes] = {}
        if ballots:
            for key in self.site.room.audiences():
                ballot = self._own.ballots(cast("Audience", key).view)
                for seat in self.site.room.seats_in(key):
                    if seat.person:
                        own[seat] = ballot(PersonId(seat.person))
        for person in touched.people(news):
            for seat in self.site.room.of_person(person):
                own[seat] = self._own.frames(cast("Audience", seat.audience).view, person)
        return own | self._of_speakers()

    def _seats_of_view(self, view: str) -> Iterator[Seat]:
        for key in self.site.room.audiences():
            if cast("Audience", key).view == view:
                yield from self.site.room.seats_in(key)

    def _of_speakers(self) -> dict[Seat, bytes]:
        """Return when each speaker is on, for the pages that say so: whoever else speaks moves it."""
        seats = set(self._seats_of_view(regions.SPEAKER))
        for person in touched.speakers(self.site.meeting):
            found = self.site.room.of_person(person)
            seats |= {s for s in found if cast("Audience", s.audience).view == regions.AGENDA}
        return {
            seat: self._own.frames(cast("Audience", seat.audience).view, PersonId(seat.person))
            for seat in seats
        }

    def tell_person(self, person: PersonId) -> None:
        """Send a person's own regions to all of their seats."""
        for seat in self.site.room.of_person(person):
            seat.send(self._own.frames(cast("Audience", seat.audience).view, person))

    def recorded(self, seat: Seat) -> bytes:
        """Return what the page from which a ballot came shows of it, once: to go with the answer."""
        self._answered.add(seat)
        return self._own.ballot(cast("Audience", seat.audience).view, PersonId(seat.person))

    def _tell_voters(self, news: News) -> None:
        """Tell every other device of those whose ballots have been stored, whatever page it shows."""
        for paper in news.ballots:
            for seat in self.site.room.of_person(paper.person):
                if seat not in self._answered:
                    self._answered.add(seat)
                    seat.send(self._own.ballot(cast("Audience", seat.audience).view, paper.person))

    def _tell_turnout(self) -> None:
        """Tell the turnout and come back when it is due again; in between, others have the time."""
        self._beat = None
        if not self._turnout_due:
            return
        if self._many_wait() and self._put_off < PUT_OFF:
            self._put_off += 1
            self._beat = asyncio.get_running_loop().call_later(BEAT, self._tell_turnout)
            return
        self._turnout_due, self._put_off = False, 0
        if (text := self.turnout()) is not None:
            self._beating = True
            self.site.room.spread("turnout", text, self._next_beat)

    def _next_beat(self, seconds: float) -> None:
        self._beating = False
        self.site.hall.meters.beat.see(seconds)
        wait = max(BEAT, SHARE * seconds)
        self._beat = asyncio.get_running_loop().call_later(wait, self._tell_turnout)

    def turnout(self) -> str | None:
        """Return the wire message with the open vote's turnout; None when no vote is open."""
        number = touched.open_vote(self.site.meeting)
        if number is None:
            return None
        cast_, roll = self.site.hall.turnout()
        return encode(Turnout(number, cast_, roll))

    def heads_changed(self) -> None:
        """Somebody came or went: tell chair and stage at a beat how many are connected."""
        if self._heads is None:
            self._heads = asyncio.get_running_loop().call_later(1.0, self._tell_heads)

    def _tell_heads(self) -> None:
        self._heads = None
        for view in (regions.CHAIR, regions.STAGE, regions.TELLER, regions.REHEARSAL):
            self.tell_view(view)

    def tell_view(self, view: str) -> None:
        """Send what changed to whoever has this kind of page open."""
        for key in self.site.room.audiences():
            audience = cast("Audience", key)
            if audience.view == view:
                self._tell_some(audience, frozenset(VIEWS[view].shared))

    def start(self) -> None:
        """Tell the time and what drifts with it from now on, by itself."""
        self._watch_drift()
        self._tell_clock()

    def _tell_clock(self) -> None:
        self.site.room.spread("clock", encode(ClockMessage(self.site.now())))
        self._clock = asyncio.get_running_loop().call_later(CLOCK, self._tell_clock)

    def _watch_drift(self) -> None:
        self._drift = asyncio.get_running_loop().call_later(drift.seconds(self.site), self._drifted)

    def _sooner(self) -> None:
        """Tell the times earlier where what was just begun ends before they would be told."""
        due = asyncio.get_running_loop().time() + drift.seconds(self.site)
        if self._drift is not None and due < self._drift.when():
            self._drift.cancel()
            self._watch_drift()

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
            self._tell_some(cast("Audience", key), regions.DRIFTING)
        for seat, frames in self._of_speakers().items():
            seat.send(frames)
        since, self._times_told = self._times_told, self.site.now()
        for person, until in drift.sent_out(self.site.meeting).items():
            if since < until <= self._times_told:
                self.tell_person(person)  # who may speak again has the buttons for it

    def stop(self) -> None:
        """Send nothing more by itself."""
        for timer in (self._beat, self._heads, self._drift, self._clock):
            if timer is not None:
                timer.cancel()


def _pieces(
    seats: Iterable[Seat], shared: bytes, own: Mapping[Seat, bytes]
) -> Iterator[tuple[Seat, bytes]]:
    """Yield what each seat is sent, in one piece: what is for all of them, and its own."""
    if not own:
        yield from ((seat, shared) for seat in seats if shared)
        return
    joined: dict[bytes, bytes] = {}
    for seat in seats:
        mine = own.get(seat, b"")
        frames = joined.get(mine)
        if frames is None:
            frames = shared + mine
            if len(joined) < ALIKE:
                joined[mine] = frames
        if frames:
            yield seat, frames
