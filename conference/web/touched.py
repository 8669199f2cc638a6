"""What a commit may have changed, and for whom: asked before anything is rendered."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conference.hall import News
from conference.rules.kinds import PersonId, Phase, RequestState, VoteId, VoteState
from conference.rules.roles import OFFICERS, in_the_chair
from conference.rules.state import Amendment, Meeting, Motion

_MOVING = re.compile(r'( data-(?:turnout|countdown-to|elapsed-from|overrun-from)="\d+"[^>]*>)[^<]*')


def looks_different(shown: str, html: str) -> bool:
    """Say whether a region differs from the one shown in more than what a page moves by itself.

    It counts the seconds of its clocks, and the turnout comes in messages of its own: a region is not
    sent to ten thousand because of them.
    """
    return _still(shown) != _still(html)


def _still(html: str) -> str:
    return _MOVING.sub(r"\1", html)


def has_closed(news: News) -> bool:
    """Say whether the conference has just been closed."""
    before, after = news.before.conference.phase, news.after.conference.phase
    return after is Phase.CLOSED and before is not Phase.CLOSED


def open_vote(meeting: Meeting) -> VoteId | None:
    """Return the vote in which ballots may be handed in now."""
    number = meeting.conference.vote
    is_open = number is not None and meeting.votes[number].state is VoteState.OPEN
    return number if is_open else None


def vote_key(news: News, *, after: bool) -> tuple[int | None, str, PersonId | None, bool]:
    """Return what decides who sits in which audience, and what each is told of their ballot.

    That is the vote with its roll and its stage, and who acts as chair. Once it is closed neither
    changes any more, whether it is counted or declared.
    """
    meeting = news.after if after else news.before
    head = meeting.conference
    state = meeting.votes[head.vote].state if head.vote is not None else ""
    if state in {VoteState.COUNTED, VoteState.DECLARED}:
        state = VoteState.CLOSED
    return head.vote, state, in_the_chair(meeting), head.chair is None


def people(news: News) -> set[PersonId]:
    """Return whose own regions may look different now."""
    changed, _gone = news.before.people.changes(news.after.people)
    touched = set(changed)
    if news.before.conference.phase is not news.after.conference.phase:
        touched |= (
            news.after.people.keys()
        )  # also who is not present has no buttons after the close
    requests, _none = news.before.requests.changes(news.after.requests)
    another = bool(requests) or _stack(news.before) != _stack(news.after)
    if another:
        waiting = (*news.before.requests.values(), *news.after.requests.values())
        touched |= {r.person for r in waiting if r.state is RequestState.WAITING}
        touched |= {r.person for r in requests.values()}
        # Who has spoken is told so; on the next question that is over.
        turns = news.after.turns.values()
        touched |= {t.person for t in turns if t.person is not None}
    # Whose own clock has been stopped, or given more time.
    speeches, _undone = news.before.turns.changes(news.after.turns)
    touched |= {t.person for t in speeches.values() if t.person is not None}
    motions, _fallen = news.before.motions.changes(news.after.motions)
    amendments, _lost = news.before.amendments.changes(news.after.amendments)
    if another or motions or amendments:
        # Who moved or seconded something is told of it, and hushed, only while it is up; who was not
        # called before the debate was closed is told so only until the vote.
        touched |= _movers([*news.after.motions.values(), *news.after.amendments.values()])
        late = news.after.requests.values()
        touched |= {r.person for r in late if r.state is RequestState.LAPSED}
    if _chairing(news.before) != _chairing(news.after):
        touched |= {p.id for p in news.after.people.values() if p.roles & OFFICERS}
    points, _dropped = news.before.points.changes(news.after.points)
    touched |= {point.by for point in points.values()}
    return touched | _of_programme(news)


def _of_programme(news: News) -> set[PersonId]:
    """Return who is told of a part of theirs in the programme that has come, gone or moved."""
    slots, gone = news.before.slots.changes(news.after.slots)
    rows = [
        *slots.values(),
        *(news.before.slots[n] for n in (*slots, *gone) if n in news.before.slots),
    ]
    touched = {slot.person for slot in rows if slot.person is not None}
    if news.before.items is not news.after.items:
        touched |= _movers(news.after.motions.values())
    return touched


def speakers(meeting: Meeting) -> set[PersonId]:
    """Return who has a slot: whatever else happens may move the time at which it is expected."""
    return {slot.person for slot in meeting.slots.values() if slot.person is not None}


def _movers(rows: Iterable[Motion | Amendment]) -> set[PersonId]:
    """Return who moved or seconded one of these."""
    return {who for row in rows for who in (row.mover, row.seconder) if who is not None}


def _chairing(meeting: Meeting) -> tuple[object, ...]:
    """Return what decides who can take, keep or accept the chair."""
    head = meeting.conference
    asked = (head.chair_next, head.chair_next_at, head.chair_lost_at, head.challenge)
    # While there is a button, it carries the step.
    step = head.step if any(asked) else None
    return head.phase, head.chair, head.presiding, asked, step


def _stack(meeting: Meeting) -> tuple[object, ...]:
    """Return what decides whose place in the queue and whose speech is told."""
    head = meeting.conference
    return head.motion, head.amendment, head.procedural, head.challenge, head.turn
