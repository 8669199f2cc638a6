"""Procedural motions, points and rulings in words: one place for each sentence.

The guided form, the vote card, the panel and the minutes all take them from here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from conference.rules.kinds import (
    PointAbout,
    PointKind,
    PointState,
    ProceduralState,
    Procedure,
    Profile,
    Reason,
)
from conference.rules.procedures import supporters
from conference.rules.question import motion_or_amendment
from conference.rules.rulings import Ruling
from conference.rules.state import Meeting, Point, Procedural
from conference.web.site import Site
from conference.web.text import gettext, ngettext
from conference.web.text import lazy as _

NAMES: Mapping[Procedure, str] = {
    Procedure.CLOSURE: _("That the question be now put"),
    Procedure.NEXT_BUSINESS: _("Next business"),
    Procedure.TABLE: _("That the motion lie on the table"),
    Procedure.TAKE_UP: _("That the motion be taken up again"),
    Procedure.REMIT: _("Remit to the committee"),
    Procedure.REFERENCE_BACK: _("Refer back"),
    Procedure.ADJOURN_DEBATE: _("Adjourn the debate"),
    Procedure.ADJOURN_MEETING: _("Adjourn the meeting"),
    Procedure.SUSPEND: _("Suspend standing orders"),
    Procedure.CHALLENGE: _("Challenge to the chair’s ruling"),
    Procedure.NO_CONFIDENCE: _("No confidence in the chair"),
    Procedure.BE_HEARD: _("That the delegate be heard"),
    Procedure.RETAKE: _("Take the vote again"),
    Procedure.BY_NAME: _("That this vote be taken by name"),
    Procedure.EXTEND_TIME: _("Extend the time"),
    Procedure.SPEECH_TIME: _("Change the speaking time"),
    Procedure.VARY_ORDER: _("Vary the order of business"),
    Procedure.WITHDRAWAL: _("Leave to withdraw"),
    Procedure.RECESS: _("Take a recess"),
    Procedure.RECONSIDER: _("Reconsider a decided motion"),
}
"""How each is called on a button and in the minutes."""

CARRIED: Mapping[Procedure, str] = {
    Procedure.CLOSURE: _("the debate ends, the mover may reply, then the vote is taken"),
    Procedure.NEXT_BUSINESS: _("the motion and its amendments are left without a vote, for good"),
    Procedure.TABLE: _("the motion is set aside until conference takes it up again"),
    Procedure.TAKE_UP: _("the debate goes on where it stopped"),
    Procedure.REMIT: _("it goes to the committee; no policy is made"),
    Procedure.REFERENCE_BACK: _("that part goes back; the rest of the report stands"),
    Procedure.ADJOURN_DEBATE: _("the debate stops and goes on later; who has spoken has spoken"),
    Procedure.ADJOURN_MEETING: _("conference stops for that time"),
    Procedure.SUSPEND: _("exactly these standing orders are suspended for exactly that time"),
    Procedure.CHALLENGE: _("the ruling stands"),
    Procedure.NO_CONFIDENCE: _("whoever presides over this vote takes the chair"),
    Procedure.BE_HEARD: _(
        "whoever moved it is called next; if they do not ask to speak, whoever has waited longest"
    ),
    Procedure.BY_NAME: _("the vote on it is not secret: delegates and tellers get the roll-call"),
    Procedure.RETAKE: _("the result is void and the vote is taken again, without debate"),
    Procedure.EXTEND_TIME: _("the item gets that much more time"),
    Procedure.SPEECH_TIME: _("no speech may be longer from now on"),
    Procedure.VARY_ORDER: _("that item is taken next"),
    Procedure.WITHDRAWAL: _("it is withdrawn"),
    Procedure.RECESS: _("conference takes a break of that length"),
    Procedure.RECONSIDER: _("the motion is in debate again, and is voted on anew"),
}
LOST: Mapping[Procedure, str] = {
    Procedure.CHALLENGE: _("the ruling is reversed"),
    Procedure.NO_CONFIDENCE: _("the chair goes on"),
    Procedure.ADJOURN_MEETING: _("conference goes on"),
    Procedure.RETAKE: _("the result stands"),
    Procedure.BY_NAME: _("the vote on it is secret, as always"),
    Procedure.REFERENCE_BACK: _("the report stands as it is"),
    Procedure.SUSPEND: _("the standing orders stand"),
    Procedure.TAKE_UP: _("the motion stays set aside"),
    Procedure.RECESS: _("conference goes on"),
    Procedure.RECONSIDER: _("what was decided stands"),
    Procedure.VARY_ORDER: _("the order stays as it is"),
}

PUT: Mapping[Procedure, str] = {
    Procedure.CLOSURE: _("The question is that the question on %(about)s be now put."),
    Procedure.NEXT_BUSINESS: _("The question is that conference leave %(about)s and go to the next "
                               "business."),
    Procedure.TABLE: _("The question is that %(about)s lie on the table."),
    Procedure.TAKE_UP: _("The question is that %(about)s be taken up again."),
    Procedure.REMIT: _("The question is that %(about)s be remitted to the committee."),
    Procedure.REFERENCE_BACK: _("The question is that %(about)s be referred back."),
    Procedure.ADJOURN_DEBATE: _("The question is that the debate on %(about)s be adjourned."),
    Procedure.ADJOURN_MEETING: _("The question is that the meeting be adjourned for %(about)s."),
    Procedure.NO_CONFIDENCE: _("The question is that conference has no confidence in the chair."),
    Procedure.BE_HEARD: _("The question is that the delegate be heard."),
    Procedure.RETAKE: _("The question is that the vote on %(about)s be taken again."),
    Procedure.BY_NAME: _("The question is that the vote on %(about)s be taken by name."),
    Procedure.EXTEND_TIME: _("The question is that the time be extended by %(about)s."),
    Procedure.SPEECH_TIME: _("The question is that no speech be longer than %(about)s."),
    Procedure.VARY_ORDER: _("The question is that “%(about)s” be taken next."),
    Procedure.WITHDRAWAL: _("The question is that leave be given to withdraw %(about)s."),
    Procedure.RECESS: _("The question is that conference take a recess of %(about)s."),
    Procedure.RECONSIDER: _("The question is that the vote on %(about)s be reconsidered."),
}  # fmt: skip
"""How each is put to the vote, with what it is about; a suspension and a challenge say more."""

STATES: Mapping[ProceduralState, str] = {
    ProceduralState.ASKED: _("needs a seconder"),
    ProceduralState.SECONDED: _("waits for the chair"),
    ProceduralState.PENDING: _("before conference"),
    ProceduralState.VOTING: _("being voted on"),
    ProceduralState.DECIDED: _("decided"),
    ProceduralState.REFUSED: _("refused by the chair"),
    ProceduralState.WITHDRAWN: _("withdrawn"),
    ProceduralState.LAPSED: _("lapsed"),
}

POINTS: Mapping[PointKind, str] = {
    PointKind.ORDER: _("Point of order"),
    PointKind.EXPLANATION: _("Point of explanation"),
    PointKind.INFORMATION: _("Point of information"),
    PointKind.PRIVILEGE: _("Question of privilege"),
    PointKind.ORDERS_OF_THE_DAY: _("Call for the orders of the day"),
}
ABOUT: Mapping[PointAbout, str] = {
    PointAbout.STANDING_ORDER: _("a standing order is not being kept"),
    PointAbout.IRRELEVANCE: _("the speech is not about the question"),
    PointAbout.LANGUAGE: _("the language is not fit for conference"),
    PointAbout.VOTING: _("the way the vote is taken"),
    PointAbout.PROCEDURE: _("a question about procedure"),
    PointAbout.MISQUOTED: _("I was misquoted"),
    PointAbout.QUESTION: _("a question to the speaker or the chair"),
    PointAbout.CANNOT_FOLLOW: _("we cannot hear, see or follow"),
    PointAbout.ACCESS: _("access, safety or conduct"),
    PointAbout.TIMETABLE: _("the time for the next item has come"),
}
POINT_STATES: Mapping[PointState, str] = {
    PointState.RAISED: _("waits for the chair"),
    PointState.HEARD: _("being heard"),
    PointState.WELL_TAKEN: _("well taken"),
    PointState.NOT_WELL_TAKEN: _("not well taken"),
    PointState.ANSWERED: _("answered"),
    PointState.WITHDRAWN: _("withdrawn"),
}


def name_of(meeting: Meeting, kind: Procedure) -> str:
    """Return how a kind is called here: under Robert's Rules a closure has another name."""
    if kind is Procedure.CLOSURE and meeting.settings.profile is Profile.RONR:
        return gettext("Close debate (previous question, as in Robert’s Rules)")
    return gettext(NAMES[kind])


def title(site: Site, row: Procedural) -> str:
    """Return the procedural motion with what it is about, such as *Remit to the committee: Motion 2*."""
    about = detail(site, row)
    name = name_of(site.meeting, row.kind)
    return f"{name}: {about}" if about else name


def detail(site: Site, row: Procedural) -> str:
    """Return what it is about: the question, the numbers, the time, the item."""
    meeting = site.meeting
    minutes = _minutes(row)
    if row.kind is Procedure.SUSPEND:
        numbers = ", ".join(str(n) for n in row.numbers)
        what = gettext("no. %(numbers)s for %(minutes)s") % {"numbers": numbers, "minutes": minutes}
        return f"{what}: {site.remark(row.purpose)}" if row.purpose else what
    if row.kind in {Procedure.ADJOURN_MEETING, Procedure.EXTEND_TIME, Procedure.RECESS}:
        return minutes
    if row.kind is Procedure.SPEECH_TIME:
        return ngettext("%(n)s second", "%(n)s seconds", row.seconds) % {"n": row.seconds}
    if row.kind is Procedure.VARY_ORDER and row.target is not None:
        return meeting.items[row.target].title
    if row.kind is Procedure.CHALLENGE:
        return _ruling(site, row)
    label = ""
    if row.amendment is not None:
        label = gettext("amendment %(label)s") % {"label": meeting.amendments[row.amendment].label}
    elif row.motion is not None:
        label = meeting.motions[row.motion].label
    if row.kind is Procedure.ADJOURN_DEBATE and row.target is not None:
        until = {"label": label, "item": meeting.items[row.target].title}
        return gettext("%(label)s, until this item: %(item)s") % until
    if row.numbers:
        parts = ", ".join(str(n) for n in row.numbers)
        return gettext("%(label)s, paragraph %(parts)s") % {"label": label, "parts": parts}
    return label


def _ruling(site: Site, row: Procedural) -> str:
    """Return the ruling that is challenged, in the chair's own line."""
    if row.point is not None:
        return site.remark(site.meeting.points[row.point].ruling)
    if row.refused is not None:
        return site.remark(site.meeting.procedurals[row.refused].answer)
    if row.motion is None:
        return ""
    ruled = motion_or_amendment(site.meeting, row.motion, row.amendment)
    return gettext("%(label)s is out of order") % {"label": ruled.label} if ruled else ""


def ruling_line(site: Site, ruling: Ruling) -> str:
    """Return the one line with which the chair ruled; empty when it is not known."""
    meeting = site.meeting
    if ruling.point is not None:
        return site.remark(meeting.points[ruling.point].ruling)
    if ruling.refused is not None:
        return site.remark(meeting.procedurals[ruling.refused].answer)
    for minute in reversed(list(meeting.minutes.values())):
        if minute.code == Reason.OUT_OF_ORDER:
            facts = json.loads(minute.facts)
            if (facts["motion"], facts.get("amendment")) == (ruling.motion, ruling.amendment):
                return site.remark(facts["remark"])
    return ""


def question(site: Site, row: Procedural) -> str:
    """Return the question as it is put to conference."""
    if row.kind is Procedure.CHALLENGE:
        ruling = _ruling(site, row)
        put = gettext("The question is that the chair’s ruling be upheld.")
        return f"{put} {gettext('The ruling')}: “{ruling}”" if ruling else put
    if row.kind is Procedure.SUSPEND:
        put = ngettext(
            "The question is that standing order %(numbers)s be suspended for %(minutes)s.",
            "The question is that standing orders %(numbers)s be suspended for %(minutes)s.",
            len(row.numbers),
        ) % {"numbers": ", ".join(str(n) for n in row.numbers), "minutes": _minutes(row)}
        purpose = site.remark(row.purpose).rstrip(".")
        return f"{put} {gettext('The purpose')}: {purpose}." if purpose else put
    return gettext(PUT[row.kind]) % {"about": detail(site, row)}


def _minutes(row: Procedural) -> str:
    return ngettext("%(n)s minute", "%(n)s minutes", row.minutes) % {"n": row.minutes}


def consequences(kind: Procedure) -> tuple[str, str]:
    """Return what happens when it is carried, and when it is lost."""
    lost = gettext(LOST[kind]) if kind in LOST else gettext("the debate goes on")
    return gettext(CARRIED[kind]), lost


def state_of(meeting: Meeting, row: Procedural) -> str:
    """Return where it stands: a challenge waits for supporters, the others for a seconder."""
    if row.state is ProceduralState.ASKED and supporters(meeting, row.kind) > 2:  # noqa: PLR2004
        return gettext("needs supporters")
    return gettext(STATES[row.state])


def point_title(point: Point) -> str:
    """Return a point with what it is about."""
    about = gettext(ABOUT[point.about])
    if point.number is not None:
        about = gettext("standing order %(n)s is not being kept") % {"n": point.number}
    return f"{gettext(POINTS[point.kind])}: {about}"
