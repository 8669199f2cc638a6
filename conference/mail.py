"""The postman: takes mail from the queue to a mail server, or into `DATA/mail` as files.

A mail is marked only after the server has taken it or its file is on disk: a crash in between may
send it twice (under the same Message-ID), never lose it. Nothing here logs an address or a token.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib
import structlog

from conference.hall import Desk
from conference.rules.refused import Refused
from conference.settings import Settings, Smtp
from conference.store import mail
from conference.store.mail import Mail
from conference.web import letters
from conference.web.site import Site

log = structlog.get_logger()

FOLDER = "mail"
BATCH = 50
SECONDS = 20
"""How long a mail server may take for one answer."""
BACKOFF = (15, 60, 300, 900, 3600)
"""Seconds until the next attempt, the last for all further ones."""
GIVE_UP = 24 * 3600 * 1000
"""After this long (ms) nobody waits for a mail any more."""
CANNOT_CARRY = "the address cannot be used"


def sender_of(settings: Settings) -> str:
    """Return the address that mail comes from."""
    host = urlsplit(settings.address).hostname or "localhost"
    return settings.smtp.sender or f"no-reply@{host if '.' in host else 'localhost'}"


def message_of(queued: Mail, settings: Settings, epoch: str) -> EmailMessage:
    """Return the mail as a message. Raises ValueError for an address that no header can carry."""
    sender = sender_of(settings)
    made = new_message(sender, queued.recipient, queued.subject)
    made["Date"] = format_datetime(datetime.fromtimestamp(queued.created_at / 1000, UTC))
    # The same mail, sent twice after a crash, is the same message to whoever receives it.
    made["Message-ID"] = f"<{queued.id}.{epoch[:16]}@{sender.rpartition('@')[2]}>"
    made.set_content(queued.text, cte=_encoding(queued.text))
    made.add_alternative(queued.html, subtype="html", cte=_encoding(queued.html))
    return made


def new_message(sender: str, recipient: str, subject: str) -> EmailMessage:
    """Return an empty message with its head."""
    made = EmailMessage()
    made["From"] = sender
    made["To"] = recipient
    made["Subject"] = subject
    made["Auto-Submitted"] = "auto-generated"
    return made


def _encoding(text: str) -> str:
    # As it is: a long link is neither broken nor encoded, and a file can be read as it stands.
    return "7bit" if text.isascii() else "8bit"


def smtp_client(smtp: Smtp) -> aiosmtplib.SMTP:
    """Return a client for these settings; entering it connects, encrypts and signs in."""
    return aiosmtplib.SMTP(
        hostname=smtp.host,
        port=smtp.port,
        username=smtp.user or None,
        password=smtp.password or None,
        timeout=SECONDS,
        use_tls=smtp.security == "tls",
        start_tls=smtp.security == "starttls",
        tls_context=None if smtp.security == "none" else ssl.create_default_context(),
    )


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a mail was not taken. `final`: this mail would be refused again."""

    reason: str
    final: bool
    lost: bool
    """Whether the connection is gone with it."""


def failure_of(error: Exception) -> Failure:
    """Say what an error of the mail server or the way to it means for the mail."""
    first: BaseException = error
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        first = error.recipients[0]
    if isinstance(first, aiosmtplib.SMTPResponseException):
        # Who we are and how we sign in is a matter of the settings, not of this mail.
        ours = isinstance(first, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPSenderRefused)
        reason = f"{first.code} {first.message}"[:200]
        return Failure(reason, final=first.code >= 500 and not ours, lost=False)  # noqa: PLR2004
    if isinstance(error, ValueError):
        return Failure(CANNOT_CARRY, final=True, lost=False)
    return Failure(type(error).__name__, final=False, lost=True)


@dataclass(slots=True)
class Postman:
    """Works beside the clerk for as long as the house stands."""

    site: Site
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _end: asyncio.Event = field(default_factory=asyncio.Event)
    _next: float = 0.0
    """When the next mail may leave (monotonic seconds)."""

    def wake(self) -> None:
        """Look into the queue now."""
        self._wake.set()

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Carry mail for the duration; a mail that is under way at the end may come twice."""
        self.site.mail_wake = self.wake
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._end.set()
            self.wake()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(task, 2)

    async def _run(self) -> None:
        while not self._end.is_set():
            self._wake.clear()
            try:
                await self.deliver()
                pause = await self._pause()
            except Exception as error:  # noqa: BLE001  (a mail must not end the postman)
                # Without the traceback: its text may name an address.
                log.warning("the mail could not be handled", error=type(error).__name__)
                pause = 5.0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _pause(self) -> float | None:
        async with self.site.store.reading() as reader:
            due = await mail.next_due(reader)
        return None if due is None else max((due - self.site.now()) / 1000, 0.05)

    async def deliver(self) -> None:
        """Deliver everything that is due."""
        while not self._end.is_set():
            sends = letters.sends(self.site)
            size = self._size() if sends else BATCH
            async with self.site.store.reading() as reader:
                batch = await mail.due(reader, self.site.now(), size)
            if not batch:
                return
            await (self._send(batch) if sends else self._file(batch))

    def _size(self) -> int:
        """Return how many mails to take at once: few enough that an urgent one need not wait long."""
        return max(1, min(BATCH, self.site.settings.smtp.per_minute // 20))

    async def _pace(self) -> None:
        """Wait until the next mail may leave, or until this ends."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(self._next - time.monotonic(), 0)):
                await self._end.wait()
        self._next = max(self._next, time.monotonic()) + 60 / self.site.settings.smtp.per_minute

    async def _send(self, batch: list[Mail]) -> None:
        failure: Failure | None = None
        try:
            async with smtp_client(self.site.settings.smtp) as client:
                for queued in batch:
                    await self._pace()
                    if self._end.is_set():
                        return
                    failure = await self._send_one(client, queued)
                    if self._end.is_set() or (failure is not None and failure.lost):
                        return
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            if failure is None:
                failure = failure_of(error)
                log.warning("no mail server takes mail", error=type(error).__name__)
                for queued in batch:
                    await self._failed(queued, Failure(failure.reason, final=False, lost=True))

    async def _send_one(self, client: aiosmtplib.SMTP, queued: Mail) -> Failure | None:
        try:
            message = message_of(queued, self.site.settings, self.site.store.epoch)
            await client.send_message(message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            failure = failure_of(error)
            log.warning("a mail was not taken", mail=queued.id, error=type(error).__name__)
            await self._failed(queued, failure)
            return failure
        await self._mark(lambda desk: mail.mark_sent(desk.tx, queued.id, desk.now()))
        return None

    async def _file(self, batch: list[Mail]) -> None:
        for queued in batch:
            try:
                message = message_of(queued, self.site.settings, self.site.store.epoch)
                path = self.site.settings.data / FOLDER / f"{queued.id}.eml"
                await asyncio.to_thread(write_file, path, message.as_bytes())
            except (OSError, ValueError) as error:
                log.warning("a mail could not be filed", mail=queued.id, error=type(error).__name__)
                final = isinstance(error, ValueError)
                reason = CANNOT_CARRY if final else "the file could not be written"
                await self._failed(queued, Failure(reason, final=final, lost=False))
                continue
            await self._marked_filed(queued.id)

    async def _marked_filed(self, number: int) -> None:
        await self._mark(lambda desk: mail.mark_filed(desk.tx, number, desk.now()))

    async def _failed(self, queued: Mail, failure: Failure) -> None:
        now = self.site.now()
        next_at: int | None = now + BACKOFF[min(queued.tries, len(BACKOFF) - 1)] * 1000
        if failure.final or now - queued.created_at > GIVE_UP:
            next_at = None
        await self._mark(
            lambda desk: mail.mark_failed(desk.tx, queued.id, now, next_at, failure.reason)
        )

    async def _mark(self, change: Callable[[Desk], Coroutine[Any, Any, None]]) -> None:
        # Not marked would be sent again: the clerk is asked until it has done it or stops.
        while isinstance(await self.site.hall.work(change), Refused):
            if self._end.is_set():
                return
            await asyncio.sleep(0.5)


def write_file(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.parent.chmod(0o700)
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
