"""The two cookies: one signs in, the other only tells this browser from another.

The first is opaque, unreadable for scripts, and works nowhere but here. The second binds a mailed link
to the browser that asked for it, and lets people who share a device switch between their sign-ins.
"""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

from conference.web.site import Site, hash_token, new_token, site_of
from conference.web.text import gettext as _

MAX_AGE = 180 * 24 * 3600
"""Seconds until a browser forgets; the server forgets a sign-in at the end of the conference."""
LONGEST = 200
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
MAKERS = (("Firefox/", "Firefox"), ("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def cookie_name(site: Site) -> str:
    """Return the session cookie's name; `__Host-` where HTTPS makes that possible."""
    # A browser sends its cookies to every port of a machine: a rehearsal must not sign anybody out.
    name = "conference-rehearsal" if site.settings.copy else "conference"
    return f"__Host-{name}" if site.settings.secure else name


def browser_cookie(site: Site) -> str:
    """Return the name of the cookie that names the browser."""
    return f"{cookie_name(site)}-browser"


def browser_of(connection: HTTPConnection) -> str:
    """Return the hash of this browser's name; empty when it has none yet."""
    name = connection.cookies.get(browser_cookie(site_of(connection)), "")
    return hash_token(name) if name and len(name) <= LONGEST else ""


def name_browser(connection: HTTPConnection, response: Response) -> str:
    """Give this browser a name unless it has one; return the hash of it. Stores nothing."""
    if known := browser_of(connection):
        return known
    site, name = site_of(connection), new_token()
    keep(site, response, browser_cookie(site), name)
    return hash_token(name)


def keep(site: Site, response: Response, name: str, value: str) -> None:
    """Let the browser keep this cookie: for this host only, out of reach of scripts."""
    response.set_cookie(
        name, value, max_age=MAX_AGE, path="/", secure=site.settings.secure, httponly=True,
        samesite="lax",
    )  # fmt: skip


def drop(site: Site, response: Response, name: str) -> None:
    """Let the browser forget this cookie."""
    response.delete_cookie(name, path="/", secure=site.settings.secure, httponly=True)


def label_of(connection: HTTPConnection) -> str:
    """Return what kind of browser this is, in words that tell one's own devices apart and no more."""
    agent = connection.headers.get("user-agent", "")
    maker = next((name for mark, name in MAKERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if maker and system:
        return _("%(maker)s on %(system)s") % {"maker": maker, "system": system}
    return maker or system
