"""The chair's panel: what can be done next, and why the rest cannot."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import acts as a
from conference.rules import debate, question, queue
from conference.rules.agenda import in_order
from conference.rules.kinds import (
    ChairVote,
    ItemState,
    Mode,
    PersonId,
    Phase,
    Side,
    VoteState,
)
from conference.rules.roles import OPENERS, in_the_chair
from conference.rules.steps import steps
from conference.rules.timing import behind
from conference.rules.voting import majority
from conference.web.sentences import say
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import words
from conference.web.views.cues import WHYS, cue, why
from conference.web.views.now import behind_text, title_of
from conference.web.views.steps import DEBATE, SPEECH, VOTE, Step, step_of
from conference.web.views.subjects import Subject, subject
from conference.web.views.votes import latest, outcome_word

CONNECTED_MS = 60_000
"""How long somebody counts as connected after asking for a page without a socket."""


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
    """A step that would be refused now, and the reason."""

    label: str
    why: str


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
    votes_for: int
    votes_against: int
    abstentions: int
    tie: bool
    """Whether the chair can decide a tie now."""


@dataclass(frozen=True, slots=True)
class PanelView:
    """The region `panel`: for whoever is in the chair with buttons, for other officers without."""

    step: int
    acting: bool
    chair: str
    """Who is in the chair, by display name; empty before the opening."""
    stack: tuple[str, ...]
    """What is before conference, the outermost first."""
    behind: str
    offered: tuple[Offer, ...]
    groups: tuple[Group, ...]
    refused: tuple[NotNow, ...]
    waiting_for: str
    confirm: Confirm | None
    figures: Figures | None
    announce: str


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One request in the queue, with what put it at its place."""

    id: int
    name: str
    side: str
    why: str
    first_time: bool


@dataclass(frozen=True, slots=True)
class CrowdView:
    """The region `hall`: head counts, and the demonstration's pretend delegates."""

    present: int
    connected: int
    quorum: int
    register: int
    is_quorate: bool
    demonstration: bool
    crowd: bool
    open: bool


@dataclass(frozen=True, slots=True)
class ChairQueueView:
    """The region `speakers`: who waits to speak, each with a button."""

    step: int
    waiting: tuple[QueueLine, ...]
    asks_for: int
    asks_against: int
    callable: bool
    closed: bool
    """Whether the list is closed to new requests."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of the running order."""

    title: str
    state: str
    current: bool


@dataclass(frozen=True, slots=True)
class OrderView:
    """The region `order`: the running order."""

    lines: tuple[OrderLine, ...]


def a_chair(site: Site) -> PersonId:
    """Return who acts as chair; before the opening somebody who may open."""
    acting = in_the_chair(site.meeting)
    if acting is not None:
        return acting
    if site.meeting.conference.chair is not None:
        return PersonId("")  # nobody presides yet over the question about the chair
    chairs = (p.id for p in site.meeting.people.values() if p.roles & OPENERS)
    return next(chairs, PersonId(""))


GROUPS = ((SPEECH, "The speech"), (DEBATE, "The debate"), (VOTE, "The vote"))


def panel_view(site: Site, *, acting: bool) -> PanelView:
    """Return the panel: the same for everybody who acts, and for everybody who watches."""
    meeting = site.meeting
    possible = steps(meeting, a_chair(site), site.now())
    offers = [
        Offer(
            step_of(site, act), act is possible.suggested,
            cue(site, act) if act is possible.suggested else "", why(site, act),
        )
        for act in possible.offered
        if not isinstance(act, a.HearPoint | a.RulePoint | a.TakeProcedural | a.RefuseProcedural)
        or act is possible.suggested
    ]  # fmt: skip
    announce = next((x for x in possible.offered if isinstance(x, a.AnnounceVote)), None)
    return PanelView(
        step=meeting.conference.step,
        acting=acting,
        chair=site.name(meeting.conference.chair),
        stack=_stack(site),
        behind=behind_text(behind(meeting, site.now())),
        offered=tuple(x for x in offers if not x.step.rare) if acting else (),
        groups=_groups(offers) if acting else (),
        refused=_refused(site, possible.refused) if acting else (),
        waiting_for=_waiting_for(site),
        confirm=confirm_view(site, announce) if announce is not None and acting else None,
        figures=_figures(site) if acting else None,
        announce="",
    )


def _groups(offers: list[Offer]) -> tuple[Group, ...]:
    found = (
        Group(_(title), tuple(x for x in offers if x.step.rare == name)) for name, title in GROUPS
    )
    return tuple(group for group in found if group.offers)


def _refused(site: Site, refused: tuple[tuple[a.Act, object], ...]) -> tuple[NotNow, ...]:
    """Return the reasons, each once: the same button may be refused in several forms."""
    found: dict[tuple[str, str], NotNow] = {}
    for act, reason in refused:
        row = NotNow(step_of(site, act).label, say(reason))  # type: ignore[arg-type]
        found.setdefault((row.label, row.why), row)
    return tuple(found.values())


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
        lines.append(f"{amendment.label}: {words.stage(amendment)}")
    inner = question.innermost(meeting)
    if inner is not None and inner.procedural is not None:
        lines.append(subject(site, inner).label)
    return tuple(lines)


def _waiting_for(site: Site) -> str:
    head = site.meeting.conference
    if head.point is not None:
        return _("Hear the point, then rule on it in one line. The clock is stopped.")
    if head.leave is not None:
        return _("Conference is being asked whether anybody objects. Wait for the answer.")
    if head.challenge is not None and head.presiding is None:
        return _("Conference decides about the chair. Another officer must preside.")
    vote = latest(site)
    if vote is None:
        return ""
    if vote.state is VoteState.ANNOUNCED:
        return _("The vote has been announced and opens by itself.")
    if vote.state is VoteState.OPEN and vote.last_call:
        return _("The closing countdown is running. An extension calls it off.")
    if vote.state is VoteState.OPEN and vote.more_time:
        return _("Somebody has asked for more time to vote.")
    if vote.state is VoteState.OPEN:
        return _("The vote is open. It closes by itself at its announced time.")
    return ""


def _figures(site: Site) -> Figures | None:
    vote = latest(site)
    if vote is None or vote.state is not VoteState.COUNTED or vote.outcome is None:
        return None
    tie = vote.votes_for == vote.votes_against and vote.casting is None
    decides = site.meeting.settings.chair_vote is not ChairVote.NONE_TIE_FALLS
    return Figures(
        outcome_word(site, vote), vote.votes_for or 0, vote.votes_against or 0,
        vote.abstentions or 0, tie and decides,
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
        abstentions=_(words.ABSTENTIONS),
        present=meeting.conference.present,
        quorum=question.quorum(meeting),
        below_quorum=not question.is_quorate(meeting, site.now()),
        version=question.text_of(meeting, asked.motion).number if asked.motion else 1,
        seconds=settings.vote_duration,
        announcement=settings.vote_announcement,
    )


def crowd_view(site: Site) -> CrowdView:
    """Return the head counts. *Connected* is told for warnings only, never for a roll."""
    head = site.meeting.conference
    quorum = question.quorum(site.meeting)
    recent = site.now() - CONNECTED_MS
    connected = {p for p in site.room.people() if p}
    connected |= {p for p, at in site.asked.items() if at >= recent}
    return CrowdView(
        head.present, len(connected), quorum, head.register, head.present >= quorum,
        demonstration=head.mode is Mode.DEMONSTRATION, crowd=site.crowd is not None,
        open=head.phase is Phase.OPEN,
    )  # fmt: skip


def chair_queue_view(site: Site, *, acting: bool) -> ChairQueueView:
    """Return who waits to speak on the innermost question, and whether they can be called now."""
    asked = question.innermost(site.meeting)
    found = queue.suggested(site.meeting, asked) if asked is not None else []
    rows = tuple(
        QueueLine(
            x.request.id, site.name(x.request.person) or _("A delegate"), x.request.side,
            _(WHYS[x.why]), x.first_time,
        )
        for x in found
    )  # fmt: skip
    offered = steps(site.meeting, a_chair(site), site.now()).offered
    callable_now = any(isinstance(x, a.CallSpeaker) and x.request is not None for x in offered)
    row = question.row_of(site.meeting, asked) if asked is not None else None
    return ChairQueueView(
        site.meeting.conference.step, rows, sum(r.side == Side.FOR for r in rows),
        sum(r.side == Side.AGAINST for r in rows), callable_now and acting,
        closed=bool(getattr(row, "list_closed", False)),
    )  # fmt: skip


def order_view(site: Site) -> OrderView:
    """Return the running order."""
    names = {
        ItemState.PLANNED: _("to come"),
        ItemState.CALLED: _("before conference"),
        ItemState.DONE: _("done"),
    }
    return OrderView(
        tuple(
            OrderLine(title_of(i), names[i.state], i.id == site.meeting.conference.item)
            for i in in_order(site.meeting)
        )
    )
