"""What the chair may say with the suggested step: a cue in our own words (procedure G4)."""

from __future__ import annotations

from conference.rules import acts as a
from conference.rules import question, queue, sequence
from conference.rules.kinds import LeaveKind, MotionState, Outcome, Side
from conference.rules.question import Question, motion_or_amendment
from conference.rules.queue import Why
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import lazy, ngettext
from conference.web.views.now import title_of
from conference.web.views.subjects import subject
from conference.web.views.votes import outcome_word

WHYS = {
    Why.HEARD: lazy("conference decided that this delegate be heard"),
    Why.FIRST_TIME: lazy("has not spoken today"),
    Why.OTHER_SIDE: lazy("the other side spoke last, or goes first"),
    Why.ASKED_FIRST: lazy("asked first"),
}


def why(site: Site, act: a.Act) -> str:
    """Return why the machine suggests this speaker; empty for everything else."""
    asked = question.innermost(site.meeting)
    if not isinstance(act, a.CallSpeaker) or act.request is None or asked is None:
        return ""
    for one in queue.suggested(site.meeting, asked):
        if one.request.id == act.request:
            return _(WHYS[one.why])
    return ""


def _minutes(seconds: int) -> str:
    if seconds % 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    minutes = seconds // 60
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def cue(  # noqa: C901, PLR0911, PLR0912  (one case for each act that is said aloud)
    site: Site, act: a.Act
) -> str:
    """Return what to say; empty where nothing needs to be said."""
    match act:
        case a.OpenConference():
            return _("Welcome. I open this conference.")
        case a.CallItem(item):
            return _item(site, item)
        case a.PutNextQuestion(motion):
            return _("We come to %(label)s.") % {"label": site.meeting.motions[motion].label}
        case a.MarkMoved():
            return _("That is moved. Is it seconded?")
        case a.MarkSeconded():
            return _("Seconded. It is before conference.")
        case a.TakeAmendment(amendment):
            label = site.meeting.amendments[amendment].label
            return _("I take amendment %(label)s. The debate is on the amendment only.") % {
                "label": label,
            }  # fmt: skip
        case a.AskLeave(kind):
            return _leave(kind)
        case a.CallSpeaker():
            return _speaker(site, act)
        case a.EndSpeech():
            return _("Thank you.")
        case a.HearPoint():
            return _("I have a point of order. The clock is stopped. What is your point?")
        case a.TakeProcedural():
            return _("I have a procedural motion, moved and seconded. We deal with that first.")
        case a.AnnounceVote(motion, amendment, procedural):
            return subject(site, Question(motion, amendment, procedural)).question
        case a.CloseVote():
            seconds = site.meeting.settings.vote_countdown
            return _("%(n)s seconds. Then voting is closed.") % {"n": seconds}
        case a.DeclareResult(vote):
            return _declare(site, vote)
        case a.NextItem():
            return _("That ends this item.")
        case a.CloseConference():
            return _("I thank you all, and close this conference.")
        case a.Resume():
            return _("Welcome back. We go on.")
        case _:
            return ""


def _item(site: Site, item: int) -> str:
    row = next(i for i in site.meeting.items.values() if i.id == item)
    said = _("We come to %(title)s.") % {"title": title_of(row)}
    motions = [m for m in site.meeting.motions.values() if m.item == item]
    amendments = sum(len(sequence.in_turn(site.meeting, m)) for m in motions)
    if amendments:
        said += " " + _("The text is on your screen.")
        said += " " + ngettext(
            "There is %(n)s amendment.",
            "There are %(n)s amendments, taken in the printed order.",
            amendments,
        ) % {"n": amendments}
    return said


def _leave(kind: LeaveKind) -> str:
    if kind is LeaveKind.ACCEPT:
        return _("The mover accepts the amendment. Does anybody object?")
    return _("The mover asks leave to withdraw. Does anybody object?")


def _speaker(site: Site, act: a.CallSpeaker) -> str:
    settings, head = site.meeting.settings, site.meeting.conference
    if act.slot is not None:
        slot = site.meeting.slots[act.slot]
        return _("I call %(name)s, %(time)s.") % {
            "name": slot.name, "time": _minutes(slot.minutes * 60),
        }  # fmt: skip
    amends = head.amendment is not None
    mover = settings.speech_amendment if amends else settings.speech_mover
    reply = settings.speech_reply_amendment if amends else settings.speech_reply
    said = {
        Side.MOVER: (_("I call the mover, %(time)s."), mover),
        Side.SECONDER: (_("I call the seconder, %(time)s."), settings.speech_seconder),
        Side.REPLY: (_("The mover’s reply, %(time)s, nothing new. Then we vote."), reply),
        Side.FOR: (_("A speaker for, %(time)s."), settings.speech_other),
        Side.AGAINST: (_("A speaker against, %(time)s."), settings.speech_other),
    }
    if act.side not in said:
        return ""
    sentence, seconds = said[act.side]
    return sentence % {"time": _minutes(seconds)}


def _declare(site: Site, number: int) -> str:
    vote = next(v for v in site.meeting.votes.values() if v.id == number)
    if vote.votes_for is None:
        return ""
    figures = _("For %(f)s, against %(a)s, abstentions %(n)s. %(word)s.") % {
        "f": vote.votes_for, "a": vote.votes_against, "n": vote.abstentions,
        "word": outcome_word(site, vote),
    }  # fmt: skip
    about = subject(site, question.of(vote))
    follows = about.if_carried if vote.outcome is Outcome.CARRIED else about.if_lost
    return f"{figures} {follows[:1].upper()}{follows[1:]}." if follows else figures


def stands(site: Site) -> str:
    """Return, in one line for the chair, where the question before conference stands."""
    asked = question.substantive(site.meeting)
    if asked is None or asked.motion is None:
        return ""
    row = motion_or_amendment(site.meeting, asked.motion, asked.amendment)
    if row is None or row.state is not MotionState.CLOSING:
        return ""
    return _("The debate is closed: only the reply, then the vote.")
