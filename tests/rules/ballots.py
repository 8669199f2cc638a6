"""Who may put a ballot into a vote, by the scene: (scene, person, code or None). Read by tests."""

from __future__ import annotations

from conference.rules.kinds import PersonId
from conference.rules.refused import Code
from tests.rules.builders import (
    CHAIR,
    D1,
    D5,
    DECLINED,
    OBSERVER,
    REGISTRAR,
    SECRETARY,
    SPEAKER,
    TELLER,
    WAITING,
)

MAY_VOTE: tuple[tuple[str, PersonId, Code | None], ...] = (
    ("voting", D1, None),
    ("closable", D1, None),
    ("last call", D1, None),
    ("voting", D5, Code.LATE),
    ("last call", D5, Code.LATE),
    ("voting", OBSERVER, Code.OBSERVER),
    ("voting", WAITING, Code.WAITS_FOR_REGISTRAR),
    ("voting", DECLINED, Code.WAITS_FOR_REGISTRAR),
    ("voting", CHAIR, Code.NOT_ON_ROLL),
    ("voting", REGISTRAR, Code.NOT_ON_ROLL),
    ("voting", SECRETARY, Code.NOT_ON_ROLL),
    ("voting", TELLER, Code.NOT_ON_ROLL),
    ("voting", SPEAKER, Code.NOT_ON_ROLL),
    ("announced", D1, Code.VOTE_NOT_OPEN),
    ("announced", OBSERVER, Code.VOTE_NOT_OPEN),
    ("closed", D1, Code.VOTE_CLOSED),
    ("counted", D1, Code.VOTE_CLOSED),
    ("declared", D1, Code.VOTE_CLOSED),
    ("closed", D5, Code.VOTE_CLOSED),
    ("void", D1, Code.VOTE_VOID),
)
