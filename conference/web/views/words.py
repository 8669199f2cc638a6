"""The words in which people read states, rules and outcomes; one place each."""

from __future__ import annotations

from conference.rules.kinds import (
    Base,
    ChairVote,
    ItemKind,
    Mode,
    MotionState,
    Outcome,
    Role,
    Rule,
    Side,
)
from conference.rules.state import Amendment, Conference, Motion, Settings, Vote
from conference.web.text import gettext
from conference.web.text import lazy as _

OUTCOMES = {
    Outcome.CARRIED: _("Carried"),
    Outcome.LOST: _("Lost"),
    Outcome.NOT_CARRIED: _("Not carried"),
}

SIDES = {
    Side.MOVER: _("moves %(what)s"),
    Side.SECONDER: _("seconds %(what)s"),
    Side.FOR: _("speaks for %(what)s"),
    Side.AGAINST: _("speaks against %(what)s"),
    Side.REPLY: _("replies to the debate on %(what)s"),
}
"""What somebody does with the floor who speaks to a motion or an amendment."""

ON_PROCEDURE = {
    Side.MOVER: _("moves: %(what)s"),
    Side.SECONDER: _("seconds: %(what)s"),
    Side.FOR: _("speaks for: %(what)s"),
    Side.AGAINST: _("speaks against: %(what)s"),
    Side.REPLY: _("answers: %(what)s"),
}
"""The same with a procedural motion, which has a name and no label."""

MOTION_STATES = {
    MotionState.PROPOSED: _("handed in from the floor"),
    MotionState.PUBLISHED: _("on the agenda"),
    MotionState.CALLED: _("called"),
    MotionState.MOVED: _("moved"),
    MotionState.DEBATE: _("in debate"),
    MotionState.CLOSING: _("debate closed"),
    MotionState.VOTING: _("being voted on"),
    MotionState.DECIDED: _("decided"),
    MotionState.ACCEPTED: _("accepted"),
    MotionState.FELL: _("fell"),
    MotionState.WITHDRAWN: _("withdrawn"),
    MotionState.REMITTED: _("remitted"),
    MotionState.REFERRED_BACK: _("referred back"),
    MotionState.TABLED: _("lies on the table"),
    MotionState.ADJOURNED: _("debate adjourned"),
}

ROLES = {
    Role.ORGANISER: _("organiser"),
    Role.REGISTRAR: _("registrar"),
    Role.CHAIR: _("chair"),
    Role.VICE_CHAIR: _("vice-chair"),
    Role.SECRETARY: _("secretary"),
    Role.ARRANGEMENTS: _("arrangements committee"),
    Role.QUEUE_KEEPER: _("queue-keeper"),
    Role.TELLER: _("teller"),
    Role.STEWARD: _("steward"),
    Role.DELEGATE: _("delegate"),
    Role.SPEAKER: _("speaker"),
    Role.OBSERVER: _("observer"),
    Role.SCREEN: _("screen"),
}

KINDS = {
    ItemKind.DOORS: _("doors"),
    ItemKind.CHAIR: _("from the chair"),
    ItemKind.VOTES: _("votes"),
    ItemKind.SPEAKERS: _("speakers"),
    ItemKind.DEBATE: _("debate"),
    ItemKind.ELECTION: _("election"),
    ItemKind.PROCEDURE: _("procedure"),
    ItemKind.BREAK: _("break"),
}

MODES = {
    Mode.DEMONSTRATION: _("Demonstration: nothing here is real."),
    Mode.REHEARSAL: _("Rehearsal: nothing decided here counts."),
    Mode.REAL: "",
}

RULES = {
    (Rule.SIMPLE, Base.CAST): _("Carried if more vote for than against."),
    (Rule.SIMPLE, Base.PRESENT): _(
        "Carried if more than half of the %(base)s delegates present at the opening vote for it."
    ),
    (Rule.SIMPLE, Base.REGISTER): _(
        "Carried if more than half of the %(base)s delegates on the register vote for it."
    ),
    (Rule.TWO_THIRDS, Base.CAST): _(
        "Carried if at least two thirds of the votes cast, for and against, are for it."
    ),
    (Rule.TWO_THIRDS, Base.PRESENT): _(
        "Carried if at least two thirds of the %(base)s delegates present at the opening vote for it."
    ),
    (Rule.TWO_THIRDS, Base.REGISTER): _(
        "Carried if at least two thirds of the %(base)s delegates on the register vote for it."
    ),
    (Rule.SUSTAIN, Base.CAST): _(
        "The ruling stands unless more vote against it than for it. A tie sustains it."
    ),
    (Rule.UPHOLD, Base.CAST): _(
        "The ruling stands unless at least two thirds of the votes cast are against it."
    ),
    (Rule.UPHOLD, Base.PRESENT): _(
        "The ruling stands unless at least two thirds of the %(base)s delegates present at the "
        "opening vote against it."
    ),
    (Rule.UPHOLD, Base.REGISTER): _(
        "The ruling stands unless at least two thirds of the %(base)s delegates on the register "
        "vote against it."
    ),
}

NOT_COUNTED = _("Abstentions do not count.")
AGAINST_IT = _("Who abstains or does not vote makes it harder to carry.")
FOR_THE_RULING = _("Who abstains or does not vote leaves the ruling standing.")
TIES = {
    ChairVote.NONE_TIE_FALLS: _("A tie is not carried."),
    ChairVote.CASTING_ONLY: _("On a tie the chair may decide; else it is not carried."),
    ChairVote.OWN_PLUS_CASTING: _("On a tie the chair may decide; else it is not carried."),
}


def abstentions(rule: Rule, base: Base, settings: Settings) -> str:
    """Return what abstentions, and a tie where there can be one, mean for this majority (B7)."""
    if rule in {Rule.UPHOLD, Rule.SUSTAIN}:
        return gettext(NOT_COUNTED if base is Base.CAST else FOR_THE_RULING)
    if rule is Rule.ABSOLUTE or base is not Base.CAST:
        return gettext(AGAINST_IT)
    decides = settings.chair_vote if rule is Rule.SIMPLE else ChairVote.NONE_TIE_FALLS
    return f"{gettext(NOT_COUNTED)} {gettext(TIES[decides])}"


def rule_sentence(rule: Rule, base: Base, number: int | None) -> str:
    """Return the rule in words; `number` is the size of the base, None before it is known."""
    if rule is Rule.ABSOLUTE:
        rule, base = Rule.SIMPLE, Base.REGISTER
    sentence = gettext(RULES[rule, base])
    shown = "" if number is None else str(number)
    return " ".join((sentence % {"base": shown} if "%(" in sentence else sentence).split())


def vote_rule(vote: Vote, head: Conference) -> str:
    """Return a vote's rule in words with its number: frozen at the opening, before it as it is."""
    opened = vote.opened_at is not None
    whole = {
        Base.CAST: None,
        Base.PRESENT: vote.roll if opened else head.present,
        Base.REGISTER: vote.register if opened else head.register,
    }
    base = Base.REGISTER if vote.rule is Rule.ABSOLUTE else vote.base
    return rule_sentence(vote.rule, vote.base, whole[base])


def stage(row: Motion | Amendment) -> str:
    """Return the stage of a motion or amendment in the text as it stands, such as *in debate*."""
    return gettext(MOTION_STATES[row.state])
