"""Addresses of other services: what may be entered, and how one is shown inside our page.

Nothing of them is ever fetched by the server. Only `https` passes, so no address can carry a
script; a host on this machine itself may be `http`, for practice.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from conference.settings import LOOPBACK

LONGEST = 500
HOST = re.compile(
    r"\A(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z"
)
_ID = re.compile(r"\A[A-Za-z0-9_-]{1,64}\Z")
_YOUTUBE = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be",
                      "www.youtube-nocookie.com"})  # fmt: skip
_VIMEO = frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com"})


def is_address(text: str) -> bool:
    """Say whether this is an address of the web that may be entered."""
    if len(text) > LONGEST or not text.isprintable() or any(c in text for c in ' "<>\\^`{|}'):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if "@" in parts.netloc or not HOST.match(host) or port == 0:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def is_host(text: str) -> bool:
    """Say whether this is a host, with a port or without: what the list of hosts may hold."""
    host, colon, port = text.partition(":")
    return bool(HOST.match(host)) and (not colon or (port.isascii() and port.isdigit()))


def host_of(address: str) -> str:
    """Return the host, with its port where one is named: what people read, and what is allowed."""
    return urlsplit(address).netloc.lower()


def origin_of(address: str) -> str:
    """Return scheme, host and port: exactly what a content security policy lets through."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def is_hls(address: str) -> bool:
    """Say whether this is a playlist of an HTTP live stream."""
    return urlsplit(address).path.lower().endswith(".m3u8")


def embedded(address: str) -> str:
    """Return the address under which the same is shown inside another page.

    YouTube, Vimeo and PeerTube have one of their own; a room of Jitsi or BigBlueButton and whatever
    else the organiser has allowed is shown as it is.
    """
    parts = urlsplit(address)
    host, pieces = parts.hostname or "", [p for p in parts.path.split("/") if p]
    if host in _YOUTUBE and (video := _youtube(host, pieces, parts.query)):
        return f"https://www.youtube-nocookie.com/embed/{video}"
    if host in _VIMEO and pieces and pieces[-1].isdigit():
        return f"https://player.vimeo.com/video/{pieces[-1]}"
    if len(pieces) == 2 and pieces[0] == "w" and _ID.match(pieces[1]):  # noqa: PLR2004
        return f"{origin_of(address)}/videos/embed/{pieces[1]}"
    if pieces[:2] == ["videos", "watch"] and len(pieces) > 2 and _ID.match(pieces[2]):  # noqa: PLR2004
        return f"{origin_of(address)}/videos/embed/{pieces[2]}"
    return address


def _youtube(host: str, pieces: list[str], query: str) -> str:
    found = parse_qs(query).get("v", [""])[0]
    if not found and pieces and (host == "youtu.be" or pieces[0] in {"live", "embed", "shorts"}):
        found = pieces[-1]
    return found if _ID.match(found) else ""
