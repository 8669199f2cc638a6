"""Which figures of a secret vote are shown."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from conference.rules import acts as a
from conference.rules import change, figures
from conference.rules.kinds import SYSTEM, Mode, Outcome, Rule
from conference.rules.majority import outcome
from tests.rules.builders import CHAIR, HEAD, KEY, MOTION, ROOT, V1, do, run, scene


@pytest.mark.parametrize("small_side", [False, True])
def test_nobody_can_be_worked_out_of_what_is_shown(small_side):
    """Every vote of up to nine ballots: what is shown has no small whole and, if set, no small side."""
    for sides in product(range(10), repeat=3):
        least, cast = 5, sum(sides)
        hidden = figures.withheld(sides, least, small_side=small_side)
        assert hidden or cast == 0 or cast >= least
        if small_side and not hidden:
            assert all(side == 0 or side >= least for side in sides)
        if not small_side and cast >= least:
            assert not hidden
        assert not figures.withheld(sides, 1, small_side=small_side)


def voted(*sides: int, **fields: object):
    meeting = scene("fixed")
    vote = replace(meeting.votes[V1], fewest=5, roll=20, envelopes=sum(sides), **fields)
    meeting = replace(meeting, votes=meeting.votes.put(V1, vote))
    return do(meeting, a.CountVote(V1, *sides, head=HEAD), SYSTEM).votes[V1]


def test_without_figures_it_is_carried_or_not_and_no_more():
    assert voted(1, 3, 0).outcome is Outcome.LOST
    assert figures.shown_outcome(voted(1, 3, 0)) is Outcome.NOT_CARRIED
    assert figures.shown_outcome(voted(2, 2, 0)) is Outcome.NOT_CARRIED
    assert figures.shown_outcome(voted(3, 1, 0)) is Outcome.CARRIED
    assert figures.shown_outcome(voted(1, 4, 0)) is Outcome.LOST
    assert figures.shown_outcome(voted(0, 4, 0, rule=Rule.UPHOLD)) is Outcome.LOST
    assert not figures.are_withheld(voted(1, 3, 0, by_name=True, root=ROOT))
    assert figures.are_withheld(voted(5, 1, 0, small_side=True))


def test_what_was_said_on_the_ballot_stays_so_whatever_the_settings_become():
    real = change.conference(scene("debate"), mode=Mode.REAL)
    real = replace(real, settings=replace(real.settings, vote_fewest=7, vote_small_side=True))
    announced = run(real, (a.AnnounceVote(MOTION), CHAIR), (a.GiveKey(V1, KEY), SYSTEM))
    assert (announced.votes[V1].fewest, announced.votes[V1].small_side) == (7, True)
    later = replace(announced, settings=replace(announced.settings, vote_fewest=1))
    assert later.votes[V1].fewest == 7
    assert do(scene("debate"), a.AnnounceVote(MOTION), CHAIR).votes[V1].fewest == 1  # demonstration


def test_the_outcome_is_reckoned_from_the_figures_that_are_withheld():
    counted = voted(3, 1, 0)
    assert counted.outcome is outcome(counted.rule, counted.base, 3, 1, roll=20, register=6)
