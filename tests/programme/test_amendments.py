"""Amendments as data: what they do in words, and what cannot be done."""

import pytest

from conference.programme import ProgrammeError, build, parse
from conference.programme.amendments import instruction
from conference.rules.kinds import Action, AmendmentId, Governs, Mode, MotionId, MotionKind
from conference.rules.state import Amendment
from tests.programme.changed import TEXT, swapped

FIRST = 'id = 1\nlabel = "1.1"\naction = "add"\nparagraph = 1\nwords = "at every level"\n'
INCOME = FIRST + TEXT[TEXT.index(FIRST) + len(FIRST) :].partition("\n\n")[0]
"""Amendment 1.1 as it stands in the file; motion 1 has three paragraphs."""
LEVELS = ("[settings]\n", "[settings]\namend.second_level = true\n")
CODE = 'text = """A code of comradely debate, drawn up by the steering committee, applies in all our own\nmeetings."""'


def row(action, paragraph=0, words="", text="") -> Amendment:
    return Amendment(
        AmendmentId(1),
        MotionId(1),
        1,
        "1.1",
        "",
        text,
        action=Action(action),
        paragraph=paragraph,
        words=words,
    )


def instead(*lines: str) -> str:
    """The file with these lines in place of amendment 1.1."""
    return swapped((INCOME, "\n".join(['id = 1\nlabel = "1.1"', *lines])))


def problem_of(text: str):
    with pytest.raises(ProgrammeError) as caught:
        parse(text, "amend.toml")
    (problem,) = caught.value.problems
    return problem.path, problem.sentence


PRINTED = "One two, three.\n\nFour five.\n\nSix."


@pytest.mark.parametrize(
    ("amendment", "words"),
    [
        (row("add", 1, "One"), "In paragraph 1, after “One”, add"),
        (row("add", 1, "two, three"), "Add at the end of paragraph 1"),
        (row("add", 1, "hree"), "In paragraph 1, after “hree”, add"),
        (row("add", 0, "five"), "In the text, after “five”, add"),
        (row("add", 0, text="A."), "Add a new paragraph at the beginning"),
        (row("add", 2, text="A."), "Add a new paragraph after paragraph 2"),
        (row("add", 2, text="A.\n\nB."), "Add new paragraphs after paragraph 2"),
        (row("add", 3, text="A."), "Add a new paragraph at the end"),
        (row("delete", 1, "One"), "In paragraph 1 delete “One”"),
        (row("delete", 2), "Delete paragraph 2"),
        (row("replace", 2, "Four", "A"), "In paragraph 2 delete “Four” and insert"),
        (row("replace", 2, text="A."), "Delete paragraph 2 and insert"),
        (row("replace_all", text="A."), "Delete everything and insert"),
    ],
)
def test_what_it_does_is_said_in_words(amendment, words):
    assert instruction(amendment, PRINTED) == words


@pytest.mark.parametrize(
    ("amendment", "printed", "words"),
    [
        (row("delete", 1, "One"), PRINTED, "In paragraph 1 of amendment 2.1 delete “One”"),
        (row("delete", 1, "One"), "One two", "In amendment 2.1 delete “One”"),
        (row("add", 1, "One"), "One two", "In amendment 2.1, after “One”, add"),
        (row("add", 1, "two"), "One two", "Add at the end of amendment 2.1"),
        (row("delete", 2), PRINTED, "Delete paragraph 2 of amendment 2.1"),
        (row("replace_all", text="A."), "One", "Delete everything in amendment 2.1 and insert"),
    ],
)
def test_of_an_amendment_to_an_amendment_too(amendment, printed, words):
    assert instruction(amendment, printed, "2.1") == words


def test_an_instruction_of_the_file_stands_as_it_is():
    text = instead('action = "delete"', "paragraph = 1", 'instruction = "Leave it out"')
    made = build(parse(text, "amend.toml"), mode=Mode.REAL).amendments[1]
    assert (made.instruction, made.text, made.action) == ("Leave it out", "", Action.DELETE)


@pytest.mark.parametrize(
    ("lines", "key", "words"),
    [
        (['text = "A."'], "action", "missing; expected one of"),
        (['action = "insert"', 'text = "A."'], "action", '"add", "delete", "replace"'),
        (['action = "add"', "paragraph = 1"], "text", "words come in"),
        (['action = "replace"', "paragraph = 1"], "text", "words come in"),
        (['action = "replace_all"'], "text", "words come in"),
        (['action = "delete"', "paragraph = 1", 'text = "A."'], "text", "only deletes"),
        (['action = "add"', 'text = "A."'], "paragraph", "0 for the beginning"),
        (['action = "replace"', 'text = "A."'], "paragraph", "number of the paragraph"),
        (['action = "delete"'], "paragraph", "number of the paragraph"),
        (['action = "replace"', "paragraph = 0", 'text = "A."'], "paragraph", '"replace_all"'),
        (['action = "delete"', "paragraph = 0"], "paragraph", "from 1 to 3"),
        (
            ['action = "delete"', "paragraph = 0", 'words = "It"'],
            "paragraph",
            "expected a number from 1 to 3",
        ),
        (['action = "delete"', "paragraph = 4"], "paragraph", "the motion has 3 paragraphs"),
        (['action = "delete"', "paragraph = -1"], "paragraph", "from 0 to 999"),
        (
            ['action = "replace_all"', "paragraph = 1", 'text = "A."'],
            "paragraph",
            "the whole text",
        ),
        (['action = "replace_all"', 'words = "It"', 'text = "A."'], "words", "the whole text"),
        (
            ['action = "delete"', "paragraph = 1", 'words = "party conference"'],
            "words",
            "do not stand in paragraph 1 of the motion",
        ),
        (
            ['action = "delete"', 'words = "a code of debate"'],
            "words",
            "do not stand in the motion",
        ),
        (['action = "delete"', 'words = "wants the Gov"'], "words", "do not stand in the motion"),
        (
            ['action = "delete"', 'words = "party conference"'],
            "words",
            "in the motion more than once; add some of the words around them, or the key",
        ),
        (
            ['action = "delete"', "paragraph = 2", 'words = "and"'],
            "words",
            "in paragraph 2 of the motion more than once; add some of the words around them",
        ),
    ],
)
def test_an_amendment_that_cannot_be_carried_out_is_named(lines, key, words):
    path, sentence = problem_of(instead(*lines))
    assert path == f"motions[3].amendments[0].{key}"
    assert words in sentence


def test_nothing_may_be_left_over_of_neither_text():
    text = swapped(
        (
            'text = "That the standing orders, as published, be adopted for this conference."',
            'text = "One."\n[[motions.amendments]]\nid = 9\nlabel = "V"\naction = "delete"\nparagraph = 1',
        ),
        ('kind = "question"', 'kind = "motion"'),
    )
    assert problem_of(text) == (
        "motions[0].amendments[0].action",
        "nothing would be left of the motion",
    )


@pytest.mark.parametrize(
    "lines",
    [
        ['action = "add"', "paragraph = 0", 'text = "A."'],
        ['action = "delete"', 'words = "It asks branches to  consider"'],
        ['action = "delete"', "paragraph = 3"],
        ['action = "replace_all"', 'text = "A."'],
        ['action = "replace"', "paragraph = 3", 'text = "A."'],
        # Printed before 1.2 and yet about a later place: the committee may print any order.
        ['action = "delete"', "paragraph = 3", 'words = "of the general secretary"'],
    ],
)
def test_an_amendment_that_can_be_carried_out_is_taken(lines):
    made = build(parse(instead(*lines), "amend.toml"), mode=Mode.REAL).amendments[1]
    assert made.position == 1
    assert made.instruction


@pytest.mark.parametrize(
    ("pair", "key", "words"),
    [
        (("falls_if = [3]", "falls_if = [4]"), "[1].falls_if[0]", "cannot fall because"),
        (("falls_if = [3]", "falls_if = [5]"), "[1].falls_if[0]", "no amendment with the id 5"),
        (("falls_if = [3]", "falls_if = [3, 3]"), "[1].falls_if[1]", "each amendment once"),
        (("falls_if = [3]", "falls_if = 3"), "[1].falls_if", "a list"),
        (
            ('seconder = "Seconder 2.1"', "falls_if = [4]"),
            "[0].falls_if",
            "would make each other fall",
        ),
        (
            ("paragraph = 2\nfalls_if = [3]", "paragraph = 1\namends = 3"),
            "[1].amends",
            "amend.second_level = true",
        ),
    ],
)
def test_what_makes_an_amendment_fall_is_checked(pair, key, words):
    path, sentence = problem_of(swapped(pair))
    assert path == f"motions[4].amendments{key}"
    assert words in sentence


def test_a_circle_of_three_is_named_once():
    third = (
        '[[motions.amendments]]\nid = 9\nlabel = "2.3"\naction = "delete"\n'
        "paragraph = 1\nfalls_if = [4]\n"
    )
    path, _sentence = problem_of(
        swapped(
            ('seconder = "Seconder 2.1"', "falls_if = [9]"),
            ('note = "Falls if 2.1 is carried."\n', f'note = "x"\n\n{third}'),
        )
    )
    assert path == "motions[4].amendments[0].falls_if"


SECOND_LEVEL = 'action = "add"\nparagraph = 2\nfalls_if = [3]'


@pytest.mark.parametrize(
    ("keys", "key", "words"),
    [
        ("amends = 99", "amends", "no amendment with the id 99"),
        ("amends = 4", "amends", "cannot amend itself"),
        ("amends = 5", "amends", "no amendment with the id 5"),
        ("amends = 3\nparagraph = 2", "paragraph", "amendment 2.1 has one paragraph"),
        ('amends = 3\nwords = "drawn out"', "words", "do not stand in amendment 2.1"),
    ],
)
def test_an_amendment_to_an_amendment_is_checked_against_it(keys, key, words):
    text = swapped(LEVELS, (SECOND_LEVEL, f'action = "add"\n{keys}'))
    path, sentence = problem_of(text)
    assert path == f"motions[4].amendments[1].{key}"
    assert words in sentence


def test_there_is_no_third_level_and_nothing_to_amend_in_a_deletion():
    third = (
        '[[motions.amendments]]\nid = 9\nlabel = "2.3"\naction = "delete"\n'
        'words = "reports"\namends = 4\n'
    )
    text = swapped(
        LEVELS,
        (SECOND_LEVEL, 'action = "add"\nparagraph = 1\namends = 3'),
        ('note = "Falls if 2.1 is carried."\n', third),
    )
    assert problem_of(text)[1] == "amendment 2.2 amends another one; it stays as it is"
    text = swapped(
        LEVELS,
        ('label = "2.1"\naction = "add"', 'label = "2.1"\naction = "delete"'),
        (CODE, ""),
        (SECOND_LEVEL, 'action = "add"\nparagraph = 1\namends = 3'),
    )
    assert problem_of(text)[1] == "amendment 2.1 brings no words in that could change"


def test_an_amendment_to_an_amendment_is_built():
    keys = 'action = "add"\nparagraph = 1\nwords = "steering committee"\namends = 3'
    made = build(
        parse(swapped(LEVELS, (SECOND_LEVEL, keys)), "amend.toml"), mode=Mode.REAL
    ).amendments[4]
    assert made.amends == 3
    assert made.instruction == "In amendment 2.1, after “steering committee”, add"


def test_the_place_of_arrival_is_used_once():
    text = swapped(
        ('seconder = "Seconder 2.1"', "received = 2"), ('seconder = "Seconder 2.2"', "received = 2")
    )
    path, sentence = problem_of(text)
    assert (path, "already used" in sentence) == ("motions[4].amendments[1].received", True)


# --- motions, items, standing orders -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("pair", "path", "words"),
    [
        (("requires = 9\n", "falls_if = [99]\n"), "motions[7].falls_if[0]", "no motion with"),
        (("requires = 9\n", "falls_if = [4]\n"), "motions[7].falls_if[0]", "not taken before"),
        (("requires = 9\n", "falls_if = [5]\n"), "motions[7].falls_if[0]", "not taken before"),
        (
            ("requires = 9\n", "requires = 9\nfalls_if = [9]\n"),
            "motions[7].falls_if",
            "also what this one requires",
        ),
        (("requires = 9\n", "falls_if = [1, 1]\n"), "motions[7].falls_if", "each motion once"),
        (("speech = 120", "speech = 5"), "motions[7].speech", "from 10 to 3,600"),
        (
            ('kind = "report"', 'kind = "rapport"'),
            "motions[1].kind",
            '"emergency", "question", "report"',
        ),
        (
            ("minutes = 5\ntext", "minutes = 5\nguillotine = true\ntext"),
            "items[4].guillotine",
            "no debate ends in doors or a break",
        ),
        (("guillotine = true\n", 'guillotine = "yes"\n'), "items[15].guillotine", "true or false"),
        (
            ('governs = ["quorum"]', 'governs = ["forum"]'),
            "standing_orders[1].governs[0]",
            '"quorum", "seconder"',
        ),
        (
            ('governs = ["quorum"]', 'governs = ["quorum", "quorum"]'),
            "standing_orders[1].governs",
            "each rule once",
        ),
    ],
)
def test_what_cannot_be_is_named(pair, path, words):
    found, sentence = problem_of(swapped(pair))
    assert found == path
    assert words in sentence


def test_the_new_keys_are_built():
    text = swapped(
        ("requires = 9\n", "requires = 9\nfalls_if = [1, 2]\n"),
        ('governs = ["quorum"]', 'governs = ["quorum", "reply"]'),
    )
    meeting = build(parse(text, "keys.toml"), mode=Mode.REAL)
    assert meeting.motions[5].falls_if == (1, 2)
    assert meeting.motions[5].speech == 120
    assert meeting.motions[7].kind is MotionKind.REPORT
    assert meeting.standing_orders[2].governs == {Governs.QUORUM, Governs.REPLY}
    assert [item.id for item in meeting.items.values() if item.guillotine] == [11]
