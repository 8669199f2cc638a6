"""Bytes that mean one thing only: fields with their length in front, and a tag for what they are."""

from __future__ import annotations

import base64
import binascii
import hashlib

STANDARD = bytes.maketrans(b"-_+/", b"+/!!")
"""To the standard alphabet; its own two signs become one that no alphabet has."""


def framed(tag: str, *fields: bytes) -> bytes:
    """`tag` and `fields`, each behind its length (two bytes): no two lists give the same bytes.

    Raises ValueError for a field over 65,535 bytes.
    """
    parts = (tag.encode(), *fields)
    try:
        return b"".join([len(part).to_bytes(2, "big") + part for part in parts])
    except OverflowError as error:
        raise ValueError("a field is longer than its length can say") from error


def digest(tag: str, *fields: bytes) -> bytes:
    """The SHA-256 of `framed(tag, *fields)`: 32 bytes."""
    return hashlib.sha256(framed(tag, *fields)).digest()


def to_text(data: bytes) -> str:
    """`data` in base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(text: str) -> bytes | None:
    """What `to_text` made `text` of; None if it made no such text, in whatever way it differs."""
    try:
        standard = text.encode("ascii").translate(STANDARD) + b"=" * (-len(text) % 4)
        data = binascii.a2b_base64(standard, strict_mode=True)
    except ValueError:
        return None
    return data if binascii.b2a_base64(data, newline=False) == standard else None
