"""Tracked changes for people: what an amendment does, and what has become of a motion's text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conference.rules import question, texts
from conference.rules.kinds import MotionId
from conference.rules.refused import Code
from conference.rules.state import Amendment, Meeting, TextVersion
from conference.rules.texts import Mark, ParagraphChange, Segment
from conference.web.text import gettext as _


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """One paragraph. `place` says which it is, in words; empty where that needs no saying."""

    place: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """The paragraphs to show, none when nothing has changed.

    `gone` says that the amendment no longer fits; the paragraphs show what it was made for.
    """

    paragraphs: tuple[ParagraphView, ...] = ()
    gone: bool = False


def amendment_change(meeting: Meeting, amendment: Amendment) -> ChangeView:
    """Return the paragraphs that the amendment touches.

    Until it is decided, against the text as it stands now; when it is part of the text, what it
    changed there; when it was lost or fell, against the printed text. An amendment to an amendment
    is shown against that one's text.
    """
    disposed = amendment.state in question.DISPOSED
    if amendment.amends is not None:
        parent = meeting.amendments[amendment.amends]
        printed = replace(parent, as_amended="")
        return _first([_in_amendment(x, amendment) for x in (parent, printed)], disposed=disposed)
    versions = question.texts_of(meeting, amendment.motion)
    made = [n for n, row in enumerate(versions) if n and row.amendment == amendment.id]
    if made:
        before, after = versions[made[-1] - 1], versions[made[-1]]
        return ChangeView(_touched(before.text, after.text, before.origins))
    tried = [_in_motion(version, amendment) for version in (versions[-1], versions[0])]
    return _first(tried, disposed=disposed)


def motion_change(meeting: Meeting, motion_id: MotionId) -> ChangeView:
    """Return the whole text as it stands now, tracked against the printed text.

    Without paragraphs when it stands as printed.
    """
    versions = question.texts_of(meeting, motion_id)
    found = texts.changes(_plain(versions[0].text), _plain(versions[-1].text))
    if not any(paragraph.changed for paragraph in found):
        return ChangeView()
    return ChangeView(tuple(ParagraphView("", _readable(p.segments)) for p in found if p.segments))


def _first(tried: list[tuple[ParagraphView, ...] | None], *, disposed: bool) -> ChangeView:
    """Return the change to the text as it stands, or else to the printed text.

    Of what is disposed of nobody asks whether it still fits: there the printed text comes first.
    """
    now, printed = tried
    if disposed:
        return ChangeView(printed or now or ())
    return ChangeView(printed or (), gone=True) if now is None else ChangeView(now)


def _in_motion(version: TextVersion, amendment: Amendment) -> tuple[ParagraphView, ...] | None:
    made = texts.apply(version, amendment)
    return None if isinstance(made, Code) else _touched(version.text, made[0], version.origins)


def _in_amendment(parent: Amendment, child: Amendment) -> tuple[ParagraphView, ...] | None:
    made = texts.apply_to_amendment(parent, child)
    return None if isinstance(made, Code) else _touched(texts.text_of(parent), made, ())


def _plain(text: str) -> str:
    return "\n\n".join(question.paragraphs(text))


def _touched(before: str, after: str, origins: tuple[int, ...]) -> tuple[ParagraphView, ...]:
    """Return the changed paragraphs; `origins` are the printed numbers of those before."""
    found = texts.changes(_plain(before), _plain(after))
    return tuple(
        ParagraphView(_place(found, at, origins), _readable(paragraph.segments))
        for at, paragraph in enumerate(found)
        if paragraph.changed
    )


def _place(found: tuple[ParagraphChange, ...], at: int, origins: tuple[int, ...]) -> str:
    """Return which paragraph this is, by its printed number; nothing in a text of only one."""
    if len(found) == 1 or not origins:
        return ""
    if (here := found[at].before) is not None:
        number = origins[here]
        return _("Paragraph %(n)s") % {"n": number} if number else _("Paragraph brought in before")
    while at and found[at].before is None:
        at -= 1
    above = found[at]
    if above.before is None:
        return _("New paragraph at the beginning") if _stays(found) else _("New paragraph")
    if above.after is None or not origins[above.before]:
        return _("New paragraph")
    return _("New paragraph after paragraph %(n)s") % {"n": origins[above.before]}


def _stays(found: tuple[ParagraphChange, ...]) -> bool:
    return any(x.before is not None and x.after is not None for x in found)


def _readable(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return the segments without changes of mere white space, which nobody sees or hears."""
    found: list[Segment] = []
    for segment in segments:
        blank = not segment.text.strip()
        if blank and segment.kind is Mark.DEL:
            continue
        kind = Mark.SAME if blank else segment.kind
        if found and found[-1].kind is kind:
            found[-1] = Segment(kind, found[-1].text + segment.text)
        else:
            found.append(Segment(kind, segment.text))
    return tuple(found)
