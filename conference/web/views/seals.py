"""What is said about secrecy: the key of a vote, which figures are given, how the envelopes add up."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import figures
from conference.rules.state import Vote
from conference.sealing import envelope
from conference.sealing.bytes import from_text
from conference.sealing.words import words as four_words
from conference.web.site import Site
from conference.web.text import gettext as _


@dataclass(frozen=True, slots=True)
class SealView:
    """How the ballots of one vote are sealed."""

    by_name: bool
    """Conference decided that it be taken by name."""
    key: str
    """The public key to which a ballot is sealed; empty by name, and before there is one."""
    mark: str
    """The epoch, which goes into every envelope."""
    fingerprint: str
    """The key as four words."""
    fewest: int
    small_side: bool
    open_network: bool
    """Whether whoever is in the same network could change what a page does."""


NO_SEAL = SealView(by_name=False, key="", mark="", fingerprint="", fewest=1, small_side=False,
                   open_network=False)  # fmt: skip


def seal_view(site: Site, vote: Vote) -> SealView:
    """Return how the ballots of this vote are sealed."""
    return SealView(
        by_name=vote.by_name,
        key=vote.key,
        mark=site.store.epoch,
        fingerprint=key_words(vote),
        fewest=vote.fewest,
        small_side=vote.small_side,
        open_network=site.settings.is_public and not site.settings.secure,
    )


def key_words(vote: Vote) -> str:
    """Return the fingerprint of the vote's key as four words; empty without one."""
    return four_words(envelope.fingerprint(from_text(vote.key) or b"")) if vote.key else ""


def sides(vote: Vote) -> tuple[int, int, int]:
    """Return the figures for, against and abstaining as they may be shown: zeros when withheld."""
    if vote.votes_for is None or figures.are_withheld(vote):
        return 0, 0, 0
    return vote.votes_for, vote.votes_against or 0, vote.abstentions or 0


def cast(vote: Vote) -> int:
    """Return how many ballots were counted or invalid: how many have voted."""
    counted = (vote.votes_for or 0) + (vote.votes_against or 0) + (vote.abstentions or 0)
    return counted + vote.invalid


def said(vote: Vote, not_voted: int | None = None) -> str:
    """Return the figures as a sentence, or that they are not given."""
    if figures.are_withheld(vote):
        return _("The figures are not given, because they would show how single people voted.")
    votes_for, against, abstained = sides(vote)
    numbers = {"f": votes_for, "a": against, "n": abstained, "d": not_voted}
    if not_voted is None:
        return _("For %(f)s, against %(a)s, abstentions %(n)s.") % numbers
    return _("For %(f)s, against %(a)s, abstentions %(n)s, did not vote %(d)s.") % numbers


def box_sentence(vote: Vote) -> str:
    """Return how the envelopes add up; empty for a vote from before there were any."""
    if vote.by_name:
        return _("Taken by name, as conference decided.")
    if vote.envelopes is None:
        return ""
    counted = vote.envelopes - vote.invalid
    return _("%(e)s envelopes: %(c)s counted, %(i)s invalid.") % {
        "e": vote.envelopes, "c": counted, "i": vote.invalid,
    }  # fmt: skip
