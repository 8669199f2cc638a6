"""An assisted vote: a teller casts a delegate's ballot as they say, here or on the telephone.

The delegate is told beforehand that the teller learns the choice. The ballot takes the way of every
other; the minutes say only that there was assistance, not to whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import TELLER
from conference.rules.acts import NoteAssistance
from conference.rules.kinds import Choice, PersonId, VoteId, VoteState
from conference.rules.question import of
from conference.rules.refused import Code, Refused
from conference.rules.voting import on_roll
from conference.store.ballots import BallotPaper
from conference.web import forms
from conference.web.display_names import skeleton
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import Site, new_token, site_of
from conference.web.text import gettext as _
from conference.web.views.subjects import subject
from conference.web.views.votes import latest

SHOWN = 20


class AssistForm(Struct, forbid_unknown_fields=True):
    """What the delegate has said; `told`: that the teller learns it, beforehand."""

    person: Annotated[str, Meta(max_length=40)]
    paper: Choice
    told: Annotated[str, Meta(pattern=r"\Ayes\Z")]


@dataclass(frozen=True, slots=True)
class AssistLine:
    """A delegate on the roll who was searched for."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AssistPage:
    """The open vote, a search, and the form for one delegate."""

    vote: int
    """0 while none is open."""
    question: str
    q: str
    people: tuple[AssistLine, ...]
    done: bool


async def page(request: Request, visit: Visit) -> Response:
    """Search for a delegate on the roll of the open vote."""
    site = site_of(request)
    q = request.query_params.get("q", "").strip()[:60]
    vote = latest(site)
    is_open = vote is not None and vote.state is VoteState.OPEN
    context = AssistPage(
        vote=vote.id if vote is not None and is_open else 0,
        question=subject(site, of(vote)).question if vote is not None and is_open else "",
        q=q,
        people=_found(site, vote.id, q) if vote is not None and is_open else (),
        done="done" in request.query_params,
    )
    return render(request, visit, "assist", _("Help somebody to vote"), context)


def _found(site: Site, vote: VoteId, q: str) -> tuple[AssistLine, ...]:
    wanted = skeleton(q)
    found = [
        AssistLine(row.id, site.name(row.id))
        for row in site.meeting.people.values()
        if wanted and on_roll(site.meeting, vote, row.id)
        and wanted in skeleton(site.names.get(row.id, ""))
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda line: line.name.casefold())[:SHOWN])


async def cast(request: Request, visit: Visit) -> Response:
    """Store the delegate's ballot; every device of theirs is told at once."""
    form = await forms.read(request, AssistForm)
    site, vote = site_of(request), VoteId(request.path_params["vote"])
    person = PersonId(form.person)
    if person == visit.id:
        raise Refusal(Refused(Code.NOT_ALLOWED))  # one's own ballot stands on the floor
    if not on_roll(site.meeting, vote, person):
        raise Refusal(Refused(Code.NOT_ON_ROLL))
    paper = site.hall.paper(vote, person, form.paper)
    unless_refused(await site.hall.ballot(BallotPaper(vote, person, new_token(), paper)))
    unless_refused(await site.hall.act(NoteAssistance(vote), visit.id))
    return RedirectResponse("/tellers/assistance?done=yes", 303)


ROUTES = [
    route("/tellers/assistance", page, TELLER),
    route("/tellers/assistance/{vote:int}", cast, TELLER, ("POST",)),
]
