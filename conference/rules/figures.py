"""Which figures of a secret vote may be shown: the one place that decides it.

Few ballots give their voters away, and so does a small side: whoever knows two of three ballots
knows the third. Then all figures are withheld, never a single one, which could be worked out of the
others; conference learns only whether it is carried.
"""

from __future__ import annotations

from conference.rules.kinds import Mode, Outcome, Rule
from conference.rules.state import Meeting, Vote


def fewest(meeting: Meeting) -> int:
    """Return with how many ballots figures are given: nothing is secret in a demonstration."""
    demonstration = meeting.conference.mode is Mode.DEMONSTRATION
    return 1 if demonstration else meeting.settings.vote_fewest


def withheld(sides: tuple[int, int, int], least: int, *, small_side: bool) -> bool:
    """Say whether figures for, against and abstaining would say too much about somebody.

    Fewer than `least` ballots in the whole vote do; with `small_side` also any side that has some
    ballots and fewer than `least`.
    """
    if 0 < sum(sides) < least:
        return True
    return small_side and any(0 < side < least for side in sides)


def are_withheld(vote: Vote) -> bool:
    """Say whether nobody is shown the figures of this counted vote. By name all are shown."""
    if vote.by_name or vote.votes_for is None:
        return False
    sides = (vote.votes_for, vote.votes_against or 0, vote.abstentions or 0)
    return withheld(sides, vote.fewest, small_side=vote.small_side)


def shown_outcome(vote: Vote) -> Outcome:
    """Return the outcome as it may be said: without figures it is carried or not, no more."""
    result = vote.outcome or Outcome.NOT_CARRIED
    asks_the_chair = vote.rule in {Rule.UPHOLD, Rule.SUSTAIN}  # reversed is lost there
    if are_withheld(vote) and result is Outcome.LOST and not asks_the_chair:
        return Outcome.NOT_CARRIED
    return result
