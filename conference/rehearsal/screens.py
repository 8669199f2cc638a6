"""Is a delegate's screen right? What it shows is compared with how the conference stands.

Nothing of the server's own rendering is used: what must stand there is said here a second time, from
the rows of the conference alone.
"""

from __future__ import annotations

import re

from conference.rehearsal.browser import Browser
from conference.rules.figures import are_withheld
from conference.rules.kinds import PersonId, VoteState
from conference.rules.state import Meeting, Vote
from conference.rules.voting import on_roll

STILL = 0.7
"""Seconds that a state must stand before screens are compared with it."""
SETTLED = 3.0
"""Seconds that a telling may be under way: a screen that is still behind after them is wrong."""


def state_of(meeting: Meeting) -> tuple[object, ...]:
    """Return what everybody's screen shows: while this stands still, every screen must be right."""
    head = meeting.conference
    vote = meeting.votes.get(head.vote) if head.vote is not None else None
    return (
        head.phase, head.item, head.motion, head.amendment, head.procedural, head.version,
        head.step, head.vote, vote.state if vote else None, vote.closes_at if vote else None,
    )  # fmt: skip


def wrong(meeting: Meeting, browser: Browser, now: float) -> str:
    """Say what is wrong with this page, empty when nothing is. It must have been connected a while."""
    number = meeting.conference.vote
    vote = meeting.votes.get(number) if number is not None else None
    problems = [_now(meeting, browser), _vote(meeting, vote, browser), _result(vote, browser)]
    if vote is not None:
        problems.append(_receipt(vote, browser, now))
    return "; ".join(problem for problem in problems if problem)


def _now(meeting: Meeting, browser: Browser) -> str:
    head = meeting.conference
    shown = browser.screen.get("now")
    if shown is None:
        return "the page shows nothing of what is before conference"
    if head.motion is not None and meeting.motions[head.motion].label not in shown:
        return f"the page does not name {meeting.motions[head.motion].label}"
    return ""


def _vote(meeting: Meeting, vote: Vote | None, browser: Browser) -> str:
    shown = browser.screen.get("vote", "")
    told = re.search(r'data-vote="(\d+)" data-vote-state="(\w+)"', shown)
    if vote is None or vote.state is VoteState.DECLARED:
        return f"the page still shows vote {told[1]} as {told[2]}" if told else ""
    if vote.state is VoteState.VOID:
        return ""
    if told is None or told.groups() != (str(vote.id), vote.state.value):
        return f"vote {vote.id} is {vote.state}; the page shows {told.groups() if told else 'none'}"
    may = vote.state is VoteState.OPEN and on_roll(meeting, vote.id, PersonId(browser.person))
    paused = meeting.conference.pause is not None
    if not paused and may != (f'data-ballot="{vote.id}"' in shown):
        return f"buttons to vote: {not may}, but on the roll of an open vote: {may}"
    return ""


def _result(vote: Vote | None, browser: Browser) -> str:
    if vote is None or vote.state is not VoteState.DECLARED:
        return ""
    shown = browser.screen.get("result", "")
    if f'data-result="{vote.id}"' not in shown:
        return f"the result of vote {vote.id} is not shown"
    figures = (vote.votes_for, vote.votes_against, vote.abstentions)
    if are_withheld(vote) or all(str(figure) in shown for figure in figures):
        return ""
    return f"the result of vote {vote.id} is not {figures}"


def _receipt(vote: Vote, browser: Browser, now: float) -> str:
    """A ballot that was acknowledged must stand there as recorded, and none that was not."""
    if vote.state not in {VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED}:
        return ""
    shown = browser.screen.get("ballot", "")
    stands = f'data-receipt="{vote.id}"' in shown and "<strong>Recorded</strong>" in shown
    acknowledged = vote.id in browser.recorded
    if acknowledged and now - browser.recorded[vote.id] < SETTLED:
        return ""
    if vote.id in browser.voted_at and not acknowledged:
        return ""  # under way, or lost with the line: either may be true
    return "" if stands == acknowledged else f"recorded: {stands}, acknowledged: {acknowledged}"
