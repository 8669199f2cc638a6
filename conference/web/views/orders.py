"""The standing orders' page: the clauses, every setting in words, and what is suspended now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conference.rules import question
from conference.rules.kinds import (
    AmendmentOrder,
    ChairVote,
    Friendly,
    Guillotine,
    Majority,
    Procedure,
    Profile,
    QuorumOf,
    ReplyWhen,
    WithdrawBy,
)
from conference.rules.state import Meeting, Settings, Suspension
from conference.web.site import Site
from conference.web.text import gettext, ngettext
from conference.web.text import lazy as _
from conference.web.views.dates import length
from conference.web.views.procedures import name_of

PROFILES: Mapping[Profile, str] = {
    Profile.UK_LABOUR: _("as conferences of the British labour movement are run"),
    Profile.RONR: _("as Robert’s Rules of Order have it"),
}
MAJORITIES: Mapping[Majority, str] = {
    Majority.SIMPLE: _("more for than against"),
    Majority.TWO_THIRDS_CAST: _("two thirds of the votes cast"),
    Majority.TWO_THIRDS_PRESENT: _("two thirds of the delegates present"),
}
REVERSED: Mapping[Majority, str] = {
    Majority.SIMPLE: _("if more vote against it than for it; on a tie it stands"),
    Majority.TWO_THIRDS_CAST: _("if two thirds of the votes cast are against it"),
    Majority.TWO_THIRDS_PRESENT: _("if two thirds of the delegates present are against it"),
}
TAKEN: Mapping[AmendmentOrder, str] = {
    AmendmentOrder.CAC_ORDER: _("one by one, as printed"),
    AmendmentOrder.TEXT_POSITION: _("one by one, in the order of the text"),
    AmendmentOrder.RECEIVED: _("one by one, in the order in which they arrived"),
}
REPLIES: Mapping[ReplyWhen, str] = {
    ReplyWhen.END_OF_DEBATE: _("last, at the end of the debate"),
    ReplyWhen.FIRST_AMENDMENT: _("once: on the first amendment or, without one, on the motion"),
    ReplyWhen.ONCE_ANY_TIME: _("once, at any time in the debate"),
    ReplyWhen.NEVER: _("not at all"),
}
TIES: Mapping[ChairVote, str] = {
    ChairVote.NONE_TIE_FALLS: _("the chair has no casting vote: a tie is not carried"),
    ChairVote.CASTING_ONLY: _("the chair decides it, and has no other vote"),
    ChairVote.OWN_PLUS_CASTING: _("the chair decides it, beside the vote of every delegate"),
}
TIME_UP: Mapping[Guillotine, str] = {
    Guillotine.TO_VOTE: _("the open question is put to the vote, the rest is not reached"),
    Guillotine.TO_COMMITTEE: _("the motion is remitted to the committee"),
}


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting, in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """The settings on one subject."""

    title: str
    lines: tuple[SettingLine, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered standing order."""

    number: int
    title: str
    text: str
    until: int | None
    """Until when it is suspended, or None."""


@dataclass(frozen=True, slots=True)
class Suspended:
    """Standing orders that conference has suspended, and for what."""

    numbers: str
    until: int
    purpose: str


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """The standing orders, the settings that this conference works with, and what is suspended."""

    clauses: tuple[Clause, ...]
    suspended: tuple[Suspended, ...]
    profile: str
    groups: tuple[SettingGroup, ...]
    zone: str


Lines = Iterator[tuple[str, str]]


def orders_page(site: Site) -> OrdersPage:
    """Return the clauses, the settings in words, and the suspensions that run now."""
    meeting, now = site.meeting, site.now()
    running = [r for r in meeting.suspensions.values() if r.starts_at <= now < r.ends_at]
    until: dict[int, int] = {}
    for row in running:
        for number in row.numbers:
            until[number] = max(row.ends_at, until.get(number, 0))
    orders = (meeting.standing_orders[number] for number in sorted(meeting.standing_orders))
    return OrdersPage(
        clauses=tuple(Clause(o.id, o.title, o.text, until.get(o.id)) for o in orders),
        suspended=tuple(
            Suspended(
                ", ".join(str(number) for number in sorted(row.numbers)),
                row.ends_at,
                _purpose(site, row),
            )
            for row in running
        ),
        profile=gettext(PROFILES[meeting.settings.profile]),
        groups=groups(meeting),
        zone=meeting.conference.zone,
    )


def _purpose(site: Site, row: Suspension) -> str:
    purpose = site.meeting.procedurals[row.procedural].purpose
    return site.remark(purpose) if purpose else ""


def groups(meeting: Meeting) -> tuple[SettingGroup, ...]:
    """Return every setting in words that say what it means here and now."""
    s = meeting.settings
    made = (
        (gettext("Speaking"), _speaking(meeting)),
        (gettext("Motions and amendments"), _amendments(s)),
        (gettext("Procedural motions"), _procedural(meeting)),
        (gettext("Votes"), _votes(meeting)),
        (gettext("When the conference is late"), _timing(s)),
        (gettext("The chair and the minutes"), _chair(s)),
    )
    return tuple(
        SettingGroup(title, tuple(SettingLine(*line) for line in lines)) for title, lines in made
    )


def _speaking(meeting: Meeting) -> Lines:
    s, cap = meeting.settings, meeting.conference.speech_cap
    if cap is not None:
        yield gettext("By a decision of conference, at most"), length(cap)
    yield gettext("Mover of a motion"), length(s.speech_mover)
    yield gettext("Seconder"), length(s.speech_seconder)
    yield gettext("Mover of an amendment"), length(s.speech_amendment)
    yield gettext("Everybody else in a debate"), length(s.speech_other)
    yield gettext("Who explains or answers a procedural motion"), length(s.speech_procedural)
    yield gettext("Point of order, explanation or information"), length(s.speech_point)
    yield gettext("The chair may add, each time"), length(s.speech_extension)
    yield gettext("A speaker without a connection is waited for"), length(s.speech_grace)
    often = gettext("twice") if s.profile is Profile.RONR else gettext("more than once")
    once = gettext("once; only the mover replies") if s.speech_once else often
    yield gettext("One person speaks to one question"), once
    yield gettext("The mover of a motion replies"), gettext(REPLIES[s.reply_when])
    if s.reply_when is ReplyWhen.NEVER:
        return
    yield gettext("Reply to the debate on a motion"), length(s.speech_reply)
    amended = length(s.speech_reply_amendment) if s.reply_on_amendments else gettext("no reply")
    yield gettext("Reply to a contested amendment"), amended


def _amendments(s: Settings) -> Lines:
    yield gettext("A motion needs a seconder"), _yes(s.seconder_motions)
    yield gettext("An amendment needs a seconder"), _yes(s.seconder_amendments)
    formal = gettext("formally or with a speech") if s.seconder_formal else gettext("with a speech")
    yield gettext("It is seconded"), formal
    late = gettext("only an emergency motion, if conference votes to admit it")
    yield gettext("A motion after the deadline"), late
    yield gettext("Amendments are taken"), gettext(TAKEN[s.amend_order])
    yield gettext("Amendments from the floor"), _allowed(s.amend_from_floor)
    yield gettext("Amendments to amendments"), _allowed(s.amend_second_level)
    objection = gettext("if nobody objects within %(time)s") % {"time": length(s.leave_window)}
    friendly = {
        Friendly.UNANIMOUS_LEAVE: objection,
        Friendly.MOVER_ACCEPTS: gettext("at once"),
        Friendly.ALWAYS_VOTE: gettext("only by a vote"),
    }
    yield (
        gettext("An amendment that the mover accepts becomes part of the motion"),
        friendly[s.amend_friendly],
    )
    withdraw = {
        WithdrawBy.UNANIMOUS: objection,
        WithdrawBy.MAJORITY: gettext("by a vote of conference"),
        WithdrawBy.MOVER: gettext("if the mover wishes"),
    }
    yield gettext("What has been seconded is withdrawn"), withdraw[s.withdraw_by]


def _procedural(meeting: Meeting) -> Lines:
    s = meeting.settings
    closure = {"name": name_of(meeting, Procedure.CLOSURE)}
    yield gettext("“%(name)s” needs") % closure, gettext(MAJORITIES[s.closure_majority])
    few = s.closure_min_speeches
    first = ngettext(
        "%(n)s speech for and %(n)s against", "%(n)s speeches for and %(n)s against", few
    )
    yield gettext("Before it, at least"), first % {"n": few} if few else gettext("no speech")
    unspoken = gettext("only who has not spoken on the question")
    yield gettext("Who may move it"), unspoken if s.closure_only_unspoken else _everybody()
    yield gettext("It may interrupt a speech"), _yes(s.closure_may_interrupt)
    yield gettext("A procedural motion that was lost may return after"), _return(s)
    yield gettext("Suspending standing orders needs"), gettext(MAJORITIES[s.suspend_majority])
    yield gettext("They are suspended for at most"), length(s.suspend_longest)
    parts = gettext("in parts or as a whole") if s.remit_parts else gettext("only as a whole")
    yield gettext("A motion is remitted"), parts
    yield (
        gettext("When the time of an item with a fixed end is up"),
        gettext(TIME_UP[s.guillotine_effect]),
    )


def _return(s: Settings) -> str:
    words = ngettext(
        "%(time)s or %(n)s speech", "%(time)s or %(n)s speeches", s.procedural_speeches
    )
    return words % {"time": length(s.procedural_cooldown), "n": s.procedural_speeches}


def _votes(meeting: Meeting) -> Lines:
    s = meeting.settings
    yield gettext("Quorum"), quorum_words(meeting)
    blocked = gettext("no vote can be opened")
    warned = gettext("the chair confirms twice that the vote is opened, and the minutes say so")
    yield gettext("Below the quorum"), blocked if s.quorum_blocks else warned
    yield gettext("Each delegate has"), gettext("one vote")
    yield gettext("A ballot is"), gettext("sealed, unless conference takes the vote by name")
    yield gettext("What is shown of a vote"), gettext("only its totals, when it is declared")
    fewest = ngettext("%(n)s ballot", "%(n)s ballots", s.vote_fewest) % {"n": s.vote_fewest}
    yield gettext("Figures are given from"), fewest
    small = (
        gettext("no figures at all") if s.vote_small_side else gettext("the figures all the same")
    )
    yield gettext("When a side has fewer ballots than that"), small
    tellers = gettext("two tellers") if s.vote_confirm else gettext("nobody beside the chair")
    yield gettext("A result is confirmed by"), tellers
    yield gettext("While a vote is open everybody sees"), gettext("only how many have voted")
    change = gettext("until the vote closes") if s.vote_change else gettext("not at all")
    yield gettext("One’s own vote can be changed"), change
    yield gettext("From the announcement to the opening"), length(s.vote_announcement)
    yield gettext("A vote is open for"), length(s.vote_duration)
    yield gettext("The chair may close it after"), length(s.vote_minimum)
    if meeting.stage.delay:
        delay = gettext("%(time)s longer, because the stream is so much behind")
        yield gettext("Both are now"), delay % {"time": length(meeting.stage.delay)}
    yield gettext("Closing countdown"), length(s.vote_countdown)
    yield gettext("One extension adds"), length(s.vote_extension)


def quorum_words(meeting: Meeting) -> str:
    """Return the quorum with what it comes to today."""
    s, head = meeting.settings, meeting.conference
    if not s.quorum_percent:
        return ngettext("%(n)s delegate", "%(n)s delegates", s.quorum) % {"n": s.quorum}
    of_register = s.quorum_of is QuorumOf.REGISTER
    whole = head.register if of_register else head.attended
    share = (
        gettext("%(percent)s %% of the register, at least %(least)s")
        if of_register
        else gettext("%(percent)s %% of those who have been present, at least %(least)s")
    )
    today = ngettext(
        "today %(n)s of %(whole)s delegate", "today %(n)s of %(whole)s delegates", whole
    )
    return "{}: {}".format(
        share % {"percent": s.quorum_percent, "least": s.quorum},
        today % {"n": question.quorum(meeting), "whole": whole},
    )


def _timing(s: Settings) -> Lines:
    used, kept = gettext("used up first"), gettext("kept as it is")
    yield gettext("The slack of an item is"), used if s.timing_slack else kept
    whole, half = gettext("keeps its whole length"), gettext("may lose up to half of it")
    yield gettext("A break"), whole if s.timing_breaks_protected else half
    stands, moves = gettext("stands: time is saved before it"), gettext("moves with the delay")
    yield gettext("The end of the day"), stands if s.timing_end_protected else moves


def _chair(s: Settings) -> Lines:
    yield gettext("When as many vote for as against"), gettext(TIES[s.chair_vote])
    yield gettext("A ruling can be challenged"), _yes(s.challenge_allowed)
    if s.challenge_allowed:
        together = ngettext("%(n)s delegate", "%(n)s delegates together", s.challenge_supporters)
        yield gettext("A challenge needs"), together % {"n": s.challenge_supporters}
        yield gettext("After the ruling it has to come within"), length(s.challenge_window)
        yield gettext("The ruling is reversed"), gettext(REVERSED[s.challenge_majority])
    yield gettext("No confidence in the chair needs"), gettext(MAJORITIES[s.confidence_majority])
    yield gettext("The chair counts as lost without a connection for"), length(s.chair_lost)
    yield gettext("Warning before another officer takes the chair"), length(s.chair_warning)
    yield gettext("The chair may send somebody to the lobby for"), length(s.lobby_time)
    names = gettext("only with the consent of those named")
    yield gettext("Names stand in the minutes"), names


def _yes(value: bool) -> str:  # noqa: FBT001  (a fact to be put in words, no switch)
    return gettext("yes") if value else gettext("no")


def _allowed(value: bool) -> str:  # noqa: FBT001  (the same)
    return gettext("allowed") if value else gettext("not allowed")


def _everybody() -> str:
    return gettext("every delegate")
