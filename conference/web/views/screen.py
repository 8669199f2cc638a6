"""The hall screen: one region that shows what matters most now."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import ItemState, Phase, Shows, VoteState
from conference.rules.queue import next_slot
from conference.web.site import Site
from conference.web.views.agenda import AgendaLine, agenda_view
from conference.web.views.boxes import HeadView, heads_of, signer_words
from conference.web.views.now import NowView, now_view
from conference.web.views.queue import LeaveView, leave_view
from conference.web.views.votes import (
    ResultView,
    VoteView,
    last_result,
    latest,
    result_view,
    vote_view,
)

MOST_LINES = 7


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
    signer: str
    """The key with which it was signed, as four words; empty before anything was."""
    shows: str
    """What was chosen; a vote that is announced or open is shown all the same."""
    programme: tuple[AgendaLine, ...]
    """What is now and comes next: where it was chosen, and while no item is before conference."""
    zone: str
    next_speaker: str
    latest_result: ResultView
    """Of the latest vote that was declared, in whatever item."""


def screen_view(site: Site) -> ScreenView:
    """Return the hall screen."""
    vote = latest(site)
    meeting = site.meeting
    declared = [v for v in meeting.votes.values() if v.state is VoteState.DECLARED]
    following = next_slot(meeting)
    head = meeting.conference
    called = head.item is not None and meeting.items[head.item].state is ItemState.CALLED
    between = head.phase is not Phase.CLOSED and not called
    return ScreenView(
        site.meeting.conference.name,
        now_view(site),
        vote_view(site, may_vote=False, watches=True),
        last_result(site),
        leave_view(site),
        site.meeting.conference.present,
        heads_of(site, vote) if vote is not None else (),
        signer_words(meeting, vote) if vote is not None else "",
        shows=meeting.stage.shows,
        programme=_programme(site) if meeting.stage.shows is Shows.PROGRAMME or between else (),
        zone=meeting.conference.zone,
        next_speaker=following.name if following else "",
        latest_result=result_view(site, declared[-1] if declared else None),
    )


def _programme(site: Site) -> tuple[AgendaLine, ...]:
    """Return what is now and what comes next: as much as can be read from the last row."""
    lines = [line for part in agenda_view(site).parts for line in part.lines]
    open_ = site.meeting.conference.phase is Phase.OPEN
    left = [x for x in lines if not x.ended_at and (x.expected_at or x.current or not open_)]
    return tuple(left[:MOST_LINES])
