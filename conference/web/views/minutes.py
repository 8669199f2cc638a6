"""The minutes: written from the meeting's own entries, each code in one sentence.

People are named only where a name is published or they consented to be named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conference.rules.kinds import ItemId, MotionId, MotionKind, Side, TurnId, VoteId
from conference.rules.state import Meeting, Minute, Motion, Turn
from conference.web.site import Site
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views import words
from conference.web.views.dates import day_in_words, day_of
from conference.web.views.elections import ElectionView, election_view
from conference.web.views.motions import in_order, public_seconder, published_name
from conference.web.views.now import title_of
from conference.web.views.votes import ResultView, result_view

SENTENCES: Mapping[str, str] = {
    "opened": _("The chair opened the conference. Delegates present: %(present)s."),
    "closed": _("The chair closed the conference."),
    "item": _("The chair called this item."),
    "moved": _("%(motion)s was moved by %(mover)s."),
    "seconded": _("%(motion)s was seconded by %(seconder)s."),
    "not_moved": _("%(motion)s was not moved, so it fell."),
    "not_seconded": _("%(motion)s found no seconder, so it fell."),
    "not_admitted": _("%(motion)s was not admitted, so it was not put."),
    "speaker.mover": _("Called to move %(motion)s: %(who)s."),
    "speaker.seconder": _("Called to second %(motion)s: %(who)s."),
    "speaker.for": _("Called to speak for %(motion)s: %(who)s."),
    "speaker.against": _("Called to speak against %(motion)s: %(who)s."),
    "speaker.speaker": _("Called to speak: %(who)s."),
    "vote_announced": _("Vote %(vote)s was announced, on %(motion)s."),
    "vote_opened": _(
        "Vote %(vote)s opened. On the roll: %(roll)s delegates present. On the register: "
        "%(register)s."
    ),
    "vote_closed": _("Vote %(vote)s closed."),
    "left_undecided": _("The quorum was lost: %(motion)s was left undecided."),
    "vote_void": _("Vote %(vote)s was declared void. It decides nothing."),
    "vote_void.no_quorum": _("Vote %(vote)s was void: the quorum was lost before it opened."),
    "vote_void.called_off": _("Vote %(vote)s was called off before it opened."),
    "vote_void.restored": _(
        "Vote %(vote)s was void: it was running when the system was restored from a backup."
    ),
    "declared": _("The chair declared the result of vote %(vote)s, on %(motion)s."),
    "count": _("Count sheet, %(post)s: one scrutineer entered it and a second confirmed it."),
    "mode.rehearsal": _("The conference became a rehearsal."),
    "mode.real": _("The conference became real."),
}
"""The sentence for each code of an entry, or for the code and its kind."""


@dataclass(frozen=True, slots=True)
class MinuteEntry:
    """One entry: when, what, and for a declared vote or a count its figures."""

    id: int
    at: int
    text: str
    result: ResultView | None = None
    question: str = ""
    """The text of a question that the chair put; a motion's stands on its page."""
    motion: int = 0
    count: ElectionView | None = None


@dataclass(frozen=True, slots=True)
class MinuteSection:
    """What happened in one item."""

    id: int
    title: str
    entries: tuple[MinuteEntry, ...]


@dataclass(frozen=True, slots=True)
class MinutesView:
    """The region `minutes`."""

    conference: str
    mode: str
    day: str
    zone: str
    opened: bool
    closed: bool
    decisions: tuple[ResultView, ...]
    sections: tuple[MinuteSection, ...]
    announce: str


def minutes_view(site: Site) -> MinutesView:
    """Return the minutes as they stand now, the same for everybody."""
    meeting = site.meeting
    head = meeting.conference
    sections = _sections(site)
    last = sections[-1].entries[-1].text if sections else ""
    results = [result_view(site, meeting.votes[number]) for number in sorted(meeting.votes)]
    opened = head.opened_at
    return MinutesView(
        conference=head.name,
        mode=gettext(words.MODES[head.mode]) if words.MODES[head.mode] else "",
        day=day_in_words(head.day) if opened is None else day_of(opened, head.zone),
        zone=head.zone,
        opened=opened is not None,
        closed=head.closed_at is not None,
        decisions=_by_agenda(meeting, [r for r in results if r.number is not None]),
        sections=sections,
        announce=last,
    )


def _by_agenda(meeting: Meeting, results: list[ResultView]) -> tuple[ResultView, ...]:
    places = {motion.label: place for place, motion in enumerate(in_order(meeting))}
    return tuple(sorted(results, key=lambda result: places.get(result.label, 0)))


def _sections(site: Site) -> tuple[MinuteSection, ...]:
    sections: list[tuple[str, list[MinuteEntry]]] = []
    for number in sorted(site.meeting.minutes):
        row = site.meeting.minutes[number]
        title = _new_section(site.meeting, row)
        if title or not sections:
            sections.append((title or gettext("Before the first item"), []))
        sections[-1][1].append(entry(site, row))
    return tuple(
        MinuteSection(place, title, tuple(entries))
        for place, (title, entries) in enumerate(sections, 1)
    )


def _new_section(meeting: Meeting, row: Minute) -> str:
    """Return the heading that begins with this entry, or nothing."""
    if row.code == "item":
        return title_of(meeting.items[ItemId(json.loads(row.facts)["item"])])
    return {"opened": gettext("Opening of the conference"), "closed": gettext("Close")}.get(
        row.code, ""
    )


def entry(site: Site, row: Minute) -> MinuteEntry:
    """Return one entry for people."""
    facts: dict[str, Any] = json.loads(row.facts)
    meeting = site.meeting
    sentence = gettext(SENTENCES[_key(meeting, row.code, facts)])
    text = sentence % _facts(site, facts)
    if row.code == "declared":
        vote = meeting.votes[VoteId(facts["vote"])]
        motion = meeting.motions[vote.motion]
        question = motion.text if motion.kind is MotionKind.QUESTION else ""
        result = result_view(site, vote)
        return MinuteEntry(row.id, row.at, text, result, question, motion.id)
    if row.code == "count":
        election = meeting.elections[ItemId(facts["election"])]
        return MinuteEntry(row.id, row.at, text, count=election_view(meeting, election))
    return MinuteEntry(row.id, row.at, text)


def _key(meeting: Meeting, code: str, facts: Mapping[str, Any]) -> str:
    """Return the key of the sentence: the code, with its kind where there are several."""
    kind = facts.get("reason") or facts.get("mode") or ""
    if "turn" in facts:
        kind = meeting.turns[TurnId(facts["turn"])].side
    narrow = f"{code}.{kind}"
    return narrow if narrow in SENTENCES else code


def _facts(site: Site, facts: Mapping[str, Any]) -> dict[str, object]:
    """Return what the sentences may name, people under published names only."""
    meeting = site.meeting
    named: dict[str, object] = dict(facts)
    if "vote" in facts:
        vote = meeting.votes[VoteId(facts["vote"])]
        named |= {"roll": vote.roll, "register": vote.register}
        named |= _motion_facts(site, meeting.motions[vote.motion])
    if "motion" in facts:
        named |= _motion_facts(site, meeting.motions[MotionId(facts["motion"])])
    if "turn" in facts:
        named |= _turn_facts(site, meeting.turns[TurnId(facts["turn"])])
    if "election" in facts:
        named["post"] = meeting.elections[ItemId(facts["election"])].post
    return named


def _motion_facts(site: Site, motion: Motion) -> dict[str, object]:
    return {
        "motion": f"{motion.label} ({motion.title})",
        "mover": motion.mover_name or gettext("a delegate"),
        "seconder": public_seconder(site, motion),
    }


def _turn_facts(site: Site, turn: Turn) -> dict[str, object]:
    """Return who spoke: a slot's or a printed mover's name is published, a delegate's is not."""
    printed = turn.side is Side.SPEAKER or turn.person is None
    who = turn.name if printed and turn.name else published_name(site, turn.person, turn.name)
    facts: dict[str, object] = {"who": who}
    if turn.motion is not None:
        motion = site.meeting.motions[turn.motion]
        facts["motion"] = f"{motion.label} ({motion.title})"
    return facts
