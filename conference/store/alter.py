"""Adds columns to a table in a migration so that its text is the same as in a new database.

SQLite can add a column but no check, and keeps the default that it was added with. So the column
is added with one, every row is written anew with it, and then the table gets the text of the schema:
that is the way SQLite's own documentation describes for what does not change the stored rows.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection


def add_columns(connection: Connection, table: str, text: str, columns: Mapping[str, str]) -> None:
    """Give `table` these columns, in the order in which they end the list of columns in `text`.

    `text` is its whole CREATE statement afterwards. A column stands with what follows its name,
    such as `INTEGER NOT NULL DEFAULT 0`; rows that exist get the default. Raises ValueError when a
    row would not keep to the checks of `text`.
    """
    for name, kind in columns.items():
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    first = next(iter(columns))
    connection.exec_driver_sql(f"UPDATE {table} SET {first} = {first}")  # noqa: S608  (own names)
    set_text(connection, table, text)


def set_text(connection: Connection, table: str, text: str) -> None:
    """Give `table` this CREATE statement, which has the same columns and other checks.

    Raises ValueError when a row would not keep to them.
    """
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (text.strip(), table)
    )
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    problems = connection.exec_driver_sql(f"PRAGMA quick_check({table})").fetchall()
    if problems != [("ok",)]:
        message = f"{table}: {problems[0][0]}"
        raise ValueError(message)


def statements(text: str) -> dict[str, str]:
    """Return the CREATE statements of a migration's frozen text, by the name of what they make."""
    found = [part.strip() for part in text.split(";\n") if part.strip()]
    return {part.split("(")[0].split()[-1].strip('"'): part for part in found}
