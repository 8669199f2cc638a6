"""`DATA/control.sock`: how a command reaches the process that owns the database.

One JSON object a line in, one out; the socket is readable by its owner only.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path

import msgspec
import structlog

from conference import founding
from conference.app import House
from conference.commands import (
    Answer,
    CommandRefused,
    LinkRequest,
    LoadRequest,
    RetentionRequest,
    as_csv,
    fresh_links,
)
from conference.forgetting import retention
from conference.hall import Desk
from conference.programme import MergeRefused, ProgrammeError, merge, parse
from conference.rules.refused import Refused
from conference.store import StoreError, backup, people
from conference.store.database import backup_folder
from conference.web.sentences import say
from conference.web.site import new_person

log = structlog.get_logger()

NAME = "control.sock"
ANSWER_SECONDS = 120
MAX_LINE = 4 * 1024 * 1024

Request = LinkRequest | LoadRequest | RetentionRequest
_decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)


def ask(data: Path, request: Request) -> Answer | None:
    """Ask the running server of this folder; None when none is running."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(_address(data))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        client.settimeout(ANSWER_SECONDS)
        try:
            client.sendall(msgspec.json.encode(request) + b"\n")
            with client.makefile("rb") as stream:
                return msgspec.json.decode(stream.readline(), type=Answer)
        except (OSError, msgspec.DecodeError):
            sentence = "The server gave no answer. Look whether it still runs, then try again."
            return Answer(ok=False, lines=[sentence])


def _address(data: Path) -> str:
    # A socket's address may have about 100 characters; a path from here is often shorter.
    path = (data / NAME).absolute()
    with contextlib.suppress(ValueError):
        return min(str(path), str(path.relative_to(Path.cwd())), key=len)
    return str(path)


class Control:
    """Answers the commands while the server runs."""

    def __init__(self, house: House, data: Path) -> None:
        """Serve this house's folder."""
        self._house = house
        self._path = data / NAME
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen; a socket left by a killed process is replaced (the lock says it is dead)."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(
            self._serve, _address(self._path.parent), limit=MAX_LINE
        )
        self._path.chmod(0o600)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await self._answer(_decoder.decode(await reader.readline()))
        except (msgspec.DecodeError, ValueError):
            answer = Answer(ok=False, lines=["The command was not understood."])
        except StoreError as error:
            answer = Answer(ok=False, lines=[str(error)])
        except Exception as error:
            log.exception("a command failed", error=type(error).__name__)
            answer = Answer(ok=False, lines=["Something went wrong; nothing was changed."])
        writer.write(msgspec.json.encode(answer) + b"\n")
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    async def _answer(self, request: Request) -> Answer:
        if isinstance(request, LinkRequest):
            return await self._link(request)
        if isinstance(request, RetentionRequest):
            return await retention(self._house.site)
        return await self._load(request)

    async def _link(self, request: LinkRequest) -> Answer:
        site = self._house.site
        try:
            made = await fresh_links(site.hall, site.links, request, new_person)
        except CommandRefused as refused:
            return Answer(ok=False, lines=[str(refused)])
        async with site.store.reading() as reader:
            site.names.update(await people.names(reader))
        return Answer(ok=True, lines=as_csv(made).splitlines())

    async def _load(self, request: LoadRequest) -> Answer:
        site = self._house.site
        try:
            programme = parse(request.text, request.file)
            changes = merge(site.meeting, programme, site.public).changes
        except ProgrammeError as error:
            return Answer(ok=False, lines=str(error).splitlines())
        except MergeRefused as refused:
            return Answer(ok=False, lines=str(refused).splitlines())
        lines = [str(change) for change in changes]
        if not request.apply:
            return Answer(ok=True, lines=lines)
        target = backup_folder(site.settings.data) / f"before-load-{site.now()}.db"
        await asyncio.to_thread(backup.backup, site.settings.data, target)

        async def work(desk: Desk) -> None:
            desk.adopt(await founding.load_over(desk.tx, desk.meeting, programme, desk.now()))

        done = await site.hall.work(work)
        if isinstance(done, Refused):
            return Answer(ok=False, lines=[say(done)])
        async with site.store.reading() as reader:
            site.public = await founding.public_texts(reader)
            site.names.update(await people.names(reader))
        return Answer(ok=True, lines=lines)
