"""What has been written to whom: read from the queue, in which it stands at once."""

from __future__ import annotations

import re

from conference.app import House
from conference.store import mail
from conference.store.mail import Mail

LINK = re.compile(r"https?://[^/\s]+(/\S+)")
CODE = re.compile(r"^ *(\d{4} \d{4})$", re.MULTILINE)

CONSENTS = ("taking_part", "named", "recorded", "contact")
FORM = {
    "name": "Robin",
    "email": "robin@mail.example",
    "belongs": "Suspended",
    "taking_part": "yes",
}


async def mails_to(house: House, address: str) -> list[Mail]:
    """Every mail to this address that no server has taken, the oldest first."""
    async with house.site.store.reading() as reader:
        found = await mail.waiting(reader)
    return [m for m in reversed(found) if m.recipient == address]


async def last_to(house: House, address: str) -> Mail:
    return (await mails_to(house, address))[-1]


def path_in(written: Mail) -> str:
    """The path of the link in a mail."""
    found = LINK.search(written.text)
    assert found, written.text
    return found.group(1)


def code_in(written: Mail) -> str:
    found = CODE.search(written.text)
    assert found, written.text
    return found.group(1)


async def registered(visitors, email="robin@mail.example", name="Robin", **more):
    """A browser of somebody who has registered and confirmed, and waits for the registrar."""
    client = visitors.nobody()
    form = {**FORM, "email": email, "name": name, **more}
    assert (await client.post("/register", data=form)).status_code == 303
    path = path_in(await last_to(visitors.house, email))
    answer = await client.post(path)
    assert answer.status_code == 303, answer.text
    return client
