"""Faults in what speakers, sound and the stage promise; `python3 run.py faults` tries each of them."""

from __future__ import annotations

from tests.mutants import Mutant

SLOTS = "tests/rules/test_slots.py"
STAGE = "tests/web/test_stage.py"
REPLAY = "tests/web/test_agenda_day.py"
INVITED = "tests/web/test_invitations.py"

OF_THE_STAGE = {
    "a speaker's page counts whoever has spoken": Mutant(
        "conference/rules/timing.py",
        "        before += state in {SlotState.WAITING, SlotState.NEXT}\n", "        before += 1\n",
        (REPLAY, "-k", "replayed"),
    ),
    "a speaker is called after the speech is over": Mutant(
        "conference/web/views/slots.py",
        'return _("Please close.") if state == "over" else _("You are on.")',
        'return _("You are on.")',
        (REPLAY, "-k", "replayed"),
    ),
    "a change of the day does not reach the speakers": Mutant(
        "conference/rules/plan.py", "slots=_slots_of(meeting, plan), sessions", "sessions",
        (REPLAY, "-k", "replayed"),
    ),
    "a draft takes a slot back that was given away": Mutant(
        "conference/rules/slots.py", "return plan.renamed(changed, slot.id, slot.name, given.name)",
        "return changed", (SLOTS, "-k", "stays_given"),
    ),
    "a change taken back takes a slot back that was given away": Mutant(
        "conference/rules/reorder.py", "named = (replace(s, name=meeting.slots[s.id].name) for s",
        "named = (s for s", (SLOTS, "-k", "stays_given"),
    ),
    "what was said about a lost slot stays": Mutant(
        "conference/rules/__init__.py", "        result = slots.tidy(meeting, result)\n", "        pass\n",
        (SLOTS, "-k", "release_takes or leaves_nothing"),
    ),
    "who has not confirmed is published": Mutant(
        "conference/rules/slots.py", "    if meeting.conference.mode is not Mode.REAL:\n",
        "    if True:\n", (STAGE, "-k", "not_public"),
    ),
    "everybody enters the speaking room": Mutant(
        "conference/rules/slots.py",
        "    if view.state is SlotState.ON or stands_by(meeting, view):\n", "    if True:\n",
        (STAGE, "-k", "speaking_address"),
    ),
    "a moved slot is no news": Mutant(
        "conference/rules/slots.py",
        "return view.slot.seen is None or abs(view.expected_at - view.slot.seen) >= MOVED",
        "return view.slot.seen is None", (SLOTS, "-k", "news"),
    ),
    "the board stays white": Mutant(
        "conference/rules/slots.py", "return has_news(view) and is_soon(meeting, view, now)",
        "return False", (STAGE, "-k", "turns_red"),
    ),
    "the delay lengthens no vote": Mutant(
        "conference/rules/voting.py", "settings, delay = meeting.settings, meeting.stage.delay",
        "settings, delay = meeting.settings, 0", (SLOTS, "-k", "delay"),
    ),
    "an office is entered by an invitation": Mutant(
        "conference/web/invitations.py",
        "return speaks and not person.roles - GUESTS and not slots.is_over",
        "return speaks and not slots.is_over", (INVITED, "-k", "office"),
    ),
    "an invitation lives for ever": Mutant(
        "conference/web/invitations.py", " and not slots.is_over(site.meeting, person.id)", "",
        (INVITED, "-k", "until_the_slot"),
    ),
    "a delegate's mail is redirected": Mutant(
        "conference/web/invitations.py", "    if fixed and email != account.email:\n",
        "    if False:\n", (INVITED, "-k", "delegates_address"),
    ),
    "a picture is kept as it came": Mutant(
        "conference/web/pictures.py", "    return out.getvalue()\n", "    return content\n",
        (INVITED, "-k", "bare"),
    ),
    "a picture is shown without consent": Mutant(
        "conference/web/pictures.py", "    if not site.backstage.details(person).published:\n",
        "    if False:\n", (INVITED, "-k", "consent"),
    ),
    "any host is embedded": Mutant(
        "conference/web/sound.py", "        if host not in site.backstage.embed_hosts:\n",
        "        if False:\n", (STAGE, "-k", "embed_of_a_host"),
    ),
    "a script passes for an address": Mutant(
        "conference/web/elsewhere.py",
        'return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)',
        "return True", (STAGE, "-k", "bad_address"),
    ),
    "every page may load from the stream's host": Mutant(
        "conference/web/pages.py", "    if view not in {regions.FLOOR, regions.GALLERY}:\n",
        "    if False:\n", (STAGE, "-k", "exactly_the_host"),
    ),
    "an embed keeps its storage": Mutant(
        "static/js/sound.js", '"allow-scripts allow-popups"',
        '"allow-scripts allow-popups allow-same-origin"',
        ("tests/browser/test_sound.py", "-k", "embed"),
    ),
    "an old screen goes on": Mutant(
        "conference/web/site.py", "        return made == link\n", "        return True\n",
        (STAGE, "-k", "revoked"),
    ),
}  # fmt: skip
"""Each with the tests that must notice it."""
