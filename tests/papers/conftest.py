"""The papers are those of the house that the tests of the pages build."""

from tests.web.conftest import clock, house, visitors

__all__ = ["clock", "house", "visitors"]
