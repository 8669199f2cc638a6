"""What is put to conference, for people: a motion, an amendment to it, a procedural motion."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import question
from conference.rules.kinds import MotionKind
from conference.rules.question import Question
from conference.rules.state import Amendment, Motion, Procedural
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import procedures
from conference.web.views.changes import ChangeView, amendment_change


@dataclass(frozen=True, slots=True)
class Subject:
    """One question with everything that a card about it shows."""

    kind: str
    """`motion`, `question`, `report`, `emergency`, `amendment`, `procedural`."""
    label: str
    title: str
    question: str
    """The sentence that the chair reads out."""
    text: str
    """The text that is voted on; empty for a procedural motion."""
    change: ChangeView | None
    """For an amendment: the paragraphs it touches, as tracked changes."""
    motion: int
    """The motion that it is about; 0 for none."""
    if_carried: str
    if_lost: str
    """What follows, as the end of a sentence; empty where nothing is to be said."""


def subject(site: Site, asked: Question) -> Subject:
    """Return this question for people."""
    row = question.row_of(site.meeting, asked)
    if isinstance(row, Motion):
        return _motion(site, row)
    return _amendment(site, row) if isinstance(row, Amendment) else _procedural(site, row)


def _motion(site: Site, row: Motion) -> Subject:
    put = _("The question is that %(label)s, “%(title)s”, be carried.")
    if row.kind is MotionKind.REPORT:
        put = _("The question is that %(label)s, “%(title)s”, be adopted.")
        if row.referred:
            put = _("The question is that %(label)s, “%(title)s”, be adopted, without what has gone "
                    "back: paragraph %(parts)s.")  # fmt: skip
    elif question.is_amended(site.meeting, row.id):
        put = _("The question is that %(label)s, “%(title)s”, as amended, be carried.")
    sentence = row.text if row.kind is MotionKind.QUESTION else put % _names(row)
    whole = question.put_text(site.meeting, question.question_of(row))
    return Subject(row.kind, row.label, row.title, sentence, whole, None, row.id, "", "")


def _names(row: Motion) -> dict[str, str]:
    parts = ", ".join(str(n) for n in row.referred)
    return {"label": row.label, "title": row.title, "parts": parts}


def _amendment(site: Site, row: Amendment) -> Subject:
    motion = site.meeting.motions[row.motion]
    put = _("The question is that amendment %(label)s be agreed. This is about the amendment only.")
    falls = [
        other.label
        for other in question.amendments_of(site.meeting, row.motion)
        if row.id in other.falls_if and other.state not in question.SETTLED
    ]
    carried = _("the text of %(label)s is changed") % {"label": motion.label}
    if falls:
        carried += _("; amendment %(labels)s falls") % {"labels": ", ".join(falls)}
    return Subject(
        "amendment", _("Amendment %(label)s") % {"label": row.label}, motion.title,
        put % {"label": row.label}, row.as_amended or row.text,
        amendment_change(site.meeting, row), motion.id, carried,
        _("the text of %(label)s stays as it is") % {"label": motion.label},
    )  # fmt: skip


def _procedural(site: Site, row: Procedural) -> Subject:
    carried, lost = procedures.consequences(row.kind)
    return Subject(
        "procedural", procedures.name_of(site.meeting, row.kind), procedures.detail(site, row),
        procedures.question(site, row), "", None, row.motion or 0, carried, lost,
    )  # fmt: skip
