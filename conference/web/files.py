"""The files of `static/`: kept in memory, packed once, and not sent again to who has them.

Pages are not packed: what a page says of a person must not be told by its length. These files are the
same for everybody.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class _File:
    changed_ns: int
    mark: str
    body: bytes
    packed: bytes


class Files(StaticFiles):
    """As `StaticFiles`, which answers whatever is not a text file that is there."""

    def __init__(self, folder: Path) -> None:
        """Serve this folder; files are read when they are first asked for, or have changed."""
        super().__init__(directory=folder)
        self._folder = folder.resolve()
        self._known: dict[str, _File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, with 304 to who has the file as it is."""
        path = self.get_path(scope)
        found = self._file(path) if scope["method"] in {"GET", "HEAD"} else None
        if found is None:
            await super().__call__(scope, receive, send)
            return
        asked = Headers(scope=scope)
        headers = {
            "ETag": found.mark, "Vary": "Accept-Encoding",
            "Last-Modified": formatdate(found.changed_ns / 1e9, usegmt=True),
        }  # fmt: skip
        if found.mark in asked.get("if-none-match", ""):
            await Response(status_code=304, headers=headers)(scope, receive, send)
            return
        body = found.body
        if "gzip" in asked.get("accept-encoding", ""):
            headers["Content-Encoding"], body = "gzip", found.packed
        kind = _KINDS[Path(path).suffix]
        await Response(body, headers=headers, media_type=kind)(scope, receive, send)

    def _file(self, path: str) -> _File | None:
        if Path(path).suffix not in _KINDS:
            return None
        file = (self._folder / path).resolve()
        if not file.is_relative_to(self._folder) or not file.is_file():
            return None
        changed = file.stat().st_mtime_ns
        known = self._known.get(path)
        if known is None or known.changed_ns != changed:
            body = file.read_bytes()
            mark = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
            known = _File(changed, mark, body, gzip.compress(body, mtime=0))
            self._known[path] = known
        return known


_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
