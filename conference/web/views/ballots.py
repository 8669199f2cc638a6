"""One's own ballot in the latest vote: whether it is stored, and its receipt. Never which choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conference.rules.kinds import PersonId, VoteState
from conference.sealing.words import words_of_hex
from conference.web.site import Site
from conference.web.views.votes import latest


@dataclass(frozen=True, slots=True)
class BallotView:
    """The region `ballot`: whether one's own ballot is stored. Never which choice."""

    number: int | None
    state: str
    """``, `open`, `recorded`, `was_recorded`, `was_named`, `none_received`."""
    receipt: str = ""
    """The envelope that is stored, as four words; after the close it stands on the vote's page."""


NO_BALLOT = BallotView(None, "")


def ballot_view(site: Site, person: PersonId) -> BallotView:
    """Return whether this person's ballot in the latest vote is stored."""
    views = ballot_views(site)
    return replace(views.alike(person), receipt=views.words(person))


@dataclass(frozen=True, slots=True)
class BallotViews:
    """What tells of everybody's ballot in the latest vote, as things stand: a whole hall asks at once."""

    people: frozenset[PersonId]
    """The roll."""
    voted: Mapping[PersonId, str]
    """The receipt of whoever has a ballot."""
    without: BallotView
    """Of whoever is on the roll and has none."""
    stored: BallotView
    """Of whoever has one, but for the receipt."""
    shows: bool
    """Whether the receipt is shown."""

    def alike(self, person: PersonId) -> BallotView:
        """Return what this person sees, but for the receipt: one of three, the same for many."""
        if person not in self.people:
            return NO_BALLOT
        return self.stored if person in self.voted else self.without

    def words(self, person: PersonId) -> str:
        """Return the receipt that this person sees as four words; empty when they see none."""
        receipt = self.voted.get(person) if self.shows and person in self.people else None
        return words_of_hex(receipt) if receipt else ""


def ballot_views(site: Site) -> BallotViews:
    """Return what tells it of each person until the next act is taken."""
    vote, voted = latest(site), site.hall.voted
    roll = site.meeting.rolls.get(vote.id) if vote is not None else None
    if vote is None or roll is None or vote.state in {VoteState.ANNOUNCED, VoteState.VOID}:
        return BallotViews(frozenset(), {}, NO_BALLOT, NO_BALLOT, shows=False)
    is_open = vote.state is VoteState.OPEN
    closed = "was_named" if vote.by_name else "was_recorded"
    return BallotViews(
        roll.people,
        voted,
        BallotView(vote.id, "open" if is_open else "none_received"),
        BallotView(vote.id, "recorded" if is_open else closed),
        shows=is_open and not vote.by_name,
    )
