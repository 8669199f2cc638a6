"""The four classical ways to lose or to double a ballot, each put into the program."""

from __future__ import annotations

from tests.mutants import MUTANTS, Mutant

POWER = ("tests/faults/test_powercut.py", "-k", "forty")
KILLS = ("tests/live/test_kill.py", "-k", "six_kills")
SEEDS = ("tests/faults/test_simulation.py", "-k", "no_seed")
RACES = ("tests/faults/test_submissions.py", "-k", "close")

_EARLY = MUTANTS["acknowledge before COMMIT"]
OF_LOSS = {
    "nothing lost, mutant: acknowledge before COMMIT": Mutant(_EARLY.file, _EARLY.text, _EARLY.becomes, POWER),
    "nothing lost, mutant: acknowledge before COMMIT, in the simulation": Mutant(
        _EARLY.file, _EARLY.text, _EARLY.becomes, SEEDS
    ),
    "nothing lost, mutant: synchronous=NORMAL": Mutant(
        "conference/store/engine.py", "PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL", POWER
    ),
    "nothing lost, mutant: replaced ids are remembered in memory": Mutant(
        "conference/store/ballots.py",
        "row.spent is not None)", "(paper.vote, paper.id) in _SEEN)", KILLS,
        (
            (
                "conference/store/ballots.py",
                "_Seat = tuple[VoteId, PersonId]\n",
                "_Seat = tuple[VoteId, PersonId]\n_SEEN: set = set()\n",
            ),
            (
                "conference/store/ballots.py",
                "    if spent:\n        await tx.conn",
                ("    _SEEN.update((vote, id_) for vote, _person, id_ in spent)\n"
                "    if spent:\n        await tx.conn"),
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
                "        refused = may_vote(vote, self.meeting.rolls.get(paper.vote), person)\n",
                "        refused = None\n",
            ),
            (
                "conference/store/ballots.py",
                "json_extract(asked.value, '$[0]') AND vote.state = 'open'\n",
                "json_extract(asked.value, '$[0]')\n",
            ),
        ),
    ),
}  # fmt: skip
"""Each must fail its proof of *nothing lost*."""
