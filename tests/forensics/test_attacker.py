"""The forensic attacker on the program as it is, and on one with two tables without a link."""

from __future__ import annotations

import math
import random
import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from tests.forensics import spoiled
from tests.forensics.attacker import Ballots, attack, by_chance
from tests.forensics.loot import CHOICES, Loot
from tests.forensics.scene import play

VOTES, VOTERS = 3, 12


async def test_nobody_is_linked_to_their_ballot(tmp_path):
    scene = await play(VOTES, VOTERS, 1, tmp_path)
    report = attack(scene.loot, scene.votes, scene.keys)
    assert (report.voters, report.linked, report.working) == (VOTES * VOTERS, 0, {})
    assert report.ways > 100
    # The keys were there, each another, and no byte of one is left anywhere.
    assert len(set(scene.keys.values())) == VOTES
    assert [scene.loot.has(key) for key in scene.keys.values()] == [[]] * VOTES


async def test_two_tables_without_a_link_give_everybody_away(tmp_path):
    scene = await play(VOTES, VOTERS, 2, tmp_path, spoiled.two_tables(tmp_path / "spoiled"))
    assert attack(scene.loot, scene.votes).share >= 0.95


# What else the attacker finds, each on files made for it.


def ballots(seed, size=12, votes=4):
    """Votes by chance: truth and an order in which people voted."""
    chance = random.Random(seed)
    found = []
    for vote in range(1, votes + 1):
        people = [f"p{chance.getrandbits(64):016x}" for _ in range(size)]
        truth = {who: chance.choice(CHOICES) for who in people}
        names = {who: who for who in people} | {f"press-{who}": who for who in people}
        found.append(Ballots(vote, truth, names))
    return found


def database(path, *statements, votes=(), rows=None):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        for one in votes:
            for who, choice in one.truth.items():
                for statement, values in rows(one.vote, who, choice):
                    connection.execute(statement, values)
    return path.read_bytes()


def no_link(vote, who, choice):
    key = random.Random(f"{vote}{who}").randbytes
    yield "INSERT INTO voted VALUES (?, ?, ?)", (key(8), vote, who)
    yield "INSERT INTO slip VALUES (?, ?, ?)", (key(8)[::-1], vote, choice)


def test_rows_that_were_deleted_are_found(tmp_path):
    votes = ballots(1)
    tables = ("CREATE TABLE voted (key, vote, who)", "CREATE TABLE slip (key, vote, what)")
    path = tmp_path / "a.db"
    database(path, *tables, votes=votes, rows=no_link)
    data = database(path, "PRAGMA secure_delete = OFF", "DROP TABLE voted", "DROP TABLE slip")
    assert attack(Loot({"a.db": data}), votes).share >= 0.9


def test_the_log_of_frames_gives_the_order_in_spite_of_random_keys(tmp_path):
    votes = ballots(2)
    ends = "PRIMARY KEY, vote, x) WITHOUT ROWID"
    tables = (f"CREATE TABLE voted (key {ends}", f"CREATE TABLE slip (key {ends}")
    path = tmp_path / "a.db"
    database(path, "PRAGMA journal_mode = wal")
    keep = sqlite3.connect(path)  # so that the log is not emptied at the end
    keep.execute("SELECT count(*) FROM sqlite_master").fetchone()
    database(path, *tables, votes=votes, rows=no_link)
    log = (tmp_path / "a.db-wal").read_bytes()
    keep.close()
    assert attack(Loot({"a.db-wal": log}), votes).share >= 0.95


def test_a_row_with_both_a_line_with_both_and_a_memory_with_both():
    votes = ballots(3)
    lines = [
        f"POST /votes/{one.vote}/ballots press-{who} {choice}\n"
        for one in votes
        for who, choice in one.truth.items()
    ]
    random.Random(3).shuffle(lines)
    log = "".join(lines).encode()
    assert attack(Loot({"server.log": log}), votes).share >= 0.95
    memory = log.replace(b"\n", b"\x00\x07" * 60)
    assert attack(Loot({"memory": memory}), votes).share >= 0.95


def test_two_logs_in_the_same_order():
    votes = ballots(4)
    who = "".join(f"vote {v.vote} by {one}\n" for v in votes for one in v.truth)
    what = "".join(f"vote {v.vote} stored {one}\n" for v in votes for one in v.truth.values())
    loot = Loot({"access.log": who.encode(), "store.log": what.encode()})
    assert attack(loot, votes).share >= 0.95


def test_times_of_sessions_beside_a_list_in_the_order_of_arrival(tmp_path):
    votes = ballots(5)

    def rows(vote, who, choice):
        turn = list(votes[vote - 1].truth).index(who)
        yield "INSERT INTO session VALUES (?, ?)", (who, 1_000_000 * vote + 997 * turn)
        yield "INSERT INTO slip VALUES (?, ?)", (vote, choice)

    tables = ("CREATE TABLE session (who PRIMARY KEY, seen) WITHOUT ROWID",)
    tables = (*tables, "CREATE TABLE slip (vote, what)")
    data = database(tmp_path / "a.db", *tables, votes=votes, rows=rows)
    assert attack(Loot({"a.db": data}), votes).share >= 0.95


def test_envelopes_of_several_lengths(tmp_path):
    votes = ballots(6, votes=12)

    def rows(vote, who, choice):
        sealed = random.Random(who).randbytes(40 + len(choice)).hex()
        yield "INSERT INTO ballot VALUES (?, ?, ?)", (vote, who, sealed)

    data = database(
        tmp_path / "a.db", "CREATE TABLE ballot (vote, who, sealed)", votes=votes, rows=rows
    )
    # for, abstain and against have 3, 7 and 7 letters: two sides stay in one.
    assert attack(Loot({"a.db": data}), votes).share >= 0.6


def test_a_key_that_is_left_opens_everything():
    votes = ballots(7)
    keys = {one.vote: random.Random(one.vote).randbytes(32) for one in votes}
    loot = Loot({"swap": b"..." + keys[2] + b"...", "notes": keys[3].hex().encode()})
    assert attack(loot, votes, keys).linked == 24


def test_by_chance_is_what_shuffling_gives():
    chance = random.Random(8)
    claimed = chance.choices(CHOICES, weights=(5, 2, 1), k=20)
    true = chance.choices(CHOICES, k=20)
    hits = []
    for _ in range(20_000):
        chance.shuffle(claimed)
        hits.append(sum(map(str.__eq__, claimed, true)))
    expected, variance = by_chance(claimed, true)
    mean = sum(hits) / len(hits)
    assert math.isclose(expected, mean, rel_tol=0.02)
    assert math.isclose(variance, sum((h - mean) ** 2 for h in hits) / len(hits), rel_tol=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_what_says_nothing_links_nobody(seed, tmp_path):
    votes = ballots(100 + seed)

    def rows(vote, who, choice):
        yield "INSERT INTO voted VALUES (?, ?, ?)", (random.Random(who).randbytes(8), vote, who)
        if who == list(votes[vote - 1].truth)[-1]:
            sides = Counter(votes[vote - 1].truth.values())
            for side in sorted(sides.elements()):
                yield "INSERT INTO slip VALUES (?, ?)", (vote, side)

    tables = ("CREATE TABLE voted (key, vote, who)", "CREATE TABLE slip (vote, what)")
    data = database(tmp_path / "a.db", *tables, votes=votes, rows=rows)
    assert attack(Loot({"a.db": data}), votes).linked == 0
