"""When a question is carried: whole numbers only (procedure B7).

Abstentions never count. A tie is *not carried*, which is not *lost*: it may be brought again.
"""

from __future__ import annotations

from conference.rules.kinds import Base, Outcome, Rule


def base_number(base: Base, cast: int, roll: int, register: int) -> int:
    """Return the number of which the majority is taken."""
    return {Base.CAST: cast, Base.PRESENT: roll, Base.REGISTER: register}[base]


def outcome(
    rule: Rule, base: Base, votes_for: int, votes_against: int, *, roll: int, register: int
) -> Outcome:
    """Say what the figures mean.

    *Simple*: 2·for > base. *Two thirds*: 3·for >= 2·base and somebody is for it. *Absolute*:
    2·for > register, whatever the base. *Uphold*: the ruling stands (carried) unless somebody is
    against it and 3·against >= 2·base. *Sustain*: it stands unless more are against it than for it.
    """
    of = base_number(base, votes_for + votes_against, roll, register)
    if rule is Rule.UPHOLD:
        falls = votes_against > 0 and 3 * votes_against >= 2 * of
        return Outcome.LOST if falls else Outcome.CARRIED
    if rule is Rule.SUSTAIN:
        return Outcome.LOST if votes_against > votes_for else Outcome.CARRIED
    carried = {
        Rule.SIMPLE: 2 * votes_for > of,
        Rule.TWO_THIRDS: votes_for > 0 and 3 * votes_for >= 2 * of,
        Rule.ABSOLUTE: 2 * votes_for > register,
    }[rule]
    if carried:
        return Outcome.CARRIED
    return Outcome.NOT_CARRIED if votes_for == votes_against else Outcome.LOST
