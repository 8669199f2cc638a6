"""What the settings of a conference file must agree on, among themselves and with the rest."""

from __future__ import annotations

from conference.programme.problems import Found
from conference.programme.profiles import fixed, given, settings
from conference.programme.schema import ConferenceFile
from conference.rules.kinds import AmendmentOrder, ReplyWhen, Role


def check_settings(file: ConferenceFile) -> Found:
    """Yield everything under `[settings]` that does not fit together."""
    yield from fixed(file.settings)
    yield from _vote(file)
    yield from _delegates(file)
    yield from _reply(file)
    yield from _amendments(file)


def _vote(file: ConferenceFile) -> Found:
    made = settings(file.settings)
    for key, seconds in (("minimum", made.vote_minimum), ("countdown", made.vote_countdown)):
        if seconds > made.vote_duration:
            yield (
                ("settings", "vote", key),
                f"expected at most vote.duration, which is {made.vote_duration} seconds",
            )


def _delegates(file: ConferenceFile) -> Found:
    """What counts delegates cannot ask for more than there are, where the file lists them."""
    delegates = sum(row.count for row in file.people if Role.DELEGATE in row.roles)
    if not delegates:
        return
    made, named = settings(file.settings), dict(given(file.settings))
    sentence = f"expected at most {delegates}, the delegates this file lists"
    if delegates < made.quorum:
        path = ("quorum", "number") if ("quorum", "number") in named else ("quorum",)
        yield ("settings", *path), sentence
    if made.challenge_allowed and delegates < made.challenge_supporters:
        yield ("settings", "challenge", "supporters"), sentence


def _reply(file: ConferenceFile) -> Found:
    when = settings(file.settings).reply_when
    if file.settings.reply.on_amendments and when is ReplyWhen.NEVER:
        yield (
            ("settings", "reply", "on_amendments"),
            'nobody replies with reply.when = "never"; leave this key out',
        )


def _amendments(file: ConferenceFile) -> Found:
    made = settings(file.settings)
    for n, motion in enumerate(file.motions):
        for k, row in enumerate(motion.amendments):
            path = ("motions", n, "amendments", k)
            if made.amend_order is AmendmentOrder.RECEIVED and row.received is None:
                yield (
                    (*path, "received"),
                    'this key is missing; with amend.order = "received" expected the place in the order of arrival',
                )
            if row.amends is not None and not made.amend_second_level:
                yield (
                    (*path, "amends"),
                    "an amendment to an amendment needs amend.second_level = true under [settings]",
                )
