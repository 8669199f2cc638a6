"""*Fill the hall*: pretend delegates come and go, on a demonstration only."""

from __future__ import annotations

from random import Random
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.crowd import Crowd
from conference.permission import CHAIR
from conference.rules.kinds import Mode
from conference.rules.refused import Refused
from conference.web import forms
from conference.web.guard import Refusal, Visit, route
from conference.web.press import Press
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of


class Seats(Struct, forbid_unknown_fields=True):
    """How many pretend delegates are to be in the hall."""

    seats: Literal["0", "20"]


async def crowd(request: Request, _visit: Visit) -> Response:
    """Fill the hall, or empty it. What is so already stays so."""
    site = site_of(request)
    form = await forms.read(request, Seats)
    if site.meeting.conference.mode is not Mode.DEMONSTRATION:
        raise Refusal(Refused(Wrong.NOT_A_DEMONSTRATION))
    if form.seats == "0":
        await empty(site)
    elif site.crowd is None:
        await fill(site, int(form.seats))
    press: Press = request.state.press
    press.tell_all()
    return RedirectResponse("/chair", 303)


async def fill(site: Site, seats: int) -> None:
    """Let so many pretend delegates come in. Raises Refusal when there are not so many free."""
    made = Crowd(site.hall, Random(), seats)  # noqa: S311  (human whims, no secret)
    site.crowd = made
    if not await made.start():
        site.crowd = None
        raise Refusal(Refused(Wrong.CROWD_NEEDS_PEOPLE))


async def empty(site: Site) -> None:
    """Let the pretend delegates leave."""
    made, site.crowd = site.crowd, None
    if made is not None:
        await made.stop()


ROUTES = [route("/chair/crowd", crowd, CHAIR, ("POST",))]
