"""A refusal is a value: a stable code with the facts its sentence needs. The sentence is web's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """Every reason for which the rules refuse. Stable: screens, guides and outside checks use them."""

    NOT_ALLOWED = "not_allowed"
    UNKNOWN = "unknown"
    NOT_OPEN_YET = "not_open_yet"
    ALREADY_OPEN = "already_open"
    CONFERENCE_CLOSED = "conference_closed"
    NO_ITEM = "no_item"
    NOT_NEXT_ITEM = "not_next_item"
    ITEM_BEFORE_CONFERENCE = "item_before_conference"
    ITEM_NOT_CALLED = "item_not_called"
    ITEMS_LEFT = "items_left"
    QUESTION_UNDECIDED = "question_undecided"
    NO_NEXT_QUESTION = "no_next_question"
    NOT_BEFORE_CONFERENCE = "not_before_conference"
    WRONG_STATE = "wrong_state"
    NEEDS_NO_MOVER = "needs_no_mover"
    SOMEBODY_SPEAKS = "somebody_speaks"
    NOBODY_SPEAKS = "nobody_speaks"
    NOBODY_ASKS = "nobody_asks"
    ALREADY_SPOKEN = "already_spoken"
    ALREADY_ASKED = "already_asked"
    NOT_ASKED = "not_asked"
    NOT_PRESENT = "not_present"
    ALREADY_PRESENT = "already_present"
    WAITS_FOR_REGISTRAR = "waits_for_registrar"
    OBSERVER = "observer"
    ALREADY_SECONDED = "already_seconded"
    VOTE_RUNNING = "vote_running"
    NO_QUORUM = "no_quorum"
    QUORATE = "quorate"
    VOTE_NOT_OPEN = "vote_not_open"
    VOTE_CLOSED = "vote_closed"
    VOTE_VOID = "vote_void"
    TOO_EARLY = "too_early"
    CLOSING = "closing"
    NOT_COUNTED = "not_counted"
    LATE = "late"
    NOT_ON_ROLL = "not_on_roll"
    ALREADY_DECIDED = "already_decided"
    IS_PRESENT = "is_present"
    EXISTS = "exists"
    WRONG_NAME = "wrong_name"
    WRONG_MODE = "wrong_mode"
    COUNT_DOES_NOT_ADD_UP = "count_does_not_add_up"
    COUNT_CONFIRMED = "count_confirmed"
    COUNT_MISSING = "count_missing"
    COUNT_DIFFERS = "count_differs"
    SAME_SCRUTINEER = "same_scrutineer"
    NOT_YOUR_SLOT = "not_your_slot"


@dataclass(frozen=True, slots=True)
class Refused:
    """What the rules answer instead of a new meeting; nothing has changed."""

    code: StrEnum
    facts: Mapping[str, str | int] = field(default_factory=dict)
