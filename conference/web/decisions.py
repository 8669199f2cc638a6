"""The registrar decides: one or many at once, and takes it back before the mail has gone."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import REGISTRAR
from conference.rules.acts import Decide, Reconsider
from conference.rules.kinds import Mode, PersonId, Role
from conference.rules.refused import Refused
from conference.store import people, registrations
from conference.store.registrations import Decision
from conference.web import forms, letters
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.register import is_full
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of

ROLES = {"accept": Role.DELEGATE, "observer": Role.OBSERVER, "decline": None}
UNDO_MS = 2 * 60 * 1000
"""So long a decision can be taken back; then its mail goes and what was written is erased."""
DEMONSTRATION_UNDO_MS = 3 * 1000
"""The same in a demonstration, where one person plays everybody and waits for nothing."""
AT_ONCE = 200
"""How many can be decided with one press."""


class DecisionForm(Struct, forbid_unknown_fields=True):
    """What the registrar has decided; a reason goes into the mail and is kept nowhere else."""

    decision: Literal["accept", "observer", "decline"]
    reason: forms.Note = ""


def undo_ms(site: Site) -> int:
    """Return how long a decision can be taken back, in milliseconds."""
    demonstration = site.meeting.conference.mode is Mode.DEMONSTRATION
    return DEMONSTRATION_UNDO_MS if demonstration else UNDO_MS


async def decide(request: Request, visit: Visit) -> Response:
    """Take the registrar's decision; the mail about it waits until it can be taken back no more."""
    form = await forms.read(request, DecisionForm)
    site = site_of(request)
    person = PersonId(request.path_params["person"])

    async def work(desk: Desk) -> Refused | None:
        return await _decide(desk, site, visit, person, form)

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return RedirectResponse("/registrar", 303)


async def many(request: Request, visit: Visit) -> Response:
    """Decide about everybody who was ticked; who cannot be decided about is left, and counted."""
    form, ticked = await forms.read_list(request, DecisionForm, "person")
    site = site_of(request)

    async def work(desk: Desk) -> int:
        done = 0
        for person in dict.fromkeys(ticked[:AT_ONCE]):
            mark = desk.mark()
            if await _decide(desk, site, visit, PersonId(person), form) is None:
                done += 1
            else:
                desk.back(mark)
        return done

    done = await site.hall.work(work)
    if isinstance(done, Refused):
        raise Refusal(done)
    site.mail_wake()
    left = len(dict.fromkeys(ticked)) - done
    return RedirectResponse(f"/registrar?decided={done}&left={left}", 303)


async def _decide(
    desk: Desk, site: Site, visit: Visit, person: PersonId, form: DecisionForm
) -> Refused | None:
    if form.decision == "accept" and is_full(site, desk.meeting):
        return Refused(Wrong.REGISTER_FULL)
    if refused := desk.take(Decide(person, ROLES[form.decision]), visit.id):
        return refused
    account = await people.get(desk.tx, person)
    if account is None:
        return None
    older = await registrations.decision_of(desk.tx, person)
    if older is not None:  # decided anew: the first mail has not gone, and does not go
        await registrations.undo(desk.tx, older)
    now, wait = desk.now(), undo_ms(site)
    mail = None
    if account.email:
        letter = letters.decided(site, form.decision, form.reason)
        mail = await letters.queue(desk, site, account.email, "decision", letter, after=wait)
    decision = Decision(person, form.decision, now, now + wait, mail)
    await registrations.decide(desk.tx, decision)
    site.pending[person] = decision
    return None


async def reconsider(request: Request, visit: Visit) -> Response:
    """Take a decision back while its mail has not gone: the person waits again."""
    site = site_of(request)
    person = PersonId(request.path_params["person"])

    async def work(desk: Desk) -> Refused | None:
        decision = await registrations.decision_of(desk.tx, person)
        if decision is None or decision.final_at <= desk.now():
            return Refused(Wrong.UNDO_OVER)
        if refused := desk.take(Reconsider(person), visit.id):
            return refused
        await registrations.undo(desk.tx, decision)
        site.pending.pop(person, None)
        return None

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/registrar", 303)


ROUTES = [
    route("/registrar/decisions", many, REGISTRAR, ("POST",)),
    route("/registrar/people/{person}/decision", decide, REGISTRAR, ("POST",)),
    route("/registrar/people/{person}/reconsideration", reconsider, REGISTRAR, ("POST",)),
]
