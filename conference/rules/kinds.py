"""The words of the picture: ids, and the closed lists of states, roles, rules and reasons."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", str)
ItemId = NewType("ItemId", int)
SlotId = NewType("SlotId", int)
MotionId = NewType("MotionId", int)
AmendmentId = NewType("AmendmentId", int)
RequestId = NewType("RequestId", int)
TurnId = NewType("TurnId", int)
VoteId = NewType("VoteId", int)
CandidateId = NewType("CandidateId", int)
MinuteId = NewType("MinuteId", int)
TextId = NewType("TextId", int)
ProceduralId = NewType("ProceduralId", int)
PointId = NewType("PointId", int)
LeaveId = NewType("LeaveId", int)
SuspensionId = NewType("SuspensionId", int)
DoubleId = NewType("DoubleId", int)
AgendaSessionId = NewType("AgendaSessionId", int)
AgendaVersionId = NewType("AgendaVersionId", int)
OfficeStepId = NewType("OfficeStepId", int)
DrawId = NewType("DrawId", int)
HeadId = NewType("HeadId", int)

SYSTEM = PersonId("system")
"""Who acts when a deadline passes or the host's own commands change something."""


class Mode(StrEnum):
    """How much of this conference is real; it only ever moves forward."""

    DEMONSTRATION = "demonstration"
    REHEARSAL = "rehearsal"
    REAL = "real"


class Phase(StrEnum):
    """Where the conference as a whole stands."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


class Role(StrEnum):
    """What a person may be; one person may be several."""

    ORGANISER = "organiser"
    REGISTRAR = "registrar"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARY = "secretary"
    ARRANGEMENTS = "arrangements"
    QUEUE_KEEPER = "queue_keeper"
    TELLER = "teller"
    STEWARD = "steward"
    DELEGATE = "delegate"
    SPEAKER = "speaker"
    OBSERVER = "observer"
    SCREEN = "screen"


class Standing(StrEnum):
    """What the registrar has decided about a person; *removed* needs two officers."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


class ItemKind(StrEnum):
    """What happens in an item of the agenda."""

    DOORS = "doors"
    CHAIR = "chair"
    VOTES = "votes"
    SPEAKERS = "speakers"
    DEBATE = "debate"
    ELECTION = "election"
    PROCEDURE = "procedure"
    BREAK = "break"


class ItemState(StrEnum):
    """Where an item stands."""

    PLANNED = "planned"
    CALLED = "called"
    DONE = "done"


class MotionKind(StrEnum):
    """What is put to conference: only a question and a report need no seconder."""

    MOTION = "motion"
    EMERGENCY = "emergency"
    QUESTION = "question"
    """Put from the chair, without a mover."""
    REPORT = "report"
    """Moved by whoever reports; conference may refer parts of it back."""


class MotionState(StrEnum):
    """Where a motion or an amendment stands (procedure B10)."""

    PROPOSED = "proposed"
    """An amendment that was handed in from the floor and is not admitted yet."""
    PUBLISHED = "published"
    CALLED = "called"
    MOVED = "moved"
    DEBATE = "debate"
    CLOSING = "closing"
    """The debate is closed: the mover may reply, then it is put to the vote."""
    VOTING = "voting"
    DECIDED = "decided"
    ACCEPTED = "accepted"
    """An amendment that became part of the motion without a vote, by leave of conference."""
    FELL = "fell"
    WITHDRAWN = "withdrawn"
    REMITTED = "remitted"
    REFERRED_BACK = "referred_back"
    TABLED = "tabled"
    ADJOURNED = "adjourned"


class Reason(StrEnum):
    """Why a motion or an amendment fell (procedure B8)."""

    NOT_MOVED = "not_moved"
    NOT_SECONDED = "not_seconded"
    NOT_ADMITTED = "not_admitted"
    CONSEQUENTIAL = "consequential"
    MOTION_GONE = "motion_gone"
    """An amendment whose motion was disposed of before it was reached."""
    PLACE_GONE = "place_gone"
    """An amendment whose words are no longer in the text."""
    EARLIER_PART = "earlier_part"
    """An amendment to a part before one that has been put already."""
    NEXT_BUSINESS = "next_business"
    OUT_OF_ORDER = "out_of_order"
    NOT_REACHED = "not_reached"
    UNDECIDED = "undecided"


class Action(StrEnum):
    """What an amendment does to the text."""

    ADD = "add"
    DELETE = "delete"
    REPLACE = "replace"
    REPLACE_ALL = "replace_all"


class Outcome(StrEnum):
    """What conference decided; a tie is *not carried*, which is not *lost* (procedure B7)."""

    CARRIED = "carried"
    LOST = "lost"
    NOT_CARRIED = "not_carried"


class Rule(StrEnum):
    """How much of the base must be for it (procedure B7)."""

    SIMPLE = "simple"
    TWO_THIRDS = "two_thirds"
    ABSOLUTE = "absolute"
    UPHOLD = "uphold"
    SUSTAIN = "sustain"
    """Reversed only by more against than for: a tie sustains the chair (procedure C)."""


class Base(StrEnum):
    """What the majority is counted of: three different numbers, named on the ballot."""

    CAST = "cast"
    PRESENT = "present"
    REGISTER = "register"


class Side(StrEnum):
    """Why somebody speaks."""

    MOVER = "mover"
    SECONDER = "seconder"
    FOR = "for"
    AGAINST = "against"
    REPLY = "reply"
    """The mover of the motion, last; or whoever replies for the mover."""
    SPEAKER = "speaker"


class RequestState(StrEnum):
    """Where a request for the floor stands."""

    WAITING = "waiting"
    CALLED = "called"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class VoteState(StrEnum):
    """Where a vote stands."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    DECLARED = "declared"
    VOID = "void"
    """Decides nothing: stopped, called off, taken again, or made void by two officers."""


class Choice(StrEnum):
    """What a delegate may put on a ballot."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Procedure(StrEnum):
    """Every procedural motion (procedure B5).

    There is no bare *previous question*: it means opposite things in Britain and the United States.
    """

    CLOSURE = "closure"
    NEXT_BUSINESS = "next_business"
    TABLE = "table"
    TAKE_UP = "take_up"
    REMIT = "remit"
    REFERENCE_BACK = "reference_back"
    ADJOURN_DEBATE = "adjourn_debate"
    ADJOURN_MEETING = "adjourn_meeting"
    SUSPEND = "suspend"
    CHALLENGE = "challenge"
    NO_CONFIDENCE = "no_confidence"
    BE_HEARD = "be_heard"
    RETAKE = "retake"
    EXTEND_TIME = "extend_time"
    SPEECH_TIME = "speech_time"
    VARY_ORDER = "vary_order"
    BY_NAME = "by_name"
    """That the vote on the question be taken by name: the roll-call is given to delegates."""
    WITHDRAWAL = "withdrawal"
    """Leave to withdraw, where the standing orders ask for a majority instead of no objection."""
    RECESS = "recess"
    """Robert's Rules only: a break by a decision of conference."""
    RECONSIDER = "reconsider"
    """Robert's Rules only: that a decided motion be before conference again (procedure C)."""


class ProceduralState(StrEnum):
    """Where a procedural motion stands."""

    ASKED = "asked"
    """Moved; it waits for its seconder, or for its supporters."""
    SECONDED = "seconded"
    """It waits for the chair to take it."""
    PENDING = "pending"
    """Before conference."""
    VOTING = "voting"
    DECIDED = "decided"
    REFUSED = "refused"
    """By the chair, with a reason; the ruling can be challenged."""
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class PointKind(StrEnum):
    """What may be raised without a vote."""

    ORDER = "order"
    EXPLANATION = "explanation"
    INFORMATION = "information"
    PRIVILEGE = "privilege"
    """Robert's Rules only: a question of privilege, about how one can take part at all."""
    ORDERS_OF_THE_DAY = "orders_of_the_day"
    """Robert's Rules only: that conference keep to its timetable."""


class PointAbout(StrEnum):
    """What a point is about: a closed list, so that nothing about people is written down."""

    STANDING_ORDER = "standing_order"
    IRRELEVANCE = "irrelevance"
    LANGUAGE = "language"
    VOTING = "voting"
    PROCEDURE = "procedure"
    MISQUOTED = "misquoted"
    QUESTION = "question"
    CANNOT_FOLLOW = "cannot_follow"
    ACCESS = "access"
    TIMETABLE = "timetable"


class PointState(StrEnum):
    """How a point was dealt with; none is ever lost."""

    RAISED = "raised"
    HEARD = "heard"
    WELL_TAKEN = "well_taken"
    NOT_WELL_TAKEN = "not_well_taken"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class LeaveKind(StrEnum):
    """What conference is asked to agree to by raising no objection."""

    WITHDRAW = "withdraw"
    ACCEPT = "accept"


class LeaveState(StrEnum):
    """How the question *any objection?* ended."""

    OPEN = "open"
    GIVEN = "given"
    OBJECTED = "objected"
    CALLED_OFF = "called_off"


class Pause(StrEnum):
    """Why conference does no business for a while."""

    BREAK = "break"
    TECHNICAL = "technical"
    ADJOURNED = "adjourned"
    DISORDER = "disorder"


class DoubleKind(StrEnum):
    """What takes two officers."""

    VOID_VOTE = "void_vote"
    REMOVE_PERSON = "remove_person"


class DoubleState(StrEnum):
    """How a step that takes two officers stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class OfficeStepKind(StrEnum):
    """What of the register takes two officers."""

    ADMIT = "admit"
    EXPORT_LINKS = "export_links"
    EXPORT_ADDRESSES = "export_addresses"


class OfficeStepState(StrEnum):
    """How such a step stands; only an export is *taken*."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    TAKEN = "taken"
    DROPPED = "dropped"


class Profile(StrEnum):
    """Which book of procedure the settings begin from (procedure B and C)."""

    UK_LABOUR = "uk_labour"
    RONR = "ronr"


class QuorumOf(StrEnum):
    """Of what the quorum's percentage is taken."""

    REGISTER = "register"
    ATTENDANCE = "attendance"
    """Delegates who ever checked in."""


class AmendmentOrder(StrEnum):
    """In which order amendments are taken."""

    CAC_ORDER = "cac_order"
    """As printed."""
    TEXT_POSITION = "text_position"
    RECEIVED = "received"


class Friendly(StrEnum):
    """What it takes for an amendment that the mover accepts."""

    UNANIMOUS_LEAVE = "unanimous_leave"
    MOVER_ACCEPTS = "mover_accepts"
    ALWAYS_VOTE = "always_vote"


class ReplyWhen(StrEnum):
    """When the mover of a motion replies."""

    END_OF_DEBATE = "end_of_debate"
    FIRST_AMENDMENT = "first_amendment"
    ONCE_ANY_TIME = "once_any_time"
    NEVER = "never"


class Majority(StrEnum):
    """A majority that the standing orders may set for a procedural motion."""

    SIMPLE = "simple"
    TWO_THIRDS_CAST = "two_thirds_cast"
    TWO_THIRDS_PRESENT = "two_thirds_present"


class WithdrawBy(StrEnum):
    """Whose leave a withdrawal needs."""

    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    MOVER = "mover"


class ChairVote(StrEnum):
    """Whether the chair decides a tie."""

    NONE_TIE_FALLS = "none_tie_falls"
    CASTING_ONLY = "casting_only"
    OWN_PLUS_CASTING = "own_plus_casting"


class Guillotine(StrEnum):
    """What happens to the open question when an item's time is up."""

    TO_VOTE = "to_vote"
    TO_COMMITTEE = "to_committee"


class Reply(StrEnum):
    """What an invited speaker has said to a slot."""

    OPEN = "open"
    COMING = "coming"
    DECLINED = "declined"


class Ready(StrEnum):
    """Where a speaker is on the day."""

    AWAY = "away"
    HERE = "here"
    STANDING_BY = "standing_by"
    """At the microphone: can be called at any moment."""


class Signal(StrEnum):
    """A hand signal to whoever speaks."""

    ONE_MINUTE = "one_minute"
    PLEASE_FINISH = "please_finish"
    LOUDER = "louder"


class Shows(StrEnum):
    """What the hall screen shows."""

    AUTOMATIC = "automatic"
    """The vote, else the result, else who speaks, else the item."""
    PROGRAMME = "programme"
    SPEAKER = "speaker"
    RESULT = "result"


class Governs(StrEnum):
    """What a numbered standing order governs, so that suspending the number suspends the rule."""

    QUORUM = "quorum"
    SECONDER = "seconder"
    AMENDMENT_ORDER = "amendment_order"
    SPEECH_TIMES = "speech_times"
    ONCE_PER_QUESTION = "once_per_question"
    REPLY = "reply"
    ADMISSION = "admission"
    PROCEDURAL = "procedural"
    WITHDRAWAL = "withdrawal"
    CHALLENGE = "challenge"
