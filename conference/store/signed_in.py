"""Who is signed in, in memory: every request and every handshake asks, so none waits for the disk.

The table `session` is what counts; this is its copy. A trigger of the writing connection notes whose
sign-ins a transaction touches, whatever touched them (a press, an erasure, a foreign key), and after
COMMIT the copy holds these people's rows as they were committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import func, select

from conference.rules.kinds import PersonId
from conference.store import schema
from conference.store.signins import Session, sessions_where
from conference.store.transaction import Reader

NOTE = "note_signed_in"
"""The function that the triggers call with a person."""
TRIGGERS = tuple(
    f"CREATE TEMP TRIGGER IF NOT EXISTS signed_in_{event.lower()} AFTER {event} ON main.session "
    f"BEGIN {' '.join(f'SELECT {NOTE}({row}.person);' for row in rows)} END"
    for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",)))
)


class SignedIn:
    """The sessions of everybody, by their secret, by person and by browser."""

    def __init__(self, rows: Iterable[Session] = ()) -> None:
        """Begin with these sessions."""
        self._by_hash: dict[str, Session] = {}
        self._by_previous: dict[str, Session] = {}
        self._of_person: dict[PersonId, tuple[Session, ...]] = {}
        self._of_browser: dict[str, tuple[Session, ...]] = {}
        self.replace((), rows)

    def session(self, id_hash: str, now: int) -> Session | None:
        """Return the session behind this secret, the present one or one just replaced."""
        found = self._by_hash.get(id_hash)
        if found is None:
            older = self._by_previous.get(id_hash)
            if older is not None and (older.previous_until or 0) > now:
                return older
        return found

    def of_browser(self, browser: str) -> tuple[Session, ...]:
        """Return the sessions on this browser; none for an unnamed one."""
        return self._of_browser.get(browser, ()) if browser else ()

    def replace(self, persons: Iterable[PersonId], rows: Iterable[Session]) -> None:
        """Let these people have these sessions and no others."""
        for person in persons:
            for row in self._of_person.pop(person, ()):
                del self._by_hash[row.id_hash]
                if row.previous_hash is not None:
                    self._by_previous.pop(row.previous_hash, None)
                if row.browser:
                    rest = tuple(r for r in self._of_browser[row.browser] if r is not row)
                    if rest:
                        self._of_browser[row.browser] = rest
                    else:
                        del self._of_browser[row.browser]
        for row in rows:
            self._by_hash[row.id_hash] = row
            if row.previous_hash is not None:
                self._by_previous[row.previous_hash] = row
            self._of_person[row.person] = (*self._of_person.get(row.person, ()), row)
            if row.browser:
                self._of_browser[row.browser] = (*self._of_browser.get(row.browser, ()), row)

    def everything(self) -> dict[str, Session]:
        """Return every session by its secret's hash."""
        return dict(self._by_hash)


async def rows_of(reader: Reader, persons: Iterable[str]) -> list[Session]:
    """The sessions of these people, as the reader sees them."""
    wanted = select(func.json_each(json.dumps(sorted(persons))).table_valued("value").c.value)
    return await sessions_where(reader, schema.session.c.person.in_(wanted))


async def everybodys(reader: Reader) -> list[Session]:
    """Every session there is."""
    return await sessions_where(reader)
