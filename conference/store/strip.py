"""A copy for a rehearsal holds nobody's secrets: what it does not need is taken out of it at once."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, update

from conference.rules.kinds import PersonId
from conference.store import notes, schema
from conference.store.retention import forget_voted, of_account
from conference.store.transaction import Tx

_WORDS = (
    schema.application, schema.application_words, schema.code, schema.help_call,
    schema.invitation, schema.mail, schema.remark, schema.reserve, schema.session,
)  # fmt: skip


async def strip(tx: Tx, names: Mapping[PersonId, str]) -> None:
    """Nobody's address, sign-in, message, ballot or written word is left; `names` are the new names.

    Whoever stands in `names` is called that from now on; everybody else keeps the name they have.
    """
    await forget_voted(tx)
    for table in {*_WORDS, *of_account()}:
        await tx.conn.execute(delete(table))
    await notes.clear(tx)
    account = schema.account
    nothing = {
        "email": None, "email_key": None, "belongs": "", "consent_named": 0,
        "consent_recorded": 0, "consent_contact": 0, "link_used_at": None,
    }  # fmt: skip
    await tx.conn.execute(update(account).values(nothing))
    for person, name in names.items():
        await tx.conn.execute(update(account).where(account.c.person == person).values(name=name))
