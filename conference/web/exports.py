"""Everybody's links or addresses as a file: asked for by one officer, confirmed by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.papers import sheets
from conference.permission import REGISTRAR
from conference.rules.acts import ProposeOfficeStep, TakeExport
from conference.rules.kinds import OfficeStepId, OfficeStepKind, OfficeStepState, Standing
from conference.rules.refused import Code, Refused
from conference.store import people
from conference.store.people import Account
from conference.web import forms, helpdesk, proof
from conference.web.guard import Refusal, Visit, route, unless_refused, wants_json
from conference.web.pages import render
from conference.web.register import ORDINARY
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views.standing import roles_in_words

KINDS = {"links": OfficeStepKind.EXPORT_LINKS, "addresses": OfficeStepKind.EXPORT_ADDRESSES}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AskForm(Struct, forbid_unknown_fields=True):
    """What is asked for."""

    what: Literal["links", "addresses"]


class FileForm(Struct, forbid_unknown_fields=True):
    """As what kind of file."""

    kind: Literal["csv", "xlsx", "sheet"]
    """A sheet is slips with QR codes to print, for links only."""


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One export, from the asking to the file."""

    id: int
    what: str
    state: str
    by: str
    second: str
    lines: int
    links: bool
    mine: bool
    """Confirmed, and for me to take."""


@dataclass(frozen=True, slots=True)
class ExportsPage:
    """What was exported, and what waits."""

    exports: tuple[ExportLine, ...]
    links: bool
    """Whether links can be asked for now."""
    addresses: bool
    prove: str
    """Where a second factor is shown before the file is taken; empty when none is needed now."""


PAGE = "/registrar/exports"


async def page(request: Request, visit: Visit) -> Response:
    """Show what has been exported and what waits."""
    site = site_of(request)
    words = {
        OfficeStepKind.EXPORT_LINKS: _("Personal links"),
        OfficeStepKind.EXPORT_ADDRESSES: _("Addresses"),
    }
    states = {
        OfficeStepState.PROPOSED: _("waits for another officer"),
        OfficeStepState.CONFIRMED: _("confirmed: can be taken once"),
        OfficeStepState.TAKEN: _("taken"),
        OfficeStepState.DROPPED: _("not done"),
    }
    rows = [row for row in site.meeting.office_steps.values() if row.kind in words]
    waiting = {row.kind for row in rows if row.state is OfficeStepState.PROPOSED}
    lines = tuple(
        ExportLine(
            row.id, words[row.kind], states[row.state], site.name(row.by), site.name(row.second),
            row.lines, row.kind is OfficeStepKind.EXPORT_LINKS,
            row.state is OfficeStepState.CONFIRMED and row.by == visit.id,
        )
        for row in reversed(rows)
    )  # fmt: skip
    context = ExportsPage(
        lines,
        links=OfficeStepKind.EXPORT_LINKS not in waiting,
        addresses=OfficeStepKind.EXPORT_ADDRESSES not in waiting,
        prove=proof.AGAIN + PAGE if proof.in_need_of_proof(site, visit) else "",
    )
    return render(request, visit, "exports", _("Export links or addresses"), context)


async def ask(request: Request, visit: Visit) -> Response:
    """Ask for an export; another officer has to confirm it."""
    form = await forms.read(request, AskForm)
    act = ProposeOfficeStep(KINDS[form.what])
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse(PAGE, 303)


async def take(request: Request, visit: Visit) -> Response:
    """Hand the file over, once; the journal says so, with the number of its lines.

    In a real conference the officer has shown a second factor in the last five minutes: a sign-in
    that was left open is not enough.
    """
    form = await forms.read(request, FileForm)
    site, step = site_of(request), OfficeStepId(request.path_params["id"])
    if proof.in_need_of_proof(site, visit):
        if wants_json(request):
            raise Refusal(Refused(Wrong.NEEDS_PROOF))
        return RedirectResponse(proof.AGAIN + PAGE, 303)

    async def work(desk: Desk) -> list[tuple[str, str, str]] | Refused:
        row = desk.meeting.office_steps.get(step)
        if row is None:
            return Refused(Code.UNKNOWN)
        is_links = row.kind is OfficeStepKind.EXPORT_LINKS
        if form.kind == "sheet" and not is_links:
            return Refused(Code.NOT_ALLOWED)
        rows = _lines(site, await people.all(desk.tx), links=is_links)
        return desk.take(TakeExport(step, len(rows)), visit.id) or rows

    rows = await site.hall.work(work)
    if isinstance(rows, Refused):
        raise Refusal(rows)
    head = ("name", "role", "address")
    if form.kind == "sheet":
        return helpdesk.sheet(request, visit, rows)
    name = f"export-{step}.{form.kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if form.kind == "csv":
        content = sheets.write_csv(head, rows)
        return Response(content, headers=headers, media_type="text/csv; charset=utf-8")
    return Response(sheets.write_xlsx(head, rows), headers=headers, media_type=XLSX)


def _lines(site: Site, accounts: list[Account], *, links: bool) -> list[tuple[str, str, str]]:
    """Return name, roles and link or address of everybody who was accepted, without the offices."""
    found = []
    for account in accounts:
        row = site.meeting.people.get(account.person)
        if row is None or row.standing is not Standing.ACCEPTED or row.roles - ORDINARY:
            continue
        address = account.email or ""
        if links:
            address = site.links.address(row.id, account.link_generation)
        if address:
            found.append((account.name, roles_in_words(row), address))
    return sorted(found)


ROUTES = [
    route(PAGE, page, REGISTRAR),
    route(PAGE, ask, REGISTRAR, ("POST",)),
    route("/registrar/exports/{id:int}/file", take, REGISTRAR, ("POST",)),
]
