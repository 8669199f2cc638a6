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
    meters = site.hall.meters
    seats: Counter[str] = Counter()
    for seat in site.room.seats():
        if isinstance(seat.audience, Audience):
            seats[seat.audience.view] += 1
    yield family(
        "conference_ready", "gauge", "1 while the conference can be used.",
        [f"conference_ready {int(site.ready)}"],
    )  # fmt: skip
    yield family(
        "conference_seats", "gauge", "Live connections, by kind of page.",
        [f'conference_seats{{view="{view}"}} {count}' for view, count in sorted(seats.items())],
    )  # fmt: skip
    for name, meaning, value in (
        ("inbox", "Requests that wait for the clerk.", site.hall.waiting),
        ("mail_queue", "Mails that have not left yet.", mails),
        ("memory_bytes", "Memory of the server's process.", resident_bytes()),
    ):
        full = f"conference_{name}"
        yield family(full, "gauge", meaning, [f"{full} {value}"])
    for name, meaning, histogram in (
        ("batch_size", "Requests of one transaction.", meters.batch),
        (
            "commit_seconds",
            "From the begin of a transaction until it is on the disk.",
            meters.commit,
        ),
        ("beat_seconds", "How long one telling of the turnout took.", meters.beat),
    ):
        full = f"conference_{name}"
        yield family(full, "histogram", meaning, histogram.lines(full))
    yield family(
        "conference_acts_total", "counter", "Acts that were taken.",
        [f"conference_acts_total {meters.acts}"],
    )  # fmt: skip
    yield family(
        "conference_ballots_total", "counter", "Ballots that were stored.",
        [f"conference_ballots_total {meters.ballots}"],
    )  # fmt: skip
    yield family(
        "conference_refused_total", "counter", "Refusals, by code.",
        [
            f'conference_refused_total{{code="{code}"}} {count}'
            for code, count in sorted(meters.refused.items())
        ],
    )  # fmt: skip


ROUTES = [route("/metrics", metrics, PUBLIC)]
