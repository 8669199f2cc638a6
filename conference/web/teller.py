"""The tellers' page for votes: what they watch, what they note, what they confirm, the count sheet."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.papers.pdf import NotMade
from conference.permission import TELLER
from conference.rules import acts as a
from conference.rules.kinds import VoteId
from conference.rules.refused import Refused
from conference.web import regions
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views.count_sheet import count_sheet
from conference.web.views.teller import COUNTED


async def page(request: Request, visit: Visit) -> Response:
    """The vote as tellers see it."""
    return render(request, visit, "teller", _("Votes, for tellers"), view=regions.TELLER)


async def confirm(request: Request, visit: Visit) -> Response:
    """Confirm the counted result as one of its tellers."""
    act = a.ConfirmResult(VoteId(request.path_params["id"]))
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/teller", 303)


async def assist(request: Request, visit: Visit) -> Response:
    """Note that a delegate was helped to vote."""
    act = a.NoteAssistance(VoteId(request.path_params["id"]))
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/teller", 303)


async def sheet(request: Request, _visit: Visit) -> Response:
    """The count sheet of a counted vote, to be signed on paper."""
    site = site_of(request)
    vote = site.meeting.votes.get(VoteId(request.path_params["vote"]))
    if vote is None or vote.state not in COUNTED:
        raise Refusal(Refused(Wrong.NOT_FOUND))
    try:
        sheet_ = site.shelf.take(
            f"count-sheet-{vote.id}", (vote,), lambda: count_sheet(site, vote, site.now())
        )
        made = await site.shelf.pdf(sheet_)
    except NotMade as error:
        raise Refusal(Refused(Wrong.NO_PAPER)) from error
    headers = {"Content-Disposition": f'attachment; filename="count-sheet-{vote.id}.pdf"'}
    return Response(made, 200, headers, "application/pdf")


ROUTES = [
    route("/teller", page, TELLER),
    route("/teller/votes/{id:int}/confirmation", confirm, TELLER, ("POST",)),
    route("/teller/votes/{id:int}/assistance", assist, TELLER, ("POST",)),
    route("/votes/{vote:int}/count-sheet.pdf", sheet, TELLER),
]
