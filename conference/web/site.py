"""What every handler works with: composed once in `app.py`, handed over through the lifespan."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import HTTPConnection

from conference.clock import Clock, wall_against_running
from conference.crowd import Crowd
from conference.hall import Hall
from conference.papers.shelf import Shelf
from conference.programme import Public
from conference.rehearsed import Figures, Told
from conference.room import Room
from conference.rules.kinds import ItemId, PersonId, TurnId, VoteId
from conference.rules.state import Meeting
from conference.scrutiny import Scrutiny
from conference.settings import Settings
from conference.store import Store
from conference.store.notes import Note
from conference.store.people import Account
from conference.store.registrations import Decision, Door, Particulars
from conference.web.backstage import Backstage
from conference.web.challenges import Challenges
from conference.web.tables import Tables
from conference.web.templates import Templates
from conference.web.text import gettext as _


def hash_token(token: str) -> str:
    """Return what the database keeps of a token of at least 128 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Return 256 random bits, safe in an address and a cookie."""
    return secrets.token_urlsafe(32)


def new_person() -> PersonId:
    """Return a new pseudonym: random, so that it says nothing about the person."""
    return PersonId(f"p{secrets.token_hex(8)}")


class Links:
    """Addresses that sign in, and what is signed or hashed with this installation's secret."""

    def __init__(self, secret: str, address: str) -> None:
        """Sign with the secret of this installation, for its public address."""
        self._screens = URLSafeTimedSerializer(secret, salt="hall screen")
        self._secret = secret
        self._address = address

    def address(self, person: PersonId, generation: int) -> str:
        """Return the address of this person's sign-in page: their personal link."""
        return f"{self._address}/l/{self._token(person, generation)}"

    def link_hash(self, person: PersonId, generation: int) -> str:
        """Return what the database keeps of this person's personal link."""
        return hash_token(self._token(person, generation))

    def _token(self, person: PersonId, generation: int) -> str:
        # Made anew from the secret whenever it is to be printed, so that it need not be stored.
        text = f"personal link\0{person}\0{generation}".encode()
        digest = hmac.new(self._secret.encode(), text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:24]).decode()

    def mark(self, person: PersonId) -> str:
        """Return a name for this person that a page can carry: no pseudonym, and none elsewhere."""
        return self.keyed_hash("mark", person)[:16]

    def sign(self, purpose: str, *facts: str | int) -> str:
        """Return these facts as a token that only this installation can make."""
        return str(URLSafeSerializer(self._secret, salt=purpose).dumps(list(facts)))

    def signed(self, purpose: str, token: str) -> list[str | int] | None:
        """Return the facts of such a token, or None when it is not ours or of another purpose."""
        try:
            facts: list[str | int] = URLSafeSerializer(self._secret, salt=purpose).loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        return facts

    def keyed_hash(self, *facts: str) -> str:
        """Return a hash that nobody can guess short facts from without this installation's secret."""
        text = "\0".join(facts).encode()
        return hmac.new(self._secret.encode(), text, hashlib.sha256).hexdigest()

    def screen_pass(self, link: int) -> str:
        """Return what a hall screen shows at the socket instead of a sign-in: for this link's time."""
        return str(self._screens.dumps(link))

    def is_screen(self, token: str, link: int) -> bool:
        """Say whether this is a pass of the last two days, made while the screen's link was this one."""
        try:
            made: object = self._screens.loads(token, max_age=2 * 24 * 3600)
        except BadSignature:
            return False
        return made == link


JUMP = 1.0
"""Seconds by which the wall clock moves at least when somebody has set it."""


class Limits:
    """How often somebody may do what. Keys are sessions and addresses, never a whole hall's IP."""

    def __init__(self) -> None:
        """Begin with nobody having done anything."""
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._rules: dict[str, RateLimitItem] = {}
        self._clocks = wall_against_running()

    def allow(self, rule: str, *key: str) -> bool:
        """Count one hit on `rule` (such as "20/second") for this key; say whether it is allowed.

        The windows are kept in wall time. When that jumps they begin anew: put back by a day, one
        second's window would last a day.
        """
        if abs(wall_against_running() - self._clocks) > JUMP:
            self._storage.reset()
            self._clocks = wall_against_running()
        item = self._rules.get(rule) or self._rules.setdefault(rule, parse(rule))
        return self._limiter.hit(item, *key)


@dataclass(frozen=True, slots=True)
class Joined:
    """What the registrar is shown of somebody: never a delegate, and never the chair."""

    belongs: str
    at: int
    email: str = ""
    note: str = ""
    voucher: str = ""
    wish: str = ""
    """A new display name that waits for the registrar."""


def joined_of(account: Account, told: Particulars) -> Joined:
    """Return what the registrar is shown of this account."""
    return Joined(
        belongs=account.belongs,
        at=account.created_at,
        email=account.email or "",
        note=told.note,
        voucher=told.voucher,
        wish=told.wish_name,
    )


@dataclass(slots=True)
class Openings:
    """Who of the roll was connected when the latest vote opened, and how many were lost at its close."""

    vote: VoteId | None = None
    people: frozenset[PersonId] = frozenset()
    final: int | None = None


class Rehearsing(Protocol):
    """A rehearsal beside this server."""

    told: Told | None
    figures: Figures | None
    ended: str
    runs: bool

    async def stop(self) -> None:
        """End it, and wait until its copy is wiped. Stopping twice is harmless."""


@dataclass(slots=True)
class Site:
    """Everything a handler may need. `names` are display names, for showing only."""

    settings: Settings
    store: Store
    hall: Hall
    room: Room
    links: Links
    templates: Templates
    now: Clock
    public: Public
    names: dict[PersonId, str]
    named: set[PersonId]
    """Who consented to be named in the minutes."""
    origins: frozenset[str]
    scrutiny: Scrutiny
    remarks: dict[str, str] = field(default_factory=dict)
    """What people wrote, by the id that acts and rows carry."""
    notes: list[Note] = field(default_factory=list)
    """What officers passed each other; nobody else sees it."""
    own_notes: dict[ItemId, str] = field(default_factory=dict)
    """The chair's own notes by item."""
    backstage: Backstage = field(default_factory=Backstage)
    """Speakers' details, addresses of sound and picture, the help list."""
    joined: dict[PersonId, Joined] = field(default_factory=dict)
    door: Door = field(default_factory=Door)
    """How registration stands."""
    pending: dict[PersonId, Decision] = field(default_factory=dict)
    """Decisions of the registrar that can still be taken back."""
    tables: Tables = field(default_factory=Tables)
    """Registers that were sent as tables and wait for a press."""
    mailed: set[str] = field(default_factory=set)
    """Mailings that have been sent, by the number of their form: a second press sends nothing."""
    limits: Limits = field(default_factory=Limits)
    asked: dict[PersonId, int] = field(default_factory=dict)
    """When a person last asked for a page: for *connected*, in memory only."""
    challenges: Challenges = field(default_factory=Challenges)
    """What browsers were asked about their passkeys a moment ago."""
    shelf: Shelf = field(default_factory=Shelf)
    """The papers that people download, in their latest copies."""
    boxes: dict[VoteId, tuple[str, list[str]]] = field(default_factory=dict)
    """Of each vote that somebody looked at, the root of its box and the hashes of its envelopes."""
    bundles: dict[VoteId, bytes] = field(default_factory=dict)
    """The bundles that were asked for last."""
    ready: bool = False
    mail_wake: Callable[[], None] = lambda: None
    crowd: Crowd | None = None
    """A demonstration's pretend delegates, while the hall is filled with them."""
    rehearsal: Figures | None = None
    """On the copy of a rehearsal: what its pretend delegates have come to."""
    openings: Openings = field(default_factory=Openings)
    """For *lost the connection*: in memory only."""
    heard: TurnId | None = None
    """The speech during which its speaker has had a live page: in memory only."""
    rehearsing: Rehearsing | None = None
    """The rehearsal that was started from here, the one that runs or the last."""

    @property
    def meeting(self) -> Meeting:
        """The picture as it was last committed."""
        return self.hall.meeting

    def name(self, person: PersonId | None) -> str:
        """Return a person's display name, or an empty text."""
        if person is None:
            return ""
        if person in self.meeting.hidden_names:
            return _("(name hidden)")
        name = self.names.get(person, "")
        pretend = self.crowd is not None and person in self.crowd.people
        return _("%(name)s (pretend)") % {"name": name} if pretend else name

    def forget_evidence(self, person: PersonId, *, belongs: bool) -> None:
        """Show nothing any more of what this person wrote to the registrar."""
        self.pending.pop(person, None)
        known = self.joined.get(person)
        if known is not None:
            kept = replace(known, note="", voucher="")
            self.joined[person] = replace(kept, belongs="") if belongs else kept

    def remark(self, number: str) -> str:
        """Return what somebody wrote; words that say so when it has been erased."""
        return self.remarks.get(number, _("(text erased)")) if number else ""


def site_of(connection: HTTPConnection) -> Site:
    """Return the site this request came to."""
    site: Site = connection.scope["state"]["site"]
    return site
