"""Regions and audiences: the same template renders the first page and every push.

An audience is (view, on the roll of the open vote or not); everybody in it gets the same bytes.
What depends on one person is a personal region, sent to that person's seats only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conference import permission
from conference.permission import CHAIR as CHAIRS
from conference.permission import EDITOR, SECOND
from conference.rules.kinds import PersonId, Role, VoteState
from conference.rules.roles import OPENERS, in_the_chair
from conference.web.site import Site
from conference.web.views import (
    agenda,
    agenda_edit,
    ballots,
    beside,
    chairing,
    helps,
    inbox,
    keeper,
    me,
    mine,
    minutes,
    notes,
    now,
    office,
    panel,
    queue,
    rehearsal,
    reorder,
    screen,
    slots,
    sound,
    stage,
    standing,
    teller,
    votes,
)
from conference.web.views.votes import latest

FLOOR = "floor"
GALLERY = "gallery"
CHAIR = "chair"
SCREEN = "screen"
SPEAKER = "speaker"
STAGE = "stage"
REGISTRAR = "registrar"
OFFICE = "office"
"""The registrar's page for an organiser, who sees the register and decides nothing."""
OFFICERS = "officers"
ME = "my"
OF_OFFICES = frozenset({CHAIR, REGISTRAR, OFFICE, OFFICERS, "rehearsal"})
"""What only people in an office see; in a real conference after they have proved who they are."""
AGENDA = "agenda"
EDIT = "edit"
REORDER = "reorder"
MINUTES = "minutes"
TELLER = "teller"
KEEPER = "keeper"
REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets the same bytes."""

    view: str
    on_roll: bool = False
    acting: bool = False
    """On the panel: whether this officer is the one in the chair."""


Shared = Callable[[Site, Audience], object]
Personal = Callable[[Site, PersonId], object]


@dataclass(frozen=True, slots=True)
class View:
    """What a page of this kind shows: regions for the audience, and regions for one person."""

    shared: Mapping[str, Shared]
    personal: Mapping[str, Personal]
    crowd: frozenset[str] = frozenset()
    """Regions that change without a new `version`: a returning seat always gets them."""


def _now(site: Site, _audience: Audience) -> object:
    return now.now_view(site)


def _vote(site: Site, audience: Audience) -> object:
    watches = audience.view != FLOOR
    return votes.vote_view(site, may_vote=audience.on_roll, watches=watches)


def _result(site: Site, _audience: Audience) -> object:
    return votes.last_result(site)


def _queue(site: Site, audience: Audience) -> object:
    return queue.queue_view(site, buttons=audience.view == FLOOR)


def _waiting(site: Site, audience: Audience) -> object:
    return office.waiting_view(site, decides=audience.view == REGISTRAR)


def _register(site: Site, _audience: Audience) -> object:
    return office.register_view(site)


CAST: Mapping[str, Personal] = {"cast": ballots.ballot_view}
"""Says that a vote was cast in one's name: on every page but the floor, which has the ballot itself."""

REGISTER = View(
    {"waiting": _waiting, "register": _register}, CAST, frozenset({"waiting", "register"})
)


def _banner(site: Site, _audience: Audience) -> object:
    return queue.banner_view(site)


def _sound(site: Site, _audience: Audience) -> object:
    return sound.sound_view(site)


COMMON: Mapping[str, Shared] = {
    "banner": _banner, "now": _now, "vote": _vote, "result": _result,
}  # fmt: skip

VIEWS: dict[str, View] = {
    FLOOR: View(
        {**COMMON, "queue": _queue, "sound": _sound},
        {"me": me.me_view, "ballot": ballots.ballot_view},
        frozenset({"queue", "sound"}),
    ),
    GALLERY: View(
        {**COMMON, "queue": _queue, "sound": _sound},
        {**CAST, "me": me.me_view},
        frozenset({"queue", "sound"}),
    ),
    CHAIR: View(
        {
            **COMMON,
            "panel": lambda site, audience: panel.panel_view(site, acting=audience.acting),
            "inbox": lambda site, audience: inbox.inbox_view(site, acting=audience.acting),
            "notes": lambda site, audience: notes.notes_view(site, chairs=audience.acting),
            "officers": lambda site, audience: inbox.officers_view(site, acting=audience.acting),
            "hall": lambda site, _a: beside.crowd_view(site),
            "speakers": lambda site, audience: beside.chair_queue_view(
                site, acting=audience.acting
            ),
            "order": lambda site, audience: beside.order_view(site, acting=audience.acting),
        },
        {**CAST, "chairing": chairing.chairing_view},
        frozenset({"panel", "hall", "speakers", "inbox", "officers", "notes"}),
    ),
    OFFICERS: View(
        {
            "banner": _banner,
            "now": _now,
            "inbox": lambda site, _a: inbox.inbox_view(site, acting=False),
            "notes": lambda site, _a: notes.notes_view(site, chairs=False),
        },
        CAST,
        frozenset({"inbox", "notes"}),
    ),
    TELLER: View(
        {"banner": _banner, "teller": lambda site, _a: teller.teller_view(site)},
        CAST,
        frozenset({"teller"}),
    ),
    KEEPER: View(
        {"banner": _banner, "keeper": lambda site, _a: keeper.keeper_view(site)},
        CAST,
        frozenset({"keeper"}),
    ),
    SCREEN: View({"banner": _banner, "screen": lambda site, _a: screen.screen_view(site)}, {}),
    AGENDA: View(
        {
            "nownext": lambda site, _a: agenda.nownext_view(site),
            "agenda": lambda site, _a: agenda.agenda_view(site),
        },
        {**CAST, "mine": mine.mine_view},
        frozenset({"nownext", "agenda"}),
    ),
    EDIT: View({"edit": lambda site, _a: agenda_edit.edit_view(site)}, CAST, frozenset({"edit"})),
    REORDER: View(
        {
            "banner": _banner,
            "reorder": lambda site, audience: reorder.reorder_view(site, acting=audience.acting),
        },
        CAST,
        frozenset({"reorder"}),
    ),
    MINUTES: View({"minutes": lambda site, _a: minutes.minutes_view(site)}, CAST),
    SPEAKER: View({"banner": _banner, "now": _now}, {**CAST, "slots": slots.slots_view}),
    STAGE: View(
        {
            "banner": _banner,
            "stage": lambda site, _a: stage.stage_view(site),
            "helps": lambda site, _a: helps.helps_view(site),
            "stream": lambda site, _a: stage.stream_view(site),
        },
        CAST,
        frozenset({"stage", "helps", "stream"}),
    ),
    REGISTRAR: REGISTER,
    OFFICE: REGISTER,
    REHEARSAL: View(
        {"rehearsal": lambda site, _a: rehearsal.rehearsal_view(site)},
        CAST,
        frozenset({"rehearsal"}),
    ),
    ME: View({}, {**CAST, "standing": standing.standing_view}),
}


DRIFTING = frozenset({"now", "screen", "agenda", "nownext", "panel", "banner", "reorder", "stage"})
"""Shared regions with times that move while nothing happens: they are told anew now and then."""


def view_of(site: Site, wanted: str, person: PersonId | None) -> str | None:
    """Return the view this person gets for the page they ask for, None when they may not have it."""
    if wanted == SCREEN:
        return SCREEN
    row = site.meeting.people.get(person) if person is not None else None
    if row is None:
        return None
    if wanted in {AGENDA, MINUTES, ME}:
        return wanted
    if wanted in {FLOOR, GALLERY}:
        return FLOOR if Role.DELEGATE in row.roles else GALLERY
    if wanted in {REGISTRAR, OFFICE} and Role.ORGANISER in row.roles:
        return REGISTRAR if Role.REGISTRAR in row.roles else OFFICE
    needed = {
        CHAIR: CHAIRS.roles,
        REORDER: CHAIRS.roles,
        EDIT: EDITOR.roles,
        OFFICERS: SECOND.roles,
        SPEAKER: {Role.SPEAKER},
        STAGE: permission.STAGE.roles,
        REGISTRAR: {Role.REGISTRAR},
        TELLER: {Role.TELLER},
        KEEPER: {Role.QUEUE_KEEPER},
        REHEARSAL: {Role.ORGANISER},
    }
    roles = needed.get(wanted)
    return wanted if roles is not None and row.roles & roles else None


def audience_of(site: Site, view: str, person: PersonId | None) -> Audience:
    """Return the audience in which this person sits now."""
    return audiences_of(site, view)(person)


def audiences_of(site: Site, view: str) -> Callable[[PersonId | None], Audience]:
    """Return what tells the audience of each person on pages of this view, as things stand."""
    if view in {CHAIR, REORDER}:
        return lambda person: Audience(view, acting=acts_as_chair(site, person))
    everybody, vote = Audience(view), latest(site)
    if view != FLOOR or vote is None or vote.state is VoteState.ANNOUNCED:
        return lambda _person: everybody
    voters, roll = Audience(view, on_roll=True), site.meeting.rolls.get(vote.id)
    people = roll.people if roll is not None else frozenset()
    return lambda person: voters if person in people else everybody


def acts_as_chair(site: Site, person: PersonId | None) -> bool:
    """Say whether this officer has the panel's buttons now: exactly one has, once it is open."""
    row = site.meeting.people.get(person) if person is not None else None
    if row is None:
        return False
    if site.meeting.conference.chair is None:
        return bool(row.roles & OPENERS)
    return in_the_chair(site.meeting) == row.id


def render_shared(site: Site, audience: Audience, names: Any = None) -> dict[str, str]:
    """Return the audience's regions as HTML, all of them or those named."""
    builders = VIEWS[audience.view].shared
    return {
        name: render(site, name, build(site, audience))
        for name, build in builders.items()
        if names is None or name in names
    }


def render_personal(site: Site, view: str, person: PersonId) -> dict[str, str]:
    """Return this person's own regions as HTML."""
    return {
        name: render(site, name, build(site, person))
        for name, build in VIEWS[view].personal.items()
    }


def render(site: Site, name: str, context: object) -> str:
    """Return one region, with the element that holds it."""
    inner = site.templates.render(f"regions/{name}.html", context)
    return f'<section id="region-{name}" data-region="{name}" class="region">\n{inner}</section>'


def page_regions(site: Site, view: str, person: PersonId | None) -> dict[str, str]:
    """Return everything a page of this view shows to this person at first."""
    regions = render_shared(site, audience_of(site, view, person))
    if person is not None:
        regions |= render_personal(site, view, person)
    return regions
