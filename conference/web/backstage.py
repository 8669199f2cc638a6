"""What stands beside the meeting for speakers, sound and help, as it is in the database.

Kept in memory like display names: read at the start, changed only after the clerk has stored it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from conference.rules.kinds import ItemId, PersonId, SlotId
from conference.store import Reader, Tx, helps, meta, sounds, speakers
from conference.store.helps import HelpCall
from conference.store.sounds import WHOLE, Sound
from conference.store.speakers import Details, Reminding, Reserve

EMBED_HOSTS = "embed_hosts"
"""The key under which the hosts are kept whose pages may be shown inside ours."""
SCREEN_LINK = "screen_link"
"""The key under which the number of the hall screen's newest link is kept."""


@dataclass(slots=True)
class Backstage:
    """Speakers' own words and pictures, addresses of sound and picture, the help list."""

    sounds: dict[ItemId, Sound] = field(default_factory=dict)
    embed_hosts: tuple[str, ...] = ()
    speakers: dict[PersonId, Details] = field(default_factory=dict)
    pictures: set[PersonId] = field(default_factory=set)
    reserves: dict[SlotId, Reserve] = field(default_factory=dict)
    helps: dict[int, HelpCall] = field(default_factory=dict)
    screen_link: int = 1
    reminding: Reminding = field(default_factory=Reminding)

    def sound(self, item: ItemId | None) -> Sound:
        """Return how this item is heard: its own addresses, or those of the whole conference."""
        own = self.sounds.get(item) if item is not None else None
        return own or self.sounds.get(WHOLE) or Sound(WHOLE)

    def details(self, person: PersonId) -> Details:
        """Return what this speaker has told; before they have, a blank."""
        return self.speakers.get(person) or Details(person)

    def end_of_day(self) -> None:
        """Forget what was for the day only, as the database has."""
        self.speakers = {
            who: Details(who, biography=told.biography, published=told.published)
            for who, told in self.speakers.items()
        }
        self.reserves.clear()
        self.helps.clear()


async def load(reader: Reader) -> Backstage:
    """Return everything as it is stored."""
    hosts = json.loads(await meta.get(reader, EMBED_HOSTS) or "[]")
    return Backstage(
        sounds=await sounds.everything(reader),
        embed_hosts=tuple(str(host) for host in hosts),
        speakers=await speakers.everything(reader),
        pictures=await speakers.pictures(reader),
        reserves=await speakers.reserves(reader),
        helps=await helps.waiting(reader),
        screen_link=int(await meta.get(reader, SCREEN_LINK) or "1"),
        reminding=await speakers.reminding(reader),
    )


async def put_embed_hosts(tx: Tx, hosts: Sequence[str]) -> None:
    """Keep these hosts in place of those before."""
    await meta.put(tx, EMBED_HOSTS, json.dumps(list(hosts)))
