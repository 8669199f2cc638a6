"""From demonstration to rehearsal to real: the organiser types the conference's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import ORGANISER
from conference.rules import acts as a
from conference.rules.kinds import Mode
from conference.rules.people import MODES
from conference.rules.refused import Refused
from conference.web import encryption, forms
from conference.web.guard import STATUS, Visit, answer, route, wants_json
from conference.web.pages import render
from conference.web.sentences import Wrong, say
from conference.web.site import site_of
from conference.web.text import gettext
from conference.web.text import lazy as _

LONGEST = 300

TITLES = {
    Mode.DEMONSTRATION: _("Demonstration"),
    Mode.REHEARSAL: _("Rehearsal"),
    Mode.REAL: _("Real"),
}

MEANINGS = {
    Mode.DEMONSTRATION: _(
        "For trying things out. Every page says that nothing is real. Sign-in links may be used "
        "again, no mail leaves this machine, and the chair can fill the hall with pretend delegates."
    ),
    Mode.REHEARSAL: _(
        "For practice with real people. Every page says that nothing decided here counts. Mail is "
        "sent, a sign-in link asks for a code on any device but its first, and there are no pretend "
        "delegates any more."
    ),
    Mode.REAL: _("For the day itself. The band on the pages is gone, and what is decided counts."),
}


class ModeForm(Struct, forbid_unknown_fields=True):
    """The mode that is wanted, confirmed by the conference's name."""

    mode: Literal["rehearsal", "real"]
    typed_name: Annotated[str, Meta(min_length=1, max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class ModeStep:
    """One of the three modes."""

    mode: str
    title: str
    meaning: str
    current: bool
    ahead: bool


@dataclass(frozen=True, slots=True)
class ModePage:
    """The modes, and the form; after a refusal with what was typed."""

    name: str
    steps: tuple[ModeStep, ...]
    final: bool
    chosen: str
    typed: str
    code: str
    error: str
    details: tuple[str, ...]


async def mode(request: Request, visit: Visit) -> Response:
    """Show the mode and the form. Changes nothing."""
    return _page(request, visit)


async def change(request: Request, visit: Visit) -> Response:
    """Change the mode when the name is right; otherwise keep what was typed."""
    try:
        form = await forms.read(request, ModeForm)
    except forms.BadForm as bad:
        return _again(request, visit, Refused(Wrong.BAD_FIELD), bad.typed, bad.fields)
    site, act = site_of(request), a.SetMode(Mode(form.mode), form.typed_name)

    async def work(desk: Desk) -> Refused | None:
        if encryption.is_missing(site.settings, act.mode):
            return Refused(Wrong.NOT_ENCRYPTED)
        return desk.take(act, visit.id) or await encryption.note(site, desk)

    refused = await site.hall.work(work)
    if refused is not None:
        typed = {"mode": form.mode, "typed_name": form.typed_name}
        return _again(request, visit, refused, typed, {})
    return RedirectResponse("/mode", 303)


def _again(
    request: Request,
    visit: Visit,
    refused: Refused,
    typed: Mapping[str, str],
    fields: Mapping[str, str],
) -> Response:
    if wants_json(request):
        return answer(request, refused, dict(fields))
    return _page(request, visit, refused, typed, fields)


def _page(
    request: Request,
    visit: Visit,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> Response:
    head = site_of(request).meeting.conference
    here = MODES.index(head.mode)
    steps = tuple(
        ModeStep(m, gettext(TITLES[m]), gettext(MEANINGS[m]), place == here, place > here)
        for place, m in enumerate(MODES)
    )
    labels = {"mode": gettext("New mode"), "typed_name": gettext("Name of the conference")}
    context = ModePage(
        name=head.name,
        steps=steps,
        final=head.mode is Mode.REAL,
        chosen=(typed or {}).get("mode", ""),
        typed=(typed or {}).get("typed_name", "")[:LONGEST],
        code=str(refused.code) if refused else "",
        error=say(refused) if refused else "",
        details=tuple(
            f"{labels[name]}: {text}" if name in labels else text
            for name, text in (fields or {}).items()
        ),
    )
    status = STATUS.get(refused.code, 409) if refused else 200
    return render(request, visit, "mode", gettext("Mode"), context, status=status)


ROUTES = [
    route("/mode", mode, ORGANISER),
    route("/mode", change, ORGANISER, ("POST",)),
]
