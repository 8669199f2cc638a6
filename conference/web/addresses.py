"""E-mail addresses as people type and see them: masked, misspelt, from a throw-away provider."""

from __future__ import annotations

COMMON = (
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.co.uk",
    "live.com", "msn.com", "yahoo.com", "yahoo.co.uk", "ymail.com", "icloud.com", "me.com",
    "btinternet.com", "btopenworld.com", "talktalk.net", "virginmedia.com", "ntlworld.com",
    "sky.com", "tiscali.co.uk", "blueyonder.co.uk", "aol.com", "protonmail.com", "proton.me",
    "tutanota.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "mail.com", "fastmail.com",
    "riseup.net", "posteo.de", "posteo.net", "zoho.com",
)  # fmt: skip
"""Providers of so many people that a shared domain says nothing, and that are often misspelt."""
DISPOSABLE = frozenset(
    {
        "mailinator.com", "guerrillamail.com", "10minutemail.com", "yopmail.com", "tempmail.com",
        "temp-mail.org", "trashmail.com", "getnada.com", "dispostable.com", "sharklasers.com",
        "maildrop.cc", "mailnesia.com", "throwawaymail.com", "fakeinbox.com", "mintemail.com",
        "spamgourmet.com", "mohmal.com", "emailondeck.com", "discard.email", "burnermail.io",
    }
)  # fmt: skip
"""Providers of addresses for one use: a hint to the registrar, never a reason to refuse."""
_NEAR = 2


def domain_of(address: str) -> str:
    """Return the part after the @, in small letters."""
    return address.rpartition("@")[2].casefold()


def masked(address: str) -> str:
    """Return the address so that its owner recognises it and nobody else can use it."""
    if not address:
        return ""
    local, _at, domain = address.rpartition("@")
    name, _dot, rest = domain.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••.{rest}"


def probably_meant(address: str) -> str:
    """Return the address with the domain that was probably meant, or nothing when it looks right."""
    domain = domain_of(address)
    if domain in COMMON or domain in DISPOSABLE:
        return ""
    near = [one for one in COMMON if len(one) > 6 and 0 < _distance(domain, one) <= _allowed(one)]  # noqa: PLR2004
    best = min(near, key=lambda one: _distance(domain, one), default="")
    return f"{address.rpartition('@')[0]}@{best}" if best else ""


def _allowed(domain: str) -> int:
    """How many slips a misspelling of this domain may have: a short name must differ by one only."""
    return _NEAR if len(domain.partition(".")[0]) > 6 else 1  # noqa: PLR2004


def _distance(one: str, other: str) -> int:
    """Return the number of slips between two texts: a letter more, less, wrong, or two swapped."""
    if abs(len(one) - len(other)) > _NEAR:
        return _NEAR + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        older, before = before, row
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != wanted))
            swapped = i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == wanted
            row.append(min(cost, older[j - 2] + 1) if swapped else cost)
    return row[-1]
