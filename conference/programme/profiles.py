"""The two books of procedure as data, and how a file's settings are laid over one of them.

`uk_labour` is how conferences of the British labour movement are run (procedure B9); `ronr` is where
Robert's Rules differ (procedure C). What the file names wins over the profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from conference.programme.problems import Found
from conference.programme.setting_tables import QuorumTable, SettingsTable
from conference.programme.values import Table
from conference.rules.kinds import ChairVote, Majority, Profile, ReplyWhen, WithdrawBy
from conference.rules.state import Settings

_MEMBERS = 600
"""Robert's Rules: ten minutes, whoever speaks."""

PROFILES: Final[Mapping[Profile, Settings]] = {
    Profile.UK_LABOUR: Settings(id=1, profile=Profile.UK_LABOUR, quorum=20, quorum_percent=25),
    Profile.RONR: Settings(
        id=1,
        profile=Profile.RONR,
        quorum=20,
        quorum_percent=25,
        speech_mover=_MEMBERS,
        speech_seconder=_MEMBERS,
        speech_amendment=_MEMBERS,
        speech_other=_MEMBERS,
        # Twice on a day and question, which the rules count for this profile.
        speech_once=False,
        amend_from_floor=True,
        amend_second_level=True,
        reply_when=ReplyWhen.NEVER,
        reply_on_amendments=False,
        closure_majority=Majority.TWO_THIRDS_CAST,
        closure_min_speeches=0,
        closure_only_unspoken=False,
        challenge_supporters=2,
        # A tie is no majority against the ruling, so it sustains the chair.
        challenge_majority=Majority.SIMPLE,
        withdraw_by=WithdrawBy.MAJORITY,
        chair_vote=ChairVote.CASTING_ONLY,
    ),
}
"""For each profile the value of every setting that a file leaves out."""

FIXED: Final[Mapping[tuple[str, ...], tuple[str, str]]] = {
    ("vote", "secrecy"): (
        "totals_only",
        "ballots are sealed, and a vote by name takes a decision of conference",
    ),
    ("vote", "running_tally"): (
        "never",
        "while a vote is open nobody sees more than how many have voted",
    ),
    ("vote", "weighting"): ("one_person_one_vote", "card votes come with a later version"),
    ("late_motions",): (
        "emergency_only",
        "only a motion on something that happened after the deadline can come late",
    ),
    ("names_in_minutes",): (
        "consent",
        "nobody is named in the minutes without having agreed",
    ),
}
"""What has one supported value so far: it may be written down, and is shown, but not changed."""


def settings(table: SettingsTable) -> Settings:
    """Return every setting: what the file names, and for the rest what its profile says."""
    profile = table.profile or Profile.UK_LABOUR
    return replace(PROFILES[profile], **dict(_named(table)))


def given(table: Table) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the key path and value of everything the file names under `[settings]`."""
    for key in table.__struct_fields__:
        value = getattr(table, key)
        if isinstance(value, Table):
            yield from (((key, *path), inner) for path, inner in given(value))
        elif value is not None:
            yield (key,), value


def fixed(table: SettingsTable) -> Found:
    """Yield what asks for something that no version can do yet."""
    for path, value in given(table):
        if path in FIXED and value != FIXED[path][0]:
            only, why = FIXED[path]
            yield ("settings", *path), f'expected "{only}": {why}'


def _named(table: SettingsTable) -> Iterator[tuple[str, Any]]:
    """Yield the settings that the file names, by the field of `Settings`."""
    for path, value in given(table):
        if path == ("quorum", "number"):
            yield "quorum", value
        elif path not in FIXED:
            yield "_".join(path), value
    if table.quorum is not None and not isinstance(table.quorum, QuorumTable):
        yield "quorum_percent", 0  # a bare number is the whole quorum
