"""Brings a database to the schema this program works with. Forward only, in one transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from conference.store.inspect import REVISIONS
from conference.store.schema import APPLICATION_ID


def upgrade(connection: Connection) -> None:
    """The database behind `connection` has the newest schema when its transaction ends well.

    Alembic is imported here because most starts have nothing to migrate.
    """
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, REVISIONS[-1])
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
