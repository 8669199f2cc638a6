"""The pages of one vote: how it was counted, the board, and what may be taken home and checked."""

from __future__ import annotations

import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from conference import sealing
from conference.permission import PUBLIC, SIGNED_IN
from conference.rules import question
from conference.rules.kinds import Role, Standing, VoteId, VoteState
from conference.rules.refused import Code, Refused
from conference.rules.state import Person, Vote
from conference.store import ballots
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


async def roll_call(request: Request, visit: Visit) -> Response:
    """The roll-call of a declared vote by name, for delegates and tellers."""
    site, vote = site_of(request), _vote(request)
    if not reads_names(visit.person):
        raise Refusal(Refused(Code.NOT_ALLOWED))
    put = question.text_of_vote(site.meeting, vote)
    if vote.state is not VoteState.DECLARED or not vote.by_name or put is None:
        raise Refusal(Refused(Wrong.NOT_FOUND))
    async with site.store.reading() as reader:
        lines = await ballots.roll_call(reader, vote.id)
    signed = await site.scrutiny.sign_roll_call(vote)
    if signed is None:
        raise Refusal(Refused(Code.NO_KEY))
    figures_ = {"for": vote.votes_for, "against": vote.votes_against, "abstain": vote.abstentions}
    document = {
        "vote": vote.id,
        "question": vote.question,
        "text": put,
        "lines": [{"name": name, "choice": choice, "hash": mark} for name, choice, mark in lines],
        "last": signed.line,
        "signature": signed.signature,
        "signer": signed.signer,
        "figures": figures_,
        "delete_after": boxes.delete_after(site),
    }
    headers = {"Content-Disposition": f'attachment; filename="roll-call-{vote.id}.json"'}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return Response(text, 200, headers, "application/json")


async def recount(request: Request, visit: Visit) -> Response:
    """The program that recounts a roll-call by itself."""
    _vote(request)
    if not reads_names(visit.person):
        raise Refusal(Refused(Code.NOT_ALLOWED))
    program = (_BESIDE / "recount.py").read_text(encoding="utf-8")
    headers = {"Content-Disposition": 'attachment; filename="recount.py"'}
    return Response(program, 200, headers, "text/x-python")


ROUTES = [
    route("/votes/{vote:int}", vote_page, PUBLIC),
    route("/votes/{vote:int}/board", board, PUBLIC),
    route("/votes/{vote:int}/roll-call.json", roll_call, SIGNED_IN),
    route("/votes/{vote:int}/recount.py", recount, SIGNED_IN),
]
