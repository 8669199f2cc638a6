"""What a person reads at the start: what they have, the addresses, how to make one of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from conference.rules.kinds import Mode, Role
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
    lines += ["", *_advice(links=links)]
    return "\n".join(lines)


def _row(name: str, address: str) -> str:
    return f"  {name:<22} {address}"


def _advice(*, links: bool) -> Iterator[str]:
    if not links:
        yield _("Sign-in links are printed to a terminal only: python3 run.py people links")
    else:
        yield _("Everybody's sign-in links: python3 run.py people links")
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
