"""What is before conference: a motion, an amendment to it, a procedural motion about either.

They form a stack, the innermost first: a question about the chair, a procedural motion, an
amendment, the motion. Whoever speaks or votes does it on the innermost.
"""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from conference.rules import change
from conference.rules.kinds import (
    AmendmentId,
    Base,
    Governs,
    MotionId,
    MotionState,
    ProceduralId,
    Rule,
    Side,
    TextId,
)
from conference.rules.state import (
    Amendment,
    FloorRequest,
    Meeting,
    Motion,
    Procedural,
    TextVersion,
    Turn,
    Vote,
)

DISPOSED = frozenset(
    {
        MotionState.DECIDED,
        MotionState.ACCEPTED,
        MotionState.FELL,
        MotionState.WITHDRAWN,
        MotionState.REMITTED,
        MotionState.REFERRED_BACK,
    }
)
"""Nothing more happens to it at this conference."""

SET_ASIDE = frozenset({MotionState.TABLED, MotionState.ADJOURNED})
"""Not decided and not before conference; it may be taken up again."""

SETTLED = DISPOSED | SET_ASIDE
"""What does not keep conference from going on."""

SPEAKING = frozenset({Side.FOR, Side.AGAINST})


class Question(NamedTuple):
    """A motion, or an amendment to it, or a procedural motion in the debate on either."""

    motion: MotionId | None = None
    amendment: AmendmentId | None = None
    procedural: ProceduralId | None = None


def innermost(meeting: Meeting) -> Question | None:
    """Return the question on which people speak and vote now, or None."""
    head = meeting.conference
    pending = head.challenge if head.challenge is not None else head.procedural
    if pending is not None:
        row = meeting.procedurals[pending]
        return Question(row.motion, row.amendment, pending)
    return substantive(meeting)


def substantive(meeting: Meeting) -> Question | None:
    """Return the amendment or motion before conference, whatever procedure is pending on it."""
    head = meeting.conference
    return None if head.motion is None else Question(head.motion, head.amendment)


def of(row: Vote | Turn | FloorRequest) -> Question:
    """Return the question of a vote, a speech or a request."""
    return Question(row.motion, row.amendment, row.procedural)


def motion_or_amendment(
    meeting: Meeting, motion: MotionId, amendment: AmendmentId | None
) -> Motion | Amendment | None:
    """Return the row that is named; None when there is no such, or it is another motion's."""
    if amendment is None:
        return meeting.motions.get(motion)
    row = meeting.amendments.get(amendment)
    return row if row is not None and row.motion == motion else None


def row_of(meeting: Meeting, question: Question) -> Motion | Amendment | Procedural:
    """Return the row of the question. Raises KeyError when there is none."""
    if question.procedural is not None:
        return meeting.procedurals[question.procedural]
    if question.amendment is not None:
        return meeting.amendments[question.amendment]
    return meeting.motions[question.motion or MotionId(0)]


def put(meeting: Meeting, row: Motion | Amendment | Procedural) -> Meeting:
    """Return the meeting with this row in place of the one with its id."""
    if isinstance(row, Motion):
        return change.motion(meeting, row)
    if isinstance(row, Amendment):
        return change.amendment(meeting, row)
    return change.procedural(meeting, row)


def question_of(row: Motion | Amendment | Procedural) -> Question:
    """Return the question that this row is."""
    if isinstance(row, Motion):
        return Question(row.id)
    if isinstance(row, Amendment):
        return Question(row.motion, row.id)
    return Question(row.motion, row.amendment, row.id)


def label(meeting: Meeting, question: Question) -> str:
    """Return the printed label; for a procedural motion its kind, which a screen translates."""
    row = row_of(meeting, question)
    return str(row.kind) if isinstance(row, Procedural) else row.label


def amendments_of(meeting: Meeting, motion: MotionId) -> list[Amendment]:
    """Return a motion's amendments in printed order, those to other amendments included."""
    rows = (row for row in meeting.amendments.values() if row.motion == motion)
    return sorted(rows, key=lambda row: row.position)


def turns_on(meeting: Meeting, question: Question) -> list[Turn]:
    """Return the speeches on exactly this question, in order, without those called by mistake."""
    return [t for t in meeting.turns.values() if of(t) == question and not t.undone]


def texts_of(meeting: Meeting, motion: MotionId) -> list[TextVersion]:
    """Return the motion's versions in order; the first is the printed text."""
    printed = meeting.motions[motion]
    number = len(paragraphs(printed.text))
    first = TextVersion(TextId(0), motion, 1, printed.text, tuple(range(1, number + 1)), 0)
    later = (row for row in meeting.texts.values() if row.motion == motion)
    return [first, *sorted(later, key=lambda row: row.number)]


def text_of(meeting: Meeting, motion: MotionId) -> TextVersion:
    """Return the motion's text as it stands now."""
    return texts_of(meeting, motion)[-1]


def is_amended(meeting: Meeting, motion: MotionId) -> bool:
    """Say whether its text differs from the printed one; taken back, an amendment leaves no trace."""
    printed = paragraphs(meeting.motions[motion].text)
    return paragraphs(text_of(meeting, motion).text) != printed


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text; empty lines part them."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def text_hash(text: str) -> str:
    """Return the SHA-256 of the text that is voted on, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def put_text(meeting: Meeting, question: Question) -> str:
    """Return the exact text that a vote on this question is about.

    A report without the parts that were referred back; an amendment as it has been amended itself.
    """
    row = row_of(meeting, question)
    if isinstance(row, Motion):
        whole = paragraphs(text_of(meeting, row.id).text)
        return "\n\n".join(p for n, p in enumerate(whole, 1) if n not in row.referred)
    if isinstance(row, Amendment):
        return f"{row.instruction}\n\n{row.as_amended or row.text}".strip()
    facts = (row.numbers, row.minutes, row.seconds, row.target, row.point, row.refused, row.vote)
    return f"{row.kind} {facts} {row.purpose}"


def text_of_vote(meeting: Meeting, vote: Vote) -> str | None:
    """Return the exact text that was put in this vote, whatever has become of it since.

    It is known by its hash; None when no text of the meeting has it any more.
    """
    asked = of(vote)
    candidates = [put_text(meeting, asked)]
    row = row_of(meeting, asked)
    if isinstance(row, Amendment):
        candidates.append(f"{row.instruction}\n\n{row.text}".strip())
    elif isinstance(row, Motion):
        for version in texts_of(meeting, row.id):
            whole = paragraphs(version.text)
            kept = [p for n, p in enumerate(whole, 1) if n not in row.referred]
            candidates += ["\n\n".join(whole), "\n\n".join(kept)]
    return next((one for one in candidates if text_hash(one) == vote.text_hash), None)


def majority_of(meeting: Meeting, question: Question) -> tuple[Rule, Base]:
    """Return the majority that a motion or amendment needs. A procedural motion's is `procedural`'s."""
    row = row_of(meeting, question)
    return (row.rule, row.base) if isinstance(row, Motion) else (Rule.SIMPLE, Base.CAST)


def is_suspended(meeting: Meeting, rule: Governs, now: int) -> bool:
    """Say whether conference has suspended the standing order that governs this."""
    numbers = {
        number
        for row in meeting.suspensions.values()
        if row.starts_at <= now < row.ends_at
        for number in row.numbers
    }
    return any(
        order.id in numbers and rule in order.governs for order in meeting.standing_orders.values()
    )


def quorum(meeting: Meeting) -> int:
    """Return how many delegates must be present: a number, or a share rounded up if that is more."""
    settings, head = meeting.settings, meeting.conference
    whole = head.register if settings.quorum_of == "register" else head.attended
    return max(settings.quorum, -(-settings.quorum_percent * whole // 100))


def is_quorate(meeting: Meeting, now: int) -> bool:
    """Say whether enough delegates are present, or the rule on it is suspended."""
    enough = meeting.conference.present >= quorum(meeting)
    return enough or is_suspended(meeting, Governs.QUORUM, now)
