"""The papers that people download: a page to print, a tagged PDF, Markdown. The same for everybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.papers.document import Document
from conference.papers.markdown import markdown
from conference.papers.pdf import NotMade
from conference.papers.shelf import Copy
from conference.permission import PUBLIC
from conference.rules.refused import Refused
from conference.web.guard import GuardedRoute, Refusal, Visit, route
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of
from conference.web.views.agenda_paper import agenda_paper
from conference.web.views.minutes_paper import minutes_document
from conference.web.views.resolutions import resolutions


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: where it is, and what makes it."""

    name: str
    page: str
    file: str
    """The path of the downloads, without their endings."""
    make: Callable[[Site, int], Document]


PAPERS = (
    Paper("agenda", "/agenda/paper", "/agenda/paper", agenda_paper),
    Paper("minutes", "/minutes/paper", "/minutes", minutes_document),
    Paper("resolutions", "/resolutions", "/resolutions", resolutions),
)


@dataclass(frozen=True, slots=True)
class PaperPage:
    """A paper as a page, and where to download it."""

    document: Document
    file: str


def copy_of(site: Site, paper: Paper) -> Copy:
    """Return the paper as it stands now: a new one when anything it is made from has changed."""
    return site.shelf.take(paper.name, _made_from(site), lambda: paper.make(site, site.now()))


def _made_from(site: Site) -> tuple[object, ...]:
    """Return the version and everything the papers show, so that an older copy is known as such.

    Tables that did not change are the same objects, so comparing them costs nothing. Who is present
    and who waits to speak stands in none of them.
    """
    m, head = site.meeting, site.meeting.conference
    return (
        (head.version, head.mode, head.phase, head.opened_at),
        (m.settings, m.standing_orders, m.items, m.slots, m.motions, m.texts, m.amendments),
        (m.procedurals, m.points, m.votes, m.elections, m.candidates, m.minutes, m.corrections),
        site.public,
        frozenset((person, site.name(person)) for person in site.named),
        frozenset(site.remarks),
    )


Handler = Callable[[Request, Visit], Awaitable[Response]]


def page(paper: Paper) -> Handler:
    """Return the handler of the page that is made for printing."""

    async def handler(request: Request, visit: Visit) -> Response:
        document = copy_of(site_of(request), paper).document
        return render(request, visit, "paper", document.title, PaperPage(document, paper.file))

    return handler


def download(paper: Paper, ending: str) -> Handler:
    """Return the handler of a download; a browser that has this very copy is told so."""

    async def handler(request: Request, _visit: Visit) -> Response:
        site = site_of(request)
        copy = copy_of(site, paper)
        headers = {
            "ETag": f'"{copy.tag}"',
            "Cache-Control": "no-cache",
            "Content-Disposition": f'attachment; filename="{file_name(site, paper)}.{ending}"',
        }
        if _has(request, copy.tag):
            return Response(status_code=304, headers=headers)
        if ending == "md":
            return Response(markdown(copy.document), 200, headers, "text/markdown")
        try:
            made = await site.shelf.pdf(copy)
        except NotMade as error:
            raise Refusal(Refused(Wrong.NO_PAPER)) from error
        return Response(made, 200, headers, "application/pdf")

    return handler


def _has(request: Request, tag: str) -> bool:
    """Say whether the browser has this copy (RFC 9110: a weak comparison)."""
    tags = request.headers.get("if-none-match", "").split(",")
    return any(one.strip().removeprefix("W/") in {f'"{tag}"', "*"} for one in tags)


def file_name(site: Site, paper: Paper) -> str:
    """Return a name for the file that any system can keep: conference, paper, version."""
    head = site.meeting.conference
    plain = unicodedata.normalize("NFKD", head.name).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")
    return "-".join(part for part in (short, paper.name, f"version-{head.version}") if part)


def _routes(paper: Paper) -> list[GuardedRoute]:
    return [
        route(paper.page, page(paper), PUBLIC),
        route(f"{paper.file}.pdf", download(paper, "pdf"), PUBLIC),
        route(f"{paper.file}.md", download(paper, "md"), PUBLIC),
    ]


ROUTES = [made for paper in PAPERS for made in _routes(paper)]
