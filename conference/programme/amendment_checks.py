"""Whether each amendment of a conference file can be carried out, and what it makes fall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from conference.programme.amendments import amendment
from conference.programme.lines import Path
from conference.programme.problems import Found
from conference.programme.schema import AmendmentRow, ConferenceFile, MotionRow
from conference.rules import question, texts
from conference.rules.kinds import Action, MotionId, TextId
from conference.rules.refused import Code
from conference.rules.state import Amendment, TextVersion

_TO_WHOLE = '; to replace the whole text the action is "replace_all"'


def check_amendments(file: ConferenceFile) -> Found:
    """Yield everything that is wrong with the amendments, motion by motion."""
    for n, motion in enumerate(file.motions):
        rows = {row.id: row for row in motion.amendments}
        for k, row in enumerate(motion.amendments):
            path: Path = ("motions", n, "amendments", k)
            yield from _falls_if(path, row, rows)
            if row.amends is None:
                yield from _place(
                    path, row, amendment(motion, k + 1, row), motion.text, "the motion"
                )
            else:
                yield from _amends(path, row, k, motion, rows)
        yield from _circles(("motions", n, "amendments"), motion.amendments)


def _falls_if(path: Path, row: AmendmentRow, rows: Mapping[int, AmendmentRow]) -> Found:
    for j, key in enumerate(row.falls_if):
        there = (*path, "falls_if", j)
        if key == row.id:
            yield there, "an amendment cannot fall because it was carried itself"
        elif key not in rows:
            yield there, f"this motion has no amendment with the id {key}"
        elif key in row.falls_if[:j]:
            yield there, "expected each amendment once"


def _circles(path: Path, rows: Sequence[AmendmentRow]) -> Found:
    """Name the amendments that would make each other fall: the first of each circle."""
    leads = {row.id: row.falls_if for row in rows}
    named: set[int] = set()
    for k, row in enumerate(rows):
        around = _reached(row.id, leads)
        if row.id in around and row.id not in row.falls_if and not named & around:
            named.add(row.id)
            yield (
                (*path, k, "falls_if"),
                "these amendments would make each other fall; only the later one can depend on the earlier",
            )


def _reached(key: int, leads: Mapping[int, Sequence[int]]) -> set[int]:
    found: set[int] = set()
    todo = list(leads.get(key, ()))
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += leads.get(one, ())
    return found


def _amends(
    path: Path, row: AmendmentRow, k: int, motion: MotionRow, rows: Mapping[int, AmendmentRow]
) -> Found:
    """An amendment to an amendment: there is no third level, and no text, no place."""
    parent = rows.get(row.amends or 0)
    if parent is None:
        yield (*path, "amends"), f"this motion has no amendment with the id {row.amends}"
    elif parent.id == row.id:
        yield (*path, "amends"), "an amendment cannot amend itself"
    elif parent.amends is not None:
        yield (*path, "amends"), f"amendment {parent.label} amends another one; it stays as it is"
    elif parent.text is None:
        yield (*path, "amends"), f"amendment {parent.label} brings no words in that could change"
    else:
        made = amendment(motion, k + 1, row)
        yield from _place(path, row, made, parent.text, f"amendment {parent.label}")


def _place(path: Path, row: AmendmentRow, made: Amendment, printed: str, what: str) -> Found:
    """Its keys fit its action, and its place is in the text that it is about."""
    found = list(_keys(path, row, len(question.paragraphs(printed)), what))
    yield from found
    if found:
        return
    version = _version(printed)
    if row.words is not None:
        alone = replace(made, action=Action.REPLACE, text="…")
        # Once put aside, the words must be gone: else they stand in a second place as well.
        once = texts.apply(version, alone)
        where = f"in paragraph {row.paragraph} of {what}" if row.paragraph else f"in {what}"
        if isinstance(once, Code):
            yield (*path, "words"), f"these words do not stand {where}"
            return
        if texts.fits(_version(once[0]), alone):
            more = "add some of the words around them"
            more = more if row.paragraph else f"{more}, or the key “paragraph”"
            yield (*path, "words"), f"these words stand {where} more than once; {more}"
            return
    if not texts.fits(version, made):
        yield (*path, "action"), f"nothing would be left of {what}"


def _version(text: str) -> TextVersion:
    numbers = range(1, len(question.paragraphs(text)) + 1)
    return TextVersion(TextId(0), MotionId(0), 1, text, tuple(numbers), 0)


def _keys(path: Path, row: AmendmentRow, count: int, what: str) -> Found:
    deletes = row.action is Action.DELETE
    if deletes and row.text is not None:
        yield (
            (*path, "text"),
            "an amendment that only deletes brings no words in; leave this key out",
        )
    if not deletes and row.text is None:
        yield (*path, "text"), f'this key is missing; with the action "{row.action}" words come in'
    if row.action is Action.REPLACE_ALL:
        yield from _needless(path, row)
    elif row.paragraph is None:
        if row.words is None:
            yield (*path, "paragraph"), _missing(row.action)
    elif row.paragraph > count:
        paragraphs = "one paragraph" if count == 1 else f"{count} paragraphs"
        yield (*path, "paragraph"), f"{what} has {paragraphs}; found {row.paragraph}"
    elif row.paragraph == 0 and (row.words is not None or row.action is not Action.ADD):
        whole = "" if row.words is not None or deletes else _TO_WHOLE
        yield (*path, "paragraph"), f"expected a number from 1 to {count}{whole}"


def _needless(path: Path, row: AmendmentRow) -> Iterator[tuple[Path, str]]:
    for key, value in (("paragraph", row.paragraph), ("words", row.words)):
        if value is not None:
            yield (*path, key), '"replace_all" is about the whole text; leave this key out'


def _missing(action: Action) -> str:
    if action is Action.ADD:
        return (
            "this key is missing; expected the number of the paragraph after which it adds, "
            "0 for the beginning, or “words” after which it inserts"
        )
    return "this key is missing; expected the number of the paragraph, or “words” that go"
