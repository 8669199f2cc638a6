"""What the chair may say with the suggested step: a cue in our own words (procedure G4)."""

from __future__ import annotations

from conference.rules import acts as a
from conference.rules import debate, question, queue, sequence, speaking
from conference.rules.kinds import (
    AmendmentOrder,
    LeaveKind,
    MotionKind,
    MotionState,
    Outcome,
    PointKind,
    ProceduralId,
    Side,
)
from conference.rules.question import Question
from conference.rules.queue import Why
from conference.rules.refused import Refused
from conference.rules.state import Amendment, Motion, Vote
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import lazy, ngettext
from conference.web.views import procedures
from conference.web.views.now import title_of
from conference.web.views.seals import said
from conference.web.views.subjects import subject
from conference.web.views.votes import outcome_word

WHYS = {
    Why.HEARD: lazy("conference decided that this delegate be heard"),
    Why.FIRST_TIME: lazy("has not spoken today"),
    Why.OTHER_SIDE: lazy("it is this side’s turn"),
    Why.ASKED_FIRST: lazy("asked first"),
}


HEARD = {
    PointKind.ORDER: lazy("I have a point of order. The clock is stopped. What is your point?"),
    PointKind.EXPLANATION: lazy("I have a point of explanation. In a few words, please."),
    PointKind.INFORMATION: lazy("I have a point of information. What is your question?"),
    PointKind.PRIVILEGE: lazy("I have a question of privilege. The clock is stopped. What is it?"),
    PointKind.ORDERS_OF_THE_DAY: lazy(
        "There is a call for the orders of the day. The clock is stopped. What do you ask for?"
    ),
}


def why(site: Site, act: a.Act) -> str:
    """Return why the machine suggests this speaker; empty for everything else."""
    asked = question.innermost(site.meeting)
    if isinstance(act, a.AnnounceVote) and asked is not None:
        row = question.row_of(site.meeting, asked)
        debated = isinstance(row, Motion | Amendment) and row.state is MotionState.DEBATE
        silent = not queue.queue(site.meeting, asked)
        return _("No one is asking to speak: you can go to the vote.") if debated and silent else ""
    if not isinstance(act, a.CallSpeaker) or act.request is None or asked is None:
        return ""
    for one in queue.suggested(site.meeting, asked):
        if one.request.id == act.request:
            return _(WHYS[one.why])
    return ""


NUMBERS = tuple(
    lazy(word)
    for word in (
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
    )
)


def _number(n: int) -> str:
    """Return a number as it is said: up to ten in words."""
    return _(NUMBERS[n]) if 0 <= n < len(NUMBERS) else str(n)


def _time(seconds: int) -> str:
    if seconds % 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": _number(seconds)}
    minutes = seconds // 60
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": _number(minutes)}


def cue(  # noqa: C901, PLR0911, PLR0912  (one case for each act that is said aloud)
    site: Site, act: a.Act
) -> str:
    """Return what to say; empty where nothing needs to be said."""
    match act:
        case a.OpenConference():
            return _("Welcome. I open this conference.")
        case a.CallItem(item):
            return _item(site, item)
        case a.PutNextQuestion(motion) | a.TakeUp(motion):
            return _("We come to %(label)s.") % {"label": site.meeting.motions[motion].label}
        case a.MarkMoved():
            return _moved(site)
        case a.MarkSeconded():
            return _("Seconded. It is before conference.")
        case a.LetFall():
            return _("Does anybody move it? Does anybody second it? Then it falls.")
        case a.TakeAmendment(amendment):
            return _amendment(site, amendment)
        case a.AdmitAmendment():
            return _("An amendment has been handed in from the floor. I admit it.")
        case a.AskLeave(kind):
            return _leave(kind)
        case a.CallSpeaker():
            return _speaker(site, act)
        case a.ResumeClock():
            return _("Please go on.")
        case a.EndSpeech():
            return _("Thank you.")
        case a.PutSpeechOff():
            return _("The connection is lost. We come back to this speech later.")
        case a.HearPoint(point):
            return _(HEARD[site.meeting.points[point].kind])
        case a.TakeProcedural(number):
            return _taken(site, number)
        case a.WaiveReply():
            return _("The mover does not reply. We go to the vote.")
        case a.AnnounceVote(motion, amendment, procedural):
            return _put(site, Question(motion, amendment, procedural))
        case a.ExtendVote():
            seconds = site.meeting.settings.vote_extension
            return _("There is more time: %(time)s more.") % {"time": _time(seconds)}
        case a.CloseVote():
            seconds = site.meeting.settings.vote_countdown
            return _("%(time)s. Then voting is closed.") % {"time": _sentence(_time(seconds))}
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


def _put(site: Site, asked: Question) -> str:
    """Return the question as it is put; who may still want to speak is asked first."""
    about = subject(site, asked)
    sentence = about.question
    if about.kind == "question":
        text = sentence[:1].lower() + sentence[1:]
        sentence = _("The question is: %(text)s") % {"text": text}
    said = f"{sentence} {_('The vote opens in a moment.')}"
    row = question.row_of(site.meeting, asked)
    if isinstance(row, Motion | Amendment) and _may_still_speak(site, asked, row):
        return f"{_('Does anybody wish to speak, against or for? Then we vote.')} {said}"
    return said


def _may_still_speak(site: Site, asked: Question, row: Motion | Amendment) -> bool:
    """Say whether the debate is open and nobody has spoken in it for or against."""
    open_now = row.state is MotionState.DEBATE and not debate.is_question(row)
    spoken = any(t.side in question.SPEAKING for t in question.turns_on(site.meeting, asked))
    return open_now and not spoken


def _moved(site: Site) -> str:
    asked = question.substantive(site.meeting)
    row = question.row_of(site.meeting, asked) if asked is not None else None
    if isinstance(row, Motion | Amendment) and not debate.needs_seconder(
        site.meeting, row, site.now()
    ):
        return _("That is moved, and needs no seconder. It is before conference.")
    if site.meeting.settings.seconder_formal:
        return _("That is moved. Is it seconded? Formally, or do you wish to speak?")
    return _("That is moved. Is it seconded?")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _amendment(site: Site, amendment: int) -> str:
    row = next(x for x in site.meeting.amendments.values() if x.id == amendment)
    took = _("I take amendment %(label)s.") % {"label": row.label}
    of = question.amendments_of(site.meeting, row.motion)
    if any(x.state in question.SETTLED for x in of):
        return took
    return f"{_('The motion is before conference.')} {took}"


def _item(site: Site, item: int) -> str:
    row = next(i for i in site.meeting.items.values() if i.id == item)
    kinds = {MotionKind.MOTION, MotionKind.EMERGENCY}
    motions = [m for m in site.meeting.motions.values() if m.item == item and m.kind in kinds]
    if not motions:
        return _("We come to %(title)s.") % {"title": title_of(row)}
    said = _("We come to %(title)s.") % {"title": motions[0].label}
    said += " " + _("The text is on your screen.")
    amendments = sum(len(sequence.in_turn(site.meeting, m)) for m in motions)
    if amendments:
        many = ngettext("%(n)s amendment.", "%(n)s amendments.", amendments)
        if site.meeting.settings.amend_order is AmendmentOrder.CAC_ORDER and amendments > 1:
            many = _("%(n)s amendments, taken in the printed order.")
        said += " " + _sentence(many % {"n": _number(amendments)})
    return said


def _taken(site: Site, number: ProceduralId) -> str:
    name = procedures.title(site, site.meeting.procedurals[number])
    return _("I have a procedural motion: %(name)s. We deal with that first.") % {
        "name": f"{name[:1].lower()}{name[1:]}",
    }  # fmt: skip


def _leave(kind: LeaveKind) -> str:
    if kind is LeaveKind.ACCEPT:
        return _("The mover accepts the amendment. Does anybody object?")
    return _("The mover asks leave to withdraw. Does anybody object?")


def _speaker(site: Site, act: a.CallSpeaker) -> str:
    """Return the call with the seconds that this speech really gets."""
    called = speaking.call_speaker(site.meeting, act, site.now())
    if isinstance(called, Refused) or called.conference.turn is None:
        return ""
    turn = called.turns[called.conference.turn]
    said = {
        Side.MOVER: _("I call the mover, %(time)s."),
        Side.SECONDER: _("I call the seconder, %(time)s."),
        Side.REPLY: _("Mover’s reply, %(time)s, nothing new. Then we vote."),
        Side.FOR: _("I call %(name)s to speak for, %(time)s."),
        Side.AGAINST: _("I call %(name)s to speak against, %(time)s."),
        Side.SPEAKER: _("I call %(name)s, %(time)s."),
    }
    if turn.procedural is not None and act.side is Side.REPLY:
        said[Side.REPLY] = _("I call the answer, %(time)s. Then we vote.")
    name = turn.name or site.name(turn.person) or _("a delegate")
    return said[act.side] % {"time": _time(turn.seconds), "name": name}


def _declare(site: Site, number: int) -> str:
    vote = next(v for v in site.meeting.votes.values() if v.id == number)
    if vote.votes_for is None:
        return ""
    return f"{said(vote)} {_result(site, vote)}"


def _result(site: Site, vote: Vote) -> str:
    """Return the result with what follows from it, as it is said."""
    word = outcome_word(site, vote)
    asked = question.of(vote)
    about, carried = subject(site, asked), vote.outcome is Outcome.CARRIED
    if asked.procedural is None and asked.amendment is not None:
        if carried:
            return _("The amendment is carried and the motion is changed; the new text is on your "
                     "screen.")  # fmt: skip
        return _("The amendment is %(word)s. The motion stands as it is.") % {"word": word.lower()}
    if asked.procedural is None and carried and about.kind in {"motion", "emergency"}:
        if (vote.text_version or 1) > 1:
            word = _("Carried as amended")
        return _("%(word)s. It is now a resolution of this conference.") % {"word": word}
    follows = about.if_carried if carried else about.if_lost
    return f"{word}. {_sentence(follows)}." if follows else f"{word}."
