"""Every setting of the standing orders can be set, is limited, and has a value in both profiles."""

from dataclasses import fields, replace

import pytest

from conference.programme import ProgrammeError, build, parse
from conference.programme.profiles import FIXED, PROFILES
from conference.rules.kinds import (
    AmendmentOrder,
    ChairVote,
    Friendly,
    Guillotine,
    Majority,
    Mode,
    Profile,
    QuorumOf,
    ReplyWhen,
    WithdrawBy,
)
from conference.rules.state import Settings
from tests.house.sources import ROOT
from tests.programme.changed import line_with, with_settings

UK, RONR = PROFILES[Profile.UK_LABOUR], PROFILES[Profile.RONR]
SPEECH, YES_NO = "a whole number from 10 to 3,600", "true or false"
MAJORITY = '"simple", "two_thirds_cast", "two_thirds_present"'

# A key of the file with a value that at least one profile has not; the field with what it becomes; a value
# that is refused, and words of the sentence.
CASES = [
    ("quorum.number", "7", "quorum", 7, "0", "from 1 to 20,000"),
    ("quorum.percent", "33", "quorum_percent", 33, "101", "from 0 to 100"),
    (
        "quorum.of",
        '"attendance"',
        "quorum_of",
        QuorumOf.ATTENDANCE,
        '"all"',
        '"register", "attendance"',
    ),
    ("quorum.blocks", "true", "quorum_blocks", True, "1", YES_NO),
    ("speech.mover", "301", "speech_mover", 301, "9", SPEECH),
    ("speech.seconder", "301", "speech_seconder", 301, "3601", SPEECH),
    ("speech.amendment", "301", "speech_amendment", 301, "3.5", SPEECH),
    ("speech.other", "301", "speech_other", 301, "true", SPEECH),
    ("speech.reply", "301", "speech_reply", 301, '"3 minutes"', SPEECH),
    ("speech.reply_amendment", "301", "speech_reply_amendment", 301, "0", SPEECH),
    ("speech.procedural", "301", "speech_procedural", 301, "0", SPEECH),
    ("speech.point", "301", "speech_point", 301, "0", SPEECH),
    ("speech.extension", "301", "speech_extension", 301, "0", SPEECH),
    ("speech.grace", "60", "speech_grace", 60, "4", "from 5 to 600"),
    ("speech.once", "true", "speech_once", True, '"once"', YES_NO),
    ("seconder.formal", "false", "seconder_formal", False, "0", YES_NO),
    ("seconder.motions", "false", "seconder_motions", False, "0", YES_NO),
    ("seconder.amendments", "false", "seconder_amendments", False, "0", YES_NO),
    (
        "amend.order",
        '"text_position"',
        "amend_order",
        AmendmentOrder.TEXT_POSITION,
        '"printed"',
        '"cac_order", "text_position", "received"',
    ),
    ("amend.from_floor", "false", "amend_from_floor", False, '"no"', YES_NO),
    ("amend.second_level", "false", "amend_second_level", False, '"no"', YES_NO),
    (
        "amend.friendly",
        '"always_vote"',
        "amend_friendly",
        Friendly.ALWAYS_VOTE,
        '"never"',
        '"unanimous_leave", "mover_accepts", "always_vote"',
    ),
    (
        "reply.when",
        '"once_any_time"',
        "reply_when",
        ReplyWhen.ONCE_ANY_TIME,
        '"always"',
        '"end_of_debate", "first_amendment", "once_any_time", "never"',
    ),
    ("reply.on_amendments", "false", "reply_on_amendments", False, "0", YES_NO),
    (
        "closure.majority",
        '"two_thirds_present"',
        "closure_majority",
        Majority.TWO_THIRDS_PRESENT,
        '"most"',
        MAJORITY,
    ),
    ("closure.min_speeches", "4", "closure_min_speeches", 4, "21", "from 0 to 20"),
    ("closure.only_unspoken", "true", "closure_only_unspoken", True, "1", YES_NO),
    ("closure.may_interrupt", "true", "closure_may_interrupt", True, "1", YES_NO),
    ("procedural.cooldown", "0", "procedural_cooldown", 0, "-1", "from 0 to 7,200"),
    ("procedural.speeches", "5", "procedural_speeches", 5, "0", "from 1 to 100"),
    (
        "suspend.majority",
        '"simple"',
        "suspend_majority",
        Majority.SIMPLE,
        '"two_thirds"',
        MAJORITY,
    ),
    ("suspend.longest", "600", "suspend_longest", 600, "59", "from 60 to 28,800"),
    ("challenge.allowed", "false", "challenge_allowed", False, "0", YES_NO),
    ("challenge.supporters", "5", "challenge_supporters", 5, "0", "from 1 to 100"),
    (
        "challenge.majority",
        '"two_thirds_present"',
        "challenge_majority",
        Majority.TWO_THIRDS_PRESENT,
        '"tie"',
        MAJORITY,
    ),
    ("challenge.window", "60", "challenge_window", 60, "9", "from 10 to 3,600"),
    (
        "confidence.majority",
        '"simple"',
        "confidence_majority",
        Majority.SIMPLE,
        '"absolute"',
        MAJORITY,
    ),
    (
        "withdraw.by",
        '"mover"',
        "withdraw_by",
        WithdrawBy.MOVER,
        '"chair"',
        '"unanimous", "majority", "mover"',
    ),
    ("leave.window", "30", "leave_window", 30, "4", "from 5 to 300"),
    (
        "chair.vote",
        '"own_plus_casting"',
        "chair_vote",
        ChairVote.OWN_PLUS_CASTING,
        '"two"',
        '"none_tie_falls", "casting_only", "own_plus_casting"',
    ),
    ("chair.lost", "45", "chair_lost", 45, "9", "from 10 to 600"),
    ("chair.warning", "30", "chair_warning", 30, "4", "from 5 to 300"),
    ("lobby.time", "300", "lobby_time", 300, "59", "from 60 to 3,600"),
    ("remit.parts", "true", "remit_parts", True, "1", YES_NO),
    (
        "guillotine.effect",
        '"to_committee"',
        "guillotine_effect",
        Guillotine.TO_COMMITTEE,
        '"to_lunch"',
        '"to_vote", "to_committee"',
    ),
    ("timing.slack", "false", "timing_slack", False, "0", YES_NO),
    ("timing.breaks_protected", "false", "timing_breaks_protected", False, "0", YES_NO),
    ("timing.end_protected", "false", "timing_end_protected", False, '"yes"', YES_NO),
    ("vote.announcement", "20", "vote_announcement", 20, "0", "from 1 to 600"),
    ("vote.duration", "120", "vote_duration", 120, "4", "from 5 to 3,600"),
    ("vote.minimum", "60", "vote_minimum", 60, "0", "from 1 to 3,600"),
    ("vote.countdown", "15", "vote_countdown", 15, "121", "from 1 to 120"),
    ("vote.extension", "60", "vote_extension", 60, "4", "from 5 to 600"),
    ("vote.fewest", "7", "vote_fewest", 7, "0", "from 1 to 100"),
    ("vote.small_side", "true", "vote_small_side", True, "0", YES_NO),
    ("vote.confirm", "true", "vote_confirm", True, "1", YES_NO),
    ("vote.change", "false", "vote_change", False, "0", YES_NO),
]
IDS = [case[0] for case in CASES]


def built(*lines: str) -> Settings:
    return build(parse(with_settings(*lines), "set.toml"), mode=Mode.REAL).settings


def problem_of(*lines: str):
    with pytest.raises(ProgrammeError) as caught:
        parse(with_settings(*lines), "set.toml")
    (problem,) = caught.value.problems
    return problem


def test_every_setting_has_a_case():
    assert {case[2] for case in CASES} == {f.name for f in fields(Settings)} - {"id", "profile"}


@pytest.mark.parametrize("profile", [UK, RONR], ids=["uk_labour", "ronr"])
@pytest.mark.parametrize(("key", "written", "field", "value", "bad", "words"), CASES, ids=IDS)
def test_what_the_file_names_wins_and_changes_nothing_else(
    profile, key, written, field, value, bad, words
):
    book = f'profile = "{profile.profile}"'
    assert built(book, f"{key} = {written}") == replace(profile, **{field: value})
    assert {getattr(UK, field), getattr(RONR, field)} != {value}


@pytest.mark.parametrize(("key", "written", "field", "value", "bad", "words"), CASES, ids=IDS)
def test_a_value_that_cannot_be_is_named_with_its_key(key, written, field, value, bad, words):
    problem = problem_of(f"{key} = {bad}")
    assert problem.path == f"settings.{key}"
    assert words in problem.sentence
    assert problem.line == line_with(with_settings(f"{key} = {bad}"), f"{key} = ")


# --- the profiles ------------------------------------------------------------------------------------


def test_an_ordinary_conference_is_run_in_the_british_way():
    assert built() == UK == built('profile = "uk_labour"')
    assert (UK.quorum_percent, UK.quorum) == (25, 20)
    assert Settings(id=1, quorum_percent=25) == UK


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("profile", Profile.RONR),
        ("speech_mover", 600),
        ("speech_other", 600),
        ("speech_once", False),
        ("amend_second_level", True),
        ("reply_when", ReplyWhen.NEVER),
        ("closure_majority", Majority.TWO_THIRDS_CAST),
        ("challenge_supporters", 2),
        ("challenge_majority", Majority.SIMPLE),
        ("suspend_majority", Majority.TWO_THIRDS_CAST),
        ("amend_friendly", Friendly.UNANIMOUS_LEAVE),
        ("chair_vote", ChairVote.CASTING_ONLY),
    ],
)
def test_roberts_rules_differ_as_in_table_c(field, value):
    assert getattr(built('profile = "ronr"'), field) == value


def test_there_are_two_profiles_and_an_unknown_one_is_named():
    assert set(PROFILES) == set(Profile)
    assert all(profile == made.profile for profile, made in PROFILES.items())
    problem = problem_of('profile = "erskine_may"')
    assert (problem.path, '"uk_labour", "ronr"' in problem.sentence) == ("settings.profile", True)


# --- the quorum ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "number", "percent"),
    [
        (["quorum = 3"], 3, 0),
        (["quorum.number = 3"], 3, 25),
        (["quorum.number = 3", "quorum.percent = 0"], 3, 0),
        (["quorum.percent = 10"], 20, 10),
        (["[settings.quorum]", "number = 5", "percent = 10"], 5, 10),
    ],
)
def test_the_quorum_is_a_number_or_a_table(lines, number, percent):
    settings = built(*lines)
    assert (settings.quorum, settings.quorum_percent) == (number, percent)


@pytest.mark.parametrize(
    ("line", "path", "words"),
    [
        ("quorum = 0", "quorum", "a whole number from 1 to 20,000 or a table; found 0"),
        ('quorum = "3"', "quorum", "a whole number from 1 to 20,000 or a table; found the text"),
        ("quorum = true", "quorum", "or a table; found true"),
        ("quorum.share = 3", "quorum.share", "known are number, percent, of, blocks"),
        ("quorum = 161", "quorum", "at most 160, the delegates this file lists"),
        ("quorum.number = 161", "quorum.number", "at most 160, the delegates this file lists"),
    ],
)
def test_a_quorum_that_cannot_be(line, path, words):
    problem = problem_of(line)
    assert problem.path == f"settings.{path}"
    assert words in problem.sentence


# --- what must agree -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "path", "words"),
    [
        (["vote.duration = 44"], "vote.minimum", "at most vote.duration, which is 44 seconds"),
        (["vote.minimum = 91"], "vote.minimum", "at most vote.duration, which is 90 seconds"),
        (
            ["vote.duration = 60", "vote.countdown = 61"],
            "vote.countdown",
            "at most vote.duration, which is 60 seconds",
        ),
        (
            ['profile = "ronr"', "reply.on_amendments = true"],
            "reply.on_amendments",
            "leave this key out",
        ),
        (
            ['reply.when = "never"', "reply.on_amendments = true"],
            "reply.on_amendments",
            "nobody replies",
        ),
    ],
)
def test_settings_that_do_not_agree(lines, path, words):
    problem = problem_of(*lines)
    assert problem.path == f"settings.{path}"
    assert words in problem.sentence


def test_a_challenge_needs_no_more_delegates_than_there_are():
    text = with_settings("quorum = 3").replace("count = 160", "count = 3")
    with pytest.raises(
        ProgrammeError, match=r"settings\.challenge\.supporters: expected at most 3"
    ):
        parse(text, "set.toml")
    parse(text.replace("quorum = 3", "quorum = 3\nchallenge.allowed = false"), "set.toml")


@pytest.mark.parametrize("path", FIXED, ids=".".join)
def test_what_has_one_value_so_far_may_be_named_and_nothing_else(path):
    key, (value, why) = ".".join(path), FIXED[path]
    assert built(f'{key} = "{value}"') == UK
    problem = problem_of(f'{key} = "other"')
    assert problem.path == f"settings.{key}"
    assert problem.sentence == f'expected "{value}": {why}'
    assert "one word in quotation marks" in problem_of(f"{key} = 3").sentence


def test_card_votes_are_said_to_come_later():
    assert "card votes come with a later version" in problem_of('vote.weighting = "card"').sentence


def test_amendments_in_the_order_of_arrival_need_their_place_in_it():
    text = with_settings('amend.order = "received"')
    with pytest.raises(ProgrammeError) as caught:
        parse(text, "set.toml")
    paths = [problem.path for problem in caught.value.problems]
    assert paths[0] == "motions[3].amendments[0].received"
    assert len(paths) == 6
    for n in range(1, 7):
        text = text.replace(f'seconder = "Seconder {LABELS[n]}"\n', f"received = {n}\n")
    meeting = build(parse(text, "set.toml"), mode=Mode.REAL)
    assert [row.received for row in meeting.amendments.values()] == [1, 2, 3, 4, 5, 6]


LABELS = {1: "1.1", 2: "1.2", 3: "2.1", 4: "2.2", 5: "3.1", 6: "T1"}


# --- the page about the file ---------------------------------------------------------------------------


def rows_of_the_page() -> list[str]:
    page = (ROOT / "docs" / "conference-file.md").read_text("utf-8").partition("## Settings")[2]
    return [line for line in page.splitlines() if line.startswith("| `")]


def written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_page_about_the_file_has_every_setting_with_both_values():
    wanted = [
        f"| `{key}` | {written(getattr(UK, field))} | {written(getattr(RONR, field))} | "
        for key, _written, field, *_rest in CASES
    ]
    wanted += [f"| `{'.'.join(path)}` | {only} | {only} | " for path, (only, _) in FIXED.items()]
    found = rows_of_the_page()
    assert [row for row in wanted if not any(line.startswith(row) for line in found)] == []
    assert len(found) == len(wanted)
