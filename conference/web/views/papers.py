"""What all papers have in common: their head, the texts of motions and amendments, figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from conference.papers.document import (
    Block,
    Change,
    Changes,
    Document,
    Heading,
    Mark,
    Note,
    Paragraph,
    Quote,
    Run,
    Words,
    plain,
    strong,
)
from conference.rules import question, texts
from conference.rules.kinds import ItemId, Mode, MotionKind, PersonId, Reason, Rule
from conference.rules.state import Amendment, Conference, Meeting, Motion, Settings
from conference.rules.table import Table
from conference.web.site import Site
from conference.web.templates import clock_time
from conference.web.text import gettext as _
from conference.web.views import fates, words
from conference.web.views.changes import ChangeView, amendment_change
from conference.web.views.dates import day_in_words, day_of, length
from conference.web.views.motions import published_name
from conference.web.views.votes import ResultView

MARKS = {texts.Mark.SAME: Mark.PLAIN, texts.Mark.INS: Mark.INS, texts.Mark.DEL: Mark.DEL}

UNMOVED = frozenset({Reason.NOT_MOVED, Reason.NOT_ADMITTED, Reason.NOT_REACHED})
"""With these nobody has moved it, whatever the papers say."""


def document(site: Site, now: int, title: str, blocks: Iterable[Block]) -> Document:
    """Return the paper with its head: whose it is, which version, made when."""
    head = site.meeting.conference
    made = {"n": head.version, "day": day_of(now, head.zone), "time": clock_time(now, head.zone)}
    return Document(
        title=title,
        author=head.name,
        subtitle=head.name,
        version=_("Version %(n)s, made on %(day)s at %(time)s") % made,
        made_at=now,
        words=Words(_("inserted:"), _("deleted:"), _("Page {n} of {m}")),
        blocks=(*_opening(site), *blocks),
    )


def _opening(site: Site) -> Iterator[Block]:
    head = site.meeting.conference
    if words.MODES[head.mode]:
        yield Paragraph(strong(_(words.MODES[head.mode])))
    day = _("Planned for %(day)s.") % {"day": day_in_words(head.day)}
    if head.opened_at is not None:
        day = _("Opened on %(day)s.") % {"day": day_of(head.opened_at, head.zone)}
    yield Paragraph(plain(f"{day} {_('Times are those of %(zone)s.') % {'zone': head.zone}}"))


# --- motions and amendments -----------------------------------------------------------------------


def title_of(motion: Motion) -> str:
    """Return a motion's label and title."""
    return f"{motion.label}: {motion.title}"


def quote(text: str) -> Quote:
    """Return a text word for word."""
    return Quote(tuple(question.paragraphs(text)))


def printed_people(site: Site, row: Motion | Amendment) -> Iterator[Block]:
    """Return who moves and seconds as printed; a delegate from the floor only by consent."""
    by = row.proposed_by if isinstance(row, Amendment) else None
    mover = row.mover_name or (published_name(site, by) if by is not None else "")
    yield from _people(mover, row.seconder_name)


def real_people(site: Site, row: Motion | Amendment) -> Iterator[Block]:
    """Return who moved and seconded: whoever did, by consent, else the printed names."""
    mover = _named(site, row.mover, row.mover_name)
    seconder = _named(site, row.seconder, row.seconder_name)
    if row.reason in {*UNMOVED, Reason.NOT_SECONDED}:
        mover, seconder = "" if row.reason in UNMOVED else mover, ""
    yield from _people(mover, seconder)


def _named(site: Site, person: PersonId | None, printed: str) -> str:
    return published_name(site, person, printed) if person is not None or printed else ""


def _people(mover: str, seconder: str) -> Iterator[Block]:
    said = [_("Mover: %(name)s.") % {"name": mover}] if mover else []
    said += [_("Seconder: %(name)s.") % {"name": seconder}] if seconder else []
    if said:
        yield Paragraph(plain(" ".join(said)), leads=True)


def conditions(meeting: Meeting, motion: Motion) -> Iterator[Block]:
    """Return what else the papers say about how a motion is dealt with."""
    if motion.kind is MotionKind.EMERGENCY:
        yield Note(plain(_("An emergency motion.")))
    if motion.requires is not None:
        needed = meeting.motions[motion.requires].label
        yield Note(plain(_("It is put only if %(label)s is carried.") % {"label": needed}))
    if motion.falls_if:
        yield Note(plain(_falls([meeting.motions[n].label for n in motion.falls_if])))
    if motion.speech is not None:
        longest = {"time": length(motion.speech)}
        yield Note(plain(_("No speech on it is longer than %(time)s.") % longest))
    if motion.rule is not Rule.SIMPLE:
        yield Note(plain(words.rule_sentence(motion.rule, motion.base, None)))


def _falls(labels: list[str]) -> str:
    return _("It falls if %(labels)s is carried.") % {"labels": _(" or ").join(labels)}


def printed_amendment(site: Site, row: Amendment, level: int) -> Iterator[Block]:
    """Return an amendment as the papers print it: what it does, its words, and what then stands."""
    yield _amendment_heading(site.meeting, row, level)
    yield from printed_people(site, row)
    yield from _words_of(row)
    yield from _tracked(site.meeting, row)
    yield from _notes(site.meeting, row)


def amendment_with_fate(site: Site, row: Amendment, level: int) -> Iterator[Block]:
    """Return an amendment for the minutes: its words whatever became of it, and what did."""
    yield _amendment_heading(site.meeting, row, level)
    yield fate(site.meeting, row)
    yield from real_people(site, row)
    yield from _words_of(row)
    if row.as_amended:
        yield Paragraph(plain(_("As it was amended:")), leads=True)
        yield quote(row.as_amended)


def fate(meeting: Meeting, row: Motion | Amendment) -> Paragraph:
    """Return what became of it, as a line of its own."""
    said = fates.fate(meeting, row)
    return Paragraph(strong(f"{said[:1].upper()}{said[1:]}."), leads=True)


def _amendment_heading(meeting: Meeting, row: Amendment, level: int) -> Heading:
    title = _("Amendment %(label)s") % {"label": row.label}
    if row.amends is not None:
        to = {"title": title, "label": meeting.amendments[row.amends].label}
        title = _("%(title)s, to amendment %(label)s") % to
    return Heading(level, title)


def _words_of(row: Amendment) -> Iterator[Block]:
    if row.instruction:
        said = f"{row.instruction}:" if row.text else row.instruction
        yield Paragraph(plain(said), leads=bool(row.text))
    if row.text:
        yield quote(row.text)


def _tracked(meeting: Meeting, row: Amendment) -> Iterator[Block]:
    """Return the change to the printed text, whatever conference has done with it since."""
    parent = None if row.amends is None else _printed(meeting.amendments[row.amends])
    change = _change(meeting.motions[row.motion].text, _printed(row), parent)
    if change.gone or not change.paragraphs:
        return
    yield Paragraph(plain(_("What changes in the text:")), leads=True)
    yield Changes(
        tuple(
            Change(paragraph.place, tuple(Run(s.text, MARKS[s.kind]) for s in paragraph.segments))
            for paragraph in change.paragraphs
        )
    )


def _printed(row: Amendment) -> Amendment:
    """Return what the papers say of it, without anybody in it and without what became of it."""
    return Amendment(
        row.id, row.motion, 0, "", "", row.text,
        action=row.action, paragraph=row.paragraph, words=row.words, amends=row.amends,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _change(text: str, row: Amendment, parent: Amendment | None) -> ChangeView:
    """Return the change to a printed text. Kept: comparing is work, and printed texts stay."""
    motion = Motion(row.motion, ItemId(0), 0, "", "", MotionKind.MOTION, text)
    meeting = Meeting(
        Conference(0, "", "", "", Mode.REAL),
        Settings(0),
        motions=Table([(motion.id, motion)]),
        amendments=Table((one.id, one) for one in (parent, row) if one is not None),
    )
    return amendment_change(meeting, row)


def _notes(meeting: Meeting, row: Amendment) -> Iterator[Block]:
    """Return the printed note, and the consequences that it does not name."""
    if row.note:
        yield Note(plain(row.note))
    elif row.accepted:
        said = _("The mover accepts it. It becomes part of the motion if conference agrees.")
        yield Note(plain(said))
    labels = [meeting.amendments[number].label for number in row.falls_if]
    if labels and not all(label in row.note for label in labels):
        yield Note(plain(_falls([_("amendment %(label)s") % {"label": x} for x in labels])))


# --- votes ----------------------------------------------------------------------------------------


def figures(result: ResultView) -> str:
    """Return a declared result in figures, with its rule and what it was counted of."""
    parts = (result.said, result.box, result.rule, result.arithmetic, result.casting)
    return " ".join(part for part in parts if part)
