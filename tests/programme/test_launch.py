from datetime import UTC, datetime

import msgspec
import pytest

from conference.programme import LAUNCH, Public, build, people, public, read
from conference.rules import question, texts
from conference.rules.kinds import (
    Action,
    Base,
    Governs,
    ItemKind,
    Mode,
    MotionKind,
    Phase,
    Role,
    Rule,
)
from conference.rules.question import paragraphs
from conference.rules.refused import Code
from conference.rules.state import Settings
from tests.programme.changed import TEXT


@pytest.fixture(scope="module")
def programme():
    return read(LAUNCH)


@pytest.fixture(scope="module")
def meeting(programme):
    return build(programme, mode=Mode.DEMONSTRATION)


# Timetable G1, checked against the page by hand: time, minutes, number, kind.
TIMETABLE = [
    ("09:30", 30, None, ItemKind.DOORS),
    ("10:00", 10, 1, ItemKind.CHAIR),
    ("10:10", 15, 2, ItemKind.VOTES),
    ("10:25", 30, 3, ItemKind.SPEAKERS),
    ("10:55", 5, None, ItemKind.BREAK),
    ("11:00", 50, 4, ItemKind.DEBATE),
    ("11:50", 10, None, ItemKind.BREAK),
    ("12:00", 10, 5, ItemKind.SPEAKERS),
    ("12:10", 45, 6, ItemKind.DEBATE),
    ("12:55", 45, None, ItemKind.BREAK),
    ("13:40", 20, 7, ItemKind.SPEAKERS),
    ("14:00", 40, 8, ItemKind.DEBATE),
    ("14:40", 15, 9, ItemKind.DEBATE),
    ("14:55", 15, None, ItemKind.BREAK),
    ("15:10", 10, 10, ItemKind.ELECTION),
    ("15:20", 30, 11, ItemKind.DEBATE),
    ("15:50", 10, 12, ItemKind.PROCEDURE),
    ("16:00", 15, 13, ItemKind.ELECTION),
    ("16:15", 10, 14, ItemKind.CHAIR),
    ("16:25", 5, 15, ItemKind.CHAIR),
]


def test_the_timetable_is_the_one_of_the_launch_conference(meeting):
    items = sorted(meeting.items.values(), key=lambda item: item.position)
    found = [
        (
            datetime.fromtimestamp(item.starts_at / 1000, UTC).strftime("%H:%M"),
            item.minutes,
            item.number,
            item.kind,
        )
        for item in items
    ]
    assert found == TIMETABLE
    assert all(item.text for item in items)
    assert [item.id for item in items if item.number] == list(range(1, 16))


def test_a_fresh_meeting_has_nobody_in_it_and_nothing_called(meeting):
    conference = meeting.conference
    assert (conference.day, conference.zone) == ("2021-02-27", "Europe/London")
    assert (conference.mode, conference.phase) == (Mode.DEMONSTRATION, Phase.BEFORE)
    assert (conference.item, conference.motion, conference.vote) == (None, None, None)
    assert not meeting.people
    assert not meeting.votes


def test_the_six_speakers_stand_where_the_leaflet_and_the_timetable_put_them(meeting):
    assert [(slot.name, slot.item, slot.minutes) for slot in meeting.slots.values()] == [
        ("Tosh McDonald", 3, 8),
        ("Graham Bash", 3, 8),
        ("Chris Knight", 3, 8),
        ("Jackie Walker", 5, 8),
        ("Leah Levane", 7, 8),
        ("Roger Silverman", 7, 8),
    ]


def test_the_motions_have_the_ids_that_addresses_rely_on(meeting):
    found = {m.id: (m.label, m.item, m.position, m.kind) for m in meeting.motions.values()}
    assert found == {
        1: ("Motion 1", 4, 1, MotionKind.MOTION),
        2: ("Motion 2", 6, 1, MotionKind.MOTION),
        3: ("Motion 3", 8, 1, MotionKind.MOTION),
        4: ("Motion 4", 11, 1, MotionKind.MOTION),
        5: ("E1", 9, 2, MotionKind.EMERGENCY),
        6: ("V1", 2, 1, MotionKind.QUESTION),
        7: ("V2", 2, 2, MotionKind.REPORT),
        8: ("V3", 2, 3, MotionKind.QUESTION),
        9: ("E1 admission", 9, 1, MotionKind.QUESTION),
        10: ("Remission", 12, 1, MotionKind.QUESTION),
    }
    assert {m.id: m.requires for m in meeting.motions.values() if m.requires} == {5: 9}
    rules = {m.id: (m.rule, m.base) for m in meeting.motions.values()}
    assert rules.pop(4) == (Rule.TWO_THIRDS, Base.CAST)
    assert set(rules.values()) == {(Rule.SIMPLE, Base.CAST)}
    movers = {m.id: (m.mover_name, m.seconder_name) for m in meeting.motions.values()}
    assert movers[1] == ("Mover M1", "Seconder M1")
    assert movers[5] == ("Mover E1", "Seconder E1")
    assert movers[6] == ("", "")
    assert movers[7] == ("CAC reporter", "")
    assert {m.id: m.speech for m in meeting.motions.values() if m.speech} == {5: 120}


def test_the_report_has_parts_that_can_be_referred_back(meeting):
    parts = paragraphs(meeting.motions[7].text)
    assert [part.partition(" ")[0] for part in parts] == ["1.", "2.", "3."]


def test_one_debate_ends_when_its_time_is_up(meeting):
    assert [item.id for item in meeting.items.values() if item.guillotine] == [11]


def test_the_amendments_stand_in_printed_order(meeting):
    found = [(a.label, a.motion, a.position, bool(a.note)) for a in meeting.amendments.values()]
    assert found == [
        ("1.1", 1, 1, False),
        ("1.2", 1, 2, False),
        ("2.1", 2, 1, False),
        ("2.2", 2, 2, True),
        ("3.1", 3, 1, True),
        ("T1", 4, 1, False),
    ]


# What each amendment of G3 does to its motion, checked against the page by hand.
AMENDMENTS = [
    ("1.1", Action.ADD, 1, "at every level", "Add at the end of paragraph 1"),
    (
        "1.2",
        Action.REPLACE,
        2,
        "that may also start a leadership contest",
        "In paragraph 2 delete “that may also start a leadership contest” and insert",
    ),
    ("2.1", Action.ADD, 2, "", "Add a new paragraph at the end"),
    ("2.2", Action.ADD, 2, "", "Add a new paragraph at the end"),
    ("3.1", Action.ADD, 2, "within three months", "Add at the end of paragraph 2"),
    ("T1", Action.ADD, 2, "", "Add a new paragraph after paragraph 2"),
]


def test_the_amendments_are_data(meeting):
    rows = list(meeting.amendments.values())
    assert [(a.label, a.action, a.paragraph, a.words, a.instruction) for a in rows] == AMENDMENTS
    assert {a.label: a.falls_if for a in rows if a.falls_if} == {"2.2": (3,)}
    assert [a.label for a in rows if a.accepted] == ["3.1"]
    named = [(a.mover_name, a.seconder_name) for a in rows]
    assert named == [(f"Mover {a.label}", f"Seconder {a.label}") for a in rows]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (1, "at every level; elected representatives and full-time officials should live on an"),
        (2, "a sovereign party conference which also reviews the post of party leader, its"),
        (3, "open debate instead.\n\nA code of comradely debate, drawn up by the steering"),
        (4, "open debate instead.\n\nThe steering committee reports to the next meeting"),
        (5, "within three months from the date on which the member was told of the charge."),
        (6, "by this conference.\n\nMembership is open to everybody who supports the aims"),
    ],
)
def test_what_each_amendment_makes_of_its_motion(meeting, key, words):
    amendment = meeting.amendments[key]
    made = texts.apply(question.text_of(meeting, amendment.motion), amendment)
    assert not isinstance(made, Code)
    assert words in made[0]


def test_the_election_has_its_candidates_and_its_times(meeting):
    election = meeting.elections[10]
    assert (election.closing_item, election.result_item, election.places) == (12, 13, 7)
    assert election.link.startswith("https://ballot.example/")
    times = [
        datetime.fromtimestamp(at / 1000, UTC) for at in (election.opens_at, election.closes_at)
    ]
    assert [at.strftime("%H:%M") for at in times] == ["15:15", "15:50"]
    candidates = list(meeting.candidates.values())
    assert [one.name for one in candidates] == [f"Candidate {letter}" for letter in "ABCDEFGHIJK"]
    assert sum(one.woman for one in candidates) == 5


def test_the_settings_are_those_of_the_demonstration(meeting):
    assert meeting.settings == Settings(
        id=1, quorum=3, vote_announcement=3, vote_minimum=5, vote_countdown=3
    )


def test_there_are_twenty_standing_orders(meeting):
    assert list(meeting.standing_orders) == list(range(1, 21))


def test_each_rule_is_suspended_with_one_standing_order(meeting):
    found = {n: set(row.governs) for n, row in meeting.standing_orders.items() if row.governs}
    assert found == {
        2: {Governs.QUORUM},
        5: {Governs.SECONDER},
        6: {Governs.AMENDMENT_ORDER},
        7: {Governs.SPEECH_TIMES},
        8: {Governs.ONCE_PER_QUESTION},
        9: {Governs.REPLY},
        10: {Governs.ADMISSION},
        11: {Governs.PROCEDURAL},
        12: {Governs.WITHDRAWAL},
        13: {Governs.CHALLENGE},
    }


def test_everybody_is_a_role_and_the_speakers_have_their_slots(programme):
    found = people(programme)
    names = [person.name for person in found]
    assert names[:160] == [f"Delegate {n:03}" for n in range(1, 161)]
    assert {person.roles for person in found[:160]} == {frozenset({Role.DELEGATE})}
    rest = {person.name: (person.roles, person.slots) for person in found[160:]}
    assert rest == {
        "Chair (morning)": ({Role.CHAIR}, ()),
        "Chair (afternoon)": ({Role.CHAIR}, ()),
        "Vice-chair": ({Role.VICE_CHAIR}, ()),
        "Registrar": ({Role.REGISTRAR, Role.ORGANISER}, ()),
        "Secretary": ({Role.SECRETARY, Role.TELLER}, ()),
        "Teller": ({Role.TELLER}, ()),
        "Steward": ({Role.STEWARD, Role.QUEUE_KEEPER}, ()),
        "Tosh McDonald": ({Role.SPEAKER}, (1,)),
        "Graham Bash": ({Role.SPEAKER}, (2,)),
        "Chris Knight": ({Role.SPEAKER}, (3,)),
        "Jackie Walker": ({Role.SPEAKER}, (4,)),
        "Leah Levane": ({Role.SPEAKER}, (5,)),
        "Roger Silverman": ({Role.SPEAKER}, (6,)),
    }


def test_the_public_page_survives_its_stay_in_the_database(programme):
    shown = public(programme)
    assert len(shown.aims) == 3
    assert shown.organiser.retention_days == 14
    assert msgspec.json.decode(msgspec.json.encode(shown), type=Public) == shown


def test_no_sentence_is_copied_from_the_leaflet():
    # The leaflet is not part of the project; these are runs of words peculiar to it.
    for words in ("all-out war", "conflates anti-Zionism", "no longer feel that they are welcome"):
        assert words not in TEXT
