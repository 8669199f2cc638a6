"""Every route of the product with its permission. What stands in no list does not exist."""

from __future__ import annotations

from starlette.routing import WebSocketRoute

from conference.permission import PUBLIC, SIGNED_IN
from conference.web import (
    agenda_edit,
    amend,
    chair,
    chair_agenda,
    chair_debate,
    chair_order,
    chair_votes,
    count,
    crowd,
    devices,
    door,
    factors,
    floor,
    health,
    helpdesk,
    me,
    mode,
    notes,
    papers,
    post,
    procedure,
    programme,
    proof,
    public,
    register,
    registrar,
    secretary,
    signin,
    speaker,
)
from conference.web.guard import GuardedRoute, route
from conference.web.live import live

ROUTES: list[GuardedRoute] = [
    route("/healthz", health.healthz, PUBLIC),
    route("/screen", health.screen, PUBLIC),
    route("/.well-known/security.txt", health.security_txt, PUBLIC),
    *door.ROUTES,
    route("/floor", floor.floor, SIGNED_IN),
    route("/presence", floor.presence, SIGNED_IN, ("POST",)),
    route("/queue", floor.queue, SIGNED_IN, ("POST",)),
    route("/votes/{vote:int}/ballots", floor.ballot, SIGNED_IN, ("POST",)),
    *procedure.ROUTES,
    *amend.ROUTES,
    *notes.ROUTES,
    *chair.ROUTES,
    *chair_debate.ROUTES,
    *chair_votes.ROUTES,
    *chair_order.ROUTES,
    *chair_agenda.ROUTES,
    *agenda_edit.ROUTES,
    *speaker.ROUTES,
    *count.ROUTES,
    *secretary.ROUTES,
    *crowd.ROUTES,
    *mode.ROUTES,
    *public.ROUTES,
    *programme.ROUTES,
    *papers.ROUTES,
    *register.ROUTES,
    *signin.ROUTES,
    *registrar.ROUTES,
    *post.ROUTES,
    *me.ROUTES,
    *devices.ROUTES,
    *helpdesk.ROUTES,
    *factors.ROUTES,
    *proof.ROUTES,
]

LIVE = WebSocketRoute("/live", live)

__all__ = ["LIVE", "ROUTES"]
