"""What delegates can do in the debate: ask, second, object, procedure; the same for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import counting, debate, procedural, question, queue, rulings, undo
from conference.rules.kinds import (
    LeaveKind,
    MotionState,
    Pause,
    Phase,
    ProceduralState,
    Procedure,
    Profile,
    Side,
)
from conference.rules.points import open_points
from conference.rules.procedures import ROWS, supporters
from conference.rules.question import Question
from conference.rules.state import Amendment, Meeting, Motion, Procedural, Vote
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import lazy
from conference.web.views import procedures
from conference.web.views.now import TurnView, current_turn
from conference.web.views.rulings import (
    HandedOverView,
    ObjectionView,
    RulingView,
    handed_over_view,
    objection_view,
    ruling_view,
)
from conference.web.views.subjects import subject
from conference.web.views.votes import latest


@dataclass(frozen=True, slots=True)
class BackLine:
    """A procedural motion that waits for a seconder or for supporters."""

    id: int
    title: str
    challenge: bool
    backed: int
    needed: int


@dataclass(frozen=True, slots=True)
class LeaveView:
    """*Any objection?*: what is asked, and until when."""

    id: int
    question: str
    closes_at: int


@dataclass(frozen=True, slots=True)
class QueueView:
    """The region `queue`: how many ask, and the buttons to take part oneself."""

    motion: int | None
    amendment: int | None
    procedural: int | None
    label: str
    turn: TurnView | None
    """Who speaks now: on a phone this is told here, above the long texts."""
    put: bool
    """Whether it is being voted on: then nobody asks to speak."""
    asks_for: int
    asks_against: int
    spoke_for: int
    spoke_against: int
    following: tuple[str, ...]
    """The sides of the next two speakers; no names before they are called."""
    may_ask: bool
    may_move: bool
    may_second: bool
    said: str
    """Why nobody can ask to speak now, where something is before conference."""
    buttons: bool
    may_amend: int
    """The motion to which amendments can be handed in from the floor now; 0 for none."""
    open: bool
    """Whether conference is open, so that points and procedure are possible."""
    roberts: bool
    """Whether Robert's Rules hold, which know points of their own."""
    challenge_until: int
    """Until when the chair's latest ruling can be challenged; 0 for not at all."""
    leave: LeaveView | None
    backing: tuple[BackLine, ...]
    points: int
    recount: int
    """The declared vote whose ballots can be counted again on demand; 0 for none."""
    recount_until: int
    now: int


def queue_view(site: Site, *, buttons: bool) -> QueueView:
    """Return the debate's numbers; `buttons` for delegates, none for those who only watch."""
    meeting = site.meeting
    asked = question.innermost(meeting)
    row = question.row_of(meeting, asked) if asked is not None else None
    order = queue.queue(meeting, asked) if asked is not None else []
    sides = [r.side for r in order]
    turns = [t.side for t in question.turns_on(meeting, asked)] if asked is not None else []
    named = asked or Question()
    moved = isinstance(row, Motion | Amendment) and not debate.is_question(row)
    stage = row.state if moved and row is not None else None
    vote = latest(site)
    return QueueView(
        motion=named.motion,
        amendment=named.amendment,
        procedural=named.procedural,
        label=subject(site, asked).label if asked is not None and row is not None else "",
        turn=current_turn(site),
        put=row is not None and row.state in {MotionState.VOTING, ProceduralState.VOTING},
        asks_for=sides.count(Side.FOR),
        asks_against=sides.count(Side.AGAINST),
        spoke_for=turns.count(Side.FOR),
        spoke_against=turns.count(Side.AGAINST),
        following=tuple(_("for") if s is Side.FOR else _("against") for s in sides[:2]),
        may_ask=asked is not None and _takes_requests(meeting, row),
        may_move=stage is MotionState.CALLED and getattr(row, "mover", None) is None,
        may_second=stage is MotionState.MOVED and getattr(row, "seconder", None) is None,
        said=_said(row),
        buttons=buttons,
        may_amend=_amendable(meeting),
        open=meeting.conference.phase is Phase.OPEN,
        roberts=meeting.settings.profile is Profile.RONR,
        challenge_until=_challenge_until(site) if buttons else 0,
        leave=leave_view(site),
        backing=_backing(site),
        points=len(open_points(meeting)),
        recount=vote.id if vote is not None and buttons and _countable(site, vote) else 0,
        recount_until=(vote.declared_at or 0) + counting.ASK_RECOUNT_MS if vote is not None else 0,
        now=site.now(),
    )  # fmt: skip


def _takes_requests(meeting: Meeting, row: Motion | Amendment | Procedural | None) -> bool:
    if meeting.conference.pause is not None or meeting.conference.phase is not Phase.OPEN:
        return False
    if isinstance(row, Procedural):
        return ROWS[row.kind].debate and row.state is ProceduralState.PENDING
    return row is not None and row.state in debate.ASKABLE and not row.list_closed


def _countable(site: Site, vote: Vote) -> bool:
    """Say whether whoever was on the roll can ask for a recount now."""
    fresh = site.now() <= (vote.declared_at or 0) + counting.ASK_RECOUNT_MS
    untouched = not vote.recount and vote.recounted is None
    return fresh and untouched and undo.is_latest(site.meeting, vote)


def _challenge_until(site: Site) -> int:
    """Return until when a challenge to the latest ruling comes in time; 0 when it cannot come."""
    meeting = site.meeting
    latest_ruling = rulings.latest(meeting)
    if latest_ruling is None or meeting.conference.challenge is not None:
        return 0
    until = latest_ruling.at + meeting.settings.challenge_window * 1000
    asked = any(row.kind is Procedure.CHALLENGE for row in procedural.waiting(meeting))
    allowed = meeting.settings.challenge_allowed and meeting.conference.phase is Phase.OPEN
    return until if allowed and not asked and site.now() < until else 0


def _amendable(meeting: Meeting) -> int:
    motion = debate.current_motion(meeting)
    if motion is None or not meeting.settings.amend_from_floor or debate.is_question(motion):
        return 0
    return motion.id if motion.state in debate.OPEN else 0


def _said(row: Motion | Amendment | Procedural | None) -> str:
    if row is None or isinstance(row, Procedural):
        return ""
    if row.state is MotionState.CLOSING:
        return _("The debate is closed: nobody speaks before the vote but the mover in reply.")
    if row.state in debate.ASKABLE and row.list_closed:
        return _("The list of speakers is closed.")
    return ""


def leave_view(site: Site) -> LeaveView | None:
    """Return what conference is asked to agree to without a vote, or None."""
    number = site.meeting.conference.leave
    if number is None:
        return None
    leave = site.meeting.leaves[number]
    label = subject(site, Question(leave.motion, leave.amendment)).label
    sentences = {
        LeaveKind.ACCEPT: _("The mover accepts %(label)s. Does anybody object?"),
        LeaveKind.WITHDRAW: _("Leave is asked to withdraw %(label)s. Does anybody object?"),
    }
    return LeaveView(leave.id, sentences[leave.kind] % {"label": label}, leave.closes_at)


def _backing(site: Site) -> tuple[BackLine, ...]:
    meeting = site.meeting
    return tuple(
        BackLine(
            row.id, procedures.title(site, row), ROWS[row.kind].about_chair and not
            ROWS[row.kind].seconder, len(row.supporters), supporters(meeting, row.kind),
        )
        for row in procedural.waiting(meeting)
        if row.state is ProceduralState.ASKED
    )  # fmt: skip


PAUSES = {
    Pause.BREAK: lazy("Break"),
    Pause.TECHNICAL: lazy("Technical stop: everything stands still until the chair goes on"),
    Pause.ADJOURNED: lazy("The meeting is adjourned"),
    Pause.DISORDER: lazy("The chair has adjourned the meeting"),
}


@dataclass(frozen=True, slots=True)
class BannerView:
    """The region `banner`: what everybody must know now, whatever page they look at."""

    announcement: str
    pause: str
    resumes_at: int
    objection: ObjectionView | None
    ruling: RulingView | None
    """What the chair has just ruled or answered."""
    handed_over: HandedOverView | None
    """Who has just come into the chair."""
    taking: str
    lost: bool
    zone: str
    now: int


def banner_view(site: Site) -> BannerView:
    """Return the announcement, the pause, and what happens with the chair."""
    head = site.meeting.conference
    taking = head.chair_next is not None and head.chair_next_at is not None
    return BannerView(
        announcement=site.remark(head.announcement),
        pause=_(PAUSES[head.pause]) if head.pause is not None else "",
        resumes_at=head.resumes_at or 0,
        objection=objection_view(site),
        ruling=ruling_view(site),
        handed_over=handed_over_view(site),
        taking=site.name(head.chair_next) if taking else "",
        lost=head.chair_lost_at is not None,
        zone=head.zone,
        now=site.now(),
    )
