"""What tellers watch while a vote is taken, and what they confirm."""

from __future__ import annotations

import json
from dataclasses import dataclass

from conference.rules import question
from conference.rules.counting import TELLERS
from conference.rules.kinds import VoteState
from conference.rules.state import Meeting, Vote
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import boxes
from conference.web.views.beside import connected
from conference.web.views.lost import LostView, lost_view
from conference.web.views.seals import box_sentence, key_words, said
from conference.web.views.subjects import subject
from conference.web.views.votes import latest, outcome_word

COUNTED = frozenset({VoteState.COUNTED, VoteState.DECLARED})


@dataclass(frozen=True, slots=True)
class LateChange:
    """A change of the register after it was locked, or a delegate removed."""

    at: int
    what: str


@dataclass(frozen=True, slots=True)
class TellerView:
    """The region `teller`. Who voted stands in none of it, what anybody chose nowhere."""

    number: int | None
    state: str
    label: str
    by_name: bool
    cast: int
    roll: int
    connected: int
    """Delegates of the roll who have a live page."""
    lost: int
    """Delegates of the roll who have none."""
    dropped: LostView | None
    """Who lost the connection in this vote, by standing order 18."""
    fingerprint: str
    heads: tuple[boxes.HeadView, ...]
    signer: str
    word: str
    said: str
    box: str
    confirmed: tuple[str, ...]
    """Who has confirmed the result, by display name."""
    wanted: int
    """How many tellers must, before it can be declared."""
    assisted: int
    trouble: bool
    changes: tuple[LateChange, ...]
    zone: str


def teller_view(site: Site) -> TellerView:
    """Return what tellers see of the latest vote: its figures once it has been counted."""
    meeting, vote = site.meeting, latest(site)
    if vote is None:
        return TellerView(
            None, "", "", by_name=False, cast=0, roll=0, connected=0, lost=0, dropped=None,
            fingerprint="",
            heads=(), signer="", word="", said="", box="", confirmed=(), wanted=0, assisted=0,
            trouble=bool(site.scrutiny.trouble), changes=late_changes(meeting),
            zone=meeting.conference.zone,
        )  # fmt: skip
    cast, roll = site.hall.turnout()
    counted = vote.state in COUNTED
    here = _connected_of_roll(site, vote)
    own = [head for head in meeting.heads.values() if head.vote == vote.id]
    return TellerView(
        number=vote.id,
        state=vote.state,
        label=subject(site, question.of(vote)).label,
        by_name=vote.by_name,
        cast=cast,
        roll=roll,
        dropped=lost_view(site),
        connected=here,
        lost=max(roll - here, 0),
        fingerprint=key_words(vote),
        heads=tuple(boxes.head_view(site, head) for head in own),
        signer=boxes.signer_words(meeting, vote),
        word=outcome_word(site, vote) if counted else "",
        said=said(vote) if counted else "",
        box=box_sentence(vote) if counted else "",
        confirmed=tuple(site.name(who) for who in sorted(vote.confirmed)),
        wanted=TELLERS if meeting.settings.vote_confirm else 0,
        assisted=assisted(meeting, vote),
        trouble=bool(site.scrutiny.trouble),
        changes=late_changes(meeting),
        zone=meeting.conference.zone,
    )


def _connected_of_roll(site: Site, vote: Vote) -> int:
    roll = site.meeting.rolls.get(vote.id)
    return len(roll.people & connected(site)) if roll is not None else 0


def assisted(meeting: Meeting, vote: Vote) -> int:
    """Return how many delegates tellers have helped to vote."""
    rows = (row for row in meeting.minutes.values() if row.code == "assisted")
    return sum(json.loads(row.facts)["vote"] == vote.id for row in rows)


def late_changes(meeting: Meeting) -> tuple[LateChange, ...]:
    """Return what was changed of the register late, from the minutes: when and what, not whom."""
    said_ = {
        "admitted_late": _("A delegate was admitted after the register had been locked."),
        "remove_person": _("A delegate was removed by two officers."),
    }
    found = []
    for row in meeting.minutes.values():
        code = row.code if row.code == "admitted_late" else ""
        if row.code == "double_confirmed":
            code = str(json.loads(row.facts).get("kind", ""))
        if code in said_:
            found.append(LateChange(row.at, said_[code]))
    return tuple(found)
