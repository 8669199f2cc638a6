"""Bytes that mean one thing only: fields with their length in front, and a tag for what they are."""

from __future__ import annotations

import base64
import hashlib

_MOST = 0xFFFF


def framed(tag: str, *fields: bytes) -> bytes:
    """`tag` and `fields`, each behind its length (two bytes): no two lists give the same bytes.

    Raises ValueError for a field over 65,535 bytes.
    """
    parts = [tag.encode(), *fields]
    if any(len(part) > _MOST for part in parts):
        raise ValueError("a field is longer than its length can say")
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def digest(tag: str, *fields: bytes) -> bytes:
    """The SHA-256 of `framed(tag, *fields)`: 32 bytes."""
    return hashlib.sha256(framed(tag, *fields)).digest()


def to_text(data: bytes) -> str:
    """`data` in base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(text: str) -> bytes | None:
    """What `to_text` made `text` of; None if it made no such text, in whatever way it differs."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    return data if to_text(data) == text else None
