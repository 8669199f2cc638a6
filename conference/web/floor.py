"""The floor: presence, the queue, seconding, the ballot. Plain forms for everything."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.live.messages import BallotText
from conference.rules import acts as a
from conference.rules.kinds import AmendmentId, Choice, MotionId, ProceduralId, Side, VoteId
from conference.rules.refused import Refused
from conference.store.ballots import BallotPaper
from conference.web import forms, regions
from conference.web.guard import Refusal, Visit, unless_refused
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import new_token, site_of
from conference.web.text import gettext as _

Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]


class Presence(Struct, forbid_unknown_fields=True):
    """*I am here*, or leaving."""

    here: Literal["yes", "no"] = "yes"


class Queue(Struct, forbid_unknown_fields=True, kw_only=True):
    """A request for the floor, its withdrawal, *I move*, *I second*, or that one does not reply."""

    motion: Number | None = None
    amendment: Number | None = None
    procedural: Number | None = None
    wish: Literal["for", "against", "withdraw", "second", "move", "forgo"]


class Paper(Struct, forbid_unknown_fields=True):
    """A ballot: an envelope that the browser's script has sealed, or a choice in the clear.

    A plain form sends no id: each arrival is then a press of its own.
    """

    paper: BallotText
    id: Annotated[str, Meta(pattern="^([A-Za-z0-9_-]{8,64})?$")] = ""
    whose: Annotated[str, Meta(max_length=40)] = msgspec.field(default="", name="as")
    """On a shared device: for whom the page was made, so that a stale one votes for nobody else."""


async def floor(request: Request, visit: Visit) -> Response:
    """The floor for delegates, the gallery for everybody else who is signed in."""
    view = regions.view_of(site_of(request), regions.FLOOR, visit.id) or regions.GALLERY
    return render(request, visit, "floor", _("Floor"), view=view)


async def presence(request: Request, visit: Visit) -> Response:
    """Be present, or leave."""
    form = await forms.read(request, Presence)
    act: a.Act = a.CheckIn() if form.here == "yes" else a.Leave()
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/floor", 303)


async def queue(request: Request, visit: Visit) -> Response:
    """Ask for the floor, withdraw, move, second, or forgo one's reply."""
    form = await forms.read(request, Queue)
    motion = MotionId(form.motion) if form.motion is not None else None
    amendment = AmendmentId(form.amendment) if form.amendment is not None else None
    procedural = ProceduralId(form.procedural) if form.procedural is not None else None
    some = motion or MotionId(0)
    wishes: dict[str, a.Act] = {
        "for": a.AskToSpeak(motion, Side.FOR, amendment, procedural),
        "against": a.AskToSpeak(motion, Side.AGAINST, amendment, procedural),
        "withdraw": a.WithdrawRequest(motion, amendment, procedural),
        "second": a.OfferSecond(some, amendment),
        "move": a.OfferMove(some, amendment),
        "forgo": a.ForgoReply(some, amendment),
    }
    unless_refused(await site_of(request).hall.act(wishes[form.wish], visit.id))
    return RedirectResponse("/floor", 303)


async def ballot(request: Request, visit: Visit) -> Response:
    """Store this person's ballot; answered only after it is on disk.

    A choice that comes in the clear, because no script could seal it, is sealed here at once. Sealed
    again it would be another paper, so each arrival is a press of its own, whatever id it brings.
    """
    form = await forms.read(request, Paper)
    site, vote = site_of(request), VoteId(request.path_params["vote"])
    if form.whose and form.whose != site.links.mark(visit.id):
        raise Refusal(Refused(Wrong.OTHER_PERSON))
    clear = form.paper in set(Choice)
    paper = site.hall.paper(vote, visit.id, Choice(form.paper)) if clear else form.paper
    number = form.id if paper == form.paper and form.id else new_token()
    unless_refused(await site.hall.ballot(BallotPaper(vote, visit.id, number, paper)))
    return RedirectResponse("/floor", 303)
