"""A register from a table: looked at first, row by row, then taken whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.papers.sheets import SheetError, read
from conference.permission import REGISTRAR
from conference.rules.acts import AddPerson
from conference.rules.kinds import PersonId, Role, Standing
from conference.rules.people import is_locked
from conference.rules.refused import Refused
from conference.store import people
from conference.store.people import Account, email_key
from conference.web import forms
from conference.web.addresses import masked, probably_meant
from conference.web.display_names import skeleton
from conference.web.forms import BadForm
from conference.web.guard import Refusal, Visit, route
from conference.web.pages import render
from conference.web.register import forget, is_full, name_problem, remember
from conference.web.sentences import Wrong
from conference.web.site import Site, new_person, site_of
from conference.web.tables import Row, RowError, Table
from conference.web.text import gettext as _

MOST_BYTES = 2 * 1024 * 1024
SHOWN = 20
COLUMNS = {
    "name": ("name", "display name", "full name"),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail", "address"),
    "role": ("role", "as"),
    "belongs": ("belongs", "how they belong", "branch", "group"),
}
ROLES = {
    "": None, "delegate": Role.DELEGATE, "member": Role.DELEGATE, "voting": Role.DELEGATE,
    "observer": Role.OBSERVER, "guest": Role.OBSERVER,
}  # fmt: skip
"""What may stand in the column `role`; nothing means what the form says."""


class TakeForm(Struct, forbid_unknown_fields=True):
    """The rows are to be taken; somebody answers for the agreement of the people in them."""

    agreed: Annotated[str, Meta(pattern=r"\Ayes\Z")]


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The form for a table."""

    error: str
    locked: bool
    listed: tuple[str, ...]
    keeps: bool


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it would be taken."""

    number: int
    name: str
    address: str
    role: str
    belongs: str


@dataclass(frozen=True, slots=True)
class ImportPreviewPage:
    """What is in the table, and what is wrong with it."""

    ticket: str
    rows: tuple[PreviewRow, ...]
    more: int
    delegates: int
    observers: int
    without: int
    """How many have no address."""
    errors: tuple[RowError, ...]
    wrong: int
    """In how many rows something is wrong."""
    warnings: tuple[RowError, ...]


async def page(request: Request, visit: Visit) -> Response:
    """Show the form for a table."""
    return _page(request, visit, "")


def _page(request: Request, visit: Visit, error: str) -> Response:
    site = site_of(request)
    asked = site.public.registration
    context = ImportPage(error, is_locked(site.meeting), asked.belongs, asked.keep_belongs)
    title = _("Import a register")
    return render(request, visit, "import", title, context, status=422 if error else 200)


async def look(request: Request, visit: Visit) -> Response:
    """Look at a table that was sent; nothing is taken yet."""
    site = site_of(request)
    try:
        content, standard = await _sent(request)
        rows = read(content)
    except SheetError as error:
        return _page(request, visit, str(error))
    async with site.store.reading() as reader:
        known = {email_key(a.email) for a in await people.all(reader) if a.email}
    table = look_at(site, rows, standard, known, visit.session)
    if isinstance(table, str):
        return _page(request, visit, table)
    return RedirectResponse(f"/registrar/import/{site.tables.put(table)}", 303)


async def _sent(request: Request) -> tuple[bytes, Role]:
    """Return the file that was sent, and what people without a role are to be."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BadForm({"": _("A form was expected.")})
    async with request.form(max_files=1, max_fields=2, max_part_size=MOST_BYTES) as data:
        file, role = data.get("file"), data.get("role", "delegate")
        if role not in {"delegate", "observer"}:
            raise BadForm({"role": _("This is not one of the possible values.")})
        if file is None or isinstance(file, str) or not file.filename:
            raise SheetError(_("Choose a file first."))
        return await file.read(MOST_BYTES), Role(str(role))


def look_at(
    site: Site, rows: Sequence[Sequence[str]], standard: Role, known: set[str], by: str
) -> Table | str:
    """Return the table with everything that is wrong in it, or why its head cannot be read."""
    head = {_column(cell): place for place, cell in enumerate(rows[0])}
    if "name" not in head:
        return _("The first row must name the columns: name, email, role, belongs; name is needed.")
    look_ = _Look(site, standard, known)
    for number, cells in enumerate(rows[1:], 2):
        value = {c: cells[p] if p < len(cells) else "" for c, p in head.items() if c}
        look_.take(number, value)
    return Table(by, tuple(look_.rows), tuple(look_.errors), tuple(look_.warnings))


def _column(cell: str) -> str:
    word = cell.strip().casefold()
    return next((column for column, words in COLUMNS.items() if word in words), "")


class _Look:
    """Goes through the rows once, remembering which addresses and names it has seen."""

    def __init__(self, site: Site, standard: Role, known: set[str]) -> None:
        self._site, self._standard, self._known = site, standard, known
        self._addresses: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self.rows: list[Row] = []
        self.errors: list[RowError] = []
        self.warnings: list[RowError] = []

    def take(self, number: int, value: dict[str, str]) -> None:
        name, email = value.get("name", ""), value.get("email", "")
        role = ROLES.get(value.get("role", "").casefold(), Role.SCREEN)
        for problem in self._problems(name, email, role):
            self.errors.append(RowError(number, name[:60], problem))
        if meant := probably_meant(email):
            text = _("perhaps %(address)s was meant") % {"address": meant}
            self.warnings.append(RowError(number, name[:60], text))
        first = self._names.setdefault(skeleton(name), number)
        if name and first != number:
            text = _("the name is like that in row %(n)s") % {"n": first}
            self.warnings.append(RowError(number, name[:60], text))
        if email:
            self._addresses.setdefault(email_key(email), number)
        belongs = value.get("belongs", "") if self._site.public.registration.keep_belongs else ""
        self.rows.append(Row(number, name, email, role or self._standard, belongs[:120]))

    def _problems(self, name: str, email: str, role: Role | None) -> list[str]:
        found = []
        if not name or len(name) > 60 or not re.search(r"\w", name):  # noqa: PLR2004
            found.append(_("the name is missing or longer than 60 letters"))
        elif problem := name_problem(self._site, name):
            found.append(problem)
        if email and not forms.is_email(email):
            found.append(_("the address does not look like one"))
        elif email and email_key(email) in self._addresses:
            row = self._addresses[email_key(email)]
            found.append(_("the address stands in row %(n)s already") % {"n": row})
        elif email and email_key(email) in self._known:
            found.append(_("somebody with this address is on the register already"))
        if role is Role.SCREEN:
            found.append(_("the role must be delegate or observer"))
        elif (role or self._standard) is Role.DELEGATE and is_locked(self._site.meeting):
            found.append(_("the register is locked: only observers can be imported"))
        return found


def _found(request: Request, visit: Visit) -> tuple[str, Table]:
    ticket = request.path_params["ticket"]
    table = site_of(request).tables.waiting.get(ticket)
    if table is None or table.by != visit.session:
        raise Refusal(Refused(Wrong.IMPORT_GONE))
    return ticket, table


async def preview(request: Request, visit: Visit) -> Response:
    """Show what would be taken, and what is wrong, row by row."""
    ticket, table = _found(request, visit)
    shown = tuple(
        PreviewRow(row.number, row.name, masked(row.email), _role(row.role), row.belongs)
        for row in table.rows[:SHOWN]
    )
    delegates = sum(row.role is Role.DELEGATE for row in table.rows)
    context = ImportPreviewPage(
        ticket=ticket,
        rows=shown,
        more=len(table.rows) - len(shown),
        delegates=delegates,
        observers=len(table.rows) - delegates,
        without=sum(not row.email for row in table.rows),
        errors=table.errors[:100],
        wrong=len({error.number for error in table.errors}),
        warnings=table.warnings[:100],
    )
    return render(request, visit, "import_preview", _("Look before you import"), context)


def _role(role: Role) -> str:
    return _("delegate") if role is Role.DELEGATE else _("observer")


async def take(request: Request, visit: Visit) -> Response:
    """Put everybody in the table on the register, accepted; all of them or nobody."""
    ticket, table = _found(request, visit)
    await forms.read(request, TakeForm)
    if table.errors or not table.rows:
        raise Refusal(Refused(Wrong.IMPORT_HAS_ERRORS))
    site = site_of(request)
    made: list[PersonId] = []

    async def work(desk: Desk) -> Refused | None:
        known = {email_key(a.email) for a in await people.all(desk.tx) if a.email}
        if any(row.email and email_key(row.email) in known for row in table.rows):
            return Refused(Wrong.IMPORT_CHANGED)
        return await _take_all(desk, site, visit, table.rows, made)

    refused = await site.hall.work(work)
    if refused is not None:
        for person in made:
            forget(site, person)
        raise Refusal(refused)
    del site.tables.waiting[ticket]
    return RedirectResponse(f"/registrar?imported={len(made)}", 303)


async def _take_all(
    desk: Desk, site: Site, visit: Visit, rows: Sequence[Row], made: list[PersonId]
) -> Refused | None:
    now = desk.now()
    accounts = [
        Account(
            new_person(), row.name, row.email or None, row.belongs, confirmed_at=None,
            created_at=now,
        )
        for row in rows
    ]  # fmt: skip
    await people.add_all(desk.tx, accounts)
    for row, account in zip(rows, accounts, strict=True):
        if row.role is Role.DELEGATE and is_full(site, desk.meeting):
            return Refused(Wrong.REGISTER_FULL)
        made.append(account.person)
        remember(site, account)
        act = AddPerson(account.person, frozenset({row.role}), Standing.ACCEPTED)
        if refused := desk.take(act, visit.id):
            return refused
    return None


ROUTES = [
    route("/registrar/import", page, REGISTRAR),
    route("/registrar/import", look, REGISTRAR, ("POST",), most=MOST_BYTES + 64 * 1024),
    route("/registrar/import/{ticket}", preview, REGISTRAR),
    route("/registrar/import/{ticket}", take, REGISTRAR, ("POST",)),
]
