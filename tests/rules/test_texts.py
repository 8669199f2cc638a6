"""What an amendment makes of a text, in which order amendments stand, and what people are shown."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import pairwise, permutations
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.rules import question, texts
from conference.rules.kinds import Action, AmendmentId, MotionId, TextId
from conference.rules.refused import Code
from conference.rules.state import Amendment, TextVersion
from conference.rules.texts import Mark
from conference.rules.tracked import tokens, word_count
from tests.house.sources import ROOT

ADD, DELETE, REPLACE, ALL = Action.ADD, Action.DELETE, Action.REPLACE, Action.REPLACE_ALL
LAUNCH = ROOT / "conference/data/launch.toml"
THREE = "One one, two one.\n\nOne two (two two); three two.\n\nOne three.\nSecond line."


def version(text: str, origins: tuple[int, ...] | None = None) -> TextVersion:
    numbers = origins or tuple(range(1, len(question.paragraphs(text)) + 1))
    return TextVersion(TextId(0), MotionId(1), 1, text, numbers, 0)


def amendment(
    action: Action, paragraph: int = 0, words: str = "", text: str = "", number: int = 1
) -> Amendment:
    return Amendment(
        AmendmentId(number), MotionId(1), number, f"1.{number}", "", text,
        action=action, paragraph=paragraph, words=words,
    )  # fmt: skip


def applied(text: str, *amendments: Amendment) -> tuple[str, tuple[int, ...]]:
    """The text after these, one after the other; each must have its place."""
    now = version(text)
    for row in amendments:
        made = texts.apply(now, row)
        assert isinstance(made, tuple), row
        now = replace(now, text=made[0], origins=made[1], number=now.number + 1)
        assert len(question.paragraphs(now.text)) == len(now.origins)
    return now.text, now.origins


def printed() -> dict[int, str]:
    """The motions of the launch conference, their lines joined as the loader does."""
    file = tomllib.loads(LAUNCH.read_text(encoding="utf-8"))
    return {
        row["id"]: "\n\n".join(" ".join(p.split()) for p in row["text"].strip().split("\n\n"))
        for row in file["motions"]
    }


def brought() -> dict[str, str]:
    """What the amendments of the launch conference bring in."""
    file = tomllib.loads(LAUNCH.read_text(encoding="utf-8"))
    rows = [row for motion in file["motions"] for row in motion.get("amendments", [])]
    return {row["label"]: " ".join(row["text"].split()) for row in rows}


MOTIONS, TEXTS = printed(), brought()
DEMONSTRATION = {
    "1.1": (1, amendment(ADD, 1, "at every level", TEXTS["1.1"])),
    "1.2": (
        1,
        amendment(REPLACE, 2, "that may also start a leadership contest", TEXTS["1.2"], number=2),
    ),
    "2.1": (2, amendment(ADD, 2, "", TEXTS["2.1"], number=3)),
    "2.2": (2, amendment(ADD, 2, "", TEXTS["2.2"], number=4)),
    "3.1": (3, amendment(ADD, 2, "within three months", TEXTS["3.1"], number=5)),
    "T1": (4, amendment(ADD, 2, "", TEXTS["T1"], number=6)),
}


# --- the demonstration ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "stands", "origins"),
    [
        (
            "1.1",
            (
                "representatives at every level; elected representatives and full-time officials should"
                " live on an income in line with that of the people they represent.\n\nIt wants"
            ),
            (1, 2, 3),
        ),
        (
            "1.2",
            (
                "a sovereign party conference which also reviews the post of party leader, its powers"
                " and its accountability.\n\nAt the next"
            ),
            (1, 2, 3),
        ),
        ("2.1", "open debate instead.\n\nA code of comradely debate, drawn up by", (1, 2, 0)),
        ("2.2", "open debate instead.\n\nThe steering committee reports to", (1, 2, 0)),
        (
            "3.1",
            (
                "not decided within three months from the date on which the member was told of the"
                " charge."
            ),
            (1, 2),
        ),
        (
            "T1",
            (
                "adopted by this conference.\n\nMembership is open to everybody who supports the aims"
                " and pays the fee, members of the Labour Party included.\n\n3. A steering committee"
            ),
            (1, 2, 0, 3, 4, 5, 6),
        ),
    ],
)
def test_an_amendment_of_the_demonstration(label, stands, origins):
    motion, row = DEMONSTRATION[label]
    text, numbers = applied(MOTIONS[motion], row)
    assert stands in text
    assert numbers == origins
    assert text.replace(row.text, "").count("  ") <= 1  # nothing else was disturbed


def test_both_amendments_to_motion_1_in_either_order():
    first, second = DEMONSTRATION["1.1"][1], DEMONSTRATION["1.2"][1]
    text, origins = applied(MOTIONS[1], first, second)
    assert applied(MOTIONS[1], second, first) == (text, origins)
    assert first.text in text
    assert second.text in text
    assert "leadership contest" not in text


def test_two_at_the_end_stand_in_the_order_in_which_they_were_carried():
    first, second = DEMONSTRATION["2.1"][1], DEMONSTRATION["2.2"][1]
    text, origins = applied(MOTIONS[2], first, second)
    assert origins == (1, 2, 0, 0)
    assert question.paragraphs(text)[2:] == [first.text, second.text]
    assert question.paragraphs(applied(MOTIONS[2], second, first)[0])[2:] == [
        second.text,
        first.text,
    ]


# --- each action ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "row", "after"),
    [
        # Adding words: a space, unless a sign begins them; a sign at the seam stands once.
        ("A b c.", amendment(ADD, 1, "b", "x"), "A b x c."),
        ("A b c.", amendment(ADD, 1, "c", "; x"), "A b c; x."),
        ("A b c.", amendment(ADD, 1, "c", "; x."), "A b c; x."),
        ("A b, c.", amendment(ADD, 1, "b,", ", x,"), "A b, x, c."),
        ("A b c", amendment(ADD, 1, "c", "x"), "A b c x"),
        ("A (b) c", amendment(ADD, 1, "b", ", x"), "A (b, x) c"),
        ("A b\nc d.", amendment(ADD, 1, "b", "x"), "A b x\nc d."),
        ("A b c.", amendment(ADD, 1, "A b c.", "X y."), "A b c. X y."),
        # Deleting words: no hole is left.
        ("A b c.", amendment(DELETE, 1, "b"), "A c."),
        ("A b c.", amendment(DELETE, 1, "c"), "A b."),
        ("A b c.", amendment(DELETE, 1, "A"), "b c."),
        ("A, b, c.", amendment(DELETE, 1, "b"), "A, c."),
        ("A b, c.", amendment(DELETE, 1, "c"), "A b."),
        ("A b: c?", amendment(DELETE, 1, "c"), "A b?"),
        ("A; b. C.", amendment(DELETE, 1, "b"), "A. C."),
        ("A. B b. C.", amendment(DELETE, 1, "B b"), "A. C."),
        ("A. B b. C.", amendment(DELETE, 1, "B b."), "A. C."),
        ("A. However, b.", amendment(DELETE, 1, "However"), "A. b."),
        ("However, a.", amendment(DELETE, 1, "However"), "a."),
        ("A (b) c.", amendment(DELETE, 1, "b"), "A c."),
        ("A (b, c) d.", amendment(DELETE, 1, "c"), "A (b) d."),
        ("A (b c) d.", amendment(DELETE, 1, "b"), "A (c) d."),
        ("A “b” c.", amendment(DELETE, 1, "b"), "A c."),
        ("A – b – c.", amendment(DELETE, 1, "b"), "A – c."),
        ("A—b—c.", amendment(DELETE, 1, "b"), "A—c."),
        ("A b\nc d\ne f", amendment(DELETE, 1, "c d"), "A b\ne f"),
        # Replacing words.
        ("A b c.", amendment(REPLACE, 1, "b", "x y"), "A x y c."),
        ("A b c.", amendment(REPLACE, 1, "c", "x."), "A b x."),
        ("A b c.", amendment(REPLACE, 1, "b c", ", x"), "A, x."),
        ("A b. C d.", amendment(REPLACE, 1, "b.", "x."), "A x. C d."),
        ("A b c.", amendment(REPLACE, 1, "b", ""), "A c."),
        ("A b c.", amendment(REPLACE, 1, "A b c.", "X."), "X."),
        # The first place counts, whole words only, however they are spaced or quoted.
        ("A b c b.", amendment(DELETE, 1, "b"), "A c b."),
        ("Ab b.", amendment(REPLACE, 1, "b", "x"), "Ab x."),
        ("A b\n  c d.", amendment(REPLACE, 1, " b c\n", "x"), "A x d."),
        ("A the party’s “b” c.", amendment(REPLACE, 1, 'party\'s "b"', "x"), "A the x c."),
        ("A b (c) [d].", amendment(REPLACE, 1, "(c) [d]", "x"), "A b x."),
    ],
)
def test_words_of_a_paragraph(before, row, after):
    assert applied(before, row) == (after, (1,))


@pytest.mark.parametrize(
    ("row", "after", "origins"),
    [
        (amendment(ADD, 0, "", "X."), ["X.", "1", "2", "3"], (0, 1, 2, 3)),
        (amendment(ADD, 2, "", "X."), ["1", "2", "X.", "3"], (1, 2, 0, 3)),
        (amendment(ADD, 3, "", "X.\n\nY.\nZ."), ["1", "2", "3", "X.", "Y.\nZ."], (1, 2, 3, 0, 0)),
        (amendment(DELETE, 1), ["2", "3"], (2, 3)),
        (amendment(DELETE, 1, "One one, two one."), ["2", "3"], (2, 3)),
        (amendment(DELETE, 1, "One one, two one"), ["2", "3"], (2, 3)),
        (amendment(REPLACE, 2, "", "X."), ["1", "X.", "3"], (1, 2, 3)),
        (amendment(REPLACE, 2, "", "X.\n\nY."), ["1", "X.", "Y.", "3"], (1, 2, 0, 3)),
        (amendment(REPLACE, 2, "", ""), ["1", "3"], (1, 3)),
        (amendment(ALL, 0, "", "X.\n\nY."), ["X.", "Y."], (0, 0)),
        (amendment(REPLACE, 0, "", "X.\n\nY."), ["X.", "Y."], (0, 0)),
        (amendment(ADD, 0, "three two", "X"), ["1", "One two (two two); three two X.", "3"], None),
        (amendment(ADD, 3, "One three.", "X."), ["1", "2", "One three. X.\nSecond line."], None),
        (
            amendment(ADD, 3, "One three.", "X.\n\nY."),
            ["1", "2", "One three. X.", "Y.\nSecond line."],
            (1, 2, 3, 0),
        ),
    ],
)
def test_paragraphs(row, after, origins):
    whole = dict(zip("123", question.paragraphs(THREE), strict=True))
    text = "\n\n".join(whole.get(part, part) for part in after)
    assert applied(THREE, row) == (text, origins or (1, 2, 3))


@pytest.mark.parametrize(
    "row",
    [
        amendment(ADD, 4, "", "X."),
        amendment(ADD, -1, "", "X."),
        amendment(DELETE, 4),
        amendment(REPLACE, 4, "", "X."),
        amendment(DELETE, 0),
        amendment(ALL),
        amendment(DELETE, 1, "two two"),
        amendment(REPLACE, 1, "One two", "X"),
        amendment(ADD, 1, "One on", "X"),
        amendment(DELETE, 0, "two one. One two"),  # words do not reach over a paragraph's end
        amendment(ADD, 5, "One one", "X"),
        amendment(DELETE, 1, "one One"),
    ],
)
def test_a_place_that_is_not_there(row):
    assert texts.apply(version(THREE), row) is Code.PLACE_GONE
    assert not texts.fits(version(THREE), row)


def test_nothing_may_be_left_without_a_text():
    assert texts.apply(version("Only one."), amendment(DELETE, 1)) is Code.PLACE_GONE
    assert texts.apply(version("Only one."), amendment(DELETE, 1, "Only one")) is Code.PLACE_GONE


def test_the_text_of_an_amendment_that_was_itself_amended_comes_in():
    row = replace(amendment(ADD, 1, "b", "x"), as_amended="y")
    assert applied("A b c.", row) == ("A b y c.", (1,))


# --- one after the other --------------------------------------------------------------------------


def test_a_deleted_paragraph_shifts_nothing():
    deleted = amendment(DELETE, 1)
    later = amendment(REPLACE, 3, "One three", "X", number=2)
    text, origins = applied(THREE, deleted, later)
    assert origins == (2, 3)
    assert question.paragraphs(text)[1] == "X.\nSecond line."
    assert applied(THREE, later, deleted) == (text, origins)


def test_an_inserted_paragraph_shifts_nothing():
    inserted = amendment(ADD, 0, "", "One one, two one.\n\nAnother.")
    later = amendment(DELETE, 1, "two one", number=2)
    text, origins = applied(THREE, inserted, later)
    assert origins == (0, 0, 1, 2, 3)
    assert question.paragraphs(text)[:3] == ["One one, two one.", "Another.", "One one."]


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_amendments_to_different_places_may_come_in_any_order(order):
    rows = [
        amendment(ADD, 0, "", "New first.", 1),
        amendment(DELETE, 1, "two one", "", 2),
        amendment(REPLACE, 2, "two two", "x", 3),
        amendment(ADD, 2, "", "New third.", 4),
        amendment(DELETE, 3, "", "", 5),
    ]
    expected = "New first.\n\nOne one.\n\nOne two (x); three two.\n\nNew third."
    assert applied(THREE, *(rows[place] for place in order)) == (expected, (0, 1, 2, 0))


@pytest.mark.parametrize(
    ("carried", "gone"),
    [
        (amendment(DELETE, 2), amendment(DELETE, 2)),
        (amendment(DELETE, 2), amendment(ADD, 2, "", "X.")),
        (amendment(DELETE, 2), amendment(ADD, 2, "two two", "X.")),
        (amendment(DELETE, 2, "two two"), amendment(REPLACE, 2, "two two", "x")),
        (amendment(REPLACE, 2, "two two", "x"), amendment(ADD, 2, "two two", "y")),
        (amendment(REPLACE, 2, "", "X."), amendment(ADD, 2, "three two", "y")),
        (amendment(ALL, 0, "", THREE), amendment(ADD, 1, "One one", "y")),
        (amendment(ALL, 0, "", THREE), amendment(ADD, 0, "", "y")),
    ],
)
def test_a_place_that_an_amendment_took_away(carried, gone):
    assert texts.fits(version(THREE), gone)
    text, origins = applied(THREE, carried)
    assert texts.apply(version(text, origins), gone) is Code.PLACE_GONE


@pytest.mark.parametrize(
    ("carried", "later", "after"),
    [
        # What is added after a paragraph stays behind it, whatever it has become.
        (amendment(REPLACE, 1, "", "X.\n\nY."), amendment(ADD, 1, "", "Z."), ["X.", "Y.", "Z."]),
        (amendment(REPLACE, 1, "", "X y."), amendment(DELETE, 1, "y"), ["X."]),
        (amendment(ADD, 1, "two one", "x"), amendment(ADD, 1, "two one x", "y"), None),
        (amendment(ADD, 1, "two one", "x"), amendment(ADD, 1, "two one", "y"), None),
        (amendment(ALL, 0, "", "X."), amendment(ALL, 0, "", "Y."), ["Y."]),
    ],
)
def test_a_place_that_is_still_there(carried, later, after):
    text, _ = applied(THREE, carried, later)
    if after:
        assert question.paragraphs(text)[: len(after)] == after
    else:
        assert text.count("x") == text.count("y.") + text.count("y x")


@given(
    st.lists(
        st.builds(
            amendment,
            st.sampled_from(Action),
            st.integers(-1, 5),
            st.sampled_from(
                ["", "one", "One", "two two", "(two", "three", "Second line", ";", " "]
            ),
            st.sampled_from(["", "x", ", x", "X.\n\nY.", "\nx\n", ". ", "one", ")"]),
        ),
        max_size=8,
    )
)
def test_text_and_origins_always_fit_together(rows):
    now = version(THREE)
    for row in rows:
        made = texts.apply(now, row)
        assert texts.fits(now, row) == isinstance(made, tuple)
        if isinstance(made, tuple):
            text, origins = made
            assert "\n\n".join(question.paragraphs(text)) == text != ""
            assert len(question.paragraphs(text)) == len(origins)
            kept = [number for number in origins if number]
            assert kept == sorted(set(kept))
            now = replace(now, text=text, origins=origins)


# --- amendments to amendments ---------------------------------------------------------------------


def test_an_amendment_to_an_amendment():
    parent = DEMONSTRATION["1.1"][1]
    child = amendment(REPLACE, 1, "full-time officials", "all officials")
    changed = texts.apply_to_amendment(parent, child)
    assert changed == parent.text.replace("full-time officials", "all officials")
    text, _ = applied(MOTIONS[1], replace(parent, as_amended=changed))
    assert "elected representatives and all officials should live" in text


def test_a_second_amendment_to_an_amendment_finds_its_printed_paragraph():
    parent = amendment(ADD, 1, "", "First.\n\nSecond here.")
    inserted = texts.apply_to_amendment(parent, amendment(ADD, 0, "", "Before all."))
    assert inserted == "Before all.\n\nFirst.\n\nSecond here."
    parent = replace(parent, as_amended=inserted)
    child = amendment(DELETE, 2, "here")
    assert texts.apply_to_amendment(parent, child) == "Before all.\n\nFirst.\n\nSecond."


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        (amendment(ADD, 1, "", "First."), amendment(DELETE, 1, "Second")),
        (amendment(ADD, 1, "", "First."), amendment(ADD, 2, "", "X")),
        (amendment(DELETE, 1), amendment(ADD, 0, "", "X")),
        (amendment(DELETE, 1), amendment(DELETE, 1, "One")),
    ],
)
def test_an_amendment_to_an_amendment_whose_place_is_not_there(parent, child):
    assert texts.apply_to_amendment(parent, child) is Code.PLACE_GONE


# --- the order of the text ------------------------------------------------------------------------

IN_ORDER = [
    amendment(ALL, 0, "", "X."),
    amendment(ADD, 0, "", "X."),
    amendment(DELETE, 1),
    amendment(REPLACE, 1, "one", "x"),
    amendment(ADD, 1, "one", "x"),
    amendment(DELETE, 1, "two one"),
    amendment(ADD, 1, "", "X."),
    amendment(DELETE, 0, "(two two)"),
    amendment(ADD, 2, "three two.", "X."),
    amendment(ADD, 3, "", "X."),
]


@pytest.mark.parametrize("n", range(len(IN_ORDER) - 1))
def test_the_order_of_the_text(n):
    one, next_one = IN_ORDER[n : n + 2]
    assert texts.place(one, THREE) < texts.place(next_one, THREE)


def test_place_is_paragraph_and_offset():
    assert texts.place(amendment(ALL, 0, "", "X."), THREE) == (0, 0)
    assert texts.place(amendment(DELETE, 2, "two\ntwo"), THREE) == (2, 9)
    assert texts.place(amendment(ADD, 2, "two two", "x"), THREE) == (2, 16)
    assert texts.place(amendment(DELETE, 2, "not there"), THREE) == (2, 0)


@pytest.mark.parametrize(
    ("one", "than", "earlier"),
    [
        (amendment(DELETE, 1), amendment(DELETE, 2), True),
        (amendment(DELETE, 2), amendment(DELETE, 1), False),
        (amendment(DELETE, 1), amendment(ADD, 1, "", "X."), True),
        (amendment(ADD, 1, "", "X."), amendment(DELETE, 2), True),
        (amendment(ADD, 1, "", "X."), amendment(ADD, 1, "", "Y."), False),
        (amendment(DELETE, 1, "One one"), amendment(DELETE, 1, "two one"), True),
        (amendment(ADD, 1, "One one", "x"), amendment(ADD, 1, "One one", "y"), False),
        # What contains a part that was put, or overlaps with it, is not earlier.
        (amendment(DELETE, 1), amendment(DELETE, 1, "two one"), False),
        (amendment(DELETE, 2, "One two (two"), amendment(DELETE, 2, "two two"), False),
        (amendment(DELETE, 2, "two two"), amendment(DELETE, 2, "One two (two"), False),
        # What replaces everything is neither earlier nor later.
        (amendment(ALL, 0, "", "X."), amendment(DELETE, 2), False),
        (amendment(DELETE, 1), amendment(ALL, 0, "", "X."), False),
        (amendment(REPLACE, 0, "", "X."), amendment(DELETE, 2), False),
    ],
)
def test_is_earlier(one, than, earlier):
    assert texts.is_earlier(one, than, THREE) is earlier


@given(st.sampled_from(IN_ORDER), st.sampled_from(IN_ORDER))
def test_of_two_at_most_one_is_earlier(one, other):
    assert not (texts.is_earlier(one, other, THREE) and texts.is_earlier(other, one, THREE))


# --- tracked changes ------------------------------------------------------------------------------


def sides(found) -> tuple[str, str]:
    """The text before and the text after, put together again from the changes."""

    def joined(paragraphs, gone):
        return "\n\n".join(
            "".join(s.text for s in paragraph.segments if s.kind is not gone)
            for paragraph in paragraphs
        )

    before = [p for p in found if p.before is not None]
    after = [p for p in found if p.after is not None]
    assert [p.before for p in before] == list(range(len(before)))
    assert [p.after for p in after] == list(range(len(after)))
    return joined(before, Mark.INS), joined(after, Mark.DEL)


def shown(before: str, after: str) -> list[str]:
    """Each paragraph with what went in [-…-] and what came in {+…+}."""
    signs = {Mark.SAME: "%s", Mark.DEL: "[-%s-]", Mark.INS: "{+%s+}"}
    return [
        "".join(signs[s.kind] % s.text for s in paragraph.segments)
        for paragraph in texts.changes(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("A b c.", "A b c.", ["A b c."]),
        ("A b c.", "A b c; x y.", ["A b c{+; x y+}."]),
        ("A b c.", "A b x c.", ["A b{+ x+} c."]),
        ("B c.", "A b c.", ["[-B-]{+A b+} c."]),
        ("Conference asks.", "This Conference asks.", ["{+This +}Conference asks."]),
        ("A b c.", "A x c.", ["A[- b-]{+ x+} c."]),
        ("A b c d.", "A d.", ["A[- b c-] d."]),
        # Fewer than three equal words inside a change belong to it; three do not.
        (
            "A one two three four B.",
            "A uno two three quattro B.",
            ["A[- one two three four-]{+ uno two three quattro+} B."],
        ),
        (
            "A one two three four five B.",
            "A uno two three four cinque B.",
            ["A[- one-]{+ uno+} two three four[- five-]{+ cinque+} B."],
        ),
        ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", ["One.", "{+New.+}", "Two."]),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", ["One.", "[-Two.-]", "Three."]),
        ("One.", "Wholly other.", ["[-One.-]", "{+Wholly other.+}"]),
        (
            "One.\n\nA b c d e.\n\nF g h i.",
            "A b c x d e.\n\nNew.\n\nF g h i j.",
            ["[-One.-]", "A b c{+ x+} d e.", "{+New.+}", "F g h i{+ j+}."],
        ),
        ("A b\nc d.", "A b\nx\nc d.", ["A b{+\nx+}\nc d."]),
        ("", "One.", ["", "{+One.+}"]),
        ("", "", [""]),
    ],
)
def test_tracked_changes(before, after, expected):
    assert shown(before, after) == expected


def test_the_demonstrations_changes_are_one_insertion_or_replacement_each():
    for motion, row in DEMONSTRATION.values():
        before = MOTIONS[motion]
        found = texts.changes(before, applied(before, row)[0])
        kinds = [s.kind for paragraph in found for s in paragraph.segments]
        assert kinds.count(Mark.INS) == 1
        assert kinds.count(Mark.DEL) == (row.action is REPLACE)
        assert sum(paragraph.changed for paragraph in found) == 1


def test_what_amendment_1_2_changes_is_read_in_whole_phrases():
    motion, row = DEMONSTRATION["1.2"]
    lines = shown(MOTIONS[motion], applied(MOTIONS[motion], row)[0])
    assert lines[1].endswith(
        "sovereign party conference[- that may also start a leadership contest-]{+ which also"
        " reviews the post of party leader, its powers and its accountability+}."
    )


WORDS = st.lists(st.sampled_from([*"abcde", "f.", "g,", "h\ni", "(j)", "k’s"]), max_size=12)
TEXT = st.lists(WORDS.map(" ".join), max_size=5).map("\n\n".join)


@given(TEXT | st.text(), TEXT | st.text())
def test_both_texts_can_be_read_from_the_changes(before, after):
    found = texts.changes(before, after)
    assert sides(found) == (before, after)
    for paragraph in found:
        kinds = [segment.kind for segment in paragraph.segments]
        assert all(segment.text for segment in paragraph.segments)
        assert not any(pair in pairwise(kinds) for pair in DOUBLE)
        for segment in paragraph.segments[1:-1]:
            if segment.kind is Mark.SAME:
                assert word_count([token.word for token in tokens(segment.text)]) >= 3


DOUBLE = [(mark, mark) for mark in Mark] + [(Mark.INS, Mark.DEL)]


@given(TEXT)
def test_an_equal_text_has_no_changes(text):
    assert not any(paragraph.changed for paragraph in texts.changes(text, text))


LONG = " ".join(f"word{n % 611} the of, and{n % 17}" for n in range(1000))[:20_000]
LONG_TEXTS = {
    "every tenth word": (LONG, LONG.replace("word1", "x")),
    "rewritten": (LONG, " ".join(reversed(LONG.split()))),
    "shuffled in paragraphs": (
        "\n\n".join(LONG[n : n + 200] for n in range(0, 20_000, 200)),
        "\n\n".join(LONG[n : n + 190] for n in range(77, 20_000, 190)),
    ),
    "one word": ("a " * 10_000, "b " + "a " * 9_000 + "b"),
    "two words": ("a b b a " * 2_500, "b a " * 5_000),
    "empty paragraphs": ("x" + "\n\n" * 9_990, "\n\n" * 9_000 + "y"),
    "signs": ("." * 20_000, "," + "." * 19_000 + ","),
}


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_long_texts_do_not_take_long(name):
    before, after = LONG_TEXTS[name]
    begin = process_time()
    found = texts.changes(before, after)
    assert process_time() - begin < 30  # where it is quadratic it takes minutes
    assert sides(found) == (before, after)
