"""`/live`: who may connect, what a seat is greeted with, how the wire's requests become acts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import lru_cache
from typing import assert_never

from msgspec import Struct
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from conference.live import messages as m
from conference.live.socket import Talk, feed, line_of
from conference.permission import DELEGATE
from conference.room import Seat
from conference.rules import acts as a
from conference.rules.kinds import MotionId, PersonId, Role, Side, SlotId, Standing, VoteId
from conference.rules.refused import Code, Refused
from conference.rules.state import Person
from conference.store.ballots import BallotPaper
from conference.web import regions, sessions
from conference.web.guard import Visit, origin_problem, tell_host, visit
from conference.web.press import Press
from conference.web.sentences import Wrong, say
from conference.web.site import Site, site_of
from conference.wire.frames import text_frame

SEATS_PER_SESSION = 8
SEATS_PER_PERSON = 24
"""On all their devices together, however often they have signed in."""
SCREENS = 50
"""Hall screens that nobody has signed in to: more than any hall has."""
SCREEN_COOKIE = "conference-screen"


@dataclass(frozen=True, slots=True)
class LiveDesk:
    """Answers the socket's requests for one site."""

    site: Site
    press: Press
    _answering: set[asyncio.Task[None]] = field(default_factory=set)

    def take(self, message: m.Message, seat: Seat) -> None:
        """Hand the message to the clerk when this person may send it; push the answer."""
        refused = _allowed(self.site, message, PersonId(seat.person) if seat.person else None)
        if refused is not None:
            self.tell(message, seat, refused)
            return
        if isinstance(message, m.Ballot):
            # Thousands come within a moment: no task and no future for each.
            paper = BallotPaper(
                VoteId(message.vote), PersonId(seat.person), message.id, message.paper
            )
            self.site.hall.put(paper, _Voter(self, message, seat))
            return
        task = asyncio.get_running_loop().create_task(self._ask(message, seat))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _ask(self, message: m.Ask | m.Withdraw | m.Seen, seat: Seat) -> None:
        self.tell(message, seat, await self.answer(message, PersonId(seat.person)))

    def tell(self, message: m.Message, seat: Seat, refused: Refused | None) -> None:
        """Say that what was asked is done, or why it is not."""
        if refused is None:
            seat.push(m.encode(m.Ack(message.n)))
        else:
            seat.push(m.encode(m.RefusedMessage(message.n, str(refused.code), say(refused))))

    async def answer(
        self, message: m.Ask | m.Withdraw | m.Seen, person: PersonId
    ) -> Refused | None:
        """Let the clerk do it."""
        hall = self.site.hall
        match message:
            case m.Ask(motion=motion, side=side):
                return await hall.act(a.AskToSpeak(MotionId(motion), Side(side)), person)
            case m.Withdraw(motion=motion):
                return await hall.act(a.WithdrawRequest(MotionId(motion)), person)
            case m.Seen(slot=slot):
                return await hall.act(a.ConfirmSeen(SlotId(slot)), person)
            case _:
                assert_never(message)

    def greet(self, seat: Seat, epoch: str, version: int) -> bytes:
        """Return hello and the regions this seat lacks: all, or only those that move unnumbered."""
        site = self.site
        head = site.meeting.conference
        current = (epoch, version) == (site.store.epoch, head.version)
        hello = m.encode(m.Hello(site.store.epoch, head.version, site.now()))
        frames = text_frame(hello) + self.press.greeting(seat, current=current)
        return frames + text_frame(m.encode(m.ClockMessage(site.now())))

    def bad_content(self) -> m.RefusedMessage:
        """Return the refusal for content that is not valid."""
        refused = Refused(Wrong.BAD_FIELD)
        return m.RefusedMessage(0, str(refused.code), say(refused))

    def bye(self, code: str, retry_ms: int) -> str:
        """Return the last frame for this reason."""
        wrong = Wrong(code)
        return m.encode(m.Bye(code, say(Refused(wrong)), retry_ms))

    def left(self, seat: Seat) -> None:
        """Let the seat leave the room, and tell the chair at a beat."""
        self.site.room.leave(seat)
        self.press.heads_changed()


class _Voter(Struct, frozen=True, gc=False):
    """Whoever waits for what becomes of their ballot: called once, with why it was refused or None.

    Thousands wait at once, and nothing refers to them but the inbox: the collector need not look.
    """

    desk: LiveDesk
    message: m.Ballot
    seat: Seat

    def __call__(self, refused: Refused | None) -> None:
        """Acknowledge the ballot, together with what the page then shows of it."""
        message, seat = self.message, self.seat
        if refused is not None:
            self.desk.tell(message, seat, refused)
            return
        seat.send(_ack(message.n, message.vote) + self.desk.press.recorded(seat))


@lru_cache(maxsize=256)
def _ack(n: int, vote: int) -> bytes:
    """The framed acknowledgement of a ballot: browsers begin to count anew, so thousands get the same."""
    return text_frame(m.encode(m.Ack(n, vote)))


class Live:
    """The ASGI application behind `/live`: whoever is signed in, or a hall screen, of the same origin.

    Everybody else is refused with 403. Nothing of Starlette's stands between the server and this one but
    for the address (`conference.web.straight`).
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one handshake; serve the seat where its line cannot be taken over."""
        websocket = WebSocket(scope, receive, send)
        site = site_of(websocket)
        if (problem := origin_problem(websocket)) is not None:
            tell_host(websocket, problem)
            await _deny(websocket, Refused(Wrong.BAD_ORIGIN))
            return
        who = visit(websocket)
        view = _view(site, websocket, who)
        if isinstance(view, Refused):
            await _deny(websocket, view)
            return
        # Whoever has given up meanwhile is heard now, and costs no greeting.
        await asyncio.sleep(0)
        await websocket.accept()
        await _seat(site, websocket, who, view)


async def _seat(site: Site, websocket: WebSocket, who: Visit, view: str) -> None:
    """Let somebody whose handshake was accepted take a seat, and greet them."""
    person = who.person.id if who.person else None
    desk: LiveDesk = websocket.state.desk
    line = line_of(websocket)
    seat = Seat(regions.audience_of(site, view, person), person or "", who.session, line)
    site.room.join(seat)
    talk = Talk(seat, desk)
    if person and _signed_out(site, who):
        # Signed out while the handshake was under way: too late for those who end the seats.
        seat.close(m.SESSION_ENDED, desk.bye("session_ended", 0))
    if _made_for_another(site, websocket, person):
        seat.close(m.SESSION_ENDED, desk.bye("reload", 0))
    desk.press.heads_changed()
    seat.send(desk.greet(seat, websocket.query_params.get("e", ""), _version(websocket)))
    if line is not None:
        line.take(talk)
    else:
        await feed(websocket, seat, talk)


def _signed_out(site: Site, who: Visit) -> bool:
    """Say whether this sign-in has ended since the handshake began."""
    row = site.store.signed_in.session(who.session, site.now())
    return row is None or sessions.has_ended(site, row)


def _made_for_another(site: Site, websocket: WebSocket, person: PersonId | None) -> bool:
    """Say whether the page was made for somebody else: a shared device has changed hands since."""
    mark = websocket.query_params.get("as", "")
    return bool(mark) and (person is None or mark != site.links.mark(person))


def _view(site: Site, websocket: WebSocket, who: Visit) -> str | Refused:
    """Return the view this connection gets, or why it gets none."""
    wanted = websocket.query_params.get("view", regions.FLOOR)
    if who.person is None and not (wanted == regions.SCREEN and _is_screen(site, websocket)):
        return Refused(Wrong.SIGNED_OUT)
    if who.locked and wanted in regions.OF_OFFICES:
        return Refused(Wrong.NEEDS_PROOF)
    person = who.person.id if who.person else None
    seats = site.room.of_person(person) if person else []
    of_session = sum(seat.session == who.session for seat in seats)
    if of_session >= SEATS_PER_SESSION or len(seats) >= SEATS_PER_PERSON:
        return Refused(Wrong.TOO_OFTEN)
    if person is None and len(site.room.of_person("")) >= SCREENS:
        return Refused(Wrong.TOO_OFTEN)
    return regions.view_of(site, wanted, person) or Refused(Code.NOT_ALLOWED)


def _is_screen(site: Site, websocket: WebSocket) -> bool:
    token = websocket.cookies.get(SCREEN_COOKIE, "")
    return site.links.is_screen(token, site.backstage.screen_link)


def _version(websocket: WebSocket) -> int:
    text = websocket.query_params.get("v", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1  # noqa: PLR2004


def _allowed(site: Site, message: m.Message, person: PersonId | None) -> Refused | None:
    """Say why this kind of message is not for this person: asked anew for each, roles change."""
    row = site.meeting.people.get(person) if person else None
    permission = m.PERMISSIONS.get(type(message))
    if permission is not None and permission.allows(row):
        return None
    return Refused(_reason(row) if permission is DELEGATE else Code.NOT_ALLOWED)


def _reason(person: Person | None) -> Code:
    if person is not None and person.standing is not Standing.ACCEPTED:
        return Code.WAITS_FOR_REGISTRAR
    if person is not None and Role.OBSERVER in person.roles:
        return Code.OBSERVER
    return Code.NOT_ALLOWED


async def _deny(websocket: WebSocket, refused: Refused) -> None:
    body = {"code": str(refused.code), "say": say(refused)}
    status = 429 if refused.code is Wrong.TOO_OFTEN else 403
    site_of(websocket).hall.meters.refused[str(refused.code)] += 1
    await websocket.send_denial_response(JSONResponse(body, status))
