"""Tracked changes as people see and hear them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from conference.rules.kinds import Action, AmendmentId, Mode, MotionId, MotionKind, MotionState
from conference.rules.state import (
    Amendment,
    Conference,
    Meeting,
    Motion,
    Settings,
    TextVersion,
)
from conference.rules.table import Table
from conference.rules.texts import Mark, Segment, apply
from conference.web.templates import environment
from conference.web.views.changes import ChangeView, amendment_change, motion_change

PRINTED = "One a b c.\n\nTwo a b c.\n\nThree a b c."
ADD, DELETE, REPLACE, ALL = Action.ADD, Action.DELETE, Action.REPLACE, Action.REPLACE_ALL


def amendment(number: int, action: Action, paragraph: int, words: str, text: str, **more: Any):
    return Amendment(
        AmendmentId(number), MotionId(1), number, f"1.{number}", "", text,
        action=action, paragraph=paragraph, words=words, **more,
    )  # fmt: skip


WORDS = amendment(1, REPLACE, 2, "b", "x <b>")
NEW = amendment(2, ADD, 2, "", "New words here.")
GONE = amendment(3, DELETE, 2, "", "")
EVERYTHING = amendment(4, ALL, 0, "", "All new.\n\nAnd more.")
FIRST = amendment(5, ADD, 0, "", "Before.")
LINES = amendment(6, ADD, 1, "c.", "\nA line.")
CHILD = amendment(7, REPLACE, 1, "here", "there", amends=NEW.id)
EVERY = (WORDS, NEW, GONE, EVERYTHING, FIRST, LINES, CHILD)


def meeting(*carried: Amendment, text: str = PRINTED) -> Meeting:
    """A meeting with one motion, in whose text these amendments already are."""
    motion = Motion(MotionId(1), 1, 1, "Motion 1", "A motion", MotionKind.MOTION, text)
    rows: list[TextVersion] = []
    now = TextVersion(0, MotionId(1), 1, text, tuple(range(1, text.count("\n\n") + 2)), 0)
    for row in carried:
        made = apply(now, row)
        assert isinstance(made, tuple)
        now = TextVersion(now.number, MotionId(1), now.number + 1, *made, 0, row.id)
        rows.append(now)
    states = {row.id: replace(row, state=MotionState.DECIDED) for row in carried}
    return Meeting(
        Conference(1, "C", "2021-02-27", "Europe/London", Mode.REHEARSAL),
        Settings(1),
        motions=Table([(motion.id, motion)]),
        amendments=Table((row.id, states.get(row.id, row)) for row in EVERY),
        texts=Table((row.id, row) for row in rows),
    )


SIGNS = {Mark.SAME: "%s", Mark.DEL: "[-%s-]", Mark.INS: "{+%s+}"}


def shown(view: ChangeView) -> list[str]:
    """Each paragraph: which it is, and its text with the changes in signs."""
    return [
        f"{p.place}: " + "".join(SIGNS[s.kind] % s.text for s in p.segments)
        for p in view.paragraphs
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (WORDS, ["Paragraph 2: Two a[- b-]{+ x <b>+} c."]),
        (NEW, ["New paragraph after paragraph 2: {+New words here.+}"]),
        (GONE, ["Paragraph 2: [-Two a b c.-]"]),
        (FIRST, ["New paragraph at the beginning: {+Before.+}"]),
        (LINES, ["Paragraph 1: One a b c.{+ A line.+}"]),
        (CHILD, [": New words[- here-]{+ there+}."]),
        (
            EVERYTHING,
            [
                "Paragraph 1: [-One a b c.-]",
                "Paragraph 2: [-Two a b c.-]",
                "Paragraph 3: [-Three a b c.-]",
                "New paragraph: {+All new.+}",
                "New paragraph: {+And more.+}",
            ],
        ),
    ],
)
def test_what_an_amendment_changes(row, expected):
    view = amendment_change(meeting(), row)
    assert shown(view) == expected
    assert not view.gone


def test_it_is_shown_against_the_text_as_it_stands():
    stands = meeting(FIRST, NEW)
    later = amendment(8, ADD, 2, "", "Newer.")
    assert shown(amendment_change(stands, later)) == ["New paragraph: {+Newer.+}"]
    assert shown(amendment_change(stands, WORDS)) == ["Paragraph 2: Two a[- b-]{+ x <b>+} c."]


def test_what_is_in_the_text_is_shown_as_it_came_in():
    held = meeting(WORDS, GONE, NEW_AFTER_1)
    assert shown(amendment_change(held, held.amendments[WORDS.id])) == [
        "Paragraph 2: Two a[- b-]{+ x <b>+} c."
    ]
    assert shown(amendment_change(held, held.amendments[GONE.id])) == [
        "Paragraph 2: [-Two a x <b> c.-]"
    ]


NEW_AFTER_1 = amendment(9, ADD, 1, "", "New.")


def test_an_amendment_whose_place_is_gone_is_shown_as_printed():
    view = amendment_change(meeting(GONE), WORDS)
    assert view.gone
    assert shown(view) == ["Paragraph 2: Two a[- b-]{+ x <b>+} c."]


def test_an_amendment_that_never_had_a_place_shows_nothing():
    view = amendment_change(meeting(), amendment(8, DELETE, 7, "", ""))
    assert view == ChangeView((), gone=True)


@pytest.mark.parametrize("state", [MotionState.DECIDED, MotionState.FELL, MotionState.WITHDRAWN])
def test_what_was_lost_or_fell_is_shown_against_the_printed_text(state):
    view = amendment_change(meeting(GONE), replace(WORDS, state=state))
    assert not view.gone
    assert shown(view) == ["Paragraph 2: Two a[- b-]{+ x <b>+} c."]


def test_an_amendment_to_an_amendment_whose_words_are_gone():
    held = meeting()
    changed = replace(NEW, as_amended="New words.")
    held = replace(held, amendments=held.amendments.put(NEW.id, changed))
    view = amendment_change(held, CHILD)
    assert view.gone
    assert shown(view) == [": New words[- here-]{+ there+}."]
    decided = amendment_change(held, replace(CHILD, state=MotionState.DECIDED))
    assert decided == replace(view, gone=False)


def test_a_text_of_one_paragraph_needs_no_place():
    row = amendment(8, ADD, 1, "b", "x")
    assert shown(amendment_change(meeting(text="One a b c."), row)) == [": One a b{+ x+} c."]


def test_a_motion_as_printed_shows_nothing():
    assert motion_change(meeting(), MotionId(1)) == ChangeView()
    assert motion_change(meeting(text="\n\nOne.\n\n\n"), MotionId(1)) == ChangeView()


def test_a_motion_as_amended_shows_its_whole_text():
    assert shown(motion_change(meeting(WORDS, NEW, FIRST), MotionId(1))) == [
        ": {+Before.+}",
        ": One a b c.",
        ": Two a[- b-]{+ x <b>+} c.",
        ": {+New words here.+}",
        ": Three a b c.",
    ]


# --- the template ---------------------------------------------------------------------------------


def rendered(view: ChangeView) -> str:
    source = '{% from "parts/changes.html" import tracked %}{{ tracked(change) }}'
    return environment().from_string(source).render(change=view)


def heard(html: str) -> str:
    """What is read out: the words without the tags."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_the_changes_are_marked_and_said():
    html = rendered(amendment_change(meeting(), WORDS))
    assert html.count("<ins>") == html.count("</ins>") == 1
    assert html.count("<del>") == html.count("</del>") == 1
    assert "x &lt;b&gt;" in html
    assert heard(html) == (
        "Paragraph 2 Two a deleted: b end of deletion inserted: x &lt;b&gt; end of insertion c."
    )


def test_nothing_but_the_text_stands_in_a_paragraph():
    html = rendered(amendment_change(meeting(), replace(WORDS, text="x")))
    paragraph = re.search(r'<p class="change">(.*?)</p>', html, re.DOTALL)
    said = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", paragraph.group(1))
    assert said == "Two a<del> b</del><ins> x</ins> c."


def test_the_lines_of_a_paragraph_are_kept():
    row = amendment(8, REPLACE, 1, "", "Wholly new\nin two lines.")
    html = rendered(amendment_change(meeting(), row))
    assert "Wholly new\nin two lines." in html


def test_a_place_that_is_gone_is_said():
    assert "no longer in the text" in rendered(amendment_change(meeting(GONE), WORDS))
    assert "no longer in the text" not in rendered(amendment_change(meeting(), WORDS))


def test_nothing_is_rendered_where_nothing_changed():
    assert rendered(ChangeView()).strip() == ""


def test_a_change_of_mere_white_space_is_not_said():
    row = amendment(8, REPLACE, 1, "", "One a\nb c.")
    view = amendment_change(meeting(text="One a b c.\n\nTwo."), row)
    assert [p.segments for p in view.paragraphs] == [(Segment(Mark.SAME, "One a\nb c."),)]
