"""Headers of every answer: no third party, no frame, no script but ours, nothing kept."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conference.web.site import Site
from conference.web.templates import watchdog_hash

FRAMED = "/embed/agenda"
"""The one page that may stand in a frame; its own policy says by whom."""


def policy(*, plays: str = "", embeds: str = "") -> str:
    """Return the content security policy of a page.

    `plays` is the one foreign origin whose sound or picture it may play, `embeds` the one whose
    page it may show inside itself. What is played by our own script comes as a `blob:`.
    """
    media = f"media-src {plays} blob:; " if plays else ""
    frames = f"frame-src {embeds}; " if embeds else ""
    connect = f"'self' {plays}".strip()
    return (
        f"default-src 'none'; script-src 'self' {watchdog_hash()}; style-src 'self'; "
        f"img-src 'self'; connect-src {connect}; {media}{frames}form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types conference"
    )


class SecurityHeaders:
    """Plain ASGI middleware, outermost, so that even an error page carries them."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app
        self._headers = {
            "Content-Security-Policy": policy(),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding the headers to HTTP answers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        static = scope["path"].startswith("/static/")

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    if name != "X-Frame-Options" or scope["path"] != FRAMED:
                        headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
                headers.setdefault("X-Robots-Tag", "noindex")
                site: Site | None = scope.get("state", {}).get("site")
                if site is not None and site.settings.secure:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self.app(scope, receive, send_with)
