"""Who may use a route or send a message. What declares nothing is refused."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import Role, Standing
from conference.rules.state import Person


@dataclass(frozen=True, slots=True)
class Permission:
    """A named condition on the person who asks. `roles` empty: any person who is signed in."""

    name: str
    signed_in: bool = True
    roles: frozenset[Role] = frozenset()

    def allows(self, person: Person | None) -> bool:
        """Say whether this person (None: nobody has signed in) may go on."""
        if not self.signed_in:
            return True
        if person is None:
            return False
        if not self.roles:
            return True
        return person.standing is Standing.ACCEPTED and bool(person.roles & self.roles)


PUBLIC = Permission("public", signed_in=False)
SIGNED_IN = Permission("signed in")
DELEGATE = Permission("delegate", roles=frozenset({Role.DELEGATE}))
CHAIR = Permission(
    "chair",
    roles=frozenset({Role.CHAIR, Role.VICE_CHAIR, Role.SECRETARY}),
)
"""Who may look at the panel; the rules let only whoever is in the chair press anything."""
SECOND = Permission(
    "officer",
    roles=CHAIR.roles | {Role.TELLER, Role.REGISTRAR},
)
"""Who can be the second of two officers, and reads the officers' notes."""
SECRETARY = Permission("secretary", roles=frozenset({Role.SECRETARY}))
REGISTRAR = Permission("registrar", roles=frozenset({Role.REGISTRAR}))
ORGANISER = Permission("organiser", roles=frozenset({Role.ORGANISER}))
OFFICE = Permission("registrar or organiser", roles=frozenset({Role.REGISTRAR, Role.ORGANISER}))
EDITOR = Permission("agenda editor", roles=frozenset({Role.ORGANISER, Role.ARRANGEMENTS}))
"""Who prepares the agenda before the day."""
DOOR = Permission("check-in desk", roles=frozenset({Role.REGISTRAR, Role.STEWARD}))
TELLER = Permission("teller", roles=frozenset({Role.TELLER}))
STAGE = Permission("stage", roles=frozenset({Role.STEWARD, Role.ORGANISER}))
"""Who runs speakers, sound, help and the hall screen."""
QUEUE = Permission("queue-keeper", roles=frozenset({Role.QUEUE_KEEPER}))
SPEAKER = Permission("speaker", roles=frozenset({Role.SPEAKER}))
