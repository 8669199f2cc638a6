"""What stands on the ballot about the majority: never that abstentions do not count where they do."""

from __future__ import annotations

import pytest

from conference.rules.kinds import Base, ChairVote, Outcome, Rule
from conference.rules.majority import outcome
from conference.rules.state import Settings
from conference.web.views import words

NOT_COUNTED = "Abstentions do not count."
EVERY = [
    (rule, base)
    for rule in Rule
    for base in Base
    if (rule is not Rule.SUSTAIN or base is Base.CAST)
]


@pytest.mark.parametrize(("rule", "base"), EVERY)
def test_it_says_whether_staying_away_counts(rule, base):
    """Ten for, four against of sixty: would it be the same had the other 46 not been there?"""
    of_all = outcome(rule, base, 10, 4, roll=60, register=60)
    of_those = outcome(rule, base, 10, 4, roll=14, register=14)
    fewer = outcome(rule, base, 4, 10, roll=60, register=60)
    alone = outcome(rule, base, 4, 10, roll=14, register=14)
    counts = (of_all, fewer) != (of_those, alone)
    said = words.abstentions(rule, base, Settings(1))
    assert (NOT_COUNTED not in said) == counts


@pytest.mark.parametrize("chair_vote", ChairVote)
def test_a_tie_is_the_chairs_only_where_the_standing_orders_say_so(chair_vote):
    settings = Settings(1, chair_vote=chair_vote)
    simple = words.abstentions(Rule.SIMPLE, Base.CAST, settings)
    assert ("chair may decide" in simple) is (chair_vote is not ChairVote.NONE_TIE_FALLS)
    assert "A tie is not carried." in words.abstentions(Rule.TWO_THIRDS, Base.CAST, settings)
    assert outcome(Rule.SIMPLE, Base.CAST, 5, 5, roll=9, register=9) is Outcome.NOT_CARRIED
