"""Amendments of a file as rows, and what they do in words."""

from __future__ import annotations

from dataclasses import replace

from conference.programme.schema import AmendmentRow, ConferenceFile, MotionRow
from conference.rules import question
from conference.rules.kinds import Action, AmendmentId, MotionId
from conference.rules.state import Amendment

_ENDS = " .;:!?"


def amendments(file: ConferenceFile) -> list[Amendment]:
    """Return the rows of all amendments, in printed order within each motion."""
    return [
        amendment(motion, position, row)
        for motion in file.motions
        for position, row in enumerate(motion.amendments, 1)
    ]


def amendment(motion: MotionRow, position: int, row: AmendmentRow) -> Amendment:
    """Return one amendment as a row; its instruction is written where the file has none."""
    made = Amendment(
        id=AmendmentId(row.id),
        motion=MotionId(motion.id),
        position=position,
        label=row.label,
        instruction=row.instruction or "",
        text=row.text or "",
        note=row.note or "",
        action=row.action,
        paragraph=row.paragraph or 0,
        words=row.words or "",
        received=row.received or 0,
        falls_if=tuple(AmendmentId(key) for key in row.falls_if),
        accepted=row.accepted,
        amends=None if row.amends is None else AmendmentId(row.amends),
        mover_name=row.mover or "",
        seconder_name=row.seconder or "",
    )
    if made.instruction:
        return made
    parent = next((one for one in motion.amendments if one.id == row.amends), None)
    printed, within = (motion.text, "") if parent is None else (parent.text or "", parent.label)
    return replace(made, instruction=instruction(made, printed, within))


def instruction(row: Amendment, printed: str, within: str = "") -> str:
    """Say in words what the amendment does to the printed text.

    `within` is the label of the amendment whose text that is; empty for a motion's text. What it
    brings in is not repeated: it stands below the instruction.
    """
    of = f" of amendment {within}" if within else ""
    if row.action is Action.REPLACE_ALL:
        return f"Delete everything{of.replace(' of', ' in', 1)} and insert"
    return _about_words(row, printed, of) if row.words.strip() else _about_whole(row, printed, of)


def _about_words(row: Amendment, printed: str, of: str) -> str:
    """Say what happens at some words of a paragraph."""
    parts = question.paragraphs(printed)
    where = f"paragraph {row.paragraph}{of}" if row.paragraph else f"the text{of}"
    if of and len(parts) == 1:
        where = of.removeprefix(" of ")
    if row.action is Action.ADD:
        last = parts[row.paragraph - 1] if 0 < row.paragraph <= len(parts) else ""
        if f" {last.rstrip(_ENDS)}".endswith(f" {row.words.strip().rstrip(_ENDS)}"):
            return f"Add at the end of {where}"
        return f"In {where}, after “{row.words}”, add"
    return f"In {where} delete “{row.words}”" + (" and insert" if row.text else "")


def _about_whole(row: Amendment, printed: str, of: str) -> str:
    """Say what happens to a whole paragraph, or between two."""
    if row.action is not Action.ADD:
        insert = " and insert" if row.action is Action.REPLACE else ""
        return f"Delete paragraph {row.paragraph}{of}{insert}"
    several = len(question.paragraphs(row.text)) > 1
    what = "Add new paragraphs" if several else "Add a new paragraph"
    if row.paragraph == 0:
        return f"{what} at the beginning{of}"
    if row.paragraph == len(question.paragraphs(printed)):
        return f"{what} at the end{of}"
    return f"{what} after paragraph {row.paragraph}{of}"
