from datetime import UTC, datetime

import pytest

from conference.programme import build, people
from conference.rules.kinds import Mode, Role
from tests.programme.changed import changed

DAY = "day = 2021-02-27"
ZONE = 'zone = "Europe/London"'


def utc(at):
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()


@pytest.mark.parametrize(
    ("day", "zone", "opening"),
    [
        ("2021-02-27", "Europe/London", "2021-02-27T10:00:00+00:00"),
        ("2021-06-26", "Europe/London", "2021-06-26T09:00:00+00:00"),  # British Summer Time
        ("2021-02-27", "Asia/Kolkata", "2021-02-27T04:30:00+00:00"),
        ("2021-02-27", "Pacific/Auckland", "2021-02-26T21:00:00+00:00"),
    ],
)
def test_times_are_those_of_the_day_in_the_conferences_zone(day, zone, opening):
    programme = changed((DAY, f"day = {day}"), (ZONE, f'zone = "{zone}"'))
    meeting = build(programme, mode=Mode.REAL)
    assert utc(meeting.items[1].starts_at) == opening
    assert meeting.items[2].starts_at - meeting.items[1].starts_at == 10 * 60_000
    # Item 1 begins half an hour after the doors, with which the morning begins.
    assert meeting.sessions[1].starts_at == meeting.items[1].starts_at - 30 * 60_000
    assert (meeting.conference.day, meeting.conference.mode) == (day, Mode.REAL)


def test_what_is_left_out_has_the_defaults_of_the_rules():
    text = changed(
        ("quorum = 3\n", ""), ("vote.announcement = 3\n", ""), ("vote.minimum = 5\n", "")
    )
    settings = build(text, mode=Mode.REAL).settings
    assert (settings.quorum, settings.vote_announcement, settings.vote_minimum) == (20, 15, 45)


def test_lines_of_a_paragraph_are_joined_and_lists_are_kept():
    programme = changed(
        (
            'text = "Five minutes away from the screen."',
            'text = """\nOne\n  line.\n\n\nTwo:\n- a\n- b\n1. c\n(d) e\nend. """',
        )
    )
    text = build(programme, mode=Mode.REAL).items[102].text
    assert text == "One line.\n\nTwo:\n- a\n- b\n1. c\n(d) e end."


def test_a_speaker_who_is_listed_among_the_people_is_one_person():
    programme = changed(('name = "Teller"', 'name = "Chris Knight"'))
    (found,) = (person for person in people(programme) if person.name == "Chris Knight")
    assert (found.roles, found.slots) == ({Role.TELLER, Role.SPEAKER}, (3,))


def test_a_speaker_with_several_slots_is_one_person():
    programme = changed(('speaker = "Leah Levane"', 'speaker = "Chris Knight"'))
    (found,) = (person for person in people(programme) if person.name == "Chris Knight")
    assert found.slots == (3, 5)
