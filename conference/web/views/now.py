"""What is before conference: the item, the motion, who speaks, and the clock."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import agenda, debate, question, speech
from conference.rules.kinds import ItemKind, ItemState, MotionKind, MotionState, Phase, Side
from conference.rules.state import Amendment, Item, Meeting, Motion, Procedural, Turn
from conference.rules.timing import MINUTE, behind
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import fates, procedures, words
from conference.web.views.changes import ChangeView, amendment_change, motion_change
from conference.web.views.late import behind_text
from conference.web.views.subjects import Subject, subject


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as people read it."""

    number: int | None
    title: str
    text: str
    is_break: bool
    resumes_at: int | None
    election: bool


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """An amendment as people read it; `change` while it may still change the text."""

    id: int
    label: str
    instruction: str
    text: str
    note: str
    state: str
    css: str
    open: bool
    """Whether it is the one before conference."""
    change: ChangeView | None


@dataclass(frozen=True, slots=True)
class MotionView:
    """A motion as people read it: its text as it stands now, and its amendments."""

    id: int
    label: str
    title: str
    text: str
    version: int
    """1 while the text is as printed."""
    change: ChangeView | None
    """From the printed text to the one now; None while nothing has changed."""
    sent_back: str
    """Which paragraphs conference has sent to the committee, and does not vote on; or nothing."""
    state: str
    mover: str
    seconder: str
    rule: str
    amendments: tuple[AmendmentView, ...]
    is_question: bool


@dataclass(frozen=True, slots=True)
class TurnView:
    """Who speaks, and until when."""

    id: int
    name: str
    does: str
    started_at: int
    ends_at: int
    """As the clock stands now; while it is stopped, it moves with the time."""
    stopped: bool
    waits_until: int
    """Until when conference waits for them, who have lost the connection; 0: it does not."""
    read_out: bool
    """Whether the secretary reads out the rest."""


@dataclass(frozen=True, slots=True)
class NowView:
    """The region `now`."""

    phase: str
    zone: str
    now: int
    heading: str
    item: ItemView | None
    called: bool
    motion: MotionView | None
    subject: Subject | None
    """The amendment or procedural motion before conference; None when it is the motion itself."""
    subject_state: str
    turn: TurnView | None
    next_title: str
    behind: str
    announce: str


def speaker_name(site: Site, turn: Turn) -> str:
    """Return the name under which somebody speaks: the published one, or the display name."""
    return turn.name or site.name(turn.person) or _("A delegate")


def item_view(meeting: Meeting, item: Item) -> ItemView:
    """Return the item for people."""
    resumes = None
    if item.kind is ItemKind.BREAK and item.called_at is not None:
        resumes = item.called_at + item.minutes * MINUTE
    election = any(item.id in {e.id, e.result_item} for e in meeting.elections.values())
    return ItemView(
        item.number, item.title, item.text, item.kind is ItemKind.BREAK, resumes, election
    )


def amendment_view(meeting: Meeting, row: Amendment) -> AmendmentView:
    """Return the amendment for people."""
    pending = row.state not in question.SETTLED
    return AmendmentView(
        row.id, row.label, row.instruction, row.as_amended or row.text, row.note,
        fates.fate(meeting, row), fates.css_class(meeting, row),
        open=row.id == meeting.conference.amendment,
        change=amendment_change(meeting, row) if pending else None,
    )  # fmt: skip


UNSECONDED = frozenset({MotionState.PUBLISHED, MotionState.CALLED, MotionState.MOVED})
"""While a motion stands so, its printed seconder has not seconded it yet."""


def motion_view(site: Site, motion: Motion) -> MotionView:
    """Return the motion for people."""
    meeting = site.meeting
    printed = "" if motion.state in UNSECONDED else motion.seconder_name
    text = question.text_of(meeting, motion.id)
    return MotionView(
        id=motion.id,
        label=motion.label,
        title=motion.title,
        text=text.text,
        version=text.number,
        change=motion_change(meeting, motion.id)
        if question.is_amended(meeting, motion.id)
        else None,
        sent_back=fates.sent_back(motion),
        state=fates.fate(meeting, motion),
        mover=motion.mover_name,
        seconder=site.name(motion.seconder) or printed,
        rule=words.rule_sentence(motion.rule, motion.base, None),
        amendments=tuple(
            amendment_view(meeting, row)
            for row in question.amendments_of(meeting, motion.id)
            if row.state is not MotionState.PROPOSED
        ),
        is_question=motion.kind is MotionKind.QUESTION,
    )


def turn_view(site: Site, turn: Turn) -> TurnView:
    """Return the speech for people."""
    return TurnView(
        turn.id, speaker_name(site, turn), does(site, turn), turn.started_at,
        speech.ends_at(turn, site.now()), turn.paused_at is not None, turn.waits_until or 0,
        turn.read_out,
    )  # fmt: skip


def does(site: Site, turn: Turn) -> str:
    """Return what somebody does who has the floor: *moves amendment 1.1*, *speaks against V2*."""
    if turn.side is Side.SPEAKER:
        return _("speaks")
    meeting = site.meeting
    if turn.procedural is not None:
        name = procedures.name_of(meeting, meeting.procedurals[turn.procedural].kind)
        return _(words.ON_PROCEDURE[turn.side]) % {"what": f"{name[:1].lower()}{name[1:]}"}
    what = meeting.motions[turn.motion].label if turn.motion is not None else ""
    if turn.amendment is not None:
        what = _("amendment %(label)s") % {"label": meeting.amendments[turn.amendment].label}
    return (_(words.SIDES[turn.side]) % {"what": what}).strip()


def current_turn(site: Site) -> TurnView | None:
    """Return who speaks now, or None."""
    turn = site.meeting.conference.turn
    return turn_view(site, site.meeting.turns[turn]) if turn is not None else None


def heading(meeting: Meeting, item: Item | None) -> str:
    """Return the one line that says where conference is."""
    phase = meeting.conference.phase
    if phase is Phase.BEFORE:
        return _("The conference starts when the chair opens it.")
    if phase is Phase.CLOSED:
        return _("The conference is closed.")
    if item is None:
        return _("All items have been dealt with.")
    if item.state is ItemState.PLANNED:
        return _("Next: %(title)s") % {"title": title_of(item)}
    return title_of(item)


def title_of(item: Item) -> str:
    """Return an item's title with its number."""
    if item.number is None:
        return item.title
    return _("Item %(number)s: %(title)s") % {"number": item.number, "title": item.title}


def now_view(site: Site) -> NowView:
    """Return what is before conference, the same for everybody."""
    meeting = site.meeting
    head = meeting.conference
    item = meeting.items[head.item] if head.item is not None else None
    called = item is not None and item.state is ItemState.CALLED
    motion = debate.current_motion(meeting)
    turn = current_turn(site)
    inner = inner_subject(site)
    following = agenda.next_item(meeting) if called else None
    return NowView(
        phase=head.phase,
        zone=head.zone,
        now=site.now(),
        heading=heading(meeting, item),
        item=item_view(meeting, item) if item else None,
        called=called,
        motion=motion_view(site, motion) if motion else None,
        subject=inner,
        subject_state=_subject_state(site),
        turn=turn,
        next_title=title_of(following) if following else "",
        behind=behind_text(behind(meeting, site.now())),
        announce=_announcement(site, heading(meeting, item), motion, turn),
    )


def inner_subject(site: Site) -> Subject | None:
    """Return the amendment or procedural motion on which people speak and vote now, or None."""
    asked = question.innermost(site.meeting)
    if asked is None or (asked.amendment is None and asked.procedural is None):
        return None
    return subject(site, asked)


def _subject_state(site: Site) -> str:
    asked = question.innermost(site.meeting)
    if asked is None:
        return ""
    row = question.row_of(site.meeting, asked)
    if isinstance(row, Procedural):
        return procedures.state_of(site.meeting, row)
    return fates.fate(site.meeting, row)


def _announcement(site: Site, line: str, motion: Motion | None, turn: TurnView | None) -> str:
    parts = [line]
    inner = inner_subject(site)
    if inner is not None:
        parts.append(f"{inner.label}: {_subject_state(site)}.")
    elif motion is not None:
        parts.append(f"{motion.label}: {fates.fate(site.meeting, motion)}.")
    if turn is not None:
        parts.append(f"{turn.name} {turn.does}.")
        if turn.waits_until:
            parts.append(_("The connection is lost. We wait."))
    return " ".join(parts)
