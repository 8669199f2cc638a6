"""The chair's panel: what can be done next, and why the rest cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conference.rules import acts as a
from conference.rules import counting, debate, needs_key, question, queue, sequence
from conference.rules.kinds import (
    ChairVote,
    ItemState,
    Outcome,
    Pause,
    Phase,
    VoteState,
)
from conference.rules.refused import Refused
from conference.rules.roles import in_the_chair
from conference.rules.state import Vote
from conference.rules.steps import Steps, steps
from conference.rules.timing import behind
from conference.rules.voting import majority
from conference.web.sentences import say
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import lazy, ngettext
from conference.web.views import beside, procedures, words
from conference.web.views.beside import a_chair
from conference.web.views.cues import cue, why
from conference.web.views.late import behind_text, end_text
from conference.web.views.now import TurnView, current_turn, item_view, title_of
from conference.web.views.seals import box_sentence, said
from conference.web.views.steps import DEBATE, SPEECH, VOTE, Step, step_of
from conference.web.views.subjects import Subject, subject
from conference.web.views.votes import latest, outcome_word, result_view

INBOX = (
    a.HearPoint, a.RulePoint, a.TakeProcedural, a.RefuseProcedural, a.AdmitAmendment,
)  # fmt: skip
"""What stands with what it is about in the region `inbox`; here only when it is suggested."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One step as the panel shows it."""

    step: Step
    suggested: bool
    cue: str
    """What the chair may say with it; only the suggested step has one."""
    why: str
    """Why the machine suggests this speaker."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rarer acts under one heading."""

    title: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class NotNow:
    """Why some steps would be refused now."""

    why: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """What the next item brings: shown before it is called (screens H1.4)."""

    text: str
    planned_at: int
    minutes: int
    lines: tuple[str, ...]
    """Its motions with their amendments, or its speakers."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """What the dialog of *Open the vote* shows before the chair presses again."""

    key: str
    fields: tuple[tuple[str, str], ...]
    subject: Subject
    rule: str
    abstentions: str
    present: int
    quorum: int
    below_quorum: bool
    version: int
    seconds: int
    announcement: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The counted, not yet declared figures: for the chair who reads them out."""

    word: str
    said: str
    """The figures as a sentence, or that they are not given."""
    box: str
    not_voted: int
    rule: str
    """The rule in words, with the number that it is counted of."""
    tie: bool
    """Whether the chair can decide a tie now."""
    follows: str
    """What declaring it leads to, as the end of a sentence; empty where nothing is to be said."""


@dataclass(frozen=True, slots=True)
class PanelView:
    """The region `panel`: for whoever is in the chair with buttons, for other officers without."""

    step: int
    now: int
    acting: bool
    chair: str
    """Who is in the chair, by display name; empty before the opening."""
    presiding: str
    """Who presides instead while conference decides about the chair; empty else."""
    stack: tuple[str, ...]
    """What is before conference, the outermost first."""
    behind: str
    end: str
    """What is to be said about the end of the day; empty while it is in time."""
    turn: TurnView | None
    speech: tuple[Offer, ...]
    """What can be done with the speech that runs, but for ending it."""
    gone: bool
    """Whether the page of whoever speaks has lost its connection."""
    offered: tuple[Offer, ...]
    groups: tuple[Group, ...]
    refused: tuple[NotNow, ...]
    waiting_for: str
    waiting_until: int
    """When what is waited for ends by itself; 0 where no time runs."""
    coming: Coming | None
    zone: str
    confirm: Confirm | None
    figures: Figures | None


COUNTERS = frozenset({VoteState.ANNOUNCED, VoteState.CLOSED})
"""The stages of a vote that go on only when the counting process answers."""
GROUPS = ((DEBATE, lazy("The debate")), (VOTE, lazy("The vote")))
NOTHING = Steps((), (), None)


def panel_view(site: Site, *, acting: bool) -> PanelView:
    """Return the panel: the same for everybody who acts, and for everybody who watches."""
    meeting, head = site.meeting, site.meeting.conference
    possible = steps(meeting, a_chair(site), site.now()) if acting else NOTHING
    offers = _offers(site, possible)
    announce = next((x for x in possible.offered if isinstance(x, a.AnnounceVote)), None)
    return PanelView(
        step=head.step,
        now=site.now(),
        acting=acting,
        chair=site.name(head.chair),
        presiding=site.name(head.presiding) if head.challenge is not None else "",
        stack=_stack(site),
        behind=behind_text(behind(meeting, site.now())),
        end=end_text(meeting, site.now()),
        turn=current_turn(site),
        speech=tuple(x for x in offers if x.step.rare == SPEECH and not x.suggested),
        gone=acting and beside.has_lost_speaker(site),
        offered=tuple(x for x in offers if x.suggested or not x.step.rare),
        groups=_groups(offers),
        refused=_refused(site, possible.refused, {x.step.label for x in offers}),
        waiting_for=_waiting_for(site),
        waiting_until=_waiting_until(site),
        coming=_coming(site),
        zone=head.zone,
        confirm=confirm_view(site, announce) if announce is not None else None,
        figures=_figures(site) if acting else None,
    )


def _offers(site: Site, possible: Steps) -> list[Offer]:
    """Return the steps as the panel shows them: each once, and what waits stands in the inbox."""
    plain = any(isinstance(x, a.AnnounceVote) and not x.below_quorum for x in possible.offered)
    found = []
    for act in possible.offered:
        suggested = act is possible.suggested
        if isinstance(act, INBOX) and not suggested:
            continue
        if isinstance(act, a.AnnounceVote) and act.below_quorum and plain:
            continue  # the same button: it asks for more only when there is no quorum
        said = cue(site, act) if suggested else ""
        found.append(Offer(step_of(site, act), suggested, said, why(site, act)))
    return found


def _groups(offers: list[Offer]) -> tuple[Group, ...]:
    rest = [x for x in offers if not x.suggested]
    found = (
        Group(_(title), tuple(x for x in rest if x.step.rare == name)) for name, title in GROUPS
    )
    return tuple(group for group in found if group.offers)


def _refused(
    site: Site, refused: tuple[tuple[a.Act, Refused], ...], offered: set[str]
) -> tuple[NotNow, ...]:
    """Return the reasons, each once with all the steps that it keeps from being possible."""
    found: dict[str, dict[str, None]] = {}
    for act, reason in refused:
        label = step_of(site, act).label
        if isinstance(act, NOBODY_LOOKS_FOR) or label in offered:
            continue
        found.setdefault(say(reason), {})[label] = None
    return tuple(NotNow(why, tuple(labels)) for why, labels in found.items())


NOBODY_LOOKS_FOR = (a.UndoCall, a.LeaveUndecided, a.ReopenList)
"""What is refused as a rule: five seconds after a call, while there is a quorum, on an open list."""


def _coming(site: Site) -> Coming | None:
    """Return what the item that is to be called brings, None while one is before conference."""
    meeting, head = site.meeting, site.meeting.conference
    if head.phase is not Phase.OPEN or head.item is None:
        return None
    item = meeting.items[head.item]
    if item.state is not ItemState.PLANNED:
        return None
    lines = []
    for motion in (m for m in meeting.motions.values() if m.item == item.id):
        taken = sequence.in_turn(meeting, motion)
        line = f"{motion.label}: {motion.title}" if motion.title else motion.label
        if taken:
            labels = ", ".join(x.label for x in taken)
            line += " " + ngettext(
                "(amendment %(labels)s)", "(amendments %(labels)s, in this order)", len(taken)
            ) % {"labels": labels}
        lines.append(line)
    lines += [slot.name for slot in queue.slots_of(meeting, item.id)]
    return Coming(item.text, item.starts_at, item.minutes, tuple(lines))


def _stack(site: Site) -> tuple[str, ...]:
    """Return what is before conference, from the item to the innermost question."""
    meeting, head = site.meeting, site.meeting.conference
    if head.phase is not Phase.OPEN or head.item is None:
        return ()
    item = meeting.items[head.item]
    if item.state is ItemState.PLANNED:
        return (_("Next: %(title)s") % {"title": title_of(item)},)
    lines = [title_of(item)]
    motion = debate.current_motion(meeting)
    if motion is not None:
        lines.append(f"{motion.label}: {words.stage(motion)}")
    amendment = debate.current_amendment(meeting)
    if amendment is not None:
        label = _("Amendment %(label)s") % {"label": amendment.label}
        lines.append(f"{label}: {words.stage(amendment)}")
    inner = question.innermost(meeting)
    if inner is not None and inner.procedural is not None:
        lines.append(procedures.title(site, meeting.procedurals[inner.procedural]))
    return tuple(lines)


def _waiting_until(site: Site) -> int:
    head = site.meeting.conference
    if head.pause is not None:
        return head.resumes_at if head.resumes_at and head.resumes_at > site.now() else 0
    if head.point is not None:
        return 0
    if head.leave is not None:
        return site.meeting.leaves[head.leave].closes_at
    if (at := _speaker_until(site)) > site.now():
        return at
    until = break_until(site)
    return until if until > site.now() else 0


def _waiting_for(site: Site) -> str:
    head = site.meeting.conference
    if head.pause is not None:
        return _waiting_for_end(site)
    if head.point is not None:
        return _("Hear the point, then rule on it in one line. The clock is stopped.")
    if head.leave is not None:
        return _("Conference is being asked whether anybody objects. Wait for the answer.")
    if until := _speaker_until(site):
        return _waiting_for_speaker(site, until)
    if head.phase is Phase.OPEN and in_the_chair(site.meeting) is None:
        return _("Conference decides about the chair. Another officer must preside.")
    if (until := break_until(site)) and head.turn is None:
        if site.now() < until:
            return _("A break. Everybody has been told that it ends in")
        return _("The break is over.")
    vote = latest(site)
    return _waiting_for_vote(site, vote) if vote is not None else ""


def _speaker_until(site: Site) -> int:
    """Return until when conference waits for whoever speaks; 0 when it does not."""
    turn = site.meeting.conference.turn
    return site.meeting.turns[turn].waits_until or 0 if turn is not None else 0


def _waiting_for_speaker(site: Site, until: int) -> str:
    if until <= site.now():
        return _("The time to wait is over. Put the speech off, or have it read out; or, if the "
                 "speaker is back, let the clock go on.")  # fmt: skip
    return _("We wait for the speaker; the clock is stopped. If they are back, let it go on.")


def _waiting_for_end(site: Site) -> str:
    head = site.meeting.conference
    if head.pause is Pause.TECHNICAL:
        return _("Everything stands still: clocks, votes, questions. Go on when people are back.")
    if not head.resumes_at:
        return _("The meeting stands adjourned. Go on when there is order.")
    if site.now() < head.resumes_at:
        return _("A break. Everybody has been told that it ends in")
    return _("The break is over. Look whether people are back.")


def _waiting_for_vote(site: Site, vote: Vote) -> str:
    if vote.state in COUNTERS and site.scrutiny.trouble:
        return _("The counting process does not answer. It is asked again and again: wait, or call "
                 "the host.")  # fmt: skip
    if needs_key(vote):
        return _(
            "The vote waits for its key; it opens as soon as the counting process has made one."
        )
    if vote.state is VoteState.CLOSED:
        return _("The envelopes are being opened and counted.")
    if vote.state is VoteState.ANNOUNCED:
        return _("The vote has been announced and opens by itself.")
    if vote.state is VoteState.OPEN and vote.last_call:
        return _("The closing countdown is running. An extension calls it off.")
    if vote.state is VoteState.OPEN and vote.more_time:
        return _("Somebody has asked for more time to vote. Give it, or close a second time.")
    if vote.state is VoteState.OPEN:
        return _("The vote is open. It closes by itself at its announced time.")
    return ""


def break_until(site: Site) -> int:
    """Return when the break on the agenda that is before conference ends; 0 when there is none."""
    meeting, head = site.meeting, site.meeting.conference
    if head.phase is not Phase.OPEN or head.item is None:
        return 0
    item = meeting.items[head.item]
    return item_view(meeting, item).resumes_at or 0 if item.state is ItemState.CALLED else 0


def _figures(site: Site) -> Figures | None:
    vote = latest(site)
    if vote is None or vote.state is not VoteState.COUNTED or vote.outcome is None:
        return None
    tie = counting.is_tie(vote) and vote.casting is None
    decides = site.meeting.settings.chair_vote is not ChairVote.NONE_TIE_FALLS
    about = subject(site, question.of(vote))
    shown = result_view(site, replace(vote, state=VoteState.DECLARED))
    return Figures(
        outcome_word(site, vote), said(vote), box_sentence(vote), shown.not_voted,
        f"{shown.rule} {shown.arithmetic}".strip(), tie and decides,
        about.if_carried if vote.outcome is Outcome.CARRIED else about.if_lost,
    )  # fmt: skip


def confirm_view(site: Site, act: a.AnnounceVote) -> Confirm | None:
    """Return what the chair confirms before this vote, None when there is no such question."""
    asked = question.Question(act.motion, act.amendment, act.procedural)
    meeting = site.meeting
    try:
        about = subject(site, asked)
    except KeyError:
        return None
    rule, base = majority(meeting, asked)
    names = zip(("motion", "amendment", "procedural"), asked, strict=True)
    settings = meeting.settings
    return Confirm(
        key="-".join(str(value or 0) for value in asked),
        fields=tuple((name, str(value)) for name, value in names if value is not None),
        subject=about,
        rule=words.rule_sentence(rule, base, None),
        abstentions=words.abstentions(rule, base, settings),
        present=meeting.conference.present,
        quorum=question.quorum(meeting),
        below_quorum=not question.is_quorate(meeting, site.now()),
        version=question.text_of(meeting, asked.motion).number if asked.motion else 1,
        seconds=settings.vote_duration + meeting.stage.delay,
        announcement=settings.vote_announcement,
    )
