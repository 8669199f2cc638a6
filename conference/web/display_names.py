"""Which display names are refused: names of roles, and look-alikes of names that the papers print.

Two names that a reader could take for each other have the same *skeleton*: without accents, case,
spaces and signs, each letter replaced by the plain one that it looks like.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

ROLE_WORDS = (
    "chair", "chairs", "chairman", "chairwoman", "chairperson", "vicechair", "convenor", "convener",
    "secretary", "registrar", "organiser", "organizer", "teller", "tellers", "scrutineer",
    "steward", "moderator", "admin", "administrator", "official", "support", "helpdesk", "host",
    "queuekeeper",
)  # fmt: skip
"""A name with one of these words in it could be taken for an officer's."""
WHOLE = (
    "delegate", "observer", "speaker", "screen", "hallscreen", "conference", "system", "committee",
    "arrangementscommittee", "standingorderscommittee", "deletedperson", "namehidden",
)  # fmt: skip
"""A name that is one of these, with or without a number, says nothing about a person."""
_LIKE = str.maketrans("0134578@$|i", "oleastbasll")


@cache
def _plain(sign: str) -> str:
    """The small plain letter that this one looks like, or itself."""
    if sign.isascii():
        return sign
    # Imported here: the table of look-alikes is large, and most commands never ask for it.
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415

    alike = [entry["c"] for entry in confusables_data.get(sign, ())]
    found = (one for one in alike if len(one) == 1 and one.isascii() and one.isalnum())
    return str(next(found, sign)).casefold()


@lru_cache(maxsize=20_000)
def skeleton(name: str) -> str:
    """Return what a reader sees of this name at a glance; equal for names that look alike."""
    plain = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", name))
    bare = unicodedata.normalize("NFKD", plain.casefold())
    signs = "".join(_plain(sign) for sign in bare if not unicodedata.combining(sign))
    like = signs.translate(_LIKE).replace("rn", "m").replace("vv", "w")
    return "".join(sign for sign in like if sign.isalnum())


_ROLES = frozenset(skeleton(word) for word in ROLE_WORDS)
_WHOLE = frozenset(skeleton(word) for word in WHOLE)


def is_a_role(name: str) -> bool:
    """Say whether this reads like the name of a role and not of a person."""
    words = name.replace("-", " ").replace("_", " ").replace(".", " ").split()
    if any(skeleton(word.strip("()[]{}<>,;:!?*'\"#")) in _ROLES for word in words):
        return True
    letters = "".join(sign for sign in name if not sign.isdigit())
    whole = {skeleton(name), skeleton(letters)}
    return bool(whole & (_ROLES | _WHOLE)) or any(skeleton("".join(words)) == r for r in _ROLES)


def looks_like_one_of(name: str, others: Iterable[str]) -> bool:
    """Say whether a reader could take this name for one of the others."""
    own = skeleton(name)
    return bool(own) and any(skeleton(other) == own for other in others)
