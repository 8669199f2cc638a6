"""The minutes: written from the meeting's own entries, each code in one sentence.

People are named only where a name is published or they consented to be named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conference.rules.kinds import (
    AmendmentId,
    ItemId,
    MotionId,
    MotionKind,
    Outcome,
    Side,
    TurnId,
    VoteId,
)
from conference.rules.question import Question, of, row_of
from conference.rules.state import Meeting, Minute, Point, Procedural, Turn, Vote
from conference.web.site import Site
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views import procedures, words
from conference.web.views.dates import day_in_words, day_of
from conference.web.views.elections import ElectionView, election_view
from conference.web.views.motions import published_name
from conference.web.views.now import title_of
from conference.web.views.subjects import subject
from conference.web.views.votes import ResultView, result_view, void_reason

SENTENCES: Mapping[str, str] = {
    "opened": _("The chair opened the conference. Delegates present: %(present)s."),
    "closed": _("The chair closed the conference."),
    "item": _("The chair called this item."),
    "moved": _("%(subject)s was moved by %(mover)s."),
    "seconded": _("%(subject)s was seconded by %(seconder)s."),
    "not_moved": _("%(subject)s was not moved, so it fell."),
    "not_seconded": _("%(subject)s found no seconder, so it fell."),
    "not_admitted": _("%(subject)s was not admitted, so it was not put."),
    "not_reached": _("%(subject)s was not reached."),
    "place_gone": _("%(subject)s fell: the words it was about were no longer in the text."),
    "earlier_part": _("%(subject)s fell: a later part of the text had been put already."),
    "out_of_order": _("The chair ruled %(subject)s out of order: “%(remark)s”."),
    "taken_up": _("The debate on %(subject)s was taken up again."),
    "amendment": _("%(subject)s was taken."),
    "amendment_admitted": _("%(subject)s was handed in from the floor and admitted."),
    "amendment_declined": _("%(subject)s was handed in from the floor and not admitted."),
    "leave_accept": _("The mover accepted %(subject)s. The chair asked whether anybody objected."),
    "leave_withdraw": _(
        "Leave was asked to withdraw %(subject)s. The chair asked whether anybody objected."
    ),
    "leave_called_off": _("The chair took that question back."),
    "objection_accept": _("There was an objection: %(subject)s was debated and put to the vote."),
    "objection_withdraw": _("There was an objection: %(subject)s was not withdrawn."),
    "accepted": _("%(subject)s was agreed without a vote and became part of the text."),
    "withdrawn": _("%(subject)s was withdrawn."),
    "consequential": _("%(subject)s fell, because amendment %(because)s had been agreed."),
    "consequential_motion": _("%(subject)s fell, because %(because)s had been carried."),
    "debate_closed": _("The chair closed the debate on %(subject)s."),
    "list_closed": _("The chair closed the list of speakers on %(subject)s."),
    "reply_waived": _("There was no reply to the debate on %(subject)s."),
    "guillotine": _("The time of this item was up: the debate was ended."),
    "call_undone": _("That call was taken back."),
    "speaker_lost": _("The speaker lost the connection, and conference waited."),
    "speech_put_off": _("The speech was put off: the speaker had not come back."),
    "speech_read_out": _("The secretary read out the rest of the speech."),
    "speaker.mover": _("Called to move %(subject)s: %(who)s."),
    "speaker.seconder": _("Called to second %(subject)s: %(who)s."),
    "speaker.for": _("Called to speak for %(subject)s: %(who)s."),
    "speaker.against": _("Called to speak against %(subject)s: %(who)s."),
    "speaker.reply": _("Called to reply to the debate on %(subject)s: %(who)s."),
    "speaker.speaker": _("Called to speak: %(who)s."),
    "vote_announced": _("Vote %(vote)s was announced, on %(subject)s."),
    "vote_opened": _(
        "Vote %(vote)s opened. On the roll: %(roll)s delegates present. On the register: "
        "%(register)s."
    ),
    "vote_closed": _("Vote %(vote)s closed."),
    "left_undecided": _("The quorum was lost: %(subject)s was left undecided."),
    "vote_void": _("Vote %(vote)s was declared void. It decides nothing. The reason: “%(why)s”."),
    "vote_void.no_quorum": _("Vote %(vote)s was void: the quorum was lost before it opened."),
    "vote_void.text_changed": _("Vote %(vote)s was void: the text changed before it opened."),
    "vote_void.called_off": _("Vote %(vote)s was called off before it opened."),
    "vote_void.retaken": _("Vote %(vote)s was void: conference decided to take it again."),
    "vote_void.restored": _(
        "Vote %(vote)s was void: it was running when the system was restored from a backup."
    ),
    "casting_vote": _("Vote %(vote)s was a tie. The chair gave a casting vote."),
    "recount": _("The chair had the ballots of vote %(vote)s counted again."),
    "recount_asked": _("A delegate asked for it: the ballots of vote %(vote)s were counted again."),
    "recount_same": _("Counted again, vote %(vote)s gave the same figures."),
    "recount_differs": _(
        "Counted again, vote %(vote)s gave other figures: for %(votes_for)s, against "
        "%(votes_against)s, abstentions %(abstentions)s."
    ),
    "recount_withheld": _("Counted again, vote %(vote)s gave other figures, which are not given."),
    "vote_void.key_lost": _(
        "Vote %(vote)s was void: the key that opens its envelopes was lost, and they could not be "
        "counted."
    ),
    "vote_void.box_differs": _(
        "Vote %(vote)s was void: the envelopes were no longer those that were fixed at its close."
    ),
    "declared": _("The chair declared the result of vote %(vote)s, on %(subject)s."),
    "count": _("Count sheet, %(post)s: one scrutineer entered it and a second confirmed it."),
    "register_locked": _(
        "The register was locked with %(delegates)s delegates on it. Its hash: %(hash)s."
    ),
    "admitted_late": _("Two officers admitted a delegate after the register was locked."),
    "drawn": _(
        "Two tellers drew %(people)s people at random from the locked register, to see whether "
        "they are real."
    ),
    "assisted": _("A teller helped a delegate to cast a ballot in vote %(vote)s."),
    "mode.rehearsal": _("The conference became a rehearsal."),
    "mode.real": _("The conference became real."),
    "procedural_moved": _("Moved and seconded: %(procedural)s."),
    "procedural_taken": _("Before conference: %(procedural)s."),
    "procedural_refused": _("The chair refused: %(procedural)s. The ruling: “%(answer)s”."),
    "procedural_carried": _("Carried: %(procedural)s. %(effect)s"),
    "procedural_lost": _("Not carried: %(procedural)s. %(effect)s"),
    "procedural_undecided": _("The quorum was lost: left undecided: %(procedural)s."),
    "next_business": _("%(subject)s was left without a vote: conference moved to next business."),
    "remitted": _("%(subject)s was remitted to the committee. No policy was made."),
    "referred_back": _("%(subject)s was referred back."),
    "chair_changed.accepted": _("The chair was handed over."),
    "chair_changed.taken": _(
        "The chair had lost the connection, and another officer took the chair."
    ),
    "chair_changed.confidence": _("Conference had no confidence in the chair. Another took it."),
    "chair_kept": _("The chair kept the chair."),
    "chair_lost": _("The officer in the chair lost the connection."),
    "chair_back": _("The officer in the chair was connected again."),
    "presiding": _("Another officer presided over the question about the chair."),
    "lobby": _("The chair sent a delegate out for a few minutes. The reason: “%(remark)s”."),
    "double_confirmed.void_vote": _("Two officers declared a vote void."),
    "double_confirmed.remove_person": _("Two officers removed a delegate."),
    "double_dropped.void_vote": _("It was proposed to declare a vote void. That was not done."),
    "double_dropped.remove_person": _("It was proposed to remove a delegate. That was not done."),
    "break_taken.break": _("The chair called a break of %(minutes)s minutes."),
    "break_taken.technical": _("A technical stop: all clocks stood still."),
    "break_taken.adjourned": _("The meeting was adjourned."),
    "break_taken.disorder": _("The chair adjourned the meeting because of disorder."),
    "resumed": _("Business went on."),
    "announcement": _("Announcement: “%(remark)s”."),
    "agenda_released": _("The programme was released anew."),
    "item_moved": _("The chair changed the order of business: %(about)s."),
    "item_resized": _("The chair gave %(about)s %(minutes)s minutes instead of %(was)s."),
    "item_skipped": _("The chair left %(about)s out."),
    "item_taken_in": _("The chair took %(about)s in again."),
    "item_inserted": _("The chair put %(about)s into the programme."),
    "items_undone": _("The chair took the latest change of the programme back."),
    "point_raised": _("%(point)s."),
    "point_heard": _("The chair heard it: %(point)s."),
    "point_ruled": _("%(point)s: %(ruled)s. The chair’s line: “%(ruling)s”."),
}
"""The sentence for each code of an entry, or for the code and its kind."""


@dataclass(frozen=True, slots=True)
class MinuteEntry:
    """One entry: when, what, and for a declared vote or a count its figures."""

    id: int
    at: int
    text: str
    original: str = ""
    """The entry as it was written, when the secretary has corrected it."""
    result: ResultView | None = None
    incidents: tuple[str, ...] = ()
    """What was out of the ordinary in that vote."""
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
        decisions=tuple(r for r in results if r.number is not None),
        sections=sections,
        announce=last,
    )


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
    """Return one entry for people, in the secretary's correction where there is one."""
    facts: dict[str, Any] = json.loads(row.facts)
    meeting = site.meeting
    sentence = gettext(SENTENCES[_key(meeting, row.code, facts)])
    text, original = sentence % _facts(site, facts), ""
    correction = meeting.corrections.get(row.id)
    if correction is not None:
        text, original = site.remark(correction.remark), text
    if row.code == "declared":
        vote = meeting.votes[VoteId(facts["vote"])]
        motion = meeting.motions[vote.motion] if vote.motion is not None else None
        part = vote.amendment is not None or vote.procedural is not None
        chairs_own = motion is not None and motion.kind is MotionKind.QUESTION
        question = subject(site, of(vote)).question if part or chairs_own else ""
        result = result_view(site, vote)
        return MinuteEntry(
            row.id, row.at, text, original, result, _incidents(vote), question, vote.motion or 0
        )
    if row.code == "count":
        election = meeting.elections[ItemId(facts["election"])]
        return MinuteEntry(row.id, row.at, text, original, count=election_view(meeting, election))
    return MinuteEntry(row.id, row.at, text, original)


def _incidents(vote: Vote) -> tuple[str, ...]:
    """Return what the minutes tell about how the vote went."""
    found = []
    if vote.extended:
        found.append(gettext("Extended by %(n)s seconds.") % {"n": vote.extended})
    closed = gettext("Closed by the chair.") if vote.closed_by_chair else gettext("Closed on time.")
    found.append(closed)
    if vote.below_quorum:
        found.append(gettext("Opened below the quorum, which the chair confirmed twice."))
    if vote.supersedes is not None:
        found.append(gettext("Repeats vote %(n)s, which was void.") % {"n": vote.supersedes})
    return tuple(found)


def _key(meeting: Meeting, code: str, facts: Mapping[str, Any]) -> str:
    """Return the key of the sentence: the code, with its kind where there are several."""
    kind = facts.get("reason") or facts.get("mode") or facts.get("kind") or ""
    if "turn" in facts:
        kind = meeting.turns[TurnId(facts["turn"])].side
    narrow = f"{code}.{kind}"
    return narrow if narrow in SENTENCES else code


def _facts(site: Site, facts: Mapping[str, Any]) -> dict[str, object]:
    """Return what the sentences may name, people under published names only."""
    meeting = site.meeting
    named: dict[str, object] = dict(facts)
    if facts.get("vote") is not None:
        vote = meeting.votes[VoteId(facts["vote"])]
        named |= {"roll": vote.roll, "register": vote.register, "why": void_reason(site, vote)}
        named |= _question_facts(site, of(vote))
    elif "turn" in facts:
        named |= _turn_facts(site, meeting.turns[TurnId(facts["turn"])])
    elif facts.get("motion") is not None:
        named |= _question_facts(site, Question(facts["motion"], facts.get("amendment")))
    if "item" in facts:
        named["about"] = _about(meeting, ItemId(facts["item"]))
    if "because" in facts:
        named["because"] = _because(meeting, facts)
    if facts.get("remark"):
        named["remark"] = site.remark(facts["remark"])
    if facts.get("procedural") is not None and "vote" not in facts:
        named |= _procedural_facts(site, meeting.procedurals[facts["procedural"]])
    if facts.get("point") is not None:
        named |= _point_facts(site, meeting.points[facts["point"]])
    if "election" in facts:
        named["post"] = meeting.elections[ItemId(facts["election"])].post
    return named


def _about(meeting: Meeting, number: ItemId) -> str:
    """Return an item's title, also of one that is not in the programme any more."""
    item = meeting.items.get(number)
    if item is not None:
        return title_of(item)
    plans = (version.plan for version in meeting.versions.values())
    return next((row.title for plan in plans for row in plan.items if row.id == number), "")


def _because(meeting: Meeting, facts: Mapping[str, Any]) -> str:
    if facts.get("amendment") is not None:
        return meeting.amendments[AmendmentId(facts["because"])].label
    return meeting.motions[MotionId(facts["because"])].label


def _question_facts(site: Site, asked: Question) -> dict[str, object]:
    row = row_of(site.meeting, asked)
    if isinstance(row, Procedural):
        return {"subject": procedures.title(site, row), "mover": "", "seconder": ""}
    about = subject(site, asked)
    name = f"{about.label} ({about.title})"
    mover = published_name(site, row.mover, row.mover_name)
    return {
        "subject": name,
        "mover": mover,
        "seconder": published_name(site, row.seconder, row.seconder_name),
    }


def _procedural_facts(site: Site, row: Procedural) -> dict[str, object]:
    carried, lost = procedures.consequences(row.kind)
    said = carried if row.outcome is Outcome.CARRIED else lost
    return {
        "procedural": procedures.title(site, row),
        "answer": site.remark(row.answer),
        "effect": f"{said[:1].upper()}{said[1:]}.",
    }


def _point_facts(site: Site, row: Point) -> dict[str, object]:
    ruled = gettext(procedures.POINT_STATES[row.state])
    return {
        "point": procedures.point_title(row), "ruled": ruled, "ruling": site.remark(row.ruling)
    }  # fmt: skip


def _turn_facts(site: Site, turn: Turn) -> dict[str, object]:
    """Return who spoke: a slot's or a printed mover's name is published, a delegate's is not."""
    printed = turn.side is Side.SPEAKER or turn.person is None
    who = turn.name if printed and turn.name else published_name(site, turn.person, turn.name)
    facts: dict[str, object] = {"who": who}
    if turn.motion is not None or turn.procedural is not None:
        facts["subject"] = _question_facts(site, of(turn))["subject"]
    return facts
