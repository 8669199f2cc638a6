from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.rules.kinds import Base, Outcome, Rule
from conference.rules.majority import base_number, outcome

CARRIED, LOST, NOT_CARRIED = Outcome.CARRIED, Outcome.LOST, Outcome.NOT_CARRIED
SIMPLE, TWO_THIRDS, ABSOLUTE, UPHOLD = Rule.SIMPLE, Rule.TWO_THIRDS, Rule.ABSOLUTE, Rule.UPHOLD
CAST, PRESENT, REGISTER = Base.CAST, Base.PRESENT, Base.REGISTER

VECTORS = [
    # rule, base, for, against, roll, register, outcome: procedure B7
    (TWO_THIRDS, CAST, 7, 4, 11, 20, LOST),
    (TWO_THIRDS, CAST, 8, 4, 12, 20, CARRIED),
    (TWO_THIRDS, CAST, 0, 0, 12, 20, NOT_CARRIED),
    (TWO_THIRDS, PRESENT, 0, 0, 12, 20, NOT_CARRIED),
    (SIMPLE, CAST, 0, 0, 12, 20, NOT_CARRIED),
    (SIMPLE, CAST, 172, 167, 369, 400, CARRIED),
    (SIMPLE, PRESENT, 172, 167, 369, 400, LOST),
    (SIMPLE, CAST, 30, 32, 67, 90, LOST),
    (UPHOLD, PRESENT, 30, 50, 90, 160, CARRIED),
    (UPHOLD, PRESENT, 26, 54, 90, 160, CARRIED),
    (UPHOLD, CAST, 26, 54, 90, 160, LOST),
    (UPHOLD, CAST, 30, 50, 90, 160, CARRIED),
    (UPHOLD, CAST, 0, 0, 90, 160, CARRIED),
    (UPHOLD, PRESENT, 0, 0, 90, 160, CARRIED),
    (UPHOLD, PRESENT, 0, 0, 0, 0, CARRIED),
    (UPHOLD, PRESENT, 0, 60, 90, 160, LOST),
    # the launch conference: V-results and the near miss
    (SIMPLE, CAST, 68, 41, 143, 160, CARRIED),
    (SIMPLE, CAST, 49, 58, 143, 160, LOST),
    (SIMPLE, CAST, 97, 14, 143, 160, CARRIED),
    (TWO_THIRDS, CAST, 84, 31, 143, 160, CARRIED),
    (TWO_THIRDS, CAST, 60, 40, 143, 160, LOST),
    (TWO_THIRDS, CAST, 2, 1, 3, 3, CARRIED),
    (TWO_THIRDS, PRESENT, 84, 31, 143, 160, LOST),
    # a tie is not carried, which is not lost
    (SIMPLE, CAST, 50, 50, 143, 160, NOT_CARRIED),
    (SIMPLE, CAST, 1, 1, 3, 3, NOT_CARRIED),
    (ABSOLUTE, REGISTER, 80, 80, 160, 160, NOT_CARRIED),
    # absolute counts the register, whatever base is printed
    (ABSOLUTE, REGISTER, 80, 0, 143, 160, LOST),
    (ABSOLUTE, REGISTER, 81, 60, 143, 160, CARRIED),
    (ABSOLUTE, CAST, 80, 0, 143, 160, LOST),
    (SIMPLE, REGISTER, 81, 60, 143, 160, CARRIED),
    (SIMPLE, REGISTER, 80, 60, 143, 160, LOST),
    (TWO_THIRDS, REGISTER, 106, 0, 143, 160, LOST),
    (TWO_THIRDS, REGISTER, 107, 0, 143, 160, CARRIED),
]


@pytest.mark.parametrize(("rule", "base", "y", "n", "roll", "register", "expected"), VECTORS)
def test_vector(rule, base, y, n, roll, register, expected):
    assert outcome(rule, base, y, n, roll=roll, register=register) is expected


@st.composite
def figures(draw):
    register = draw(st.integers(0, 400))
    roll = draw(st.integers(0, register))
    y = draw(st.integers(0, roll))
    n = draw(st.integers(0, roll - y))
    return y, n, roll, register


@given(st.sampled_from(Rule), st.sampled_from(Base), figures())
def test_the_same_in_fractions(rule, base, numbers):
    y, n, roll, register = numbers
    of = {CAST: y + n, PRESENT: roll, REGISTER: register}[base]
    share_for = Fraction(y, of) if of else Fraction(0)
    share_against = Fraction(n, of) if of else Fraction(0)
    carried = {
        SIMPLE: share_for > Fraction(1, 2),
        TWO_THIRDS: share_for >= Fraction(2, 3) and y > 0,
        ABSOLUTE: register > 0 and Fraction(y, register) > Fraction(1, 2),
        UPHOLD: not (n > 0 and share_against >= Fraction(2, 3)),
        Rule.SUSTAIN: n <= y,
    }[rule]
    answer = outcome(rule, base, y, n, roll=roll, register=register)
    assert (answer is CARRIED) == carried
    if rule not in {UPHOLD, Rule.SUSTAIN}:
        assert (answer is NOT_CARRIED) == (y == n and not carried)


@given(figures())
def test_simple_of_the_votes_cast_is_more_for_than_against(numbers):
    y, n, roll, register = numbers
    answer = outcome(SIMPLE, CAST, y, n, roll=roll, register=register)
    assert (answer is CARRIED) == (y > n)
    assert (answer is LOST) == (y < n)


@given(st.sampled_from(Rule), st.sampled_from(Base), figures())
def test_one_more_for_never_harms(rule, base, numbers):
    y, n, roll, register = numbers
    if y + n < roll and outcome(rule, base, y, n, roll=roll, register=register) is CARRIED:
        assert outcome(rule, base, y + 1, n, roll=roll, register=register) is CARRIED


def test_three_bases_are_three_numbers():
    assert [base_number(base, 111, 143, 160) for base in (CAST, PRESENT, REGISTER)] == [
        111,
        143,
        160,
    ]
