"""The chair's panel: what can be done next, and why the rest cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from conference.rules import acts as a
from conference.rules import debate
from conference.rules.agenda import in_order
from conference.rules.kinds import ItemState, Mode, MotionState, PersonId, Role, Side, VoteState
from conference.rules.steps import steps
from conference.web.sentences import say
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import ngettext
from conference.web.views import words
from conference.web.views.now import Waiting, title_of, waiting
from conference.web.views.votes import latest

CONNECTED_MS = 60_000
"""How long somebody counts as connected after asking for a page without a socket."""


@dataclass(frozen=True, slots=True)
class Step:
    """One button of the chair: where it goes and what it carries."""

    label: str
    detail: str
    action: str
    fields: tuple[tuple[str, str], ...] = ()
    confirm: str = ""
    """The id of the dialog that asks once more; empty for none."""
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class NotNow:
    """A step that would be refused now, and the reason."""

    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """What the dialog of *Open the vote* shows before the chair presses again."""

    motion: int
    label: str
    title: str
    question: str
    text: str
    rule: str
    present: int
    seconds: int
    announcement: int
    untaken: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The counted, not yet declared figures: for the chair who reads them out."""

    word: str
    votes_for: int
    votes_against: int
    abstentions: int


@dataclass(frozen=True, slots=True)
class PanelView:
    """The region `panel`."""

    step: int
    offered: tuple[Step, ...]
    refused: tuple[NotNow, ...]
    waiting_for: str
    confirm: Confirm | None
    untaken: int
    figures: Figures | None


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


@dataclass(frozen=True, slots=True)
class ChairQueueView:
    """The region `speakers`: who waits to speak, each with a button."""

    step: int
    waiting: tuple[Waiting, ...]
    asks_for: int
    asks_against: int
    callable: bool


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
    """Return somebody who may act as chair, on whom the panel's offers are tried."""
    chairs = (p.id for p in site.meeting.people.values() if p.roles & {Role.CHAIR, Role.VICE_CHAIR})
    return next(chairs, PersonId(""))


def panel_view(site: Site) -> PanelView:
    """Return the panel, the same for every chair."""
    meeting = site.meeting
    possible = steps(meeting, a_chair(site), site.now())
    announce = next((x for x in possible.offered if isinstance(x, a.AnnounceVote)), None)
    return PanelView(
        step=meeting.conference.step,
        offered=tuple(
            replace(step_of(site, act), suggested=act is possible.suggested)
            for act in possible.offered
        ),
        refused=tuple(NotNow(step_of(site, act).label, say(why)) for act, why in possible.refused),
        waiting_for=_waiting_for(site),
        confirm=confirm_view(site, announce.motion) if announce else None,
        untaken=_untaken(site),
        figures=_figures(site),
    )


def _untaken(site: Site) -> int:
    motion = debate.current_motion(site.meeting)
    if motion is None or motion.state in {MotionState.VOTING, MotionState.DECIDED}:
        return 0
    return sum(x.motion == motion.id for x in site.meeting.amendments.values())


def _waiting_for(site: Site) -> str:
    vote = latest(site)
    if vote is None:
        return ""
    if vote.state is VoteState.ANNOUNCED:
        return _("The vote has been announced and opens by itself.")
    if vote.state is VoteState.OPEN and vote.last_call:
        return _("The closing countdown is running. An extension calls it off.")
    if vote.state is VoteState.OPEN:
        return _("The vote is open. It closes by itself at its announced time.")
    return ""


def _figures(site: Site) -> Figures | None:
    vote = latest(site)
    if vote is None or vote.state is not VoteState.COUNTED or vote.outcome is None:
        return None
    return Figures(
        _(words.OUTCOMES[vote.outcome]), vote.votes_for or 0, vote.votes_against or 0,
        vote.abstentions or 0,
    )  # fmt: skip


def confirm_view(site: Site, motion_id: int) -> Confirm | None:
    """Return what the chair confirms before a vote on this motion, None when there is no such."""
    motion = next((m for m in site.meeting.motions.values() if m.id == motion_id), None)
    if motion is None:
        return None
    settings = site.meeting.settings
    return Confirm(
        motion.id, motion.label, motion.title,
        _("The question is that %(label)s be carried.") % {"label": motion.label},
        motion.text, words.rule_sentence(motion.rule, motion.base, None),
        site.meeting.conference.present, settings.vote_duration, settings.vote_announcement,
        sum(x.motion == motion.id for x in site.meeting.amendments.values()),
    )  # fmt: skip


def step_of(site: Site, act: a.Act) -> Step:  # noqa: C901, PLR0911, PLR0912  (one line for each act)
    """Return the button for an act."""
    match act:
        case a.OpenConference():
            return Step(_("Open the conference"), "", "/chair/opening")
        case a.CloseConference():
            return Step(_("Close the conference"), "", "/chair/end")
        case a.CallItem(item):
            detail = title_of(site.meeting.items[item])
            return Step(_("Call this item"), detail, f"/chair/items/{item}/call")
        case a.NextItem(item):
            return Step(_("Next item"), "", f"/chair/items/{item}/end")
        case a.PutNextQuestion(motion):
            detail = site.meeting.motions[motion].label
            return Step(_("Put the next question"), detail, f"/chair/motions/{motion}/put")
        case a.MarkMoved(motion):
            detail = site.meeting.motions[motion].mover_name
            return Step(_("Moved"), detail, f"/chair/motions/{motion}/moved")
        case a.MarkSeconded(motion):
            return Step(_("Seconded"), _seconder(site, motion), f"/chair/motions/{motion}/seconded")
        case a.LetFall(motion):
            return Step(_("Not moved or seconded: falls"), "", f"/chair/motions/{motion}/fall")
        case a.CallSpeaker():
            return _speaker_step(site, act)
        case a.EndSpeech(turn):
            return Step(_("End speech"), "", f"/chair/turns/{turn}/end")
        case a.AnnounceVote(motion):
            detail = site.meeting.motions[motion].label
            fields = (("motion", str(motion)),)
            return Step(_("Open the vote"), detail, "/chair/votes", fields, "open-vote")
        case a.CallOffVote(vote):
            return Step(_("Call the vote off"), "", f"/chair/votes/{vote}/calling-off")
        case a.LeaveUndecided(motion):
            detail = site.meeting.motions[motion].label
            return Step(_("Leave undecided"), detail, f"/chair/motions/{motion}/undecided")
        case a.ExtendVote(vote):
            seconds = site.meeting.settings.vote_extension
            label = ngettext("%(n)s second more", "%(n)s seconds more", seconds) % {"n": seconds}
            return Step(label, "", f"/chair/votes/{vote}/extension")
        case a.CloseVote(vote):
            return Step(_("Close the vote"), "", f"/chair/votes/{vote}/closure")
        case a.DeclareResult(vote):
            return Step(_("Declare the result"), "", f"/chair/votes/{vote}/declaration")
        case (
            a.SetMode() | a.CheckIn() | a.Leave() | a.AskToSpeak() | a.WithdrawRequest()
            | a.OfferSecond() | a.ConfirmSeen() | a.AddPerson() | a.Decide() | a.RenewLink() | a.CheckOut()
            | a.EnterCount() | a.ConfirmCount() | a.OpenVote() | a.PassMinimum() | a.EndVote()
            | a.CountVote() | a.VoidVote()
        ):  # fmt: skip
            message = f"{type(act).__name__} is not a step of the chair"
            raise TypeError(message)
        case _:
            assert_never(act)


def _seconder(site: Site, motion: int) -> str:
    row = next(m for m in site.meeting.motions.values() if m.id == motion)
    return site.name(row.seconder) or row.seconder_name


def _speaker_step(site: Site, act: a.CallSpeaker) -> Step:
    fields = [("side", str(act.side))]
    detail = ""
    if act.slot is not None:
        fields.append(("slot", str(act.slot)))
        detail = site.meeting.slots[act.slot].name
    elif act.request is not None:
        request = site.meeting.requests[act.request]
        fields.append(("request", str(act.request)))
        side = _("for") if request.side is Side.FOR else _("against")
        detail = f"{site.name(request.person)} ({side})"
    elif act.side is Side.MOVER:
        motion = debate.current_motion(site.meeting)
        detail = motion.mover_name if motion is not None else ""
    label = {Side.MOVER: _("Call the mover"), Side.SECONDER: _("Call the seconder")}
    return Step(label.get(act.side, _("Call next speaker")), detail, "/chair/turns", tuple(fields))


def crowd_view(site: Site) -> CrowdView:
    """Return the head counts. *Connected* is told for warnings only, never for a roll."""
    head = site.meeting.conference
    quorum = site.meeting.settings.quorum
    recent = site.now() - CONNECTED_MS
    connected = {p for p in site.room.people() if p}
    connected |= {p for p, at in site.asked.items() if at >= recent}
    return CrowdView(
        head.present, len(connected), quorum, head.register, head.present >= quorum,
        demonstration=head.mode is Mode.DEMONSTRATION, crowd=site.crowd is not None,
    )  # fmt: skip


def chair_queue_view(site: Site) -> ChairQueueView:
    """Return who waits to speak, and whether they can be called now."""
    rows = tuple(waiting(site))
    callable_now = any(
        isinstance(act, a.CallSpeaker) and act.request is not None
        for act in steps(site.meeting, a_chair(site), site.now()).offered
    )
    return ChairQueueView(
        site.meeting.conference.step, rows, sum(r.side == Side.FOR for r in rows),
        sum(r.side == Side.AGAINST for r in rows), callable_now,
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
