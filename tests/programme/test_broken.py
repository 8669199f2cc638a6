"""Broken files: each is the launch file with one mistake, and names that mistake and no other."""

import pytest

from conference.programme import LAUNCH, ProgrammeError, parse, read
from tests.programme.changed import TEXT, line_with, swapped

# What is replaced, by what, the key path that must be named, a word of the sentence, and the words
# on whose line it must be found (None: where the replaced words began).
CASES = [
    # Single values.
    ("minutes = 30", "minutes = 30\ncolour = 1", "items[0].colour", "known are id", "colour"),
    ("minutes = 30", 'minutes = "30"', "items[0].minutes", "whole number from 1 to 600", None),
    ("minutes = 30", "minutes = 0", "items[0].minutes", "found 0", None),
    ("minutes = 30", "minutes = 601", "items[0].minutes", "1 to 600", None),
    ("minutes = 30", "minutes = true", "items[0].minutes", "found true", None),
    ("minutes = 30", "minutes = 30.0", "items[0].minutes", "found 30.0", None),
    ("minutes = 30", f"minutes = 0x{'f' * 5000}", "items[0].minutes", "larger number", None),
    ("minutes = 30", "minuts = 30", "items[0].minuts", "did you mean “minutes”?", None),
    ('kind = "doors"', 'kind = "lobby"', "items[0].kind", '"doors", "chair"', None),
    ('starts = "10:00"', "starts = 10:00:00", "items[1].starts", "quotation marks", None),
    ('starts = "10:00"', 'starts = "25:00"', "items[1].starts", "“25:00”", None),
    ('title = "Opening"', 'title = "  "', "items[1].title", "an empty text", None),
    ('title = "Opening"', f'title = "{"x" * 201}"', "items[1].title", "1 to 200", None),
    ('title = "Opening"', 'title = "a\\u0000b"', "items[1].title", "one line", None),
    ('text = "Five', f'text = "{"x" * 20_000}', "items[4].text", "20,000", None),
    ("number = 3\n", "number = -3\n", "items[3].number", "from 1", None),
    ("day = 2021-02-27", 'day = "2021-02-27"', "day", "without quotation marks", None),
    ("day = 2021-02-27", "day = 2021-02-27T10:00:00", "day", "without quotation marks", None),
    ("day = 2021-02-27", "day = 0021-02-27", "day", "between the years", None),
    ('"Europe/London"', '"Europe/Londom"', "zone", "no time zone", None),
    ('"Europe/London"', '"Europe"', "zone", "no time zone", None),
    ('"Europe/London"', '"../etc/passwd"', "zone", "a time zone", None),
    ("https://ballot", "javascript:ballot", "elections[0].link", "https://", None),
    ("https://ballot.example/s", "https:// s", "elections[0].link", "https://", None),
    ("places = 7", "places = 0", "elections[0].places", "from 1", None),
    ('roles = ["chair"]', 'roles = ["chairman"]', "people[1].roles[0]", '"vice_chair"', None),
    ('roles = ["chair"]', "roles = []", "people[1].roles", "a list of 1", None),
    ('roles = ["chair"]', 'roles = "chair"', "people[1].roles", "a list", None),
    ("count = 160", "count = 20_001", "people[0].count", "20,000", None),
    ('rule = "two_thirds"', 'rule = "most"', "motions[8].rule", '"two_thirds"', None),
    ("retention_days = 14", "retention_days = 0", "organiser.retention_days", "1 to 365", None),
    ("challenge_days = 14", "challenge_days = 0", "organiser.challenge_days", "1 to 365", None),
    ("challenge_days = 14", "challenge_days = 15", "organiser.challenge_days", "retention", None),
    ("quorum = 3", "quorum = 0", "settings.quorum", "from 1", None),
    ("vote.duration = 90", "vote.duration = 4", "settings.vote.duration", "from 5", None),
    ("vote.duration = 90", "vote.durations = 90", "settings.vote.durations", "“duration”?", None),
    ('name = "Labour', 'mode = "real"\nname = "Labour', "mode", "no part of a file", None),
    ('    """A one-day', '    3,\n    """A one-day', "about[0]", "a text", None),
    ("woman = true", 'woman = "yes"', "elections[0].candidates[0].woman", "true or false", None),
    # A key that is missing is found at the head of its table.
    ("minutes = 30\n", "", "items[0].minutes", "missing", "[[items]]"),
    ('title = "Doors"\n', "", "items[0].title", "missing", "[[items]]"),
    ('speaker = "Tosh McDonald"\n', "", "items[3].slots[0].speaker", "missing", "[[items.slots]]"),
    # Values that do not fit together.
    ("number = 15", "number = 14", "items[19].number", "items[18].number", None),
    ("number = 1\n", "", "items[1].number", "missing", "[[items]]\nid = 1\n"),
    ("id = 101\n", "id = 101\nnumber = 16\n", "items[0].number", "have no number", "number = 16"),
    ('starts = "11:00"', 'starts = "10:59"', "items[5].starts", "“Stretch pause”", None),
    ('starts = "10:55"', 'starts = "10:15"', "items[4].starts", "has ended", None),
    ("minutes = 50", "minutes = 51", "items[6].starts", "has ended", 'starts = "11:50"'),
    (
        'minutes = 5\ntext = "The chair',
        'minutes = 6\ntext = "The chair',
        "items[19].starts",
        "one session",
        'starts = "16:25"',
    ),
    ('starts = "09:30"\nminutes', 'starts = "09:29"\nminutes', "items[0].starts", "session", None),
    ('starts = "13:40"\nends', 'starts = "13:39"\nends', "sessions[1].starts", "13:40", None),
    ("minutes = 8", "minutes = 15", "items[3].slots", "31 minutes", "[[items.slots]]"),
    ("id = 2\nspeaker", "id = 1\nspeaker", "items[3].slots[1].id", "slots[0].id", None),
    ("item = 4", "item = 44", "motions[3].item", "no item with the id 44", None),
    ("item = 4", "item = 102", "motions[3].item", "a break", None),
    ('label = "Motion 2"', 'label = "motion 1"', "motions[4].label", "motions[3].label", None),
    ('label = "1.2"', 'label = "1.1"', "motions[3].amendments[1].label", "already", None),
    (
        'id = 6\nlabel = "T1"',
        'id = 1\nlabel = "T1"',
        "motions[8].amendments[0].id",
        "already",
        None,
    ),
    (
        'base = "cast"',
        'base = "register"\nrequires = 99',
        "motions[8].requires",
        "no motion",
        "requires = 99",
    ),
    (
        'rule = "two_thirds"\n',
        'rule = "absolute"\n',
        "motions[8].base",
        '"register"',
        'base = "cast"',
    ),
    ('rule = "two_thirds"\n', 'rule = "uphold"\n', "motions[8].rule", "rulings", None),
    ("requires = 9\n", "requires = 5\n", "motions[7].requires", "not taken before", None),
    ("requires = 9\n", "requires = 10\n", "motions[7].requires", "not taken before", None),
    ('label = "V1"', 'label = "V1"\nmover = "M"', "motions[0].mover", "the chair", 'mover = "M"'),
    ("item = 10\n", "item = 1\n", "elections[0].item", '"election"', None),
    ("closing_item = 12", "closing_item = 9", "elections[0].closing_item", "earlier", None),
    ("result_item = 13", "result_item = 11", "elections[0].result_item", "earlier", None),
    ("result_item = 13", "result_item = 99", "elections[0].result_item", "no item", None),
    ('closes = "15:50"', 'closes = "15:15"', "elections[0].closes", "after 15:15", None),
    (
        '{ id = 2, name = "Candidate B"',
        '{ id = 2, name = "candidate a"',
        "elections[0].candidates[1].name",
        "already",
        None,
    ),
    ("vote.minimum = 5", "vote.minimum = 91", "settings.vote.minimum", "vote.duration", None),
    ("vote.countdown = 3", "vote.countdown = 91", "settings.vote.countdown", "vote.duration", None),
    ("quorum = 3", "quorum = 161", "settings.quorum", "at most 160", None),
    ('"Delegate {n:03}"', '"Delegate"', "people[0].name", "several people", None),
    ('"Delegate {n:03}"', '"Delegate {n.__class__}"', "people[0].name", "braces", None),
    ('"Delegate {n:03}"', '"{n} Delegate {n}"', "people[0].name", "at most one", None),
    ('"Chair (afternoon)"', '"chair (morning)"', "people[2].name", "people[1]", None),
    ('["secretary", "teller"]', '["teller", "teller"]', "people[5].roles", "once", None),
    ("number = 20\n", "number = 19\n", "standing_orders[19].number", "already", None),
]


@pytest.mark.parametrize(("old", "new", "path", "word", "where"), CASES)
def test_one_mistake_is_named_with_its_place_and_nothing_else(old, new, path, word, where):
    text = swapped((old, new))
    with pytest.raises(ProgrammeError) as caught:
        parse(text, "broken.toml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.path) == ("broken.toml", path)
    assert word in problem.sentence
    assert problem.line == (line_with(text, where) if where else line_with(TEXT, old))
    assert str(problem).startswith(f"broken.toml, line {problem.line}: {path}: ")


def problems_of(text):
    with pytest.raises(ProgrammeError) as caught:
        parse(text, "broken.toml")
    return caught.value.problems


def paths_of(text):
    return [problem.path for problem in problems_of(text)]


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file():
    text = swapped(
        ("quorum = 3", "quorum = -1"),
        ('title = "Opening"', "title = 7"),
        ('kind = "debate"', 'kind = "quarrel"'),
        ("places = 7\n", ""),
    )
    assert paths_of(text) == [
        "settings.quorum",
        "items[1].title",
        "items[5].kind",
        "elections[0].places",
    ]


def test_all_values_that_do_not_fit_together_are_named_at_once():
    text = swapped(
        ('"Europe/London"', '"Europe/Atlantis"'),
        ("vote.minimum = 5", "vote.minimum = 91"),
        ("item = 4", "item = 44"),
        ("requires = 9\n", "requires = 99\n"),
    )
    assert paths_of(text) == [
        "zone",
        "settings.vote.minimum",
        "motions[3].item",
        "motions[7].requires",
    ]


def test_an_id_used_twice_is_named_once_beside_what_it_breaks():
    text = swapped(("id = 2\nnumber = 2", "id = 1\nnumber = 2"))
    assert paths_of(text) == [
        "items[2].id",
        "motions[0].item",
        "motions[1].item",
        "motions[2].item",
    ]


def test_an_item_past_midnight():
    text = swapped(('starts = "16:25"', 'starts = "23:58"'), ('ends = "16:30"', 'ends = "23:59"'))
    (problem,) = problems_of(text)
    assert (problem.path, "midnight" in problem.sentence) == ("items[19].minutes", True)


def test_a_time_that_the_clocks_leave_out():
    text = swapped(
        ("day = 2021-02-27", "day = 2021-03-28"),
        ('starts = "09:30"\nends', 'starts = "01:30"\nends'),
    )
    (problem,) = problems_of(text)
    assert (problem.path, "leave out 01:30" in problem.sentence) == ("sessions[0].starts", True)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("day = 2021-02-27", "day = 2021-02-30", "day = "),
        ("quorum = 3", "quorum = ", "quorum = "),
        ("quorum = 3", "quorum = 3\nquorum = 4", "quorum = 4"),
        ("speech.mover = 300", "speech = 300", "speech.seconder"),
        ("quorum = 3", "quorum = 3\nquorum.percent = 4", "quorum.percent"),
        ('title = "Doors"', 'title = "Doors', 'title = "Doors'),
    ],
)
def test_a_mistake_of_writing_is_found_on_its_line(old, new, at):
    text = swapped((old, new))
    (problem,) = problems_of(text)
    assert (problem.path, problem.line) == ("", line_with(text, at))
    assert "not valid TOML" in problem.sentence
    assert "line" not in problem.sentence


def test_a_text_that_never_ends_is_found_at_the_end():
    text = 'name = """\nabc\n'
    (problem,) = problems_of(text)
    assert problem.line == 2


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path):
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read(path).file == read(LAUNCH).file


def test_a_file_that_is_no_text_names_the_line(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'name = "x"\nzone = "\xe9"\n')
    with pytest.raises(ProgrammeError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.sentence) == (2, "expected a text in UTF-8")


@pytest.mark.parametrize("name", ["missing.toml", ".", "nul\0l"])
def test_a_file_that_cannot_be_read_is_said_in_one_sentence(tmp_path, name):
    with pytest.raises(ProgrammeError) as caught:
        read(tmp_path / name)
    (problem,) = caught.value.problems
    assert problem.sentence.startswith("the file cannot be read: ")
    assert problem.line is None


def test_a_file_of_any_size_is_not_read(tmp_path):
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * 5_000_001)
    with pytest.raises(ProgrammeError, match="5 megabytes"):
        read(path)


def test_what_stands_too_deep_is_refused():
    (problem,) = problems_of("a = " + "[" * 100_000)
    assert "too deeply" in problem.sentence


def test_an_empty_file_names_what_is_missing():
    assert set(paths_of("")) == {"name", "day", "zone", "about", "organiser", "items"}
