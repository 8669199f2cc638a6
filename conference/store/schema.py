"""The tables. Those of the meeting follow from its dataclasses, the others are written out here.

`script()` gives the statements that make them; a migration holds such statements as frozen text,
and a test compares what the migrations make with what stands here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, SchemaItem
from sqlalchemy.types import UserDefinedType

from conference.rules.kinds import Choice
from conference.sealing.envelope import Invalid
from conference.store import rows

APPLICATION_ID = 0x436F6E66
"""Marks our files: *Conf* in SQLite's header."""

metadata = MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


class _Anything(UserDefinedType[Any]):
    """A column of a strict table that keeps text as text and bytes as bytes."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        """Return the type's name in SQL."""
        return "ANY"


def _int(name: str, *args: Any, null: bool = False, key: bool = False) -> Column[Any]:
    return Column(name, Integer, *args, primary_key=key, nullable=null, autoincrement=False)


def _text(
    name: str, *args: Any, null: bool = False, key: bool = False, unique: bool = False
) -> Column[Any]:
    return Column(name, Text, *args, primary_key=key, nullable=null, unique=unique or None)


def _check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def _flag(name: str) -> tuple[Column[Any], CheckConstraint]:
    return _int(name), _check(name, f"{name} IN (0, 1)")


def _one_of(name: str, values: tuple[str, ...]) -> CheckConstraint:
    return _check(name, f"{name} IN ({', '.join(repr(value) for value in values)})")


def _table(name: str, *parts: SchemaItem, rowid: bool = True) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


# --- the meeting -------------------------------------------------------------------------------

_SHARE_AN_ID = {"election", "correction", "appearance"}
"""An election has the id of the item that explains it, a correction that of its entry, an
appearance that of its slot."""
_OWNERS = {
    part.columns[0].hint: part.table
    for part in rows.COLLECTIONS
    if part.key == "id" and part.table not in _SHARE_AN_ID and part.columns[0].is_id
}
"""Which table an id belongs to."""
_NAMES = frozenset(part.table for part in rows.COLLECTIONS)

_FIGURES = "coalesce(votes_for, 0) + coalesce(votes_against, 0) + coalesce(abstentions, 0) + invalid <= roll"


def _checks(part: rows.Column) -> list[SchemaItem]:
    if part.allowed:
        return [_one_of(part.name, part.allowed)]
    if part.boolean:
        return [_check(part.name, f"{part.name} IN (0, 1)")]
    if part.json:
        return [_check(part.name, f"json_valid({part.name})")]
    return [] if part.text else [_check(part.name, f"{part.name} >= 0")]


def _target(column: rows.Column) -> str | None:
    if column.is_id and column.name in _NAMES:
        return column.name
    return _OWNERS.get(column.hint)


def _refers(target: str, *names: str) -> ForeignKeyConstraint:
    keys = {"roll_person": names, "roll": ("vote",)}.get(target, ("id",))
    return ForeignKeyConstraint(
        names, [f"{target}.{key}" for key in keys], deferrable=True, initially="DEFERRED"
    )


def _meeting_table(part: rows.Collection) -> Table:
    made: list[SchemaItem] = []
    for column in part.columns:
        if rows.is_roll(part) and column.name == "people":
            continue
        make = _text if column.text else _int
        made.append(make(column.name, null=column.optional, key=column.name == part.key))
        made += _checks(column)
        target = _target(column)
        if target is not None and (target, column.name) != (part.table, part.key):
            made.append(_refers(target, column.name))
    if part.table == "vote":
        made.append(_check("figures", _FIGURES))
    return _table(part.table, *made, rowid=not part.columns[0].text)


MEETING: dict[str, Table] = {part.table: _meeting_table(part) for part in rows.COLLECTIONS}
"""The tables of the meeting by name."""

roll_person = _table(
    "roll_person",
    _int("vote", key=True),
    _text("person", key=True),
    _refers("roll", "vote"),
    _refers("person", "person"),
    rowid=False,
)

Index("one_open_vote", MEETING["vote"].c.state, unique=True,
      sqlite_where=MEETING["vote"].c.state == "open")  # fmt: skip

# --- ballots and journal -----------------------------------------------------------------------

_CHOICES = tuple(choice.value for choice in Choice)

ballot = _table(
    "ballot",
    _int("vote", key=True),
    _text("person", key=True),
    _text("id"),
    _text("receipt", null=True),
    Column("paper", _Anything, nullable=True),
    _refers("roll_person", "vote", "person"),
    rowid=False,
)
"""`paper` is the envelope's bytes, until it has been opened; in a vote by name it is the choice, for good.

The receipt is written when the box is fixed: until then it follows from the envelope, and a row that
is short costs less to write. A vote by name has none.
"""

opened_ballot = _table(
    "opened_ballot",
    _int("vote", key=True),
    _int("place", key=True),
    _text("paper"),
    _one_of("paper", (*_CHOICES, *(reason.value for reason in Invalid))),
    rowid=False,
)
"""What was in the envelopes of a vote, sorted: a place is nobody's."""

roll_call = _table(
    "roll_call",
    _int("vote", key=True),
    _int("place", key=True),
    _text("name"),
    _text("paper"),
    _text("hash"),
    _one_of("paper", _CHOICES),
    rowid=False,
)
"""A vote by name, line by line, each with the hash that chains it to the line before."""

ballot_spent = _table(
    "ballot_spent",
    _int("vote", key=True),
    _text("person", key=True),
    _text("id", key=True),
    rowid=False,
)

journal = _table(
    "journal",
    _int("number", key=True),
    _int("at"),
    _text("who"),
    _text("kind"),
    _int("rules_version"),
    _text("body"),
    _text("previous"),
    _text("hash"),
    _check("number", "number >= 1"),
    _one_of("kind", ("act", "picture")),
    _check("body", "json_valid(body)"),
    _check("hash", "length(hash) = 64"),
)

# --- people and what they use to sign in: erasable, never in the journal --------------------------

_CONSENTS = ("consent_named", "consent_recorded", "consent_contact")

account = _table(
    "account",
    _text("person", key=True),
    _text("name"),
    _text("email", null=True),
    _text("email_key", null=True),
    _text("belongs"),
    _int("confirmed_at", null=True),
    _int("consent_taking_part_at", null=True),
    *(part for name in _CONSENTS for part in _flag(name)),
    _int("link_generation"),
    _int("link_used_at", null=True),
    _int("created_at"),
    _check("email", "(email IS NULL) = (email_key IS NULL)"),
    rowid=False,
)
Index("account_email", account.c.email_key)


def _of_account() -> ForeignKey:
    return ForeignKey("account.person", ondelete="CASCADE")


session = _table(
    "session",
    _text("id_hash", key=True),
    _text("person", _of_account()),
    _int("created_at"),
    _text("label"),
    _text("browser"),
    _int("proved_at", null=True),
    _text("rights"),
    _text("previous_hash", null=True),
    _int("previous_until", null=True),
    _check("previous", "(previous_hash IS NULL) = (previous_until IS NULL)"),
    rowid=False,
)
Index("session_person", session.c.person)
Index("session_browser", session.c.browser)
Index("session_previous", session.c.previous_hash)

code = _table(
    "code",
    _text("id_hash", key=True),
    _text("purpose"),
    _text("person", _of_account(), null=True),
    _text("email_key", null=True),
    _text("digits"),
    _text("browser"),
    _text("leads_to"),
    _int("expires_at"),
    _int("tries"),
    _int("own_tries"),
    _int("used_at", null=True),
    _text("used_browser"),
    _one_of("purpose", ("mail", "link", "spoken")),
    _check("whose", "(person IS NULL) <> (email_key IS NULL)"),
    rowid=False,
)
Index("code_person", code.c.person)
Index("code_email", code.c.email_key)

link = _table(
    "link",
    _text("person", _of_account(), key=True),
    _text("token_hash", unique=True),
    _text("browser"),
    rowid=False,
)

# --- the second factor of people in an office ----------------------------------------------------

passkey = _table(
    "passkey",
    _text("id", key=True),
    _text("person", _of_account()),
    _text("public_key"),
    _int("sign_count"),
    _text("label"),
    _int("created_at"),
    rowid=False,
)
Index("passkey_person", passkey.c.person)

totp = _table(
    "totp",
    _text("person", _of_account(), key=True),
    _text("secret"),
    _int("created_at"),
    _int("confirmed_at", null=True),
    _int("last_step"),
    rowid=False,
)

recovery = _table(
    "recovery",
    _text("code_hash", key=True),
    _text("person", _of_account()),
    _int("used_at", null=True),
    rowid=False,
)
Index("recovery_person", recovery.c.person)

let_in = _table(
    "let_in",
    _text("person", _of_account(), key=True),
    _text("browser"),
    _text("number"),
    _int("expires_at"),
    _text("first", _of_account(), null=True),
    rowid=False,
)

application = _table(
    "application",
    _text("id_hash", key=True),
    _text("name"),
    _text("email"),
    _text("email_key"),
    _text("belongs"),
    *(part for name in ("consent_taking_part", *_CONSENTS) for part in _flag(name)),
    _int("created_at"),
    _int("expires_at"),
    rowid=False,
)
Index("application_email", application.c.email_key)

mail = _table(
    "mail",
    Column("id", Integer, primary_key=True, nullable=False),
    _text("recipient"),
    _text("recipient_key"),
    _text("subject"),
    _text("text"),
    _text("html"),
    _int("created_at"),
    _int("next_at"),
    _int("tries"),
    _text("state"),
    _text("error"),
    _int("sent_at", null=True),
    *_flag("urgent"),
    _one_of("state", ("queued", "sent", "failed", "file")),
)
Index("mail_due", mail.c.state, mail.c.next_at)
Index("mail_recipient", mail.c.recipient_key, mail.c.created_at)

calendar_feed = _table(
    "calendar_feed",
    _text("person", _of_account(), key=True),
    _int("generation"),
    *_flag("alive"),
    rowid=False,
)

# --- registration: what only the registrar reads, and only until it is decided -----------------------

_WORDS = ("note", "voucher", "access_needs")
"""Two lines to the registrar, who vouches, what somebody needs to take part."""

particulars = _table(
    "particulars",
    _text("person", _of_account(), key=True),
    *(_text(name) for name in _WORDS),
    _text("wish_name"),
    _int("wish_at", null=True),
    rowid=False,
)

decision = _table(
    "decision",
    _text("person", _of_account(), key=True),
    _text("what"),
    _int("at"),
    _int("final_at"),
    _int("mail", null=True),
    _one_of("what", ("accept", "observer", "decline")),
    rowid=False,
)
Index("decision_final", decision.c.final_at)

application_words = _table(
    "application_words",
    _text("id_hash", ForeignKey("application.id_hash", ondelete="CASCADE"), key=True),
    *(_text(name) for name in _WORDS),
    _text("invitation"),
    rowid=False,
)

invitation = _table(
    "invitation",
    _text("code_hash", key=True),
    _int("uses_left"),
    _int("created_at"),
    _check("uses_left", "uses_left >= 0"),
    rowid=False,
)

register_salt = _table(
    "register_salt",
    _text("person", _of_account(), key=True),
    _text("salt"),
    _text("name"),
    rowid=False,
)

remark = _table(
    "remark",
    _text("id", key=True),
    _text("salt"),
    _text("text"),
    _int("at"),
    rowid=False,
)

note = _table("note", _int("id", key=True), _int("at"), _text("person"), _text("text"))

item_note = _table("item_note", _int("item", key=True), _text("text"))

# --- speakers, sound and help: beside the meeting, never in the journal ------------------------------

speaker = _table(
    "speaker",
    _text("person", _of_account(), key=True),
    _text("needs"),
    _text("phone"),
    _text("biography"),
    *_flag("published"),
    rowid=False,
)

picture = _table(
    "picture",
    _text("person", _of_account(), key=True),
    Column("content", LargeBinary, nullable=False),
    _int("at"),
)

reserve = _table("reserve", _int("slot", key=True), _text("name"), _text("email"))

sound = _table(
    "sound",
    _int("item", key=True),
    _text("kind"),
    _text("listen"),
    _text("speak"),
    _text("dial_in"),
    _text("steward"),
    _text("captions"),
    _text("signing"),
    _one_of("kind", ("none", "hall", "audio", "video", "link", "embed")),
)

help_call = _table(
    "help_call",
    _int("id", key=True),
    _int("at"),
    _text("person", _of_account()),
    _text("problem"),
    _text("reach"),
    _int("settled_at", null=True),
)
Index("help_call_person", help_call.c.person)

meta = _table("meta", _text("key", key=True), _text("value"), rowid=False)


def statements() -> list[str]:
    """The statements that make every table and index, in the order of their names."""
    dialect: Dialect = sqlite.dialect()
    made: list[str] = []
    # By name: keys that refer to each other go round in a circle, and all of them are deferred.
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return ["\n".join(line.rstrip() for line in text.strip().splitlines()) for text in made]


def script() -> str:
    """The statements as the text that a migration freezes."""
    return ";\n\n".join(statements()) + ";\n"
