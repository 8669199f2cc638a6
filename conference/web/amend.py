"""An amendment from the floor, where the standing orders allow it: the chair admits or declines it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import DELEGATE
from conference.rules import acts as a
from conference.rules import question
from conference.rules.kinds import Action, MotionId
from conference.rules.refused import Code, Refused
from conference.web import forms
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import Site, site_of
from conference.web.text import gettext as _

Words = Annotated[str, Meta(max_length=2000)]


class AmendForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the amendment does, to which paragraph and words, and what comes in."""

    action: Literal["add", "delete", "replace", "replace_all"]
    paragraph: Annotated[int, Meta(ge=0, le=1000)] = 0
    words: Words = ""
    text: Words = ""


@dataclass(frozen=True, slots=True)
class AmendPage:
    """The form, with the paragraphs that can be chosen."""

    motion: int
    label: str
    title: str
    allowed: bool
    paragraphs: tuple[tuple[int, str], ...]


def amend_page(site: Site, motion: MotionId) -> AmendPage:
    """Return the form for this motion. Raises Refusal when there is no such motion."""
    row = site.meeting.motions.get(motion)
    if row is None:
        raise Refusal(Refused(Code.UNKNOWN))
    version = question.text_of(site.meeting, motion)
    parts = zip(version.origins, question.paragraphs(version.text), strict=False)
    return AmendPage(
        row.id, row.label, row.title, site.meeting.settings.amend_from_floor,
        tuple((number, part) for number, part in parts if number),
    )  # fmt: skip


async def form(request: Request, visit: Visit) -> Response:
    """The form for an amendment to this motion."""
    context = amend_page(site_of(request), MotionId(request.path_params["id"]))
    return render(request, visit, "amend", _("Amend %(label)s") % {"label": context.label}, context)


async def propose(request: Request, visit: Visit) -> Response:
    """Hand the amendment in."""
    filled = await forms.read(request, AmendForm)
    act = a.ProposeAmendment(
        MotionId(request.path_params["id"]), Action(filled.action), filled.paragraph,
        filled.words, filled.text,
    )  # fmt: skip
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/floor", 303)


ROUTES = [
    route("/motions/{id:int}/amendments/new", form, DELEGATE),
    route("/motions/{id:int}/amendments/new", propose, DELEGATE, ("POST",)),
]
