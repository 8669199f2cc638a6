"""The straight way to the live page's socket, past what only pages need."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class Straight:
    """Plain ASGI: a handshake at exactly this address goes to its endpoint, all else to the application.

    The application has a route to the very same endpoint, and whatever is asked in another way (under a
    prefix, with another spelling) takes that. What is spared is the way there: headers of pages, pages for
    errors and the list of routes, a dozen calls for each of thousands who come back at once.
    """

    def __init__(self, app: ASGIApp, path: str, endpoint: ASGIApp) -> None:
        """Send handshakes at `path` to `endpoint`."""
        self.app = app
        self._path = path
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] == "websocket" and scope["path"] == self._path and not scope["root_path"]:
            await self._endpoint(scope, receive, send)
        else:
            await self.app(scope, receive, send)
