"""The public pages: everybody may read them, nobody has to sign in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from conference.permission import PUBLIC
from conference.rules.kinds import MotionId
from conference.rules.refused import Refused
from conference.web import regions
from conference.web.guard import Refusal, Visit, route
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views import about, motions, orders, speakers


async def home(request: Request, visit: Visit) -> Response:
    """What this conference is, when it is, and how to register."""
    left = visit.person is None and "left" in request.query_params
    context = about.home_page(site_of(request), left=left)
    return render(request, visit, "home", _("Welcome"), context)


async def agenda(request: Request, visit: Visit) -> Response:
    """The programme, with expected times once the conference is open."""
    return render(request, visit, "agenda", _("Programme"), view=regions.AGENDA)


async def speakers_(request: Request, visit: Visit) -> Response:
    """The speakers who are announced."""
    context = speakers.speakers_page(site_of(request))
    return render(request, visit, "speakers", _("Speakers"), context)


async def motion_list(request: Request, visit: Visit) -> Response:
    """All motions with what became of them."""
    context = motions.motions_page(site_of(request))
    return render(request, visit, "motions", _("Motions"), context)


async def motion(request: Request, visit: Visit) -> Response:
    """One motion."""
    site = site_of(request)
    row = site.meeting.motions.get(MotionId(request.path_params["number"]))
    if row is None:
        raise Refusal(Refused(Wrong.NOT_FOUND))
    return render(request, visit, "motion", row.label, motions.motion_page(site, row))


async def minutes(request: Request, visit: Visit) -> Response:
    """The minutes so far."""
    return render(request, visit, "minutes", _("Minutes"), view=regions.MINUTES)


async def privacy(request: Request, visit: Visit) -> Response:
    """What is kept of whom, who sees it, and until when."""
    context = about.privacy_page(site_of(request))
    return render(request, visit, "privacy", _("Privacy"), context)


async def standing_orders(request: Request, visit: Visit) -> Response:
    """The standing orders, every setting in words, and what is suspended now."""
    context = orders.orders_page(site_of(request))
    return render(request, visit, "standing_orders", _("Standing orders"), context)


async def help_(request: Request, visit: Visit) -> Response:
    """How to take part, and what to do when something goes wrong."""
    person = visit.person.id if visit.person else None
    return render(request, visit, "help", _("Help"), about.help_page(site_of(request), person))


ROUTES = [
    route("/", home, PUBLIC),
    route("/agenda", agenda, PUBLIC),
    route("/speakers", speakers_, PUBLIC),
    route("/motions", motion_list, PUBLIC),
    route("/motions/{number:int}", motion, PUBLIC),
    route("/minutes", minutes, PUBLIC),
    route("/privacy", privacy, PUBLIC),
    route("/standing-orders", standing_orders, PUBLIC),
    route("/help", help_, PUBLIC),
]
