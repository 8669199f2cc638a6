"""Codes of an authenticator app: RFC 6238 over RFC 4226, six digits, thirty seconds, SHA-1.

These are the only parameters that every app understands; what protects is the secret of 160 bits and
that a code is taken once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet, InvalidToken

from conference.web.site import Links

PERIOD = 30
DIGITS = 6
DRIFT = 1
"""So many steps an app's clock may be off, to either side."""


def new_secret() -> str:
    """Return 160 random bits in base32, as apps want them typed."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code(secret: str, step: int, digits: int = DIGITS) -> str:
    """Return the code of this step (RFC 4226, section 5.3)."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def step_of(secret: str, typed: str, now_ms: int) -> int | None:
    """Return the step whose code was typed, the present one or a neighbour; None for a wrong code."""
    present = now_ms // 1000 // PERIOD
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(code(secret, step), typed):
            found = step
    return found


def address(secret: str, conference: str, name: str) -> str:
    """Return the address that an app reads off the picture (Key URI format)."""
    facts = {"secret": secret, "issuer": conference, "digits": DIGITS, "period": PERIOD}
    return f"otpauth://totp/{quote(conference)}:{quote(name)}?{urlencode(facts, quote_via=quote)}"


def _cipher(links: Links) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(links.keyed_hash("authenticators"))))


def seal(links: Links, secret: str) -> str:
    """Return the secret as the database keeps it: worthless without this installation's own."""
    return _cipher(links).encrypt(secret.encode()).decode()


def unseal(links: Links, sealed: str) -> str | None:
    """Return the secret, or None when it was sealed by another installation."""
    try:
        return _cipher(links).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
