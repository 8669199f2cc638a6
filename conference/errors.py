"""What a command answers instead of a traceback: one clear sentence."""

from __future__ import annotations


class CannotStart(Exception):  # noqa: N818  (the sentence is the point)
    """One clear sentence why a command cannot do its work; exit code 2."""
