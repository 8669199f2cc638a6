"""What whoever hosts it may set: by option of the command or by `CONFERENCE_…` in the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(Exception):
    """A setting cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where mail is handed over. Without a host it waits as files in `DATA/mail`."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    security: str = "starttls"
    """`starttls`, `tls` or `none`."""
    per_minute: int = 120
    """So many mails leave in a minute at most: a mail server cuts off who sends faster."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the host decides. `public_url` has no trailing slash."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    demo_public: bool = False
    without_https: str = ""
    """Who answers for a real conference that is served without HTTPS, and why; empty: nobody."""
    smtp: Smtp = field(default_factory=Smtp)
    metrics_token: str = field(default="", repr=False)
    """Who shows it may read `/metrics` from anywhere; empty: only this machine may."""
    copy: bool = False
    """Whether this is the copy of a conference on which is rehearsed."""

    @property
    def address(self) -> str:
        """The address that people use."""
        if self.public_url:
            return self.public_url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether people use HTTPS."""
        return self.address.startswith("https://")

    @property
    def is_public(self) -> bool:
        """Whether others than this machine can be meant to reach it."""
        name = urlsplit(self.address).hostname or ""
        return name not in LOOPBACK or self.host not in LOOPBACK


def check_public_url(url: str) -> str:
    """Return the address without a trailing slash. Raises SettingsError when it is none."""
    if not url:
        return ""
    parts = urlsplit(url)
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        message = (
            f"--public-url must look like https://conference.example, without a path; got {url!r}."
        )
        raise SettingsError(message)
    return url.rstrip("/")
