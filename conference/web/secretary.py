"""The secretary corrects the minutes; what was written first stays beside the correction."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import SECRETARY
from conference.rules import acts as a
from conference.rules.kinds import MinuteId
from conference.web import forms
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.remarks import OneLine, take_with_remark
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views.minutes import MinuteSection, minutes_view


class Correction(Struct, forbid_unknown_fields=True):
    """How the entry should read."""

    text: OneLine


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """The minutes, each entry with a form."""

    sections: tuple[MinuteSection, ...]
    zone: str


async def corrections(request: Request, visit: Visit) -> Response:
    """Every entry of the minutes, each with a form to correct it."""
    site = site_of(request)
    view = minutes_view(site)
    context = CorrectionsPage(view.sections, view.zone)
    return render(request, visit, "corrections", _("Correct the minutes"), context)


async def correct(request: Request, visit: Visit) -> Response:
    """Correct one entry."""
    form = await forms.read(request, Correction)
    entry = MinuteId(request.path_params["id"])
    refused = await take_with_remark(
        site_of(request), form.text, lambda remark: a.CorrectMinute(entry, remark), visit.id, None
    )
    unless_refused(refused)
    return RedirectResponse(f"/minutes/corrections#entry-{entry}", 303)


ROUTES = [
    route("/minutes/corrections", corrections, SECRETARY),
    route("/minutes/{id:int}/correction", correct, SECRETARY, ("POST",)),
]
