"""The guided form: which procedural motions there are, what each does, and whether one may move it."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import agenda, procedural, question, reconsidering, rulings
from conference.rules.eligible import question_for
from conference.rules.kinds import (
    ItemKind,
    ItemState,
    MotionState,
    PersonId,
    ProceduralState,
    Procedure,
    Profile,
    WithdrawBy,
)
from conference.rules.procedures import ROBERTS, ROWS, majority_of, supporters
from conference.rules.question import Question
from conference.rules.state import Meeting
from conference.web.sentences import say
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import ngettext
from conference.web.views import procedures, words
from conference.web.views.now import title_of

PARTS = {Procedure.REFERENCE_BACK, Procedure.REMIT}
TIMED = {Procedure.SUSPEND, Procedure.ADJOURN_MEETING, Procedure.EXTEND_TIME, Procedure.RECESS}
TARGETED = {Procedure.VARY_ORDER, Procedure.ADJOURN_DEBATE}


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """One kind of procedural motion, for this person now."""

    kind: str
    name: str
    if_carried: str
    if_lost: str
    needs: str
    """What conference is asked, seconder or supporters, debate, majority: the rule in words."""
    why_not: str
    """Why this person cannot move it now; empty when they can."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A procedural motion that this person has moved and that waits."""

    id: int
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """All procedural motions, those first that can be moved now."""

    possible: tuple[ProcedureLine, ...]
    others: tuple[ProcedureLine, ...]
    mine: tuple[Mine, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: a standing order, a paragraph, an item, a motion."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class ProcedureForm:
    """One kind with only the fields that it needs."""

    line: ProcedureLine
    about: str
    numbers: tuple[Option, ...]
    numbers_label: str
    minutes: int
    """A sensible number of minutes to begin with; 0 when it has none."""
    seconds: int
    targets: tuple[Option, ...]
    may_be_open: bool
    """Whether no target is a choice, too: *later*."""
    motions: tuple[Option, ...]
    purpose: bool
    ruling: str


def line(site: Site, kind: Procedure, by: PersonId) -> ProcedureLine:
    """Return this kind for this person now."""
    meeting = site.meeting
    carried, lost = procedures.consequences(kind)
    refused = procedural.may_move(meeting, kind, by, site.now())
    return ProcedureLine(
        kind, procedures.name_of(meeting, kind), carried, lost, _needs(meeting, kind),
        say(refused) if refused is not None else "",
    )  # fmt: skip


def _needs(meeting: Meeting, kind: Procedure) -> str:
    row = ROWS[kind]
    count = supporters(meeting, kind)
    parts = []
    if kind is Procedure.CHALLENGE:
        parts.append(
            _("Conference is asked whether the ruling is upheld: it stands if this is carried.")
        )
    if kind is Procedure.RECONSIDER:
        parts.append(
            _("Only somebody who voted with the side that prevailed may move it. Ballots are secret, "
              "so nobody can check that: by moving it you say so, and the officers see your name.")
        )  # fmt: skip
    if row.unspoken:
        parts.append(_("Moved by somebody who has not spoken on the question."))
    if count > 2:  # noqa: PLR2004  (more than mover and seconder)
        parts.append(ngettext(
            "%(n)s delegate must support it, its mover included.",
            "%(n)s delegates must support it, its mover included.", count,
        ) % {"n": count})  # fmt: skip
    elif count == 2:  # noqa: PLR2004
        parts.append(_("It needs a seconder."))
    parts.append(_("There is a short debate.") if row.debate else _("There is no debate."))
    rule, base = majority_of(meeting, kind)
    parts.append(words.rule_sentence(rule, base, None))
    return " ".join(parts)


def choices(meeting: Meeting) -> tuple[Procedure, ...]:
    """Return the kinds there are here: some only where the standing orders or the book say so."""
    settings = meeting.settings
    no_vote = settings.withdraw_by is not WithdrawBy.MAJORITY
    without = {Procedure.WITHDRAWAL} if no_vote else set()
    if settings.profile is not Profile.RONR:
        without |= ROBERTS
    return tuple(kind for kind in Procedure if kind not in without)


def procedure_page(site: Site, by: PersonId) -> ProcedurePage:
    """Return all kinds for this person."""
    lines = [line(site, kind, by) for kind in choices(site.meeting)]
    states = {ProceduralState.ASKED, ProceduralState.SECONDED}
    mine = tuple(
        Mine(r.id, procedures.title(site, r), procedures.state_of(site.meeting, r))
        for r in site.meeting.procedurals.values()
        if r.by == by and r.state in states
    )
    return ProcedurePage(
        tuple(x for x in lines if not x.why_not), tuple(x for x in lines if x.why_not), mine
    )


def procedure_form(site: Site, kind: Procedure, by: PersonId) -> ProcedureForm:
    """Return the form for one kind."""
    meeting = site.meeting
    asked = question_for(meeting, kind)
    return ProcedureForm(
        line=line(site, kind, by),
        about=question.label(meeting, asked) if asked.motion is not None else "",
        numbers=_numbers(meeting, kind, asked),
        numbers_label=_("Standing orders") if kind is Procedure.SUSPEND else _("Paragraphs"),
        minutes=10 if kind in TIMED else 0,
        seconds=120 if kind is Procedure.SPEECH_TIME else 0,
        targets=_targets(meeting, kind) if kind in TARGETED else (),
        may_be_open=kind is Procedure.ADJOURN_DEBATE,
        motions=_motions(meeting, kind),
        purpose=kind is Procedure.SUSPEND,
        ruling=_ruling(site) if kind is Procedure.CHALLENGE else "",
    )


def _numbers(meeting: Meeting, kind: Procedure, asked: Question) -> tuple[Option, ...]:
    if kind is Procedure.SUSPEND:
        orders = meeting.standing_orders.values()
        return tuple(Option(o.id, f"{o.id}. {o.title}") for o in orders)
    parts = kind is Procedure.REFERENCE_BACK or (
        kind is Procedure.REMIT and meeting.settings.remit_parts
    )
    if not parts or asked.motion is None:
        return ()
    text = question.text_of(meeting, asked.motion).text
    gone = meeting.motions[asked.motion].referred
    every = enumerate(question.paragraphs(text), 1)
    return tuple(Option(n, part) for n, part in every if n not in gone)


def _targets(meeting: Meeting, kind: Procedure) -> tuple[Option, ...]:
    """Return the items that this may name: those that `eligible.particulars` lets through."""
    following = agenda.next_item(meeting)
    return tuple(
        Option(i.id, title_of(i))
        for i in agenda.in_order(meeting)
        if i.state is ItemState.PLANNED
        and i.kind is not ItemKind.DOORS
        and (i != following if kind is Procedure.VARY_ORDER else i.kind is not ItemKind.BREAK)
    )


def _motions(meeting: Meeting, kind: Procedure) -> tuple[Option, ...]:
    """Return the motions that this may name: those set aside, or those decided."""
    states = {MotionState.TABLED, MotionState.ADJOURNED}
    rows = [m for m in meeting.motions.values() if m.state in states]
    if kind is Procedure.RECONSIDER:
        rows = reconsidering.motions(meeting)
    elif kind is not Procedure.TAKE_UP:
        return ()
    return tuple(Option(m.id, f"{m.label}: {m.title}") for m in rows)


def _ruling(site: Site) -> str:
    latest = rulings.latest(site.meeting)
    return procedures.ruling_line(site, latest) if latest is not None else ""
