"""The bundle of a declared secret vote: everything that anybody may check it with, in one file."""

from __future__ import annotations

import asyncio
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

from conference.permission import PUBLIC
from conference.rules import figures, question
from conference.rules.kinds import VoteId
from conference.rules.refused import Refused
from conference.rules.state import Vote
from conference.scrutiny import signed_head
from conference.sealing import heads
from conference.sealing.bundle import Bundle, packed
from conference.sealing.bytes import from_text
from conference.store import ballots
from conference.web.guard import GuardedRoute, Refusal, Visit, route
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of
from conference.web.views import boxes

KEPT = 4
"""How many bundles stay in memory: everybody asks for the latest."""


async def bundle(request: Request, _visit: Visit) -> Response:
    """Answer with the bundle as a zip file; the same to the byte for everybody."""
    site = site_of(request)
    number = VoteId(request.path_params["vote"])
    vote = site.meeting.votes.get(number)
    made = await _made(site, vote) if vote is not None and boxes.has_bundle(site, vote) else None
    if made is None:
        facts = {"days": site.public.organiser.challenge_days}
        raise Refusal(Refused(Wrong.NO_BUNDLE, facts))
    headers = {"Content-Disposition": f'attachment; filename="vote-{number}.zip"'}
    return Response(made, 200, headers, "application/zip")


async def _made(site: Site, vote: Vote) -> bytes | None:
    if vote.id not in site.bundles:
        found = await _collected(site, vote)
        if found is None:
            return None
        made = await asyncio.to_thread(packed, found, _file("verifier.py"), _file("README.txt"))
        site.bundles[vote.id] = made
        for old in list(site.bundles)[:-KEPT]:
            del site.bundles[old]
    return site.bundles[vote.id]


async def _collected(site: Site, vote: Vote) -> Bundle | None:
    """Return the facts of the bundle; None when one of them is gone: list, count or exact text."""
    text = question.text_of_vote(site.meeting, vote)
    rows = list(site.meeting.heads.values())
    last = next(
        (n for n, row in enumerate(rows) if row.vote == vote.id and _is_count(row.line)), -1
    )
    if last < 0 or text is None:
        return None
    signer = rows[last].signer
    chain = [signed_head(row) for row in rows[: last + 1] if row.signer == signer]
    envelopes = await boxes.envelopes_of(site, vote)
    if len(envelopes) != vote.envelopes:
        return None  # the time for which they are kept is over
    async with site.store.reading() as reader:
        opened = await ballots.opened(reader, vote.id)
    return Bundle(
        vote.id, from_text(signer) or b"", from_text(vote.key) or b"", text, chain, envelopes,
        None if figures.are_withheld(vote) else opened,
    )  # fmt: skip


def _is_count(line: str) -> bool:
    return isinstance(heads.read(line), heads.Count)


def _file(name: str) -> str:
    return (resources.files("conference.sealing") / name).read_text(encoding="utf-8")


ROUTES: list[GuardedRoute] = [route("/votes/{vote:int}/bundle.zip", bundle, PUBLIC)]
