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
    "found by a cut, mutant: who comes while others are away is not told that they are back": Mutant(
        "conference/web/press.py", "                    told.pop(name, None)\n", "                    pass\n",
        ("tests/web/test_back_again.py",),
    ),
}  # fmt: skip
"""Each must fail a rehearsal of a whole conference, or what rehearsals and cuts have found."""

ARRIVAL = "tests/wire/test_arrival.py"

OF_THE_DOOR = {
    "door, mutant: a handshake with a fault in it is let in": Mutant(
        "conference/wire/arrival.py", "if spare or problem_of(headers) is not None:", "if spare:", (ARRIVAL,)
    ),
    "door, mutant: what comes behind a handshake's length is dropped": Mutant(
        "conference/wire/arrival.py", "if spare or problem_of", "if problem_of", (ARRIVAL,),
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

CROWD = ("tests/faults/test_storms.py",)
SLOW = ("tests/faults/long_storms.py", "-k", "reads_nothing")
DEAF = ("tests/faults/long_storms.py", "-k", "half_open")

OF_STORMS = {
    "storms, mutant: whoever comes back is taken to know everything": Mutant(
        "conference/web/live.py",
        "current = (epoch, version) == (site.store.epoch, head.version)",
        "current = True",
        CROWD,
    ),
    "storms, mutant: a line that was cut keeps its seat": Mutant(
        "conference/web/live.py", "        self.site.room.leave(seat)\n", "", CROWD
    ),
    "storms, mutant: a half-open line is kept for ever": Mutant(
        "conference/wire/keeper.py", "if line.is_stuck() or (line.pinged and not line.heard):",
        "if line.is_stuck():", DEAF,
    ),
    "storms, mutant: whoever loses the line is not present any more": Mutant(
        "conference/web/live.py",
        "        self.site.room.leave(seat)\n",
        "        self.site.room.leave(seat)\n"
        "        if seat.person:\n"
        "            left = self.site.hall.act(a.Leave(), PersonId(seat.person))\n"
        "            self._answering.add(asyncio.get_running_loop().create_task(left))\n",
        DEAF,
    ),
    "storms, mutant: a hall waits for whoever reads nothing": Mutant(
        "conference/room.py",
        "        end = at + how.seats\n",
        "        end = at + how.seats\n"
        "        if any(seat._line and seat._line.waiting() for seat in seats[at:end]):\n"
        "            asyncio.get_running_loop().call_later(1, self._hand_on, seats, at, pace)\n"
        "            return\n",
        SLOW,
        (("conference/serve.py", "SEND_BUFFER = 128 * 1024", "SEND_BUFFER = 4 * 1024"),),
    ),
}  # fmt: skip
"""Each must fail a storm of two hundred clients."""

ENTRANCE = ("tests/wire/test_entrance.py",)

OF_THE_ENTRANCE = {
    "entrance, mutant: everybody is let in": Mutant(
        "conference/wire/patience.py", "self._full = over > 0", "self._full = False", ENTRANCE
    ),
    "entrance, mutant: nobody is dropped without a word": Mutant(
        "conference/wire/patience.py", "if over > SPARE:", "if False:", ENTRANCE
    ),
    "entrance, mutant: those who say nothing fill it": Mutant(
        "conference/wire/entrance.py", "if len(self._waiting) > self.dawdling:", "if False:", ENTRANCE
    ),
    "entrance, mutant: the newest goes, not the oldest": Mutant(
        "conference/wire/entrance.py", "next(iter(self._waiting))", "next(reversed(self._waiting))",
        ENTRANCE,
    ),
    "entrance, mutant: an answer that nobody takes is kept": Mutant(
        "conference/wire/patience.py", "loop.call_later(ANSWER_SECONDS,", "loop.call_later(ANSWER_SECONDS * 1000,",
        ENTRANCE,
    ),
}  # fmt: skip
"""Each must fail what is asked of connections that say nothing, or of too many."""

DOG = ("tests/hall/test_watchdog.py",)
BALLAST = ("tests/store/test_ballast.py",)
FULL = ("tests/store/test_files.py", "-k", "full_disk")
TROUBLE = "tests/faults/test_machine.py"

OF_THE_MACHINE = {
    "machine, mutant: a stall is nothing to speak of": Mutant(
        "conference/watchdog.py", "            if late > LATE:\n", "            if late > 60 * LATE:\n", DOG
    ),
    "machine, mutant: nobody looks where the loop stands": Mutant(
        "conference/watchdog.py", "            if not self._stands and time", "            if False and time", DOG
    ),
    "machine, mutant: the ballast is made once": Mutant(
        "conference/watchdog.py", "        await asyncio.sleep(ROOM_SECONDS)\n", "        return\n", BALLAST
    ),
    "machine, mutant: the ballast is a file with holes": Mutant(
        "conference/store/ballast.py", "os.posix_fallocate(file, 0, BYTES)", "os.truncate(file, BYTES)",
        BALLAST,
    ),
    "machine, mutant: the ballast takes the last room": Mutant(
        "conference/store/ballast.py", "free < LEFT * BYTES", "free < BYTES", BALLAST
    ),
    "machine, mutant: a full disk gives nothing up": Mutant(
        "conference/store/database.py", "if failed.full and self.ballast.held:", "if False:", FULL
    ),
    "machine, mutant: a stopped server keeps its ballast": Mutant(
        "conference/serve.py", "    store.ballast.drop()\n", "",
        ("tests/live/test_restart.py", "-k", "mid_vote"),
    ),
    "machine, mutant: an error of the disk is survived": Mutant(
        "conference/store/errors.py",
        "CommitFailed(code not in _SURVIVABLE, reason,",
        "CommitFailed(False, reason,",
        (TROUBLE, "-k", "fsync"),
    ),
    "machine, mutant: a failed copy of the log is kept quiet": Mutant(
        "conference/store/database.py", "        except sqlite3.Error as error:\n            failed = self._failing(error)\n",
        "        except sqlite3.Error as error:\n            return False\n            failed = self._failing(error)\n",
        (TROUBLE, "-k", "checkpoint"),
    ),
}  # fmt: skip
"""Each must fail what is asked when the machine fails."""

DAMAGE = ("tests/faults/test_damage.py",)

OF_PROOFS = {
    "nothing lost, mutant: verify does not replay the journal": Mutant(
        "conference/store/verify.py", "                *_journal(connection, other_rules=other_rules),\n", "", DAMAGE
    ),
    "nothing lost, mutant: verify recounts nothing": Mutant(
        "conference/store/verify.py", "                *_votes(connection),\n", "", DAMAGE
    ),
    "nothing lost, mutant: a backup leaves the log behind": Mutant(
        "conference/store/backup.py",
        "    _must_be_ours(data / FILE)\n    inspect.copy(data / FILE, target)\n",
        "    _must_be_ours(data / FILE)\n    target.write_bytes((data / FILE).read_bytes())\n    target.chmod(0o600)\n",
        ("tests/store/test_backup.py", "-k", "while_the_server"),
    ),
    "nothing lost, mutant: a press that comes again has no answer": Mutant(
        "conference/web/live.py",
        "            # Thousands come within a moment: no task and no future for each.\n",
        "            if (seat.person, message.id) in _SEEN:\n"
        "                return\n"
        "            _SEEN.add((seat.person, message.id))\n",
        ("tests/faults/test_phones.py",),
        (("conference/web/live.py", "SEATS_PER_SESSION = 8\n", "SEATS_PER_SESSION = 8\n_SEEN: set = set()\n"),),
    ),
}  # fmt: skip
"""Each must fail what the proofs of backups, of damage and of bad networks consist of."""
