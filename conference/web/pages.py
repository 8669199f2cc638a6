"""Every page is made here: its frame, its navigation, its live regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from conference.permission import EDITOR
from conference.rules.kinds import Mode, Role, Standing
from conference.rules.refused import Refused
from conference.rules.roles import PROVED
from conference.rules.state import Person
from conference.web import regions
from conference.web.guard import Visit
from conference.web.headers import policy
from conference.web.sentences import Wrong, say
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views.sound import sound_view


@dataclass(frozen=True, slots=True)
class NavLink:
    """One link of the navigation."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The frame of a page: what `base.html` is told."""

    title: str
    conference_name: str
    mode: str
    view: str
    epoch: str
    version: int
    now_ms: int
    person: str
    """The pseudonym of whoever has signed in: it goes into their envelopes."""
    person_name: str
    person_mark: str
    others: tuple[tuple[str, str], ...]
    """Who else has signed in on this browser: mark and name."""
    vote: int
    secure: bool
    path: str
    nav: tuple[NavLink, ...]
    alive_seconds: int
    live: bool
    polls: bool
    """Whether a live page asks every few seconds, because nobody has signed in for a socket."""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Empty:
    """The context of a page whose content is all in its regions or its text."""


EMPTY = Empty()


def navigation(
    person: Person | None, path: str, mode: Mode, *, locked: bool = False
) -> tuple[NavLink, ...]:
    """Return the links this person can use, so that no link leads to a refusal."""
    places = [(_("Programme"), "/agenda"), (_("Motions"), "/motions"), (_("Minutes"), "/minutes")]
    if person is None:
        places += [(_("Register"), "/register"), (_("Sign in"), "/sign-in")]
    else:
        accepted = person.standing is Standing.ACCEPTED
        roles = person.roles if accepted else frozenset[Role]()
        own = [
            (_("Chair"), "/chair", {Role.CHAIR, Role.VICE_CHAIR, Role.SECRETARY}),
            (_("Officers"), "/officers", {Role.TELLER, Role.REGISTRAR}),
            (_("Edit the programme"), "/agenda/edit", EDITOR.roles),
            (_("Registrar"), "/registrar", {Role.REGISTRAR, Role.ORGANISER}),
            (_("Check-in"), "/desk", {Role.REGISTRAR, Role.STEWARD}),
            (_("Count sheet"), "/count", {Role.TELLER}),
            (_("Votes, for tellers"), "/teller", {Role.TELLER}),
            (_("Tellers"), "/tellers", {Role.TELLER}),
            (_("Queue"), "/queue-keeper", {Role.QUEUE_KEEPER}),
            (_("Stage"), "/stage", {Role.STEWARD, Role.ORGANISER}),
            (_("Speakers"), "/invitations", {Role.STEWARD, Role.ORGANISER}),
            (_("Sound"), "/sound", {Role.STEWARD, Role.ORGANISER}),
            (_("My slot"), "/speaker", {Role.SPEAKER}),
        ]
        own.append((_("Rehearsal"), "/rehearsal", {Role.ORGANISER}))
        if mode is Mode.REAL:
            own.append((_("Let in"), "/let-in", set(PROVED)))
        if mode is not Mode.REAL:
            own.append((_("Mode"), "/mode", {Role.ORGANISER}))
        places = [(_("Floor"), "/floor")] + [(n, p) for n, p, need in own if roles & need] + places
        if locked:
            places.append((_("Second factor"), "/prove"))
        places.append((_("My sign-in"), "/me"))
    return tuple(NavLink(label, href, current=href == path) for label, href in places)


def render(  # noqa: PLR0913  (what a page may differ in)
    request: Request,
    visit: Visit | None,
    template: str,
    title: str,
    context: object = EMPTY,
    *,
    view: str = "",
    polls: bool = False,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the page, with its live regions when it has a view.

    A page that `polls` fetches itself every few seconds and takes its regions, without a socket.
    """
    site = site_of(request)
    person = visit.person if visit else None
    live = regions.page_regions(site, view, person.id if person else None) if view else {}
    page = _frame(request, visit, title, view, polls=polls)
    html = _html(site, template, context, page, live)
    return HTMLResponse(html, status, {**_allowed(site, view), **(headers or {})})


def _frame(request: Request, visit: Visit | None, title: str, view: str, *, polls: bool) -> Page:
    """Return what the frame of this page is told."""
    site = site_of(request)
    head = site.meeting.conference
    person = visit.person if visit else None
    return Page(
        title=title,
        conference_name=head.name,
        mode=head.mode,
        view=view,
        epoch=site.store.epoch,
        version=head.version,
        now_ms=site.now(),
        person=person.id if person and view == regions.FLOOR else "",
        person_name=site.name(person.id) if person else "",
        person_mark=site.links.mark(person.id) if person else "",
        others=tuple((site.links.mark(p), site.name(p)) for p in (visit.others if visit else ())),
        vote=head.vote or 0,
        secure=site.settings.secure,
        path=request.url.path,
        nav=navigation(person, request.url.path, head.mode, locked=bool(visit and visit.locked)),
        alive_seconds=6,
        live=bool(view) or polls,
        polls=polls or (person is None and view != regions.SCREEN),
    )


def _html(site: Site, template: str, context: object, page: Page, live: Mapping[str, str]) -> str:
    marked = {name: Markup(html) for name, html in live.items()}  # noqa: S704  (our own templates)
    return site.templates.render(f"pages/{template}.html", context, page=page, regions=marked)


def _allowed(site: Site, view: str) -> dict[str, str]:
    """Return the header that lets a page play or embed exactly what is entered for now."""
    if view not in {regions.FLOOR, regions.GALLERY}:
        return {}
    sound = sound_view(site)
    if not sound.origin:
        return {}
    plays = "" if sound.kind == "embed" else sound.origin
    embeds = sound.origin if sound.kind == "embed" else ""
    return {"Content-Security-Policy": policy(plays=plays, embeds=embeds)}


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A refusal as a page."""

    code: str
    say: str
    fields: tuple[str, ...]
    back: str
    sign_in: bool


def refused_page(
    request: Request,
    refused: Refused,
    status: int,
    headers: Mapping[str, str] | None,
    fields: Mapping[str, str],
) -> Response:
    """Return the refusal for people: what is the matter, and the way back."""
    back = {
        **dict.fromkeys(("votes", "presence", "queue"), "/floor"),
        **dict.fromkeys(("s", "l"), "/sign-in"),
        "r": "/register",
        "sign-out": "/",
    }
    first = request.url.path.strip("/").split("/")[0]
    context = RefusedPage(
        code=str(refused.code),
        say=say(refused),
        fields=tuple(f"{name}: {text}" if name else text for name, text in fields.items()),
        back=back.get(first, f"/{first}"),
        sign_in=refused.code in {Wrong.SIGNED_OUT, Wrong.LINK_INVALID},
    )
    return render(request, None, "refused", _("Not done"), context, status=status, headers=headers)
