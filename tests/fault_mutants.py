"""The four classical ways to lose or to double a ballot, each put into the program."""

from __future__ import annotations

from tests.mutants import MUTANTS, Mutant

POWER = ("tests/faults/test_powercut.py", "-k", "forty")
KILLS = ("tests/live/test_kill.py", "-k", "six_kills")
SEEDS = ("tests/faults/test_simulation.py", "-k", "no_seed")
RACES = ("tests/faults/test_submissions.py", "-k", "close")

_EARLY = MUTANTS["acknowledge before COMMIT"]
_SPENT = """        elif what == "spent":
            box.spent.add((person, id_))
"""
_IN_MEMORY = """        elif what == "spent":
            box.spent |= _SEEN.get(vote, set())
"""

OF_LOSS = {
    "nothing lost, mutant: a page that comes back is told nothing": Mutant(
        "conference/web/live.py",
        "frames = text_frame(hello) + self.press.greeting(seat, current=current)",
        "frames = text_frame(hello)",
        ("tests/faults/test_resume.py",),
    ),
    "nothing lost, mutant: acknowledge before COMMIT": Mutant(_EARLY.file, _EARLY.text, _EARLY.becomes, POWER),
    "nothing lost, mutant: acknowledge before COMMIT, in the simulation": Mutant(
        _EARLY.file, _EARLY.text, _EARLY.becomes, SEEDS
    ),
    "nothing lost, mutant: synchronous=NORMAL": Mutant(
        "conference/store/engine.py", "PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL", POWER
    ),
    "nothing lost, mutant: replaced ids are remembered in memory": Mutant(
        "conference/store/ballots.py", _SPENT, _IN_MEMORY, KILLS,
        (
            (
                "conference/store/ballots.py",
                "    if box.replaced:\n",
                "    _SEEN.setdefault(vote, set()).update(box.replaced)\n    if box.replaced:\n",
            ),
            (
                "conference/store/ballots.py",
                "def _store(",
                "_SEEN: dict = {}\n\n\ndef _store(",
            ),
        ),
    ),
    "nothing lost, mutant: the vote's state is looked at outside the transaction": Mutant(
        "conference/hall.py",
        '        """Store this ballot; None means stored and on disk."""\n',
        '        """Store this ballot; None means stored and on disk."""\n'
        "        vote = self.meeting.votes.get(paper.vote)\n"
        "        if vote is None or vote.state is not VoteState.OPEN:\n"
        "            return Refused('vote_closed')\n",
        RACES,
        (
            (
                "conference/desk.py",
                "        refused = may_vote(vote, roll, person)\n",
                "        refused = None\n",
            ),
            (
                "conference/store/ballots.py",
                "FROM vote WHERE id = ?1 AND state = 'open'\n",
                "FROM vote WHERE id = ?1\n",
            ),
        ),
    ),
}  # fmt: skip
"""Each must fail its proof of *nothing lost*."""

TOLD = ("tests/web/test_told.py",)
REHEARSED = ("tests/live/test_rehearsal.py", "-k", "sixty")

OF_REHEARSAL = {
    "a rehearsal, mutant: one region is not sent when it changes": Mutant(
        "conference/web/press.py",
        'if touched.looks_different(shown.get(name, ""), html)',
        'if touched.looks_different(shown.get(name, ""), html) and name != "now"',
        REHEARSED,
    ),
    "a rehearsal, mutant: only one seat of an audience is sent what is its own": Mutant(
        "conference/web/press.py",
        '        mine = own.get(seat, b"")\n',
        '        mine = own.get(seat, b"") if seat is seats[0] else b""\n',
        REHEARSED,
    ),
    "found by a rehearsal, mutant: who seconded is told so for ever": Mutant(
        "conference/web/touched.py",
        "touched |= _movers([*news.after.motions.values(), *news.after.amendments.values()])",
        "pass",
        TOLD,
    ),
    "found by a rehearsal, mutant: who was not called is told so during the vote": Mutant(
        "conference/web/touched.py",
        "touched |= {r.person for r in late if r.state is RequestState.LAPSED}",
        "pass",
        TOLD,
    ),
    "found by a rehearsal, mutant: who was sent out never gets the buttons back": Mutant(
        "conference/web/press.py", "if since < until <= self._times_told:", "if False:", TOLD
    ),
}  # fmt: skip
"""Each must fail a rehearsal of a whole conference, or what the rehearsals have found."""

ARRIVAL = "tests/wire/test_arrival.py"

OF_THE_DOOR = {
    "door, mutant: a handshake with a fault in it is let in": Mutant(
        "conference/wire/arrival.py", " or problem_of(headers) is not None:", ":", (ARRIVAL,)
    ),
    "door, mutant: what comes behind a handshake's length is dropped": Mutant(
        "conference/wire/arrival.py", "any(name in _BODY for name, _value in headers) or ", "",
        (ARRIVAL,),
    ),
    "door, mutant: whoever never ends a head may stay": Mutant(
        "conference/wire/entrance.py", "begun = loop.time() - HEAD_SECONDS", "begun = 0.0",
        (ARRIVAL, "-k", "end_of_a_head"),
    ),
    "door, mutant: any origin may open a seat": Mutant(
        "conference/web/live.py", "if (problem := origin_problem(websocket)) is not None:",
        "if (problem := origin_problem(websocket)) == '':", ("tests/web/test_straight.py",),
    ),
    "door, mutant: a prefix is not looked at": Mutant(
        "conference/web/straight.py", 'scope["path"] == self._path and not scope["root_path"]',
        'scope["path"].startswith(self._path)', ("tests/web/test_straight.py",),
    ),
    "door, mutant: whoever waits to speak sees what everybody sees": Mutant(
        "conference/web/views/me.py", "person in self._with_a_part or not row.present",
        "not row.present", ("tests/web/test_own_regions.py",),
    ),
}  # fmt: skip
"""Faults in how a crowd that comes back is let in and greeted."""
