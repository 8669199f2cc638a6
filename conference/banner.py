"""What a person reads at the start: what they have, the addresses, how to make one of their own."""

from __future__ import annotations

import shlex
from collections.abc import AsyncIterator, Iterator

from conference.rules.kinds import Mode, Role
from conference.settings import Settings
from conference.store import people
from conference.web.site import Site
from conference.web.text import gettext as _

SHOWN = (
    (Role.CHAIR, 2),
    (Role.REGISTRAR, 1),
    (Role.DELEGATE, 3),
    (Role.SPEAKER, 1),
)


async def banner(site: Site, *, links: bool) -> str:
    """Return the greeting; personal links only for a terminal, never for a log file."""
    lines: list[str] = []
    head = site.meeting.conference
    if head.mode is Mode.DEMONSTRATION:
        lines.append(_("Demonstration is ready. Nothing here is real."))
    else:
        lines.append(_("%(name)s is ready.") % {"name": head.name})
    lines += ["", _row(_("Public page"), site.settings.address + "/")]
    if head.mode is Mode.DEMONSTRATION and links:
        lines += [_row(name, address) for name, address in [x async for x in _links(site)]]
    lines.append(_row(_("Hall screen"), site.settings.address + "/screen"))
    lines += ["", *_advice(site.settings, links=links)]
    return "\n".join(lines)


def _row(name: str, address: str) -> str:
    return f"  {name:<22} {address}"


def _advice(settings: Settings, *, links: bool) -> Iterator[str]:
    # To be copied as it stands: without folder and address it would print the links of another one.
    where = ["--data", str(settings.data), "--public-url", settings.address]
    command = shlex.join(["python3", "run.py", "people", "links", *where])
    if not links:
        yield _("Sign-in links are printed to a terminal only: %(command)s") % {"command": command}
    else:
        yield _("Everybody's sign-in links: %(command)s") % {"command": command}
    yield _("A conference of your own: python3 run.py load FILE --data FOLDER (see README)")
    yield _("Stop with Ctrl-C. Everything is kept.")


async def _links(site: Site) -> AsyncIterator[tuple[str, str]]:
    async with site.store.reading() as reader:
        accounts = {row.person: row for row in await people.all(reader)}
    for role, count in SHOWN:
        having = [p for p in site.meeting.people.values() if role in p.roles]
        having.sort(key=lambda p: accounts[p.id].name)
        for person in having[:count]:
            account = accounts[person.id]
            yield account.name, site.links.address(person.id, account.link_generation)
