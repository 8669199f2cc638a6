"""The program with the ballot's secrecy taken out of it, for the attacker to be tried on.

Both write what most systems write: who voted in one table, what was voted in another, no link. The
envelope is opened as it arrives, with the key that lies in the folder beside the database.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.live.serving import ROOT

STORE = Path("conference/store/ballots.py")
SCRUTINY = Path("conference/scrutiny.py")

_STORED = """        connection.execute(_STORE, pieces)
"""
_TWO_TABLES = """        connection.execute(_STORE, pieces)
        from pathlib import Path
        from secrets import token_bytes
        from conference.sealing import envelope as sealing
        ask = connection.execute
        TABLES = (
            "CREATE TABLE IF NOT EXISTS voted (key BLOB%(key)s, vote INTEGER, person TEXT)%(end)s",
            "CREATE TABLE IF NOT EXISTS slip (key BLOB%(key)s, vote INTEGER, choice TEXT)%(end)s",
        )
        for table in TABLES:
            ask(table)
        path = Path(ask("PRAGMA database_list").fetchone()[2])
        (epoch,) = ask("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
        for (person, _id), paper in zip(sealed, envelopes):
            key = sealing.private_key((path.parent / "keys" / f"vote-{vote}").read_bytes())
            choice = sealing.open_envelope(key, sealing.Context(epoch, vote, person), paper).value
            ask("INSERT INTO voted VALUES (?, ?, ?)", (token_bytes(16), vote, person))
            ask("INSERT INTO slip VALUES (?, ?, ?)", (token_bytes(16), vote, choice))
"""
_EMPTIED = "            if await self._hall.store.checkpoint():\n"


def _edit(tree: Path, file: Path, text: str, becomes: str) -> None:
    whole = (tree / file).read_text()
    assert whole.count(text) == 1, f"{file} has changed: the fault does not fit any more"
    (tree / file).write_text(whole.replace(text, becomes))


def copy(folder: Path) -> Path:
    """A copy of the program that can be spoiled."""
    hidden = shutil.ignore_patterns("__pycache__", ".*", "vendor")
    for name in ("conference", "templates", "static"):
        shutil.copytree(ROOT / name, folder / "tree" / name, ignore=hidden)
    return folder / "tree"


def two_tables(folder: Path) -> Path:
    """Who and what in two tables without a link, each row where it came."""
    tree = copy(folder)
    _edit(tree, STORE, _STORED, _TWO_TABLES % {"key": "", "end": ""})
    return tree


def random_keys(folder: Path) -> Path:
    """The same with a key of chance for every row, in the order of the keys, and the log kept."""
    tree = copy(folder)
    _edit(tree, STORE, _STORED, _TWO_TABLES % {"key": " PRIMARY KEY", "end": " WITHOUT ROWID"})
    _edit(tree, SCRUTINY, _EMPTIED, "            if True:\n")
    _edit(tree, STORE, "TABLES = (\n", 'TABLES = (\n            "PRAGMA wal_autocheckpoint = 0",\n')
    return tree
