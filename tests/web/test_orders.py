"""The standing orders' page: every setting in words, and what is suspended now."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from enum import StrEnum
from types import SimpleNamespace

import pytest

from conference.programme import LAUNCH, build, read
from conference.programme.profiles import PROFILES
from conference.rules.kinds import (
    Mode,
    PersonId,
    ProceduralId,
    Procedure,
    Profile,
    QuorumOf,
    SuspensionId,
)
from conference.rules.state import Meeting, Procedural, Settings, Suspension
from conference.rules.table import Table
from conference.web.templates import Templates
from conference.web.views import orders

NOON = 1_614_427_200_000
"""12:00 on the planned day."""
MINUTE = 60_000
UK = replace(PROFILES[Profile.UK_LABOUR], id=1)


@pytest.fixture(scope="module")
def launch() -> Meeting:
    return build(read(LAUNCH), mode=Mode.DEMONSTRATION)


@pytest.fixture
def meeting(launch) -> Meeting:
    """The launch conference with 160 delegates of whom 143 have been present, by the profile."""
    head = replace(launch.conference, register=160, attended=143)
    return replace(launch, conference=head, settings=UK)


def shown(meeting: Meeting) -> dict[str, str]:
    return {line.label: line.value for group in orders.groups(meeting) for line in group.lines}


def other(value: object) -> object:
    """A value of the same kind that is another one."""
    match value:
        case bool():
            return not value
        case StrEnum():
            return next(member for member in type(value) if member is not value)
        case _:
            return value + 1


SHOWN = [f.name for f in fields(Settings) if f.name not in {"id", "profile"}]


@pytest.mark.parametrize("name", SHOWN)
def test_every_setting_is_shown(meeting, name):
    changed = replace(UK, **{name: other(getattr(UK, name))})
    before, after = shown(meeting), shown(replace(meeting, settings=changed))
    assert before != after


def test_no_two_settings_have_the_same_words(meeting):
    for profile in Profile:
        ours = replace(meeting, settings=PROFILES[profile])
        labels = [line.label for group in orders.groups(ours) for line in group.lines]
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "25 % of the register, at least 20: today 40 of 160 delegates"),
        ({"quorum_percent": 0}, "20 delegates"),
        ({"quorum_percent": 0, "quorum": 1}, "1 delegate"),
        ({"quorum": 50}, "25 % of the register, at least 50: today 50 of 160 delegates"),
        (
            {"quorum_of": QuorumOf.ATTENDANCE},
            "25 % of those who have been present, at least 20: today 36 of 143 delegates",
        ),
    ],
)
def test_the_quorum_says_what_it_means_today(meeting, changes, words):
    ours = replace(meeting, settings=replace(UK, **changes))
    assert shown(ours)["Quorum"] == words


@pytest.mark.parametrize(
    ("profile", "label", "value"),
    [
        (Profile.UK_LABOUR, "“That the question be now put” needs", "more for than against"),
        (Profile.UK_LABOUR, "Before it, at least", "1 speech for and 1 against"),
        (Profile.UK_LABOUR, "The ruling is reversed", "if two thirds of the votes cast are against it"),
        (Profile.UK_LABOUR, "What has been seconded is withdrawn", "if nobody objects within 20 seconds"),
        (
            Profile.RONR,
            "“Close debate (previous question, as in Robert’s Rules)” needs",
            "two thirds of the votes cast",
        ),
        (Profile.RONR, "Before it, at least", "no speech"),
        (Profile.RONR, "The mover of a motion replies", "not at all"),
        (Profile.RONR, "A challenge needs", "2 delegates together"),
        (
            Profile.RONR,
            "The ruling is reversed",
            "if more vote against it than for it; on a tie it stands",
        ),
    ],
)  # fmt: skip
def test_both_books_are_put_in_words(meeting, profile, label, value):
    assert shown(replace(meeting, settings=PROFILES[profile]))[label] == value


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Each delegate has", "one vote"),
        ("What is shown of a vote", "only its totals, when it is declared"),
        ("While a vote is open everybody sees", "only how many have voted"),
        (
            "A motion after the deadline",
            "only an emergency motion, if conference votes to admit it",
        ),
        ("Names stand in the minutes", "only with the consent of those named"),
    ],
)
def test_what_has_one_value_is_shown_too(meeting, label, value):
    assert shown(meeting)[label] == value


def test_what_conference_decided_about_the_length_of_speeches_is_shown(meeting):
    capped = replace(meeting, conference=replace(meeting.conference, speech_cap=90))
    assert shown(capped)["By a decision of conference, at most"] == "90 seconds"
    assert "By a decision of conference, at most" not in shown(meeting)


# --- suspensions -------------------------------------------------------------------------------------


def suspended(meeting: Meeting, *rows: Suspension) -> Meeting:
    moved = Procedural(
        ProceduralId(1), Procedure.SUSPEND, PersonId("d1"), NOON, numbers=(8, 7), purpose="hash"
    )
    return replace(
        meeting,
        procedurals=Table([(moved.id, moved)]),
        suspensions=Table((row.id, row) for row in rows),
    )


def suspension(number: int, begins: int, ends: int, *numbers: int) -> Suspension:
    return Suspension(
        SuspensionId(number),
        ProceduralId(1),
        frozenset(numbers),
        NOON + begins * MINUTE,
        NOON + ends * MINUTE,
    )


def page_of(meeting: Meeting, now: int = NOON) -> orders.OrdersPage:
    site = SimpleNamespace(
        meeting=meeting, now=lambda: now, remark=lambda key: {"hash": "to hear a guest"}[key]
    )
    return orders.orders_page(site)


def words(page: orders.OrdersPage) -> str:
    frame = SimpleNamespace(
        title="Standing orders", conference_name="C", mode="real", view="", epoch="e", version=1,
        now_ms=NOON, person="", person_name="", nav=(), alive_seconds=6, live=False, polls=False,
        lang="en", person_mark="", others=(), vote=0, secure=True, path="/standing-orders",
    )  # fmt: skip
    html = Templates().render("pages/standing_orders.html", page, page=frame, regions={})
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_suspension_is_shown_while_it_lasts_with_its_purpose(meeting):
    page = page_of(suspended(meeting, suspension(1, 0, 10, 8, 7), suspension(2, -20, 0, 9)))
    assert page.suspended == (orders.Suspended("7, 8", NOON + 10 * MINUTE, "to hear a guest"),)
    until = {clause.number: clause.until for clause in page.clauses if clause.until}
    assert until == {7: NOON + 10 * MINUTE, 8: NOON + 10 * MINUTE}
    text = words(page)
    assert "Suspended until 12:10: no. 7, 8 For this purpose: to hear a guest" in text
    assert "7 . Times Suspended until 12:10." in text


@pytest.mark.parametrize(
    ("now", "until"), [(-1, None), (0, 5), (4, 5), (5, 10), (9, 10), (10, None)]
)
def test_it_begins_and_ends_to_the_minute(meeting, now, until):
    ours = suspended(meeting, suspension(1, 0, 5, 7), suspension(2, 5, 10, 7))
    clause = page_of(ours, NOON + now * MINUTE).clauses[6]
    assert clause.until == (None if until is None else NOON + until * MINUTE)


def test_the_longest_of_several_suspensions_counts(meeting):
    ours = suspended(meeting, suspension(1, 0, 9, 7), suspension(2, 0, 5, 7))
    assert page_of(ours).clauses[6].until == NOON + 9 * MINUTE


def test_the_page_says_which_book_it_follows_and_all_clauses(meeting):
    text = words(page_of(meeting))
    assert "as conferences of the British labour movement are run" in text
    assert "Suspended" not in text
    assert len(page_of(meeting).clauses) == 20
    robert = replace(meeting, settings=PROFILES[Profile.RONR])
    assert "as Robert’s Rules of Order have it" in words(page_of(robert))
