"""After an end that was none of ours the database is looked at whole, before anybody is let in.

`DATA/running` stands there while a server runs and goes when it is stopped. Found at a start, the
last run was killed, lost its power or ended itself because the disk failed.
"""

from __future__ import annotations

import os
from pathlib import Path

import structlog

from conference.errors import CannotStart
from conference.store import inspect
from conference.store.verify import verify

log = structlog.get_logger()

MARK = "running"


def begin(data: Path) -> None:
    """The mark is there. Where it was there already, `verify` has found nothing.

    Raises CannotStart when it has found something: then nothing is changed.
    """
    mark = data / MARK
    if mark.exists():
        findings = verify(data, other_rules=True)
        for finding in findings:
            log.warning("self-check", finding=finding)
        if findings:
            raise CannotStart(_sentence(findings, mark))
        log.info("self-check", findings=0)
        return
    os.close(os.open(mark, os.O_CREAT | os.O_WRONLY, 0o600))
    inspect.sync(data)


def end(data: Path) -> None:
    """The mark is gone: this run was stopped, and everything is stored."""
    (data / MARK).unlink(missing_ok=True)


def _sentence(findings: list[str], mark: Path) -> str:
    more = f" (and {len(findings) - 1} more)" if findings[1:] else ""
    return (
        f"The last run was not stopped, it ended, and the self-check found: {findings[0]}{more}. "
        f"Restore a backup; to start all the same, delete {mark}."
    )
