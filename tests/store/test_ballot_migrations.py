"""Ballots of a declared and of an open vote, through every migration that came after them."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager, closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from conference.counter.messages import MakeKey
from conference.hall import Hall
from conference.rules.kinds import Choice, PersonId, VoteId, VoteState
from conference.scrutiny import Scrutiny
from conference.sealing import envelope, merkle
from conference.store import backup, ballots, database
from conference.store.ballots import BallotPaper
from tests.counting import InProcess, sealed
from tests.store.meetings import NOW, opened
from tests.store.test_migrations import first_database, insert

DECLARED, OPEN = VoteId(1), VoteId(2)
CHOSEN = [Choice.FOR] * 6 + [Choice.AGAINST] * 3 + [Choice.ABSTAIN]
PEOPLE = [PersonId(f"d{number}") for number in range(len(CHOSEN))]
MIGRATIONS = Path(database.__file__).parent / "migrations"


def with_votes(data: Path, paper_of) -> None:
    """One declared vote and one open one, in which everybody's paper is what `paper_of` says."""
    with closing(sqlite3.connect(data / "conference.db", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for person in PEOPLE:
            insert(connection, "person", id=person, roles='["delegate"]', standing="accepted")
        insert(
            connection, "motion", id=1, item=2, position=1, kind="motion", state="voting",
            title="That so", rule="simple", base="cast", falls_if="[]", referred="[]",
        )  # fmt: skip
        common = {
            "motion": 1,
            "rule": "simple",
            "base": "cast",
            "roll": len(PEOPLE),
            "question": "That so",
        }
        insert(
            connection, "vote", id=DECLARED, state="declared", votes_for=6, votes_against=3,
            abstentions=1, outcome="carried", opened_at=NOW, closes_at=NOW + 1, closed_at=NOW + 1,
            declared_at=NOW + 2, **common,
        )  # fmt: skip
        insert(
            connection, "vote", id=OPEN, state="open", opened_at=NOW + 3, minimum_at=NOW + 4,
            closes_at=NOW + 10_000_000, **common,
        )  # fmt: skip
        connection.execute("UPDATE conference SET vote = ?", (OPEN,))
        for vote in (DECLARED, OPEN):
            connection.execute("INSERT INTO roll (vote) VALUES (?)", (vote,))
            for person, choice in zip(PEOPLE, CHOSEN, strict=True):
                connection.execute("INSERT INTO roll_person VALUES (?, ?)", (vote, person))
                paper_of(connection, vote, person, choice)
        connection.execute("COMMIT")


@asynccontextmanager
async def started(data: Path):
    """The hall on the migrated database, its clerk and its scrutiny at work."""
    store, counter = await opened(data, NOW + 5), InProcess(data)
    try:
        meeting = await store.load()
        assert meeting is not None
        hall = Hall(store, meeting, lambda: NOW + 5)
        scrutiny = Scrutiny(hall, counter)
        async with hall.working():
            await scrutiny.settle()
            assert scrutiny.trouble == ""
            yield hall
    finally:
        await store.close()
        counter.close()
    assert backup.verify(data) == []


async def test_ballots_in_the_clear_are_parted_from_their_persons(data: Path):
    first_database(data)

    def in_clear(connection, vote, person, choice):
        connection.execute("INSERT INTO ballot VALUES (?, ?, ?, ?)", (vote, person, "x", choice))

    with_votes(data, in_clear)
    async with started(data) as hall:
        declared, running = (hall.meeting.votes[vote] for vote in (DECLARED, OPEN))
        assert (declared.votes_for, declared.votes_against, declared.abstentions) == (6, 3, 1)
        assert (declared.state, declared.outcome) == (VoteState.DECLARED, "carried")
        # It could never be counted as what a secret vote is now: it must be taken again.
        assert (running.state, running.void_reason) == (VoteState.VOID, "key_lost")
        async with hall.store.reading() as reader:
            assert await ballots.opened(reader, DECLARED) == sorted(CHOSEN)
            assert await ballots.opened(reader, OPEN) == []
            assert set(await ballots.voters(reader, DECLARED, hall.store.epoch)) == set(PEOPLE)
            assert await ballots.voters(reader, OPEN, hall.store.epoch) == {}
            left = await reader.conn.exec_driver_sql("SELECT DISTINCT paper FROM ballot")
            assert [tuple(row) for row in left] == [(None,)]


async def test_envelopes_as_text_become_the_bytes_they_are(data: Path):
    """A restart with a new version in the middle of a sealed vote loses no ballot."""
    first_database(data)
    with_votes(data, lambda *_ballot: None)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = create_engine(f"sqlite:///{data / 'conference.db'}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        connection.commit()
    engine.dispose()
    counter = InProcess(data)
    key = counter.counting.answer(MakeKey(OPEN)).key
    counter.close()
    sent = {
        who: sealed(key, "old", OPEN, who, how) for who, how in zip(PEOPLE, CHOSEN, strict=True)
    }
    marks = {
        who: merkle.receipt(envelope.Context("old", OPEN, who), envelope.read(text) or b"").hex()
        for who, text in sent.items()
    }

    with closing(sqlite3.connect(data / "conference.db")) as connection, connection:
        for who, how in zip(PEOPLE, CHOSEN, strict=True):
            for vote, *kept in ((DECLARED, how, how), (OPEN, marks[who], sent[who])):
                row = (vote, who, f"press-{who}", *kept)
                connection.execute("INSERT INTO ballot VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("UPDATE vote SET by_name = 1 WHERE id = ?", (DECLARED,))
        connection.execute("UPDATE vote SET key = ? WHERE id = ?", (key, OPEN))
    async with started(data) as hall:
        assert hall.voted == marks
        again = BallotPaper(OPEN, PEOPLE[0], "press-" + PEOPLE[0], sent[PEOPLE[0]])
        assert await hall.ballot(again) is None  # recorded already
        async with hall.store.reading() as reader:
            tally = await ballots.tally(reader, DECLARED, by_name=True)
            assert (tally.votes_for, tally.votes_against, tally.abstentions) == (6, 3, 1)
            kept = dict(await ballots.envelopes(reader, OPEN))
            assert kept == {who: envelope.read(text) for who, text in sent.items()}
            assert await ballots.receipts(reader, OPEN) == []
