"""The pages of one vote: how it was counted, the board, and what may be taken home and checked."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from conference import sealing
from conference.permission import PUBLIC
from conference.rules.kinds import Role, Standing, VoteId
from conference.rules.refused import Refused
from conference.rules.state import Person, Vote
from conference.web.guard import Refusal, Visit, route
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views import boxes

READ_NAMES = frozenset({Role.DELEGATE, Role.TELLER})
"""Who is given the roll-call of a vote by name."""
_BESIDE = Path(sealing.__file__).parent


def reads_names(person: Person | None) -> bool:
    """Say whether this person is given roll-calls."""
    accepted = person is not None and person.standing is Standing.ACCEPTED
    return accepted and person is not None and bool(person.roles & READ_NAMES)


def _vote(request: Request) -> Vote:
    """Return the vote of this address. Raises Refusal when there is none."""
    vote = site_of(request).meeting.votes.get(VoteId(request.path_params["vote"]))
    if vote is None:
        raise Refusal(Refused(Wrong.NOT_FOUND))
    return vote


async def vote_page(request: Request, visit: Visit) -> Response:
    """One vote: its result, how it was counted, and one's own envelope."""
    site, vote = site_of(request), _vote(request)
    person = visit.person.id if visit.person else None
    context = await boxes.vote_page(site, vote, person, reads_names=reads_names(visit.person))
    return render(request, visit, "vote", _("Vote %(n)s") % {"n": vote.id}, context)


async def board(request: Request, visit: Visit) -> Response:
    """The public board: heads, hashes of all envelopes, totals. None before the box is fixed."""
    site, vote = site_of(request), _vote(request)
    if vote.by_name or not vote.root:
        raise Refusal(Refused(Wrong.NOT_FOUND))
    context = await boxes.board_page(site, vote)
    return render(request, visit, "board", _("Board of vote %(n)s") % {"n": vote.id}, context)


ROUTES = [
    route("/votes/{vote:int}", vote_page, PUBLIC),
    route("/votes/{vote:int}/board", board, PUBLIC),
]
