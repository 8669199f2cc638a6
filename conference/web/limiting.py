"""How often a browser or an account may do what, before anybody has signed in."""

from __future__ import annotations

from starlette.requests import Request

from conference.rules.refused import Refused
from conference.web.browsers import browser_of
from conference.web.guard import Refusal
from conference.web.sentences import Wrong
from conference.web.site import site_of

PER_BROWSER = "30/minute"
PER_CLIENT = "3000/minute"
"""A whole hall, or a mobile network, may stand behind one address: 2,000 people in five minutes."""


def client_of(request: Request) -> str:
    """Return what tells one remote end from another; many people may share it."""
    return request.client.host if request.client else ""


def allow(request: Request, rule: str, *key: str) -> None:
    """Count one try. Raises Refusal when there have been too many."""
    if not site_of(request).limits.allow(rule, *key):
        raise Refusal(Refused(Wrong.TOO_OFTEN))


def allow_asking(request: Request) -> None:
    """Count one request for a mail: by browser, and only generously by where it comes from."""
    allow(request, PER_CLIENT, "mail", client_of(request))
    if browser := browser_of(request):
        allow(request, PER_BROWSER, "mail", browser)
