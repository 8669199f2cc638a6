"""Rows for tests of the store that are not about what stands in them."""

from __future__ import annotations

from dataclasses import replace

from conference.rules.kinds import PersonId
from conference.store.signins import Code, Purpose

_CODE = Code(
    "hash", Purpose.SPOKEN, PersonId("p-ada"), None, "digits", "phone", "/floor", expires_at=100
)


def a_code(id_hash, **changed):
    """A code of Ada's, which her phone asked for; with an address it is a mailed one."""
    if changed.get("email_key"):
        changed = {"purpose": Purpose.MAIL, "person": None, **changed}
    return replace(_CODE, id_hash=id_hash, **changed)
