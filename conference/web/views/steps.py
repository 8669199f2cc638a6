"""The chair's acts as buttons: where each goes and what it carries, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conference.rules import acts as a
from conference.rules import counting
from conference.rules.kinds import (
    AmendmentId,
    ChairVote,
    Choice,
    LeaveKind,
    MotionId,
    PointState,
    Side,
)
from conference.rules.question import Question, motion_or_amendment
from conference.rules.speech import UNDO_MS
from conference.rules.state import Amendment
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import lazy, ngettext
from conference.web.views import procedures
from conference.web.views.now import title_of
from conference.web.views.subjects import subject

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One button of the chair: where it goes and what it carries."""

    label: str
    detail: str
    action: str
    fields: Fields = ()
    line: str = ""
    """The label of the one line that the chair writes with it; empty for none."""
    confirm: str = ""
    """The id of the dialog that asks once more; empty for none."""
    rare: str = ""
    """The group of the rarer acts that it stands in; empty for the first ones."""
    ask: str = ""
    """What is asked before it is done: it takes a second press. Empty for one press."""
    until: int = 0
    """When it is no longer possible, whatever happens; 0: that does not pass by itself."""


DEBATE, VOTE, SPEECH = "debate", "vote", "speech"


def question_path(motion: MotionId | None, amendment: AmendmentId | None) -> str:
    """Return the address of a motion, or of one of its amendments, on the panel."""
    return f"/chair/amendments/{amendment}" if amendment else f"/chair/motions/{motion}"


def _label(site: Site, motion: MotionId, amendment: AmendmentId | None) -> str:
    row = motion_or_amendment(site.meeting, motion, amendment)
    return row.label if row is not None else ""


def _named(
    text: str, verb: str, fields: Fields = (), *, rare: str = "", line: str = ""
) -> Callable[[Site, Any], Step]:
    """Return the maker of a button about a motion or amendment."""

    def make(site: Site, act: Any) -> Step:
        path = question_path(act.motion, act.amendment)
        label = _label(site, act.motion, act.amendment)
        return Step(
            _(text), label, f"{path}/{verb}", fields, line=_(line) if line else "", rare=rare
        )

    return make


def _plain(text: str, path: str, *, rare: str = "", line: str = "") -> Callable[[Site, Any], Step]:
    """Return the maker of a button whose address holds at most the act's first value."""

    def make(_site: Site, act: Any) -> Step:
        values = [getattr(act, name) for name in act.__slots__]
        where = path.format(values[0] if values else "")
        return Step(_(text), "", where, line=_(line) if line else "", rare=rare)

    return make


def _item(site: Site, act: a.CallItem) -> Step:
    detail = title_of(site.meeting.items[act.item])
    return Step(_("Call this item"), detail, f"/chair/items/{act.item}/call")


def _put(site: Site, act: a.PutNextQuestion) -> Step:
    row = site.meeting.motions[act.motion]
    detail = f"{row.label}: {row.title}" if row.title else row.label
    return Step(_("Put the next question"), detail, f"/chair/motions/{act.motion}/put")


def _take_up(site: Site, act: a.TakeUp) -> Step:
    detail = site.meeting.motions[act.motion].label
    return Step(_("Go on with the debate"), detail, f"/chair/motions/{act.motion}/taking-up")


def _moved(site: Site, act: a.MarkMoved) -> Step:
    row = motion_or_amendment(site.meeting, act.motion, act.amendment)
    who = (site.name(row.mover) or row.mover_name) if row is not None else ""
    return Step(_("Moved"), who, f"{question_path(act.motion, act.amendment)}/moved")


def _seconded(site: Site, act: a.MarkSeconded) -> Step:
    row = motion_or_amendment(site.meeting, act.motion, act.amendment)
    who = (site.name(row.seconder) or row.seconder_name) if row is not None else ""
    return Step(_("Seconded"), who, f"{question_path(act.motion, act.amendment)}/seconded")


def _fall(site: Site, act: a.LetFall) -> Step:
    path = f"{question_path(act.motion, act.amendment)}/fall"
    row = motion_or_amendment(site.meeting, act.motion, act.amendment)
    if isinstance(row, Amendment) and site.meeting.conference.amendment != row.id:
        detail = _("amendment %(label)s") % {"label": row.label}
        asks = _("Nobody moves it? Then conference does not debate it or vote on it.")
        return Step(_("Let it fall"), detail, path, rare=DEBATE, ask=asks)
    asks = _("Ask once more whether anybody moves or seconds it. Fallen, it is not voted on.")
    return Step(_("Not moved or seconded: falls"), "", path, ask=asks)


def _take_amendment(site: Site, act: a.TakeAmendment) -> Step:
    row = site.meeting.amendments[act.amendment]
    falls = [x.label for x in site.meeting.amendments.values() if row.id in x.falls_if]
    detail = row.label
    if falls:
        labels = ", ".join(falls)
        detail = _("%(label)s; if it is carried, %(labels)s falls") % {
            "label": row.label, "labels": labels,
        }  # fmt: skip
    return Step(_("Take the amendment"), detail, f"/chair/amendments/{act.amendment}/taking")


def _admit(site: Site, act: a.AdmitAmendment) -> Step:
    label = site.meeting.amendments[act.amendment].label
    fields = (("admit", "yes" if act.admit else "no"),)
    text = _("Admit the amendment") if act.admit else _("Decline the amendment")
    return Step(text, label, f"/chair/amendments/{act.amendment}/admission", fields)


def _leave(site: Site, act: a.AskLeave) -> Step:
    path = f"{question_path(act.motion, act.amendment)}/leave"
    label = _label(site, act.motion, act.amendment)
    fields = (("kind", str(act.kind)),)
    if act.kind is LeaveKind.ACCEPT:
        return Step(_("Accepted: any objection?"), label, path, fields)
    return Step(_("Withdrawn: any objection?"), label, path, fields, rare=DEBATE)


def _speaker(site: Site, act: a.CallSpeaker) -> Step:
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
    elif act.side in {Side.MOVER, Side.REPLY}:
        detail = _mover(site, act)
    if act.side is Side.REPLY and innermost_is_about_chair(site):
        return Step(_("Call the answer"), _answers(site), "/chair/turns", tuple(fields))
    label = {
        Side.MOVER: _("Call the mover"),
        Side.SECONDER: _("Call the seconder"),
        Side.REPLY: _("Call the reply"),
    }
    if act.side is Side.REPLY and act.request is not None:
        text = _("Somebody else replies")
        return Step(text, detail, "/chair/turns", tuple(fields), rare=DEBATE)
    return Step(label.get(act.side, _("Call next speaker")), detail, "/chair/turns", tuple(fields))


def innermost_is_about_chair(site: Site) -> bool:
    """Say whether it is a question about the chair that is before conference."""
    return site.meeting.conference.challenge is not None


def _answers(site: Site) -> str:
    challenge = site.meeting.conference.challenge
    return site.name(site.meeting.procedurals[challenge].about) if challenge is not None else ""


def _mover(site: Site, act: a.CallSpeaker) -> str:
    """Return who moves or replies, if that is known."""
    head = site.meeting.conference
    pending = head.challenge if head.challenge is not None else head.procedural
    if pending is not None:
        return site.name(site.meeting.procedurals[pending].by) if act.side is Side.MOVER else ""
    if head.motion is None:
        return ""
    amendment = head.amendment if act.side is Side.MOVER else None
    row = motion_or_amendment(site.meeting, head.motion, amendment)
    return (site.name(row.mover) or row.mover_name) if row is not None else ""


def _announce(site: Site, act: a.AnnounceVote) -> Step:
    asked = Question(act.motion, act.amendment, act.procedural)
    names = zip(("motion", "amendment", "procedural"), asked, strict=True)
    fields = tuple((name, str(value)) for name, value in names if value is not None)
    if act.below_quorum:
        fields = (*fields, ("below_quorum", "yes"))
    detail = subject(site, asked).label
    return Step(_("Open the vote"), detail, "/chair/votes", fields, confirm="open-vote")


def _undecided(site: Site, act: a.LeaveUndecided) -> Step:
    text = _("Leave undecided")
    if act.procedural is None:
        path = question_path(act.motion, act.amendment)
        label = _label(site, act.motion, act.amendment) if act.motion is not None else ""
        return Step(text, label, f"{path}/undecided", rare=DEBATE)
    title = procedures.title(site, site.meeting.procedurals[act.procedural])
    return Step(text, title, f"/chair/procedurals/{act.procedural}/undecided", rare=DEBATE)


def _extend(site: Site, act: a.ExtendVote) -> Step:
    seconds = site.meeting.settings.vote_extension
    label = ngettext("%(n)s second more", "%(n)s seconds more", seconds) % {"n": seconds}
    return Step(label, "", f"/chair/votes/{act.vote}/extension")


def _more_time(site: Site, act: a.AddTime) -> Step:
    seconds = site.meeting.settings.speech_extension
    label = _("Give %(n)s seconds more") % {"n": seconds}
    return Step(label, "", f"/chair/turns/{act.turn}/extension", rare=SPEECH)


def _close(_site: Site, act: a.CloseVote) -> Step:
    path = f"/chair/votes/{act.vote}/closure"
    if act.anyway:
        asks = _("Somebody has asked for more time and has not had it.")
        return Step(_("Close it all the same"), "", path, (("anyway", "yes"),), ask=asks)
    return Step(_("Close the vote"), "", path)


def _casting(_site: Site, act: a.CastingVote) -> Step:
    side = _("Casting vote for") if act.choice is Choice.FOR else _("Casting vote against")
    return Step(side, "", f"/chair/votes/{act.vote}/casting", (("choice", str(act.choice)),))


def _declare(site: Site, act: a.DeclareResult) -> Step:
    vote, path = site.meeting.votes[act.vote], f"/chair/votes/{act.vote}/declaration"
    casts = site.meeting.settings.chair_vote is not ChairVote.NONE_TIE_FALLS
    if casts and counting.is_tie(vote) and vote.casting is None:
        return Step(_("No casting vote: not carried"), "", path)
    return Step(_("Declare the result"), "", path)


def _undo(site: Site, act: a.UndoCall) -> Step:
    until = site.meeting.turns[act.turn].started_at + UNDO_MS
    path = f"/chair/turns/{act.turn}/undo"
    return Step(_("Undo the call"), "", path, rare=SPEECH, until=until)


def _take_procedural(site: Site, act: a.TakeProcedural) -> Step:
    title = procedures.title(site, site.meeting.procedurals[act.procedural])
    return Step(_("Take it"), title, f"/chair/procedurals/{act.procedural}/taking")


def _refuse(site: Site, act: a.RefuseProcedural) -> Step:
    title = procedures.title(site, site.meeting.procedurals[act.procedural])
    path = f"/chair/procedurals/{act.procedural}/refusal"
    return Step(_("Refuse it"), title, path, line=_("Why, in one line"))


def _hear(site: Site, act: a.HearPoint) -> Step:
    title = procedures.point_title(site.meeting.points[act.point])
    return Step(_("Hear the point"), title, f"/chair/points/{act.point}/hearing")


def _rule(_site: Site, act: a.RulePoint) -> Step:
    labels = {
        PointState.WELL_TAKEN: _("Well taken"),
        PointState.NOT_WELL_TAKEN: _("Not well taken"),
        PointState.ANSWERED: _("Answered"),
    }
    path = f"/chair/points/{act.point}/ruling"
    fields = (("state", str(act.state)),)
    return Step(labels[act.state], "", path, fields, line=_("Ruling, in one line"))


def _resume(_site: Site, act: a.Resume) -> Step:
    if act.early:
        asks = _("The announced time is not over: people may not be back.")
        return Step(_("Go on early"), "", "/chair/resumption", (("early", "yes"),), ask=asks)
    return Step(_("Go on"), "", "/chair/resumption")


WHY = lazy("Why, in one line")
MAKERS: Mapping[type, Callable[[Site, Any], Step]] = {
    a.OpenConference: _plain(lazy("Open the conference"), "/chair/opening"),
    a.CloseConference: _plain(
        lazy("Close the conference"), "/chair/end", line=lazy("To confirm, type the word: close")
    ),
    a.CallItem: _item,
    a.NextItem: _plain(lazy("Next item"), "/chair/items/{}/end"),
    a.PutNextQuestion: _put,
    a.TakeUp: _take_up,
    a.MarkMoved: _moved,
    a.MarkSeconded: _seconded,
    a.LetFall: _fall,
    a.RuleOutOfOrder: _named(lazy("Rule out of order"), "out-of-order", rare=DEBATE, line=WHY),
    a.TakeAmendment: _take_amendment,
    a.AdmitAmendment: _admit,
    a.AskLeave: _leave,
    a.CallOffLeave: _plain(lazy("Take the question back"), "/chair/leave/{}/calling-off"),
    a.CloseDebate: _named(lazy("Close the debate"), "closing", rare=DEBATE),
    a.WaiveReply: _named(lazy("No reply"), "reply-waiver"),
    a.CloseList: _named(lazy("Close the list"), "list", (("open", "no"),), rare=DEBATE),
    a.ReopenList: _named(lazy("Reopen the list"), "list", (("open", "yes"),), rare=DEBATE),
    a.CallSpeaker: _speaker,
    a.EndSpeech: _plain(lazy("End speech"), "/chair/turns/{}/end"),
    a.UndoCall: _undo,
    a.PauseClock: _plain(lazy("Stop the clock"), "/chair/turns/{}/pause", rare=SPEECH),
    a.ResumeClock: _plain(lazy("Let the clock go on"), "/chair/turns/{}/resumption", rare=SPEECH),
    a.AddTime: _more_time,
    a.WaitForSpeaker: _plain(lazy("Wait for the speaker"), "/chair/turns/{}/waiting", rare=SPEECH),
    a.PutSpeechOff: _plain(lazy("Put the speech off"), "/chair/turns/{}/putting-off"),
    a.HaveReadOut: _plain(lazy("The secretary reads it out"), "/chair/turns/{}/reading-out"),
    a.TakeProcedural: _take_procedural,
    a.RefuseProcedural: _refuse,
    a.HearPoint: _hear,
    a.RulePoint: _rule,
    a.AnnounceVote: _announce,
    a.CallOffVote: _plain(lazy("Call the vote off"), "/chair/votes/{}/calling-off"),
    a.LeaveUndecided: _undecided,
    a.ExtendVote: _extend,
    a.CloseVote: _close,
    a.StopVote: _plain(lazy("Stop this vote"), "/chair/votes/{}/stop", rare=VOTE, line=WHY),
    a.CastingVote: _casting,
    a.DeclareResult: _declare,
    a.Resume: _resume,
}
"""How each act that `rules.steps` may offer stands on the panel."""


def step_of(site: Site, act: a.Act) -> Step:
    """Return the button for an act. Raises KeyError for what is no step of the chair."""
    return MAKERS[type(act)](site, act)
