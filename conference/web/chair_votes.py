"""The chair and votes: announcing, extending, closing, stopping, declaring."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from conference.permission import CHAIR
from conference.rules import acts as a
from conference.rules.kinds import (
    AmendmentId,
    Choice,
    DoubleKind,
    MotionId,
    ProceduralId,
    VoteId,
)
from conference.web import forms
from conference.web.buttons import Number, Plain, button, line_button, press
from conference.web.guard import Visit, route


class VoteForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """Which question is put to the vote."""

    motion: Number | None = None
    amendment: Number | None = None
    procedural: Number | None = None
    below_quorum: Literal["", "yes"] = ""


class CloseForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """Closing, the second time although somebody asked for more time."""

    anyway: Literal["", "yes"] = ""


class CastingForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """How the chair decides a tie."""

    choice: Literal["for", "against"]


async def announce(request: Request, visit: Visit) -> Response:
    """Announce a vote, which then opens by itself."""
    form = await forms.read(request, VoteForm)
    act = a.AnnounceVote(
        MotionId(form.motion) if form.motion is not None else None,
        AmendmentId(form.amendment) if form.amendment is not None else None,
        ProceduralId(form.procedural) if form.procedural is not None else None,
        below_quorum=form.below_quorum == "yes",
    )
    return await press(request, visit, act, form.step)


async def close(request: Request, visit: Visit) -> Response:
    """Start the closing countdown."""
    form = await forms.read(request, CloseForm)
    act = a.CloseVote(VoteId(request.path_params["id"]), form.anyway == "yes")
    return await press(request, visit, act, form.step)


async def cast(request: Request, visit: Visit) -> Response:
    """Decide a tie from the chair."""
    form = await forms.read(request, CastingForm)
    act = a.CastingVote(VoteId(request.path_params["id"]), Choice(form.choice))
    return await press(request, visit, act, form.step)


def _void(number: int, remark: str) -> a.Act:
    return a.ProposeDouble(DoubleKind.VOID_VOTE, remark, vote=VoteId(number))


ROUTES = [
    route("/chair/votes", announce, CHAIR, ("POST",)),
    route("/chair/votes/{id:int}/closure", close, CHAIR, ("POST",)),
    route("/chair/votes/{id:int}/casting", cast, CHAIR, ("POST",)),
    button("votes/{id:int}/calling-off", lambda n: a.CallOffVote(VoteId(n))),
    button("votes/{id:int}/extension", lambda n: a.ExtendVote(VoteId(n))),
    button("votes/{id:int}/declaration", lambda n: a.DeclareResult(VoteId(n))),
    button("votes/{id:int}/recount", lambda n: a.RecountVote(VoteId(n))),
    line_button("votes/{id:int}/stop", lambda n, remark: a.StopVote(VoteId(n), remark)),
    line_button("votes/{id:int}/voiding", _void),
]
