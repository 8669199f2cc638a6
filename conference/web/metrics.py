"""`/metrics`: how the server is, for Prometheus. Counts and times only, never who or what.

For this machine, or for whoever has the token of the settings; for everybody else it does not exist.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from conference.meters import family, resident_bytes
from conference.permission import PUBLIC
from conference.rules.refused import Refused
from conference.settings import LOOPBACK
from conference.store import mail
from conference.web.guard import Refusal, Visit, route
from conference.web.regions import Audience
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def metrics(request: Request, _visit: Visit) -> Response:
    """Return the figures, to whoever may have them."""
    site = site_of(request)
    if not _may(request, site.settings.metrics_token):
        raise Refusal(Refused(Wrong.NOT_FOUND))
    async with site.store.reading() as reader:
        waiting = await mail.unsent(reader)
    text = "".join(_families(site, waiting))
    return PlainTextResponse(text, media_type=None, headers={"Content-Type": CONTENT_TYPE})


def _may(request: Request, token: str) -> bool:
    """With a token set, it is asked for; without, only this machine, and no proxy on it."""
    if token:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(shown.encode(), token.encode())
    forwarded = {"x-forwarded-for", "forwarded", "via"} & set(request.headers.keys())
    host = request.client.host if request.client else ""
    return not forwarded and host in LOOPBACK


def _families(site: Site, mails: int) -> Iterator[str]:
    yield from _gauges(site, mails)
    meters = site.hall.meters
    for name, meaning, histogram in (
        ("batch_size", "Requests of one transaction.", meters.batch),
        (
            "commit_seconds",
            "From the begin of a transaction until it is on the disk.",
            meters.commit,
        ),
        ("beat_seconds", "How long one telling of the turnout took.", meters.beat),
        ("stall_seconds", "How long the process answered nobody, each time.", meters.stall),
    ):
        full = f"conference_{name}"
        yield family(full, "histogram", meaning, histogram.lines(full))
    for name, meaning, count in (
        ("acts_total", "Acts that were taken.", meters.acts),
        ("ballots_total", "Ballots that were stored.", meters.ballots),
    ):
        full = f"conference_{name}"
        yield family(full, "counter", meaning, [f"{full} {count}"])
    name = "conference_refused_total"
    codes = sorted(meters.refused.items())
    samples = [f'{name}{{code="{code}"}} {count}' for code, count in codes]
    yield family(name, "counter", "Refusals, by code.", samples)


def _gauges(site: Site, mails: int) -> Iterator[str]:
    seats: Counter[str] = Counter()
    for seat in site.room.seats():
        if isinstance(seat.audience, Audience):
            seats[seat.audience.view] += 1
    name = "conference_seats"
    samples = [f'{name}{{view="{view}"}} {count}' for view, count in sorted(seats.items())]
    yield family(name, "gauge", "Live connections, by kind of page.", samples)
    for name, meaning, value in (
        ("ready", "1 while the conference can be used.", int(site.ready)),
        ("inbox", "Requests that wait for the clerk.", site.hall.waiting),
        ("mail_queue", "Mails that have not left yet.", mails),
        ("ballast_bytes", "Room kept for a full disk; 0: given up.", site.store.ballast.held),
        (
            "last_act_timestamp_seconds",
            "When the last act was on the disk, and telling it began.",
            site.hall.meters.last_act / 1000,
        ),
        ("memory_bytes", "Memory of the server's process.", resident_bytes()),
    ):
        full = f"conference_{name}"
        yield family(full, "gauge", meaning, [f"{full} {value}"])


ROUTES = [route("/metrics", metrics, PUBLIC)]
