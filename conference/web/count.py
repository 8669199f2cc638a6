"""The count sheet: one scrutineer enters it, a second confirms it. The ballot itself is elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import TELLER
from conference.rules import acts as a
from conference.rules.election import candidates_of
from conference.rules.kinds import CandidateId, ItemId
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting
from conference.web import forms
from conference.web.forms import BadForm
from conference.web.guard import STATUS, Refusal, Visit, route, wants_json
from conference.web.pages import render
from conference.web.sentences import Wrong, say
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views.counts import Refill, count_page

MOST = 100_000
Count = Annotated[int, Meta(ge=0, le=MOST)]
Tick = Literal["", "yes"]


class Confirmation(Struct, forbid_unknown_fields=True):
    """The two figures as the second scrutineer reads them off the paper."""

    received: Count
    invalid: Count


def sheet_form(candidates: list[CandidateId]) -> type[Struct]:
    """Return the form of a count sheet for these candidates: `first_3`, `elected_3`, and so on."""
    firsts = [(f"first_{number}", Count) for number in candidates]
    ticks = [(f"elected_{number}", Tick, "") for number in candidates]
    head = [("received", Count), ("invalid", Count)]
    return msgspec.defstruct("Sheet", [*head, *firsts, *ticks], forbid_unknown_fields=True)


async def count(request: Request, visit: Visit) -> Response:
    """The elections with their count sheets."""
    return _page(request, visit)


def _page(
    request: Request, visit: Visit, refill: Refill | None = None, status: int = 200
) -> Response:
    context = count_page(site_of(request), visit.id, refill)
    return render(request, visit, "count", _("Count sheet"), context, status=status)


def _election(request: Request) -> tuple[ItemId, list[CandidateId]]:
    """Return which election this is about, and who stands in it. Raises Refusal for none."""
    meeting: Meeting = site_of(request).meeting
    number = ItemId(request.path_params["election"])
    if number not in meeting.elections:
        raise Refusal(Refused(Code.UNKNOWN))
    return number, [c.id for c in candidates_of(meeting, number)]


async def sheet(request: Request, visit: Visit) -> Response:
    """Enter the count sheet, or enter it anew while nobody has confirmed it."""
    number, candidates = _election(request)

    def act(values: Mapping[str, int | str]) -> a.Act:
        return a.EnterCount(
            number,
            int(values["received"]),
            int(values["invalid"]),
            tuple((c, int(values[f"first_{c}"])) for c in candidates),
            tuple(c for c in candidates if values[f"elected_{c}"]),
        )

    return await _take(request, visit, sheet_form(candidates), act, is_sheet=True)


async def confirmation(request: Request, visit: Visit) -> Response:
    """Confirm the sheet that another scrutineer has entered."""
    number, _candidates = _election(request)

    def act(values: Mapping[str, int | str]) -> a.Act:
        return a.ConfirmCount(number, int(values["received"]), int(values["invalid"]))

    return await _take(request, visit, Confirmation, act, is_sheet=False)


async def _take(
    request: Request,
    visit: Visit,
    form: type[Struct],
    act: Callable[[Mapping[str, int | str]], a.Act],
    *,
    is_sheet: bool,
) -> Response:
    """Read the form and take its act; a refusal shows the page again with what was typed."""
    number = request.path_params["election"]
    try:
        values = msgspec.structs.asdict(await forms.read(request, form))
    except BadForm as bad:
        worded = BadForm(_named(bad), bad.typed)
        if wants_json(request):
            raise worded from bad
        told = say(Refused(Wrong.BAD_FIELD))
        unknown = [f"{name}: {text}" for name, text in worded.fields.items() if name not in
                   {f.name for f in msgspec.structs.fields(form)}]  # fmt: skip
        refill = Refill(number, is_sheet, " ".join([told, *unknown]), bad.typed, worded.fields)
        return _page(request, visit, refill, 422)
    refused = await site_of(request).hall.act(act(values), visit.id)
    if refused is None:
        return RedirectResponse("/count", 303)
    if wants_json(request):
        raise Refusal(refused)
    typed = {name: str(value) for name, value in values.items()}
    refill = Refill(number, is_sheet, say(refused), typed)
    return _page(request, visit, refill, STATUS.get(refused.code, 409))


def _named(bad: BadForm) -> dict[str, str]:
    """Return what is wrong; beside a figure stands what a figure looks like."""
    figure = _("Write a whole number from 0 to %(most)s.") % {"most": MOST}
    return {
        name: figure if name in bad.typed and _is_figure(name) else text
        for name, text in bad.fields.items()
    }


def _is_figure(name: str) -> bool:
    return name in {"received", "invalid"} or name.startswith("first_")


ROUTES = [
    route("/count", count, TELLER),
    route("/count/{election:int}/sheet", sheet, TELLER, ("POST",)),
    route("/count/{election:int}/confirmation", confirmation, TELLER, ("POST",)),
]
