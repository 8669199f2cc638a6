"""The hall screen: one region that shows what matters most now."""

from __future__ import annotations

from dataclasses import dataclass

from conference.web.site import Site
from conference.web.views.boxes import HeadView, heads_of
from conference.web.views.now import NowView, now_view
from conference.web.views.queue import LeaveView, leave_view
from conference.web.views.votes import (
    ResultView,
    VoteView,
    last_result,
    latest,
    vote_view,
)


@dataclass(frozen=True, slots=True)
class ScreenView:
    """The region `screen`: the vote, else the result, else who speaks, else the item."""

    conference: str
    screen_now: NowView
    vote: VoteView
    result: ResultView
    leave: LeaveView | None
    present: int
    heads: tuple[HeadView, ...]
    """What was signed of the vote that is shown, for everybody to note down."""


def screen_view(site: Site) -> ScreenView:
    """Return the hall screen."""
    vote = latest(site)
    return ScreenView(
        site.meeting.conference.name,
        now_view(site),
        vote_view(site, may_vote=False, watches=True),
        last_result(site),
        leave_view(site),
        site.meeting.conference.present,
        heads_of(site, vote) if vote is not None else (),
    )
